/** Making a delta or compact full container. The result is a stream; memory holds one group and the base's chunk index. */

import { contentDigest, type FileDigest, parseDigests } from "../digests.ts";
import { giveBack } from "../give-back.ts";
import { createPace } from "../pace.ts";
import { type Chunk, chunksOf, cutAfter } from "./chunks.ts";
import { contentBound, type Effort, effortWith, MOST_RATIO, NO_EFFORT } from "./effort.ts";
import { encodeFrame, rawFrame } from "./frame.ts";
import {
  type BaseRange,
  buildGroupHeader,
  buildHeader,
  DELTA_MAGIC,
  type GroupHeader,
  sized,
} from "./layout.ts";
import { type BaseIndex, indexOf, type Piece, planDictionary } from "./plan.ts";
import { type FileSet, filesByDigest, fillDictionary } from "./read.ts";

/** The release that the container rebuilds. */
export type DeltaTarget = {
  readonly digests: Uint8Array;
  readonly developerEnvelope: Uint8Array;
  readonly storeEnvelope: Uint8Array;
  /** By the place in its digests.json. */
  read(file: number, offset: number, length: number): Promise<Uint8Array>;
};

const READ_BYTES = 2 ** 20;
/** Less than a group may have: larger ones save up to a tenth of the bytes and take twice the memory to make. */
const MADE_GROUP_BYTES = 2 * 2 ** 20;

/** The container's bytes, in order. With null as base: the compact full one. */
export async function* writeDelta(target: DeltaTarget, base: FileSet | null): AsyncGenerator<Uint8Array> {
  const { digests, developerEnvelope, storeEnvelope } = target;
  yield DELTA_MAGIC;
  yield sized(
    buildHeader({
      base: base?.contentDigest ?? null,
      content: contentDigest(digests),
      meta: [digests.length, developerEnvelope.length, storeEnvelope.length],
    }),
  );
  const index = await indexBase(base);
  let effort = NO_EFFORT;
  for await (const group of groups(target, base)) {
    const ranges = planDictionary(group.pieces, index, group.digestsBytes);
    const content = joined(group.parts);
    const dictionary = await fillDictionary(ranges, base);
    for (const made of await framed(content, ranges, dictionary, effort)) {
      effort = effortWith(effort, made.header);
      yield sized(buildGroupHeader(made.header));
      yield made.frame;
    }
    giveBack(dictionary);
    giveBack(content);
  }
}

type Framed = { readonly header: GroupHeader; readonly frame: Uint8Array };

/**
 * The content as one group; or as two, where it compresses so well that readers would take it for a bomb: then the
 * first one holds as much of it, uncompressed, as the rest needs beside it.
 */
async function framed(
  content: Uint8Array,
  ranges: readonly BaseRange[],
  dictionary: Uint8Array,
  before: Effort,
): Promise<Framed[]> {
  const whole = framedAs(content, ranges, await encodeFrame(content, dictionary));
  const effort = effortWith(before, whole.header);
  if (effort.contentBytes <= contentBound(effort)) return [whole];
  const rawBytes = Math.ceil(content.length / MOST_RATIO);
  const rest = content.subarray(rawBytes);
  return [
    framedAs(content.subarray(0, rawBytes), [], rawFrame(content.subarray(0, rawBytes))),
    framedAs(rest, ranges, await encodeFrame(rest, dictionary)),
  ];
}

function framedAs(content: Uint8Array, dictionary: readonly BaseRange[], frame: Uint8Array): Framed {
  return { header: { dictionary, sizeBytes: content.length, frameBytes: frame.length }, frame };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  return whole;
}

type Group = {
  readonly parts: readonly Uint8Array[];
  readonly pieces: readonly Piece[];
  /** How much of digests.json is in it. */
  readonly digestsBytes: number;
};

/** The documents and the changed files, cut into groups; a file that fits into a group is not cut. */
async function* groups(target: DeltaTarget, base: FileSet | null): AsyncGenerator<Group> {
  const held = filesByDigest(base);
  let parts: Uint8Array[] = [];
  let pieces: Piece[] = [];
  let filled = 0;
  const add = (bytes: Uint8Array, piece?: Piece) => {
    parts.push(bytes);
    if (piece) pieces.push(piece);
    filled += bytes.length;
  };
  let isFirst = true;
  const close = (): Group => {
    const group = { parts, pieces, digestsBytes: isFirst ? target.digests.length : 0 };
    isFirst = false;
    [parts, pieces, filled] = [[], [], 0];
    return group;
  };
  for (const document of [target.digests, target.developerEnvelope, target.storeEnvelope]) {
    if (filled > 0 && filled + document.length > MADE_GROUP_BYTES) yield close();
    add(document);
  }
  for (const [place, file] of parseDigests(target.digests).files.entries()) {
    const from = held.get(file.h);
    if (file.n === 0 || (from !== undefined && base?.files[from]?.n === file.n)) continue;
    if (filled > 0 && filled + file.n > MADE_GROUP_BYTES) yield close();
    for (let offset = 0; offset < file.n; ) {
      const read = await target.read(place, offset, Math.min(MADE_GROUP_BYTES, file.n - offset));
      const bytes = offset + read.length < file.n ? read.subarray(0, lastCut(read)) : read;
      add(bytes, { file, offset, length: bytes.length, chunks: chunksOf(bytes, offset) });
      offset += bytes.length;
      if (offset < file.n) yield close();
    }
  }
  if (filled > 0) yield close();
}

/** The last place at which the content itself says to cut, so that later cuts do not move with an insertion. */
function lastCut(bytes: Uint8Array): number {
  let last = 0;
  for (let at = cutAfter(bytes, 0); at < bytes.length; at = cutAfter(bytes, at)) last = at;
  return last === 0 ? bytes.length : last;
}

async function indexBase(base: FileSet | null): Promise<BaseIndex> {
  const pace = createPace();
  const chunks = new Map<string, { file: number; offset: number; length: number }>();
  for (const [place, file] of (base?.files ?? []).entries()) {
    for await (const chunk of chunksOfFile(base, place, file)) {
      if (!chunks.has(chunk.digest)) {
        chunks.set(chunk.digest, { file: place, offset: chunk.offset, length: chunk.length });
      }
      await pace(chunk.length);
    }
  }
  return indexOf(base?.files ?? [], base?.digests.length ?? 0, chunks);
}

async function* chunksOfFile(base: FileSet | null, place: number, file: FileDigest): AsyncGenerator<Chunk> {
  for (let offset = 0; base && offset < file.n; ) {
    const bytes = await base.read(place, offset, Math.min(READ_BYTES, file.n - offset));
    const isEnd = offset + bytes.length === file.n;
    const whole = isEnd ? bytes : bytes.subarray(0, lastCut(bytes));
    yield* chunksOf(whole, offset);
    offset += whole.length;
  }
}
