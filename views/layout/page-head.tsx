/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { type Children, Html } from "@kitajs/html";
import { Count } from "../components/text.tsx";
import type { PageContext } from "../page.ts";

export type Crumb = { readonly label: string; readonly href: string };

/** The way here; the page itself is the heading below. */
function Breadcrumb(props: { ctx: PageContext; crumbs: readonly Crumb[] }): JSX.Element {
  return (
    <nav class="breadcrumb" aria-label={props.ctx.t("breadcrumb.label")}>
      <ol>
        {props.crumbs.map((crumb) => (
          <li>
            <a href={crumb.href} dir="auto" safe>
              {crumb.label}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Title of a page, with the way here, a state, a sentence and actions as far as there are any. */
export function PageHead(props: {
  ctx: PageContext;
  title: string;
  crumbs?: readonly Crumb[];
  icon?: Children;
  badge?: Children;
  lead?: string;
  actions?: Children;
}): JSX.Element {
  const { ctx, icon, badge, actions } = props;
  return (
    <div class="page-head">
      {!!props.crumbs && <Breadcrumb ctx={ctx} crumbs={props.crumbs} />}
      <div class="page-head-row">
        <div class="identity">
          {icon}
          <div>
            <div class="page-title">
              <h1 tabindex="-1" dir="auto" safe>
                {props.title}
              </h1>
              {badge}
            </div>
            {!!props.lead && (
              <p class="page-lead" dir="auto" safe>
                {props.lead}
              </p>
            )}
          </div>
        </div>
        {props.actions !== undefined && <div class="row">{actions}</div>}
      </div>
    </div>
  );
}

/** Views of one thing, each with an address of its own. */
export function Tabs(props: {
  ctx: PageContext;
  label: string;
  tabs: readonly { label: string; href: string; current: boolean; count?: number }[];
  /** Counts that are higher are said to be more than it. */
  most?: number;
}): JSX.Element {
  return (
    <nav class="tabs" aria-label={props.label}>
      <ul>
        {props.tabs.map((tab) => (
          <li>
            <a href={tab.href} aria-current={tab.current ? "page" : undefined}>
              <span safe>{tab.label}</span>
              {tab.count !== undefined && <Count ctx={props.ctx} value={tab.count} most={props.most} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
