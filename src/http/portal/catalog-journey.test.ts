/** The store's pages in a browser: what a visitor meets, and what there is besides for who signs in and is in a group. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { type Portal, startPortal } from "../../testing/portal.ts";
import { publishShownApps, SHOWN, type ShownApps, versionRow } from "../../testing/shown-apps.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
let portal: Portal;
let world: ShownApps;
beforeAll(async () => {
  browser = await startBrowser();
  portal = await startPortal();
  world = await publishShownApps(portal);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await portal.close();
});

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("from the front page to the file of an app that is for one's group", async () => {
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const names = () => page.locator(".store-card :is(h2, h3)").allInnerTexts();
    try {
      await page.goto(portal.url);
      expect(await names()).toEqual([SHOWN.public.name]);
      await page.getByRole("link", { name: "All apps" }).click();
      await page.getByRole("heading", { level: 1, name: "Apps" }).waitFor();
      expect(await names()).toEqual([SHOWN.public.name]);
      await looksWell();

      const box = page.getByRole("searchbox", { name: "Search apps" });
      await box.fill("damson");
      if (!javaScriptEnabled) await box.press("Enter");
      await page.getByText("No app for “damson”").waitFor();
      await looksWell();
      await page.getByRole("link", { name: "All apps", exact: true }).first().click();

      await useSession(context, portal.url, world.askers.member.cookie ?? "");
      await page.goto(`${portal.url}/catalog`);
      await box.fill("damsno ledgre");
      if (!javaScriptEnabled) await box.press("Enter");
      await page.getByText(/\d apps? for “damsno ledgre”/).waitFor();
      expect((await names())[0]).toBe(SHOWN.group.name);
      expect(page.url()).toContain("q=damsno");
      expect(await box.inputValue()).toBe("damsno ledgre");
      await looksWell();
      await page.goto(`${portal.url}/catalog`);
      expect((await names()).sort()).toEqual(
        Object.values(SHOWN)
          .map(({ name }) => name)
          .sort(),
      );
      await looksWell();
      const card = page.locator(".store-card", { hasText: SHOWN.group.name });
      await card.getByText("Only for your groups").waitFor();
      // The picture is there, too, and not only its frame.
      const icon = card.locator("img");
      await icon.scrollIntoViewIfNeeded();
      const src = await icon.getAttribute("src");
      expect((await page.request.get(portal.url + src)).status()).toBe(200);
      await card.getByRole("link", { name: SHOWN.group.name }).click();
      await page.getByRole("heading", { level: 1, name: SHOWN.group.name }).waitFor();
      await page.getByText("once it is in one of the groups that it is for").waitFor();
      await page.getByText(`mosis device install ${SHOWN.group.id}`).waitFor();
      await looksWell();
      const coming = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download", exact: true }).click();
      const file = await (await coming).path();
      const sha256 = new Bun.CryptoHasher("sha256").update(readFileSync(file)).digest("hex");
      expect(sha256).toBe(versionRow(portal.store, world.versions.group).releasedSha256 ?? "");

      // Signed out, the back button shows nothing of it: the page is asked for again.
      await context.clearCookies();
      const again = await page.reload();
      expect(again?.status()).toBe(404);
      expect(await page.content()).not.toContain(SHOWN.group.name);
      expect(complaints.filter((complaint) => !/status of 404/.test(complaint))).toEqual([]);
    } finally {
      await context.close();
    }
  }, 90_000);
});
