/**
 * The identity of the build job that a command runs in: an OpenID Connect token that the CI server gives it, by the
 * environment, and the store's token that it is exchanged for.
 */
import { type Environment, environmentSecret } from "../config.ts";
import { Problem } from "../errors.ts";
import { isThisMachine, keepFromProxy } from "../loopback.ts";
import { object, text } from "./answers.ts";
import { apiPath, createClient } from "./client.ts";
import { connectionProblem } from "./client-problems.ts";
import { type Connection, readTlsCa } from "./connection.ts";

/** Asks for an identity token that is meant for that store. */
export type JobIdentity = (audience: string, signal: AbortSignal) => Promise<string>;

const ANSWER_MS = 15_000;
const ANSWER_BYTES = 64 * 1024;
const REQUEST_URL = "ACTIONS_ID_TOKEN_REQUEST_URL";
const REQUEST_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
const VARIABLE = "MOSIS_ID_TOKEN";
/** Of its own, and not the store's: who has the store's authority may not be whom the job tells who it is. */
const CA_VARIABLE = "MOSIS_ID_TOKEN_CA";

/**
 * What is given is read anew with each call: whoever fills the file may put another token into it.
 *
 * From MOSIS_ID_TOKEN or the file that MOSIS_ID_TOKEN_FILE names, which GitLab and others fill; else from the address that
 * GitHub, Gitea and Forgejo give to jobs that may ask; a server of the company's own may have a certificate of an authority
 * that MOSIS_ID_TOKEN_CA names. null: there is neither.
 * @throws Problem `config.unreadable`, `config.secret_twice`
 */
export function findJobIdentity(
  environment: Environment,
  path: (relative: string) => string,
): JobIdentity | null {
  const given = () => environmentSecret(VARIABLE, environment)?.trim() ?? "";
  if (given() !== "") return async () => given();
  const [url, secret] = [environment[REQUEST_URL] ?? "", environment[REQUEST_TOKEN] ?? ""];
  if (url === "" || secret === "") return null;
  const caFile = environment[CA_VARIABLE] ?? "";
  return async (audience, signal) =>
    ask(
      { address: url, secret, tlsCa: caFile === "" ? null : await readTlsCa(path(caFile)) },
      audience,
      signal,
    );
}

export function identityMissing(): Problem {
  return new Problem(
    "usage",
    "client.identity_missing",
    `This build job has no identity token: at GitHub, Gitea and Forgejo its workflow must allow it (permissions: id-token: write), at GitLab it must have id_tokens with ${VARIABLE}; elsewhere put one into a file and name that in ${VARIABLE}_FILE.`,
  );
}

/**
 * Gives the store's token for one app with each call: another one each time. The identity token is asked for with the address
 * that the command was given, and never one that a server names: else whoever answers there could use it somewhere else.
 *
 * The function that it gives throws Problem `client.identity_refused`, `client.identity_unreachable`, and the store's
 * `trusted.…`; null: what the job was given is taken once, and was.
 */
export function identityExchange(
  connection: Connection,
  identity: JobIdentity,
  appId: string,
  signal: AbortSignal,
): () => Promise<string | null> {
  const client = createClient({ ...connection, token: null }, { signal });
  let taken = "";
  return async () => {
    const identityToken = await identity(connection.origin, signal);
    if (identityToken === "" || identityToken === taken) return null;
    taken = identityToken;
    const { json } = await client.call({
      method: "POST",
      path: apiPath("trusted-publishing", "token"),
      json: { appId, identityToken },
      // Not taken twice, but for an answer that says that nothing was taken yet.
      idempotencyKey: crypto.randomUUID(),
    });
    return text(object(json, "the exchanged token"), "token");
  };
}

type Issuer = { readonly address: string; readonly secret: string; readonly tlsCa: string | null };

async function ask(
  { address, secret, tlsCa }: Issuer,
  audience: string,
  signal: AbortSignal,
): Promise<string> {
  const url = URL.parse(address);
  if (
    url === null ||
    (url.protocol !== "https:" && !(url.protocol === "http:" && isThisMachine(url.hostname)))
  )
    throw refused(`${REQUEST_URL} names no https address`);
  url.searchParams.set("audience", audience);
  let response: Response;
  let body: string;
  try {
    keepFromProxy(url);
    response = await fetch(url, {
      headers: { authorization: `Bearer ${secret}`, accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      ...(tlsCa === null ? {} : { tls: { ca: tlsCa } }),
    });
    body = await textAtMost(response, ANSWER_BYTES);
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(url.origin, error);
  }
  if (response.status !== 200) throw refused(`${url.origin} answers with HTTP ${response.status}`);
  const value = valueIn(body);
  if (value === null) throw refused(`${url.origin} answers with no token`);
  return value;
}

/** What another run does not mend is said as it is. */
function unreachable(origin: string, error: unknown): Problem {
  const { code, message } = connectionProblem(error, origin, false, `${CA_VARIABLE}=PEM`);
  const why = code.startsWith("client.tls_")
    ? `The CI server is not asked for the job's identity token. ${message}`
    : `The CI server (${origin}) does not answer when it is asked for the job's identity token. Run the job again.`;
  return new Problem("unreachable", "client.identity_unreachable", why, [], { cause: error });
}

async function textAtMost(response: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  if (response.body === null) return "";
  for await (const chunk of response.body as AsyncIterable<Uint8Array> & ReadableStream) {
    received += chunk.byteLength;
    if (received > mostBytes) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function valueIn(body: string): string | null {
  try {
    const found: unknown = JSON.parse(body);
    const value = typeof found === "object" && found !== null && "value" in found ? found.value : null;
    return typeof value === "string" && value !== "" ? value : null;
  } catch {
    return null;
  }
}

function refused(why: string): Problem {
  return new Problem(
    "forbidden",
    "client.identity_refused",
    `The CI server gives the job no identity token: ${why}. Its workflow must allow it (permissions: id-token: write), and a job of a pull request from a fork may not.`,
  );
}
