/** What a refused request is told: where, what may stand there, and what did. */
import { expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import fc from "fast-check";
import { isProblem } from "../errors.ts";
import { oneOf, orNull } from "./schemas.ts";
import { faultsOf, parseQuery, refuseBadEncoding } from "./validate.ts";

const wordsOf = (schema: Parameters<typeof faultsOf>[0], value: unknown): string[] =>
  faultsOf(Type.Object({ it: schema }), { it: value }).map(({ message }) => message);

test.each([
  [oneOf("queued", "dead"), "maybe", '/it is queued or dead, found "maybe"'],
  [oneOf("a", "b", "c"), 7, "/it is a, b or c, found 7"],
  [orNull(oneOf("a")), "b", '/it is a or null, found "b"'],
  [Type.Literal("only"), null, "/it is only, found null"],
  [Type.Boolean({ description: "true: something is done" }), "maybe", '/it is true or false, found "maybe"'],
  [Type.Integer({ minimum: 1, maximum: 100 }), 0, "/it is a whole number from 1 to 100, found 0"],
  [Type.Integer({ minimum: 1 }), "x", '/it is a whole number, 1 or more, found "x"'],
  [Type.Integer(), 1.5, "/it is a whole number, found 1.5"],
  [
    Type.String({ maxLength: 3, description: "a name for people" }),
    "four",
    '/it is text of at most 3 characters, found "four"',
  ],
  [Type.String({ minLength: 1, maxLength: 3 }), "", '/it is text of 1 to 3 characters, found ""'],
  [Type.String(), [1], "/it is text, found a list of 1"],
  [Type.String({ pattern: "^x$", description: "the letter x" }), "y", '/it is the letter x, found "y"'],
  [Type.Array(Type.String()), {}, "/it is a list, found an object"],
  [Type.Array(Type.String(), { minItems: 1, maxItems: 9 }), [], "/it is a list of 1 to 9, found a list of 0"],
  [Type.Array(Type.String(), { maxItems: 1 }), ["", ""], "/it is a list of at most 1, found a list of 2"],
  [Type.Array(Type.String(), { minItems: 1 }), [], "/it is a list of 1 or more, found a list of 0"],
  [Type.Object({}), [], "/it is an object, found a list of 0"],
])("a value that is not of its schema: %#", (schema, value, message) => {
  expect(wordsOf(schema, value)).toEqual([message]);
});

test("a parameter of a query is named with its question mark", () => {
  const schema = Type.Object({ hold: Type.Optional(Type.Boolean()) });
  expect(() => parseQuery(schema, new URLSearchParams("hold=maybe"), true)).toThrow(
    'The request is not as documented: ?hold is true or false, found "maybe".',
  );
});

test("a query is taken exactly when every part of it is percent-encoded UTF-8", () => {
  const refused = (search: string): boolean => {
    try {
      refuseBadEncoding(search);
      return false;
    } catch (error) {
      if (!isProblem(error)) throw error;
      expect(error.code).toBe("request.invalid");
      return true;
    }
  };
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(refused(`?notes=${encodeURIComponent(text)}&b=c+d`)).toBe(false);
      expect(refused(`?${new URLSearchParams({ [text]: text })}`)).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
      const isUtf8 = Buffer.from(Buffer.from(bytes).toString("utf8"), "utf8").equals(Buffer.from(bytes));
      expect(refused(`?notes=${encoded}`)).toBe(!isUtf8);
    }),
  );
  for (const search of ["", "?", "?a", "?a=b=c", "?a=%2525"])
    expect([search, refused(search)]).toEqual([search, false]);
  for (const search of ["?a=%", "?a=%f", "?a=%zz", "?%ff", "?a=b&c=%c3"])
    expect([search, refused(search)]).toEqual([search, true]);
});
