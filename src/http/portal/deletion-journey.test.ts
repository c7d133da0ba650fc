/** Getting one's data and deleting one's account, in a browser with scripts and without. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { eraseDue } from "../../accounts/deletion/erase.ts";
import { removeMember } from "../../accounts/members.ts";
import { handOver } from "../../accounts/messages/hand-over.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { accountById } from "../../accounts/records.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, PASSWORD, startPortal } from "../../testing/portal.ts";
import { testClock } from "../../testing/store.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("a person gets their data, is told what hinders, deletes the account, keeps it, and deletes it for good", async () => {
    const clock = testClock();
    const portal = await startPortal({}, clock);
    const { store, url } = portal;
    const noFaults = async (page: Page) => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    const organisation = newOrganisation(store, "Lovelace");
    const ada = await newPerson(store, "Ada Other", { organisations: [[organisation, "owner"]] });
    const bea = await newPerson(store, "Bea Byte", { organisations: [[organisation, "developer"]] });
    const { page, context } = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(context, url, ada.cookie);
      // So long after the sign-in the person shows again who they are.
      clock.advance(16 * 60_000);
      await page.goto(`${url}/account`);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        (async () => {
          await page.getByRole("button", { name: "Get the file" }).click();
          await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
          await page.getByRole("button", { name: "Go on" }).click();
        })(),
      ]);
      const file = JSON.parse(readFileSync(await download.path(), "utf8"));
      expect(file.account.email).toBe(ada.email);

      await page.goto(`${url}/account`);
      await page.getByRole("link", { name: "Delete your account…" }).click();
      await heading(page, "Delete your account").waitFor();
      await page.getByRole("link", { name: "Lovelace" }).waitFor();
      await noFaults(page);
      expect(await page.getByRole("button", { name: "Delete my account" }).count()).toBe(0);
      removeMember(store, OPERATOR, { organisationId: organisation, accountId: bea.accountId });

      await page.reload();
      await noFaults(page);
      await page.getByLabel("The address of your account").fill("somebody@example.org");
      await page.getByRole("button", { name: "Delete my account" }).click();
      await page.getByRole("alert").getByText("This is not the address of the account").waitFor();
      await page.getByLabel("The address of your account").fill(ada.email);
      await page.getByRole("button", { name: "Delete my account" }).click();
      await page.getByText("Your account will be deleted.").waitFor();
      expect((await page.goto(`${url}/account`))?.url()).toContain("/sign-in");

      const message = listMessages(store, OPERATOR, { limit: 9 }).items.find(({ link }) => link === "keep");
      const link = handOver(store, OPERATOR, message?.id ?? ("" as never), url).url;
      await page.goto(link);
      await heading(page, "Keep your account?").waitFor();
      await noFaults(page);
      await page.getByRole("button", { name: "Keep the account" }).click();
      await page.getByText("Your account stays.").waitFor();
      expect((await page.goto(link))?.status()).toBe(403);

      await page.goto(`${url}/sign-in?next=/account/delete`);
      await page.getByLabel("Email address").fill(ada.email);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("The address of your account").fill(ada.email);
      await page.getByRole("button", { name: "Delete my account" }).click();
      await page.getByText("Your account will be deleted.").waitFor();
      clock.advance(7 * 86_400_000);
      await eraseDue(store);
      expect(accountById(store.db.orm, ada.accountId)).toBeUndefined();
    } finally {
      await context.close();
      await portal.close();
    }
  });
});
