/** What the pictures of a listing may be, and how many. Pure. */
import { SCREENSHOT_LEAST, SCREENSHOT_MOST } from "../../format/manifest-files.ts";
import type { AppPictureKind } from "../shown-pictures/sizes.ts";
import { ICON_SOURCE_PX } from "../shown-pictures/sizes.ts";
import type { PictureRule } from "../shown-pictures/uploaded.ts";

const PICTURE_MOST_BYTES = 8 * 2 ** 20;

/** Screenshots as manifests may have them; icons as large as the largest that is shown, so that none is blown up. */
export const PICTURE_RULES = {
  icon: { maxBytes: PICTURE_MOST_BYTES, least: ICON_SOURCE_PX, most: 2048, isSquare: true },
  screenshot: {
    maxBytes: PICTURE_MOST_BYTES,
    least: SCREENSHOT_LEAST,
    most: SCREENSHOT_MOST,
    isSquare: false,
  },
} as const satisfies Record<AppPictureKind, PictureRule>;

export const LISTING_PICTURE_LIMITS = {
  /** For readers of one language, and for everybody: of each. */
  screenshotsOfLanguage: 8,
  screenshots: 40,
  /** Of all pictures of an app as they came. */
  bytes: 64 * 2 ** 20,
  altCharacters: 200,
} as const;
