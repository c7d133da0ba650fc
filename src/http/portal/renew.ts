/**
 * What a page's request passes whose session has a secret from before a change of what its person may do. Nothing is decided,
 * shown or done by that secret: a page that somebody goes to comes with another one, parts and pictures are refused until
 * it has come, and a form that was sent with the old one is kept in a page from which it is sent again.
 */
import { changedPage } from "../../../views/pages/changed.tsx";
import { ANONYMOUS } from "../../accounts/actor.ts";
import { regain, renewSession } from "../../accounts/renewal.ts";
import { findSession, needsRenewal, SESSION_COOKIE, sessionCookie } from "../../accounts/sessions.ts";
import { originOf } from "../guard.ts";
import type { CallBase, Route } from "../route.ts";
import { refererPath } from "./addresses.ts";
import { asksForProof, keptOf, sentPairs, takesForm } from "./kept-forms.ts";
import { show } from "./page.ts";

/** How long a page waits that another one came before: its browser has the new secret by then. */
const WAIT_SECONDS = 1;
/** For scripts that send files by themselves, and keep the form: see `assets/js/upload.js`. */
const UNSENT = { "Session-Renewed": "true" };

/** @throws Problem of who may not read a form: `request.media_type`, `request.too_large` */
export async function renew(route: Route, call: CallBase): Promise<CallBase | Response> {
  const { session, overtaken = false } = call;
  if (route.area !== "page" || !(overtaken || session?.needsRenewal === true)) return call;
  if (isPart(call.request)) return route.access === "public" ? asNobody(call) : reload();
  const next = (overtaken ? null : renewed(call, null)) ?? (await regained(call));
  // What is for everybody needs no rights, and so none from before.
  if (route.access === "public" && route.method !== "GET") return next ?? asNobody(call);
  if (next === null) return showChanged(route, { ...call, actor: ANONYMOUS, session: null }, false);
  // Where a proof is asked for, that page keeps the form.
  if (route.method === "GET" || asksForProof(route, next)) return next;
  return showChanged(route, next, true);
}

/** Whoever has just changed what they may do themselves goes on with another secret at once. */
export function settle(call: CallBase): void {
  const { store, session } = call;
  if (session !== null && needsRenewal(store, session.sessionId)) renewed(call, null);
}

/**
 * The same call with another secret for its session, which goes into the cookie; null when its session is over.
 * @param provedBy As `renewSession` takes it.
 */
export function renewed(call: CallBase, provedBy: string | null): CallBase | null {
  const { store, actor, session } = call;
  if (actor.kind !== "account" || session === null) return null;
  const made = renewSession(store, actor, call.cookie(SESSION_COOKIE), provedBy);
  if (made === null) return null;
  const { secret, sessionId, expiresAt } = made;
  call.setCookie(sessionCookie(store, secret, expiresAt));
  const provedAt = provedBy === null ? session.provedAt : store.clock.now();
  return {
    ...call,
    actor: { ...actor, via: { type: "session", sessionId } },
    session: { ...session, sessionId, expiresAt, provedAt, needsRenewal: false },
  };
}

/** Another request of the same browser was first: this one goes on with the secret that it was given. */
async function regained(call: CallBase): Promise<CallBase | null> {
  const { store, request, info } = call;
  const from = originOf(request, info);
  const secret = regain(store, call.cookie(SESSION_COOKIE), from);
  const session = secret === null ? null : await findSession(store, secret);
  if (secret === null || session === null) return null;
  const { overtaken: _, ...rest } = call;
  const next = { ...rest, session, actor: { ...session.actor, from } };
  if (session.needsRenewal) return renewed(next, null);
  call.setCookie(sessionCookie(store, secret, session.expiresAt));
  return next;
}

function asNobody(call: CallBase): CallBase {
  const cookie = (name: string) => (name === SESSION_COOKIE ? "" : call.cookie(name));
  const { overtaken: _, ...rest } = call;
  return { ...rest, actor: ANONYMOUS, session: null, cookie };
}

/**
 * A part or picture of a page, and no page that a person goes to: those come several at once. Browsers say it (Sec-Fetch-Dest);
 * htmx says it of the links and forms that it follows. What says nothing is no part: whoever leaves the header out must not
 * keep a secret by that. What is sent is none either: what was typed is kept.
 */
function isPart({ method, headers }: Request): boolean {
  if (method !== "GET" || headers.get("hx-boosted") === "true") return false;
  const dest = headers.get("sec-fetch-dest");
  return dest === null ? headers.get("hx-request") === "true" : dest !== "document";
}

/** htmx loads the page again, which gets the new secret. */
function reload(): Response {
  return new Response(null, { status: 409, headers: { "Cache-Control": "no-store", "HX-Refresh": "true" } });
}

/** Nothing was done. A page is loaded again by itself, as long as its secret is remembered; a form is sent again by hand. */
async function showChanged(route: Route, call: CallBase, isKnown: boolean): Promise<Response> {
  const { request, info, url } = call;
  const isPage = route.method === "GET";
  const kept = isPage || !takesForm(route) ? null : keptOf(await sentPairs(route, call));
  const address = url.pathname + url.search;
  const view = {
    kind: isPage ? ("page" as const) : kept === null ? ("file" as const) : ("form" as const),
    action: address,
    kept: kept ?? [],
    backHref: refererPath(request, info.origin) ?? (isKnown ? "/dashboard" : "/"),
  };
  return show(call, (ctx) => changedPage(ctx, view), {
    status: 409,
    headers: {
      "Cache-Control": "no-store",
      ...(isPage ? { Refresh: String(WAIT_SECONDS) } : UNSENT),
    },
  });
}
