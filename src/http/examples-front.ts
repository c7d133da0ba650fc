/** An example of each named schema of the store front: what administrators arrange, and what visitors see. */

const AT = "2026-11-25T09:30:00.000Z";
const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const KEYID = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
const APP = "com.example.notes";

const TOOLS = {
  id: "tools",
  names: { en: "Tools", de: "Werkzeuge" },
  descriptions: { en: "What helps with the work." },
  icon: "category-tools",
  apps: 12,
};

const FIELD_WORK = {
  id: "field-work",
  names: { en: "For field work", de: "Für unterwegs" },
  descriptions: { en: "Works without a network, and with gloves on." },
};

const DEPRECATION = {
  text: "Journal does more, and opens the same notes.",
  instead: { id: "com.example.journal", name: "Journal" },
};

const ORGANISATION = "org-01936f2c5d7e7a8b9c0d1e2f3a4b5c6d";

const CATALOG_APP = {
  id: APP,
  name: "Notes",
  summary: "Keeps what you would forget.",
  publisher: "Example Ltd",
  publisherId: ORGANISATION,
  version: "1.2.0",
  versionCode: 7,
  publishedAt: AT,
  iconKey: `pictures/${DIGEST}/192.png`,
  installs: 1280,
  rating: { average: 4.25, count: 8, stars: { "1": 0, "2": 1, "3": 1, "4": 1, "5": 5 } },
  category: "tools",
  visibility: "everyone",
  listed: true,
  deprecated: null,
};

const VERSION = {
  version: "1.2.0",
  versionCode: 7,
  notes: "Notes can be sorted.",
  defaultLocale: "en",
  translatedNotes: { de: "Notizen lassen sich sortieren." },
  sha256: DIGEST,
  sizeBytes: 48_213,
};

const RATING = {
  id: "rat-01936f2c8d9e7fa0b1c2d3e4f5a6b7c8",
  stars: 4,
  text: "Opens at once, and has never lost a note.",
  language: "en",
  version: "1.2.0",
  versionCode: 7,
  createdAt: AT,
  updatedAt: AT,
  answer: { text: "Thank you for telling us.", by: "Example Ltd", at: AT },
};

const REPORT = {
  id: "rpt-01936f2c8d9e7fa0b1c2d3e4f5a6b7c8",
  appId: APP,
  reason: "other",
  text: "It says who I am.",
  createdAt: AT,
  revision: 1,
};

const REPORTED = {
  ...{ id: RATING.id, stars: RATING.stars, text: RATING.text, createdAt: AT },
  ...{ author: null, hiddenReason: null, revision: 2 },
};

const GROUP = { id: "grp-01936f2c8d9e7fa0b1c2d3e4f5a6b7c8", name: "Kiosks" };

const VISIBILITY = {
  appId: APP,
  visibility: "everyone",
  groups: [],
  unnamedGroups: 0,
  published: true,
  publicSince: AT,
  publicUntil: null,
};

const LISTING_PICTURE = {
  id: "pic-01936f2c7c9d7e8f9a0b1c2d3e4f5a6b",
  kind: "screenshot",
  place: 1,
  locale: null,
  alts: { en: "The list of notes, with one open.", de: "Die Liste der Notizen, eine davon offen." },
  widthPx: 1080,
  heightPx: 1920,
  sizeBytes: 412_300,
  addedBy: "account:acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
  addedAt: AT,
  state: "ready",
  sizes: [{ size: "small", widthPx: 270, heightPx: 480, key: `pictures/${DIGEST}/small.webp` }],
};

export const FRONT_EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Appearance: {
    name: "Northwind Apps",
    names: { de: "Nordwind-Apps" },
    taglines: { en: "Apps for the field", de: "Apps für unterwegs" },
    abouts: { en: "Made by **Field Services**." },
    accent: "#1f6feb",
    revision: 4,
  },
  Logos: {
    revision: 4,
    light: {
      ...{ widthPx: 512, heightPx: 512, sizeBytes: 20_480, state: "ready" },
      sizes: [{ size: "logo64", widthPx: 64, heightPx: 64, key: `pictures/${DIGEST}/logo64.png` }],
    },
    dark: null,
  },
  AppDeletion: {
    appId: APP,
    appName: "Notes",
    organisationId: ORGANISATION,
    organisationName: "Example Ltd",
    reason: "Journal has taken its place.",
    askedBy: "account:acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    askedAt: AT,
    endsAt: "2026-12-25T09:30:00.000Z",
    revision: 9,
  },
  RatingSummary: CATALOG_APP.rating,
  RatingAnswer: RATING.answer,
  OwnRating: { ...RATING, appId: APP, hidden: null, revision: 2 },
  OwnReport: { ...REPORT, ratingId: null },
  ReportedRating: REPORTED,
  Report: {
    ...REPORT,
    appName: "Notes",
    said: { stars: RATING.stars, text: RATING.text },
    rating: REPORTED,
    own: false,
    by: { accountId: "acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60", name: "Mira Castell" },
    closed: null,
  },
  CatalogRating: { ...RATING, author: "Mira Castell" },
  Rating: {
    ...{ ...RATING, author: "Mira Castell", byDevice: false, appId: APP, hidden: false, revision: 2 },
  },
  Category: {
    ...TOOLS,
    aliases: ["utilities"],
    createdBy: "account:acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    createdAt: AT,
    revision: 3,
  },
  CatalogCategory: TOOLS,
  AppCategory: { appId: APP, chosen: null, fromPackage: "tools", category: "tools" },
  Collection: {
    ...FIELD_WORK,
    published: true,
    shownFrom: null,
    shownUntil: "2027-01-01T00:00:00.000Z",
    showing: "shown",
    apps: 12,
    createdBy: "account:acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    createdAt: AT,
    revision: 15,
  },
  CollectedApp: {
    appId: APP,
    name: "Notes",
    publisher: "Example Ltd",
    place: 1,
    standing: "shown",
    visibility: "everyone",
    iconKey: CATALOG_APP.iconKey,
  },
  CatalogPublisher: { id: ORGANISATION, name: "Example Ltd", apps: 3, hasMore: false },
  CatalogCollection: FIELD_WORK,
  CatalogCollectionDetails: { ...FIELD_WORK, apps: 9 },
  CatalogCollectionRow: { collection: FIELD_WORK, items: [CATALOG_APP], hasMore: true },
  Deprecation: DEPRECATION,
  CatalogApp: CATALOG_APP,
  CatalogAppDetails: {
    ...CATALOG_APP,
    deprecated: DEPRECATION,
    notes: VERSION.notes,
    translatedNotes: VERSION.translatedNotes,
    sizeBytes: VERSION.sizeBytes,
    sha256: DIGEST,
    developerKeyid: KEYID,
    link: `mosis://app?store=https%3A%2F%2Fapps.example.com&root=${DIGEST}&id=${APP}`,
    defaultLocale: "en",
    texts: { en: { name: "Notes", summary: CATALOG_APP.summary, description: "**Notes** for the field." } },
    tags: ["notes"],
    links: { homepage: "https://example.com/notes" },
    screenshots: [
      {
        ...{ kind: "screenshot", position: 0, state: "ready", locale: null },
        alts: LISTING_PICTURE.alts,
        sizes: LISTING_PICTURE.sizes,
      },
    ],
    yanked: [{ version: "1.1.0", versionCode: 6, reason: "Loses drafts.", at: AT }],
  },
  ListingPicture: LISTING_PICTURE,
  ListingPictures: { appId: APP, revision: 3, icon: null, screenshots: [LISTING_PICTURE] },
  CatalogVersion: { ...VERSION, publishedAt: AT },
  Visibility: VISIBILITY,
  VisibilityPreview: {
    before: VISIBILITY,
    after: { visibility: "groups", groups: [{ ...GROUP, people: 0, devices: 40 }], unnamedGroups: 0 },
    changes: true,
    joining: [],
    leaving: [],
    leavingUnnamed: 0,
    versions: 3,
    scope: DIGEST,
  },
};
