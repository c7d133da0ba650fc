/**
 * Calls to a store's API. A problem document (RFC 9457) comes back as the Problem that it is; everything else that can
 * go wrong on the way has a code of its own. A call that may be repeated without harm is.
 */

import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isProblem, Problem } from "../errors.ts";
import { keepFromProxy } from "../loopback.ts";
import { connectionProblem, isWorthRetrying, oauthProblem, problemOfAnswer } from "./client-problems.ts";
import type { Connection } from "./connection.ts";
import { interrupted } from "./report.ts";
import { BUILD } from "./version.ts";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A body that is sent as it is read; `open` is called again when the call is repeated. */
export type StreamBody = {
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly open: () => ReadableStream<Uint8Array>;
};

export type Call = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the origin, such as `/api/v1/apps`; the parts that come from people are encoded by `apiPath`. */
  readonly path: string;
  readonly query?: Query;
  readonly json?: unknown;
  readonly stream?: StreamBody;
  /** As OAuth has it, whose errors come back as `login.` and their name. */
  readonly form?: Readonly<Record<string, string>>;
  /** Of its own, beside those of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes a creating call safe to repeat. */
  readonly idempotencyKey?: string;
  /** The revision that was seen. */
  readonly ifMatch?: number;
  /** How long the whole call may take; null for no limit (uploads). */
  readonly timeoutMs?: number | null;
};

export type Answer = { readonly status: number; readonly json: unknown };

export type Client = {
  readonly origin: string;
  /** @throws Problem: the store's own, or `client.…` */
  call(call: Call): Promise<Answer>;
  /** `call` with GET, and its JSON. */
  get(path: string, query?: Query): Promise<unknown>;
};

export type ClientOptions = {
  readonly signal: AbortSignal;
  /** First wait before a repeated call; doubles each time. */
  readonly retryDelayMs?: number;
  /** Another token, since the store does not take this one any more; null: there is no other. */
  readonly renewed?: (refused: string) => Promise<string | null>;
};

const ATTEMPTS = 5;
const RETRY_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** The path of an API resource, with its parts encoded. */
export function apiPath(...parts: readonly (string | number)[]): string {
  return `/api/v1/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

export function createClient({ token: first, ...place }: Connection, options: ClientOptions): Client {
  let token = first;
  const call = async (request: Call): Promise<Answer> => {
    const used = token;
    try {
      return await insist(request, used);
    } catch (error) {
      // Whom it does not know, a store does nothing for: any call may be made again.
      if (!isProblem(error) || error.kind !== "unauthenticated" || used === null) throw error;
      const next = (await options.renewed?.(used)) ?? null;
      if (next === null || next === used) throw error;
      token = next;
      return insist(request, next);
    }
  };
  const insist = async (request: Call, present: string | null): Promise<Answer> => {
    const connection = { ...place, token: present };
    const repeatable = request.method === "GET" || request.idempotencyKey !== undefined;
    const firstDelayMs = options.retryDelayMs ?? RETRY_DELAY_MS;
    for (let attempt = 1; ; attempt++) {
      const { answer, problem, retryAfterMs } = await once(connection, request, options.signal);
      if (answer !== null) return answer;
      if (!repeatable || attempt === ATTEMPTS || retryAfterMs === null) throw problem;
      const backoffMs = firstDelayMs * 2 ** (attempt - 1) * (0.75 + randomInt(0, 501) / 1000);
      await pause(Math.min(LONGEST_DELAY_MS, Math.max(backoffMs, retryAfterMs)), options.signal);
    }
  };
  return {
    origin: place.origin,
    call,
    get: async (path, query) =>
      (await call({ method: "GET", path, ...(query === undefined ? {} : { query }) })).json,
  };
}

/** Waits, unless the person wants to stop. @throws Problem `interrupted` */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw interrupted();
  }
}

type Outcome =
  | { readonly answer: Answer; readonly problem: null; readonly retryAfterMs: null }
  /** `retryAfterMs` null: asking again would change nothing. */
  | { readonly answer: null; readonly problem: Problem; readonly retryAfterMs: number | null };

async function once(connection: Connection, request: Call, signal: AbortSignal): Promise<Outcome> {
  const timeoutMs = request.timeoutMs === undefined ? TIMEOUT_MS : request.timeoutMs;
  const timeout = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs);
  let response: Response;
  let body: Uint8Array;
  try {
    response = await send(
      connection,
      request,
      timeout === null ? signal : AbortSignal.any([signal, timeout]),
    );
    body = await readLimited(response);
  } catch (error) {
    if (signal.aborted) throw interrupted();
    if (error instanceof Problem) throw error;
    const problem = connectionProblem(error, connection.origin, timeout?.aborted === true);
    return { answer: null, problem, retryAfterMs: isWorthRetrying(problem) ? 0 : null };
  }
  if (response.ok) {
    const json = body.length === 0 ? null : parseJson(body);
    if (json === undefined || (json === null && response.status !== 204)) {
      return { answer: null, problem: notAStore(connection.origin, response), retryAfterMs: null };
    }
    return { answer: { status: response.status, json }, problem: null, retryAfterMs: null };
  }
  const said = parseJson(body);
  const problem =
    (request.form && oauthProblem(response, said)) ??
    problemOfAnswer(response, said) ??
    notAStore(connection.origin, response);
  return { answer: null, problem, retryAfterMs: retryAfter(response) };
}

async function send(connection: Connection, request: Call, signal: AbortSignal): Promise<Response> {
  const url = new URL(request.path, connection.origin);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const headers = new Headers({
    ...request.headers,
    accept: "application/json, application/problem+json",
    "user-agent": `mosis/${BUILD.version}`,
  });
  if (connection.token !== null) headers.set("authorization", `Bearer ${connection.token}`);
  if (request.idempotencyKey !== undefined) headers.set("idempotency-key", request.idempotencyKey);
  if (request.ifMatch !== undefined) headers.set("if-match", `"${request.ifMatch}"`);
  let body: string | ReadableStream<Uint8Array> | undefined;
  if (request.stream !== undefined) {
    headers.set("content-type", request.stream.mediaType);
    headers.set("content-length", String(request.stream.sizeBytes));
    body = request.stream.open();
  } else if (request.form !== undefined) {
    headers.set("content-type", "application/x-www-form-urlencoded");
    body = new URLSearchParams(request.form).toString();
  } else if (request.json !== undefined) {
    headers.set("content-type", "application/json");
    body = JSON.stringify(request.json);
  }
  keepFromProxy(url);
  return fetch(url, {
    method: request.method,
    headers,
    signal,
    // Followed, a redirect would carry the token to wherever it points.
    redirect: "manual",
    // Bun's own limit of five minutes would cut long uploads off.
    timeout: false,
    ...(body === undefined ? {} : { body }),
    ...(connection.tlsCa === null ? {} : { tls: { ca: connection.tlsCa } }),
  });
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  if (response.body === null) return new Uint8Array(0);
  for await (const chunk of response.body as AsyncIterable<Uint8Array> & ReadableStream) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) {
      throw new Problem(
        "unreachable",
        "client.answer_too_large",
        `The store's answer is larger than ${MAX_ANSWER_BYTES} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined when it is no JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function notAStore(origin: string, response: Response): Problem {
  const location = response.headers.get("location");
  if (response.status >= 300 && response.status < 400 && location !== null) {
    const target = URL.parse(location, origin)?.origin;
    const instead =
      target !== undefined && target !== origin
        ? ` Give the address it points to, if you trust it: ${target}`
        : "";
    return new Problem("unreachable", "client.redirected", `${origin} sends callers elsewhere.${instead}`);
  }
  const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "no content type";
  return new Problem(
    "unreachable",
    "client.not_a_store",
    `${origin} answers, but not as a Mosis store does (HTTP ${response.status}, ${mediaType}). Check the address; a proxy may stand before it.`,
  );
}

const RETRIED_STATUS = new Set([429, 502, 503, 504]);

/** How long to wait as the answer says (RFC 9110 §10.2.3), 0 when it says nothing, null when asking again is no use. */
function retryAfter(response: Response): number | null {
  if (!RETRIED_STATUS.has(response.status)) return null;
  const seconds = response.headers.get("retry-after") ?? "";
  if (!/^\d{1,6}$/.test(seconds)) return 0;
  const ms = Number(seconds) * 1000;
  return ms > LONGEST_DELAY_MS ? null : ms;
}
