/** What people say in a sentence or more about what they do: reasons of reviews and recoveries, which others read. Pure. */

import { characterName, UNSEEN_IN_WORDS } from "../signing/text-rules.ts";

/** Ends of lines and tabs may stand in it; otherwise as in a revocation's reason, which is one line. */
const UNSEEN = new RegExp(`(?![\\n\\t])${UNSEEN_IN_WORDS}`, "u");
const EVERY_UNSEEN = new RegExp(UNSEEN.source, "gu");

/** As it is kept: without space around it, lines end with a line feed, characters are composed. */
export function plainSaid(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim().normalize("NFC");
}

/** The name of a character that it must not have, or null. */
export function unseenIn(text: string): string | null {
  const found = UNSEEN.exec(text)?.[0];
  return found === undefined ? null : characterName(found);
}

/** Of what was taken before these were refused: each is written out, as the command line does it. */
export function harmless(text: string): string {
  return text.replace(EVERY_UNSEEN, (character) => `<${characterName(character)}>`);
}
