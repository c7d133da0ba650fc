/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Badge } from "../components/badge.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Choice, ErrorSummary, Field } from "../components/field.tsx";
import { OrganisationName } from "../components/organisation.tsx";
import { DateOf, Time } from "../components/text.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { Apps, KEY_TONES, type KeyRow } from "./keys.tsx";

type Action = "block" | "disable" | "remove";
type Revoked = { readonly action: Action; readonly reason: string; readonly revokedAt: Date };

export type ShownKey = KeyRow & {
  /** SHA-256 of the newest certificate, in groups of four. */
  readonly certificate: string;
  readonly revoked: Revoked | null;
  /** Of the organisation whose key it is. */
  readonly organisationRevoked: Revoked | null;
  readonly certificateRevoked: Revoked | null;
  /** Since when its authority is trusted no more. */
  readonly certificateDistrustedAt: Date | null;
};

export const KEY_FIELDS = ["action", "reason"] as const;

export type KeyProps = {
  readonly key: ShownKey;
  /** What an owner can do about it: all actions, or those that are stricter than the one in force. */
  readonly stricter: readonly Action[];
  /** Whether it is revoked and lifted where administrators do that. */
  readonly mayManage: boolean;
  readonly mayRecover: boolean;
  readonly action: string;
  readonly reason: string;
  readonly errors: readonly FieldError[];
};

/** `/keys/:keyid`: one key, and the first of two steps of revoking it. */
export function keyPage(ctx: PageContext, props: KeyProps): JSX.Element {
  const { t } = ctx;
  const { key } = props;
  return (
    <Page ctx={ctx} title={t("keys.one")}>
      <div class="narrow is-wide">
        <PageHead ctx={ctx} title={t("keys.one")} crumbs={[{ label: t("keys.title"), href: "/keys" }]} />
        <Card>
          <Facts wide items={facts(ctx, key)} />
        </Card>
        {props.mayRecover && (
          <Card title={t("recover.title")}>
            <p safe>{t("recover.from_key")}</p>
            <div class="row">
              <LinkButton ctx={ctx} href={`/recoveries/new?key=${key.keyid}`} label={t("recover.link")} />
            </div>
          </Card>
        )}
        {props.mayManage && <Manage ctx={ctx} keyid={key.keyid} />}
        {props.stricter.length > 0 && <Revoke ctx={ctx} shown={props} />}
      </div>
    </Page>
  );
}

function facts(ctx: PageContext, key: ShownKey) {
  const { t } = ctx;
  const digits = (text: string) => (
    <span class="mono" safe>
      {text}
    </span>
  );
  const revoked = (term: string, standing: Revoked | null) =>
    standing === null ? [] : [{ term, value: <Standing ctx={ctx} standing={standing} /> }];
  return [
    { term: t("column.key"), value: digits(key.fingerprint) },
    { term: t("keys.certificate"), value: digits(key.certificate) },
    { term: t("column.organisation"), value: <OrganisationName of={key.organisation} /> },
    {
      term: t("column.state"),
      value: <Badge tone={KEY_TONES[key.state]} label={t(`key_state.${key.state}`)} />,
    },
    ...revoked(t("keys.revoked"), key.revoked),
    ...revoked(t("keys.organisation_revoked"), key.organisationRevoked),
    ...revoked(t("keys.certificate_revoked"), key.certificateRevoked),
    ...(key.certificateDistrustedAt === null
      ? []
      : [
          {
            term: t("keys.certificate_distrusted"),
            value: <DateOf ctx={ctx} at={key.certificateDistrustedAt} />,
          },
        ]),
    ...((key.certificateRevoked ?? key.certificateDistrustedAt) !== null &&
    key.revoked === null &&
    key.organisationRevoked === null
      ? [{ term: t("keys.way_back"), value: <span safe>{t("keys.enrol_again")}</span> }]
      : []),
    { term: t("keys.algorithm"), value: <span safe>{key.algorithm}</span> },
    { term: t("column.valid_until"), value: <DateOf ctx={ctx} at={key.validUntil} /> },
    { term: t("column.may_sign"), value: <Apps ctx={ctx} apps={key.apps} /> },
  ];
}

/** How, since when, and why. */
function Standing(props: { ctx: PageContext; standing: Revoked }): JSX.Element {
  const { ctx, standing } = props;
  return (
    <>
      <p>
        <strong safe>{ctx.t(`revocation.${standing.action}`)}</strong>{" "}
        <Time ctx={ctx} at={standing.revokedAt} />
      </p>
      <p>
        <bdi safe>{standing.reason}</bdi>
      </p>
    </>
  );
}

function Manage(props: { ctx: PageContext; keyid: string }): JSX.Element {
  const { ctx, keyid } = props;
  const { t } = ctx;
  return (
    <Card title={t("keys.manage")}>
      <p safe>{t("keys.manage_where")}</p>
      <div class="row">
        <LinkButton
          ctx={ctx}
          href={`/admin/revocations/new?act=revoke&subject=key&id=${keyid}`}
          label={t("revoked.new")}
        />
      </div>
    </Card>
  );
}

function Revoke(props: { ctx: PageContext; shown: KeyProps }): JSX.Element {
  const { ctx } = props;
  const { key, stricter, action, reason, errors } = props.shown;
  const { t } = ctx;
  return (
    <Card title={t(key.revoked === null ? "keys.revoke" : "keys.make_stricter")}>
      <p safe>{t(key.revoked === null ? "keys.revoke_consequence" : "keys.stricter_only")}</p>
      <form novalidate class="form" method="post" action={`/keys/${key.keyid}/revoke/preview`}>
        <ErrorSummary ctx={ctx} errors={errors} fields={KEY_FIELDS} />
        <Choice
          ctx={ctx}
          name="action"
          label={t("revoke.action")}
          value={action}
          options={stricter.map((value) => ({
            value,
            label: t(`action_of.${value}`),
            hint: t(`action_does.${value}`),
          }))}
          errors={errors}
        />
        <Field
          ctx={ctx}
          name="reason"
          label={t("revoke.reason")}
          hint={t("revoke.reason_hint")}
          value={reason}
          maxlength={400}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("revoke.next")} kind="primary" />
          <LinkButton ctx={ctx} href="/keys" label={t("action.cancel")} kind="ghost" />
        </div>
      </form>
    </Card>
  );
}
