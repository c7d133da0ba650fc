/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

/** Copies the text of the element with the given id; offered only where there is script. */
function CopyButton(props: { ctx: PageContext; target: string }): JSX.Element {
  const { ctx } = props;
  return (
    <button
      class="button is-ghost is-small needs-js"
      type="button"
      data-copy={props.target}
      data-copied={ctx.t("code.copied")}
      data-failed={ctx.t("code.copy_failed")}
    >
      <Icon ctx={ctx} name="copy" />
      <span aria-live="polite" safe>
        {ctx.t("code.copy")}
      </span>
    </button>
  );
}

/** Commands or output, to read and to copy. `id` must be unique on the page. */
export function CodeBlock(props: {
  ctx: PageContext;
  id: string;
  title: string;
  code: string;
  /** A long line goes on in the next one: all of it is seen where there is little room. */
  wraps?: boolean;
}): JSX.Element {
  return (
    <figure class={["code", props.wraps && "is-wrapped"]} aria-labelledby={`${props.id}-title`}>
      <figcaption>
        <span id={`${props.id}-title`} safe>
          {props.title}
        </span>
        <CopyButton ctx={props.ctx} target={props.id} />
      </figcaption>
      <pre tabindex="0" role="group" aria-labelledby={`${props.id}-title`}>
        <code id={props.id} safe>
          {props.code}
        </code>
      </pre>
    </figure>
  );
}

/** A secret that is shown this one time. It is never in an address, a log or a later page. */
export function SecretOnce(props: {
  ctx: PageContext;
  id: string;
  label: string;
  secret: string;
}): JSX.Element {
  const { ctx } = props;
  return (
    <div class="secret">
      <p>
        <strong safe>{props.label}</strong>
      </p>
      <div class="secret-value">
        <code class="mono" id={props.id} safe>
          {props.secret}
        </code>
        <CopyButton ctx={ctx} target={props.id} />
      </div>
      <p class="meta" safe>
        {ctx.t("secret.once")}
      </p>
    </div>
  );
}
