/** Reading and changing what the store shows of an app. What devices show stays what its signed package says. */

import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import type { AuditChange, AuditFacts } from "../../audit/entry.ts";
import { beginningOf, differing } from "../../audit/facts.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { sha256Hex } from "../../format/digests.ts";
import type { AppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findAppFor } from "../apps.ts";
import type { AppRow, VersionRow } from "../records.ts";
import * as catalog from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import { keepSearchable } from "../search/keep.ts";
import {
  checkListing,
  EMPTY_LISTING,
  LINK_KINDS,
  type ListingDocument,
  type ListingInput,
  TEXT_FIELDS,
} from "./document.ts";
import * as records from "./records.ts";
import { packageTexts } from "./shown.ts";
import { type LocalTexts, type PackageTexts, shownTexts } from "./texts.ts";

/** So many are kept to be brought back; what they changed stands in the audit log for as long as that does. */
export const KEPT_REVISIONS = 20;

export type StoreListingView = {
  readonly appId: AppId;
  /** 0 until somebody writes one. */
  readonly revision: number;
  readonly updatedAt: Date | null;
  readonly document: ListingDocument;
  /** What the package says that it stands before: of the version that is offered, or of the newest that was read. */
  readonly package: PackageTexts;
  /** What the store shows, in each language. */
  readonly shown: LocalTexts;
};

/** @throws Problem `app.not_found` */
export function readStoreListing(store: Pick<Store, "db">, actor: Actor, id: AppId): StoreListingView {
  const tx = store.db.orm;
  return viewOf(tx, findAppFor(tx, actor, "app.read", id));
}

/** With another document in place of its own: what it would come to. @throws Problem `listing.invalid` */
export function previewStoreListing(view: StoreListingView, input: ListingInput): StoreListingView {
  const document = checkListing(input);
  return { ...view, document, shown: shownTexts(view.package, document) };
}

function viewOf(tx: Tx, app: AppRow): StoreListingView {
  const { document, revision, updatedAt } = records.findListing(tx, app.id);
  const from = packageTexts(app, describing(tx, app.id));
  return { appId: app.id, revision, updatedAt, document, package: from, shown: shownTexts(from, document) };
}

/** The language of an app's own texts, as its package says. */
export function defaultLocaleOf(tx: Tx, app: AppRow): string {
  return packageTexts(app, describing(tx, app.id)).defaultLocale;
}

/** The version whose package is shown: as the store offers it; before that, the newest one. */
export function describing(tx: Tx, id: AppId): VersionRow | undefined {
  return selectOffered(tx, id, 1)[0] ?? catalog.selectNewestVersions(tx, [id]).get(id);
}

/**
 * Puts the document in the place of the one before; one that says the same changes nothing.
 * @throws Problem `app.not_found`, `listing.invalid`, `precondition.failed`, `rights.forbidden`
 */
export function changeStoreListing(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: AppId,
  input: ListingInput,
  ifMatch?: IfMatch,
): StoreListingView {
  return write(store.db, (tx) => changeListingIn(tx, actor, id, input, store.clock.now(), ifMatch));
}

/** The same inside of another's transaction: a new app may say it at once. */
export function changeListingIn(
  tx: Tx,
  actor: Actor,
  id: AppId,
  input: ListingInput,
  now: Date,
  ifMatch?: IfMatch,
): StoreListingView {
  const app = findAppFor(tx, actor, "app.change", id);
  const before = records.findListing(tx, id);
  ifUnchanged(before.revision, ifMatch);
  const document = checkListing(input);
  if (!Bun.deepEquals(document, before.document)) put(tx, actor, app, before, document, now);
  return viewOf(tx, app);
}

export type ListingRevision = Pick<records.RevisionRow, "revision" | "changedBy" | "changedAt">;

/** What can be brought back, the last first. @throws Problem `app.not_found` */
export function listStoreListingRevisions(
  store: Pick<Store, "db">,
  actor: Actor,
  id: AppId,
): readonly ListingRevision[] {
  const tx = store.db.orm;
  findAppFor(tx, actor, "app.read", id);
  return records.selectRevisions(tx, id).map(({ document: _, ...rest }) => rest);
}

/**
 * Makes the listing what it was in a revision; 0 is the one that nobody wrote. It is a new revision itself.
 * @throws Problem `app.not_found`, `listing.revision_not_found`, `precondition.failed`, `rights.forbidden`
 */
export function restoreStoreListing(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: AppId,
  to: number,
  ifMatch?: IfMatch,
): StoreListingView {
  return write(store.db, (tx) => {
    const app = findAppFor(tx, actor, "app.change", id);
    const before = records.findListing(tx, id);
    ifUnchanged(before.revision, ifMatch);
    const found = records.selectRevisions(tx, id).find(({ revision }) => revision === to);
    if (found === undefined && to !== 0) {
      throw new Problem(
        "not_found",
        "listing.revision_not_found",
        say`There is no revision ${to} of the listing of ${id}, or it is not kept any more: the last ${KEPT_REVISIONS} are.`,
      );
    }
    const document = found?.document ?? EMPTY_LISTING;
    if (!Bun.deepEquals(document, before.document)) put(tx, actor, app, before, document, store.clock.now());
    return viewOf(tx, app);
  });
}

function put(
  tx: Tx,
  actor: Actor,
  app: AppRow,
  before: records.ListingRow,
  document: ListingDocument,
  now: Date,
): void {
  const revision = before.revision + 1;
  const row = { revision, document, changedBy: actorLabel(actor), changedAt: now };
  records.writeListing(tx, app.id, row, KEPT_REVISIONS);
  if (selectOffered(tx, app.id, 1).length > 0) keepSearchable(tx, app.id);
  const facts = differing(factsOf(before.document), factsOf(document));
  const { id, organisationId } = app;
  const change: AuditChange = {
    action: "app.listing_changed",
    subject: { type: "app", id },
    organisationId,
    ...facts,
  };
  recordChange(tx, auditAuthor(actor), change, now);
}

/** Flat, so that an entry says which field changed. */
function factsOf({ texts, tags, links }: ListingDocument): AuditFacts {
  const facts: [string, string | null][] = [["tags", tags.length === 0 ? null : tags.join(", ")]];
  for (const kind of LINK_KINDS) facts.push([`link.${kind}`, links[kind] ?? null]);
  for (const [locale, said] of Object.entries(texts))
    for (const field of TEXT_FIELDS) {
      const text = said[field];
      if (text === undefined) continue;
      const beginning = beginningOf(text);
      facts.push([`${field}.${locale}`, beginning]);
      // A change behind its beginning is one, too.
      if (beginning !== text) facts.push([`${field}.${locale}.sha256`, sha256Hex(Buffer.from(text))]);
    }
  return Object.fromEntries(facts.filter(([, value]) => value !== null)) as AuditFacts;
}
