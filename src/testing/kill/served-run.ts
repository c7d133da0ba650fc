/**
 * One run of the whole path on the built executable while its server is killed and started again: what the clients
 * do, who starts the server again, and what must hold at the end.
 */
import { Database } from "bun:sqlite";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { differences, type Release, writeReleases } from "../e2e/sources.ts";
import { faketime } from "../faketime.ts";
import {
  type Answer,
  catalogueIsOut,
  type Developer,
  newDeveloper,
  packSigned,
  type ServedStore,
  serveStore,
} from "../served-store.ts";

export type Prepared = {
  readonly binary: string;
  /** A data folder with a developer, never served itself: each run has a copy. */
  readonly dataDir: string;
  readonly developer: Developer;
  readonly packages: readonly (Release & { readonly file: string })[];
};

export type RunOutcome = {
  /** From the first submission to the last installation. */
  readonly clientMs: number;
  /** What does not hold; empty when everything does. */
  readonly wrong: readonly string[];
  /** Files that were written and whose row was not; the sweep has removed them. */
  readonly swept: number;
};

/** Many times what a run takes; whoever waits so long waits in vain. */
const DEADLINE_MS = 120_000;

/** A store that was started once, its developer, and the signed packages in the order of their publishing. */
export async function prepare(binary: string, folder: string): Promise<Prepared> {
  mkdirSync(folder, { recursive: true });
  const releases = await writeReleases(join(folder, "apps"));
  const store = await serveStore({ binary, folder });
  const developer = await newDeveloper(store, "Example Apps");
  const packages: (Release & { file: string })[] = [];
  // mesecons stays out: it is large, and twenty runs are to fit into a check.
  for (const release of releases.filter(({ name }) => name !== "mesecons")) {
    const file = await packSigned(store, developer, release.folder, join(folder, `${release.name}.mosis`));
    packages.push({ ...release, file });
  }
  await store.stop();
  return { binary, dataDir: store.dataDir, developer, packages };
}

/** Does the whole path in `folder`; the server is killed after `killAfterMs` (null: not) and started again at once. */
export async function runOnce(
  prepared: Prepared,
  folder: string,
  killAfterMs: number | null,
): Promise<RunOutcome> {
  mkdirSync(folder, { recursive: true });
  cpSync(prepared.dataDir, join(folder, "data"), { recursive: true });
  const store = await serveStore({ binary: prepared.binary, folder });
  const run = { ...prepared, store, home: join(folder, "device"), until: Date.now() + DEADLINE_MS };
  try {
    const startedAt = Date.now();
    const clients = takeAllTheWay(run).then(() => Date.now() - startedAt);
    // Reported where it is awaited, also when it fails before the kill.
    clients.catch(() => {});
    if (killAfterMs !== null) {
      await Bun.sleep(killAfterMs);
      await store.stop("SIGKILL");
      await store.start();
    }
    const clientMs = await clients;
    const { wrong, swept } = await judge(run);
    return { clientMs, wrong, swept };
  } finally {
    await store.stop().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}

type Run = Prepared & { readonly store: ServedStore; readonly home: string; readonly until: number };

/** Repeats a command as a person or a build server does, until it says that it is done. */
async function persist(
  run: Run,
  args: readonly string[],
  isDone: (answer: Answer) => boolean,
): Promise<void> {
  const env = { ...run.developer.env, MOSIS_STORE: run.store.url };
  for (;;) {
    const answer = await run.store.mosis(args, env);
    if (isDone(answer)) return;
    // 3: could not reach or read something; that passes. Anything else is an answer, and must not come.
    if (answer.code !== 3 || Date.now() > run.until)
      throw new Error(`mosis ${args.join(" ")} ended with ${answer.code}:\n${answer.stdout}${answer.stderr}`);
    await Bun.sleep(100);
  }
}

const isOk = (answer: Answer): boolean => answer.code === 0;

async function takeAllTheWay(run: Run): Promise<void> {
  const { store, home } = run;
  await persist(run, ["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home], isOk);
  for (const { id, versionCode, notes, file } of run.packages) {
    await persist(run, ["submit", file, "--notes", notes], isOk);
    await approve(run, id, versionCode);
    await catalogueIsOut(store);
    await persist(run, ["device", "install", id, "--home", home], isOk);
  }
}

/** An approval that was cut off may have been taken all the same: whoever repeats it looks at the version first. */
async function approve(run: Run, id: string, versionCode: number): Promise<void> {
  const which = [id, String(versionCode), "--data", run.store.dataDir];
  let state = "in_review";
  while (state !== "published") {
    if (Date.now() > run.until) throw new Error(`${id} ${versionCode} is still ${state}`);
    if (state === "in_review") {
      const answer = await run.store.mosis(["admin", "review", "approve", ...which]);
      if (answer.code === 0) {
        ({ state } = answer.json as { state: string });
        continue;
      }
    }
    await persist(run, ["admin", "review", "show", ...which], (answer) => {
      if (answer.code === 0) ({ state } = (answer.json as { version: { state: string } }).version);
      return answer.code === 0;
    });
  }
}

type Discrepancy = { readonly kind: string; readonly subject: string; readonly detail: string };

/** Everything is there exactly once, and what lies about without a row is rubbish that the sweep knows. */
async function judge(run: Run): Promise<{ wrong: string[]; swept: number }> {
  const wrong = [...judgeRows(run), ...judgeDevice(run)];
  const found = await reconcile(run.store);
  const leftOver = found.filter(({ kind }) => kind === "blob_without_row");
  wrong.push(...found.filter(({ kind }) => kind !== "blob_without_row").map(words));
  if (leftOver.length > 0) {
    await sweepLater(run);
    wrong.push(...(await reconcile(run.store)).map((item) => `after the sweep: ${words(item)}`));
  }
  return { wrong, swept: leftOver.length };
}

const words = ({ kind, subject, detail }: Discrepancy): string => `${kind} ${subject}: ${detail}`;

async function reconcile(store: ServedStore): Promise<readonly Discrepancy[]> {
  const { json, stdout, stderr } = await store.mosis(["admin", "reconcile", "--data", store.dataDir]);
  const found = (json as { discrepancies?: Discrepancy[] } | undefined)?.discrepancies;
  if (found === undefined) throw new Error(`reconcile said:\n${stdout}${stderr}`);
  return found;
}

function readDatabase<T>(store: ServedStore, read: (database: Database) => T): T {
  const database = new Database(join(store.dataDir, "mosis.db"), { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

/** Each accepted upload is one version, which became published once; no job is left or given up. */
function judgeRows(run: Run): string[] {
  return readDatabase(run.store, (database) => {
    const found = database
      .query<{ line: string }, []>(
        `SELECT app_id || ' ' || version_code || ' ' || state || ' ' ||
                (SELECT count(*) FROM version_events AS event WHERE event.version_id = versions.id AND event.to_state = 'published')
           AS line FROM versions ORDER BY 1`,
      )
      .all()
      .map(({ line }) => line);
    const wanted = run.packages.map(({ id, versionCode }) => `${id} ${versionCode} published 1`).sort();
    const jobs = database
      // The log is computed again after each start, in steps with pauses: that may still go on.
      .query<{ line: string }, []>(
        `SELECT kind || ' is ' || state AS line FROM jobs
           WHERE state != 'done' AND NOT (kind = 'catalog.check-log' AND state IN ('queued', 'running'))`,
      )
      .all();
    return [
      ...(Bun.deepEquals(found, wanted) ? [] : [`the versions are ${found.join(", ")}`]),
      ...jobs.map(({ line }) => `the job ${line}`),
    ];
  });
}

/** What is installed is the newest of each app, byte for byte. */
function judgeDevice(run: Run): string[] {
  const newest = new Map(run.packages.map((release) => [release.id, release]));
  return [...newest.values()].flatMap(({ id, folder }) =>
    differences(folder, join(run.home, "apps", id, "current")).map((line) => `${id} on the device: ${line}`),
  );
}

/** Two days pass for the server, so that what nobody refers to is old enough, and the sweep is due. */
async function sweepLater(run: Run): Promise<void> {
  const { store, binary } = run;
  await store.stop();
  const later = await serveStore({ binary, folder: join(store.dataDir, ".."), env: faketime("+2d") });
  while (Date.now() < run.until) {
    const swept = readDatabase(store, (database) =>
      database.query("SELECT 1 FROM jobs WHERE kind = 'storage.sweep' AND state = 'done'").get(),
    );
    if (swept !== null) break;
    await Bun.sleep(50);
  }
  await later.stop();
  await store.start();
}
