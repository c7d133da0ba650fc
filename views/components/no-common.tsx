/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What has no name in English: who reads none of its languages meets it in one of those all the same. */
import { Html } from "@kitajs/html";
import type { PageContext } from "../page.ts";
import { Badge } from "./badge.tsx";
import { Notice } from "./notice.tsx";

export function NoCommonBadge(props: { ctx: PageContext }): JSX.Element {
  return <Badge tone="warn" label={props.ctx.t("local.no_common")} />;
}

/** @param props.name What they read in its place. */
export function NoCommonNotice(props: { ctx: PageContext; name: string }): JSX.Element {
  const { ctx, name } = props;
  return (
    <Notice ctx={ctx} tone="warn" title={ctx.t("local.no_common")}>
      <p safe>{ctx.t("local.no_common_lead", { name })}</p>
    </Notice>
  );
}
