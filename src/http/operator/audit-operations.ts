/** What `mosis admin audit` asks of a store. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import { AUDIT_ACTIONS, type AuditAction } from "../../audit/actions.ts";
import { checkAudit } from "../../audit/check.ts";
import type { Sha256 } from "../../ids.ts";
import { auditPage } from "../audit-page.ts";
import { oneOf, SHA256 } from "../schemas.ts";
import { auditQuery } from "../schemas-audit.ts";
import { findOrganisation } from "./find.ts";
import { type Operation, operation } from "./operation.ts";

const TIME = t.Optional(t.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" }));

export const AUDIT_OPERATIONS: readonly (readonly [string, Operation])[] = [
  [
    "audit.list",
    operation(
      t.Object({
        limit: t.Integer({ minimum: 1, maximum: 1000 }),
        actor: t.Optional(t.String()),
        action: t.Optional(oneOf(...(Object.keys(AUDIT_ACTIONS) as AuditAction[]))),
        subject: t.Optional(t.String()),
        organisation: t.Optional(t.String()),
        requestId: t.Optional(t.String()),
        search: t.Optional(t.String()),
        cursor: t.Optional(t.String()),
        since: TIME,
        until: TIME,
      }),
      (store, { limit, cursor, organisation, search, ...filters }) => {
        const query = auditQuery({
          ...filters,
          ...(organisation === undefined ? {} : { organisationId: findOrganisation(store, organisation) }),
          ...(search === undefined ? {} : { q: search }),
        });
        return auditPage(store, OPERATOR, query, { limit, ...(cursor === undefined ? {} : { cursor }) });
      },
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
