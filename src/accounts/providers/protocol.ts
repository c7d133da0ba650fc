/**
 * OpenID Connect and OAuth 2.0 with outside providers, through openid-client, which is loaded when somebody uses one and
 * known to this file alone. Discovery is lazy and kept: the store starts, and passwords work, while a provider is down.
 */

import type * as Client from "openid-client";
import { systemClock } from "../../clock.ts";
import type { Provider } from "../../config.providers.ts";
import { isSecureUrl } from "../../config.values.ts";
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import { type Fault, isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import type { Claims } from "./claims.ts";
import { holds, type Kept, keep } from "./kept.ts";
import { answerProblem, askProvider, clientSecret, codeProblem } from "./outward.ts";

const DISCOVERY_MS = 60 * 60_000;
/** How far a provider's clock may be from ours. */
const TOLERANCE_SECONDS = 30;

/** What proves that an answer belongs to what was asked. */
export type Proof = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type Tokens = {
  /** Of the identity token, which was checked; null where the protocol has none. */
  readonly claims: Claims | null;
  readonly accessToken: string;
  readonly refreshToken: string | null;
};

type Known = Kept<Client.ServerMetadata> & { keys: Client.ExportedJWKSCache | undefined };

const knownOf = perDb(() => new Map<string, Known>());

const load = (): Promise<typeof Client> => import("openid-client");

function serverOf(store: Store, provider: Provider): Known {
  const servers = knownOf(store);
  const before = servers.get(provider.id);
  const now = store.clock.now().getTime();
  if (before && holds(before, now, DISCOVERY_MS)) return before;
  const metadata =
    provider.kind === "github" ? Promise.resolve(githubMetadata(provider)) : discover(provider);
  const made: Known = Object.assign(keep(metadata, now), { keys: before?.keys });
  servers.set(provider.id, made);
  return made;
}

/** GitHub publishes none for people's sign-ins; these are the addresses of its documentation, on every server of its kind. */
function githubMetadata({ issuer }: Provider): Client.ServerMetadata {
  return {
    issuer,
    authorization_endpoint: `${issuer}/login/oauth/authorize`,
    token_endpoint: `${issuer}/login/oauth/access_token`,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
  };
}

async function discover(provider: Provider): Promise<Client.ServerMetadata> {
  const client = await load();
  return telling(provider, async () => {
    const found = await client.discovery(new URL(provider.issuer), provider.clientId, undefined, undefined, {
      [client.customFetch]: fetchOf(provider),
      execute: isPlain(provider) ? [client.allowInsecureRequests] : [],
    });
    const metadata = found.serverMetadata();
    if (metadata.issuer !== provider.issuer)
      throw answerProblem(provider, say`it calls itself ${metadata.issuer}, and not ${provider.issuer}`);
    const methods: unknown = metadata.token_endpoint_auth_methods_supported;
    if (methods !== undefined && !Array.isArray(methods))
      throw answerProblem(provider, say`it does not list how it takes this store's credentials`);
    return { ...metadata };
  });
}

const isPlain = ({ issuer }: Provider) => issuer.startsWith("http:");

const fetchOf =
  (provider: Provider): Client.CustomFetch =>
  async (url, { method, headers, body }) => {
    const ask = {
      method,
      headers,
      ...(body === undefined || body === null ? {} : { body: body as BodyInit }),
    };
    const response = await askProvider(provider, url, ask);
    return provider.kind === "github" ? honest(response) : response;
  };

/** GitHub says what went wrong with a status that means that nothing did. */
async function honest(response: Response): Promise<Response> {
  const text = await response.text();
  const isError = response.status === 200 && /^\s*\{[\s\S]*"error"\s*:/.test(text);
  return new Response(text, { status: isError ? 400 : response.status, headers: response.headers });
}

async function configured(
  store: Store,
  provider: Provider,
): Promise<{ client: typeof Client; configuration: Client.Configuration; keep: () => void }> {
  const client = await load();
  const server = serverOf(store, provider);
  const metadata = await server.answer;
  const authentication = authenticationBy(client, metadata, clientSecret(provider));
  return telling(provider, async () => {
    const configuration = new client.Configuration(
      metadata,
      provider.clientId,
      {
        // The store's clock is the one that counts, and the package reads the system's.
        [client.clockSkew]: Math.round((store.clock.now().getTime() - systemClock.now().getTime()) / 1000),
        [client.clockTolerance]: TOLERANCE_SECONDS,
      },
      authentication,
    );
    configuration[client.customFetch] = fetchOf(provider);
    if (isPlain(provider)) client.allowInsecureRequests(configuration);
    // Also of a token that came from the provider itself: without it, its word would rest on the connection alone.
    if (provider.kind !== "github") client.enableNonRepudiationChecks(configuration);
    if (server.keys !== undefined) client.setJwksCache(configuration, server.keys);
    const keep = () => {
      server.keys = client.getJwksCache(configuration) ?? server.keys;
    };
    return { client, configuration, keep };
  });
}

/** In the request's head where the provider takes it there, which is what a provider that says nothing does (Discovery §3). */
function authenticationBy(
  client: typeof Client,
  { token_endpoint_auth_methods_supported: methods }: Client.ServerMetadata,
  secret: string | null,
): Client.ClientAuth {
  if (secret === null) return client.None();
  const inHead = methods === undefined || methods.includes("client_secret_basic");
  return inHead ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}

/**
 * Where the browser goes: the provider asks the person there, and sends them back to `redirectUri`.
 * @throws Problem `provider.unreachable`, `provider.answer`, `provider.file`
 */
export async function authorizationUrl(
  store: Store,
  provider: Provider,
  proof: Proof,
  redirectUri: string,
): Promise<string> {
  const { client, configuration } = await configured(store, provider);
  const [domain] = provider.domains;
  return telling(provider, async () => {
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: provider.scopes,
      state: proof.state,
      code_challenge: await client.calculatePKCECodeChallenge(proof.verifier),
      code_challenge_method: "S256",
      ...(provider.kind === "github" ? {} : { nonce: proof.nonce }),
      ...(provider.prompt === null ? {} : { prompt: provider.prompt }),
      ...(provider.kind === "google" && domain !== undefined && provider.domains.length === 1
        ? { hd: domain }
        : {}),
    });
    if (!isSecureUrl(`${url.origin}${url.pathname}`))
      throw answerProblem(provider, say`it asks people at an address that is not https`);
    return url.href;
  });
}

/**
 * The tokens for the code in the address that the browser came back with. State, issuer (RFC 9207) and identity token
 * (OpenID Connect Core §3.1.3.7: signature, issuer, audience, nonce, times) are checked.
 * @throws Problem `provider.refused`, `provider.failed`, `provider.code`, `provider.client`, `provider.token`, and as above
 */
export async function exchange(
  store: Store,
  provider: Provider,
  proof: Proof,
  cameBackTo: string,
): Promise<Tokens> {
  const { client, configuration, keep } = await configured(store, provider);
  const isOidc = provider.kind !== "github";
  return telling(provider, async () => {
    const response = await client.authorizationCodeGrant(configuration, new URL(cameBackTo), {
      pkceCodeVerifier: proof.verifier,
      expectedState: proof.state,
      ...(isOidc ? { expectedNonce: proof.nonce, idTokenExpected: true } : {}),
    });
    keep();
    return tokensOf(store, provider, response);
  });
}

function tokensOf(
  { clock }: Pick<Store, "clock">,
  provider: Provider,
  response: Client.TokenEndpointResponse & Client.TokenEndpointResponseHelpers,
): Tokens {
  const claims = response.claims();
  // The package asks for these two only where a token is for several, or has to be of a moment ago (§3.1.3.7, 5 and 10).
  if (claims?.azp !== undefined && claims.azp !== provider.clientId) throw tokenProblem(provider, "meaning");
  if (claims !== undefined && claims.iat * 1000 > clock.now().getTime() + TOLERANCE_SECONDS * 1000)
    throw tokenProblem(provider, "time");
  return {
    claims: claims === undefined ? null : { ...claims },
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? null,
  };
}

/** @throws Problem `provider.code` when the person or the provider has ended it, and as above */
export async function renew(store: Store, provider: Provider, refreshToken: string): Promise<Tokens> {
  const { client, configuration, keep } = await configured(store, provider);
  return telling(provider, async () => {
    const response = await client.refreshTokenGrant(configuration, refreshToken);
    keep();
    return tokensOf(store, provider, response);
  });
}

/** More claims than the identity token has; none where the provider has no such place. @throws Problem as above */
export async function userInfo(
  store: Store,
  provider: Provider,
  accessToken: string,
  subject: string,
): Promise<Claims> {
  const { client, configuration } = await configured(store, provider);
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  return telling(provider, async () => ({
    ...(await client.fetchUserInfo(configuration, accessToken, subject)),
  }));
}

/**
 * Whether the provider takes the store's client: a code that nobody was given is refused, and how says which.
 * @throws Problem as above
 */
export async function tryClient(
  store: Store,
  provider: Provider,
  redirectUri: string,
): Promise<Client.ServerMetadata> {
  knownOf(store).delete(provider.id);
  const { client, configuration } = await configured(store, provider);
  const tried = telling(provider, () =>
    client.genericGrantRequest(configuration, "authorization_code", {
      code: "mosis-tries-whether-the-client-is-taken",
      redirect_uri: redirectUri,
      code_verifier: "m".repeat(43),
    }),
  );
  await tried.catch((error: unknown) => {
    if (!isProblem(error) || error.code !== "provider.code") throw error;
  });
  return { ...configuration.serverMetadata() };
}

async function telling<T>(provider: Provider, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw problemOf(provider, error);
  }
}

type Thrown = {
  readonly code?: unknown;
  readonly error?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
};

/** What the person did not want, or what they were asked and did not answer. */
const BY_PERSON = [
  "access_denied",
  "login_required",
  "consent_required",
  "interaction_required",
  "account_selection_required",
];
/** GitHub's words for the same beside those of RFC 6749 §5.2. */
const BY_CODE = ["invalid_grant", "bad_verification_code", "bad_refresh_token"];
const BY_CLIENT = [
  "invalid_client",
  "unauthorized_client",
  "incorrect_client_credentials",
  "redirect_uri_mismatch",
];

/** The words of the provider never go to a person: anybody can write them into an address. */
export function problemOf(provider: Provider, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (isProblem(cause)) return cause;
  const { code, error: said, status } = error as Thrown;
  const word = typeof said === "string" && /^[a-z_]{1,60}$/.test(said) ? said : null;
  const { name } = provider;
  const details = word === null ? [] : [{ code: "provider.cause", message: word }];
  const options = { cause: error };
  const isOf = (words: readonly string[]) => word !== null && words.includes(word);
  if (code === "OAUTH_AUTHORIZATION_RESPONSE_ERROR" && isOf(BY_PERSON)) {
    const message = say`${name} did not sign you in: it was cancelled or refused there.`;
    return new Problem("forbidden", "provider.refused", message, details, options);
  }
  if (isOf(BY_CODE)) return codeProblem(provider, details, options);
  if (isOf(BY_CLIENT) || status === 401) {
    const message = say`${name} does not take this store's own credentials. Tell the store's administrator.`;
    return new Problem("unreachable", "provider.client", message, details, options);
  }
  if (word !== null || code === "OAUTH_AUTHORIZATION_RESPONSE_ERROR") {
    const message = say`${name} could not sign you in. Try again later, or sign in another way.`;
    return new Problem("unreachable", "provider.failed", message, details, options);
  }
  if (code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED") {
    return tokenProblem(provider, "time", details, error);
  }
  if (typeof code === "string" && /^OAUTH_(?:JWT|KEY_SELECTION|UNSUPPORTED)/.test(code)) {
    return tokenProblem(provider, "meaning", details, error);
  }
  if (code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED") {
    const why = say`it names another issuer, or another person, than the one that was asked for`;
    return answerProblem(provider, why, error);
  }
  // Of a key that is none, or metadata of another form, the package hands on what WebCrypto and the language threw at it.
  return answerProblem(provider, say`it is not what the protocol asks for`, error);
}

const TOKEN_FAULTS = {
  time: say`has expired or is not valid yet. Try again; when it comes again, a clock is wrong, and the store's administrator should know.`,
  meaning: say`was not meant for this sign-in, or is not signed by it. Start it again.`,
} as const;

function tokenProblem(
  { name }: Provider,
  fault: keyof typeof TOKEN_FAULTS,
  details: readonly Fault[] = [],
  cause?: unknown,
): Problem {
  const message = say`What ${name} says of you ${TOKEN_FAULTS[fault]}`;
  return new Problem("forbidden", "provider.token", message, details, { cause });
}
