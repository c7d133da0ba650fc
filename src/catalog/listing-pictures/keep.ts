/**
 * The pictures of an app's listing: uploaded, put in order, described and removed by who may change the listing. They stand before
 * those of its packages in the store; devices go on showing what the signed package has.
 */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { stillActing } from "../../accounts/still.ts";
import type { AuditFacts } from "../../audit/entry.ts";
import { differing } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { type AppId, type ListingPictureId, newId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findAppFor } from "../apps.ts";
import type { LocalTexts } from "../local-texts.ts";
import { selectIconKeys } from "../pictures.records.ts";
import { placed } from "../places.ts";
import type { AppRow } from "../records.ts";
import { keepUploaded } from "../shown-pictures/keep-uploaded.ts";
import type { AppPictureKind } from "../shown-pictures/sizes.ts";
import { type ShownPicture, shownPictures } from "../shown-pictures/views.ts";
import { defaultLocaleOf, describing } from "../store-listing/store-listing.ts";
import { checkSaid, refuseTooMany } from "./decide.ts";
import { PICTURE_RULES } from "./limits.ts";
import * as records from "./records.ts";
import { packageScreenshots, type ShownScreenshot, screenshotsOfApp } from "./shown.ts";

type Acting = Pick<Store, "db" | "clock" | "config">;

export type ListingPicture = Omit<records.PictureRow, "appId" | "position" | "blobKey"> & {
  /** Among pictures of its kind, 1 being the first. */
  readonly place: number;
  readonly shown: ShownPicture;
};

export type ListingPictures = {
  readonly appId: AppId;
  /** 0 until somebody changes one. */
  readonly revision: number;
  /** Null: that of the package is shown. */
  readonly icon: ListingPicture | null;
  /** Without any, those of the package are shown. */
  readonly screenshots: readonly ListingPicture[];
};

/** @throws Problem `app.not_found` */
export function readListingPictures(store: Pick<Store, "db">, actor: Actor, id: AppId): ListingPictures {
  const tx = store.db.orm;
  return viewOf(tx, findAppFor(tx, actor, "app.read", id).id);
}

function viewOf(tx: Tx, appId: AppId): ListingPictures {
  const rows = records.selectListingPictures(tx, appId);
  const of = (kind: AppPictureKind): ListingPicture[] => {
    const some = rows.filter((row) => row.kind === kind);
    const shown = shownPictures(tx, kind, some);
    return some.flatMap(({ appId: _, position: place, blobKey: __, ...row }, at) => {
      const picture = shown[at];
      return picture === undefined ? [] : [{ ...row, place, shown: picture }];
    });
  };
  const [icon = null] = of("icon");
  return { appId, revision: records.findPicturesRevision(tx, appId), icon, screenshots: of("screenshot") };
}

export type PicturesShown = {
  /** Address of the icon of the package, without the first slash, in the size that lists name; null: there is none. */
  readonly packageIconKey: string | null;
  /** As the store shows them, or would. */
  readonly screenshots: readonly ShownScreenshot[];
  /** How many of them the package has. */
  readonly packageScreenshots: number;
};

/** Beside the listing's own pictures, what the package has, and what comes of both. @throws Problem `app.not_found` */
export function readShownPictures(store: Pick<Store, "db">, actor: Actor, id: AppId): PicturesShown {
  const tx = store.db.orm;
  const app = findAppFor(tx, actor, "app.read", id);
  const version = describing(tx, app.id);
  if (version === undefined)
    return { packageIconKey: null, screenshots: screenshotsOfApp(tx, id, null), packageScreenshots: 0 };
  return {
    packageIconKey: selectIconKeys(tx, [version.id])[0]?.key ?? null,
    screenshots: screenshotsOfApp(tx, id, version),
    packageScreenshots: packageScreenshots(tx, version).length,
  };
}

export type NewPicture = {
  readonly kind: AppPictureKind;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Of a screenshot: the language of those whom it is for; null: everybody. */
  readonly locale: string | null;
  /** Of a screenshot: what it says to who does not see it, in that language, or in the app's own. */
  readonly alt: string;
};

/**
 * One more screenshot, the last of them; or another icon in the place of the one before. It is kept as it came, and shown once its
 * sizes are made. A kill on the way leaves the set as it was.
 * @throws Problem `app.not_found`, `rights.forbidden`, `precondition.failed`, `picture.…`
 */
export async function addListingPicture(
  store: Store,
  actor: Actor,
  id: AppId,
  { kind, bytes, locale, alt }: NewPicture,
  ifMatch?: IfMatch,
): Promise<ListingPictures> {
  /** Asked again wherever it is acted upon; what can be refused is refused before bytes are taken, or kept. */
  const plan = (tx: Tx, sizeBytes: number) => {
    const { app, rows, revision } = look(store, tx, actor, id, ifMatch);
    const alts = alt.trim() === "" ? {} : { [locale ?? defaultLocaleOf(tx, app)]: alt };
    const said = checkSaid(kind, { locale, alts });
    const before = kind === "icon" ? rows.find((row) => row.kind === "icon") : undefined;
    const kept = rows.filter((row) => row.id !== before?.id);
    const one = { kind, sizeBytes, ...said };
    refuseTooMany([...kept, one], one);
    return { app, revision, before, one, position: kept.filter((row) => row.kind === kind).length + 1 };
  };
  plan(store.db.orm, 0);
  return keepUploaded(
    store,
    bytes,
    { rule: PICTURE_RULES[kind], kind },
    ({ sizeBytes }) => void plan(store.db.orm, sizeBytes),
    (tx, { blobKey, widthPx, heightPx, sizeBytes }, now) => {
      const { app, revision, before, one, position } = plan(tx, sizeBytes);
      const row: records.PictureRow = {
        ...{ id: newId("pic"), appId: id, position, blobKey, widthPx, heightPx, ...one },
        ...{ addedBy: actorLabel(actor), addedAt: now },
      };
      if (before !== undefined) records.deleteListingPicture(tx, before.id);
      records.insertListingPicture(tx, row);
      records.writePicturesRevision(tx, id, revision + 1, now);
      tell(tx, actor, app, "app.picture_added", before, row, now);
      return viewOf(tx, id);
    },
  );
}

export type PictureChange = {
  readonly alts?: LocalTexts;
  readonly locale?: string | null;
  /** 1 is the first; a place beyond the last is the last. */
  readonly place?: number;
};

/**
 * What is left out stays as it is; descriptions are replaced as a whole.
 * @throws Problem `picture.not_found`, `picture.invalid`, `picture.too_many`; those of `addListingPicture`
 */
export function changeListingPicture(
  store: Acting,
  actor: Actor,
  id: AppId,
  pictureId: ListingPictureId,
  change: PictureChange,
  ifMatch?: IfMatch,
): ListingPictures {
  return write(store.db, (tx) => {
    const { app, rows, revision } = look(store, tx, actor, id, ifMatch);
    const before = mustFind(rows, id, pictureId);
    const said = checkSaid(before.kind, {
      alts: change.alts ?? before.alts,
      locale: change.locale === undefined ? before.locale : change.locale,
    });
    const alike = rows.filter(({ kind }) => kind === before.kind);
    const isIt = (one: records.PictureRow) => one.id === pictureId;
    const after = placed(alike, { ...before, ...said }, change.place ?? before.position, isIt);
    const renumbered = after.map((row, at) => ({ ...row, position: at + 1 }));
    const row = mustFind(renumbered, id, pictureId);
    if (Bun.deepEquals(row, before)) return viewOf(tx, id);
    if (row.locale !== before.locale) refuseTooMany(renumbered, row);
    for (const one of renumbered) records.updateListingPicture(tx, one);
    const now = store.clock.now();
    records.writePicturesRevision(tx, id, revision + 1, now);
    tell(tx, actor, app, "app.picture_changed", before, row, now);
    return viewOf(tx, id);
  });
}

/** Without an icon, that of the package is shown again; so it is with the last of the screenshots. @throws Problem as `changeListingPicture` */
export function removeListingPicture(
  store: Acting,
  actor: Actor,
  id: AppId,
  pictureId: ListingPictureId,
  ifMatch?: IfMatch,
): ListingPictures {
  return write(store.db, (tx) => {
    const { app, rows, revision } = look(store, tx, actor, id, ifMatch);
    const before = mustFind(rows, id, pictureId);
    records.deleteListingPicture(tx, pictureId);
    const rest = rows.filter((row) => row.kind === before.kind && row.id !== pictureId);
    for (const [at, row] of rest.entries()) records.updateListingPicture(tx, { ...row, position: at + 1 });
    const now = store.clock.now();
    records.writePicturesRevision(tx, id, revision + 1, now);
    tell(tx, actor, app, "app.picture_removed", before, undefined, now);
    return viewOf(tx, id);
  });
}

/** Who acts may do so still, and the set is the one that was seen. */
function look(
  store: Acting,
  tx: Tx,
  actor: Actor,
  id: AppId,
  ifMatch: IfMatch | undefined,
): { readonly app: AppRow; readonly rows: readonly records.PictureRow[]; readonly revision: number } {
  const app = findAppFor(tx, stillActing(store, tx, actor), "app.change", id);
  const revision = records.findPicturesRevision(tx, id);
  ifUnchanged(revision, ifMatch);
  return { app, rows: records.selectListingPictures(tx, id), revision };
}

function mustFind(
  rows: readonly records.PictureRow[],
  appId: AppId,
  id: ListingPictureId,
): records.PictureRow {
  const row = rows.find((one) => one.id === id);
  if (row !== undefined) return row;
  throw pictureNotFound(appId);
}

export function pictureNotFound(appId: AppId): Problem {
  return new Problem(
    "not_found",
    "picture.not_found",
    say`There is no such picture in the listing of ${appId}, or it was removed.`,
  );
}

function tell(
  tx: Tx,
  actor: Actor,
  { id, organisationId }: AppRow,
  action: "app.picture_added" | "app.picture_changed" | "app.picture_removed",
  before: records.PictureRow | undefined,
  after: records.PictureRow | undefined,
  now: Date,
): void {
  const of = (row: records.PictureRow | undefined): AuditFacts => (row === undefined ? {} : factsOf(row));
  const facts = differing(of(before), of(after));
  const picture = { picture: (after ?? before)?.kind ?? null };
  recordChange(
    tx,
    auditAuthor(actor),
    {
      ...{ action, subject: { type: "app", id }, organisationId },
      before: before === undefined ? facts.before : { ...facts.before, ...picture },
      after: after === undefined ? facts.after : { ...facts.after, ...picture },
    },
    now,
  );
}

/** Flat, so that an entry says what changed; the picture by the digest of its file. */
function factsOf({ id, blobKey, position, locale, alts }: records.PictureRow): AuditFacts {
  const descriptions = Object.entries(alts).map(([tag, text]) => [`alt.${tag}`, text]);
  return {
    ...{ id, place: position, locale, sha256: /[0-9a-f]{64}/.exec(blobKey)?.[0] ?? null },
    ...Object.fromEntries(descriptions),
  };
}
