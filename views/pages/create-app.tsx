/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import type { GroupChoiceRow } from "../components/group-choice.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";
import { VisibilityFields } from "./visibility.tsx";

export type CreateAppProps = {
  readonly values: {
    readonly organisation: string;
    readonly id: string;
    readonly name: string;
    readonly visibility: string;
  };
  /** Groups that the app can be for; none for who may not see which there are. */
  readonly groups: readonly GroupChoiceRow[];
  readonly errors: readonly FieldError[];
};

const FIELDS = ["organisation", "id", "name", "visibility"] as const;

/** `/apps/new`: reserves an id for an organisation. Posts to itself. */
export function createAppPage(ctx: PageContext, props: CreateAppProps): JSX.Element {
  const { t } = ctx;
  const { values, errors } = props;
  const organisations = (ctx.viewer?.organisations ?? []).filter(({ narrowed }) => narrowed === undefined);
  return (
    <Page ctx={ctx} title={t("create.title")}>
      <PageHead
        ctx={ctx}
        title={t("create.title")}
        crumbs={[{ label: t("nav.dashboard"), href: "/dashboard" }]}
        lead={t("create.lead")}
      />
      <div class="columns">
        <Card>
          <form class="form" method="post" action="/apps/new">
            <ErrorSummary ctx={ctx} errors={errors} fields={FIELDS} />
            <Select
              ctx={ctx}
              name="organisation"
              label={t("create.organisation")}
              hint={t("create.organisation_hint")}
              value={values.organisation}
              options={organisations.map(({ id, name }) => ({ value: id, label: name }))}
              errors={errors}
            />
            <Field
              ctx={ctx}
              name="id"
              label={t("app.id")}
              hint={t("create.id_hint")}
              value={values.id}
              maxlength={128}
              spellcheck={false}
              mono
              errors={errors}
            />
            <Field
              ctx={ctx}
              name="name"
              label={t("create.name")}
              hint={t("create.name_hint")}
              value={values.name}
              maxlength={50}
              errors={errors}
            />
            <VisibilityFields
              ctx={ctx}
              hint={t("create.visibility_hint")}
              chosen={values.visibility}
              groups={props.groups}
              errors={errors}
            />
            <div class="row">
              <Button ctx={ctx} label={t("create.submit")} kind="primary" />
              <LinkButton ctx={ctx} href="/dashboard" label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
        <Card title={t("create.rules_title")}>
          <ul class="stack-s">
            <li safe>{t("create.rule_form")}</li>
            <li safe>{t("create.rule_life")}</li>
            <li safe>{t("create.rule_owner")}</li>
          </ul>
        </Card>
      </div>
    </Page>
  );
}
