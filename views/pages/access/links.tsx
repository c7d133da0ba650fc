/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { OrganisationRole, StoreRole } from "../../../src/roles.ts";
import { NewPasswordField, Username } from "../../components/account-fields.tsx";
import { LinkButton } from "../../components/button.tsx";
import { Card, Facts } from "../../components/card.tsx";
import { Field } from "../../components/field.tsx";
import { NarrowForm, NarrowPage } from "../../components/narrow.tsx";
import { DateOf } from "../../components/text.tsx";
import type { FieldError, PageContext } from "../../page.ts";

/** `/new-password?token=`: chooses one by a link. Posts to `/new-password`. */
export function newPasswordPage(
  ctx: PageContext,
  props: {
    readonly token: string;
    readonly email: string;
    readonly errors: readonly FieldError[];
    readonly passwordMinLength: number;
  },
): JSX.Element {
  const { t } = ctx;
  const { email, errors, passwordMinLength } = props;
  return (
    <NarrowPage ctx={ctx} title={t("new_password.title")} lead={t("new_password.lead", { email })}>
      <NarrowForm
        ctx={ctx}
        action="/new-password"
        submit={t("new_password.submit")}
        token={props.token}
        errors={errors}
        fields={["password"]}
      >
        <Username email={email} />
        <NewPasswordField
          ctx={ctx}
          label={t("account.new")}
          passwordMinLength={passwordMinLength}
          errors={errors}
        />
      </NarrowForm>
    </NarrowPage>
  );
}

/** `/confirm-address?token=`: a button, since programs that read mail open links. Posts to `/confirm-address`. */
export function confirmAddressPage(
  ctx: PageContext,
  props: { readonly token: string; readonly email: string; readonly name: string; readonly isOther: boolean },
): JSX.Element {
  const { t } = ctx;
  const { email, name } = props;
  const lead = props.isOther
    ? t("confirm_address.lead_other", { email, name })
    : t("confirm_address.lead", { email });
  return (
    <NarrowPage ctx={ctx} title={t("confirm_address.title")} lead={lead}>
      <NarrowForm
        ctx={ctx}
        action="/confirm-address"
        submit={t("confirm_address.submit")}
        token={props.token}
      >
        <></>
      </NarrowForm>
    </NarrowPage>
  );
}

export type InvitationProps = {
  readonly token: string;
  readonly email: string;
  readonly organisation: string | null;
  readonly role: OrganisationRole | null;
  readonly storeRole: StoreRole | null;
  /** The apps that the role is for; null: the whole organisation. */
  readonly apps: readonly string[] | null;
  /** Who invited; null when the person asked by themselves. */
  readonly by: string | null;
  readonly expiresAt: Date;
  readonly step: "make" | "sign_in" | "agree";
  /** Where to sign in and come back. */
  readonly signInHref: string;
  readonly name: string;
  readonly errors: readonly FieldError[];
  readonly passwordMinLength: number;
};

/** `/invitation?token=`: what is offered, and taking it up. Posts to `/invitation`. */
export function invitationPage(ctx: PageContext, props: InvitationProps): JSX.Element {
  const { t } = ctx;
  const { by, organisation, step } = props;
  const title =
    by === null
      ? t("invitation.own_title", { store: ctx.storeName })
      : t("invitation.title", { place: organisation ?? ctx.storeName });
  const lead = by === null ? t("invitation.own_lead") : t("invitation.lead", { by });
  return (
    <NarrowPage ctx={ctx} title={title} lead={lead}>
      <Card>
        <Facts
          wide
          items={[
            { term: t("invitation.for"), value: <span safe>{props.email}</span> },
            ...(organisation === null || props.role === null
              ? []
              : [
                  {
                    term: t("invitation.role"),
                    value: (
                      <span safe>
                        {t("invitation.role_in", { role: t(`role.${props.role}`), organisation })}
                      </span>
                    ),
                  },
                ]),
            ...(props.apps === null
              ? []
              : [
                  {
                    term: t("role_apps.apps"),
                    value: (
                      <ul class="stack-s">
                        {props.apps.map((id) => (
                          <li>
                            <code safe>{id}</code>
                          </li>
                        ))}
                      </ul>
                    ),
                  },
                ]),
            ...(props.storeRole === null
              ? []
              : [
                  {
                    term: t("invitation.store_role"),
                    value: <span safe>{t(`store_role.${props.storeRole}`)}</span>,
                  },
                ]),
            {
              term: t("invitation.until"),
              value: <DateOf ctx={ctx} at={props.expiresAt} />,
            },
          ]}
        />
      </Card>
      {step === "sign_in" ? (
        <Card>
          <p safe>{t("invitation.sign_in", { email: props.email })}</p>
          <LinkButton ctx={ctx} href={props.signInHref} label={t("nav.sign_in")} kind="primary" wide />
        </Card>
      ) : (
        <Take ctx={ctx} {...props} />
      )}
    </NarrowPage>
  );
}

function Take(props: { ctx: PageContext } & InvitationProps): JSX.Element {
  const { ctx, errors, step } = props;
  const { t } = ctx;
  return (
    <NarrowForm
      ctx={ctx}
      action="/invitation"
      submit={step === "make" ? t("invitation.make") : t("invitation.agree")}
      token={props.token}
      errors={errors}
      fields={step === "make" ? ["name", "password"] : []}
    >
      {step === "make" ? (
        <>
          <Username email={props.email} />
          <Field
            ctx={ctx}
            name="name"
            label={t("setup.name")}
            value={props.name}
            autocomplete="name"
            maxlength={80}
            errors={errors}
          />
          <NewPasswordField ctx={ctx} passwordMinLength={props.passwordMinLength} errors={errors} />
        </>
      ) : (
        <></>
      )}
    </NarrowForm>
  );
}
