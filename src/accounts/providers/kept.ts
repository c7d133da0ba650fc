/** What an outside server answered about itself, kept for a while: it is not asked again by each sign-in and each token. */

/** One that is down is not asked again by each, either. */
const FAILURE_MS = 5000;

export type Kept<T> = { readonly answer: Promise<T>; readonly askedAt: number; hasFailed: boolean };

/** @param askedAt Milliseconds since 1970, by the store's clock. */
export function keep<T>(answer: Promise<T>, askedAt: number): Kept<T> {
  const kept: Kept<T> = { answer, askedAt, hasFailed: false };
  answer.catch(() => {
    kept.hasFailed = true;
  });
  return kept;
}

/** Whether it still holds. Of a time that is yet to come, since the clock was set back, nothing does. */
export function holds(kept: Kept<unknown>, now: number, forMs: number): boolean {
  return isYoung(kept.askedAt, now, kept.hasFailed ? FAILURE_MS : forMs);
}

/** The same of what stands without its answer. */
export function isYoung(askedAt: number, now: number, forMs: number): boolean {
  const age = now - askedAt;
  return age >= 0 && age < forMs;
}
