/** The whole path in a real browser against a real server, once with script and once without. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember, listOrganisations } from "../../accounts/organisations.ts";
import { createAccount, setStoreRole } from "../../accounts/people.ts";
import { createSetupLink } from "../../accounts/setup.ts";
import { tellNow } from "../../db/announcements.ts";
import { openTab, startBrowser } from "../../testing/browser.ts";
import { newPerson, PASSWORD, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner, signedApp } from "../../testing/publishing.ts";

let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-journey-"));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(page: Page, portal: Portal, email: string, password = PASSWORD): Promise<void> {
  await page.goto(`${portal.url}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** What holds for a store on this machine without mail is right as it is. */
async function throughSetup(page: Page): Promise<void> {
  const confirm = (name: string) => page.getByRole("button", { name }).click();
  await page.getByRole("link", { name: "Go on: Address" }).click();
  await heading(page, "Address").waitFor();
  await page.getByText("The address has no TLS").waitFor();
  await confirm("It is right as it is");
  await heading(page, "Mail").waitFor();
  await confirm("Go without mail");
  await heading(page, "Storage").waitFor();
  await confirm("Write, read and remove a file");
  await page.getByText("Works", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Next: Sign-in" }).click();
  await heading(page, "Sign-in").waitFor();
  await confirm("Leave for now");
  await heading(page, "Backup of the root key").waitFor();
  await confirm("The keys are backed up");
  await heading(page, "Set-up").waitFor();
  await page.getByText("Left for now").waitFor();
}

/** With script the page follows by itself; without, the person loads it again. */
async function untilBadge(page: Page, words: string, script: boolean): Promise<void> {
  const badge = page.locator(".page-head").getByText(words, { exact: true });
  for (let tries = 0; !script && tries < 50; tries += 1) {
    if (await badge.isVisible()) return;
    await Bun.sleep(200);
    await page.reload();
  }
  await badge.waitFor();
}

/** A tab that was opened behind others asks for no events until somebody sees it. */
async function followsOnceSeen(first: Page, address: string): Promise<void> {
  const page = await first.context().newPage();
  const hide = (hidden: boolean) =>
    `Object.defineProperty(document, "hidden", { configurable: true, value: ${hidden} });`;
  await page.addInitScript(hide(true));
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/events?")) asked.push(request.url());
  });
  await page.goto(address);
  await page.waitForFunction("window.htmx !== undefined");
  expect(asked).toEqual([]);
  const follows = page.waitForRequest(/\/events\?/);
  await page.evaluate(`${hide(false)} document.dispatchEvent(new Event("visibilitychange"));`);
  await follows;
  expect(asked).toHaveLength(1);
  await page.close();
}

describe.each([
  ["with script", true],
  ["without script", false],
] as const)("the path, %s", (_, script) => {
  test("from the set-up link to a published app, and a rejected update", async () => {
    const portal = await startPortal();
    const { store } = portal;
    const { page, complaints, context } = await openTab(browser, { javaScriptEnabled: script });
    try {
      // The link makes the first administrator; what is wrong is said beside its field, and what was typed stays.
      const { token } = createSetupLink(store, OPERATOR);
      await page.goto(`${portal.url}/setup?token=${token}`);
      await page.getByLabel("Name of the store").fill("Northwind Apps");
      await page.getByLabel("Your name").fill("Ada Okafor");
      await page.getByLabel("Email address").fill("ada@example.org");
      await page.getByLabel("Password").fill("too short");
      await page.getByRole("button", { name: "Set up the store" }).click();
      await page.getByRole("alert").getByText("at least 12 characters").waitFor();
      expect(await page.getByLabel("Email address").inputValue()).toBe("ada@example.org");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Set up the store" }).click();
      await heading(page, "Set-up").waitFor();
      await page.getByText("The store is set up. Welcome.").waitFor();
      await throughSetup(page);
      await page.goto(`${portal.url}/setup?token=${token}`);
      await page.getByText("set up already").waitFor();
      complaints.length = 0; // the 409 and the 422 just shown

      // The first administrator is led on, and needs nobody else for it.
      await page.goto(`${portal.url}/dashboard`);
      await page.getByRole("link", { name: "Create organisation" }).click();
      await heading(page, "New organisation").waitFor();
      await page.getByLabel("Name").fill("Northwind");
      await page.getByRole("button", { name: "Create organisation" }).click();
      await page.getByText("The organisation was created.").waitFor();
      await page.getByText("Your first app starts here").waitFor();
      const [organisation] = listOrganisations(store);
      if (!organisation) throw new Error("the organisation is not there");

      // What the operator does by command.
      const mara = await createAccount(store, OPERATOR, {
        email: "mara@example.org",
        name: "Mara Lindqvist",
        password: PASSWORD,
      });
      addMember(store, OPERATOR, organisation.id, mara.id, "owner");
      const jonas = await createAccount(store, OPERATOR, {
        email: "jonas@example.org",
        name: "Jonas Bauer",
        password: PASSWORD,
        storeRole: "reviewer",
      });
      const { actor } = await newPerson(store, "Key Holder", {
        organisations: [[organisation.id, "developer"]],
      });
      const signer = await newSigner(store, actor);
      const id = "com.northwind.inspect";
      const file = async (version: string, versionCode: number) => {
        const path = join(folder, `${script}-${versionCode}.mosis`);
        writeFileSync(
          path,
          await signedApp(store, signer, { id, name: { en: "Inspect" }, version, versionCode }),
        );
        return path;
      };

      await page.goto(`${portal.url}/dashboard`);
      if (!script) await page.locator(".sidebar").waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByText("You are signed out.").waitFor();
      await signIn(page, portal, "mara@example.org");
      await page.getByText("Your first app starts here").waitFor();

      // An id is reserved, wrongly at first.
      await page.goto(`${portal.url}/apps/new`);
      await page.getByLabel("App id").fill("Not An Id");
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("alert").getByText("reverse-DNS").waitFor();
      complaints.length = 0; // the 400
      await page.getByLabel("App id").fill(id);
      if (script) await page.getByText(`${id} is free.`).waitFor();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("group", { name: "English" }).getByLabel("Name").fill("Inspect");
      await page.getByRole("group", { name: "Deutsch" }).getByLabel("Name").fill("Prüfung");
      // Whoever leaves finds it again, and nothing is lost on the way back.
      await page.getByRole("button", { name: "Save and leave" }).click();
      await page.getByText(`You began to create ${id}`).waitFor();
      await page.getByRole("link", { name: "Go on" }).click();
      expect(await page.getByRole("group", { name: "Deutsch" }).getByLabel("Name").inputValue()).toBe(
        "Prüfung",
      );
      await page.getByRole("button", { name: "Back" }).click();
      expect(await page.getByLabel("App id").inputValue()).toBe(id);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("group", { name: "English" }).waitFor();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("Category").waitFor();
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("Who may see it").waitFor();
      await page.getByRole("button", { name: "Create app" }).click();
      await heading(page, "Inspect").waitFor();
      await page.getByText("The app was created.").waitFor();
      await page.getByText(`mosis new inspect --id ${id} --name 'Inspect'`).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/apps/${id}`);

      const upload = async (version: string, versionCode: number) => {
        await page.getByRole("link", { name: "Upload version" }).last().click();
        await heading(page, "Upload a version of Inspect").waitFor();
        await page.getByLabel("Notes").fill("Line one\nLine two");
        await page.locator("input[type=file]").setInputFiles(await file(version, versionCode));
        await page.getByRole("button", { name: "Upload", exact: true }).click();
        await heading(page, `Inspect ${version}`).waitFor();
        await untilBadge(page, "In review", script);
        expect(new URL(page.url()).pathname).toMatch(
          /^\/apps\/com\.northwind\.inspect\/versions\/ver-[0-9a-f]{32}$/,
        );
        return page.url();
      };
      const address = await upload("1.0.0", 1);
      await page.getByText("All checks passed.").waitFor();
      await page.locator("#check-category").getByText("Passed").waitFor();
      if (script) {
        // The page says that the store is away, and goes on when it is back.
        const lost = page.getByText("The store cannot be reached.");
        const serveAgain = await portal.interrupt();
        await lost.waitFor();
        serveAgain();
        await lost.waitFor({ state: "hidden" });
        complaints.length = 0; // what was asked for meanwhile
        await followsOnceSeen(page, address);
      }

      const reviewing = await openTab(browser, { javaScriptEnabled: script });
      await signIn(reviewing.page, portal, "jonas@example.org");
      await reviewing.page.getByRole("link", { name: "1 version waits for review" }).click();
      await heading(reviewing.page, "Review queue").waitFor();
      await reviewing.page.getByRole("link", { name: "Inspect 1.0.0" }).click();
      await heading(reviewing.page, "Inspect 1.0.0").waitFor();
      await reviewing.page.locator("summary", { hasText: "Approve" }).click();
      await reviewing.page.getByRole("button", { name: "Approve" }).click();
      await reviewing.page.getByText("All caught up").waitFor();
      await reviewing.page.getByText("Approved. It is being signed.").waitFor();
      if (!script) await page.reload();
      await page.goto(address);
      await untilBadge(page, "Published", script);

      // Everybody sees it, with its icon.
      const visitor = await openTab(browser, { javaScriptEnabled: script });
      await visitor.page.goto(portal.url);
      await visitor.page.getByRole("heading", { level: 3, name: "Inspect" }).waitFor();
      const icon = await visitor.page.locator(".store-card img").getAttribute("src");
      const picture = await fetch(`${portal.url}${icon}`);
      expect(picture.status).toBe(200);
      expect(picture.headers.get("cache-control")).toBe("public, max-age=86400");

      // An update is rejected: the reason reaches its developer in the lines in which it was written.
      await page.goto(`${portal.url}/apps/${id}`);
      const second = await upload("1.1.0", 2);
      await reviewing.page.goto(`${portal.url}/review`);
      await reviewing.page.getByRole("link", { name: "Inspect 1.1.0" }).click();
      await reviewing.page.getByLabel("Reason for rejecting").fill("Say what changed.\n<b>And</b> where.");
      await reviewing.page.getByRole("button", { name: "Reject" }).click();
      await reviewing.page.getByText("Rejected. The developer sees your reason.").waitFor();
      await page.goto(second);
      await untilBadge(page, "Rejected", script);
      expect(await page.locator(".notice .prewrap").textContent()).toBe(
        "Say what changed.\n<b>And</b> where.",
      );
      expect([...complaints, ...reviewing.complaints, ...visitor.complaints]).toEqual([]);
      // Who may not see a page any more is sent nothing of it, and is told that it stands still.
      setStoreRole(store, OPERATOR, jonas.id, null);
      tellNow(store.db, "review-queue");
      if (script) await reviewing.page.getByText("This page does not follow by itself any more.").waitFor();
      await Promise.all([reviewing.context.close(), visitor.context.close()]);
    } finally {
      await context.close();
      await portal.close();
    }
  }, 60_000);
});
