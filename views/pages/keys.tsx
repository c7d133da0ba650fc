/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { dateColumn } from "../components/columns.tsx";
import { EmptyState } from "../components/empty.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { PagerLinks, Table } from "../components/table.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext, Pager } from "../page.ts";

export type KeyRow = {
  readonly keyid: string;
  /** In groups of four, as people compare it. */
  readonly fingerprint: string;
  readonly organisation: NamedOrganisation;
  readonly algorithm: string;
  readonly validUntil: Date;
  readonly state:
    | "enrolled"
    | "expiring"
    | "expired"
    | "lost"
    | "revoked"
    | "certificate_revoked"
    | "certificate_distrusted"
    | "organisation_revoked";
  readonly apps: readonly { readonly id: string; readonly usable: boolean }[];
};

export type RecoveryRow = {
  readonly id: string;
  readonly organisation: NamedOrganisation;
  readonly apps: readonly string[];
  readonly state: "waiting" | "waited" | "approved" | "refused" | "objected" | "fallen";
  readonly waitingUntil: Date;
};

export const KEY_TONES = {
  enrolled: "good",
  expiring: "warn",
  expired: "bad",
  lost: "neutral",
  revoked: "bad",
  certificate_revoked: "bad",
  certificate_distrusted: "bad",
  organisation_revoked: "bad",
} as const;
export const RECOVERY_TONES = {
  waiting: "warn",
  waited: "accent",
  approved: "good",
  refused: "bad",
  objected: "neutral",
  fallen: "neutral",
} as const;

/** `/keys`: the signing keys of one's organisations, and what each may sign. */
export function keysPage(
  ctx: PageContext,
  props: {
    readonly keys: readonly KeyRow[];
    readonly recoveries: readonly RecoveryRow[];
    readonly mayRecover: boolean;
    readonly pager: Pager;
  },
): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("keys.title")}>
      <PageHead
        ctx={ctx}
        title={t("keys.title")}
        lead={t("keys.lead")}
        actions={
          props.mayRecover ? (
            <LinkButton ctx={ctx} href="/recoveries/new" label={t("recover.link")} />
          ) : undefined
        }
      />
      {props.recoveries.length > 0 && (
        <Recoveries ctx={ctx} rows={props.recoveries} title={t("recoveries.title")} />
      )}
      <Card title={t("keys.enrolled")} flush>
        {props.keys.length === 0 ? (
          <EmptyState art={<QuietArt />} title={t("keys.empty_title")} sentence={t("keys.empty")} />
        ) : (
          <>
            <Table
              caption={t("keys.enrolled")}
              rows={props.keys}
              columns={[
                {
                  header: t("column.key"),
                  cell: (key) => (
                    <div>
                      <a class="mono" href={`/keys/${key.keyid}`} safe>
                        {key.fingerprint}
                      </a>
                      <p class="meta">
                        <OrganisationName of={key.organisation} />
                      </p>
                    </div>
                  ),
                },
                {
                  header: t("column.state"),
                  cell: (key) => <Badge tone={KEY_TONES[key.state]} label={t(`key_state.${key.state}`)} />,
                },
                {
                  header: t("column.may_sign"),
                  long: true,
                  cell: (key) => <Apps ctx={ctx} apps={key.apps} />,
                },
                dateColumn(ctx, t("column.valid_until"), (key: KeyRow) => key.validUntil),
              ]}
            />
            <PagerLinks ctx={ctx} pager={props.pager} />
          </>
        )}
      </Card>
    </Page>
  );
}

/** What a key may sign. */
export function Apps(props: { ctx: PageContext; apps: KeyRow["apps"] }): JSX.Element {
  const { t } = props.ctx;
  if (props.apps.length === 0) return <span safe>{t("keys.first_only")}</span>;
  return (
    <span safe>
      {props.apps.map(({ id, usable }) => (usable ? id : t("keys.no_more", { app: id }))).join(", ")}
    </span>
  );
}

function Recoveries(props: { ctx: PageContext; rows: readonly RecoveryRow[]; title: string }): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <Card title={props.title} flush>
      <Table
        caption={props.title}
        rows={props.rows}
        columns={[
          {
            header: t("column.app"),
            cell: (row) => (
              <div>
                <a href={`/recoveries/${row.id}`} safe>
                  {row.apps.length > 0 ? row.apps.join(", ") : row.id}
                </a>
                <p class="meta">
                  <OrganisationName of={row.organisation} />
                </p>
              </div>
            ),
          },
          {
            header: t("column.state"),
            cell: (row) => (
              <Badge tone={RECOVERY_TONES[row.state]} label={t(`recovery_state.${row.state}`)} />
            ),
          },
          dateColumn(ctx, t("column.waits_until"), (row: RecoveryRow) => row.waitingUntil),
        ]}
      />
    </Card>
  );
}

/** `/admin/recoveries`: what organisations ask for whose keys are lost. */
export function recoveriesPage(
  ctx: PageContext,
  props: { readonly rows: readonly RecoveryRow[]; readonly pager: Pager },
): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("recoveries.title")}>
      <PageHead ctx={ctx} title={t("recoveries.title")} lead={t("recoveries.lead")} />
      {props.rows.length === 0 ? (
        <Card flush>
          <EmptyState
            art={<QuietArt />}
            title={t("recoveries.empty_title")}
            sentence={t("recoveries.empty")}
          />
        </Card>
      ) : (
        <>
          <Recoveries ctx={ctx} rows={props.rows} title={t("recoveries.title")} />
          <PagerLinks ctx={ctx} pager={props.pager} />
        </>
      )}
    </Page>
  );
}
