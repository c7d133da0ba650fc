/** Addresses of the pictures that are shown, and pictures to be made. */
import { crc32, deflateSync } from "node:zlib";
import { picturesOf } from "../catalog/pictures.ts";
import { selectPictures } from "../catalog/records.ts";
import { selectWaiting } from "../catalog/shown-pictures/records.ts";
import type { Store } from "../context.ts";
import type { VersionId } from "../ids.ts";

/** Waits until the sizes of all pictures are made; the store's jobs have to run. */
export async function picturesMade(store: Pick<Store, "db">): Promise<void> {
  for (let tries = 0; selectWaiting(store.db.orm, 1).length > 0; tries++) {
    if (tries > 800) throw new Error("the sizes of pictures are not made");
    await Bun.sleep(25);
  }
}

/** Every address under which a picture of the version is shown. */
export function shownAddresses(store: Pick<Store, "db">, id: VersionId): string[] {
  return picturesOf(store.db.orm, id).flatMap(({ sizes }) => sizes.map(({ key }) => `/${key}`));
}

/** Where the pictures of the version would be as they came: nowhere. */
export function rawAddresses(store: Pick<Store, "db">, id: VersionId): string[] {
  return selectPictures(store.db.orm, id).map(({ blobKey }) => `/${blobKey}`);
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

export const PNG_SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

export function pngHeader(width: number, height: number, depth = 8, colourType = 6): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType], 8);
  return pngChunk("IHDR", header);
}

/** A picture in colours that run, with these chunks before its pixels. */
export function pngOf(width: number, height: number, ...extra: readonly Uint8Array[]): Buffer {
  const rowBytes = width * 4 + 1;
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows.set([(x * 255) / width, (y * 255) / height, (x ^ y) & 255, 255], y * rowBytes + 1 + x * 4);
  return pngOfRows(width, height, rows, extra);
}

/** One of nothing but transparent pixels, as a stream: quickly made. */
export function emptyPng(width: number, height: number): ReadableStream<Uint8Array> {
  return streamOf(pngOfRows(width, height, Buffer.alloc((width * 4 + 1) * height)));
}

export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([Buffer.from(bytes)]).stream();
}

function pngOfRows(width: number, height: number, rows: Buffer, extra: readonly Uint8Array[] = []): Buffer {
  const data = pngChunk("IDAT", deflateSync(rows));
  return Buffer.concat([
    PNG_SIGNATURE,
    pngHeader(width, height),
    ...extra,
    data,
    pngChunk("IEND", Buffer.of()),
  ]);
}
