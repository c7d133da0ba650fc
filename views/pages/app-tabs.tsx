/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { Html } from "@kitajs/html";
import { Tabs } from "../layout/page-head.tsx";
import type { PageContext } from "../page.ts";
import { type AppPart, appPartHref } from "./app-props.ts";

export type TabbedApp = {
  readonly id: string;
  readonly name: string;
  /** Those that there are for this person. */
  readonly parts: readonly AppPart[];
};

/** The parts of an app, on each of its pages; a page below one of them marks that one. */
export function AppTabs(props: {
  ctx: PageContext;
  app: Pick<TabbedApp, "id" | "parts">;
  part: AppPart;
}): JSX.Element {
  const { ctx, app, part } = props;
  return (
    <Tabs
      ctx={ctx}
      label={ctx.t("app.parts")}
      tabs={app.parts.map((one) => ({
        label: ctx.t(`app.part.${one}`),
        href: appPartHref(app.id, one),
        current: one === part,
      }))}
    />
  );
}
