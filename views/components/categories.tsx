/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { IconName, PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

export type CategoryLink = {
  readonly id: string;
  readonly name: string;
  /** The language that the name is in, where it is not the page's. */
  readonly language: string | null;
  readonly icon: IconName;
  /** Apps in it that this visitor may see. */
  readonly apps: number;
  /** There may be more of them than were counted. */
  readonly isMore: boolean;
  readonly href: string;
};

/** The categories of the store, side by side, each with how many apps are in it. */
export function CategoryTiles(props: { ctx: PageContext; categories: readonly CategoryLink[] }): JSX.Element {
  const { ctx, categories } = props;
  return (
    <ul class="category-tiles">
      {categories.map(({ name, language, icon, apps, isMore, href }) => (
        <li class="category-tile whole-link">
          <Icon ctx={ctx} name={icon} large />
          <div>
            <a href={href} lang={language ?? undefined} dir="auto" safe>
              {name}
            </a>
            <p class="meta" safe>
              {ctx.t(isMore ? "categories.apps_most" : "categories.apps", { count: apps })}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Narrows what is shown to one category, or to none. */
export function CategoryFilter(props: {
  ctx: PageContext;
  categories: readonly CategoryLink[];
  /** The id of the one that holds; null: none. */
  current: string | null;
  /** Where nothing is narrowed. */
  allHref: string;
}): JSX.Element {
  const { ctx, categories, current, allHref } = props;
  return (
    <nav class="category-filter" aria-label={ctx.t("categories.title")}>
      <ul>
        <li>
          <a href={allHref} aria-current={current === null ? "true" : undefined} safe>
            {ctx.t("categories.all")}
          </a>
        </li>
        {categories.map(({ id, name, language, icon, href }) => (
          <li>
            <a href={href} aria-current={id === current ? "true" : undefined}>
              <Icon ctx={ctx} name={icon} />
              <span lang={language ?? undefined} dir="auto" safe>
                {name}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** How many apps are in a category, whoever may see them. */
export function countWords(ctx: PageContext, apps: number, most: number): string {
  return apps >= most ? `${formatNumber(ctx.locale, most)}+` : formatNumber(ctx.locale, apps);
}
