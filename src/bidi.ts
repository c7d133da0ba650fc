/**
 * Latin in a text that goes from right to left: a name with its address keeps its own order, and its brackets stay around it
 * (Unicode Standard Annex #9). Pure.
 */
import { directionOf } from "./languages.ts";

/** A piece of a text, in its order; `isLatin`: it has a direction of its own. */
export type TextRun = { readonly text: string; readonly isLatin: boolean };

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
/** Letters of scripts that go from left to right, with the marks above and below them. */
const LEFT_TO_RIGHT = ["Latin", "Greek", "Cyrillic", "Han", "Hiragana", "Katakana", "Hangul"]
  .map((script) => `\\p{Script=${script}}`)
  .join("");
/**
 * An address in its brackets; or a name, an id, an address: from such a letter, or digits and signs right before it, to the last
 * letter, digit or bracket before another script.
 */
const LATIN_RUN = new RegExp(
  `<[!-;=?-~]+@[!-;=?-~]+>|(?:[0-9][!-~]*)?[${LEFT_TO_RIGHT}](?:[ -~\u2018\u2019\u2013\u2014\u00b7\\p{M}${LEFT_TO_RIGHT}]*[A-Za-z0-9>)\\]\\p{M}${LEFT_TO_RIGHT}])?`,
  "gu",
);
const ADDRESS_OF_PAGE = /[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const BRACKETS = [
  ["(", ")"],
  ["[", "]"],
  ["<", ">"],
] as const;
/** Left-to-right isolate, and its end. */
const ISOLATE = "\u2066";
const END = "\u2069";

/**
 * What people wrote has a direction of its own. In a language that goes from right to left a sentence may begin with a name in Latin
 * letters, by which `auto` would turn it around.
 */
export function directionIn(text: string, language: string): "auto" | "rtl" {
  return directionOf(language) === "rtl" && RIGHT_TO_LEFT.test(text) ? "rtl" : "auto";
}

/** A text by its runs; one alone where nothing in it goes against the direction of its language. */
export function runsOf(text: string, language: string): readonly TextRun[] {
  if (directionIn(text, language) !== "rtl") return [{ text, isLatin: false }];
  const runs: TextRun[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(LATIN_RUN)) {
    const run = balanced(found);
    if (index > end) runs.push({ text: text.slice(end, index), isLatin: false });
    runs.push({ text: run, isLatin: true });
    end = index + run.length;
  }
  if (end < text.length) runs.push({ text: text.slice(end), isLatin: false });
  return runs;
}

/**
 * The same in plain text, line by line. The address of a page is left as it is: programs that make a link of it take what stands
 * right behind it for a part of it.
 */
export function isolatedText(text: string, language: string): string {
  return text
    .split("\n")
    .map((line) =>
      runsOf(line, language)
        .map((run) => (run.isLatin ? isolatedRun(run.text) : run.text))
        .join(""),
    )
    .join("\n");
}

function isolatedRun(run: string): string {
  const link = ADDRESS_OF_PAGE.exec(run)?.index ?? run.length;
  const name = run.slice(0, link);
  return name === "" ? run : `${ISOLATE}${name}${END}${run.slice(link)}`;
}

/** Without brackets at the end that were opened before it. */
function balanced(run: string): string {
  const ofText = BRACKETS.some(
    ([open, close]) => run.endsWith(close) && run.split(close).length > run.split(open).length,
  );
  return ofText ? balanced(run.slice(0, -1)) : run;
}
