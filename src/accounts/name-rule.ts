/** What may be the name of something that people call themselves, a key or a group. Pure. */

/** Control and format characters: with them a name does not look like what it is. And what no JSON can hold (RFC 7493 §2.1). */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{NChar}]/u;
/** The same, and what ends a line. */
export const UNSEEN_OR_LINE_END = /[\p{Cc}\p{Cf}\p{Cs}\p{NChar}\p{Zl}\p{Zp}]/u;

/** @param name Without white space at its ends. @param most How many characters it has at most; it has one at least. */
export function isName(name: string, most: number, unseen: RegExp = UNSEEN): boolean {
  return name !== "" && [...name].length <= most && !unseen.test(name);
}
