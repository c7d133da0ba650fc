/** How long somebody is told to wait. Pages, messages and Retry-After say the same: what is long is said in whole minutes, or hours. */
import type { Fault } from "../errors.ts";
import { type Said, say } from "../say.ts";

const IN_SECONDS_UP_TO = 120;
const IN_MINUTES_UP_TO = 7200;

/** Whole seconds; beyond two minutes whole minutes of them, and beyond two hours whole hours. */
export function saidSeconds(ms: number): number {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const unit = seconds <= IN_SECONDS_UP_TO ? 1 : seconds <= IN_MINUTES_UP_TO ? 60 : 3600;
  return Math.ceil(seconds / unit) * unit;
}

/** In the words of messages, such as “20 seconds” and “3 minutes”. @param seconds As `saidSeconds` gives them */
export function waitWords(seconds: number): Said {
  if (seconds === 3600) return say`1 hour`;
  if (seconds % 3600 === 0) return say`${seconds / 3600} hours`;
  if (seconds > 60 && seconds % 60 === 0) return say`${seconds / 60} minutes`;
  return seconds === 1 ? say`1 second` : say`${seconds} seconds`;
}

/** The detail from which Retry-After is made. @param seconds As `saidSeconds` gives them */
export function retryAfter(seconds: number): Fault {
  return { code: "retry.after", message: waitWords(seconds), expected: String(seconds) };
}
