/** `/admin/audit`, and for an organisation's owners `/organisations/…/audit`. */

import { Type } from "@sinclair/typebox";
import { narrowedHref } from "../../../views/components/filter-form.tsx";
import { ZONE_FIELD } from "../../../views/components/form-zone.tsx";
import {
  AUDIT_FILTERS,
  type AuditFilterName,
  type AuditFilters,
  type AuditProps,
  auditPage,
} from "../../../views/pages/audit.tsx";
import { type AuditQuery, beforeAudit, listAudit, readAudit } from "../../accounts/audit-log.ts";
import { organisationsOf, readOrganisation } from "../../accounts/organisations.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../../audit/actions.ts";
import { auditVerdict } from "../../audit/check.ts";
import type { AuditPlace } from "../../audit/records.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { sayText, type Words } from "../../say.ts";
import { momentIn, UTC, wallText, zoneOf } from "../../zones.ts";
import { exportReply } from "../audit-export.ts";
import { beginOf } from "../audit-page.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { redirect } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, oneOf, PAGE_QUERY } from "../schemas.ts";
import { AUDIT_ENTRY, AUDIT_QUERY, auditQuery, cursorOf } from "../schemas-audit.ts";
import { parseJsonValue } from "../validate.ts";
import { entryRow } from "./audit-rows.ts";
import { attempt, fieldErrors } from "./form.ts";
import { pagerOf, show, zoneOfReader } from "./page.ts";

const PATH = "/admin/audit";
const PER_PAGE = 25;

const FILTERS = Object.fromEntries(AUDIT_FILTERS.map((name) => [name, Type.Optional(Type.String())]));
/** What the form sends beside them. */
const ZONE = Type.Optional(Type.String());
const QUERY = Type.Object({ ...FILTERS, [ZONE_FIELD]: ZONE, cursor: PAGE_QUERY.cursor });
const STORE_QUERY = Type.Object({ ...QUERY.properties, entry: AUDIT_ENTRY });
const EXPORT_QUERY = Type.Object({
  ...FILTERS,
  [ZONE_FIELD]: ZONE,
  format: Type.Optional(oneOf("jsonl", "csv")),
});
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID });

type Asked = Readonly<Record<string, unknown>>;
type Scope = { readonly path: string; readonly organisationId?: OrganisationId };

export const auditRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "audit.read",
    name: "auditPage",
    summary: "Who changed what in the whole store",
    query: STORE_QUERY,
    handle: (call) => showAudit(call, { path: PATH }, call.query),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/export`,
    access: "audit.read",
    name: "auditExportPage",
    summary: "The same as a file",
    query: EXPORT_QUERY,
    handle: (call) => sendAudit(call, { path: PATH }, call.query, call.query.format ?? "jsonl"),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/organisations/:organisationId/audit",
    access: "audit.read",
    name: "organisationAuditPage",
    summary: "Who changed what in an organisation",
    params: PARAMS,
    query: QUERY,
    handle: (call) => showAudit(call, scopeOf(call.params.organisationId), call.query),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/organisations/:organisationId/audit/export",
    access: "audit.read",
    name: "organisationAuditExportPage",
    summary: "The same as a file",
    params: PARAMS,
    query: EXPORT_QUERY,
    handle: (call) =>
      sendAudit(call, scopeOf(call.params.organisationId), call.query, call.query.format ?? "jsonl"),
  }),
];

function scopeOf(organisationId: OrganisationId): Scope {
  return { path: `/organisations/${organisationId}/audit`, organisationId };
}

async function showAudit(
  call: CallBase,
  scope: Scope,
  asked: Asked & { readonly cursor?: string; readonly entry?: number },
) {
  const { store, actor } = call;
  const filters = filtersOf(call, asked);
  const zone = zoneOfReader(store, actor);
  const query = await attempt(() => queryOf(filters, scope));
  const failed = isProblem(query) ? query : null;
  // The address is for others too, whose zone may be another one: what the form sent without one is said in UTC.
  const isOfZone = asked[ZONE_FIELD] !== undefined || TIMES.some((name) => isLocal(asked[name]));
  if (failed === null && isOfZone) return redirect(shareable(scope, filters, asked));
  const { limit, after } = pageRequest("audit", { ...asked, limit: PER_PAGE });
  const place = beginOf(store, actor, after, asked.entry);
  const page = await pageOf(call, isProblem(query) ? queryOf({}, scope) : query, place, limit);
  const own = actor.kind === "account" ? organisationsOf(store, actor.accountId) : [];
  const { organisationId } = scope;
  const props: AuditProps = {
    // Who may not read it was refused above.
    of: organisationId === undefined ? null : readOrganisation(store, organisationId),
    path: scope.path,
    own: own.filter(({ role }) => role === "owner"),
    filters,
    times: { since: shownTime(zone, filters.since), until: shownTime(zone, filters.until) },
    wrong: failed === null ? [] : wrongOf(failed),
    actions: ACTIONS.filter(({ isOfStore }) => organisationId === undefined || !isOfStore),
    entries: page.items.map(entryRow),
    opened: asked.entry ?? null,
    pager: pagerOf(
      "audit",
      narrowedHref(scope.path, filters),
      {
        // A page that begins with an entry has newer ones before it, as any but the first.
        after: after ?? (place === null ? undefined : cursorOf(store, place)),
        nextCursor: page.next === null ? null : cursorOf(store, page.next),
      },
      () => (page.before === null ? null : cursorOf(store, page.before)),
    ),
    check: organisationId === undefined ? checkOf(call) : null,
  };
  return show(call, (ctx) => auditPage(ctx, props), failed === null ? {} : { status: statusOf(failed) });
}

async function pageOf(
  { store, actor }: CallBase,
  query: AuditQuery,
  place: AuditPlace | null,
  limit: number,
) {
  const page = await listAudit(store, actor, query, { limit, ...(place === null ? {} : { beyond: place }) });
  const before = place === null ? null : await beforeAudit(store, actor, query, { place, limit });
  return { ...page, before };
}

function sendAudit(call: CallBase, scope: Scope, asked: Asked, format: "jsonl" | "csv"): Response {
  const { store, actor } = call;
  const query = queryOf(filtersOf(call, asked), scope);
  return exportReply(readAudit(store, actor, query), format, store.clock.now());
}

/** What is asked for, with times in UTC; those that say no zone are of the form's, else of the reader's. */
function filtersOf({ store, actor }: CallBase, asked: Asked): AuditFilters {
  const textOf = (name: string) => {
    const value = asked[name];
    return typeof value === "string" ? value.trim() : "";
  };
  const said = textOf(ZONE_FIELD);
  const zone = said === "" ? zoneOfReader(store, actor) : zoneOf(said);
  const wantedOf = (name: AuditFilterName) =>
    TIMES.includes(name) ? inUtc(zone, textOf(name)) : textOf(name);
  return Object.fromEntries(AUDIT_FILTERS.map((name) => [name, wantedOf(name)])) as AuditFilters;
}

const TIMES: readonly AuditFilterName[] = ["since", "until"];

/** In UTC, or as much before or after it. */
const WITH_ZONE = /T.*(?:Z|[+-]\d\d:\d\d)$/;

/** A day and a time that say no zone. */
const isLocal = (text: unknown): boolean =>
  typeof text === "string" && !Number.isNaN(momentIn(UTC, text.trim()).getTime());

/** What is no time, and one that is of a zone that there is not, stays, to be refused. */
function inUtc(zone: string | null, text: string): string {
  const at = WITH_ZONE.test(text) ? new Date(text) : zone === null ? null : momentIn(zone, text);
  return at === null || Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** As the fields of the form take it. */
function shownTime(zone: string, text: string): string {
  const at = new Date(WITH_ZONE.test(text) ? text : Number.NaN);
  return Number.isNaN(at.getTime()) ? text : wallText(zone, at);
}

/** The same page's address in which nothing is of somebody's zone. */
function shareable({ path }: Scope, filters: AuditFilters, asked: Asked): string {
  const { cursor, entry } = asked;
  return narrowedHref(path, {
    ...filters,
    ...(typeof cursor === "string" ? { cursor } : {}),
    ...(typeof entry === "number" ? { entry: String(entry) } : {}),
  });
}

/** As the API takes it, by the same rules. @throws Problem `request.invalid` */
function queryOf(filters: Partial<AuditFilters>, { organisationId }: Scope): AuditQuery {
  const given = Object.entries(filters).filter(([, text]) => text !== "");
  const query = parseJsonValue(Type.Object(AUDIT_QUERY), Object.fromEntries(given));
  return auditQuery({ ...query, ...(organisationId === undefined ? {} : { organisationId }) });
}

function wrongOf(problem: Problem): AuditFilterName[] {
  const errors = fieldErrors(problem, AUDIT_FILTERS);
  return AUDIT_FILTERS.filter((name) => errors.some(({ field }) => field === name));
}

function checkOf({ store }: CallBase): AuditProps["check"] {
  const verdict = auditVerdict(store);
  if (verdict === null) return "never";
  return { at: verdict.checkedAt, size: verdict.sound.size, damage: verdict.damage };
}

/** By the first word of each. */
const ACTIONS = (() => {
  type Group = AuditProps["actions"][number]["group"];
  const groups = new Map<Group, { action: AuditAction; meaning: Words }[]>();
  for (const [action, meaning] of Object.entries(AUDIT_ACTIONS) as [AuditAction, string][]) {
    const group = action.slice(0, action.indexOf(".")) as Group;
    groups.set(group, [...(groups.get(group) ?? []), { action, meaning: sayText(meaning) }]);
  }
  // Entries about the store itself belong to no organisation.
  const ofStore: readonly Group[] = ["store", "storekey", "tokenkey", "job", "message", "account", "session"];
  return [...groups].map(([group, options]) => ({ group, options, isOfStore: ofStore.includes(group) }));
})();
