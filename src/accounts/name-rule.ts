/**
 * What may be the name of something that people call themselves, a device, a key or a group. Pure. After the nickname profile of
 * PRECIS (RFC 8266), with the joiners where they do something (as RFC 5892 appendix A has it), what emoji are written with, and
 * as many marks as UTS #39 §5.4 lets pass.
 */
import { say, type Words } from "../say.ts";
import { UNSEEN } from "../signing/refuse.ts";
import { characterName } from "../signing/text-rules.ts";

const JOINERS = "[\\u200c\\u200d]";
const oneOf = (scripts: string): string =>
  scripts
    .split(" ")
    .map((script) => `\\p{scx=${script}}`)
    .join("");
/** Scripts whose letters join each other, in whose words joiners stand between any two (UAX #31 §2.3.1). */
const CURSIVE = oneOf("Arab Syrc Mand Nkoo Mong Adlm Rohg");
/** After one of these they stand at a word's end too. */
const VIRAMAS = "[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca]";
/** Scripts in which they stand beside a sign: between two letters they do nothing. */
const OF_SIGNS = oneOf("Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr Tibt");

/** Where what cannot be seen is a part of what is written: in emoji, in words of some scripts, and beside characters with forms. */
const WRITTEN = new RegExp(
  [
    "(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]",
    "(?<=[0-9#*])\\ufe0f(?=\\u20e3)",
    "(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})",
    // The flags of England, Scotland and Wales.
    "(?<=\\u{1f3f4})\\u{e0067}\\u{e0062}(?:\\u{e0065}\\u{e006e}\\u{e0067}|\\u{e0073}\\u{e0063}\\u{e0074}|\\u{e0077}\\u{e006c}\\u{e0073})\\u{e007f}",
    `(?<=(?=[${CURSIVE}])[\\p{L}\\p{M}])${JOINERS}(?=(?=[${CURSIVE}])[\\p{L}\\p{M}])`,
    `(?<=${VIRAMAS})${JOINERS}`,
    `(?<=(?=[${OF_SIGNS}])\\p{M})${JOINERS}(?=(?=[${OF_SIGNS}])[\\p{L}\\p{M}])`,
    `(?<=(?=[${OF_SIGNS}])\\p{L})${JOINERS}(?=(?=[${OF_SIGNS}])\\p{M})`,
    "(?<=\\p{sc=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]",
    "(?<=(?=\\p{sc=Mong})\\p{L})(?:[\\u180b-\\u180d\\u180f]|\\u180e(?=(?=\\p{sc=Mong})\\p{L}))",
  ].join("|"),
  "gu",
);

/** Marks that take no room of their own, so that they pile up on the letter before them. */
const PILED = /[\p{Mn}\p{Me}]/u;
const MOST_PILED = 4;
/** Why a character may not stand in a name, wherever it does. */
const REFUSED: readonly (readonly [RegExp, Words])[] = [
  [/\p{NChar}/u, say`it is no character`],
  [/\p{Cs}/u, say`it is half of a character`],
  [/\p{Co}/u, say`it is for private use, and looks different on each device`],
  [/\p{Cn}/u, say`it is assigned to nothing in the version of Unicode that this store knows`],
  [/[\ufffc\ufffd]/u, say`it stands for something that was lost on the way`],
  // The last one is a note's head that is not drawn.
  [new RegExp(`${UNSEEN}|\\u{1d159}`, "u"), say`it cannot be seen, or turns text around`],
];
const SEEN = /[\p{L}\p{N}\p{S}]/u;

/** For messages, after how long it may be. */
export const NAME_EXPECTED = say`a letter, a number or a symbol among them`;

/** Which one somebody means by a name: that of the very name, or else the only one whose name is the same but for case and white space. */
export function findNamed<T extends { readonly name: string }>(
  typed: string,
  of: readonly T[],
): T | undefined {
  const exact = of.find(({ name }) => name === typed);
  if (exact !== undefined) return exact;
  const wanted = plainName(typed).toLowerCase();
  const alike = of.filter(({ name }) => plainName(name).toLowerCase() === wanted);
  return alike.length === 1 ? alike[0] : undefined;
}

/** As it is kept: composed, each white space as one space, and none at the ends. What cannot stand in a name stays in it. */
export function plainName(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\p{Zs}+/gu, " ")
    .trim();
}

/** For the details of a Problem; the rest of it is whose name it is. */
export type NameFault = { readonly message: Words; readonly found: string; readonly expected: string };

/**
 * What is wrong with a name as `plainName` has it; null: nothing.
 * @param what Whose it is, such as “A group's name”.
 * @param most How many characters it has at most; it has one at least.
 */
export function nameFault(name: string, most: number, what: Words): NameFault | null {
  const characters = [...name].length;
  const expected = say`1 to ${most} characters, ${NAME_EXPECTED}`;
  const fault = characters > most ? null : characterFault(name, what);
  if (fault !== null || (characters <= most && SEEN.test(name))) return fault;
  return {
    message: say`${what} has ${expected}.`,
    found: `${characters} characters`,
    expected: String(expected),
  };
}

/** What is wrong with the characters of a line, which may have any length; null: nothing. */
export function characterFault(line: string, what: Words): NameFault | null {
  const [first] = faultsIn(line);
  if (first === undefined) return null;
  const found = say`${characterName(first.character)} as character ${first.at + 1}`;
  const message = say`${what} cannot have ${found}: ${first.why}.`;
  return {
    message,
    found: String(found),
    expected: "characters that can be seen and that everybody sees alike",
  };
}

/** @param most As above. */
export function isName(name: string, most: number): boolean {
  return nameFault(name, most, "") === null;
}

/** A name that somebody else gives for a person or a program, without what may not stand in it; empty: nothing is left. */
export function cleanName(text: string, most: number): string {
  const clean = (line: string): string => {
    const faults = new Set([...faultsIn(line)].map(({ at }) => at));
    return plainName([...line].filter((_, at) => !faults.has(at)).join(""));
  };
  const cut = [...clean(plainName(text.replace(/\s+/gu, " ")))].slice(0, most).join("");
  // What joined two characters of which one was cut off goes too.
  const name = clean(cut);
  return SEEN.test(name) ? name : "";
}

type Fault = { readonly at: number; readonly character: string; readonly why: Words };

/** Each character that may not stand where it does, as if those before it were not there. */
function* faultsIn(line: string): Generator<Fault> {
  const written = new Set<number>();
  for (const { 0: found, index } of line.matchAll(WRITTEN))
    for (let unit = 0; unit < found.length; unit += 1) written.add(index + unit);
  let unit = 0;
  let piled: readonly string[] = [];
  let isOnNothing = true;
  for (const [at, character] of [...line].entries()) {
    const isWritten = written.has(unit);
    unit += character.length;
    if (isWritten) continue;
    const why =
      REFUSED.find(([refused]) => refused.test(character))?.[1] ?? markFault(character, piled, isOnNothing);
    if (why !== null) {
      yield { at, character, why };
      continue;
    }
    piled = PILED.test(character) ? [...piled, character] : /\p{Mc}/u.test(character) ? piled : [];
    isOnNothing = character === " ";
  }
}

function markFault(character: string, piled: readonly string[], isOnNothing: boolean): Words | null {
  if (!/\p{M}/u.test(character)) return null;
  if (isOnNothing) return say`it is a mark, and there is no letter before it`;
  if (!PILED.test(character)) return null;
  if (piled.length >= MOST_PILED)
    return say`it is a mark, and no more than ${MOST_PILED} stand on one letter`;
  // Letters below letters are marks in Tibetan.
  if (piled.at(-1) === character && !/\p{sc=Tibt}/u.test(character))
    return say`it is a mark, and the one before it is the same`;
  return null;
}
