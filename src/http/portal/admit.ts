/**
 * What a page's request passes after the guard and before its handler: a session whose person may do something else by
 * now gets another secret, and what the table of rights marks is done only by who has shown of late that it is them. The
 * form that they sent is kept in the page that asks, so that it is done once they have.
 */
import { provePage } from "../../../views/pages/prove.tsx";
import type { AccountActor } from "../../accounts/actor.ts";
import { offerUse } from "../../accounts/factors/passkeys.ts";
import { hasPassword } from "../../accounts/own.ts";
import { isRecent, PROOF_MINUTES, prove, waysToProve } from "../../accounts/proof.ts";
import { renewSession } from "../../accounts/renewal.ts";
import { grantOf } from "../../accounts/rights.ts";
import { sessionCookie } from "../../accounts/sessions.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { formPairs, readBody } from "../body.ts";
import { problemHeaders, retryAfterSeconds, statusOf } from "../errors.ts";
import type { CallBase, Route } from "../route.ts";
import { refererPath } from "./addresses.ts";
import { attempt } from "./form.ts";
import { show } from "./page.ts";

/** Before the names of what the asking page adds to the form that it keeps. */
const OURS = "proof.";
/** Never sent back in a page: they are typed again. */
const SECRETS = ["password", "current"];

type Pairs = readonly (readonly [name: string, value: string])[];

/** @throws Problem of who may not read the form: `request.media_type`, `request.too_large` */
export async function admit(route: Route, asked: CallBase): Promise<CallBase | Response> {
  if (route.area !== "page" || asked.session === null) return asked;
  const call = asked.session.needsRenewal && isNavigation(asked.request) ? renewed(asked, null) : asked;
  const { store, actor, info } = call;
  if (actor.kind !== "account" || !asksForProof(route, call)) return call;
  const isForm = route.body === null || route.body.kind === "form";
  const pairs = isForm ? await readBody(formPairs(), call.request, call.store, call.arrival) : [];
  const value = (name: string) => pairs.find(([each]) => each === OURS + name)?.[1] ?? "";
  const kept = pairs.filter(([name]) => !name.startsWith(OURS) && !SECRETS.includes(name));
  const given = {
    password: value("password"),
    code: value("code"),
    response: value("response"),
    offer: value("offer"),
    address: info.address,
    origin: info.origin,
  };
  if (given.password + given.code + given.response === "") return ask(call, actor, kept, null);
  const outcome = await attempt(() => prove(store, actor, given), ["too_many_requests"]);
  if (outcome === null || isProblem(outcome)) return ask(call, actor, kept, outcome ?? "wrong");
  const proven = renewed(call, outcome);
  return { ...proven, request: withForm(call.request, kept) };
}

function asksForProof(route: Route, { session, store, actor }: CallBase): boolean {
  if (route.method === "GET" || session === null || route.access === "public") return false;
  if (grantOf(route.access).proof !== true || isRecent(session.provedAt, store.clock.now())) return false;
  return !(route.provesItself === true && actor.kind === "account" && hasPassword(store, actor.accountId));
}

/**
 * A page that a person goes to, and no part or picture of one: those come several at once, and all but one of them would
 * come with a secret that is over. Browsers say it (Sec-Fetch-Dest); htmx says it of the links and forms that it follows.
 */
function isNavigation(request: Request): boolean {
  return request.headers.get("sec-fetch-dest") === "document" || request.headers.get("hx-boosted") === "true";
}

/**
 * The same call with another secret for its session, which goes into the cookie; as it is when its session is over.
 * @param provedBy As `renewSession` takes it.
 */
export function renewed(call: CallBase, provedBy: string | null): CallBase {
  const { store, actor, session } = call;
  if (actor.kind !== "account" || session === null) return call;
  const made = renewSession(store, actor, provedBy);
  if (made === null) return call;
  const { secret, sessionId, expiresAt } = made;
  call.setCookie(sessionCookie(store, secret, expiresAt));
  const provedAt = provedBy === null ? session.provedAt : store.clock.now();
  return {
    ...call,
    actor: { ...actor, via: { type: "session", sessionId } },
    session: { ...session, sessionId, expiresAt, provedAt, needsRenewal: false },
  };
}

/** The page that asks, which sends the same form to the same place. */
function ask(
  call: CallBase,
  actor: AccountActor,
  kept: Pairs,
  outcome: null | "wrong" | Problem,
): Promise<Response> {
  const { store, info, url, request } = call;
  const { passkeyHost: host, ...ways } = waysToProve(store, actor, info.origin);
  const problem = isProblem(outcome) ? { retryAfterSeconds: retryAfterSeconds(outcome) } : outcome;
  return show(
    call,
    (ctx) =>
      provePage(ctx, {
        ...ways,
        passkey: host === null ? null : offerUse(store, actor.accountId, host),
        action: url.pathname + url.search,
        kept,
        prefix: OURS,
        minutes: PROOF_MINUTES,
        backHref: refererPath(request, info.origin) ?? "/dashboard",
        problem,
      }),
    {
      status: outcome === null ? 403 : isProblem(outcome) ? statusOf(outcome) : 422,
      headers: { "Cache-Control": "no-store", ...(isProblem(outcome) ? problemHeaders(outcome) : {}) },
    },
  );
}

/** The request as it would have come without what proves who sent it. */
function withForm(request: Request, pairs: Pairs): Request {
  const body = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
  const headers = new Headers(request.headers);
  headers.set("Content-Type", "application/x-www-form-urlencoded");
  headers.set("Content-Length", String(Buffer.byteLength(body)));
  return new Request(request.url, { method: request.method, headers, body });
}
