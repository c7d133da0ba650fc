/** A key in a browser, with scripts and without: made, used, rotated, revoked. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newOrganisation, newPerson, startPortal } from "../../testing/portal.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const tokenOn = async (page: Page) => ((await page.locator("#token").textContent()) ?? "").trim();

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an owner makes a narrowed key, uses it, rotates it, and revokes it", async () => {
    const portal = await startPortal();
    const { store, url } = portal;
    const organisationId = newOrganisation(store, "Lovelace");
    const owner = await newPerson(store, "Mara Owner", { organisations: [[organisationId, "owner"]] });
    const { page, context } = await openTab(browser, { javaScriptEnabled });
    const ask = async (token: string, path: string) => {
      const headers = { Authorization: `Bearer ${token}` };
      return (await fetch(`${url}/api/v1${path}`, { headers })).status;
    };
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    try {
      await useSession(context, url, owner.cookie);
      await page.goto(`${url}/dashboard`);
      await page.getByRole("link", { name: "API keys" }).click();
      await page.getByText("There are no API keys yet.").waitFor();
      await looksWell();
      await page.getByLabel("Name", { exact: true }).fill("Build server");
      await page.getByLabel("For these apps").fill("org.example.absent");
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.getByRole("alert").getByText("There is no app").waitFor();
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Build server");
      await looksWell();
      await page.getByLabel("For these apps").fill("");
      await page.locator('[name="may.version.submit"]').uncheck();
      // Without a script, too: what could be ticked is there where it is chosen from, and not else.
      await page.getByLabel("All that its owner may").check();
      expect(await page.locator('[name="may.version.submit"]').isVisible()).toBe(false);
      await page.getByLabel("Only certain actions").check();
      expect(await page.locator('[name="may.version.submit"]').isVisible()).toBe(true);
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.getByRole("heading", { level: 1, name: "Build server" }).waitFor();
      await looksWell();
      const first = await tokenOn(page);
      expect(await ask(first, "/apps")).toBe(200);
      expect(await ask(first, "/developer-keys")).toBe(403);

      await page.getByRole("link", { name: "All keys" }).click();
      await page.getByText("3 actions").waitFor();
      await page.getByText("127.0.0.1").waitFor();
      expect(await page.content()).not.toContain(first.slice(-20));
      await page.getByRole("link", { name: "Build server" }).click();
      await looksWell();
      await page.getByLabel("The old token works on for").selectOption("0");
      await page.getByRole("button", { name: "Rotate" }).click();
      await page.locator("#token").waitFor();
      const second = await tokenOn(page);
      expect([await ask(first, "/apps"), await ask(second, "/apps")]).toEqual([401, 200]);

      await page.locator("summary", { hasText: "Revoke" }).click();
      await page.locator(".confirm-panel").getByRole("button", { name: "Revoke" }).click();
      await page.getByText("The key is revoked.").waitFor();
      await page
        .getByRole("row", { name: /Build server/ })
        .getByText("Revoked")
        .waitFor();
      expect(await ask(second, "/apps")).toBe(401);
    } finally {
      await context.close();
      await portal.close();
    }
  }, 60_000);
});

test("one's own keys are one's own: nobody else sees or ends them", async () => {
  const portal = await startPortal();
  const [ada, bob] = [await newPerson(portal.store, "Ada"), await newPerson(portal.store, "Bob")];
  const { page, context } = await openTab(browser, { javaScriptEnabled: false });
  try {
    await useSession(context, portal.url, ada.cookie);
    await page.goto(`${portal.url}/account`);
    await page.getByRole("link", { name: "Your API keys" }).click();
    await page.getByLabel("Name", { exact: true }).fill("laptop");
    await page.getByLabel("All that its owner may").check();
    await page.getByRole("button", { name: "Make the key" }).click();
    expect(await tokenOn(page)).toStartWith("mosis_usr_");
    await page.getByRole("link", { name: "All keys" }).click();
    const path = await page.getByRole("link", { name: "laptop" }).getAttribute("href");
    const asBob = (method: string, at: string) =>
      fetch(portal.url + at, {
        method,
        redirect: "manual",
        headers: { Cookie: bob.cookie, "Sec-Fetch-Site": "same-origin" },
      });
    expect((await asBob("GET", String(path))).status).toBe(404);
    expect((await asBob("POST", `${path}/revoke`)).status).toBe(404);
    await page.reload();
    await page
      .getByRole("row", { name: /laptop/ })
      .getByText("Works")
      .waitFor();
  } finally {
    await context.close();
    await portal.close();
  }
}, 60_000);
