/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { PostButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { numberColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Meter } from "../components/progress.tsx";
import { type Column, PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { formatBytes, formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type StorageKind = "uploads" | "releases" | "deltas" | "pictures" | "shown" | "catalogue" | "partial";

export type StorageApp = {
  readonly appId: string;
  readonly appName: string;
  readonly versions: number;
  readonly packagesBytes: number;
  readonly deltasBytes: number;
  readonly picturesBytes: number;
  readonly totalBytes: number;
};

export type StorageProps = {
  /** When the files were last counted; null: not yet. */
  readonly countedAt: Date | null;
  /** Whether somebody has asked for them to be counted now, and it is not done. */
  readonly counting: boolean;
  readonly mayCount: boolean;
  readonly kinds: readonly {
    readonly kind: StorageKind;
    readonly files: number;
    readonly sizeBytes: number;
  }[];
  /** As large as it is now. */
  readonly databaseBytes: number;
  /** As it is now; null: the system does not say. */
  readonly disk: { readonly freeBytes: number; readonly sizeBytes: number } | null;
  /** The largest first. */
  readonly apps: readonly StorageApp[];
  readonly pager: Pager;
};

/** Beyond this part of the disk it is time to do something. */
const HIGH_PART = 0.9;

const bytesColumn = <Row,>(ctx: PageContext, header: string, value: (row: Row) => number): Column<Row> => ({
  header,
  end: true,
  tight: true,
  cell: (row) => <span safe>{formatBytes(ctx.locale, value(row))}</span>,
});

type KindRow = {
  readonly name: string;
  readonly what: string;
  /** null: it is not counted by files. */
  readonly files: number | null;
  readonly sizeBytes: number;
};

function kindRows(ctx: PageContext, { kinds, databaseBytes }: StorageProps): KindRow[] {
  const { t } = ctx;
  const database = {
    name: t("storage.kind.database"),
    what: t("storage.what.database"),
    files: null,
    sizeBytes: databaseBytes,
  };
  const counted = kinds.map(({ kind, files, sizeBytes }) => ({
    name: t(`storage.kind.${kind}`),
    what: t(`storage.what.${kind}`),
    files,
    sizeBytes,
  }));
  return [...counted, database].sort((a, b) => b.sizeBytes - a.sizeBytes);
}

function Overview(props: { ctx: PageContext; use: StorageProps }): JSX.Element {
  const { ctx, use } = props;
  const { t, locale } = ctx;
  const { countedAt, kinds, databaseBytes, disk } = use;
  const total = kinds.reduce((all, { sizeBytes }) => all + sizeBytes, databaseBytes);
  const free =
    disk &&
    t("storage.free_of", {
      free: formatBytes(locale, disk.freeBytes),
      size: formatBytes(locale, disk.sizeBytes),
    });
  return (
    <Card
      title={t("storage.overview")}
      actions={
        use.mayCount &&
        !use.counting && (
          <PostButton
            ctx={ctx}
            label={t("storage.count")}
            icon="replay"
            small
            action="/admin/storage/count"
          />
        )
      }
    >
      <Facts
        strip
        items={[
          { term: t("storage.total"), value: <span safe>{formatBytes(locale, total)}</span> },
          {
            term: t("storage.counted"),
            value:
              countedAt === null ? (
                <span safe>{t("storage.not_counted")}</span>
              ) : (
                <Time ctx={ctx} at={countedAt} />
              ),
          },
          ...(use.counting
            ? [{ term: t("storage.count_asked"), value: <span safe>{t("storage.counting")}</span> }]
            : []),
        ]}
      />
      {disk !== null && free !== null && (
        <Meter
          ctx={ctx}
          label={t("storage.disk")}
          value={disk.sizeBytes - disk.freeBytes}
          max={disk.sizeBytes}
          high={Math.round(disk.sizeBytes * HIGH_PART)}
          note={free}
        />
      )}
    </Card>
  );
}

/** `/admin/storage`: what takes how much room. */
export function storagePage(ctx: PageContext, props: StorageProps): JSX.Element {
  const { t } = ctx;
  const kindColumns: Column<KindRow>[] = [
    {
      header: t("column.kind"),
      cell: ({ name, what }) => (
        <div>
          <p>
            <strong safe>{name}</strong>
          </p>
          <p class="meta" safe>
            {what}
          </p>
        </div>
      ),
    },
    {
      header: t("column.files"),
      end: true,
      tight: true,
      cell: ({ files }) => <span safe>{files === null ? "–" : formatNumber(ctx.locale, files)}</span>,
    },
    bytesColumn(ctx, t("column.size"), ({ sizeBytes }) => sizeBytes),
  ];
  const appColumns: Column<StorageApp>[] = [
    {
      header: t("column.app"),
      cell: ({ appId, appName }) => (
        <div class="cell-main">
          <div>
            <a href={`/apps/${appId}`} dir="auto" safe>
              {appName}
            </a>
            <p class="meta" safe>
              {appId}
            </p>
          </div>
        </div>
      ),
    },
    numberColumn(ctx, t("column.versions"), ({ versions }) => versions),
    bytesColumn(ctx, t("storage.packages"), ({ packagesBytes }) => packagesBytes),
    bytesColumn(ctx, t("storage.kind.deltas"), ({ deltasBytes }) => deltasBytes),
    bytesColumn(ctx, t("storage.kind.pictures"), ({ picturesBytes }) => picturesBytes),
    bytesColumn(ctx, t("storage.all"), ({ totalBytes }) => totalBytes),
  ];
  return (
    <Page ctx={ctx} title={t("storage.title")}>
      <PageHead ctx={ctx} title={t("storage.title")} lead={t("storage.lead")} />
      <Overview ctx={ctx} use={props} />
      <Card title={t("storage.kinds")} flush>
        <Table caption={t("storage.kinds")} rows={kindRows(ctx, props)} columns={kindColumns} />
      </Card>
      <Card title={t("storage.apps")} flush>
        {props.apps.length === 0 ? (
          <EmptyState
            art={<QuietArt />}
            title={t("storage.empty_title")}
            sentence={t(props.countedAt === null ? "storage.empty_uncounted" : "storage.empty")}
          />
        ) : (
          <>
            <Table caption={t("storage.apps")} rows={props.apps} columns={appColumns} />
            <PagerLinks ctx={ctx} pager={props.pager} />
          </>
        )}
      </Card>
    </Page>
  );
}
