/** `/keys/:keyid`: one signing key, and revoking it in two steps by an owner of its organisation. */
import { Type } from "@sinclair/typebox";
import { KEY_FIELDS, keyPage } from "../../../views/pages/key.tsx";
import type { ActValues } from "../../../views/pages/revoke.tsx";
import { type Counts, revokePreviewPage } from "../../../views/pages/revoke-preview.tsx";
import { allows } from "../../accounts/rights.ts";
import { readDeveloperKey } from "../../catalog/developer-keys.ts";
import { recoveryChoices } from "../../catalog/recovery-choices.ts";
import { previewKeyRevocation, revokeDeveloperKey, stricterThan } from "../../catalog/revoke-key.ts";
import type { PageRequest } from "../../db/pages.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { formBody } from "../body.ts";
import { decodeCursor } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { KEY_ID } from "../schemas-keys.ts";
import { attempt, fieldErrors } from "./form.ts";
import { keyRow } from "./keys.ts";
import { goOn, show } from "./page.ts";
import { PREVIEW_LIST, previewProps, seenCounts } from "./revocation-preview.ts";

const PATH = "/keys/:keyid";
const PARAMS = Type.Object({ keyid: KEY_ID });
const PER_PAGE = 25;

type Typed = Readonly<Record<(typeof KEY_FIELDS)[number], string>>;
type KeyCall = CallBase & { readonly params: { readonly keyid: KeyId } };

function page(call: KeyCall, typed: Typed, problem: Problem | null): Promise<Response> {
  const { store, actor, params } = call;
  const view = readDeveloperKey(store, actor, params.keyid);
  const isOwner = allows(actor, "key.revoke", { organisationId: view.developerId });
  const stricter = isOwner ? stricterThan(view.revoked?.action ?? null) : [];
  return show(
    call,
    (ctx) =>
      keyPage(ctx, {
        key: {
          ...keyRow(call, view, ctx.now),
          certificate: fingerprintText(view.certificateSha256),
          revoked: view.revoked,
          organisationRevoked: view.developerRevoked,
          certificateRevoked: view.certificateRevoked,
          certificateDistrustedAt: view.certificateDistrustedAt,
        },
        stricter,
        mayManage: allows(actor, "revocation.manage"),
        mayRecover: recoveryChoices(store, actor).some((choice) => choice.keyid === view.keyid),
        ...typed,
        errors: problem === null ? [] : fieldErrors(problem, KEY_FIELDS),
      }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

/** What revoking the key would concern, or its page again with what is wrong. */
async function look(call: KeyCall, typed: Typed, pages: PageRequest, stale: Counts | null = null) {
  const { store, actor, params } = call;
  const { keyid } = params;
  const outcome = await attempt(() => previewKeyRevocation(store, actor, keyid, typed, pages));
  if (isProblem(outcome)) return page(call, typed, outcome);
  const values: ActValues = {
    ...typed,
    act: "revoke",
    subject: "key",
    id: keyid,
    approvalsUntil: "",
    appId: "",
    versionCode: "",
  };
  const own = `/keys/${keyid}`;
  return show(
    call,
    (ctx) =>
      revokePreviewPage(ctx, {
        ...previewProps(actor, values, outcome, stale),
        form: {
          title: ctx.t("keys.revoke"),
          crumbs: [
            { label: ctx.t("keys.title"), href: "/keys" },
            { label: ctx.t("keys.one"), href: own },
          ],
          act: `${own}/revoke`,
          look: `${own}/revoke/preview`,
          again: `${own}/revoke/new`,
          cancel: own,
          hidden: typed,
        },
      }),
    stale === null ? {} : { status: 409 },
  );
}

export const keyRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "key.read",
    name: "keyPage",
    summary: "One signing key",
    params: PARAMS,
    // The mildest that can be done is chosen, as in the command.
    handle: (call) => page(call, { action: "block", reason: "" }, null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/revoke/new`,
    access: "key.revoke",
    name: "revokeKeyAgainPage",
    summary: "The key with the form again, with what was typed",
    params: PARAMS,
    body: formBody(KEY_FIELDS),
    handle: (call) => page(call, call.body, null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/revoke/preview`,
    access: "key.revoke",
    name: "revokeKeyPreviewPage",
    summary: "What revoking the key would concern, and the question whether to do it",
    params: PARAMS,
    body: formBody([...KEY_FIELDS, "cursor"]),
    handle: (call) => {
      const { cursor, ...typed } = call.body;
      const after = cursor === "" ? {} : { after: decodeCursor(PREVIEW_LIST, cursor) };
      return look(call, typed, { ...after, limit: PER_PAGE });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/revoke`,
    access: "key.revoke",
    name: "revokeKeyForm",
    summary: "Revoke the key as it was shown",
    params: PARAMS,
    body: formBody([...KEY_FIELDS, "scope", "seen"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { scope, seen, ...typed } = body;
      const outcome = await attempt(() => revokeDeveloperKey(store, actor, params.keyid, typed, scope));
      if (!isProblem(outcome)) return goOn(call, `/keys/${params.keyid}`, "key_revoked");
      if (outcome.code !== "revocation.scope_changed") return page(call, typed, outcome);
      return look(call, typed, { limit: PER_PAGE }, seenCounts(seen));
    },
  }),
];
