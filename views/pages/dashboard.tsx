/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { AppIcon } from "../components/app-icon.tsx";
import { NoAppsArt } from "../components/art.tsx";
import { StateBadge } from "../components/badge.tsx";
import { LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Commands, commandsForNewApp } from "../components/first-app.tsx";
import { Icon } from "../components/icon.tsx";
import { Stat } from "../components/stat.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { IconName, PageContext, Pager, VersionState } from "../page.ts";
import { type UnseenDevices, unseenHref, unseenText } from "./devices.tsx";

export type DashboardApp = {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly iconUrl: string | null;
  /** Null while nothing was uploaded. */
  readonly newest: {
    readonly id: string;
    readonly version: string;
    readonly code: number;
    readonly state: VersionState;
    readonly at: Date;
  } | null;
};

/** A version that waits for one of this person's organisations. */
export type Need = {
  readonly kind: "failed" | "rejected" | "draft" | "held";
  readonly appId: string;
  readonly appName: string;
  readonly versionId: string;
  readonly version: string;
  readonly at: Date;
};

type NoticeRow = {
  readonly id: string;
  readonly subject: string;
  readonly path: string;
  readonly at: Date;
};

export type DashboardProps = {
  readonly apps: readonly DashboardApp[];
  readonly pager: Pager;
  readonly stats: { readonly apps: number; readonly published: number; readonly inReview: number };
  /** Newest first; what is shown is all there is. */
  readonly needs: readonly Need[];
  /** Messages that were not put away, newest first. */
  readonly notices: readonly NoticeRow[];
  /** What of the store's keys ends before long or has ended; empty for those who do not look after them. */
  readonly keyWarnings: readonly {
    readonly what: string;
    readonly state: "warning" | "expired";
    readonly at: Date;
  }[];
  /** The release key in use, when it is revoked; null for those who do not look after the store's keys, too. */
  readonly revokedRelease: { readonly what: string; readonly at: Date } | null;
  /** When a check found the audit log to be another one than was written; null: it did not, or it is not theirs to know. */
  readonly auditDamagedAt: Date | null;
  /** How many parts of the signed catalogue the database has not got as they were signed; 0 for those who do not look after it, too. */
  readonly catalogueDamage: number;
  /** Since when no mail can be sent, and how many messages wait; null: it can, or it is not theirs to know. */
  readonly mailTrouble: { readonly since: Date; readonly count: number } | null;
  /** Devices that have not come for long; null: there are none, or it is not theirs to look after them. */
  readonly unseenDevices: UnseenDevices | null;
  /** The review queue; null for those who do not review. */
  readonly review: { readonly waiting: number; readonly oldestAt: Date | null } | null;
  /** True for who may make an organisation: without one they need nobody else to begin. */
  readonly mayCreateOrganisation: boolean;
  /** Address of this store as the command line needs it. */
  readonly storeUrl: string;
};

/** Something about the store, with the page that says more; `at` is since when, or until. */
function NeedRow(props: {
  ctx: PageContext;
  href: string;
  icon: IconName;
  title: string;
  at?: Date;
}): JSX.Element {
  const { ctx, at } = props;
  return (
    <li>
      <a class="link-row" href={props.href}>
        <Icon ctx={ctx} name={props.icon} />
        <span class="grow">
          <span class="link-title" safe>
            {props.title}
          </span>
        </span>
        {at !== undefined && (
          <span class="link-side meta">
            <Time ctx={ctx} at={at} />
          </span>
        )}
        <Icon ctx={ctx} name="chevron" />
      </a>
    </li>
  );
}

function Needs(props: {
  ctx: PageContext;
  needs: readonly Need[];
  review: DashboardProps["review"];
  keyWarnings: DashboardProps["keyWarnings"];
  revokedRelease: DashboardProps["revokedRelease"];
  auditDamagedAt: DashboardProps["auditDamagedAt"];
  catalogueDamage: number;
  mailTrouble: DashboardProps["mailTrouble"];
  unseenDevices: DashboardProps["unseenDevices"];
}): JSX.Element {
  const { ctx, needs, review, keyWarnings, revokedRelease, auditDamagedAt, catalogueDamage } = props;
  const { mailTrouble, unseenDevices } = props;
  const waiting = review && review.waiting > 0 ? review : null;
  const facts = [waiting, auditDamagedAt, revokedRelease, mailTrouble, unseenDevices].filter(
    (fact) => fact !== null,
  );
  const count = needs.length + keyWarnings.length + facts.length + (catalogueDamage > 0 ? 1 : 0);
  if (count === 0) return <></>;
  return (
    <Card title={ctx.t("dashboard.needs")} count={{ ctx, value: count }} flush>
      <ul class="list">
        {!!auditDamagedAt && (
          <NeedRow
            ctx={ctx}
            href="/admin/audit"
            icon="error"
            title={ctx.t("dashboard.audit_damaged")}
            at={auditDamagedAt}
          />
        )}
        {catalogueDamage > 0 && (
          <NeedRow
            ctx={ctx}
            href="/docs/guides/administrator#backup"
            icon="error"
            title={ctx.t("dashboard.catalogue_damaged", { count: catalogueDamage })}
          />
        )}
        {!!mailTrouble && (
          <NeedRow
            ctx={ctx}
            href="/admin/outbox"
            icon="error"
            title={ctx.t("dashboard.mail_failing", { count: mailTrouble.count })}
            at={mailTrouble.since}
          />
        )}
        {!!revokedRelease && (
          <NeedRow
            ctx={ctx}
            href="/admin/keys"
            icon="error"
            title={ctx.t("dashboard.key_revoked", { what: revokedRelease.what })}
            at={revokedRelease.at}
          />
        )}
        {keyWarnings.map(({ what, state, at }) => (
          <NeedRow
            ctx={ctx}
            href="/admin/keys"
            icon={state === "expired" ? "error" : "alert"}
            title={ctx.t(state === "expired" ? "dashboard.key_expired" : "dashboard.key_warning", { what })}
            at={at}
          />
        ))}
        {!!unseenDevices && (
          <NeedRow
            ctx={ctx}
            href={unseenHref(unseenDevices)}
            icon="alert"
            title={unseenText(ctx, unseenDevices)}
          />
        )}
        {!!waiting && (
          <li>
            <a class="link-row" href="/review">
              <Icon ctx={ctx} name="review" />
              <span class="grow">
                <span class="link-title" safe>
                  {ctx.t("dashboard.queue", { count: waiting.waiting })}
                </span>
              </span>
              {!!waiting.oldestAt && (
                <span class="link-side meta">
                  <span>
                    <span safe>{ctx.t("dashboard.queue_oldest")}</span>{" "}
                    <Time ctx={ctx} at={waiting.oldestAt} />
                  </span>
                </span>
              )}
              <Icon ctx={ctx} name="chevron" />
            </a>
          </li>
        )}
        {needs.map((need) => (
          <li>
            <a class="link-row" href={`/apps/${need.appId}/versions/${need.versionId}`}>
              <span class="grow">
                <span class="link-title" dir="auto" safe>
                  {ctx.t(`need.${need.kind}`, { app: need.appName, version: need.version })}
                </span>
              </span>
              <span class="link-side">
                <StateBadge ctx={ctx} state={need.kind} />
                <span class="meta need-time">
                  <Time ctx={ctx} at={need.at} />
                </span>
              </span>
              <Icon ctx={ctx} name="chevron" />
            </a>
          </li>
        ))}
      </ul>
    </Card>
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
        columns={[
          {
            header: t("column.message"),
            cell: (notice) => (
              <a href={notice.path} dir="auto" safe>
                {notice.subject}
              </a>
            ),
          },
          timeColumn(ctx, t("column.since"), (notice: NoticeRow) => notice.at),
          actionsColumn(ctx, (notice: NoticeRow) => (
            <PostButton
              ctx={ctx}
              label={t("notices.put_away")}
              context={notice.subject}
              small
              action={`/messages/${notice.id}/seen`}
            />
          )),
        ]}
      />
    </Card>
  );
}

function Apps(props: { ctx: PageContext; apps: readonly DashboardApp[]; pager: Pager }): JSX.Element {
  const { ctx, apps } = props;
  const { t } = ctx;
  return (
    <Card title={t("dashboard.apps")} flush>
      <Table
        caption={t("dashboard.apps")}
        rows={apps}
        columns={[
          {
            header: t("column.app"),
            cell: (app) => (
              <div class="cell-main">
                <AppIcon src={app.iconUrl} name={app.name} seed={app.id} />
                <div>
                  <a href={`/apps/${app.id}`} dir="auto" safe>
                    {app.name}
                  </a>
                  <p class="meta" safe>
                    {app.id}
                  </p>
                </div>
              </div>
            ),
          },
          { header: t("column.organisation"), cell: (app) => <bdi safe>{app.organisation}</bdi> },
          {
            header: t("column.newest"),
            cell: (app) =>
              app.newest ? (
                <span safe>{app.newest.version}</span>
              ) : (
                <span class="muted" safe>
                  {t("dashboard.no_version")}
                </span>
              ),
          },
          {
            header: t("column.state"),
            cell: (app) => (app.newest ? <StateBadge ctx={ctx} state={app.newest.state} /> : <span>–</span>),
          },
          {
            header: t("column.changed"),
            end: true,
            tight: true,
            cell: (app) => (app.newest ? <Time ctx={ctx} at={app.newest.at} /> : <span>–</span>),
          },
        ]}
      />
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}

/** `/dashboard`: what needs me, and my apps. */
export function dashboardPage(ctx: PageContext, props: DashboardProps): JSX.Element {
  const { t } = ctx;
  const develops = (ctx.viewer?.organisations.length ?? 0) > 0;
  const creates = ctx.viewer?.organisations.some(({ narrowed }) => narrowed === undefined) === true;
  const founds = !develops && props.mayCreateOrganisation;
  const first = develops && props.stats.apps === 0;
  return (
    <Page ctx={ctx} title={t("dashboard.title")}>
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
          {develops && <Stat ctx={ctx} label={t("stat.apps")} value={props.stats.apps} />}
          {develops && <Stat ctx={ctx} label={t("stat.published")} value={props.stats.published} />}
          {develops && <Stat ctx={ctx} label={t("stat.in_review")} value={props.stats.inReview} />}
          {!!props.review && (
            <Stat ctx={ctx} label={t("stat.queue")} value={props.review.waiting} href="/review" />
          )}
        </div>
      )}
      <Notices ctx={ctx} notices={props.notices} />
      <Needs
        ctx={ctx}
        needs={props.needs}
        review={props.review}
        keyWarnings={props.keyWarnings}
        revokedRelease={props.revokedRelease}
        auditDamagedAt={props.auditDamagedAt}
        catalogueDamage={props.catalogueDamage}
        mailTrouble={props.mailTrouble}
        unseenDevices={props.unseenDevices}
      />
      {props.apps.length > 0 && <Apps ctx={ctx} apps={props.apps} pager={props.pager} />}
      {first && (
        <>
          <Card flush>
            <EmptyState
              art={<NoAppsArt />}
              title={t("dashboard.empty_title")}
              sentence={t("dashboard.empty")}
              action={
                <LinkButton
                  ctx={ctx}
                  href="/upload"
                  label={t("dashboard.empty_action")}
                  icon="upload"
                  kind="primary"
                />
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
      {!develops && props.apps.length === 0 && (
        <Card flush>
          <EmptyState
            art={<NoAppsArt />}
            title={t("dashboard.no_organisation_title")}
            sentence={t(founds ? "dashboard.create_organisation_lead" : "dashboard.no_organisation")}
            action={
              founds ? (
                <LinkButton
                  ctx={ctx}
                  href="/organisations/new"
                  label={t("dashboard.create_organisation")}
                  icon="new"
                  kind="primary"
                />
              ) : (
                <></>
              )
            }
          />
        </Card>
      )}
    </Page>
  );
}
