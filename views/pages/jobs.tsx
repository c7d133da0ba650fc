/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, numberColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Live } from "../components/live.tsx";
import { type Column, PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead, Tabs } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import { type PageContext, type Pager, wordsOf } from "../page.ts";

export type JobRow = {
  readonly id: string;
  /** What it does, as the code names it: `version.check`. */
  readonly kind: string;
  /** What it does it to. */
  readonly key: string;
  readonly state: "queued" | "running" | "dead";
  readonly attempts: number;
  readonly lastError: string | null;
  /** When it was queued, started, or given up, by its state. */
  readonly at: Date;
  /** When it is tried again; null when it runs, is due or is dead. */
  readonly nextAttemptAt: Date | null;
};

export type JobsProps = {
  /** `?show=`: the dead letters (default) or what is queued and running. */
  readonly show: "dead" | "active";
  /** Whether the dead ones have a button that runs them again. */
  readonly mayReplay: boolean;
  /** As far as they are counted, which is past `MOST_SHOWN`. */
  readonly counts: { readonly dead: number; readonly active: number };
  readonly jobs: readonly JobRow[];
  readonly pager: Pager;
};

const TONES = { queued: "neutral", running: "accent", dead: "bad" } as const;

const PART = "jobs-live";
/** More than these are said to be more. */
const MOST_SHOWN = 999;

/** `/admin/jobs`: what the store does by itself, and what it gave up. */
export function jobsPage(
  ctx: PageContext,
  props: JobsProps,
  /** Where it is followed. */
  eventsHref: string,
): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("jobs.title")}>
      <PageHead ctx={ctx} title={t("jobs.title")} lead={t("jobs.lead")} />
      <Live
        ctx={ctx}
        href={eventsHref}
        part={PART}
        isBusy={props.show === "active" && props.counts.active > 0}
      />
      {jobsPart(ctx, props)}
    </Page>
  );
}

/** A job of another program than this one's stands under its own name. */
const kindName = (ctx: PageContext, kind: string): string => wordsOf(ctx, `job_kind.${kind}`) ?? kind;

/** The part of the page that changes by itself. */
export function jobsPart(ctx: PageContext, props: JobsProps): JSX.Element {
  const { t } = ctx;
  const { show, counts } = props;
  const columns: Column<JobRow>[] = [
    {
      header: t("column.job"),
      cell: (job) => (
        <div class="cell-main">
          <div>
            <p>
              <strong safe>{kindName(ctx, job.kind)}</strong>
            </p>
            <p class="meta">
              <bdi class="mono" safe>
                {job.kind}
              </bdi>{" "}
              <bdi class="mono" safe>
                {job.key}
              </bdi>
            </p>
          </div>
        </div>
      ),
    },
    {
      header: t("column.state"),
      cell: (job) => (
        <Badge tone={TONES[job.state]} busy={job.state === "running"} label={t(`job_state.${job.state}`)} />
      ),
    },
    numberColumn(ctx, t("column.attempts"), (job) => job.attempts),
    {
      header: t("column.last_error"),
      cell: (job) => (
        <span class="mono prewrap" safe>
          {job.lastError ?? "–"}
        </span>
      ),
    },
    {
      header: show === "dead" ? t("column.given_up") : t("column.since"),
      end: true,
      tight: true,
      cell: (job) => (
        <span>
          <Time ctx={ctx} at={job.at} />
          {!!job.nextAttemptAt && (
            <span class="meta">
              {" · "}
              <span safe>{t("jobs.next_attempt")}</span> <Time ctx={ctx} at={job.nextAttemptAt} />
            </span>
          )}
        </span>
      ),
    },
  ];
  if (show === "dead" && props.mayReplay) {
    columns.push(
      actionsColumn(ctx, (job) => (
        <div class="row-actions">
          <PostButton
            ctx={ctx}
            label={t("jobs.replay")}
            context={`${kindName(ctx, job.kind)} ${job.key}`}
            icon="replay"
            small
            action={`/admin/jobs/${job.id}/replay`}
          />
        </div>
      )),
    );
  }
  return (
    <div class="stack" id={PART}>
      <Tabs
        ctx={ctx}
        label={t("jobs.title")}
        most={MOST_SHOWN}
        tabs={[
          { label: t("jobs.dead"), href: "/admin/jobs", current: show === "dead", count: counts.dead },
          {
            label: t("jobs.active"),
            href: "/admin/jobs?show=active",
            current: show === "active",
            count: counts.active,
          },
        ]}
      />
      <Card flush>
        {props.jobs.length === 0 ? (
          <EmptyState
            art={<QuietArt />}
            title={t(`jobs.empty_${show}_title`)}
            sentence={t(`jobs.empty_${show}`)}
          />
        ) : (
          <>
            <Table
              caption={t(`jobs.${show}`)}
              rows={props.jobs}
              rowId={({ id }) => `row-${id}`}
              columns={columns}
            />
            <PagerLinks ctx={ctx} pager={props.pager} />
          </>
        )}
      </Card>
    </div>
  );
}
