/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Badge } from "./badge.tsx";
import { Card } from "./card.tsx";
import { dateColumn } from "./columns.tsx";
import { Table } from "./table.tsx";

export type LineageRow = {
  readonly keyid: string;
  /** In groups of four, as people compare it. */
  readonly fingerprint: string;
  readonly how: "first" | "addition" | "recovery";
  readonly addedAt: Date;
  /** `certificate`: what it has of the store counts no more, until it is enrolled again. */
  readonly state: "signs" | "lost" | "revoked" | "certificate";
};

const TONES = { signs: "good", lost: "neutral", revoked: "bad", certificate: "bad" } as const;

/** Which keys may sign an app, the first one first: nothing before its first version is published. */
export function LineageCard(props: {
  ctx: PageContext;
  rows: readonly LineageRow[];
  /** Whether the reader may open the page of a key. */
  linked: boolean;
}): JSX.Element {
  const { ctx, rows, linked } = props;
  const { t } = ctx;
  if (rows.length === 0) return <></>;
  return (
    <Card title={t("lineage.title")} flush>
      <Table
        caption={t("lineage.title")}
        rows={rows}
        columns={[
          {
            header: t("column.fingerprint"),
            cell: (row) =>
              linked ? (
                <a class="mono" href={`/keys/${row.keyid}`} safe>
                  {row.fingerprint}
                </a>
              ) : (
                <span class="mono" safe>
                  {row.fingerprint}
                </span>
              ),
          },
          {
            header: t("column.state"),
            cell: (row) => <Badge tone={TONES[row.state]} label={t(`lineage.${row.state}`)} />,
          },
          { header: t("column.how"), cell: (row) => <span safe>{t(`lineage.how_${row.how}`)}</span> },
          dateColumn(ctx, t("column.since"), (row: LineageRow) => row.addedAt),
        ]}
      />
    </Card>
  );
}
