/** Rows of what is revoked that were lost or changed beside the store: no act lifts what they said, and reconcile names each. */
import { expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { catalogueDamage, checkCatalogue } from "../check-catalogue.ts";
import { reconcileStore } from "../reconcile.ts";
import { findTargetBody } from "../tuf/records.ts";
import { parseRevocations } from "../tuf/revocations.ts";
import { enact } from "./act.ts";
import { parseChange, type RevocationInput } from "./change.ts";
import { inForce } from "./in-force.ts";
import { lookAtRevocation } from "./preview.ts";

const [APP, HIDDEN] = ["org.example.shown", "org.example.hidden"] as const;
const reason = "A test.";
let developer: string;
let content: string;

const world = storeForEach(async () => {
  const { store, scheduler } = world;
  const publisher = await newPublisher(store);
  developer = publisher.organisationId;
  const send = async (id: string) =>
    submitBytes(store, publisher.actor, await signedApp(store, publisher.signer, { id }));
  const shown = await send(APP);
  await send(HIDDEN);
  await scheduler.drain();
  approve(store, reviewer(), shown.id, {});
  await scheduler.drain();
  await act({ act: "revoke", subject: "app", id: APP, action: "disable", reason });
  await act({ act: "revoke", subject: "app", id: HIDDEN, action: "block", reason });
  await act({ act: "lowest-version", appId: APP, versionCode: 3, reason });
  content = JSON.stringify(signed());
});

const act = (input: RevocationInput) => enact(world.store, OPERATOR, parseChange(input));
const tamper = (statement: string) => world.store.db.raw.run(statement);
const found = async () =>
  (await reconcileStore(world.store, OPERATOR))
    .filter(({ kind }) => kind === "revocation")
    .map(({ subject, detail }) => `${subject}: ${detail}`);

function signed() {
  const body = findTargetBody(world.store.db.orm, "trust/revocations.json");
  const { entries, lowestVersionCodes } = parseRevocations(new Uint8Array(body ?? []));
  return { entries, lowest: [...lowestVersionCodes].map(([appId, code]) => `${appId} ${code}`) };
}

test("what devices go by stays in the list with the next act, and its rows come back", async () => {
  tamper("DELETE FROM revocations");
  tamper("DELETE FROM lowest_versions");
  await act({ act: "revoke", subject: "developer", id: developer, action: "block", reason });
  const { entries, lowest } = signed();
  expect(entries.map(({ subject }) => subject)).toEqual(["app", "developer"]);
  expect(lowest).toEqual([`${APP} 3`]);
  const rows = inForce(world.store.db.orm);
  expect(rows.entries.map(({ id }) => id as string).sort()).toEqual([developer, APP].sort());
  expect([...rows.lowestVersionCodes.keys()]).toEqual([APP as AppId]);
  await act({ act: "lift", subject: "developer", id: developer, reason });
  expect(JSON.stringify(signed())).toBe(content);
});

test("what was lost is lifted by an act about it, and by no other", async () => {
  tamper("DELETE FROM revocations");
  expect(await act({ act: "lift", subject: "app", id: APP, reason })).toEqual({ changed: true });
  expect(signed()).toEqual({ entries: [], lowest: [`${APP} 3`] });
  // The one that only the log knows.
  expect(await found()).toEqual([
    `app ${HIDDEN}: the tables of what is in force say nothing, the signed list nothing, the log block: do again what the log has, with mosis admin revoke, or lift what it has not, with mosis admin lift; or restore a backup`,
  ]);
  await act({ act: "revoke", subject: "app", id: HIDDEN, action: "block", reason });
  expect(await found()).toEqual([]);
});

test("each difference is named, and the rows are as the signed list again", async () => {
  expect(await found()).toEqual([]);
  tamper(`UPDATE revocations SET action = 'block' WHERE target = '${APP}'`);
  tamper("DELETE FROM lowest_versions");
  tamper(
    "INSERT INTO revocations (subject, target, action, reason, revoked_at, revoked_by) VALUES ('developer', 'org-x', 'block', 'x', 0, 'x')",
  );
  const again = "the rows are as the signed list again";
  expect(await found()).toEqual([
    expect.stringMatching(
      new RegExp(`^app ${APP}: .* say block, the signed list disable.*, the log disable: ${again}`),
    ),
    expect.stringMatching(/^developer org-x: .* say block, the log nothing: do again what/),
    expect.stringMatching(
      new RegExp(`^lowest version of ${APP}: .* say nothing, .* list 3, the log 3: ${again}`),
    ),
  ]);
  expect(await found()).toEqual([expect.stringMatching(/^developer org-x/)]);
  // Another reason or time than devices are told is a difference, too.
  tamper("DELETE FROM revocations WHERE target = 'org-x'");
  tamper(`UPDATE revocations SET reason = 'Another.' WHERE target = '${APP}'`);
  expect(await found()).toEqual([expect.stringContaining("with its reason and time")]);
  expect(await found()).toEqual([]);
});

test("an app that somebody made private beside the store stays in the list with the next act", async () => {
  tamper(`UPDATE apps SET published_at = NULL, public_at = NULL WHERE id = '${APP}'`);
  tamper(`UPDATE app_audiences SET told_at = NULL WHERE app_id = '${APP}'`);
  await act({ act: "revoke", subject: "developer", id: developer, action: "block", reason });
  await act({ act: "lift", subject: "developer", id: developer, reason });
  await act({ act: "lowest-version", appId: APP, versionCode: 4, reason });
  await act({ act: "lowest-version", appId: APP, versionCode: 3, reason });
  expect(JSON.stringify(signed())).toBe(content);
  expect(await found()).toEqual([]);
  // Lifted by who may, it goes.
  await act({ act: "lift", subject: "app", id: APP, reason });
  expect(signed().entries).toEqual([]);
});

test("what somebody wrote into the tables beside the store is signed by no act, and told", async () => {
  const key = "a".repeat(64);
  tamper(
    `INSERT INTO revocations (subject, target, action, reason, approvals_until, revoked_at, revoked_by)
     VALUES ('key', '${key}', 'remove', 'Injected.', NULL, 1795770160000, 'x')`,
  );
  await act({ act: "revoke", subject: "developer", id: developer, action: "block", reason });
  await act({ act: "lift", subject: "developer", id: developer, reason });
  expect(JSON.stringify(signed())).toBe(content);
  // While it runs an act tells, and no look of a job is waited for.
  expect(catalogueDamage(world.store)).toEqual([`revocation of key ${key}`]);
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toEqual([`revocation of key ${key}`]);
  expect(await found()).toEqual([
    `key ${key}: the tables of what is in force say remove, the signed list nothing, the log nothing: do again what the log has, with mosis admin revoke, or lift what it has not, with mosis admin lift; or restore a backup`,
  ]);
  tamper("DELETE FROM revocations WHERE subject = 'key'");
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toEqual([]);
});

test("what somebody wrote into the tables is told with the preview of another act, and nothing of what is private", async () => {
  const look = () =>
    lookAtRevocation(world.store, OPERATOR, { act: "lift", subject: "app", id: APP, reason }, { limit: 10 });
  await look();
  expect(catalogueDamage(world.store)).toEqual([]);
  tamper(
    `INSERT INTO lowest_versions SELECT '${HIDDEN}', 9, reason, set_at, set_by FROM lowest_versions WHERE app_id = '${APP}'`,
  );
  expect(catalogueDamage(world.store)).toEqual([`the lowest version of ${HIDDEN}`]);
  await look();
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toEqual([]);
});

test("a lowest version that was set before its app was public comes into the list with the next act", async () => {
  await act({ act: "lift", subject: "app", id: HIDDEN, reason });
  await act({ act: "lowest-version", appId: HIDDEN, versionCode: 1, reason });
  await act({ act: "lowest-version", appId: HIDDEN, versionCode: 7, reason });
  expect(JSON.stringify(signed())).toBe(content);
  const now = world.store.clock.now().getTime();
  tamper(`UPDATE apps SET published_at = ${now}, public_at = ${now} WHERE id = '${HIDDEN}'`);
  tamper(`UPDATE app_audiences SET told_at = ${now} WHERE app_id = '${HIDDEN}'`);
  await act({ act: "revoke", subject: "app", id: APP, action: "remove", reason });
  expect(signed().lowest).toEqual([`${HIDDEN} 7`, `${APP} 3`]);
  // Not one that the log has otherwise.
  expect(await found()).toEqual([]);
});
