/**
 * Requests to an outside provider. What it answers is a stranger's: bounded in time and size, never followed elsewhere, and
 * asked for over https alone, or over http on this machine itself.
 */

import { X509Certificate } from "node:crypto";
import { readTextAtMost } from "../../config.files.ts";
import type { Provider } from "../../config.providers.ts";
import { isSecureUrl } from "../../config.values.ts";
import { describeError, type Fault, isProblem, Problem } from "../../errors.ts";
import { keepFromProxy } from "../../loopback.ts";
import { say, sayAll, type Words } from "../../say.ts";

const ANSWER_MS = 10_000;
const ANSWER_BYTES = 1024 * 1024;
const FILE_BYTES = 1024 * 1024;

export type Patience = {
  readonly answerMs: number;
  readonly answerBytes: number;
  /** What a person who waits for the answer can do when none comes. */
  readonly advice?: Words;
};
export const PATIENCE: Patience = { answerMs: ANSWER_MS, answerBytes: ANSWER_BYTES };

/** Whom it asks. */
type Asked = Pick<Provider, "id" | "name" | "caFile">;
type Ask = Pick<RequestInit, "method" | "headers" | "body">;

/**
 * The whole answer, read to its end.
 * @throws Problem `provider.unreachable` when it does not come, `provider.answer` when it is too long or leads elsewhere,
 *   `provider.file`
 */
export async function askProvider(
  provider: Asked,
  url: string,
  ask: Ask,
  patience: Patience = PATIENCE,
): Promise<Response> {
  const { origin, pathname } = URL.parse(url) ?? { origin: "", pathname: "" };
  if (!isSecureUrl(`${origin}${pathname}`))
    throw answerProblem(provider, say`it names an address that is not https`);
  try {
    keepFromProxy(url);
    const response = await fetch(url, {
      ...ask,
      redirect: "manual",
      signal: AbortSignal.timeout(patience.answerMs),
      ...tlsOf(provider),
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw answerProblem(provider, say`it sends its caller to another address`);
    }
    const body = await collect(provider, response, patience.answerBytes);
    return new Response(body.byteLength === 0 ? null : body, {
      status: response.status,
      headers: response.headers,
    });
  } catch (error) {
    if (isProblem(error)) throw error;
    throw unreachable(provider, error, patience.advice ?? say`Try again later, or sign in another way.`);
  }
}

async function collect(
  provider: Asked,
  response: Response,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  if (response.body === null) return new Uint8Array();
  for await (const chunk of response.body as AsyncIterable<Uint8Array> & ReadableStream) {
    received += chunk.byteLength;
    if (received > mostBytes)
      throw answerProblem(provider, say`it answers with more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Read for each request, so that a new file needs no new start. */
function tlsOf(provider: Asked): { tls?: { ca: string } } {
  const { caFile } = provider;
  if (caFile === null) return {};
  const ca = readFile(provider, "ca", caFile);
  try {
    new X509Certificate(ca);
  } catch {
    throw fileProblem(provider, "ca", `${caFile} does not hold certificates in PEM`);
  }
  return { tls: { ca } };
}

/** The client's secret, one line of the file; null for a public client. @throws Problem `provider.file` */
export function clientSecret(provider: Provider): string | null {
  const { clientSecretFile: file } = provider;
  if (file === null) return null;
  const secret = readFile(provider, "client_secret_file", file).replace(/\r?\n$/, "");
  if (secret === "" || /[\0\r\n]/.test(secret))
    throw fileProblem(provider, "client_secret_file", `${file} does not hold a secret in one line`);
  return secret;
}

function readFile(provider: Asked, key: string, file: string): string {
  let text: string | null;
  try {
    text = readTextAtMost(file, FILE_BYTES);
  } catch {
    throw fileProblem(provider, key, `${file} cannot be read`);
  }
  if (text === null) throw fileProblem(provider, key, `${file} has more than ${FILE_BYTES} bytes`);
  return text;
}

function fileProblem({ id }: Asked, key: string, why: string): Problem {
  return new Problem("unreachable", "provider.file", say`providers.${id}.${key}: ${why}.`);
}

function unreachable({ name }: Asked, cause: unknown, advice: Words): Problem {
  const isLate = cause instanceof Error && cause.name === "TimeoutError";
  return new Problem(
    "unreachable",
    "provider.unreachable",
    sayAll([isLate ? say`${name} does not answer in time.` : say`${name} cannot be reached.`, advice]),
    [{ code: "provider.cause", message: codeOf(cause) }],
    { cause },
  );
}

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  return typeof code === "string" && code !== "" ? code : describeError(cause);
}

/** What the provider said is not what it may say; `why` goes on after "since". */
export function answerProblem({ name }: Pick<Provider, "name">, why: Words, cause?: unknown): Problem {
  return new Problem(
    "unreachable",
    "provider.answer",
    say`What ${name} answers is not taken, since ${why}. Tell the store's administrator.`,
    [],
    { cause },
  );
}

/** What a sign-in rests on counts there no more: the person begins it again. */
export function codeProblem(
  { name }: Pick<Provider, "name">,
  details: readonly Fault[] = [],
  options?: ErrorOptions,
): Problem {
  const message = say`${name} does not take this sign-in any more. Start it again.`;
  return new Problem("forbidden", "provider.code", message, details, options);
}
