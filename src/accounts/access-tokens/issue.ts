/** Access tokens (RFC 9068): signed, short, for one audience. Nothing of one is kept; who it is about is looked up each time. */
import { SignJWT } from "jose";
import type { Store } from "../../context.ts";
import type { JsonValue } from "../../signing/json.ts";
import { sealName, signingKey } from "./keys.ts";
import { type Audience, audienceOf, issuerOf, type TokenKind } from "./kinds.ts";
import { LONGEST_TOKEN_SECONDS } from "./plan.ts";

/** How long a token lives when nobody says otherwise. */
export const TOKEN_SECONDS = 900;

/** What its owner says of it beside; it stands apart from the members that every token has. */
export type TokenClaims = Readonly<Record<string, JsonValue>>;

export type TokenFor = {
  readonly kind: TokenKind;
  /** The id of the device, publisher …, such as `pub-0190…`. */
  readonly subject: string;
  readonly audience: Audience;
  readonly claims?: TokenClaims;
  /** 900 without it; at most an hour. */
  readonly seconds?: number;
};

export type IssuedToken = {
  readonly token: string;
  /** `jti`: names this one token. */
  readonly id: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly expiresInSeconds: number;
};

/**
 * Signs a token. Whoever calls this has decided that it may be had, and tells the audit log.
 * @throws Problem `keys.unsealable`
 */
export async function issueAccessToken(
  store: Pick<Store, "db" | "vault" | "clock" | "config">,
  { kind, subject, audience, claims, seconds = TOKEN_SECONDS }: TokenFor,
): Promise<IssuedToken> {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TOKEN_SECONDS)
    throw new RangeError(`a token lives for 1 to ${LONGEST_TOKEN_SECONDS} seconds, not ${seconds}`);
  const { kid, privateKey } = await openKey(store);
  const id = crypto.randomUUID();
  const issuedAt = Math.floor(store.clock.now().getTime() / 1000);
  const token = await new SignJWT({
    client_id: subject,
    ...(claims === undefined ? {} : { mosis: claims }),
  })
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid })
    .setIssuer(issuerOf(store))
    .setAudience(audienceOf(store, audience))
    .setSubject(`${kind}:${subject}`)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .setJti(id)
    .sign(privateKey);
  return {
    token,
    id,
    issuedAt: new Date(issuedAt * 1000),
    expiresAt: new Date((issuedAt + seconds) * 1000),
    expiresInSeconds: seconds,
  };
}

async function openKey(store: Pick<Store, "db" | "vault" | "clock">) {
  const { kid, sealedPrivateKey } = signingKey(store);
  const plain = new Uint8Array(store.vault.unseal(sealName(kid), sealedPrivateKey ?? new Uint8Array()));
  try {
    return { kid, privateKey: await crypto.subtle.importKey("pkcs8", plain, "Ed25519", false, ["sign"]) };
  } finally {
    plain.fill(0);
  }
}
