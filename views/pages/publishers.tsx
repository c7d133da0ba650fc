/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty.tsx";
import { ErrorSummary, Field, Select, TextArea } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { RowName, Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { AppTabs, type TabbedApp } from "./app-tabs.tsx";

export type PublisherRow = {
  readonly id: string;
  readonly name: string;
  /** null: the configuration does not have its CI server any more. */
  readonly issuerName: string | null;
  /** As `name = value`. */
  readonly claims: readonly string[];
  readonly pinned: readonly string[];
  readonly by: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Who chose it may choose none any more. */
  readonly leftBehind: boolean;
};

export const PUBLISHER_FIELDS = ["issuer", "repository", "workflow", "environment", "ref", "claims"] as const;
export type PublisherValues = Readonly<Record<(typeof PUBLISHER_FIELDS)[number], string>>;

export type PublishersProps = {
  readonly app: TabbedApp;
  readonly publishers: readonly PublisherRow[];
  readonly trustedOnly: boolean;
  /** For owners. */
  readonly manages: boolean;
  readonly issuers: readonly { readonly id: string; readonly name: string }[];
  /** What identity tokens must be made for; null: the configuration does not say the store's address. */
  readonly audience: string | null;
  readonly values: PublisherValues;
  readonly errors: readonly FieldError[];
};

/** `/apps/:appId/publishers`: which build jobs may upload versions of an app, and whether nobody else may. */
export function publishersPage(ctx: PageContext, props: PublishersProps): JSX.Element {
  const { t } = ctx;
  const { app, audience } = props;
  return (
    <Page ctx={ctx} title={t("publishers.title_of", { app: app.name })}>
      <PageHead
        ctx={ctx}
        title={t("publishers.title")}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          { label: app.name, href: `/apps/${app.id}` },
        ]}
        lead={t("publishers.lead")}
        actions={<LinkButton ctx={ctx} href="/docs/guides/ci" label={t("publishers.guide")} icon="docs" />}
      />
      <AppTabs ctx={ctx} app={app} part="team" />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={PUBLISHER_FIELDS} />
      <Missing ctx={ctx} {...props} />
      <List ctx={ctx} {...props} />
      <Only ctx={ctx} {...props} />
      {props.manages && props.issuers.length > 0 && <Add ctx={ctx} {...props} />}
      {props.publishers.length > 0 && audience !== null && (
        <Card title={t("publishers.job_title")}>
          <div class="stack">
            <p class="muted" safe>
              {t("publishers.job_lead", { audience })}
            </p>
            <CodeBlock
              ctx={ctx}
              id="in-the-job"
              title={t("publishers.job_commands")}
              code={[
                `mosis pack . -o app.mosis`,
                `mosis sign app.mosis --key key.pem`,
                `mosis submit app.mosis --trusted --store ${audience} --notes "…"`,
              ].join("\n")}
            />
          </div>
        </Card>
      )}
    </Page>
  );
}

/** What keeps all of this from working, and who can mend it. */
function Missing(props: { ctx: PageContext } & PublishersProps): JSX.Element {
  const { ctx, issuers, audience, trustedOnly, publishers } = props;
  const { t } = ctx;
  const gone = publishers.every(({ issuerName }) => issuerName === null);
  return (
    <>
      {publishers.some(({ leftBehind }) => leftBehind) && (
        <Notice ctx={ctx} tone="warn" title={t("publishers.left_behind_title")}>
          <p safe>{t("publishers.left_behind_lead")}</p>
        </Notice>
      )}
      {trustedOnly && gone && (
        <Notice ctx={ctx} tone="warn" title={t("publishers.nobody_title")}>
          <p safe>{t("publishers.nobody")}</p>
        </Notice>
      )}
      {issuers.length === 0 ? (
        <Notice ctx={ctx} tone="accent" title={t("publishers.no_issuers_title")}>
          <p safe>{t("publishers.no_issuers")}</p>
        </Notice>
      ) : (
        audience === null && (
          <Notice ctx={ctx} tone="warn" title={t("publishers.no_address_title")}>
            <p safe>{t("publishers.no_address")}</p>
          </Notice>
        )
      )}
    </>
  );
}

function List(props: { ctx: PageContext } & PublishersProps): JSX.Element {
  const { ctx, app, publishers, manages } = props;
  const { t } = ctx;
  if (publishers.length === 0) {
    return (
      <Card title={t("publishers.list")} flush>
        <EmptyState art={<QuietArt />} sentence={t("publishers.none")} small />
      </Card>
    );
  }
  return (
    <Card title={t("publishers.list")} count={{ ctx, value: publishers.length }} flush>
      <Table
        caption={t("publishers.list")}
        rows={publishers}
        columns={[
          {
            header: t("column.build_job"),
            cell: (row) => (
              <RowName name={row.name}>
                <p class="meta" safe>
                  {row.issuerName ?? t("publishers.issuer_gone")}
                </p>
                {row.leftBehind && <Badge tone="warn" label={t("publishers.left_behind")} />}
              </RowName>
            ),
          },
          {
            header: t("column.must_be"),
            cell: (row) => (
              <div>
                {row.claims.map((line) => (
                  <p class="mono meta" safe>
                    {line}
                  </p>
                ))}
                <p class="meta" safe>
                  {heldTo(ctx, row)}
                </p>
              </div>
            ),
          },
          {
            header: t("api_keys.last_used"),
            end: true,
            tight: true,
            cell: (row) =>
              row.lastUsedAt === null ? (
                <span safe>{t("api_keys.never")}</span>
              ) : (
                <Time ctx={ctx} at={row.lastUsedAt} />
              ),
          },
          {
            header: t("column.since"),
            end: true,
            tight: true,
            cell: (row) => (
              <div>
                <Time ctx={ctx} at={row.createdAt} />
                <p class="meta" safe>
                  {t("app.by", { name: row.by })}
                </p>
              </div>
            ),
          },
          ...(manages
            ? [
                {
                  header: t("column.actions"),
                  quiet: true,
                  end: true,
                  cell: (row: PublisherRow) => (
                    <div class="row-actions">
                      <Confirm
                        ctx={ctx}
                        label={t("publishers.remove")}
                        context={row.name}
                        kind="danger"
                        small
                        title={t("publishers.remove_title", { name: row.name })}
                        consequence={t("publishers.remove_consequence")}
                        action={`/apps/${app.id}/publishers/${row.id}/remove`}
                        confirmLabel={t("publishers.remove")}
                        confirmKind="danger-fill"
                      />
                    </div>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

/** What its jobs are held to beside, since the first of them. */
function heldTo({ t }: PageContext, { pinned, lastUsedAt }: PublisherRow): string {
  if (pinned.length > 0) return t("publishers.held", { claims: pinned.join(", ") });
  return t(lastUsedAt === null ? "publishers.not_held_yet" : "publishers.not_held");
}

function Only(props: { ctx: PageContext } & PublishersProps): JSX.Element {
  const { ctx, app, trustedOnly, publishers, manages } = props;
  const { t } = ctx;
  const canSwitch = manages && (trustedOnly || publishers.length > 0);
  return (
    <Card title={t("publishers.only")}>
      <div class="split">
        <div class="stack-s">
          <Badge
            tone={trustedOnly ? "good" : "neutral"}
            hollow={!trustedOnly}
            label={t(trustedOnly ? "publishers.only_on" : "publishers.only_off")}
          />
          <p class="muted" safe>
            {t(trustedOnly ? "publishers.only_on_lead" : "publishers.only_off_lead")}
          </p>
        </div>
        {canSwitch && (
          <Confirm
            ctx={ctx}
            label={t(trustedOnly ? "publishers.switch_off" : "publishers.switch_on")}
            kind={trustedOnly ? "danger" : "secondary"}
            title={t(trustedOnly ? "publishers.switch_off_title" : "publishers.switch_on_title", {
              app: app.name,
            })}
            consequence={t(
              trustedOnly ? "publishers.switch_off_consequence" : "publishers.switch_on_consequence",
            )}
            action={`/apps/${app.id}/trusted-only`}
            confirmLabel={t(trustedOnly ? "publishers.switch_off" : "publishers.switch_on")}
            confirmKind={trustedOnly ? "danger-fill" : "primary"}
          >
            <input type="hidden" name="trustedOnly" value={trustedOnly ? "false" : "true"} />
          </Confirm>
        )}
      </div>
    </Card>
  );
}

function Add(props: { ctx: PageContext } & PublishersProps): JSX.Element {
  const { ctx, app, issuers, values, errors } = props;
  const { t } = ctx;
  const field = (name: "repository" | "workflow" | "environment" | "ref") => (
    <Field
      ctx={ctx}
      name={name}
      label={t(`publishers.${name}`)}
      hint={t(`publishers.${name}_hint`)}
      value={values[name]}
      maxlength={300}
      // Claims can say whose job it is as well, and the server knows when nothing does.
      {...(name === "repository" ? { filter: true } : { optional: true })}
      spellcheck={false}
      mono
      errors={errors}
    />
  );
  return (
    <Card title={t("publishers.add")}>
      <form novalidate class="form" method="post" action={`/apps/${app.id}/publishers`}>
        <Select
          ctx={ctx}
          name="issuer"
          label={t("publishers.issuer")}
          hint={t("publishers.issuer_hint")}
          value={values.issuer}
          options={issuers.map(({ id, name }) => ({ value: id, label: name }))}
          errors={errors}
        />
        {field("repository")}
        {field("workflow")}
        {field("environment")}
        {field("ref")}
        <TextArea
          ctx={ctx}
          name="claims"
          label={t("publishers.claims")}
          hint={t("publishers.claims_hint")}
          value={values.claims}
          rows={3}
          maxlength={4000}
          optional
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("publishers.add_submit")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}
