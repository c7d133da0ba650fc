/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { CategoryIcon } from "../../src/catalog/categories/icons.ts";
import { Button, LinkButton, PostButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { countWords } from "../components/categories.tsx";
import { CATEGORY_ICON_WORDS } from "../components/category-icons.ts";
import { actionsColumn } from "../components/columns.tsx";
import { Choice, ErrorSummary, Field, Select } from "../components/field.tsx";
import { Icon } from "../components/icon.tsx";
import { ListCard } from "../components/list-card.tsx";
import { LocalTextFields, NEW_LANGUAGE, NEW_TAG_FIELD } from "../components/local-texts.tsx";
import { RowName } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, IconName, MessageKey, PageContext } from "../page.ts";

export const MOST_APPS_SHOWN = 1000;

export type CategoryRow = {
  readonly id: string;
  readonly name: string;
  readonly icon: IconName;
  /** Ids of those that were merged into it. */
  readonly aliases: readonly string[];
  readonly apps: number;
  readonly revision: number;
};

/** What is filled in, by the names of the fields. */
export type CategoryValues = {
  /** Tags of the languages that have fields. */
  readonly languages: readonly string[];
  readonly values: Readonly<Record<string, string>>;
};

export type CategoriesProps = {
  readonly categories: readonly CategoryRow[];
  /** Names of icons to choose from. */
  readonly icons: readonly CategoryIcon[];
  readonly manages: boolean;
  readonly form: CategoryValues;
  readonly errors: readonly FieldError[];
};

const NO_PAGER = { previousHref: null, nextHref: null };

/** The names of the fields that say what a category is, in their order. */
export function categoryFields(languages: readonly string[]): readonly string[] {
  const local = (tag: string) => [`names/${tag}`, `descriptions/${tag}`];
  return ["id", ...languages.flatMap(local), NEW_TAG_FIELD, ...local(NEW_LANGUAGE), "icon"];
}

/** `/admin/categories`: the store's categories, and one more. */
export function categoriesPage(ctx: PageContext, props: CategoriesProps): JSX.Element {
  const { t } = ctx;
  const { categories, manages, form, errors } = props;
  const last = categories.length - 1;
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
              <div class="line">
                <Icon ctx={ctx} name={row.icon} />
                <RowName name={row.name} href={`/admin/categories/${row.id}`}>
                  <p class="meta mono" safe>
                    {[row.id, ...row.aliases].join(", ")}
                  </p>
                </RowName>
              </div>
            ),
          },
          {
            header: t("categories.apps_column"),
            end: true,
            tight: true,
            cell: (row) => <span safe>{countWords(ctx, row.apps, MOST_APPS_SHOWN)}</span>,
          },
          ...(manages
            ? [
                actionsColumn<CategoryRow>(ctx, (row) => {
                  const at = categories.indexOf(row);
                  return (
                    <div class="row-actions is-line">
                      {at > 0 && (
                        <Move ctx={ctx} row={row} place={at} label="categories.earlier" icon="move-up" />
                      )}
                      {at < last && (
                        <Move ctx={ctx} row={row} place={at + 2} label="categories.later" icon="move-down" />
                      )}
                    </div>
                  );
                }),
              ]
            : []),
        ]}
      />
      {manages && (
        <Card title={t("categories.new")}>
          <form class="form" method="post" action="/admin/categories" hx-boost="false">
            <Field
              ctx={ctx}
              name="id"
              label={t("categories.id")}
              hint={t("categories.id_hint")}
              value={form.values.id ?? ""}
              maxlength={32}
              spellcheck={false}
              mono
              errors={errors}
            />
            <CategoryFields ctx={ctx} icons={props.icons} form={form} errors={errors} />
            <div class="row">
              <Button ctx={ctx} label={t("categories.make")} kind="primary" />
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}

function Move(props: {
  ctx: PageContext;
  row: CategoryRow;
  place: number;
  label: MessageKey;
  icon: IconName;
}): JSX.Element {
  const { ctx, row, place } = props;
  return (
    <PostButton
      ctx={ctx}
      action={`/admin/categories/${row.id}/move`}
      revision={row.revision}
      hidden={{ place: String(place) }}
      label={ctx.t(props.label)}
      context={row.name}
      icon={props.icon}
      kind="ghost"
      small
    />
  );
}

/** What a category is called, what belongs into it, and its icon. */
function CategoryFields(props: {
  ctx: PageContext;
  icons: readonly CategoryIcon[];
  form: CategoryValues;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, icons, form, errors } = props;
  const { t } = ctx;
  return (
    <>
      <LocalTextFields
        ctx={ctx}
        languages={form.languages}
        parts={[
          { prefix: "names", label: t("categories.name"), maxlength: 50 },
          { prefix: "descriptions", label: t("categories.description"), maxlength: 200 },
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
  readonly form: CategoryValues;
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
            <form class="form" method="post" action={path} hx-boost="false">
              <Revision value={category.revision} />
              <CategoryFields ctx={ctx} icons={props.icons} form={form} errors={errors} />
              <div class="row">
                <Button ctx={ctx} label={t("categories.save")} kind="primary" />
              </div>
            </form>
          </Card>
          {others.length > 0 && (
            <Card title={t("categories.merge_title")}>
              <form class="form" method="get" action={`${path}/merge`}>
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
