/**
 * A CI server as far as identity tokens go, over real HTTP: discovery, a key set that is rotated, tokens that jose signs, and
 * the address at which a job of GitHub's shape asks for one.
 */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export type CiClaims = Readonly<Record<string, unknown>>;

export type SignOptions = {
  /** Of the token; RS256 unless told. */
  readonly alg?: "RS256" | "ES256" | "EdDSA";
  /** In place of the key's own. */
  readonly kid?: string;
  readonly typ?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  /** With a key that is not published. */
  readonly withUnknownKey?: boolean;
};

export type CiServer = {
  readonly issuer: string;
  /** Every path that was asked for. */
  readonly asked: string[];
  /** In place of the answer to that path. */
  readonly instead: Map<string, () => Response | Promise<Response>>;
  /** What is published; tests may add to it and take from it. */
  readonly keys: JWK[];
  /** What a job of it says, when nothing is changed. */
  readonly job: CiClaims;
  sign(claims?: CiClaims, options?: SignOptions): Promise<string>;
  /** Other keys in the place of those of before. */
  rotate(): Promise<void>;
  /** Publishes its keys again as they are, and answers everywhere as it should. */
  reset(): void;
  /** What a job of GitHub's shape finds in its environment. */
  readonly environment: Readonly<
    Record<"ACTIONS_ID_TOKEN_REQUEST_URL" | "ACTIONS_ID_TOKEN_REQUEST_TOKEN", string>
  >;
  stop(): Promise<void>;
};

export const JOB: CiClaims = {
  sub: "repo:example/notes:environment:release",
  repository: "example/notes",
  repository_id: "74",
  repository_owner: "example",
  repository_owner_id: "65",
  repository_visibility: "private",
  ref: "refs/tags/v1.2.0",
  ref_type: "tag",
  sha: "c0ffee5e1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f",
  workflow: "Release",
  workflow_ref: "example/notes/.github/workflows/release.yml@refs/tags/v1.2.0",
  event_name: "push",
  environment: "release",
  run_id: "17345678901",
  run_number: "10",
  run_attempt: "1",
  actor: "ada",
};

const ALGORITHMS = ["RS256", "ES256", "EdDSA"] as const;
type Pair = { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

/** @param now The clock that its tokens are made by. @param audience What they are for unless the claims say it. */
export async function startCiServer(now: () => Date, audience: string): Promise<CiServer> {
  const asked: string[] = [];
  const instead = new Map<string, () => Response | Promise<Response>>();
  const keys: JWK[] = [];
  let pairs = new Map<string, Pair>();
  const unknown = await makePair("RS256");
  const rotate = async (): Promise<void> => {
    pairs = new Map(
      await Promise.all(ALGORITHMS.map(async (alg): Promise<[string, Pair]> => [alg, await makePair(alg)])),
    );
    reset();
  };
  const reset = (): void => {
    keys.splice(0, keys.length, ...[...pairs.values()].map(({ jwk }) => jwk));
    instead.clear();
  };
  await rotate();
  const requestToken = `request-${crypto.randomUUID()}`;

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    asked.push(url.pathname);
    const other = instead.get(url.pathname);
    if (other !== undefined) return other();
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return Response.json({ issuer: server.issuer, jwks_uri: `${server.issuer}/jwks` });
      case "/jwks":
        return Response.json({ keys });
      case "/_apis/token": {
        if (request.headers.get("authorization") !== `Bearer ${requestToken}`)
          return Response.json({ message: "Unauthorized" }, { status: 401 });
        const aud = url.searchParams.get("audience") ?? "https://github.com/example";
        return Response.json({ count: 1, value: await server.sign({ aud }) });
      }
      default:
        return new Response("nothing here", { status: 404 });
    }
  };
  const http = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  const issuer = `http://localhost:${http.port}`;
  const server: CiServer = {
    issuer,
    asked,
    instead,
    keys,
    job: JOB,
    rotate,
    reset,
    async sign(claims = {}, { alg = "RS256", kid, typ = "JWT", header = {}, withUnknownKey = false } = {}) {
      const pair = withUnknownKey ? unknown : pairs.get(alg);
      if (pair === undefined) throw new Error(`there is no key for ${alg}`);
      const seconds = Math.floor(now().getTime() / 1000);
      const all = {
        iss: issuer,
        aud: audience,
        jti: crypto.randomUUID(),
        iat: seconds,
        nbf: seconds - 5,
        exp: seconds + 300,
        ...JOB,
        ...claims,
      };
      return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
        .setProtectedHeader({ typ, kid: kid ?? pair.kid, ...header, alg })
        .sign(pair.privateKey);
    },
    environment: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}/_apis/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    stop: () => http.stop(true),
  };
  return server;
}

async function makePair(alg: (typeof ALGORITHMS)[number]): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = crypto.randomUUID();
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}
