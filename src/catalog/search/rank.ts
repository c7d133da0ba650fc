/** In which order the apps that a question found are shown: what was most likely meant comes first. Pure. */
import { likedBy } from "../ratings/stars.ts";
import type { Term } from "./partition.ts";
import { slipsBetween, slipsForgiven } from "./typos.ts";

/** What the words of a question may be found in. */
export type Found = {
  /** The name as one word. */
  readonly oneWord: string;
  readonly name: readonly string[];
  /** Publisher, category and the parts of the id. */
  readonly others: readonly string[];
  readonly summary: readonly string[];
};

export type Question = {
  readonly words: readonly string[];
  readonly oneWord: string;
};

const WORTH = { name: 10, others: 5, summary: 3 } as const;
/** What the whole name is worth when it is what was asked for, to the letter. */
const WHOLE_NAME = 30;
const BEGINNING_OF_NAME = 8;
/** For each word of the name that was not asked for. */
const UNASKED_WORD = 0.3;

/** Words in one spelling, with a space between them. */
type Texts = {
  readonly name: string;
  readonly oneWord: string;
  readonly others: string;
  readonly summary: string;
};

/**
 * Quickly, how much a document has of what was asked for: by what it says alone. How rare a word is in the store would say something
 * of what others keep there.
 */
export function weightOf(
  words: readonly (readonly Term[])[],
  { name, oneWord, others, summary }: Texts,
): number {
  const columns = [
    [WORTH.name, ` ${name} ${oneWord} `],
    [WORTH.others, ` ${others} `],
    [WORTH.summary, ` ${summary} `],
  ] as const;
  let sum = 0;
  for (const terms of words) {
    for (const [worth, text] of columns) {
      if (!terms.some(({ word, isBeginning }) => text.includes(isBeginning ? ` ${word}` : ` ${word} `)))
        continue;
      sum += worth;
      break;
    }
  }
  // Of two that have the same, the one that says less besides.
  return sum - (name.length + others.length + summary.length) / 10_000;
}

/** How well a document answers; never below 0. Compares only what one question found. */
export function scoreOf(question: Question, found: Found): number {
  const each = question.words.map((word, at) => {
    const isLast = at === question.words.length - 1;
    return Math.max(
      WORTH.name * bestOf(word, found.name, isLast),
      WORTH.others * bestOf(word, found.others, isLast),
      WORTH.summary * bestOf(word, found.summary, isLast),
    );
  });
  const words = each.reduce((sum, one) => sum + one, 0) / Math.max(1, each.length);
  const unasked = UNASKED_WORD * Math.max(0, found.name.length - question.words.length);
  return Math.max(0, words + nameScore(question.oneWord, found.oneWord) - unasked);
}

/** What devices fetched a thousand times is worth this more: it decides between apps that answer about as well. */
const FETCHED = 0.5;

/** For how often devices fetched an app: each tenfold counts the same, up to a thousand times that of a thousand. */
export function installsScore(installs: number): number {
  return Math.min(2 * FETCHED, (FETCHED * Math.log10(1 + installs)) / 3);
}

/** What very many five stars are worth, and very many single ones are the other way. */
const LIKED = 0.5;

/** For how it was rated: as much as a thousandfold of installs, once there are enough who rated it. */
export function ratingScore({ sum, count }: { readonly sum: number; readonly count: number }): number {
  return LIKED * likedBy(sum, count);
}

function nameScore(asked: string, name: string): number {
  if (asked === "" || name === "") return 0;
  const longer = Math.max(asked.length, name.length);
  const most = Math.max(2, Math.floor(asked.length / 3));
  const slips = slipsBetween(asked, name, most);
  const whole = slips > most ? 0 : WHOLE_NAME * (1 - slips / longer);
  const beginning = name.startsWith(asked) ? BEGINNING_OF_NAME + (10 * asked.length) / name.length : 0;
  return whole + beginning;
}

/** 1: it is one of them; less for the beginning of one, which only the last word may be, and for each slip. */
function bestOf(word: string, among: readonly string[], isLast: boolean): number {
  let best = 0;
  for (const other of among) {
    if (best === 1) break;
    best = Math.max(best, likeness(word, other, isLast));
  }
  return best;
}

function likeness(word: string, other: string, isLast: boolean): number {
  if (word === other) return 1;
  if (isLast && other.startsWith(word)) return 0.6 + (0.2 * word.length) / other.length;
  const most = slipsForgiven(word.length);
  if (most === 0 || Math.abs(word.length - other.length) > most) return 0;
  const slips = slipsBetween(word, other, most);
  return slips > most ? 0 : 0.7 - 0.25 * slips;
}
