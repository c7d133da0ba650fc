/** A provider over real HTTP that says whatever a test wants, signed or not: what no honest one can be made to do. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export type Lies = {
  /** Of the identity token, over those that are right. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** How it is signed: by the key that is published, by another one, by none, or by a secret that everybody knows. */
  readonly signature?: "right" | "other key" | "none" | "public key as secret";
  /** In place of all that it would answer to that path. */
  readonly answers?: Readonly<Record<string, () => Response | Promise<Response>>>;
  /** Over what discovery says. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** In place of the whole token answer, given the right one, and the refresh token that it was asked with. */
  readonly tokens?: (right: Record<string, unknown>, refreshToken: string | null) => unknown;
  /** The key that it publishes, over the right one. */
  readonly key?: Readonly<Record<string, unknown>>;
};

export type Liar = {
  readonly issuer: string;
  lies: Lies;
  readonly asked: string[];
  /** The identity tokens that it gave. */
  readonly given: string[];
  /** The way back for what it was asked, as a browser would have it. */
  back(authorization: string): string;
  stop(): Promise<void>;
};

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function startLiar(clientId: string): Liar {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const others = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const codes = new Map<string, { nonce: string; redirectUri: string }>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      liar.asked.push(pathname);
      const instead = liar.lies.answers?.[pathname];
      if (instead !== undefined) return instead();
      switch (pathname) {
        case "/.well-known/openid-configuration":
          return Response.json({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/jwks`,
            userinfo_endpoint: `${issuer}/userinfo`,
            response_types_supported: ["code"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["ES256"],
            ...liar.lies.metadata,
          });
        case "/jwks":
          return Response.json({
            keys: [
              {
                ...keys.publicKey.export({ format: "jwk" }),
                kid: "1",
                alg: "ES256",
                use: "sig",
                ...liar.lies.key,
              },
            ],
          });
        case "/token": {
          const form = new URLSearchParams(await request.text());
          const code = form.get("code") ?? "";
          const asked = form.has("refresh_token") ? { nonce: undefined } : codes.get(code);
          codes.delete(code);
          if (asked === undefined) return Response.json({ error: "invalid_grant" }, { status: 400 });
          const idToken = tokenOf(asked.nonce);
          liar.given.push(idToken);
          const right = { access_token: "access", token_type: "Bearer", expires_in: 60, id_token: idToken };
          return Response.json((await liar.lies.tokens?.(right, form.get("refresh_token"))) ?? right);
        }
        default:
          return new Response("nothing here", { status: 404 });
      }
    },
  });
  const issuer: string = `http://127.0.0.1:${server.port}`;
  const tokenOf = (nonce: string | undefined): string => {
    const { claims, header, signature = "right" } = liar.lies;
    const now = Math.floor(Date.now() / 1000);
    const said = encode({
      iss: issuer,
      aud: clientId,
      sub: "liar",
      iat: now,
      exp: now + 300,
      nonce,
      email: "liar@example.org",
      email_verified: true,
      name: "Lia",
      ...claims,
    });
    const kinds = { right: "ES256", "other key": "ES256", none: "none", "public key as secret": "HS256" };
    const signed = `${encode({ alg: kinds[signature], kid: "1", ...header })}.${said}`;
    if (signature === "none") return `${signed}.`;
    if (signature === "public key as secret") {
      const pem = keys.publicKey.export({ type: "spki", format: "pem" });
      return `${signed}.${createHmac("sha256", pem).update(signed).digest("base64url")}`;
    }
    const key: KeyObject = signature === "right" ? keys.privateKey : others.privateKey;
    return `${signed}.${sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  };
  const liar: Liar = {
    issuer,
    lies: {},
    asked: [],
    given: [],
    back(authorization) {
      const { searchParams: query } = new URL(authorization);
      const code = crypto.randomUUID();
      const redirectUri = query.get("redirect_uri") ?? "";
      codes.set(code, { nonce: query.get("nonce") ?? "", redirectUri });
      return `${redirectUri}?${new URLSearchParams({ code, state: query.get("state") ?? "" })}`;
    },
    stop: () => server.stop(true),
  };
  return liar;
}
