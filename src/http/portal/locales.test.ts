/** The catalogues of assets/locales: each says all that English says, with the same values, in forms that its language has. */
import { describe, expect, test } from "bun:test";
import { IntlMessageFormat } from "intl-messageformat";
import { assetText, listAssets } from "../../assets.ts";
import { HANDLERS } from "../../boot/handlers.ts";
import { AUDIT_FACT_NAMES } from "../../db/audit-facts.ts";

type Element = ReturnType<IntlMessageFormat["getAst"]>[number];

const REFERENCE = "en";
const TAGS = listAssets("locales/").flatMap((name) => /^locales\/([^/]+)\.json$/.exec(name)?.[1] ?? []);

function read(tag: string): Readonly<Record<string, string>> {
  return JSON.parse(assetText(`locales/${tag}.json`));
}

const reference = read(REFERENCE);

/** As intl-messageformat parses it. @throws SyntaxError */
function parse(message: string, tag: string): readonly Element[] {
  return new IntlMessageFormat(message, tag, undefined, { ignoreTag: true }).getAst();
}

type Choice = Extract<Element, { readonly options: unknown }>;
type Plural = Extract<Choice, { readonly offset: unknown }>;
const isChoice = (element: Element): element is Choice => "options" in element;
/** Only plurals count from an offset. */
const isPlural = (element: Choice): element is Plural => "offset" in element;

/** The elements of a message, also those within its choices. */
function elementsOf(message: readonly Element[]): readonly Element[] {
  return message.flatMap((element) => [
    element,
    ...(isChoice(element) ? Object.values(element.options).flatMap(({ value }) => elementsOf(value)) : []),
  ]);
}

/** Each value that a message says, with its kind; of a choice by words, the words. */
function valuesOf(message: readonly Element[]): readonly string[] {
  const values = elementsOf(message).flatMap((element) => {
    if (!isChoice(element))
      return "value" in element && element.type !== 0 ? [`${element.value}:${element.type}`] : [];
    const words = isPlural(element) ? [] : Object.keys(element.options).sort();
    return [[`${element.value}:${element.type}`, ...words].join(" ")];
  });
  return [...new Set(values)].sort();
}

/** Messages that are the same in every language: they hold a name, a code, or what one types. */
const AS_IT_IS: ReadonlySet<string> = new Set([]);

/** Words that no other language spells so, and none does without in a sentence. */
const ENGLISH_WORDS = /\b(?:the|and|of|this|that|with|your|you|is|are|not|it|for|from|to|by|can)\b/i;

/** What is no good type, whatever the language: straight quotes, three dots, spaces at an end or doubled, markup (an address in angle brackets is none). */
const POOR = /"|<\/?[a-z]+[\s/>]|\w'\w|\.\.\.|^\s|\s$| {2}/;

/** A message's own words: what stands in its placeholders is code. */
function wordsOf(message: readonly Element[]): string {
  return elementsOf(message)
    .map((element) => ("value" in element && element.type === 0 ? element.value : "·"))
    .join("");
}

test("what rows name has words: each kind of job, each fact of the audit log, and none besides", () => {
  const named = (prefix: string) =>
    Object.keys(reference).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));
  expect(named("job_kind.")).toEqual([...HANDLERS.keys()].sort());
  expect(named("audit.fact.")).toEqual([...AUDIT_FACT_NAMES].sort());
});

for (const tag of TAGS) {
  describe(`the catalogue ${tag}`, () => {
    const catalogue = read(tag);
    const messages = Object.entries(catalogue).map(([key, text]) => [key, parse(text, tag)] as const);

    test("has the keys of the reference, in their order", () => {
      expect(Object.keys(catalogue)).toEqual(Object.keys(reference));
    });

    test("says the same values in each", () => {
      const other = messages.flatMap(([key, message]) => {
        const [found, expected] = [valuesOf(message), valuesOf(parse(reference[key] ?? "", REFERENCE))];
        return found.join() === expected.join() ? [] : [{ key, found, expected }];
      });
      expect(other).toEqual([]);
    });

    test("has each plural in all forms of the language", () => {
      const lacking = messages.flatMap(([key, message]) =>
        elementsOf(message)
          .filter(isChoice)
          .filter(isPlural)
          .flatMap((plural) => {
            const rules = new Intl.PluralRules(tag, plural.pluralType ? { type: plural.pluralType } : {});
            const forms = rules.resolvedOptions().pluralCategories;
            const has = Object.keys(plural.options).filter((form) => !form.startsWith("="));
            return has.sort().join() === [...forms].sort().join() ? [] : [{ key, has, forms }];
          }),
      );
      expect(lacking).toEqual([]);
    });

    test("is set well", () => {
      expect(messages.filter(([, message]) => POOR.test(wordsOf(message))).map(([key]) => key)).toEqual([]);
    });

    if (tag === REFERENCE) return;
    const isLatin = new Intl.Locale(tag).maximize().script === "Latn";
    test("leaves nothing in the words of the reference", () => {
      const left = messages.filter(([key, message]) => {
        const words = wordsOf(message);
        if (!isLatin) return /\p{Script=Latin}/u.test(words) && !/(?!\p{Script=Latin})\p{L}/u.test(words);
        return catalogue[key] === reference[key] && ENGLISH_WORDS.test(words);
      });
      expect(left.map(([key]) => key).filter((key) => !AS_IT_IS.has(key))).toEqual([]);
    });
  });
}
