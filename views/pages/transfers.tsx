/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge, type Tone } from "../components/badge.tsx";
import { Button, LinkButton, PostButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { timeColumn } from "../components/columns.tsx";
import { Confirm } from "../components/confirm.tsx";
import { ErrorSummary, Field, TextArea } from "../components/field.tsx";
import { ListCard } from "../components/list-card.tsx";
import { Notice } from "../components/notice.tsx";
import { type NamedOrganisation, OrganisationName } from "../components/organisation.tsx";
import { RowName } from "../components/table.tsx";
import { Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext, Pager } from "../page.ts";

type State = "open" | "accepted" | "declined" | "withdrawn" | "fallen" | "expired";
const TONES: Readonly<Record<State, Tone>> = {
  open: "warn",
  accepted: "good",
  declined: "bad",
  withdrawn: "neutral",
  fallen: "neutral",
  expired: "neutral",
};

const pathOf = (organisationId: string) => `/organisations/${organisationId}/transfers`;

export type OfferProps = {
  readonly app: { readonly id: string; readonly name: string; readonly organisation: string };
  readonly days: number;
  /** One that is open already: it has to be taken back first. */
  readonly open: { readonly href: string; readonly named: string } | null;
  readonly values: { readonly to: string; readonly reason: string };
  readonly errors: readonly FieldError[];
};

/** `/apps/:appId/transfer`: to whom the app is offered. */
export function offerPage(ctx: PageContext, props: OfferProps): JSX.Element {
  const { t } = ctx;
  const { app, open } = props;
  return (
    <Page ctx={ctx} title={t("transfer.offer_title", { app: app.name })}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("transfer.offer_title", { app: app.name })}
          crumbs={[{ label: app.name, href: `/apps/${app.id}` }]}
          lead={t("transfer.offer_lead", { days: props.days })}
        />
        <Card title={t("transfer.what")}>
          <ul class="stack-s">
            {(["theirs", "withdrawn", "ends", "devices", "keys"] as const).map((what) => (
              <li safe>{t(`transfer.what.${what}`)}</li>
            ))}
          </ul>
        </Card>
        {open === null ? (
          <OfferForm ctx={ctx} {...props} />
        ) : (
          <Notice ctx={ctx} tone="warn" title={t("transfer.offered_already", { named: open.named })}>
            <p>
              <a href={open.href} safe>
                {t("transfer.look")}
              </a>
            </p>
          </Notice>
        )}
      </div>
    </Page>
  );
}

function OfferForm(props: { ctx: PageContext } & OfferProps): JSX.Element {
  const { ctx, app, values, errors } = props;
  const { t } = ctx;
  return (
    <Card>
      <form novalidate class="form" method="post" action={`/apps/${app.id}/transfer`} hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["to", "reason"]} />
        <Field
          ctx={ctx}
          name="to"
          label={t("transfer.to")}
          hint={t("transfer.to_hint")}
          value={values.to}
          maxlength={200}
          spellcheck={false}
          errors={errors}
        />
        <TextArea
          ctx={ctx}
          name="reason"
          label={t("transfer.reason")}
          hint={t("transfer.reason_hint")}
          value={values.reason}
          rows={3}
          maxlength={500}
          optional
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("transfer.offer")} kind="primary" />
          <LinkButton ctx={ctx} href={`/apps/${app.id}`} label={t("action.cancel")} kind="ghost" />
        </div>
      </form>
    </Card>
  );
}

export type TransferRow = {
  readonly id: string;
  readonly app: { readonly id: string; readonly name: string };
  readonly side: "from" | "to";
  /** The other organisation, or how it was named. */
  readonly other: NamedOrganisation;
  readonly state: State;
  readonly offeredAt: Date;
  readonly expiresAt: Date;
};

export type TransfersProps = {
  readonly organisation: { readonly id: string; readonly name: string };
  readonly rows: readonly TransferRow[];
  readonly pager: Pager;
};

/** `/organisations/:organisationId/transfers`: what it offers to others, and what it is offered. */
export function transfersPage(ctx: PageContext, props: TransfersProps): JSX.Element {
  const { t } = ctx;
  const { organisation, rows, pager } = props;
  return (
    <Page ctx={ctx} title={t("transfer.title")}>
      <PageHead
        ctx={ctx}
        title={t("transfer.title")}
        crumbs={[{ label: organisation.name, href: `/organisations/${organisation.id}/members` }]}
        lead={t("transfer.lead")}
      />
      <ListCard
        ctx={ctx}
        title={t("transfer.list")}
        none={t("transfer.none")}
        rows={rows}
        pager={pager}
        columns={[
          {
            header: t("column.app"),
            cell: (row) => <RowName name={row.app.name} href={`${pathOf(organisation.id)}/${row.id}`} />,
          },
          {
            header: t("transfer.other"),
            cell: ({ side, other }) => (
              <OrganisationName of={{ ...other, name: t(`transfer.other_${side}`, { name: other.name }) }} />
            ),
          },
          {
            header: t("column.state"),
            cell: (row) => <Badge tone={TONES[row.state]} label={t(`transfer_state.${row.state}`)} />,
          },
          timeColumn(ctx, t("column.offered"), (row: TransferRow) => row.offeredAt),
          {
            header: t("column.ends"),
            end: true,
            tight: true,
            cell: (row) => (row.state === "open" ? <Time ctx={ctx} at={row.expiresAt} /> : <></>),
          },
        ]}
      />
    </Page>
  );
}

export type TransferProps = {
  readonly organisation: { readonly id: string; readonly name: string };
  readonly transfer: TransferRow & {
    readonly reason: string;
    readonly offeredBy: string;
    readonly decision: { readonly by: string; readonly at: Date } | null;
    /** What devices are offered of it now. */
    readonly version: string | null;
    readonly signing: "ready" | "missing" | "any" | null;
    /** Whether what the app is now is told to who looks. */
    readonly isShown: boolean;
    /** Whether the app's page may be opened. */
    readonly opens: boolean;
  };
  readonly may: "withdraw" | "decide" | null;
  readonly errors: readonly FieldError[];
};

/** `/organisations/:organisationId/transfers/:transferId`: what is offered, and answering it. */
export function transferPage(ctx: PageContext, props: TransferProps): JSX.Element {
  const { t } = ctx;
  const { organisation, transfer, may, errors } = props;
  const path = `${pathOf(organisation.id)}/${transfer.id}`;
  const isOpen = transfer.state === "open";
  const { app } = transfer;
  return (
    <Page ctx={ctx} title={t("transfer.one_title", { app: app.name })}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("transfer.one_title", { app: app.name })}
          crumbs={[
            { label: organisation.name, href: `/organisations/${organisation.id}/members` },
            { label: t("transfer.title"), href: pathOf(organisation.id) },
          ]}
        />
        <ErrorSummary ctx={ctx} errors={errors} fields={[]} />
        <Card>
          <Overview ctx={ctx} transfer={transfer} />
        </Card>
        {transfer.signing !== null &&
          transfer.signing !== "any" &&
          (isOpen || transfer.state === "accepted") && (
            <Notice
              ctx={ctx}
              tone={transfer.signing === "ready" ? "good" : "warn"}
              title={t(`transfer.signing_${transfer.signing}`)}
            >
              <p safe>
                {t(
                  transfer.signing === "missing" && !isOpen
                    ? "transfer.signing_missing_after"
                    : `transfer.signing_${transfer.signing}_lead`,
                )}
              </p>
            </Notice>
          )}
        {transfer.side === "from" && isOpen && (
          <Notice ctx={ctx} tone="neutral" title={t("transfer.add_key")}>
            <p safe>{t("transfer.add_key_lead")}</p>
            <p>
              <code safe>{`mosis keys rotate their.cert.pem --app ${app.id}`}</code>
            </p>
          </Notice>
        )}
        {may === "decide" && (
          <Card title={t("transfer.decide")}>
            <ul class="stack-s">
              {(["theirs", "withdrawn", "keys"] as const).map((what) => (
                <li safe>{t(`transfer.taking.${what}`)}</li>
              ))}
            </ul>
            <div class="row">
              <PostButton
                ctx={ctx}
                action={`${path}/accept`}
                label={t("transfer.accept")}
                kind="primary"
                plain
              />
              <Confirm
                ctx={ctx}
                label={t("transfer.decline")}
                title={t("transfer.decline_confirm", { app: app.name })}
                consequence={t("transfer.decline_consequence")}
                action={`${path}/decline`}
                confirmLabel={t("transfer.decline")}
                confirmKind="danger-fill"
              />
            </div>
          </Card>
        )}
        {may === "withdraw" && (
          <Card title={t("transfer.withdraw")}>
            <p class="muted" safe>
              {t("transfer.withdraw_lead")}
            </p>
            <PostButton
              ctx={ctx}
              action={`${path}/withdraw`}
              label={t("transfer.withdraw")}
              icon="withdraw"
              plain
            />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Overview(props: { ctx: PageContext; transfer: TransferProps["transfer"] }): JSX.Element {
  const { ctx, transfer } = props;
  const { t } = ctx;
  const { app, decision } = transfer;
  return (
    <Facts
      items={[
        {
          term: t("column.state"),
          value: <Badge tone={TONES[transfer.state]} label={t(`transfer_state.${transfer.state}`)} />,
        },
        {
          term: t("column.app"),
          value: transfer.opens ? (
            <a dir="auto" href={`/apps/${app.id}`} safe>
              {app.name}
            </a>
          ) : (
            <bdi safe>{app.name}</bdi>
          ),
        },
        {
          term: t("app.id"),
          value: (
            <span class="mono" safe>
              {app.id}
            </span>
          ),
        },
        { term: t(`transfer.side_${transfer.side}`), value: <OrganisationName of={transfer.other} /> },
        ...(transfer.isShown
          ? [
              {
                term: t("app.on_devices"),
                value: <span safe>{transfer.version ?? t("app.never_published")}</span>,
              },
            ]
          : []),
        ...(transfer.reason === ""
          ? []
          : [{ term: t("transfer.said"), value: <bdi safe>{transfer.reason}</bdi> }]),
        {
          term: t("column.offered"),
          value: (
            <span>
              <bdi safe>{transfer.offeredBy}</bdi> · <Time ctx={ctx} at={transfer.offeredAt} />
            </span>
          ),
        },
        ...(transfer.state === "open" || transfer.state === "expired"
          ? [{ term: t("column.ends"), value: <Time ctx={ctx} at={transfer.expiresAt} /> }]
          : []),
        ...(decision === null
          ? []
          : [
              {
                term: t("transfer.decided"),
                value: (
                  <span>
                    <bdi safe>{decision.by}</bdi> · <Time ctx={ctx} at={decision.at} />
                  </span>
                ),
              },
            ]),
      ]}
    />
  );
}
