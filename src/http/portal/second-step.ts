/** `/sign-in/second-step`: the second factor of who has shown the first. `/sign-in/passkey`: a passkey, which is both. */
import { secondStepPage } from "../../../views/pages/second-step.tsx";
import { BROWSER_COOKIE, browserLane } from "../../accounts/browsers/browsers.ts";
import { checkCode, type SecondFactor } from "../../accounts/factors/check.ts";
import {
  hasPasskeyAt,
  offerUse,
  passkeyHost,
  stillPasskey,
  verifyUse,
} from "../../accounts/factors/passkeys.ts";
import {
  endSecondStep,
  findPendingSignIn,
  PENDING_COOKIE,
  pendingCookie,
} from "../../accounts/factors/pending.ts";
import { factorsAt } from "../../accounts/factors/views.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { formBody } from "../body.ts";
import { problemHeaders, retryAfterSeconds, statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ownPath } from "./addresses.ts";
import { flashCodeOf } from "./cookies.ts";
import { enter, SECOND_STEP } from "./entry.ts";
import { attempt } from "./form.ts";
import { show } from "./page.ts";
import { showSignIn } from "./sign-in.ts";

function showSecondStep(
  call: CallBase,
  outcome: Problem | "wrong" | "empty" | null = null,
): Promise<Response> {
  const { store, info } = call;
  const { account } = findPendingSignIn(store, call.cookie(PENDING_COOKIE));
  const host = passkeyHost(info.origin);
  const usable = host !== null && hasPasskeyAt(store.db.orm, account.id, host);
  const passkey = usable && host !== null ? offerUse(store, account.id, host) : null;
  const hasApp = factorsAt(store, account.id).items.some(({ kind }) => kind === "totp");
  const problem = !isProblem(outcome) ? outcome : { retryAfterSeconds: retryAfterSeconds(outcome) };
  return show(call, (ctx) => secondStepPage(ctx, { email: account.email, passkey, hasApp, problem }), {
    headers: { "Cache-Control": "no-store", ...(isProblem(outcome) ? problemHeaders(outcome) : {}) },
    ...(outcome === null ? {} : { status: isProblem(outcome) ? statusOf(outcome) : 422 }),
  });
}

export const secondStepRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: SECOND_STEP,
    access: "public",
    name: "secondStepPage",
    summary: "The form for the second factor",
    confidential: true,
    handle: (call) => showSecondStep(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: SECOND_STEP,
    access: "public",
    name: "secondStep",
    summary: "Show the second factor, and start a session",
    confidential: true,
    body: formBody(["code", "response", "offer"]),
    handle: async (call) => {
      const { store, actor, body, info } = call;
      const secret = call.cookie(PENDING_COOKIE);
      const { account, by, next, flash, identityId } = findPendingSignIn(store, secret);
      const { response, offer, code } = body;
      if (response === "" && code.trim() === "") return showSecondStep(call, "empty");
      const byPasskey = async (): Promise<SecondFactor | null> =>
        (await verifyUse(store, account.id, { response, offer, origin: info.origin })) && "passkey";
      const outcome = await attempt(
        () =>
          response === ""
            ? checkCode(store, actor, {
                accountId: account.id,
                code,
                address: info.address,
                known: browserLane(store, { accountId: account.id }, call.cookie(BROWSER_COOKIE)),
              })
            : byPasskey(),
        ["too_many_requests"],
      );
      if (outcome === null || isProblem(outcome)) return showSecondStep(call, outcome ?? "wrong");
      const shown = flash === null ? null : flashCodeOf(flash);
      const entered = await enter(call, {
        accountId: account.id,
        next,
        how: { by, second: outcome, identityId: identityId ?? undefined },
        still: endSecondStep(secret),
        ...(shown === null ? {} : { flash: shown }),
      });
      call.setCookie(pendingCookie(""));
      return entered;
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/sign-in/passkey",
    access: "public",
    name: "signInWithPasskey",
    summary: "Start a session with a passkey alone",
    confidential: true,
    body: formBody(["response", "offer", "next"]),
    handle: async (call) => {
      const { store, body, info } = call;
      const next = ownPath(body.next, info.origin);
      const { response, offer } = body;
      const passkey = await verifyUse(store, null, { response, offer, origin: info.origin });
      const refused = () => showSignIn(call, { next, problem: { kind: "passkey" }, status: 422 });
      if (passkey === null) return refused();
      const { accountId } = passkey;
      const entered = await attempt(
        () => enter(call, { accountId, next, how: { by: "passkey" }, still: stillPasskey(passkey) }),
        ["unauthenticated"],
      );
      return isProblem(entered) ? refused() : entered;
    },
  }),
];
