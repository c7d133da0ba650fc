/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { PostButton } from "./button.tsx";
import { actionsColumn, dateColumn, timeColumn } from "./columns.tsx";
import { Table } from "./table.tsx";

/** An account at an outside provider that signs in to one here. */
export type AccountIdentity = {
  readonly id: string;
  /** `gone`: the store has it in its configuration no more. */
  readonly provider: { readonly name: string } | { readonly gone: string };
  readonly email: string;
  readonly since: Date;
  readonly seen: Date;
};

function providerName(ctx: PageContext, { provider }: Pick<AccountIdentity, "provider">): string {
  return "name" in provider ? provider.name : ctx.t("identity.gone", { provider: provider.gone });
}

/** @param props.unlink With a button that unlinks each: on one's own page. */
export function IdentityTable(props: {
  ctx: PageContext;
  identities: readonly AccountIdentity[];
  unlink?: boolean;
}): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <Table
      caption={t("account.identities")}
      rows={props.identities}
      columns={[
        { header: t("column.provider"), cell: (row) => <bdi safe>{providerName(ctx, row)}</bdi> },
        { header: t("field.email"), cell: (row) => <bdi safe>{row.email}</bdi> },
        dateColumn(ctx, t("column.since"), (row: AccountIdentity) => row.since),
        timeColumn(ctx, t("column.last_used"), (row: AccountIdentity) => row.seen),
        ...(props.unlink === true ? [actions(ctx)] : []),
      ]}
    />
  );
}

const actions = (ctx: PageContext) =>
  actionsColumn(ctx, (row: AccountIdentity) => (
    <PostButton
      ctx={ctx}
      action="/account/identities/unlink"
      hidden={{ identity: row.id }}
      label={ctx.t("account.unlink")}
      context={providerName(ctx, row)}
      small
      inRow
      plain
    />
  ));
