/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type AccountSession = {
  readonly id: string;
  /** As far as the browser says; null for what does not. */
  readonly browser: string | null;
  readonly system: string | null;
  readonly address: string;
  readonly at: Date;
  readonly endsAt: Date;
  /** The one that this page was asked for with. */
  readonly current: boolean;
};

export type AccountProps = {
  readonly sessions: readonly AccountSession[];
  readonly errors: readonly FieldError[];
  readonly passwordMinLength: number;
};

const FIELDS = ["current", "password"] as const;

function browserOf(ctx: PageContext, { browser, system }: AccountSession): string {
  if (browser === null) return system ?? ctx.t("account.browser_unknown");
  return system === null ? browser : ctx.t("account.browser", { browser, system });
}

function Password(props: { ctx: PageContext } & Omit<AccountProps, "sessions">): JSX.Element {
  const { ctx, errors, passwordMinLength } = props;
  const { t } = ctx;
  return (
    <Card title={t("account.change")}>
      <form class="form" method="post" action="/account" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={FIELDS} />
        <p class="muted" safe>
          {t("account.password_lead")}
        </p>
        {/* For the browser's own list of passwords, which keeps them by address. */}
        <input type="hidden" name="username" autocomplete="username" value={ctx.viewer?.email ?? ""} />
        <Field
          ctx={ctx}
          name="current"
          label={t("account.current")}
          type="password"
          autocomplete="current-password"
          errors={errors}
        />
        <Field
          ctx={ctx}
          name="password"
          label={t("account.new")}
          hint={t("setup.password_hint", { count: passwordMinLength })}
          type="password"
          autocomplete="new-password"
          minlength={passwordMinLength}
          maxlength={200}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("account.change")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}

function Sessions(props: { ctx: PageContext; sessions: readonly AccountSession[] }): JSX.Element {
  const { ctx, sessions } = props;
  const { t } = ctx;
  return (
    <Card title={t("account.sessions")} flush>
      <p class="card-body muted" safe>
        {t("account.sessions_lead")}
      </p>
      <Table
        caption={t("account.sessions")}
        rows={sessions}
        columns={[
          {
            header: t("column.browser"),
            cell: (row) => (
              <div class="cell-main">
                <strong safe>{browserOf(ctx, row)}</strong>
              </div>
            ),
          },
          { header: t("column.address"), cell: (row) => <bdi safe>{row.address}</bdi> },
          {
            header: t("column.signed_in"),
            end: true,
            tight: true,
            cell: (row) => <Time ctx={ctx} at={row.at} />,
          },
          {
            header: t("column.ends"),
            end: true,
            tight: true,
            cell: (row) => <Time ctx={ctx} at={row.endsAt} />,
          },
          {
            header: t("column.actions"),
            quiet: true,
            end: true,
            tight: true,
            cell: (row) =>
              row.current ? (
                <span class="muted" safe>
                  {t("account.this")}
                </span>
              ) : (
                <form class="row-actions" method="post" action="/account/sessions/end">
                  <input type="hidden" name="session" value={row.id} />
                  <button class="button is-secondary is-small" type="submit">
                    <span safe>{t("account.end")}</span>
                    <span class="visually-hidden" safe>
                      {browserOf(ctx, row)}
                    </span>
                  </button>
                </form>
              ),
          },
        ]}
      />
    </Card>
  );
}

/** `/account`: who one is, one's password, and where one is signed in. */
export function accountPage(ctx: PageContext, props: AccountProps): JSX.Element {
  const { t, viewer } = ctx;
  const { errors, passwordMinLength } = props;
  return (
    <Page ctx={ctx} title={t("account.title")}>
      <PageHead ctx={ctx} title={t("account.title")} />
      <Card title={t("account.who")}>
        <Facts
          wide
          items={[
            { term: t("account.name"), value: <bdi safe>{viewer?.name ?? ""}</bdi> },
            { term: t("field.email"), value: <span safe>{viewer?.email ?? ""}</span> },
          ]}
        />
      </Card>
      <Password ctx={ctx} errors={errors} passwordMinLength={passwordMinLength} />
      <Sessions ctx={ctx} sessions={props.sessions} />
    </Page>
  );
}
