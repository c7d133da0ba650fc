/** The pages of categories, in every state worth looking at, and categories for other pages. */
import { CATEGORY_ICONS } from "../../src/catalog/categories/icons.ts";
import type { CategoryLink } from "../components/categories.tsx";
import type { LocalForm } from "../components/local-texts.tsx";
import {
  type CategoriesProps,
  type CategoryProps,
  type CategoryRow,
  categoriesPage,
  categoryPage,
} from "../pages/categories.tsx";
import { confirmPage } from "../pages/confirm.tsx";
import { ADMINISTRATOR, AUDITOR } from "./context.ts";
import { HOSTILE, LONG_NAME, LONG_TEXT } from "./data.ts";
import type { Sample } from "./samples.ts";

const link = (id: string, name: string, apps: number, changes: Partial<CategoryLink> = {}): CategoryLink => ({
  id,
  name,
  language: null,
  icon: CATEGORY_ICONS.find((icon) => icon === `category-${id}`) ?? "category-other",
  apps,
  isMore: false,
  href: `/catalog/categories/${id}`,
  ...changes,
});

export const categoryLinks = (long = false): readonly CategoryLink[] => [
  link("productivity", long ? LONG_NAME : "Productivity", 12),
  link("business", "Business", 100, { isMore: true }),
  link("maps", "Maps and travel", 1),
  link("games", "Spiele", 3, { language: "de" }),
  link("developer-tools", "Developer tools", 41),
  link("tools", "Tools", 7),
];

const row = (id: string, name: string, changes: Partial<CategoryRow> = {}): CategoryRow => ({
  id,
  name,
  lacksCommon: false,
  icon: CATEGORY_ICONS.find((icon) => icon === `category-${id}`) ?? "category-other",
  aliases: [],
  apps: 12,
  revision: 1,
  ...changes,
});

const form = (values: Readonly<Record<string, string>> = {}): LocalForm => ({
  languages: ["en", "ar", "de"],
  values: { icon: "category-other", ...values },
});

const LIMITS = { id: 32, name: 50, description: 200, counted: 1000 };

const list = (changes: Partial<CategoriesProps> = {}): CategoriesProps => ({
  categories: [
    row("productivity", "Productivity"),
    row("tools", "Tools", { aliases: ["utilities", "system"], apps: 1000 }),
    row("of-long", LONG_NAME, { apps: 0 }),
    row("education", "التعليم", { lacksCommon: true }),
  ],
  icons: CATEGORY_ICONS,
  limits: LIMITS,
  manages: true,
  form: form(),
  errors: [],
  ...changes,
});

const one = (changes: Partial<CategoryProps> = {}): CategoryProps => ({
  category: row("tools", "Tools", { aliases: ["utilities"] }),
  icons: CATEGORY_ICONS,
  limits: LIMITS,
  form: form({ "names/en": "Tools", "names/de": "Werkzeuge", "names/ar": "الأدوات", icon: "category-tools" }),
  manages: true,
  others: [
    { id: "productivity", name: "Productivity" },
    { id: "of-long", name: LONG_NAME },
  ],
  errors: [],
  ...changes,
});

const sample = (
  name: string,
  render: Sample["render"],
  viewer: Sample["viewer"] = ADMINISTRATOR,
): Sample => ({ name, path: "/admin/categories", viewer, render });

export const CATEGORY_SAMPLES: readonly Sample[] = [
  sample("categories", (ctx) => categoriesPage(ctx, list())),
  sample("categories-none", (ctx) => categoriesPage(ctx, list({ categories: [] }))),
  sample("categories-auditor", (ctx) => categoriesPage(ctx, list({ manages: false })), AUDITOR),
  sample("categories-refused", (ctx) =>
    categoriesPage(
      ctx,
      list({
        form: form({ id: "Tools!", "names/en": LONG_NAME, "tag/new": "EN-us", "names/new": LONG_TEXT }),
        errors: [
          { field: "id", message: "A category's id has 1 to 32 small letters, digits and hyphens." },
          { field: "names/en", message: "There is a category of that name already." },
          { field: "tag/new", message: "“EN-us” is no language tag (BCP 47): expected en-US." },
        ],
      }),
    ),
  ),
  sample("category", (ctx) => categoryPage(ctx, one())),
  sample("category-auditor", (ctx) => categoryPage(ctx, one({ manages: false })), AUDITOR),
  sample("category-longest", (ctx) =>
    categoryPage(
      ctx,
      one({
        category: row("of-long", LONG_NAME, { aliases: ["a".repeat(32), "b-".repeat(15)], apps: 0 }),
        form: form({ "names/en": LONG_NAME, "descriptions/en": LONG_TEXT.slice(0, 200) }),
        others: [],
      }),
    ),
  ),
  {
    ...sample("category-merge", (ctx) => {
      const names = { name: "Tools", other: "Productivity" };
      return confirmPage(ctx, {
        title: ctx.t("categories.merge_confirm", names),
        consequences: [
          ctx.t("categories.merge_apps", { ...names, count: 12 }),
          ctx.t("categories.merge_consequence", { id: "tools", ...names }),
        ],
        action: "/admin/categories/tools/merge",
        revision: 3,
        hidden: { into: "productivity" },
        confirmLabel: ctx.t("categories.merge"),
        destructive: false,
        cancelHref: "/admin/categories/tools",
      });
    }),
    flash: "category_changed",
  },
  sample("category-remove", (ctx) =>
    confirmPage(ctx, {
      title: ctx.t("categories.remove_confirm", { name: "Tools" }),
      consequences: [
        ctx.t("categories.remove_apps", { count: 12 }),
        ctx.t("categories.remove_consequence", { id: "tools" }),
        ctx.t("categories.remove_aliases", { ids: "utilities", count: 1 }),
      ],
      action: "/admin/categories/tools/remove",
      revision: 3,
      confirmLabel: ctx.t("categories.remove"),
      destructive: true,
      cancelHref: "/admin/categories/tools",
    }),
  ),
];

export const HOSTILE_CATEGORY_SAMPLES: readonly Sample[] = [
  sample("categories", (ctx) =>
    categoriesPage(
      ctx,
      list({
        categories: [row(HOSTILE, HOSTILE, { aliases: [HOSTILE] })],
        form: form({ id: HOSTILE, "names/en": HOSTILE, "descriptions/en": HOSTILE, "tag/new": HOSTILE }),
        errors: [{ field: "", message: HOSTILE }],
      }),
    ),
  ),
  sample("category", (ctx) =>
    categoryPage(
      ctx,
      one({
        category: row(HOSTILE, HOSTILE, { aliases: [HOSTILE] }),
        others: [{ id: HOSTILE, name: HOSTILE }],
        errors: [{ field: "names/en", message: HOSTILE }],
      }),
    ),
  ),
];

export const hostileLinks = (): readonly CategoryLink[] => [
  link(HOSTILE, HOSTILE, 1, {
    language: HOSTILE,
    href: `/catalog/categories/${encodeURIComponent(HOSTILE)}`,
  }),
];
