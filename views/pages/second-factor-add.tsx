/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { SecretOnce } from "../components/code.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { NarrowForm, NarrowPage } from "../components/narrow.tsx";
import { Notice } from "../components/notice.tsx";
import { PasskeyButton, type PasskeyOffer } from "../components/passkey.tsx";
import { QrCode } from "../components/qr.tsx";
import type { FieldError, PageContext } from "../page.ts";

const BASE = "/account/second-factor";

export type AddAppProps = {
  readonly qr: { readonly size: number; readonly path: string };
  /** To type where there is no camera. */
  readonly secret: string;
  readonly offer: string;
  readonly name: string;
  readonly errors: readonly FieldError[];
};

/** The QR code of a new authenticator app, and the form for its first code. */
export function addAppPage(ctx: PageContext, props: AddAppProps): JSX.Element {
  const { t } = ctx;
  const { errors } = props;
  return (
    <NarrowPage ctx={ctx} title={t("add_app.title")} lead={t("add_app.lead")}>
      <Card>
        <QrCode qr={props.qr} label={t("add_app.qr")} />
        <SecretOnce ctx={ctx} id="app-secret" label={t("add_app.secret")} secret={props.secret} />
      </Card>
      <NarrowForm
        ctx={ctx}
        action={`${BASE}/app/add`}
        submit={t("add_app.submit")}
        errors={errors}
        fields={["name", "code"]}
      >
        <input type="hidden" name="offer" value={props.offer} />
        <NameField ctx={ctx} value={props.name} hint={t("add_app.name_hint")} errors={errors} />
        <Field
          ctx={ctx}
          name="code"
          label={t("add_app.code")}
          hint={t("add_app.code_hint")}
          autocomplete="one-time-code"
          spellcheck={false}
          maxlength={12}
          mono
          errors={errors}
        />
      </NarrowForm>
      <Back ctx={ctx} />
    </NarrowPage>
  );
}

export type AddPasskeyProps = {
  readonly passkey: PasskeyOffer;
  readonly name: string;
  readonly errors: readonly FieldError[];
};

export function addPasskeyPage(ctx: PageContext, props: AddPasskeyProps): JSX.Element {
  const { t } = ctx;
  const { errors } = props;
  return (
    <NarrowPage ctx={ctx} title={t("add_passkey.title")} lead={t("add_passkey.lead")}>
      <noscript>
        <Notice ctx={ctx} tone="warn" title={t("passkey.needs_script")} />
      </noscript>
      <Card>
        <form novalidate class="form" method="post" action={`${BASE}/passkey/add`} hx-boost="false">
          <ErrorSummary ctx={ctx} errors={errors} fields={["name"]} />
          <NameField ctx={ctx} value={props.name} hint={t("add_passkey.name_hint")} errors={errors} />
          <PasskeyButton
            ctx={ctx}
            passkey={props.passkey}
            act="new"
            label={t("add_passkey.submit")}
            kind="primary"
          />
        </form>
      </Card>
      <Back ctx={ctx} />
    </NarrowPage>
  );
}

function NameField(props: {
  ctx: PageContext;
  value: string;
  hint: string;
  errors: readonly FieldError[];
}): JSX.Element {
  const { ctx, ...rest } = props;
  return <Field ctx={ctx} name="name" label={ctx.t("second_factor.name")} maxlength={60} {...rest} />;
}

function Back(props: { ctx: PageContext }): JSX.Element {
  return (
    <p class="meta">
      <a href={BASE} safe>
        {props.ctx.t("action.cancel")}
      </a>
    </p>
  );
}

/** The codes, this one time. `first`: they came with the first factor. */
export function recoveryCodesPage(
  ctx: PageContext,
  props: { readonly codes: readonly string[]; readonly first: boolean },
): JSX.Element {
  const { t } = ctx;
  return (
    <NarrowPage ctx={ctx} title={t("recovery_codes.title")} lead={t("recovery_codes.lead")}>
      <Notice
        ctx={ctx}
        tone={props.first ? "good" : "warn"}
        title={props.first ? t("recovery_codes.first") : t("recovery_codes.again")}
        live
      />
      <Card>
        <ul class="codes mono" id="recovery-codes">
          {props.codes.map((code) => (
            <li safe>{code}</li>
          ))}
        </ul>
        <div class="row">
          <form novalidate method="post" action={`${BASE}/codes/file`} hx-boost="false">
            <input type="hidden" name="codes" value={props.codes.join(" ")} />
            <Button ctx={ctx} label={t("recovery_codes.file")} />
          </form>
          <button class="button is-secondary needs-js" type="button" data-print>
            <span safe>{t("recovery_codes.print")}</span>
          </button>
        </div>
      </Card>
      <LinkButton ctx={ctx} href={BASE} label={t("recovery_codes.done")} kind="primary" wide />
    </NarrowPage>
  );
}
