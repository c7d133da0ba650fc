/** Rows of a version that waits, changed beside the store: nothing is countersigned but what the log says was approved. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isProblem } from "../errors.ts";
import { newId, type VersionId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import {
  newPublisher,
  openPublishing,
  type Publisher,
  type Publishing,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { tampering } from "../testing/tamper.ts";
import { countersignVersion } from "./countersign.ts";

setDefaultTimeout(120_000);

const APP = "org.example.shown";
const OTHER = "org.example.untouched";
let world: Publishing;
let publisher: Publisher;
let waiting: VersionId;
beforeEach(async () => {
  world = await openPublishing();
  publisher = await newPublisher(world.store);
  for (const [id, code] of [
    [APP, 1],
    [OTHER, 1],
  ] as const)
    approve(world.store, reviewer(), await submit(id, code), {});
  await world.scheduler.drain();
  waiting = await submit(APP, 2);
});
afterEach(() => world.close());

async function submit(id: string, versionCode: number): Promise<VersionId> {
  const manifest = { id, versionCode, version: `1.${versionCode}.0` };
  const sent = await submitBytes(
    world.store,
    publisher.actor,
    await signedApp(world.store, publisher.signer, manifest),
  );
  await world.scheduler.drain();
  return sent.id;
}

const run = tampering(() => world.store);
const stateOf = (id: VersionId) =>
  world.store.db.raw.query<{ state: string }, [string]>("SELECT state FROM versions WHERE id = ?").get(id)
    ?.state;
const released = () =>
  readdirSync(join(world.store.dataDir, "blobs"), { recursive: true })
    .map(String)
    .filter((name) => /releases?\/.*\.mosis$|packages\/.*\.mosis$/.test(name))
    .sort();

/** The other app goes on, and so does the one that was changed with its next upload. */
async function goesOn(): Promise<void> {
  for (const [id, code] of [
    [OTHER, 2],
    [APP, 3],
  ] as const) {
    const next = await submit(id, code);
    approve(world.store, reviewer(), next, {});
    await world.scheduler.drain();
    expect([id, stateOf(next)]).toEqual([id, "published"]);
  }
}

test("a version that nobody approved is not signed, whatever its rows say", async () => {
  const before = released();
  const now = Date.now();
  run("UPDATE versions SET state = 'signing', approved_at = ? WHERE id = ?", now, waiting);
  run(
    "INSERT INTO reviews (id, version_id, decision, reason, reviewer, at) VALUES (?, ?, 'approved', '', 'operator', ?)",
    newId("rev"),
    waiting,
    now,
  );
  await countersignVersion(world.store, waiting);
  expect([stateOf(waiting), released()]).toEqual(["failed", before]);
  await goesOn();
});

test("another upload than the one that was looked at is not signed", async () => {
  const before = released();
  run(
    `UPDATE versions SET (upload_sha256, upload_size_bytes) =
       (SELECT upload_sha256, upload_size_bytes FROM versions WHERE app_id = ? AND version_code = 1) WHERE id = ?`,
    APP,
    waiting,
  );
  approve(world.store, reviewer(), waiting, {});
  await world.scheduler.drain();
  expect([stateOf(waiting), released()]).toEqual(["failed", before]);
  await goesOn();
});

test("the content of another app is not approved, and that app goes on", async () => {
  run(
    "UPDATE versions SET content_digest = (SELECT content_digest FROM versions WHERE app_id = ?) WHERE id = ?",
    OTHER,
    waiting,
  );
  try {
    approve(world.store, reviewer(), waiting, {});
    throw new Error("it was approved");
  } catch (error) {
    expect(isProblem(error) && error.code).toBe("catalog.damaged");
  }
  await world.scheduler.drain();
  expect(stateOf(waiting)).toBe("in_review");
  await goesOn();
});
