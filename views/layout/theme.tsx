/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Icon } from "../components/icon.tsx";
import type { IconName, PageContext } from "../page.ts";

const NEXT = { system: "light", light: "dark", dark: "system" } as const;
const ICONS: Readonly<Record<keyof typeof NEXT, IconName>> = { system: "system", light: "sun", dark: "moon" };

/**
 * One button that goes through system, light and dark. The server keeps the choice in a cookie and sends the person
 * back; the whole document is loaded again, because the theme stands on <html>.
 */
export function ThemeSwitch(props: { ctx: PageContext; compact?: boolean }): JSX.Element {
  const { ctx } = props;
  const present = ctx.theme ?? "system";
  const words = ctx.t(`theme.${present}`);
  return (
    <form novalidate method="post" action="/theme" hx-boost="false">
      <input type="hidden" name="theme" value={NEXT[present]} />
      <input type="hidden" name="returnTo" value={ctx.here} />
      <button
        class={props.compact ? ["button", "is-ghost", "is-icon"] : ["nav-item"]}
        type="submit"
        title={props.compact ? words : ctx.t("theme.change")}
      >
        <Icon ctx={ctx} name={ICONS[present]} />
        <span class={[props.compact && "visually-hidden"]} safe>
          {words}
        </span>
      </button>
    </form>
  );
}
