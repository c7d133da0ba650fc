/** Rows of a version that waits, changed beside the store: nothing is countersigned or logged but what was approved. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { verifyPackage } from "../format/verify.ts";
import { newId, type VersionId } from "../ids.ts";
import { developerCaPems, rootCaPems } from "../keys/trust-anchors.ts";
import { approve, reject } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { countersignVersion } from "./countersign.ts";
import { findVersion } from "./records.ts";
import { releaseKey } from "./release-keys.ts";

setDefaultTimeout(240_000);

const APP = "org.example.shown";
const OTHER = "org.example.untouched";
let publisher: Publisher;
const codes = new Map<string, number>();

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  await goesOn();
});
const { tamper } = beside(world);

/** The next version of an app, as it waits for its review. */
async function submit(id: string): Promise<VersionId> {
  const versionCode = (codes.get(id) ?? 0) + 1;
  codes.set(id, versionCode);
  const manifest = { id, versionCode, version: `1.${versionCode}.0` };
  const sent = await submitBytes(
    world.store,
    publisher.actor,
    await signedApp(world.store, publisher.signer, manifest),
  );
  await world.scheduler.drain();
  return sent.id;
}

const allow = (id: VersionId) => approve(world.store, reviewer(), id, {});
const stateOf = (id: VersionId) => findVersion(world.store.db.orm, id)?.state;
const released = () =>
  readdirSync(join(world.store.dataDir, "blobs"), { recursive: true })
    .map(String)
    .filter((name) => /releases?\/.*\.mosis$|packages\/.*\.mosis$/.test(name))
    .sort();
const leaves = () =>
  world.store.db.raw
    .query<{ subject: string }, []>("SELECT subject FROM log_leaves WHERE type = 'approval'")
    .all()
    .map(({ subject }) => subject);

/** The other app goes on, and so does the one that was changed with its next upload. */
async function goesOn(): Promise<void> {
  for (const id of [OTHER, APP]) {
    const next = await submit(id);
    allow(next);
    await world.scheduler.drain();
    expect([id, stateOf(next)]).toEqual([id, "published"]);
    expect(leaves()).toContain(findVersion(world.store.db.orm, next)?.contentDigest ?? "");
  }
}

/** Nothing is signed, and nothing of it is in the log. */
async function refused(id: VersionId, work: () => unknown, state = "failed"): Promise<void> {
  const before = [released(), leaves()];
  await work();
  await world.scheduler.drain();
  expect(stateOf(id)).toBe(state as never);
  expect([released(), leaves()]).toEqual(before);
  await goesOn();
}

const publishedOf = (what: string, appId = APP) =>
  `(SELECT ${what} FROM versions WHERE app_id = '${appId}' AND version_code = 1)`;
const UPLOAD = "upload_sha256, upload_size_bytes";

describe("of a version that nobody approved", () => {
  test("rows that say so sign nothing", async () => {
    const waiting = await submit(APP);
    await refused(waiting, async () => {
      const now = Date.now();
      tamper("UPDATE versions SET state = 'signing', approved_at = ? WHERE id = ?", now, waiting);
      tamper(
        "INSERT INTO reviews (id, version_id, decision, reason, reviewer, at) VALUES (?, ?, 'approved', '', 'operator', ?)",
        newId("rev"),
        waiting,
        now,
      );
      await countersignVersion(world.store, waiting);
    });
  });

  test("nor with the approval of another", async () => {
    const waiting = await submit(APP);
    await refused(waiting, async () => {
      tamper("UPDATE versions SET state = 'signing', approved_at = 1 WHERE id = ?", waiting);
      tamper(
        `INSERT INTO reviews (id, version_id, decision, reason, reviewer, at, sealed)
           SELECT ?, ?, decision, reason, reviewer, at, sealed FROM reviews WHERE version_id = ${publishedOf("id")}`,
        newId("rev"),
        waiting,
      );
      await countersignVersion(world.store, waiting);
    });
  });

  test("nor once it was rejected", async () => {
    const waiting = await submit(APP);
    reject(world.store, reviewer(), waiting, { reason: "No." });
    await refused(waiting, async () => {
      tamper("UPDATE versions SET state = 'signing', approved_at = 1 WHERE id = ?", waiting);
      tamper("UPDATE reviews SET decision = 'approved' WHERE version_id = ?", waiting);
      await countersignVersion(world.store, waiting);
    });
  });
});

describe("another upload than the one that was looked at is not signed", () => {
  const swap = (id: VersionId) =>
    tamper(`UPDATE versions SET (${UPLOAD}) = ${publishedOf(UPLOAD)} WHERE id = ?`, id);

  test("put there before the decision", async () => {
    const waiting = await submit(APP);
    swap(waiting);
    await refused(
      waiting,
      async () => expect(await codeOf(() => allow(waiting))).toBe("catalog.damaged"),
      "in_review",
    );
  });

  test("put there after it", async () => {
    const waiting = await submit(APP);
    allow(waiting);
    await refused(waiting, () => swap(waiting));
  });

  test("nor with its content", async () => {
    const [first, waiting] = [await submit(APP), await submit(APP)];
    allow(waiting);
    await refused(waiting, () =>
      tamper(
        `UPDATE versions SET (${UPLOAD}, content_digest, manifest, version_code, version) =
           (SELECT ${UPLOAD}, content_digest, manifest, version_code + 100, version FROM versions WHERE id = '${first}') WHERE id = ?`,
        waiting,
      ),
    );
  });

  test("nor as another key's", async () => {
    const waiting = await submit(APP);
    allow(waiting);
    await refused(waiting, () =>
      tamper("UPDATE versions SET developer_keyid = ? WHERE id = ?", "a".repeat(64), waiting),
    );
  });
});

test("the content of another app is not approved, and that app goes on", async () => {
  const waiting = await submit(APP);
  tamper(
    `UPDATE versions SET content_digest = ${publishedOf("content_digest", OTHER)} WHERE id = ?`,
    waiting,
  );
  await refused(
    waiting,
    async () => expect(await codeOf(() => allow(waiting))).toBe("catalog.damaged"),
    "in_review",
  );
});

test("the time and the checks of the signature are those of the decision", async () => {
  const waiting = await submit(APP);
  const now = world.store.clock.now();
  allow(waiting);
  world.store.clock.advance(5000);
  const id = `'${waiting}'`;
  tamper(`UPDATE versions SET approved_at = 1 WHERE id = ${id}`);
  tamper(`UPDATE reviews SET at = 1, id = 'rev-0' WHERE version_id = ${id}`);
  tamper(`UPDATE check_results SET check_version = '99' WHERE version_id = ${id}`);
  await world.scheduler.drain();
  const row = findVersion(world.store.db.orm, waiting);
  expect([row?.state, row?.approvedAt]).toEqual(["published", now]);
  const source = await world.store.blobs.open(releaseKey(row?.releasedSha256 ?? ("" as never)));
  const { store } = await verifyPackage(source, {
    now: world.store.clock.now(),
    roots: rootCaPems(world.store),
    developerCas: developerCaPems(world.store),
    expect: "released",
  });
  await source.close();
  expect(store?.approvedAt).toEqual(now);
  expect(store?.predicate.review.reviewId).not.toBe("rev-0");
  expect(store?.predicate.review.checks.length).toBeGreaterThan(0);
  expect(store?.predicate.review.checks.map(({ version }) => version)).not.toContain("99");
});
