/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { AllDoneArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { PostButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { timeColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { HideRatingForm, RatingToJudge } from "../components/hide-rating.tsx";
import { Notice } from "../components/notice.tsx";
import { Stars } from "../components/ratings.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { APP_REASONS, RATING_REASONS } from "./report.tsx";

const OUTCOMES = ["hidden", "dismissed", "handled", "withdrawn"] as const;

export type ReportRow = {
  readonly id: string;
  readonly appId: string;
  readonly appName: string;
  /** As it was when it was reported; null: it is about the app. */
  readonly said: { readonly stars: number; readonly text: string } | null;
  /** As it is now; null: it is about the app, or its author took it back. */
  readonly rating: {
    readonly id: string;
    readonly author: string | null;
    readonly stars: number;
    readonly text: string;
    readonly createdAt: Date;
    readonly hiddenReason: string | null;
    readonly revision: number;
  } | null;
  readonly reason: string;
  readonly text: string;
  /** null: the visitor has a part in it, and others decide. */
  readonly by: string | null;
  readonly createdAt: Date;
  readonly closed: { readonly at: Date; readonly by: string; readonly outcome: string } | null;
  readonly revision: number;
};

export type ReportsProps = {
  readonly reports: readonly ReportRow[];
  readonly isClosed: boolean;
  readonly pager: Pager;
};

function reasonWords({ t }: PageContext, { said: about, reason }: ReportRow): string {
  const app = APP_REASONS.find((one) => one === reason);
  const said = RATING_REASONS.find((one) => one === reason);
  if (about === null) return app === undefined ? reason : t(`report.app.${app}`);
  return said === undefined ? reason : t(`report.rating.${said}`);
}

/** `/admin/reports`: what people report of apps and ratings. */
export function reportsPage(ctx: PageContext, props: ReportsProps): JSX.Element {
  const { t } = ctx;
  const { reports, isClosed } = props;
  return (
    <Page ctx={ctx} title={t("reports.title")}>
      <PageHead ctx={ctx} title={t("reports.title")} lead={t("reports.lead")} />
      <Card
        title={t(isClosed ? "reports.closed" : "reports.open")}
        flush
        actions={
          <a href={isClosed ? "/admin/reports" : "/admin/reports?state=closed"} safe>
            {t(isClosed ? "reports.open_link" : "reports.closed_link")}
          </a>
        }
      >
        {reports.length === 0 ? (
          <EmptyState art={<AllDoneArt />} sentence={t(isClosed ? "reports.none_closed" : "reports.none")} />
        ) : (
          <Table<ReportRow>
            caption={t("reports.title")}
            rows={reports}
            columns={[
              {
                header: t("reports.about"),
                cell: (row) => (
                  <div class="cell-main">
                    <div>
                      <a href={`/admin/reports/${row.id}`} dir="auto" safe>
                        {row.said === null ? row.appName : t("reports.rating_of", { app: row.appName })}
                      </a>
                      {row.said !== null && row.said.text !== "" && (
                        <p class="meta clip" dir="auto" safe>
                          {row.said.text.slice(0, 120)}
                        </p>
                      )}
                    </div>
                  </div>
                ),
              },
              { header: t("report.reason"), cell: (row) => <span safe>{reasonWords(ctx, row)}</span> },
              { header: t("reports.by"), cell: (row) => <bdi safe>{row.by ?? "–"}</bdi> },
              timeColumn(ctx, t("reports.at"), ({ createdAt }) => createdAt),
            ]}
          />
        )}
        <PagerLinks ctx={ctx} pager={props.pager} />
      </Card>
    </Page>
  );
}

export type OneReportProps = {
  readonly report: ReportRow;
  readonly decides: boolean;
  /** What was typed of why it is hidden. */
  readonly reason: string;
  readonly errors: readonly FieldError[];
};

/** `/admin/reports/:reportId`: what somebody reports, and what is done about it. */
export function oneReportPage(ctx: PageContext, props: OneReportProps): JSX.Element {
  const { t } = ctx;
  const { report, decides } = props;
  const { said, rating, closed } = report;
  const path = `/admin/reports/${report.id}`;
  const outcome = OUTCOMES.find((one) => one === closed?.outcome);
  const title =
    said === null
      ? t("reports.of_app", { app: report.appName })
      : t("reports.of_rating", { app: report.appName });
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={title}
          crumbs={[{ label: t("reports.title"), href: "/admin/reports" }]}
          badge={
            outcome === undefined ? <></> : <Badge tone="neutral" label={t(`reports.outcome.${outcome}`)} />
          }
        />
        {report.by === null && (
          <Notice ctx={ctx} tone="neutral" title={t("reports.own_title")}>
            <p safe>{t("reports.own")}</p>
          </Notice>
        )}
        <Card title={t("reports.what")}>
          <div class="stack-s">
            <Facts
              items={[
                { term: t("report.reason"), value: <span safe>{reasonWords(ctx, report)}</span> },
                ...(report.by === null
                  ? []
                  : [{ term: t("reports.by"), value: <bdi safe>{report.by}</bdi> }]),
                { term: t("reports.at"), value: <Time ctx={ctx} at={report.createdAt} /> },
                {
                  term: t("column.app"),
                  value: (
                    <a href={`/apps/${report.appId}`} dir="auto" safe>
                      {report.appName}
                    </a>
                  ),
                },
                ...(closed === null
                  ? []
                  : [
                      ...(closed.by === ""
                        ? []
                        : [{ term: t("reports.decided_by"), value: <bdi safe>{closed.by}</bdi> }]),
                      { term: t("reports.decided_at"), value: <Time ctx={ctx} at={closed.at} /> },
                    ]),
              ]}
            />
            {report.text !== "" && (
              <p class="said" dir="auto" safe>
                {report.text}
              </p>
            )}
          </div>
        </Card>
        {said !== null && (rating === null || rating.text !== said.text || rating.stars !== said.stars) && (
          <Card title={t("reports.said")}>
            <div class="stack-s">
              <p>
                <Stars ctx={ctx} stars={said.stars} />
              </p>
              {said.text !== "" && (
                <p class="said" dir="auto" safe>
                  {said.text}
                </p>
              )}
            </div>
          </Card>
        )}
        {rating !== null && <Rating ctx={ctx} rating={rating} path={path} {...props} />}
        {decides && closed === null && (
          <Card title={t("reports.close_title")}>
            <div class="stack-s">
              <p class="muted" safe>
                {t("reports.close_lead")}
              </p>
              <div class="row">
                <PostButton
                  ctx={ctx}
                  action={`${path}/close`}
                  revision={report.revision}
                  label={t("reports.dismiss")}
                  hidden={{ outcome: "dismissed" }}
                />
                <PostButton
                  ctx={ctx}
                  action={`${path}/close`}
                  revision={report.revision}
                  label={t("reports.handled")}
                  hidden={{ outcome: "handled" }}
                  kind="ghost"
                />
              </div>
            </div>
          </Card>
        )}
      </div>
    </Page>
  );
}

function Rating(
  props: {
    ctx: PageContext;
    path: string;
    rating: NonNullable<ReportRow["rating"]>;
  } & OneReportProps,
): JSX.Element {
  const { ctx, path, rating, decides, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("reports.rating")}>
      <div class="stack">
        <div class="stack-s">
          <RatingToJudge ctx={ctx} rating={rating} />
          {rating.hiddenReason !== null && (
            <p class="muted">
              <bdi safe>{t("reports.is_hidden", { reason: rating.hiddenReason })}</bdi>
            </p>
          )}
        </div>
        {decides && rating.hiddenReason === null && (
          <HideRatingForm
            ctx={ctx}
            action={`${path}/hide`}
            revision={rating.revision}
            reason={props.reason}
            errors={errors}
          />
        )}
        {decides && rating.hiddenReason !== null && (
          <div class="row">
            <PostButton
              ctx={ctx}
              action={`${path}/show`}
              revision={rating.revision}
              label={t("reports.show")}
            />
          </div>
        )}
      </div>
    </Card>
  );
}
