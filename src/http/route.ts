/**
 * A route is a declaration: who may call it, what it takes, what it answers, which errors it documents. The router,
 * the guard and the OpenAPI document are made from the same table, so none of them can forget a route.
 */
import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { type Actor, ANONYMOUS, type OnShown } from "../accounts/actor.ts";
import { type Action, grantOf } from "../accounts/rights.ts";
import { type FoundSession, isOpenSession } from "../accounts/sessions.ts";
import type { Store } from "../context.ts";
import type { Idempotency } from "../db/idempotency.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { type BodySpec, fieldsSentBy, MEANWHILE, readBody } from "./body.ts";
import type { Arrival } from "./body-bytes.ts";
import type { ReplyHeader, RequestHeader } from "./openapi-parts.ts";
import type { RequestInfo } from "./transport.ts";
import { parseParams, parseQuery, refuseBadEncoding } from "./validate.ts";

/**
 * Which side a route is on. `api`: tokens, never cookies; errors are problem documents. `page`: session cookie; errors
 * are pages. `file`: neither; immutable or public content; errors are problem documents.
 */
export type Area = "api" | "page" | "file";

/**
 * `public`: everybody, and of the API without a look at any key. Else an action of the table of rights; where that is for visitors
 * too, whoever sends no key is one, and who sends one has to be known by it.
 */
export type Access = "public" | Action;

/** Whether it answers who sends no key or is not signed in. */
export function isForVisitors({ access }: Pick<RouteFacts, "access">): boolean {
  return access === "public" || grantOf(access).visitors === true;
}

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export type ReplySpec = {
  readonly status: number;
  readonly description: string;
  readonly schema?: TSchema;
  /** When it is not JSON. */
  readonly mediaType?: string;
  /** JSON Schema for the document, of an answer that has no schema of ours. */
  readonly plainSchema?: Readonly<Record<string, unknown>>;
  /** Sent while it is made, without an ETag. */
  readonly streamed?: true;
  /** Comes with a Location. */
  readonly location?: true;
  /** What it comes with besides. */
  readonly headers?: readonly ReplyHeader[];
};

/** What every handler is given of a request. */
export type CallBase = {
  readonly store: Store;
  readonly actor: Actor;
  readonly info: RequestInfo;
  readonly arrival: Arrival;
  readonly request: Request;
  readonly url: URL;
  /** Of pages only, for who is signed in. */
  readonly session: FoundSession | null;
  /** Of pages only: its session went on with another secret a moment ago. */
  readonly overtaken?: true;
  /** Of creating API calls that came with an Idempotency-Key. */
  readonly idempotency: Idempotency | undefined;
  /** The revisions in If-Match; undefined for `*` and on routes that do not ask for it. */
  readonly ifMatch: readonly number[] | undefined;
  /** True when htmx asks for a part of a page and not for a whole one. */
  readonly fragment: boolean;
  /** A page of ours as it is by now, as who asks here is given it by a GET. */
  readonly load: (path: string) => Promise<Response>;
  /** Whether a GET of this path of ours is answered by a route, whoever asks. */
  readonly hasPage: (path: string) => boolean;
  /** A cookie of the request; "" when it was not sent. */
  readonly cookie: (name: string) => string;
  /** Adds a Set-Cookie line to the answer. */
  readonly setCookie: (line: string) => void;
  /**
   * The same call with who asks as they are by now, when its body has come: who was signed out or dismissed meanwhile does not
   * finish it. @throws Problem `auth.required`, `rights.forbidden`, and what the guard throws
   */
  readonly again: (call: CallBase) => Promise<CallBase>;
  /** Of routes that count as whom they find: says whom. @throws Problem `rate.limited` */
  readonly onShown: OnShown;
};

export type Call<P, Q, B> = CallBase & { readonly params: P; readonly query: Q; readonly body: B };

type RouteFacts = {
  readonly area: Area;
  readonly method: Method;
  /** `:name` is a part of the path; `*` at the end takes the rest. */
  readonly path: string;
  readonly access: Access;
  /** Unique; the OpenAPI operationId. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag?: string;
  readonly replies?: readonly ReplySpec[];
  /** Codes of the errors that it adds to those of every route of its kind. */
  readonly errors?: readonly string[];
  /** Headers of its own that it reads, for the OpenAPI document. */
  readonly takes?: readonly RequestHeader[];
  /** What OPTIONS says of its address besides the methods. */
  readonly options?: (store: Store) => Readonly<Record<string, string>>;
  /** Takes an Idempotency-Key. */
  readonly creates?: true;
  /** Needs If-Match, and answers with an ETag. */
  readonly changes?: true;
  /** Of a page that somebody may open whose role needs a second factor that they do not have yet. */
  readonly beforeFactor?: true;
  /** Of a form that asks for the password itself, which is then the proof that its action needs. */
  readonly provesItself?: true;
  /** Refused over plain HTTP from another machine even without a cookie or token: sign-in, set-up. */
  readonly confidential?: true;
  /** Of files that are served as a page: the limits of requests leave them out. */
  readonly uncounted?: true;
  /** Of files that only devices are given in a restricted store. */
  readonly forDevices?: true;
  /** Of the API: for an enrolled device, with the access token with which it reads files. */
  readonly byDevice?: true;
  /** Of files that are for who belongs to an audience: a device with its token, or a person or machine with an API key. */
  readonly forAudience?: true;
  /**
   * Answers with an event stream that stays open: it extends no session, and its errors are problem documents also on the side of
   * pages, where whoever follows is a script.
   */
  readonly stream?: true;
  /** How many requests it counts as; 1 without it. */
  readonly cost?: number;
  /**
   * It comes without a token and asks for one: it counts as whom the handler found to be shown by it, and as a stranger at its
   * address when that is nobody. So whoever shares an address with a fleet keeps none of it waiting, whatever they send; that
   * what they send is judged first is the price.
   */
  readonly countsAsShown?: true;
};

export type RouteSpec<P extends TObject, Q extends TObject, B> = RouteFacts & {
  /** A path whose parts do not match is answered with 404. */
  readonly params?: P;
  readonly query?: Q;
  readonly body?: BodySpec<B>;
  readonly handle: (call: Call<Static<P>, Static<Q>, B>) => Response | Promise<Response>;
};

/** A route whose types are closed over: what the table holds. */
export type Route = RouteFacts & {
  readonly params: TObject;
  readonly query: TObject;
  readonly body: Pick<
    BodySpec<unknown>,
    "kind" | "mediaTypes" | "schema" | "formSchema" | "required" | "maxBytes"
  > | null;
  /** Reads the request by the declaration and calls the handler; the guard has passed it before. */
  readonly answer: (call: CallBase, rawParams: Readonly<Record<string, string>>) => Promise<Response>;
};

type Nothing = TObject<Record<never, TSchema>>;
const NOTHING: Nothing = Type.Object({});

/**
 * Declares a route.
 * @example
 *   export const readApp = defineRoute({
 *     area: "api", method: "GET", path: "/api/v1/apps/:appId", access: "app.read", name: "readApp", …,
 *     params: Type.Object({ appId: APP_ID }),
 *     handle: ({ store, actor, params }) => resource(appJson(readApp(store, actor, params.appId))),
 *   });
 */
export function defineRoute<P extends TObject = Nothing, Q extends TObject = Nothing, B = undefined>(
  spec: RouteSpec<P, Q, B>,
): Route {
  const { params, query, body, handle, ...facts } = spec;
  const paramsSchema = params ?? (NOTHING as unknown as P);
  const querySchema = query ?? (NOTHING as unknown as Q);
  return {
    ...facts,
    params: paramsSchema,
    query: querySchema,
    body: body ?? null,
    async answer(call, rawParams) {
      const parsed = parseParams(paramsSchema, rawParams);
      if (parsed === null) throw nothingHere();
      if (spec.area === "api") refuseBadEncoding(call.url.search);
      const parts = {
        params: parsed,
        query: parseQuery(querySchema, call.url.searchParams, spec.area === "api"),
      };
      if (!body) return handle({ ...call, ...parts, body: undefined as B });
      const read = await readBody(body, call.request, call.store, call.arrival);
      if (spec.area === "page") refuseToTake(call.request);
      return handle({ ...(await afterReading(call, spec.access)), ...parts, body: read });
    },
  };
}

/** The button that puts what is saved by now into a field: nothing is done by the form then, and its page comes again. */
export const TAKE = `${MEANWHILE}take`;

function refuseToTake(request: Request): void {
  if (!fieldsSentBy(request).some(([name]) => name === TAKE)) return;
  throw new Problem(
    "precondition_failed",
    "precondition.failed",
    say`What is saved by now was asked for, and its page is not there any more.`,
  );
}

/**
 * A body comes as slowly as its sender likes: whose session, key or role has ended by then has nothing done by it any more.
 * @throws as `CallBase.again`
 */
async function afterReading(call: CallBase, access: Access): Promise<CallBase> {
  if (access !== "public") return call.again(call);
  if (call.session === null || isOpenSession(call.store.db.orm, call.session.sessionId)) return call;
  return { ...call, actor: ANONYMOUS, session: null };
}

/**
 * Whether its requests count against the limits. Files do not: they are made once and the same for everyone, so that any cache may answer for the store, and a fleet
 * behind one address that fetches an update at once must not be told to wait for it. Nor does asking whether the store is well.
 */
export function isCounted({ area, uncounted }: Route): boolean {
  return area !== "file" && uncounted !== true;
}

export function nothingHere(): Problem {
  return new Problem("not_found", "not_found", say`There is nothing at this address.`);
}
