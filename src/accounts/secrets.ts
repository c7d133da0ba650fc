/** Random secrets and the way they are kept: only a SHA-256 of each is stored, since they are as long as it is. */
import { timingSafeEqual } from "node:crypto";
import { isSha256, type Sha256 } from "../ids.ts";

const SECRET_BYTES = 32;

/** 256 random bits in base64url without padding (RFC 4648 §5): 43 characters. */
export function newSecret(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).toString("base64url");
}

/** True for the form that `newSecret` gives. */
export function isSecret(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

export function secretHash(secret: string): Sha256 {
  const hex = new Bun.CryptoHasher("sha256").update(secret).digest("hex");
  if (!isSha256(hex)) throw new Error("a SHA-256 in hex has 64 digits");
  return hex;
}

/** Compares two digests in a time that does not depend on where they differ. */
export function sameHash(a: Sha256, b: Sha256): boolean {
  return timingSafeEqual(Buffer.from(a, "hex"), Buffer.from(b, "hex"));
}
