import { expect, test } from "bun:test";
import { searchDocs } from "./search.ts";

const FOUND: readonly (readonly [query: string, href: string])[] = [
  ["app.busy", "/docs/errors#app.busy"],
  ["MPK-C012", "/docs/errors#MPK-C012"],
  ["mosis submit", "/docs/reference/commands#mosis-submit"],
  ["backup", "/docs/guides/administrator#backup"],
  ["rollout", "/docs/reference/catalogue#rollout"],
  // A slip in a long word.
  ["certifcates", "/docs/reference/package-format#certificates"],
];

test.each(FOUND)("%s is found", (query, href) => {
  expect(searchDocs(query).map((hit) => hit.href)).toContain(href);
});

const ASKED: readonly (readonly [question: string, first: string])[] = [
  ["how can I restore a backup", "/docs/guides/administrator#backup"],
  ["What is a channel?", "/docs/concepts#device-channel-rollout"],
];

test.each(ASKED)("%s: the words that say nothing are left out", (question, first) => {
  expect(searchDocs(question)[0]?.href).toBe(first);
});

test("what no section has every word of is found by any of them", () => {
  const hits = searchDocs("how do I rotate keys");
  expect(hits.length).toBeGreaterThan(3);
  for (const hit of hits.slice(0, 5)) expect(`${hit.title} ${hit.excerpt}`).toMatch(/key/i);
});

test("who has every word comes before who has one", () => {
  const both = searchDocs("backup restore").map(({ href }) => href);
  expect(both.indexOf("/docs/guides/administrator#backup")).toBe(0);
  expect(searchDocs("backup zzzzqqqq").map(({ href }) => href)).toContain(
    "/docs/guides/administrator#backup",
  );
});

test("a code is found before everything that mentions it", () => {
  expect(searchDocs("app.id_taken")[0]).toEqual({
    title: "Errors: app.id_taken",
    href: "/docs/errors#app.id_taken",
    excerpt: expect.stringContaining("is not available"),
  });
});

test.each(["", "   ", "how do I", "the", "zzzzqqqq", "…", "*", "<marquee>", "\u0000", "a".repeat(100)])(
  "%j finds nothing and breaks nothing",
  (query) => {
    expect(searchDocs(query)).toEqual([]);
  },
);

test("there are at most twenty hits, with excerpts of a line", () => {
  const hits = searchDocs("the store");
  expect(hits.length).toBeGreaterThan(5);
  expect(hits.length).toBeLessThanOrEqual(20);
  for (const hit of hits) {
    expect(hit.excerpt.length).toBeLessThanOrEqual(170);
    expect(hit.excerpt).not.toContain("\n");
  }
});
