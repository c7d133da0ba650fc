/**
 * Judges an access token by everything that it says, and by whom it is about at this moment. Each refusal has one of three
 * codes: whoever holds no good token learns no more than that.
 */

import { errors, jwtVerify } from "jose";
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import { eachWhileUnchanged } from "../../db/unchanged.ts";
import { isProblem, Problem } from "../../errors.ts";
import { keepNewest } from "../../newest.ts";
import { say, type Words } from "../../say.ts";
import { readCompact } from "../../signing/compact.ts";
import type { JsonObject } from "../../signing/json.ts";
import type { Actor } from "../actor.ts";
import { type Audience, audienceOf, issuerOf, TOKEN_KINDS, type TokenKind } from "./kinds.ts";
import { isTrusted, LONGEST_TOKEN_SECONDS } from "./plan.ts";
import { type TokenKeyRow, tokenKeyByKid } from "./records.ts";
import { SUBJECTS } from "./subjects.ts";

/** Ours have less than a thousand. */
const MOST_BYTES = 4096;
/** The one leeway: by so much the store's own clock may have been set back since a token was made. Its end has none. */
export const CLOCK_SECONDS = 5;

const HEADER = ["alg", "kid", "typ"];
const CLAIMS = ["aud", "client_id", "exp", "iat", "iss", "jti", "sub"];

export type AccessToken = {
  readonly kind: TokenKind;
  /** The id of whom it is about. */
  readonly subject: string;
  readonly audience: Audience;
  /** `jti` */
  readonly id: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** What was said at `issueAccessToken`. */
  readonly claims: JsonObject;
};

type Verifying = Pick<Store, "db" | "clock" | "config">;

/**
 * Who holds the token, and what it says. Whom it is about is looked up: what was revoked, removed or disabled since is
 * refused at once, whatever the token says.
 * @throws Problem `auth.token_invalid`, `auth.token_expired`, `auth.token_revoked` (all unauthenticated)
 */
export async function verifyAccessToken(
  store: Store,
  text: string,
  audience: Audience,
): Promise<{ readonly token: AccessToken; readonly actor: Actor }> {
  const token = await readAccessToken(store, text, audience);
  const actor = SUBJECTS[token.kind]?.(store, token) ?? null;
  if (actor === null) throw revoked(say`What this access token was made for was revoked, or is gone.`);
  return { token, actor };
}

/** The token by itself: whom it is about may be gone. @throws as `verifyAccessToken` */
export async function readAccessToken(
  store: Verifying,
  text: string,
  audience: Audience,
): Promise<AccessToken> {
  const now = store.clock.now();
  const seen = seenBefore(store, text);
  const { kid, token } = seen ?? (await readUnseen(store, text, audience, now));
  // What does not stay as it was, at each use.
  if (token.audience !== audience || token.issuedAt.getTime() > now.getTime() + CLOCK_SECONDS * 1000)
    throw invalid();
  if (token.expiresAt <= now) throw expired();
  const row = whileUnchanged(store.db, kid, 0, () => tokenKeyByKid(store.db.orm, kid));
  if (row === undefined) throw invalid();
  // Only who holds a token that was good once is told that its key was ended.
  if (!isTrusted(row, now)) throw revoked(say`The key that signed this access token was ended.`);
  if (seen === undefined) remember(store, text, { kid, token, issuer: issuerOf(store) });
  return token;
}

/** A dozen a year. */
const whileUnchanged = eachWhileUnchanged<TokenKeyRow>(100);

/** A token whose form and signature were found right: they stay so, and to find it costs more than all the rest of a request. */
type Seen = { readonly kid: string; readonly token: AccessToken; readonly issuer: string };
const seenTokens = perDb(() => new Map<string, Seen>());
/** The oldest make room. */
const MOST_SEEN = 5000;

const digestOf = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("base64");

function seenBefore(store: Verifying, text: string): Seen | undefined {
  if (text.length > MOST_BYTES) return undefined;
  const seen = seenTokens(store).get(digestOf(text));
  return seen?.issuer === issuerOf(store) ? seen : undefined;
}

function remember(store: Verifying, text: string, seen: Seen): void {
  keepNewest(seenTokens(store), digestOf(text), seen, MOST_SEEN);
}

async function readUnseen(
  store: Verifying,
  text: string,
  audience: Audience,
  now: Date,
): Promise<Omit<Seen, "issuer">> {
  const compact = readCompact(text, MOST_BYTES);
  if (compact === null) throw invalid();
  const { header } = compact;
  // Before any key is looked for: no algorithm but the one, and nothing that a reader would have to know (RFC 7515 §4.1.11).
  if (Object.keys(header).sort().join() !== HEADER.join()) throw invalid();
  if (header.alg !== "EdDSA" || header.typ !== "at+jwt" || typeof header.kid !== "string") throw invalid();
  const row = tokenKeyByKid(store.db.orm, header.kid);
  if (row === undefined) throw invalid();
  const claims = await verified(store, text, audience, await publicKeyOf(row.kid, row.publicKey), now);
  return { kid: row.kid, token: tokenOf(claims, audience, now) };
}

async function verified(
  store: Verifying,
  text: string,
  audience: Audience,
  key: CryptoKey,
  now: Date,
): Promise<JsonObject> {
  try {
    const { payload } = await jwtVerify(text, key, {
      algorithms: ["EdDSA"],
      typ: "at+jwt",
      issuer: issuerOf(store),
      audience: audienceOf(store, audience),
      currentDate: now,
      clockTolerance: 0,
      requiredClaims: CLAIMS,
    });
    return payload as JsonObject;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw expired();
    if (error instanceof errors.JOSEError || isProblem(error)) throw invalid();
    throw error;
  }
}

function tokenOf(claims: JsonObject, audience: Audience, now: Date): AccessToken {
  const { sub, client_id, jti, iat, exp, aud, mosis = {}, ...rest } = claims;
  const kind = TOKEN_KINDS.find((each) => typeof sub === "string" && sub.startsWith(`${each}:`));
  const isWhole =
    kind !== undefined &&
    sub === `${kind}:${client_id}` &&
    typeof client_id === "string" &&
    typeof aud === "string" &&
    typeof jti === "string" &&
    typeof iat === "number" &&
    typeof exp === "number" &&
    exp - iat <= LONGEST_TOKEN_SECONDS &&
    iat <= now.getTime() / 1000 + CLOCK_SECONDS &&
    typeof mosis === "object" &&
    mosis !== null &&
    !Array.isArray(mosis) &&
    Object.keys(rest).join() === "iss";
  if (!isWhole) throw invalid();
  return {
    kind,
    subject: client_id,
    audience,
    id: jti,
    issuedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
    claims: mosis as JsonObject,
  };
}

/** A key's bytes are its name, so what was read once stays right; the oldest makes room. */
const known = new Map<string, CryptoKey>();
const MOST_KNOWN = 100;

async function publicKeyOf(kid: string, x: string): Promise<CryptoKey> {
  const found = known.get(kid);
  if (found !== undefined) return found;
  const key = await crypto.subtle.importKey("raw", Buffer.from(x, "base64url"), "Ed25519", true, ["verify"]);
  keepNewest(known, kid, key, MOST_KNOWN);
  return key;
}

function invalid(): Problem {
  return new Problem(
    "unauthenticated",
    "auth.token_invalid",
    say`This is no access token of this store, or none for this.`,
  );
}

function revoked(why: Words): Problem {
  return new Problem("unauthenticated", "auth.token_revoked", why);
}

function expired(): Problem {
  return new Problem(
    "unauthenticated",
    "auth.token_expired",
    say`This access token has expired. Ask for a new one.`,
  );
}
