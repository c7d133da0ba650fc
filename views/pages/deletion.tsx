/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { NarrowForm, NarrowPage } from "../components/narrow.tsx";
import { formatExact } from "../format.ts";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

/** What keeps the account from being deleted. */
export type DeletionHindrance =
  | { readonly kind: "administrator" }
  | { readonly kind: "owner"; readonly organisation: { readonly id: string; readonly name: string } };

export type DeletionProps = {
  readonly email: string;
  /** How long it can be taken back; 0: not at all. */
  readonly days: number;
  readonly hindrances: readonly DeletionHindrance[];
  /** The address that was typed. */
  readonly typed?: string;
  readonly errors: readonly FieldError[];
};

/** `/account/delete`: what becomes of one's account, and the address typed once more. */
export function deletionPage(ctx: PageContext, props: DeletionProps): JSX.Element {
  const { t } = ctx;
  const { days, hindrances } = props;
  return (
    <Page ctx={ctx} title={t("deletion.title")}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={t("deletion.title")}
          crumbs={[{ label: t("account.title"), href: "/account" }]}
          lead={t("deletion.lead", { days })}
        />
        <Card title={t("deletion.what")}>
          <ul class="stack-s">
            {(["gone", "stays", "files"] as const).map((what) => (
              <li safe>{t(`deletion.what.${what}`)}</li>
            ))}
          </ul>
        </Card>
        {hindrances.length > 0 ? <Hindrances ctx={ctx} {...props} /> : <Ask ctx={ctx} {...props} />}
      </div>
    </Page>
  );
}

function Hindrances(props: { ctx: PageContext } & DeletionProps): JSX.Element {
  const { ctx, hindrances } = props;
  const { t } = ctx;
  return (
    <Card title={t("deletion.hindered")}>
      <p class="muted" safe>
        {t("deletion.hindered_lead")}
      </p>
      <ul class="stack-s">
        {hindrances.map((hindrance) =>
          hindrance.kind === "administrator" ? (
            <li safe>{t("deletion.last_administrator")}</li>
          ) : (
            <li>
              <a dir="auto" href={`/organisations/${hindrance.organisation.id}/members`} safe>
                {hindrance.organisation.name}
              </a>
              <span safe>{` ${t("deletion.last_owner")}`}</span>
            </li>
          ),
        )}
      </ul>
      <div class="row">
        <LinkButton ctx={ctx} href="/account" label={t("action.cancel")} />
      </div>
    </Card>
  );
}

function Ask(props: { ctx: PageContext } & DeletionProps): JSX.Element {
  const { ctx, email, errors } = props;
  const { t } = ctx;
  return (
    <Card title={t("deletion.confirm")}>
      <form novalidate class="form" method="post" action="/account/delete" hx-boost="false">
        <ErrorSummary ctx={ctx} errors={errors} fields={["confirm"]} />
        <Field
          ctx={ctx}
          name="confirm"
          label={t("deletion.address")}
          hint={t("deletion.address_hint", { email })}
          type="email"
          value={props.typed ?? ""}
          maxlength={254}
          spellcheck={false}
          errors={errors}
        />
        <div class="row">
          <Button ctx={ctx} label={t("deletion.submit")} kind="danger-fill" />
          <LinkButton ctx={ctx} href="/account" label={t("action.cancel")} kind="ghost" />
        </div>
      </form>
    </Card>
  );
}

/** `/keep-account?token=`: a button, since programs that read mail open links. Posts to `/keep-account`. */
export function keepAccountPage(
  ctx: PageContext,
  props: {
    readonly token: string;
    readonly email: string;
    readonly at: Date;
    /** An administrator disabled it. */
    readonly staysDisabled: boolean;
  },
): JSX.Element {
  const { t } = ctx;
  const at = formatExact(ctx, props.at);
  return (
    <NarrowPage
      ctx={ctx}
      title={t("keep_account.title")}
      lead={t("keep_account.lead", { email: props.email, at })}
    >
      <NarrowForm ctx={ctx} action="/keep-account" submit={t("keep_account.submit")} token={props.token}>
        {props.staysDisabled ? <p safe>{t("keep_account.stays_disabled")}</p> : <></>}
      </NarrowForm>
    </NarrowPage>
  );
}
