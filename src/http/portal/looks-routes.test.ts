/**
 * Every page that the router has, opened in a browser by somebody who may: axe, console, policy, and no scrolling sideways. A check
 * draws some of them in one look each; MOSIS_LOOKS=all opens each as everybody who may, in every look, in English and Arabic.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { axeRules, isSeenOnce, seesAll } from "../../testing/looks.ts";
import { mainOf, NO_PAGE, openPageWorld, type PageWorld } from "../../testing/page-world.ts";
import { SCREENS, THEMES, WIDTHS } from "../../testing/screens.ts";

let browser: Browser;
let portal: PageWorld["portal"];
let people: PageWorld["people"];
let readers: PageWorld["readers"];
beforeAll(async () => {
  [browser, { portal, people, readers }] = await Promise.all([startBrowser(), openPageWorld()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await portal.close();
});

test("each page of the router is there for somebody, or it is said why it is not", () => {
  const unread = [...readers].filter(([, { who }]) => who.length === 0).map(([name]) => name);
  expect(unread.sort()).toEqual(Object.keys(NO_PAGE).sort());
});

describe.each(WIDTHS)("%s", (width) => {
  describe.each(THEMES)("and %s", (theme) => {
    test.each(seesAll ? ["en", "ar"] : ["en"])(
      "no page has a fault, in %s",
      async (locale) => {
        const faults: string[] = [];
        for (const name of ["", ...Object.keys(people)]) {
          const seen = [...readers].filter(
            ([route, { path, who }]) =>
              who.includes(name) &&
              (seesAll || (mainOf({ path, who }) === name && isSeenOnce(route, width, theme))),
          );
          if (seen.length === 0) continue;
          const { page, complaints, context } = await openTab(browser, { ...SCREENS[width], locale });
          try {
            await context.addCookies([{ name: "mosis_theme", value: theme, url: portal.url }]);
            if (name !== "") await useSession(context, portal.url, people[name]?.cookie ?? "");
            for (const [route, { path }] of seen) {
              const answer = await page.goto(portal.url + path);
              if (answer?.status() !== 200) faults.push(`${route} of ${name}: ${answer?.status()}`);
              for (const fault of await faultsOf(page, axeRules(theme)))
                faults.push(`${route} of ${name}: ${fault}`);
            }
            faults.push(...complaints);
          } finally {
            await context.close();
          }
        }
        expect(faults).toEqual([]);
      },
      600_000,
    );
  });
});
