/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { Words } from "../../src/say.ts";
import { type AppRow, AppTable } from "../components/app-table.tsx";
import { NoAppsArt } from "../components/art.tsx";
import { LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, dateColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Commands, commandsForNewApp } from "../components/first-app.tsx";
import { Live } from "../components/live.tsx";
import { Needs, type NeedsProps } from "../components/needs.tsx";
import { Notice } from "../components/notice.tsx";
import { Stat } from "../components/stat.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

/** How far the figures are counted. */
const STATS_MOST = 1000;

type NoticeRow = {
  readonly id: string;
  readonly said: Words;
  /** null: it is not for the person any more. */
  readonly path: string | null;
  readonly at: Date;
};

export type DashboardProps = NeedsProps & {
  readonly apps: readonly AppRow[];
  readonly pager: Pager;
  readonly stats: { readonly apps: number; readonly published: number; readonly inReview: number };
  /** Messages that were not put away, newest first. */
  readonly notices: readonly NoticeRow[];
  /** Whether they make an organisation by themselves, or ask for one. */
  readonly founding: "may" | "ask" | "unproven" | "enough";
  /** The organisation that they ask for, or were refused; null: none. */
  readonly asked: { readonly name: string; readonly state: "open" | "refused" } | null;
  /** Address of this store as the command line needs it. */
  readonly storeUrl: string;
  /** An app that they began to fill in; null: none. */
  readonly draft: { readonly id: string; readonly savedAt: Date } | null;
};

/** What somebody left in the middle of. */
function DraftNotice(props: { ctx: PageContext; draft: DashboardProps["draft"] }): JSX.Element {
  const { ctx, draft } = props;
  if (draft === null) return <></>;
  const { t } = ctx;
  return (
    <Notice
      ctx={ctx}
      tone="accent"
      title={draft.id === "" ? t("dashboard.draft") : t("dashboard.draft_of", { id: draft.id })}
    >
      <p class="row">
        <Time ctx={ctx} at={draft.savedAt} />
        <LinkButton ctx={ctx} href="/apps/new" label={t("dashboard.draft_go_on")} small />
      </p>
    </Notice>
  );
}

function Notices(props: { ctx: PageContext; notices: DashboardProps["notices"] }): JSX.Element {
  const { ctx, notices } = props;
  if (notices.length === 0) return <></>;
  const { t } = ctx;
  return (
    <Card title={t("notices.title")} flush>
      <Table
        caption={t("notices.title")}
        rows={notices}
        rowId={({ id }) => `row-${id}`}
        columns={[
          {
            header: t("column.message"),
            cell: (notice) =>
              notice.path === null ? (
                <span class="muted" safe>
                  {ctx.say(notice.said)}
                </span>
              ) : (
                <a href={notice.path} safe>
                  {ctx.say(notice.said)}
                </a>
              ),
          },
          dateColumn(ctx, t("column.since"), (notice: NoticeRow) => notice.at),
          actionsColumn(ctx, (notice: NoticeRow) => (
            <PostButton
              ctx={ctx}
              label={t("notices.put_away")}
              context={ctx.say(notice.said)}
              small
              action={`/messages/${notice.id}/seen`}
            />
          )),
        ]}
      />
    </Card>
  );
}

function Apps(props: { ctx: PageContext; apps: readonly AppRow[]; pager: Pager }): JSX.Element {
  const { ctx, apps, pager } = props;
  const { t } = ctx;
  const isMore = pager.previousHref !== null || pager.nextHref !== null;
  return (
    <Card
      title={t("dashboard.apps")}
      flush
      {...(isMore
        ? {
            actions: (
              <a href="/apps" safe>
                {t("app_list.find")}
              </a>
            ),
          }
        : {})}
    >
      <AppTable ctx={ctx} apps={apps} />
      <PagerLinks ctx={ctx} pager={pager} />
    </Card>
  );
}

const PART = "dashboard-live";

/** `/dashboard`: what needs me, and my apps. */
export function dashboardPage(
  ctx: PageContext,
  props: DashboardProps,
  /** Where it is followed. */
  eventsHref: string,
): JSX.Element {
  return (
    <Page ctx={ctx} title={ctx.t("dashboard.title")}>
      <Live ctx={ctx} href={eventsHref} part={PART} />
      {dashboardPart(ctx, props)}
    </Page>
  );
}

/** The part of the page that changes by itself. */
export function dashboardPart(ctx: PageContext, props: DashboardProps): JSX.Element {
  const { t } = ctx;
  const develops = (ctx.viewer?.organisations.length ?? 0) > 0;
  const creates = ctx.viewer?.organisations.some(({ narrowed }) => narrowed === undefined) === true;
  const founds = !develops && props.founding === "may";
  // Who reviews or administers sees other organisations’ apps as well.
  const first = develops && props.stats.apps === 0 && props.apps.length === 0;
  return (
    <div class="stack" id={PART}>
      <PageHead
        ctx={ctx}
        title={t("dashboard.title")}
        actions={
          develops && !first ? (
            <>
              {creates && <LinkButton ctx={ctx} href="/apps/new" label={t("action.new_app")} icon="new" />}
              <LinkButton ctx={ctx} href="/upload" label={t("action.upload")} icon="upload" kind="primary" />
            </>
          ) : founds && props.apps.length > 0 ? (
            <LinkButton
              ctx={ctx}
              href="/organisations/new"
              label={t("dashboard.create_organisation")}
              icon="new"
            />
          ) : (
            <></>
          )
        }
      />
      {!first && (develops || props.review !== null) && (
        <div class="stats">
          {develops && <Stat ctx={ctx} label={t("stat.apps")} value={props.stats.apps} most={STATS_MOST} />}
          {develops && (
            <Stat ctx={ctx} label={t("stat.published")} value={props.stats.published} most={STATS_MOST} />
          )}
          {develops && (
            <Stat ctx={ctx} label={t("stat.in_review")} value={props.stats.inReview} most={STATS_MOST} />
          )}
          {!!props.review && (
            <Stat
              ctx={ctx}
              label={t("stat.queue")}
              value={props.review.waiting}
              most={STATS_MOST}
              href="/review"
            />
          )}
        </div>
      )}
      {creates && <DraftNotice ctx={ctx} draft={props.draft} />}
      <Notices ctx={ctx} notices={props.notices} />
      <Needs ctx={ctx} {...props} />
      {props.apps.length > 0 && <Apps ctx={ctx} apps={props.apps} pager={props.pager} />}
      {first && (
        <>
          <Card flush>
            <EmptyState
              art={<NoAppsArt />}
              title={t("dashboard.empty_title")}
              sentence={t("dashboard.empty")}
              action={
                <div class="row">
                  <LinkButton
                    ctx={ctx}
                    href="/upload"
                    label={t("dashboard.empty_action")}
                    icon="upload"
                    kind="primary"
                  />
                  {creates && (
                    <LinkButton ctx={ctx} href="/apps/new" label={t("action.new_app")} icon="new" />
                  )}
                </div>
              }
            />
          </Card>
          <Card title={t("dashboard.commands_title")}>
            <p class="muted" safe>
              {t("dashboard.commands_lead")}
            </p>
            <Commands ctx={ctx} id="first-app" code={commandsForNewApp(props.storeUrl)} />
          </Card>
        </>
      )}
      {!develops && props.apps.length === 0 && <NoOrganisation ctx={ctx} {...props} />}
    </div>
  );
}

/** The way to an organisation, for who is in none. */
function NoOrganisation(props: {
  ctx: PageContext;
  founding: DashboardProps["founding"];
  asked: DashboardProps["asked"];
}): JSX.Element {
  const { ctx, founding, asked } = props;
  const { t } = ctx;
  const [sentence, href, label] =
    founding === "may"
      ? ([
          t("dashboard.create_organisation_lead"),
          "/organisations/new",
          t("dashboard.create_organisation"),
        ] as const)
      : founding === "unproven"
        ? ([t("dashboard.unproven"), "/account", t("dashboard.prove_address")] as const)
        : asked === null
          ? ([t("dashboard.ask_organisation_lead"), ASK, t("dashboard.ask_organisation")] as const)
          : asked.state === "open"
            ? ([t("dashboard.asked", { name: asked.name }), ASK, t("dashboard.asked_open")] as const)
            : ([t("dashboard.refused", { name: asked.name }), ASK, t("dashboard.asked_again")] as const);
  return (
    <Card flush>
      <EmptyState
        art={<NoAppsArt />}
        title={t("dashboard.no_organisation_title")}
        sentence={sentence}
        action={
          <LinkButton
            ctx={ctx}
            href={href}
            label={label}
            {...(founding === "may" ? { icon: "new" } : {})}
            kind={asked?.state === "open" && founding !== "may" ? "secondary" : "primary"}
          />
        }
      />
    </Card>
  );
}

const ASK = "/organisations/ask";
