/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Notice } from "./notice.tsx";

/** First in a form that has what was typed into it before the session ended. */
export function TypedAgain(props: { ctx: PageContext; hadFile: boolean }): JSX.Element {
  const { ctx } = props;
  const { t } = ctx;
  return (
    <div tabindex="-1" data-focus data-unsaved>
      <Notice ctx={ctx} tone="accent" title={t("typed.title")} live>
        <p safe>{t(props.hadFile ? "typed.file" : "typed.lead")}</p>
      </Notice>
    </div>
  );
}
