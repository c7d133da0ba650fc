/** Whose an app is and was, as it is signed: it changes with an accepted offer and with nothing else. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { type AppId, newId, type OrganisationId } from "../../ids.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { acceptAs, letIn, newSide, offerTo, publishAs, type Side } from "../../testing/sides.ts";
import { beside } from "../../testing/tamper.ts";
import { createApp } from "../apps.ts";
import { checkCatalogue } from "../check-catalogue.ts";
import { readLineage } from "../lineage.ts";
import { findApp } from "../records.ts";
import { enact } from "../revocation/act.ts";
import { parseChange } from "../revocation/change.ts";
import { indexPath } from "../tuf/app-index.ts";
import { FORMER_DEVELOPERS_MAX, parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { offerApp } from "./offer.ts";
import { formerOwners } from "./records.ts";

setDefaultTimeout(120_000);

const APP = "org.example.owned" as AppId;
let first: Side;
let second: Side;
let third: Side;
const world = storeForEach(async () => {
  [first, second, third] = [
    await newSide(world, "First"),
    await newSide(world, "Second"),
    await newSide(world, "Third"),
  ];
});
const { tamper, found } = beside(world);

const publish = (versionCode: number, by: Side, signer = first.signer) =>
  publishAs(world, APP, versionCode, by, signer);

/** Where devices take nothing of theirs yet, a key of the first one's lets one of theirs in. */
async function give(from: Side, to: Side, lets = true): Promise<void> {
  const id = offerTo(world, APP, from, to);
  const { keys } = readLineage(world.store, OPERATOR, APP);
  if (lets && keys.length > 0 && !keys.some(({ keyid }) => keyid === to.signer.keyid))
    await letIn(world, APP, first, to.signer.keyid);
  await acceptAs(world, to, id);
}

const body = () => Buffer.from(findTargetBody(world.store.db.orm, indexPath(APP), "") ?? []);
const signed = () => {
  const { developerId, formerDevelopers, channels } = parseAppIndex(body());
  const codes = [...channels.values()].flat().map(({ versionCode }) => Number(versionCode));
  return { owner: nameOf(developerId), before: formerDevelopers.map(nameOf), codes };
};
const nameOf = (id: OrganisationId) =>
  [first, second, third].findIndex(({ organisationId }) => organisationId === id) + 1;
const lowest = (versionCode: number) =>
  enact(
    world.store,
    OPERATOR,
    parseChange({ act: "lowest-version", appId: APP, versionCode, reason: "A test." }),
  );

test("each owner's next version is signed after those of before, however often and in however short a time", async () => {
  await publish(1, first);
  const ways: readonly (readonly [Side, Side, readonly number[]])[] = [
    [first, second, [1]],
    [second, third, [1, 2]],
    [third, second, [1, 3]],
    [second, first, [3, 2]],
    [first, third, [2, 1]],
  ];
  let code = 1;
  for (const [from, to, before] of ways) {
    await give(from, to);
    code += 1;
    await publish(code, to, to.signer);
    expect(signed()).toMatchObject({ owner: nameOf(to.organisationId), before });
    expect(signed().codes[0]).toBe(code);
  }
  expect(await found()).toEqual([]);
});

test("an owner that somebody wrote into the row gives nothing away, and is none the next day", async () => {
  await publish(1, first);
  const before = body();
  tamper(`UPDATE apps SET organisation_id = '${second.organisationId}'`);
  expect(await codeOf(() => give(second, third, false))).toBe("catalog.damaged");
  await lowest(1);
  expect(body()).toEqual(before);
  expect(findApp(world.store.db.orm, APP)?.organisationId).toBe(second.organisationId);
  await checkCatalogue(world.store);
  expect(findApp(world.store.db.orm, APP)?.organisationId).toBe(first.organisationId);
  // What the wrong one offered hinders nobody.
  await give(first, third);
  expect(signed()).toEqual({ owner: 3, before: [1], codes: [1] });
  expect(await found()).toEqual([]);
});

test("former owners that somebody wrote, took away or put in another order are signed by nobody, and come back", async () => {
  await publish(1, first);
  await give(first, second);
  await give(second, third);
  expect(signed()).toMatchObject({ owner: 3, before: [1, 2] });
  const before = body();
  const of = (row: Side) => `organisation_id = '${row.organisationId}'`;
  const ways = [
    `DELETE FROM app_former_owners WHERE ${of(first)}`,
    `UPDATE app_former_owners SET position = 7 WHERE ${of(first)}`,
    `UPDATE app_former_owners SET organisation_id = '${newId("org")}' WHERE ${of(second)}`,
    `INSERT INTO app_former_owners SELECT '${APP}', id, 9, 0 FROM organisations WHERE id NOT IN ('${third.organisationId}', '${second.organisationId}', '${first.organisationId}') LIMIT 1`,
  ];
  await newSide(world, "Fourth");
  for (const way of ways) {
    tamper(way);
    await lowest(1);
    expect([way, body()]).toEqual([way, before]);
    expect(await found()).toEqual([
      expect.stringMatching(new RegExp(`^the developer of ${APP}: .*brought back`)),
    ]);
    expect(formerOwners(world.store.db.orm, APP).map(nameOf)).toEqual([1, 2]);
  }
  await give(third, first);
  await publish(2, first);
  expect(signed()).toEqual({ owner: 1, before: [2, 3], codes: [2, 1] });
});

test("an app that was never published names nobody whose it was", async () => {
  createApp(world.store, first.actor, { id: APP, name: "Owned" });
  await give(first, second);
  await publish(1, second, second.signer);
  expect(signed()).toEqual({ owner: 2, before: [], codes: [1] });
});

test("an app that was of as many as its index may name is given to nobody more", async () => {
  await publish(1, first);
  const values = Array.from(
    { length: FORMER_DEVELOPERS_MAX },
    (_, at) => `('${APP}', '${newId("org")}', ${at}, 0)`,
  );
  tamper(`INSERT INTO app_former_owners VALUES ${values.join(", ")}`);
  expect(await codeOf(() => give(first, second))).toBe("transfer.too_often");
  tamper("DELETE FROM app_former_owners WHERE position = 0");
  expect(() => offerApp(world.store, first.owner, APP, { to: "Second" })).not.toThrow();
});

test("an offer that nobody made gives nothing, and one that was changed neither", async () => {
  await publish(1, first);
  const tamper = (statement: string, ...values: string[]) => world.store.db.raw.run(statement, values);
  // Made for an app of the third one's, and put under the first one's.
  const THEIRS = "org.example.theirs" as AppId;
  createApp(world.store, third.actor, { id: THEIRS, name: "Theirs", summary: "" });
  const made = offerApp(world.store, third.owner, THEIRS, { to: second.organisationId });
  tamper(
    "UPDATE app_transfers SET app_id = ?, from_organisation_id = ? WHERE id = ?",
    APP,
    first.organisationId,
    made.id,
  );
  expect(await codeOf(() => acceptAs(world, second, made.id))).toBe("catalog.damaged");
  tamper("DELETE FROM app_transfers");
  const id = offerTo(world, APP, first, third);
  tamper("UPDATE app_transfers SET to_organisation_id = ? WHERE id = ?", second.organisationId, id);
  expect(await codeOf(() => acceptAs(world, second, id))).toBe("catalog.damaged");
  tamper("UPDATE app_transfers SET sealed = NULL WHERE id = ?", id);
  expect(await codeOf(() => acceptAs(world, second, id))).toBe("catalog.damaged");
  expect(findApp(world.store.db.orm, APP)?.organisationId).toBe(first.organisationId);
  tamper("DELETE FROM app_transfers");
  await give(first, second);
  expect(findApp(world.store.db.orm, APP)?.organisationId).toBe(second.organisationId);
});
