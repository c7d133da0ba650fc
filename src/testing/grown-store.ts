/** Rows of very many apps with very many versions, for what must not take longer with them. Nothing is signed, and there are no files. */
import { insertAccount } from "../accounts/records.ts";
import { recordChange, SYSTEM_AUTHOR } from "../audit/record.ts";
import { findOwnerId } from "../catalog/records.ts";
import { keepAllSearchable } from "../catalog/search/keep.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { type AppId, newId, type VersionId } from "../ids.ts";

export type Growth = {
  readonly apps: number;
  readonly versionsEach: number;
  /** Whose rows they are like: an app with a category, and a version of it that was read. */
  readonly like: { readonly appId: AppId; readonly versionId: VersionId };
};

/** The app of this number. */
export const grownId = (n: number): AppId => `org.grown.app${n}` as AppId;

/**
 * Adds apps to the organisation of `like`, for everybody, each with its versions published; of each fourth the last version waits for
 * a review. Names are numbered words, so that a search has something to tell apart. There are as many people, and entries of the log.
 */
export async function growStore({ db, clock }: Pick<Store, "db" | "clock">, growth: Growth): Promise<void> {
  const { apps, versionsEach, like } = growth;
  const { raw } = db;
  raw.transaction(() => {
    raw.run("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)");
    raw.run(
      "WITH RECURSIVE each (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM each WHERE n + 1 < ?) INSERT INTO numbers SELECT n FROM each",
      [Math.max(apps, versionsEach)],
    );
    raw.run(
      `INSERT INTO apps (id, organisation_id, name, summary, created_by, created_at, updated_at, published_at, public_at,
         catalogue_shard, revision, category, installs)
       SELECT 'org.grown.app' || n, organisation_id, 'Grown ' || n, summary, created_by, created_at, updated_at, created_at, created_at,
         n % 256, revision, 'tools', n
       FROM apps, numbers WHERE id = ? AND n < ?`,
      [like.appId, apps],
    );
    raw.run(
      `INSERT INTO versions (id, app_id, version_code, version, state, state_changed_at, manifest, content_digest,
         upload_sha256, upload_size_bytes, developer_keyid, notes, hold, uploaded_by, created_at, submitted_at,
         approved_at, published_at, released_sha256, released_size_bytes, revision, developer_certificate,
         release_keyid, release_certificate)
       SELECT 'ver-' || printf('%032x', a.n * 1000 + v.n), 'org.grown.app' || a.n, v.n + 1, '1.' || v.n || '.0',
         CASE WHEN a.n % 4 = 0 AND v.n = ? THEN 'in_review' ELSE 'published' END,
         state_changed_at, manifest, content_digest, upload_sha256, upload_size_bytes, developer_keyid, notes, hold,
         uploaded_by, created_at, submitted_at + 60000 * a.n, created_at,
         CASE WHEN a.n % 4 = 0 AND v.n = ? THEN NULL ELSE created_at END,
         released_sha256, released_size_bytes, revision, developer_certificate, release_keyid, release_certificate
       FROM versions, numbers AS a, numbers AS v WHERE id = ? AND a.n < ? AND v.n < ?`,
      [versionsEach - 1, versionsEach - 1, like.versionId, apps, versionsEach],
    );
    raw.run(
      `INSERT INTO app_audiences (app_id, channel, audience, shard, created_at, told_at, left_at, category, installs, updated_at)
       SELECT id, 'stable', '', catalogue_shard, created_at, created_at + installs % 1000, NULL, category, installs,
         created_at + installs % 700
       FROM apps, numbers WHERE id = 'org.grown.app' || n AND n < ?`,
      [apps],
    );
    raw.run("DROP TABLE numbers");
  })();
  growPeople({ db }, apps);
  growLog({ db, clock }, growth);
  await keepAllSearchable(
    db,
    Array.from({ length: apps }, (_, n) => grownId(n)),
  );
}

function growPeople({ db }: Pick<Store, "db">, people: number): void {
  write(db, (tx) => {
    for (let n = 0; n < people; n++) {
      const email = `grown${n}@example.org`;
      insertAccount(tx, {
        ...{ id: newId("acc"), email, emailKey: email, name: `Grown ${n}`, createdAt: new Date(n * 60_000) },
        ...{ passwordHash: null, storeRole: null },
      });
    }
  });
}

/** One about each of the apps, after what is there. */
function growLog({ db, clock }: Pick<Store, "db" | "clock">, { apps, like }: Growth): void {
  write(db, (tx) => {
    const organisationId = findOwnerId(tx, like.appId) ?? null;
    for (let n = 0; n < apps; n++) {
      const change = { before: { name: `Growing ${n}` }, after: { name: `Grown ${n}` } };
      const subject = { type: "app", id: grownId(n) };
      recordChange(
        tx,
        SYSTEM_AUTHOR,
        { action: "app.changed", subject, organisationId, ...change },
        clock.now(),
      );
    }
  });
}
