/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Choice, ErrorSummary, Field, Select } from "../components/field.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export const PATH = "/admin/revocations";
const SUBJECTS = ["app", "package", "key", "certificate", "developer"] as const;
export const ACTIONS = ["block", "disable", "remove"] as const;

/** As the form's fields have it; what an act does not need is empty. */
export type ActValues = Readonly<
  Record<"subject" | "id" | "action" | "reason" | "approvalsUntil" | "appId" | "versionCode", string>
> & { readonly act: "revoke" | "lift" | "lowest-version" };

/** As the messages name each act. */
export const WORDS = { revoke: "revoke", lift: "lift", "lowest-version": "lowest" } as const;
const FIELDS = ["subject", "id", "action", "reason", "approvalsUntil", "appId", "versionCode"] as const;

export const crumbs = (ctx: PageContext) => [{ label: ctx.t("revoked.title"), href: PATH }];

/** `/admin/revocations/new`: what is to be done. Posts to the page that shows what it concerns. */
export function revokePage(
  ctx: PageContext,
  props: { readonly values: ActValues; readonly errors: readonly FieldError[] },
): JSX.Element {
  const { t } = ctx;
  const { values, errors } = props;
  const { act } = values;
  const title = t(`revoke.title_${WORDS[act]}`);
  return (
    <Page ctx={ctx} title={title}>
      <div class="narrow is-wide">
        <PageHead ctx={ctx} title={title} crumbs={crumbs(ctx)} lead={t("revoke.lead")} />
        <Card>
          <form novalidate class="form" method="post" action={`${PATH}/preview`}>
            <ErrorSummary ctx={ctx} errors={errors} fields={FIELDS} />
            <input type="hidden" name="act" value={act} />
            {act === "lowest-version" ? (
              <LowestFields ctx={ctx} values={values} errors={errors} />
            ) : (
              <TargetFields ctx={ctx} values={values} errors={errors} />
            )}
            <Field
              ctx={ctx}
              name="reason"
              label={t("revoke.reason")}
              hint={t("revoke.reason_hint")}
              value={values.reason}
              maxlength={400}
              errors={errors}
            />
            {act === "revoke" && (
              <div class="when-key">
                <Field
                  ctx={ctx}
                  name="approvalsUntil"
                  label={t("revoke.until")}
                  hint={t("revoke.until_hint")}
                  value={values.approvalsUntil}
                  maxlength={40}
                  spellcheck={false}
                  optional
                  errors={errors}
                />
              </div>
            )}
            <div class="row">
              <Button ctx={ctx} label={t("revoke.next")} kind="primary" />
              <LinkButton ctx={ctx} href={PATH} label={t("action.cancel")} kind="ghost" />
            </div>
          </form>
        </Card>
      </div>
    </Page>
  );
}

type FieldsProps = { ctx: PageContext; values: ActValues; errors: readonly FieldError[] };

function LowestFields(props: FieldsProps): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  return (
    <>
      <Field
        ctx={ctx}
        name="appId"
        label={t("revoke.app")}
        value={values.appId}
        maxlength={128}
        spellcheck={false}
        mono
        errors={errors}
      />
      <Field
        ctx={ctx}
        name="versionCode"
        label={t("revoke.code")}
        hint={t("revoke.code_hint")}
        value={values.versionCode}
        maxlength={10}
        errors={errors}
      />
    </>
  );
}

function TargetFields(props: FieldsProps): JSX.Element {
  const { ctx, values, errors } = props;
  const { t } = ctx;
  return (
    <>
      <Select
        ctx={ctx}
        name="subject"
        label={t("revoke.subject")}
        value={values.subject}
        options={SUBJECTS.map((value) => ({ value, label: t(`subject.${value}`) }))}
        errors={errors}
      />
      <Field
        ctx={ctx}
        name="id"
        label={t("revoke.id")}
        hint={t("revoke.id_hint")}
        value={values.id}
        maxlength={128}
        spellcheck={false}
        mono
        errors={errors}
      />
      {values.act === "revoke" && (
        <Choice
          ctx={ctx}
          name="action"
          label={t("revoke.action")}
          value={values.action}
          options={ACTIONS.map((value) => ({
            value,
            label: t(`action_of.${value}`),
            hint: t(`action_does.${value}`),
          }))}
          errors={errors}
        />
      )}
    </>
  );
}
