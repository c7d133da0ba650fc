/** A version that is yanked and an app that is taken out of the lists and deprecated, in a browser, and what a visitor sees of it. */
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
