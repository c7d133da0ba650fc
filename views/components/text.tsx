/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatBytes, formatExact, formatNumber, formatRelative } from "../format.ts";
import type { PageContext } from "../page.ts";

/** A moment: relative in the text, exact in the title. */
export function Time(props: { ctx: PageContext; at: Date }): JSX.Element {
  const { ctx, at } = props;
  return (
    <time datetime={at.toISOString()} title={formatExact(ctx.locale, at)} safe>
      {formatRelative(ctx.locale, at, ctx.now)}
    </time>
  );
}

/** A size in bytes, with the exact number in the title. */
export function Bytes(props: { ctx: PageContext; value: number }): JSX.Element {
  const { ctx, value } = props;
  return (
    <span class="num" title={ctx.t("size.exact", { bytes: formatNumber(ctx.locale, value) })} safe>
      {formatBytes(ctx.locale, value)}
    </span>
  );
}

export function Count(props: { ctx: PageContext; value: number }): JSX.Element {
  return (
    <span class="count" safe>
      {formatNumber(props.ctx.locale, props.value)}
    </span>
  );
}

/** That there were too many attempts, and after how many minutes the next one counts. */
export function tooManyWords(ctx: PageContext, retryAfterSeconds: number): string {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  return ctx.t("sign_in.too_many", { count: minutes, minutes: formatNumber(ctx.locale, minutes) });
}
