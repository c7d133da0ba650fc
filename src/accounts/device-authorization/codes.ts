/**
 * The two codes of a program that waits to be signed in (RFC 8628 §3.2): a long one that it keeps, and a short one that a
 * person reads in it and types into a browser. The letters are those of §6.1: no vowels, so no words, and none that looks
 * like another.
 */
import type { Sha256 } from "../../ids.ts";
import { newSecret, secretHash } from "../secrets.ts";

const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const LETTER_COUNT = 8;
/** Of the whole bytes, so that each letter is as likely as any other. */
const FAIR_BYTES = 256 - (256 % LETTERS.length);

/** 20⁸ of them, 34 bits: enough for ten minutes and a few tries. `WDJB-MJHT`. */
export function newUserCode(): string {
  const letters: string[] = [];
  while (letters.length < LETTER_COUNT) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LETTER_COUNT))) {
      const letter = LETTERS[byte % LETTERS.length];
      if (byte < FAIR_BYTES && letter !== undefined && letters.length < LETTER_COUNT) letters.push(letter);
    }
  }
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/** As it is compared, from what a person typed: in any case, with any hyphens and spaces. null: it is no such code. */
export function userCodeOf(typed: string): string | null {
  const letters = typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Pd}._]/gu, "");
  return new RegExp(`^[${LETTERS}]{${LETTER_COUNT}}$`).test(letters) ? letters : null;
}

/** As it is shown. */
export function shownUserCode(letters: string): string {
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

export function userCodeHash(letters: string): Sha256 {
  return secretHash(`user code ${letters}`);
}

export const newDeviceCode = newSecret;
export const deviceCodeHash = secretHash;
