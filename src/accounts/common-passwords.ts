/**
 * Which passwords are the first that a guesser tries: an embedded list of 49,000 (zxcvbn's, with what people make of them
 * by case, digits, repetition, rows of keys and dates), and what is known of the person. Never asks anybody outside.
 *
 * Loaded when a password is first chosen: the list is 1 MB, which a start of the program does not need.
 */

/** NIST SP 800-63B §3.1.1.2 asks for a list, no rules of composition; 10⁸ guesses is what zxcvbn calls safe beyond signing in online. */
const LEAST_GUESSES = 1e8;
/** What stands behind them makes no password common, and judging it takes time. */
const JUDGED_CHARACTERS = 64;

type Judge = { check(password: string, about: string[]): { readonly guesses: number } };

let loading: Promise<Judge> | undefined;

async function load(): Promise<Judge> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: JUDGED_CHARACTERS });
}

/**
 * True for what is guessed early.
 * @param about What others know of the person, such as the address and the name.
 */
export async function isCommonPassword(password: string, about: readonly string[]): Promise<boolean> {
  loading ??= load();
  const judge = await loading;
  const known = about
    .flatMap((text) => [text, ...text.split(/[\s@.,_+-]+/)])
    .filter((text) => text.length > 2);
  return judge.check(password.slice(0, JUDGED_CHARACTERS), known).guesses < LEAST_GUESSES;
}
