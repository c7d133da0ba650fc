/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { type Column, PagerLinks, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { formatExact, formatNumber } from "../format.ts";
import { PageHead, Tabs } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type RevocationAct = "block" | "disable" | "remove" | "lift" | "lowest-version";
export type RevocationSubject = "package" | "key" | "certificate" | "app" | "developer";

/** What is in force about one thing, or what was done about it. */
export type RevocationRow = {
  readonly subject: RevocationSubject;
  readonly id: string;
  /** The id as people compare it. */
  readonly shownId: string;
  /** What people know it by; null for what is gone. */
  readonly label: string | null;
  /** The organisation that it is known by; null where it is known by something else. */
  readonly organisation: NamedOrganisation | null;
  readonly act: RevocationAct;
  readonly versionCode: number | null;
  readonly approvalsUntil: Date | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
};

export type RevocationsView = "in_force" | "lowest" | "history";

export type RevocationsProps = {
  readonly show: RevocationsView;
  readonly rows: readonly RevocationRow[];
  /** Whether there are links to the forms that change something. */
  readonly mayManage: boolean;
  readonly pager: Pager;
};

const PATH = "/admin/revocations";
const TONES = {
  block: "warn",
  disable: "bad",
  remove: "bad",
  lift: "good",
  "lowest-version": "warn",
} as const;

/** The address of the form about one thing. */
export function revokeHref(act: "revoke" | "lift" | "lowest-version", id: string, subject?: string): string {
  const query = new URLSearchParams({
    act,
    ...(act === "lowest-version" ? { appId: id } : { subject: subject ?? "", id }),
  });
  return `${PATH}/new?${query}`;
}

/** `/admin/revocations`: what devices must not have, and what was done about it. */
export function revocationsPage(ctx: PageContext, props: RevocationsProps): JSX.Element {
  const { t } = ctx;
  const { show, rows } = props;
  return (
    <Page ctx={ctx} title={t("revoked.title")}>
      <PageHead
        ctx={ctx}
        title={t("revoked.title")}
        lead={t("revoked.lead")}
        actions={
          props.mayManage ? (
            <>
              <LinkButton ctx={ctx} href={`${PATH}/new?act=lowest-version`} label={t("revoked.set_lowest")} />
              <LinkButton ctx={ctx} href={`${PATH}/new`} label={t("revoked.new")} kind="primary" />
            </>
          ) : undefined
        }
      />
      <Tabs
        ctx={ctx}
        label={t("revoked.title")}
        tabs={(["in_force", "lowest", "history"] as const).map((view) => ({
          label: t(`revoked.${view}`),
          href: view === "in_force" ? PATH : `${PATH}?show=${view}`,
          current: view === show,
        }))}
      />
      <Card flush>
        {rows.length === 0 ? (
          <EmptyState art={<QuietArt />} sentence={t(`revoked.empty_${show}`)} />
        ) : (
          <>
            <Table caption={t(`revoked.${show}`)} rows={rows} columns={columns(ctx, show, props.mayManage)} />
            <PagerLinks ctx={ctx} pager={props.pager} />
          </>
        )}
      </Card>
    </Page>
  );
}

function columns(ctx: PageContext, show: RevocationsView, mayManage: boolean): Column<RevocationRow>[] {
  const { t } = ctx;
  return [
    { header: t("column.subject"), cell: (row) => <Named ctx={ctx} row={row} /> },
    { header: t("column.revocation"), cell: (row) => <Act ctx={ctx} row={row} /> },
    {
      header: t("column.reason"),
      cell: (row) => (
        <span dir="auto" safe>
          {row.reason}
        </span>
      ),
    },
    { header: t("column.by"), cell: (row) => <bdi safe>{row.by}</bdi> },
    {
      header: t(show === "history" ? "column.when" : "column.since"),
      tight: true,
      cell: (row) => <Time ctx={ctx} at={row.at} />,
    },
    ...(show === "history" || !mayManage
      ? []
      : [actionsColumn(ctx, (row: RevocationRow) => <Actions ctx={ctx} row={row} show={show} />)]),
  ];
}

function Named(props: { ctx: PageContext; row: RevocationRow }): JSX.Element {
  const { ctx, row } = props;
  const { t } = ctx;
  return (
    <div>
      <p>
        <span class="muted" safe>
          {t(`subject.${row.subject}`)}
        </span>{" "}
        {row.organisation === null ? (
          <strong dir="auto" safe>
            {row.label ?? t("revoked.forgotten")}
          </strong>
        ) : (
          <strong>
            <OrganisationName of={row.organisation} />
          </strong>
        )}
      </p>
      <p class="mono meta" safe>
        {row.shownId}
      </p>
    </div>
  );
}

function Act(props: { ctx: PageContext; row: RevocationRow }): JSX.Element {
  const { ctx, row } = props;
  const { t } = ctx;
  const { act, versionCode, approvalsUntil } = row;
  const label = t(`revocation.${act === "lowest-version" ? "lowest" : act}`);
  return (
    <div>
      <Badge
        tone={TONES[act]}
        label={versionCode === null ? label : `${label} ${formatNumber(ctx.locale, versionCode)}`}
      />
      {approvalsUntil !== null && (
        <p class="meta" safe>
          {t("revoked.until", { time: formatExact(ctx, approvalsUntil) })}
        </p>
      )}
    </div>
  );
}

function Actions(props: { ctx: PageContext; row: RevocationRow; show: RevocationsView }): JSX.Element {
  const { ctx, row, show } = props;
  const { t } = ctx;
  const context = row.label ?? row.id;
  if (show === "lowest") {
    return (
      <div class="row-actions">
        <LinkButton
          ctx={ctx}
          href={revokeHref("lowest-version", row.id)}
          label={t("revoked.change")}
          context={context}
          small
        />
      </div>
    );
  }
  return (
    <div class="row-actions">
      <LinkButton
        ctx={ctx}
        href={revokeHref("revoke", row.id, row.subject)}
        label={t("revoked.change")}
        context={context}
        small
      />
      <LinkButton
        ctx={ctx}
        href={revokeHref("lift", row.id, row.subject)}
        label={t("revoked.lift")}
        context={context}
        small
      />
    </div>
  );
}
