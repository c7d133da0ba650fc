/** Pictures as pages and the API tell of them: each with the sizes that there are. */
import type { Tx } from "../../db/database.ts";
import * as records from "./records.ts";
import { type AppPictureKind, type PictureKind, SHOWN_SIZES, shownAddress } from "./sizes.ts";

export type ShownSize = {
  readonly size: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Its address, without the first slash. */
  readonly key: string;
};

export type ShownPicture = {
  readonly kind: AppPictureKind;
  /** The place among pictures of its kind. */
  readonly position: number;
  /** Whether its sizes are there, are still to be made, or cannot be. */
  readonly state: "ready" | "waiting" | "unreadable";
  /** From the smallest to the largest; none unless it is ready. */
  readonly sizes: readonly ShownSize[];
};

type Kept = { readonly kind: AppPictureKind; readonly position: number; readonly blobKey: string };

/** In the order in which they are given. */
export function shownPictures(tx: Tx, kind: AppPictureKind, pictures: readonly Kept[]): ShownPicture[] {
  if (pictures.length === 0) return [];
  const keys = pictures.map(({ blobKey }) => blobKey);
  const sizes = Map.groupBy(records.selectSizes(tx, keys, kind), ({ sourceKey }) => sourceKey);
  const faults = records.selectFaults(tx, keys, kind);
  return pictures.map(({ blobKey, position }) => {
    const made = sizesOf(kind, blobKey, sizes.get(blobKey) ?? []);
    if (made.length > 0) return { kind, position, state: "ready", sizes: made };
    return { kind, position, state: faults.has(blobKey) ? "unreadable" : "waiting", sizes: [] };
  });
}

/** Of the sizes that there are those of one picture, from the smallest to the largest. */
export function sizesOf(kind: PictureKind, key: string, rows: readonly records.SizeRow[]): ShownSize[] {
  const bySize = new Map(rows.map((row) => [row.size, row]));
  return Object.entries(SHOWN_SIZES[kind])
    .sort(([, a], [, b]) => a - b)
    .flatMap(([size]) => {
      const row = bySize.get(size);
      if (row === undefined) return [];
      const { widthPx, heightPx } = row;
      return [{ size, widthPx, heightPx, key: shownAddress(key, kind, size) }];
    });
}
