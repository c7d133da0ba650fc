/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { type Sorting, SortLinks } from "../components/sort-links.tsx";
import { type StoreApp, StoreGrid } from "../components/store-front.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type CatalogPublisherProps = {
  readonly publisher: {
    readonly name: string;
    /** Apps that this visitor may see; where there are more, as far as they are counted. */
    readonly apps: number;
    readonly hasMore: boolean;
  };
  /** Those that this visitor may see. */
  readonly apps: readonly StoreApp[];
  readonly pager: Pager;
  readonly sort: Sorting;
};

/** `/catalog/publishers/:organisationId`: who publishes apps, and those of them that this visitor may see. */
export function catalogPublisherPage(ctx: PageContext, props: CatalogPublisherProps): JSX.Element {
  const { t } = ctx;
  const { publisher, pager, apps } = props;
  return (
    <Page ctx={ctx} title={publisher.name} front>
      <PageHead
        ctx={ctx}
        title={publisher.name}
        crumbs={[{ label: t("catalog.title"), href: "/catalog" }]}
        lead={t(publisher.hasMore ? "categories.apps_most" : "categories.apps", { count: publisher.apps })}
      />
      {apps.length === 0 ? (
        <Card flush>
          <EmptyState
            art={<NoAppsArt />}
            title={t("catalog.none_here_title")}
            sentence={t("catalog.none_here")}
          />
        </Card>
      ) : (
        <>
          <SortLinks ctx={ctx} sorting={props.sort} />
          <StoreGrid ctx={ctx} apps={apps} titleLevel={2} ofPublisher />
        </>
      )}
      <PagerLinks ctx={ctx} pager={pager} />
    </Page>
  );
}
