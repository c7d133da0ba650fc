/** Fetching from a store that is not trusted: sizes are limited, silences too, and every failure has a code. */

import { isProblem, Problem } from "../errors.ts";
import { keepFromProxy } from "../loopback.ts";
import type { Access, Device } from "./context.ts";

/** How patient a device is, and when it is to end. */
export type Patience = Pick<Device, "timeouts" | "signal"> & Partial<Pick<Device, "access" | "tlsCa">>;

/** An answer with another status than was asked for. */
export class HttpStatusError extends Error {
  constructor(
    readonly url: string,
    readonly status: number,
  ) {
    super(`${url} answered with status ${status}`);
  }
}

/** Within the time of a silence at least so much must come, or the rest of the body: a trickle is no progress. */
const LEAST_BYTES = 16_384;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The body turned out larger than it may be. */
export class TooLongError extends Error {}

export function unreachable(url: string, cause: unknown): Problem {
  return new Problem(
    "unreachable",
    "device.unreachable",
    `The store could not be reached at ${url}: ${reasonOf(cause)}.`,
    [],
    { cause },
  );
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOTFOUND|EAI_\w+|DNS_\w+)$/, "there is no machine of that name"],
  [/^(?:ECONNREFUSED|ConnectionRefused)$/, "nothing listens there"],
  [/^(?:ECONNRESET|ConnectionClosed|UND_ERR_SOCKET)$/, "the connection was cut"],
  [/^(?:ETIMEDOUT|ConnectionTimeout)$/, "no answer came in time"],
  [/^CERT_HAS_EXPIRED$/, "its TLS certificate has expired"],
  [/ALTNAME|HOSTNAME/, "its TLS certificate is for another name"],
  [
    /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|CERT_|UNTRUSTED/,
    "its TLS certificate comes from nobody that this machine trusts; name your company's CA with --store-ca PEM",
  ],
];

/** The runtime's code in words, or else its own words on one line. */
function reasonOf(cause: unknown): string {
  if (cause instanceof HttpStatusError) return `it answered with status ${cause.status}`;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const known = REASONS.find(([codes]) => codes.test(code));
  const words = cause instanceof Error ? cause.message : String(cause);
  return known?.[1] ?? words.replaceAll(/\s+/g, " ").replace(/\.$/, "").slice(0, 300);
}

export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly accepts: (status: number) => boolean;
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** PEM; trusted instead of the system's CAs. */
  readonly tlsCa?: string | null | undefined;
  /** JSON that is posted; without it, it is a GET. */
  readonly body?: string;
};

type Consume<T> = (response: Response, body: AsyncIterable<Uint8Array>) => Promise<T>;

/**
 * One request of a store's file, with the device's token where it has one, its body handed on piece by piece. A token that
 * the store does not take is fetched anew, once. Gives what `consume` gives.
 * @throws HttpStatusError for a status that `accepts` refuses, Problem `device.unreachable` for a failure on the way,
 *   `device.enrolment_needed` where the store gives its files to enrolled devices only; those of `Access`
 */
export async function request<T>(
  url: string,
  options: RequestOptions & { readonly access?: Access | null },
  consume: Consume<T>,
): Promise<T> {
  const access = options.access?.files && url.startsWith(options.access.files) ? options.access : null;
  const token = access === null ? null : await access.token();
  try {
    return await send(url, withToken(options, token), consume);
  } catch (error) {
    if (!(error instanceof HttpStatusError)) throw error;
    if (error.status === 403) throw access?.forbidden ?? error;
    if (error.status !== 401) throw error;
    if (access === null || token === null) throw enrolmentNeeded();
    return send(url, withToken(options, await access.renewed(token)), consume);
  }
}

function withToken(options: RequestOptions, token: string | null): RequestOptions {
  return token === null
    ? options
    : { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } };
}

function enrolmentNeeded(): Problem {
  return new Problem(
    "unauthenticated",
    "device.enrolment_needed",
    "The store gives its files to enrolled devices only. Ask its administrator for a code, and enrol with “mosis device enrol CODE”, or with --enrol CODE while it is set up.",
  );
}

/** The same without a token. @throws as `request` */
export async function send<T>(url: string, options: RequestOptions, consume: Consume<T>): Promise<T> {
  if (options.signal.aborted) throw interrupted();
  const abort = new AbortController();
  const end = () => abort.abort();
  options.signal.addEventListener("abort", end, { once: true });
  let timer = setTimeout(() => abort.abort(), options.idleMs);
  let fed = 0;
  const alive = (bytes: number) => {
    fed += bytes;
    if (fed < LEAST_BYTES) return;
    fed = 0;
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), options.idleMs);
  };
  try {
    const { body, tlsCa } = options;
    keepFromProxy(url);
    const response = await fetch(url, {
      headers: { ...options.headers, "accept-encoding": "identity" },
      ...(body === undefined ? {} : { method: "POST", body }),
      // Wherever else it leads, it is not the address that the person chose.
      redirect: "manual",
      signal: abort.signal,
      ...(typeof tlsCa === "string" ? { tls: { ca: tlsCa } } : {}),
    }).catch((error) => {
      throw unreachable(url, abort.signal.aborted ? new Error("no answer came in time") : error);
    });
    if (REDIRECTS.has(response.status)) throw redirected(url, response.headers.get("location"));
    if (!options.accepts(response.status)) throw new HttpStatusError(url, response.status);
    return await consume(response, pieces(url, response, abort.signal, alive));
  } catch (error) {
    throw options.signal.aborted ? interrupted() : error;
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", end);
    // Frees the connection of a body that was not read to its end.
    abort.abort();
  }
}

function redirected(url: string, location: string | null): Problem {
  const to = location === null ? "" : ` to ${location.slice(0, 200)}`;
  return new Problem(
    "unreachable",
    "device.redirected",
    `${url} leads on${to}, and a device goes only where it was told to. If that is the store, set the device up with its address.`,
  );
}

function interrupted(): Problem {
  return new Problem("unavailable", "interrupted", "Interrupted before it was done.");
}

async function* pieces(
  url: string,
  response: Response,
  signal: AbortSignal,
  alive: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const silence = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("too little came for too long")));
  });
  silence.catch(() => {});
  for (;;) {
    const next = await Promise.race([reader.read(), silence]).catch((error) => {
      throw unreachable(url, error);
    });
    if (next.done) return;
    alive(next.value.byteLength);
    yield next.value;
  }
}

/** A whole body in memory. @throws TooLongError, HttpStatusError, Problem `device.unreachable` */
export async function fetchBytes(url: string, maxBytes: number, patience: Patience): Promise<Buffer> {
  const { timeouts, signal, access = null, tlsCa } = patience;
  const options = {
    accepts: (status: number) => status === 200,
    idleMs: timeouts.idleMs,
    signal,
    access,
    tlsCa,
  };
  return retrying(timeouts, () => request(url, options, (_, body) => collect(url, body, maxBytes)));
}

/** @throws TooLongError */
export async function collect(
  url: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.byteLength;
    if (total > maxBytes)
      throw new TooLongError(`${url} has more than the ${maxBytes} bytes that it may have`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Tries again what failed on the way or on the other side's account, a little later each time. */
async function retrying<T>(timeouts: Device["timeouts"], attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= timeouts.attempts || !isPassing(error)) throw error;
      await Bun.sleep(200 * tried);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof HttpStatusError) return error.status >= 500 || error.status === 429;
  return isProblem(error) && error.code === "device.unreachable";
}
