/** A page of the audit log, as the API and the operator's commands answer with it. */
import type { Actor } from "../accounts/actor.ts";
import { type AuditQuery, listAudit } from "../accounts/audit-log.ts";
import { type AuditLine, auditLine } from "../audit/line.ts";
import type { Store } from "../context.ts";
import { pageAnswer, pageRequest } from "./cursor.ts";
import type { PageQuery } from "./schemas.ts";
import { cursorOf, placeOf } from "./schemas-audit.ts";

/** @throws Problem `cursor.invalid`, and those of `listAudit` */
export async function auditPage(
  store: Store,
  actor: Actor,
  query: AuditQuery,
  page: PageQuery,
): Promise<{ readonly items: AuditLine[]; readonly nextCursor: string | null }> {
  const { limit, after } = pageRequest("audit", page);
  const beyond = after === undefined ? {} : { beyond: placeOf(after) };
  const { items, next } = await listAudit(store, actor, query, { limit, ...beyond });
  return pageAnswer("audit", { items, nextCursor: next === null ? null : cursorOf(next) }, auditLine);
}
