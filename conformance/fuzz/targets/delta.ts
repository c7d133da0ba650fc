/** Delta and compact full containers, applied to a base. */
import { type FileSet, openDelta } from "../../../src/format/delta/read.ts";
import { unpackedFiles, unpackedRelease } from "../../../src/format/delta/unpacked.ts";
import { sha256Hex } from "../../../src/format/digests.ts";
import { bytesSource } from "../../../src/format/source.ts";
import { openContainer } from "../../../src/format/zip/reader.ts";
import { basePackage, DELTA_CASES, makeDelta } from "../../make/cases/deltas.ts";
import { mutateBytes } from "../mutate/bytes.ts";
import { mutateJson, mutateValue } from "../mutate/json.ts";
import type { Random } from "../random.ts";
import { accepted, type Made, type Outcome, pickFrom, refusedBy, type Target } from "../target.ts";

const HEADER_AT = 8;

function layerOf(code: string): string {
  if (/^MPK-(?:C001|B00[123])$/.test(code)) return "header";
  if (/^MPK-B00[4-7]$/.test(code)) return "groups";
  return /^MPK-B0(?:08|10|11)$/.test(code) ? "files" : "list";
}

export const DELTA: Target = {
  name: "delta",
  layers: ["header", "groups", "list", "files"],
  keepBytes: 80_000,
  // The reader's own bound is 64 MiB over the group.
  growthBytes: 128 * 2 ** 20,
  open: async () => {
    const base = await openBase();
    return { seeds, make: (random, corpus) => change(random, corpus), judge: (bytes) => judge(bytes, base) };
  },
};

async function seeds(): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (const { plan, sparseBytes } of DELTA_CASES)
    if (sparseBytes === undefined) made.push(await makeDelta(plan));
  return made.filter((bytes) => bytes.length < 60_000);
}

async function openBase(): Promise<FileSet> {
  const container = await openContainer(bytesSource(basePackage("base")));
  const parts: Uint8Array[] = [];
  for await (const piece of unpackedFiles(container)) parts.push(Uint8Array.from(piece));
  return unpackedRelease(container, bytesSource(Buffer.concat(parts)));
}

async function judge(bytes: Uint8Array, base: FileSet): Promise<Outcome> {
  // One that names no base is judged without.
  const named = Buffer.from(bytes.subarray(0, 200)).includes('"base":null') ? null : base;
  try {
    const opened = await openDelta(bytesSource(bytes), named);
    for await (const file of opened.files) {
      const pieces: Uint8Array[] = [];
      for await (const piece of file.bytes) pieces.push(Uint8Array.from(piece));
      const whole = Buffer.concat(pieces);
      if (sha256Hex(whole) !== file.sha256 || whole.length !== file.sizeBytes)
        throw new Error(`${file.path} came out with other bytes than its digest says`);
    }
    return accepted(bytes);
  } catch (error) {
    return refusedBy(error, layerOf);
  }
}

async function change(random: Random, corpus: readonly Uint8Array[]): Promise<Made> {
  const level = random.int(20);
  const bytes = pickFrom(random, corpus);
  if (level < 3) return { bytes: mutateBytes(bytes, random, pickFrom(random, corpus)), repaired: "none" };
  if (level < 13) return { bytes: changedParts(bytes, random), repaired: "lengths" };
  const from = random.oneIn(3) ? null : "base";
  if (level < 16)
    return {
      bytes: await makeDelta({ from, stream: (stream) => mutateBytes(stream, random) }),
      repaired: "frames",
    };
  if (level < 18)
    return {
      bytes: await makeDelta({ from, digestsBytes: (digests) => mutateJson(digests, random).bytes }),
      repaired: "content digest",
    };
  return {
    bytes: await makeDelta({
      from,
      cut: Array.from({ length: random.int(20) }, () => 1 + random.int(2000)),
      groups: (groups) => {
        const group = random.some(groups);
        if (group === undefined) return;
        if (random.oneIn(2)) group.dictionary = [[random.int(9), random.int(40), random.int(600)]];
        else group.header = (header) => mutateValue(header, random);
        if (random.oneIn(3)) group.frame = (_, right) => mutateBytes(right, random);
      },
    }),
    repaired: "lengths",
  };
}

/** Headers changed as JSON, frames as bytes; the lengths in front are right again. */
function changedParts(bytes: Uint8Array, random: Random): Uint8Array {
  const buffer = Buffer.from(bytes);
  const parts: Uint8Array[] = [buffer.subarray(0, HEADER_AT)];
  const sized = (piece: Uint8Array) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(piece.length);
    return Buffer.concat([head, piece]);
  };
  let at = HEADER_AT;
  for (let index = 0; at + 4 <= buffer.length && index < 64; index++) {
    const end = Math.min(buffer.length, at + 4 + buffer.readUInt32LE(at));
    const header = buffer.subarray(at + 4, end);
    const doesChange = random.oneIn(3);
    parts.push(sized(doesChange && random.oneIn(2) ? mutateJson(header, random).bytes : header));
    at = end;
    if (index === 0) continue;
    const frameBytes = frameBytesIn(header, buffer.length - at);
    const frame = buffer.subarray(at, at + frameBytes);
    at += frameBytes;
    if (doesChange && random.oneIn(2)) {
      const changed = mutateBytes(frame, random);
      parts[parts.length - 1] = sized(withFrameBytes(header, changed.length));
      parts.push(changed);
    } else parts.push(frame);
  }
  return new Uint8Array(Buffer.concat([...parts, buffer.subarray(at)]));
}

function frameBytesIn(header: Uint8Array, rest: number): number {
  const found = /"z":(\d+)/.exec(Buffer.from(header).toString("latin1"));
  return Math.min(rest, Number(found?.[1] ?? 0));
}

function withFrameBytes(header: Uint8Array, length: number): Uint8Array {
  return Buffer.from(
    Buffer.from(header)
      .toString("latin1")
      .replace(/"z":\d+/, `"z":${length}`),
    "latin1",
  );
}
