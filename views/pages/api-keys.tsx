/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { ActionTicks, type ActionWords } from "../components/action-groups.tsx";
import { Badge, type Tone } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { timeColumn } from "../components/columns.tsx";
import { Choice, ErrorSummary, Field, Select } from "../components/field.tsx";
import { ListCard } from "../components/list-card.tsx";
import { RowName } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

export type ApiKeyState = "live" | "revoked" | "leaked" | "expired";

export type ApiKeyRow = {
  readonly id: string;
  readonly name: string;
  readonly state: ApiKeyState;
  /** null: all that its owner may. */
  readonly actions: readonly ActionWords[] | null;
  readonly apps: readonly string[] | null;
  readonly by: string;
  /** Whether somebody has a token of it who may make no keys there any more. */
  readonly leftBehind: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Until when the token before the last rotation works too. */
  readonly previousUntil: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
  /** When it was revoked. */
  readonly endedAt: Date | null;
};

/** Whose keys the page shows. */
export type Whose = {
  /** null: one's own. */
  readonly organisation: string | null;
  /** Address of the list. */
  readonly path: string;
  /** Whether who looks may also make, rotate and revoke. */
  readonly manages: boolean;
};

export const KEY_SCOPES = ["chosen", "all"] as const;

export type ApiKeysProps = Whose & {
  readonly keys: readonly ApiKeyRow[];
  readonly pager: Pager;
  /** What a key can be given here. */
  readonly actions: readonly ActionWords[];
  readonly values: {
    readonly name: string;
    readonly days: string;
    readonly scope: (typeof KEY_SCOPES)[number];
    readonly chosen: readonly string[];
    readonly apps: string;
  };
  readonly errors: readonly FieldError[];
};

/** What the name of each checkbox begins with; an action follows. */
export const ACTION_FIELD = "may.";

const DAYS = [7, 30, 90, 180, 366] as const;
const TONES: Readonly<Record<ApiKeyState, Tone>> = {
  live: "good",
  revoked: "neutral",
  leaked: "bad",
  expired: "neutral",
};

export const titleOf = ({ t }: PageContext, organisation: string | null): string =>
  organisation === null ? t("api_keys.own_title") : t("api_keys.title", { organisation });

/** `/account/keys` and `/organisations/:organisationId/keys`: the keys of one owner. */
export function apiKeysPage(ctx: PageContext, props: ApiKeysProps): JSX.Element {
  const { t } = ctx;
  const { organisation } = props;
  return (
    <Page ctx={ctx} title={titleOf(ctx, organisation)}>
      <PageHead
        ctx={ctx}
        title={titleOf(ctx, organisation)}
        lead={organisation === null ? t("api_keys.own_lead") : t("api_keys.lead")}
      />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["name", "days", "scope", "apps"]} />
      <Keys ctx={ctx} {...props} />
      {props.manages && <NewKey ctx={ctx} {...props} />}
    </Page>
  );
}

function Keys(props: { ctx: PageContext } & ApiKeysProps): JSX.Element {
  const { ctx, keys, path, pager } = props;
  const { t } = ctx;
  return (
    <ListCard
      ctx={ctx}
      title={t("api_keys.list")}
      none={t("api_keys.none")}
      rows={keys}
      pager={pager}
      columns={[
        {
          header: t("column.key"),
          cell: (row) => (
            <RowName name={row.name} href={`${path}/${row.id}`}>
              <p class="meta" safe>
                {t("api_keys.made_by", { name: row.by })}
              </p>
              {row.leftBehind && row.state === "live" && (
                <Badge tone="warn" label={t("api_keys.left_behind")} />
              )}
            </RowName>
          ),
        },
        { header: t("column.state"), tight: true, cell: (row) => <State ctx={ctx} state={row.state} /> },
        { header: t("api_keys.may"), cell: (row) => <span safe>{inShort(ctx, row)}</span> },
        {
          header: t("api_keys.last_used"),
          end: true,
          tight: true,
          cell: (row) => <LastUse ctx={ctx} row={row} />,
        },
        timeColumn(ctx, t("column.ends"), (row: ApiKeyRow) => row.endedAt ?? row.expiresAt),
      ]}
    />
  );
}

export function State(props: { ctx: PageContext; state: ApiKeyState }): JSX.Element {
  return <Badge tone={TONES[props.state]} label={props.ctx.t(`api_keys.state.${props.state}`)} />;
}

function inShort({ t }: PageContext, { actions, apps }: ApiKeyRow): string {
  const may = actions === null ? t("api_keys.all_actions") : t("api_keys.actions", { count: actions.length });
  return apps === null ? may : t("api_keys.on_apps", { may, count: apps.length });
}

export function LastUse(props: { ctx: PageContext; row: ApiKeyRow }): JSX.Element {
  const { ctx, row } = props;
  if (row.lastUsedAt === null) return <span safe>{ctx.t("api_keys.never")}</span>;
  return (
    <div>
      <Time ctx={ctx} at={row.lastUsedAt} />
      {row.lastUsedAddress !== null && (
        <p class="meta">
          <bdi safe>{row.lastUsedAddress}</bdi>
        </p>
      )}
    </div>
  );
}

export function Days(props: { ctx: PageContext; value: string; errors: readonly FieldError[] }): JSX.Element {
  const { ctx, value, errors } = props;
  return (
    <Select
      ctx={ctx}
      name="days"
      label={ctx.t("api_keys.days")}
      hint={ctx.t("api_keys.days_hint")}
      value={value}
      options={DAYS.map((count) => ({ value: String(count), label: ctx.t("api_keys.days_of", { count }) }))}
      errors={errors}
    />
  );
}

function NewKey(props: { ctx: PageContext } & ApiKeysProps): JSX.Element {
  const { ctx, path, organisation, actions, values, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("api_keys.new")}>
      <form novalidate class="form" method="post" action={path} hx-boost="false">
        <Field
          ctx={ctx}
          name="name"
          label={t("api_keys.name")}
          hint={t("api_keys.name_hint")}
          value={values.name}
          maxlength={80}
          errors={errors}
        />
        <Days ctx={ctx} value={values.days} errors={errors} />
        <Choice
          ctx={ctx}
          name="scope"
          label={t("api_keys.scope")}
          value={values.scope}
          options={KEY_SCOPES.map((scope) => ({
            value: scope,
            label: t(`api_keys.scope.${scope}`),
            hint:
              scope === "all"
                ? organisation === null
                  ? t("api_keys.scope_all_own")
                  : t("api_keys.scope_all_organisation")
                : t("api_keys.scope_chosen_hint"),
          }))}
          errors={errors}
        />
        <div class="when-chosen">
          <ActionTicks
            ctx={ctx}
            legend={t("api_keys.chosen")}
            prefix={ACTION_FIELD}
            actions={actions}
            chosen={values.chosen}
          />
        </div>
        <Field
          ctx={ctx}
          name="apps"
          label={t("api_keys.apps")}
          hint={t("api_keys.apps_hint")}
          value={values.apps}
          optional
          spellcheck={false}
          mono
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("api_keys.make")} kind="primary" />
        </div>
      </form>
    </Card>
  );
}
