/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { OrganisationRole } from "../../src/roles.ts";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code.tsx";
import { actionsColumn, dateColumn } from "../components/columns.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { type InvitationRow, Invitations, InviteCard, PersonName } from "../components/people.tsx";
import { type OfferedApps, type RoleApps, RoleAppsFields } from "../components/role-apps.tsx";
import { Table } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { confirmPage } from "./confirm.tsx";

export const ORGANISATION_ROLES = [
  "owner",
  "maintainer",
  "developer",
  "viewer",
] as const satisfies readonly OrganisationRole[];

export type MemberRow = {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly role: OrganisationRole;
  readonly since: Date;
  readonly disabled: boolean;
  /** On whose groups the role rests; null: somebody gave it by hand. */
  readonly group: { readonly provider: string; readonly paused: boolean } | null;
  /** How many apps the role is narrowed to; null: it is of the whole organisation. */
  readonly apps: number | null;
  /** The one who looks. */
  readonly self: boolean;
};

export type MembersProps = {
  readonly organisation: { readonly id: string; readonly name: string };
  /** Its name, or what was typed as another. */
  readonly name: string;
  readonly members: readonly MemberRow[];
  /** Whether who looks may change something. */
  readonly manages: boolean;
  /** null: who looks may not see them. */
  readonly invitations: readonly InvitationRow[] | null;
  readonly pager: Pager;
  readonly values: { readonly email: string; readonly role: OrganisationRole; readonly apps: RoleApps };
  /** To which an invitation may be narrowed. */
  readonly offered: OfferedApps;
  readonly errors: readonly FieldError[];
  /** Whether people who have no account can be invited. */
  readonly strangersToo: boolean;
  /** Whether who looks may see the organisation's API keys. */
  readonly seesKeys: boolean;
  /** Whether who looks may see which apps change hands. */
  readonly seesTransfers: boolean;
};

/** `/organisations/:organisationId/members`: who is in it, and who is invited. */
export function membersPage(ctx: PageContext, props: MembersProps): JSX.Element {
  const { t } = ctx;
  const { organisation, invitations } = props;
  const path = `/organisations/${organisation.id}/members`;
  return (
    <Page ctx={ctx} title={t("members.title", { organisation: organisation.name })}>
      <PageHead
        ctx={ctx}
        title={t("members.title", { organisation: organisation.name })}
        lead={t("members.lead")}
        actions={
          props.seesTransfers || props.seesKeys ? (
            <>
              {props.seesTransfers && (
                <LinkButton
                  ctx={ctx}
                  href={`/organisations/${organisation.id}/transfers`}
                  label={t("members.transfers")}
                />
              )}
              {props.seesKeys && (
                <LinkButton
                  ctx={ctx}
                  href={`/organisations/${organisation.id}/keys`}
                  label={t("members.keys")}
                  icon="network"
                />
              )}
            </>
          ) : undefined
        }
      />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["email", "role", "reach", "more", "name"]} />
      <Members ctx={ctx} path={path} rows={props.members} manages={props.manages} />
      {props.manages && <Invite ctx={ctx} path={path} {...props} />}
      {invitations !== null && (invitations.length > 0 || props.pager.previousHref !== null) && (
        <Invitations
          ctx={ctx}
          rows={invitations}
          path={props.manages ? `${path}/invitations` : null}
          pager={props.pager}
        />
      )}
      <CodeBlock ctx={ctx} id="organisation-id" title={t("members.id")} code={organisation.id} />
      {props.manages && <Rename ctx={ctx} id={organisation.id} name={props.name} errors={props.errors} />}
    </Page>
  );
}

function Rename(props: {
  ctx: PageContext;
  id: string;
  name: string;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, id, name, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("members.rename")}>
      <form novalidate class="form" method="post" action={`/organisations/${id}/name`} hx-boost="false">
        <p class="muted" safe>
          {t("members.rename_lead")}
        </p>
        <Field
          ctx={ctx}
          name="name"
          label={t("members.rename_name")}
          value={name}
          autocomplete="off"
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("members.rename_submit")} />
        </div>
      </form>
    </Card>
  );
}

/** `/organisations/:organisationId/members/leave` and `…/:accountId/remove`: the question before. */
export function leavingPage(
  ctx: PageContext,
  props: {
    readonly act: "leave" | "remove";
    readonly organisation: string;
    readonly name: string;
    readonly action: string;
    readonly cancelHref: string;
  },
): JSX.Element {
  const { act, organisation, name, action, cancelHref } = props;
  return confirmPage(ctx, {
    title: ctx.t(`members.${act}_title`, { organisation, name }),
    consequences: [ctx.t(`members.${act}_consequence`)],
    action,
    revision: null,
    confirmLabel: ctx.t(`members.${act}`),
    destructive: true,
    cancelHref,
  });
}

function Members(props: {
  ctx: PageContext;
  path: string;
  rows: readonly MemberRow[];
  manages: boolean;
}): JSX.Element {
  const { ctx, path, rows, manages } = props;
  const { t } = ctx;
  return (
    <Card title={t("members.list")} flush>
      <Table
        caption={t("members.list")}
        rows={rows}
        columns={[
          {
            header: t("column.person"),
            cell: (row) => (
              <PersonName name={row.name} email={row.email}>
                <Marks ctx={ctx} row={row} />
              </PersonName>
            ),
          },
          {
            header: t("column.role"),
            tight: true,
            cell: (row) => <span safe>{t(`role.${row.role}`)}</span>,
          },
          dateColumn(ctx, t("column.since"), (row: MemberRow) => row.since),
          actionsColumn(ctx, (row: MemberRow) => (
            <div class="row-actions is-inline">
              {manages && (
                <LinkButton
                  ctx={ctx}
                  href={`${path}/${row.accountId}`}
                  label={t("members.apps")}
                  context={row.name}
                  small
                />
              )}
              <Leaving ctx={ctx} path={path} row={row} manages={manages} />
            </div>
          )),
        ]}
      />
    </Card>
  );
}

/** What of a member is not as usual. */
function Marks(props: { ctx: PageContext; row: MemberRow }): JSX.Element {
  const { row, ctx } = props;
  const { t } = ctx;
  if (!row.disabled && row.group === null && row.apps === null) return <></>;
  return (
    <div class="row">
      {row.disabled && <Badge tone="neutral" label={t("people.disabled")} />}
      {row.group !== null && (
        <Badge tone="neutral" label={t("members.from_group", { provider: row.group.provider })} />
      )}
      {row.group?.paused === true && <Badge tone="warn" label={t("members.paused")} />}
      {row.apps !== null && <Badge tone="neutral" label={t("members.for_apps", { count: row.apps })} />}
    </div>
  );
}

function Leaving(props: { ctx: PageContext; path: string; row: MemberRow; manages: boolean }): JSX.Element {
  const { ctx, path, row, manages } = props;
  const { t } = ctx;
  if (!row.self && !manages) return <></>;
  const action = row.self ? `${path}/leave` : `${path}/${row.accountId}/remove`;
  return (
    <form novalidate method="get" action={action}>
      <button class="button is-secondary is-small" type="submit">
        <span safe>{row.self ? t("members.leave") : t("members.remove")}</span>
        <span class="visually-hidden" safe>
          {row.name}
        </span>
      </button>
    </form>
  );
}

function Invite(props: { ctx: PageContext; path: string } & MembersProps): JSX.Element {
  const { ctx, path, values, errors, strangersToo } = props;
  const { t } = ctx;
  return (
    <InviteCard
      ctx={ctx}
      action={`${path}/invite`}
      lead={strangersToo ? t("members.invite_lead") : t("members.invite_lead_closed")}
      email={values.email}
      errors={errors}
    >
      <Select
        ctx={ctx}
        name="role"
        label={t("invitation.role")}
        value={values.role}
        options={ORGANISATION_ROLES.map((role) => ({
          value: role,
          label: t("members.role_meaning", { role: t(`role.${role}`), meaning: t(`role_meaning.${role}`) }),
        }))}
        errors={errors}
      />
      <RoleAppsFields ctx={ctx} value={values.apps} offered={props.offered} errors={errors} />
    </InviteCard>
  );
}
