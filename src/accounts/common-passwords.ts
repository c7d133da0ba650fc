/**
 * Which passwords are the first that a guesser tries: an embedded list of 49,000 (zxcvbn's, with what people make of them
 * by case, digits, repetition, rows of keys and dates), words and phrases of our own in many languages, and what is known of the
 * person and the store; also without marks on letters, without what stands between words, and as the same keys give it on other
 * layouts. Never asks anybody outside.
 *
 * zxcvbn's dictionaries of single languages are left out: those of seven take six times as long to load and four times the memory,
 * have none of other scripts, and know so many words and names that three unrelated ones are refused.
 *
 * Loaded when a password is first chosen: the list is 1 MB, which a start of the program does not need.
 */
import { guessesOfWords } from "./common-compositions.ts";
import { COMMON_PHRASES, COMMON_WORDS, withoutMarks } from "./common-words.ts";
import { typedOtherwise } from "./keyboard-layouts.ts";

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
/** What words are joined by. */
const JOINTS = /[\s._@+-]+/g;
/** What is left of less was not the most of the password. */
const LEAST_CORE = 6;

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
    .flatMap((text) => [text, withoutMarks(text)])
    .flatMap((text) => [text, lettersOf(text), ...text.split(/[\s@.,_+-]+/)])
    .filter((text) => text.length > 2);
  const guesses = (text: string): number => judge.check(text.slice(0, JUDGED_CHARACTERS), known).guesses;
  const plain = withoutMarks(password);
  const joined = plain.replace(JOINTS, "");
  const cores = [password.replace(MARKS_AROUND, ""), ...([...joined].length < LEAST_CORE ? [] : [joined])];
  const asked = new Set([password, plain, ...typedOtherwise(password)]);
  return (
    guessesOfWords(plain.slice(0, JUDGED_CHARACTERS), known) < LEAST_GUESSES ||
    [...asked].some((text) => guesses(text) < LEAST_GUESSES) ||
    cores.some((text) => !asked.has(text) && guesses(text) < LEAST_GUESSES / WORTH_OF_MARKS)
  );
}
