/** What `mosis admin audit` asks of a store. */
import { type Static, type TObject, Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import type { AuditQuery } from "../../accounts/audit-log.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../../audit/actions.ts";
import { checkAudit } from "../../audit/check.ts";
import type { Store } from "../../context.ts";
import type { Sha256 } from "../../ids.ts";
import { auditPage, auditStep } from "../audit-page.ts";
import { oneOf, SHA256 } from "../schemas.ts";
import { AUDIT_QUERY, auditQuery } from "../schemas-audit.ts";
import { parseJsonValue } from "../validate.ts";
import { findOrganisation } from "./find.ts";
import { type Operation, operation } from "./operation.ts";

const TIME = t.Optional(t.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" }));

const FILTERS = {
  actor: t.Optional(t.String()),
  action: t.Optional(oneOf(...(Object.keys(AUDIT_ACTIONS) as AuditAction[]))),
  subject: t.Optional(t.String()),
  organisation: t.Optional(t.String()),
  requestId: t.Optional(t.String()),
  search: t.Optional(t.String()),
  since: TIME,
  until: TIME,
};

/** By the rules of the API, which bound what is looked for. */
function queryOf(store: Store, filters: Static<TObject<typeof FILTERS>>): AuditQuery {
  const { organisation, search, ...others } = filters;
  return auditQuery(
    parseJsonValue(t.Object(AUDIT_QUERY), {
      ...others,
      ...(organisation === undefined ? {} : { organisationId: findOrganisation(store, organisation) }),
      ...(search === undefined ? {} : { q: search }),
    }),
  );
}

export const AUDIT_OPERATIONS: readonly (readonly [string, Operation])[] = [
  [
    "audit.list",
    operation(
      t.Object({
        ...FILTERS,
        limit: t.Integer({ minimum: 1, maximum: 1000 }),
        cursor: t.Optional(t.String()),
      }),
      (store, { limit, cursor, ...filters }) =>
        auditPage(store, OPERATOR, queryOf(store, filters), {
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        }),
    ),
  ],
  [
    "audit.export",
    operation(t.Object({ ...FILTERS, cursor: t.Optional(t.String()) }), (store, { cursor, ...filters }) =>
      auditStep(store, OPERATOR, queryOf(store, filters), cursor),
    ),
  ],
  [
    "audit.verify",
    operation(
      t.Object({
        head: t.Optional(t.Object({ size: t.Integer({ minimum: 0 }), hash: t.Unsafe<Sha256>(SHA256) })),
      }),
      (store, { head }) => checkAudit(store, head ?? null),
    ),
  ],
];
