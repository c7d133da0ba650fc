/** The documentation over HTTP: every page, its tag, its Markdown, the search, and what is not there. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { docPages } from "../../docs/pages.ts";
import { docsHref } from "../../docs/render.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { startServer } from "../server.ts";

let store: TestStore;
let server: ReturnType<typeof startServer>;
beforeAll(async () => {
  store = await openTestStore();
  server = startServer(store, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.stop(1000);
  store.close();
});

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(server.url + path, { headers, method, redirect: "manual" });

describe("each page", () => {
  test.each(docPages().map((page) => [docsHref(page.path), page] as const))("%s", async (href, page) => {
    const response = await get(href);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    const markup = await response.text();
    expect(markup).toContain(`<a class="nav-item" href="${href}" aria-current="page">`);
    const etag = response.headers.get("etag") ?? "";
    const again = await get(href, { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    // As of the page itself: a cache in between chooses by it (RFC 9110 §15.4.5).
    expect(again.headers.get("vary")).toBe(response.headers.get("vary"));
    expect(again.headers.get("vary")).toContain("Accept-Encoding");

    const markdown = await get(`/docs/${page.file}`);
    expect(markdown.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    expect(await markdown.text()).toBe(page.markdown);
    const tag = markdown.headers.get("etag") ?? "";
    expect((await get(`/docs/${page.file}`, { "if-none-match": tag })).status).toBe(304);
  });
});

test("pictures of pages, with room left for them, and not sent twice", async () => {
  const markup = await (await get("/docs/guides/set-up")).text();
  const [img = "", src = ""] = /<img src="([^"]+)"[^>]*>/.exec(markup) ?? [];
  expect(src).toBe("/docs/pictures/set-up.webp");
  expect(img).toMatch(/alt="[^"]{30,}" width="1280" height="800" loading="lazy"/);
  const picture = await get(src);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
  expect(new TextDecoder().decode((await picture.bytes()).subarray(8, 12))).toBe("WEBP");
  const tag = picture.headers.get("etag") ?? "";
  expect((await get(src, { "if-none-match": tag })).status).toBe(304);
});

test("the tag follows what the page shows", async () => {
  const tag = (await get("/docs")).headers.get("etag") ?? "";
  const dark = await get("/docs", { "if-none-match": tag, cookie: "mosis_theme=dark" });
  expect(dark.status).toBe(200);
  expect(await dark.text()).toContain('data-theme="dark"');
});

test.each([
  "/docs/none",
  "/docs/reference",
  "/docs/errors/",
  "/docs/..%2fconfig",
  "/docs/none.md",
  "/docs/pictures/none.webp",
  "/docs/%00",
])("%s is answered with the page for what is not there", async (path) => {
  const response = await get(path);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(await response.text()).toContain("<h1");
});

test("HEAD has the headers of GET", async () => {
  const [head, whole] = [await get("/docs/errors", {}, "HEAD"), await get("/docs/errors")];
  expect(head.status).toBe(200);
  expect(head.headers.get("content-length")).toBe(whole.headers.get("content-length"));
  expect(head.headers.get("etag")).toBe(whole.headers.get("etag"));
});

describe("the search", () => {
  test("works as a plain form does it", async () => {
    const form = await (await get("/docs")).text();
    expect(form).toContain(
      '<form novalidate class="search" method="get" action="/docs/search" role="search" aria-label="Search the docs">',
    );
    const markup = await (await get("/docs/search?q=app.busy")).text();
    expect(markup).toContain('href="/docs/errors#app.busy"');
    expect(markup).toContain('value="app.busy"');
  });

  test("says when nothing matches", async () => {
    const response = await get("/docs/search?q=zzzzqqqq");
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Nothing matches");
  });

  test.each(["/docs/search", "/docs/search?q=", "/docs/search?q=%20"])(
    "%s is the start page",
    async (path) => {
      expect(await (await get(path)).text()).toContain("<h1");
    },
  );

  test("shows what was asked for as text", async () => {
    const markup = await (
      await get(`/docs/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`)
    ).text();
    const inline: string[] = [];
    await new HTMLRewriter()
      .on("script:not([src])", { element: (element) => void inline.push(element.tagName) })
      .transform(new Response(markup))
      .text();
    expect(inline).toEqual([]);
  });

  test("cuts what is too long", async () => {
    expect((await get(`/docs/search?q=${"a".repeat(5000)}`)).status).toBe(200);
  });
});
