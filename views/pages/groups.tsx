/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { EmailField } from "../components/account-fields.tsx";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton, PostButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, numberColumn, timeColumn } from "../components/columns.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { ListCard } from "../components/list-card.tsx";
import { PersonName } from "../components/people.tsx";
import { PagerLinks, RowName, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

export type GroupRow = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly people: number;
  readonly devices: number;
  readonly createdAt: Date;
};

export type GroupsProps = {
  readonly groups: readonly GroupRow[];
  readonly pager: Pager;
  /** Whether who looks may also make and change groups. */
  readonly manages: boolean;
  readonly values: { readonly name: string; readonly description: string };
  readonly errors: readonly FieldError[];
};

/** `/groups`: the groups of the store. */
export function groupsPage(ctx: PageContext, props: GroupsProps): JSX.Element {
  const { t } = ctx;
  const { manages } = props;
  return (
    <Page ctx={ctx} title={t("groups.title")}>
      <PageHead ctx={ctx} title={t("groups.title")} lead={t("groups.lead")} />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["name", "description"]} />
      <Groups ctx={ctx} {...props} />
      {manages && (
        <Card title={t("groups.new")}>
          <form class="form" method="post" action="/groups" hx-boost="false">
            <GroupFields ctx={ctx} values={props.values} errors={props.errors} />
            <div class="row">
              <Button ctx={ctx} label={t("groups.make")} kind="primary" />
            </div>
          </form>
        </Card>
      )}
    </Page>
  );
}

function Groups(props: { ctx: PageContext } & GroupsProps): JSX.Element {
  const { ctx, groups, pager } = props;
  const { t } = ctx;
  return (
    <ListCard
      ctx={ctx}
      title={t("groups.list")}
      none={t("groups.none")}
      rows={groups}
      pager={pager}
      columns={[
        {
          header: t("column.group"),
          cell: (row) => (
            <RowName name={row.name} href={`/groups/${row.id}`}>
              {row.description !== "" && (
                <p class="meta" dir="auto" safe>
                  {row.description}
                </p>
              )}
            </RowName>
          ),
        },
        numberColumn(ctx, t("column.people"), (row: GroupRow) => row.people),
        numberColumn(ctx, t("column.devices"), (row: GroupRow) => row.devices),
        timeColumn(ctx, t("column.since"), (row: GroupRow) => row.createdAt),
      ]}
    />
  );
}

function GroupFields(props: {
  ctx: PageContext;
  values: GroupsProps["values"];
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  return (
    <>
      <Field
        ctx={ctx}
        name="name"
        label={t("groups.name")}
        value={values.name}
        maxlength={80}
        errors={errors}
      />
      <Field
        ctx={ctx}
        name="description"
        label={t("groups.description")}
        hint={t("groups.description_hint")}
        value={values.description}
        maxlength={400}
        optional
        errors={errors}
      />
    </>
  );
}

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
  readonly values: { readonly name: string; readonly description: string; readonly email: string };
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
          <form class="form" method="post" action={path} hx-boost="false">
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
    <Card title={t("column.people")} count={{ ctx, value: counts.people }} flush>
      {people.length === 0 ? (
        <div class="card-body">
          <p class="muted" safe>
            {t("groups.no_people")}
          </p>
        </div>
      ) : (
        <Table
          caption={t("column.people")}
          rows={people}
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
            timeColumn(ctx, t("column.since"), (row: PersonInGroupRow) => row.since),
            ...(manages
              ? [removing(ctx, (row: PersonInGroupRow) => `${path}/people/${row.accountId}/remove`)]
              : []),
          ]}
        />
      )}
      <PagerLinks ctx={ctx} pager={props.peoplePager} />
      {manages && (
        <form class="form card-body" method="post" action={`${path}/people`} hx-boost="false">
          <EmailField ctx={ctx} value={values.email} errors={errors} />
          <div class="row">
            <Button ctx={ctx} label={t("groups.add_person")} />
          </div>
        </form>
      )}
    </Card>
  );
}

function Devices(props: { ctx: PageContext; path: string } & GroupProps): JSX.Element {
  const { ctx, path, devices, counts, manages } = props;
  const { t } = ctx;
  return (
    <Card title={t("column.devices")} count={{ ctx, value: counts.devices }} flush>
      {devices.length === 0 ? (
        <div class="card-body">
          <p class="muted" safe>
            {t("groups.no_devices")}
          </p>
        </div>
      ) : (
        <Table
          caption={t("column.devices")}
          rows={devices}
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
            timeColumn(ctx, t("column.since"), (row: DeviceInGroupRow) => row.since),
            ...(manages
              ? [removing(ctx, (row: DeviceInGroupRow) => `${path}/devices/${row.id}/remove`)]
              : []),
          ]}
        />
      )}
      <PagerLinks ctx={ctx} pager={props.devicesPager} />
    </Card>
  );
}

function Apps(props: { ctx: PageContext; apps: GroupProps["apps"]; pager: Pager }): JSX.Element {
  const { ctx, apps } = props;
  const { t } = ctx;
  return (
    <Card title={t("groups.apps")} flush>
      {apps.length === 0 ? (
        <div class="card-body">
          <p class="muted" safe>
            {t("groups.no_apps")}
          </p>
        </div>
      ) : (
        <Table
          caption={t("groups.apps")}
          rows={apps}
          columns={[
            {
              header: t("column.app"),
              cell: (row) => (
                <div>
                  <a href={`/apps/${row.id}/visibility`}>
                    <strong dir="auto" safe>
                      {row.name}
                    </strong>
                  </a>
                  <p class="meta">
                    <bdi safe>{row.id}</bdi>
                  </p>
                  {row.publishedAt === null && <Badge tone="neutral" label={t("groups.app_unpublished")} />}
                </div>
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
      )}
      <PagerLinks ctx={ctx} pager={props.pager} />
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
