/** In which order the apps that a question found are shown: what was most likely meant comes first. Pure. */
import { likedBy } from "../ratings/stars.ts";
import { countWords, formsOf } from "./arabic.ts";
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
  /** Each word of the question is in the description, or in one of these. */
  readonly isDescribed: boolean;
};

export type Question = {
  readonly words: readonly string[];
  readonly oneWord: string;
};

const WORTH = { name: 10, others: 5, summary: 3, description: 2 } as const;
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
 * Quickly, how much documents have of what was asked for: by what they say alone. How rare a word is in the store would say something
 * of what others keep there. Each word counts for the best place that it is in.
 * @param words For each word what may have been meant by it: letters and digits.
 */
export function weigher(words: readonly (readonly Term[])[]): (texts: Texts) => number {
  // One pattern for a word and all that it may mean, over one text: of very many documents each is looked at once for each word.
  const patterns = words.map((terms) => {
    const each = terms.map(({ word, isBeginning }) => (isBeginning ? word : `${word} `));
    return new RegExp(` (?:${each.join("|")})`);
  });
  return ({ name, oneWord, others, summary }) => {
    const names = ` ${name} ${oneWord} \n`;
    const more = `${names} ${others} \n`;
    const text = `${more} ${summary} `;
    let sum = 0;
    for (const pattern of patterns) {
      const at = text.search(pattern);
      if (at >= 0) sum += at < names.length ? WORTH.name : at < more.length ? WORTH.others : WORTH.summary;
    }
    // Of two that have the same, the one that says less besides.
    return sum - (name.length + others.length + summary.length) / 10_000;
  };
}

/** How well documents answer; never below 0. Compares only what one question found. */
export function scorer(question: Question): (found: Found) => number {
  const words = question.words.map((word, at) => likenessTo(word, at === question.words.length - 1));
  return (found) => {
    let sum = 0;
    for (const like of words)
      sum += Math.max(
        found.isDescribed ? WORTH.description : 0,
        WORTH.name * bestOf(like, found.name),
        WORTH.others * bestOf(like, found.others),
        WORTH.summary * bestOf(like, found.summary),
      );
    const unasked = UNASKED_WORD * Math.max(0, countWords(found.name) - words.length);
    return Math.max(
      0,
      sum / Math.max(1, words.length) + nameScore(question.oneWord, found.oneWord) - unasked,
    );
  };
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

function bestOf(like: (other: string) => number, among: readonly string[]): number {
  let best = 0;
  for (const other of among) {
    const one = like(other);
    if (one > best) best = one;
    if (best === 1) break;
  }
  return best;
}

/** A word that was asked for with an article is another one without it. */
const WITHOUT_ARTICLE = 0.9;

/** What many documents have is compared once. */
function likenessTo(word: string, isLast: boolean): (other: string) => number {
  const known = new Map<string, number>();
  const [, ...forms] = formsOf(word);
  return (other) => {
    const before = known.get(other);
    if (before !== undefined) return before;
    let one = likeness(word, other, isLast);
    for (const form of forms) one = Math.max(one, WITHOUT_ARTICLE * likeness(form, other, isLast));
    known.set(other, one);
    return one;
  };
}

/** 1: it is that word; less for the beginning of one, which only the last word may be, and for each slip. */
function likeness(word: string, other: string, isLast: boolean): number {
  if (word === other) return 1;
  if (isLast && other.startsWith(word)) return 0.6 + (0.2 * word.length) / other.length;
  const most = slipsForgiven(word.length);
  if (most === 0 || Math.abs(word.length - other.length) > most) return 0;
  const slips = slipsBetween(word, other, most);
  return slips > most ? 0 : 0.7 - 0.25 * slips;
}
