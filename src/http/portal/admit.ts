/**
 * What a page's request passes after the guard and before its handler: what the table of rights marks is done only by who
 * has shown of late that it is them. The form that they sent is kept in the page that asks, so that it is done once they have.
 */
import { provePage } from "../../../views/pages/prove.tsx";
import type { AccountActor } from "../../accounts/actor.ts";
import { offerUse } from "../../accounts/factors/passkeys.ts";
import { PROOF_MINUTES, prove, waysToProve } from "../../accounts/proof.ts";
import { authenticationRequired } from "../../accounts/rights.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { problemHeaders, retryAfterSeconds, statusOf } from "../errors.ts";
import type { CallBase, Route } from "../route.ts";
import { refererPath } from "./addresses.ts";
import { attempt } from "./form.ts";
import { asksForProof, keptOf, OURS, type Pairs, sentPairs, takesForm } from "./kept-forms.ts";
import { show } from "./page.ts";
import { renewed } from "./renew.ts";

/** @throws Problem of who may not read the form: `request.media_type`, `request.too_large` */
export async function admit(route: Route, call: CallBase): Promise<CallBase | Response> {
  const { store, actor, info } = call;
  if (route.area !== "page" || actor.kind !== "account" || !asksForProof(route, call)) return call;
  const pairs = takesForm(route) ? await sentPairs(route, call) : [];
  const value = (name: string) => pairs.find(([each]) => each === OURS + name)?.[1] ?? "";
  const kept = keptOf(pairs);
  const given = {
    password: value("password"),
    code: value("code"),
    response: value("response"),
    offer: value("offer"),
    address: info.address,
    origin: info.origin,
  };
  if (given.password + given.code + given.response === "")
    return ask(call, actor, kept, isAnswer(pairs) ? "empty" : null);
  const outcome = await attempt(() => prove(store, actor, given), ["too_many_requests"]);
  if (outcome === null || isProblem(outcome)) return ask(call, actor, kept, outcome ?? "wrong");
  const proven = renewed(call, outcome);
  // It was ended meanwhile, or went on by another proof.
  if (proven === null) throw authenticationRequired();
  return { ...proven, request: withForm(call.request, kept) };
}

/** Whether it comes from the page that asks, and not from where the form was filled in. */
const isAnswer = (pairs: Pairs): boolean => pairs.some(([name]) => name.startsWith(OURS));

/** The page that asks, which sends the same form to the same place. */
function ask(
  call: CallBase,
  actor: AccountActor,
  kept: Pairs,
  outcome: null | "wrong" | "empty" | Problem,
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
