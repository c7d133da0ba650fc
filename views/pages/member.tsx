/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { OrganisationRole } from "../../src/roles.ts";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Select } from "../components/field.tsx";
import { type OfferedApps, type RoleApps, RoleAppsFields } from "../components/role-apps.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { ORGANISATION_ROLES } from "./members.tsx";

export type MemberProps = {
  readonly organisation: { readonly id: string; readonly name: string };
  readonly member: {
    readonly accountId: string;
    readonly name: string;
    readonly email: string;
    readonly disabled: boolean;
  };
  /** The provider on whose groups the role rests; null: somebody gave it by hand. */
  readonly group: string | null;
  readonly role: OrganisationRole;
  readonly apps: RoleApps;
  readonly offered: OfferedApps;
  readonly errors: readonly FieldError[];
};

/** `/organisations/:organisationId/members/:accountId`: what a member may do, and to which apps. */
export function memberPage(ctx: PageContext, props: MemberProps): JSX.Element {
  const { t } = ctx;
  const { organisation, member, errors } = props;
  const list = `/organisations/${organisation.id}/members`;
  return (
    <Page ctx={ctx} title={member.name}>
      <PageHead
        ctx={ctx}
        title={member.name}
        lead={member.email}
        crumbs={[{ label: t("members.title", { organisation: organisation.name }), href: list }]}
        badge={member.disabled ? <Badge tone="neutral" label={t("people.disabled")} /> : undefined}
      />
      <Card title={t("member.may")}>
        <form novalidate class="form" method="post" action={`${list}/${member.accountId}`} hx-boost="false">
          <ErrorSummary ctx={ctx} errors={errors} fields={["role", "reach", "more"]} />
          {props.group !== null && (
            <p class="muted" safe>
              {t("member.from_group", { provider: props.group })}
            </p>
          )}
          <Select
            ctx={ctx}
            name="role"
            label={t("invitation.role")}
            value={props.role}
            options={ORGANISATION_ROLES.map((role) => ({
              value: role,
              label: t("members.role_meaning", {
                role: t(`role.${role}`),
                meaning: t(`role_meaning.${role}`),
              }),
            }))}
            errors={errors}
          />
          <RoleAppsFields ctx={ctx} value={props.apps} offered={props.offered} errors={errors} />
          <div class="row">
            <Button ctx={ctx} label={t("members.save")} kind="primary" />
            <LinkButton ctx={ctx} href={list} label={t("action.cancel")} kind="ghost" />
          </div>
        </form>
      </Card>
    </Page>
  );
}
