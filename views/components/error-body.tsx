/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

/** What went wrong, what to do, and the id under which the log knows this request. */
export function ErrorBody(props: {
  ctx: PageContext;
  art: JSX.Element;
  status: number;
  title: string;
  message: string;
  actions: JSX.Element;
}): JSX.Element {
  const { ctx, art, actions } = props;
  return (
    <div class="error-page">
      {art}
      <div class="error-words">
        <p class="meta num">{props.status}</p>
        <h1 tabindex="-1" safe>
          {props.title}
        </h1>
        <p class="error-message" safe>
          {props.message}
        </p>
      </div>
      {actions}
      <p class="request-id">
        <span safe>{ctx.t("error.request_id")}</span>{" "}
        <code class="mono" safe>
          {ctx.requestId}
        </code>
      </p>
    </div>
  );
}
