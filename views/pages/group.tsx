/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html, type PropsWithChildren } from "@kitajs/html";
import { EmailField } from "../components/account-fields.tsx";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton, PostButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, dateColumn } from "../components/columns.tsx";
import { ErrorSummary } from "../components/field.tsx";
import { PersonName } from "../components/people.tsx";
import { type Column, PagerLinks, RowName, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { GroupFields, type GroupValues } from "./groups.tsx";

export type PersonInGroupRow = {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly disabled: boolean;
  readonly since: Date;
};

export type DeviceInGroupRow = {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly revoked: boolean;
  readonly since: Date;
};

export type AppForGroupRow = {
  readonly id: string;
  readonly name: string;
  readonly publishedAt: Date | null;
};

export type GroupProps = {
  readonly group: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly by: string;
    readonly createdAt: Date;
    readonly revision: number;
  };
  readonly counts: { readonly people: number; readonly devices: number };
  readonly people: readonly PersonInGroupRow[];
  readonly peoplePager: Pager;
  readonly devices: readonly DeviceInGroupRow[];
  readonly devicesPager: Pager;
  readonly apps: readonly AppForGroupRow[];
  readonly appsPager: Pager;
  readonly manages: boolean;
  /** Whether who looks may open an account's page. */
  readonly opensPeople: boolean;
  readonly values: GroupValues & { readonly email: string };
  readonly errors: readonly FieldError[];
};

/** `/groups/:groupId`: who and what is in a group. */
export function groupPage(ctx: PageContext, props: GroupProps): JSX.Element {
  const { t } = ctx;
  const { group, manages, values, errors } = props;
  const path = `/groups/${group.id}`;
  return (
    <Page ctx={ctx} title={group.name}>
      <PageHead
        ctx={ctx}
        title={group.name}
        {...(group.description === "" ? {} : { lead: group.description })}
        crumbs={[{ href: "/groups", label: t("groups.title") }]}
        actions={
          manages ? (
            <LinkButton
              ctx={ctx}
              href={`${path}/delete`}
              label={t("groups.delete")}
              icon="delete"
              kind="danger"
            />
          ) : undefined
        }
      />
      <ErrorSummary ctx={ctx} errors={errors} fields={["email", "name", "description"]} />
      <People ctx={ctx} path={path} {...props} />
      <Devices ctx={ctx} path={path} {...props} />
      <Apps ctx={ctx} apps={props.apps} pager={props.appsPager} />
      {manages && (
        <Card title={t("groups.about")}>
          <form novalidate class="form" method="post" action={path} hx-boost="false">
            <Revision value={group.revision} />
            <GroupFields ctx={ctx} values={values} errors={errors} />
            <p class="meta">
              <span safe>{t("groups.made_by", { name: group.by })}</span>
              {" · "}
              <Time ctx={ctx} at={group.createdAt} />
            </p>
            <div class="row">
              <Button ctx={ctx} label={t("groups.save")} />
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}

function People(props: { ctx: PageContext; path: string } & GroupProps): JSX.Element {
  const { ctx, path, people, counts, manages, values, errors, opensPeople } = props;
  const { t } = ctx;
  return (
    <Part
      ctx={ctx}
      title={t("column.people")}
      count={counts.people}
      none={t("groups.no_people")}
      rows={people}
      pager={props.peoplePager}
      columns={[
        {
          header: t("column.person"),
          cell: (row) => (
            <PersonName
              name={row.name}
              email={row.email}
              {...(opensPeople ? { href: `/admin/people/${row.accountId}` } : {})}
            >
              {row.disabled && <Badge tone="neutral" label={t("people.disabled")} />}
            </PersonName>
          ),
        },
        dateColumn(ctx, t("column.since"), (row: PersonInGroupRow) => row.since),
        ...(manages
          ? [removing(ctx, (row: PersonInGroupRow) => `${path}/people/${row.accountId}/remove`)]
          : []),
      ]}
    >
      {manages && (
        <form novalidate class="form card-body" method="post" action={`${path}/people`} hx-boost="false">
          <EmailField ctx={ctx} value={values.email} errors={errors} />
          <div class="row">
            <Button ctx={ctx} label={t("groups.add_person")} />
          </div>
        </form>
      )}
    </Part>
  );
}

function Devices(props: { ctx: PageContext; path: string } & GroupProps): JSX.Element {
  const { ctx, path, devices, counts, manages } = props;
  const { t } = ctx;
  return (
    <Part
      ctx={ctx}
      title={t("column.devices")}
      count={counts.devices}
      none={t("groups.no_devices")}
      rows={devices}
      pager={props.devicesPager}
      columns={[
        {
          header: t("column.device"),
          cell: (row) => (
            <RowName name={row.name} href={`/devices/${row.id}`}>
              <p class="meta">
                <bdi safe>{row.platform}</bdi>
              </p>
              {row.revoked && <Badge tone="bad" label={t("devices.revoked")} />}
            </RowName>
          ),
        },
        dateColumn(ctx, t("column.since"), (row: DeviceInGroupRow) => row.since),
        ...(manages ? [removing(ctx, (row: DeviceInGroupRow) => `${path}/devices/${row.id}/remove`)] : []),
      ]}
    />
  );
}

function Apps(props: { ctx: PageContext; apps: GroupProps["apps"]; pager: Pager }): JSX.Element {
  const { ctx, apps } = props;
  const { t } = ctx;
  return (
    <Part
      ctx={ctx}
      title={t("groups.apps")}
      none={t("groups.no_apps")}
      rows={apps}
      pager={props.pager}
      columns={[
        {
          header: t("column.app"),
          cell: (row) => (
            <RowName name={row.name} href={`/apps/${row.id}/visibility`}>
              <p class="meta">
                <bdi safe>{row.id}</bdi>
              </p>
              {row.publishedAt === null && <Badge tone="neutral" label={t("groups.app_unpublished")} />}
            </RowName>
          ),
        },
        {
          header: t("column.since"),
          end: true,
          tight: true,
          cell: (row) => (row.publishedAt === null ? "" : <Time ctx={ctx} at={row.publishedAt} />),
        },
      ]}
    />
  );
}

/** What of one kind is in the group, and below it what adds to that. */
function Part<Row>(
  props: PropsWithChildren<{
    ctx: PageContext;
    title: string;
    count?: number;
    none: string;
    rows: readonly Row[];
    columns: readonly Column<Row>[];
    pager: Pager;
  }>,
): JSX.Element {
  const { ctx, title, count, rows, children } = props;
  return (
    <Card title={title} {...(count === undefined ? {} : { count: { ctx, value: count } })} flush>
      {rows.length === 0 ? (
        <div class="card-body">
          <p class="muted" safe>
            {props.none}
          </p>
        </div>
      ) : (
        <Table caption={title} rows={rows} columns={props.columns} />
      )}
      <PagerLinks ctx={ctx} pager={props.pager} />
      {children}
    </Card>
  );
}

const removing = <Row extends { readonly name: string }>(ctx: PageContext, action: (row: Row) => string) =>
  actionsColumn(ctx, (row: Row) => (
    <PostButton
      ctx={ctx}
      action={action(row)}
      label={ctx.t("groups.take_out")}
      context={row.name}
      small
      inRow
    />
  ));
