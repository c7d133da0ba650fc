/** `/docs`: the documentation, its search, and each page as Markdown. */
import { createHash } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { type DocsProps, docsPage } from "../../../views/pages/docs.tsx";
import { assetBytes, assetHash, hasAsset } from "../../assets.ts";
import type { DocPage } from "../../docs/pages.ts";
import type { Heading } from "../../docs/render.ts";
import { inFewerBytes, variesByCoding } from "../compressed.ts";
import { matchesEtag } from "../reply.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "../route.ts";
import { show } from "./page.ts";

/** The renderers take longer to load than the rest of a start: the first reader of the docs waits for them. */
async function loadDocs() {
  const [pages, { docsHref }] = await Promise.all([
    import("../../docs/pages.ts"),
    import("../../docs/render.ts"),
  ]);
  return { ...pages, docsHref };
}
type Docs = Awaited<ReturnType<typeof loadDocs>>;

/** What is open beside results, and beside a page of the first of them. */
const FOR_A_BEGINNER: readonly string[] = ["Start", "Guides"];

/**
 * Sections with their pages, as the side of each page shows them.
 * @param read The section of the page that is read; none for results.
 */
function navigation({ docPages, docsHref }: Docs, read: string | null): DocsProps["nav"] {
  const open = read === null || read === FOR_A_BEGINNER[0] ? FOR_A_BEGINNER : [read];
  const groups = new Map<string, { title: string; href: string }[]>();
  for (const { section, menu, path } of docPages()) {
    const items = groups.get(section) ?? [];
    items.push({ title: menu, href: docsHref(path) });
    groups.set(section, items);
  }
  return [...groups].map(([title, items]) => ({ title, open: open.includes(title), items }));
}

/**
 * A page by what it says: it changes with the person and the theme as well as with the words, so its tag is a digest
 * of the markup. A page that the browser has already is not sent again.
 */
async function tagged(call: CallBase, response: Response): Promise<Response> {
  const body = await response.bytes();
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`;
  response.headers.set("ETag", etag);
  // A page repeats the query of its address, for who comes back to it.
  const mayBeShorter = call.url.search === "";
  if (!matchesEtag(call.request, etag))
    return mayBeShorter ? inFewerBytes(call.request, body, response) : new Response(body, response);
  const headers = new Headers(response.headers);
  if (mayBeShorter && variesByCoding(body)) headers.append("Vary", "Accept-Encoding");
  headers.delete("Content-Length");
  headers.delete("Content-Type");
  return new Response(null, { status: 304, headers });
}

/** A page with fewer is seen at one look. */
const FEWEST_SECTIONS = 4;

/** The parts of a long page; of one that is cut into few, the parts of those too. */
function sectionsOf(headings: readonly Heading[]): readonly Heading[] {
  const parts = headings.filter(({ level }) => level === 2);
  const listed = parts.length < FEWEST_SECTIONS ? headings.filter(({ level }) => level <= 3) : parts;
  return listed.length < FEWEST_SECTIONS ? [] : listed;
}

async function showPage(call: CallBase, path: string): Promise<Response> {
  const docs = await loadDocs();
  const page = mustFind(docs, path);
  const { title, lead, safeHtml, headings } = docs.renderedDocPage(page);
  const props: DocsProps = {
    nav: navigation(docs, page.section),
    title,
    lead,
    safeHtml,
    sections: sectionsOf(headings),
    markdownHref: `/docs/${page.file}`,
    query: null,
    hits: [],
  };
  return tagged(call, await show(call, (ctx) => docsPage(ctx, props)));
}

function sendMarkdown(call: CallBase, page: DocPage): Response {
  const body = Buffer.from(page.markdown, "utf8");
  const headers = {
    ETag: `"${createHash("sha256").update(body).digest("hex")}"`,
    "Cache-Control": "public, no-cache",
  };
  if (matchesEtag(call.request, headers.ETag)) return new Response(null, { status: 304, headers });
  return new Response(body, {
    headers: {
      ...headers,
      "Content-Type": "text/markdown; charset=utf-8",
      "Content-Length": String(body.byteLength),
    },
  });
}

/** Pictures of the pages lie beside them. */
const PICTURE = /^pictures\/[a-z0-9-]+\.webp$/;

function sendPicture(call: CallBase, path: string): Response {
  const name = `docs/${path}`;
  if (!hasAsset(name)) throw nothingHere();
  const headers = { ETag: `"${assetHash(name)}"`, "Cache-Control": "public, no-cache" };
  if (matchesEtag(call.request, headers.ETag)) return new Response(null, { status: 304, headers });
  const bytes = assetBytes(name);
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { ...headers, "Content-Type": "image/webp", "Content-Length": String(bytes.byteLength) },
  });
}

/** Beyond it nobody types. */
const QUERY_LENGTH = 100;

export const docsRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: "/docs",
    access: "public",
    name: "docsStartPage",
    summary: "The documentation",
    handle: (call) => showPage(call, ""),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/docs/search",
    access: "public",
    name: "searchDocsPage",
    summary: "Search the documentation",
    query: Type.Object({ q: Type.Optional(Type.String()) }),
    handle: async (call) => {
      const query = (call.query.q ?? "").trim().slice(0, QUERY_LENGTH);
      if (query === "") return showPage(call, "");
      const [docs, { searchDocs }] = await Promise.all([loadDocs(), import("../../docs/search.ts")]);
      const hits = searchDocs(query);
      return show(call, (ctx) =>
        docsPage(ctx, {
          nav: navigation(docs, null),
          title: ctx.t("docs.title"),
          lead: null,
          safeHtml: "",
          sections: [],
          markdownHref: null,
          query,
          hits,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: "/docs/*",
    access: "public",
    name: "docsPage",
    summary:
      "A page of the documentation, with .md after its address as Markdown; and the pictures of the pages",
    params: Type.Object({ "*": Type.String({ maxLength: 100 }) }),
    handle: async (call) => {
      const path = call.params["*"];
      if (PICTURE.test(path)) return sendPicture(call, path);
      const source = (await loadDocs()).docPages().find((page) => page.file === path);
      return source ? sendMarkdown(call, source) : showPage(call, path);
    },
  }),
];

function mustFind(docs: Docs, path: string): DocPage {
  const page = docs.findDocPage(path);
  if (!page) throw nothingHere();
  return page;
}
