/** Codes of authenticator apps: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which every app knows. Pure. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { base32 } from "./base32.ts";

/** What RFC 4226 §4 (R6) recommends. */
const SECRET_BYTES = 20;
const DIGITS = 6;
const STEP_SECONDS = 30;
/** RFC 6238 §5.2: clocks differ, and typing takes time; one step to each side and no more. */
const STEPS_ASIDE = 1;

export function newTotpSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

export function stepOf(at: Date): number {
  return Math.floor(at.getTime() / 1000 / STEP_SECONDS);
}

/** RFC 4226 §5.3: the code of a step. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, "0");
}

/**
 * The step whose code it is, at that time or one step beside it; null for none, and for those up to `lastStep`, whose
 * codes were taken already (RFC 6238 §5.2).
 */
export function matchingStep(
  secret: Uint8Array,
  code: string,
  at: Date,
  lastStep: number | null,
): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const now = stepOf(at);
  for (let step = now - STEPS_ASIDE; step <= now + STEPS_ASIDE; step += 1) {
    if (step < 0 || (lastStep !== null && step <= lastStep)) continue;
    if (timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code))) return step;
  }
  return null;
}

/** What the QR code says: the Key URI format, which every authenticator app reads. */
export function totpUri(secret: Uint8Array, of: { readonly store: string; readonly email: string }): string {
  const issuer = encodeURIComponent(of.store.replaceAll(":", " "));
  const query = `secret=${base32(secret)}&issuer=${issuer}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
  return `otpauth://totp/${issuer}:${encodeURIComponent(of.email)}?${query}`;
}

/** As people type codes: with spaces in them. */
export function plainCode(text: string): string {
  return text.replace(/[\s\u00a0]/g, "");
}
