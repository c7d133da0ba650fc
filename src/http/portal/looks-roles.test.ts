/**
 * Every page that the router has as everybody who is given it: axe, console and policy. What two people are given alike but for
 * numbers is opened in the browser once, and what the one has who has most to do there in looks-routes.test.ts.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { openTab, startBrowser, useSession, violationsIn } from "../../testing/browser.ts";
import { mainOf, openPageWorld, type PageWorld } from "../../testing/page-world.ts";
import { SCREENS } from "../../testing/screens.ts";

let browser: Browser;
let world: PageWorld;
beforeAll(async () => {
  [browser, world] = await Promise.all([startBrowser(), openPageWorld()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await world.portal.close();
});

/** What stands on a page, without what tells two people or two moments apart. */
const skeletonOf = (html: string) =>
  (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html).replace(/value="[^"]*"|[0-9]+/g, "");

test("no page has a fault as whoever is given it", async () => {
  const { portal, people, readers } = world;
  const faults: string[] = [];
  const read = async (route: string, path: string, name: string) => {
    const answer = await fetch(portal.url + path, { headers: { Cookie: people[name]?.cookie ?? "" } });
    if (answer.status !== 200) faults.push(`${route} of ${name}: ${answer.status}`);
    return `${route} ${skeletonOf(await answer.text())}`;
  };
  const opened = new Set<string>();
  for (const [route, each] of readers)
    if (each.who.length > 0) opened.add(await read(route, each.path, mainOf(each)));
  for (const name of ["", ...Object.keys(people)]) {
    const { page, complaints, context } = await openTab(browser, SCREENS.wide);
    try {
      if (name !== "") await useSession(context, portal.url, people[name]?.cookie ?? "");
      for (const [route, { path }] of [...readers].filter(([, { who }]) => who.includes(name))) {
        const skeleton = await read(route, path, name);
        if (opened.has(skeleton)) continue;
        opened.add(skeleton);
        await page.goto(portal.url + path);
        faults.push(...(await violationsIn(page)).map((fault) => `${route} of ${name}: ${fault}`));
      }
      faults.push(...complaints);
    } finally {
      await context.close();
    }
  }
  expect(faults).toEqual([]);
}, 600_000);
