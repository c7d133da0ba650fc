/** Job `pictures.make`: the sizes of all pictures that have none yet. What it did stands when it is ended in the middle. */
import { createHash } from "node:crypto";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import type { Sha256 } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { insertBlob } from "../blobs.records.ts";
import type { PictureFault } from "./make.ts";
import type { MadeFile, Maker } from "./maker.ts";
import * as records from "./records.ts";
import { endingOf } from "./sizes.ts";

export const PICTURES_JOB = "pictures.make";

/** So many are made by one process: starting it costs about as much as one of them. */
const AT_ONCE = 16;

export function enqueuePictures(tx: Tx, now: Date): void {
  enqueue(tx, { kind: PICTURES_JOB, key: "all" }, now);
}

/** Takes pictures that came; those that were not shown before are made by the job. */
export function keepSources(tx: Tx, sources: readonly records.PictureSource[], now: Date): void {
  for (const source of sources) records.insertSource(tx, source);
  if (sources.length > 0) enqueuePictures(tx, now);
}

/** At a start: what came before its sizes were made, or when the process that made them could not. */
export function beginPictures({ db, clock }: Pick<Store, "db" | "clock">): void {
  write(db, (tx) => {
    if (records.retryFailed(tx)) enqueuePictures(tx, clock.now());
  });
}

type PictureStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** @throws Problem `job.child_…` when not even a process that has nothing else to do answers; the signal's reason when the store stops */
export async function makeWaiting(store: PictureStore, maker: Maker, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waiting = records.selectWaiting(store.db.orm, AT_ONCE);
    if (waiting.length === 0) return;
    const here: records.PictureSource[] = [];
    for (const source of waiting) {
      if ((await store.blobs.head(source.blobKey)) !== null) here.push(source);
      // Who brings the file back takes the picture again.
      else settle(store, source, "missing", []);
    }
    if (here.length > 0) await makeSome(store, here, maker, signal);
  }
}

/** Where the process ends in the middle, the picture that it read then is left to one of its own. */
async function makeSome(
  store: PictureStore,
  sources: readonly records.PictureSource[],
  maker: Maker,
  signal: AbortSignal,
): Promise<void> {
  let settled = 0;
  try {
    await makeAll(store, sources, maker, signal, () => {
      settled += 1;
    });
  } catch (error) {
    const isChilds = isProblem(error) && /^job\.child_/.test(error.code);
    const suspect = sources[settled];
    if (!isChilds || signal.aborted || suspect === undefined) throw error;
    if (sources.length > 1) return makeSome(store, [suspect], maker, signal);
    // Nothing of it is known but that it was begun: where no process can be started at all, no picture is to blame.
    if (!(await canMake(store, maker, signal))) throw error;
    store.log.warn("picture.not_made", { key: suspect.blobKey, code: error.code });
    settle(store, suspect, "failed", []);
  }
}

/** A pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
  "base64",
);

async function canMake(store: PictureStore, maker: Maker, signal: AbortSignal): Promise<boolean> {
  try {
    return await store.blobs.withFolder(async (folder) => {
      const path = `${folder}/pixel`;
      await Bun.write(path, PIXEL);
      for await (const made of maker({ pictures: [{ path, kind: "icon" }], folder }, signal))
        return typeof made !== "string";
      return false;
    });
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}

async function makeAll(
  store: PictureStore,
  sources: readonly records.PictureSource[],
  maker: Maker,
  signal: AbortSignal,
  onSettled: () => void,
): Promise<void> {
  signal.throwIfAborted();
  await withFiles(store, sources, (paths) =>
    store.blobs.withFolder(async (folder) => {
      const pictures = sources.map(({ kind }, at) => ({ path: paths[at] ?? "", kind }));
      let at = 0;
      for await (const made of maker({ pictures, folder }, signal)) {
        const source = sources[at++];
        if (source === undefined) break;
        if (typeof made === "string") settle(store, source, made, []);
        else settle(store, source, null, await keepFiles(store, source, made));
        onSettled();
      }
    }),
  );
}

type KeptSize = { readonly row: records.SizeRow; readonly sha256: Sha256; readonly sizeBytes: number };

async function keepFiles(
  store: PictureStore,
  { blobKey: sourceKey, kind }: records.PictureSource,
  files: readonly MadeFile[],
): Promise<KeptSize[]> {
  const kept: KeptSize[] = [];
  for (const { size, widthPx, heightPx, file } of files) {
    const bytes = await Bun.file(file).bytes();
    const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
    const blobKey = `shown/${sha256}.${endingOf(kind)}`;
    await store.blobs.put(blobKey, bytes);
    const row = { sourceKey, kind, size, widthPx, heightPx, blobKey };
    kept.push({ row, sha256, sizeBytes: bytes.byteLength });
  }
  return kept;
}

function settle(
  store: PictureStore,
  source: records.PictureSource,
  fault: PictureFault | null,
  sizes: readonly KeptSize[],
): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    if (!records.settleSource(tx, source, fault, now)) return;
    for (const { row, sha256, sizeBytes } of sizes) {
      insertBlob(tx, { key: row.blobKey, sha256, sizeBytes, createdAt: now });
      records.insertSize(tx, row);
    }
  });
}

/** Several pictures at once as files, in their order. */
async function withFiles(
  store: PictureStore,
  sources: readonly records.PictureSource[],
  use: (paths: readonly string[]) => Promise<void>,
  paths: readonly string[] = [],
): Promise<void> {
  const [source, ...rest] = sources;
  if (source === undefined) return use(paths);
  await store.blobs.withFile(source.blobKey, (path) => withFiles(store, rest, use, [...paths, path]));
}
