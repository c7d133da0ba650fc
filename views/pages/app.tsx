/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { ShownAppState, ShownVersionState } from "../../src/catalog/app-state.ts";
import { AppIcon } from "../components/app-icon.tsx";
import { NoAppsArt } from "../components/art.tsx";
import { AppStates, StateBadge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Select } from "../components/field.tsx";
import { Commands, commandsForFirstVersion } from "../components/first-app.tsx";
import { Installs } from "../components/installs.tsx";
import { LineageCard, type LineageRow } from "../components/lineage.tsx";
import { ratingsWords, Stars } from "../components/ratings.tsx";
import { RevokeCard, type Standing, StandingNotice } from "../components/standing.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { type VersionAction, VersionActions } from "../components/version-actions.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";
import { DeletionNotice, type ShownDeletion } from "./app-deletion.tsx";
import { revokeHref } from "./revocations.tsx";
import { unnamedWords, type VisibilityName, visibilityLabel } from "./visibility.tsx";

export type VersionRow = {
  readonly id: string;
  readonly version: string;
  readonly code: number;
  readonly state: ShownVersionState;
  readonly sizeBytes: number;
  readonly by: string;
  readonly at: Date;
  readonly revision: number | string;
  readonly actions: readonly VersionAction[];
};

export type AppProps = {
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly summary: string | null;
    readonly iconUrl: string | null;
    readonly organisation: string;
    readonly createdAt: Date;
    readonly revision: number | string;
    /** As lists say them. */
    readonly states: readonly ShownAppState[];
    /** How often devices fetched it. */
    readonly installs: number;
    /** What devices get now. */
    readonly wasPublished: boolean;
    /** What devices are offered; null before the first, and while all of them are revoked. */
    readonly published: { readonly id: string; readonly version: string; readonly code: number } | null;
  };
  /** Newest first. */
  readonly versions: readonly VersionRow[];
  readonly pager: Pager;
  readonly lineage: readonly LineageRow[];
  readonly canOpenKeys: boolean;
  readonly canUpload: boolean;
  /** Somebody asked that it is deleted: it rests; null: nobody did. */
  readonly deletion: ShownDeletion | null;
  /** Whom the app trusts to upload its versions; null for who may not see that. */
  readonly publishing: { readonly count: number; readonly trustedOnly: boolean } | null;
  readonly visibility: {
    readonly name: VisibilityName;
    readonly groups: readonly string[];
    /** How many more, which are not named to this person. */
    readonly unnamedGroups: number;
  };
  readonly category: {
    /** The id of the one that was chosen; null: what the package says holds. */
    readonly chosen: string | null;
    /** What the package says, as people call it where the store has it. */
    readonly fromPackage: string | null;
    /** The name of the one that holds; null: none of the store's. */
    readonly name: string | null;
    /** Those to choose from; null for who may not choose. */
    readonly choice: readonly { readonly id: string; readonly name: string }[] | null;
  };
  /** Its page in the store, where this person meets it there. */
  readonly storeHref: string | null;
  /** What people and devices say of it; null: the store has no ratings, or nothing of it was published. */
  readonly ratings: { readonly average: number | null; readonly count: number } | null;
  /** How it stands in the store. */
  readonly listing: {
    readonly listed: boolean;
    /** What is said against it; null: nothing. */
    readonly deprecated: string | null;
    /** Whether this person may change it. */
    readonly manages: boolean;
  };
  /** To whom it is offered; null for who may not offer it. */
  readonly transfer: { readonly open: { readonly href: string; readonly named: string } | null } | null;
  /** True only while the app was never published. */
  readonly canDelete: boolean;
  /** To ask that it is deleted, once something of it was published. */
  readonly canRemove: boolean;
  readonly storeUrl: string;
  readonly standing: Standing;
  /** For administrators alone. */
  readonly canRevoke: boolean;
};

function Versions(props: {
  ctx: PageContext;
  app: AppProps["app"];
  versions: AppProps["versions"];
  pager: Pager;
}): JSX.Element {
  const { ctx, app, versions } = props;
  const { t } = ctx;
  const compare =
    versions.length > 1 ? (
      <LinkButton ctx={ctx} href={`/apps/${app.id}/compare`} label={t("compare.title")} small />
    ) : (
      <></>
    );
  return (
    <Card title={t("app.versions")} actions={compare} flush>
      <Table
        caption={t("app.versions")}
        rows={versions}
        columns={[
          {
            header: t("column.version"),
            cell: (row) => (
              <div class="cell-main">
                <a href={`/apps/${app.id}/versions/${row.id}`} dir="auto" safe>
                  {row.version}
                </a>
              </div>
            ),
          },
          {
            header: t("column.code"),
            end: true,
            cell: (row) => <span safe>{formatNumber(ctx.locale, row.code)}</span>,
          },
          {
            header: t("column.state"),
            cell: (row) => <StateBadge ctx={ctx} state={row.state} />,
          },
          { header: t("column.size"), end: true, cell: (row) => <Bytes ctx={ctx} value={row.sizeBytes} /> },
          {
            header: t("column.uploaded"),
            cell: (row) => (
              <span>
                <Time ctx={ctx} at={row.at} />{" "}
                <span class="meta" safe>
                  {t("app.by", { name: row.by })}
                </span>
              </span>
            ),
          },
          {
            header: t("column.actions"),
            quiet: true,
            end: true,
            cell: (row) =>
              row.actions.length > 0 ? (
                <div class="row-actions">
                  <VersionActions
                    ctx={ctx}
                    appId={app.id}
                    versionId={row.id}
                    version={row.version}
                    revision={row.revision}
                    actions={row.actions}
                    small
                  />
                </div>
              ) : (
                <></>
              ),
          },
        ]}
      />
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}

/** Whether lists have it, and what is said against it. */
function ListingCard(props: {
  ctx: PageContext;
  app: AppProps["app"];
  listing: AppProps["listing"];
}): JSX.Element {
  const { ctx, app, listing } = props;
  const { t } = ctx;
  const { listed, deprecated, manages } = listing;
  const act = listed ? ("unlist" as const) : ("relist" as const);
  return (
    <Card title={t("listing.title")}>
      <div class="stack-s">
        <div class="split">
          <p class="muted" safe>
            {t(listed ? "listing.is_listed" : "listing.is_unlisted")}
          </p>
          {manages && (
            <Confirm
              ctx={ctx}
              label={t(`listing.${act}`)}
              title={t(`listing.${act}_title`, { app: app.name })}
              consequence={t(`listing.${act}_consequence`)}
              action={`/apps/${app.id}/${act}`}
              revision={app.revision}
              confirmLabel={t(`listing.${act}`)}
            />
          )}
        </div>
        <div class="split">
          <p class="muted" dir="auto" safe>
            {deprecated === null
              ? t("listing.not_deprecated")
              : t("listing.deprecated", { text: deprecated })}
          </p>
          {manages && (
            <div class="row">
              <LinkButton
                ctx={ctx}
                href={`/apps/${app.id}/deprecate`}
                label={t(deprecated === null ? "listing.deprecate" : "listing.deprecate_change")}
              />
              {deprecated !== null && (
                <Confirm
                  ctx={ctx}
                  label={t("action.undeprecate")}
                  title={t("listing.undeprecate_title", { app: app.name })}
                  consequence={t("listing.undeprecate_consequence")}
                  action={`/apps/${app.id}/undeprecate`}
                  revision={app.revision}
                  confirmLabel={t("action.undeprecate")}
                />
              )}
            </div>
          )}
        </div>
      </div>
    </Card>
  );
}

/** Giving the app to another organisation. */
function TransferCard(props: {
  ctx: PageContext;
  app: AppProps["app"];
  open: NonNullable<AppProps["transfer"]>["open"];
}): JSX.Element {
  const { ctx, app, open } = props;
  const { t } = ctx;
  return (
    <Card title={t("transfer.card")}>
      <div class="split">
        <p class="muted" safe>
          {open === null ? t("transfer.card_lead") : t("transfer.offered_already", { named: open.named })}
        </p>
        <LinkButton
          ctx={ctx}
          href={open === null ? `/apps/${app.id}/transfer` : open.href}
          label={t(open === null ? "transfer.card_open" : "transfer.look")}
        />
      </div>
    </Card>
  );
}

/** Under which category people find it, and who says so. */
function CategoryCard(props: {
  ctx: PageContext;
  app: AppProps["app"];
  category: AppProps["category"];
}): JSX.Element {
  const { ctx, app, category } = props;
  const { t } = ctx;
  const { chosen, fromPackage, name, choice } = category;
  const said =
    fromPackage === null ? t("app.category_none_said") : t("app.category_said", { category: fromPackage });
  return (
    <Card title={t("categories.category")}>
      <div class="stack-s">
        <p class="muted">
          {name === null ? (
            <bdi safe>
              {chosen === null ? t("app.category_none") : t("app.category_gone", { id: chosen })}
            </bdi>
          ) : (
            <bdi safe>
              {t(chosen === null ? "app.category_is" : "app.category_chosen", { category: name })}
            </bdi>
          )}{" "}
          <span safe>{chosen === null && name !== null ? "" : said}</span>
        </p>
        {choice !== null && (
          <form novalidate class="category-choice" method="post" action={`/apps/${app.id}/category`}>
            <Select
              ctx={ctx}
              name="category"
              label={t("app.category_choice")}
              value={chosen ?? ""}
              filter
              options={[
                { value: "", label: said },
                ...choice.map((one) => ({ value: one.id, label: one.name })),
              ]}
            />
            <Button ctx={ctx} label={t("categories.save")} />
          </form>
        )}
      </div>
    </Card>
  );
}

/** What holds for the app as a whole, in one line where there is room. */
function Overview(props: { ctx: PageContext; app: AppProps["app"] }): JSX.Element {
  const { ctx, app } = props;
  const { t } = ctx;
  return (
    <Card>
      <h2 class="visually-hidden" safe>
        {t("app.overview")}
      </h2>
      <Facts
        strip
        items={[
          {
            term: t("app.id"),
            value: (
              <span class="mono" safe>
                {app.id}
              </span>
            ),
          },
          { term: t("column.organisation"), value: <bdi safe>{app.organisation}</bdi> },
          {
            term: t("app.on_devices"),
            value: app.published ? (
              <a href={`/apps/${app.id}/versions/${app.published.id}`} safe>
                {t("version.with_code", {
                  version: app.published.version,
                  code: formatNumber(ctx.locale, app.published.code),
                })}
              </a>
            ) : (
              <span class="muted" safe>
                {t(app.wasPublished ? "app.not_offered" : "app.never_published")}
              </span>
            ),
          },
          {
            term: t("column.installs"),
            value: <Installs ctx={ctx} installs={app.wasPublished ? app.installs : null} />,
          },
          { term: t("app.created"), value: <Time ctx={ctx} at={app.createdAt} /> },
        ]}
      />
    </Card>
  );
}

/** What can be looked at and changed of it beside its versions. */
function Settings(props: { ctx: PageContext } & AppProps): JSX.Element {
  const { ctx, app, visibility } = props;
  const { t } = ctx;
  const groupNames = [
    ...visibility.groups,
    ...(visibility.unnamedGroups === 0 ? [] : [unnamedWords(ctx, visibility.unnamedGroups)]),
  ];
  return (
    <>
      <Card title={t("store_listing.page_title")}>
        <div class="split">
          <p class="muted" safe>
            {t("app.listing_lead")}
          </p>
          <LinkButton ctx={ctx} href={`/apps/${app.id}/store-listing`} label={t("app.listing_open")} />
        </div>
      </Card>
      <LineageCard ctx={ctx} rows={props.lineage} linked={props.canOpenKeys} />
      <Card title={t("visibility.title")}>
        <div class="split">
          <p class="muted">
            <span safe>{visibilityLabel(ctx, visibility.name)}</span>
            {groupNames.length > 0 && (
              <>
                {": "}
                <bdi safe>{groupNames.join(", ")}</bdi>
              </>
            )}
          </p>
          <div class="row">
            {props.storeHref !== null && (
              <LinkButton ctx={ctx} href={props.storeHref} label={t("app.in_store")} kind="ghost" />
            )}
            <LinkButton ctx={ctx} href={`/apps/${app.id}/visibility`} label={t("visibility.open")} />
          </div>
        </div>
      </Card>
      {props.ratings !== null && (
        <Card title={t("ratings.title")}>
          <div class="split">
            <p class="muted">
              {props.ratings.average === null ? (
                <span safe>{t("ratings.none")}</span>
              ) : (
                <>
                  <Stars ctx={ctx} stars={props.ratings.average} />{" "}
                  <span safe>{ratingsWords(ctx, props.ratings.count)}</span>
                </>
              )}
            </p>
            <LinkButton ctx={ctx} href={`/apps/${app.id}/ratings`} label={t("ratings.open")} />
          </div>
        </Card>
      )}
      <CategoryCard ctx={ctx} app={app} category={props.category} />
      <ListingCard ctx={ctx} app={app} listing={props.listing} />
      {props.publishing !== null && (
        <Card title={t("publishers.title")}>
          <div class="split">
            <p class="muted" safe>
              {t(props.publishing.trustedOnly ? "app.trusted_only" : "app.trusted", {
                count: props.publishing.count,
              })}
            </p>
            <LinkButton ctx={ctx} href={`/apps/${app.id}/publishers`} label={t("app.trusted_open")} />
          </div>
        </Card>
      )}
      {props.canRevoke && (
        <RevokeCard
          ctx={ctx}
          links={[
            { href: revokeHref("lowest-version", app.id), label: t("revoked.set_lowest") },
            { href: revokeHref("revoke", app.id, "app"), label: t("revoked.new") },
          ]}
        />
      )}
      {props.transfer !== null && <TransferCard ctx={ctx} app={app} open={props.transfer.open} />}
      {props.canRemove && (
        <Card title={t("app.delete_title")}>
          <div class="split">
            <p class="muted" safe>
              {t("app_deletion.card")}
            </p>
            <LinkButton
              ctx={ctx}
              href={`/apps/${app.id}/remove`}
              label={t("app_deletion.open")}
              icon="delete"
              kind="danger"
            />
          </div>
        </Card>
      )}
      {props.canDelete && (
        <Card title={t("app.delete_title")}>
          <div class="split">
            <p class="muted" safe>
              {t("app.delete_lead")}
            </p>
            <Confirm
              ctx={ctx}
              label={t("app.delete")}
              icon="delete"
              kind="danger"
              title={t("app.delete_confirm", { app: app.name })}
              consequence={t("app.delete_consequence", { count: props.versions.length, id: app.id })}
              action={`/apps/${app.id}/delete`}
              revision={app.revision}
              confirmLabel={t("app.delete")}
              confirmKind="danger-fill"
            />
          </div>
        </Card>
      )}
    </>
  );
}

/** `/apps/:appId`: one app and its versions. */
export function appPage(ctx: PageContext, props: AppProps): JSX.Element {
  const { t } = ctx;
  const { app } = props;
  const canUpload = props.canUpload && props.deletion === null;
  const upload = `/apps/${app.id}/upload`;
  return (
    <Page ctx={ctx} title={app.name}>
      <PageHead
        ctx={ctx}
        title={app.name}
        crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
        icon={<AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />}
        badge={app.states.length === 0 ? <></> : <AppStates ctx={ctx} states={app.states} pill />}
        lead={app.summary ?? app.id}
        actions={
          canUpload && props.versions.length > 0 ? (
            <LinkButton ctx={ctx} href={upload} label={t("action.upload")} icon="upload" kind="primary" />
          ) : (
            <></>
          )
        }
      />
      {props.deletion !== null && <DeletionNotice ctx={ctx} app={app} deletion={props.deletion} />}
      <StandingNotice ctx={ctx} standing={props.standing} />
      <Overview ctx={ctx} app={app} />
      {props.versions.length > 0 ? (
        <Versions ctx={ctx} app={app} versions={props.versions} pager={props.pager} />
      ) : (
        <>
          <Card title={t("app.versions")} flush>
            <EmptyState
              art={<NoAppsArt />}
              sentence={t("app.empty")}
              action={
                canUpload ? (
                  <LinkButton
                    ctx={ctx}
                    href={upload}
                    label={t("action.upload")}
                    icon="upload"
                    kind="primary"
                  />
                ) : (
                  <></>
                )
              }
            />
          </Card>
          {canUpload && (
            <Card title={t("app.commands_title")}>
              <Commands ctx={ctx} id="first-version" code={commandsForFirstVersion(props.storeUrl, app)} />
            </Card>
          )}
        </>
      )}
      {props.deletion === null ? (
        <Settings ctx={ctx} {...props} />
      ) : (
        <LineageCard ctx={ctx} rows={props.lineage} linked={props.canOpenKeys} />
      )}
    </Page>
  );
}
