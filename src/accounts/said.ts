/** What people say in a sentence or more about what they do: reasons of reviews and recoveries, which others read. Pure. */

/**
 * What hides text, turns it around or breaks its lines unseen; ends of lines and tabs may stand in it. The same characters
 * that a revocation's reason, which is one line, does not have.
 */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const EVERY_UNSEEN = new RegExp(UNSEEN.source, "gu");

const named = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** As it is kept: without space around it, lines end with a line feed, characters are composed. */
export function plainSaid(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim().normalize("NFC");
}

/** The name of a character that it must not have, or null. */
export function unseenIn(text: string): string | null {
  const found = UNSEEN.exec(text)?.[0];
  return found === undefined ? null : named(found);
}

/** Of what was taken before these were refused: each is written out, as the command line does it. */
export function harmless(text: string): string {
  return text.replace(EVERY_UNSEEN, (character) => `<${named(character)}>`);
}
