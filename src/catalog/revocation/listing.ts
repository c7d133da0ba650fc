/** What is revoked at present, the lowest versions, and everything that was done about either. */
import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, OrganisationId, VersionCode } from "../../ids.ts";
import { parseTarget, type Target } from "./change.ts";
import { type RevocationView, revocationView } from "./in-force.ts";
import * as records from "./records.ts";
import { lookUpSubject } from "./subjects.ts";

/** With what people know it by, and whose it is; null for what the store has forgotten, and `organisationId` for what is the store's own. */
export type Listed<T> = T & { readonly label: string | null; readonly organisationId: OrganisationId | null };

export type LowestView = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  readonly reason: string;
  readonly setAt: Date;
  readonly setBy: string;
};

export type RevocationEventView = {
  readonly id: string;
  readonly act: records.EventRow["act"];
  readonly subject: Target["subject"];
  readonly target: string;
  readonly versionCode: VersionCode | null;
  readonly approvalsUntil: Date | null;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
};

type Reader = Pick<Store, "db">;

/** What was revoked last comes first. A cursor that names nothing begins at the start. */
export function listRevocations(
  store: Reader,
  actor: Actor,
  page: PageRequest,
): Page<Listed<RevocationView>> {
  authorise(actor, "revocation.read");
  const tx = store.db.orm;
  const after = page.after === undefined ? undefined : findCursor(tx, page.after);
  const rows = records.selectRevocations(tx, {
    ...(after === undefined ? {} : { after }),
    limit: page.limit + 1,
  });
  return pageOf(rows, page.limit, cursorOf, (row) => ({
    ...revocationView(row),
    ...namesOf(tx, { subject: row.subject, id: row.target }),
  }));
}

function cursorOf(row: records.RevocationRow): string {
  return `${row.subject}.${row.target}`;
}

function findCursor(tx: Tx, text: string): records.RevocationRow | undefined {
  const [, subject = "", id = ""] = /^([a-z]+)\.(.*)$/s.exec(text) ?? [];
  try {
    const target = parseTarget(subject, id);
    return records.findRevocation(tx, target.subject, target.id);
  } catch (error) {
    if (isProblem(error)) return undefined;
    throw error;
  }
}

/** By app id. */
export function listLowest(store: Reader, actor: Actor, page: PageRequest): Page<Listed<LowestView>> {
  authorise(actor, "revocation.read");
  const tx = store.db.orm;
  const rows = records.selectLowest(tx, oneMore(page));
  return pageOf(
    rows,
    page.limit,
    (row) => row.appId,
    (row) => ({ ...row, ...namesOf(tx, { subject: "app", id: row.appId }) }),
  );
}

/** The newest first. */
export function listRevocationEvents(
  store: Reader,
  actor: Actor,
  page: PageRequest,
): Page<Listed<RevocationEventView>> {
  authorise(actor, "revocation.read");
  const tx = store.db.orm;
  const rows = records.selectEvents(tx, oneMore(page));
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => ({ ...row, ...namesOf(tx, { subject: row.subject, id: row.target }) }),
  );
}

function namesOf(tx: Tx, target: Target) {
  const known = lookUpSubject(tx, target);
  return { label: known?.label ?? null, organisationId: known?.organisationId ?? null };
}
