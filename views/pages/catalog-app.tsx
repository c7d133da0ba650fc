/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import type { CategoryLink } from "../components/categories.tsx";
import { CodeBlock } from "../components/code.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { HostsCard, PermissionsCard } from "../components/manifest.tsx";
import { type NotesIn, NotesTexts } from "../components/notes.tsx";
import { QrCode } from "../components/qr.tsx";
import { type RatingSummary, type Review, ReviewItem, Summary } from "../components/ratings.tsx";
import { type Screenshot, Screenshots } from "../components/screenshots.tsx";
import { DeprecatedNotice, OnlyFor, type StoreApp } from "../components/store-front.tsx";
import { Links, type ListingLinks, Prose, Tags } from "../components/store-listing.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager, Permission } from "../page.ts";

export type CatalogVersionRow = {
  readonly version: string;
  readonly code: number;
  readonly publishedAt: Date;
  readonly sizeBytes: number;
  /** What is new, in the language that is read; null: nothing is said. */
  readonly notes: NotesIn | null;
  /** Of its file; null where that is for devices alone. */
  readonly href: string | null;
};

export type CatalogAppProps = {
  readonly app: StoreApp;
  /** The category that it is in; null: none. */
  readonly category: Pick<CategoryLink, "name" | "language" | "href"> | null;
  readonly newest: CatalogVersionRow;
  /** Opens the app on a device of the store. */
  readonly link: string;
  /** The same, for its camera. */
  readonly qr: { readonly size: number; readonly path: string };
  /** What those who have it say; null: the store has no ratings. */
  readonly ratings: {
    readonly summary: RatingSummary;
    readonly reviews: readonly Review[];
    /** What this visitor may do about it; null: nothing. */
    readonly rate: "rate" | "change" | "sign_in" | null;
  } | null;
  readonly signature: { readonly developerKey: string | null; readonly sha256: string };
  /** Markup that the server made of Markdown; "" for none. */
  readonly descriptionHtml: string;
  readonly tags: readonly string[];
  readonly links: ListingLinks;
  readonly screenshots: readonly Screenshot[];
  readonly permissions: readonly Permission[];
  readonly hosts: readonly string[];
  readonly versions: readonly CatalogVersionRow[];
  readonly pager: Pager;
  /** The newest of those that are offered to nobody any more. */
  readonly yanked: readonly {
    readonly version: string;
    readonly code: number;
    readonly reason: string;
    readonly at: Date;
  }[];
};

/** `/catalog/:appId`: an app as the store shows it. */
export function catalogAppPage(ctx: PageContext, props: CatalogAppProps): JSX.Element {
  const { t } = ctx;
  const { app, newest, screenshots } = props;
  return (
    <Page ctx={ctx} title={app.name} front>
      <PageHead
        ctx={ctx}
        title={app.name}
        crumbs={[{ label: t("catalog.title"), href: "/catalog" }]}
        icon={<AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />}
        badge={<OnlyFor ctx={ctx} only={app.only} />}
        {...(app.summary === null ? {} : { lead: app.summary })}
      />
      <DeprecatedNotice ctx={ctx} deprecated={app.deprecated} />
      <div class="columns is-led">
        <Install ctx={ctx} {...props} />
        <div class="stack">
          {props.screenshots.length > 0 && (
            <Card title={t("catalog.screenshots")}>
              <Screenshots ctx={ctx} screenshots={screenshots} />
            </Card>
          )}
          {(props.descriptionHtml !== "" || props.tags.length > 0) && (
            <Card title={t("catalog.about")}>
              <div class="stack">
                {props.descriptionHtml !== "" && <Prose safeHtml={props.descriptionHtml} />}
                <Tags ctx={ctx} tags={props.tags} />
              </div>
            </Card>
          )}
          {newest.notes !== null && (
            <Card title={t("catalog.whats_new")}>
              <NotesTexts ctx={ctx} notes={[newest.notes]} />
            </Card>
          )}
          {props.ratings !== null && <Ratings ctx={ctx} app={app} ratings={props.ratings} />}
          <PermissionsCard ctx={ctx} permissions={props.permissions} />
          {props.hosts.length > 0 && <HostsCard ctx={ctx} hosts={props.hosts} />}
          <Versions ctx={ctx} {...props} />
          {props.yanked.length > 0 && <Yanked ctx={ctx} yanked={props.yanked} />}
        </div>
        <div class="stack">
          <Card title={t("catalog.details")}>
            <div class="stack-s">
              <Facts items={factsOf(ctx, app, newest, props.category)} />
              <p class="meta">
                <a href={`/catalog/${app.id}/report`} rel="nofollow" safe>
                  {t("report.app_link")}
                </a>
              </p>
            </div>
          </Card>
          {props.links.length > 0 && (
            <Card title={t("store_listing.links")}>
              <Links ctx={ctx} links={props.links} />
            </Card>
          )}
          <Card title={t("catalog.signatures")}>
            <div class="stack-s">
              <p safe>{t("catalog.signatures_lead")}</p>
              <Facts items={signatureFacts(ctx, props.signature)} />
            </div>
          </Card>
        </div>
      </div>
    </Page>
  );
}

const INSTALL = {
  everyone: "catalog.install_everyone",
  "signed-in": "catalog.install_signed_in",
  groups: "catalog.install_groups",
} as const;

/** What one came for: on the device that the page is read on, on another by its camera, or by a command. The file comes last. */
function Install(props: CatalogAppProps & { ctx: PageContext }): JSX.Element {
  const { ctx, app, newest } = props;
  const { t } = ctx;
  return (
    <Card title={t("catalog.install")}>
      <div class="stack-s">
        <LinkButton
          ctx={ctx}
          href={props.link}
          label={t("catalog.install_here")}
          icon="device"
          kind="primary"
          wide
          away
        />
        <p class="meta" safe>
          {t(INSTALL[app.only ?? "everyone"])}
        </p>
        <p safe>{t("catalog.qr_lead")}</p>
        <QrCode qr={props.qr} label={t("catalog.qr", { app: app.name })} />
        <CodeBlock
          ctx={ctx}
          id="install"
          title={t("catalog.install_command")}
          code={`mosis device install ${app.id}`}
          wraps
        />
        {newest.href !== null && (
          <p class="meta">
            <a href={newest.href} download="" hx-boost="false">
              <span safe>{t("catalog.download_file")}</span>
            </a>{" "}
            <span>
              <bdi safe>{newest.version}</bdi>, <Bytes ctx={ctx} value={newest.sizeBytes} />
            </span>
          </p>
        )}
      </div>
    </Card>
  );
}

const RATE_LABELS = {
  rate: "ratings.rate",
  change: "ratings.change",
  sign_in: "ratings.sign_in_to_rate",
} as const;

function Ratings(props: {
  ctx: PageContext;
  app: StoreApp;
  ratings: NonNullable<CatalogAppProps["ratings"]>;
}): JSX.Element {
  const { ctx, app, ratings } = props;
  const { t } = ctx;
  const { summary, reviews, rate } = ratings;
  const href = `/catalog/${app.id}/ratings`;
  return (
    <Card
      title={t("ratings.title")}
      flush
      {...(summary.count === 0
        ? {}
        : {
            actions: (
              <a href={href} safe>
                {t("ratings.all")}
              </a>
            ),
          })}
    >
      <div class="card-body stack">
        <Summary ctx={ctx} summary={summary} />
        {rate !== null && (
          <div class="row">
            <LinkButton
              ctx={ctx}
              href={rate === "sign_in" ? `/sign-in?next=${encodeURIComponent(href)}` : `${href}#own`}
              label={t(RATE_LABELS[rate])}
            />
          </div>
        )}
      </div>
      {reviews.length > 0 && (
        <div class="reviews is-below">
          {reviews.map((review) => (
            <ReviewItem ctx={ctx} review={review} />
          ))}
        </div>
      )}
    </Card>
  );
}

function factsOf(
  ctx: PageContext,
  app: StoreApp,
  newest: CatalogVersionRow,
  category: CatalogAppProps["category"],
) {
  const { t } = ctx;
  return [
    {
      term: t("catalog.publisher"),
      value:
        app.publisherHref === null ? (
          <bdi safe>{app.publisher}</bdi>
        ) : (
          <a href={app.publisherHref} dir="auto" safe>
            {app.publisher}
          </a>
        ),
    },
    ...(category === null
      ? []
      : [
          {
            term: t("categories.category"),
            value: (
              <a href={category.href} lang={category.language ?? undefined} dir="auto" safe>
                {category.name}
              </a>
            ),
          },
        ]),
    ...(app.installs === 0
      ? []
      : [
          {
            term: t("catalog.installs"),
            value: (
              <span title={t("store_front.installs_meaning")} safe>
                {formatNumber(ctx.locale, app.installs)}
              </span>
            ),
          },
        ]),
    { term: t("column.version"), value: <bdi safe>{newest.version}</bdi> },
    { term: t("column.published"), value: <Time ctx={ctx} at={newest.publishedAt} /> },
    { term: t("column.size"), value: <Bytes ctx={ctx} value={newest.sizeBytes} /> },
    {
      term: t("catalog.app_id"),
      value: (
        <code class="whole" safe>
          {app.id}
        </code>
      ),
      long: true,
    },
  ];
}

function signatureFacts(ctx: PageContext, { developerKey, sha256 }: CatalogAppProps["signature"]) {
  const { t } = ctx;
  const digest = (text: string) => (
    <code class="whole" dir="ltr" safe>
      {text}
    </code>
  );
  return [
    ...(developerKey === null
      ? []
      : [{ term: t("catalog.developer_key"), value: digest(developerKey), long: true }]),
    { term: t("catalog.package_digest"), value: digest(sha256), long: true },
  ];
}

function Yanked(props: { ctx: PageContext; yanked: CatalogAppProps["yanked"] }): JSX.Element {
  const { ctx, yanked } = props;
  const { t } = ctx;
  return (
    <Card title={t("catalog.yanked")}>
      <div class="stack-s">
        <p class="muted" safe>
          {t("catalog.yanked_lead")}
        </p>
        <Facts
          items={yanked.map(({ version, reason, at }) => ({
            term: t("version.number", { version }),
            value: (
              <span>
                <bdi safe>{reason}</bdi>{" "}
                <span class="meta">
                  <Time ctx={ctx} at={at} />
                </span>
              </span>
            ),
          }))}
        />
      </div>
    </Card>
  );
}

function Versions(props: { ctx: PageContext } & Pick<CatalogAppProps, "versions" | "pager">): JSX.Element {
  const { ctx, versions } = props;
  const { t } = ctx;
  return (
    <Card title={t("catalog.versions")} flush>
      <Table<CatalogVersionRow>
        caption={t("catalog.versions")}
        rows={versions}
        columns={[
          {
            header: t("column.version"),
            cell: ({ version, code, notes }) => (
              <div>
                <strong dir="auto" safe>
                  {version}
                </strong>{" "}
                <span class="meta" title={t("column.code")} safe>
                  {formatNumber(ctx.locale, code)}
                </span>
                {notes !== null && (
                  <details class="more">
                    <summary>
                      <span safe>{t("catalog.whats_new")}</span>
                      <span class="visually-hidden" safe>{` ${version}`}</span>
                    </summary>
                    <NotesTexts ctx={ctx} notes={[notes]} />
                  </details>
                )}
              </div>
            ),
          },
          {
            header: t("column.size"),
            end: true,
            tight: true,
            cell: ({ sizeBytes }) => <Bytes ctx={ctx} value={sizeBytes} />,
          },
          timeColumn(ctx, t("column.published"), ({ publishedAt }) => publishedAt),
          ...(versions.some(({ href }) => href !== null)
            ? [
                actionsColumn<CatalogVersionRow>(ctx, ({ href, version }) =>
                  href === null ? (
                    <></>
                  ) : (
                    <LinkButton
                      ctx={ctx}
                      href={href}
                      label={t("catalog.download")}
                      context={version}
                      kind="ghost"
                      small
                      download
                    />
                  ),
                ),
              ]
            : []),
        ]}
      />
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}
