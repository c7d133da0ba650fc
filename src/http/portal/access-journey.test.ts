/** How people come in, in a browser with scripts and without: invited, signed up, with a forgotten password, a new address. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { handOver } from "../../accounts/messages/hand-over.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { readAccount } from "../../accounts/people.ts";
import { createApp } from "../../catalog/apps.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  PASSWORD,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { waysOf } from "../../testing/ways.ts";

const NEW_PASSWORD = "seven green bicycles";
let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

/** The link of the newest message to that address, once it is written. */
async function linkTo({ store, url }: Portal, address: string): Promise<string> {
  // What is asked for without a session is looked into a little later.
  for (const until = Date.now() + 15_000; Date.now() < until; await Bun.sleep(50)) {
    const message = listMessages(store, OPERATOR, { limit: 50 }).items.find(
      (each) => each.address === address && each.link !== null,
    );
    if (message) return handOver(store, OPERATOR, message.id, url).url;
  }
  throw new Error(`nothing was written to ${address}`);
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

async function signIn(page: Page, url: string, email: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** What axe finds is asked where scripts run: it is one. */
const noFaults = async (page: Page) => expect(await faultsOf(page)).toEqual([]);

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an owner invites, the invited make accounts, and members change, are removed and leave", async () => {
    const portal = await startPortal();
    const { store, url } = portal;
    const organisationId = newOrganisation(store, "Lovelace");
    const owner = await newPerson(store, "Mara Owner", { organisations: [[organisationId, "owner"]] });
    for (const name of ["Notes", "Clock"])
      createApp(store, OPERATOR, { id: `org.example.${name.toLowerCase()}`, name, organisationId });
    const mara = await openTab(browser, { javaScriptEnabled });
    const guest = await openTab(browser, { javaScriptEnabled });
    try {
      await useSession(mara.context, url, owner.cookie);
      await mara.page.goto(`${url}/account`);
      await mara.page.getByRole("link", { name: "Lovelace" }).click();
      await heading(mara.page, "People of Lovelace").waitFor();
      if (javaScriptEnabled) await noFaults(mara.page);
      await mara.page.getByLabel("Email address").fill("nobody");
      await mara.page.getByLabel("Email address").evaluate((field: HTMLInputElement) => {
        field.type = "text";
      });
      await mara.page.getByRole("button", { name: "Invite" }).click();
      await mara.page.getByRole("alert").getByText("An address looks like").waitFor();
      expect(await mara.page.getByLabel("Email address").inputValue()).toBe("nobody");
      await mara.page.getByLabel("Email address").fill("bea@example.org");
      await mara.page.getByLabel("Role", { exact: true }).selectOption("maintainer");
      await mara.page.getByRole("button", { name: "Invite" }).click();
      await mara.page.getByText("Invited. The message is written.").waitFor();

      await guest.page.goto(await linkTo(portal, "bea@example.org"));
      await heading(guest.page, "Invitation to Lovelace").waitFor();
      if (javaScriptEnabled) await noFaults(guest.page);
      await guest.page.getByLabel("Your name").fill("Bea");
      await guest.page.getByLabel("Password", { exact: true }).fill("password1234");
      await guest.page.getByRole("button", { name: "Make the account" }).click();
      await guest.page.getByRole("alert").getByText("among the first that are guessed").waitFor();
      expect(await guest.page.getByLabel("Your name").inputValue()).toBe("Bea");
      await guest.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await guest.page.getByRole("button", { name: "Make the account" }).click();
      await guest.page.getByText("Your account is made.").waitFor();
      expect(readAccount(store, "bea@example.org").name).toBe("Bea");

      await mara.page.reload();
      await mara.page.getByRole("link", { name: "Change Bea" }).click();
      await heading(mara.page, "Bea").waitFor();
      if (javaScriptEnabled) await noFaults(mara.page);
      await mara.page.getByLabel("Role", { exact: true }).selectOption("viewer");
      await mara.page.getByRole("radio", { name: /Certain apps only/ }).check();
      await mara.page.getByRole("checkbox", { name: "Notes" }).check();
      await mara.page.getByRole("button", { name: "Save" }).click();
      await mara.page.getByText("The role was changed.").waitFor();
      await mara.page.getByRole("row", { name: /Bea/ }).getByText("for one app").waitFor();
      await guest.page.goto(`${url}/dashboard`);
      await guest.page.getByRole("link", { name: "Notes" }).waitFor();
      expect(await guest.page.getByText("Clock").count()).toBe(0);
      const closed = await guest.page.goto(`${url}/organisations/${organisationId}/members`);
      expect(closed?.status()).toBe(403);

      await mara.page.getByRole("link", { name: "Change Mara Owner" }).click();
      await heading(mara.page, "Mara Owner").waitFor();
      await mara.page.getByLabel("Role", { exact: true }).selectOption("viewer");
      await mara.page.getByRole("button", { name: "Save" }).click();
      await mara.page.getByText("last owner who can sign in").first().waitFor();

      await guest.page.goto(`${url}/account`);
      await guest.page.getByText("Viewer of one app").waitFor();
      await guest.page.getByRole("link", { name: "Lovelace" }).click();
      await heading(guest.page, "Leave Lovelace?").waitFor();
      if (javaScriptEnabled) await noFaults(guest.page);
      await guest.page.getByRole("button", { name: "Leave" }).click();
      await guest.page.getByText("You have left the organisation.").waitFor();
      const gone = await guest.page.goto(`${url}/organisations/${organisationId}/members`);
      expect(gone?.status()).toBe(403);
    } finally {
      await mara.context.close();
      await guest.context.close();
      await portal.close();
    }
  });
});

describe("with scripts", () => {
  test("a forgotten password is replaced, and every session ends", async () => {
    const portal = await startPortal();
    const { store, url } = portal;
    const person = await newPerson(store, "Mara Owner");
    const { page, context } = await openTab(browser);
    try {
      await page.goto(`${url}/sign-in`);
      await page.getByRole("link", { name: "Forgotten your password?" }).click();
      const told: string[] = [];
      for (const email of [person.email, "nobody@example.org"]) {
        await page.goto(`${url}/forgotten`);
        await page.getByLabel("Email address").fill(email);
        await page.getByRole("button", { name: "Ask for the link" }).click();
        await page.getByText("If an account has this address").waitFor();
        told.push((await page.getByRole("main").textContent())?.trim() ?? "");
      }
      expect(told[0]).toBe(told[1] as string);
      await noFaults(page);
      const link = await linkTo(portal, person.email);
      await page.goto(link);
      await heading(page, "A new password").waitFor();
      await page.getByLabel("New password").fill(NEW_PASSWORD);
      await page.getByRole("button", { name: "Set the password" }).click();
      await page.getByText("Your password is set. Sign in with it.").waitFor();
      await signIn(page, url, person.email, NEW_PASSWORD);
      await heading(page, /Welcome|Dashboard/).waitFor();
      const again = await page.goto(link);
      expect(again?.status()).toBe(403);
      await context.clearCookies();
      await useSession(context, url, person.cookie);
      await page.goto(`${url}/dashboard`);
      expect(page.url()).toContain("/sign-in");
    } finally {
      await context.close();
      await portal.close();
    }
  });

  test("somebody signs up where that is open, and confirms a new address later", async () => {
    const portal = await startPortal({ signUp: "example.org" });
    const { store, url } = portal;
    await newAdministrator(store);
    const { page, context } = await openTab(browser);
    try {
      await page.goto(`${url}/sign-in`);
      await page.getByRole("link", { name: "Make an account" }).click();
      // The page before has a field of that name too.
      await heading(page, "Make an account").waitFor();
      await page.getByLabel("Email address").fill("new@elsewhere.org");
      await page.getByRole("button", { name: "Ask for the link" }).click();
      await page.getByRole("alert").getByText("Accounts here are for addresses at example.org").waitFor();
      await page.getByLabel("Email address").fill("new@example.org");
      await page.getByRole("button", { name: "Ask for the link" }).click();
      await page.getByText("Your request is written down.").waitFor();
      await page.goto(await linkTo(portal, "new@example.org"));
      await page.getByLabel("Your name").fill("Nia New");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.getByText("Your account is made.").waitFor();

      await page.goto(`${url}/account`);
      await noFaults(page);
      await page.getByLabel("New address").fill("nia@example.com");
      await page.getByLabel("Current password").first().fill("not my password");
      await page.getByRole("button", { name: "Change address" }).click();
      await page.getByRole("alert").getByText("not your present password").waitFor();
      expect(await page.getByLabel("New address").inputValue()).toBe("nia@example.com");
      await page.getByLabel("Current password").first().fill(PASSWORD);
      await page.getByRole("button", { name: "Change address" }).click();
      await page.getByText("A message with a link is on its way.").waitFor();
      await page.goto(await linkTo(portal, "nia@example.com"));
      await heading(page, "Confirm the address").waitFor();
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByText("The address is confirmed.").waitFor();
      expect(readAccount(store, "nia@example.com").name).toBe("Nia New");
    } finally {
      await context.close();
      await portal.close();
    }
  });

  test("an administrator invites a reviewer, and changes and disables their account", async () => {
    const portal = await startPortal();
    const { store, url } = portal;
    const administrator = await newAdministrator(store);
    const ada = await openTab(browser);
    const rev = await openTab(browser);
    try {
      await useSession(ada.context, url, administrator.cookie);
      await ada.page.goto(`${url}/admin/people`);
      await noFaults(ada.page);
      await ada.page.getByLabel("Email address").fill("rev@example.org");
      await ada.page.getByLabel("Role in the store").selectOption("reviewer");
      await ada.page.getByRole("button", { name: "Invite" }).click();
      await ada.page.getByText("Invited. The message is written.").waitFor();
      await rev.page.goto(await linkTo(portal, "rev@example.org"));
      await rev.page.getByLabel("Your name").fill("Rev Iewer");
      await rev.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await rev.page.getByRole("button", { name: "Make the account" }).click();
      await rev.page.getByText("Your account is made.").waitFor();
      expect((await rev.page.goto(`${url}/review`))?.status()).toBe(200);

      await ada.page.goto(`${url}/admin/people?search=iewer`);
      await ada.page.getByRole("link", { name: "Change" }).click();
      await heading(ada.page, "Rev Iewer").waitFor();
      await noFaults(ada.page);
      await ada.page.getByLabel("Role in the store").selectOption("");
      await ada.page.getByRole("button", { name: "Save" }).click();
      await ada.page.getByText("Done.").waitFor();
      await rev.page.goto(`${url}/review`);
      expect(rev.page.url()).toContain("/sign-in");
      await signIn(rev.page, url, "rev@example.org", PASSWORD);
      expect((await rev.page.goto(`${url}/review`))?.status()).toBe(403);
      await ada.page.reload();
      await ada.page.getByText("Signed in at one place.").waitFor();
      await ada.page.getByRole("button", { name: /^End / }).first().click();
      await ada.page.getByText("The session was ended.").waitFor();
      await ada.page.getByText("Signed in nowhere.").waitFor();
      await rev.page.goto(`${url}/account`);
      expect(rev.page.url()).toContain("/sign-in");
      await ada.page.getByRole("button", { name: "Disable the account" }).click();
      await ada.page.getByRole("button", { name: "Enable the account" }).waitFor();
      await signIn(rev.page, url, "rev@example.org", PASSWORD);
      await rev.page.getByText("do not belong together").waitFor();
    } finally {
      await ada.context.close();
      await rev.context.close();
      await portal.close();
    }
  });
});
