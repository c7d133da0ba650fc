/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html, type PropsWithChildren } from "@kitajs/html";
import type { IconName, PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

/** A row of a list that leads somewhere as a whole; what more there is to its title are the children. */
export function LinkRow(
  props: PropsWithChildren<{
    ctx: PageContext;
    href: string;
    icon?: IconName;
    title: string;
    /** Its title is of somebody's own words. */
    named?: boolean;
    /** At its end. */
    side?: Children;
  }>,
): JSX.Element {
  const { ctx, side, children } = props;
  return (
    <li>
      <a class="link-row" href={props.href}>
        {props.icon !== undefined && <Icon ctx={ctx} name={props.icon} />}
        <span class="grow">
          <span class="link-title" dir={props.named ? "auto" : undefined} safe>
            {props.title}
          </span>
          {children}
        </span>
        {side}
        <Icon ctx={ctx} name="chevron" />
      </a>
    </li>
  );
}
