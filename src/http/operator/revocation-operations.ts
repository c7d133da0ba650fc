/** What `mosis admin revoke`, `lift`, `lowest-version` and `revocations` do, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import { revoke } from "../../catalog/revocation/act.ts";
import { inputOf } from "../../catalog/revocation/change.ts";
import { listLowest, listRevocationEvents, listRevocations } from "../../catalog/revocation/listing.ts";
import { lookAtRevocation } from "../../catalog/revocation/preview.ts";
import { type Operation, operation, PAGE } from "./operation.ts";

const ACT = {
  act: t.Union([t.Literal("revoke"), t.Literal("lift"), t.Literal("lowest-version")]),
  subject: t.Optional(t.String()),
  id: t.Optional(t.String()),
  action: t.Optional(t.String()),
  approvalsUntil: t.Optional(t.String()),
  appId: t.Optional(t.String()),
  versionCode: t.Optional(t.Integer()),
  reason: t.String(),
};

export const REVOCATION_OPERATIONS: readonly (readonly [string, Operation])[] = [
  [
    "revocation.preview",
    operation(t.Object({ ...ACT, ...PAGE }), (store, input) =>
      lookAtRevocation(store, OPERATOR, inputOf(input), input),
    ),
  ],
  [
    "revocation.act",
    operation(t.Object({ ...ACT, scope: t.String() }), (store, input) =>
      revoke(store, OPERATOR, inputOf(input), input.scope),
    ),
  ],
  ["revocation.list", operation(t.Object(PAGE), (store, input) => listRevocations(store, OPERATOR, input))],
  ["revocation.lowest", operation(t.Object(PAGE), (store, input) => listLowest(store, OPERATOR, input))],
  [
    "revocation.events",
    operation(t.Object(PAGE), (store, input) => listRevocationEvents(store, OPERATOR, input)),
  ],
];
