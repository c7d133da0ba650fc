/** The pages of collections, in every state worth looking at, and collections for other pages. */
import type { CollectionHead, FeaturedApp } from "../components/collections.tsx";
import type { LocalForm } from "../components/local-texts.tsx";
import { catalogCollectionPage, catalogCollectionsPage } from "../pages/catalog-collections.tsx";
import { catalogPublisherPage } from "../pages/catalog-publisher.tsx";
import { type CollectedRow, type CollectionProps, collectionPage } from "../pages/collection.tsx";
import { type CollectionRow, type CollectionsProps, collectionsPage } from "../pages/collections.tsx";
import { confirmPage } from "../pages/confirm.tsx";
import type { LandingProps } from "../pages/landing.tsx";
import { ADMINISTRATOR, AUDITOR, DEVELOPER } from "./context.ts";
import {
  HOSTILE,
  HOSTILE_NAMES,
  LONG_NAME,
  LONG_TEXT,
  LONGEST,
  NO_PAGER,
  ORDINARY,
  PAGER,
  storeApps,
} from "./data.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const head = (id: string, name: string, changes: Partial<CollectionHead> = {}): CollectionHead => ({
  ...{ id, name, language: null, description: null, href: `/catalog/collections/${id}` },
  ...changes,
});

const featuredApps = (names: Names): readonly FeaturedApp[] =>
  storeApps(names)
    .slice(0, 4)
    .map((app, at) => ({ ...app, picture: at === 1 ? null : { sizes: pictureSizes(at) } }));

/** One that is high, and one that is wide. */
const pictureSizes = (at: number) => [
  {
    src: "/assets/0123456789abcdef/favicon.svg",
    widthPx: at === 0 ? 1280 : 720,
    heightPx: at === 0 ? 800 : 1280,
  },
];

/** What stands on the first page of collections. */
const SORT = { path: "/catalog/collections/field-work", current: null, own: "arranged" } as const;

export const frontRows = (
  names: Names,
): Pick<LandingProps, "featured" | "collections" | "hasMoreCollections"> => ({
  featured: {
    collection: head("featured", names.long ? LONG_NAME : "Featured"),
    apps: featuredApps(names),
  },
  collections: [
    {
      collection: head("field-work", names.long ? LONG_TEXT.slice(20, 70) : "For field work", {
        description: names.long ? LONG_TEXT.slice(0, 200) : "Works without a network, and with gloves on.",
      }),
      apps: [...storeApps(names), ...storeApps(names)],
      hasMore: true,
    },
    {
      collection: head("new-here", "Für den Anfang", { language: "de" }),
      apps: storeApps(names).slice(1, 2),
      hasMore: false,
    },
  ],
  hasMoreCollections: names.long,
});

export const NO_ROWS = { featured: null, collections: [], hasMoreCollections: false };

const row = (id: string, name: string, changes: Partial<CollectionRow> = {}): CollectionRow => ({
  lacksCommon: false,
  ...{ id, name, isFeatured: id === "featured", showing: "shown", apps: 12, revision: 3 },
  ...changes,
});

const LIMITS = { id: 50, name: 50, description: 200 };

const form = (values: Readonly<Record<string, string>> = {}): LocalForm => ({
  languages: ["en", "ar", "de"],
  values,
});

const list = (changes: Partial<CollectionsProps> = {}): CollectionsProps => ({
  collections: [
    row("featured", "Featured", { apps: 4 }),
    row("field-work", "For field work"),
    row("winter", "Ready for winter", { showing: "scheduled" }),
    row("of-long", LONG_NAME, { showing: "draft", apps: 0 }),
    row("summer", "Summer", { showing: "ended", apps: 200 }),
    row("soon", "Soon", { apps: 0 }),
  ],
  limits: LIMITS,
  manages: true,
  form: form(),
  errors: [],
  ...changes,
});

const STANDINGS = ["shown", "unpublished", "unlisted", "not_offered", "being_deleted"] as const;

const APPS: readonly CollectedRow[] = storeApps(ORDINARY).map(({ id, name, publisher }, at) => ({
  ...{ appId: id, name, publisher, place: at + 1, iconUrl: null },
  standing: STANDINGS[at] ?? "shown",
  visibility: at === 0 ? "groups" : "everyone",
}));

const one = (changes: Partial<CollectionProps> = {}): CollectionProps => ({
  collection: row("field-work", "For field work", { apps: APPS.length }),
  limits: LIMITS,
  most: 200,
  manages: true,
  apps: APPS,
  pager: NO_PAGER,
  search: null,
  form: form({ "names/en": "For field work", "names/de": "Für unterwegs", published: "true" }),
  zone: "Europe/Berlin",
  errors: [],
  ...changes,
});

const found = (query: string, names: Names = ORDINARY): CollectionProps["search"] => ({
  query,
  found: storeApps(names).map(({ id, name, publisher }, at) => ({
    ...{ appId: `${id}.found`, name, publisher, iconUrl: null, isIn: at === 1 },
  })),
});

const sample = (
  name: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = ADMINISTRATOR,
): Sample => ({ name, path: "/admin/collections", viewer, render });

const shown = (name: string, render: Sample["render"], viewer: Sample["viewer"] = null): Sample => ({
  ...{ name, path: "/catalog/collections", viewer, render },
});

const publisher = (name: string, render: Sample["render"], viewer: Sample["viewer"] = null): Sample => ({
  ...{ name, path: "/catalog/publishers/org-01936f2c5d7e7a8b9c0d1e2f3a4b5c6d", viewer, render },
});

export const COLLECTION_SAMPLES: readonly Sample[] = [
  sample("collections", (ctx) => collectionsPage(ctx, list())),
  sample("collections-auditor", (ctx) => collectionsPage(ctx, list({ manages: false })), AUDITOR),
  sample("collections-refused", (ctx) =>
    collectionsPage(
      ctx,
      list({
        form: form({ id: "Field work!", "names/en": LONG_NAME, "descriptions/en": LONG_TEXT }),
        errors: [
          { field: "id", message: "A collection's id has 1 to 50 small letters, digits and hyphens." },
          { field: "descriptions/en", message: "It is one line of 200 characters at most." },
        ],
      }),
    ),
  ),
  { ...sample("collection", (ctx) => collectionPage(ctx, one())), flash: "collection_app_added" },
  sample("collection-auditor", (ctx) => collectionPage(ctx, one({ manages: false })), AUDITOR),
  sample("collection-new", (ctx) =>
    collectionPage(
      ctx,
      one({ collection: row("field-work", "For field work", { showing: "draft", apps: 0 }), apps: [] }),
    ),
  ),
  sample("collection-empty", (ctx) =>
    collectionPage(ctx, one({ collection: row("soon", "قريبًا", { apps: 0, lacksCommon: true }), apps: [] })),
  ),
  sample("collection-ended", (ctx) =>
    collectionPage(ctx, one({ collection: row("summer", "Summer", { showing: "ended", apps: 5 }) })),
  ),
  sample("collection-found", (ctx) => collectionPage(ctx, one({ search: found("notes") }))),
  sample("collection-not-found", (ctx) =>
    collectionPage(ctx, one({ search: { query: "qwertz", found: [] } })),
  ),
  sample("collection-featured", (ctx) =>
    collectionPage(ctx, one({ collection: row("featured", "Featured", { apps: 5 }), most: 5 })),
  ),
  sample("collection-longest", (ctx) =>
    collectionPage(
      ctx,
      one({
        collection: row("of-long", LONG_NAME, { showing: "scheduled", apps: 200 }),
        most: 201,
        apps: APPS.map((app) => ({ ...app, name: LONG_NAME, publisher: LONGEST.organisation })),
        pager: PAGER,
        search: found("W".repeat(100), LONGEST),
        form: form({
          "names/en": LONG_NAME,
          "descriptions/en": LONG_TEXT.slice(0, 200),
          shownFrom: "2026-12-01T08:00",
          shownUntil: "2026-11-01T08:00",
        }),
        errors: [{ field: "shownUntil", message: "A collection is shown until a time after its beginning." }],
      }),
    ),
  ),
  sample("collection-remove", (ctx) =>
    confirmPage(ctx, {
      title: ctx.t("collections.remove_confirm", { name: "For field work" }),
      consequences: [ctx.t("collections.remove_consequence")],
      action: "/admin/collections/field-work/remove",
      revision: 3,
      confirmLabel: ctx.t("collections.remove"),
      destructive: true,
      cancelHref: "/admin/collections/field-work",
    }),
  ),
  shown("catalog-collections", (ctx) =>
    catalogCollectionsPage(ctx, {
      collections: [
        head("featured", "Featured"),
        head("field-work", "For field work", { description: "Works without a network." }),
        head("of-long", LONG_NAME, { description: LONG_TEXT.slice(0, 200), language: "de" }),
      ],
    }),
  ),
  shown("catalog-collections-none", (ctx) => catalogCollectionsPage(ctx, { collections: [] })),
  shown("catalog-collection", (ctx) =>
    catalogCollectionPage(ctx, {
      collection: head("field-work", "For field work", { description: "Works without a network." }),
      apps: storeApps(ORDINARY),
      pager: PAGER,
      sort: SORT,
    }),
  ),
  shown(
    "catalog-collection-longest",
    (ctx) =>
      catalogCollectionPage(ctx, {
        collection: head("of-long", LONG_NAME, { description: LONG_TEXT.slice(0, 200) }),
        apps: storeApps(LONGEST),
        pager: NO_PAGER,
        sort: { ...SORT, current: "installs" },
      }),
    DEVELOPER,
  ),
  publisher("catalog-publisher", (ctx) =>
    catalogPublisherPage(ctx, {
      publisher: { name: "Northwind Field Services", apps: 5, hasMore: false },
      apps: storeApps(ORDINARY),
      pager: NO_PAGER,
      sort: { path: "/catalog/publishers/org", current: null },
    }),
  ),
  publisher(
    "catalog-publisher-longest",
    (ctx) =>
      catalogPublisherPage(ctx, {
        publisher: { name: LONGEST.organisation, apps: 100, hasMore: true },
        apps: storeApps(LONGEST),
        pager: PAGER,
        sort: { path: "/catalog/publishers/org", current: null },
      }),
    DEVELOPER,
  ),
  publisher("catalog-publisher-empty-page", (ctx) =>
    catalogPublisherPage(ctx, {
      publisher: { name: "Northwind Field Services", apps: 1, hasMore: false },
      apps: [],
      pager: PAGER,
      sort: { path: "/catalog/publishers/org", current: null },
    }),
  ),
  shown("catalog-collection-empty-page", (ctx) =>
    catalogCollectionPage(ctx, {
      collection: head("field-work", "For field work"),
      apps: [],
      pager: PAGER,
      sort: SORT,
    }),
  ),
];

export const HOSTILE_COLLECTION_SAMPLES: readonly Sample[] = [
  sample("collections", (ctx) =>
    collectionsPage(
      ctx,
      list({
        collections: [row(HOSTILE, HOSTILE)],
        form: form({ id: HOSTILE, "names/en": HOSTILE, "tag/new": HOSTILE }),
        errors: [{ field: "", message: HOSTILE }],
      }),
    ),
  ),
  sample("collection", (ctx) =>
    collectionPage(
      ctx,
      one({
        collection: row(HOSTILE, HOSTILE),
        apps: APPS.slice(0, 1).map((app) => ({ ...app, appId: HOSTILE, name: HOSTILE, publisher: HOSTILE })),
        search: found(HOSTILE, HOSTILE_NAMES),
        form: form({ "names/en": HOSTILE, "descriptions/en": HOSTILE, shownFrom: HOSTILE }),
        errors: [{ field: "shownFrom", message: HOSTILE }],
      }),
    ),
  ),
  shown("catalog-collections", (ctx) => catalogCollectionsPage(ctx, { collections: [hostileHead()] })),
  shown("catalog-collection", (ctx) =>
    catalogCollectionPage(ctx, {
      collection: hostileHead(),
      apps: storeApps(HOSTILE_NAMES),
      pager: NO_PAGER,
      sort: SORT,
    }),
  ),
  publisher("catalog-publisher", (ctx) =>
    catalogPublisherPage(ctx, {
      publisher: { name: HOSTILE, apps: 5, hasMore: false },
      apps: storeApps(HOSTILE_NAMES),
      pager: NO_PAGER,
      sort: { path: "/catalog/publishers/org", current: null },
    }),
  ),
];

const hostileHead = (): CollectionHead =>
  // What it is called by in the page is an id, which has no spaces.
  head("hostile", HOSTILE, {
    description: HOSTILE,
    language: HOSTILE,
    href: `/catalog/collections/${encodeURIComponent(HOSTILE)}`,
  });

export const hostileFront = (): ReturnType<typeof frontRows> => ({
  featured: {
    collection: hostileHead(),
    apps: storeApps(HOSTILE_NAMES).map((app) => ({ ...app, picture: null })),
  },
  collections: [
    { collection: { ...hostileHead(), id: "another" }, apps: storeApps(HOSTILE_NAMES), hasMore: true },
  ],
  hasMoreCollections: true,
});
