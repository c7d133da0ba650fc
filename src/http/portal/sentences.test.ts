/** The catalogues of assets/locales/sentences: each has all that the store says of what went wrong, with the same values. */
import { describe, expect, test } from "bun:test";
import { IntlMessageFormat } from "intl-messageformat";
import { type Action, actionWords, RIGHTS } from "../../accounts/rights.ts";
import { assetText, listAssets } from "../../assets.ts";
import { AUDIT_ACTIONS } from "../../audit/actions.ts";
import { REMEDIES } from "../../docs/remedies.ts";
import { FINDING_CODES } from "../../format/findings.ts";
import { knownLanguages, REFERENCE_LANGUAGE, SENTENCES } from "../../languages.ts";
import { CHECK_CODES } from "../../review/codes.ts";
import { say, sayAll, sayList } from "../../say.ts";
import { sayerOf } from "../../sentences.ts";
import { readSentences } from "../../testing/sentences.ts";

const OTHERS = knownLanguages().filter((tag) => tag !== REFERENCE_LANGUAGE);
/** What `sayList` and `sayAll` make. */
const JOINTS = ["{0}, {1}", "{0}; {1}", "{0} and {1}", "{0} or {1}", "{0} {1}"];

/** No good type in any language: straight quotes around words, three dots, spaces at an end or doubled. */
const POOR = /\w"|"\w|\.\.\.|^\s|\s$| {2}/;

/** It says a name of the configuration, and what is wrong with it. */
const AS_IT_IS = ["providers.{0}.{1}: {2}."];

const { patterns, untagged } = readSentences();
const MEANINGS = [...Object.values(AUDIT_ACTIONS), ...Object.values(RIGHTS).map(({ meaning }) => meaning)];
const ACTIONS = (Object.keys(RIGHTS) as Action[]).map((action) => actionWords(action).pattern);
/** What pages say of findings: each title, each explanation, and what to do. */
const OF_FINDINGS = [
  ...Object.values({ ...FINDING_CODES, ...CHECK_CODES }).flatMap((of) => [of.title, of.explanation]),
  ...Object.values(REMEDIES),
];
const EXPECTED = [...new Set([...patterns, ...MEANINGS, ...ACTIONS, ...OF_FINDINGS, ...JOINTS])].sort();

/** Names of placeholders, wherever they stand. */
function valuesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\d+)[,}]/g)].map(([, index]) => index ?? ""))].sort();
}

test("each Problem that people may meet is said so that it has a translation", () => {
  expect(untagged).toEqual([]);
});

test("there is a catalogue for each language of the pages, and no other", () => {
  const has = listAssets(`locales/${SENTENCES}`).map((name) => /([^/]+)\.json$/.exec(name)?.[1] ?? name);
  expect(has.sort()).toEqual([...OTHERS].sort());
});

for (const tag of OTHERS) {
  describe(`the sentences of ${tag}`, () => {
    const catalogue: Record<string, string> = JSON.parse(assetText(`locales/${SENTENCES}${tag}.json`));

    test("none is missing, and none unused", () => {
      expect(Object.keys(catalogue)).toEqual(EXPECTED);
    });

    test("each parses, says every value, and is set well", () => {
      const poor = Object.entries(catalogue).filter(([pattern, text]) => {
        new IntlMessageFormat(text, tag, undefined, { ignoreTag: true });
        const isLeft =
          text === pattern && !AS_IT_IS.includes(pattern) && /\p{L}/u.test(pattern.replace(/\{\d+\}/g, ""));
        // What goes on after other words begins with a space, or with what stands there before the next word.
        const isSet = !POOR.test(pattern.startsWith(" ") ? text.trimStart() : text);
        return isLeft || !isSet || valuesOf(text).join() !== valuesOf(pattern).join();
      });
      expect(poor).toEqual([]);
    });

    test("of findings sets as code, between backticks, all that English sets so", () => {
      const codeIn = (text: string) => text.split("`").filter((_, index) => index % 2 === 1);
      const faults = OF_FINDINGS.filter((pattern) => {
        const text = catalogue[pattern] ?? "";
        const missing = codeIn(pattern).filter((code) => !codeIn(text).includes(code));
        return missing.length > 0 || text.split("`").length % 2 === 0;
      });
      expect(faults).toEqual([]);
    });
  });
}

describe("a sentence", () => {
  test("is English as a string and in JSON", () => {
    const said = say`${2} of ${say`the apps`}: ${sayList(["a", "b"])}.`;
    expect(String(said)).toBe("2 of the apps: a, b.");
    expect(JSON.stringify({ message: said })).toBe('{"message":"2 of the apps: a, b."}');
    expect(String(sayAll([say`One.`, "Two."]))).toBe("One. Two.");
    expect(sayerOf(REFERENCE_LANGUAGE)(said)).toBe("2 of the apps: a, b.");
  });

  test("of somebody's own words is not read as a pattern", () => {
    expect(String(say`${"{1}"} and ${"{0}"}`)).toBe("{1} and {0}");
    for (const tag of OTHERS) expect(sayerOf(tag)("{0} '{' #")).toBe("{0} '{' #");
  });

  test("is in the language of the page, with what stands in it", () => {
    const closed = say`There is no app ${"com.example.x"}, or none that you may see.`;
    for (const tag of OTHERS) {
      const text = sayerOf(tag)(closed);
      expect(text).toContain("com.example.x");
      expect(text).not.toContain("There is");
    }
  });
});
