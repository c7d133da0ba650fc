/** When a key of access tokens is made, signs, is known to others, and is forgotten. Pure. */
import { DAY_MS } from "../../time.ts";
import type { TokenKeyRow } from "./records.ts";

/** How long a key signs. */
export const KEY_DAYS = 30;
/** A key is published for so long before it signs that whoever keeps a copy of the key set has it by then. */
export const AHEAD_MS = DAY_MS;
/** No token lives for longer, so no key has to be known for longer after its last one. */
export const LONGEST_TOKEN_SECONDS = 3600;
/** How long the row of a key is kept that nothing is verified with any more. */
const KEPT_DAYS = 90;

type Key = Pick<TokenKeyRow, "kid" | "sealedPrivateKey" | "signsFrom" | "signedUntil" | "endedAt">;

/** The one that signs at that moment: of those that may, the one that began last. */
export function signingKeyAt<K extends Key>(keys: readonly K[], now: Date): K | undefined {
  return keys
    .filter((key) => key.endedAt === null && key.sealedPrivateKey !== null && key.signsFrom <= now)
    .reduce<K | undefined>(
      (best, key) => (best === undefined || key.signsFrom > best.signsFrom ? key : best),
      undefined,
    );
}

/** Whether a token that it signed can still be good: it was not ended by hand, and the last one has not ended by itself. */
export function isTrusted(key: Key, now: Date): boolean {
  return key.endedAt === null && now.getTime() < lastTokenEnds(key);
}

function lastTokenEnds({ signedUntil }: Key): number {
  return signedUntil === null
    ? Number.POSITIVE_INFINITY
    : signedUntil.getTime() + LONGEST_TOKEN_SECONDS * 1000;
}

export type TokenKeyPlan = {
  /** From when on a new key is to sign; null: none is needed yet. */
  readonly make: Date | null;
  /** Those in whose place another has come, and since when: their private halves are destroyed. */
  readonly retire: readonly { readonly kid: string; readonly at: Date }[];
  readonly forget: readonly string[];
};

/** What is to be done with the keys at that moment. */
export function planTokenKeys(keys: readonly Key[], now: Date): TokenKeyPlan {
  const signing = signingKeyAt(keys, now);
  const waits = keys.some((key) => key.endedAt === null && key.signsFrom > now);
  return {
    make: nextFrom(signing, waits, now),
    retire: keys
      .filter(
        (key) =>
          signing !== undefined &&
          key.kid !== signing.kid &&
          key.endedAt === null &&
          key.sealedPrivateKey !== null &&
          key.signsFrom <= now,
      )
      .map(({ kid }) => ({ kid, at: signing?.signsFrom ?? now })),
    forget: keys
      .filter((key) => {
        const over = key.endedAt?.getTime() ?? lastTokenEnds(key);
        return over + KEPT_DAYS * DAY_MS <= now.getTime();
      })
      .map(({ kid }) => kid),
  };
}

/** Late, after a time in which the store stood still, the next key is published as long ahead as ever. */
function nextFrom(signing: Key | undefined, waits: boolean, now: Date): Date | null {
  if (signing === undefined) return now;
  const due = signing.signsFrom.getTime() + KEY_DAYS * DAY_MS;
  if (waits || now.getTime() < due - AHEAD_MS) return null;
  return new Date(Math.max(due, now.getTime() + AHEAD_MS));
}
