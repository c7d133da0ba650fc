/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { GroupChoice, type GroupChoiceRow } from "../components/group-choice.tsx";
import { type AccountIdentity, IdentityTable } from "../components/identities.tsx";
import { OrganisationName } from "../components/organisation.tsx";
import { SessionList, type SessionRow } from "../components/sessions.tsx";
import { formatExact } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { type PersonRow, StoreRoleField } from "./people.tsx";

export type PersonProps = {
  readonly person: PersonRow;
  /** Accounts at outside providers that sign in to it. */
  readonly identities: readonly AccountIdentity[];
  /** Every group of the store, and whether they are in it. */
  readonly groups: readonly GroupChoiceRow[];
  readonly sessions: readonly SessionRow[];
  readonly secondFactors: number;
  /** Whether who looks may change the account, and whether the groups that it is in. */
  readonly manages: boolean;
  readonly managesGroups: boolean;
  /** The address that was typed to delete the account. */
  readonly typed?: string;
  readonly errors: readonly FieldError[];
  /** The one who looks. */
  readonly self: boolean;
};

/** `/admin/people/:accountId`: an account, and what an administrator can do with it. */
export function personPage(ctx: PageContext, props: PersonProps): JSX.Element {
  const { t } = ctx;
  const { person } = props;
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
      <StoreRoleCard ctx={ctx} {...props} />
      {person.organisations.length > 0 && (
        <Card title={t("organisations.list")}>
          <ul>
            {person.organisations.map((each) => (
              <li>
                <OrganisationName of={each} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      {props.identities.length > 0 && (
        <Card title={t("account.identities")} flush>
          <IdentityTable ctx={ctx} identities={props.identities} />
        </Card>
      )}
      {props.manages && (
        <Card title={t("people.password")}>
          <form novalidate class="form" method="post" action={`${path}/password-link`} hx-boost="false">
            <p class="muted" safe>
              {t("people.password_lead")}
            </p>
            <div class="row">
              <Button ctx={ctx} label={t("people.password_submit")} />
            </div>
          </form>
        </Card>
      )}
      <Card title={t("account.sessions")} flush>
        <p class="card-body muted" safe>
          {t("people.sessions", { count: props.sessions.length })}
        </p>
        {props.sessions.length > 0 && (
          <SessionList
            ctx={ctx}
            sessions={props.sessions}
            older={0}
            action={props.manages ? `${path}/sessions/end-one` : null}
          />
        )}
        {props.manages && props.sessions.length > 0 && (
          <div class="card-body">
            <PostButton ctx={ctx} action={`${path}/sessions/end`} label={t("people.sessions_end")} />
          </div>
        )}
      </Card>
      <Groups ctx={ctx} {...props} />
      <Card title={t("second_factor.title")}>
        <p class="muted" safe>
          {t("people.factors", { count: props.secondFactors })}
        </p>
        {props.manages && props.secondFactors > 0 && (
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
      {props.manages && !person.staysDisabled && <Disabling ctx={ctx} person={person} />}
      {props.manages && person.disabled && <Enabling ctx={ctx} person={person} />}
      {props.manages && person.disabled && <Deletion ctx={ctx} {...props} />}
    </Page>
  );
}

function StoreRoleCard(props: { ctx: PageContext } & PersonProps): JSX.Element {
  const { ctx, person, errors } = props;
  const { t } = ctx;
  if (!props.manages)
    return (
      <Card title={t("invitation.store_role")}>
        <p safe>{t(person.storeRole === null ? "store_role.none" : `store_role.${person.storeRole}`)}</p>
      </Card>
    );
  return (
    <Card title={t("invitation.store_role")}>
      <form novalidate class="form" method="post" action={`/admin/people/${person.id}/role`} hx-boost="false">
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
  );
}

/** Those that they are in; for who may change that, all there are. */
function Groups(props: { ctx: PageContext } & PersonProps): JSX.Element {
  const { ctx, groups, person } = props;
  const { t } = ctx;
  const own = groups.filter((group) => group.in);
  if ((props.managesGroups ? groups : own).length === 0) return <></>;
  if (!props.managesGroups)
    return (
      <Card title={t("groups.title")}>
        <ul>
          {own.map(({ name }) => (
            <li>
              <bdi safe>{name}</bdi>
            </li>
          ))}
        </ul>
      </Card>
    );
  return (
    <Card title={t("groups.title")}>
      <form
        novalidate
        class="form"
        method="post"
        action={`/admin/people/${person.id}/groups`}
        hx-boost="false"
      >
        <GroupChoice ctx={ctx} legend={t("people.groups_legend")} groups={groups} />
        <div class="row">
          <Button ctx={ctx} label={t("groups.save")} />
        </div>
      </form>
    </Card>
  );
}

function Disabling({ ctx, person }: { ctx: PageContext; person: PersonRow }): JSX.Element {
  const { t } = ctx;
  return (
    <Card title={t("people.disable")}>
      <form
        novalidate
        class="form"
        method="post"
        action={`/admin/people/${person.id}/disable`}
        hx-boost="false"
      >
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
      <form
        novalidate
        class="form"
        method="post"
        action={`/admin/people/${person.id}/enable`}
        hx-boost="false"
      >
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
        <form novalidate class="form" method="post" action={`${path}/keep`} hx-boost="false">
          <p class="muted" safe>
            {t("people.delete_pending", { at: formatExact(ctx, person.deletionAt) })}
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
      <form novalidate class="form" method="post" action={`${path}/delete`} hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["confirm"]} />
        <p class="muted" safe>
          {t("people.delete_lead")}
        </p>
        <Field
          ctx={ctx}
          name="confirm"
          label={t("people.delete_address")}
          hint={t("people.delete_address_hint", { email: person.email })}
          value={props.typed ?? ""}
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
