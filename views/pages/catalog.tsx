/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { Card } from "../components/card.tsx";
import { CategoryFilter, type CategoryLink, CategoryTiles } from "../components/categories.tsx";
import { EmptyState } from "../components/empty.tsx";
import { FoundCount, NothingFound, type Search } from "../components/found-apps.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { type Sorting, SortLinks, searchQuery, sortQuery } from "../components/sort-links.tsx";
import { type StoreApp, StoreGrid } from "../components/store-front.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type CatalogProps = {
  /** Those that this visitor may see, in the order that was asked for. */
  readonly apps: readonly StoreApp[];
  readonly pager: Pager;
  readonly sort: Sorting;
  /** What was searched for, and how many apps were found; null when all of them are shown. */
  readonly search: Search | null;
  /** Those of the store in which this visitor may see an app; with a search they lead to what it finds in each. */
  readonly categories: readonly CategoryLink[];
  /** There is a collection in which this visitor may see an app. */
  readonly hasCollections: boolean;
  /** The one that this page is of; null: it is of all apps. */
  readonly category: {
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
  } | null;
};

const RESULTS = "catalog-results";

/** `/catalog`: the apps of the store, or those that a question found. */
export function catalogPage(ctx: PageContext, props: CatalogProps): JSX.Element {
  const { t } = ctx;
  const { search, category, categories } = props;
  const title = category?.name ?? t("catalog.title");
  const lead =
    category === null
      ? t(ctx.viewer === null ? "catalog.lead_visitor" : "catalog.lead")
      : category.description;
  return (
    <Page ctx={ctx} title={search === null ? title : t("catalog.search_title", search)} front>
      <PageHead
        ctx={ctx}
        title={title}
        {...(category === null
          ? {}
          : { crumbs: [{ label: t("catalog.title"), href: `/catalog${sortQuery(props.sort.current)}` }] })}
        {...(lead === null ? {} : { lead })}
        actions={
          <SearchBox
            ctx={ctx}
            id="catalog-search"
            action={category === null ? "/catalog" : `/catalog/categories/${category.id}`}
            label={
              category === null ? t("catalog.search") : t("catalog.search_in", { category: category.name })
            }
            query={search?.query ?? null}
            into={RESULTS}
            sort={props.sort.current}
          />
        }
      />
      <div id={RESULTS} class="stack">
        {props.hasCollections &&
          search === null &&
          category === null &&
          props.pager.previousHref === null && (
            <p>
              <a href="/catalog/collections" safe>
                {t("collections.all")}
              </a>
            </p>
          )}
        {categories.length > 0 && (
          <Categories ctx={ctx} {...props} isStart={search === null && category === null} />
        )}
        {search !== null && <FoundCount ctx={ctx} search={search} />}
        {search === null && props.apps.length > 0 && <SortLinks ctx={ctx} sorting={props.sort} />}
        <Apps ctx={ctx} {...props} />
        <PagerLinks ctx={ctx} pager={props.pager} />
      </div>
    </Page>
  );
}

/** As the store begins they say what there is; from there on they narrow it. */
function Categories(props: CatalogProps & { ctx: PageContext; isStart: boolean }): JSX.Element {
  const { ctx, categories, category, search, pager, isStart } = props;
  if (isStart)
    return pager.previousHref === null ? (
      <section class="stack-s" aria-labelledby="categories">
        <h2 id="categories" class="visually-hidden" safe>
          {ctx.t("categories.title")}
        </h2>
        <CategoryTiles ctx={ctx} categories={categories} />
      </section>
    ) : (
      <></>
    );
  const order = props.sort.current;
  const asked = search === null ? sortQuery(order) : searchQuery(search.query, order);
  return (
    <CategoryFilter
      ctx={ctx}
      categories={categories}
      current={category?.id ?? null}
      allHref={`/catalog${asked}`}
    />
  );
}

function Apps(props: CatalogProps & { ctx: PageContext }): JSX.Element {
  const { ctx, apps, pager, search, category } = props;
  if (apps.length > 0) return <StoreGrid ctx={ctx} apps={apps} titleLevel={2} />;
  if (search !== null) return <NothingFound ctx={ctx} />;
  const isAll = pager.previousHref === null && pager.nextHref === null;
  return (
    <Card flush>
      <EmptyState
        art={<NoAppsArt />}
        title={ctx.t(isAll && category === null ? "landing.empty_title" : "catalog.none_here_title")}
        sentence={ctx.t(
          isAll ? (category === null ? "landing.empty" : "categories.empty") : "catalog.none_here",
        )}
      />
    </Card>
  );
}
