/**
 * Markdown that developers write, as markup: no markup of their own, no pictures, links to https alone and told to search engines as
 * somebody else's.
 */
import MarkdownIt from "markdown-it";
import sanitizeHtml from "sanitize-html";
import type { NotesIn } from "../../../views/components/notes.tsx";
import type { ReleaseNotes } from "../../catalog/release-notes/translations.ts";
import { rememberLast } from "./recent.ts";

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: false });
markdown.disable(["image"]);

/** A text has its place below headings of the page: its own begin at the third level. */
const HEADINGS = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6" } as const;

const SAFE: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["h3", "h4", "h5", "h6", "p", "a", "ul", "ol", "li", "pre", "code", "em", "strong", "s", "hr", "br"],
    ...["blockquote", "table", "thead", "tbody", "tr", "th", "td"],
  ],
  allowedAttributes: { a: ["href", "rel"], ol: ["start"], pre: ["tabindex"], table: ["tabindex"] },
  allowedSchemes: ["https"],
  allowProtocolRelative: false,
  transformTags: {
    ...Object.fromEntries(
      Object.entries(HEADINGS).map(([from, to]) => [from, sanitizeHtml.simpleTransform(to, {})]),
    ),
    a: (tagName, { href = "" }) => ({
      tagName,
      // An address of this store would be one that the text has no business with: the whole address or none.
      attribs: /^https:\/\//i.test(href) ? { href, rel: "nofollow noopener noreferrer ugc" } : {},
    }),
    pre: (tagName) => ({ tagName, attribs: { tabindex: "0" } }),
    table: (tagName) => ({ tagName, attribs: { tabindex: "0" } }),
  },
};

/** Notes were plain text before they were Markdown, and are written line by line: an end of a line stays one. */
const inLines = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: true });
inLines.disable(["image"]);

/** The release notes of a version, likewise. */
export function notesHtml(text: string): string {
  return text === "" ? "" : sanitizeHtml(inLines.render(text), SAFE).trim();
}

/** What is new in one language, as its card shows it; null where nothing is said. */
export function notesIn(text: string, language: string | null): NotesIn | null {
  const html = notesHtml(text);
  return html === "" ? null : { language, html };
}

/** In each language that has some, the app's own first. */
export function notesInAll(said: ReleaseNotes, own: string | null): readonly NotesIn[] {
  const others = Object.entries(said.translatedNotes).map(([tag, text]) => notesIn(text, tag));
  return [notesIn(said.notes, own), ...others].filter((one) => one !== null);
}

/** Each view of an app's page has the same text: the last ones are kept, of 10,000 characters at most each. */
const rendered = rememberLast(128, (text) => sanitizeHtml(markdown.render(text), SAFE).trim());

/** Markup for a page; "" for no text. */
export function markdownHtml(text: string): string {
  return text === "" ? "" : rendered(text);
}
