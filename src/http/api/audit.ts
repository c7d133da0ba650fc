/** /api/v1/audit: who changed what, for who may read it. */
import { Type } from "@sinclair/typebox";
import { readAudit, readAuditHead } from "../../accounts/audit-log.ts";
import { EXPORT_TYPES, exportReply } from "../audit-export.ts";
import { auditPage } from "../audit-page.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY } from "../schemas.ts";
import { AUDIT_ENTRY, AUDIT_HEAD, AUDIT_PAGE, AUDIT_QUERY, auditQuery, headJson } from "../schemas-audit.ts";

const PATH = "/api/v1/audit";
const TAG = "Audit log";

export const auditRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "audit.read",
    name: "listAudit",
    summary: "Search the audit log",
    description:
      "The newest first. Filters narrow each other. Whoever reads only for an organisation names it. A page may hold fewer than the limit, or nothing, and still have a nextCursor: where no filter but text remains, a page looks at some ten thousand entries.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, ...AUDIT_QUERY, entry: AUDIT_ENTRY }),
    replies: [{ status: 200, description: "A page of entries.", schema: AUDIT_PAGE }],
    errors: ["cursor.invalid", "organisation.not_found", "not_found"],
    handle: async ({ store, actor, query }) => json(await auditPage(store, actor, auditQuery(query), query)),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/export`,
    access: "audit.read",
    name: "exportAudit",
    summary: "All that the filters let pass, as a file",
    description:
      "The oldest first, as JSON lines or CSV (RFC 4180), sent while it is read. A line of JSON is an entry as the list gives it. A field of CSV that a spreadsheet could take for a formula begins with an apostrophe.",
    tag: TAG,
    query: Type.Object({ ...AUDIT_QUERY, format: oneOf("jsonl", "csv") }),
    replies: [
      { status: 200, description: "The entries.", mediaType: EXPORT_TYPES.jsonl, streamed: true },
      { status: 200, description: "The entries.", mediaType: EXPORT_TYPES.csv, streamed: true },
    ],
    errors: ["organisation.not_found"],
    handle: ({ store, actor, query }) =>
      exportReply(readAudit(store, actor, auditQuery(query)), query.format, store.clock.now()),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/head`,
    access: "audit.read",
    name: "readAuditHead",
    summary: "How long the audit log is, its last hash, and what the last check found",
    description:
      "Size and hash, kept elsewhere, tell later whether the log still goes on from them: mosis admin audit verify --head SIZE:HASH. The store computes every hash again once a day.",
    tag: TAG,
    replies: [{ status: 200, description: "The head.", schema: AUDIT_HEAD }],
    handle: ({ store, actor }) => json(headJson(readAuditHead(store, actor))),
  }),
];
