/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { StoreRole } from "../../src/roles.ts";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { GroupChoice, type GroupChoiceRow } from "../components/group-choice.tsx";
import { type AccountIdentity, IdentityTable } from "../components/identities.tsx";
import { type InvitationRow, Invitations, InviteCard, PersonName } from "../components/people.tsx";
import { type SessionRow, SessionTable } from "../components/sessions.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { formatExact, formatRelative } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

export const STORE_ROLES = [
  "administrator",
  "reviewer",
  "support",
  "auditor",
] as const satisfies readonly StoreRole[];

export type PersonRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly proven: boolean;
  readonly storeRole: StoreRole | null;
  readonly organisations: readonly string[];
  readonly since: Date;
  readonly disabled: boolean;
  /** When it will be deleted; null: nobody asked for that. */
  readonly deletionAt: Date | null;
  /** Somebody disabled it: it works no more when its person takes their deletion back. */
  readonly staysDisabled: boolean;
};

export type PeopleProps = {
  readonly people: readonly PersonRow[];
  /** What was searched for. */
  readonly search: string;
  readonly pager: Pager;
  /** null: the one who looks may only look. */
  readonly invitations: readonly InvitationRow[] | null;
  readonly values: { readonly email: string; readonly storeRole: StoreRole | "" };
  readonly errors: readonly FieldError[];
  readonly strangersToo: boolean;
};

/** `/admin/people`: every account of the store. */
export function peoplePage(ctx: PageContext, props: PeopleProps): JSX.Element {
  const { t } = ctx;
  const { invitations } = props;
  return (
    <Page ctx={ctx} title={t("people.title")}>
      <PageHead ctx={ctx} title={t("people.title")} lead={t("people.lead")} />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["email", "storeRole"]} />
      <form class="row" method="get" action="/admin/people" role="search">
        <label class="visually-hidden" for="search" safe>
          {t("people.search")}
        </label>
        <input
          class="input"
          type="search"
          id="search"
          name="search"
          value={props.search}
          placeholder={t("people.search")}
          maxlength="200"
        />
        <Button ctx={ctx} label={t("people.search_submit")} />
      </form>
      <People ctx={ctx} {...props} />
      {invitations !== null && props.strangersToo && <Invite ctx={ctx} {...props} />}
      {invitations !== null && invitations.length > 0 && (
        <Invitations
          ctx={ctx}
          rows={invitations}
          path="/admin/people/invitations"
          pager={{ previousHref: null, nextHref: null }}
        />
      )}
    </Page>
  );
}

function People(props: { ctx: PageContext } & PeopleProps): JSX.Element {
  const { ctx, people, invitations } = props;
  const { t } = ctx;
  if (people.length === 0)
    return (
      <Card>
        <p class="muted" safe>
          {t("people.none")}
        </p>
      </Card>
    );
  return (
    <Card title={t("people.list")} flush>
      <Table
        caption={t("people.list")}
        rows={people}
        columns={[
          {
            header: t("column.person"),
            cell: (row) => (
              <PersonName name={row.name} email={row.email}>
                {!row.proven && <Badge tone="neutral" label={t("people.unproven")} />}
                {row.staysDisabled && <Badge tone="bad" label={t("people.disabled")} />}
                {row.deletionAt !== null && (
                  <Badge
                    tone="bad"
                    label={t("people.deletes_at", {
                      at: formatRelative(ctx.locale, row.deletionAt, ctx.now),
                    })}
                  />
                )}
              </PersonName>
            ),
          },
          {
            header: t("invitation.store_role"),
            cell: (row) => (
              <span safe>
                {row.storeRole === null ? t("store_role.none") : t(`store_role.${row.storeRole}`)}
              </span>
            ),
          },
          {
            header: t("column.organisation"),
            cell: (row) => (
              <bdi safe>{row.organisations.length === 0 ? "–" : row.organisations.join(", ")}</bdi>
            ),
          },
          timeColumn(ctx, t("column.since"), (row: PersonRow) => row.since),
          ...(invitations === null
            ? []
            : [
                actionsColumn(ctx, (row: PersonRow) => (
                  <LinkButton
                    ctx={ctx}
                    href={`/admin/people/${row.id}`}
                    label={t("people.change")}
                    context={row.name}
                    small
                  />
                )),
              ]),
        ]}
      />
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}

function Invite(props: { ctx: PageContext } & PeopleProps): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  return (
    <InviteCard
      ctx={ctx}
      action="/admin/people/invite"
      lead={t("people.invite_lead")}
      email={values.email}
      errors={errors}
    >
      <StoreRoleField ctx={ctx} value={values.storeRole} errors={errors} />
    </InviteCard>
  );
}

function StoreRoleField(props: {
  ctx: PageContext;
  value: StoreRole | "";
  errors: readonly FieldError[];
}): JSX.Element {
  const { t } = props.ctx;
  return (
    <Select
      ctx={props.ctx}
      name="storeRole"
      label={t("invitation.store_role")}
      value={props.value}
      optional
      options={[
        { value: "", label: t("store_role.none") },
        ...STORE_ROLES.map((role) => ({
          value: role,
          label: t("members.role_meaning", {
            role: t(`store_role.${role}`),
            meaning: t(`store_role_meaning.${role}`),
          }),
        })),
      ]}
      errors={props.errors}
    />
  );
}

export type PersonProps = {
  readonly person: PersonRow;
  /** Accounts at outside providers that sign in to it. */
  readonly identities: readonly AccountIdentity[];
  /** Every group of the store, and whether they are in it. */
  readonly groups: readonly GroupChoiceRow[];
  readonly sessions: readonly SessionRow[];
  readonly secondFactors: number;
  readonly errors: readonly FieldError[];
  /** The one who looks. */
  readonly self: boolean;
};

/** `/admin/people/:accountId`: what an administrator can do with an account. */
export function personPage(ctx: PageContext, props: PersonProps): JSX.Element {
  const { t } = ctx;
  const { person, errors } = props;
  const path = `/admin/people/${person.id}`;
  return (
    <Page ctx={ctx} title={person.name}>
      <PageHead
        ctx={ctx}
        title={person.name}
        lead={person.email}
        crumbs={[{ href: "/admin/people", label: t("people.title") }]}
        badge={person.disabled ? <Badge tone="bad" label={t("people.disabled")} /> : undefined}
      />
      <Card title={t("invitation.store_role")}>
        <form class="form" method="post" action={`${path}/role`} hx-boost="false">
          <ErrorSummary
            ctx={ctx}
            errors={errors.filter(({ field }) => field !== "confirm")}
            fields={["storeRole"]}
          />
          <p class="muted" safe>
            {t("people.role_lead")}
          </p>
          <StoreRoleField ctx={ctx} value={person.storeRole ?? ""} errors={errors} />
          <div class="row">
            <Button ctx={ctx} label={t("members.save")} kind="primary" />
          </div>
        </form>
      </Card>
      {props.identities.length > 0 && (
        <Card title={t("account.identities")} flush>
          <IdentityTable ctx={ctx} identities={props.identities} />
        </Card>
      )}
      <Card title={t("people.password")}>
        <form class="form" method="post" action={`${path}/password-link`} hx-boost="false">
          <p class="muted" safe>
            {t("people.password_lead")}
          </p>
          <div class="row">
            <Button ctx={ctx} label={t("people.password_submit")} />
          </div>
        </form>
      </Card>
      <Card title={t("account.sessions")} flush>
        <p class="card-body muted" safe>
          {t("people.sessions", { count: props.sessions.length })}
        </p>
        {props.sessions.length > 0 && (
          <SessionTable ctx={ctx} sessions={props.sessions} action={`${path}/sessions/end-one`} />
        )}
        {props.sessions.length > 0 && (
          <div class="card-body">
            <PostButton ctx={ctx} action={`${path}/sessions/end`} label={t("people.sessions_end")} />
          </div>
        )}
      </Card>
      {props.groups.length > 0 && (
        <Card title={t("groups.title")}>
          <form class="form" method="post" action={`${path}/groups`} hx-boost="false">
            <GroupChoice ctx={ctx} legend={t("people.groups_legend")} groups={props.groups} />
            <div class="row">
              <Button ctx={ctx} label={t("groups.save")} />
            </div>
          </form>
        </Card>
      )}
      <Card title={t("second_factor.title")}>
        <p class="muted" safe>
          {t("people.factors", { count: props.secondFactors })}
        </p>
        {props.secondFactors > 0 && (
          <div class="row">
            <Confirm
              ctx={ctx}
              label={t("people.factors_reset")}
              kind="danger"
              title={t("people.factors_reset_title", { name: person.name })}
              consequence={t("people.factors_reset_consequence")}
              action={`${path}/second-factors/reset`}
              confirmLabel={t("people.factors_reset")}
              confirmKind="danger-fill"
            />
          </div>
        )}
      </Card>
      {!person.staysDisabled && <Disabling ctx={ctx} person={person} />}
      {person.disabled && <Enabling ctx={ctx} person={person} />}
      {person.disabled && <Deletion ctx={ctx} {...props} />}
    </Page>
  );
}

function Disabling({ ctx, person }: { ctx: PageContext; person: PersonRow }): JSX.Element {
  const { t } = ctx;
  return (
    <Card title={t("people.disable")}>
      <form class="form" method="post" action={`/admin/people/${person.id}/disable`} hx-boost="false">
        <p class="muted" safe>
          {person.disabled ? t("people.disable_lead_deletion") : t("people.disable_lead")}
        </p>
        <div class="row">
          <Button ctx={ctx} label={t("people.disable")} kind="danger" />
        </div>
      </form>
    </Card>
  );
}

function Enabling({ ctx, person }: { ctx: PageContext; person: PersonRow }): JSX.Element {
  const { t } = ctx;
  return (
    <Card title={t("people.enable")}>
      <form class="form" method="post" action={`/admin/people/${person.id}/enable`} hx-boost="false">
        <p class="muted" safe>
          {person.deletionAt === null ? t("people.enable_lead") : t("people.enable_lead_deletion")}
        </p>
        <div class="row">
          <Button ctx={ctx} label={t("people.enable")} />
        </div>
      </form>
    </Card>
  );
}

/** Of an account that nobody works with any more. */
function Deletion(props: { ctx: PageContext } & PersonProps): JSX.Element {
  const { ctx, person } = props;
  const { t } = ctx;
  const path = `/admin/people/${person.id}`;
  const errors = props.errors.filter(({ field }) => field === "confirm");
  if (person.deletionAt !== null) {
    return (
      <Card title={t("people.delete")}>
        <form class="form" method="post" action={`${path}/keep`} hx-boost="false">
          <p class="muted" safe>
            {t("people.delete_pending", { at: formatExact(ctx.locale, person.deletionAt) })}
          </p>
          <div class="row">
            <Button ctx={ctx} label={t("people.keep")} />
          </div>
        </form>
      </Card>
    );
  }
  return (
    <Card title={t("people.delete")}>
      <form class="form" method="post" action={`${path}/delete`} hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["confirm"]} />
        <p class="muted" safe>
          {t("people.delete_lead")}
        </p>
        <Field
          ctx={ctx}
          name="confirm"
          label={t("people.delete_address")}
          hint={t("people.delete_address_hint", { email: person.email })}
          type="email"
          maxlength={254}
          spellcheck={false}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("people.delete")} kind="danger-fill" />
        </div>
      </form>
    </Card>
  );
}
