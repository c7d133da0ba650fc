/**
 * The store front in a browser: what a visitor meets, and what there is besides for who signs in and is in a group; and how an
 * administrator puts apps into categories and collections.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
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

const group = (page: Page, language: string) => page.getByRole("group", { name: language, exact: true });

/** With script the lists of the front page make room for what is found while one types, and come back; without it a page of its own has it. */
async function foundOnTheFrontPage(page: Page, isScripted: boolean): Promise<void> {
  const [word = ""] = SHOWN.public.name.split(" ");
  const box = page.getByRole("searchbox", { name: "Search apps" });
  const newest = page.getByRole("region", { name: "New in the store" });
  await box.fill(word);
  if (!isScripted) await box.press("Enter");
  await page.getByText(`1 app for “${word}”`).waitFor();
  expect(await newest.count()).toBe(0);
  expect(page.url()).toBe(`${portal.url}/${isScripted ? "" : "catalog"}?q=${word}`);
  await page.getByRole("link", { name: SHOWN.public.name }).click();
  await page.getByRole("heading", { level: 1, name: SHOWN.public.name }).waitFor();
  await page.goBack();
  await page.getByText(`1 app for “${word}”`).waitFor();
  if (!isScripted) return;
  expect(await box.inputValue()).toBe(word);
  expect(await faultsOf(page)).toEqual([]);
  await box.fill("");
  await newest.waitFor();
  expect(page.url()).toBe(`${portal.url}/`);
}

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("from the front page to the file of an app that is for one's group", async () => {
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const names = () => page.locator(".store-card :is(h2, h3)").allInnerTexts();
    const newest = page.getByRole("region", { name: "New in the store" });
    try {
      await page.goto(portal.url);
      expect(await newest.locator("h3").allInnerTexts()).toEqual([SHOWN.public.name]);
      await foundOnTheFrontPage(page, javaScriptEnabled);
      await page.goto(portal.url);
      await page.getByRole("link", { name: "All apps" }).click();
      await page.getByRole("heading", { level: 1, name: "Apps" }).waitFor();
      expect(await names()).toEqual([SHOWN.public.name]);
      await looksWell();

      const box = page.getByRole("searchbox", { name: "Search apps" });
      await page.getByRole("link", { name: "Newest" }).click();
      await page.waitForURL(`${portal.url}/catalog?sort=newest`);
      await box.fill("damson");
      if (!javaScriptEnabled) await box.press("Enter");
      await page.getByText("No app for “damson”").waitFor();
      await looksWell();
      // Nothing is searched for any more: the order is that which was chosen.
      expect(page.url()).toContain("sort=newest");
      await box.fill("");
      if (!javaScriptEnabled) await box.press("Enter");
      await page.locator("a[aria-current=true]", { hasText: "Newest" }).waitFor();
      await page.goto(`${portal.url}/catalog?q=damson`);
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
      await page.getByRole("link", { name: "Download the package", exact: true }).click();
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

      await page.goto(`${portal.url}/apps/${SHOWN.public.id}?part=listing`);
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

      await page.goto(`${portal.url}/apps/${SHOWN.public.id}?part=listing`);
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

  test("the list of all apps is searched while one types, narrowed and put in order", async () => {
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const names = () => page.locator(".cell-main a").allInnerTexts();
    const ask = async () => {
      if (!javaScriptEnabled) await page.getByRole("button", { name: "Search" }).click();
    };
    try {
      await useSession(context, portal.url, world.askers.admin.cookie ?? "");
      await page.goto(`${portal.url}/account`);
      await page.getByRole("link", { name: "Apps", exact: true }).click();
      const box = page.getByRole("searchbox", { name: "Name or app ID" });
      await box.waitFor();
      const all = await names();
      expect(all).toEqual(all.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
      // Two words of its name, begun, the other way round.
      const words = SHOWN.group.name.toLowerCase().split(" ");
      const wanted = words
        .map((word) => word.slice(0, 3))
        .reverse()
        .join(" ");
      await box.fill(wanted);
      await ask();
      await page.getByText(/\d apps? found/).waitFor();
      expect(await names()).toContain(SHOWN.group.name);
      expect((await names()).length).toBeLessThan(all.length);
      if (javaScriptEnabled) {
        expect(await box.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
        // What it is not narrowed by is not in its address.
        expect([...new URL(page.url()).searchParams.keys()].sort()).toEqual(["search", "sort"]);
        expect(await faultsOf(page)).toEqual([]);
      }
      await page.getByLabel("Newest version").selectOption("Rejected");
      await ask();
      await page.getByText("No app fits").waitFor();
      expect(page.url()).toContain("state=rejected");
      // As the address says it, the page comes again; and back is where one came from.
      await page.reload();
      expect([await box.inputValue(), await page.getByLabel("Newest version").inputValue()]).toEqual([
        wanted,
        "rejected",
      ]);
      if (javaScriptEnabled) {
        await page.goBack();
        await page.waitForURL(`${portal.url}/account`);
        await page.goForward();
        await page.getByText("No app fits").waitFor();
      }
      await page.getByRole("link", { name: "All apps", exact: true }).click();
      await page.getByRole("link", { name: SHOWN.group.name }).waitFor();
      expect(await names()).toEqual(all);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }, 120_000);

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
      await page.getByLabel("Until").fill("2000-01-01T00:00");
      await page.getByLabel("Shown from").fill("2001-01-01T00:00");
      await page.getByRole("button", { name: "Save" }).click();
      const until = page.getByLabel("Until");
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
