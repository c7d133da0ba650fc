/** The development pages of components: each component is on one of them, and each state that a component can be in. */
import { beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeHtml, Html } from "@kitajs/html";
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

/** What a type of the components has in it, by its name. */
const TYPES = new Map(
  textsIn("components", /\.tsx$/).flatMap((text) =>
    [...text.matchAll(/^(?:export )?type (\w+)(?:<\w+>)? = ([\s\S]*?);\n(?=\S|\n)/gm)].map(
      ([, name = "", given = ""]) => [name, given] as const,
    ),
  ),
);

/** Components with what they are given, as their sources say it, and the types that it names. */
const COMPONENTS = textsIn("components", /\.tsx$/).flatMap((text) =>
  [...text.matchAll(/^export function ([A-Z]\w*)(?:<\w+>)?\(([\s\S]*?)\): JSX\.Element/gm)].map(
    ([, name = "", given = ""]) => ({
      name,
      given: [given, ...(given.match(/\b[A-Z]\w+/g) ?? []).map((type) => TYPES.get(type) ?? "")].join(" "),
    }),
  ),
);

type Props = Readonly<Record<string, unknown>>;
/** A component as a page of the gallery has it: what it was given, with what its `body` holds, and what became of that. */
type Shown = { readonly name: string; readonly props: Props; readonly html: string };

let shown: readonly Shown[] = [];
let pages = "";
beforeAll(async () => {
  const galleries = SAMPLES.filter(({ name }) => name.startsWith("gallery"));
  expect(galleries.length).toBeGreaterThan(4);
  const seen: Shown[] = [];
  const maker = Html as {
    createElement: (tag: unknown, given: Props | null, ...children: unknown[]) => unknown;
  };
  const create = maker.createElement;
  // Each tag of a component is made here: it is made as ever, and looked at.
  maker.createElement = (tag, given, ...children) => {
    const html = create(tag, given, ...children);
    if (typeof tag === "function" && typeof html === "string") {
      const props = given ?? {};
      seen.push({ name: tag.name, props: { ...props, ...(props.body as Props | undefined) }, html });
    }
    return html;
  };
  try {
    const rendered = galleries.map(({ render, path, viewer }) => render(testContext({ path, viewer })));
    pages = (await Promise.all(rendered)).join("\n");
  } finally {
    maker.createElement = create;
  }
  shown = seen;
});

test("each component is on a page of the gallery", () => {
  expect(COMPONENTS.length).toBeGreaterThan(100);
  const named = shownComponents();
  // A new one goes into one of views/testing/gallery*.tsx.
  expect(COMPONENTS.filter(({ name }) => !named.has(name)).map(({ name }) => name)).toEqual([]);
});

const CONTROL = /<(?:input(?![^>]*type="hidden")|select|textarea)\b/;
const wordsOf = (value: unknown): string =>
  escapeHtml(String((value as { message?: unknown }).message ?? value));

/** How a state is seen in what was rendered. */
const STATES: readonly (readonly [name: string, isShown: (given: unknown, html: string) => boolean])[] = [
  [
    "errors",
    (given, html) =>
      Array.isArray(given) &&
      given.some((error) => html.includes(wordsOf(error))) &&
      (!CONTROL.test(html) || html.includes(' aria-invalid="true"')),
  ],
  ["disabled", (given, html) => given === true && / disabled(?=[\s>])/.test(html)],
  ["problem", (given, html) => Boolean(given) && html.includes(wordsOf(given))],
];

test("what can be at fault or disabled is shown so, with its words or its attribute in the page", () => {
  const missing = STATES.flatMap(([state, isShown]) =>
    COMPONENTS.filter(({ given }) => new RegExp(`\\b${state}\\??: (?!number)`).test(given))
      .filter(
        (one) => !shown.some(({ name, props, html }) => name === one.name && isShown(props[state], html)),
      )
      .map(({ name }) => `${name} with ${state}`),
  );
  expect(missing).toEqual([]);
});

test("the pages show what is busy, empty, of unknown progress, and words as long as they come", () => {
  for (const mark of [
    /\sclass="[^"]*\bis-busy\b/,
    /\sclass="empty\b/,
    /<progress(?![^>]*\svalue=)[^>]*>/,
    /<progress[^>]*\svalue=/,
    /\sclass="error-summary"/,
    /\saria-current="step"/,
  ])
    expect([String(mark), mark.test(pages)]).toEqual([String(mark), true]);
  expect(pages.split(LONG_TEXT).length).toBeGreaterThan(5);
});
