/** `/activate`: a person lets a program in that waits with a code, such as `mosis login` on another machine. */
import { Type } from "@sinclair/typebox";
import { activatePage, letInPage } from "../../../views/pages/activate.tsx";
import { shownUserCode } from "../../accounts/device-authorization/codes.ts";
import { approveProgram, denyProgram, findWaiting } from "../../accounts/device-authorization/decide.ts";
import { personOf } from "../../accounts/rights.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { ACTIVATE } from "../api/oauth.ts";
import { formBody } from "../body.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, show } from "./page.ts";

const DEFAULT_DAYS = "90";
const KINDS = ["unprocessable", "too_many_requests"] as const;
/** Codes are in its address. */
const NOT_KEPT = { "Cache-Control": "no-store" };

function again(call: CallBase, code: string, problem: Problem | null): Promise<Response> {
  const errors = problem === null ? [] : fieldErrors(problem, ["code"]);
  return show(call, (ctx) => activatePage(ctx, { code: code.slice(0, 40), errors }), {
    headers: { ...NOT_KEPT, ...(problem === null ? {} : problemHeaders(problem)) },
    ...(problem === null ? {} : { status: statusOf(problem) }),
  });
}

/** Who waits with the code, and the question; or the code once more. */
async function ask(
  call: CallBase,
  code: string,
  given: { readonly days: string; readonly problem: Problem | null },
): Promise<Response> {
  const { store, info } = call;
  const found = await attempt(
    () => findWaiting(store, personOf(call.actor), { code, address: info.address }),
    KINDS,
  );
  if (isProblem(found)) return again(call, code, found);
  const { clientName: program, address: from, createdAt: begunAt, userCode } = found;
  const { days, problem } = given;
  const errors = problem === null ? [] : fieldErrors(problem, ["days"]);
  return show(
    call,
    (ctx) => letInPage(ctx, { program, from, begunAt, code: shownUserCode(userCode), days, errors }),
    { headers: NOT_KEPT, ...(problem === null ? {} : { status: statusOf(problem) }) },
  );
}

export const activateRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: ACTIVATE,
    access: "self.change",
    confidential: true,
    name: "activatePage",
    summary: "Type the code of a program that waits to be signed in",
    query: Type.Object({ code: Type.Optional(Type.String({ maxLength: 100 })) }),
    // Any page in the web can send a browser here: the code is not looked up, so it is no guess of the person's.
    handle: (call) => again(call, call.query.code ?? "", null),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ACTIVATE}/code`,
    access: "self.change",
    confidential: true,
    name: "findProgramForm",
    summary: "See which program waits with a code",
    body: formBody(["code"]),
    handle: (call) => ask(call, call.body.code, { days: DEFAULT_DAYS, problem: null }),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ACTIVATE,
    access: "self.keys",
    confidential: true,
    name: "letInForm",
    summary: "Let a program act as oneself",
    body: formBody(["code", "days"]),
    handle: async (call) => {
      const { store, info, body } = call;
      const { code } = body;
      const days = /^\d{1,4}$/.test(body.days) ? Number(body.days) : Number.NaN;
      const outcome = await attempt(
        () => approveProgram(store, personOf(call.actor), { code, days, address: info.address }),
        KINDS,
      );
      if (!isProblem(outcome)) return goOn(call, "/account/keys", "program_let_in");
      if (outcome.code === "login.days") return ask(call, code, { days: DEFAULT_DAYS, problem: outcome });
      return again(call, code, outcome);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ACTIVATE}/deny`,
    access: "self.change",
    confidential: true,
    name: "sendAwayForm",
    summary: "Send a program away",
    body: formBody(["code"]),
    handle: async (call) => {
      const { store, info, body } = call;
      const outcome = await attempt(
        () => denyProgram(store, personOf(call.actor), { code: body.code, address: info.address }),
        KINDS,
      );
      return isProblem(outcome) ? again(call, body.code, outcome) : goOn(call, ACTIVATE, "program_sent_away");
    },
  }),
];
