/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt, NotFoundArt } from "../components/art.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { type StoreApp, StoreGrid } from "../components/store-front.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type CatalogProps = {
  /** Those that this visitor may see, by their ids. */
  readonly apps: readonly StoreApp[];
  readonly pager: Pager;
  /** What was searched for, and how many apps were found; null when all of them are shown. */
  readonly search: { readonly query: string; readonly found: number; readonly isCut: boolean } | null;
};

const RESULTS = "catalog-results";

/** `/catalog`: the apps of the store, or those that a question found. */
export function catalogPage(ctx: PageContext, props: CatalogProps): JSX.Element {
  const { t } = ctx;
  const { search } = props;
  return (
    <Page ctx={ctx} title={search === null ? t("catalog.title") : t("catalog.search_title", search)} front>
      <PageHead
        ctx={ctx}
        title={t("catalog.title")}
        lead={t(ctx.viewer === null ? "catalog.lead_visitor" : "catalog.lead")}
        actions={
          <SearchBox
            ctx={ctx}
            id="catalog-search"
            action="/catalog"
            label={t("catalog.search")}
            query={search?.query ?? null}
            into={RESULTS}
          />
        }
      />
      <div id={RESULTS} class="stack">
        {search !== null && (
          <p class="meta" role="status" dir="auto" safe>
            {t(search.isCut ? "catalog.found_most" : "catalog.found", search)}
          </p>
        )}
        <Apps ctx={ctx} {...props} />
        <PagerLinks ctx={ctx} pager={props.pager} />
      </div>
    </Page>
  );
}

function Apps(props: CatalogProps & { ctx: PageContext }): JSX.Element {
  const { ctx, apps, pager, search } = props;
  if (apps.length > 0) return <StoreGrid ctx={ctx} apps={apps} titleLevel={2} />;
  const isAll = pager.previousHref === null && pager.nextHref === null;
  return (
    <Card flush>
      {search === null ? (
        <EmptyState
          art={<NoAppsArt />}
          title={ctx.t(isAll ? "landing.empty_title" : "catalog.none_here_title")}
          sentence={ctx.t(isAll ? "landing.empty" : "catalog.none_here")}
        />
      ) : (
        <EmptyState
          art={<NotFoundArt />}
          sentence={ctx.t("catalog.not_found")}
          action={<LinkButton ctx={ctx} href="/catalog" label={ctx.t("catalog.all")} />}
        />
      )}
    </Card>
  );
}
