/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { SignedPart } from "../../src/catalog/store-keys/overview.ts";
import { QuietArt } from "../components/art.tsx";
import { Badge } from "../components/badge.tsx";
import { LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { CodeBlock } from "../components/code.tsx";
import { dateColumn, numberColumn } from "../components/columns.tsx";
import { Confirm } from "../components/confirm.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Notice } from "../components/notice.tsx";
import { Table } from "../components/table.tsx";
import { DateOf, Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

/** How near the end of something is. */
export type LapseState = "ok" | "warning" | "expired" | "overlong";

type Step = {
  readonly do: keyof typeof STEP_TONES;
  /** A role or a certificate, as the commands call it. */
  readonly what: string;
  readonly at: Date | null;
  readonly count: number;
};

export type TokenKeyRow = {
  readonly kid: string;
  readonly state: "signs" | "next" | "retired" | "ended";
  readonly signsFrom: Date;
  /** When another took its place, or when it was ended. */
  readonly until: Date | null;
};

type RoleRow = {
  readonly role: string;
  readonly threshold: number;
  readonly keyNames: readonly string[];
  readonly version: number;
  readonly expiresAt: Date;
  readonly state: LapseState;
  readonly renewedBy: "job" | "request";
};

/** A list of revoked certificates. */
type ListRow = {
  readonly keyName: string;
  readonly number: number;
  readonly nextUpdate: Date;
  /** Null for the last list of a key that issues nothing any more. */
  readonly state: LapseState | null;
};

export type StoreKeysProps = {
  /** The newest first. */
  readonly tokenKeys: readonly TokenKeyRow[];
  /** For administrators. */
  readonly canEndTokens: boolean;
  /** Most pressing first; what the same commands are for stands together. */
  readonly next: readonly {
    readonly steps: readonly Step[];
    readonly commands: readonly { readonly where: "here" | "there"; readonly lines: readonly string[] }[];
  }[];
  /** Those in use and those that wait. */
  readonly keys: readonly {
    readonly name: string;
    readonly fingerprint: string;
    readonly algorithm: string;
    readonly holder: "here" | "command" | "offline" | "destroyed" | "here_for_lists";
    /** The command's name in the configuration. */
    readonly command: string | null;
    /** What it signs; empty for one that waits. */
    readonly signs: readonly SignedPart[];
  }[];
  readonly roles: readonly RoleRow[];
  readonly certificates: readonly {
    readonly kind: "root" | "developer-ca" | "release";
    readonly keyName: string;
    readonly fingerprint: string;
    readonly notBefore: Date;
    readonly notAfter: Date;
    /** Null for one of before: nothing is issued by it any more. */
    readonly state: LapseState | "revoked" | null;
  }[];
  readonly lists: readonly ListRow[];
};

const KINDS = {
  root: "store_keys.kind_root",
  "developer-ca": "store_keys.kind_developer_ca",
  release: "store_keys.kind_release",
} as const;
const LAPSE_TONES = { ok: "good", warning: "warn", expired: "bad", overlong: "warn" } as const;
const STEP_TONES = {
  release_revoked: "bad",
  master_key: "bad",
  command_missing: "bad",
  command_fails: "bad",
  expired: "bad",
  list_expired: "warn",
  overlong: "warn",
  renewal_fails: "warn",
  request_renewal: "warn",
  import: "accent",
  export_newer: "warn",
  held_here: "warn",
  export: "accent",
  export_due: "accent",
  export_list: "accent",
  move_offline: "neutral",
} as const;

/** `/admin/keys`: what the store signs with, what of it ends, and the commands for what is to be done. */
export function storeKeysPage(ctx: PageContext, props: StoreKeysProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("store_keys.title")}>
      <PageHead
        ctx={ctx}
        title={t("store_keys.title")}
        lead={t("store_keys.lead")}
        actions={<LinkButton ctx={ctx} href="/docs/guides/keys" label={t("store_keys.guide")} icon="docs" />}
      />
      <Next ctx={ctx} next={props.next} />
      <Keys ctx={ctx} keys={props.keys} />
      <Roles ctx={ctx} roles={props.roles} />
      <Certificates ctx={ctx} certificates={props.certificates} />
      {props.lists.length > 0 && <Lists ctx={ctx} lists={props.lists} />}
      <TokenKeys ctx={ctx} keys={props.tokenKeys} canEnd={props.canEndTokens} />
    </Page>
  );
}

function Next(props: { ctx: PageContext; next: StoreKeysProps["next"] }): JSX.Element {
  const { ctx, next } = props;
  const { t } = ctx;
  if (next.length === 0) {
    return (
      <Card title={t("store_keys.next")} flush>
        <EmptyState
          art={<QuietArt />}
          title={t("store_keys.next_nothing_title")}
          sentence={t("store_keys.next_nothing")}
          small
        />
      </Card>
    );
  }
  let number = 0;
  return (
    <Card title={t("store_keys.next")}>
      <div class="stack">
        {next.map(({ steps, commands }) => (
          <div class="stack">
            {steps.map((step) => (
              <StepNotice ctx={ctx} step={step} />
            ))}
            {commands.map(({ where, lines }) => {
              number += 1;
              return (
                <CodeBlock
                  ctx={ctx}
                  id={`commands-${number}`}
                  title={t(`store_keys.where_${where}`, { number })}
                  code={lines.join("\n")}
                />
              );
            })}
          </div>
        ))}
      </div>
    </Card>
  );
}

function StepNotice(props: { ctx: PageContext; step: Step }): JSX.Element {
  const { ctx, step } = props;
  const { t } = ctx;
  return (
    <Notice
      ctx={ctx}
      tone={STEP_TONES[step.do]}
      title={t(`store_keys.do_${step.do}`, { what: step.what, count: step.count })}
    >
      {step.at !== null && (
        <p>
          <span safe>{t(step.at < ctx.now ? "lapse.expired" : "lapse.ends")}</span>{" "}
          <Time ctx={ctx} at={step.at} />
        </p>
      )}
      {step.do === "move_offline" && <p safe>{t("store_keys.move_offline")}</p>}
    </Notice>
  );
}

function Keys(props: { ctx: PageContext; keys: StoreKeysProps["keys"] }): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <Card title={t("store_keys.keys")} flush>
      <Table
        caption={t("store_keys.keys")}
        rows={props.keys}
        columns={[
          {
            header: t("column.store_key"),
            cell: (key) => (
              <div>
                <strong safe>{key.name}</strong>
                <p class="meta" safe>
                  {key.algorithm}
                </p>
              </div>
            ),
          },
          {
            header: t("column.signs"),
            cell: (key) => (
              <span safe>
                {key.signs.length === 0
                  ? t("store_keys.waits")
                  : new Intl.ListFormat(ctx.locale, { type: "unit" }).format(
                      key.signs.map((part) => t(`store_keys.signs.${part}`)),
                    )}
              </span>
            ),
          },
          {
            header: t("column.held_by"),
            cell: (key) => (
              <span safe>
                {key.holder === "command"
                  ? t("store_keys.held_command", { name: key.command ?? "" })
                  : t(`store_keys.held_${key.holder}`)}
              </span>
            ),
          },
          {
            header: t("column.fingerprint"),
            long: true,
            cell: (key) => <Fingerprint text={key.fingerprint} />,
          },
        ]}
      />
    </Card>
  );
}

const TOKEN_TONES = { signs: "good", next: "accent", retired: "neutral", ended: "neutral" } as const;

/** They have no part in what devices install, and the store looks after them by itself. */
function TokenKeys(props: {
  ctx: PageContext;
  keys: StoreKeysProps["tokenKeys"];
  canEnd: boolean;
}): JSX.Element {
  const { ctx, keys, canEnd } = props;
  const { t } = ctx;
  return (
    <Card title={t("token_keys.title")} flush>
      <div class="card-body split">
        <p class="muted" safe>
          {t("token_keys.lead")}
        </p>
        {canEnd && (
          <Confirm
            ctx={ctx}
            label={t("token_keys.end")}
            icon="revoke"
            kind="danger"
            title={t("token_keys.end_title")}
            consequence={t("token_keys.end_consequence")}
            action="/admin/keys/end-tokens"
            confirmLabel={t("token_keys.end")}
            confirmKind="danger-fill"
          />
        )}
      </div>
      {keys.length > 0 && (
        <Table
          caption={t("token_keys.title")}
          rows={keys}
          columns={[
            { header: t("column.key"), cell: (key) => <Fingerprint text={key.kid} /> },
            {
              header: t("column.state"),
              tight: true,
              cell: (key) => <Badge tone={TOKEN_TONES[key.state]} label={t(`token_keys.${key.state}`)} />,
            },
            dateColumn(ctx, t("token_keys.signs_from"), (key: TokenKeyRow) => key.signsFrom),
            {
              header: t("token_keys.until"),
              end: true,
              tight: true,
              cell: (key) =>
                key.until === null ? (
                  <span safe>{t("token_keys.open")}</span>
                ) : (
                  <DateOf ctx={ctx} at={key.until} />
                ),
            },
          ]}
        />
      )}
    </Card>
  );
}

function Fingerprint(props: { text: string }): JSX.Element {
  return (
    <span class="mono meta" safe>
      {props.text}
    </span>
  );
}

function Lapsing(props: { ctx: PageContext; state: LapseState }): JSX.Element {
  return <Badge tone={LAPSE_TONES[props.state]} label={props.ctx.t(`lapse.${props.state}`)} />;
}

function Roles(props: { ctx: PageContext; roles: StoreKeysProps["roles"] }): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <Card title={t("store_keys.roles")} flush>
      <Table
        caption={t("store_keys.roles")}
        rows={props.roles}
        columns={[
          { header: t("column.role"), cell: (role) => <strong safe>{role.role}</strong> },
          {
            header: t("column.must_sign"),
            cell: (role) => (
              <div>
                <span safe>
                  {t("store_keys.threshold", { threshold: role.threshold, count: role.keyNames.length })}
                </span>
                <p class="meta" safe>
                  {role.keyNames.join(", ")}
                </p>
              </div>
            ),
          },
          numberColumn(ctx, t("column.version"), (role: RoleRow) => role.version),
          {
            header: t("column.renewed_by"),
            cell: (role) => <span safe>{t(`store_keys.renewed_${role.renewedBy}`)}</span>,
          },
          { header: t("column.state"), cell: (role) => <Lapsing ctx={ctx} state={role.state} /> },
          dateColumn(ctx, t("column.valid_until"), (role: RoleRow) => role.expiresAt),
        ]}
      />
    </Card>
  );
}

function Certificates(props: {
  ctx: PageContext;
  certificates: StoreKeysProps["certificates"];
}): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <Card title={t("store_keys.certificates")} flush>
      <Table
        caption={t("store_keys.certificates")}
        rows={props.certificates}
        columns={[
          {
            header: t("column.certificate"),
            cell: (one) => (
              <div>
                <strong safe>{t(KINDS[one.kind])}</strong>
                <p class="meta" safe>
                  {one.keyName}
                </p>
              </div>
            ),
          },
          {
            header: t("column.state"),
            cell: (one) =>
              one.state === null ? (
                <Badge tone="neutral" hollow label={t("store_keys.before")} />
              ) : one.state === "revoked" ? (
                <Badge tone="bad" label={t("store_keys.revoked")} />
              ) : (
                <Lapsing ctx={ctx} state={one.state} />
              ),
          },
          { header: t("column.since"), tight: true, cell: (one) => <DateOf ctx={ctx} at={one.notBefore} /> },
          {
            header: t("column.valid_until"),
            tight: true,
            cell: (one) => <DateOf ctx={ctx} at={one.notAfter} />,
          },
          {
            header: t("column.fingerprint"),
            long: true,
            cell: (one) => <Fingerprint text={one.fingerprint} />,
          },
        ]}
      />
    </Card>
  );
}

function Lists(props: { ctx: PageContext; lists: readonly ListRow[] }): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <Card title={t("store_keys.lists")} flush>
      <Table
        caption={t("store_keys.lists")}
        rows={props.lists}
        columns={[
          { header: t("column.signed_by"), cell: (list) => <strong safe>{list.keyName}</strong> },
          numberColumn(ctx, t("column.number"), (list: ListRow) => list.number),
          {
            header: t("column.state"),
            cell: (list) =>
              list.state === null ? (
                <Badge tone="neutral" hollow label={t("store_keys.before")} />
              ) : (
                <Lapsing ctx={ctx} state={list.state} />
              ),
          },
          dateColumn(ctx, t("column.valid_until"), (list: ListRow) => list.nextUpdate),
        ]}
      />
    </Card>
  );
}
