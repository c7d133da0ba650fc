/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatBytes, formatDate, formatExact, formatNumber, formatRelative, zoneName } from "../format.ts";
import type { PageContext } from "../page.ts";

/** A moment: relative in the text, exact in the title. */
export function Time(props: { ctx: PageContext; at: Date }): JSX.Element {
  const { ctx, at } = props;
  return (
    <time datetime={at.toISOString()} title={formatExact(ctx, at)} safe>
      {formatRelative(ctx, at, ctx.now)}
    </time>
  );
}

/** A moment behind a label that says until, since or from, which "in 13 days" cannot follow: the date, exact in the title. */
export function DateOf(props: { ctx: PageContext; at: Date }): JSX.Element {
  const { ctx, at } = props;
  return (
    <time datetime={at.toISOString()} title={formatExact(ctx, at)} safe>
      {formatDate(ctx, at, ctx.now)}
    </time>
  );
}

/** Beside a field that takes a time: in which zone that is. */
export function zoneHint(ctx: PageContext, zone = ctx.timeZone): string {
  const name = zoneName({ ...ctx, timeZone: zone }, ctx.now);
  return name === zone ? ctx.t("time_zone.of", { zone }) : ctx.t("time_zone.of_named", { name, zone });
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

/** @param props.most A value that is higher is said to be more than it. */
export function Count(props: { ctx: PageContext; value: number; most?: number | undefined }): JSX.Element {
  const { ctx, value, most = Number.POSITIVE_INFINITY } = props;
  const number = formatNumber(ctx.locale, Math.min(value, most));
  return (
    <span class="count" safe>
      {value > most ? ctx.t("notifications.more_than", { number }) : number}
    </span>
  );
}

/** After which time the next try counts: what Retry-After says, which has whole minutes and hours where it is long. */
export function retryWords(ctx: PageContext, seconds: number): string {
  const said = (count: number) => ({ count, number: formatNumber(ctx.locale, count) });
  if (seconds % 3600 === 0) return ctx.t("error.retry_hours", said(seconds / 3600));
  if (seconds > 60 && seconds % 60 === 0) return ctx.t("error.retry_minutes", said(seconds / 60));
  return ctx.t("error.retry_seconds", said(seconds));
}

/** That there were too many attempts, and after which time the next one counts. */
export function tooManyWords(ctx: PageContext, retryAfterSeconds: number): string {
  return `${ctx.t("sign_in.too_many")} ${retryWords(ctx, retryAfterSeconds)}`;
}

/** Text in which the words between backticks are code, which runs from left to right in every language. */
export function WithCode(props: { text: string }): JSX.Element {
  return (
    <>
      {props.text.split("`").map((part, index) =>
        index % 2 === 0 ? (
          <span safe>{part}</span>
        ) : (
          <code dir="ltr" safe>
            {part}
          </code>
        ),
      )}
    </>
  );
}
