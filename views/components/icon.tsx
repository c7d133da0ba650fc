/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { IconName, PageContext } from "../page.ts";

/** Icons that point along the line and turn round where that runs from right to left. */
const DIRECTED: ReadonlySet<IconName> = new Set([
  "arrow-next",
  "arrow-previous",
  "chevron",
  "sign-out",
  "withdraw",
]);

/** An icon from the sprite. It is decoration: the words beside it say the same. */
export function Icon(props: { ctx: PageContext; name: IconName; large?: boolean }): JSX.Element {
  return (
    <svg
      class={["icon", props.large && "icon-l", DIRECTED.has(props.name) && "icon-flip"]}
      aria-hidden="true"
      focusable="false"
    >
      <use href={`${props.ctx.assetUrl("icons.svg")}#${props.name}`} />
    </svg>
  );
}
