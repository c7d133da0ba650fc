/** `/admin/revocations`: what is revoked, and revoking, lifting and lowest versions in two steps. */
import { Type } from "@sinclair/typebox";
import type { FieldError, PageContext } from "../../../views/page.ts";
import { type RevocationRow, revocationsPage } from "../../../views/pages/revocations.tsx";
import { type ActValues, revokePage } from "../../../views/pages/revoke.tsx";
import { type Counts, revokePreviewPage } from "../../../views/pages/revoke-preview.tsx";
import { allows } from "../../accounts/rights.ts";
import { revoke } from "../../catalog/revocation/act.ts";
import { inputOf, type RevocationInput } from "../../catalog/revocation/change.ts";
import { listLowest, listRevocationEvents, listRevocations } from "../../catalog/revocation/listing.ts";
import { lookAtRevocation, type Preview } from "../../catalog/revocation/preview.ts";
import type { PageRequest } from "../../db/pages.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { digitsText } from "../../signing/keys.ts";
import { formBody } from "../body.ts";
import { decodeCursor, pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY } from "../schemas.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";
import { calledBy, PREVIEW_LIST, previewProps, seenCounts } from "./revocation-preview.ts";

const PATH = "/admin/revocations";
const PER_PAGE = 25;
const FIELDS = ["subject", "id", "action", "reason", "approvalsUntil", "appId", "versionCode"] as const;
const BODY = ["act", ...FIELDS] as const;
const TEXT = Type.Optional(Type.String({ maxLength: 400 }));

type Form = Readonly<Record<"act" | (typeof FIELDS)[number], string>>;

/** An act that is none is taken for the first one, and asked for again. */
function valuesOf(form: Form): ActValues {
  const { act, ...rest } = form;
  return {
    ...rest,
    // As people copy it: with its digits in groups.
    id: rest.id.replaceAll(/\s/g, ""),
    act: act === "lift" || act === "lowest-version" ? act : "revoke",
  };
}

function actOf(values: ActValues): RevocationInput {
  const { versionCode, ...texts } = values;
  // What is no number is refused as 0 is, beside its field.
  return inputOf({ ...texts, versionCode: /^\d{1,10}$/.test(versionCode) ? Number(versionCode) : 0 });
}

function formPage(call: CallBase, values: ActValues, problem: Problem | null): Promise<Response> {
  const errors: FieldError[] =
    problem === null ? [] : fieldErrors(problem, FIELDS, { "revocation.subject_unknown": nameField(values) });
  return show(
    call,
    (ctx) => revokePage(ctx, { values, errors }),
    problem === null ? {} : { status: statusOf(problem) },
  );
}

const nameField = ({ act }: ActValues) => (act === "lowest-version" ? "appId" : "id");

function previewPage(
  call: CallBase,
  values: ActValues,
  preview: Preview,
  stale: Counts | null,
  status = 200,
) {
  return show(call, (ctx) => revokePreviewPage(ctx, previewProps(call.actor, values, preview, stale)), {
    status,
  });
}

/** The preview as a page, or the form again with what is wrong. */
async function look(call: CallBase, values: ActValues, page: PageRequest, stale: Counts | null = null) {
  const outcome = await lookAt(call, values, page);
  if (isProblem(outcome)) return formPage(call, values, outcome);
  return previewPage(call, values, outcome, stale, stale === null ? 200 : 409);
}

/** A name that the store does not know can be mended in the form too. */
async function lookAt(call: CallBase, values: ActValues, page: PageRequest): Promise<Preview | Problem> {
  try {
    return await attempt(() => lookAtRevocation(call.store, call.actor, actOf(values), page));
  } catch (error) {
    if (isProblem(error) && error.code === "revocation.subject_unknown") return error;
    throw error;
  }
}

type ListCall = CallBase & { readonly page: PageRequest };

function rowsOf(ctx: PageContext, { store, actor, page }: ListCall, view: "in_force" | "lowest" | "history") {
  const by = (label: string) => authorName(ctx, store, label);
  switch (view) {
    case "in_force": {
      const { items, nextCursor } = listRevocations(store, actor, page);
      const rows = items.map(
        ({ action, revokedAt, revokedBy, ...item }): RevocationRow => ({
          ...item,
          organisation: calledBy(actor, item),
          shownId: digitsText(item.id),
          act: action,
          versionCode: null,
          by: by(revokedBy),
          at: revokedAt,
        }),
      );
      return { rows, nextCursor };
    }
    case "lowest": {
      const { items, nextCursor } = listLowest(store, actor, page);
      const rows = items.map(
        ({ appId, setAt, setBy, ...item }): RevocationRow => ({
          ...item,
          subject: "app",
          id: appId,
          shownId: appId,
          organisation: null,
          act: "lowest-version",
          approvalsUntil: null,
          by: by(setBy),
          at: setAt,
        }),
      );
      return { rows, nextCursor };
    }
    case "history": {
      const { items, nextCursor } = listRevocationEvents(store, actor, page);
      const rows = items.map(
        ({ target, actor: who, ...item }): RevocationRow => ({
          ...item,
          id: target,
          shownId: digitsText(target),
          organisation: calledBy(actor, item),
          by: by(who),
        }),
      );
      return { rows, nextCursor };
    }
  }
}

export const revocationRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "revocation.read",
    name: "revocationsPage",
    summary: "What is revoked, the lowest versions, and what was done about either",
    query: Type.Object({
      cursor: PAGE_QUERY.cursor,
      show: Type.Optional(oneOf("in_force", "lowest", "history")),
    }),
    handle: (call) => {
      const view = call.query.show ?? "in_force";
      const list = `revocations-${view === "in_force" ? "in-force" : view}`;
      const page = pageRequest(list, { ...call.query, limit: PER_PAGE });
      return show(call, (ctx) => {
        const { rows, nextCursor } = rowsOf(ctx, { ...call, page }, view);
        const path = view === "in_force" ? PATH : `${PATH}?show=${view}`;
        return revocationsPage(ctx, {
          show: view,
          rows,
          mayManage: allows(call.actor, "revocation.manage"),
          // Back is the first page: these lists are short.
          pager: pagerOf(list, path, { ...page, nextCursor }, () => null),
        });
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/new`,
    access: "revocation.manage",
    name: "revokePage",
    summary: "The form of an act about what is revoked",
    query: Type.Object({ act: TEXT, subject: TEXT, id: TEXT, action: TEXT, appId: TEXT }),
    handle: (call) => {
      const { act = "", subject = "app", id = "", action = "", appId = "" } = call.query;
      const values = { act, subject, id, action, appId, reason: "", approvalsUntil: "", versionCode: "" };
      return formPage(call, valuesOf(values), null);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/new`,
    access: "revocation.manage",
    name: "revokeAgainPage",
    summary: "The form again, with what was typed",
    body: formBody(BODY),
    handle: (call) => formPage(call, valuesOf(call.body), null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/preview`,
    access: "revocation.manage",
    name: "revokePreviewPage",
    summary: "What an act would concern, and the question whether to do it",
    body: formBody([...BODY, "cursor"]),
    handle: (call) => {
      const { cursor, ...form } = call.body;
      const after = cursor === "" ? {} : { after: decodeCursor(PREVIEW_LIST, cursor) };
      return look(call, valuesOf(form), { ...after, limit: PER_PAGE });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "revocation.manage",
    name: "revokeForm",
    summary: "Do what was shown",
    body: formBody([...BODY, "scope", "seen"]),
    handle: async (call) => {
      const { scope, seen, ...form } = call.body;
      const values = valuesOf(form);
      const outcome = await attempt(() => revoke(call.store, call.actor, actOf(values), scope));
      if (!isProblem(outcome)) {
        return goOn(call, PATH, outcome.changed ? "revocation_done" : "revocation_unchanged");
      }
      if (outcome.code !== "revocation.scope_changed") return formPage(call, values, outcome);
      return look(call, values, { limit: PER_PAGE }, seenCounts(seen));
    },
  }),
];
