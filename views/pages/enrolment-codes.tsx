/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { Badge, type Tone } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { CodeBlock, SecretOnce } from "../components/code.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { GroupChoice, type GroupChoiceRow } from "../components/group-choice.tsx";
import { ListCard } from "../components/list-card.tsx";
import { QrCode } from "../components/qr.tsx";
import { RowName } from "../components/table.tsx";
import { formatExact, formatNumber } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

export type CodeState = "live" | "used" | "expired" | "revoked";

export type CodeRow = {
  readonly id: string;
  readonly label: string;
  readonly state: CodeState;
  readonly mostUses: number;
  readonly uses: number;
  readonly groups: readonly string[];
  readonly by: string;
  readonly createdAt: Date;
  /** When it was revoked, or else when it expires. */
  readonly endsAt: Date;
};

export type CodesProps = {
  readonly codes: readonly CodeRow[];
  readonly pager: Pager;
  readonly groups: readonly GroupChoiceRow[];
  readonly restricted: boolean;
  readonly manages: boolean;
  readonly values: { readonly label: string; readonly uses: string; readonly hours: string };
  readonly errors: readonly FieldError[];
};

const TONES: Readonly<Record<CodeState, Tone>> = {
  live: "good",
  used: "neutral",
  expired: "neutral",
  revoked: "neutral",
};
const HOURS = [1, 24, 72, 168, 720, 8760] as const;
const FIELDS = ["label", "uses", "hours"];

const crumbs = ({ t }: PageContext) => [{ href: "/devices", label: t("devices.title") }];

/** `/devices/codes`: the codes with which devices enrol. */
export function codesPage(ctx: PageContext, props: CodesProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("codes.title")}>
      <PageHead
        ctx={ctx}
        title={t("codes.title")}
        lead={t(props.restricted ? "codes.lead" : "codes.lead_open")}
        crumbs={crumbs(ctx)}
      />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={FIELDS} />
      <Codes ctx={ctx} {...props} />
      {props.manages && <NewCode ctx={ctx} {...props} />}
    </Page>
  );
}

function Codes(props: { ctx: PageContext } & CodesProps): JSX.Element {
  const { ctx, codes, pager, manages } = props;
  const { t } = ctx;
  return (
    <ListCard
      ctx={ctx}
      title={t("codes.list")}
      none={t("codes.none")}
      rows={codes}
      pager={pager}
      columns={[
        {
          header: t("column.code_label"),
          cell: (row) => (
            <RowName name={row.label}>
              <p class="meta" dir="auto" safe>
                {row.groups.length === 0
                  ? t("groups.made_by", { name: row.by })
                  : t("codes.into", { name: row.by, groups: row.groups.join(", ") })}
              </p>
            </RowName>
          ),
        },
        { header: t("column.state"), tight: true, cell: (row) => <State ctx={ctx} state={row.state} /> },
        {
          header: t("codes.uses"),
          end: true,
          tight: true,
          cell: (row) => <span safe>{usesOf(ctx, row)}</span>,
        },
        timeColumn(ctx, t("column.ends"), (row: CodeRow) => row.endsAt),
        ...(manages ? [actionsColumn(ctx, (row: CodeRow) => <Revoke ctx={ctx} row={row} small />)] : []),
      ]}
    />
  );
}

function usesOf(ctx: PageContext, { uses, mostUses }: CodeRow): string {
  return ctx.t("codes.used_of", {
    uses: formatNumber(ctx.locale, uses),
    most: formatNumber(ctx.locale, mostUses),
  });
}

function State(props: { ctx: PageContext; state: CodeState }): JSX.Element {
  return <Badge tone={TONES[props.state]} label={props.ctx.t(`codes.state.${props.state}`)} />;
}

function Revoke(props: { ctx: PageContext; row: CodeRow; small?: boolean }): JSX.Element {
  const { ctx, row, small } = props;
  const { t } = ctx;
  if (row.state !== "live") return <></>;
  return (
    <Confirm
      ctx={ctx}
      label={t("codes.revoke")}
      kind={small ? "secondary" : "danger"}
      small={small === true}
      context={row.label}
      title={t("codes.revoke_title", { label: row.label })}
      consequence={t("codes.revoke_consequence")}
      action={`/devices/codes/${row.id}/revoke`}
      confirmLabel={t("codes.revoke")}
      confirmKind="danger-fill"
    />
  );
}

function NewCode(props: { ctx: PageContext } & CodesProps): JSX.Element {
  const { ctx, values, errors, groups } = props;
  const { t } = ctx;
  return (
    <Card title={t("codes.new")}>
      <form novalidate class="form" method="post" action="/devices/codes" hx-boost="false">
        <Field
          ctx={ctx}
          name="label"
          label={t("codes.label")}
          hint={t("codes.label_hint")}
          value={values.label}
          maxlength={80}
          errors={errors}
        />
        <Field
          ctx={ctx}
          name="uses"
          label={t("codes.most_uses")}
          hint={t("codes.most_uses_hint")}
          value={values.uses}
          maxlength={6}
          pattern="[0-9]{1,6}"
          errors={errors}
        />
        <Select
          ctx={ctx}
          name="hours"
          label={t("codes.hours")}
          value={values.hours}
          options={HOURS.map((count) => ({
            value: String(count),
            label: count < 24 ? t("codes.hours_of", { count }) : t("codes.days_of", { count: count / 24 }),
          }))}
          errors={errors}
        />
        {groups.length > 0 && (
          <GroupChoice ctx={ctx} legend={t("codes.groups")} hint={t("codes.groups_hint")} groups={groups} />
        )}
        <div class="row">
          <Button ctx={ctx} label={t("codes.make")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}

export type NewCodeProps = {
  readonly row: CodeRow;
  /** The code itself, which no later page has. */
  readonly code: string;
  readonly link: string;
  readonly qr: { readonly size: number; readonly path: string };
  readonly storeUrl: string;
  readonly rootSha256: string;
};

/** The answer that has a new code: to scan, to type, to print. */
export function newCodePage(ctx: PageContext, props: NewCodeProps): JSX.Element {
  const { t } = ctx;
  const { row, code, link, storeUrl, rootSha256 } = props;
  return (
    <Page ctx={ctx} title={row.label}>
      <PageHead
        ctx={ctx}
        title={row.label}
        lead={t("codes.made_lead")}
        crumbs={[...crumbs(ctx), { href: "/devices/codes", label: t("codes.title") }]}
      />
      <Card title={t("codes.scan")}>
        <div class="enrol">
          <QrCode qr={props.qr} label={t("codes.qr_label")} />
          <div class="stack">
            <SecretOnce ctx={ctx} id="code" label={t("codes.type")} secret={code} />
            <Facts
              items={[
                { term: t("codes.uses"), value: <span safe>{usesOf(ctx, row)}</span> },
                // The page may be printed, and read on another day.
                { term: t("column.ends"), value: <span safe>{formatExact(ctx, row.endsAt)}</span> },
                ...(row.groups.length === 0
                  ? []
                  : [
                      {
                        term: t("groups.title"),
                        value: (
                          <span dir="auto" safe>
                            {row.groups.join(", ")}
                          </span>
                        ),
                      },
                    ]),
              ]}
            />
          </div>
        </div>
      </Card>
      <CodeBlock
        ctx={ctx}
        id="enrol-command"
        title={t("codes.command")}
        code={`mosis device init ${storeUrl} \\\n  --root-sha256 ${rootSha256} \\\n  --enrol ${code} --home ~/device`}
      />
      <CodeBlock ctx={ctx} id="enrol-link" title={t("codes.link")} code={link} />
      <div class="row no-print">
        <LinkButton ctx={ctx} href="/devices/codes" label={t("codes.back")} />
        <Revoke ctx={ctx} row={row} />
      </div>
    </Page>
  );
}
