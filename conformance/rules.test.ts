/**
 * Each rule of the package format names the code that its breach is reported with, and the kit's cases of that breach ask for that code.
 * Where a reader may choose between two rules, the words that decide are looked for here, so that page and kit do not drift apart.
 */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Index } from "./make/kit.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");
const index: Index = JSON.parse(read("cases.json"));
const page = read("../assets/docs/reference/package-format.md");
const codeOf = new Map(index.packages.map(({ id, code }) => [id, code]));
const LINK = /\]\(\.\.\/errors\.md#(MPK-[A-Z]\d{3})\)/g;

/** The page's text by section, without what stands before the first. */
const sections = new Map(
  page
    .split(/^## (?=\d)/m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf(".")), text] as const),
);

test("the section that a case names holds its code", () => {
  const wrong = index.packages.flatMap(({ id, code, section }) => {
    // What is JSON at all, section 2 says for all documents.
    const text = sections.get(code?.startsWith("MPK-J") ? "2" : (section.split(",")[0] ?? "")) ?? "";
    const named = [...text.matchAll(LINK)].map(([, linked]) => linked);
    return code === null || named.includes(code) ? [] : [`${id}: ${code} is not in section ${section}`];
  });
  expect(index.packages.length).toBeGreaterThan(1000);
  expect(wrong).toEqual([]);
});

/** What the page says, up to where its code stands, and cases of its breach. */
const RULES: readonly (readonly [words: string, ids: readonly string[]])[] = [
  ["`keyid` 64 lower-case hex digits", ["developer/keyid-short", "store/keyid-upper-case"]],
  ["`keyid` is the SHA-256 of the certificate's", ["developer/keyid-other"]],
  ["each value of its type and its form", ["developer/version-code-zero", "developer/digest-upper-case"]],
  ["each value of its type and its form", ["store/store-id-form", "store/store-id-65", "store/upload-short"]],
  ["each value of its type and its form", ["store/developer-id-form", "store/developer-key-form"]],
  ["also what is no text", ["developer/signed-at-number", "store/approved-at-number"]],
  ["is made of whole chunks", ["pictures/png-chunk-type", "pictures/png-unknown-critical"]],
  ["is made of whole chunks", ["pictures/png-unknown-critical-after", "pictures/png-end-not-empty"]],
  ["has IEND as its last bytes", ["pictures/png-bytes-after-end"]],
  ["The **zlib stream** (RFC 1950)", ["pictures/png-zlib-check", "pictures/png-zlib-dictionary"]],
  ["and never before the first byte", ["pictures/png-before-start"]],
  ["a quarter of that", ["pictures/png-image-data", "pictures/png-image-data-interlaced"]],
  ["each whole, with its name", ["container/record-extra-too-long", "container/record-comment-too-long"]],
  ["the names that have to be there", ["order/no-manifest-and-swapped", "order/no-developer-and-swapped"]],
  ["neither the width nor the height in it is 0", ["pictures/webp-height-zero"]],
  ["It holds at most 60,000 commas", ["digests/commas"]],
  ["has this form and no other", ["digests/form-3-mib", "digests/key-more"]],
  ["a folder has one spelling", ["names/folder-two-spellings"]],
  ["of each the stream", ["contents/both-cut-off-and-crc", "contents/deflate-cut-off"]],
  ["signed by itself,", ["chains/root-not-self-signed"]],
  [
    "What it is about is judged in this order",
    ["developer/both-content-and-app", "store/both-content-and-app"],
  ],
  ["At most 2,048 bytes", ["manifest/author-url-2049"]],
  ["One in `network` of more than 255 bytes", ["manifest/network-host-256"]],
  [
    "that no icon's size is there twice",
    ["manifest/icon-size-twice", "manifest/both-icon-twice-and-missing"],
  ],
  [
    "and none of APNG's",
    ["pictures/png-both-animated-and-no-header", "pictures/png-both-animated-and-cut-off"],
  ],
  [
    "whether it may stand there",
    ["pictures/png-both-palette-and-crc", "pictures/png-both-header-length-and-crc"],
  ],
  ["That the zlib stream or its pixels are wrong", ["pictures/png-both-pixels-and-end-not-empty"]],
  ["That the zlib stream or its pixels are wrong", ["pictures/png-both-pixels-and-cut-off"]],
  ["and at last its times", ["developer/both-time-and-app"]],
  ["the predicate's keys and all of its values but times", ["developer/both-time-and-version"]],
  ["the predicate's keys and all of its values but times", ["store/both-time-and-upload"]],
  [
    "where its one name is the URI of the other kind",
    ["developer/both-other-kind-and-ca", "store/both-other-kind-and-ca"],
  ],
  ["`payloadType`, of whatever type it is", ["developer/both-type-and-payload-number"]],
  ["`payloadType`, of whatever type it is", ["store/both-type-and-signatures-object"]],
  ["before the colon and the value behind it;\n* a number", ["json/both-number-then-digit"]],
  ["where a value has to begin, its depth comes first", ["json/both-deep-then-cut"]],
  ["the kind of its key", ["certificates/developer-rsa", "certificates/store-x25519"]],
];

describe("the code after a rule's words is that of its cases", () => {
  test.each(RULES)("%s", (words, ids) => {
    const at = page.indexOf(words);
    expect(page.split(words).length).toBe(2);
    const [code] = /MPK-[A-Z]\d{3}/.exec(page.slice(at)) ?? [];
    expect(ids.map((id) => [id, codeOf.get(id)])).toEqual(ids.map((id) => [id, code]));
  });
});
