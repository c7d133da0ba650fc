/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { formatNumber } from "../format.ts";
import type { PageContext } from "../page.ts";

/** How often devices fetched an app, for who works on it; a dash while nothing of it was published. */
export function Installs(props: { ctx: PageContext; installs: number | null }): JSX.Element {
  const { ctx, installs } = props;
  if (installs === null) return <span>–</span>;
  return (
    <span title={ctx.t("store_front.installs_meaning")} safe>
      {formatNumber(ctx.locale, installs)}
    </span>
  );
}
