/** Versions of an app in a browser: one that is yanked, with the app taken out of the lists and deprecated, and what a visitor sees of it; and two that are compared. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { listApps } from "../../catalog/app-list/list.ts";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
let portal: Portal;
beforeAll(async () => {
  browser = await startBrowser();
  portal = await startPortal();
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

const REASON = "Loses drafts when the device sleeps.";

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an owner yanks a version and takes the app out of the lists, and gives both back", async () => {
    const { store, url } = portal;
    const word = javaScriptEnabled ? "kiosk" : "testers";
    const organisation = newOrganisation(store, `Works ${word}`);
    const owner = await newPerson(store, `Mara ${word}`, { organisations: [[organisation, "owner"]] });
    const signer = await newSigner(store, owner.actor);
    const id = `org.example.${word}` as AppId;
    const other = `org.example.${word}.next` as AppId;
    for (const [appId, code] of [
      [id, 1],
      [id, 2],
      [other, 1],
    ] as const) {
      const name = { en: appId === id ? `Drafts ${word}` : `Journal ${word}` };
      const manifest = { id: appId, versionCode: code, version: `${code}.0.0`, name };
      const sent = await submitBytes(store, owner.actor, await signedApp(store, signer, manifest));
      await portal.scheduler.drain();
      approve(store, reviewer(), sent.id, {});
      await portal.scheduler.drain();
    }
    const newest = listApps(store, owner.actor, { limit: 9 }).items.find(
      (app) => app.id === id,
    )?.newestVersion;
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    try {
      await useSession(context, url, owner.cookie);
      await page.goto(`${url}/apps/${id}/versions/${newest?.id}`);
      await page.getByRole("link", { name: /^Yank/ }).click();
      await page.getByText("Who installs the app from now on gets version 1.0.0.").waitFor();
      await looksWell();
      await page.getByLabel("Reason").fill("   ");
      await page.getByRole("button", { name: "Yank" }).click();
      await page.getByText("Say why, in one line").first().waitFor();
      await looksWell();
      await page.getByLabel("Reason").fill(REASON);
      await page.getByRole("button", { name: "Yank" }).click();
      await page.getByText("This version is yanked").waitFor();
      await page.getByText(REASON).waitFor();
      await looksWell();
      await page.goto(`${url}/catalog/${id}`);
      await page.getByText("Not offered any more").waitFor();
      await page.getByText(REASON).waitFor();
      await looksWell();
      await page.goto(`${url}/apps/${id}/versions/${newest?.id}`);
      await page.locator("summary", { hasText: "Offer again" }).click();
      await page.getByRole("button", { name: "Offer again" }).click();
      await page.getByText("Offered again.").waitFor();
      expect(await page.getByText(REASON).count()).toBe(0);

      await page.goto(`${url}/apps/${id}?part=listing`);
      await page.getByRole("link", { name: "Deprecate" }).click();
      await page.getByLabel("What people should know").fill("Journal does more.");
      await page.getByLabel("App to use instead").fill("org.example.nothing");
      await page.getByRole("button", { name: "Deprecate" }).click();
      await page.getByText("There is no app org.example.nothing").first().waitFor();
      expect(await page.getByLabel("What people should know").inputValue()).toBe("Journal does more.");
      await looksWell();
      await page.getByLabel("App to use instead").fill(other);
      await page.getByRole("button", { name: "Deprecate" }).click();
      await page.getByText("Deprecated: Journal does more.").waitFor();
      await looksWell();
      await page.locator("summary", { hasText: "Take out of the lists" }).click();
      await page.getByRole("button", { name: "Take out of the lists" }).click();
      await page.getByText("It stands in no list any more.").waitFor();

      // What a visitor meets: it is in no list, and its address says what to use.
      await context.clearCookies();
      await page.goto(`${url}/catalog?q=drafts`);
      expect(await page.getByRole("link", { name: `Drafts ${word}` }).count()).toBe(0);
      await page.goto(`${url}/catalog/${id}`);
      await page.getByText("Journal does more.").waitFor();
      await looksWell();
      await page.getByRole("link", { name: `Use Journal ${word} instead` }).click();
      await page.getByRole("heading", { level: 1, name: `Journal ${word}` }).waitFor();

      await useSession(context, url, owner.cookie);
      await page.goto(`${url}/apps/${id}?part=listing`);
      await page.locator("summary", { hasText: "List again" }).click();
      await page.getByRole("button", { name: "List again" }).click();
      await page.getByText("It stands in the store’s lists again.").waitFor();
      await page.locator("summary", { hasText: "Take it back" }).click();
      await page.getByRole("button", { name: "Take it back" }).click();
      await page.getByText("You advise nobody against it.").waitFor();
      await looksWell();
      expect(complaints.filter((complaint) => !/status of 4(?:00|22)/.test(complaint))).toEqual([]);
    } finally {
      await context.close();
    }
  }, 120_000);
});

test("two versions are compared, others chosen and a file opened without the page being loaded anew, and the way back leads through them", async () => {
  const { store, url } = portal;
  const organisation = newOrganisation(store, "Comparers");
  const owner = await newPerson(store, "Cora Compares", { organisations: [[organisation, "owner"]] });
  const signer = await newSigner(store, owner.actor);
  const id = "org.example.compared" as AppId;
  const ids: string[] = [];
  for (const versionCode of [1, 2, 3]) {
    // More than are shown at once.
    const files = Array.from(
      { length: 8 },
      (_, n) =>
        [`lua/part${n}.lua`, new TextEncoder().encode(`return "part ${n} of ${versionCode}"\n`)] as const,
    );
    const manifest = { id, versionCode, version: `${versionCode}.0.0` };
    const bytes = await signedApp(store, signer, manifest, new Map(files));
    ids.push((await submitBytes(store, owner.actor, bytes, { submit: false })).id);
  }
  await portal.scheduler.drain();
  const [first = "", second = "", third = ""] = ids;
  const { page, context, complaints } = await openTab(browser);
  const pair = async () => [
    ...new URL(page.url()).searchParams.values(),
    await page.getByLabel("From").inputValue(),
    await page.getByLabel("To", { exact: true }).inputValue(),
  ];
  const isSame = () => page.evaluate(() => Reflect.get(window, "seen") === true);
  const atHeading = () => page.evaluate(() => document.activeElement?.matches("#main h1"));
  try {
    await useSession(context, url, owner.cookie);
    await page.goto(`${url}/apps/${id}/compare?from=${first}&to=${second}`);
    await page.evaluate(() => Reflect.set(window, "seen", true));
    await page.getByLabel("To", { exact: true }).selectOption(third);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(new RegExp(`to=${third}`));
    expect([await pair(), await atHeading()]).toEqual([[first, third, first, third], true]);
    await page.getByRole("link", { name: "The other way round" }).click();
    await page.waitForURL(new RegExp(`from=${third}`));
    expect([await pair(), await atHeading()]).toEqual([[third, first, third, first], true]);

    // What is opened stands in its place: the address and the focus stay.
    const before = page.url();
    const open = page.getByRole("link", { name: /^Show changes/ }).first();
    await open.focus();
    await page.keyboard.press("Enter");
    await page
      .getByText(/part \d of 3/)
      .nth(5)
      .waitFor();
    expect(page.url()).toBe(before);
    expect(await open.evaluate((link) => link === document.activeElement)).toBe(true);
    expect(await faultsOf(page)).toEqual([]);

    for (const [from, to] of [
      [first, third],
      [first, second],
    ] as const) {
      await page.evaluate(() => history.back());
      await page.waitForURL(new RegExp(`from=${from}&to=${to}`));
      await page.locator(`#field-to option[value="${to}"]:checked`).waitFor({ state: "attached" });
      expect(await pair()).toEqual([from, to, from, to]);
    }

    // The parts of the app's page are links to it, and the one that is shown says so.
    await page.locator(`main a[href="/apps/${id}"]`).first().click();
    const tab = page.getByRole("link", { name: "Listing", exact: true });
    await tab.click();
    await page.waitForURL(/part=listing/);
    expect(await tab.getAttribute("aria-current")).toBe("page");
    await page.evaluate(() => history.back());
    await page.waitForURL(new RegExp(`/apps/${id}$`));
    await page.locator('main nav a[aria-current="page"]:not([href*="part=listing"])').waitFor();
    expect([await isSame(), complaints]).toEqual([true, []]);
  } finally {
    await context.close();
  }
}, 60_000);
