import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type LocalTexts,
  localTexts,
  MOST_LANGUAGES,
  tagFault,
  textIn,
  textWithLanguage,
} from "./local-texts.ts";

const rule = { code: "x.name", pointer: "/names", what: "A name", characters: 10, isRequired: true };
const judge = (texts: LocalTexts, more: Partial<typeof rule> = {}) => localTexts(texts, { ...rule, ...more });

describe("taken", () => {
  test("as names are kept, by their tags, without those that are empty", () => {
    const { texts, faults } = judge({ de: "  Werk  zeug ", en: "Cafe\u0301", fr: " " });
    expect(faults).toEqual([]);
    expect(JSON.stringify(texts)).toBe(JSON.stringify({ de: "Werk zeug", en: "Café" }));
  });

  test("also none, where none is needed", () => {
    expect(judge({ en: "" }, { isRequired: false })).toEqual({ texts: {}, faults: [] });
  });
});

test.each<[string, LocalTexts, string]>([
  ["no text", {}, "/names"],
  ["an empty one", { en: "" }, "/names"],
  ["one too long", { en: "elevenchars" }, "/names/en"],
  ["a line feed", { en: "a\nb" }, "/names/en"],
  ["what cannot be seen", { en: "a\u202eb" }, "/names/en"],
  ["a tag in another case", { EN: "a" }, "/names/EN"],
  ["a tag that is none", { "e n": "a" }, "/names/e n"],
  ["a tag without an end", { ["en-".repeat(200)]: "a" }, `/names/${"en-".repeat(200)}`],
  ["no tag", { "": "a" }, "/names/"],
])("refused: %s", (_, texts, pointer) => {
  const { faults } = judge(texts);
  expect(faults.map((fault) => fault.pointer)).toEqual([pointer]);
  expect(faults[0]?.code).toBe("x.name");
});

test.each([
  ["", "Say the language by its tag (BCP 47), such as de or pt-BR."],
  ["e n", "“e n” is no language tag (BCP 47) as it is kept here: expected a well-formed RFC 5646 tag."],
  ["pt-br", "“pt-br” is no language tag (BCP 47) as it is kept here: expected pt-BR."],
])("of the tag %p it is said: %s", (tag, words) => {
  expect(String(tagFault(tag))).toBe(words);
});

test("refused: a prototype's name, and more languages than fit", () => {
  expect(judge(JSON.parse('{"__proto__":"a"}')).faults).not.toEqual([]);
  const many = Object.fromEntries(
    Array.from({ length: MOST_LANGUAGES + 1 }, (_, n) => [`aa-a${100 + n}`, "a"]),
  );
  expect(judge(many).faults.map(({ pointer }) => pointer)).toContain("/names");
});

test.each([
  [{ en: "one", "de-AT": "zwei" }, "de-AT", "zwei", null],
  [{ en: "one", "de-AT": "zwei" }, "de", "zwei", null],
  [{ en: "one", de: "zwei", "de-AT": "drei" }, "de-CH", "zwei", null],
  [{ de: "zwei", "en-GB": "one" }, "ar", "one", "en-GB"],
  [{ de: "zwei", fr: "trois" }, "ar", "zwei", "de"],
  [{}, "ar", "", null],
] as const)("of %p somebody with %p reads %p", (texts, locale, text, language) => {
  expect(textIn(texts, locale)).toBe(text);
  expect(textWithLanguage(texts, locale)).toEqual({ text, language });
});

test("whatever is sent, it is taken or said what is wrong", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: "binary", maxLength: 40 }), fc.string({ unit: "binary" })),
      (given) => {
        const { texts, faults } = judge(given);
        for (const { pointer } of faults) expect(pointer).toStartWith("/names");
        if (faults.length > 0) return;
        expect(judge(texts)).toEqual({ texts, faults: [] });
        expect(textIn(texts, "en")).not.toBe("");
      },
    ),
  );
});
