/**
 * A letter as text and as HTML, which say the same. The HTML is whole in itself: no picture, no script, nothing that a
 * reader's program would fetch; where a program takes its style away it is still in order. Pure.
 */

import { directionIn, isolatedText, runsOf } from "../bidi.ts";
import { directionOf } from "../languages.ts";

export type LetterParts = {
  /** Who the store is to its people. */
  readonly storeName: string;
  /** Tag of the language that it is written in. */
  readonly language: string;
  /** One line. */
  readonly subject: string;
  /** Plain text; paragraphs have an empty line between them. */
  readonly text: string;
  /** What it leads to. It stands in the text, in a paragraph of its own, or else comes after it. */
  readonly url: string;
  /** Who wrote it to whom, at its end. */
  readonly colophon: string;
};

/** Lines end with a line feed. */
export function textOf(letter: LetterParts): string {
  const { url, language } = letter;
  const inOrder = (text: string) => (text === url ? text : isolatedText(text, language));
  const paragraphs = paragraphsOf(letter).map(inOrder);
  return [...paragraphs, `-- \n${inOrder(letter.colophon)}`, ""].join("\n\n").replace(/\n\n$/, "\n");
}

/** In a header. */
export function subjectOf({ subject, language }: Pick<LetterParts, "subject" | "language">): string {
  return isolatedText(subject, language);
}

export function htmlOf(letter: LetterParts): string {
  const { language, url } = letter;
  const direction = directionOf(language);
  const whole = (tag: string, text: string) =>
    `<${tag} dir="${directionIn(text, language)}">${isolated(text, language)}`;
  const body = paragraphsOf(letter).map((paragraph) =>
    // The only link is the store's own; what people wrote stays text.
    paragraph === url
      ? `<p><a dir="ltr" rel="noreferrer" href="${escaped(url)}">${escaped(url)}</a></p>`
      : `${whole("p", paragraph).replaceAll("\n", "<br>\n")}</p>`,
  );
  return [
    "<!doctype html>",
    `<html lang="${language}" dir="${direction}">`,
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escaped(letter.subject)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    '<body class="mail">',
    // Some programs keep nothing of what stands around the body's contents.
    `<div class="sheet" role="article" aria-labelledby="subject" lang="${language}" dir="${direction}">`,
    `<p class="store"><bdi>${escaped(letter.storeName)}</bdi></p>`,
    `${whole('h1 id="subject"', letter.subject)}</h1>`,
    ...body,
    `${whole('p class="colophon"', letter.colophon)}</p>`,
    "</div>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Colours of the portal, in contrast of 7:1 and more on both grounds. */
const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px; background: #f5f5f4; color: #1c1917; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.sheet { max-width: 560px; margin: 0 auto; padding: 28px; background: #ffffff; border: 1px solid #d6d3d1; border-radius: 12px; }
.store { margin: 0 0 16px; font-size: 14px; color: #57534e; }
h1 { margin: 0 0 16px; font-size: 20px; line-height: 1.3; }
p { margin: 0 0 16px; overflow-wrap: anywhere; }
a { color: #1d4ed8; }
.colophon { margin: 24px 0 0; padding-top: 16px; border-top: 1px solid #d6d3d1; font-size: 13px; color: #57534e; }
@media (prefers-color-scheme: dark) {
  body { background: #0c0a09; color: #f5f5f4; }
  .sheet { background: #1c1917; border-color: #44403c; }
  .store, .colophon { color: #d6d3d1; }
  .colophon { border-color: #44403c; }
  a { color: #93c5fd; }
}
`;

function paragraphsOf({ text, url }: LetterParts): string[] {
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph !== "");
  return paragraphs.includes(url) ? paragraphs : [...paragraphs, url];
}

/** Escaped; in a text from right to left what is Latin keeps its own order, as the brackets around an address do. */
function isolated(text: string, language: string): string {
  return runsOf(text, language)
    .map((run) => (run.isLatin ? `<bdi dir="ltr">${escaped(run.text)}</bdi>` : escaped(run.text)))
    .join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
