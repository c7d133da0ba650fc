import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { sizeIn } from "../src/sizes.ts";
import { formatBytes, languageName, languageNameIn } from "./format.ts";

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

describe("a size", () => {
  /** As the script of the upload says it, which has no parts of another file: its own lines, for a page in this language. */
  function scripted(locale: string): (bytes: number) => string {
    const source = readFileSync(join(import.meta.dirname, "../assets/js/upload.js"), "utf8");
    const lines = /^const units = .*?^const formatBytes = .*?^};$/ms.exec(source)?.[0];
    if (lines === undefined) throw new Error("upload.js says no sizes");
    return new Function("lang", `${lines}\nreturn formatBytes;`)(locale);
  }

  test("is said alike on pages, in messages and by the script of the upload", () => {
    const edges = [0, 1023, 1024, 10_234, 10_235, 102_348, 102_349, 1_048_063, 1_048_064, 2 ** 30, 2 ** 50];
    const size = fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat());
    for (const locale of ["en", "de", "ar"]) {
      const byScript = scripted(locale);
      fc.assert(
        fc.property(size, (bytes) => {
          const said = formatBytes(locale, bytes);
          expect([bytes, sizeIn(locale, bytes), byScript(bytes)]).toEqual([bytes, said, said]);
        }),
        { numRuns: 200, examples: edges.map((edge) => [edge]) },
      );
    }
    expect(formatBytes("en", 1_310_720)).toBe("1.25\u00a0MiB");
  });
});
