/** A clock that was ahead for a while, and is right again: nothing goes on counting for longer than it should. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { readiness } from "../../http/health.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { DAY_MS } from "../../time.ts";
import { mendTrust } from "../check-catalogue.ts";
import { makeCrls } from "../revocation/crls.ts";
import { findCrl } from "../revocation/records.ts";
import { currentRoles } from "../tuf/records.ts";
import { initialiseTrust, renewExpiring } from "../tuf/repository.ts";
import { ROLE_LIFETIMES_MS, roleFamily } from "../tuf/roles.ts";
import { lapses } from "./due.ts";
import { renew, replaceKeys } from "./operations.ts";
import { keyWarnings, readStoreKeys } from "./overview.ts";
import { currentCertificate, readKeyState } from "./state.ts";

setDefaultTimeout(120_000);

const HOUR_MS = DAY_MS / 24;
let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
  await initialiseTrust(store);
});
afterEach(() => store.close());

const versions = () => new Map([...currentRoles(store.db.orm)].map(([role, { version }]) => [role, version]));
const overlong = () =>
  [...currentRoles(store.db.orm).values()]
    .filter(
      ({ role, expiresAt }) =>
        expiresAt.getTime() > store.clock.now().getTime() + ROLE_LIFETIMES_MS[roleFamily(role)] + HOUR_MS,
    )
    .map(({ role }) => role);
const warned = () => keyWarnings(store).map(({ code, what }) => `${code} ${what}`);

/** What a server does whose clock is so far ahead, and then right. */
async function ahead(ms: number): Promise<void> {
  store.clock.advance(ms);
  await renewExpiring(store);
  await makeCrls(store);
  store.clock.advance(-ms);
}

test("metadata and lists that end too late are signed anew, with the next versions", async () => {
  await makeCrls(store);
  await ahead(400 * DAY_MS);
  const before = versions();
  expect(new Set(overlong())).toEqual(new Set(before.keys()));
  expect(warned()).toContain("overlong timestamp");
  expect(warned()).toContain("overlong crl-root");
  store.clock.advance(1001);
  const { status, warnings } = await readiness(store);
  expect(status).toBe("ready");
  expect(warnings).toContainEqual(expect.objectContaining({ code: "keys.overlong", what: "root" }));
  expect(readStoreKeys(store, OPERATOR).next).toContainEqual(
    expect.objectContaining({ do: "overlong", what: "timestamp", renewedBy: "job" }),
  );

  await renewExpiring(store);
  await makeCrls(store);
  expect(overlong()).toEqual([]);
  for (const [role, version] of before) expect(versions().get(role)).toBeGreaterThan(version);
  const { root } = readKeyState(store.db.orm).certificateKeys;
  expect(findCrl(store.db.orm, root.keyid)?.nextUpdate.getTime()).toBeLessThan(
    store.clock.now().getTime() + 8 * DAY_MS,
  );
  store.clock.advance(60_000);
  expect(warned()).toEqual([]);
  // Nothing is signed twice for it.
  const after = versions();
  await renewExpiring(store);
  expect(versions()).toEqual(after);
});

test("a clock that goes back a little has nothing signed anew", async () => {
  const before = versions();
  store.clock.advance(-HOUR_MS + 1000);
  await renewExpiring(store);
  expect(versions()).toEqual(before);
  expect(lapses(store).every(({ state }) => state === "ok")).toBe(true);
  store.clock.advance(-2000);
  await renewExpiring(store);
  expect(versions().get("timestamp")).toBe(2);
});

test("a certificate that ends too late is warned of", async () => {
  const ms = 500 * DAY_MS;
  store.clock.advance(ms);
  await renew(store, OPERATOR, "ca-developer");
  store.clock.advance(-ms);
  await renewExpiring(store);
  store.clock.advance(60_000);
  expect(warned()).toEqual(["overlong ca-developer"]);
  expect(readStoreKeys(store, OPERATOR).next).toContainEqual(
    expect.objectContaining({ do: "overlong", what: "ca-developer" }),
  );
  expect(lapses(store).find(({ what }) => what === "ca-developer")?.state).toBe("overlong");
});

test("what is issued after the clock was ahead is the current one, also for who mends the database", async () => {
  const ms = 500 * DAY_MS;
  store.clock.advance(ms);
  await renew(store, OPERATOR, "ca-developer");
  store.clock.advance(-ms);
  await renewExpiring(store);
  const of = () => currentCertificate(store.db.orm, "developer-ca");
  const late = of().serial;
  await renew(store, OPERATOR, "ca-developer");
  const renewed = of().serial;
  expect(renewed).not.toBe(late);
  expect(lapses(store).find(({ what }) => what === "ca-developer")?.state).toBe("ok");
  await replaceKeys(store, OPERATOR, ["ca-developer"]);
  expect(of().keyName).toBe("ca-developer-2");
  const { serial } = of();
  await mendTrust(store);
  expect(of().serial).toBe(serial);
});
