/** What pages say in another language is said in that: each sample in Arabic, whose letters are nobody else's. */
import { expect, test } from "bun:test";
import { Glob } from "bun";
import ar from "../assets/locales/ar.json";
import sentences from "../assets/locales/sentences/ar.json";
import { testContext, translator } from "./testing/context.ts";
import { SAMPLES } from "./testing/samples.ts";

const TESTING = `${import.meta.dirname}/testing`;

/** Names and identifiers that come from neither a sample nor a catalogue, each with why it is there. */
const NAMES: ReadonlySet<string> = new Set([
  // The language itself, by its own name, in the list of languages.
  "Deutsch",
  "English",
  // Symbols of units (IEC 80000-13), which are the same in every language.
  "KiB",
  "MiB",
  "GiB",
  "TiB",
  "PiB",
]);

/** Of code, of what is written in another language and says so, and of what only programs read. */
const OTHERS = "code,pre,kbd,samp,script,style,svg,textarea,noscript,.mono,[lang]:not(html):not([lang|=ar])";

const LATIN_RUN =
  /\p{Script=Latin}[\p{Script=Latin}\p{M}\p{N}_'’@/:.+#=,-]*(?: [\p{Script=Latin}\p{M}\p{N}_'’@/:.+#=,(-]+)*/gu;
const LATIN_WORD = /\p{Script=Latin}[\p{Script=Latin}\p{M}'’]*/gu;

/** What a sample repeats to be as long as may be. */
const REPEATED = /(.{1,30})\1\1/u;

/** Of a message the names of its values, and of their forms, which nobody reads. */
const VALUES = /\{\w+(?:, \w+,)?|[\w-]+ \{/g;

const wordsIn = (text: string): string[] => [...text.matchAll(LATIN_WORD)].map(([word]) => word);

/** Each text of a page, by itself. */
async function textsOf(html: string): Promise<string[]> {
  const texts: string[] = [];
  let others = 0;
  let text = "";
  await new HTMLRewriter()
    .on(OTHERS, {
      element: (element) => {
        if (!element.canHaveContent) return;
        others += 1;
        element.onEndTag(() => {
          others -= 1;
        });
      },
    })
    .onDocument({
      text: (chunk) => {
        text += chunk.text;
        if (!chunk.lastInTextNode) return;
        if (others === 0) texts.push(unescaped(text));
        text = "";
      },
    })
    .transform(new Response(html))
    .text();
  return texts;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  "#x27": "'",
  "#39": "'",
};
const unescaped = (text: string) =>
  text.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);

/** What the samples are made of: whatever a page shows of that is data. */
async function literals(): Promise<string> {
  const files = [...new Glob("*.{ts,tsx}").scanSync(TESTING)];
  return (await Promise.all(files.map((file) => Bun.file(`${TESTING}/${file}`).text()))).join("\n");
}

test("no page in Arabic has a word of English that is neither a sample's nor left so by who translated", async () => {
  const data = await literals();
  const messages = [...Object.values(ar), ...Object.values(sentences)];
  const left = new Set(messages.flatMap((message) => wordsIn(message.replaceAll(VALUES, " "))));
  const isData = (words: string) => data.includes(words);
  const found = new Map<string, string>();
  for (const { name, path, viewer, flash, render } of SAMPLES) {
    // Nobody but who works on the program sees it.
    if (name.startsWith("gallery")) continue;
    const context = { path, viewer, flash: flash ?? null, locale: "ar", dir: "rtl" } as const;
    const html = await render(testContext({ ...context, t: translator("ar") }));
    for (const text of await textsOf(html))
      for (const [run] of text.matchAll(LATIN_RUN)) {
        if (isData(run) || NAMES.has(run) || REPEATED.test(run)) continue;
        const strange = wordsIn(run).filter((word) => !left.has(word) && !isData(word));
        if (strange.length > 0) found.set(strange.join(" "), `${name}: ${run.slice(0, 120)}`);
      }
  }
  expect(Object.fromEntries(found)).toEqual({});
});
