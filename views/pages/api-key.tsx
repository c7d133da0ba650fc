/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { ActionList } from "../components/action-groups.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { SecretOnce } from "../components/code.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, Select } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { DateOf, Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { type ApiKeyRow, Days, LastUse, State, titleOf, type Whose } from "./api-keys.tsx";

const OVERLAPS = [0, 1, 24, 72, 168] as const;

export type ApiKeyProps = Whose & {
  readonly row: ApiKeyRow;
  /** The token, right after it was made. */
  readonly token: string | null;
  readonly errors: readonly FieldError[];
};

/** `…/keys/:apiKeyId`: one key, and its token in the one answer that has it. */
export function apiKeyPage(ctx: PageContext, props: ApiKeyProps): JSX.Element {
  const { t } = ctx;
  const { row: key, token, path, organisation, manages } = props;
  return (
    <Page ctx={ctx} title={t("api_keys.one_title", { name: key.name })}>
      <PageHead
        ctx={ctx}
        title={key.name}
        crumbs={[{ label: titleOf(ctx, organisation), href: path }]}
        badge={<State ctx={ctx} state={key.state} />}
      />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={["days", "overlapHours"]} />
      {key.leftBehind && key.state === "live" && (
        <Notice ctx={ctx} tone="warn" title={t("api_keys.left_behind_title")}>
          <p safe>{t("api_keys.left_behind_lead")}</p>
        </Notice>
      )}
      {token !== null && (
        <Card title={t("api_keys.token")}>
          <SecretOnce ctx={ctx} id="token" label={t("api_keys.token_label")} secret={token} />
        </Card>
      )}
      <Card title={t("api_keys.about")}>
        <KeyFacts ctx={ctx} row={key} />
      </Card>
      {key.actions !== null && (
        <Card title={t("api_keys.may")}>
          <ActionList ctx={ctx} actions={key.actions} />
        </Card>
      )}
      {manages && key.state === "live" && token === null && <Rotate ctx={ctx} {...props} />}
      {manages && key.state === "live" && (
        <div class="row">
          <Confirm
            ctx={ctx}
            label={t("api_keys.revoke")}
            icon="revoke"
            kind="danger"
            title={t("api_keys.revoke_title", { name: key.name })}
            consequence={t("api_keys.revoke_consequence")}
            action={`${path}/${key.id}/revoke`}
            confirmLabel={t("api_keys.revoke")}
            confirmKind="danger-fill"
          />
          {token !== null && <LinkButton ctx={ctx} href={path} label={t("api_keys.back")} kind="ghost" />}
        </div>
      )}
    </Page>
  );
}

function KeyFacts(props: { ctx: PageContext; row: ApiKeyRow }): JSX.Element {
  const { ctx, row } = props;
  const { t } = ctx;
  return (
    <Facts
      wide
      items={[
        { term: t("api_keys.id"), value: <code safe>{row.id}</code> },
        // The actions stand below, in words.
        ...(row.actions === null
          ? [{ term: t("api_keys.may"), value: <span safe>{t("api_keys.all_actions")}</span> }]
          : []),
        { term: t("api_keys.apps"), value: <Apps ctx={ctx} apps={row.apps} /> },
        { term: t("api_keys.made"), value: <Time ctx={ctx} at={row.createdAt} /> },
        { term: t("column.by"), value: <bdi safe>{row.by}</bdi> },
        { term: t("column.ends"), value: <Time ctx={ctx} at={row.expiresAt} /> },
        ...(row.endedAt === null
          ? []
          : [{ term: t(`api_keys.state.${row.state}`), value: <Time ctx={ctx} at={row.endedAt} /> }]),
        ...(row.previousUntil === null || row.previousUntil <= ctx.now
          ? []
          : [{ term: t("api_keys.old_until"), value: <DateOf ctx={ctx} at={row.previousUntil} /> }]),
        { term: t("api_keys.last_used"), value: <LastUse ctx={ctx} row={row} /> },
      ]}
    />
  );
}

function Apps(props: { ctx: PageContext; apps: readonly string[] | null }): JSX.Element {
  const { ctx, apps } = props;
  if (apps === null) return <span safe>{ctx.t("api_keys.all_apps")}</span>;
  return (
    <ul class="stack-s">
      {apps.map((id) => (
        <li>
          <code safe>{id}</code>
        </li>
      ))}
    </ul>
  );
}

function Rotate(props: { ctx: PageContext } & ApiKeyProps): JSX.Element {
  const { ctx, path, row: key, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("api_keys.rotate")}>
      <form novalidate class="form" method="post" action={`${path}/${key.id}/rotate`} hx-boost="false">
        <p class="muted" safe>
          {t("api_keys.rotate_lead")}
        </p>
        <Select
          ctx={ctx}
          name="overlapHours"
          label={t("api_keys.overlap")}
          value={key.leftBehind ? "0" : "24"}
          options={OVERLAPS.map((count) => ({
            value: String(count),
            label: t("api_keys.overlap_of", { count }),
          }))}
          errors={errors}
        />
        <Days ctx={ctx} value="90" errors={errors} />
        <div class="row">
          <Button ctx={ctx} label={t("api_keys.rotate")} />
        </div>
      </form>
    </Card>
  );
}
