/** Latin in Arabic, as a browser lays it out: by where each character stands, and not by which marks are there. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { isolatedText, runsOf } from "./bidi.ts";
import { htmlOf, subjectOf, textOf } from "./mail/form.ts";
import { openTab, startBrowser } from "./testing/browser.ts";

let browser: Awaited<ReturnType<typeof startBrowser>>;
let tab: Awaited<ReturnType<typeof openTab>>;
beforeAll(async () => {
  browser = await startBrowser();
  tab = await openTab(browser, { viewport: { width: 1200, height: 800 } });
}, 60_000);
afterAll(() => browser.close());

const NAMED = "Ada Okafor <ada@example.org>";
const SENTENCE = `جعل ${NAMED} مالكًا.`;

/** From the left to the right, the characters between the first and the last of a name as they are seen, mirrored ones by what is drawn. */
async function seen(selector: string, part: string): Promise<string> {
  return tab.page.evaluate(
    ([where, wanted]) => {
      const walker = document.createTreeWalker(
        document.querySelector(where as string) as Element,
        NodeFilter.SHOW_TEXT,
      );
      const all: { character: string; left: number; node: Node; at: number }[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
        for (let at = 0; at < (node.textContent ?? "").length; at += 1) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const { left } = range.getBoundingClientRect();
          all.push({ character: (node.textContent ?? "")[at] ?? "", left, node, at });
        }
      const text = all.map(({ character }) => character).join("");
      const plain = text.replace(/[\u2066\u2069]/g, "");
      if (!plain.includes(wanted as string)) throw new Error(`no ${wanted} in ${text}`);
      const visible = all.filter(({ character }) => !/[\u2066\u2069]/.test(character));
      const from = plain.indexOf(wanted as string);
      return visible
        .slice(from, from + (wanted as string).length)
        .sort((a, b) => a.left - b.left)
        .map(({ character }) => character)
        .join("");
    },
    [selector, part],
  );
}

test("a name with its address keeps its order in the text of a mail, in its HTML, and in its subject", async () => {
  const url = "https://apps.example.com/organisations/org-1/members";
  const letter = {
    ...{ storeName: "Mosis", language: "ar", subject: SENTENCE, text: SENTENCE, url },
    colophon: "Mosis، https://apps.example.com، كتب هذا إلى ada@example.org.",
  };
  const text = textOf(letter);
  // What somebody clicks on or copies is as it was.
  expect(text.split("\n")).toContain(url);
  expect(text).toContain("، https://apps.example.com، ");
  expect(text.replace(/[\u2066\u2069]/g, "")).toBe(`${SENTENCE}\n\n${url}\n\n-- \n${letter.colophon}\n`);
  await tab.page.setContent("<p id='raw' dir='auto'></p><p id='text' dir='auto'></p><h1 dir='auto'></h1>");
  await tab.page.evaluate(
    ([raw, paragraph, subject]) => {
      for (const [selector, content] of [
        ["#raw", raw],
        ["#text", paragraph],
        ["h1", subject],
      ] as const)
        (document.querySelector(selector) as Element).textContent = content ?? "";
    },
    [SENTENCE, text.split("\n\n")[0], subjectOf(letter)],
  );
  expect(await seen("#raw", NAMED)).not.toBe(NAMED);
  expect([await seen("#text", NAMED), await seen("h1", NAMED)]).toEqual([NAMED, NAMED]);
  await tab.page.setContent(htmlOf(letter));
  expect([await seen("h1", NAMED), await seen("h1 + p", NAMED)]).toEqual([NAMED, NAMED]);
});

test.each(["Café Störe", "2nd build key", "007@example.com", "Łódź 3"])(
  "%s keeps its order where it stands alone in a sentence",
  async (name) => {
    await tab.page.setContent("<p id='text' dir='auto'></p>");
    const text = isolatedText(`في ${name}، كل يوم`, "ar");
    await tab.page.evaluate((content) => {
      (document.querySelector("#text") as Element).textContent = content;
    }, text);
    expect(await seen("#text", name)).toBe(name);
  },
);

test.each<[text: string, latin: readonly string[]]>([
  [SENTENCE, [NAMED]],
  ["آدا <ada@example.org> دعتك", ["<ada@example.org>"]],
  ["تطبيق (شركة Acme) هنا", ["Acme"]],
  ["تطبيق Acme (Test) هنا", ["Acme (Test)"]],
  ["مفتاح {0} <b> في", ["b"]],
  ["org.example.app، org.example.other من", ["org.example.app", "org.example.other"]],
  ["لا شيء", []],
  ["متجر Café Störe، هنا", ["Café Störe"]],
  ["متجر Cafe\u0301 هنا", ["Cafe\u0301"]],
  ["من Łódź 3 هنا", ["Łódź 3"]],
  ["مفتاح 2nd build key هنا", ["2nd build key"]],
  ["إلى 007@example.com.", ["007@example.com"]],
  ["بعد 24 ساعة من 5", []],
  ["تطبيق Заметки و Σημειώσεις", ["Заметки", "Σημειώσεις"]],
])("in %s stands of its own: %p", (text, latin) => {
  const runs = runsOf(text, "ar");
  expect(runs.map((run) => run.text).join("")).toBe(text);
  expect(runs.filter((run) => run.isLatin).map((run) => run.text)).toEqual([...latin]);
  expect(isolatedText(text, "ar").replace(/[\u2066\u2069]/g, "")).toBe(text);
});

test("what is in another language, or has nothing from right to left in it, stays as it is", () => {
  for (const [text, language] of [
    [NAMED, "ar"],
    [SENTENCE, "en"],
    [SENTENCE, "de"],
    ["", "ar"],
  ] as const) {
    expect(isolatedText(text, language)).toBe(text);
    expect(runsOf(text, language)).toEqual([{ text, isLatin: false }]);
  }
});
