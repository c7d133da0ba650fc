/** `mosis submit` that waits for longer than its token lives, by the store's clock: checks begin when a test lets them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { HANDLERS_HERE } from "../boot/handlers.ts";
import { type OpenedStore, openStore } from "../boot/open-store.ts";
import { loadConfig } from "../config.ts";
import { sampleFiles } from "../format/testing.ts";
import { startServer } from "../http/server.ts";
import { type CiServer, startCiServer } from "../testing/ci-server.ts";
import { freePort } from "../testing/free-port.ts";
import { newOrganisation, newPerson, type Person } from "../testing/portal.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { MANY_REQUESTS, silentLog, type TestClock, testClock } from "../testing/store.ts";
import type { Ran } from "./test-io.ts";

const APP = "org.example.notes";
/** Longer than the token of a build job lives. */
const LONG_MS = 16 * 60_000;

let here: Scratch;
let clock: TestClock;
let ci: CiServer;
let opened: OpenedStore;
let server: ReturnType<typeof startServer>;
let owner: Person;
let code = 0;

beforeEach(async () => {
  here = scratch();
  clock = testClock();
  const port = await freePort();
  ci = await startCiServer(() => clock.now(), `http://127.0.0.1:${port}`);
  const issuers = { forge: { kind: "github", name: "Forge", issuer: ci.issuer } };
  const flags = {
    ...MANY_REQUESTS,
    dataDir: join(here.folder, "data"),
    trustedIssuers: JSON.stringify(issuers),
  };
  const config = loadConfig({ ...flags, publicUrl: `http://127.0.0.1:${port}` }, {});
  opened = await openStore({
    config,
    clock,
    log: silentLog,
    mayCreate: true,
    // Only `drain` runs the checks.
    runJobs: false,
    handlers: HANDLERS_HERE,
  });
  server = startServer(opened.store, { host: "127.0.0.1", port });
  const organisation = newOrganisation(opened.store, "Example");
  owner = await newPerson(opened.store, "Ada Owner", { organisations: [[organisation, "owner"]] });
  const asOwner = { MOSIS_TOKEN: keyOf(30).token };
  await run(["keys", "new", "-o", "key.pem"], asOwner);
  await run(["keys", "enroll", "--key", "key.pem"], asOwner);
  expect((await run([...(await submission()), "--no-wait"], asOwner)).exitCode).toBe(0);
  await opened.scheduler.drain();
  await run(["publisher", "add", APP, "--issuer", "forge", "--repository", "example/notes"], asOwner);
}, 30_000);
afterEach(async () => {
  await server.stop(0);
  await opened.close(1000);
  await ci.stop();
  here.remove();
});

const run = (argv: readonly string[], environment: Readonly<Record<string, string>>) =>
  here.run([...argv, "--json"], { environment: { MOSIS_STORE: server.url, ...environment } });

function keyOf(days: number) {
  const owned = { accountId: owner.accountId };
  return createApiKey(opened.store, OPERATOR, { owner: owned, name: "ci", days });
}

async function submission(): Promise<readonly string[]> {
  code += 1;
  const name = `notes-${code}`;
  for (const [file, bytes] of sampleFiles({ id: APP, versionCode: code, version: `0.${code}.0` }))
    here.write(`${name}/${file}`, bytes);
  await run(["pack", name, "-o", `${name}.mosis`], {});
  await run(["sign", `${name}.mosis`, "--key", "key.pem"], {});
  return ["submit", `${name}.mosis`, "--notes", "From the build."];
}

const stateOf = () =>
  opened.store.db.raw
    .query<{ state: string }, [number]>("SELECT state FROM versions WHERE version_code = ?")
    .get(code)?.state;

/** The command, for which the store's time goes by once it waits. */
async function submitSlowly(
  environment: Readonly<Record<string, string>>,
  { ms = LONG_MS, meanwhile = async () => {} }: { ms?: number; meanwhile?: () => Promise<void> } = {},
): Promise<Ran> {
  const running = run(await submission(), environment);
  for (let tries = 0; stateOf() !== "checking" && tries < 500; tries++) await Bun.sleep(10);
  expect(stateOf()).toBe("checking");
  await meanwhile();
  clock.advance(ms);
  // It asks again before the checks are done, with the token that is over by now.
  const done = await Promise.race([running, Bun.sleep(1000)]);
  await opened.scheduler.drain();
  return done ?? (await running);
}

const errorOf = ({ json }: Ran) =>
  (json as { error?: { code: string; message: string; details: object[] } }).error;
const identitiesAsked = () => ci.asked.filter((path) => path === "/_apis/token").length;

describe("a build job whose token ends while it waits", () => {
  test("asks for another identity where it may, and waits on", async () => {
    const ran = await submitSlowly(ci.environment);
    expect([ran.exitCode, ran.json]).toMatchObject([
      0,
      { uploaded: true, version: { state: "in_review", publishedFrom: { issuerName: "Forge" } } },
    ]);
    expect(identitiesAsked()).toBe(2);
  }, 30_000);

  test("takes another one out of its file", async () => {
    here.write("id-token", await ci.sign());
    const ran = await submitSlowly(
      { MOSIS_ID_TOKEN_FILE: here.path("id-token") },
      // A CI server makes it when it is asked, which is later than the end of the one before.
      {
        meanwhile: async () =>
          void here.write("id-token", await ci.sign({ exp: secondsAfter(LONG_MS + 60_000) })),
      },
    );
    expect([ran.exitCode, ran.json]).toMatchObject([0, { version: { state: "in_review" } }]);
  }, 30_000);

  test("ends with what goes on and where to look, where it has but one; another job waits on", async () => {
    const ran = await submitSlowly({ MOSIS_ID_TOKEN: await ci.sign() });
    expect(ran.exitCode).toBe(3);
    expect(errorOf(ran)).toMatchObject({
      code: "client.waiting_ended",
      details: [{ code: "auth.token_expired" }],
    });
    expect(errorOf(ran)?.message).toContain(`${server.url}/apps/${APP}`);
    expect(stateOf()).toBe("in_review");
    const again = ["submit", `notes-${code}.mosis`, "--notes", "From the build."];
    const other = await run(again, { MOSIS_ID_TOKEN: await ci.sign() });
    expect([other.exitCode, other.json]).toMatchObject([
      0,
      { uploaded: false, version: { state: "in_review" } },
    ]);
  }, 30_000);

  test("ends so too when the app trusts it no more, or its server gives it no identity", async () => {
    const asOwner = { MOSIS_TOKEN: keyOf(30).token };
    const listed = await run(["publisher", "list", APP], asOwner);
    const { items } = listed.json as { items: { id: string }[] };
    const removed = await submitSlowly(ci.environment, {
      ms: 0,
      meanwhile: async () => void (await run(["publisher", "remove", APP, items[0]?.id ?? ""], asOwner)),
    });
    expect([removed.exitCode, errorOf(removed)]).toMatchObject([
      3,
      { code: "client.waiting_ended", details: [{ code: "trusted.no_publisher" }] },
    ]);
    await run(["publisher", "add", APP, "--issuer", "forge", "--repository", "example/notes"], asOwner);
    const unasked = await submitSlowly(ci.environment, {
      meanwhile: async () => void ci.instead.set("/_apis/token", () => new Response("", { status: 403 })),
    });
    expect([unasked.exitCode, errorOf(unasked)]).toMatchObject([
      3,
      { code: "client.waiting_ended", details: [{ code: "client.identity_refused" }] },
    ]);
    expect(stateOf()).toBe("in_review");
  }, 30_000);
});

test("a key that ends while it is waited takes the one that was put in its place, and else says what goes on", async () => {
  const day = 86_400_000;
  here.write("token", keyOf(1).token, 0o600);
  const rotated = await submitSlowly(
    { MOSIS_TOKEN_FILE: here.path("token") },
    { ms: day, meanwhile: async () => void here.write("token", keyOf(30).token, 0o600) },
  );
  expect([rotated.exitCode, rotated.json]).toMatchObject([0, { version: { state: "in_review" } }]);
  const ended = await submitSlowly({ MOSIS_TOKEN: keyOf(1).token }, { ms: day });
  expect([ended.exitCode, errorOf(ended)?.code]).toEqual([3, "client.waiting_ended"]);
  expect(stateOf()).toBe("in_review");
}, 30_000);

function secondsAfter(ms: number): number {
  return Math.floor((clock.now().getTime() + ms) / 1000);
}
