/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Hidden } from "./button.tsx";
import { Card } from "./card.tsx";
import { Icon } from "./icon.tsx";

export type PasskeyOffer = {
  /** What to ask the authenticator, as JSON. */
  readonly options: string;
  /** Goes back with its answer. */
  readonly offer: string;
};

/**
 * The button inside of a form that asks the browser for a passkey, puts its answer into the form, and sends it; and what
 * is said where that cannot be. `prefix` stands before the names of both fields.
 */
export function PasskeyButton(props: {
  ctx: PageContext;
  passkey: PasskeyOffer;
  /** A new passkey, or one that is there. */
  act: "new" | "use";
  label: string;
  kind?: "primary" | "secondary";
  prefix?: string;
}): JSX.Element {
  const { ctx, passkey, act, prefix = "" } = props;
  return (
    <>
      <input type="hidden" name={`${prefix}offer`} value={passkey.offer} />
      <input type="hidden" name={`${prefix}response`} value="" />
      <button
        class={["button", `is-${props.kind ?? "secondary"}`, "is-wide", "needs-js"]}
        type="button"
        data-passkey={act}
        data-passkey-options={passkey.options}
        data-passkey-answer={`${prefix}response`}
        data-passkey-failed={ctx.t("passkey.failed")}
        data-passkey-known={ctx.t("passkey.known")}
      >
        <Icon ctx={ctx} name="key" />
        <span safe>{props.label}</span>
      </button>
      <p class="error" role="status" data-passkey-status></p>
    </>
  );
}

/** Showing who one is by a passkey, in a form of its own: its answer is sent to `action`, with what stands in `kept`. */
export function PasskeyCard(props: {
  ctx: PageContext;
  passkey: PasskeyOffer;
  action: string;
  kept?: readonly (readonly [name: string, value: string])[];
  kind?: "primary" | "secondary";
  prefix?: string;
}): JSX.Element {
  const { action, kept = [], ...rest } = props;
  const { t } = props.ctx;
  return (
    <Card>
      <form novalidate class="form" method="post" action={action} hx-boost="false">
        <Hidden pairs={kept} />
        <PasskeyButton {...rest} act="use" label={t("second_step.passkey")} />
        <noscript>
          <p class="muted" safe>
            {t("passkey.needs_script")}
          </p>
        </noscript>
      </form>
    </Card>
  );
}
