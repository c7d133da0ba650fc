/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { Button, Hidden, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field, TextArea } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { NoPicture, Picture, type Screenshot, Screenshots } from "../components/screenshots.tsx";
import {
  LINK_KINDS,
  type LinkKind,
  Links,
  type ListingLinks,
  Prose,
  Tags,
} from "../components/store-listing.tsx";
import { RowName, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead, Tabs } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";

export type ListingValues = {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** With commas between them. */
  readonly tags: string;
  readonly links: Readonly<Record<LinkKind, string>>;
};

export type ListingProps = {
  readonly app: TabbedApp & { readonly iconUrl: string | null };
  /** Of its package. */
  readonly deviceIconUrl: string | null;
  readonly publisher: string;
  readonly revision: number;
  /** Of the form: `tag` as it is kept, `name` in the reader's language. */
  readonly locale: { readonly tag: string; readonly name: string };
  readonly locales: readonly { readonly tag: string; readonly name: string; readonly isDefault: boolean }[];
  /** What the package says in this language; null where it says nothing. */
  readonly package: { readonly name: string | null; readonly summary: string | null };
  /** What devices show to who reads this language. */
  readonly device: { readonly name: string; readonly summary: string };
  readonly values: ListingValues;
  /** As the store shows it, of what is kept or of what was typed. */
  readonly preview: {
    readonly isTyped: boolean;
    readonly name: string;
    readonly summary: string;
    readonly descriptionHtml: string;
    readonly tags: readonly string[];
    readonly links: ListingLinks;
    /** For who reads this language. */
    readonly screenshots: readonly Screenshot[];
  };
  readonly limits: { readonly name: number; readonly summary: number; readonly description: number };
  /** Null for who may not change it. */
  readonly history:
    | readonly {
        readonly revision: number;
        readonly by: string;
        readonly at: Date;
        readonly isNow: boolean;
      }[]
    | null;
  readonly errors: readonly FieldError[];
  /** What was typed in place of a language and is none; "" without it. */
  readonly newLocale: string;
};

/** Begins the name of each link's field. */
export const LINK_FIELDS = "link-";
export const linkField = (kind: LinkKind): string => `${LINK_FIELDS}${kind}`;

export const LISTING_FIELDS: readonly string[] = [
  "name",
  "summary",
  "description",
  "tags",
  ...LINK_KINDS.map(linkField),
];

const path = (props: Pick<ListingProps, "app">): string => `/apps/${props.app.id}/store-listing`;

function hint(ctx: PageContext, said: string | null, rule: string): string {
  return said === null || said === ""
    ? rule
    : `${rule} ${ctx.t("store_listing.from_package", { text: said })}`;
}

function ListingForm(props: { ctx: PageContext; page: ListingProps }): JSX.Element {
  const { ctx, page } = props;
  const { t } = ctx;
  const { values, limits, errors } = page;
  return (
    <form novalidate class="form" method="post" action={path(page)}>
      <ErrorSummary ctx={ctx} errors={errors} fields={LISTING_FIELDS} />
      <Hidden
        pairs={[
          ["locale", page.locale.tag],
          ["revision", String(page.revision)],
        ]}
      />
      <Field
        ctx={ctx}
        name="name"
        label={t("store_listing.name")}
        hint={hint(ctx, page.package.name, t("store_listing.name_hint", { count: limits.name }))}
        value={values.name}
        maxlength={2 * limits.name}
        errors={errors}
        optional
      />
      <Field
        ctx={ctx}
        name="summary"
        label={t("store_listing.summary")}
        hint={hint(ctx, page.package.summary, t("store_listing.summary_hint", { count: limits.summary }))}
        value={values.summary}
        maxlength={2 * limits.summary}
        errors={errors}
        optional
      />
      <TextArea
        ctx={ctx}
        name="description"
        label={t("store_listing.description")}
        hint={t("store_listing.description_hint", { count: limits.description })}
        value={values.description}
        maxlength={2 * limits.description}
        rows={12}
        errors={errors}
        optional
      />
      <h3 safe>{t("store_listing.all_languages")}</h3>
      <Field
        ctx={ctx}
        name="tags"
        label={t("store_listing.tags")}
        hint={t("store_listing.tags_hint")}
        value={values.tags}
        errors={errors}
        optional
      />
      {LINK_KINDS.map((kind) => (
        <Field
          ctx={ctx}
          name={linkField(kind)}
          label={t(`store_listing.link.${kind}`)}
          type="url"
          value={values.links[kind]}
          errors={errors}
          optional
        />
      ))}
      <div class="row">
        <Button ctx={ctx} label={t("store_listing.save")} kind="primary" />
        <Button ctx={ctx} label={t("store_listing.preview")} name="act" value="preview" />
      </div>
    </form>
  );
}

/** The app as the store's own page shows it, small. */
function StorePreview(props: { ctx: PageContext; page: ListingProps }): JSX.Element {
  const { ctx, page } = props;
  const { preview, app } = page;
  return (
    <Card title={ctx.t("store_listing.in_store")} id="preview">
      <div class="stack">
        {preview.isTyped && <Notice ctx={ctx} tone="accent" title={ctx.t("store_listing.not_saved")} />}
        <div class="app-line">
          <AppIcon src={app.iconUrl} name={preview.name} seed={app.id} size="l" />
          <div>
            <p>
              <strong dir="auto" safe>
                {preview.name}
              </strong>
            </p>
            <p class="muted">
              <bdi safe>{page.publisher}</bdi>
            </p>
          </div>
        </div>
        {preview.summary !== "" && (
          <p dir="auto" safe>
            {preview.summary}
          </p>
        )}
        {preview.screenshots.length > 0 && <Screenshots ctx={ctx} screenshots={preview.screenshots} />}
        {preview.descriptionHtml !== "" && <Prose safeHtml={preview.descriptionHtml} />}
        <Tags ctx={ctx} tags={preview.tags} />
        {preview.links.length > 0 && <Links ctx={ctx} links={preview.links} />}
      </div>
    </Card>
  );
}

function DevicePreview(props: { ctx: PageContext; page: ListingProps }): JSX.Element {
  const { ctx, page } = props;
  const { device, app } = page;
  return (
    <Card title={ctx.t("store_listing.on_devices")}>
      <div class="stack">
        <div class="app-line">
          <AppIcon src={page.deviceIconUrl} name={device.name} seed={app.id} />
          <div>
            <p>
              <strong dir="auto" safe>
                {device.name}
              </strong>
            </p>
            <p class="muted" dir="auto" safe>
              {device.summary}
            </p>
          </div>
        </div>
        <p class="meta" safe>
          {ctx.t("store_listing.on_devices_why")}
        </p>
      </div>
    </Card>
  );
}

function History(props: {
  ctx: PageContext;
  page: ListingProps;
  rows: NonNullable<ListingProps["history"]>;
}): JSX.Element {
  const { ctx, page, rows } = props;
  const { t } = ctx;
  return (
    <Card title={t("store_listing.history")} flush>
      {rows.length === 0 ? (
        <p class="card-foot" safe>
          {t("store_listing.history_empty")}
        </p>
      ) : (
        <Table
          caption={t("store_listing.history")}
          rows={rows}
          columns={[
            {
              header: t("store_listing.revision"),
              cell: ({ revision, isNow }) => (
                <RowName
                  name={t(isNow ? "store_listing.revision_now" : "store_listing.revision_number", {
                    revision,
                  })}
                />
              ),
            },
            {
              header: t("store_listing.changed"),
              cell: ({ at, by }) => (
                <span>
                  <Time ctx={ctx} at={at} />{" "}
                  <span class="meta" safe>
                    {t("app.by", { name: by })}
                  </span>
                </span>
              ),
            },
            {
              header: t("column.actions"),
              quiet: true,
              end: true,
              cell: ({ revision, isNow }) =>
                isNow ? (
                  <></>
                ) : (
                  <form novalidate method="post" action={`${path(page)}/restore`}>
                    <Hidden
                      pairs={[
                        ["to", String(revision)],
                        ["revision", String(page.revision)],
                      ]}
                    />
                    <Button ctx={ctx} label={t("store_listing.restore")} small />
                  </form>
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}

function Languages(props: { ctx: PageContext; page: ListingProps }): JSX.Element {
  const { ctx, page } = props;
  const { t } = ctx;
  return (
    <div class="split listing-languages">
      <Tabs
        ctx={ctx}
        label={t("store_listing.languages")}
        tabs={page.locales.map(({ tag, name, isDefault }) => ({
          label: isDefault ? t("store_listing.default_language", { name }) : name,
          href: `${path(page)}?locale=${tag}`,
          current: tag === page.locale.tag,
        }))}
      />
      {page.history !== null && (
        <form novalidate class="field-and-button" method="get" action={path(page)}>
          <Field
            ctx={ctx}
            name="locale"
            label={t("store_listing.add_language")}
            hint={t("store_listing.add_language_hint")}
            value={page.newLocale}
            maxlength={35}
            spellcheck={false}
            mono
            errors={
              page.newLocale === "" ? [] : [{ field: "locale", message: t("store_listing.no_language") }]
            }
          />
          <Button ctx={ctx} label={t("store_listing.add_language_go")} />
        </form>
      )}
    </div>
  );
}

/** What there is of pictures, and the way to change them. */
function Pictures(props: { ctx: PageContext; page: ListingProps }): JSX.Element {
  const { ctx, page } = props;
  const { app, preview } = page;
  return (
    <Card
      title={ctx.t("listing_pictures.strip")}
      actions={
        <LinkButton
          ctx={ctx}
          href={`${path(page)}/pictures`}
          label={ctx.t(page.history === null ? "listing_pictures.look" : "listing_pictures.manage")}
          small
        />
      }
    >
      {/* It scrolls where there is little room, and nothing in it takes the focus. */}
      <div class="picture-strip" tabindex="0" role="group" aria-label={ctx.t("listing_pictures.strip")}>
        <AppIcon src={app.iconUrl} name={preview.name} seed={app.id} size="l" />
        {preview.screenshots.map(({ state, sizes }) =>
          state === "ready" ? <Picture sizes={sizes} alt="" /> : <NoPicture ctx={ctx} state={state} />,
        )}
        {preview.screenshots.length === 0 && (
          <p class="muted" safe>
            {ctx.t("listing_pictures.none_yet")}
          </p>
        )}
      </div>
    </Card>
  );
}

/** `/apps/:appId/store-listing`: what the store shows of an app, and the form that changes it. */
export function storeListingPage(ctx: PageContext, props: ListingProps): JSX.Element {
  const { t } = ctx;
  const { app } = props;
  return (
    <Page ctx={ctx} title={t("store_listing.title_of", { app: app.name })}>
      <PageHead
        ctx={ctx}
        title={t("store_listing.page_title")}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          { label: app.name, href: `/apps/${app.id}` },
        ]}
        lead={t("store_listing.lead")}
        actions={
          <LinkButton
            ctx={ctx}
            href="/docs/guides/store-listing"
            label={t("store_listing.docs")}
            icon="docs"
          />
        }
      />
      <AppTabs ctx={ctx} app={app} part="listing" />
      <Languages ctx={ctx} page={props} />
      <div class="columns">
        <div class="stack">
          <Pictures ctx={ctx} page={props} />
          {props.history !== null && (
            <Card title={t("store_listing.texts_in", { language: props.locale.name })}>
              <ListingForm ctx={ctx} page={props} />
            </Card>
          )}
          {props.history !== null && <History ctx={ctx} page={props} rows={props.history} />}
        </div>
        <div class="stack">
          <StorePreview ctx={ctx} page={props} />
          <DevicePreview ctx={ctx} page={props} />
        </div>
      </div>
    </Page>
  );
}
