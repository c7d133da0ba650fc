/** What the checks found of a version that waits for its review, changed beside the store: nobody is shown or approves that. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import type { AppId, VersionId } from "../ids.ts";
import { approve, reject } from "../review/decide.ts";
import { readReview } from "../review/queue.ts";
import { storeForAll } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { catalogueDamage, checkCatalogue } from "./check-catalogue.ts";
import { sealOldChecks } from "./check-seal.ts";
import { reconcileStore } from "./reconcile.ts";
import { findVersion } from "./records.ts";
import { withdrawVersion } from "./versions.ts";

setDefaultTimeout(240_000);

const APP = "org.example.judged" as AppId;
const OTHER = "org.example.untouched" as AppId;
let publisher: Publisher;
let other: Publisher;
const codes = new Map<AppId, number>();

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  other = await newPublisher(world.store, "Other");
  for (const id of [APP, OTHER]) await publish(id);
});
const { orm, tamper } = beside(world);

const rowOf = (id: VersionId) => findVersion(orm(), id);
const stateOf = (id: VersionId) => rowOf(id)?.state;

/** Of the next version. */
function manifestOf(id: AppId) {
  const versionCode = (codes.get(id) ?? 0) + 1;
  codes.set(id, versionCode);
  const permissions = [{ name: "camera", reason: { en: "Takes photos." } }];
  return { id, versionCode, version: `${versionCode}.0.0`, permissions };
}

async function submit(id: AppId, signer = id === APP ? publisher.signer : other.signer): Promise<VersionId> {
  const bytes = await signedApp(world.store, signer, manifestOf(id));
  const sent = await submitBytes(world.store, (id === APP ? publisher : other).actor, bytes);
  await world.scheduler.drain();
  return sent.id;
}

const look = (id: VersionId) => readReview(world.store, reviewer(), id);
const allow = (id: VersionId) => approve(world.store, reviewer(), id, {});

async function publish(id: AppId): Promise<void> {
  const version = await submit(id);
  expect(look(version).checks.length).toBeGreaterThan(0);
  allow(version);
  await world.scheduler.drain();
  expect(stateOf(version)).toBe("published");
}

const named = (id: VersionId) => `the checks of version ${rowOf(id)?.versionCode} of ${APP}`;
const told = async () => {
  await checkCatalogue(world.store);
  return catalogueDamage(world.store);
};

/** Neither shown nor approved, and out of the way once it is withdrawn; all else goes on. */
async function refused(id: VersionId): Promise<void> {
  expect(await codeOf(() => look(id))).toBe("catalog.damaged");
  expect(await codeOf(() => allow(id))).toBe("catalog.damaged");
  expect(stateOf(id)).toBe("in_review");
  const beside = await submit(OTHER);
  expect(look(beside).version.id).toBe(beside);
  withdrawVersion(world.store, publisher.actor, APP, id);
  allow(beside);
  await world.scheduler.drain();
  expect(stateOf(beside)).toBe("published");
  await publish(APP);
}

const first = (columns: string) =>
  `(SELECT ${columns} FROM versions WHERE app_id = '${APP}' AND version_code = 1)`;

describe("of a version that waits", () => {
  const WAYS: readonly (readonly [string, string])[] = [
    ["another upload", `UPDATE versions SET upload_sha256 = ${first("upload_sha256")} WHERE id = ?`],
    ["another size", "UPDATE versions SET upload_size_bytes = 1 WHERE id = ?"],
    ["another content", `UPDATE versions SET content_digest = ${first("content_digest")} WHERE id = ?`],
    [
      "a manifest that asks for less",
      "UPDATE versions SET manifest = json_set(manifest, '$.permissions', json('[]')) WHERE id = ?",
    ],
    ["another version", "UPDATE versions SET version = '9.9.9' WHERE id = ?"],
    ["another key", `UPDATE versions SET developer_keyid = '${"a".repeat(64)}' WHERE id = ?`],
    ["another certificate", `UPDATE versions SET developer_certificate = '${"a".repeat(64)}' WHERE id = ?`],
    ["other notes", "UPDATE versions SET notes = 'Take this one.' WHERE id = ?"],
    ["another wish", "UPDATE versions SET hold = 1 - hold WHERE id = ?"],
    ["a check that did not run", "DELETE FROM check_results WHERE name = 'manifest' AND version_id = ?"],
    ["no checks", "DELETE FROM check_results WHERE version_id = ?"],
    ["an older check", "UPDATE check_results SET check_version = '0' WHERE version_id = ?"],
    [
      "a finding that nobody made",
      `INSERT INTO findings (version_id, position, check_name, code, severity, message)
         VALUES (?, 99, 'manifest', 'MPK-M001', 'info', 'All is well.')`,
    ],
    ["a picture of another", "UPDATE version_pictures SET blob_key = 'pictures/0.png' WHERE version_id = ?"],
    ["without its seal", "UPDATE versions SET sealed_check = NULL WHERE id = ?"],
    ["with the seal of another", `UPDATE versions SET sealed_check = ${first("sealed_check")} WHERE id = ?`],
    [
      "with all of another",
      `UPDATE versions SET (upload_sha256, upload_size_bytes, content_digest, manifest, sealed_check) =
         ${first("upload_sha256, upload_size_bytes, content_digest, manifest, sealed_check")} WHERE id = ?`,
    ],
  ];
  test.each(WAYS)("%s", async (_, statement) => {
    const id = await submit(APP);
    look(id);
    tamper(statement, id);
    await refused(id);
  });
});

test("what failed its checks does not wait for a review, whatever its rows say", async () => {
  // Of another organisation's key.
  const id = await submit(APP, await newSigner(world.store, other.actor));
  expect(stateOf(id)).toBe("failed");
  tamper("UPDATE versions SET state = 'in_review' WHERE id = ?", id);
  tamper("UPDATE check_results SET verdict = 'passed' WHERE version_id = ?", id);
  tamper("DELETE FROM findings WHERE version_id = ?", id);
  await refused(id);
});

test("it is rejected all the same, and reconcile says what to do", async () => {
  const id = await submit(APP);
  tamper("UPDATE versions SET content_digest = ? WHERE id = ?", "b".repeat(64), id);
  expect(await told()).toEqual([named(id)]);
  expect(await reconcileStore(world.store, OPERATOR)).toEqual([
    {
      kind: "catalogue",
      subject: named(id),
      detail: expect.stringContaining("withdrawn and uploaded again"),
    },
  ]);
  reject(world.store, reviewer(), id, { reason: "It is not what was uploaded." });
  expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  expect(catalogueDamage(world.store)).toEqual([]);
  await publish(APP);
});

test("whose it is, though the checks found it signed by its owner", async () => {
  const id = await submit(APP);
  const owner = (organisationId: string) =>
    tamper("UPDATE apps SET organisation_id = ? WHERE id = ?", organisationId, APP);
  owner(other.organisationId);
  expect(await codeOf(() => look(id))).toBe("catalog.damaged");
  expect(await codeOf(() => allow(id))).toBe("catalog.damaged");
  owner(publisher.organisationId);
  look(id);
  withdrawVersion(world.store, publisher.actor, APP, id);
  await publish(APP);
});

test("its people say otherwise of it, and it is judged as they say; what somebody else changed stays a fault", async () => {
  const bytes = await signedApp(world.store, publisher.signer, manifestOf(APP));
  const { id } = await submitBytes(world.store, publisher.actor, bytes, { notes: "First." });
  await world.scheduler.drain();
  await submitBytes(world.store, publisher.actor, bytes, { notes: "Second.", hold: true });
  expect(look(id).version).toMatchObject({ notes: "Second.", hold: true });
  tamper("UPDATE versions SET version = '9.9.9' WHERE id = ?", id);
  await submitBytes(world.store, publisher.actor, bytes, { notes: "Third." });
  expect(await codeOf(() => look(id))).toBe("catalog.damaged");
  withdrawVersion(world.store, publisher.actor, APP, id);
  await publish(APP);
});

test("an upload that was changed while it was checked is checked again, or not at all", async () => {
  const id = await submit(APP);
  tamper("UPDATE versions SET state = 'checking', upload_sha256 = ? WHERE id = ?", "c".repeat(64), id);
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("checking");
  withdrawVersion(world.store, publisher.actor, APP, id);
  await publish(APP);
});

test("of a store that is older than the seals, rows are sealed as they are when the column comes", async () => {
  const id = await submit(APP);
  tamper("UPDATE versions SET sealed_check = NULL WHERE id = ?", id);
  expect(await codeOf(() => look(id))).toBe("catalog.damaged");
  sealOldChecks(world.store.db.orm, () => world.store.vault);
  expect(look(id).version.id).toBe(id);
  allow(id);
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("published");
});
