/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { CategoryIcon } from "../../src/catalog/categories/icons.ts";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { countWords } from "../components/categories.tsx";
import { CATEGORY_ICON_WORDS } from "../components/category-icons.ts";
import { actionsColumn } from "../components/columns.tsx";
import { Choice, ErrorSummary, Field, Select } from "../components/field.tsx";
import { Icon } from "../components/icon.tsx";
import { ListCard } from "../components/list-card.tsx";
import { type LocalForm, LocalTextFields, localFields } from "../components/local-texts.tsx";
import { MoveButtons, rowId } from "../components/move-buttons.tsx";
import { NoCommonBadge, NoCommonNotice } from "../components/no-common.tsx";
import { RowName } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, IconName, PageContext } from "../page.ts";

export type CategoryRow = {
  readonly id: string;
  readonly name: string;
  /** It has no name in English, which is what most of those read who have none in their own language. */
  readonly lacksCommon: boolean;
  readonly icon: IconName;
  /** Ids of those that were merged into it. */
  readonly aliases: readonly string[];
  readonly apps: number;
  readonly revision: number;
};

/** How many characters each has at most, and how many apps are counted. */
export type CategoryLimits = {
  readonly id: number;
  readonly name: number;
  readonly description: number;
  readonly counted: number;
};

export type CategoriesProps = {
  readonly categories: readonly CategoryRow[];
  /** Names of icons to choose from. */
  readonly icons: readonly CategoryIcon[];
  readonly limits: CategoryLimits;
  readonly manages: boolean;
  readonly form: LocalForm;
  readonly errors: readonly FieldError[];
};

const NO_PAGER = { previousHref: null, nextHref: null };

/** The names of the fields that say what a category is, in their order. */
export function categoryFields(languages: readonly string[]): readonly string[] {
  return ["id", ...localFields(languages, ["names", "descriptions"]), "icon"];
}

/** `/admin/categories`: the store's categories, and one more. */
export function categoriesPage(ctx: PageContext, props: CategoriesProps): JSX.Element {
  const { t } = ctx;
  const { categories, limits, manages, form, errors } = props;
  return (
    <Page ctx={ctx} title={t("categories.title")}>
      <PageHead ctx={ctx} title={t("categories.title")} lead={t("categories.admin_lead")} />
      <ErrorSummary ctx={ctx} errors={errors} fields={categoryFields(form.languages)} />
      <ListCard
        ctx={ctx}
        title={t("categories.list")}
        none={t("categories.none")}
        rows={categories}
        pager={NO_PAGER}
        columns={[
          {
            header: t("categories.category"),
            cell: (row) => (
              <div class="line" id={rowId(row.id)}>
                <Icon ctx={ctx} name={row.icon} />
                <RowName name={row.name} href={`/admin/categories/${row.id}`}>
                  <p class="meta mono" safe>
                    {[row.id, ...row.aliases].join(", ")}
                  </p>
                  {row.lacksCommon && <NoCommonBadge ctx={ctx} />}
                </RowName>
              </div>
            ),
          },
          {
            header: t("categories.apps_column"),
            end: true,
            tight: true,
            cell: (row) => <span safe>{countWords(ctx, row.apps, limits.counted)}</span>,
          },
          ...(manages
            ? [
                actionsColumn<CategoryRow>(ctx, (row) => (
                  <div class="row-actions is-line">
                    <MoveButtons
                      ctx={ctx}
                      id={row.id}
                      name={row.name}
                      place={categories.indexOf(row) + 1}
                      last={categories.length}
                      action={`/admin/categories/${row.id}/move`}
                      revision={row.revision}
                    />
                  </div>
                )),
              ]
            : []),
        ]}
      />
      {manages && (
        <Card title={t("categories.new")}>
          <form novalidate class="form" method="post" action="/admin/categories" hx-boost="false">
            <Field
              ctx={ctx}
              name="id"
              label={t("categories.id")}
              hint={t("categories.id_hint")}
              value={form.values.id ?? ""}
              maxlength={limits.id}
              spellcheck={false}
              mono
              errors={errors}
            />
            <CategoryFields ctx={ctx} icons={props.icons} limits={props.limits} form={form} errors={errors} />
            <div class="row">
              <Button ctx={ctx} label={t("categories.make")} kind="primary" />
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}

/** What a category is called, what belongs into it, and its icon. */
function CategoryFields(props: {
  ctx: PageContext;
  icons: readonly CategoryIcon[];
  limits: CategoryLimits;
  form: LocalForm;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, icons, limits, form, errors } = props;
  const { t } = ctx;
  return (
    <>
      <LocalTextFields
        ctx={ctx}
        languages={form.languages}
        parts={[
          { prefix: "names", label: t("categories.name"), maxlength: limits.name },
          { prefix: "descriptions", label: t("categories.description"), maxlength: limits.description },
        ]}
        values={form.values}
        errors={errors}
      />
      <div class="icon-choice">
        <Choice
          ctx={ctx}
          name="icon"
          label={t("categories.icon")}
          value={form.values.icon}
          options={icons.map((icon) => ({
            value: icon,
            label: t(CATEGORY_ICON_WORDS[icon]),
            icon,
          }))}
          errors={errors}
        />
      </div>
    </>
  );
}

export type CategoryProps = {
  readonly category: CategoryRow;
  readonly icons: readonly CategoryIcon[];
  readonly limits: CategoryLimits;
  readonly form: LocalForm;
  readonly manages: boolean;
  /** The others, to merge it into. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
  readonly errors: readonly FieldError[];
};

/** `/admin/categories/:categoryId`: a category, and how it ends. */
export function categoryPage(ctx: PageContext, props: CategoryProps): JSX.Element {
  const { t } = ctx;
  const { category, form, manages, others, errors } = props;
  const path = `/admin/categories/${category.id}`;
  return (
    <Page ctx={ctx} title={category.name}>
      <PageHead
        ctx={ctx}
        title={category.name}
        crumbs={[{ href: "/admin/categories", label: t("categories.title") }]}
        lead={t("categories.one_lead", { id: category.id, count: category.apps })}
        actions={
          <LinkButton
            ctx={ctx}
            href={`/catalog/categories/${category.id}`}
            label={t("app.in_store")}
            kind="ghost"
          />
        }
      />
      <ErrorSummary ctx={ctx} errors={errors} fields={[...categoryFields(form.languages), "into"]} />
      {category.lacksCommon && <NoCommonNotice ctx={ctx} name={category.name} />}
      {category.aliases.length > 0 && (
        <Card title={t("categories.aliases")}>
          <p safe>{t("categories.aliases_lead")}</p>
          <p class="mono" safe>
            {category.aliases.join(", ")}
          </p>
        </Card>
      )}
      {manages && (
        <>
          <Card title={t("categories.about")}>
            <form novalidate class="form" method="post" action={path} hx-boost="false">
              <Revision value={category.revision} />
              <CategoryFields
                ctx={ctx}
                icons={props.icons}
                limits={props.limits}
                form={form}
                errors={errors}
              />
              <div class="row">
                <Button ctx={ctx} label={t("categories.save")} kind="primary" />
              </div>
            </form>
          </Card>
          {others.length > 0 && (
            <Card title={t("categories.merge_title")}>
              <form novalidate class="form" method="get" action={`${path}/merge`}>
                <p class="muted" safe>
                  {t("categories.merge_lead")}
                </p>
                <Select
                  ctx={ctx}
                  name="into"
                  label={t("categories.merge_into")}
                  options={others.map(({ id, name }) => ({ value: id, label: name }))}
                  errors={errors}
                />
                <div class="row">
                  <Button ctx={ctx} label={t("categories.merge")} />
                </div>
              </form>
            </Card>
          )}
          <Card title={t("categories.remove_title")}>
            <div class="split">
              <p class="muted" safe>
                {t("categories.remove_lead")}
              </p>
              <LinkButton
                ctx={ctx}
                href={`${path}/remove`}
                label={t("categories.remove")}
                icon="delete"
                kind="danger"
              />
            </div>
          </Card>
        </>
      )}
    </Page>
  );
}
