/** The page for what went wrong: in the design, with the id that the log has. */
import { errorPage } from "../../../views/pages/error.tsx";
import { signInRefusedPage } from "../../../views/pages/sign-in-refused.tsx";
import { ANONYMOUS } from "../../accounts/actor.ts";
import { findSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import type { Problem } from "../../errors.ts";
import type { ProblemPage } from "../app.ts";
import { retryAfterSeconds } from "../errors.ts";
import { cookieOf } from "../guard.ts";
import { html, redirect } from "../reply.ts";
import { ownPath, refererPath, signInHref } from "./addresses.ts";
import { SECOND_FACTOR } from "./entry.ts";
import { type PageCall, pageContext } from "./page.ts";
import { typedAgain } from "./typed-again.ts";

/** Problems of a program that talks to the API say nothing to a person: there our own words stand. */
const NOT_FOR_PEOPLE = [
  "not_found",
  "auth.required",
  "internal",
  "method.not_allowed",
  "precondition.failed",
];

export async function problemPage(view: ProblemPage): Promise<Response> {
  const { request, info, problem, status, headers } = view;
  const url = new URL(request.url);
  if (problem.kind === "unauthenticated" && request.method === "GET") {
    const next = ownPath(url.pathname + url.search, info.origin);
    return lead(request, signInHref(next));
  }
  if (problem.code === "factor.required" && request.method === "GET") return lead(request, SECOND_FACTOR);
  const call = await callOf(view, url);
  const ctx = pageContext(call);
  if (problem.code === "auth.insecure_transport") {
    return html(await signInRefusedPage(ctx, placeOf(info.origin)), { status, headers });
  }
  // A part that cannot be had: its page is loaded anew, and shows what is wrong in full.
  const part = isPart(request) ? { "HX-Refresh": "true" } : {};
  const { "WWW-Authenticate": _, ...sent } = headers;
  const typed = await typedAgain(view);
  const markup = await errorPage(ctx, {
    status,
    message: NOT_FOR_PEOPLE.includes(problem.code) ? null : problem.words,
    retryAfterSeconds: tellsWait(problem, status) ? retryAfterSeconds(problem) : null,
    backHref: request.method === "GET" ? null : refererPath(request, info.origin),
    typed,
  });
  const kept = typed === null ? {} : { "Cache-Control": "no-store" };
  return html(markup, { status, headers: { ...sent, ...part, ...kept } });
}

/** Where its own words do not say it already. */
function tellsWait({ message }: Problem, status: number): boolean {
  return (status === 429 || status === 503) && !message.includes("Try again in ");
}

/** A GET by htmx that is not a whole page's: that of a part which refreshes itself. */
function isPart(request: Request): boolean {
  return (
    request.method === "GET" &&
    request.headers.get("hx-request") === "true" &&
    request.headers.get("hx-boosted") !== "true"
  );
}

/** To where one has to go first. */
function lead(request: Request, address: string): Response {
  const options = { headers: { "Cache-Control": "no-store" } };
  if (!isPart(request)) return redirect(address, options);
  return html("", { headers: { ...options.headers, "HX-Redirect": address } });
}

/** Where it failed before it was known who asked, that is found out now. */
async function callOf({ store, request, info, viewer }: ProblemPage, url: URL): Promise<PageCall> {
  const cookie = (name: string) => cookieOf(request, name);
  if (viewer !== null) return { store, actor: viewer, info, request, url, cookie };
  const secret = info.confidential ? cookie(SESSION_COOKIE) : "";
  const session = secret === "" ? null : await findSession(store, secret);
  // With a secret from before a change of rights nothing is shown that came with the change.
  const actor = session === null || session.needsRenewal ? ANONYMOUS : session.actor;
  return { store, actor, info, request, url, cookie };
}

function placeOf(origin: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(origin);
  return { host: hostname, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
