/**
 * A picture that somebody uploads by itself: read to its end, told by its first bytes and not by its name, and of a size that is
 * taken. A PNG is judged whole; of the others the header, since decoding is for the process that makes the sizes.
 */
import { createHash } from "node:crypto";
import { Problem } from "../../errors.ts";
import { FINDING_CODES, FormatError } from "../../format/findings.ts";
import type { PictureSize } from "../../format/pictures/bytes.ts";
import { readJpegSize, readWebpSize } from "../../format/pictures/headers.ts";
import { checkPng } from "../../format/pictures/png.ts";
import type { Sha256 } from "../../ids.ts";
import { say, sayText } from "../../say.ts";
import { saidSize } from "../../sizes.ts";

export type PictureRule = {
  readonly maxBytes: number;
  /** Pixels of each side. */
  readonly least: number;
  readonly most: number;
  /** Both sides are the same. */
  readonly isSquare: boolean;
  /** How many times the shorter side the longer one has at most; any number without it. */
  readonly mostTimes?: number;
};

export type UploadedPicture = {
  readonly bytes: Uint8Array;
  /** Of the bytes. */
  readonly sha256: Sha256;
  /** Where it is kept as it came: `pictures/<sha256>.<ending>`. */
  readonly blobKey: string;
  readonly widthPx: number;
  readonly heightPx: number;
};

/** @throws Problem `picture.too_large`, `picture.format`, `picture.unreadable`, `picture.dimensions` */
export async function readUploaded(
  source: AsyncIterable<Uint8Array>,
  rule: PictureRule,
): Promise<UploadedPicture> {
  const bytes = await collect(source, rule.maxBytes);
  const ending = endingOf(bytes);
  const { width, height } = await sizeOf(bytes, ending, rule);
  const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
  return { bytes, sha256, blobKey: `pictures/${sha256}.${ending}`, widthPx: width, heightPx: height };
}

async function collect(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of source) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > maxBytes)
      throw new Problem(
        "too_large",
        "picture.too_large",
        say`The picture is larger than the ${saidSize(maxBytes)} that are taken here: save it smaller.`,
      );
    // Each piece is void when the next is asked for.
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

type Ending = "png" | "jpg" | "webp";

/** Of what people send most by mistake: how it begins, as Latin-1, and what it is called. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, "GIF"],
  [/^.{4}ftyp(?:avif|avis)/s, "AVIF"],
  [/^.{4}ftyp(?:hei|hev|mif1|msf1)/s, "HEIC"],
  [/^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!DOCTYPE svg|!--)/i, "SVG"],
  [/^%PDF/, "PDF"],
  [/^(?:II\*\0|MM\0\*)/, "TIFF"],
  [/^BM/, "BMP"],
  [/^PK/, "ZIP"],
];

function endingOf(bytes: Uint8Array): Ending {
  const start = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("\xff\xd8\xff")) return "jpg";
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "webp";
  const known = OTHERS.find(([pattern]) => pattern.test(start))?.[1];
  const message =
    bytes.length === 0
      ? say`The file is empty. A picture is a PNG, JPEG or WebP file.`
      : known === undefined
        ? say`This is no picture that can be taken: save it as PNG, JPEG or WebP.`
        : say`This is a file of the kind ${known}, which cannot be taken: save it as PNG, JPEG or WebP.`;
  throw new Problem("unprocessable", "picture.format", message);
}

async function sizeOf(bytes: Uint8Array, ending: Ending, rule: PictureRule): Promise<PictureSize> {
  try {
    if (ending === "jpg") return judged(await readJpegSize(pieces(bytes)), rule);
    if (ending === "webp") return judged(await readWebpSize(pieces(bytes), bytes.length), rule);
    let size: PictureSize | null = null;
    await checkPng(pieces(bytes), (found) => {
      size = judged(found, rule);
    });
    if (size === null) throw new Error("a PNG that passed has a size");
    return size;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const what = sayText(FINDING_CODES[error.findings[0].code].title);
    const message = say`The picture cannot be read: open it and save it again. ${what}.`;
    throw new Problem("unprocessable", "picture.unreadable", message);
  }
}

const PIECE_BYTES = 64 * 1024;

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function judged(size: PictureSize, { least, most, isSquare, mostTimes }: PictureRule): PictureSize {
  const { width, height } = size;
  const fits = (side: number) => side >= least && side <= most;
  const isInShape =
    (!isSquare || width === height) &&
    (mostTimes === undefined || Math.max(width, height) <= mostTimes * Math.min(width, height));
  if (fits(width) && fits(height) && isInShape) return size;
  const message =
    mostTimes !== undefined
      ? say`The picture has ${width} × ${height} pixels: it needs ${least} to ${most} of each side, and one side at most ${mostTimes} times the other.`
      : isSquare
        ? say`The picture has ${width} × ${height} pixels: it needs the same of both sides, ${least} to ${most}.`
        : say`The picture has ${width} × ${height} pixels: it needs ${least} to ${most} of each side.`;
  throw new Problem("unprocessable", "picture.dimensions", message);
}
