/** Collections in a browser: an administrator makes one by keyboard, and a visitor meets what of it they may see. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { type Portal, startPortal } from "../../testing/portal.ts";
import { publishShownApps, SHOWN, type ShownApps } from "../../testing/shown-apps.ts";
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
  test("from a new collection to its apps on the front page, in the order that was chosen", async () => {
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const id = javaScriptEnabled ? "field-kit" : "field-work";
    const names = () =>
      page
        .getByRole("table", { name: /^Apps \(/ })
        .locator("tbody strong")
        .allInnerTexts();
    try {
      await useSession(context, portal.url, world.askers.admin.cookie ?? "");
      await page.goto(`${portal.url}/admin/collections`);
      await page.getByLabel("Id", { exact: true }).fill(id);
      await page.getByRole("group", { name: "English" }).getByLabel("Name").fill(`Kit ${id}`);
      await page.getByRole("button", { name: "Make the collection" }).click();
      await page.getByText("The collection is made").waitFor();

      // Found by a slip in its name; the other, which an administrator meets in no list, by its id.
      for (const asked of ["qiunce", SHOWN.group.id]) {
        const box = page.getByRole("searchbox", { name: "Search by name or id" });
        await box.fill(asked);
        if (!javaScriptEnabled) await box.press("Enter");
        const added = asked === SHOWN.group.id ? SHOWN.group.name : SHOWN.public.name;
        const button = page.getByRole("button", { name: `Add ${added}` });
        await button.focus();
        await page.keyboard.press("Enter");
        await button.waitFor({ state: "detached" });
        await page.getByText("Already in it").first().waitFor();
      }
      expect(await names()).toEqual([SHOWN.public.name, SHOWN.group.name]);

      // By the keyboard alone; with scripts the focus stays with what was moved.
      await page.getByRole("button", { name: `Earlier ${SHOWN.group.name}` }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: `Earlier ${SHOWN.public.name}` }).waitFor();
      expect(await names()).toEqual([SHOWN.group.name, SHOWN.public.name]);
      if (javaScriptEnabled) {
        const later = page.getByRole("button", { name: `Later ${SHOWN.group.name}` });
        expect(await later.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
        expect(await faultsOf(page)).toEqual([]);
      } else expect(page.url()).toEndWith(`#row-${SHOWN.group.id}`);

      await page.getByLabel("Published").check();
      await page.getByLabel("Until (UTC)").fill("2000-01-01T00:00");
      await page.getByLabel("Shown from (UTC)").fill("2001-01-01T00:00");
      await page.getByRole("button", { name: "Save" }).click();
      const until = page.getByLabel("Until (UTC)");
      await page.getByRole("alert").waitFor();
      expect([await until.getAttribute("aria-invalid"), await until.inputValue()]).toEqual([
        "true",
        "2000-01-01T00:00",
      ]);
      await until.fill("");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The collection is changed.").waitFor();
      await page.getByText("Shown", { exact: true }).waitFor();

      const visitor = await openTab(browser, { javaScriptEnabled });
      const there = visitor.page;
      const cards = () => there.locator(".store-card :is(h2, h3)").allInnerTexts();
      await there.goto(portal.url);
      const row = there.getByRole("region", { name: `Kit ${id}` });
      expect(await row.locator("h3").allInnerTexts()).toEqual([SHOWN.public.name]);
      await there.goto(`${portal.url}/catalog/collections/${id}`);
      expect(await cards()).toEqual([SHOWN.public.name]);
      await useSession(visitor.context, portal.url, world.askers.member.cookie ?? "");
      await there.reload();
      expect(await cards()).toEqual([SHOWN.group.name, SHOWN.public.name]);
      expect([...complaints, ...visitor.complaints].filter((line) => !/status of 422/.test(line))).toEqual(
        [],
      );
      await visitor.context.close();
    } finally {
      await context.close();
    }
  }, 120_000);
});
