/** The page of an app's listing, in every state worth looking at. */
import { APP_PARTS } from "../pages/app-props.ts";
import { type ListingProps, storeListingPage } from "../pages/store-listing.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, HOSTILE_NAMES, LONG_TEXT, LONGEST, ORDINARY } from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const props = (names: Names, changes: Partial<ListingProps> = {}): ListingProps => ({
  app: { id: names.id, name: names.name, iconUrl: null, parts: APP_PARTS },
  deviceIconUrl: null,
  publisher: names.organisation,
  revision: 3,
  locale: { tag: "de", name: "German" },
  locales: [
    { tag: "en", name: "English", isDefault: true },
    { tag: "de", name: "German", isDefault: false },
    { tag: "pt-BR", name: "Brazilian Portuguese", isDefault: false },
  ],
  package: { name: names.name, summary: names.text.slice(0, 120) },
  device: { name: names.name, summary: names.text.slice(0, 120) },
  values: {
    name: "",
    summary: names.text.slice(0, 120),
    description: names.text,
    tags: "notes, field-work",
    links: {
      homepage: "https://example.com/notes",
      source: "",
      issues: "",
      support: "",
      privacy: "https://example.com/privacy",
    },
  },
  preview: {
    isTyped: false,
    name: names.name,
    summary: names.text.slice(0, 120),
    descriptionHtml: "<h3>For the field</h3>\n<p>Keeps <em>what</em> you would forget.</p>",
    tags: ["notes", "field-work"],
    links: [{ kind: "homepage", href: "https://example.com/notes" }],
    screenshots: [
      {
        alt: "The list of notes, with one open.",
        locale: null,
        state: "ready",
        sizes: [{ src: "/assets/0123456789abcdef/favicon.svg", widthPx: 270, heightPx: 480 }],
      },
      { alt: names.text.slice(0, 120), locale: "de", state: "waiting", sizes: [] },
    ],
  },
  limits: { name: 50, summary: 120, description: 10_000 },
  history: [
    { revision: 3, by: "Mia Larsson", at: before(2, "hours"), isNow: true },
    { revision: 2, by: "Mia Larsson", at: before(3, "days"), isNow: false },
  ],
  errors: [],
  newLocale: "",
  ...changes,
});

const sample = (name: string, names: Names, changes: Partial<ListingProps> = {}): Sample => ({
  name,
  path: `/apps/${names.id}/store-listing`,
  viewer: DEVELOPER,
  render: (ctx) => storeListingPage(ctx, props(names, changes)),
});

export const LISTING_SAMPLES: readonly Sample[] = [
  sample("store-listing", ORDINARY),
  sample("store-listing-preview", ORDINARY, { preview: { ...props(ORDINARY).preview, isTyped: true } }),
  sample("store-listing-empty", ORDINARY, {
    history: [],
    revision: 0,
    preview: { ...props(ORDINARY).preview, screenshots: [] },
  }),
  sample("store-listing-read", ORDINARY, { history: null }),
  sample("store-listing-longest", LONGEST),
  sample("store-listing-refused", ORDINARY, {
    values: { ...props(ORDINARY).values, name: LONG_TEXT, tags: "a b" },
    errors: [
      { field: "name", message: "The text needs at most 50 characters." },
      { field: "tags", message: "“a b” is no tag." },
      { field: "link-source", message: "The link needs an https address." },
    ],
    newLocale: "nonsense",
  }),
];

export const HOSTILE_LISTING_SAMPLES: readonly Sample[] = [
  sample("store-listing", HOSTILE_NAMES, {
    values: {
      name: HOSTILE,
      summary: HOSTILE,
      description: HOSTILE,
      tags: HOSTILE,
      links: { homepage: HOSTILE, source: HOSTILE, issues: HOSTILE, support: HOSTILE, privacy: HOSTILE },
    },
    preview: { ...props(HOSTILE_NAMES).preview, name: HOSTILE, summary: HOSTILE, tags: [HOSTILE] },
    locales: [{ tag: "en", name: HOSTILE, isDefault: true }],
    locale: { tag: "en", name: HOSTILE },
    newLocale: HOSTILE,
  }),
];
