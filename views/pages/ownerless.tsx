/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, Field, TextArea } from "../components/field.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

export type OwnerlessRow = {
  readonly id: string;
  readonly name: string;
  readonly members: number;
  readonly createdAt: Date;
};

export type OwnerlessProps = {
  readonly rows: readonly OwnerlessRow[];
  readonly pager: Pager;
  /** Whether who looks may also name an owner. */
  readonly manages: boolean;
  /** Whether who looks may see which organisations people ask for. */
  readonly requests: boolean;
};

const ALL = "/admin/organisations";
const PATH = `${ALL}/ownerless`;

/** `/admin/organisations/ownerless`: those that nobody answers for. */
export function ownerlessPage(ctx: PageContext, props: OwnerlessProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("ownerless.title")}>
      <PageHead
        ctx={ctx}
        title={t("ownerless.title")}
        crumbs={[{ label: t("organisations.title"), href: ALL }]}
        lead={t("ownerless.lead")}
        actions={
          props.requests ? (
            <LinkButton ctx={ctx} href="/admin/organisation-requests" label={t("ownerless.requests")} />
          ) : (
            <></>
          )
        }
      />
      <Card {...(props.rows.length === 0 ? {} : { title: t("ownerless.list"), flush: true })}>
        {props.rows.length === 0 ? (
          <EmptyState
            sentence={props.pager.nextHref === null ? t("ownerless.none") : t("ownerless.none_here")}
            small
          />
        ) : (
          <Rows ctx={ctx} {...props} />
        )}
        <PagerLinks ctx={ctx} pager={props.pager} />
      </Card>
    </Page>
  );
}

function Rows(props: { ctx: PageContext } & OwnerlessProps): JSX.Element {
  const { ctx, rows, manages } = props;
  const { t } = ctx;
  return (
    <Table
      caption={t("ownerless.list")}
      rows={rows}
      columns={[
        {
          header: t("column.organisation"),
          cell: (row) => (
            <a dir="auto" href={`/organisations/${row.id}/members`} safe>
              {row.name}
            </a>
          ),
        },
        {
          header: t("ownerless.members"),
          end: true,
          tight: true,
          cell: (row) => <span>{row.members}</span>,
        },
        timeColumn(ctx, t("ownerless.made"), (row: OwnerlessRow) => row.createdAt),
        ...(manages
          ? [
              actionsColumn(ctx, (row: OwnerlessRow) => (
                <LinkButton
                  ctx={ctx}
                  href={`${ALL}/${row.id}/take-over`}
                  label={t("ownerless.name_owner")}
                  context={row.name}
                  small
                />
              )),
            ]
          : []),
      ]}
    />
  );
}

export type TakeOverProps = {
  readonly organisation: { readonly id: string; readonly name: string };
  readonly values: { readonly owner: string; readonly reason: string };
  readonly errors: readonly FieldError[];
};

/** `/admin/organisations/:organisationId/take-over`: who is the owner from now on. */
export function takeOverPage(ctx: PageContext, props: TakeOverProps): JSX.Element {
  const { t } = ctx;
  const { organisation, values, errors } = props;
  return (
    <Page ctx={ctx} title={t("take_over.title", { organisation: organisation.name })}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("take_over.title", { organisation: organisation.name })}
          crumbs={[
            { label: t("organisations.title"), href: ALL },
            { label: t("ownerless.title"), href: PATH },
          ]}
          lead={t("take_over.lead")}
        />
        <Card>
          <form
            novalidate
            class="form"
            method="post"
            action={`${ALL}/${organisation.id}/take-over`}
            hx-boost="false"
          >
            <ErrorSummary ctx={ctx} errors={errors} fields={["owner", "reason"]} />
            <Field
              ctx={ctx}
              name="owner"
              label={t("take_over.owner")}
              type="email"
              value={values.owner}
              maxlength={254}
              spellcheck={false}
              errors={errors}
            />
            <TextArea
              ctx={ctx}
              name="reason"
              label={t("take_over.reason")}
              hint={t("take_over.reason_hint")}
              value={values.reason}
              maxlength={500}
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("take_over.submit")} kind="primary" />
              <LinkButton ctx={ctx} href={PATH} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}
