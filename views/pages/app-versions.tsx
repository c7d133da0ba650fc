/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { StateBadge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { describeCounts } from "../components/findings.tsx";
import { Commands, commandsForFirstVersion } from "../components/first-app.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Bytes, Time } from "../components/text.tsx";
import { VersionActions } from "../components/version-actions.tsx";
import { formatNumber } from "../format.ts";
import type { PageContext, Pager } from "../page.ts";
import type { AppProps } from "./app-props.ts";

/** Its versions, newest first, with what was said and found of each. */
export function Versions(props: {
  ctx: PageContext;
  app: AppProps["app"];
  versions: AppProps["versions"];
  pager: Pager;
  /** What leads to all of them, where these are the newest alone. */
  more?: Children;
}): JSX.Element {
  const { ctx, app, versions } = props;
  const { t } = ctx;
  const actions = (
    <div class="row">
      {versions.length > 1 && (
        <LinkButton ctx={ctx} href={`/apps/${app.id}/compare`} label={t("compare.title")} small />
      )}
      {props.more}
    </div>
  );
  return (
    <Card title={t("app.versions")} actions={actions} flush>
      <Table
        caption={t("app.versions")}
        rows={versions}
        rowId={({ id }) => `row-${id}`}
        columns={[
          {
            header: t("column.version"),
            cell: (row) => (
              <div class="cell-main">
                <div>
                  <a href={`/apps/${app.id}/versions/${row.id}`} dir="auto" safe>
                    {row.version}
                  </a>
                  {row.notes !== "" && (
                    <p class="meta version-notes" dir="auto" safe>
                      {row.notes}
                    </p>
                  )}
                </div>
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
          {
            header: t("column.findings"),
            tight: true,
            cell: (row) => <span safe>{describeCounts(ctx, row.findings)}</span>,
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

/** While nothing was uploaded: what brings it to life. */
export function NoVersions(props: {
  ctx: PageContext;
  app: AppProps["app"];
  canUpload: boolean;
  storeUrl: string;
}): JSX.Element {
  const { ctx, app, canUpload } = props;
  const { t } = ctx;
  return (
    <>
      <Card title={t("app.versions")} flush>
        <EmptyState
          art={<NoAppsArt />}
          sentence={t("app.empty")}
          action={
            canUpload ? (
              <LinkButton
                ctx={ctx}
                href={`/apps/${app.id}/upload`}
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
  );
}
