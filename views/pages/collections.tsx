/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { type Showing, ShowingBadge } from "../components/collections.tsx";
import { actionsColumn, numberColumn } from "../components/columns.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { ListCard } from "../components/list-card.tsx";
import { type LocalForm, LocalTextFields, localFields } from "../components/local-texts.tsx";
import { MoveButtons, rowId } from "../components/move-buttons.tsx";
import { NoCommonBadge } from "../components/no-common.tsx";
import { RowName } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type CollectionRow = {
  readonly id: string;
  readonly name: string;
  /** As of a category. */
  readonly lacksCommon: boolean;
  /** It is that of the featured apps, which stands first. */
  readonly isFeatured: boolean;
  readonly showing: Showing;
  readonly apps: number;
  readonly revision: number;
};

/** In characters. */
export type CollectionLimits = { readonly id: number; readonly name: number; readonly description: number };

export type CollectionsProps = {
  readonly collections: readonly CollectionRow[];
  readonly limits: CollectionLimits;
  readonly manages: boolean;
  readonly form: LocalForm;
  readonly errors: readonly FieldError[];
};

const NO_PAGER = { previousHref: null, nextHref: null };

/** The texts of a collection, in the order of their fields. */
export function collectionTexts(ctx: PageContext, { name, description }: CollectionLimits) {
  return [
    { prefix: "names", label: ctx.t("categories.name"), maxlength: name },
    { prefix: "descriptions", label: ctx.t("categories.description"), maxlength: description },
  ];
}

/** The names of the fields of a new one, in their order. */
export function newCollectionFields(languages: readonly string[]): readonly string[] {
  return ["id", ...localFields(languages, ["names", "descriptions"])];
}

/** `/admin/collections`: the store's collections of apps, and one more. */
export function collectionsPage(ctx: PageContext, props: CollectionsProps): JSX.Element {
  const { t } = ctx;
  const { collections, limits, manages, form, errors } = props;
  const movable = collections.filter(({ isFeatured }) => !isFeatured);
  return (
    <Page ctx={ctx} title={t("collections.title")}>
      <PageHead ctx={ctx} title={t("collections.title")} lead={t("collections.admin_lead")} />
      <ErrorSummary ctx={ctx} errors={errors} fields={newCollectionFields(form.languages)} />
      <ListCard
        ctx={ctx}
        title={t("collections.list")}
        none={t("collections.none")}
        rows={collections}
        pager={NO_PAGER}
        columns={[
          {
            header: t("collections.collection"),
            cell: (row) => (
              <div id={rowId(row.id)}>
                <RowName name={row.name} href={`/admin/collections/${row.id}`}>
                  {row.isFeatured ? (
                    <p class="meta" safe>
                      {t("collections.is_featured")}
                    </p>
                  ) : (
                    <p class="meta mono" safe>
                      {row.id}
                    </p>
                  )}
                  {row.lacksCommon && <NoCommonBadge ctx={ctx} />}
                </RowName>
              </div>
            ),
          },
          {
            header: t("column.state"),
            tight: true,
            cell: (row) =>
              row.showing === "shown" && row.apps === 0 ? (
                <Badge tone="neutral" hollow label={t("collections.showing_empty")} />
              ) : (
                <ShowingBadge ctx={ctx} showing={row.showing} />
              ),
          },
          numberColumn<CollectionRow>(ctx, t("categories.apps_column"), ({ apps }) => apps),
          ...(manages
            ? [
                actionsColumn<CollectionRow>(ctx, (row) => (
                  <div class="row-actions is-line">
                    {!row.isFeatured && (
                      <MoveButtons
                        ctx={ctx}
                        id={row.id}
                        name={row.name}
                        place={movable.indexOf(row) + 1}
                        last={movable.length}
                        action={`/admin/collections/${row.id}/move`}
                        revision={row.revision}
                      />
                    )}
                  </div>
                )),
              ]
            : []),
        ]}
      />
      {manages && (
        <Card title={t("collections.new")}>
          <form novalidate class="form" method="post" action="/admin/collections" hx-boost="false">
            <Field
              ctx={ctx}
              name="id"
              label={t("categories.id")}
              hint={t("collections.id_hint")}
              value={form.values.id ?? ""}
              maxlength={limits.id}
              spellcheck={false}
              mono
              errors={errors}
            />
            <LocalTextFields
              ctx={ctx}
              languages={form.languages}
              parts={collectionTexts(ctx, limits)}
              values={form.values}
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("collections.make")} kind="primary" />
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}
