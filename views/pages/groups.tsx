/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { dateColumn, numberColumn } from "../components/columns.tsx";
import { Checkbox, ErrorSummary, Field } from "../components/field.tsx";
import { ListCard } from "../components/list-card.tsx";
import { RowName } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

export type GroupRow = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Whether owners and maintainers may choose it for their apps. */
  readonly offered: boolean;
  readonly people: number;
  readonly devices: number;
  readonly createdAt: Date;
};

export type GroupValues = { readonly name: string; readonly description: string; readonly offered: boolean };

export type GroupsProps = {
  readonly groups: readonly GroupRow[];
  readonly pager: Pager;
  /** Whether who looks may also make and change groups. */
  readonly manages: boolean;
  readonly values: GroupValues;
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
          <form novalidate class="form" method="post" action="/groups" hx-boost="false">
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
      none={t(props.manages ? "groups.none_yet" : "groups.none")}
      art={<QuietArt />}
      {...(props.manages
        ? { step: <LinkButton ctx={ctx} href="#field-name" label={t("groups.new")} kind="primary" /> }
        : {})}
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
              {row.offered && <Badge tone="accent" label={t("groups.is_offered")} />}
            </RowName>
          ),
        },
        numberColumn(ctx, t("column.people"), (row: GroupRow) => row.people),
        numberColumn(ctx, t("column.devices"), (row: GroupRow) => row.devices),
        dateColumn(ctx, t("column.since"), (row: GroupRow) => row.createdAt),
      ]}
    />
  );
}

/** What people call a group, and what they say of it. */
export function GroupFields(props: {
  ctx: PageContext;
  values: GroupValues;
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
      <Checkbox
        ctx={ctx}
        name="offered"
        label={t("groups.offered")}
        hint={t("groups.offered_hint")}
        checked={values.offered}
      />
    </>
  );
}
