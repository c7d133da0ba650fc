import { describe, expect, test } from "bun:test";
import { localeFault } from "./locales.ts";
import { textFault } from "./texts.ts";

describe("a locale", () => {
  test.each([
    "de",
    "en",
    "pt-BR",
    "zh-Hant",
    "zh-Hant-TW",
    "sr-Latn-RS",
    "es-419",
    "yue",
    "zh-yue-HK",
    "de-CH-1901",
    "sl-rozaj-biske-1994",
    "de-1996",
    "hy-Latn-IT-arevela",
    "en-US-u-islamcal",
    "zh-CN-a-myext-x-private",
    "en-a-myext-b-another",
    "de-x-phonebk",
    "az-Latn-x-latn",
    "ast",
    "qaa-Qaaa-QM-x-southern",
    "de-1901-1901",
    "abcde",
    "abcdefgh",
    "mas",
    "en-0-abc",
  ])("%s is taken", (tag) => expect(localeFault(tag)).toBeUndefined());

  test.each([
    ["", "an empty tag"],
    ["e", "a language of one letter"],
    ["abcdefghi", "a language of nine letters"],
    ["DE", "capitals"],
    ["de-de", "a region in lower case"],
    ["zh-hant", "a script in lower case"],
    ["zh-HANT", "a script in capitals"],
    ["de_DE", "an underscore"],
    ["de-", "a hyphen at the end"],
    ["-de", "a hyphen at the start"],
    ["de--DE", "two hyphens"],
    ["de-DE-DE", "two regions"],
    ["de-Latn-Latn", "two scripts"],
    ["en-a", "a singleton alone"],
    ["en-a-b-c1", "a singleton without subtags"],
    ["en-x", "x alone"],
    ["de-x-PhoneBk", "private use in capitals"],
    ["en-x-US", "private use in capitals"],
    ["en-u-CA-gregory", "an extension in capitals"],
    ["x-private", "private use only"],
    ["i-klingon", "irregular and grandfathered"],
    ["en-GB-oed", "irregular and grandfathered"],
    ["sgn-BE-FR", "irregular and grandfathered"],
    ["art-lojban", "regular and grandfathered"],
    ["zh-min-nan", "regular and grandfathered"],
    ["zh-min", "regular and grandfathered"],
    ["no-bok", "regular and grandfathered"],
    ["de-abcdefghi", "a subtag of nine"],
    ["a-DE", "a language of one letter"],
    ["de-ä", "letters beyond ASCII"],
    ["de\n", "a line's end"],
  ])("%s is refused: %s", (tag) => expect(localeFault(tag)).toBeDefined());

  test("of 35 bytes is taken", () =>
    expect(localeFault("en-x-abcdefgh-abcdefgh-abcdefgh-abc")).toBeUndefined());
});

describe("a text", () => {
  test.each([
    "a",
    "Ärger",
    "日本語",
    "a b",
    "👩‍👩‍👧",
    "עברית",
    "a\u00a0b",
    "\u200ea",
    "e\u0328\u0301".normalize("NFC"),
    "\ue000",
    "\u{10fffd}",
    "\u{20000}",
    "\u200d",
    "a\u180e",
  ])("%p is taken", (text) => expect(textFault(text)).toBeUndefined());

  test.each([
    ["a\u0308", "MPK-M012", "decomposed"],
    ["\u212b", "MPK-M012", "the Ångström sign"],
    ["\u1100\u1161", "MPK-M012", "decomposed Hangul"],
    ["\u0344", "MPK-M012", "a character that NFC never has"],
    ["a\0b", "MPK-M013", "NUL"],
    ["a\nb", "MPK-M013", "a line's end"],
    ["a\tb", "MPK-M013", "a tabulator"],
    ["a\u007fb", "MPK-M013", "DEL"],
    ["a\u0085b", "MPK-M013", "NEL, a C1 control"],
    ["a\u202eb", "MPK-M013", "a right-to-left override"],
    ["a\u202db", "MPK-M013", "a left-to-right override"],
    ["a\u202ab", "MPK-M013", "an embedding"],
    ["a\u2067b", "MPK-M013", "an isolate"],
    ["a\u2069", "MPK-M013", "the end of an isolate"],
    ["a\u2028b", "MPK-M013", "a line separator"],
    [" a", "MPK-M013", "a space before"],
    ["a ", "MPK-M013", "a space behind"],
    ["\u00a0a", "MPK-M013", "a no-break space before"],
    ["a\u3000", "MPK-M013", "an ideographic space behind"],
    ["a\u2003", "MPK-M013", "an em space behind"],
    ["\ufeffa", "MPK-M013", "a byte order mark before"],
    [" ", "MPK-M013", "a space alone"],
    ["a\ufeff", "MPK-M013", "a byte order mark behind"],
    ["\u0378", "MPK-M013", "a point that is not assigned"],
    ["a\u0897\u0323", "MPK-M013", "a mark of Unicode 16"],
    ["a\u{1e08f}", "MPK-M013", "a mark of Unicode 15"],
    ["\u{105d2}\u0307", "MPK-M013", "letters that Unicode 16 composes"],
    ["\u{1faff}", "MPK-M013", "a pictograph that is not assigned"],
    ["\u{2a6e0}", "MPK-M013", "the point after the last of a block"],
    ["\u{e0000}", "MPK-M013", "a point before the tags"],
  ])("%p is refused with %s: %s", (text, code) => {
    expect<string | undefined>(textFault(text)?.code).toBe(code);
    expect(textFault(text)?.expected).toBeTruthy();
  });
});
