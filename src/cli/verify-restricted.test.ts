/** `mosis verify --log --store URL` where the store gives its catalogue and log to nobody unknown. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { AccountActor } from "../accounts/actor.ts";
import { revokeApiKey } from "../accounts/api-keys/end.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import { type Portal, startPortal } from "../testing/portal.ts";
import { fillStore, type SampleStore } from "../testing/sample-store.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { saveLogin } from "./logins.ts";
import type { Ran } from "./test-io.ts";

let here: Scratch;
let portal: Portal;
let sample: SampleStore;
/** What came to the store with which Authorization header. */
const sent: (string | null)[] = [];
let address: string;
let watched: ReturnType<typeof Bun.serve>;

beforeAll(async () => {
  here = scratch();
  portal = await startPortal({ restricted: "true" });
  sample = await fillStore(portal);
  // What is before a store sees the same requests, and says which secrets were in them.
  watched = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      sent.push(request.headers.get("authorization"));
      const { pathname, search } = new URL(request.url);
      return fetch(`${portal.url}${pathname}${search}`, { headers: request.headers, redirect: "manual" });
    },
  });
  address = `http://127.0.0.1:${watched.port}`;
  const token = keyOf(sample.people.auditor.actor);
  const headers = { authorization: `Bearer ${token}` };
  const index = await fetch(`${portal.url}/api/v1/apps/${sample.apps.published}/versions`, { headers });
  const { items } = (await index.json()) as { items: { state: string; releasedSha256: string | null }[] };
  const sha256 = items.find(({ state }) => state === "published")?.releasedSha256 ?? "";
  const file = await fetch(`${portal.url}/store/v1/packages/${sha256}.mosis`, { headers });
  here.write("app.mosis", new Uint8Array(await file.arrayBuffer()));
}, 60_000);
afterAll(async () => {
  watched.stop(true);
  await portal.close();
  here.remove();
});

function keyOf(actor: AccountActor, actions?: readonly string[]): string {
  return makeKey(actor, actions).token;
}

function makeKey(actor: AccountActor, actions?: readonly string[]) {
  return createApiKey(portal.store, actor, {
    owner: { accountId: actor.accountId },
    name: "check",
    ...(actions === undefined ? {} : { actions }),
  });
}

async function verify(environment: Record<string, string> = {}, ...more: readonly string[]): Promise<Ran> {
  sent.length = 0;
  const root = rootSha256(portal.store);
  const words = [
    "verify",
    "app.mosis",
    "--log",
    "--store",
    address,
    "--root-sha256",
    root,
    "--json",
    ...more,
  ];
  return here.run(words, { environment });
}

const refused = ({ exitCode, json }: Ran) => [exitCode, (json as { error?: { code: string } }).error?.code];

describe("a restricted store", () => {
  test("says what to do to who has no token", async () => {
    const ran = await verify();
    expect(refused(ran)).toEqual([1, "verify.token_missing"]);
    expect((ran.json as { error: { message: string } }).error.message).toContain(`mosis login ${address}`);
    expect(new Set(sent)).toEqual(new Set([null]));
  });

  test("shows its log to who may read its files, by an option, the environment and a login", async () => {
    const token = keyOf(sample.people.auditor.actor, ["storefiles.read"]);
    const byOption = await verify({}, "--token", token);
    expect([byOption.exitCode, byOption.json]).toMatchObject([0, { ok: true, log: { verdict: "ok" } }]);
    expect(new Set(sent.slice(1))).toEqual(new Set([`Bearer ${token}`]));
    expect((await verify({ MOSIS_TOKEN: token })).exitCode).toBe(0);

    const HOME = here.path("home");
    const login = { store: address, name: "Anouk", email: "anouk@example.org" };
    await saveLogin({ HOME }, { ...login, token, expiresAt: "2030-01-01T00:00:00.000Z" });
    expect((await verify({ HOME })).exitCode).toBe(0);
    // A login at another store is none here.
    await saveLogin(
      { HOME: here.path("other") },
      { ...login, store: "https://b.example", token, expiresAt: "x" },
    );
    expect(refused(await verify({ HOME: here.path("other") }))).toEqual([1, "verify.token_missing"]);
  });

  test("tells one token that may not read from one that it does not know", async () => {
    const { developer, auditor } = sample.people;
    for (const token of [keyOf(developer.actor), keyOf(auditor.actor, ["audit.read"])]) {
      const ran = await verify({ MOSIS_TOKEN: token });
      expect(refused(ran)).toEqual([1, "device.token_forbidden"]);
      expect(ran.stdout).toContain("storefiles.read");
      expect(ran.stdout).not.toContain(token);
    }
    const { key, token } = makeKey(auditor.actor);
    revokeApiKey(portal.store, auditor.actor, key.id);
    for (const gone of [token, "mosis_usr_nonsense", "x"]) {
      expect(refused(await verify({ MOSIS_TOKEN: gone }))).toEqual([1, "device.token_refused"]);
    }
    expect(refused(await verify({ MOSIS_TOKEN: "two words" }))).toEqual([2, "client.token_malformed"]);
  });
});

test("no token is sent over plain HTTP to another machine, and none to a store that is open", async () => {
  const token = keyOf(sample.people.auditor.actor);
  // Restricted, so that the token would be of use; by a name that is not this machine's own.
  const elsewhere = ["verify", "app.mosis", "--log", "--root-sha256", rootSha256(portal.store), "--json"];
  const named = `http://0.0.0.0:${watched.port}`;
  sent.length = 0;
  const ran = await here.run([...elsewhere, "--store", named, "--token", token]);
  expect(refused(ran)).toEqual([1, "device.enrolment_insecure"]);
  expect(new Set(sent)).toEqual(new Set([null]));

  const open = await startPortal();
  try {
    await fillStore(open);
    const inside = new URL(open.url);
    const seen: (string | null)[] = [];
    const front = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        seen.push(request.headers.get("authorization"));
        return fetch(new URL(new URL(request.url).pathname, inside), { headers: request.headers });
      },
    });
    const words = [
      "verify",
      "app.mosis",
      "--root-sha256",
      rootSha256(open.store),
      "--token",
      token,
      "--json",
    ];
    const answer = await here.run([...words, "--store", `http://127.0.0.1:${front.port}`]);
    // It is another store's package: what counts is what was asked with.
    expect((answer.json as { ok?: boolean }).ok).toBe(false);
    expect([seen.length > 3, new Set(seen)]).toEqual([true, new Set([null])]);
    front.stop(true);
  } finally {
    await open.close();
  }
}, 60_000);
