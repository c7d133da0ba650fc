/** Lost keys in a browser, with scripts and without: one owner asks, another stops it; asked again, an administrator approves. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { createSession, SESSION_COOKIE } from "../../accounts/sessions.ts";
import type { OrganisationId } from "../../ids.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner } from "../../testing/publishing.ts";
import { liveThrough } from "../../testing/running.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import { type TestClock, testClock } from "../../testing/store.ts";
import { waysOf } from "../../testing/ways.ts";
import { DAY_MS } from "../../time.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

type World = {
  readonly clock: TestClock;
  readonly portal: Portal;
  readonly sample: SampleStore;
  readonly second: Person;
};

async function openWorld(): Promise<World> {
  const clock = testClock();
  const portal = await startPortal({}, clock);
  const sample = await fillStore(portal);
  const [organisation] = sample.people.developer.actor.organisations.keys();
  const second = await newPerson(portal.store, "Olga Second", {
    organisations: [[organisation as OrganisationId, "owner"]],
  });
  await newSigner(portal.store, sample.people.developer.actor);
  return { clock, portal, sample, second };
}

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** From the list of keys to the recovery's page. What axe finds is asked where scripts run: it is one. */
async function ask(page: Page, url: string, reason: string, scripts: boolean): Promise<void> {
  await page.goto(`${url}/keys`);
  await page.getByRole("link", { name: "Recover lost keys" }).click();
  await heading(page, "Recover lost keys").waitFor();
  if (scripts) expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel("Why").fill(reason);
  await page.getByRole("button", { name: "Ask for the recovery" }).click();
  await heading(page, "Recovery of lost keys").waitFor();
  await page.getByText("Requested. Every owner is told.").waitFor();
}

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("a recovery is asked for, stopped, asked for again, and approved after its time", async () => {
    const { clock, portal, sample, second } = await openWorld();
    const { store, url } = portal;
    const mara = await openTab(browser, { javaScriptEnabled });
    const olga = await openTab(browser, { javaScriptEnabled });
    const ada = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(mara.context, url, sample.people.developer.cookie);
      await useSession(olga.context, url, second.cookie);
      await ask(mara.page, url, "The laptop was stolen.", javaScriptEnabled);
      await mara.page.getByText("Waiting", { exact: true }).waitFor();

      // The other owner finds it on the dashboard, without having been sent anything.
      await olga.page.goto(`${url}/dashboard`);
      await olga.page.getByRole("link", { name: /The signing keys of .* are said to be lost/ }).click();
      await heading(olga.page, "Recovery of lost keys").waitFor();
      await olga.page.getByText("The laptop was stolen.").waitFor();
      if (javaScriptEnabled) expect(await faultsOf(olga.page)).toEqual([]);
      await olga.page.getByLabel("Why").fill("The key is in the safe.");
      await olga.page.getByRole("button", { name: "Stop recovery" }).click();
      await olga.page.getByText("Stopped by an owner", { exact: true }).waitFor();
      expect(await olga.page.getByRole("button", { name: "Stop recovery" }).count()).toBe(0);

      // Who tells the others is told as well; the message stays until it is put away.
      await olga.page.goto(`${url}/dashboard`);
      const told = olga.page.getByRole("link", { name: /signing keys of/ });
      expect(await told.count()).toBe(2);
      await olga.page.getByRole("button", { name: "Put away" }).first().click();
      await told.nth(1).waitFor({ state: "detached" });

      await ask(mara.page, url, "The safe is empty.", javaScriptEnabled);
      const signInAda = async () => {
        const { accountId } = sample.people.administrator;
        const from = { address: "127.0.0.1", userAgent: "test" };
        const { secret } = await createSession(store, accountId, from);
        await useSession(ada.context, url, `${SESSION_COOKIE}=${secret}`);
      };
      // A clock that is set ahead ends no waiting time.
      clock.advance(7 * DAY_MS);
      await signInAda();
      await ada.page.goto(`${url}/admin/recoveries`);
      await ada.page.getByRole("link", { name: sample.apps.published }).first().click();
      await ada.page.getByText("The store did not run through the waiting time").waitFor();
      await ada.page.getByText("once the store has run on 6 more days").waitFor();
      if (javaScriptEnabled) expect(await faultsOf(ada.page)).toEqual([]);
      expect(await ada.page.getByRole("button", { name: "Approve recovery" }).count()).toBe(0);
      liveThrough({ db: store.db, vault: store.vault, clock }, 6);
      await portal.scheduler.drain();
      await signInAda();
      await ada.page.goto(`${url}/admin/recoveries`);
      await ada.page.getByText("Can be approved", { exact: true }).waitFor();
      await ada.page.getByRole("link", { name: sample.apps.published }).first().click();
      await heading(ada.page, "Recovery of lost keys").waitFor();
      if (javaScriptEnabled) expect(await faultsOf(ada.page)).toEqual([]);
      await ada.page.getByLabel("A word to the owners").fill("Mara confirmed it by telephone.");
      await ada.page.getByRole("button", { name: "Approve recovery" }).click();
      await ada.page.getByText("Approved. Devices follow at their next refresh.").waitFor();
      await ada.page.getByText("Mara confirmed it by telephone.").waitFor();
      await ada.page.goto(`${url}/admin/outbox`);
      await ada.page.getByText("The recovery of your signing keys was approved").first().waitFor();
      if (javaScriptEnabled) expect(await faultsOf(ada.page)).toEqual([]);
      expect([...mara.complaints, ...olga.complaints, ...ada.complaints]).toEqual([]);
    } finally {
      await Promise.all([mara.context.close(), olga.context.close(), ada.context.close()]);
      await portal.close();
    }
  }, 90_000);
});
