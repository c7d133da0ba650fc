/** Rows of very many published apps, for what only reads them: nothing of them is signed, and there are no files. */
import { insertApp, insertVersion } from "../catalog/records.ts";
import { keepAllSearchable } from "../catalog/search/keep.ts";
import { EMPTY_LISTING } from "../catalog/store-listing/document.ts";
import { writeListing } from "../catalog/store-listing/records.ts";
import { SIGNED_IN } from "../catalog/visibility/audiences.ts";
import { addAppAudiences, markTold } from "../catalog/visibility/records.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import {
  type AppId,
  type Audience,
  EVERYBODY,
  newId,
  type OrganisationId,
  type Sha256,
  type VersionCode,
} from "../ids.ts";

export type MadeUpApp = {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly summary?: Readonly<Record<string, string>>;
  /** What its listing says, in English. */
  readonly description?: string;
  readonly category?: string;
  /** For who is signed in; otherwise for everybody. */
  readonly isPrivate?: boolean;
  /** For these instead. */
  readonly audiences?: readonly Audience[];
};

export async function insertPublished(
  store: Pick<Store, "db" | "clock">,
  organisationId: OrganisationId,
  apps: readonly MadeUpApp[],
): Promise<void> {
  const now = store.clock.now();
  write(store.db, (tx) => {
    for (const [n, app] of apps.entries()) {
      const { name, summary = {}, description, isPrivate = false, audiences, ...others } = app;
      const seenBy = audiences ?? [isPrivate ? SIGNED_IN : EVERYBODY];
      const id = app.id as AppId;
      const [defaultLocale = "en"] = Object.keys(name);
      const texts = { name: name[defaultLocale] ?? "", summary: summary[defaultLocale] ?? "" };
      insertApp(tx, {
        id,
        organisationId,
        ...texts,
        createdBy: "test",
        createdAt: now,
        updatedAt: now,
        publishedAt: now,
        publicAt: seenBy.includes(EVERYBODY) ? now : null,
        catalogueShard: n % 256,
        revision: 1,
      });
      insertVersion(tx, {
        id: newId("ver"),
        appId: id,
        versionCode: 1 as VersionCode,
        version: "1.0.0",
        state: "published",
        stateChangedAt: now,
        manifest: JSON.stringify({ ...others, name, summary, defaultLocale }),
        contentDigest: digestOf(`content of ${id}`),
        uploadSha256: digestOf(`upload of ${id}`),
        uploadSizeBytes: 1,
        notes: "",
        hold: false,
        uploadedBy: "test",
        createdAt: now,
        publishedAt: now,
        revision: 1,
      });
      if (description !== undefined) {
        const document = { ...EMPTY_LISTING, texts: { en: { description } } };
        writeListing(tx, id, { revision: 1, document, changedBy: "test", changedAt: now }, 1);
      }
      addAppAudiences(tx, { id, shard: n % 256 }, seenBy, now);
      markTold(tx, id, now);
    }
  });
  await keepAllSearchable(
    store.db,
    apps.map(({ id }) => id as AppId),
  );
}

function digestOf(text: string): Sha256 {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex") as Sha256;
}
