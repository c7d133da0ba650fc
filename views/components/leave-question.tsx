/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

/** Asked by script before something that was typed is left; staying comes first, and is what Escape means. */
export function LeaveQuestion(props: { ctx: PageContext; open?: boolean }): JSX.Element {
  const { t } = props.ctx;
  const id = props.open ? "leave-shown" : "leave-title";
  return (
    <dialog class="leave" data-leave-question aria-labelledby={id} open={props.open ?? false}>
      <h2 id={id} safe>
        {t("leave.title")}
      </h2>
      <p safe>{t("leave.lead")}</p>
      <div class="row">
        <button class="button is-primary" type="button" data-leave-stay safe>
          {t("leave.stay")}
        </button>
        <button class="button is-secondary" type="button" data-leave-go safe>
          {t("leave.go")}
        </button>
      </div>
    </dialog>
  );
}
