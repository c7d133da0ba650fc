/**
 * Which passwords are the first that a guesser tries: an embedded list of 49,000 (zxcvbn's, with what people make of them
 * by case, digits, repetition, rows of keys and dates), words and phrases of our own, and what is known of the person and the
 * store. Never asks anybody outside.
 *
 * Loaded when a password is first chosen: the list is 1 MB, which a start of the program does not need.
 */
import { COMMON_PHRASES, COMMON_WORDS } from "./common-words.ts";

/**
 * NIST SP 800-63B §3.1.1.2 asks for a list, no rules of composition. 10¹⁰ guesses is what zxcvbn calls safe where the hashes are
 * slow and known to the guesser: a common word with a year and some marks is below it, three words that are no list's above.
 */
const LEAST_GUESSES = 1e10;
/** What stands behind them makes no password common, and judging it takes time. */
const JUDGED_CHARACTERS = 64;

/** Beyond every phrase, with what stands between and around its words. */
const MOST_LETTERS = 200;
const PHRASES: ReadonlySet<string> = new Set(COMMON_PHRASES);

/** A phrase is the same with spaces, hyphens, capitals, and a year behind it. */
function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}]/gu, "");
}

/** The same mark, once or again and again, before and behind: little more to guess than where it stands. */
const MARKS_AROUND = /^([^\p{L}\p{N}])\1*|([^\p{L}\p{N}])\2*$/gu;
const WORTH_OF_MARKS = 100;

type Judge = { check(password: string, about: string[]): { readonly guesses: number } };

let loading: Promise<Judge> | undefined;

async function load(): Promise<Judge> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({
    dictionary: { ...dictionary, ours: [...COMMON_WORDS, ...COMMON_PHRASES] },
    graphs: adjacencyGraphs,
    maxLength: JUDGED_CHARACTERS,
  });
}

/**
 * True for what is guessed early.
 * @param about What others know of the person and the store, such as the address and the names.
 */
export async function isCommonPassword(password: string, about: readonly string[]): Promise<boolean> {
  if (PHRASES.has(lettersOf(password.slice(0, MOST_LETTERS)))) return true;
  loading ??= load();
  const judge = await loading;
  const known = about
    .flatMap((text) => [text, lettersOf(text), ...text.split(/[\s@.,_+-]+/)])
    .filter((text) => text.length > 2);
  const guesses = (text: string): number => judge.check(text.slice(0, JUDGED_CHARACTERS), known).guesses;
  if (guesses(password) < LEAST_GUESSES) return true;
  const core = password.replace(MARKS_AROUND, "");
  return core !== password && guesses(core) < LEAST_GUESSES / WORTH_OF_MARKS;
}
