/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { NoAppsArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton, PostButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ShowingBadge } from "../components/collections.tsx";
import { actionsColumn } from "../components/columns.tsx";
import { Checkbox, ErrorSummary, Field } from "../components/field.tsx";
import { FormZone } from "../components/form-zone.tsx";
import { ListCard } from "../components/list-card.tsx";
import { type LocalForm, LocalTextFields, localFields } from "../components/local-texts.tsx";
import { MoveButtons, rowId } from "../components/move-buttons.tsx";
import { NoCommonNotice } from "../components/no-common.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { RowName, Table } from "../components/table.tsx";
import { zoneHint } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { type CollectionLimits, type CollectionRow, collectionTexts } from "./collections.tsx";

export type CollectedRow = {
  readonly appId: string;
  readonly name: string;
  readonly publisher: string;
  /** Among all of them, 1 being the first. */
  readonly place: number;
  readonly standing: "shown" | "unpublished" | "unlisted" | "not_offered" | "being_deleted";
  readonly visibility: "everyone" | "signed-in" | "groups";
  readonly iconUrl: string | null;
};

export type FoundRow = {
  readonly appId: string;
  readonly name: string;
  readonly publisher: string;
  readonly iconUrl: string | null;
  readonly isIn: boolean;
};

export type CollectionProps = {
  readonly collection: CollectionRow;
  readonly limits: CollectionLimits;
  /** Apps that it may have. */
  readonly most: number;
  readonly manages: boolean;
  readonly apps: readonly CollectedRow[];
  readonly pager: Pager;
  /** What was searched, to put it in; null: nothing yet. */
  readonly search: { readonly query: string; readonly found: readonly FoundRow[] } | null;
  readonly form: LocalForm;
  /** In which the times of the form are. */
  readonly zone: string;
  readonly errors: readonly FieldError[];
};

const FOUND = "collection-found";

/** The names of the fields that say what it is, in their order. */
export function collectionFields(languages: readonly string[]): readonly string[] {
  return [...localFields(languages, ["names", "descriptions"]), "published", "shownFrom", "shownUntil"];
}

/** `/admin/collections/:collectionId`: a collection, what is in it, and how it ends. */
export function collectionPage(ctx: PageContext, props: CollectionProps): JSX.Element {
  const { t } = ctx;
  const { collection, manages, form, errors } = props;
  const { id, name, showing, apps, isFeatured } = collection;
  const path = `/admin/collections/${id}`;
  const words =
    showing === "shown" && apps === 0
      ? "collections.meaning_empty"
      : (`collections.meaning_${showing}` as const);
  return (
    <Page ctx={ctx} title={name}>
      <PageHead
        ctx={ctx}
        title={name}
        crumbs={[{ href: "/admin/collections", label: t("collections.title") }]}
        badge={<ShowingBadge ctx={ctx} showing={showing} />}
        lead={t(words)}
        actions={
          showing === "shown" && apps > 0 ? (
            <LinkButton
              ctx={ctx}
              href={`/catalog/collections/${id}`}
              label={t("app.in_store")}
              kind="ghost"
            />
          ) : undefined
        }
      />
      <ErrorSummary ctx={ctx} errors={errors} fields={collectionFields(form.languages)} />
      {collection.lacksCommon && <NoCommonNotice ctx={ctx} name={name} />}
      <Apps ctx={ctx} {...props} />
      {manages && (
        <>
          <AddApps ctx={ctx} {...props} />
          <About ctx={ctx} {...props} />
          {!isFeatured && (
            <Card title={t("collections.remove_title")}>
              <div class="split">
                <p class="muted" safe>
                  {t("collections.remove_lead")}
                </p>
                <LinkButton
                  ctx={ctx}
                  href={`${path}/remove`}
                  label={t("collections.remove")}
                  icon="delete"
                  kind="danger"
                />
              </div>
            </Card>
          )}
        </>
      )}
    </Page>
  );
}

type Props = CollectionProps & { ctx: PageContext };

function AppName(props: {
  appId: string;
  name: string;
  publisher: string;
  iconUrl: string | null;
  id?: string;
}): JSX.Element {
  const { appId, name, publisher, iconUrl, id } = props;
  return (
    <div class="line" id={id}>
      <AppIcon src={iconUrl} name={name} seed={appId} size="s" />
      <RowName name={name} href={`/apps/${appId}`}>
        <p class="meta">
          <bdi safe>{publisher}</bdi>
        </p>
        <p class="meta mono" safe>
          {appId}
        </p>
      </RowName>
    </div>
  );
}

/** Whom it is shown to, or why nobody. */
function StandingBadge(props: { ctx: PageContext; row: CollectedRow }): JSX.Element {
  const { t } = props.ctx;
  const { standing, visibility } = props.row;
  return standing === "shown" ? (
    <Badge
      tone={visibility === "everyone" ? "good" : "accent"}
      label={t(`visibility.${visibility === "signed-in" ? "signed_in" : visibility}`)}
    />
  ) : (
    <Badge tone="warn" hollow label={t(`collections.standing_${standing}`)} />
  );
}

function Apps(props: Props): JSX.Element {
  const { ctx, collection, manages, apps, pager } = props;
  const { t } = ctx;
  const path = `/admin/collections/${collection.id}`;
  return (
    <ListCard
      ctx={ctx}
      title={t("collections.apps_of", { count: collection.apps, most: props.most })}
      none={t("collections.no_apps")}
      art={<NoAppsArt />}
      {...(manages
        ? {
            step: (
              <LinkButton
                ctx={ctx}
                href="#collection-search"
                label={t("collections.add_title")}
                kind="primary"
              />
            ),
          }
        : {})}
      rows={apps}
      pager={pager}
      columns={[
        { header: t("column.app"), cell: (row) => <AppName {...row} id={rowId(row.appId)} /> },
        {
          header: t("collections.shown_to"),
          tight: true,
          cell: (row) => <StandingBadge ctx={ctx} row={row} />,
        },
        ...(manages
          ? [
              actionsColumn<CollectedRow>(ctx, (row) => (
                <div class="row-actions is-line">
                  <MoveButtons
                    ctx={ctx}
                    id={row.appId}
                    name={row.name}
                    place={row.place}
                    last={collection.apps}
                    action={`${path}/apps/${row.appId}/move`}
                    revision={collection.revision}
                  />
                  <PostButton
                    ctx={ctx}
                    action={`${path}/apps/${row.appId}/remove`}
                    revision={collection.revision}
                    label={t("collections.take_out")}
                    context={row.name}
                    kind="ghost"
                    small
                  />
                </div>
              )),
            ]
          : []),
      ]}
    />
  );
}

/** Looks for apps, and puts them in. */
function AddApps(props: Props): JSX.Element {
  const { ctx, collection, search, most } = props;
  const { t } = ctx;
  const path = `/admin/collections/${collection.id}`;
  const isFull = collection.apps >= most;
  return (
    <Card title={t("collections.add_title")} id="add">
      <div class="stack">
        <p class="muted" safe>
          {isFull ? t("collections.full", { count: most }) : t("collections.add_lead")}
        </p>
        {!isFull && (
          <SearchBox
            ctx={ctx}
            id="collection-search"
            action={path}
            label={t("collections.search")}
            query={search?.query ?? null}
            into={FOUND}
          />
        )}
        <div id={FOUND}>
          {!isFull && search !== null && search.found.length === 0 && (
            <p class="muted" role="status" safe>
              {t("collections.none_found")}
            </p>
          )}
          {!isFull && search !== null && search.found.length > 0 && (
            <Table
              caption={t("collections.search")}
              rows={search.found}
              columns={[
                { header: t("column.app"), cell: (row) => <AppName {...row} /> },
                actionsColumn<FoundRow>(ctx, (row) =>
                  row.isIn ? (
                    <span class="meta" safe>
                      {t("collections.is_in")}
                    </span>
                  ) : (
                    <PostButton
                      ctx={ctx}
                      action={`${path}/apps`}
                      revision={collection.revision}
                      id={`add-${row.appId}`}
                      focusNext="collection-search"
                      hidden={{ app: row.appId, q: search.query }}
                      label={t("collections.put_in")}
                      context={row.name}
                      icon="new"
                      inRow
                      small
                    />
                  ),
                ),
              ]}
            />
          )}
        </div>
      </div>
    </Card>
  );
}

/** What it is called, and when it is shown. */
function About(props: Props): JSX.Element {
  const { ctx, collection, limits, form, zone, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("collections.about")}>
      <form
        novalidate
        class="form"
        method="post"
        action={`/admin/collections/${collection.id}`}
        hx-boost="false"
      >
        <Revision value={collection.revision} />
        <LocalTextFields
          ctx={ctx}
          languages={form.languages}
          parts={collectionTexts(ctx, limits)}
          values={form.values}
          errors={errors}
        />
        <Checkbox
          ctx={ctx}
          name="published"
          label={t("collections.published")}
          hint={t("collections.published_hint")}
          checked={form.values.published === "true"}
          errors={errors}
        />
        <FormZone zone={zone} />
        <div class="collection-times">
          <Field
            ctx={ctx}
            name="shownFrom"
            label={t("collections.shown_from")}
            hint={`${t("collections.shown_from_hint")} ${zoneHint(ctx, zone)}`}
            type="datetime-local"
            value={form.values.shownFrom ?? ""}
            optional
            errors={errors}
          />
          <Field
            ctx={ctx}
            name="shownUntil"
            label={t("collections.shown_until")}
            hint={`${t("collections.shown_until_hint")} ${zoneHint(ctx, zone)}`}
            type="datetime-local"
            value={form.values.shownUntil ?? ""}
            optional
            errors={errors}
          />
        </div>
        <div class="row">
          <Button ctx={ctx} label={t("categories.save")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}
