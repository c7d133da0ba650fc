/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton, Revision } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type DeprecateProps = {
  readonly app: { readonly id: string; readonly name: string; readonly revision: number | string };
  readonly values: { readonly text: string; readonly instead: string };
  readonly errors: readonly FieldError[];
};

/** `/apps/:appId/deprecate`: what is said against an app, and what is to be used. */
export function deprecatePage(ctx: PageContext, props: DeprecateProps): JSX.Element {
  const { t } = ctx;
  const { app, values, errors } = props;
  const title = t("deprecate.title", { app: app.name });
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow is-wide">
        <PageHead
          ctx={ctx}
          title={title}
          crumbs={[{ label: app.name, href: `/apps/${app.id}` }]}
          lead={t("deprecate.lead")}
        />
        <Card>
          <form novalidate class="form" method="post" action={`/apps/${app.id}/deprecate`}>
            <ErrorSummary ctx={ctx} errors={errors} fields={["text", "instead"]} />
            <Revision value={app.revision} />
            <Field
              ctx={ctx}
              name="text"
              label={t("deprecate.text")}
              hint={t("deprecate.text_hint")}
              value={values.text}
              maxlength={1000}
              errors={errors}
            />
            <Field
              ctx={ctx}
              name="instead"
              label={t("deprecate.instead")}
              hint={t("deprecate.instead_hint")}
              value={values.instead}
              maxlength={200}
              spellcheck={false}
              mono
              optional
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("deprecate.save")} kind="primary" />
              <LinkButton ctx={ctx} href={`/apps/${app.id}`} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}
