/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { type StoreApp, StoreGrid } from "../components/store-front.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type CatalogProps = {
  /** Those that this visitor may see, by their ids. */
  readonly apps: readonly StoreApp[];
  readonly pager: Pager;
};

/** `/catalog`: the apps of the store. */
export function catalogPage(ctx: PageContext, props: CatalogProps): JSX.Element {
  const { t } = ctx;
  const { apps, pager } = props;
  const isAll = pager.previousHref === null && pager.nextHref === null;
  return (
    <Page ctx={ctx} title={t("catalog.title")} front>
      <PageHead
        ctx={ctx}
        title={t("catalog.title")}
        lead={t(ctx.viewer === null ? "catalog.lead_visitor" : "catalog.lead")}
      />
      {apps.length === 0 ? (
        <Card flush>
          <EmptyState
            art={<NoAppsArt />}
            title={t(isAll ? "landing.empty_title" : "catalog.none_here_title")}
            sentence={t(isAll ? "landing.empty" : "catalog.none_here")}
          />
        </Card>
      ) : (
        <StoreGrid ctx={ctx} apps={apps} titleLevel={2} />
      )}
      <PagerLinks ctx={ctx} pager={pager} />
    </Page>
  );
}
