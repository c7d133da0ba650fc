import { expect, test } from "bun:test";
import { problemOfSync } from "../../testing/problems.ts";
import { localTextsIn, refusedLocalForm } from "./local-form.ts";

const TYPED = [
  ["names/en", "Tools"],
  ["names/de", "Werkzeuge"],
  ["names/fr", ""],
  ["names/new", "Geräte"],
] as const;
const withTag = (tag: string) => [...TYPED, ["tag/new", tag] as const];

test("another language adds to the texts, or fills in one that is empty", () => {
  const there = { en: "Tools", de: "Werkzeuge" };
  expect(localTextsIn(withTag("da"), "names")).toEqual({ ...there, da: "Geräte" });
  expect(localTextsIn(withTag(" fr "), "names")).toEqual({ ...there, fr: "Geräte" });
  expect(
    localTextsIn([...TYPED.slice(0, 3), ["names/new", "Werkzeuge"], ["tag/new", "de"]], "names"),
  ).toEqual(there);
});

test("it takes no other text's place: that is said beside its tag, and both stay as they were typed", () => {
  const form = withTag("de");
  const problem = problemOfSync(() => localTextsIn(form, "names"));
  expect(problem.code).toBe("language.repeated");
  const again = refusedLocalForm(form, problem, ["names"], () => ["tag/new"]);
  expect([again.status, again.errors.map(({ field }) => field), again.form?.values]).toEqual([
    422,
    ["tag/new"],
    Object.fromEntries(form),
  ]);
});
