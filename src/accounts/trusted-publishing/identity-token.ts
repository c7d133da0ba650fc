/**
 * Judges the identity token of a build job (OpenID Connect Core §3.1.3.7, RFC 8725): who signed it, whether it is meant for
 * this store, and whether it is young. What it says of the job is for `conditions.ts`.
 */
import { createHash } from "node:crypto";
import { errors, type JWTPayload, jwtVerify } from "jose";
import type { TrustedIssuer } from "../../config.issuers.ts";
import { mailOrigin } from "../../config.mail.ts";
import type { Store } from "../../context.ts";
import { isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { readCompact } from "../../signing/compact.ts";
import type { JsonObject } from "../../signing/json.ts";
import { keySetOf, notAskedAgain, wasAskedBefore } from "./key-sets.ts";
import { usableKeys } from "./usable-keys.ts";

/** GitHub's have about 2 KB. */
export const TOKEN_BYTES = 16 * 1024;
/** Signatures of a key pair; what is signed with a shared secret anybody could sign who can check it. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** How far the server's clock may be from ours. */
const TOLERANCE_SECONDS = 30;
/** GitLab makes the token when the job begins; whatever it says itself, one is taken for no longer. */
export const OLDEST_SECONDS = 3600;

export type Identity = {
  readonly issuer: TrustedIssuer;
  readonly claims: JsonObject;
  /** Names this one token, however its signature is written. */
  readonly digest: string;
  /** From then on it is refused for its age, so that nothing has to be remembered of it. */
  readonly usableUntil: Date;
};

/** What the token must name as its audience. @throws Problem `trusted.no_address` */
function expectedAudience(store: Pick<Store, "config">): string {
  const address = mailOrigin(store.config);
  if (address !== null) return address;
  throw new Problem(
    "unavailable",
    "trusted.no_address",
    say`Identity tokens are made for the store's address, and the configuration does not say it: its administrator must start it with --public-url.`,
  );
}

/**
 * @throws Problem `trusted.token_invalid`, `trusted.token_expired`, `trusted.issuer_unknown`, `trusted.audience`,
 *   `trusted.key_unusable` (all forbidden), `trusted.issuer_unreachable`, `trusted.no_address` (unavailable)
 */
export async function verifyIdentityToken(
  store: Pick<Store, "db" | "clock" | "log" | "config">,
  text: string,
): Promise<Identity> {
  const audience = expectedAudience(store);
  const compact = readCompact(text, TOKEN_BYTES);
  if (compact === null) throw invalid("it is no signed token, or it is too long");
  const { header, claims: unverified } = compact;
  const { alg, typ, crit } = header;
  if (typeof alg !== "string" || !ALGORITHMS.includes(alg)) throw invalid("it is not signed with a key pair");
  // RFC 8725 §3.11: an access token or a log-out token of the same server is no identity token.
  if (typ !== undefined && (typeof typ !== "string" || typ.toUpperCase() !== "JWT"))
    throw invalid(`it is no identity token`);
  // RFC 7515 §4.1.11: no server of this kind has anything that a reader would have to understand.
  if (crit !== undefined) throw invalid("it asks for more than is understood here");
  const issuer = store.config.trustedIssuers.find((each) => each.issuer === unverified.iss);
  if (issuer === undefined) throw issuerUnknown(unverified.iss);
  const payload = await verified(store, issuer, text, audience);
  // Whoever else it is for could bring it here.
  if (Array.isArray(payload.aud) && payload.aud.length !== 1) throw otherAudience(issuer, audience);
  return { issuer, claims: payload, digest: digestOf(issuer, text, payload), usableUntil: untilOf(payload) };
}

async function verified(
  store: Pick<Store, "db" | "clock" | "log">,
  issuer: TrustedIssuer,
  text: string,
  audience: string,
): Promise<JsonObject> {
  const attempt = async (isMissing: boolean): Promise<JWTPayload> => {
    const keys = usableKeys(store, issuer, await keySetOf(store, issuer, isMissing));
    const { payload } = await jwtVerify(text, keys, {
      algorithms: ALGORITHMS,
      issuer: issuer.issuer,
      audience,
      currentDate: store.clock.now(),
      clockTolerance: TOLERANCE_SECONDS,
      maxTokenAge: OLDEST_SECONDS,
      requiredClaims: ["sub", "exp", "iat"],
    });
    return payload;
  };
  const began = store.clock.now().getTime();
  try {
    const payload = await attempt(false).catch((error: unknown) => {
      // One that is of no use may have been mended under the same name.
      if (error instanceof errors.JWKSNoMatchingKey || isKeyUnusable(error)) return attempt(true);
      throw error;
    });
    return payload as JsonObject;
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey && wasAskedBefore(store, issuer, began))
      throw notAskedAgain(issuer);
    throw refusalOf(error, issuer, audience);
  }
}

const isKeyUnusable = (error: unknown): boolean => isProblem(error) && error.code === "trusted.key_unusable";

function refusalOf(error: unknown, issuer: TrustedIssuer, audience: string): unknown {
  const { name } = issuer;
  if (error instanceof errors.JWTExpired)
    return refused(
      "trusted.token_expired",
      `The identity token has expired, or is older than ${OLDEST_SECONDS / 60} minutes: ask ${name} for a new one right before it is used.`,
    );
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "aud")
    return otherAudience(issuer, audience);
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`its claim ${error.claim} is not as it must be`);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return invalid(`it does not name one key of ${name}`);
  if (error instanceof errors.JOSEError) return invalid(`it is not signed by ${name}`);
  return error;
}

/**
 * By `jti`, or by what is signed: a signature of some algorithms can be written in two ways, and both would be the same token.
 */
function digestOf({ issuer }: TrustedIssuer, text: string, { jti }: JsonObject): string {
  const named =
    typeof jti === "string" && jti !== "" ? ["jti", jti] : ["signed", text.slice(0, text.lastIndexOf("."))];
  return createHash("sha256")
    .update(JSON.stringify([issuer, ...named]))
    .digest("hex");
}

function untilOf({ exp, iat }: JsonObject): Date {
  const ends = Math.min(Number(exp), Number(iat) + OLDEST_SECONDS) + 2 * TOLERANCE_SECONDS;
  return new Date(ends * 1000);
}

function issuerUnknown(iss: unknown): Problem {
  const found = typeof iss === "string" ? JSON.stringify(iss.slice(0, 200)) : "nobody";
  return refused(
    "trusted.issuer_unknown",
    `The identity token is of ${found}, which this store does not trust for publishing. Its administrator says whom it trusts.`,
  );
}

function otherAudience({ name }: TrustedIssuer, audience: string): Problem {
  return refused(
    "trusted.audience",
    `The identity token is not meant for this store alone: ask ${name} for one whose audience is ${audience}.`,
  );
}

const invalid = (why: string): Problem =>
  refused("trusted.token_invalid", `The identity token is not taken, since ${why}.`);

function refused(code: string, message: string): Problem {
  return new Problem("forbidden", code, message);
}
