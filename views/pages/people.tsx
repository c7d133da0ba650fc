/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { StoreRole } from "../../src/roles.ts";
import { Badge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, dateColumn } from "../components/columns.tsx";
import { ErrorSummary, Select } from "../components/field.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { type NamedOrganisation, OrganisationNames } from "../components/organisation.tsx";
import { type InvitationRow, Invitations, InviteCard, PersonName } from "../components/people.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { formatRelative } from "../format.ts";
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
  readonly organisations: readonly NamedOrganisation[];
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
  /** Whether who looks may change something. */
  readonly manages: boolean;
  /** Whether who looks may open a person's page. */
  readonly opens: boolean;
  /** null: who looks may not see them. */
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
      <FilterForm
        ctx={ctx}
        action="/admin/people"
        name="search"
        label={t("people.search")}
        value={props.search}
        submit={t("people.search_submit")}
      />
      <People ctx={ctx} {...props} />
      {props.manages && props.strangersToo && <Invite ctx={ctx} {...props} />}
      {invitations !== null && invitations.length > 0 && (
        <Invitations
          ctx={ctx}
          rows={invitations}
          path={props.manages ? "/admin/people/invitations" : null}
          pager={{ previousHref: null, nextHref: null }}
        />
      )}
    </Page>
  );
}

function People(props: { ctx: PageContext } & PeopleProps): JSX.Element {
  const { ctx, people } = props;
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
                      at: formatRelative(ctx, row.deletionAt, ctx.now),
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
            cell: (row) => <OrganisationNames of={row.organisations} />,
          },
          dateColumn(ctx, t("column.since"), (row: PersonRow) => row.since),
          ...(!props.opens
            ? []
            : [
                actionsColumn(ctx, (row: PersonRow) => (
                  <LinkButton
                    ctx={ctx}
                    href={`/admin/people/${row.id}`}
                    label={t(props.manages ? "people.change" : "people.look")}
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

export function StoreRoleField(props: {
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
