/** Asking a provider all that a sign-in needs, without anybody signing in: for whoever sets one up. */
import type { Provider } from "../../config.providers.ts";
import type { Store } from "../../context.ts";
import { say } from "../../say.ts";
import { providerOf } from "./ask.ts";
import { githubApi } from "./github.ts";
import { answerProblem, askProvider } from "./outward.ts";
import { tryClient } from "./protocol.ts";

export type Tried = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  /** What must be registered there. */
  readonly redirectUri: string;
  /** How many keys sign its identity tokens; null where there are no such tokens. */
  readonly keys: number | null;
  /** How far its clock is before ours; null when it does not say. */
  readonly clockSeconds: number | null;
  /** Scopes that the configuration asks for and the provider does not list. */
  readonly unknownScopes: readonly string[];
};

/**
 * Discovery, keys, clock, and whether it takes the store's client.
 * @throws Problem `provider.unknown`, `provider.unreachable`, `provider.answer`, `provider.client`, `provider.failed`, `provider.file`
 */
export async function tryProvider(store: Store, id: string, redirectUri: string): Promise<Tried> {
  const provider = providerOf(store, id);
  const metadata = await tryClient(store, provider, redirectUri);
  const said = metadata.scopes_supported;
  const answer = await askProvider(provider, metadata.jwks_uri ?? `${githubApi(provider)}/meta`, {});
  const { name, issuer, kind, scopes } = provider;
  return {
    id,
    name,
    issuer,
    redirectUri,
    keys: kind === "github" ? null : await countKeys(provider, answer),
    clockSeconds: secondsBefore(answer, store.clock.now()),
    unknownScopes: said === undefined ? [] : scopes.split(" ").filter((scope) => !said.includes(scope)),
  };
}

async function countKeys(provider: Provider, answer: Response): Promise<number> {
  const found: unknown = await answer.json().catch(() => null);
  const keys = typeof found === "object" && found !== null && "keys" in found ? found.keys : null;
  if (answer.status !== 200 || !Array.isArray(keys) || keys.length === 0)
    throw answerProblem(provider, say`it publishes no keys for its identity tokens`);
  return keys.length;
}

function secondsBefore(answer: Response, now: Date): number | null {
  const said = Date.parse(answer.headers.get("date") ?? "");
  return Number.isNaN(said) ? null : Math.round((said - now.getTime()) / 1000);
}
