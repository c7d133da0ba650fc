/** Sending somebody to a provider, and what it says of them once they are back. */
import type { Provider } from "../../config.providers.ts";
import type { Store } from "../../context.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { type Claims, joinedClaims, type Shown, shownOf } from "./claims.ts";
import { beginFlow, endFlow, proofOf } from "./flows.ts";
import { githubClaims } from "./github.ts";
import { answerProblem } from "./outward.ts";
import { authorizationUrl, exchange, type Tokens, userInfo } from "./protocol.ts";

/** @throws Problem `provider.unknown` */
export function providerOf(store: Store, id: string): Provider {
  const found = findProvider(store, id);
  if (found === undefined)
    throw new Problem(
      "not_found",
      "provider.unknown",
      say`Nobody signs in to this store with such a provider.`,
    );
  return found;
}

export function findProvider(store: Store, id: string): Provider | undefined {
  return store.config.providers.find((provider) => provider.id === id);
}

/** Where the provider sends people back to: what must be registered with it. */
export function redirectUriOf(origin: string, id: string): string {
  return `${origin}/sign-in/with/${id}/back`;
}

/**
 * Gives the provider's address for the browser, and the value of its cookie.
 * @throws Problem `provider.unknown`, `provider.unreachable`, `provider.answer`, `provider.file`
 */
export async function askProviderFor(
  store: Store,
  id: string,
  { origin, next }: { readonly origin: string; readonly next: string | null },
): Promise<{ readonly url: string; readonly cookie: string }> {
  const provider = providerOf(store, id);
  const redirectUri = redirectUriOf(origin, id);
  const { cookie, secret } = beginFlow(store, { provider: id, redirectUri, next });
  return { cookie, url: await authorizationUrl(store, provider, proofOf(secret), redirectUri) };
}

export type Told = {
  readonly provider: Provider;
  readonly shown: Shown;
  /** What the store can ask with later; null where it has nothing to ask, or the provider gives nothing to ask with. */
  readonly token: string | null;
  /** When the provider was asked for it: what was asked for later is newer, whichever answer comes first. */
  readonly askedAt: Date;
  readonly next: string | null;
};

/**
 * What the provider says of who came back. Whatever follows, this way back is used up.
 * @throws Problem `provider.flow`, and those of `exchange`
 */
export async function hearProvider(
  store: Store,
  id: string,
  { cookie, query }: { readonly cookie: string; readonly query: URLSearchParams },
): Promise<Told> {
  const provider = providerOf(store, id);
  const state = query.getAll("state");
  // An address that somebody else made up does not end a sign-in that is under way.
  const flow = state.length === 1 ? endFlow(store, cookie, state[0] ?? "") : null;
  if (flow === null || flow.provider !== id) throw flowProblem(provider);
  const cameBackTo = new URL(flow.redirectUri);
  cameBackTo.search = query.toString();
  const askedAt = store.clock.now();
  const tokens = await exchange(store, provider, proofOf(flow.secret), cameBackTo.href);
  const shown = await shownBy(store, provider, tokens);
  return {
    provider,
    shown,
    token: tokenFor(provider, tokens),
    askedAt,
    next: flow.next,
  };
}

/** GitHub's access tokens stay good, but those of a GitHub App, which have a refresh token beside them; of others only that does. */
function tokenFor({ kind, groups }: Provider, { accessToken, refreshToken }: Tokens): string | null {
  if (groups.length === 0) return null;
  return kind === "github" ? (refreshToken ?? accessToken) : refreshToken;
}

/**
 * @param subject Whom it is about, where the tokens may not say it: those that were renewed.
 * @throws Problem `provider.unreachable`, `provider.answer`
 */
export async function shownBy(
  store: Store,
  provider: Provider,
  tokens: Tokens,
  subject: string | null = null,
): Promise<Shown> {
  const claims =
    provider.kind === "github"
      ? await githubClaims(provider, tokens.accessToken)
      : await allClaims(store, provider, tokens, subject);
  const shown = shownOf(provider, claims);
  if (shown === null) throw answerProblem(provider, say`it does not say who somebody is`);
  return shown;
}

/** The identity token's own claims go before what the provider tells besides; only what it lacks is asked for. */
async function allClaims(
  store: Store,
  provider: Provider,
  { claims, accessToken }: Tokens,
  expected: string | null,
): Promise<Claims> {
  const said = claims ?? {};
  const subject = said.sub ?? expected;
  if (typeof subject !== "string") return said;
  const claim = provider.groupsClaim.split(".")[0] ?? "";
  const wanted = ["email", "name", ...(provider.groups.length === 0 ? [] : [claim])];
  if (wanted.every((name) => Object.hasOwn(said, name))) return said;
  return joinedClaims(said, await userInfo(store, provider, accessToken, subject));
}

function flowProblem({ name }: Provider): Problem {
  return new Problem(
    "forbidden",
    "provider.flow",
    say`This way back from ${name} was used already, took too long, or began in another browser. Sign in again.`,
  );
}
