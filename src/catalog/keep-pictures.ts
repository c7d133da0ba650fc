/** The pictures of a package that passed every check, kept as they came: what is shown is made from them. */
import { createHash } from "node:crypto";
import type { Store } from "../context.ts";
import type { Manifest } from "../format/manifest.ts";
import { readPictureSize } from "../format/manifest-files.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { type Container, openContainer } from "../format/zip/reader.ts";
import type { Sha256 } from "../ids.ts";
import type { PictureSource } from "./shown-pictures/records.ts";
import { ICON_SOURCE_PX } from "./shown-pictures/sizes.ts";

export type KeptPicture = {
  readonly kind: "icon" | "screenshot";
  /** Of screenshots: the place in the manifest's list, which has the words to it. */
  readonly position: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly key: string;
  readonly sha256: Sha256;
  readonly sizeBytes: number;
};

/** One after the other, so that no more than one is in memory. */
export async function keepPictures(
  store: Pick<Store, "blobs">,
  source: Source,
  manifest: Manifest,
): Promise<KeptPicture[]> {
  const container = await openContainer(source);
  const kept: KeptPicture[] = [];
  for (const [position, { src }] of manifest.icons.entries()) {
    kept.push(await keep(store, container, "icon", position, src));
  }
  for (const [position, { src }] of (manifest.screenshots ?? []).entries()) {
    kept.push(await keep(store, container, "screenshot", position, src));
  }
  return kept;
}

async function keep(
  store: Pick<Store, "blobs">,
  container: Container,
  kind: KeptPicture["kind"],
  position: number,
  src: string,
): Promise<KeptPicture> {
  const entry = container.byName.get(src);
  if (!entry) throw new Error(`a checked package lacks its picture ${src}`);
  const { width, height } = await readPictureSize(container, entry);
  const bytes = await readEntryBytes(container, entry);
  const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
  const key = pictureKey(sha256, src);
  await store.blobs.put(key, bytes);
  return { kind, position, widthPx: width, heightPx: height, key, sha256, sizeBytes: bytes.byteLength };
}

/** Those of a version's pictures that are shown: every screenshot, and the largest icon in place of all. */
export function shownSources(
  pictures: readonly Pick<KeptPicture, "kind" | "widthPx" | "key">[],
): PictureSource[] {
  return pictures
    .filter(({ kind, widthPx }) => kind === "screenshot" || widthPx === ICON_SOURCE_PX)
    .map(({ key, kind }) => ({ blobKey: key, kind }));
}

export const pictureKey = (sha256: Sha256, src: string): string => `pictures/${sha256}.${endingOf(src)}`;

/** The checks have compared the ending with the bytes. */
function endingOf(src: string): "png" | "jpg" | "webp" {
  if (src.endsWith(".png")) return "png";
  return src.endsWith(".webp") ? "webp" : "jpg";
}
