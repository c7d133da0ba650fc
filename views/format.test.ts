import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { languageName, languageNameIn } from "./format.ts";

describe("the name of a language", () => {
  test.each([
    ["de", "Deutsch", "German"],
    // What RFC 5646 allows and the runtime does not name.
    ["de-x-phonebk", "Deutsch (x-phonebk)", "German (x-phonebk)"],
    ["zh-cmn", "Chinese (cmn)", "Chinese (cmn)"],
    ["de-u-co-phonebk", "Deutsch (u-co-phonebk)", "German (u-co-phonebk)"],
    ["x-none", "x-none", "x-none"],
    ["i-klingon", "i-klingon", "i-klingon"],
  ])("of %s", (tag, own, english) => {
    expect([languageName(tag), languageNameIn("en", tag)]).toEqual([own, english]);
  });

  test("is there for whatever may stand for one", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const tag = parts.join("-");
        expect(languageName(tag)).not.toBe("");
        expect(languageNameIn("ar", tag)).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });
});
