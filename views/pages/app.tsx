/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { AppHeadStates, isBusy } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Installs } from "../components/installs.tsx";
import { LineageCard } from "../components/lineage.tsx";
import { Live } from "../components/live.tsx";
import { OrganisationName } from "../components/organisation.tsx";
import { StandingNotice } from "../components/standing.tsx";
import { Time } from "../components/text.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";
import { DeletionNotice } from "./app-deletion.tsx";
import { AppListing } from "./app-listing.tsx";
import { type AppHeadProps, type AppProps, appPartHref } from "./app-props.ts";
import { AppSettings } from "./app-settings.tsx";
import { AppTabs } from "./app-tabs.tsx";
import { AppTeam } from "./app-team.tsx";
import { NoVersions, Versions } from "./app-versions.tsx";

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
          { term: t("column.organisation"), value: <OrganisationName of={app.organisation} /> },
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

const hasVersions = ({ parts }: AppHeadProps): boolean => parts.includes("versions");

function Part(props: { ctx: PageContext } & AppProps): JSX.Element {
  const { ctx, app, part, versions, canUpload } = props;
  switch (part) {
    case "versions":
      return <Versions ctx={ctx} app={app} versions={versions} pager={props.pager} />;
    case "listing":
      return <AppListing {...props} />;
    case "ratings":
    case "access":
      // Pages of their own (OWN_PAGES).
      return <></>;
    case "team":
      return <AppTeam {...props} />;
    case "keys":
      return <LineageCard ctx={ctx} rows={props.lineage} linked={props.canOpenKeys} />;
    case "settings":
      return <AppSettings {...props} />;
    case "overview":
      return (
        <>
          <Overview ctx={ctx} app={app} />
          {!hasVersions(props) ? (
            <NoVersions ctx={ctx} app={app} canUpload={canUpload} storeUrl={props.storeUrl} />
          ) : (
            <Versions
              ctx={ctx}
              app={app}
              versions={versions}
              pager={{ previousHref: null, nextHref: null }}
              more={
                <LinkButton
                  ctx={ctx}
                  href={appPartHref(app.id, "versions")}
                  label={ctx.t("app.all_versions")}
                  small
                />
              }
            />
          )}
        </>
      );
  }
}

const PART = "app-live";

/** Whether what is shown changes by itself: the other parts hold forms, and what is typed there stays. */
export function followsApp({ part }: Pick<AppProps, "part">): boolean {
  return part === "overview" || part === "versions";
}

/** Each part has a title of its own: several of them are open at once, or among the pages that were visited. */
function titleOf(ctx: PageContext, { app, part }: AppProps): string {
  return part === "overview" ? app.name : `${app.name}: ${ctx.t(`app.part.${part}`)}`;
}

/** `/apps/:appId`: one app, in parts. */
export function appPage(
  ctx: PageContext,
  props: AppProps,
  /** Where it is followed; null: nothing follows by itself. */
  eventsHref: string | null,
): JSX.Element {
  return (
    <Page ctx={ctx} title={titleOf(ctx, props)}>
      <Live
        ctx={ctx}
        href={eventsHref}
        part={PART}
        isBusy={props.versions.some(({ state }) => state !== "yanked" && isBusy(state))}
      />
      {appPart(ctx, props)}
    </Page>
  );
}

/** The part of the page that changes by itself. */
export function appPart(ctx: PageContext, props: AppProps): JSX.Element {
  return (
    <div class="stack" id={PART}>
      <AppHead ctx={ctx} {...props} />
      <Part ctx={ctx} {...props} />
    </div>
  );
}

/** What stands above each part: which app it is, how it stands, and the parts. */
export function AppHead(props: { ctx: PageContext } & AppHeadProps): JSX.Element {
  const { ctx, app, part } = props;
  const { t } = ctx;
  return (
    <>
      <PageHead
        ctx={ctx}
        title={app.name}
        crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
        icon={<AppIcon src={app.iconUrl} name={app.name} seed={app.id} size="l" />}
        badge={
          app.states.length === 0 ? (
            <></>
          ) : (
            <span role="status">
              <AppHeadStates ctx={ctx} states={app.states} behind={app.behind} />
            </span>
          )
        }
        lead={app.summary ?? app.id}
        actions={
          <>
            {props.storeHref !== null && (
              <LinkButton ctx={ctx} href={props.storeHref} label={t("app.in_store")} kind="ghost" />
            )}
            {props.canUpload && hasVersions(props) && (
              <LinkButton
                ctx={ctx}
                href={`/apps/${app.id}/upload`}
                label={t("action.upload")}
                icon="upload"
                kind="primary"
              />
            )}
          </>
        }
      />
      {props.deletion !== null && <DeletionNotice ctx={ctx} app={app} deletion={props.deletion} />}
      <StandingNotice ctx={ctx} standing={props.standing} />
      <AppTabs ctx={ctx} app={{ id: app.id, parts: props.parts }} part={part} />
    </>
  );
}
