/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Button, Hidden } from "./button.tsx";

/** What was sent with a form that failed. */
export type ErrorTyped = {
  /** Those that are long, in their order: to be read and copied. */
  readonly texts: readonly string[];
  /** Sends the same once more; null where that could not go better. */
  readonly again: {
    readonly action: string;
    readonly pairs: readonly (readonly [name: string, value: string])[];
  } | null;
};

/** On the page of what went wrong: what was typed is not lost with it. */
export function SendAgain(props: { ctx: PageContext; typed: ErrorTyped }): JSX.Element {
  const { ctx, typed } = props;
  const { t } = ctx;
  return (
    <>
      {typed.texts.length > 0 && (
        <details class="more">
          <summary safe>{t("error.typed")}</summary>
          {typed.texts.map((text) => (
            <p dir="auto" safe>
              {text}
            </p>
          ))}
        </details>
      )}
      {!!typed.again && (
        <form method="post" action={typed.again.action} novalidate data-unsaved={typed.texts.length > 0}>
          <Hidden pairs={typed.again.pairs} />
          <Button ctx={ctx} label={t("error.send_again")} kind="primary" />
        </form>
      )}
    </>
  );
}
