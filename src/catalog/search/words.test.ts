import { expect, test } from "bun:test";
import fc from "fast-check";
import { asOneWord, foldText, wordsAsked, wordsOf } from "./words.ts";

test.each([
  ["Budget Planner", ["budget", "planner"]],
  ["org.example.to-do_list2", ["org", "example", "to", "do", "list2"]],
  ["Größe, Čeština & Ærø", ["grosse", "cestina", "aero"]],
  ["ＦＵＬＬ ﬁne", ["full", "fine"]],
  ["مُذَكِّرَة أحمد", ["مذكره", "احمد"]],
  ["ٱلإِسْلام ٣٤ کتابی مصطفى", ["الاسلام", "34", "كتابي", "مصطفي"]],
  ["天気予報 app", ["天気", "気予", "予報", "報", "app"]],
  ["…!?", []],
  ["", []],
])("the words of %p", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test.each([
  ["天気", ["天気"]],
  ["天", ["天"]],
  ["to to do", ["to", "do"]],
  ["a b c d e f g h i j", ["a", "b", "c", "d", "e", "f", "g", "h"]],
  ['"name" : (NEAR OR *) ^', ["name", "near", "or"]],
])("the words asked for by %p", (question, words) => {
  expect(wordsAsked(question)).toEqual(words);
});

test("a name as one word does not depend on spaces, case and hyphens", () => {
  expect(new Set(["To-do List", "todo list", "TODOLIST", "to do  list"].map(asOneWord))).toEqual(
    new Set(["todolist"]),
  );
});

test("whatever the text, its words are letters and digits in their one spelling, and not too many", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (text) => {
      const words = wordsOf(text);
      expect(words.length).toBeLessThanOrEqual(2000);
      for (const word of words) {
        expect(word).toMatch(/^[\p{L}\p{N}]{1,40}$/u);
        expect(foldText(word)).toBe(word);
      }
      expect(wordsAsked(text).length).toBeLessThanOrEqual(8);
    }),
    { numRuns: 200 },
  );
});
