/** A form that somebody has typed into is not left without a question, in a browser. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { createApp } from "../../catalog/apps.ts";
import { LISTING_LIMITS } from "../../catalog/store-listing/document.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";

const FORM = "/apps/com.northwind.typed/store-listing";
let browser: Browser;
let portal: Portal;
let person: Person;
beforeAll(async () => {
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
  const organisation = newOrganisation(portal.store);
  person = await newPerson(portal.store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  createApp(portal.store, person.actor, { id: "com.northwind.typed", name: "Typed" });
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

const summary = (page: Page) => page.locator("#field-summary");
const question = (page: Page) => page.getByRole("dialog", { name: "Leave without saving?" });
const pathOf = (page: Page) => new URL(page.url()).pathname;

test("a changed form asks before a link, the way back and the browser leave it; one that is saved and a filter do not", async () => {
  const { context, page, complaints } = await openTab(browser);
  await useSession(context, portal.url, person.cookie);
  await page.goto(`${portal.url}/dashboard`);
  await page.goto(`${portal.url}/apps/com.northwind.typed?part=listing`);
  await page.locator(`main a[href="${FORM}"]`).first().click();
  await summary(page).waitFor();

  // A link that htmx follows: staying, by Escape, keeps what was typed and the focus.
  await summary(page).fill("Typed with care");
  await page.locator('a[href="/dashboard"]').first().click();
  await question(page).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(await page.evaluate(() => document.activeElement?.matches("[data-leave-stay]"))).toBe(true);
  await page.keyboard.press("Escape");
  await question(page).waitFor({ state: "hidden" });
  expect([pathOf(page), await summary(page).inputValue()]).toEqual([FORM, "Typed with care"]);

  // So does the way back.
  await page.evaluate(() => history.back());
  await question(page).getByRole("button", { name: "Stay on this page" }).click();
  expect([pathOf(page), await summary(page).inputValue()]).toEqual([FORM, "Typed with care"]);

  // The browser asks where a page is left for good.
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked += 1;
    expect(dialog.type()).toBe("beforeunload");
    return dialog.dismiss();
  });
  await page.evaluate(() => location.assign("/docs")).catch(() => {});
  while (asked === 0) await Bun.sleep(20);
  expect([pathOf(page), await summary(page).inputValue()]).toEqual([FORM, "Typed with care"]);

  // Whoever leaves all the same goes where they wanted to.
  await page.locator('a[href="/dashboard"]').first().click();
  await question(page).getByRole("button", { name: "Leave without saving" }).click();
  await page.waitForURL(`${portal.url}/dashboard`);

  // Saved, and what is as it was served, asks nothing.
  await page.goto(portal.url + FORM);
  await summary(page).fill("Saved");
  await page.locator(`form[action="${FORM}"] button.is-primary`).first().click();
  await page.getByRole("status").filter({ hasText: "saved" }).waitFor();
  expect(await summary(page).inputValue()).toBe("Saved");
  await page.locator('a[href="/dashboard"]').first().click();
  await page.waitForURL(`${portal.url}/dashboard`);

  // What came back since it was wrong is not saved either, and is what the page was served with.
  await page.goto(portal.url + FORM);
  await summary(page).fill("x".repeat(LISTING_LIMITS.summaryCharacters + 1));
  await page.locator(`form[action="${FORM}"] button.is-primary`).first().click();
  await page.locator("#field-summary[aria-invalid=true]").waitFor();
  complaints.length = 0; // that it was refused
  await page.locator('a[href="/dashboard"]').first().click();
  await question(page).getByRole("button", { name: "Leave without saving" }).click();
  await page.waitForURL(`${portal.url}/dashboard`);

  // A filter asks nothing.
  await page.goto(`${portal.url}/catalog`);
  await page.locator('main input[type="search"]').first().fill("typed");
  await page.locator('a[href="/dashboard"]').first().click();
  await page.waitForURL(`${portal.url}/dashboard`);
  expect([asked, pathOf(page), complaints]).toEqual([1, "/dashboard", []]);
  await context.close();
}, 60_000);
