/** PNG, JPEG and WebP, as the manifest's pictures are read. */
import { readJpegSize, readWebpSize } from "../../../src/format/pictures/headers.ts";
import { checkPng } from "../../../src/format/pictures/png.ts";
import { PACKAGE_CASES } from "../../make/package-cases.ts";
import { grey } from "../../make/packages.ts";
import { mutateJpeg, mutatePng, mutateWebp } from "../mutate/pictures.ts";
import { accepted, pickFrom, refusedBy, type Target } from "../target.ts";

/** What the cases of the kit have, of a moderate size. */
function pictures(extension: string): Uint8Array[] {
  return PACKAGE_CASES.flatMap(({ plan }) => Object.entries(plan.files ?? {}))
    .filter(([name]) => name.endsWith(extension))
    .flatMap(([, bytes]) => (bytes !== null && bytes.length < 100_000 ? [bytes] : []));
}

/** In pieces, as an entry is read: their borders fall into every part in turn. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const length = bytes.length < 4096 ? 1 + (bytes.length % 97) : 64 * 1024;
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

type Reader = (bytes: Uint8Array) => Promise<unknown>;

function pictureTarget(
  name: string,
  seeds: () => Uint8Array[],
  mutate: typeof mutatePng,
  read: Reader,
): Target {
  return {
    name,
    layers: ["P001", "P002", "P003", "P004", "P005", "P006", "P007", "P008", "P009"],
    open: async () => ({
      seeds,
      make: (random, corpus) => mutate(pickFrom(random, corpus), random, pickFrom(random, corpus)),
      judge: async (bytes) => {
        try {
          await read(bytes);
          return accepted(bytes);
        } catch (error) {
          return refusedBy(error, (code) => code.slice(4));
        }
      },
    }),
  };
}

export const PICTURES: readonly Target[] = [
  pictureTarget(
    "png",
    () => [grey(8), grey(64), ...pictures(".png")],
    mutatePng,
    (bytes) => checkPng(pieces(bytes), () => {}),
  ),
  pictureTarget(
    "jpeg",
    () => pictures(".jpg"),
    mutateJpeg,
    (bytes) => readJpegSize(pieces(bytes)),
  ),
  pictureTarget(
    "webp",
    () => pictures(".webp"),
    mutateWebp,
    (bytes) => readWebpSize(pieces(bytes), bytes.length),
  ),
];
