/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button } from "../components/button.tsx";
import { Card, Facts } from "../components/card.tsx";
import { ErrorSummary, Field, Select } from "../components/field.tsx";
import { NarrowPage } from "../components/narrow.tsx";
import { Notice } from "../components/notice.tsx";
import { Time } from "../components/text.tsx";
import type { FieldError, PageContext } from "../page.ts";

export type ActivateProps = {
  readonly code: string;
  readonly errors: readonly FieldError[];
};

/** `/activate`: where a person types the code that a program shows, or finds it filled in after a link. */
export function activatePage(ctx: PageContext, { code, errors }: ActivateProps): JSX.Element {
  const { t } = ctx;
  return (
    <NarrowPage ctx={ctx} title={t("activate.title")} lead={t("activate.lead")}>
      <Card>
        <form novalidate class="form" method="post" action="/activate/code" hx-boost="false">
          <ErrorSummary ctx={ctx} errors={errors} fields={["code"]} />
          <Field
            ctx={ctx}
            name="code"
            label={t("activate.code")}
            hint={t("activate.code_hint")}
            value={code}
            maxlength={40}
            spellcheck={false}
            mono
            autofocus
            errors={errors}
          />
          <Button ctx={ctx} label={t("activate.go_on")} kind="primary" wide />
        </form>
      </Card>
    </NarrowPage>
  );
}

export type LetInProps = {
  /** What the program calls itself: a stranger's words. "" when it says nothing. */
  readonly program: string;
  readonly from: string;
  readonly begunAt: Date;
  readonly code: string;
  readonly days: string;
  readonly errors: readonly FieldError[];
};

const DAYS = [1, 7, 30, 90, 180, 366] as const;

/** With a code that a program waits with: who it is, and whether it may act as the person. */
export function letInPage(ctx: PageContext, props: LetInProps): JSX.Element {
  const { t } = ctx;
  const { program, from, begunAt, code, days, errors } = props;
  const hidden = <input type="hidden" name="code" value={code} />;
  return (
    <NarrowPage ctx={ctx} title={t("activate.let_in_title")} lead={t("activate.let_in_lead")}>
      <Notice ctx={ctx} tone="warn" title={t("activate.warning")} />
      <Card>
        <p class="code-shown" safe>
          {code}
        </p>
        <p class="muted" safe>
          {t("activate.compare")}
        </p>
        <Facts
          items={[
            {
              term: t("activate.program"),
              value: <bdi safe>{program === "" ? t("activate.no_name") : program}</bdi>,
            },
            { term: t("activate.from"), value: <bdi safe>{from}</bdi> },
            { term: t("activate.begun"), value: <Time ctx={ctx} at={begunAt} /> },
          ]}
        />
        <form novalidate class="form" method="post" action="/activate" hx-boost="false">
          <ErrorSummary ctx={ctx} errors={errors} fields={["days"]} />
          {hidden}
          <Select
            ctx={ctx}
            name="days"
            label={t("api_keys.days")}
            hint={t("activate.days_hint")}
            value={days}
            errors={errors}
            options={DAYS.map((count) => ({ value: String(count), label: t("api_keys.days_of", { count }) }))}
          />
          <Button ctx={ctx} label={t("activate.let_in")} kind="primary" wide />
        </form>
        <form novalidate class="form" method="post" action="/activate/deny" hx-boost="false">
          {hidden}
          <Button ctx={ctx} label={t("activate.send_away")} kind="secondary" wide />
        </form>
      </Card>
    </NarrowPage>
  );
}
