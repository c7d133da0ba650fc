/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { AllDoneArt } from "../components/art.tsx";
import { Card } from "../components/card.tsx";
import { dateColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { describeCounts, type FindingCounts } from "../components/findings.tsx";
import { Live } from "../components/live.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Bytes } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type QueueRow = {
  readonly versionId: string;
  readonly appId: string;
  readonly appName: string;
  readonly iconUrl: string | null;
  readonly organisation: NamedOrganisation;
  readonly version: string;
  /** False for the first version of an app. */
  readonly isUpdate: boolean;
  readonly sizeBytes: number;
  readonly findings: FindingCounts;
  readonly submittedAt: Date;
};

export type ReviewQueueProps = {
  /** Longest wait first. */
  readonly rows: readonly QueueRow[];
  readonly waiting: number;
  readonly pager: Pager;
};

const PART = "queue-live";

/** `/review`: what waits for a decision, the longest wait first. */
export function reviewQueuePage(
  ctx: PageContext,
  props: ReviewQueueProps,
  /** Where it is followed. */
  eventsHref: string,
): JSX.Element {
  return (
    <Page ctx={ctx} title={ctx.t("queue.title")}>
      <Live ctx={ctx} href={eventsHref} part={PART} />
      {reviewQueuePart(ctx, props)}
    </Page>
  );
}

/** The part of the page that changes by itself. */
export function reviewQueuePart(ctx: PageContext, props: ReviewQueueProps): JSX.Element {
  const { t } = ctx;
  return (
    <div class="stack" id={PART}>
      <PageHead
        ctx={ctx}
        title={t("queue.title")}
        lead={props.waiting > 0 ? t("queue.lead", { count: props.waiting }) : t("queue.lead_empty")}
      />
      <Card flush>
        {props.rows.length === 0 ? (
          <EmptyState art={<AllDoneArt />} title={t("queue.empty_title")} sentence={t("queue.empty")} />
        ) : (
          <>
            <Table
              caption={t("queue.title")}
              rows={props.rows}
              rowId={({ versionId }) => `row-${versionId}`}
              columns={[
                {
                  header: t("column.app"),
                  cell: (row) => (
                    <div class="cell-main">
                      <AppIcon src={row.iconUrl} name={row.appName} seed={row.appId} />
                      <div>
                        <a href={`/review/${row.versionId}`} dir="auto" safe>
                          {`${row.appName} ${row.version}`}
                        </a>
                        <p class="meta">
                          <OrganisationName of={row.organisation} />
                        </p>
                      </div>
                    </div>
                  ),
                },
                {
                  header: t("column.kind"),
                  cell: (row) => <span safe>{t(row.isUpdate ? "queue.update" : "queue.first")}</span>,
                },
                {
                  header: t("column.findings"),
                  cell: (row) => <span safe>{describeCounts(ctx, row.findings)}</span>,
                },
                {
                  header: t("column.size"),
                  end: true,
                  cell: (row) => <Bytes ctx={ctx} value={row.sizeBytes} />,
                },
                dateColumn(ctx, t("column.waiting_since"), (row: QueueRow) => row.submittedAt),
              ]}
            />
            <PagerLinks ctx={ctx} pager={props.pager} />
          </>
        )}
      </Card>
    </div>
  );
}
