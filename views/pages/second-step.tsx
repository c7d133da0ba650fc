/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Field } from "../components/field.tsx";
import { NarrowPage } from "../components/narrow.tsx";
import { Notice } from "../components/notice.tsx";
import { PasskeyCard, type PasskeyOffer } from "../components/passkey.tsx";
import { tooManyWords } from "../components/text.tsx";
import type { PageContext } from "../page.ts";

export type SecondStepProps = {
  readonly email: string;
  /** null: the account has none that works here. */
  readonly passkey: PasskeyOffer | null;
  readonly hasApp: boolean;
  readonly problem: null | "wrong" | "empty" | { readonly retryAfterSeconds: number };
};

/** `/sign-in/second-step`: posts to itself. */
export function secondStepPage(ctx: PageContext, props: SecondStepProps): JSX.Element {
  const { t } = ctx;
  const { passkey, problem, hasApp } = props;
  return (
    <NarrowPage ctx={ctx} title={t("second_step.title")} lead={t("second_step.lead", { email: props.email })}>
      {problem !== null && problem !== "empty" && (
        <Notice ctx={ctx} tone="bad" title={words(ctx, problem)} live />
      )}
      {passkey !== null && (
        <PasskeyCard
          ctx={ctx}
          passkey={passkey}
          action="/sign-in/second-step"
          kind={hasApp ? "secondary" : "primary"}
        />
      )}
      <Card>
        <form novalidate class="form" method="post" action="/sign-in/second-step" hx-boost="false">
          <Field
            ctx={ctx}
            name="code"
            label={hasApp ? t("second_step.code") : t("second_step.recovery_code")}
            hint={hasApp ? t("second_step.code_hint") : t("second_step.recovery_hint")}
            autocomplete="one-time-code"
            spellcheck={false}
            maxlength={40}
            mono
            autofocus={hasApp || problem === "empty"}
            errors={problem === "empty" ? [{ field: "code", message: t("second_step.empty") }] : []}
          />
          <Button ctx={ctx} label={t("second_step.submit")} kind={hasApp ? "primary" : "secondary"} wide />
        </form>
      </Card>
      <p class="meta" safe>
        {t("second_step.lost")}
      </p>
      <p class="meta">
        <a href="/sign-in" safe>
          {t("second_step.again")}
        </a>
      </p>
    </NarrowPage>
  );
}

function words(ctx: PageContext, problem: Exclude<SecondStepProps["problem"], null | "empty">): string {
  if (problem === "wrong") return ctx.t("second_step.wrong");
  return tooManyWords(ctx, problem.retryAfterSeconds);
}
