/**
 * Every page that the router has, in a browser, as the one who has most to do there: both widths and themes, in a language that is
 * drawn for each page; axe, console, policy, and no scrolling sideways. MOSIS_LOOKS=all takes everybody and both languages.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { faultsInEveryLook } from "../../testing/every-look.ts";
import { isSeenIn, seesAll } from "../../testing/looks.ts";
import { mainOf, NO_PAGE, openPageWorld, type PageWorld } from "../../testing/page-world.ts";
import { SCREENS } from "../../testing/screens.ts";

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

const names = () => ["", ...Object.keys(people)];

/** @param name Of a person, and the empty one of a visitor. */
async function openAs(name: string, locale: string) {
  const tab = await openTab(browser, { ...SCREENS.wide, locale });
  if (name !== "") await useSession(tab.context, portal.url, people[name]?.cookie ?? "");
  return { ...tab, devtools: await tab.context.newCDPSession(tab.page) };
}

test("each page of the router is there for somebody, or it is said why it is not", () => {
  const unread = [...readers].filter(([, { who }]) => who.length === 0).map(([name]) => name);
  expect(unread.sort()).toEqual(Object.keys(NO_PAGE).sort());
});

describe("no page has a fault", () => {
  test.each(["en", "ar"])(
    "in %s, in each width and theme",
    async (locale) => {
      const faults: string[] = [];
      for (const name of names()) {
        const seen = [...readers].filter(
          ([route, each]) =>
            isSeenIn(route, locale) &&
            (seesAll ? each.who.includes(name) : each.who.length > 0 && mainOf(each) === name),
        );
        if (seen.length === 0) continue;
        const { page, complaints, context, devtools } = await openAs(name, locale);
        try {
          for (const [route, { path }] of seen) {
            const answer = await page.goto(portal.url + path);
            if (answer?.status() !== 200) faults.push(`${route} of ${name}: ${answer?.status()}`);
            const found = await faultsInEveryLook(page, devtools, { locale, all: seesAll });
            faults.push(...found.map((fault) => `${route} of ${name}: ${fault}`));
          }
          faults.push(...complaints);
        } finally {
          await context.close();
        }
      }
      expect(faults).toEqual([]);
    },
    3_600_000,
  );
});
