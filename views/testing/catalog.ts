/** The pages of the store's apps, in every state worth looking at. */
import { drawQr } from "../../src/http/portal/qr.ts";
import { type CatalogProps, catalogPage } from "../pages/catalog.tsx";
import { type CatalogAppProps, catalogAppPage } from "../pages/catalog-app.tsx";
import { categoryLinks, hostileLinks } from "./categories.ts";
import { before, DEVELOPER } from "./context.ts";
import {
  HOSTILE,
  HOSTILE_NAMES,
  LONG_TEXT,
  LONGEST,
  NO_PAGER,
  ORDINARY,
  PAGER,
  storeApps,
  versionProps,
} from "./data.ts";
import { notesText } from "./notes-texts.ts";
import { reviews, SUMMARY, UNRATED } from "./ratings.ts";
import type { Sample } from "./samples.ts";

type Names = typeof ORDINARY;

const list = (names: Names, changes: Partial<CatalogProps> = {}): CatalogProps => ({
  apps: storeApps(names),
  pager: NO_PAGER,
  search: null,
  categories: categoryLinks(names.long),
  hasCollections: true,
  category: null,
  sort: { path: "/catalog", current: null },
  ...changes,
});

const found = (query: string, count: number, isCut = false) => ({ query, found: count, isCut });

const CATEGORY = { id: "productivity", name: "Productivity", description: "Lists, notes and plans." };

const details = (names: Names, changes: Partial<CatalogAppProps> = {}): CatalogAppProps => {
  const [app] = storeApps(names);
  if (app === undefined) throw new Error("there is a first app");
  const { permissions, hosts } = versionProps("published", names);
  const link = `mosis://app?store=https%3A%2F%2Fapps.example.com&root=${"3b".repeat(32)}&id=${names.id}`;
  const row = (code: number, days: number) => ({
    version: code === 240 ? names.version : `2.${code % 10}.0`,
    code,
    publishedAt: before(days, "days"),
    sizeBytes: 1_843_201 + code,
    notes: code === 230 ? null : notesText(names),
    href: `/catalog/${names.id}/versions/${code}/package`,
  });
  return {
    app,
    category: names.long
      ? { name: LONG_TEXT.slice(0, 50), language: "de", href: "/catalog/categories/tools" }
      : { name: "Productivity", language: null, href: "/catalog/categories/productivity" },
    newest: row(240, 3),
    link,
    qr: drawQr(link),
    ratings: { summary: SUMMARY, reviews: reviews(names).slice(0, 3), rate: names.long ? "change" : "rate" },
    signature: { developerKey: "3b2c 9f41 ".repeat(8).trim(), sha256: "3b".repeat(32) },
    descriptionHtml: "<h3>For the field</h3>\n<p>Keeps <em>what</em> you would forget.</p>",
    tags: ["notes", "field-work"],
    links: [
      { kind: "homepage", href: "https://example.com/notes" },
      { kind: "privacy", href: "https://example.com/privacy" },
    ],
    screenshots: [],
    permissions: permissions ?? [],
    hosts,
    versions: [row(240, 3), row(233, 40), row(230, 200)],
    pager: NO_PAGER,
    yanked:
      names === ORDINARY
        ? []
        : [
            { version: names.version, code: 239, reason: names.text.slice(0, 200), at: before(2, "days") },
            { version: "2.3.5", code: 235, reason: "Loses drafts.", at: before(30, "days") },
          ],
    ...changes,
  };
};

const sample = (name: string, render: Sample["render"], viewer: Sample["viewer"] = DEVELOPER): Sample => ({
  name,
  path: "/catalog",
  viewer,
  render,
});

const only = (names: Names, kind: "signed-in" | "groups") => {
  const { app, ...rest } = details(names);
  return { ...rest, app: { ...app, only: kind } };
};

export const CATALOG_SAMPLES: readonly Sample[] = [
  sample("catalog", (ctx) => catalogPage(ctx, list(ORDINARY, { pager: PAGER }))),
  sample("catalog-visitor", (ctx) => catalogPage(ctx, list(ORDINARY)), null),
  sample("catalog-empty", (ctx) => catalogPage(ctx, list(ORDINARY, { apps: [] })), null),
  sample("catalog-empty-page", (ctx) => catalogPage(ctx, list(ORDINARY, { apps: [], pager: PAGER }))),
  sample("catalog-longest", (ctx) => catalogPage(ctx, list(LONGEST))),
  sample("catalog-found", (ctx) =>
    catalogPage(ctx, list(ORDINARY, { search: found("calcualtor", storeApps(ORDINARY).length) })),
  ),
  sample("catalog-found-most", (ctx) =>
    catalogPage(ctx, list(ORDINARY, { search: found("a", 100, true), pager: PAGER })),
  ),
  sample(
    "catalog-not-found",
    (ctx) => catalogPage(ctx, list(ORDINARY, { apps: [], search: found("qwertz", 0) })),
    null,
  ),
  sample("catalog-found-longest", (ctx) =>
    catalogPage(ctx, list(LONGEST, { search: found("W".repeat(100), 1) })),
  ),
  sample("catalog-uncategorised", (ctx) => catalogPage(ctx, list(ORDINARY, { categories: [] }))),
  sample("catalog-category", (ctx) =>
    catalogPage(
      ctx,
      list(ORDINARY, {
        category: CATEGORY,
        sort: { path: "/catalog/categories/productivity", current: "updated" },
      }),
    ),
  ),
  sample(
    "catalog-category-empty",
    (ctx) => catalogPage(ctx, list(ORDINARY, { apps: [], category: { ...CATEGORY, description: null } })),
    null,
  ),
  sample("catalog-category-found", (ctx) =>
    catalogPage(ctx, list(LONGEST, { category: CATEGORY, search: found("nots", 5) })),
  ),
  sample("catalog-app", (ctx) => catalogAppPage(ctx, details(ORDINARY, { pager: PAGER })), null),
  sample("catalog-app-groups", (ctx) => catalogAppPage(ctx, only(ORDINARY, "groups"))),
  sample("catalog-app-signed-in", (ctx) => catalogAppPage(ctx, only(ORDINARY, "signed-in"))),
  sample("catalog-app-restricted", (ctx) => {
    const ratings = { summary: UNRATED, reviews: [], rate: "sign_in" } as const;
    const { newest, versions, ...rest } = details(ORDINARY, { permissions: [], hosts: [], ratings });
    const closed = versions.map((version) => ({ ...version, href: null }));
    return catalogAppPage(ctx, {
      ...rest,
      newest: { ...newest, notes: null, href: null },
      versions: closed,
    });
  }),
  sample("catalog-app-longest", (ctx) =>
    catalogAppPage(ctx, {
      ...only(LONGEST, "groups"),
      screenshots: [
        {
          alt: LONG_TEXT,
          locale: "de",
          state: "ready",
          sizes: [{ src: "/assets/0123456789abcdef/favicon.svg", widthPx: 320, heightPx: 640 }],
        },
        { alt: LONG_TEXT, locale: null, state: "waiting", sizes: [] },
        { alt: LONG_TEXT, locale: "en", state: "unreadable", sizes: [] },
      ],
    }),
  ),
];

export const HOSTILE_CATALOG_SAMPLES: readonly Sample[] = [
  sample("catalog", (ctx) =>
    catalogPage(
      ctx,
      list(HOSTILE_NAMES, {
        search: found(HOSTILE, 1),
        categories: hostileLinks(),
        category: { id: "tools", name: HOSTILE, description: HOSTILE },
      }),
    ),
  ),
  sample("catalog-start", (ctx) => catalogPage(ctx, list(HOSTILE_NAMES, { categories: hostileLinks() }))),
  sample("catalog-app", (ctx) =>
    catalogAppPage(
      ctx,
      details(HOSTILE_NAMES, {
        category: { name: HOSTILE, language: HOSTILE, href: "/catalog/categories/x" },
        screenshots: [{ alt: HOSTILE, locale: HOSTILE, state: "waiting", sizes: [] }],
      }),
    ),
  ),
];
