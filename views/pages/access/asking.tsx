/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { EmailField } from "../../components/account-fields.tsx";
import { NarrowForm, NarrowPage } from "../../components/narrow.tsx";
import { Notice } from "../../components/notice.tsx";
import type { FieldError, PageContext } from "../../page.ts";

export type AskingProps = {
  readonly email: string;
  readonly errors: readonly FieldError[];
  /** It was asked: the answer is the same whether or not there is such an account. */
  readonly sent: boolean;
  /** Whether the store sends mail: without it, its administrator has the link. */
  readonly mails: boolean;
};

const ASKING = {
  forgotten: {
    action: "/forgotten",
    title: "forgotten.title",
    submit: "forgotten.submit",
    submitWithoutMail: "forgotten.submit_no_mail",
    sent: "forgotten.sent",
    kept: "forgotten.kept",
  },
  sign_up: {
    action: "/sign-up",
    title: "sign_up.title",
    submit: "sign_up.submit",
    submitWithoutMail: "sign_up.submit_no_mail",
    sent: "sign_up.sent",
    kept: "sign_up.kept",
  },
} as const;

function askingPage(
  ctx: PageContext,
  what: keyof typeof ASKING,
  lead: string,
  props: AskingProps,
): JSX.Element {
  const { t } = ctx;
  const { action, title, submit, submitWithoutMail, sent, kept } = ASKING[what];
  return (
    <NarrowPage ctx={ctx} title={t(title)} lead={lead}>
      {props.sent ? (
        <>
          <Notice ctx={ctx} tone="accent" title={t(props.mails ? sent : kept)} live>
            {!props.mails && <p safe>{t("asking.no_mail")}</p>}
          </Notice>
          <p>
            <a href="/sign-in" safe>
              {t("asking.back")}
            </a>
          </p>
        </>
      ) : (
        <>
          <NarrowForm
            ctx={ctx}
            action={action}
            submit={t(props.mails ? submit : submitWithoutMail)}
            errors={props.errors}
            fields={["email"]}
          >
            <EmailField
              ctx={ctx}
              value={props.email}
              autocomplete="username"
              autofocus
              errors={props.errors}
            />
          </NarrowForm>
          <p class="meta">
            <a href="/sign-in" safe>
              {t("asking.back")}
            </a>
          </p>
        </>
      )}
    </NarrowPage>
  );
}

/** `/forgotten`: asks for a link to a new password. Posts to itself. */
export function forgottenPage(ctx: PageContext, props: AskingProps): JSX.Element {
  return askingPage(
    ctx,
    "forgotten",
    ctx.t(props.mails ? "forgotten.lead" : "forgotten.lead_no_mail"),
    props,
  );
}

/** `/sign-up`: asks for an account. Posts to itself. @param props.domains Which addresses may; null: all. */
export function signUpPage(
  ctx: PageContext,
  props: AskingProps & { readonly domains: readonly string[] | null },
): JSX.Element {
  const { domains } = props;
  const tells =
    domains === null
      ? ctx.t("sign_up.lead", { store: ctx.storeName })
      : ctx.t("sign_up.lead_domains", { store: ctx.storeName, domains: domains.join(", ") });
  const lead = props.mails ? tells : ctx.t("sign_up.lead_no_mail", { store: ctx.storeName });
  return askingPage(ctx, "sign_up", lead, props);
}
