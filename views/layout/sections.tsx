/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */

import { Html } from "@kitajs/html";
import type { StoreRole } from "../../src/roles.ts";
import { Avatar } from "../components/app-icon.tsx";
import { Icon } from "../components/icon.tsx";
import type { IconName, MessageKey, PageContext, Viewer } from "../page.ts";
import { ThemeSwitch } from "./theme.tsx";

/** One with an icon stands by itself; those of a section that opens have the section's. */
type NavItem = { readonly href: string; readonly label: MessageKey; readonly icon?: IconName };
type StoreItem = NavItem & { readonly of: readonly StoreRole[] };
type Section = {
  readonly label: MessageKey;
  readonly icon: IconName;
  readonly items: readonly NavItem[];
};

const AUDITORS = ["administrator", "auditor"] as const;
const HELPERS = ["administrator", "support", "auditor"] as const;

/** What is done every day, without a section around it. */
const DAILY_ITEMS: readonly StoreItem[] = [
  { href: "/review", label: "nav.review", icon: "review", of: ["administrator", "reviewer", "auditor"] },
  {
    href: "/admin/reports",
    label: "nav.reports",
    icon: "report",
    of: ["administrator", "reviewer", "support", "auditor"],
  },
];

/** Pages about the store as a whole, and whose they are: as the table of rights says, which a test holds them to. */
const STORE_SECTIONS: readonly (Omit<Section, "items"> & { readonly items: readonly StoreItem[] })[] = [
  {
    label: "nav.section_people",
    icon: "account",
    items: [
      { href: "/admin/people", label: "nav.people", of: HELPERS },
      { href: "/admin/organisations", label: "nav.organisations", of: HELPERS },
    ],
  },
  {
    label: "nav.section_devices",
    icon: "device",
    items: [
      { href: "/devices", label: "nav.devices", of: HELPERS },
      { href: "/groups", label: "nav.groups", of: HELPERS },
    ],
  },
  {
    label: "nav.store",
    icon: "store",
    items: [
      { href: "/admin/categories", label: "nav.categories", of: AUDITORS },
      { href: "/admin/collections", label: "nav.collections", of: AUDITORS },
      { href: "/admin/appearance", label: "nav.appearance", of: AUDITORS },
      { href: "/admin/settings", label: "nav.settings", of: AUDITORS },
      { href: "/admin/setup", label: "nav.setup", of: AUDITORS },
    ],
  },
  {
    label: "nav.section_trust",
    icon: "permission",
    items: [
      { href: "/admin/keys", label: "nav.store_keys", of: AUDITORS },
      { href: "/admin/recoveries", label: "nav.recoveries", of: AUDITORS },
      { href: "/admin/revocations", label: "nav.revocations", of: AUDITORS },
      { href: "/admin/log", label: "nav.log", of: AUDITORS },
    ],
  },
  {
    label: "nav.section_operations",
    icon: "jobs",
    items: [
      { href: "/admin/jobs", label: "nav.jobs", of: AUDITORS },
      { href: "/admin/storage", label: "nav.storage", of: AUDITORS },
      { href: "/admin/outbox", label: "nav.outbox", of: ["administrator"] },
      { href: "/admin/audit", label: "nav.audit", of: AUDITORS },
    ],
  },
];

/** With as few as these in all sections together, none has to be opened first. */
const MOST_OPEN = 6;

const DASHBOARD: NavItem = { href: "/dashboard", label: "nav.dashboard", icon: "dashboard" };

/** For who sees the apps of an organisation, or all of them. */
const APPS: NavItem = { href: "/apps", label: "nav.apps", icon: "apps" };

const EVERYBODYS: readonly NavItem[] = [
  { href: "/docs", label: "nav.docs", icon: "docs" },
  { href: "/", label: "nav.store_front", icon: "network" },
];

/** What a developer has beside their apps. */
function developersItems({ organisations }: Viewer): readonly NavItem[] {
  const whole = organisations.filter(({ narrowed }) => narrowed === undefined);
  const managed = whole.find(({ role }) => role === "owner" || role === "maintainer");
  const owned = organisations.find(({ role }) => role === "owner");
  return [
    ...(organisations.some(({ role }) => role !== "viewer")
      ? [{ href: "/upload", label: "nav.upload", icon: "upload" } as const]
      : []),
    ...(whole.length > 0 ? [{ href: "/keys", label: "nav.keys", icon: "key" } as const] : []),
    ...(managed === undefined
      ? []
      : [
          {
            href: `/organisations/${managed.id}/keys`,
            label: "nav.api_keys",
            icon: "category-developer-tools",
          } as const,
        ]),
    ...(owned === undefined
      ? []
      : [
          {
            href: `/organisations/${owned.id}/audit`,
            label: "nav.organisation_audit",
            icon: "audit",
          } as const,
        ]),
  ];
}

/** The sections of which somebody with this role in the store may open anything. */
function sectionsOf(storeRole: StoreRole | null): readonly Section[] {
  if (storeRole === null) return [];
  return STORE_SECTIONS.map((section) => ({
    ...section,
    items: section.items.filter(({ of }) => of.includes(storeRole)),
  })).filter(({ items }) => items.length > 0);
}

/** The item whose address is the longest beginning of the path. */
function isCurrent(path: string, href: string): boolean {
  if (href === "/") return path === "/";
  return path === href || path.startsWith(`${href}/`);
}

function NavLinks(props: { ctx: PageContext; items: readonly NavItem[] }): JSX.Element {
  const { ctx, items } = props;
  return (
    <ul class="nav-group">
      {items.map(({ href, label, icon }) => (
        <li>
          <a
            class="nav-item"
            href={href}
            aria-current={isCurrent(ctx.path, href) ? (ctx.path === href ? "page" : "true") : undefined}
          >
            {icon !== undefined && <Icon ctx={ctx} name={icon} />}
            <span safe>{ctx.t(label)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** One that opens by itself on its own pages, and by hand on others: a <details>, so it needs no script. */
function NavSection(props: { ctx: PageContext; section: Section; open: boolean }): JSX.Element {
  const { ctx, section } = props;
  const current = section.items.some(({ href }) => isCurrent(ctx.path, href));
  return (
    <details class="nav-section" open={props.open || current}>
      <summary class={["nav-item", current && "has-current"]}>
        <Icon ctx={ctx} name={section.icon} />
        <span safe>{ctx.t(section.label)}</span>
        <Icon ctx={ctx} name="chevron" />
      </summary>
      <NavLinks ctx={ctx} items={section.items.map(({ href, label }) => ({ href, label }))} />
    </details>
  );
}

/**
 * What this person can go to; nothing is shown that would be refused. Who has much to do with the store as a whole sees
 * its pages, and those of a developer, in sections of which only the present page's is open.
 */
export function Sections(props: { ctx: PageContext; viewer: Viewer }): JSX.Element {
  const { ctx, viewer } = props;
  const { storeRole } = viewer;
  const sections = sectionsOf(storeRole);
  const open = sections.reduce((sum, { items }) => sum + items.length, 0) <= MOST_OPEN;
  const own = developersItems(viewer);
  const daily = DAILY_ITEMS.filter(({ of }) => storeRole !== null && of.includes(storeRole));
  const apps = storeRole !== null || viewer.organisations.length > 0 ? [APPS] : [];
  const apart = sections.length > 0 && own.length > 0;
  return (
    <nav class="sections" aria-label={ctx.t("nav.label")} data-sections>
      <NavLinks ctx={ctx} items={[DASHBOARD, ...apps, ...daily, ...(apart ? [] : own)]} />
      {sections.length > 0 && (
        <div class="nav-sections">
          {apart && (
            <NavSection
              ctx={ctx}
              section={{ label: "nav.develop", icon: "category-developer-tools", items: own }}
              open={open}
            />
          )}
          {sections.map((section) => (
            <NavSection ctx={ctx} section={section} open={open} />
          ))}
        </div>
      )}
      <NavLinks ctx={ctx} items={EVERYBODYS} />
    </nav>
  );
}

/** Who is signed in, and the way out: at the foot of the side bar, however long what is above it. */
export function Account(props: { ctx: PageContext; viewer: Viewer }): JSX.Element {
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
      <div class="sidebar-acts">
        <form novalidate method="post" action="/sign-out" hx-boost="false">
          <button class="nav-item" type="submit">
            <Icon ctx={ctx} name="sign-out" />
            <span safe>{ctx.t("nav.sign_out")}</span>
          </button>
        </form>
        <ThemeSwitch ctx={ctx} compact />
      </div>
    </div>
  );
}
