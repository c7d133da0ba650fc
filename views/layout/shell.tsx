/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html, type PropsWithChildren } from "@kitajs/html";
import type { StoreRole } from "../../src/roles.ts";
import { Avatar } from "../components/app-icon.tsx";
import { Bell } from "../components/bell.tsx";
import { LinkButton } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Notice } from "../components/notice.tsx";
import { StoreLogo } from "../components/store-logo.tsx";
import type { IconName, MessageKey, PageContext, Viewer } from "../page.ts";
import { Document } from "./document.tsx";
import { LanguageSwitch } from "./language.tsx";
import { ThemeSwitch } from "./theme.tsx";

type NavItem = { href: string; label: MessageKey; icon: IconName };
type NavGroup = { title: MessageKey; items: readonly NavItem[] };

const AUDITORS = ["administrator", "auditor"] as const;

/** Pages about the store as a whole, and whose they are: as the table of rights says, which a test holds them to. */
const STORE_ITEMS: readonly (NavItem & { readonly of: readonly StoreRole[] })[] = [
  { href: "/review", label: "nav.review", icon: "review", of: ["administrator", "reviewer", "auditor"] },
  {
    href: "/admin/reports",
    label: "nav.reports",
    icon: "report",
    of: ["administrator", "reviewer", "support", "auditor"],
  },
  { href: "/admin/jobs", label: "nav.jobs", icon: "jobs", of: AUDITORS },
  { href: "/admin/storage", label: "nav.storage", icon: "storage", of: AUDITORS },
  { href: "/admin/audit", label: "nav.audit", icon: "search", of: AUDITORS },
  { href: "/admin/log", label: "nav.log", icon: "docs", of: AUDITORS },
  { href: "/admin/keys", label: "nav.store_keys", icon: "permission", of: AUDITORS },
  { href: "/admin/revocations", label: "nav.revocations", icon: "revoke", of: AUDITORS },
  { href: "/admin/recoveries", label: "nav.recoveries", icon: "key", of: AUDITORS },
  {
    href: "/admin/people",
    label: "nav.people",
    icon: "account",
    of: ["administrator", "support", "auditor"],
  },
  {
    href: "/admin/organisations",
    label: "nav.ownerless",
    icon: "organisation",
    of: ["administrator", "support", "auditor"],
  },
  { href: "/devices", label: "nav.devices", icon: "device", of: ["administrator", "support", "auditor"] },
  { href: "/groups", label: "nav.groups", icon: "group", of: ["administrator", "support", "auditor"] },
  { href: "/admin/categories", label: "nav.categories", icon: "category", of: AUDITORS },
  { href: "/admin/collections", label: "nav.collections", icon: "collection", of: AUDITORS },
  { href: "/admin/appearance", label: "nav.appearance", icon: "category-graphics", of: AUDITORS },
  { href: "/admin/settings", label: "nav.settings", icon: "settings", of: AUDITORS },
  { href: "/admin/setup", label: "nav.setup", icon: "approve", of: AUDITORS },
  { href: "/admin/outbox", label: "nav.outbox", icon: "mail", of: ["administrator"] },
];

/** What this person can go to; nothing is shown that would be refused. */
function navigation(viewer: Viewer): readonly NavGroup[] {
  const groups: NavGroup[] = [
    {
      title: "nav.develop",
      items: [
        { href: "/dashboard", label: "nav.dashboard", icon: "dashboard" },
        ...(viewer.organisations.some(({ role }) => role !== "viewer")
          ? [{ href: "/upload", label: "nav.upload", icon: "upload" } as const]
          : []),
        ...(viewer.organisations.some(({ narrowed }) => narrowed === undefined)
          ? [{ href: "/keys", label: "nav.keys", icon: "key" } as const]
          : []),
        ...viewer.organisations
          .filter(
            ({ role, narrowed }) => narrowed === undefined && (role === "owner" || role === "maintainer"),
          )
          .slice(0, 1)
          .map(({ id }) => ({
            href: `/organisations/${id}/keys`,
            label: "nav.api_keys" as const,
            icon: "network" as const,
          })),
        ...viewer.organisations
          .filter(({ role }) => role === "owner")
          .slice(0, 1)
          .map(({ id }) => ({
            href: `/organisations/${id}/audit`,
            label: "nav.audit" as const,
            icon: "search" as const,
          })),
      ],
    },
  ];
  const { storeRole } = viewer;
  const items = STORE_ITEMS.filter(({ of }) => storeRole !== null && of.includes(storeRole));
  if (items.length > 0) groups.push({ title: "nav.store", items });
  groups.push({
    title: "nav.more",
    items: [
      { href: "/docs", label: "nav.docs", icon: "docs" },
      { href: "/", label: "nav.store_front", icon: "store" },
    ],
  });
  return groups;
}

/** The item whose address is the longest beginning of the path. An app's pages belong to the dashboard. */
function isCurrent(path: string, href: string): boolean {
  if (href === "/") return path === "/";
  if (href === "/dashboard" && path.startsWith("/apps/")) return true;
  return path === href || path.startsWith(`${href}/`);
}

function NavLink(props: { ctx: PageContext; item: NavItem }): JSX.Element {
  const { ctx, item } = props;
  return (
    <li>
      <a
        class="nav-item"
        href={item.href}
        aria-current={isCurrent(ctx.path, item.href) ? (ctx.path === item.href ? "page" : "true") : undefined}
      >
        <Icon ctx={ctx} name={item.icon} />
        <span safe>{ctx.t(item.label)}</span>
      </a>
    </li>
  );
}

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

function Account(props: { ctx: PageContext; viewer: Viewer }): JSX.Element {
  const { ctx, viewer } = props;
  return (
    <div class="sidebar-foot">
      <a
        class="account"
        href="/account"
        aria-current={ctx.path === "/account" ? "page" : undefined}
        title={ctx.t("account.title")}
      >
        <Avatar name={viewer.name} seed={viewer.email} />
        <div>
          <p dir="auto">
            <strong safe>{viewer.name}</strong>
          </p>
          <p class="meta" dir="ltr" safe>
            {viewer.email}
          </p>
        </div>
        <Icon ctx={ctx} name="chevron" />
      </a>
      <div>
        <ThemeSwitch ctx={ctx} />
        <form method="post" action="/sign-out" hx-boost="false">
          <button class="nav-item" type="submit">
            <Icon ctx={ctx} name="sign-out" />
            <span safe>{ctx.t("nav.sign_out")}</span>
          </button>
        </form>
      </div>
    </div>
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
            <nav class="stack" aria-label={ctx.t("nav.label")}>
              {navigation(viewer).map((group, index) => (
                <div>
                  <p class="nav-title" id={`nav-${index}`} safe>
                    {ctx.t(group.title)}
                  </p>
                  <ul class="nav-group" aria-labelledby={`nav-${index}`}>
                    {group.items.map((item) => (
                      <NavLink ctx={ctx} item={item} />
                    ))}
                  </ul>
                </div>
              ))}
            </nav>
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

function Visitor(props: PropsWithChildren<{ ctx: PageContext; title: string }>): JSX.Element {
  const { ctx, children } = props;
  return (
    <Document ctx={ctx} title={props.title}>
      <div class="visitor-shell">
        <header class="topbar">
          <Brand ctx={ctx} href="/" />
          <nav aria-label={ctx.t("nav.label")}>
            <LinkButton ctx={ctx} href="/docs" label={ctx.t("nav.docs")} kind="ghost" />
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
