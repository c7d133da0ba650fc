/** The development pages of components: each component is on one of them, and each state that a component can be in. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testContext } from "./testing/context.ts";
import { LONG_TEXT } from "./testing/data.ts";
import { SAMPLES } from "./testing/samples.ts";

const textsIn = (folder: string, pattern: RegExp): readonly string[] =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((file) => pattern.test(file))
    .map((file) => readFileSync(join(import.meta.dirname, folder, file), "utf8"));

/** A tag from its name to its end: what stands in braces, and in quotes, is passed over. */
function attributesFrom(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (character === ">" && depth === 0) return text.slice(start, at);
  }
  return text.slice(start);
}

/** The tags of components in a source, with all that stands in them. */
const tagsIn = (text: string) =>
  [...text.matchAll(/<([A-Z]\w*)\b/g)].map(({ 0: tag, 1: name = "", index }) => ({
    name,
    attributes: attributesFrom(text, index + tag.length),
  }));

const TAGS = textsIn("testing", /^gallery.*\.tsx$/).flatMap(tagsIn);

/** What each function of the components and of the shell, which is around every page, is made of. */
const PARTS = new Map(
  [...textsIn("components", /\.tsx$/), ...textsIn("layout", /\.tsx$/)].flatMap((text) =>
    text.split(/^(?=(?:export )?function )/m).map((part) => {
      const name = /^(?:export )?function (\w+)/.exec(part)?.[1] ?? "";
      return [name, tagsIn(part).map((tag) => tag.name)] as const;
    }),
  ),
);

/** Those that the galleries name, and those that these are made of. */
function shownComponents(): ReadonlySet<string> {
  const shown = new Set<string>();
  const open = TAGS.map(({ name }) => name);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (shown.has(name)) continue;
    shown.add(name);
    open.push(...(PARTS.get(name) ?? []));
  }
  return shown;
}

/** Components with what they are given, as their sources say it. */
const COMPONENTS = textsIn("components", /\.tsx$/).flatMap((text) =>
  [...text.matchAll(/^export function ([A-Z]\w*)(?:<\w+>)?\(([\s\S]*?)\): JSX\.Element/gm)].map(
    ([, name = "", given = ""]) => ({
      name,
      // What the fields of a form share is a type of its own.
      given: /\bBase\b/.test(given) ? `${given} errors?:` : given,
    }),
  ),
);

test("each component is on a page of the gallery", () => {
  expect(COMPONENTS.length).toBeGreaterThan(100);
  const shown = shownComponents();
  // A new one goes into one of views/testing/gallery*.tsx.
  expect(COMPONENTS.filter(({ name }) => !shown.has(name)).map(({ name }) => name)).toEqual([]);
});

test("what can be at fault, disabled or at work is shown so", () => {
  const missing = ["errors", "disabled", "problem"].flatMap((state) =>
    COMPONENTS.filter(({ given }) => new RegExp(`\\b${state}\\??:`).test(given))
      .filter(
        ({ name }) =>
          !TAGS.some((tag) => tag.name === name && new RegExp(`\\b${state}\\b`).test(tag.attributes)),
      )
      .map(({ name }) => `${name} with ${state}`),
  );
  expect(missing).toEqual([]);
});

test("the pages show each state: at fault, disabled, busy, empty, unknown progress, and words as long as they come", async () => {
  const galleries = SAMPLES.filter(({ name }) => name.startsWith("gallery"));
  expect(galleries.length).toBeGreaterThan(4);
  const html = (
    await Promise.all(
      galleries.map((sample) => sample.render(testContext({ path: sample.path, viewer: sample.viewer }))),
    )
  ).join("\n");
  for (const mark of [
    ' aria-invalid="true"',
    " disabled",
    "is-busy",
    'class="empty',
    "<progress",
    'class="error-summary"',
    'aria-current="step"',
  ])
    expect([mark, html.includes(mark)]).toEqual([mark, true]);
  expect(html.split(LONG_TEXT).length).toBeGreaterThan(5);
});
