/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from "@kitajs/html";
import type { IconName, PageContext } from "../page.ts";
import { Button, type ButtonKind, Revision } from "./button.tsx";
import { Icon } from "./icon.tsx";

/**
 * An action that asks first and says what will happen. It is a <details>, so it works without script; with it, Escape
 * and a click elsewhere close it.
 */
export function Confirm(
  props: PropsWithChildren<{
    ctx: PageContext;
    /** The button that opens the question. */
    label: string;
    icon?: IconName;
    kind?: ButtonKind;
    small?: boolean;
    /** For those who hear the button without its row. */
    context?: string;
    /** It asks already, since what was said is to be mended. */
    open?: boolean;
    title: string;
    /** What will happen, and whether it can be undone. */
    consequence: string;
    action: string;
    revision?: number | string | null;
    confirmLabel: string;
    confirmKind?: ButtonKind;
  }>,
): JSX.Element {
  const { ctx, children } = props;
  return (
    <details class="confirm" data-confirm open={props.open ?? false}>
      <summary class={["button", `is-${props.kind ?? "secondary"}`, props.small && "is-small"]}>
        {props.icon && <Icon ctx={ctx} name={props.icon} />}
        <span safe>{props.label}</span>
        {!!props.context && (
          <span class="visually-hidden" safe>
            {props.context}
          </span>
        )}
      </summary>
      <form novalidate class="confirm-panel" method="post" action={props.action}>
        <div>
          <p class="confirm-title" safe>
            {props.title}
          </p>
          <p safe>{props.consequence}</p>
        </div>
        <Revision value={props.revision ?? null} />
        {children}
        <div class="row">
          <Button ctx={ctx} label={props.confirmLabel} kind={props.confirmKind ?? "primary"} />
          <button class="button is-ghost needs-js" type="button" data-confirm-cancel safe>
            {ctx.t("action.cancel")}
          </button>
        </div>
      </form>
    </details>
  );
}
