/** The screenshots of an app as pages show them to who reads a language. */
import type { Screenshot } from "../../../views/components/screenshots.tsx";
import { type ShownScreenshot, screenshotsFor } from "../../catalog/listing-pictures/shown.ts";
import { textIn } from "../../catalog/local-texts.ts";
import type { ShownPicture } from "../../catalog/shown-pictures/views.ts";

/** As an `img` names them. */
export const shownSizes = (sizes: ShownPicture["sizes"]): Screenshot["sizes"] =>
  sizes.map(({ key, widthPx, heightPx }) => ({ src: `/${key}`, widthPx, heightPx }));

export function screenshotsIn(
  all: readonly ShownScreenshot[],
  locale: string,
  defaultLocale: string,
): Screenshot[] {
  return screenshotsFor(all, locale, defaultLocale).map(({ alts, locale: of, state, sizes }) => ({
    alt: textIn(alts, locale),
    locale: of,
    state,
    sizes: shownSizes(sizes),
  }));
}
