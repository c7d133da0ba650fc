/** What devices, caches and CDNs are told of the files below /store/v1/: how long to keep them, and parts of them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";
import { parseRange, rangeAllowed } from "./range.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";
const ALWAYS_ASK = "public, no-cache";
const TIMESTAMP = "metadata/timestamp.json";

let template: Template;
let world: World;
let files: string[];
/** The released package: the largest of them, named by its digest. */
let packageName: string;
let bytes: Buffer;
let etag: string;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
  const names = readdirSync(folder(), { recursive: true }) as string[];
  files = names.filter((name) => statSync(join(folder(), name)).isFile()).sort();
  packageName = files.find((name) => name.endsWith(".mosis")) ?? "";
  bytes = readFileSync(join(folder(), packageName));
  etag = `"${/([0-9a-f]{64})/.exec(packageName)?.[1]}"`;
});
afterAll(async () => {
  await world.close();
  template.remove();
});

const folder = () => join(world.store.dataDir, "blobs/store/v1");
const ask = (name: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(`${world.url}/store/v1/${name}`, { method, headers });
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe("caching", () => {
  test("each file comes as it is on the disk, and is kept for good exactly when its name can mean nothing else", async () => {
    expect(packageName).toMatch(/[0-9a-f]{64}/);
    expect(files).toContain(TIMESTAMP);
    let kept = 0;
    for (const name of files) {
      const answer = await ask(name);
      const found = await bodyOf(answer);
      expect([name, answer.status, found.equals(readFileSync(join(folder(), name)))]).toEqual([
        name,
        200,
        true,
      ]);
      const isNamed = /(?:^|\/)(?:[0-9a-f]{64}\.[a-z0-9.-]+|tile\/.*\/\d+|\d+\.[a-z0-9-]+\.json)$/.test(name);
      expect([name, answer.headers.get("cache-control")]).toEqual([name, isNamed ? IMMUTABLE : ALWAYS_ASK]);
      expect(answer.headers.get("accept-ranges")).toBe("bytes");
      expect(answer.headers.get("content-length")).toBe(String(found.length));
      // The same for everybody: nothing of it depends on who asks.
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.headers.get("vary") ?? "").not.toMatch(/cookie|authorization/i);
      if (isNamed) kept += 1;
    }
    expect(kept).toBeGreaterThan(3);
    expect(kept).toBeLessThan(files.length);
  });

  test("the timestamp is asked for each time, and its tag changes with it", async () => {
    const first = await ask(TIMESTAMP);
    expect(first.headers.get("cache-control")).toBe(ALWAYS_ASK);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[^"]+"$/);
    expect((await ask(TIMESTAMP, { "If-None-Match": tag })).status).toBe(304);
    const path = join(folder(), TIMESTAMP);
    const later = new Date(statSync(path).mtimeMs + 1);
    utimesSync(path, later, later);
    const again = await ask(TIMESTAMP, { "If-None-Match": tag });
    expect([again.status, again.headers.get("etag") === tag]).toEqual([200, false]);
  });

  test("304 has the tag and the caching, and no body", async () => {
    const told: readonly (readonly [string, number])[] = [
      [etag, 304],
      [`W/${etag}`, 304],
      [`"other", ${etag}`, 304],
      ["*", 304],
      ['"other"', 200],
      [etag.slice(1, -1), 200],
      ["", 200],
    ];
    for (const [tag, status] of told) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await ask(packageName, { "If-None-Match": tag }, method);
        expect([tag, method, answer.status]).toEqual([tag, method, status]);
        expect(answer.headers.get("etag")).toBe(etag);
        expect(answer.headers.get("cache-control")).toBe(IMMUTABLE);
        const body = await bodyOf(answer);
        expect(body.length).toBe(status === 200 && method === "GET" ? bytes.length : 0);
      }
    }
    // A range of what is known already is still known already (RFC 9110 §13.2.2).
    expect((await ask(packageName, { "If-None-Match": etag, Range: "bytes=0-1" })).status).toBe(304);
  });
});

describe("ranges", () => {
  const size = () => bytes.length;
  /** From the file's size: the header, and the part that is given; null for the whole, "none" for 416. */
  const table: readonly (readonly [
    string,
    (n: number) => string,
    (n: number) => [number, number] | null | "none",
  ])[] = [
    ["one", () => "bytes=10-19", () => [10, 20]],
    ["one byte", () => "bytes=0-0", () => [0, 1]],
    ["the last byte", (n) => `bytes=${n - 1}-${n - 1}`, (n) => [n - 1, n]],
    ["open to the end", () => "bytes=100-", (n) => [100, n]],
    ["past the end", (n) => `bytes=100-${n + 1000}`, (n) => [100, n]],
    ["all of it", () => "bytes=0-", (n) => [0, n]],
    ["a suffix", () => "bytes=-100", (n) => [n - 100, n]],
    ["a suffix longer than the file", (n) => `bytes=-${n + 5}`, (n) => [0, n]],
    ["the unit in capitals", () => "BYTES=1-2", () => [1, 3]],
    ["an empty suffix", () => "bytes=-0", () => "none"],
    ["from the end on", (n) => `bytes=${n}-`, () => "none"],
    ["from far past the end", () => "bytes=999999999999-", () => "none"],
    ["several", () => "bytes=0-1,5-6", () => null],
    ["several that are one", () => "bytes=0-1,", () => null],
    ["backwards", () => "bytes=5-4", () => null],
    ["another unit", () => "lines=1-2", () => null],
    ["no numbers", () => "bytes=-", () => null],
    ["negative", () => "bytes=--1", () => null],
    ["hexadecimal", () => "bytes=0x0-0x1", () => null],
    ["blanks", () => "bytes= 0 - 1 ", () => [0, 2]],
    ["a number past all bounds", () => "bytes=0-99999999999999999999", () => null],
  ];
  for (const [name, headerOf, partOf] of table) {
    test(name, async () => {
      const part = partOf(size());
      for (const method of ["GET", "HEAD"]) {
        const answer = await ask(packageName, { Range: headerOf(size()) }, method);
        const body = await bodyOf(answer);
        const isHead = method === "HEAD";
        if (part === "none") {
          expect(answer.status).toBe(416);
          expect(answer.headers.get("content-range")).toBe(`bytes */${size()}`);
          if (!isHead) expect(JSON.parse(body.toString())).toMatchObject({ code: "range.unsatisfiable" });
          continue;
        }
        const [start, end] = part ?? [0, size()];
        expect([method, answer.status]).toEqual([method, part === null ? 200 : 206]);
        expect(answer.headers.get("content-range")).toBe(
          part === null ? null : `bytes ${start}-${end - 1}/${size()}`,
        );
        expect(answer.headers.get("content-length")).toBe(String(end - start));
        expect(answer.headers.get("etag")).toBe(etag);
        expect(answer.headers.get("cache-control")).toBe(IMMUTABLE);
        expect(body.equals(isHead ? Buffer.alloc(0) : bytes.subarray(start, end))).toBe(true);
      }
    });
  }

  test("If-Range: a part only of the very file that was begun", async () => {
    const told: readonly (readonly [string, number])[] = [
      [etag, 206],
      ['"other"', 200],
      [`W/${etag}`, 200],
      ["Wed, 25 Nov 2026 09:30:00 GMT", 200],
      ["", 206],
    ];
    for (const [tag, status] of told) {
      const answer = await ask(packageName, { Range: "bytes=10-19", "If-Range": tag });
      expect([tag, answer.status, (await bodyOf(answer)).length]).toEqual([
        tag,
        status,
        status === 206 ? 10 : size(),
      ]);
    }
    // Of another file than is there now, no range is unsatisfiable.
    expect((await ask(packageName, { Range: `bytes=${size()}-`, "If-Range": '"other"' })).status).toBe(200);
  });

  test("a download that was broken off goes on where it was, at any place", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: size() - 1 }), async (cut) => {
        const rest = await ask(packageName, { Range: `bytes=${cut}-`, "If-Range": etag });
        expect(Buffer.concat([bytes.subarray(0, cut), await bodyOf(rest)]).equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("whatever stands in Range, it is a part of the file, the whole of it, or none", () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(200), fc.nat(200)).map(([a, b]) => `bytes=${a}-${b}`),
      fc.nat(200).map((n) => `bytes=-${n}`),
      fc.string().map((text) => `bytes=${text}`),
    );
    fc.assert(
      fc.property(header, fc.nat(150), (text, sizeBytes) => {
        const range = parseRange(text, sizeBytes);
        if (range === null || range === "unsatisfiable") return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThan(range.endExclusive);
        expect(range.endExclusive).toBeLessThanOrEqual(sizeBytes);
      }),
    );
    expect([rangeAllowed(null, '"a"'), rangeAllowed('"a"', '"a"'), rangeAllowed('W/"a"', 'W/"a"')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

test("HEAD says what GET says, of every file, and nothing is there under other names", async () => {
  for (const name of files) {
    const [get, head] = [await ask(name), await ask(name, {}, "HEAD")];
    expect([name, head.status, (await bodyOf(head)).length]).toEqual([name, 200, 0]);
    for (const header of ["content-length", "content-type", "etag", "cache-control", "accept-ranges"])
      expect([name, header, head.headers.get(header)]).toEqual([name, header, get.headers.get(header)]);
    await bodyOf(get);
  }
  for (const name of [
    "",
    "metadata",
    "metadata/",
    `${TIMESTAMP}/`,
    `${TIMESTAMP}.bak`,
    "../uploads/x",
    ".hidden",
    "%2e%2e/mosis.db",
  ]) {
    for (const method of ["GET", "HEAD"])
      expect([name, (await ask(name, {}, method)).status]).toEqual([name, 404]);
  }
});
