/** What the rows of a version say of its package, beside the very package: its manifest and its pictures. */
import type { Store } from "../context.ts";
import { isProblem } from "../errors.ts";
import { contentDigest, type Digests, parseDigests, sha256Hex } from "../format/digests.ts";
import type { Manifest } from "../format/manifest.ts";
import { DIGESTS_NAME, MANIFEST_NAME } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { type Container, openContainer } from "../format/zip/reader.ts";
import type { Sha256 } from "../ids.ts";
import { type KeptPicture, keepPictures, pictureKey } from "./keep-pictures.ts";
import type { selectPictures, VersionRow } from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import { uploadKey } from "./upload.ts";

type PictureRow = ReturnType<typeof selectPictures>[number];

export type RightRows = {
  /** Its canonical text. */
  readonly manifest: string;
  readonly version: string;
  /** Null where the rows are those of the package. */
  readonly pictures: readonly KeptPicture[] | null;
};

/**
 * By the content digest of the row, for which the caller vouches. Reads little of the file; where pictures are to be brought
 * back, they are kept again. Null when no file of the version has that content any more.
 */
export async function readRightRows(
  store: Pick<Store, "blobs">,
  row: VersionRow,
  pictures: readonly PictureRow[],
): Promise<RightRows | null> {
  const keys = [
    ...(row.releasedSha256 === null ? [] : [releaseKey(row.releasedSha256)]),
    uploadKey(row.uploadSha256),
  ];
  for (const key of keys) {
    if ((await store.blobs.head(key)) === null) continue;
    const source = await store.blobs.open(key);
    try {
      const right = await readFrom(store, source, row, pictures);
      if (right !== null) return right;
    } catch (error) {
      // Not the file that it was.
      if (!isProblem(error)) throw error;
    } finally {
      await source.close();
    }
  }
  return null;
}

async function readFrom(
  store: Pick<Store, "blobs">,
  source: Source,
  row: VersionRow,
  rows: readonly PictureRow[],
): Promise<RightRows | null> {
  const container = await openContainer(source);
  const digests = await bytesOf(container, DIGESTS_NAME);
  if (digests === null || String(contentDigest(digests)) !== row.contentDigest) return null;
  const listed = digestsByPath(parseDigests(digests));
  const bytes = await bytesOf(container, MANIFEST_NAME);
  if (bytes === null || sha256Hex(bytes) !== listed.get(MANIFEST_NAME)) return null;
  const text = new TextDecoder().decode(bytes);
  const manifest = JSON.parse(text) as Manifest;
  const right = { manifest: text, version: manifest.version };
  const expected = expectedPictures(manifest, listed);
  if (areSame(rows, expected)) return { ...right, pictures: null };
  const kept = await keepPictures(store, source, manifest);
  const isKept = kept.every(({ key }, at) => key === expected[at]?.key);
  return isKept ? { ...right, pictures: kept } : null;
}

async function bytesOf(container: Container, name: string): Promise<Uint8Array | null> {
  const entry = container.byName.get(name);
  return entry === undefined ? null : readEntryBytes(container, entry);
}

const digestsByPath = ({ files }: Digests): ReadonlyMap<string, string> =>
  new Map(files.map(({ p, h }) => [p, h]));

/** In the order in which they are kept; how large a screenshot is stands in the picture alone. */
function expectedPictures({ icons, screenshots = [] }: Manifest, listed: ReadonlyMap<string, string>) {
  const keyOf = (src: string) => pictureKey((listed.get(src) ?? "") as Sha256, src);
  return [
    ...icons.map(({ src, size }, position) => ({
      kind: "icon" as const,
      position,
      key: keyOf(src),
      sizePx: size as number | null,
    })),
    ...screenshots.map(({ src }, position) => ({
      kind: "screenshot" as const,
      position,
      key: keyOf(src),
      sizePx: null,
    })),
  ];
}

function areSame(rows: readonly PictureRow[], expected: ReturnType<typeof expectedPictures>): boolean {
  return (
    rows.length === expected.length &&
    expected.every(({ kind, position, key, sizePx }) =>
      rows.some(
        (row) =>
          row.kind === kind &&
          row.position === position &&
          row.blobKey === key &&
          (sizePx === null || (row.widthPx === sizePx && row.heightPx === sizePx)),
      ),
    )
  );
}
