/**
 * Ids that people may take for each other: `com.acme.app1` and `com.acme.appl`, `com.acme.my-app` and `com.acme.myapp`, or two that
 * one slip of the hand sets apart. Pure.
 */
import { keysOfName } from "../search/typos.ts";

/** Letters and pairs of them that look like others in some fonts; ids have small letters, digits, hyphens and full stops alone. */
const LOOKS: readonly (readonly [RegExp, string])[] = [
  // Single letters first: `c1` is a pair by what its digit looks like.
  [/[1i]/g, "l"],
  [/0/g, "o"],
  [/5/g, "s"],
  [/2/g, "z"],
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/cl/g, "d"],
];
/** One letter of a short id is another word as often as a slip. */
const SHORTEST_WITH_SLIP = 10;

/** An id as it looks, without what separates its parts. */
export function lookOf(id: string): string {
  return LOOKS.reduce((text, [from, to]) => text.replace(from, to), id.replace(/[.-]/g, ""));
}

/** Under which keys an id is kept and asked for: two that look alike share one. */
export function keysOfId(id: string): ReadonlySet<string> {
  const look = lookOf(id);
  return look.length < SHORTEST_WITH_SLIP ? new Set([look]) : keysOfName(look);
}

export function lookAlike(one: string, other: string): boolean {
  const [a, b] = [lookOf(one), lookOf(other)];
  if (a === b) return true;
  return Math.min(a.length, b.length) >= SHORTEST_WITH_SLIP && isOneSlip(a, b);
}

/** One letter more, less or another, or two that stand the other way round. */
function isOneSlip(a: string, b: string): boolean {
  let begins = 0;
  while (begins < a.length && a[begins] === b[begins]) begins += 1;
  let ends = 0;
  const most = Math.min(a.length, b.length) - begins;
  while (ends < most && a[a.length - 1 - ends] === b[b.length - 1 - ends]) ends += 1;
  const [left, right] = [a.slice(begins, a.length - ends), b.slice(begins, b.length - ends)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
