/** In which sizes pictures are shown, and under which addresses. Pure. */
import { isSha256, type Sha256 } from "../../ids.ts";

/** What apps have. */
export type AppPictureKind = "icon" | "screenshot";
/** The store itself has a logo. */
export type PictureKind = AppPictureKind | "logo";

/** Icons are made from the largest that every app has. */
export const ICON_SOURCE_PX = 512;

/** Of icons both sides; of screenshots and logos the longer side at most: none is made larger than it came. */
export const SHOWN_SIZES = {
  icon: { "48": 48, "96": 96, "192": 192, "512": 512 },
  screenshot: { small: 480, medium: 960, large: 1920 },
  logo: { logo64: 64, logo256: 256, logo512: 512 },
} as const satisfies Record<PictureKind, Readonly<Record<string, number>>>;

/** The size of an icon that lists name: whoever shows it smaller asks for another in its place. */
export const LISTED_ICON = "192";

/** What is decoded has as many pixels at most: those of the largest screenshot that a manifest may name. */
export const MOST_PIXELS = 3840 * 3840;
/** A file of more is not read: a PNG of that many pixels of noise is smaller. */
export const MOST_SOURCE_BYTES = 64 * 2 ** 20;

/** Icons and logos are PNG, which every device reads; screenshots WebP, a quarter as large. */
const ENDINGS = { icon: "png", screenshot: "webp", logo: "png" } as const satisfies Record<
  PictureKind,
  string
>;
export const SHOWN_TYPES = { icon: "image/png", screenshot: "image/webp", logo: "image/png" } as const;

export const endingOf = (kind: PictureKind): string => ENDINGS[kind];

/** Where a size of a picture is shown, below `/`; `sourceKey` is its key as it came, `pictures/<sha256>.<ending>`. */
export function shownAddress(sourceKey: string, kind: PictureKind, size: string): string {
  return `${sourceKey.replace(/\.[a-z]+$/, "")}/${size}.${ENDINGS[kind]}`;
}

export type ShownAddress = {
  /** Of the picture as it came. */
  readonly sha256: Sha256;
  readonly kind: PictureKind;
  readonly size: string;
};

/** Null when nothing is ever shown under such a name. */
export function parseShown(sha256: string, file: string): ShownAddress | null {
  const [size = "", ending, ...rest] = file.split(".");
  if (!isSha256(sha256) || rest.length > 0) return null;
  for (const kind of ["icon", "screenshot", "logo"] as const)
    if (ENDINGS[kind] === ending && Object.hasOwn(SHOWN_SIZES[kind], size)) return { sha256, kind, size };
  return null;
}
