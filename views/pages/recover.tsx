/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { QuietArt } from "../components/art.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { EmptyState } from "../components/empty.tsx";
import { Choice, ErrorSummary, Select, TextArea } from "../components/field.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type RecoverProps = {
  /** Those that could take the place of others. */
  readonly keys: readonly { readonly keyid: string; readonly fingerprint: string }[];
  readonly apps: readonly string[];
  readonly waitingDays: number;
  readonly values: { readonly key: string; readonly app: string; readonly reason: string };
  readonly errors: readonly FieldError[];
};

const FIELDS = ["key", "app", "reason"] as const;

/** `/recoveries/new`: asks that a key takes the place of lost ones. Posts to itself. */
export function recoverPage(ctx: PageContext, props: RecoverProps): JSX.Element {
  const { t } = ctx;
  const { keys, apps, values, errors } = props;
  return (
    <Page ctx={ctx} title={t("recover.title")}>
      <PageHead
        ctx={ctx}
        title={t("recover.title")}
        crumbs={[{ label: t("keys.title"), href: "/keys" }]}
        lead={t("recover.lead")}
      />
      <div class="columns">
        {keys.length === 0 ? (
          <Card flush>
            <EmptyState art={<QuietArt />} title={t("recover.empty_title")} sentence={t("recover.empty")} />
          </Card>
        ) : (
          <Card>
            <form novalidate class="form" method="post" action="/recoveries/new">
              <ErrorSummary ctx={ctx} errors={errors} fields={FIELDS} />
              <Choice
                ctx={ctx}
                name="key"
                label={t("recovery.new_key")}
                hint={t("recover.key_hint")}
                value={keys.some(({ keyid }) => keyid === values.key) ? values.key : keys[0]?.keyid}
                options={keys.map(({ keyid, fingerprint }) => ({
                  value: keyid,
                  label: fingerprint,
                  mono: true,
                }))}
                errors={errors}
              />
              <Select
                ctx={ctx}
                name="app"
                label={t("recovery.apps")}
                value={values.app}
                options={[
                  { value: "all", label: t("recover.all_apps") },
                  ...apps.map((app) => ({ value: app, label: app })),
                ]}
                errors={errors}
              />
              <TextArea
                ctx={ctx}
                name="reason"
                label={t("recovery.why")}
                hint={t("recover.reason_hint")}
                value={values.reason}
                rows={3}
                maxlength={1000}
                errors={errors}
              />
              <div class="row">
                <Button ctx={ctx} label={t("recover.submit")} kind="primary" />
                <LinkButton ctx={ctx} href="/keys" label={t("action.cancel")} kind="ghost" />
              </div>
            </form>
          </Card>
        )}
        <Card title={t("recover.rules_title")}>
          <ul class="stack-s">
            <li safe>{t("recover.rule_rotate")}</li>
            <li safe>{t("recover.rule_told")}</li>
            <li safe>{t("recover.rule_waits", { days: props.waitingDays })}</li>
            <li safe>{t("recover.rule_after")}</li>
          </ul>
        </Card>
      </div>
    </Page>
  );
}
