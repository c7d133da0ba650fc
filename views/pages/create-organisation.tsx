/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field } from "../components/field.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type CreateOrganisationProps = { readonly name: string; readonly errors: readonly FieldError[] };

/** `/organisations/new`: an organisation, whose owner is who makes it. Posts to itself. */
export function createOrganisationPage(ctx: PageContext, props: CreateOrganisationProps): JSX.Element {
  const { t } = ctx;
  return (
    <Page ctx={ctx} title={t("organisation.title")}>
      <div class="narrow">
        <PageHead
          ctx={ctx}
          title={t("organisation.title")}
          crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
          lead={t("organisation.lead")}
        />
        <Card>
          <form novalidate class="form" method="post" action="/organisations/new">
            <ErrorSummary ctx={ctx} errors={props.errors} fields={["name"]} />
            <Field
              ctx={ctx}
              name="name"
              label={t("organisation.name")}
              hint={t("organisation.name_hint")}
              value={props.name}
              autocomplete="organization"
              maxlength={80}
              errors={props.errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("organisation.submit")} kind="primary" />
              <LinkButton ctx={ctx} href="/dashboard" label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}
