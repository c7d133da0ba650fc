/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html, type PropsWithChildren } from "@kitajs/html";
import type { FieldError, PageContext, Pager } from "../page.ts";
import { EmailField } from "./account-fields.tsx";
import { Button, PostButton } from "./button.tsx";
import { Card } from "./card.tsx";
import { actionsColumn, timeColumn } from "./columns.tsx";
import { PagerLinks, RowName, Table } from "./table.tsx";

/** Somebody in a row of a table, with what is to be known of them. */
export function PersonName(
  props: PropsWithChildren<{ name: string; email: string; href?: string }>,
): JSX.Element {
  const { name, email, href, children } = props;
  return (
    <RowName name={name} {...(href === undefined ? {} : { href })}>
      <p class="meta" safe>
        {email}
      </p>
      {children}
    </RowName>
  );
}

/** Inviting by an address; what is offered with it are the children. */
export function InviteCard(
  props: PropsWithChildren<{
    ctx: PageContext;
    action: string;
    lead: string;
    email: string;
    errors: readonly FieldError[];
  }>,
): JSX.Element {
  const { ctx, action, lead, email, errors, children } = props;
  const { t } = ctx;
  return (
    <Card title={t("members.invite")}>
      <form novalidate class="form" method="post" action={action} hx-boost="false">
        <p class="muted" safe>
          {lead}
        </p>
        <EmailField ctx={ctx} value={email} errors={errors} />
        {children}
        <div class="row">
          <Button ctx={ctx} label={t("members.invite_submit")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}

export type InvitationRow = {
  readonly id: string;
  readonly email: string;
  /** In words: what is offered. */
  readonly role: string;
  readonly by: string;
  readonly expiresAt: Date;
};

/** Those that can still be taken up. Each can be taken back below `path`. */
export function Invitations(props: {
  ctx: PageContext;
  rows: readonly InvitationRow[];
  /** Null where who looks may take none back. */
  path: string | null;
  pager: Pager;
}): JSX.Element {
  const { ctx, path, rows } = props;
  const { t } = ctx;
  return (
    <Card title={t("invitations.open")} flush>
      <Table
        caption={t("invitations.open")}
        rows={rows}
        columns={[
          { header: t("field.email"), cell: (row) => <span safe>{row.email}</span> },
          { header: t("column.offered"), cell: (row) => <span safe>{row.role}</span> },
          { header: t("column.by"), cell: (row) => <bdi safe>{row.by}</bdi> },
          timeColumn(ctx, t("column.ends"), (row: InvitationRow) => row.expiresAt),
          ...(path === null
            ? []
            : [
                actionsColumn(ctx, (row: InvitationRow) => (
                  <PostButton
                    ctx={ctx}
                    action={`${path}/${row.id}/revoke`}
                    label={t("invitations.revoke")}
                    context={row.email}
                    small
                    inRow
                  />
                )),
              ]),
        ]}
      />
      <PagerLinks ctx={ctx} pager={props.pager} />
    </Card>
  );
}
