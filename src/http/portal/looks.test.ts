/**
 * Every page as each role, in the looks that testing/looks.ts draws: axe, console, policy, and no scrolling sideways.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { faultsOf, openTab, smallTargetsOf, startBrowser, useSession } from "../../testing/browser.ts";
import { axeRules, isSeen } from "../../testing/looks.ts";
import { type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import { SCREENS, THEMES, WIDTHS } from "../../testing/screens.ts";

let browser: Browser;
let portal: Portal;
let sample: SampleStore;
beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
  sample = await fillStore(portal);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await portal.close();
});

type Role = keyof SampleStore["people"] | "visitor";

/** Pages by who opens them; an address that is refused is told with its status. */
function pagesOf({
  apps,
  versions,
  organisation,
  people,
}: SampleStore): Record<Role, readonly (readonly [path: string, status?: number])[]> {
  const version = (app: keyof SampleStore["apps"], which: keyof SampleStore["versions"]) =>
    `/apps/${apps[app]}/versions/${versions[which]}`;
  return {
    visitor: [
      ["/"],
      ["/catalog"],
      ["/catalog?q=site"],
      ["/catalog/categories/productivity"],
      ["/catalog/categories/nothing", 404],
      ["/catalog/collections"],
      ["/catalog/collections/nothing", 404],
      [`/catalog/${apps.published}`],
      [`/catalog/${apps.waiting}`, 404],
      ["/sign-in"],
      ["/nothing", 404],
      ["/setup?token=x", 409],
      ["/forgotten"],
      ["/new-password?token=x", 403],
    ],
    newcomer: [["/dashboard"], ["/upload", 403]],
    viewer: [["/dashboard"], [`/apps/${apps.published}`], [version("published", "waiting")]],
    developer: [
      ["/"],
      ["/catalog"],
      [`/catalog/${apps.published}`],
      ["/dashboard"],
      ["/apps/new"],
      ["/account"],
      [`/organisations/${organisation}/members`],
      ["/account/keys"],
      ["/account/second-factor"],
      [`/apps/${apps.waiting}`],
      [`/apps/${apps.empty}`],
      [`/apps/${apps.empty}/delete`],
      [version("published", "published")],
      [version("published", "waiting")],
      [version("failed", "failed")],
      [version("held", "held")],
      [version("waiting", "rejected")],
      [`${version("held", "held")}/publish`],
      ["/upload"],
      [`/apps/${apps.published}/upload`],
      ["/admin/jobs", 403],
      [`/organisations/${organisation}/audit`],
    ],
    reviewer: [
      ["/dashboard"],
      ["/review"],
      [`/review/${versions.waiting}`],
      [`/review/${versions.published}`],
    ],
    support: [["/dashboard"], [`/apps/${apps.published}`], ["/admin/jobs", 403]],
    auditor: [
      ["/dashboard"],
      [`/review/${versions.waiting}`],
      ["/admin/jobs"],
      ["/admin/revocations"],
      ["/admin/audit"],
    ],
    administrator: [
      ["/dashboard"],
      ["/organisations/new"],
      ["/admin/people"],
      [`/admin/people/${people.developer.accountId}`],
      [`/apps/${apps.published}`],
      ["/admin/keys"],
      ["/admin/categories"],
      ["/admin/categories/tools"],
      ["/admin/categories/tools/merge?into=games"],
      ["/admin/categories/tools/remove"],
      ["/admin/collections"],
      ["/admin/collections/featured"],
      ["/admin/log"],
      ["/admin/storage"],
      ["/admin/audit?since=yesterday", 400],
      ["/admin/jobs"],
      ["/admin/jobs?show=active"],
    ],
  };
}

const ROLES: readonly Role[] = [
  "visitor",
  "newcomer",
  "viewer",
  "developer",
  "reviewer",
  "support",
  "auditor",
  "administrator",
];

describe.each(WIDTHS)("%s pages", (width) => {
  test.each(ROLES)(
    "of a %s have no fault",
    async (role) => {
      const { page, complaints, context } = await openTab(browser, SCREENS[width]);
      try {
        if (role !== "visitor") await useSession(context, portal.url, sample.people[role].cookie);
        const faults: string[] = [];
        for (const theme of THEMES) {
          await context.addCookies([{ name: "mosis_theme", value: theme, url: portal.url }]);
          for (const [index, [path, status = 200]] of pagesOf(sample)[role].entries()) {
            // By its place, since addresses have ids that each store makes anew.
            const name = `${role} ${index}`;
            if (!isSeen(name, width, theme)) continue;
            const response = await page.goto(portal.url + path);
            const shown = await page.locator("html").getAttribute("data-theme");
            if (response?.status() !== status) faults.push(`${path}: ${response?.status()}, not ${status}`);
            if (shown !== theme) faults.push(`${path}: ${shown} and not ${theme}`);
            for (const fault of await faultsOf(page, axeRules(theme)))
              faults.push(`${theme} ${path}: ${fault}`);
            if (width === "narrow") {
              for (const fault of await smallTargetsOf(page)) faults.push(`${theme} ${path}: ${fault}`);
            }
          }
        }
        // Chromium says of every answer with an error status that it was one.
        const said = complaints.filter((words) => !/the server responded with a status of 4\d\d/.test(words));
        expect([...faults, ...said]).toEqual([]);
      } finally {
        await context.close();
      }
    },
    180_000,
  );
});

test("the checks above find a page with faults", async () => {
  const { page, complaints, context } = await openTab(browser, { viewport: { width: 320, height: 640 } });
  try {
    await page.goto(portal.url);
    await page.evaluate(() => {
      const wide = document.createElement("div");
      wide.setAttribute("style", "color: red");
      wide.style.inlineSize = "900px";
      wide.innerHTML = "<img src='/favicon.ico'><button>low</button>";
      document.body.append(wide);
      const script = document.createElement("script");
      script.textContent = "document.title = 'run'";
      document.body.append(script);
    });
    const faults = await faultsOf(page);
    expect((await smallTargetsOf(page)).join("\n")).toContain("<button>low</button>");
    expect(faults.join("\n")).toMatch(/scrolls sideways[\s\S]*axe image-alt/);
    expect(complaints.join("\n")).toMatch(/Content Security Policy/);
    expect(await page.title()).not.toBe("run");
  } finally {
    await context.close();
  }
});
