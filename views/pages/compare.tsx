/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { NoAppsArt } from "../components/art.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Select } from "../components/field.tsx";
import {
  FileChangesCard,
  FileLines,
  type FilesProps,
  type FileView,
  LineCounts,
} from "../components/file-changes.tsx";
import { Notice } from "../components/notice.tsx";
import { type Changes, ChangesCard } from "../components/review.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, VersionState } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";

export type ComparedVersion = {
  readonly id: string;
  readonly version: string;
  readonly code: number;
  readonly state: VersionState;
  /** Why its files cannot be looked into. */
  readonly contents: "there" | "unread" | "gone" | "damaged";
};

type ComparedApp = TabbedApp;

export type CompareProps = {
  readonly app: ComparedApp;
  /** Those to choose from, newest first. */
  readonly versions: readonly Omit<ComparedVersion, "contents">[];
  /** Null while the app has no version. */
  readonly pair: { readonly from: ComparedVersion; readonly to: ComparedVersion } | null;
  readonly changes: Changes | null;
  /** Null where a package cannot be read. */
  readonly files: FilesProps | null;
};

function nameOf(ctx: PageContext, { version, code }: Pick<ComparedVersion, "version" | "code">): string {
  return ctx.t("version.with_code", { version, code: formatNumber(ctx.locale, code) });
}

const NOT_THERE = {
  gone: "compare.gone",
  unread: "compare.unread",
  damaged: "compare.damaged",
} as const;

/** That the files of a version cannot be looked into, and why. */
export function ContentsNotice(props: { ctx: PageContext; version: ComparedVersion }): JSX.Element {
  const { ctx, version } = props;
  if (version.contents === "there") return <></>;
  return (
    <Notice ctx={ctx} tone="warn" title={ctx.t("compare.no_contents", { version: nameOf(ctx, version) })}>
      <p safe>{ctx.t(NOT_THERE[version.contents])}</p>
    </Notice>
  );
}

function Choice(props: {
  ctx: PageContext;
  app: ComparedApp;
  versions: CompareProps["versions"];
  pair: NonNullable<CompareProps["pair"]>;
}): JSX.Element {
  const { ctx, app, versions, pair } = props;
  const { t } = ctx;
  const options = versions.map((version) => ({
    value: version.id,
    label: `${nameOf(ctx, version)} · ${t(`state.${version.state}`)}`,
  }));
  return (
    <Card>
      <form novalidate class="compare-form" method="get" action={`/apps/${app.id}/compare`}>
        <Select
          ctx={ctx}
          name="from"
          label={t("compare.from")}
          value={pair.from.id}
          filter
          options={options}
        />
        <Select ctx={ctx} name="to" label={t("compare.to")} value={pair.to.id} filter options={options} />
        <Button ctx={ctx} label={t("compare.open")} kind="primary" />
        {pair.from.id !== pair.to.id && (
          <LinkButton
            ctx={ctx}
            href={compareHref(app.id, pair.to.id, pair.from.id)}
            label={t("compare.swap")}
          />
        )}
      </form>
    </Card>
  );
}

export function compareHref(appId: string, from: string, to: string): string {
  return `/apps/${appId}/compare?from=${from}&to=${to}`;
}

function crumbsOf(ctx: PageContext, app: Pick<ComparedApp, "id" | "name">) {
  return [
    { label: ctx.t("nav.dashboard"), href: "/dashboard" },
    { label: app.name, href: `/apps/${app.id}` },
  ];
}

/** `/apps/:appId/compare`: what one version has otherwise than another. */
export function comparePage(ctx: PageContext, props: CompareProps): JSX.Element {
  const { t } = ctx;
  const { app, versions, pair, changes, files } = props;
  return (
    <Page ctx={ctx} title={`${app.name}: ${t("compare.title")}`}>
      <PageHead ctx={ctx} title={t("compare.title")} crumbs={crumbsOf(ctx, app)} lead={t("compare.lead")} />
      <AppTabs ctx={ctx} app={app} part="versions" />
      {pair === null ? (
        <Card flush>
          <EmptyState art={<NoAppsArt />} sentence={t("app.empty")} action={<></>} />
        </Card>
      ) : (
        <>
          <Choice ctx={ctx} app={app} versions={versions} pair={pair} />
          {pair.from.id === pair.to.id ? (
            <Notice ctx={ctx} tone="neutral" title={t("compare.same_version")} />
          ) : (
            <>
              <ContentsNotice ctx={ctx} version={pair.from} />
              <ContentsNotice ctx={ctx} version={pair.to} />
            </>
          )}
          {changes !== null && (
            <ChangesCard
              ctx={ctx}
              title={t("compare.pair", { from: nameOf(ctx, pair.from), to: nameOf(ctx, pair.to) })}
              changes={changes}
            />
          )}
          {files !== null && <FileChangesCard ctx={ctx} files={files} />}
        </>
      )}
    </Page>
  );
}

export type CompareFileProps = {
  readonly app: ComparedApp;
  readonly from: ComparedVersion;
  readonly to: ComparedVersion;
  /** Null where a package cannot be read: whether it has such a file is not known. */
  readonly path: string | null;
  /** Null where a package cannot be read. */
  readonly view: FileView | null;
};

/** `/apps/:appId/compare/file`: what changed in one file. */
export function compareFilePage(ctx: PageContext, props: CompareFileProps): JSX.Element {
  const { t } = ctx;
  const { app, from, to, path, view } = props;
  return (
    <Page ctx={ctx} title={`${app.name}: ${path ?? t("compare.title")}`}>
      <PageHead
        ctx={ctx}
        title={path ?? t("compare.title")}
        crumbs={[
          ...crumbsOf(ctx, app),
          { label: t("compare.title"), href: compareHref(app.id, from.id, to.id) },
        ]}
        lead={t("compare.pair", { from: nameOf(ctx, from), to: nameOf(ctx, to) })}
      />
      <AppTabs ctx={ctx} app={app} part="versions" />
      <ContentsNotice ctx={ctx} version={from} />
      <ContentsNotice ctx={ctx} version={to} />
      {view !== null && (
        <Card>
          <div class="file-change">
            <LineCounts ctx={ctx} view={view} />
            <FileLines ctx={ctx} view={view} />
          </div>
        </Card>
      )}
    </Page>
  );
}
