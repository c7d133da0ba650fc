/** The API says of the log's entries what the package format does, and nothing else. */
import { expect, test } from "bun:test";
import type { TObject } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { LOG_FIELDS } from "../format/log/entries.ts";
import { LOG_ENTRY } from "./schemas-log.ts";

const forms = new Map(
  LOG_ENTRY.anyOf.map((form) => [String(form.properties.type.const), form as TObject] as const),
);

test("each type of entry has a form with exactly its fields", () => {
  expect(LOG_ENTRY.anyOf).toHaveLength(forms.size);
  const documented = [...forms].map(([type, { properties }]) => [type, Object.keys(properties).sort()]);
  const written = Object.entries(LOG_FIELDS).map(([type, fields]) => [
    type,
    ["type", ...Object.keys(fields)].sort(),
  ]);
  expect(documented.sort()).toEqual(written.sort());
});

test("the forms take every word that an entry may say, and no other", () => {
  for (const [type, fields] of Object.entries(LOG_FIELDS))
    for (const [name, { expected, allows }] of Object.entries(fields)) {
      const form = forms.get(type)?.properties[name];
      const words = expected.split(", ").filter((word) => /^[a-z-]+$/.test(word) && allows(word));
      if (form === undefined || words.length === 0) continue;
      const taken = [...words, "no-word-of-it"].filter((word) => Value.Check(form, word));
      expect([type, name, taken]).toEqual([type, name, words]);
    }
});
