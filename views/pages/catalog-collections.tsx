/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { Card } from "../components/card.tsx";
import type { CollectionHead } from "../components/collections.tsx";
import { EmptyState } from "../components/empty.tsx";
import { type Sorting, SortLinks } from "../components/sort-links.tsx";
import { type StoreApp, StoreGrid } from "../components/store-front.tsx";
import { PagerLinks } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

/** `/catalog/collections`: the collections in which this visitor may see an app. */
export function catalogCollectionsPage(
  ctx: PageContext,
  props: { readonly collections: readonly CollectionHead[] },
): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("collections.title")} front>
      <PageHead
        ctx={ctx}
        title={t("collections.title")}
        crumbs={[{ label: t("catalog.title"), href: "/catalog" }]}
      />
      {props.collections.length === 0 ? (
        <Card flush>
          <EmptyState art={<NoAppsArt />} sentence={t("collections.none_here")} />
        </Card>
      ) : (
        <ul class="collection-tiles">
          {props.collections.map(({ name, language, description, href }) => (
            <li class="collection-tile whole-link">
              <h2>
                <a href={href} lang={language ?? undefined} dir="auto" safe>
                  {name}
                </a>
              </h2>
              {description !== null && (
                <p class="muted" dir="auto" safe>
                  {description}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

export type CatalogCollectionProps = {
  readonly collection: CollectionHead;
  /** Those that this visitor may see, in the order that was chosen. */
  readonly apps: readonly StoreApp[];
  readonly pager: Pager;
  readonly sort: Sorting;
};

/** `/catalog/collections/:collectionId`: the apps of a collection. */
export function catalogCollectionPage(ctx: PageContext, props: CatalogCollectionProps): JSX.Element {
  const { t } = ctx;
  const { collection, apps, pager } = props;
  const { name, description } = collection;
  return (
    <Page ctx={ctx} title={name} front>
      <PageHead
        ctx={ctx}
        title={name}
        crumbs={[
          { label: t("catalog.title"), href: "/catalog" },
          { label: t("collections.title"), href: "/catalog/collections" },
        ]}
        {...(description === null ? {} : { lead: description })}
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
          {(apps.length > 1 || pager.previousHref !== null) && <SortLinks ctx={ctx} sorting={props.sort} />}
          <StoreGrid ctx={ctx} apps={apps} titleLevel={2} />
        </>
      )}
      <PagerLinks ctx={ctx} pager={pager} />
    </Page>
  );
}
