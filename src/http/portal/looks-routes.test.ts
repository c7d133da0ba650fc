/**
 * Every page that the router has, in a browser: as everybody who is given it, and in both languages, widths and themes as the one
 * who has most to do there; axe, console, policy, and no scrolling sideways. What people read who may read the same differs in
 * numbers and names alone or not at all, so axe judges it once. MOSIS_LOOKS=all leaves nothing out.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { faultsInEveryLook, violationsIn } from "../../testing/every-look.ts";
import { seesAll } from "../../testing/looks.ts";
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

/** What stands on a page, without what tells two people or two moments apart. */
const skeletonOf = (html: string) =>
  (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html).replace(/value="[^"]*"|[0-9]+/g, "");

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
        const seen = [...readers].filter(([, each]) =>
          seesAll ? each.who.includes(name) : each.who.length > 0 && mainOf(each) === name,
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

  test("as each who is given it", async () => {
    const faults: string[] = [];
    const judged = new Set<string>();
    for (const name of names()) {
      const { page, complaints, context } = await openAs(name, "en");
      try {
        for (const [route, { path }] of [...readers].filter(([, { who }]) => who.includes(name))) {
          const answer = await page.goto(portal.url + path);
          if (answer?.status() !== 200) faults.push(`${route} of ${name}: ${answer?.status()}`);
          const skeleton = `${route} ${skeletonOf((await answer?.text()) ?? "")}`;
          // Where it is the main one it was judged above; the frame around it is judged with what differs.
          if (judged.has(skeleton)) continue;
          judged.add(skeleton);
          if (mainOf(readers.get(route) ?? { path, who: [] }) === name) continue;
          faults.push(...(await violationsIn(page)).map((fault) => `${route} of ${name}: ${fault}`));
        }
        faults.push(...complaints);
      } finally {
        await context.close();
      }
    }
    expect(faults).toEqual([]);
  }, 600_000);
});
