/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Notice } from "../components/notice.tsx";
import { type Column, PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import { type PageContext, type Pager, wordsOf } from "../page.ts";

export type LogEntryRow = {
  readonly position: number;
  readonly at: Date;
  /** As the package format names it: `approval`, `developer-key`. */
  readonly type: string;
  /** What it says, name by name. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Whether the public entry holds digests in place of names. */
  readonly hidden: boolean;
};

export type LogProps = {
  readonly size: number;
  readonly head: { readonly size: number; readonly rootHash: string; readonly signedAt: Date } | null;
  /** Why the log is not the one that was signed; null while it is. */
  readonly damage: string | null;
  readonly entries: readonly LogEntryRow[];
  readonly pager: Pager;
};

/** `/admin/log`: every act that devices are held to, the newest first. */
export function logPage(ctx: PageContext, props: LogProps): JSX.Element {
  const { t } = ctx;
  const { head, damage } = props;
  const columns: Column<LogEntryRow>[] = [
    {
      header: t("column.position"),
      tight: true,
      cell: ({ position }) => <strong safe>{formatNumber(ctx.locale, position)}</strong>,
    },
    {
      header: t("column.entry"),
      long: true,
      cell: ({ type, facts }) => (
        <div>
          <p>
            <strong safe>{wordsOf(ctx, `log.type.${type}`) ?? type}</strong>
          </p>
          {facts.map(({ name, value }) => (
            <p class="mono meta">
              <span safe>{name}</span> <bdi safe>{value}</bdi>
            </p>
          ))}
        </div>
      ),
    },
    {
      header: t("column.public"),
      tight: true,
      cell: ({ hidden }) => (
        <Badge tone={hidden ? "neutral" : "accent"} label={t(hidden ? "log.hidden" : "log.open")} />
      ),
    },
    { header: t("column.when"), end: true, tight: true, cell: ({ at }) => <Time ctx={ctx} at={at} /> },
  ];
  return (
    <Page ctx={ctx} title={t("log.title")}>
      <PageHead ctx={ctx} title={t("log.title")} lead={t("log.lead")} />
      {damage !== null && (
        <Notice ctx={ctx} tone="bad" title={t("log.damaged")}>
          <p class="mono prewrap" safe>
            {damage}
          </p>
        </Notice>
      )}
      <Card title={t("log.head")}>
        {head === null ? (
          <p safe>{t("log.no_head")}</p>
        ) : (
          <>
            <p safe>
              {t("log.head_of", {
                size: formatNumber(ctx.locale, head.size),
                all: formatNumber(ctx.locale, props.size),
              })}
            </p>
            <p class="mono meta" safe>
              {head.rootHash}
            </p>
            <p class="meta">
              <Time ctx={ctx} at={head.signedAt} />
            </p>
          </>
        )}
      </Card>
      <Card flush>
        {props.entries.length === 0 ? (
          <EmptyState art={<QuietArt />} title={t("log.empty_title")} sentence={t("log.empty")} />
        ) : (
          <>
            <Table caption={t("log.title")} rows={props.entries} columns={columns} />
            <PagerLinks ctx={ctx} pager={props.pager} />
          </>
        )}
      </Card>
    </Page>
  );
}
