/** Who asks, and may they ask at all: before a route sees the request, and before a byte of its body is read. */

import { verifyAccessToken } from "../accounts/access-tokens/verify.ts";
import { type Actor, ANONYMOUS, actorLabel, type Origin } from "../accounts/actor.ts";
import { findByToken } from "../accounts/api-keys/find.ts";
import { noteSeen } from "../accounts/devices/seen.ts";
import { confirmNew, isOvertaken } from "../accounts/renewal.ts";
import {
  allows,
  authenticationRequired,
  authorise,
  factorRequired,
  forbidden,
  forbiddenAnywhere,
  narrowingOf,
  reasonFor,
  refuseWithheld,
} from "../accounts/rights.ts";
import {
  type FoundSession,
  findSession,
  findSessionAsItIs,
  SESSION_COOKIE,
  sessionInUse,
} from "../accounts/sessions.ts";
import type { Store } from "../context.ts";
import type { Idempotency } from "../db/idempotency.ts";
import { Problem } from "../errors.ts";
import { askedLanguage } from "../languages.ts";
import { say } from "../say.ts";
import { looksCompact } from "../signing/compact.ts";
import { languageCookieOf } from "./portal/cookies.ts";
import type { CallBase, Route } from "./route.ts";
import { type RequestInfo, requireConfidential } from "./transport.ts";

export type Caller = {
  readonly actor: Actor;
  readonly session: FoundSession | null;
  /** Its session went on with another secret a moment ago: nothing is known of who asks but that. */
  readonly overtaken?: true;
};

const NOBODY: Caller = { actor: ANONYMOUS, session: null };

/** A cookie of the request; "" when it was not sent, or was sent twice, which no browser does. */
export function cookieOf(request: Request, name: string): string {
  const values = (request.headers.get("cookie") ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return values.length === 1 ? (values[0]?.slice(name.length + 1) ?? "") : "";
}

/**
 * Establishes the caller: API routes by their token alone, pages by their cookie alone, files by nothing, but for those that
 * a restricted store has for devices, and those that are for an audience.
 * @throws Problem `auth.insecure_transport`, `auth.scheme`, and the `auth.…` codes of `findByToken` and `verifyAccessToken`
 */
export async function identify(
  store: Store,
  route: Route,
  request: Request,
  info: RequestInfo,
): Promise<Caller> {
  if (route.confidential) requireConfidential(info);
  if (route.area === "file") {
    if (route.forAudience === true) return fileReader(store, request, info, authenticationRequired);
    const closed = route.forDevices === true && store.config.restricted;
    return closed ? fileReader(store, request, info, deviceRequired) : NOBODY;
  }
  const caller =
    route.area === "api"
      ? await byToken(store, route, request, info)
      : await bySession(store, route, request, info);
  const { actor } = caller;
  return actor.kind === "operator"
    ? caller
    : { ...caller, actor: { ...actor, from: originOf(request, info) } };
}

/**
 * Who asks, by the same session or token as before: what they may, and whether it is over, is as it is by now.
 * @throws Problem `auth.required` when the session is over, and those of `identify`
 */
export async function identifyAgain(
  route: Route,
  {
    store,
    request,
    info,
    actor,
    session,
  }: Pick<CallBase, "store" | "request" | "info" | "actor" | "session">,
): Promise<Actor> {
  if (actor.kind === "anonymous") return actor;
  if (session === null) return (await identify(store, route, request, info)).actor;
  const found = sessionInUse(store, session.sessionId);
  if (found === null) throw authenticationRequired();
  return { ...found, from: originOf(request, info) };
}

/** For the audit log, and for letters that are asked for. */
export function originOf(request: Request, info: RequestInfo): Origin {
  const language =
    languageCookieOf((name) => cookieOf(request, name)) ??
    askedLanguage(request.headers.get("accept-language"));
  return {
    requestId: info.id,
    address: info.address,
    userAgent: request.headers.get("user-agent") ?? "",
    ...(language === undefined ? {} : { language }),
  };
}

async function byToken(store: Store, route: Route, request: Request, info: RequestInfo): Promise<Caller> {
  const header = request.headers.get("authorization");
  if (header === null && route.byDevice === true) throw deviceAlone();
  if (header === null) return NOBODY;
  requireConfidential(info);
  if (route.byDevice === true) return byDevice(store, bearerOf(header), info);
  if (route.access === "public") return NOBODY;
  const token = bearerOf(header);
  const actor = looksCompact(token)
    ? (await verifyAccessToken(store, token, "api")).actor
    : findByToken(store, token, info.address);
  return { actor, session: null };
}

/** @throws Problem `auth.device_required`, and those of `verifyAccessToken` */
async function byDevice(store: Store, token: string, info: RequestInfo): Promise<Caller> {
  if (!looksCompact(token)) throw deviceAlone();
  const { actor } = await verifyAccessToken(store, token, "files");
  if (actor.kind !== "device") throw deviceAlone();
  noteSeen(store, actor, info.address);
  return { actor, session: null };
}

function deviceAlone(): Problem {
  return new Problem(
    "unauthenticated",
    "auth.device_required",
    say`This is for devices that have enrolled: send the access token that the device was given.`,
  );
}

/** @throws Problem `auth.scheme` */
function bearerOf(header: string): string {
  const token = /^Bearer ([\x21-\x7e]+)$/i.exec(header)?.[1];
  if (token !== undefined) return token;
  throw new Problem(
    "unauthenticated",
    "auth.scheme",
    say`The Authorization header must be “Bearer” and an API key, which begins with mosis_, or an access token.`,
  );
}

function deviceRequired(): Problem {
  return new Problem(
    "unauthenticated",
    "auth.device_required",
    say`This store is restricted: its catalogue and packages are for devices that have enrolled with a code.`,
  );
}

/**
 * Who reads files that are not for everybody: a device with its token, or whoever may with an API key, such as a mirror's.
 * Whether they belong to an audience is asked with the file; without a token the answer is the same for every file, also for one
 * that is not there.
 * @param withoutToken What is said to who sends none.
 * @throws Problem that of `withoutToken`, `auth.insecure_transport`, `auth.scheme`, `rights.forbidden`, and the `auth.…` codes
 */
async function fileReader(
  store: Store,
  request: Request,
  info: RequestInfo,
  withoutToken: () => Problem,
): Promise<Caller> {
  const header = request.headers.get("authorization");
  if (header === null) throw withoutToken();
  requireConfidential(info);
  const token = bearerOf(header);
  if (looksCompact(token)) {
    const { actor } = await verifyAccessToken(store, token, "files");
    if (actor.kind === "device") noteSeen(store, actor, info.address);
    return { actor, session: null };
  }
  const actor = findByToken(store, token, info.address);
  // A restricted store's files are for its devices, whomever of its people an app is for.
  authorise(actor, store.config.restricted ? "storefiles.read" : "catalog.read");
  return { actor, session: null };
}

async function bySession(store: Store, route: Route, request: Request, info: RequestInfo): Promise<Caller> {
  const secret = cookieOf(request, SESSION_COOKIE);
  if (secret === "") return NOBODY;
  requireConfidential(info);
  const session = route.stream ? findSessionAsItIs(store, secret) : await findSession(store, secret);
  if (session === null) return isOvertaken(store, secret) ? { ...NOBODY, overtaken: true } : NOBODY;
  if (session.isNew) confirmNew(store, session.sessionId);
  return { actor: session.actor, session };
}

/**
 * May this actor call the route at all? Whether they may do it to this very thing is decided where the thing is read.
 * Whose role needs a second factor that they do not have is led to it before any other page of theirs.
 * @throws Problem `auth.required`, `factor.required`, `rights.forbidden`
 */
export function authoriseRoute(route: Route, actor: Actor): void {
  if (route.access === "public") return;
  if (actor.kind === "anonymous" && !allows(actor, route.access)) throw authenticationRequired();
  if (actor.kind === "account" && actor.withheldRole !== undefined && route.area === "page") {
    if (route.beforeFactor !== true) throw factorRequired(actor.withheldRole);
  }
  if (!allows(actor, route.access)) {
    const narrowed = narrowingOf(actor) !== undefined;
    refuseWithheld(actor, route.access);
    // Whose key leaves it out may do it with another.
    if (narrowed || actor.kind !== "account")
      throw forbidden(route.access, say`${reasonFor(actor, route.access)}.`);
    throw forbiddenAnywhere(route.access, say`ask for one that does, or use another account or key.`);
  }
}

/**
 * Changing requests of pages must come from our own pages. Every current browser says so in Sec-Fetch-Site; without
 * it (plain HTTP, old ones) Origin must be ours. Where both are sent, neither may say anything else: whatever stands between may
 * have made up or left out one of them. This also keeps others from signing a person in as somebody else.
 * @throws Problem `request.cross_site`
 */
export function refuseCrossSite(route: Route, request: Request, info: RequestInfo): void {
  if (route.area !== "page" || route.method === "GET") return;
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own =
    site === null
      ? origin === info.origin
      : site === "same-origin" && (origin === null || origin === info.origin || isOfHost(origin, request));
  if (own) return;
  throw new Problem(
    "forbidden",
    "request.cross_site",
    say`This was not sent by a page of this store. Open the page here and send it again.`,
  );
}

/** Of the address that the page itself was opened at, which may be another one of the store's than its public one. */
function isOfHost(origin: string, request: Request): boolean {
  const host = request.headers.get("host")?.toLowerCase();
  return host !== undefined && (origin === `https://${host}` || origin === `http://${host}`);
}

/**
 * If-Match (RFC 9110 §13.1.1) as the revisions that it names; undefined for `*`. The rest of a tag tells representations
 * apart, whose place in a queue or newest version may change without anyone having changed the thing itself.
 * @throws Problem `precondition.required`, `precondition.failed`, `precondition.malformed`
 */
export function revisionsOf(route: Route, request: Request): readonly number[] | undefined {
  if (!route.changes) return undefined;
  const header = request.headers.get("if-match")?.trim();
  if (header === undefined || header === "") {
    throw new Problem(
      "precondition_required",
      "precondition.required",
      say`Say which state you have seen: send its ETag as If-Match, or If-Match: * for any.`,
    );
  }
  if (header === "*") return undefined;
  const tags = entityTags(header);
  if (tags === null) {
    throw new Problem(
      "invalid",
      "precondition.malformed",
      say`If-Match is ETags in double quotes with commas between them, or *; found ${header.slice(0, 60)}.`,
    );
  }
  const revisions = tags.flatMap((tag) => {
    const revision = /^"(\d{1,15})(?:-[0-9a-f]{16})?"$/.exec(tag)?.[1];
    return revision === undefined ? [] : [Number(revision)];
  });
  if (revisions.length > 0) return revisions;
  // Only tags that we never gave, or weak ones, which If-Match never matches.
  throw new Problem(
    "precondition_failed",
    "precondition.failed",
    say`If-Match is not the present state's ETag.`,
  );
}

/** The list of RFC 9110 §5.6.1, whose elements may be empty; a comma may stand inside of a tag. null: it is no such list. */
function entityTags(header: string): readonly string[] | null {
  const tags: string[] = [];
  const element = /[ \t]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")?[ \t]*(,|$)/y;
  while (element.lastIndex < header.length) {
    const found = element.exec(header);
    if (found === null) return null;
    if (found[1] !== undefined) tags.push(found[1]);
  }
  return tags.length === 0 ? null : tags;
}

/** @throws Problem `idempotency.key_malformed` */
export function idempotencyOf(
  route: Route,
  request: Request,
  url: URL,
  actor: Actor,
  onReplay: () => void,
): Idempotency | undefined {
  const key = route.creates ? request.headers.get("idempotency-key") : null;
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new Problem(
      "invalid",
      "idempotency.key_malformed",
      say`An Idempotency-Key has 1 to 128 visible ASCII characters.`,
    );
  }
  return {
    actor: actorLabel(actor),
    key,
    request: `${route.method} ${url.pathname}${url.search}`,
    onReplay,
  };
}
