/** Which store a command speaks to, and as whom: --store and --token, or the environment. */
import { X509Certificate } from "node:crypto";
import { type Environment, environmentSecret } from "../config.ts";
import { isProblem, Problem } from "../errors.ts";
import { isThisMachine } from "../loopback.ts";
import { option } from "./command.ts";
import { readSmallFile } from "./files.ts";
import { findLogin, isTokenText, listLogins } from "./logins.ts";

export const STORE_OPTIONS = {
  store: option("--store", "URL", "the store's address (else MOSIS_STORE)"),
  token: option(
    "--token",
    "TOKEN",
    "an API key of the store, in place of your login; others on this machine can see it here, and not in MOSIS_TOKEN or in the file that MOSIS_TOKEN_FILE names",
  ),
  storeCa: option(
    "--store-ca",
    "PEM",
    "a file with the CA that the store's TLS certificate comes from (else MOSIS_STORE_CA)",
  ),
};

export type StoreOptions = {
  readonly store: string | undefined;
  readonly token: string | undefined;
  readonly storeCa: string | undefined;
};

export type Connection = {
  /** Such as `https://store.example.com`, without a slash at the end. */
  readonly origin: string;
  readonly token: string | null;
  /** PEM; trusted instead of the system's CAs. */
  readonly tlsCa: string | null;
};

/**
 * The named store, or the one that a person of this machine is signed in to, with the token that is given or their login's.
 * @throws Problem `client.store_missing`, `client.store_malformed`, `client.token_missing`, `client.token_malformed`,
 *   `client.token_over_http`, `client.store_ca_unusable`, `login.…`, `file.…`
 */
export async function chosenConnection(
  options: StoreOptions,
  environment: Environment,
  path: (relative: string) => string,
): Promise<Connection> {
  const origin = await chosenStore(options.store, environment);
  const token = await tokenFor(origin, options, environment);
  if (token === null) {
    throw new Problem(
      "usage",
      "client.token_missing",
      `Say who you are: sign in with mosis login ${origin}, or put an API key, which you make on the store's pages, into a file, and name that in MOSIS_TOKEN_FILE.`,
    );
  }
  refusePlainHttp(origin);
  return { origin, token, tlsCa: await chosenTlsCa(options, environment, path) };
}

/**
 * The token that is given, else that of the login at this store; null: there is none.
 * @throws Problem `client.token_malformed`, `login.…`, `file.…`
 */
export async function tokenFor(
  origin: string,
  options: Pick<StoreOptions, "token">,
  environment: Environment,
): Promise<string | null> {
  const token = givenToken(options, environment) ?? (await findLogin(environment, origin))?.token ?? "";
  if (token === "") return null;
  if (isTokenText(token)) return token;
  throw new Problem(
    "usage",
    "client.token_malformed",
    "This is not an API key of a store: one is a single word that starts with mosis_. Was it copied whole?",
  );
}

/** The token of the options or the environment; undefined: none is given. */
export function givenToken(
  options: Pick<StoreOptions, "token">,
  environment: Environment,
): string | undefined {
  return nonEmpty((options.token ?? environmentSecret("MOSIS_TOKEN", environment) ?? "").trim());
}

/**
 * The origin of the store: as it is named, or of the only login.
 * @param by How the command takes its name
 * @throws Problem `client.store_missing`, `client.store_malformed`, `login.…`, `file.…`
 */
export async function chosenStore(
  named: string | undefined,
  environment: Environment,
  by: "--store URL" | "STORE" = "--store URL",
): Promise<string> {
  const store = named ?? nonEmpty(environment.MOSIS_STORE);
  if (store !== undefined) return parseStoreUrl(store).origin;
  const known = await listLogins(environment);
  const [only] = known;
  if (only !== undefined && known.length === 1) return only.store;
  const stores = known.map((login) => login.store).join(", ");
  throw new Problem(
    "usage",
    "client.store_missing",
    known.length === 0
      ? `Say which store: ${by}, or MOSIS_STORE.`
      : `You are signed in to several stores: ${stores}. Say which: ${by}, or MOSIS_STORE.`,
  );
}

/** On this machine itself nobody reads it: see `keepFromProxy`. @throws Problem `client.token_over_http` */
export function refusePlainHttp(origin: string): void {
  const { protocol, hostname } = new URL(origin);
  if (protocol !== "http:" || isThisMachine(hostname)) return;
  throw new Problem(
    "forbidden",
    "client.token_over_http",
    `The token is not sent to ${origin}: everyone on the way could read it. Use the store's https:// address.`,
  );
}

/** PEM, null: the system's CAs. @throws Problem `client.store_ca_unusable`, `file.…` */
export async function chosenTlsCa(
  options: Pick<StoreOptions, "storeCa">,
  environment: Environment,
  path: (relative: string) => string,
): Promise<string | null> {
  const file = options.storeCa ?? nonEmpty(environment.MOSIS_STORE_CA);
  return file === undefined ? null : await readTlsCa(path(file));
}

/** TLS takes certificates of many forms and issuers: only that there are some is judged here. @throws Problem as `chosenTlsCa` */
export async function readTlsCa(path: string): Promise<string> {
  try {
    // A block is ASCII; what stands beside it is in any encoding.
    const text = Buffer.from(await readSmallFile(path)).toString("latin1");
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    for (const block of blocks) new X509Certificate(block);
    if (blocks.length > 0) return blocks.join("\n");
  } catch (error) {
    if (isProblem(error) && error.kind === "unreachable") throw error;
  }
  throw new Problem(
    "usage",
    "client.store_ca_unusable",
    `${path} is no file of certificates as PEM blocks of CERTIFICATE, of at most 1 MiB.`,
  );
}

/** @throws Problem `client.store_malformed` */
function parseStoreUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    const hint = /^[\w.-]+(?::\d+)?\/?$/.test(text) ? ` Do you mean https://${text}?` : "";
    throw malformed(text, `it does not start with https:// (or http://).${hint}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw malformed(url.origin, "an address holds no name and password; use a token.");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw malformed(text, `a store's address has no path. Do you mean ${url.origin}?`);
  }
  return url;
}

function malformed(text: string, why: string): Problem {
  return new Problem(
    "usage",
    "client.store_malformed",
    `${JSON.stringify(text)} is no store's address: ${why}`,
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
