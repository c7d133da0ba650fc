/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext, Pager } from "../page.ts";
import { NotFoundArt } from "./art.tsx";
import { LinkButton } from "./button.tsx";
import { Card } from "./card.tsx";
import { CategoryFilter, type CategoryLink } from "./categories.tsx";
import { EmptyState } from "./empty.tsx";
import { searchQuery } from "./sort-links.tsx";
import { type StoreApp, StoreGrid } from "./store-front.tsx";
import { PagerLinks } from "./table.tsx";

export type Search = { readonly query: string; readonly found: number; readonly isCut: boolean };

export type FoundAppsProps = {
  readonly search: Search;
  /** What was most likely meant comes first. */
  readonly apps: readonly StoreApp[];
  readonly pager: Pager;
  /** They lead to what the search finds in each. */
  readonly categories: readonly CategoryLink[];
};

/** What a question finds in the whole store. */
export function FoundApps(props: FoundAppsProps & { ctx: PageContext }): JSX.Element {
  const { ctx, search, apps, pager, categories } = props;
  return (
    <>
      {categories.length > 0 && (
        <CategoryFilter
          ctx={ctx}
          categories={categories}
          current={null}
          allHref={`/catalog${searchQuery(search.query)}`}
        />
      )}
      <FoundCount ctx={ctx} search={search} />
      {apps.length > 0 ? <StoreGrid ctx={ctx} apps={apps} titleLevel={2} /> : <NothingFound ctx={ctx} />}
      <PagerLinks ctx={ctx} pager={pager} />
    </>
  );
}

export function FoundCount({ ctx, search }: { ctx: PageContext; search: Search }): JSX.Element {
  return (
    <div class="found meta">
      <p role="status" dir="auto" safe>
        {ctx.t(search.isCut ? "catalog.found_most" : "catalog.found", search)}
      </p>
      {search.found > 1 && <p safe>{ctx.t("sort.best")}</p>}
    </div>
  );
}

export function NothingFound({ ctx }: { ctx: PageContext }): JSX.Element {
  return (
    <Card flush>
      <EmptyState
        art={<NotFoundArt />}
        sentence={ctx.t("catalog.not_found")}
        action={<LinkButton ctx={ctx} href="/catalog" label={ctx.t("catalog.all")} />}
      />
    </Card>
  );
}
