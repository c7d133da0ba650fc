import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { bytesSource } from "../source.ts";
import { type FileSet, openDelta } from "./read.ts";
import { fileSet, noise, type TestFiles } from "./testing.ts";
import { writeDelta } from "./write.ts";

async function containerOf(target: TestFiles, base: TestFiles | null): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of writeDelta(fileSet(target), base && fileSet(base))) parts.push(part);
  return Buffer.concat(parts);
}

async function rebuilt(container: Uint8Array, base: FileSet | null) {
  const opened = await openDelta(bytesSource(container), base);
  const files: Record<string, Uint8Array> = {};
  for await (const file of opened.files) {
    if (file.path === "manifest.json") {
      for await (const _ of file.bytes);
      continue;
    }
    const parts: Uint8Array[] = [];
    for await (const piece of file.bytes) parts.push(Uint8Array.from(piece));
    files[file.path] = new Uint8Array(Buffer.concat(parts));
  }
  return { opened, files };
}

const text = (words: string) => new TextEncoder().encode(words);
const LUA = text("local function add(a, b)\n  return a + b\nend\n".repeat(200));

describe("what a container is made from comes out of it", () => {
  const cases: Readonly<Record<string, readonly [target: TestFiles, base: TestFiles | null]>> = {
    "without a base": [{ a: LUA, b: noise(5000), empty: new Uint8Array(0) }, null],
    "nothing changed": [{ a: LUA }, { a: LUA }],
    "one line changed": [
      { a: Buffer.concat([text("-- new\n"), LUA]), b: noise(5000) },
      { a: LUA, b: noise(5000) },
    ],
    "a file moved": [{ "lib/a": LUA }, { a: LUA }],
    "a file moved and changed": [{ "lib/a.lua": Buffer.concat([LUA, text("x")]) }, { "a.lua": LUA }],
    "files swapped": [
      { a: noise(3000, 2), b: LUA },
      { a: LUA, b: noise(3000, 2) },
    ],
    "everything new": [{ z: noise(70_000) }, { a: LUA }],
    "everything gone but one": [{ a: LUA }, { a: LUA, b: noise(9000), c: noise(9000, 3) }],
    "a base that looks like a dictionary of Zstandard": [
      { a: Buffer.concat([new Uint8Array([0x37, 0xa4, 0x30, 0xec]), LUA, text("1")]) },
      { a: Buffer.concat([new Uint8Array([0x37, 0xa4, 0x30, 0xec]), LUA]) },
    ],
    "more than one group": [
      { big: Buffer.concat([noise(9_000_000, 4), text("changed"), noise(9_000_000, 5)]), small: LUA },
      { big: Buffer.concat([noise(9_000_000, 4), noise(9_000_000, 5)]), small: LUA },
    ],
  };
  test.each(Object.keys(cases))(
    "%s",
    async (name) => {
      const [target, base] = cases[name] ?? [{}, null];
      const container = await containerOf(target, base);
      const { opened, files } = await rebuilt(container, base && fileSet(base));
      expect(files).toEqual(
        Object.fromEntries(Object.entries(target).map(([path, b]) => [path, new Uint8Array(b)])),
      );
      expect(new TextDecoder().decode(opened.developerEnvelope)).toBe("the developer's envelope");
      expect(new TextDecoder().decode(opened.storeEnvelope)).toBe("the store's envelope");
      expect(Buffer.from(opened.digests).equals(fileSet(target).digests)).toBe(true);
    },
    60_000,
  );

  test("whatever the two versions are", async () => {
    const name = fc.constantFrom("a.lua", "b.lua", "lib/a.lua", "lib/c.png", "z");
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.integer({ min: 1, max: 9 }).map((seed) => noise(seed * 700, seed)),
      fc.constant(LUA),
    );
    const content = fc.array(part, { maxLength: 4 }).map((parts) => new Uint8Array(Buffer.concat(parts)));
    const version = fc.dictionary(name, content, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(version, fc.option(version), async (target, base) => {
        const { files } = await rebuilt(await containerOf(target, base), base && fileSet(base));
        expect(files).toEqual(target);
      }),
      { numRuns: 60 },
    );
  });
});

test("what did not change costs nothing, and what moved neither", async () => {
  const base = { a: noise(400_000), b: noise(400_000, 2), main: LUA };
  const target = { "new/a": noise(400_000), b: noise(400_000, 2), main: Buffer.concat([LUA, text("-- 1")]) };
  expect((await containerOf(target, base)).length).toBeLessThan(1600);
  expect((await containerOf(target, null)).length).toBeGreaterThan(800_000);
});

test("what compresses a thousandfold is held back to what readers take", async () => {
  const target = { a: new Uint8Array(9_000_000), b: LUA };
  for (const base of [null, { b: noise(3000) }]) {
    const container = await containerOf(target, base);
    const { files } = await rebuilt(container, base && fileSet(base));
    expect(Buffer.from(files.a ?? []).equals(target.a)).toBe(true);
    expect(container.length).toBeGreaterThan((target.a.length - 2 ** 20) / 200);
    expect(container.length).toBeLessThan(target.a.length / 150);
  }
}, 60_000);

test("an insertion into a large file costs little more than what was inserted", async () => {
  const base = { big: noise(20_000_000, 7) };
  const target = {
    big: Buffer.concat([noise(3_000_000, 7), noise(1000, 9), noise(20_000_000, 7).subarray(3_000_000)]),
  };
  expect((await containerOf(target, base)).length).toBeLessThan(40_000);
}, 60_000);

test("the same versions give the same container", async () => {
  const [target, base] = [
    { a: LUA, b: noise(90_000) },
    { a: noise(50), b: noise(90_000).subarray(100) },
  ];
  const [one, two] = [await containerOf(target, base), await containerOf(target, base)];
  expect(Buffer.from(one).equals(two)).toBe(true);
});
