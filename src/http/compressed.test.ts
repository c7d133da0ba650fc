import { afterAll, beforeAll, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { type Portal, startPortal } from "../testing/portal.ts";
import { takesGzip } from "./compressed.ts";
import { assetUrl } from "./static-files.ts";

test.each([
  ["gzip", true],
  ["gzip, deflate, br", true],
  ["br;q=1.0, GZIP;q=0.8", true],
  ["*", true],
  ["x-gzip", true],
  ["gzip;q=0", false],
  ["gzip;q=0.0, *", false],
  ["*;q=0", false],
  ["identity", false],
  ["", false],
  ["gzip;q=much", false],
  ["notgzip", false],
])("who accepts %p takes gzip: %p", (accepted, takes) => {
  expect(takesGzip(new Request("http://localhost/", { headers: { "Accept-Encoding": accepted } }))).toBe(
    takes,
  );
});

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal.close());

/** As they came over the network. */
async function read(path: string, coding: string, method = "GET") {
  const answer = await fetch(`${portal.url}${path}`, {
    method,
    headers: { "Accept-Encoding": coding },
    decompress: false,
  });
  return { headers: answer.headers, status: answer.status, bytes: await answer.bytes() };
}

test.each([
  ["a stylesheet", () => assetUrl("app.css")],
  ["a script", () => assetUrl("app.js")],
  ["a long page of the docs", () => "/docs/reference/api/accounts"],
])("%s is sent in fewer bytes to who takes it so, and is the same", async (_, path) => {
  const plain = await read(path(), "identity");
  const short = await read(path(), "gzip");
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(short.headers.get("content-encoding")).toBe("gzip");
  expect(short.bytes.byteLength).toBeLessThan(plain.bytes.byteLength / 2);
  for (const { headers, bytes } of [plain, short]) {
    expect(headers.get("content-length")).toBe(String(bytes.byteLength));
    expect(headers.get("vary")).toContain("Accept-Encoding");
  }
  const unpacked = gunzipSync(short.bytes).toString();
  const hidden = (page: string) => page.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "");
  expect(hidden(unpacked)).toBe(hidden(Buffer.from(plain.bytes).toString()));
  const head = await read(path(), "gzip", "HEAD");
  expect(head.headers.get("content-encoding")).toBe("gzip");
  expect(head.headers.get("content-length")).toBe(String(short.bytes.byteLength));
});

test("what somebody has in one coding is not taken for the other", async () => {
  const path = assetUrl("app.css");
  const [plain, short] = [await read(path, "identity"), await read(path, "gzip")];
  expect(plain.headers.get("etag")).not.toBe(short.headers.get("etag"));
  const again = await fetch(`${portal.url}${path}`, {
    headers: { "Accept-Encoding": "gzip", "If-None-Match": short.headers.get("etag") ?? "" },
  });
  expect(again.status).toBe(304);
  expect(again.headers.get("vary")).toContain("Accept-Encoding");
});

test.each([
  ["a font", () => assetUrl("inter.woff2")],
  ["a page that repeats what was asked", () => "/catalog?q=hello"],
  ["a page of the docs with a query in its address", () => "/docs/reference/api/accounts?x=y"],
  ["the search of the docs", () => "/docs/search?q=manifest"],
])("%s is sent as it is", async (_, path) => {
  const { headers, status } = await read(path(), "gzip");
  expect([status, headers.get("content-encoding")]).toEqual([200, null]);
});
