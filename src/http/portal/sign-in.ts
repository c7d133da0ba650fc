/** `/sign-in` and `/sign-out` */
import { Type } from "@sinclair/typebox";
import type { FieldError } from "../../../views/page.ts";
import { type SignInProblem, signInPage } from "../../../views/pages/sign-in.tsx";
import { BROWSER_COOKIE, browserLane } from "../../accounts/browsers/browsers.ts";
import { offerUse, passkeyHost } from "../../accounts/factors/passkeys.ts";
import type { ShownPassword } from "../../accounts/people.ts";
import { authenticationRequired } from "../../accounts/rights.ts";
import { endedSessionCookie, endSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import { needsSetup } from "../../accounts/setup.ts";
import { signIn } from "../../accounts/sign-in.ts";
import { signUpOf } from "../../accounts/sign-up.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { say } from "../../say.ts";
import { formBody } from "../body.ts";
import { problemHeaders, retryAfterSeconds, statusOf } from "../errors.ts";
import { redirect } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ownPath, providerHref, signInHref } from "./addresses.ts";
import { afterFirstFactor } from "./entry.ts";
import { attempt } from "./form.ts";
import { goOn, show } from "./page.ts";

export const NEXT = Type.String({ default: "", maxLength: 4000 });

export function showSignIn(
  call: CallBase,
  of: {
    readonly email?: string;
    readonly problem: SignInProblem | null;
    readonly errors?: readonly FieldError[];
    readonly next: string | null;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<Response> {
  const { store, info } = call;
  const { email = "", problem, errors = [], next, ...options } = of;
  const host = passkeyHost(info.origin);
  const passkey = host === null ? null : offerUse(store, null, host);
  const providers = store.config.providers.map(({ id, name }) => ({ name, href: providerHref(id, next) }));
  return show(
    call,
    (ctx) =>
      signInPage(ctx, {
        email,
        problem,
        errors,
        next,
        passkey,
        providers,
        signUp: signUpOf(store) !== null,
        needsSetup: needsSetup(store),
      }),
    { ...options, here: signInHref(next) },
  );
}

/** null: the password was changed, or the account disabled, in the last moment; to them it is a wrong one. */
async function letIn(call: CallBase, shown: ShownPassword, next: string | null): Promise<Response | null> {
  const still = (tx: Tx) => {
    if (!shown.holds(tx)) throw authenticationRequired();
  };
  const { id: accountId } = shown.account;
  const entered = await attempt(
    () => afterFirstFactor(call, { accountId, by: "password", next, still }),
    ["unauthenticated"],
  );
  return isProblem(entered) ? null : entered;
}

/** Nobody has an empty password: such a form is no try, and counts as none. */
function emptyFields({
  email,
  password,
}: {
  readonly email: string;
  readonly password: string;
}): FieldError[] {
  return [
    ...(email.trim() === "" ? [{ field: "email", message: say`Type the address of your account.` }] : []),
    ...(password === "" ? [{ field: "password", message: say`Type your password.` }] : []),
  ];
}

export const signInRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/sign-in",
    access: "public",
    name: "signInPage",
    summary: "The form for address and password",
    confidential: true,
    query: Type.Object({ next: NEXT }),
    handle: (call) => {
      const { store, query, info, session, cookie } = call;
      const next = ownPath(query.next, info.origin);
      if (session) return redirect(next ?? "/dashboard");
      const ended = cookie(SESSION_COOKIE) !== "";
      if (ended) call.setCookie(endedSessionCookie());
      const problem: SignInProblem | null = needsSetup(store)
        ? { kind: "not_set_up" }
        : ended
          ? { kind: "expired" }
          : null;
      return showSignIn(call, { problem, next });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/sign-in",
    access: "public",
    name: "signIn",
    summary: "Start a session, or go on to the second factor",
    confidential: true,
    body: formBody(["email", "password", "next"]),
    handle: async (call) => {
      const { store, info, request } = call;
      const { email, password } = call.body;
      const next = ownPath(call.body.next, info.origin);
      const errors = emptyFields({ email, password });
      if (errors.length > 0) return showSignIn(call, { email, problem: null, errors, next, status: 422 });
      const outcome = await attempt(async () => {
        const known = browserLane(store, { email }, call.cookie(BROWSER_COOKIE));
        const from = { address: info.address, known, gone: request.signal };
        const shown = await signIn(store, { email, password, ...from });
        return shown && (await letIn(call, shown, next));
      }, ["too_many_requests"]);
      if (outcome !== null && !isProblem(outcome)) return outcome;
      const problem: SignInProblem =
        outcome === null
          ? { kind: "credentials" }
          : { kind: "too_many", retryAfterSeconds: retryAfterSeconds(outcome) };
      return showSignIn(call, {
        email,
        problem,
        next,
        status: outcome === null ? 422 : statusOf(outcome),
        headers: outcome === null ? {} : problemHeaders(outcome),
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/sign-out",
    access: "public",
    name: "signOut",
    summary: "End the session",
    handle: (call) => {
      if (call.session) endSession(call.store, call.actor, call.session.sessionId);
      call.setCookie(endedSessionCookie());
      return goOn(call, "/", "signed_out");
    },
  }),
];
