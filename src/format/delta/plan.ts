/** Which parts of the base help to compress a group: decided from chunks and names. Pure. */
import type { FileDigest } from "../digests.ts";
import type { Chunk } from "./chunks.ts";
import { type BaseRange, DICTIONARY_MAX_BYTES, DICTIONARY_MAX_RANGES } from "./layout.ts";

/** A part of a changed file of the target. */
export type Piece = {
  readonly file: FileDigest;
  readonly offset: number;
  readonly length: number;
  readonly chunks: readonly Chunk[];
};

export type BaseIndex = {
  readonly files: readonly FileDigest[];
  /** Size of the base's digests.json; 0 without a base. */
  readonly digestsBytes: number;
  /** Chunk digest → the first place of the base that has it. */
  readonly chunks: ReadonlyMap<
    string,
    { readonly file: number; readonly offset: number; readonly length: number }
  >;
  readonly byPath: ReadonlyMap<string, number>;
  readonly byName: ReadonlyMap<string, readonly number[]>;
};

/** What stands beside a found chunk has probably changed with it. */
const AROUND_BYTES = 32 * 1024;
/** Files up to this size are taken whole. */
const WHOLE_BYTES = 2 * 2 ** 20;
/** A dictionary much larger than what it is for costs more time than it saves bytes. */
const LEAST_BUDGET_BYTES = 2 ** 20;
const BUDGET_FACTOR = 1.25;

export function indexOf(
  files: readonly FileDigest[],
  digestsBytes: number,
  chunks: BaseIndex["chunks"],
): BaseIndex {
  const byName = new Map<string, number[]>();
  for (const [place, { p }] of files.entries()) {
    const name = nameOf(p);
    byName.set(name, [...(byName.get(name) ?? []), place]);
  }
  return { files, digestsBytes, chunks, byPath: new Map(files.map(({ p }, place) => [p, place])), byName };
}

/** The dictionary of one group, in the order that the format asks for. */
export function planDictionary(pieces: readonly Piece[], base: BaseIndex, digestsBytes: number): BaseRange[] {
  const groupBytes = pieces.reduce((sum, piece) => sum + piece.length, digestsBytes);
  const chosen = new Chosen(
    Math.min(DICTIONARY_MAX_BYTES, Math.max(LEAST_BUDGET_BYTES, BUDGET_FACTOR * groupBytes)),
  );
  // Most lines of the list are those of the base's list.
  if (digestsBytes > 0 && base.digestsBytes > 0) chosen.add([base.files.length, 0, base.digestsBytes]);
  for (const piece of pieces) for (const range of counterpart(piece, base)) chosen.add(range);
  for (const piece of pieces) for (const range of sharedChunks(piece, base)) chosen.add(range);
  for (const piece of pieces) for (const range of namesakes(piece, base)) chosen.add(range);
  return chosen.ranges();
}

/** The file that had the same path: whole, or, of a large one, the same stretch of it. */
function counterpart(piece: Piece, base: BaseIndex): BaseRange[] {
  const place = base.byPath.get(piece.file.p);
  const before = place === undefined ? undefined : base.files[place];
  if (place === undefined || before === undefined || before.n === 0) return [];
  if (before.n <= WHOLE_BYTES) return [[place, 0, before.n]];
  const start = Math.max(0, Math.min(piece.offset - AROUND_BYTES, before.n - piece.length));
  return [[place, start, Math.min(before.n - start, piece.length + 2 * AROUND_BYTES)]];
}

/** Wherever a chunk of the piece stands in the base, with what is around it. */
function* sharedChunks(piece: Piece, base: BaseIndex): Iterable<BaseRange> {
  for (const { digest } of piece.chunks) {
    const found = base.chunks.get(digest);
    const sizeBytes = found ? base.files[found.file]?.n : undefined;
    if (!found || sizeBytes === undefined) continue;
    const start = Math.max(0, found.offset - AROUND_BYTES);
    const end = Math.min(sizeBytes, found.offset + found.length + AROUND_BYTES);
    yield [found.file, start, end - start];
  }
}

/** Files of the same name in other folders: what was moved and changed at once. */
function* namesakes(piece: Piece, base: BaseIndex): Iterable<BaseRange> {
  for (const place of base.byName.get(nameOf(piece.file.p)) ?? []) {
    const sizeBytes = base.files[place]?.n ?? 0;
    if (sizeBytes > 0 && sizeBytes <= WHOLE_BYTES) yield [place, 0, sizeBytes];
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Ranges of the base without overlaps, up to a budget. What was added first stays. */
class Chosen {
  private readonly byFile = new Map<number, [start: number, end: number][]>();
  private total = 0;
  private count = 0;
  constructor(private readonly budget: number) {}

  add([file, offset, length]: BaseRange): void {
    const present = this.byFile.get(file) ?? [];
    let [start, end] = [offset, offset + length];
    const apart: [number, number][] = [];
    let covered = 0;
    for (const range of present) {
      if (range[1] < start || range[0] > end) {
        apart.push(range);
        continue;
      }
      covered += range[1] - range[0];
      start = Math.min(start, range[0]);
      end = Math.max(end, range[1]);
    }
    const total = this.total - covered + (end - start);
    const count = this.count - (present.length - apart.length) + 1;
    if (total > this.budget || count > DICTIONARY_MAX_RANGES) return;
    this.byFile.set(file, [...apart, [start, end]]);
    this.total = total;
    this.count = count;
  }

  ranges(): BaseRange[] {
    return [...this.byFile]
      .sort(([a], [b]) => a - b)
      .flatMap(([file, ranges]) =>
        ranges.sort(([a], [b]) => a - b).map(([start, end]): BaseRange => [file, start, end - start]),
      );
  }
}
