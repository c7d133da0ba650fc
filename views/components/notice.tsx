/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html, type PropsWithChildren } from "@kitajs/html";
import type { FlashCode, IconName, PageContext } from "../page.ts";
import type { Tone } from "./badge.tsx";
import { Icon } from "./icon.tsx";

const ICONS: Readonly<Record<Tone, IconName>> = {
  good: "good",
  warn: "alert",
  bad: "error",
  accent: "info",
  neutral: "info",
};

/** Something to know before going on. `live` reads it out when it appears. */
export function Notice(
  props: PropsWithChildren<{ ctx: PageContext; tone: Tone; title: string; live?: boolean }>,
): JSX.Element {
  const { children } = props;
  return (
    <div class={["notice", `tone-${props.tone}`]} role={props.live ? "alert" : undefined}>
      <Icon ctx={props.ctx} name={ICONS[props.tone]} />
      <div>
        <p class="notice-title" safe>
          {props.title}
        </p>
        {children}
      </div>
    </div>
  );
}

/** The answer to an action, sent by the server with the next page. It stays until it is closed or left. */
export function Toast(props: { ctx: PageContext; code: FlashCode }): JSX.Element {
  const { ctx, code } = props;
  return (
    <div class="toast tone-good" role="status" data-toast>
      <Icon ctx={ctx} name="good" />
      <p safe>{ctx.t(`flash.${code}`)}</p>
      <button class="button is-ghost is-small needs-js" type="button" data-toast-close>
        <Icon ctx={ctx} name="close" />
        <span class="visually-hidden" safe>
          {ctx.t("toast.close")}
        </span>
      </button>
    </div>
  );
}
