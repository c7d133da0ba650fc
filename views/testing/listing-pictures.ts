/** The pages of a listing's pictures, in every state worth looking at. */
import { APP_PARTS } from "../pages/app-props.ts";
import { confirmPage } from "../pages/confirm.tsx";
import { listingPicturePage } from "../pages/listing-picture.tsx";
import {
  type ListedPicture,
  type ListingPicturesProps,
  listingPicturesPage,
} from "../pages/listing-pictures.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, HOSTILE_NAMES, LONG_TEXT, LONGEST, ORDINARY } from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const ID = "pic-01936f2c7c9d7e8f9a0b1c2d3e4f5a6b";
const FILE = "/assets/0123456789abcdef/favicon.svg";
const sizesOf = (widthPx: number, heightPx: number) => [{ src: FILE, widthPx, heightPx }];

const picture = (place: number, changes: Partial<ListedPicture> = {}): ListedPicture => ({
  ...{ id: `${ID.slice(0, -1)}${place}`, place, state: "ready", language: null },
  ...{ alt: "The list of notes, with one open.", sizes: sizesOf(270, 480) },
  ...{ widthPx: 1080, heightPx: 1920, sizeBytes: 412_300, by: "Mia Larsson", at: before(place, "days") },
  ...changes,
});

const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "de", label: "German" },
];

const props = (names: Names, changes: Partial<ListingPicturesProps> = {}): ListingPicturesProps => ({
  app: { id: names.id, name: names.name, parts: APP_PARTS },
  ...{ revision: 4, mayChange: true, packageIconUrl: null, packageScreenshots: 3 },
  icon: picture(1, { alt: "", sizes: [48, 96, 192, 512].flatMap((px) => sizesOf(px, px)) }),
  screenshots: [
    picture(1),
    picture(2, { alt: "Ein Bericht mit Fotos.", language: "German", sizes: sizesOf(480, 270) }),
    picture(3, { state: "waiting", sizes: [] }),
    picture(4, { state: "unreadable", sizes: [] }),
  ],
  languages: LANGUAGES,
  ownLanguage: "English",
  values: { alt: "", locale: "" },
  limits: {
    ...{ bytes: 8_000_000, iconLeast: 512, iconMost: 2048, screenshotLeast: 320, screenshotMost: 3840 },
    ...{ screenshotsOfLanguage: 8, altCharacters: 200 },
  },
  errors: [],
  ...changes,
});

const sample = (name: string, names: Names, changes: Partial<ListingPicturesProps> = {}): Sample => ({
  name,
  path: `/apps/${names.id}/store-listing/pictures`,
  viewer: DEVELOPER,
  render: (ctx) => listingPicturesPage(ctx, props(names, changes)),
});

const one = (
  name: string,
  names: Names,
  text: string,
  errors: ListingPicturesProps["errors"] = [],
): Sample => ({
  name,
  path: `/apps/${names.id}/store-listing/pictures/${ID}`,
  viewer: DEVELOPER,
  render: (ctx) =>
    listingPicturePage(ctx, {
      app: { id: names.id, name: names.name },
      ...{ id: ID, revision: 4, languages: LANGUAGES, altCharacters: 200, errors },
      picture: { alt: text, locale: null, state: "ready", sizes: sizesOf(270, 480) },
      form: { languages: ["en", "de"], values: { "alts/en": text, locale: "" } },
    }),
});

const ALT = "The list of notes, with one open.";

const removal = (kind: "icon" | "screenshot"): Sample => ({
  name: `listing-picture-remove-${kind}`,
  path: `/apps/${ORDINARY.id}/store-listing/pictures/${ID}/remove`,
  viewer: DEVELOPER,
  render: (ctx) =>
    confirmPage(ctx, {
      title: ctx.t(`listing_pictures.remove_${kind}`),
      consequences: [...(kind === "icon" ? [] : [ALT]), ctx.t(`listing_pictures.remove_${kind}_consequence`)],
      action: `/apps/${ORDINARY.id}/store-listing/pictures/${ID}/remove`,
      revision: 4,
      confirmLabel: ctx.t("listing_pictures.remove"),
      destructive: true,
      cancelHref: `/apps/${ORDINARY.id}/store-listing/pictures`,
    }),
});

export const LISTING_PICTURE_SAMPLES: readonly Sample[] = [
  sample("listing-pictures", ORDINARY),
  sample("listing-pictures-none", ORDINARY, { icon: null, screenshots: [], revision: 0 }),
  sample("listing-pictures-waiting", ORDINARY, {
    icon: picture(1, { state: "waiting", sizes: [] }),
    screenshots: [picture(1, { state: "waiting", sizes: [] })],
  }),
  sample("listing-pictures-read", ORDINARY, { mayChange: false }),
  sample("listing-pictures-longest", LONGEST, {
    screenshots: Array.from({ length: 3 }, (_, at) =>
      picture(at + 1, {
        alt: LONG_TEXT.slice(0, 200),
        language: LONG_TEXT.slice(0, 40),
        by: LONG_TEXT.slice(0, 60),
      }),
    ),
  }),
  sample("listing-pictures-refused", ORDINARY, {
    values: { alt: "The list of notes", locale: "de" },
    errors: [
      { field: "file", message: "The picture has 100 × 100 pixels: it needs 320 to 3840 of each side." },
      { field: "icon", message: "This is a file of the kind GIF, which cannot be taken." },
    ],
  }),
  removal("icon"),
  removal("screenshot"),
  one("listing-picture", ORDINARY, ALT),
  one("listing-picture-refused", LONGEST, LONG_TEXT.slice(0, 260), [
    { field: "alts/en", message: "A screenshot's description has 1 to 200 characters." },
    { field: "locale", message: "“x” is no language tag." },
  ]),
];

export const HOSTILE_LISTING_PICTURE_SAMPLES: readonly Sample[] = [
  sample("listing-pictures", HOSTILE_NAMES, {
    screenshots: [picture(1, { alt: HOSTILE, language: HOSTILE, by: HOSTILE })],
    languages: [{ value: HOSTILE, label: HOSTILE }],
    ownLanguage: HOSTILE,
    values: { alt: HOSTILE, locale: HOSTILE },
  }),
  one("listing-picture", HOSTILE_NAMES, HOSTILE),
];
