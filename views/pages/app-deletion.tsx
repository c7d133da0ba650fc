/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { formatExact } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

type NamedApp = { readonly id: string; readonly name: string; readonly revision: number | string };

export type AppDeletionProps = {
  readonly app: NamedApp;
  /** How long it can be taken back. */
  readonly days: number;
  readonly values: { readonly reason: string; readonly confirm: string };
  readonly errors: readonly FieldError[];
};

const WHAT = ["now", "devices", "back", "gone", "stays"] as const;

/** `/apps/:appId/remove`: what becomes of a published app, why, and its id typed once more. */
export function appDeletionPage(ctx: PageContext, props: AppDeletionProps): JSX.Element {
  const { t } = ctx;
  const { app, days, values, errors } = props;
  const title = t("app_deletion.title", { app: app.name });
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow is-wide">
        <PageHead ctx={ctx} title={title} crumbs={[{ label: app.name, href: `/apps/${app.id}` }]} />
        <Card title={t("app_deletion.what")}>
          <ul class="stack-s">
            {WHAT.map((what) => (
              <li safe>{t(`app_deletion.what.${what}`, { days })}</li>
            ))}
          </ul>
        </Card>
        <Notice ctx={ctx} tone="neutral" title={t("app_deletion.compare_title")}>
          <p safe>{t("app_deletion.compare")}</p>
          <p>
            <a href="/docs/guides/take-back" safe>
              {t("yank.docs")}
            </a>
          </p>
        </Notice>
        <Card>
          <form novalidate class="form" method="post" action={`/apps/${app.id}/remove`}>
            <ErrorSummary ctx={ctx} errors={errors} fields={["reason", "confirm"]} />
            <Revision value={app.revision} />
            <Field
              ctx={ctx}
              name="reason"
              label={t("app_deletion.reason")}
              hint={t("app_deletion.reason_hint")}
              value={values.reason}
              maxlength={1000}
              errors={errors}
            />
            <Field
              ctx={ctx}
              name="confirm"
              label={t("app_deletion.id")}
              hint={t("app_deletion.id_hint", { id: app.id })}
              value={values.confirm}
              maxlength={200}
              spellcheck={false}
              mono
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("app_deletion.submit")} kind="danger-fill" />
              <LinkButton ctx={ctx} href={`/apps/${app.id}`} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}

export type ShownDeletion = {
  readonly reason: string;
  readonly by: string;
  readonly endsAt: Date;
  /** Whether this person may take it back. */
  readonly mayKeep: boolean;
};

/** On the app's own page, in the place of what can be done to it. */
export function DeletionNotice(props: {
  ctx: PageContext;
  app: NamedApp;
  deletion: ShownDeletion;
}): JSX.Element {
  const { ctx, app, deletion } = props;
  const { t } = ctx;
  const at = formatExact(ctx, deletion.endsAt);
  return (
    <Notice ctx={ctx} tone="bad" title={t("app_deletion.notice_title", { at })}>
      <div class="stack-s">
        <p>
          <bdi safe>{t("app_deletion.notice_by", { name: deletion.by, reason: deletion.reason })}</bdi>
        </p>
        <p safe>{t("app_deletion.notice")}</p>
        {deletion.mayKeep ? <Keep ctx={ctx} app={app} /> : <p safe>{t("app_deletion.notice_others")}</p>}
      </div>
    </Notice>
  );
}

function Keep(props: { ctx: PageContext; app: NamedApp }): JSX.Element {
  const { ctx, app } = props;
  const { t } = ctx;
  return (
    <Confirm
      ctx={ctx}
      label={t("app_deletion.keep")}
      title={t("app_deletion.keep_title", { app: app.name })}
      consequence={t("app_deletion.keep_consequence")}
      action={`/apps/${app.id}/keep`}
      revision={app.revision}
      confirmLabel={t("app_deletion.keep")}
    />
  );
}

export type AppDeletionRow = {
  readonly app: NamedApp;
  readonly organisation: NamedOrganisation;
  readonly reason: string;
  readonly by: string;
  readonly askedAt: Date;
  readonly endsAt: Date;
  readonly mayKeep: boolean;
};

/** `/deletions`: those that this person may see. */
export function appDeletionsPage(
  ctx: PageContext,
  props: { readonly rows: readonly AppDeletionRow[]; readonly pager: Pager },
): JSX.Element {
  const { t } = ctx;
  const { rows, pager } = props;
  return (
    <Page ctx={ctx} title={t("app_deletions.title")}>
      <PageHead
        ctx={ctx}
        title={t("app_deletions.title")}
        crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
        lead={t("app_deletions.lead")}
      />
      <Card {...(rows.length === 0 ? {} : { title: t("app_deletions.list"), flush: true })}>
        {rows.length === 0 ? (
          <EmptyState sentence={t("app_deletions.none")} small />
        ) : (
          <Rows ctx={ctx} rows={rows} />
        )}
        <PagerLinks ctx={ctx} pager={pager} />
      </Card>
    </Page>
  );
}

function Rows(props: { ctx: PageContext; rows: readonly AppDeletionRow[] }): JSX.Element {
  const { ctx, rows } = props;
  const { t } = ctx;
  return (
    <Table
      caption={t("app_deletions.list")}
      rows={rows}
      columns={[
        {
          header: t("column.app"),
          cell: (row) => (
            <div>
              <a dir="auto" href={`/apps/${row.app.id}`} safe>
                {row.app.name}
              </a>
              <p class="meta">
                <OrganisationName of={row.organisation} />
              </p>
            </div>
          ),
        },
        {
          header: t("app_deletions.why"),
          cell: (row) => (
            <div>
              <p dir="auto" safe>
                {row.reason}
              </p>
              <p class="meta" dir="auto" safe>
                {row.by}
              </p>
            </div>
          ),
        },
        timeColumn(ctx, t("app_deletions.asked"), (row: AppDeletionRow) => row.askedAt),
        timeColumn(ctx, t("app_deletions.ends"), (row: AppDeletionRow) => row.endsAt),
        ...(rows.some(({ mayKeep }) => mayKeep)
          ? [
              actionsColumn(ctx, (row: AppDeletionRow) =>
                row.mayKeep ? (
                  <LinkButton
                    ctx={ctx}
                    href={`/apps/${row.app.id}/keep`}
                    label={t("app_deletion.keep")}
                    context={row.app.name}
                    small
                  />
                ) : (
                  <></>
                ),
              ),
            ]
          : []),
      ]}
    />
  );
}
