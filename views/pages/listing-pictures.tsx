/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { FileField, PICTURE_TYPES } from "../components/file-field.tsx";
import { MoveButtons, rowId } from "../components/move-buttons.tsx";
import { NoPicture, Picture, type PictureSize } from "../components/screenshots.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { formatBytes, formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";

export type ListedPicture = {
  readonly id: string;
  /** In the reader's language, as far as it is said. */
  readonly alt: string;
  /** Name of the language of those whom it is for; null: everybody. */
  readonly language: string | null;
  /** 1 is the first. */
  readonly place: number;
  readonly state: "ready" | "waiting" | "unreadable";
  readonly sizes: readonly PictureSize[];
  /** As it came. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sizeBytes: number;
  readonly by: string;
  readonly at: Date;
};

export type PictureLimits = {
  readonly bytes: number;
  readonly iconLeast: number;
  readonly iconMost: number;
  readonly screenshotLeast: number;
  readonly screenshotMost: number;
  readonly screenshotsOfLanguage: number;
  readonly altCharacters: number;
};

export type ListingPicturesProps = {
  readonly app: TabbedApp;
  readonly revision: number;
  readonly mayChange: boolean;
  readonly icon: ListedPicture | null;
  /** Of the package, which is shown without one in the listing. */
  readonly packageIconUrl: string | null;
  readonly screenshots: readonly ListedPicture[];
  /** How many the package has. */
  readonly packageScreenshots: number;
  /** For whom a screenshot can be. */
  readonly languages: readonly { readonly value: string; readonly label: string }[];
  /** The name of the language in which a screenshot for everybody is described. */
  readonly ownLanguage: string;
  /** Of the form for a screenshot. */
  readonly values: { readonly alt: string; readonly locale: string };
  readonly limits: PictureLimits;
  readonly errors: readonly FieldError[];
};

export const ICON_FIELDS = ["icon"] as const;
export const SCREENSHOT_FIELDS = ["alt", "locale", "file"] as const;

type Props = ListingPicturesProps & { ctx: PageContext };

const listingPath = (props: Pick<ListingPicturesProps, "app">): string =>
  `/apps/${props.app.id}/store-listing`;
const LIVE = "pictures-live";

/** What a picture is as it came, and who brought it. */
function Came(props: { ctx: PageContext; picture: ListedPicture }): JSX.Element {
  const { ctx, picture } = props;
  const { t, locale } = ctx;
  const pixels = `${formatNumber(locale, picture.widthPx)} × ${formatNumber(locale, picture.heightPx)} px`;
  return (
    <p class="meta">
      <bdi dir="ltr" safe>
        {pixels}
      </bdi>{" "}
      · <Bytes ctx={ctx} value={picture.sizeBytes} /> · <Time ctx={ctx} at={picture.at} />{" "}
      <span safe>{t("app.by", { name: picture.by })}</span>
    </p>
  );
}

function Icon(props: Props): JSX.Element {
  const { ctx, app, icon, packageIconUrl, mayChange } = props;
  const { t } = ctx;
  const isShown = icon !== null && icon.state === "ready";
  const words =
    icon === null
      ? "listing_pictures.icon_of_package"
      : icon.state === "ready"
        ? "listing_pictures.icon_of_listing"
        : (`picture.${icon.state}` as const);
  return (
    <Card title={t("listing_pictures.icon")}>
      <div class="picture-row">
        <AppIcon
          src={isShown ? (icon.sizes.at(2)?.src ?? null) : packageIconUrl}
          name={app.name}
          seed={app.id}
          size="l"
        />
        <div class="stack-s">
          <p safe>{t(words)}</p>
          {icon !== null && <Came ctx={ctx} picture={icon} />}
          {icon !== null && mayChange && (
            <div class="picture-actions">
              <LinkButton
                ctx={ctx}
                href={`${listingPath(props)}/pictures/${icon.id}/remove`}
                label={t("listing_pictures.remove")}
                context={t("listing_pictures.icon")}
                kind="ghost"
                small
              />
            </div>
          )}
        </div>
      </div>
    </Card>
  );
}

function Screenshot(props: Props & { picture: ListedPicture }): JSX.Element {
  const { ctx, picture, screenshots, mayChange, revision } = props;
  const { t } = ctx;
  const path = `${listingPath(props)}/pictures/${picture.id}`;
  return (
    <li class="picture-row" id={rowId(picture.id)}>
      {picture.state === "ready" ? (
        <a class="thumbnail" href={picture.sizes.at(-1)?.src ?? ""} hx-boost="false">
          <Picture sizes={picture.sizes} alt={picture.alt} />
        </a>
      ) : (
        <NoPicture ctx={ctx} state={picture.state} />
      )}
      <div class="stack-s">
        <p dir="auto" safe>
          {picture.alt}
        </p>
        {picture.language !== null && (
          <p class="meta">
            <strong safe>{t("listing_pictures.for_language", { language: picture.language })}</strong>
          </p>
        )}
        <Came ctx={ctx} picture={picture} />
        {mayChange && (
          <div class="picture-actions">
            <MoveButtons
              ctx={ctx}
              id={picture.id}
              name={picture.alt}
              place={picture.place}
              last={screenshots.length}
              action={`${path}/move`}
              revision={revision}
            />
            <LinkButton
              ctx={ctx}
              href={path}
              label={t("listing_pictures.describe")}
              context={picture.alt}
              kind="ghost"
              small
            />
            <LinkButton
              ctx={ctx}
              href={`${path}/remove`}
              label={t("listing_pictures.remove")}
              context={picture.alt}
              kind="ghost"
              small
            />
          </div>
        )}
      </div>
    </li>
  );
}

function Screenshots(props: Props): JSX.Element {
  const { ctx, screenshots } = props;
  const { t } = ctx;
  const isShown = screenshots.some(({ state }) => state === "ready");
  return (
    <Card title={t("listing_pictures.screenshots")}>
      {screenshots.length === 0 ? (
        <EmptyState sentence={t("listing_pictures.none", { count: props.packageScreenshots })} small />
      ) : (
        <div class="stack">
          {!isShown && props.packageScreenshots > 0 && (
            <p class="muted" safe>
              {t("listing_pictures.not_yet")}
            </p>
          )}
          <ul class="picture-rows" aria-label={t("listing_pictures.screenshots")}>
            {screenshots.map((picture) => (
              <Screenshot {...props} picture={picture} />
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

/** What changes by itself: while sizes are made, the small element fetches the page and morphs this part, as that of a version does. */
function Live(props: Props): JSX.Element {
  const { ctx, icon, screenshots } = props;
  const path = `${listingPath(props)}/pictures`;
  const isBusy = [...screenshots, ...(icon === null ? [] : [icon])].some(({ state }) => state === "waiting");
  return (
    <div class="stack" id={LIVE}>
      <Icon {...props} />
      <Screenshots {...props} />
      {isBusy && (
        <div
          id="pictures-poll"
          hx-get={path}
          hx-trigger="every 2s"
          hx-target={`#${LIVE}`}
          hx-select={`#${LIVE}`}
          hx-swap="outerMorph"
          hx-push-url="false"
        >
          <noscript>
            <a href={path} safe>
              {ctx.t("version.reload")}
            </a>
          </noscript>
        </div>
      )}
    </div>
  );
}

function AddIcon(props: Props): JSX.Element {
  const { ctx, limits, errors, icon } = props;
  const { t, locale } = ctx;
  return (
    <Card title={t(icon === null ? "listing_pictures.add_icon" : "listing_pictures.replace_icon")}>
      <form
        novalidate
        class="form"
        method="post"
        action={`${listingPath(props)}/icon`}
        enctype="multipart/form-data"
        hx-boost="false"
      >
        <ErrorSummary
          ctx={ctx}
          errors={errors.filter(({ field }) => field === "icon")}
          fields={ICON_FIELDS}
        />
        <Revision value={props.revision} />
        <FileField
          ctx={ctx}
          name="file"
          field="icon"
          label={t("listing_pictures.file")}
          hint={t("listing_pictures.icon_hint", {
            least: formatNumber(locale, limits.iconLeast),
            most: formatNumber(locale, limits.iconMost),
            size: formatBytes(locale, limits.bytes),
          })}
          accept={PICTURE_TYPES}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("listing_pictures.upload_icon")} icon="upload" />
        </div>
      </form>
    </Card>
  );
}

function AddScreenshot(props: Props): JSX.Element {
  const { ctx, limits, errors, values, languages } = props;
  const { t, locale } = ctx;
  return (
    <Card title={t("listing_pictures.add_screenshot")} id="add">
      <form
        novalidate
        class="form"
        method="post"
        action={`${listingPath(props)}/pictures`}
        enctype="multipart/form-data"
        hx-boost="false"
      >
        <ErrorSummary
          ctx={ctx}
          errors={errors.filter(({ field }) => field !== "icon")}
          fields={SCREENSHOT_FIELDS}
        />
        <Revision value={props.revision} />
        <Field
          ctx={ctx}
          name="alt"
          label={t("listing_pictures.alt")}
          hint={t("listing_pictures.alt_hint", { language: props.ownLanguage })}
          value={values.alt}
          maxlength={2 * limits.altCharacters}
          errors={errors}
        />
        <Select
          ctx={ctx}
          name="locale"
          label={t("listing_pictures.language")}
          value={values.locale}
          options={[{ value: "", label: t("listing_pictures.everybody") }, ...languages]}
          errors={errors}
          filter
        />
        <FileField
          ctx={ctx}
          name="file"
          label={t("listing_pictures.file")}
          hint={t("listing_pictures.screenshot_hint", {
            least: formatNumber(locale, limits.screenshotLeast),
            most: formatNumber(locale, limits.screenshotMost),
            size: formatBytes(locale, limits.bytes),
          })}
          accept={PICTURE_TYPES}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("listing_pictures.upload_screenshot")} icon="upload" kind="primary" />
        </div>
      </form>
    </Card>
  );
}

/** `/apps/:appId/store-listing/pictures`: the icon and the screenshots of a listing, put in order, and more of them. */
export function listingPicturesPage(ctx: PageContext, props: ListingPicturesProps): JSX.Element {
  const { t } = ctx;
  const { app, limits, mayChange } = props;
  return (
    <Page ctx={ctx} title={t("listing_pictures.title_of", { app: app.name })}>
      <PageHead
        ctx={ctx}
        title={t("listing_pictures.title")}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          { label: app.name, href: `/apps/${app.id}` },
          { label: t("store_listing.page_title"), href: listingPath(props) },
        ]}
        lead={t("listing_pictures.lead", { count: limits.screenshotsOfLanguage })}
      />
      <AppTabs ctx={ctx} app={app} part="listing" />
      {mayChange ? (
        <div class="columns">
          <Live ctx={ctx} {...props} />
          <div class="stack">
            <AddScreenshot ctx={ctx} {...props} />
            <AddIcon ctx={ctx} {...props} />
          </div>
        </div>
      ) : (
        <Live ctx={ctx} {...props} />
      )}
    </Page>
  );
}
