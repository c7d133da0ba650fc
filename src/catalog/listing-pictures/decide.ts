/** What a change makes of the pictures of a listing. Pure. */
import { type Fault, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { type LocalTexts, localTexts, tagFault } from "../local-texts.ts";
import type { AppPictureKind } from "../shown-pictures/sizes.ts";
import { LISTING_PICTURE_LIMITS } from "./limits.ts";

export type Said = {
  /** What the picture says to who does not see it, by language; of an icon nothing, since the app's name stands beside it. */
  readonly alts: LocalTexts;
  /** The language of those whom it is for; null: everybody. */
  readonly locale: string | null;
};

const CODE = "picture.invalid";

/** As it is kept. @throws Problem `picture.invalid`, with a fault for each field */
export function checkSaid(kind: AppPictureKind, { alts, locale }: Said): Said {
  if (kind === "icon") {
    const faults = [
      ...(Object.values(alts).every((text) => text.trim() === "")
        ? []
        : [
            {
              code: CODE,
              pointer: "/alts",
              message: say`An icon has no description: the app's name stands beside it.`,
            },
          ]),
      ...(locale === null
        ? []
        : [{ code: CODE, pointer: "/locale", message: say`An icon is for readers of all languages.` }]),
    ];
    refuse(faults);
    return { alts: {}, locale: null };
  }
  const { texts, faults } = localTexts(alts, {
    ...{ code: CODE, pointer: "/alts", what: say`A screenshot's description`, isRequired: true },
    characters: LISTING_PICTURE_LIMITS.altCharacters,
  });
  const wrongTag = locale === null ? null : tagFault(locale);
  refuse([...faults, ...(wrongTag === null ? [] : [{ code: CODE, pointer: "/locale", message: wrongTag }])]);
  return { alts: texts, locale };
}

function refuse(faults: readonly Fault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  const message = faults.length === 1 ? first.message : say`The picture cannot be described so.`;
  throw new Problem("unprocessable", "picture.invalid", message, faults);
}

type Counted = {
  readonly kind: AppPictureKind;
  readonly locale: string | null;
  readonly sizeBytes: number;
};

/**
 * With one that came or was changed among them, whether there are too many.
 * @throws Problem `picture.too_many`
 */
export function refuseTooMany(all: readonly Counted[], one: Counted): void {
  const { screenshotsOfLanguage, screenshots, bytes } = LISTING_PICTURE_LIMITS;
  const shots = all.filter(({ kind }) => kind === "screenshot");
  const sum = all.reduce((sizeBytes, picture) => sizeBytes + picture.sizeBytes, 0);
  const alike = shots.filter(({ locale }) => locale === one.locale).length;
  const message =
    one.kind === "screenshot" && alike > screenshotsOfLanguage
      ? one.locale === null
        ? say`A listing has ${screenshotsOfLanguage} screenshots for everybody at most. Remove one first.`
        : say`A listing has ${screenshotsOfLanguage} screenshots at most for readers of ${one.locale}. Remove one first.`
      : shots.length > screenshots
        ? say`A listing has ${screenshots} screenshots at most, in all languages together. Remove one first.`
        : sum > bytes
          ? say`The pictures of a listing have ${bytes} bytes at most, as they were uploaded: these would have ${sum}. Remove one first, or save them smaller.`
          : null;
  if (message !== null) throw new Problem("conflict", "picture.too_many", message);
}
