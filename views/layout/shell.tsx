/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html, type PropsWithChildren } from "@kitajs/html";
import { Bell } from "../components/bell.tsx";
import { LinkButton } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Notice } from "../components/notice.tsx";
import { StoreLogo } from "../components/store-logo.tsx";
import type { PageContext, Viewer } from "../page.ts";
import { Document } from "./document.tsx";
import { LanguageSwitch } from "./language.tsx";
import { Account, Sections } from "./sections.tsx";
import { ThemeSwitch } from "./theme.tsx";

function Brand(props: { ctx: PageContext; href: string }): JSX.Element {
  return (
    <a class="brand" href={props.href}>
      <StoreLogo logos={props.ctx.logos} place="brand" />
      <span dir="auto" safe>
        {props.ctx.storeName}
      </span>
    </a>
  );
}

function SignedIn(
  props: PropsWithChildren<{ ctx: PageContext; viewer: Viewer; title: string }>,
): JSX.Element {
  const { ctx, viewer, children } = props;
  return (
    <Document ctx={ctx} title={props.title}>
      <div class="app-shell">
        <header class="sidebar">
          <Brand ctx={ctx} href="/dashboard" />
          <Bell ctx={ctx} unread={viewer.unread ?? 0} />
          <button class="button is-ghost is-icon sidebar-toggle" type="button" popovertarget="sidebar">
            <Icon ctx={ctx} name="menu" large />
            <span class="visually-hidden" safe>
              {ctx.t("nav.menu")}
            </span>
          </button>
          <div class="sidebar-panel" id="sidebar" popover="auto">
            <Sections ctx={ctx} viewer={viewer} />
            <Account ctx={ctx} viewer={viewer} />
          </div>
        </header>
        <main class="main" id="main">
          {children}
        </main>
      </div>
    </Document>
  );
}

function TopLink(props: { ctx: PageContext; href: string; label: string; spare?: boolean }): JSX.Element {
  const { path } = props.ctx;
  const { href } = props;
  return (
    <a
      class={["button", "is-ghost", props.spare && "is-spare"]}
      href={href}
      aria-current={path === href ? "page" : path.startsWith(`${href}/`) ? "true" : undefined}
    >
      <span safe>{props.label}</span>
    </a>
  );
}

function Visitor(props: PropsWithChildren<{ ctx: PageContext; title: string }>): JSX.Element {
  const { ctx, children } = props;
  return (
    <Document ctx={ctx} title={props.title}>
      <div class="visitor-shell">
        <header class="topbar">
          <Brand ctx={ctx} href="/" />
          <nav aria-label={ctx.t("nav.label")}>
            <TopLink ctx={ctx} href="/catalog" label={ctx.t("catalog.title")} />
            <TopLink ctx={ctx} href="/docs" label={ctx.t("nav.docs")} spare />
            {ctx.viewer ? (
              <LinkButton ctx={ctx} href="/dashboard" label={ctx.t("nav.dashboard")} kind="secondary" />
            ) : (
              ctx.path !== "/sign-in" && (
                <LinkButton ctx={ctx} href="/sign-in" label={ctx.t("nav.sign_in")} kind="secondary" />
              )
            )}
          </nav>
        </header>
        <main class="main" id="main">
          {children}
        </main>
        <footer class="footer">
          <span safe>{ctx.t("footer.runs_on")}</span>
          <a href="/docs" safe>
            {ctx.t("nav.docs")}
          </a>
          {ctx.viewer === null && <LanguageSwitch ctx={ctx} />}
          <ThemeSwitch ctx={ctx} compact />
        </footer>
      </div>
    </Document>
  );
}

function Paused(props: { ctx: PageContext; paused: NonNullable<Viewer["paused"]> }): JSX.Element {
  const { ctx, paused } = props;
  const { t } = ctx;
  return (
    <>
      {paused.map(({ name: provider, href }) => (
        <Notice ctx={ctx} tone="warn" title={t("paused.title")}>
          <p safe>{t(href === null ? "paused.gone" : "paused.lead", { provider })}</p>
          {href !== null && (
            <LinkButton ctx={ctx} href={href} label={t("sign_in.with", { provider })} small away />
          )}
        </Notice>
      ))}
    </>
  );
}

/**
 * A page in its shell: the sidebar for those who are signed in, the top bar for visitors. `front` asks for the top bar
 * even so (the store front is the same page for everyone).
 */
export function Page(
  props: PropsWithChildren<{ ctx: PageContext; title: string; front?: boolean }>,
): JSX.Element {
  const { ctx, children } = props;
  if (ctx.viewer && !props.front) {
    return (
      <SignedIn ctx={ctx} viewer={ctx.viewer} title={props.title}>
        <Paused ctx={ctx} paused={ctx.viewer.paused ?? []} />
        {children}
      </SignedIn>
    );
  }
  return (
    <Visitor ctx={ctx} title={props.title}>
      {children}
    </Visitor>
  );
}
