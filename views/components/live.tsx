/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";

function Reload(props: { ctx: PageContext }): JSX.Element {
  const { ctx } = props;
  return (
    <a href={ctx.here} safe>
      {ctx.t("version.reload")}
    </a>
  );
}

/** Says that the page stands still, and how it comes up to date. Hidden until the script finds that it does. */
export function LiveStopped(props: { ctx: PageContext; isHidden?: boolean }): JSX.Element {
  const { ctx } = props;
  return (
    <p class="live-stopped" role="status" data-live-stopped hidden={props.isHidden}>
      <span safe>{ctx.t("live.stopped")}</span> <Reload ctx={ctx} />
    </p>
  );
}

/**
 * Follows what the page shows: each event of the stream is put in the place of the part with that id, by `assets/js/live.js` and htmx. It
 * stands outside of that part, and once nothing follows any more the stream ends. Without script the page offers to load it again while
 * the store is at work.
 */
export function Live(props: {
  ctx: PageContext;
  /** Of the stream; null: nothing follows by itself any more. */
  href: string | null;
  /** The part's id. */
  part: string;
  /** Whether the store is at work on what it shows, so that it is worth looking again. */
  isBusy?: boolean;
}): JSX.Element {
  const { ctx, href, part } = props;
  if (href === null) return <></>;
  return (
    <>
      <div
        id={`${part}-stream`}
        data-live
        hidden
        hx-sse:connect={href}
        hx-sse:close="end"
        hx-trigger="load, live-again"
        hx-target={`#${part}`}
        hx-swap="outerMorph"
        hx-push-url="false"
      ></div>
      <LiveStopped ctx={ctx} isHidden />
      {props.isBusy && (
        <noscript>
          <Reload ctx={ctx} />
        </noscript>
      )}
    </>
  );
}
