/** `/devices/codes`: the codes with which devices enrol, and the one page that shows one with its QR code. */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { type CodeRow, codesPage, newCodePage } from "../../../views/pages/enrolment-codes.tsx";
import {
  createEnrolmentCode,
  DEFAULT_CODE_HOURS,
  type EnrolmentCode,
  pageEnrolmentCodes,
  revokeEnrolmentCode,
} from "../../accounts/devices/codes.ts";
import { chooseGroups } from "../../accounts/groups/groups.ts";
import { allows } from "../../accounts/rights.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { isProblem } from "../../errors.ts";
import { formPairs } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { enrolmentLink } from "../enrolment-link.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { ENROLMENT_CODE_ID } from "../schemas-devices.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors } from "./form.ts";
import { groupsIn } from "./group-choice.ts";
import { goOn, pagerOf, show } from "./page.ts";
import { drawQr } from "./qr.ts";

const PATH = "/devices/codes";
const PER_PAGE = 25;

type Again = {
  readonly values: { readonly label: string; readonly uses: string; readonly hours: string };
  readonly chosen: readonly string[];
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function rowOf(ctx: Parameters<typeof authorName>[0], { store }: CallBase, code: EnrolmentCode): CodeRow {
  const { id, label, state, mostUses, uses, groups, createdAt, expiresAt, revokedAt } = code;
  return {
    id,
    label,
    state,
    mostUses,
    uses,
    groups: groups.map((group) => group.name),
    by: authorName(ctx, store, code.createdBy),
    createdAt,
    endsAt: revokedAt ?? expiresAt,
  };
}

function showCodes(
  call: CallBase,
  cursor: { readonly cursor?: string },
  again: Again | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const wanted = pageRequest("codes", { ...cursor, limit: PER_PAGE });
  const page = pageEnrolmentCodes(store, actor, wanted);
  return show(
    call,
    (ctx) =>
      codesPage(ctx, {
        codes: page.items.map((code) => rowOf(ctx, call, code)),
        pager: pagerOf("codes", PATH, { ...wanted, nextCursor: page.nextCursor }, () => null),
        groups: chooseGroups(store, actor).map((group) => ({
          ...group,
          in: again?.chosen.includes(group.id) ?? false,
        })),
        restricted: store.config.restricted,
        manages: allows(actor, "device.manage"),
        values: again?.values ?? { label: "", uses: "1", hours: String(DEFAULT_CODE_HOURS) },
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status },
  );
}

function showNewCode(call: CallBase, code: EnrolmentCode, text: string): Promise<Response> {
  const { store, info } = call;
  const link = enrolmentLink(store, info, text);
  return show(
    call,
    (ctx) =>
      newCodePage(ctx, {
        row: rowOf(ctx, call, code),
        code: text,
        link,
        qr: drawQr(link),
        storeUrl: info.origin,
        rootSha256: rootSha256(store),
      }),
    { headers: { "Cache-Control": "no-store" } },
  );
}

/** NaN for what is no whole number, which the acting function refuses in its own words. */
const wholeOf = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN);

export const enrolmentCodeRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "device.read",
    name: "enrolmentCodesPage",
    summary: "The codes with which devices enrol",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => showCodes(call, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "device.manage",
    name: "createEnrolmentCodeForm",
    summary: "Make a code with which devices enrol",
    confidential: true,
    body: formPairs(),
    handle: async (call) => {
      const { store, actor, body } = call;
      const form = new Map(body);
      const values = {
        label: form.get("label") ?? "",
        uses: form.get("uses") ?? "",
        hours: form.get("hours") ?? "",
      };
      const groups = groupsIn(body);
      const outcome = await attempt(() =>
        createEnrolmentCode(store, actor, {
          label: values.label,
          uses: wholeOf(values.uses),
          hours: wholeOf(values.hours),
          groups,
        }),
      );
      if (!isProblem(outcome) && outcome.text !== null) return showNewCode(call, outcome.code, outcome.text);
      if (!isProblem(outcome)) return goOn(call, PATH);
      const errors = fieldErrors(outcome, ["label", "uses", "hours"]);
      return showCodes(call, {}, { values, chosen: groups, errors, status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:codeId/revoke`,
    access: "device.manage",
    name: "revokeEnrolmentCodeForm",
    summary: "Revoke a code with which devices enrol",
    params: Type.Object({ codeId: ENROLMENT_CODE_ID }),
    handle: (call) => {
      revokeEnrolmentCode(call.store, call.actor, call.params.codeId);
      return goOn(call, PATH, "enrolment_code_revoked");
    },
  }),
];
