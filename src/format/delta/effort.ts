/**
 * How much a container may make its reader do, measured by what it holds. A frame of Zstandard can say 16 MiB in a
 * hundred bytes, a group of one byte can ask for a dictionary of 8 MiB, and each group has work of its own however
 * little comes out; without limits on all groups together, a few kilobytes would be minutes of work. Pure.
 */
import { type GroupHeader, refuseDelta } from "./layout.ts";

const MIB = 2 ** 20;
/** As of a package's entries (§1): so much may come out without anything to show for it. */
const FREE_BYTES = MIB;
export const MOST_RATIO = 200;
const FREE_DICTIONARY_BYTES = 8 * MIB;
const MOST_DICTIONARY_RATIO = 8;
const FREE_GROUPS = 64;
/** Groups that makers cut are eight times as large on average. */
const BYTES_PER_GROUP = 256 * 1024;

/** Sums over the groups so far. */
export type Effort = {
  readonly groups: number;
  readonly contentBytes: number;
  readonly frameBytes: number;
  readonly dictionaryBytes: number;
};

export const NO_EFFORT: Effort = { groups: 0, contentBytes: 0, frameBytes: 0, dictionaryBytes: 0 };

export function effortWith(before: Effort, group: GroupHeader): Effort {
  const { sizeBytes, frameBytes, dictionary } = group;
  return {
    groups: before.groups + 1,
    contentBytes: before.contentBytes + sizeBytes,
    frameBytes: before.frameBytes + frameBytes,
    dictionaryBytes: before.dictionaryBytes + dictionary.reduce((sum, [, , length]) => sum + length, 0),
  };
}

/** How much may have come out by then. */
export function contentBound({ frameBytes, dictionaryBytes }: Effort): number {
  return FREE_BYTES + MOST_RATIO * (frameBytes + dictionaryBytes);
}

/** How much dictionary may have been read by then. */
function dictionaryBound({ contentBytes }: Effort): number {
  return FREE_DICTIONARY_BYTES + MOST_DICTIONARY_RATIO * contentBytes;
}

/** How many groups there may have been by then. */
function groupBound({ contentBytes }: Effort): number {
  return FREE_GROUPS + Math.floor(contentBytes / BYTES_PER_GROUP);
}

/** @throws FormatError MPK-B012 */
export function checkEffort(effort: Effort, offset: number): void {
  const fail = (pointer: string, found: number, expected: number, of = "bytes in all groups") =>
    refuseDelta("MPK-B012", "The groups ask for more work than their bytes are worth.", {
      offset,
      pointer,
      found: `${found} ${of} so far`,
      expected: `at most ${expected}`,
    });
  const { contentBytes, dictionaryBytes, groups } = effort;
  if (contentBytes > contentBound(effort)) throw fail("/n", contentBytes, contentBound(effort));
  if (dictionaryBytes > dictionaryBound(effort)) throw fail("/d", dictionaryBytes, dictionaryBound(effort));
  if (groups > groupBound(effort)) throw fail("/n", groups, groupBound(effort), "groups");
}
