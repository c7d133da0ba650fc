/** `/account/second-factor`: one's own authenticator apps, passkeys and recovery codes. */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { secondFactorPage } from "../../../views/pages/second-factor.tsx";
import { addAppPage, addPasskeyPage, recoveryCodesPage } from "../../../views/pages/second-factor-add.tsx";
import {
  type Added,
  addApp,
  addPasskey,
  offerApp,
  offerPasskey,
  removeFactor,
  renewRecoveryCodes,
} from "../../accounts/factors/change.ts";
import { passkeyHost } from "../../accounts/factors/passkeys.ts";
import { recoveryCodeOf } from "../../accounts/factors/recovery-codes.ts";
import { ownFactors } from "../../accounts/factors/views.ts";
import { personOf } from "../../accounts/rights.ts";
import { isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { formBody } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { FACTOR_ID } from "../schemas-accounts.ts";
import { SECOND_FACTOR } from "./entry.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, pageContext, show } from "./page.ts";
import { drawQr } from "./qr.ts";

const NOT_KEPT = { "Cache-Control": "no-store" };

/** What is common to every page here: one's own, behind a proof, and open to who is led here. */
const COMMON = {
  area: "page",
  access: "self.secure",
  confidential: true,
  beforeFactor: true,
} as const;

function showFactors(call: CallBase, problem?: Problem): Promise<Response> {
  const person = personOf(call.actor);
  const { items, recoveryCodesLeft } = ownFactors(call.store, person);
  const host = passkeyHost(call.info.origin);
  return show(
    call,
    (ctx) =>
      secondFactorPage(ctx, {
        factors: items,
        recoveryCodesLeft,
        host,
        needed: person.withheldRole ?? null,
        keepsLast: person.storeRole !== null && call.store.config.secondFactor.includes(person.storeRole),
        errors: problem === undefined ? [] : fieldErrors(problem, []),
      }),
    problem === undefined ? {} : { status: statusOf(problem) },
  );
}

function showAddApp(
  call: CallBase,
  typed: { readonly offer: string | null; readonly name: string },
  problem?: Problem,
): Promise<Response> {
  const { uri, secret, offer } = offerApp(call.store, personOf(call.actor), typed.offer);
  return show(
    call,
    (ctx) =>
      addAppPage(ctx, {
        qr: drawQr(uri),
        secret,
        offer,
        name: typed.name,
        errors: problem === undefined ? [] : fieldErrors(problem, ["name", "code"]),
      }),
    { headers: NOT_KEPT, ...(problem === undefined ? {} : { status: statusOf(problem) }) },
  );
}

async function showAddPasskey(call: CallBase, name: string, problem?: Problem): Promise<Response> {
  const passkey = await offerPasskey(call.store, personOf(call.actor), call.info.origin);
  const errors: FieldError[] = problem === undefined ? [] : fieldErrors(problem, ["name"]);
  return show(call, (ctx) => addPasskeyPage(ctx, { passkey, name, errors }), {
    headers: NOT_KEPT,
    ...(problem === undefined ? {} : { status: statusOf(problem) }),
  });
}

/** The codes are shown with the answer itself: no other page has them. */
function added(call: CallBase, { codes }: Added): Response | Promise<Response> {
  return codes === null ? goOn(call, SECOND_FACTOR, "factor_added") : showCodes(call, codes, true);
}

function showCodes(call: CallBase, codes: readonly string[], first: boolean): Promise<Response> {
  return show(call, (ctx) => recoveryCodesPage(ctx, { codes, first }), { headers: NOT_KEPT });
}

export const secondFactorRoutes: readonly Route[] = [
  defineRoute({
    ...COMMON,
    method: "GET",
    path: SECOND_FACTOR,
    name: "secondFactorPage",
    summary: "One's own second factors",
    handle: (call) => showFactors(call),
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/app`,
    name: "offerAppForm",
    summary: "Show the QR code of a new authenticator app",
    handle: (call) => showAddApp(call, { offer: null, name: "" }),
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/app/add`,
    name: "addAppForm",
    summary: "Add an authenticator app by its first code",
    body: formBody(["offer", "code", "name"]),
    handle: async (call) => {
      const { body } = call;
      const outcome = await attempt(() => addApp(call.store, personOf(call.actor), body));
      return isProblem(outcome) ? showAddApp(call, body, outcome) : added(call, outcome);
    },
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/passkey`,
    name: "offerPasskeyForm",
    summary: "The form for a new passkey",
    handle: async (call) => {
      const outcome = await attempt(() => showAddPasskey(call, ""));
      return isProblem(outcome) ? showFactors(call, outcome) : outcome;
    },
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/passkey/add`,
    name: "addPasskeyForm",
    summary: "Add a passkey by the browser's answer",
    body: formBody(["offer", "response", "name"]),
    handle: async (call) => {
      const { store, actor, body, info } = call;
      const outcome = await attempt(() =>
        addPasskey(store, personOf(actor), { ...body, origin: info.origin }),
      );
      if (!isProblem(outcome)) return added(call, outcome);
      return passkeyHost(info.origin) === null
        ? showFactors(call, outcome)
        : showAddPasskey(call, body.name, outcome);
    },
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/codes`,
    name: "recoveryCodesForm",
    summary: "Make new recovery codes",
    handle: async (call) => {
      const outcome = await attempt(() => renewRecoveryCodes(call.store, personOf(call.actor)));
      return isProblem(outcome) ? showFactors(call, outcome) : showCodes(call, outcome, false);
    },
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/codes/file`,
    name: "recoveryCodesFile",
    summary: "The recovery codes that a page shows, as a file",
    description: "It gives back what it is sent: the store does not have them any more.",
    body: formBody(["codes"]),
    handle: (call) => codesFile(call, call.body.codes),
  }),
  defineRoute({
    ...COMMON,
    method: "POST",
    path: `${SECOND_FACTOR}/:factorId/remove`,
    name: "removeFactorForm",
    summary: "Remove an authenticator app or a passkey",
    params: Type.Object({ factorId: FACTOR_ID }),
    handle: async (call) => {
      const outcome = await attempt(() =>
        removeFactor(call.store, personOf(call.actor), call.params.factorId),
      );
      return isProblem(outcome) ? showFactors(call, outcome) : goOn(call, SECOND_FACTOR, "factor_removed");
    },
  }),
];

/** Nothing but codes goes into it, whatever was sent. */
function codesFile(call: CallBase, sent: string): Response {
  const codes = sent
    .split(/\s+/)
    .slice(0, 20)
    .flatMap((text) => recoveryCodeOf(text) ?? []);
  if (codes.length === 0)
    throw new Problem("invalid", "factor.invalid", say`There are no recovery codes in this form.`);
  const text = [`${pageContext(call).storeName}, ${call.info.origin}`, "", ...codes, ""].join("\n");
  return new Response(text, {
    headers: {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Disposition": 'attachment; filename="recovery-codes.txt"',
      "Cache-Control": "no-store",
    },
  });
}
