/**
 * Markdown to HTML that is safe to put into a page as it is. Pure.
 *
 * A page's first line is `# Title`; the paragraph after it is its lead. Links to other pages name their files
 * (`reference/errors.md#app.busy`), so that they work in a checkout too, and become addresses below /docs here.
 */
import { posix } from "node:path";
import hljs from "highlight.js/lib/common";
import MarkdownIt, { type Env, type Token } from "markdown-it";
import sanitizeHtml from "sanitize-html";

export type Heading = { readonly id: string; readonly title: string; readonly level: number };

export type RenderedPage = {
  readonly title: string;
  /** The first paragraph as plain text, when it stands before any other heading. */
  readonly lead: string | null;
  /** Without the title and the lead. */
  readonly safeHtml: string;
  /** Headings below the title, with the anchors that links use. */
  readonly headings: readonly Heading[];
  /** The page cut at its headings, for the search. */
  readonly sections: readonly Section[];
};

/** What stands below one heading; `heading` is null for what stands before the first. */
export type Section = { readonly heading: Heading | null; readonly text: string };

/** Where a page of that path is served: `""` is `/docs`. */
export function docsHref(path: string): string {
  return path === "" ? "/docs" : `/docs/${path}`;
}

/** The page that a file below assets/docs/ holds: `index.md` of a folder is the folder itself. */
export function pathOfFile(file: string): string {
  return file.replace(/\.md$/, "").replace(/(^|\/)index$/, "");
}

/**
 * The anchor of a heading. One that is a single code span keeps the code as it is, since links name codes
 * (`errors#app.busy`, `errors#MPK-C001`); any other is its words in lower case, joined by hyphens.
 */
export function headingId(inline: string): string {
  const code = /^`([^`]+)`$/.exec(inline.trim())?.[1];
  if (code !== undefined && /^[A-Za-z0-9._-]+$/.test(code)) return code;
  return inline
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
}

/** Turns a link as written in `file` (below assets/docs/) into the address of the page that it means. */
function resolveLink(href: string, file: string): string {
  if (/^[a-z][a-z0-9+.-]*:|^\/|^#/i.test(href)) return href;
  const [target = "", fragment] = href.split("#", 2);
  const resolved = posix.join(posix.dirname(file), target);
  const address = resolved.endsWith(".md") ? docsHref(pathOfFile(resolved)) : docsHref(resolved);
  return fragment === undefined ? address : `${address}#${fragment}`;
}

const highlighted = (code: string, language: string): string => {
  const known = hljs.getLanguage(language) ? language : "plaintext";
  return hljs.highlight(code, { language: known }).value;
};

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, highlight: highlighted });

// A style attribute would be refused by the content security policy: alignment is a class.
for (const rule of ["th_open", "td_open"] as const) {
  markdown.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const align = /text-align:\s*(\w+)/.exec(String(token?.attrGet("style") ?? ""))?.[1];
    if (token && align !== undefined) token.attrs = [["class", `align-${align}`]];
    return self.renderToken(tokens, index, options);
  };
}

/** Of every picture, as `.ci/screenshots.ts` takes them: told beforehand, so that nothing moves when one comes. */
export const DOC_PICTURE_PX = { width: 1280, height: 800 } as const;

markdown.renderer.rules.image = (tokens, index, options, env, self) => {
  const token = tokens[index];
  if (!token) return "";
  token.attrSet("alt", self.renderInlineAsText(token.children ?? [], options, env));
  token.attrSet("width", String(DOC_PICTURE_PX.width));
  token.attrSet("height", String(DOC_PICTURE_PX.height));
  token.attrSet("loading", "lazy");
  return self.renderToken(tokens, index, options);
};

const SAFE: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["h2", "h3", "h4", "p", "a", "ul", "ol", "li", "pre", "code", "span", "em", "strong", "s", "hr", "br"],
    "img",
    ...["blockquote", "table", "thead", "tbody", "tr", "th", "td"],
  ],
  allowedAttributes: {
    a: ["href", "rel"],
    img: ["src", "alt", "width", "height", "loading"],
    code: ["class"],
    span: ["class"],
    th: ["class"],
    td: ["class"],
    ol: ["start"],
    pre: ["tabindex"],
    table: ["tabindex"],
    ...Object.fromEntries(["h2", "h3", "h4"].map((tag) => [tag, ["id"]])),
  },
  allowedSchemes: ["https", "http", "mailto"],
  // What may scroll sideways must be reachable by keyboard.
  transformTags: {
    pre: (tagName, attribs) => ({ tagName, attribs: { ...attribs, tabindex: "0" } }),
    table: (tagName, attribs) => ({ tagName, attribs: { ...attribs, tabindex: "0" } }),
  },
};

/** @throws Error for a page without a title: the docs are our own files, and a test reads them all */
export function renderPage(source: string, file: string): RenderedPage {
  const env: Env = {};
  const tokens = markdown.parse(source, env);
  const [open, inline, close] = tokens;
  if (open?.type !== "heading_open" || open.tag !== "h1" || !inline || close?.type !== "heading_close")
    throw new Error(`${file} does not begin with "# " and a title`);
  const isLead = tokens[3]?.type === "paragraph_open" && tokens[4]?.type === "inline";
  const body = tokens.slice(isLead ? 6 : 3);
  const headings = markHeadings(body);
  for (const token of body) rewriteLinks(token, file);
  return {
    title: plainText(inline),
    lead: isLead && tokens[4] ? plainText(tokens[4]) : null,
    safeHtml: sanitizeHtml(markdown.renderer.render(body, markdown.options, env), SAFE),
    headings,
    sections: sectionsOf(isLead && tokens[4] ? [tokens[4], ...body] : body, headings),
  };
}

function sectionsOf(tokens: readonly Token[], headings: readonly Heading[]): Section[] {
  const sections: { heading: Heading | null; words: string[] }[] = [{ heading: null, words: [] }];
  let next = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.type === "heading_open") sections.push({ heading: headings[next++] ?? null, words: [] });
    if (tokens[index - 1]?.type === "heading_open") continue;
    const words = plainText(token);
    if (words !== "") sections.at(-1)?.words.push(words);
  }
  return sections.map(({ heading, words }) => ({ heading, text: words.join(" ") }));
}

function markHeadings(tokens: readonly Token[]): Heading[] {
  const headings: Heading[] = [];
  const taken = new Map<string, number>();
  for (const [index, token] of tokens.entries()) {
    const content = tokens[index + 1];
    if (token.type !== "heading_open" || !content) continue;
    const base = headingId(content.content);
    const before = taken.get(base) ?? 0;
    taken.set(base, before + 1);
    const id = before === 0 ? base : `${base}-${before}`;
    token.attrSet("id", id);
    headings.push({ id, title: plainText(content), level: Number(token.tag.slice(1)) });
  }
  return headings;
}

function rewriteLinks(token: Token, file: string): void {
  for (const child of token.children ?? []) {
    const href = child.type === "link_open" ? child.attrGet("href") : null;
    if (href !== null) child.attrSet("href", resolveLink(String(href), file));
    const src = child.type === "image" ? child.attrGet("src") : null;
    if (src !== null) child.attrSet("src", resolveLink(String(src), file));
  }
}

function plainText(token: Token): string {
  if (token.type === "fence" || token.type === "code_block") return token.content;
  if (token.type !== "inline") return "";
  return (token.children ?? [])
    .map((child) => (child.type === "softbreak" || child.type === "hardbreak" ? " " : child.content))
    .join("");
}
