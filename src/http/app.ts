/** From a request to an answer. The one file, with server.ts, that knows Elysia: it is the router and nothing more. */
import { Elysia } from "elysia";
import { type Actor, ANONYMOUS, actorLabel, type Shown } from "../accounts/actor.ts";
import { BROWSER_COOKIE, strangerLane } from "../accounts/browsers/browsers.ts";
import { SESSION_COOKIE, sessionCookie } from "../accounts/sessions.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { audited } from "./audited.ts";
import { type Arrival, PATIENCE, type Patience } from "./body-bytes.ts";
import { problemHeaders, problemOf, problemResponse, statusOf } from "./errors.ts";
import {
  authoriseRoute,
  cookieOf,
  idempotencyOf,
  identify,
  identifyAgain,
  refuseCrossSite,
  revisionsOf,
} from "./guard.ts";
import { withAddress } from "./host.ts";
import { countedAs, keptLimiter, type LimitHeaders, take } from "./limits.ts";
import { lingering } from "./linger.ts";
import { matchesEtag, redirect } from "./reply.ts";
import { type Area, type CallBase, isCounted, nothingHere, type Route } from "./route.ts";
import { secured } from "./security.ts";
import { assessRequest, type Listener, type RequestInfo, trustedHops } from "./transport.ts";

/** What the portal says when a page cannot be shown. */
export type ProblemPage = {
  readonly store: Store;
  readonly request: Request;
  readonly info: RequestInfo;
  readonly arrival: Arrival;
  /** What was asked for; null when that is nothing that there is. */
  readonly route: Route | null;
  /** Who asked; null when it failed before that was found out. */
  readonly viewer: Actor | null;
  readonly problem: Problem;
  readonly status: number;
  /** To be sent along. */
  readonly headers: Readonly<Record<string, string>>;
  /** True when htmx asks for a part of a page. */
  readonly fragment: boolean;
};

/** All that a server serves: the table of routes, what a page's request passes first, and the page for what went wrong. */
export type Site = {
  readonly routes: readonly Route[];
  /**
   * Whose session has a secret from before a change of what its person may do: comes before anything is decided by that. The
   * call to go on with, or the answer that comes in its place.
   */
  readonly renew: (route: Route, call: CallBase) => Promise<CallBase | Response>;
  /** Whether they have shown of late who they are. As before. */
  readonly admit: (route: Route, call: CallBase) => Promise<CallBase | Response>;
  /** After a change was made: whoever changed their own rights goes on with another secret. */
  readonly settle: (call: CallBase) => void;
  /** What was typed on a page before its session ended comes back with the page. */
  readonly refill: (call: CallBase, answer: Response) => Promise<Response>;
  /** What was typed beside what somebody else has saved meanwhile. @throws what was thrown, if it is not that */
  readonly meanwhile: (
    route: Route,
    call: CallBase,
    params: Readonly<Record<string, string>>,
    error: unknown,
  ) => Promise<Response>;
  readonly problemPage: (view: ProblemPage) => Response | Promise<Response>;
};

/** `moved` is called whenever some of the request's body came. */
export type Handler = (request: Request, peer: string | null, moved?: () => void) => Promise<Response>;

/** What is known of a request while it is answered, for the log and for errors. */
type State = {
  readonly info: RequestInfo;
  readonly arrival: Arrival;
  readonly startedAt: number;
  route: Route | null;
  actor: string;
  viewer: Actor | null;
  /** What is left to whoever asks; null where nothing limits it. */
  limits: LimitHeaders | null;
};

/** Builds the handler of one listener. The order of things per request is the order of the lines in `answer`. */
export function createHandler(
  store: Store,
  site: Site,
  listener: Listener,
  patience: Patience = PATIENCE,
): Handler {
  const network = { publicUrl: store.config.publicUrl, trusts: trustedHops(store.config.trustedProxies) };
  const limiterNow = keptLimiter(store);
  const addresses = site.routes.map(({ method, path, options }) => ({
    method,
    pattern: patternOf(path),
    options,
  }));
  /** @throws Problem `rate.limited` */
  const count = (state: State, actor: Actor | Shown, cost = 1, browser: string | null = null): void => {
    const counted = countedAs(actor, state.info.address, browser);
    const { headers, refused } = take(limiterNow(), counted, cost, store.clock.now().getTime());
    state.limits = headers;
    if (refused) throw refused;
  };
  const states = new WeakMap<Request, State>();
  const stateOf = (request: Request): State => {
    const state = states.get(request);
    if (!state) throw new Error("a request came past the front door");
    return state;
  };

  const fail = async (error: unknown, request: Request, area: Area): Promise<Response> => {
    const { info, viewer, route, arrival } = stateOf(request);
    const problem = problemOf(error, store, info);
    if (area !== "page" || route?.stream) return problemResponse(problem, info);
    return site.problemPage({
      store,
      request,
      info,
      arrival,
      route,
      viewer,
      problem,
      status: statusOf(problem),
      headers: problemHeaders(problem),
      fragment: isFragment(request),
    });
  };

  /** What no route answers counts as a stranger's. */
  const turnAway = (
    request: Request,
    area: Area,
    made: () => Response | Promise<Response>,
  ): Response | Promise<Response> => {
    try {
      if (area !== "file") count(stateOf(request), ANONYMOUS);
    } catch (refused) {
      return fail(refused, request, area);
    }
    return made();
  };

  const answer = async (
    route: Route,
    request: Request,
    rawParams: Readonly<Record<string, string>>,
  ): Promise<Response> => {
    const state = stateOf(request);
    state.route = route;
    const cookies: string[] = [];
    let isShown = false;
    try {
      const caller = await identify(store, route, request, state.info).catch((error: unknown) => {
        // Who cannot show who they are is one of the strangers at their address.
        count(state, ANONYMOUS);
        throw error;
      });
      state.actor = actorLabel(caller.actor);
      // With a secret from before a change of rights no page of what went wrong shows what came with the change.
      state.viewer = caller.session?.needsRenewal ? null : caller.actor;
      if (isCounted(route) && !route.countsAsShown) {
        const isStranger = caller.actor.kind === "anonymous" && route.area === "page";
        const browser = isStranger ? strangerLane(store, cookieOf(request, BROWSER_COOKIE)) : null;
        count(state, caller.actor, route.cost, browser);
      }
      // A secret that is about to be over must not come to the browser after the one that follows.
      if (caller.session?.extended && !caller.session.needsRenewal) {
        cookies.push(sessionCookie(store, cookieOf(request, SESSION_COOKIE), caller.session.expiresAt));
      }
      refuseCrossSite(route, request, state.info);
      const url = new URL(request.url);
      let replayed = false;
      const asked: CallBase = {
        store,
        request,
        url,
        info: state.info,
        arrival: state.arrival,
        ...caller,
        idempotency: undefined,
        ifMatch: undefined,
        fragment: isFragment(request),
        load: (path) => load(request, state, path),
        hasPage: (path) => methodsOf(addresses, path).includes("GET"),
        cookie: (name: string) => cookieOf(request, name),
        setCookie: (line: string) => {
          cookies.push(line);
        },
        again: async (known) => {
          const actor = await identifyAgain(route, known);
          authoriseRoute(route, actor);
          return { ...known, actor };
        },
        onShown: (who) => {
          isShown = true;
          count(state, who, route.cost);
        },
      };
      const carryOut = async (known: CallBase): Promise<Response> => {
        state.actor = actorLabel(known.actor);
        state.viewer = known.actor;
        authoriseRoute(route, known.actor);
        const call: CallBase = {
          ...known,
          idempotency: idempotencyOf(route, request, url, known.actor, () => {
            replayed = true;
          }),
          ifMatch: revisionsOf(route, request),
        };
        const work = async () => {
          const admitted = await site.admit(route, call);
          if (admitted instanceof Response) return admitted;
          const answered = await route
            .answer(admitted, rawParams)
            .catch((error: unknown) => site.meanwhile(route, admitted, rawParams, error));
          if (route.method === "GET")
            return route.area === "page" ? site.refill(admitted, answered) : answered;
          site.settle(admitted);
          return answered;
        };
        const about = { id: state.info.id, method: route.method, route: route.path, actor: state.actor };
        return await (route.method === "GET" ? work() : audited(store, about, work)).catch((error) => {
          if (route.countsAsShown && !isShown) count(state, ANONYMOUS, route.cost);
          throw error;
        });
      };
      const known = await site.renew(route, asked);
      const made = known instanceof Response ? known : await carryOut(known);
      const response = conditional(route, request, made);
      for (const line of cookies) response.headers.append("Set-Cookie", line);
      if (replayed) response.headers.set("Idempotency-Replayed", "true");
      return response;
    } catch (error) {
      const response = await fail(error, request, route.area);
      // A session's new secret is of use to the browser all the same, and its old one is not.
      for (const line of cookies) response.headers.append("Set-Cookie", line);
      return response;
    }
  };

  // onError stands first: an error before it is registered would be answered in Elysia's own words.
  // Elysia takes the path from the first slash past the 7th character, or past the 11th: after "https://" the 7th is
  // itself one, and after "http://" a host may be shorter than the four letters that the 11th asks for.
  const router = new Elysia({ handler: { standardHostname: listener.tls } }).onError(
    ({ error, code, request }) => {
      const { pathname } = new URL(request.url);
      const area = areaOf(pathname);
      if (code !== "NOT_FOUND") return fail(error, request, area);
      return turnAway(request, area, () => {
        const methods = methodsOf(addresses, pathname);
        if (request.method === "OPTIONS" && methods.length > 0)
          return allowed(methods, optionsOf(addresses, pathname, store));
        const isOfForm = methods.length > 0 && area === "page" && request.method === "GET";
        const page = isOfForm ? pageAbove(addresses, pathname) : null;
        if (page !== null) return redirect(page);
        return fail(unmatched(methods, request), request, area);
      });
    },
  );
  for (const route of site.routes) {
    router.route(
      route.method,
      route.path,
      ({ request, params }: { request: Request; params: Record<string, string> }) =>
        answer(route, request, params ?? {}),
      { parse: "none" } as never,
    );
  }
  router.compile();

  /** It passes the guard as any other request does, and counts as one. */
  const load = async (from: Request, state: State, path: string): Promise<Response> => {
    const headers = new Headers(from.headers);
    for (const name of OF_A_BODY) headers.delete(name);
    const request = new Request(new URL(path, from.url), { headers });
    states.set(request, { ...state, route: null });
    return router.handle(request);
  };

  return async (original, peer, moved = () => {}) => {
    const info: RequestInfo = {
      id: crypto.randomUUID(),
      ...assessRequest(original, peer, listener, network),
    };
    const { request: addressed, fault } = withAddress(original);
    // HEAD is GET without the body (RFC 9110 §9.3.2); Elysia's own way would make and measure the body.
    const request = info.head ? new Request(addressed.url, { headers: addressed.headers }) : addressed;
    const state: State = {
      info,
      arrival: { patience, moved },
      startedAt: store.clock.now().getTime(),
      route: null,
      actor: "anonymous",
      viewer: null,
      limits: null,
    };
    states.set(request, state);
    const area = areaOf(new URL(request.url).pathname);
    const made = await (fault === null
      ? router.handle(request)
      : turnAway(request, area, () => fail(fault, request, area)));
    const response = secured(made, info, state.route?.area ?? area);
    if (state.limits !== null) {
      // Added: an answer may tell of other limits too.
      response.headers.append("RateLimit-Policy", state.limits.policy);
      response.headers.append("RateLimit", state.limits.limit);
    }
    logRequest(store, original.method, state, response);
    if (!info.head) return lingering(original, response, moved);
    await made.body?.cancel().catch(() => {});
    // Bun adds it to every answer but this kind (RFC 9110 §6.6.1).
    response.headers.set("Date", store.clock.now().toUTCString());
    return new Response(null, { status: response.status, headers: response.headers });
  };
}

/** What a request has that sends a form, and none that asks for a whole page. */
const OF_A_BODY = [
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "hx-request-type",
];

function isFragment(request: Request): boolean {
  return request.headers.get("hx-request-type") === "partial";
}

function areaOf(pathname: string): Area {
  if (pathname.startsWith("/api/")) return "api";
  return /^\/(?:store|assets|pictures|\.well-known)\/|^\/(?:healthz|readyz)$/.test(pathname)
    ? "file"
    : "page";
}

/** The API's answer to a conditional GET (RFC 9110 §13.1.2); files see to it themselves, before they are opened. */
function conditional(route: Route, request: Request, response: Response): Response {
  const etag = response.headers.get("etag");
  if (route.area !== "api" || route.method !== "GET" || response.status !== 200 || etag === null)
    return response;
  // It may be kept by whoever asked, and is asked for again before each use.
  if (!response.headers.has("cache-control")) response.headers.set("Cache-Control", "private, no-cache");
  if (!matchesEtag(request, etag)) return response;
  const headers = new Headers(response.headers);
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  return new Response(null, { status: 304, headers });
}

/** A route as paths are compared with it: made once, since nothing that is asked for may cost so much. */
type Address = {
  readonly method: string;
  readonly pattern: RegExp;
  readonly options: Route["options"] | undefined;
};

/** The methods of an address, for Allow; none when there is nothing at it. */
function methodsOf(addresses: readonly Address[], path: string): readonly string[] {
  const methods = new Set<string>();
  for (const { method, pattern } of addresses) if (pattern.test(path)) methods.add(method);
  if (methods.size === 0) return [];
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods.add("OPTIONS")].sort();
}

/**
 * The page that is nearest above an address to which forms are sent: in a browser that address stays after a form that was not taken, and
 * is what it goes back to, and loads again. @param path Of a route, so that it has few parts
 */
function pageAbove(addresses: readonly Address[], path: string): string | null {
  const parts = path.split("/");
  for (let length = parts.length - 1; length > 0; length--) {
    const above = parts.slice(0, length).join("/") || "/";
    if (methodsOf(addresses, above).includes("GET")) return above;
  }
  return null;
}

/** What the routes of an address say of it besides. */
function optionsOf(addresses: readonly Address[], path: string, store: Store): Record<string, string> {
  const said = addresses.filter(({ options, pattern }) => options !== undefined && pattern.test(path));
  return Object.assign({}, ...said.map(({ options }) => options?.(store)));
}

/** OPTIONS (RFC 9110 §9.3.7). */
function allowed(methods: readonly string[], besides: Readonly<Record<string, string>>): Response {
  return new Response(null, { status: 204, headers: { Allow: methods.join(", "), ...besides } });
}

/** 405 when the address is right and the method is not (RFC 9110 §15.5.6), else 404. */
function unmatched(methods: readonly string[], request: Request): Problem {
  if (methods.length === 0) return nothingHere();
  const expected = methods.join(", ");
  return new Problem(
    "method_not_allowed",
    "method.not_allowed",
    say`${request.method} is not possible here; possible are: ${expected}.`,
    [{ code: "method.allowed", message: expected, found: request.method, expected }],
  );
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/:[A-Za-z]+/g, "[^/]+").replace(/\*$/, ".*")}$`);
}

/** One line a request. Paths by their pattern and never the query: both can hold what must not be kept. */
function logRequest(store: Store, method: string, state: State, response: Response): void {
  const length = response.headers.get("content-length");
  const level = response.status >= 500 ? "error" : "info";
  store.log[level]("http.request", {
    id: state.info.id,
    method,
    route: state.route?.path ?? null,
    status: response.status,
    durationMs: store.clock.now().getTime() - state.startedAt,
    bytes: length === null ? null : Number(length),
    actor: state.actor,
    address: state.info.address,
  });
}
