/** Categories in a browser: an administrator makes one, says what is in it and merges it, and a visitor finds apps by it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
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

const group = (page: Page, language: string) => page.getByRole("group", { name: language, exact: true });

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("from a new category to an app in it, and back into another one", async () => {
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const id = javaScriptEnabled ? "book-keeping" : "books";
    try {
      await useSession(context, portal.url, world.askers.admin.cookie ?? "");
      await page.goto(`${portal.url}/admin/categories`);
      await page.getByLabel("Id", { exact: true }).fill("Books!");
      await group(page, "English").getByLabel("Name").fill(`Ledgers ${id}`);
      await group(page, "Another language").getByLabel("Language tag").fill("FR");
      await group(page, "Another language").getByLabel("Name").fill(`Comptes ${id}`);
      await page.getByText("Palette").click();
      await page.getByRole("button", { name: "Make the category" }).click();
      await page.getByText("2 things to mend").or(page.getByRole("alert")).first().waitFor();
      // Beside the fields that are meant, with all that was typed.
      const [idField, tag] = [page.getByLabel("Id", { exact: true }), page.getByLabel("Language tag")];
      expect(await idField.getAttribute("aria-invalid")).toBe("true");
      expect([await tag.getAttribute("aria-invalid"), await tag.inputValue()]).toEqual(["true", "FR"]);
      expect(await group(page, "English").getByLabel("Name").inputValue()).toBe(`Ledgers ${id}`);
      await looksWell();
      await idField.fill(id);
      await tag.fill("fr");
      await page.getByRole("button", { name: "Make the category" }).click();
      await page.getByText("The category is made.").waitFor();
      await page.getByRole("link", { name: `Ledgers ${id}` }).click();
      expect(await group(page, "Français").getByLabel("Name").inputValue()).toBe(`Comptes ${id}`);
      await looksWell();

      await page.goto(`${portal.url}/apps/${SHOWN.public.id}`);
      await page.getByText("In Finance, as its package says.").waitFor();
      await page.getByLabel("Show it under").selectOption(id);
      await page.getByLabel("Show it under").locator("xpath=ancestor::form").getByRole("button").click();
      await page.getByText(`In Ledgers ${id}, as it was chosen here.`).waitFor();

      const visitor = await openTab(browser, { javaScriptEnabled });
      const there = visitor.page;
      await there.goto(`${portal.url}/catalog`);
      await there.getByRole("link", { name: `Ledgers ${id}` }).click();
      await there.getByRole("heading", { level: 1, name: `Ledgers ${id}` }).waitFor();
      const names = () => there.locator(".store-card :is(h2, h3)").allInnerTexts();
      expect(await names()).toEqual([SHOWN.public.name]);
      if (javaScriptEnabled) expect(await faultsOf(there)).toEqual([]);
      const box = there.getByRole("searchbox", { name: `Search in Ledgers ${id}` });
      await box.fill("qiunce");
      if (!javaScriptEnabled) await box.press("Enter");
      await there.getByText("1 app for “qiunce”").waitFor();
      expect(there.url()).toContain(`/catalog/categories/${id}?q=qiunce`);
      await there.getByRole("link", { name: "All categories" }).click();
      await there.waitForURL(/\/catalog\?q=qiunce$/);

      await page.goto(`${portal.url}/admin/categories/${id}`);
      await page.getByLabel("Into").selectOption("finance");
      await page.getByRole("button", { name: "Merge", exact: true }).click();
      await page.getByText(`The app in Ledgers ${id} will be in Finance.`).waitFor();
      await page.getByRole("button", { name: "Merge", exact: true }).click();
      await page.getByText("The categories are merged.").waitFor();
      await there.goto(`${portal.url}/catalog/categories/${id}`);
      expect(there.url()).toBe(`${portal.url}/catalog/categories/finance`);
      expect(await names()).toEqual([SHOWN.public.name]);

      await page.goto(`${portal.url}/apps/${SHOWN.public.id}`);
      await page.getByText("In Finance, as it was chosen here.").waitFor();
      await page.getByLabel("Show it under").selectOption("");
      await page.getByLabel("Show it under").locator("xpath=ancestor::form").getByRole("button").click();
      await page.getByText("In Finance, as its package says.").waitFor();
      expect([...complaints, ...visitor.complaints].filter((line) => !/status of 422/.test(line))).toEqual(
        [],
      );
      await visitor.context.close();
    } finally {
      await context.close();
    }
  }, 120_000);
});
