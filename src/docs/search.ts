/** Searching the documentation. The index is made at the first search, of every section of every page. */
import MiniSearch from "minisearch";
import { docPages, renderedDocPage } from "./pages.ts";
import { docsHref } from "./render.ts";

export type DocHit = {
  /** Of the page, and of the section where there is one. */
  readonly title: string;
  readonly href: string;
  /** The words around the first that was found. */
  readonly excerpt: string;
};

type Entry = {
  readonly id: number;
  readonly title: string;
  readonly page: string;
  readonly text: string;
  readonly href: string;
};

/** What a question is made of beside what it asks for: found everywhere, these would say nothing. */
const STOP_WORDS = new Set(
  (
    "a about an and any are as at be but by can could did do does for from get had has have how i if in into is it its " +
    "me my no not of on or our should so that the their them there they this to was we what when where which who why " +
    "will with would you your"
  ).split(" "),
);

const MOST_HITS = 20;
const EXCERPT_CHARACTERS = 160;
/** How much of an excerpt stands before the word that was found. */
const LEAD_IN = 50;

let made: { readonly index: MiniSearch<Entry>; readonly entries: readonly Entry[] } | undefined;

function index() {
  if (made) return made;
  const entries = docPages().flatMap((page) =>
    renderedDocPage(page).sections.map(({ heading, text }) => ({
      title: heading === null ? page.title : heading.title,
      page: page.title,
      text,
      href: heading === null ? docsHref(page.path) : `${docsHref(page.path)}#${heading.id}`,
    })),
  );
  const numbered = entries.map((entry, id) => ({ id, ...entry }));
  const search = new MiniSearch<Entry>({
    fields: ["title", "page", "text"],
    searchOptions: {
      boost: { title: 4, page: 2 },
      processTerm: (term) => (STOP_WORDS.has(term.toLowerCase()) ? null : term.toLowerCase()),
      // The beginning of a short word is that of everything.
      prefix: (term) => term.length > 2,
      // A slip in a long word is forgiven; in a short one it would find everything.
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  search.addAll(numbered);
  made = { index: search, entries: numbered };
  return made;
}

/**
 * Sections that have every word of the query, the best first, and after them those that have any of them; none for an
 * empty query.
 */
export function searchDocs(query: string): DocHit[] {
  const { index: search, entries } = index();
  const every = search.search(query, { combineWith: "AND" });
  const found = new Set(every.map(({ id }) => id));
  const any = every.length < MOST_HITS ? search.search(query, { combineWith: "OR" }) : [];
  return [...every, ...any.filter(({ id }) => !found.has(id))].slice(0, MOST_HITS).flatMap((result) => {
    const entry = entries[Number(result.id)];
    if (!entry) return [];
    const { title, page, href, text } = entry;
    return [
      { title: title === page ? page : `${page}: ${title}`, href, excerpt: excerptOf(text, result.terms) },
    ];
  });
}

function excerptOf(text: string, terms: readonly string[]): string {
  const words = text.replaceAll(/\s+/g, " ").trim();
  const lower = words.toLowerCase();
  const places = terms.map((term) => lower.indexOf(term)).filter((place) => place >= 0);
  const found = places.length === 0 ? 0 : Math.min(...places);
  const start = found <= LEAD_IN ? 0 : words.indexOf(" ", found - LEAD_IN) + 1;
  const end = start + EXCERPT_CHARACTERS;
  const cut = words.slice(start, end).replace(/[\uD800-\uDBFF]$/, "");
  return `${start > 0 ? "… " : ""}${cut}${words.length > end ? " …" : ""}`;
}
