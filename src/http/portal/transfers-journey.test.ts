/** An app changes hands between two people at their browsers, with scripts and without. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { createApp } from "../../catalog/apps.ts";
import { findApp } from "../../catalog/records.ts";
import type { AppId } from "../../ids.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, PASSWORD, startPortal } from "../../testing/portal.ts";
import { testClock } from "../../testing/store.ts";
import { waysOf } from "../../testing/ways.ts";

const APP = "com.example.given" as AppId;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an owner offers an app, takes that back, offers it again, and the other accepts", async () => {
    const clock = testClock();
    const portal = await startPortal({}, clock);
    const { store, url } = portal;
    const noFaults = async (page: Page) => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const [from, to] = [newOrganisation(store, "Northwind"), newOrganisation(store, "Harbour Tools")];
    // Two of one name that she sees.
    const twins = [1, 2].map(() => [newOrganisation(store, "Twins"), "viewer"] as const);
    const ada = await newPerson(store, "Ada Giver", { organisations: [[from, "owner"], ...twins] });
    const bea = await newPerson(store, "Bea Taker", { organisations: [[to, "owner"]] });
    createApp(store, ada.actor, { id: APP, name: "Notes", organisationId: from });
    const gives = await openTab(browser, { javaScriptEnabled });
    const takes = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(gives.context, url, ada.cookie);
      await useSession(takes.context, url, bea.cookie);
      // So long after the sign-in each shows again who they are.
      clock.advance(16 * 60_000);
      const { page } = gives;
      const prove = async (tab: Page) => {
        await tab.getByLabel("Password", { exact: true }).fill(PASSWORD);
        await tab.getByRole("button", { name: "Go on" }).click();
      };
      const offer = async () => {
        await page.goto(`${url}/apps/${APP}`);
        await page.getByRole("link", { name: "Settings", exact: true }).click();
        await page.getByRole("link", { name: "Offer the app" }).click();
        await heading(page, "Offer Notes to another organisation").waitFor();
      };
      await offer();
      await noFaults(page);
      await page.getByLabel("Organisation").fill("Northwind");
      await page.getByRole("button", { name: "Offer the app" }).click();
      await prove(page);
      await page.getByRole("alert").getByText("is of that organisation already").waitFor();
      await page.getByLabel("Organisation").fill("Twins");
      await page.getByLabel("What they should know").fill("Kept while it is not offered.");
      await page.getByRole("button", { name: "Offer the app" }).click();
      await page
        .getByRole("alert")
        .getByText("You see more than one organisation that is called “Twins”")
        .waitFor();
      expect(await page.getByLabel("What they should know").inputValue()).toBe(
        "Kept while it is not offered.",
      );
      await page.getByLabel("Organisation").fill("Harbour Tools");
      await page.getByLabel("What they should know").fill("It is yours.");
      await page.getByRole("button", { name: "Offer the app" }).click();
      await page.getByText("The app is offered.").waitFor();
      await heading(page, "Notes: change of owner").waitFor();
      await noFaults(page);
      await page.getByRole("button", { name: "Take the offer back" }).click();
      await page.getByText("The offer is taken back.").waitFor();
      await offer();
      await page.getByLabel("Organisation").fill("Harbour Tools");
      await page.getByRole("button", { name: "Offer the app" }).click();
      await page.getByText("The app is offered.").waitFor();

      await takes.page.goto(`${url}/organisations/${to}/members`);
      await takes.page.getByRole("link", { name: "Offered apps" }).click();
      await heading(takes.page, "Offered apps").waitFor();
      await noFaults(takes.page);
      await takes.page.getByText("Taken back").waitFor();
      await takes.page
        .getByRole("row")
        .filter({ hasText: "Waits for an answer" })
        .getByRole("link", { name: "Notes" })
        .click();
      await noFaults(takes.page);
      await takes.page.getByRole("button", { name: "Accept", exact: true }).click();
      await prove(takes.page);
      await takes.page.getByText("The app is your organisation’s now.").waitFor();
      await takes.page.getByRole("link", { name: "Notes", exact: true }).click();
      await heading(takes.page, "Notes").waitFor();
      expect(findApp(store.db.orm, APP)?.organisationId).toBe(to);

      // What is over is said, also to the one whose page is old.
      await page.getByRole("button", { name: "Take the offer back" }).click();
      await page.getByText("This offer is over. It was accepted.").first().waitFor();
      expect((await page.goto(`${url}/apps/${APP}`))?.status()).toBe(404);
    } finally {
      await gives.context.close();
      await takes.context.close();
      await portal.close();
    }
  }, 60_000);
});
