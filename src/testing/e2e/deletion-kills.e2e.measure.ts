/**
 * People delete their accounts at the built executable, and it is killed by SIGKILL at a random instant of that, and started
 * again: each account is there whole, or gone with everything that tells of its person.
 *
 * The seed is printed; MOSIS_KILL_SEED repeats its instants, MOSIS_KILL_RUNS says how many (36).
 */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import { type ServedStore, serveStore } from "../served-store.ts";

const { folder, binary, remove } = workspace();
const runs = Number(process.env.MOSIS_KILL_RUNS ?? 36);
const seed = process.env.MOSIS_KILL_SEED ?? crypto.randomUUID().slice(0, 8);
const DEADLINE_MS = 30_000;

type Person = { readonly id: string; readonly email: string; readonly trace: string; readonly token: string };

let store: ServedStore;
const people: Person[] = [];
const at = () => ["--data", store.dataDir];

beforeAll(async () => {
  store = await serveStore({ binary, folder, args: ["--account-deletion-days", "0"] });
  const { id } = await store.must<{ id: string }>(["admin", "organisation", "add", "Ours", ...at()]);
  await addPerson("stays", id);
  // One more: how long it takes undisturbed is found out by the first.
  for (let n = 0; n <= runs; n += 1) people.push(await addPerson(`quillfeather${n}x`, id));
}, 300_000);
afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

/** An owner, with what tells of them in many places: their key's name, an invitation, messages to others, where they were. */
async function addPerson(trace: string, organisationId: string): Promise<Person> {
  const email = `${trace}@example.com`;
  const { id } = await store.must<{ id: string }>([
    ...["admin", "user", "add", email, "--name", `Dr ${trace}`, ...at()],
  ]);
  await store.must(["admin", "organisation", "member", organisationId, email, "owner", ...at()]);
  const { token } = await store.must<{ token: string }>([
    ...["admin", "apikey", "add", "--user", email, "--name", `of ${trace}`, ...at()],
  ]);
  const person = { id, email, trace, token };
  const invited = await call(person, `/api/v1/organisations/${organisationId}/invitations`, {
    ...{ email: `guest-of-${id}@example.net`, role: "viewer" },
  });
  expect([trace, invited?.status]).toEqual([trace, 201]);
  return person;
}

/** null: it was not answered. */
async function call({ trace, token }: Person, path: string, body: object): Promise<Response | null> {
  return fetch(`${store.url}${path}`, {
    method: "POST",
    headers: {
      ...{ Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      "User-Agent": `Browser of ${trace}`,
    },
    body: JSON.stringify(body),
  }).then(
    async (response) => {
      await response.arrayBuffer();
      return response;
    },
    () => null,
  );
}

const askToGo = (person: Person) => call(person, "/api/v1/me/delete", { confirm: person.email });

function read<T>(look: (database: Database) => T): T {
  const database = new Database(join(store.dataDir, "mosis.db"));
  try {
    database.run("PRAGMA busy_timeout = 5000");
    return look(database);
  } finally {
    database.close();
  }
}

const accountOf = ({ id }: Person) =>
  read((database) =>
    database
      .query<{ deletion: number | null; disabled: number | null }, [string]>(
        "SELECT deletion_at AS deletion, disabled_at AS disabled FROM accounts WHERE id = ?",
      )
      .get(id),
  );

/** Until nothing of any deletion is under way. */
async function settled(): Promise<void> {
  const until = Date.now() + DEADLINE_MS;
  const isWaiting = () =>
    read((database) =>
      database
        .query("SELECT 1 FROM jobs WHERE kind = 'account.erase' AND state IN ('queued', 'running') LIMIT 1")
        .get(),
    ) !== null;
  while (isWaiting()) {
    if (Date.now() > until) throw new Error("a deletion is still under way");
    await Bun.sleep(20);
  }
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

/** Where the text stands, in any file of the data folder. */
function tracesOf({ trace }: Person): string[] {
  return filesBelow(store.dataDir).filter(
    (file) => existsSync(file) && statSync(file).isFile() && readFileSync(file).includes(trace),
  );
}

/** From 0 to 1, for each run of a seed. */
function fraction(run: number): number {
  return createHash("sha256").update(`${seed} ${run}`).digest().readUInt32BE(0) / 2 ** 32;
}

test(
  `${runs} kills at random instants leave each account whole or nothing of it`,
  async () => {
    console.log(`MOSIS_KILL_SEED=${seed}`);
    const [first, ...others] = people;
    if (first === undefined) throw new Error("nobody");
    const began = performance.now();
    expect((await askToGo(first))?.status).toBe(200);
    await settled();
    const wholeMs = performance.now() - began;
    const found = { answered: 0, whole: 0, gone: 0 };
    const gone: Person[] = [first];
    const wrong: string[] = [];
    for (const [run, person] of others.entries()) {
      // Some come after the answer, while the deletion goes on or the log is emptied.
      const killAfterMs = fraction(run) * 2 * wholeMs;
      const answer = askToGo(person);
      await Bun.sleep(killAfterMs);
      await store.stop("SIGKILL");
      const status = (await answer)?.status ?? null;
      await store.start();
      await settled();
      const say = (what: string) =>
        wrong.push(`run ${run}, killed after ${killAfterMs.toFixed(1)} ms: ${what}`);
      const row = accountOf(person);
      if (status !== null) found.answered += 1;
      if (status !== null && status !== 200) say(`answered ${status}`);
      if (status === 200 && row !== null) say("it was answered, and the account is there");
      if (row === null) {
        found.gone += 1;
        gone.push(person);
      } else {
        found.whole += 1;
        if (row.deletion !== null || row.disabled !== null)
          say(`the account is half gone: ${JSON.stringify(row)}`);
        // Whoever was not answered asks again.
        if ((await askToGo(person))?.status !== 200) say("it cannot be asked again");
        await settled();
        if (accountOf(person) !== null) say("the second time did not delete it");
        gone.push(person);
      }
      const audit = await store.mosis(["admin", "audit", "verify", ...at()]);
      if (audit.code !== 0) say(`the log is not whole: ${audit.stdout}${audit.stderr}`);
    }
    await store.stop();
    const listed = readFileSync(join(store.dataDir, "erased-accounts.txt"), "utf8").split("\n");
    for (const person of gone) {
      for (const file of tracesOf(person)) wrong.push(`${person.trace} is left in ${file}`);
      const times = listed.filter((id) => id === person.id).length;
      if (times !== 1) wrong.push(`${person.trace} stands ${times} times in the list of the deleted`);
      const erased = read((database) =>
        database
          .query<{ n: number }, [string]>(
            "SELECT count(*) AS n FROM audit_entries WHERE action = 'account.erased' AND subject = ?",
          )
          .get(person.id),
      );
      if (erased?.n !== 1) wrong.push(`${person.trace} was deleted ${erased?.n} times`);
    }
    console.log(`${wholeMs.toFixed(0)} ms undisturbed; ${JSON.stringify(found)}`);
    expect(wrong).toEqual([]);
    // Neither side of it was missed.
    expect(Math.min(found.whole, found.gone)).toBeGreaterThan(0);
  },
  60_000 + runs * 20_000,
);
