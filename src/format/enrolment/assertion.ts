/**
 * What a device signs with its own key: once to enrol, and then for each access token. Both are compact JWS (RFC 7515) whose
 * `typ` says what they are for (RFC 8725 §3.11) and whose audience is the store's first root, which the device pins: what
 * was signed for one store is of no use at another. The second has the claims of RFC 7523. Pure.
 */
import { type KeyObject, sign, verify } from "node:crypto";
import { isProblem } from "../../errors.ts";
import {
  isWeak,
  readSigningKey,
  type SignatureAlgorithm,
  type SigningPublicKey,
} from "../../signing/algorithms.ts";
import { decodeBase64url, readCompact } from "../../signing/compact.ts";
import { canonicalText } from "../../signing/json.ts";

/** JWA names (RFC 7518 §3.1, RFC 8037 §3.1), and the hash for `node:crypto`. */
const ALGORITHMS: Readonly<
  Record<SignatureAlgorithm, { readonly alg: string; readonly hash: string | null }>
> = {
  "ecdsa-p256": { alg: "ES256", hash: "sha256" },
  ed25519: { alg: "EdDSA", hash: null },
};

export const ENROLMENT_TYPE = "mosis-enrolment+jwt";
export const DEVICE_TYPE = "mosis-device+jwt";

/** So long before its time an assertion is taken: the clocks of devices differ. */
export const EARLY_SECONDS = 60;
/** No assertion of a device lives longer. */
export const LONGEST_SECONDS = 300;
const MOST_BYTES = 2048;
const MOST_DEPTH = 2;

/** Whom an assertion is for. */
export const audienceOfRoot = (rootSha256: string): string => `urn:mosis:root:${rootSha256}`;

export type EnrolmentClaims = {
  readonly aud: string;
  /** SHA-256 of the code as it is shown. */
  readonly code_sha256: string;
  readonly iat: number;
  /** The key's id. */
  readonly iss: string;
  readonly jti: string;
};

export type DeviceClaims = {
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  /** The device's id, as `sub`. */
  readonly iss: string;
  readonly jti: string;
  readonly sub: string;
};

type Signer = { readonly algorithm: SignatureAlgorithm; readonly privateKey: KeyObject };

export function signAssertion(signer: Signer, typ: string, claims: EnrolmentClaims | DeviceClaims): string {
  const { alg, hash } = ALGORITHMS[signer.algorithm];
  const signed = `${encoded(canonicalText({ alg, typ }))}.${encoded(canonicalText(claims))}`;
  const key = { key: signer.privateKey, dsaEncoding: "ieee-p1363" } as const;
  return `${signed}.${sign(hash, Buffer.from(signed), key).toString("base64url")}`;
}

const encoded = (text: string): string => Buffer.from(text, "utf8").toString("base64url");

/** The key that a device sends: null for all but P-256 with an uncompressed point and Ed25519, and for weak points. */
export function readDeviceKey(spki: Uint8Array): SigningPublicKey | null {
  try {
    const key = readSigningKey(spki);
    return isWeak(key) ? null : key;
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** An assertion whose signature nobody has looked at yet. */
export type ReadAssertion<Claims> = {
  readonly claims: Claims;
  readonly alg: string;
  readonly text: string;
};

const TOKEN_ID = /^[A-Za-z0-9_-]{16,64}$/;
const SECONDS = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 40;
const FORMS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => boolean>>>> = {
  [ENROLMENT_TYPE]: { aud: isText, code_sha256: isText, iat: SECONDS, iss: isText, jti: isTokenId },
  [DEVICE_TYPE]: { aud: isText, exp: SECONDS, iat: SECONDS, iss: isText, jti: isTokenId, sub: isText },
};

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length <= 200;
}

function isTokenId(value: unknown): boolean {
  return typeof value === "string" && TOKEN_ID.test(value);
}

/** null: it is no assertion of that kind: these members and no others, each once. */
export function readAssertion(
  text: string,
  typ: typeof ENROLMENT_TYPE,
): ReadAssertion<EnrolmentClaims> | null;
export function readAssertion(text: string, typ: typeof DEVICE_TYPE): ReadAssertion<DeviceClaims> | null;
export function readAssertion(text: string, typ: string): ReadAssertion<unknown> | null {
  const compact = readCompact(text, MOST_BYTES, MOST_DEPTH);
  if (compact === null || text.endsWith(".")) return null;
  const { header, claims } = compact;
  if (namesOf(header) !== "alg,typ" || header.typ !== typ || typeof header.alg !== "string") return null;
  const form = FORMS[typ] ?? {};
  if (namesOf(claims) !== namesOf(form)) return null;
  if (!Object.entries(form).every(([name, isOf]) => isOf(claims[name]))) return null;
  return { claims, alg: header.alg, text };
}

const namesOf = (object: object): string => Object.keys(object).sort().join();

/** Whether the key signed it, with the algorithm of the key and no other. */
export function isSignedBy(key: SigningPublicKey, { alg, text }: ReadAssertion<unknown>): boolean {
  const rule = ALGORITHMS[key.algorithm];
  if (alg !== rule.alg) return false;
  const end = text.lastIndexOf(".");
  const signature = decodeBase64url(text.slice(end + 1));
  // Of both algorithms 64 bytes; of P-256 r and s as they are (RFC 7518 §3.4).
  if (signature?.byteLength !== 64) return false;
  return verify(
    rule.hash,
    Buffer.from(text.slice(0, end)),
    { key: key.key, dsaEncoding: "ieee-p1363" },
    signature,
  );
}

/** Whether an assertion is of this moment, for a store whose clock shows `nowSeconds`. */
export function isTimely(
  { iat, exp = iat + LONGEST_SECONDS }: { readonly iat: number; readonly exp?: number },
  nowSeconds: number,
): boolean {
  return iat <= nowSeconds + EARLY_SECONDS && exp > nowSeconds && exp > iat && exp - iat <= LONGEST_SECONDS;
}
