/** What of a refusal's words is the program's own: the rest is what the input says, and says nothing new about the parser. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCES = ["format", "signing", "catalog", "device", "keys"].map((name) =>
  join(import.meta.dirname, "../../src", name),
);
/** Shorter ones, and single words, are begun by too much of what an input says. */
const HEAD_LEAST = 5;
const HAS_WORDS = /\S .*\S/;

type Words = {
  /** How texts in the sources begin, up to where a value is put in; by their first letters. */
  readonly heads: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlySet<string>;
};

let known: Words | undefined;

function words(): Words {
  if (known !== undefined) return known;
  const heads = new Map<string, Set<string>>();
  const names = new Set<string>();
  for (const source of SOURCES.flatMap(sourcesIn)) {
    for (const [name] of source.matchAll(/[A-Za-z_]{1,24}/g)) names.add(name);
    for (const [, text = ""] of source.matchAll(/["'`]([^"'`\n]+)/g)) {
      const [head = ""] = text.split("${");
      if (head.length < HEAD_LEAST || !HAS_WORDS.test(head)) continue;
      const first = head.slice(0, HEAD_LEAST);
      heads.set(first, (heads.get(first) ?? new Set()).add(head));
    }
  }
  known = {
    names,
    heads: new Map([...heads].map(([first, all]) => [first, [...all].sort((a, b) => b.length - a.length)])),
  };
  return known;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && file.name.endsWith(".ts") && !/\btest(?:ing)?\b/.test(file.name))
    .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
}

/** How a text of the sources begins that this is; nothing when it is none. */
export function headOf(text: string): string {
  return (
    words()
      .heads.get(text.slice(0, HEAD_LEAST))
      ?.find((head) => text.startsWith(head)) ?? ""
  );
}

/** A name of the sources, such as a member's. */
export function isName(token: string): boolean {
  return words().names.has(token);
}
