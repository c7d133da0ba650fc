/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Button, Hidden } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Field } from "../components/field.tsx";
import { NarrowPage } from "../components/narrow.tsx";
import { Notice } from "../components/notice.tsx";
import { PasskeyCard, type PasskeyOffer } from "../components/passkey.tsx";
import { tooManyWords } from "../components/text.tsx";
import { formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";

export type ProveProps = {
  /** By what the person can show who they are. */
  readonly password: boolean;
  readonly code: boolean;
  readonly passkey: PasskeyOffer | null;
  /** To where the form was sent that needs the proof, and goes with it. */
  readonly action: string;
  /** What was in it. */
  readonly kept: readonly (readonly [name: string, value: string])[];
  /** Before the names of this page's own fields. */
  readonly prefix: string;
  /** How long a proof lasts. */
  readonly minutes: number;
  readonly backHref: string;
  readonly problem: null | "wrong" | "empty" | { readonly retryAfterSeconds: number };
};

/** In the place of the answer to a form that somebody sent who has not shown of late that it is them. */
export function provePage(ctx: PageContext, props: ProveProps): JSX.Element {
  const { t } = ctx;
  const { password, code, passkey, problem, prefix } = props;
  const first = `${prefix}${password ? "password" : "code"}`;
  const errors = problem === "empty" ? [{ field: first, message: t("prove.empty") }] : [];
  const minutes = formatNumber(ctx.locale, props.minutes);
  return (
    <NarrowPage ctx={ctx} title={t("prove.title")} lead={t("prove.lead", { minutes })}>
      {problem !== null && problem !== "empty" && (
        <Notice ctx={ctx} tone="bad" title={words(ctx, problem)} live />
      )}
      {(password || code) && (
        <Card>
          <form novalidate class="form" method="post" action={props.action} hx-boost="false">
            <Hidden pairs={props.kept} />
            <input
              type="hidden"
              name={`${prefix}username`}
              autocomplete="username"
              value={ctx.viewer?.email ?? ""}
            />
            {password && (
              <Field
                ctx={ctx}
                name={`${prefix}password`}
                label={t("field.password")}
                type="password"
                autocomplete="current-password"
                filter={code}
                errors={errors}
                autofocus
              />
            )}
            {code && (
              <Field
                ctx={ctx}
                name={`${prefix}code`}
                label={password ? t("prove.or_code") : t("second_step.code")}
                hint={t("add_app.code_hint")}
                autocomplete="one-time-code"
                spellcheck={false}
                maxlength={12}
                mono
                filter={password}
                errors={errors}
              />
            )}
            <Button ctx={ctx} label={t("prove.submit")} kind="primary" wide />
          </form>
        </Card>
      )}
      {passkey !== null && (
        <PasskeyCard ctx={ctx} passkey={passkey} action={props.action} kept={props.kept} prefix={prefix} />
      )}
      {!password && !code && passkey === null && (
        <Card>
          <form novalidate class="form" method="post" action="/sign-out">
            <p class="muted" safe>
              {t("prove.none")}
            </p>
            <Button ctx={ctx} label={t("prove.sign_out")} kind="primary" wide />
          </form>
        </Card>
      )}
      <p class="meta">
        <a href={props.backHref} safe>
          {t("action.cancel")}
        </a>
      </p>
    </NarrowPage>
  );
}

function words(ctx: PageContext, problem: Exclude<ProveProps["problem"], null | "empty">): string {
  if (problem === "wrong") return ctx.t("prove.wrong");
  return tooManyWords(ctx, problem.retryAfterSeconds);
}
