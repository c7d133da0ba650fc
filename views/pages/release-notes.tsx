/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, Hidden, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { ErrorSummary } from "../components/field.tsx";
import type { NotesIn } from "../components/notes.tsx";
import { NotesFields, type NotesForm, notesFields } from "../components/notes-fields.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type ReleaseNotesProps = {
  readonly app: { readonly id: string; readonly name: string };
  readonly version: { readonly id: string; readonly version: string; readonly revision: number | string };
  readonly form: NotesForm;
  /** Those in the app's own language once they are approved; null: they can be changed. */
  readonly fixed: readonly NotesIn[] | null;
  readonly errors: readonly FieldError[];
};

/** `/apps/:appId/versions/:versionId/notes`: what is new in a version, changed in each language. */
export function releaseNotesPage(ctx: PageContext, props: ReleaseNotesProps): JSX.Element {
  const { t } = ctx;
  const { app, version, form, fixed, errors } = props;
  const address = `/apps/${app.id}/versions/${version.id}`;
  const title = t("notes.title");
  return (
    <Page ctx={ctx} title={`${title}: ${app.name} ${version.version}`}>
      <PageHead
        ctx={ctx}
        title={title}
        crumbs={[
          { label: t("nav.dashboard"), href: "/dashboard" },
          { label: app.name, href: `/apps/${app.id}` },
          { label: t("version.number", { version: version.version }), href: address },
        ]}
        lead={t("notes.lead")}
      />
      <div class="columns">
        <Card>
          <form novalidate class="form" method="post" action={`${address}/notes`}>
            <ErrorSummary ctx={ctx} errors={errors} fields={notesFields(form)} />
            <Hidden pairs={[["revision", String(version.revision)]]} />
            <NotesFields
              ctx={ctx}
              form={form}
              errors={errors}
              previewAddress={`${address}/notes`}
              {...(fixed === null ? {} : { fixed })}
            />
            <div class="row">
              <Button ctx={ctx} label={t("notes.save")} kind="primary" />
              <LinkButton ctx={ctx} href={address} label={t("notes.back")} kind="ghost" />
            </div>
          </form>
        </Card>
        <Card title={t("notes.rules")}>
          <ul class="stack-s">
            <li safe>{t("notes.rule_own")}</li>
            <li safe>{t("notes.rule_others")}</li>
            <li safe>{t("notes.rule_readers")}</li>
          </ul>
        </Card>
      </div>
    </Page>
  );
}
