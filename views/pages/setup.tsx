/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { EmailField, NewPasswordField } from "../components/account-fields.tsx";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type SetupProps = {
  /** The one-time token of the set-up link, sent back with the form. */
  readonly token: string;
  readonly values: { readonly storeName: string; readonly name: string; readonly email: string };
  readonly errors: readonly FieldError[];
  readonly passwordMinLength: number;
};

const FIELDS = ["storeName", "name", "email", "password"] as const;

/** `/setup?token=`: the first administrator and the store's name, once. Posts to `/setup`. */
export function setupPage(ctx: PageContext, props: SetupProps): JSX.Element {
  const { t } = ctx;
  const { values, errors } = props;
  return (
    <Page ctx={ctx} title={t("setup.title")} front>
      <div class="narrow">
        <PageHead ctx={ctx} title={t("setup.title")} lead={t("setup.lead")} />
        <Card>
          <form novalidate class="form" method="post" action="/setup" hx-boost="false">
            <ErrorSummary ctx={ctx} errors={errors} fields={FIELDS} />
            <input type="hidden" name="token" value={props.token} />
            <Field
              ctx={ctx}
              name="storeName"
              label={t("setup.store_name")}
              hint={t("setup.store_name_hint")}
              value={values.storeName}
              maxlength={60}
              errors={errors}
            />
            <Field
              ctx={ctx}
              name="name"
              label={t("setup.name")}
              value={values.name}
              autocomplete="name"
              maxlength={100}
              errors={errors}
            />
            <EmailField ctx={ctx} value={values.email} autocomplete="username" errors={errors} />
            <NewPasswordField ctx={ctx} passwordMinLength={props.passwordMinLength} errors={errors} />
            <Button ctx={ctx} label={t("setup.submit")} kind="primary" wide />
          </form>
        </Card>
      </div>
    </Page>
  );
}
