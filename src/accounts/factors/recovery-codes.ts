/** Codes on paper, for who has lost what they sign in with. Made ten at a time, shown once, each of use once. Pure. */
import { randomInt } from "node:crypto";
import type { AccountId, Sha256 } from "../../ids.ts";
import { secretHash } from "../secrets.ts";

export const RECOVERY_CODES = 10;
/** 32 digits that are not mistaken for each other: no i, l, o, u (as Crockford's). */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS = 4;
const GROUP_DIGITS = 4;

/** Sixteen digits of five bits: 80 bits, so that a hash without salt or stretching keeps it. */
function newCode(): string {
  const group = () => Array.from({ length: GROUP_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]).join("");
  return Array.from({ length: GROUPS }, group).join("-");
}

export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, newCode);
}

/** What was typed as the code that it means: in any case, with or without hyphens, o for 0 and i or l for 1; null for no code. */
export function recoveryCodeOf(typed: string): string | null {
  const digits = typed
    .toLowerCase()
    .replace(/[\s\u00a0-]/g, "")
    .replaceAll("o", "0")
    .replaceAll(/[il]/g, "1");
  if (digits.length !== GROUPS * GROUP_DIGITS || [...digits].some((digit) => !DIGITS.includes(digit)))
    return null;
  return (digits.match(/.{4}/g) ?? []).join("-");
}

/** Nobody else's code has it, even if it were the same. */
export function recoveryHash(accountId: AccountId, code: string): Sha256 {
  return secretHash(`${accountId} ${code}`);
}
