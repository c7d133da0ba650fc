/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { GroupChoice, type GroupChoiceRow } from "../components/group-choice.tsx";
import { type AccountIdentity, IdentityTable } from "../components/identities.tsx";
import { type SessionRow, SessionTable } from "../components/sessions.tsx";
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
