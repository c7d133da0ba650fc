/** Who makes the sizes of pictures: a child process beside a server, or this process itself. */
import { writeSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { childLines } from "../../jobs/child.ts";
import { makeSizes, PICTURE_FAULTS, type PictureFault } from "./make.ts";
import { endingOf, MOST_SOURCE_BYTES, type PictureKind, SHOWN_SIZES } from "./sizes.ts";

export type PicturesOrder = {
  readonly pictures: readonly { readonly path: string; readonly kind: PictureKind }[];
  /** Where what is made is written: whoever ordered it removes it. */
  readonly folder: string;
};

export type MadeFile = {
  readonly size: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** For whoever ordered it to take. */
  readonly file: string;
};

/** In the order of the order's pictures: the sizes of each, or why there are none. */
export type MadePicture = readonly MadeFile[] | PictureFault;

export type Maker = (order: PicturesOrder, signal: AbortSignal) => AsyncIterable<MadePicture>;

/** The heaviest that is allowed takes a second or two of a processor; the process may have next to none of one. */
const SILENCE_MS = 60_000;

/** By a child process: what a picture does to whoever reads it, it does there. @throws Problem `job.child_failed`, `job.child_silent` */
export const madeByChild: Maker = async function* madeByChild(order, signal) {
  const work = { name: "pictures", order, signal, silenceMs: SILENCE_MS } as const;
  for await (const line of childLines(work)) yield parseMade(line);
};

/** By this process, for tests. */
export const madeHere: Maker = async function* madeHere(order, signal) {
  for await (const made of makePictures(order)) {
    signal.throwIfAborted();
    yield made;
  }
};

async function* makePictures({ pictures, folder }: PicturesOrder): AsyncGenerator<MadePicture> {
  for (const [at, { path, kind }] of pictures.entries()) {
    yield await makeOne(path, kind, (size) => join(folder, `${at}-${size}.${endingOf(kind)}`));
  }
}

async function makeOne(
  path: string,
  kind: PictureKind,
  fileFor: (size: string) => string,
): Promise<MadePicture> {
  if ((await stat(path)).size > MOST_SOURCE_BYTES) return "too_large";
  const made = await makeSizes(await Bun.file(path).bytes(), kind);
  if (typeof made === "string") return made;
  const files: MadeFile[] = [];
  for (const { bytes, ...one } of made) {
    const file = fileFor(one.size);
    await writeFile(file, bytes, { mode: 0o600 });
    files.push({ ...one, file });
  }
  return files;
}

/** What the child does: makes what was ordered, and says on stdout what there is. */
export async function runPicturesChild(order: unknown): Promise<void> {
  for await (const made of makePictures(parseOrder(order))) writeSync(1, `${JSON.stringify(made)}\n`);
}

/** @throws Error for what the child never says */
function parseMade(line: unknown): MadePicture {
  const fault = PICTURE_FAULTS.find((known) => known === line);
  if (fault !== undefined) return fault;
  if (Array.isArray(line) && line.every(isMadeFile)) return line;
  throw new Error("that is no answer about pictures");
}

function isMadeFile(value: unknown): value is MadeFile {
  if (typeof value !== "object" || value === null) return false;
  const { size, widthPx, heightPx, file } = value as Partial<Record<keyof MadeFile, unknown>>;
  return (
    typeof size === "string" &&
    typeof widthPx === "number" &&
    typeof heightPx === "number" &&
    typeof file === "string"
  );
}

/** @throws Error for what the parent never says */
function parseOrder(value: unknown): PicturesOrder {
  const { pictures, folder } = (value ?? {}) as Partial<Record<keyof PicturesOrder, unknown>>;
  if (typeof folder === "string" && Array.isArray(pictures) && pictures.every(isOrdered))
    return { pictures, folder };
  throw new Error("that is no order of pictures");
}

function isOrdered(value: unknown): value is PicturesOrder["pictures"][number] {
  const { path, kind } = (value ?? {}) as { path?: unknown; kind?: unknown };
  return typeof path === "string" && typeof kind === "string" && Object.hasOwn(SHOWN_SIZES, kind);
}
