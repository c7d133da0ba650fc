/** A container that is made to cost a reader much is refused by apply-delta within the bounds, and the largest honest one keeps to its memory. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeFrame } from "../../format/delta/frame.ts";
import {
  DELTA_MAGIC,
  DICTIONARY_MAX_BYTES,
  DICTIONARY_PREFIX,
  GROUP_MAX_BYTES,
  sized,
} from "../../format/delta/layout.ts";
import { fileSet } from "../../format/delta/testing.ts";
import { buildDigests, contentDigest, parseDigests } from "../../format/digests.ts";
import { workspace } from "../binary.ts";
import { noise } from "../noise.ts";
import { expectBounded, MOST_BYTES, measured } from "./bounded.ts";

const { folder, binary, remove } = workspace();
afterAll(remove);

const MIB = 2 ** 20;

type Group = { readonly d: readonly (readonly number[])[]; readonly n: number; readonly frame: Uint8Array };
type Target = Pick<ReturnType<typeof fileSet>, "digests" | "developerEnvelope" | "storeEnvelope">;

function container(base: string | null, target: Target, groups: readonly Group[]): Uint8Array {
  const meta = [target.digests, target.developerEnvelope, target.storeEnvelope].map(({ length }) => length);
  const header = sized({ base, content: contentDigest(target.digests), meta, v: 1 });
  const parts = groups.flatMap(({ d, n, frame }) => [sized({ d, n, z: frame.length }), frame]);
  return Buffer.concat([DELTA_MAGIC, header, ...parts]);
}

async function group(content: Uint8Array, level = 1): Promise<Group> {
  return { d: [], n: content.length, frame: await encodeFrame(content, new Uint8Array(0), level) };
}

const documents = ({ digests, developerEnvelope, storeEnvelope }: Target) =>
  Buffer.concat([digests, developerEnvelope, storeEnvelope]);

/** As little to read as there may be for what comes out: zeros with a little noise in them. */
function sparse(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at + MIB <= sizeBytes; at += MIB) bytes.set(noise(`bomb ${at}`, Math.ceil(MIB / 190)), at);
  return bytes;
}

type Hostile = { readonly what: string; readonly code: string; readonly make: () => Promise<Uint8Array> };

const HOSTILE: readonly Hostile[] = [
  {
    what: "1 GiB unpacked into four files, of which the last is another one",
    code: "MPK-B010",
    make: async () => {
      const one = sparse(253 * MIB);
      const files = { a: one, b: one, c: one, d: one };
      const target = fileSet(files);
      const last = parseDigests(target.digests).files.map(({ p, n, h }) => ({
        path: p,
        sizeBytes: n,
        sha256: p === "d" ? target.contentDigest : h,
      }));
      const digests = buildDigests(last);
      const changed = { ...target, digests };
      const first = Buffer.concat([
        documents(changed),
        new TextEncoder().encode('{"id":"org.example.sample"}'),
      ]);
      const parts: Group[] = [];
      for (let at = 0; at < one.length; at += GROUP_MAX_BYTES)
        parts.push(await group(one.subarray(at, at + GROUP_MAX_BYTES)));
      return container(null, changed, [await group(first), ...parts, ...parts, ...parts, ...parts]);
    },
  },
  {
    what: "20,000 files of nothing that lie in the longest folders, and a stream that ends early",
    code: "MPK-B008",
    make: async () => {
      const empty = new Uint8Array(0);
      const name = (index: number) =>
        `d${String(index).padStart(5, "0")}/${"x".repeat(27)}${"a".repeat(160)}`;
      const many = Object.fromEntries(Array.from({ length: 19_990 }, (_, index) => [name(index), empty]));
      const target = fileSet(many);
      return container(null, target, [await group(documents(target))]);
    },
  },
  {
    what: "20,000 files of nothing, each in fourteen folders of its own",
    code: "MPK-C032",
    make: async () => {
      const names = Array.from({ length: 19_990 }, (_, index) => `d${10_000 + index}${"/x".repeat(13)}/a`);
      const target = fileSet(Object.fromEntries(names.map((name) => [name, new Uint8Array(0)])));
      return container(null, target, [await group(documents(target))]);
    },
  },
  {
    what: "a million groups of a byte",
    code: "MPK-B012",
    make: async () => {
      const target = fileSet({ a: noise("groups", MIB) });
      const first = Buffer.concat([
        documents(target),
        new TextEncoder().encode('{"id":"org.example.sample"}'),
      ]);
      const byte = await group(Uint8Array.of(1));
      return container(null, target, [await group(first), ...Array.from({ length: MIB }, () => byte)]);
    },
  },
  {
    what: "256 MiB in as many groups as there may be, and one of them missing",
    code: "MPK-B008",
    make: async () => {
      const small = 2 ** 18;
      const bytes = noise("groups", 1024 * small);
      const target = fileSet({ a: bytes });
      const first = Buffer.concat([
        documents(target),
        new TextEncoder().encode('{"id":"org.example.sample"}'),
      ]);
      const groups = [await group(first)];
      for (let at = 0; at < bytes.length - small; at += small)
        groups.push(await group(bytes.subarray(at, at + small)));
      return container(null, target, groups);
    },
  },
  {
    what: "a digests.json of a million commas",
    code: "MPK-C004",
    make: async () => {
      const target = {
        ...fileSet({}),
        digests: new TextEncoder().encode(`{"files":[${",".repeat(MIB)}],"v":1}`),
      };
      return container(null, target, [await group(documents(target))]);
    },
  },
];

for (const { what, code, make } of HOSTILE) {
  test(what, async () => {
    const file = join(folder, "hostile.mosisd");
    writeFileSync(file, await make());
    const out = join(folder, "out");
    const ran = await measured([binary, "apply-delta", "-", file, out, "--json"], folder);
    const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
    expect([ran.exitCode, ran.stderr, findings.map((finding) => finding.code)]).toEqual([1, "", [code]]);
    expect(existsSync(out)).toBe(false);
    expectBounded(`apply-delta ${what}`, ran);
  }, 300_000);
}

describe("the largest groups and dictionaries", () => {
  const base = join(folder, "base");
  const delta = join(folder, "largest.mosisd");
  // What the command and its base take before a group is read: a release of one byte, in one group.
  const least = join(folder, "least.mosisd");
  beforeAll(async () => {
    const parts = [0, 1, 2, 3].map((part) => noise(`base ${part}`, GROUP_MAX_BYTES));
    const contents = [0, 1, 2, 3].map((part) => noise(`new ${part}`, GROUP_MAX_BYTES));
    const from = fileSet({ big: Buffer.concat(parts) });
    const target = fileSet({ big: Buffer.concat(contents) });
    mkdirSync(join(base, "META-MOSIS"), { recursive: true });
    writeFileSync(join(base, "META-MOSIS/digests.json"), from.digests);
    writeFileSync(join(base, "META-MOSIS/developer.dsse"), from.developerEnvelope);
    writeFileSync(join(base, "META-MOSIS/store.dsse"), from.storeEnvelope);
    writeFileSync(join(base, "manifest.json"), '{"id":"org.example.sample"}');
    writeFileSync(join(base, "big"), Buffer.concat(parts));
    const groups = [await group(documents(target))];
    for (const [part, content] of contents.entries()) {
      const ranges = parts[part]?.subarray(0, DICTIONARY_MAX_BYTES) ?? new Uint8Array(0);
      const frame = await encodeFrame(content, Buffer.concat([DICTIONARY_PREFIX, ranges]), 1);
      groups.push({ d: [[1, part * GROUP_MAX_BYTES, ranges.length]], n: content.length, frame });
    }
    writeFileSync(delta, container(from.contentDigest, target, groups));
    const few = fileSet({ big: new Uint8Array(1) });
    const all = Buffer.concat([documents(few), new Uint8Array(1)]);
    writeFileSync(least, container(from.contentDigest, few, [await group(all)]));
  }, 120_000);

  test("take no more than 64 MiB over the group's size beside the same command with the smallest group", async () => {
    const idle = await measured(
      [binary, "apply-delta", base, least, join(folder, "small"), "--json"],
      folder,
    );
    expect([idle.exitCode, idle.stderr]).toEqual([0, ""]);
    const ran = await measured(
      [binary, "apply-delta", base, delta, join(folder, "rebuilt"), "--json"],
      folder,
    );
    expect([ran.exitCode, ran.stderr]).toEqual([0, ""]);
    console.log(
      `${Math.round((ran.maxBytes - idle.maxBytes) / MIB)} MiB over ${Math.round(idle.maxBytes / MIB)}`,
    );
    expect(ran.maxBytes - idle.maxBytes).toBeLessThan(64 * MIB + GROUP_MAX_BYTES);
    expect(ran.maxBytes).toBeLessThan(MOST_BYTES);
  }, 120_000);
});
