import { expect, test } from "bun:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { canonicalize } from "../signing/json.ts";
import { FINDING_CODES } from "./findings.ts";
import { bytesSource } from "./source.ts";
import { NOW, sampleFiles, sampleManifest, utf8 } from "./testing.ts";
import { verifyPackage } from "./verify.ts";
import { readEntryBytes } from "./zip/entry.ts";
import { openContainer } from "./zip/reader.ts";
import { CENTRAL, LOCAL, rawArchive, rawEntry, writeRaw } from "./zip/testing.ts";
import { packApp } from "./zip/writer.ts";

const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/).map((word) => `f${word}`);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

test("what is packed is read again, in order, and packing it again gives the same bytes", async () => {
  const app = fc.dictionary(path, fc.uint8Array({ maxLength: 3000 }), { maxKeys: 12, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(app, async (extra) => {
      const clean = new Map<string, Uint8Array>();
      for (const [name, bytes] of Object.entries(extra)) {
        const lower = name.toLowerCase();
        const clashes = [...clean.keys()].some((other) => {
          const folders = (whole: string) => `${whole.split("/")[0]}`.toLowerCase();
          return folders(other) === folders(lower);
        });
        if (!clashes) clean.set(name, bytes);
      }
      const files = new Map([...sampleFiles(), ...clean]);
      const packed = await packApp(files);
      const shuffled = new Map([...files].reverse());
      expect(Buffer.from(await packApp(shuffled)).equals(packed)).toBe(true);
      const container = await openContainer(bytesSource(packed));
      for (const [name, bytes] of clean) {
        const entry = container.byName.get(name);
        if (entry === undefined) throw new Error(`${name} is lost`);
        expect(Buffer.from(await readEntryBytes(container, entry)).equals(bytes)).toBe(true);
      }
      expect((await verifyPackage(bytesSource(packed), { now: NOW })).ok).toBe(true);
    }),
    { numRuns: 40 },
  );
});

type Mutation = (random: (below: number) => number) => Uint8Array;

const picked = <Item>(items: readonly Item[], random: (below: number) => number): Item => {
  const item = items[random(items.length)];
  if (item === undefined) throw new RangeError("nothing to choose from");
  return item;
};

/** Numbers that follow from a seed (a linear congruential generator), so that what fails can be made again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The sample as it stands in a package: its manifest is canonical. */
function canonicalFiles(): Map<string, Uint8Array> {
  return sampleFiles().set("manifest.json", canonicalize(sampleManifest()));
}

function scrambled(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = Array.from(bytes);
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(Math.max(1, copy.length));
    const kind = random(4);
    if (kind === 0) copy[at] = random(256);
    else if (kind === 1) copy.splice(at, 1 + random(8));
    else if (kind === 2) copy.splice(at, 0, ...copy.slice(at, at + 1 + random(16)));
    else copy.splice(at, 0, random(256));
  }
  return Uint8Array.from(copy);
}

/** Each repairs what stands before its own layer, so that the layer is reached. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  bytes: (random) => scrambled(writeRaw(rawArchive(canonicalFiles())), random),
  headers: (random) => {
    const archive = rawArchive(canonicalFiles());
    const entry = picked(archive.entries, random);
    const value = picked([0, 1, 8, 20, 0xffff, 0x7fffffff, 0xffffffff, random(2 ** 16)], random);
    const local = picked(Object.keys(LOCAL), random);
    const central = picked(Object.keys(CENTRAL), random);
    if (random(2) === 0) entry.local = { [local]: value };
    else entry.central = { [central]: value };
    return writeRaw(archive);
  },
  deflate: (random) => {
    const archive = rawArchive(canonicalFiles());
    const entry = picked(archive.entries, random);
    entry.data = scrambled(entry.method === 8 ? entry.data : deflateRawSync(entry.data), random);
    entry.method = 8;
    return writeRaw(archive);
  },
  digests: (random) => {
    const archive = rawArchive(canonicalFiles());
    const text = rawArchive(canonicalFiles()).entries.at(-1);
    if (text === undefined) throw new Error("no digests");
    const plain = text.method === 0 ? text.data : Bun.inflateSync(new Uint8Array(text.data));
    archive.entries[archive.entries.length - 1] = rawEntry(text.name, scrambled(plain, random));
    return writeRaw(archive);
  },
  manifest: (random) => {
    const files = canonicalFiles();
    files.set("manifest.json", scrambled(files.get("manifest.json") ?? utf8("{}"), random));
    return writeRaw(rawArchive(files));
  },
  pictures: (random) => {
    const files = canonicalFiles();
    const name = picked(["icons/64.png", "icons/128.png", "icons/512.png"], random);
    files.set(name, scrambled(files.get(name) ?? utf8(""), random));
    return writeRaw(rawArchive(files));
  },
};

test("a text that is empty is found as one", async () => {
  const files = canonicalFiles();
  const manifest = JSON.parse(Buffer.from(files.get("manifest.json") ?? utf8("{}")).toString("utf8"));
  files.set("manifest.json", canonicalize({ ...manifest, runtime: { ...manifest.runtime, api: "" } }));
  const { sections } = await verifyPackage(bytesSource(writeRaw(rawArchive(files))), { now: NOW });
  const findings = sections.flatMap((section) => section.findings);
  expect(findings.find(({ pointer }) => pointer === "/runtime/api")).toMatchObject({ found: '""' });
});

test.each(Object.keys(MUTATIONS))(
  "whatever is done to its %s, a package is judged and never throws",
  async (layer) => {
    const mutate = MUTATIONS[layer];
    if (mutate === undefined) throw new Error("no such layer");
    const seed = fc.nat();
    await fc.assert(
      fc.asyncProperty(seed, async (number) => {
        const random = randomFrom(number);
        const bytes = mutate(random);
        const start = performance.now();
        const verdict = await verifyPackage(bytesSource(bytes), { now: NOW });
        expect(performance.now() - start).toBeLessThan(2000);
        for (const finding of verdict.sections.flatMap(({ findings }) => findings)) {
          expect(Object.hasOwn(FINDING_CODES, finding.code)).toBe(true);
          expect(finding.found ?? "").not.toBe("");
          expect(finding.expected ?? "").not.toBe("");
          expect(finding.entry ?? finding.offset ?? finding.pointer ?? finding.found).toBeDefined();
        }
        expect(verdict.ok).toBe(verdict.sections.every(({ findings }) => findings.length === 0));
      }),
      { numRuns: Number(process.env.MOSIS_FUZZ_RUNS ?? 60) },
    );
  },
  600_000,
);
