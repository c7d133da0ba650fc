/** Sessions that a person sees and ends, and a program that is let in, in a browser with scripts and without. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { addMember } from "../../accounts/organisations.ts";
import { readAccount } from "../../accounts/people.ts";
import { runCommand } from "../../cli/test-io.ts";
import type { OrganisationRole } from "../../roles.ts";
import { faultsOf, openTab, startBrowser } from "../../testing/browser.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  PASSWORD,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
let portal: Portal;
beforeAll(async () => {
  browser = await startBrowser();
  portal = await startPortal();
  await newAdministrator(portal.store);
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

async function signIn(page: Page, email: string, next = "/account"): Promise<void> {
  await page.goto(portal.url + next);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("a person whose rights change meanwhile stays signed in with every tab, and loses nothing that was typed", async () => {
    const { store, url } = portal;
    const name = `Tess ${javaScriptEnabled ? "With" : "Without"}`;
    const { email, accountId } = await newPerson(store, name);
    const organisation = newOrganisation(store, `Of ${name}`);
    const { page, context } = await openTab(browser, { javaScriptEnabled });
    const change = (role: OrganisationRole) => addMember(store, OPERATOR, organisation, accountId, role);
    try {
      await signIn(page, email);
      await heading(page, "Your account").waitFor();
      const name = page.getByLabel("Name", { exact: true });
      await name.fill("Typed by hand");
      change("developer");
      await page.locator("form[action='/account/name']").getByRole("button").click();
      await heading(page, "Your session was renewed").waitFor();
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      expect(readAccount(store, email).name).not.toBe("Typed by hand");
      await page.getByRole("button", { name: "Send it again" }).click();
      await heading(page, "Your account").waitFor();
      expect(readAccount(store, email).name).toBe("Typed by hand");

      // A browser that opens its tabs again asks for all of them with the old secret.
      change("maintainer");
      const tabs = await Promise.all(Array.from({ length: 5 }, () => context.newPage()));
      await Promise.all(tabs.map((tab) => tab.goto(`${url}/account`)));
      for (const tab of tabs) await heading(tab, "Your account").waitFor();
      for (const tab of tabs) await tab.close();

      await page.goto(`${url}/upload`);
      await page.getByLabel("Notes").fill("Long notes");
      const file = { name: "app.mosis", mimeType: "application/zip", buffer: Buffer.from("no package") };
      await page.locator("input[type=file]").setInputFiles(file);
      change("developer");
      await page.getByRole("button", { name: "Upload", exact: true }).click();
      if (!javaScriptEnabled) {
        await heading(page, "Your session was renewed").waitFor();
        await page.getByRole("link", { name: "Go back" }).click();
        await page.locator("input[type=file]").setInputFiles(file);
        await page.getByRole("button", { name: "Upload", exact: true }).click();
      }
      // With script the upload goes on by itself, as who they are by now.
      await page.getByText("One thing needs your attention").waitFor();
      if (javaScriptEnabled) expect(await page.getByLabel("Notes").inputValue()).toBe("Long notes");
    } finally {
      await context.close();
    }
  }, 60_000);

  test("a person ends one session of another browser, and then all others", async () => {
    const { email } = await newPerson(portal.store, `Mara ${javaScriptEnabled ? "With" : "Without"}`);
    const [here, there, third] = await Promise.all(
      [1, 2, 3].map(() => openTab(browser, { javaScriptEnabled })),
    );
    if (!here || !there || !third) throw new Error("three were opened");
    try {
      for (const { page } of [here, there, third]) {
        await signIn(page, email);
        await heading(page, "Your account").waitFor();
      }
      await here.page.reload();
      const sessions = here.page.getByRole("table", { name: "Sessions" });
      // The test's own first session, and one of each browser.
      expect(await sessions.getByRole("row").count()).toBe(1 + 4);
      expect(await sessions.getByText("This session").count()).toBe(1);
      if (javaScriptEnabled) expect(await faultsOf(here.page)).toEqual([]);
      // The newest is the third browser's.
      await sessions.getByRole("button", { name: /^End/ }).first().click();
      await here.page.getByText("The session was ended.").waitFor();
      expect(await sessions.getByRole("row").count()).toBe(1 + 3);
      const stillIn = [];
      for (const { page } of [there, third]) {
        await page.goto(`${portal.url}/account`);
        stillIn.push(new URL(page.url()).pathname);
      }
      expect(stillIn.sort()).toEqual(["/account", "/sign-in"]);
      await here.page.getByRole("button", { name: "End all other sessions" }).click();
      await here.page.getByText("Your other sessions have ended.").waitFor();
      expect(await sessions.getByRole("row").count()).toBe(1 + 1);
      for (const { page } of [there, third]) {
        await page.goto(`${portal.url}/account`);
        expect(new URL(page.url()).pathname).toBe("/sign-in");
      }
      const known = here.page.getByRole("table", { name: "Known browsers" });
      expect(await known.getByRole("row").count()).toBe(1 + 3);
      expect(await known.getByText("This browser").count()).toBe(1);
      await known
        .getByRole("button", { name: /^Forget/ })
        .last()
        .click();
      await here.page.getByText("Your account does not know that browser any more.").waitFor();
      expect(await known.getByRole("row").count()).toBe(1 + 2);
      await here.page.getByLabel("Name", { exact: true }).fill("Mara Other");
      await here.page.getByRole("button", { name: "Change name" }).click();
      await here.page.getByText("Your name was changed.").waitFor();
      expect(await here.page.getByLabel("Name", { exact: true }).inputValue()).toBe("Mara Other");
      expect([here, there, third].flatMap(({ complaints }) => complaints)).toEqual([]);
    } finally {
      for (const { context } of [here, there, third]) await context.close();
    }
  });

  test("a program shows a code, and is let in by who types it", async () => {
    const { email } = await newPerson(portal.store, `Lina ${javaScriptEnabled ? "With" : "Without"}`);
    const home = mkdtempSync(join(tmpdir(), "mosis-login-"));
    const io = { cwd: home, environment: { XDG_CONFIG_HOME: home } };
    const printed: string[] = [];
    const running = runCommand(["login", portal.url], { ...io, stderr: (text) => printed.push(text) });
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    try {
      const code = await codeIn(printed);
      await signIn(page, email, "/activate");
      await heading(page, "Let a program in").waitFor();
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      await page.getByLabel("Code").fill("WDJB-MJHT");
      await page.getByRole("button", { name: "Go on" }).click();
      await page.getByRole("alert").first().waitFor();
      await page.getByLabel("Code").fill(code.toLowerCase());
      await page.getByRole("button", { name: "Go on" }).click();
      await heading(page, "Let this program act as you?").waitFor();
      await page.getByText(code).waitFor();
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
      await page.getByRole("button", { name: "Let it in" }).click();
      const { exitCode } = await running;
      expect(exitCode).toBe(0);
      const { stdout } = await runCommand(["whoami"], io);
      expect(stdout).toContain(email);
      await page.goto(`${portal.url}/account/keys`);
      await page.getByRole("row", { name: /mosis on / }).waitFor();
      // The wrong code's.
      expect(complaints.filter((words) => !words.includes("status of 422"))).toEqual([]);
    } finally {
      await context.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

async function codeIn(printed: readonly string[]): Promise<string> {
  for (const until = Date.now() + 15_000; Date.now() < until; await Bun.sleep(20)) {
    const [code] = /[A-Z]{4}-[A-Z]{4}/.exec(printed.join("")) ?? [];
    if (code !== undefined) return code;
  }
  throw new Error(`no code in ${JSON.stringify(printed)}`);
}
