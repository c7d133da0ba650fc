/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";
import { Icon } from "./icon.tsx";

/** More than these are said to be more. */
const MOST_SHOWN = 99;

/** The way to what one was told of, with how much of it is unread: all that changes when there is more of it. */
export function Bell(props: { ctx: PageContext; unread: number }): JSX.Element {
  const { ctx, unread } = props;
  const { t, locale } = ctx;
  const number = formatNumber(locale, Math.min(unread, MOST_SHOWN));
  return (
    <a
      class="nav-item bell"
      id="bell"
      href="/notifications"
      aria-current={ctx.path === "/notifications" ? "page" : undefined}
    >
      <Icon ctx={ctx} name="bell" />
      <span class="bell-label" safe>
        {t("nav.notifications")}
      </span>
      {unread > 0 && (
        <span class="count bell-count">
          <span aria-hidden="true" safe>
            {unread > MOST_SHOWN ? t("notifications.more_than", { number }) : number}
          </span>
          <span class="visually-hidden" safe>
            {unread > MOST_SHOWN
              ? t("notifications.unread_more_than", { number })
              : t("notifications.unread", { count: unread, number })}
          </span>
        </span>
      )}
    </a>
  );
}
