/** What is taken out of a text, and what only looks like it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { withoutMentions } from "./mentions.ts";

const ADA = { names: ["Ada Lovelace", "Ada"], emails: ["ada@example.org", "ada.l@old.example"] };
const out = (text: string) => withoutMentions(text, ADA, "#");

test.each([
  ["Ada Lovelace <ada@example.org> invites you.", "# invites you."],
  ["Ada <ADA@example.org> and Ada Lovelace <ada.l@old.example>", "# and #"],
  ["Write to ada@example.org.", "Write to #."],
  ["(ada@example.org)", "(#)"],
  ["Ada Lovelace is a program.", "Ada Lovelace is a program."],
  [
    "nada@example.org ada@example.organic ada@example.org.uk",
    "nada@example.org ada@example.organic ada@example.org.uk",
  ],
  ["x.ada@example.org ada+x@example.org", "x.ada@example.org ada+x@example.org"],
  ["", ""],
])("%j", (text, left) => {
  expect(out(text)).toBe(left);
});

test("no name or address is taken for a pattern, and nothing of them is left", () => {
  const word = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((text) => text.trim() === text && text !== "");
  fc.assert(
    fc.property(word, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (name, before, after) => {
      const email = "(.*)+[x]@example.org";
      const left = withoutMentions(
        `${before} ${name} <${email}> ${after}`,
        { names: [name], emails: [email] },
        "#",
      );
      expect(left).toBe(`${before} # ${after}`);
    }),
  );
});
