/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { StoreRole } from "../../src/roles.ts";
import { PostButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { actionsColumn, timeColumn } from "../components/columns.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary } from "../components/field.tsx";
import { Notice } from "../components/notice.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type FactorRow = {
  readonly id: string;
  readonly kind: "totp" | "passkey";
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  /** Of a passkey: the host at which it works. */
  readonly host: string | null;
};

export type SecondFactorProps = {
  readonly factors: readonly FactorRow[];
  readonly recoveryCodesLeft: number;
  /** What passkeys are made for here; null: they cannot be made at this address. */
  readonly host: string | null;
  /** The role that counts for nothing until there is a factor. */
  readonly needed: StoreRole | null;
  /** Whether the person's role needs one, so that the last one stays. */
  readonly keepsLast: boolean;
  readonly errors: readonly FieldError[];
};

const BASE = "/account/second-factor";

/** `/account/second-factor` */
export function secondFactorPage(ctx: PageContext, props: SecondFactorProps): JSX.Element {
  const { t } = ctx;
  const { factors, needed } = props;
  return (
    <Page ctx={ctx} title={t("second_factor.title")}>
      <PageHead ctx={ctx} title={t("second_factor.title")} lead={t("second_factor.lead")} />
      <ErrorSummary ctx={ctx} errors={props.errors} fields={[]} />
      {needed !== null && (
        <Notice
          ctx={ctx}
          tone="warn"
          title={t("second_factor.needed", { role: t(`store_role.${needed}`) })}
        />
      )}
      <Card title={t("second_factor.add")}>
        <div class="row">
          <PostButton
            ctx={ctx}
            action={`${BASE}/app`}
            label={t("second_factor.add_app")}
            plain
            kind={factors.length === 0 ? "primary" : "secondary"}
          />
          {props.host !== null && (
            <PostButton
              ctx={ctx}
              action={`${BASE}/passkey`}
              label={t("second_factor.add_passkey")}
              plain
              icon="key"
            />
          )}
        </div>
        {props.host === null ? (
          <p class="muted" safe>
            {t("second_factor.no_passkeys")}
          </p>
        ) : (
          <p class="muted" safe>
            {t("second_factor.add_lead", { host: props.host })}
          </p>
        )}
      </Card>
      {factors.length > 0 && <Factors ctx={ctx} {...props} />}
      {factors.length > 0 && <Codes ctx={ctx} {...props} />}
    </Page>
  );
}

function Factors(props: { ctx: PageContext } & SecondFactorProps): JSX.Element {
  const { ctx, factors } = props;
  const { t } = ctx;
  const isKept = props.keepsLast && factors.length === 1;
  return (
    <Card title={t("second_factor.list")} flush>
      {isKept && (
        <p class="card-body muted" safe>
          {t("second_factor.last_needed")}
        </p>
      )}
      <Table
        caption={t("second_factor.list")}
        rows={factors}
        columns={[
          {
            header: t("second_factor.name"),
            cell: (row) => (
              <div class="cell-main">
                <strong>
                  <bdi safe>{row.name}</bdi>
                </strong>
                <span class="meta" safe>
                  {row.host !== null && row.host !== props.host
                    ? t("second_factor.elsewhere", { host: row.host })
                    : t(`second_factor.kind.${row.kind}`)}
                </span>
              </div>
            ),
          },
          timeColumn(ctx, t("second_factor.added"), (row: FactorRow) => row.createdAt),
          {
            header: t("second_factor.last_used"),
            end: true,
            tight: true,
            cell: (row) =>
              row.lastUsedAt === null ? (
                <span class="muted" safe>
                  {t("second_factor.never")}
                </span>
              ) : (
                <Time ctx={ctx} at={row.lastUsedAt} />
              ),
          },
          ...(isKept
            ? []
            : [
                actionsColumn(ctx, (row: FactorRow) => (
                  <Confirm
                    ctx={ctx}
                    label={t("second_factor.remove")}
                    context={row.name}
                    kind="secondary"
                    small
                    title={t("second_factor.remove_title", { name: row.name })}
                    consequence={
                      factors.length === 1
                        ? t("second_factor.remove_last")
                        : t("second_factor.remove_consequence")
                    }
                    action={`${BASE}/${row.id}/remove`}
                    confirmLabel={t("second_factor.remove")}
                    confirmKind="danger-fill"
                  />
                )),
              ]),
        ]}
      />
    </Card>
  );
}

function Codes(props: { ctx: PageContext } & SecondFactorProps): JSX.Element {
  const { ctx, recoveryCodesLeft: count } = props;
  const { t } = ctx;
  return (
    <Card title={t("recovery_codes.title")}>
      <p class="muted" safe>
        {t("second_factor.codes_lead")}
      </p>
      <p safe>{t("second_factor.codes_left", { count })}</p>
      <div class="row">
        <Confirm
          ctx={ctx}
          label={t("second_factor.codes_make")}
          title={t("second_factor.codes_title")}
          consequence={t("second_factor.codes_consequence")}
          action={`${BASE}/codes`}
          confirmLabel={t("second_factor.codes_make")}
        />
      </div>
    </Card>
  );
}
