/**
 * The sizes of one picture, made by the decoders and encoders of the runtime. They are native code that reads what strangers
 * wrote: beside a server it is a process of its own that does this, see maker.ts.
 */
import { plainPng, plainWebp } from "../../format/pictures/plain.ts";
import { endingOf, ICON_SOURCE_PX, MOST_PIXELS, type PictureKind, SHOWN_SIZES } from "./sizes.ts";

/** Why a picture is not shown. */
export const PICTURE_FAULTS = [
  /** It is no PNG, JPEG or WebP. */
  "format",
  /** It has more pixels, or bytes, than are read. */
  "too_large",
  /** It cannot be decoded. */
  "undecodable",
  /** An icon that is not square. */
  "not_square",
  /** Its bytes are not in the store. */
  "missing",
  /** The process that read it ended, or took too long. */
  "failed",
] as const;
export type PictureFault = (typeof PICTURE_FAULTS)[number];

export type MadeSize = {
  readonly size: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bytes: Uint8Array;
};

const WEBP_QUALITY = 82;

/** What the runtime would decode besides stays out: its decoders of those are the system's. */
function isKnownFormat(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return (
    start.startsWith("\x89PNG\r\n\x1a\n") ||
    start.startsWith("\xff\xd8\xff") ||
    (start.startsWith("RIFF") && start.endsWith("WEBP"))
  );
}

/**
 * Decodes, turns as the camera was held, makes smaller and encodes anew: nothing but pixels comes through. Of what moves, the
 * first picture.
 */
export async function makeSizes(
  bytes: Uint8Array,
  kind: PictureKind,
): Promise<readonly MadeSize[] | PictureFault> {
  if (!isKnownFormat(bytes)) return "format";
  try {
    // The same pixels on every system.
    Bun.Image.backend = "bun";
    if (kind === "icon") {
      const { width, height } = await new Bun.Image(bytes, { maxPixels: MOST_PIXELS }).metadata();
      if (width !== height) return "not_square";
    }
    const made: MadeSize[] = [];
    for (const [size, px] of Object.entries(SHOWN_SIZES[kind]))
      made.push(await makeSize(bytes, kind, size, px));
    return made;
  } catch (error) {
    return faultOf(error);
  }
}

async function makeSize(bytes: Uint8Array, kind: PictureKind, size: string, px: number): Promise<MadeSize> {
  const image = new Bun.Image(bytes, { maxPixels: MOST_PIXELS });
  const inside =
    kind === "icon"
      ? image.resize(px, px)
      : image.resize(px, px, { fit: "inside", withoutEnlargement: true });
  const isPng = endingOf(kind) === "png";
  const resized = isPng
    ? inside.png({ compressionLevel: px === ICON_SOURCE_PX ? 6 : 9 })
    : inside.webp({ quality: WEBP_QUALITY });
  const encoded = await resized.bytes();
  const plain = isPng ? plainPng(encoded) : plainWebp(encoded);
  return { size, widthPx: resized.width, heightPx: resized.height, bytes: plain };
}

function faultOf(error: unknown): PictureFault {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ERR_IMAGE_TOO_MANY_PIXELS":
      return "too_large";
    case "ERR_IMAGE_UNKNOWN_FORMAT":
    case "ERR_IMAGE_FORMAT_UNSUPPORTED":
      return "format";
    case "ERR_IMAGE_DECODE_FAILED":
    case "ERR_IMAGE_ENCODE_FAILED":
      return "undecodable";
    default:
      throw error;
  }
}
