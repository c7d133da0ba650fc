/** A page of the audit log, as the API and the operator's commands answer with it. */
import type { Actor } from "../accounts/actor.ts";
import {
  type AuditPage,
  type AuditQuery,
  listAudit,
  placeOfEntry,
  readAuditStep,
} from "../accounts/audit-log.ts";
import { type AuditLine, auditLine } from "../audit/line.ts";
import type { AuditPlace } from "../audit/records.ts";
import type { Store } from "../context.ts";
import { pageAnswer, pageRequest } from "./cursor.ts";
import type { PageQuery } from "./schemas.ts";
import { cursorOf, placeOf } from "./schemas-audit.ts";

export type AuditLines = { readonly items: readonly AuditLine[]; readonly nextCursor: string | null };

/** @throws Problem `cursor.invalid`, and those of `listAudit` */
export async function auditPage(
  store: Store,
  actor: Actor,
  query: AuditQuery,
  page: PageQuery & { readonly entry?: number },
): Promise<AuditLines> {
  const { limit, after } = pageRequest("audit", page);
  const place = beginOf(store, actor, after, page.entry);
  return linesOf(
    store,
    await listAudit(store, actor, query, { limit, ...(place === null ? {} : { beyond: place }) }),
  );
}

/** What a page begins after: where the one before ended, or an entry that stands first; null: at the newest. */
export function beginOf(
  store: Store,
  actor: Actor,
  after: string | undefined,
  entry: number | undefined,
): AuditPlace | null {
  if (after !== undefined) return placeOf(store, after);
  return entry === undefined ? null : placeOfEntry(store, actor, entry);
}

/** The same for an export: the oldest first, in steps. */
export function auditStep(store: Store, actor: Actor, query: AuditQuery, cursor?: string): AuditLines {
  const { after } = pageRequest("audit", { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
  return linesOf(
    store,
    readAuditStep(store, actor, query, after === undefined ? null : placeOf(store, after)),
  );
}

function linesOf(store: Store, { items, next }: AuditPage): AuditLines {
  return pageAnswer("audit", { items, nextCursor: next === null ? null : cursorOf(store, next) }, auditLine);
}
