/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Card } from "../components/card.tsx";
import { type ShownLines, SourceLines } from "../components/source.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Bytes } from "../components/text.tsx";
import { formatBytes } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";
import { type ComparedVersion, ContentsNotice } from "./compare.tsx";

type Of = { readonly app: TabbedApp; readonly version: ComparedVersion };

export type VersionFilesProps = Of & {
  /** In the package's order. */
  readonly files: readonly {
    readonly path: string;
    readonly sizeBytes: number;
    readonly sha256: string;
    readonly href: string;
  }[];
  readonly count: number;
  readonly pager: Pager;
};

function crumbsOf(ctx: PageContext, { app, version }: Of) {
  return [
    { label: ctx.t("nav.dashboard"), href: "/dashboard" },
    { label: app.name, href: `/apps/${app.id}` },
    {
      label: ctx.t("version.number", { version: version.version }),
      href: `/apps/${app.id}/versions/${version.id}`,
    },
  ];
}

/** `/apps/:appId/versions/:versionId/files`: what is in its package. */
export function versionFilesPage(ctx: PageContext, props: VersionFilesProps): JSX.Element {
  const { t } = ctx;
  const { version, files } = props;
  return (
    <Page ctx={ctx} title={`${props.app.name} ${version.version}: ${t("compare.files")}`}>
      <PageHead ctx={ctx} title={t("compare.files")} crumbs={crumbsOf(ctx, props)} />
      <AppTabs ctx={ctx} app={props.app} part="versions" />
      <ContentsNotice ctx={ctx} version={version} />
      {version.contents === "there" && (
        <Card title={t("compare.files")} count={{ ctx, value: props.count }} flush>
          <Table
            caption={t("compare.files")}
            rows={files}
            columns={[
              {
                header: t("column.path"),
                cell: (file) => (
                  <a class="mono whole" href={file.href} dir="ltr" safe>
                    {file.path}
                  </a>
                ),
              },
              {
                header: t("column.size"),
                end: true,
                tight: true,
                cell: (file) => <Bytes ctx={ctx} value={file.sizeBytes} />,
              },
              {
                header: t("column.sha256"),
                tight: true,
                cell: (file) => (
                  <span class="mono muted" title={file.sha256} safe>
                    {`${file.sha256.slice(0, 12)}…`}
                  </span>
                ),
              },
            ]}
          />
          <PagerLinks ctx={ctx} pager={props.pager} />
        </Card>
      )}
    </Page>
  );
}

export type VersionFileProps = Of & {
  /** Null where the package cannot be read: whether it has such a file is not known. */
  readonly path: string | null;
  readonly sizeBytes: number;
  readonly kind: "text" | "binary" | "large";
  /** Null where it is no text, is too large, or the package cannot be read. */
  readonly shown: ShownLines | null;
  /** The number of the line to which something leads; null: the whole file. */
  readonly found: number | null;
};

/** `/apps/:appId/versions/:versionId/files/view`: one file of it, line by line. */
export function versionFilePage(ctx: PageContext, props: VersionFileProps): JSX.Element {
  const { t } = ctx;
  const { app, version, path, shown } = props;
  const files = `/apps/${app.id}/versions/${version.id}/files`;
  return (
    <Page ctx={ctx} title={`${app.name} ${version.version}: ${path ?? t("compare.files")}`}>
      <PageHead
        ctx={ctx}
        title={path ?? t("compare.files")}
        crumbs={[...crumbsOf(ctx, props), { label: t("compare.files"), href: files }]}
        {...(path === null ? {} : { lead: formatBytes(ctx.locale, props.sizeBytes) })}
      />
      <AppTabs ctx={ctx} app={props.app} part="versions" />
      <ContentsNotice ctx={ctx} version={version} />
      {version.contents === "there" && path !== null && (
        <Card flush>
          {shown === null ? (
            <p class="card-body muted" safe>
              {t(props.kind === "large" ? "files.large" : "files.binary")}
            </p>
          ) : (
            <SourceLines ctx={ctx} caption={path} shown={shown} isDiff={false} found={props.found} />
          )}
        </Card>
      )}
    </Page>
  );
}
