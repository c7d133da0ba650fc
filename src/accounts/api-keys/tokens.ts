/**
 * The text of an API key: `mosis_<kind>_<id>_<secret><checksum>`. A fixed prefix lets scanners find leaked ones, and
 * the checksum tells a typing error from a revoked key without asking the database.
 */
import { crc32 } from "node:zlib";
import { type ApiKeyId, isId } from "../../ids.ts";

export type TokenKind = "org" | "usr";
export type ParsedToken = { readonly kind: TokenKind; readonly keyId: ApiKeyId; readonly secret: string };

/** Of the key of an organisation, or of a person. */
export const kindOf = (key: { readonly organisationId: string | null }): TokenKind =>
  key.organisationId === null ? "usr" : "org";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 62^43 > 2^256 and 62^6 > 2^32. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN_PATTERN = /^mosis_(org|usr)_([0-9a-f]{32})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** A number in base 62, padded at the front to a fixed length. */
function base62(value: bigint, length: number): string {
  let text = "";
  for (let rest = value; rest > 0n; rest /= 62n) text = (DIGITS[Number(rest % 62n)] ?? "") + text;
  return text.padStart(length, "0");
}

/** CRC-32 (ISO 3309, as in zlib) of the text before it, in base 62: as `base62` has it, of a number that needs no BigInt. */
function checksumOf(text: string): string {
  let digits = "";
  for (let rest = crc32(text); rest > 0; rest = Math.floor(rest / 62))
    digits = (DIGITS[rest % 62] ?? "") + digits;
  return digits.padStart(CHECKSUM_LENGTH, "0");
}

/** 256 random bits in base 62: 43 characters. */
export function newTokenSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return base62(BigInt(`0x${Buffer.from(bytes).toString("hex")}`), SECRET_LENGTH);
}

export function formatToken({ kind, keyId, secret }: ParsedToken): string {
  const text = `mosis_${kind}_${keyId.slice("key-".length)}_${secret}`;
  return text + checksumOf(text);
}

/** null for anything that was not made by `formatToken`, also when a single character was changed. */
export function parseToken(text: string): ParsedToken | null {
  const match = TOKEN_PATTERN.exec(text);
  if (!match) return null;
  const [, kind, digits, secret, checksum] = match;
  const keyId = `key-${digits}`;
  if ((kind !== "org" && kind !== "usr") || secret === undefined || !isId("key", keyId)) return null;
  if (checksumOf(text.slice(0, -CHECKSUM_LENGTH)) !== checksum) return null;
  return { kind, keyId, secret };
}
