/** Second factors and proofs in a browser: an app with its codes, recovery codes, and passkeys of Chromium's virtual authenticator. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { OPERATOR } from "../../accounts/actor.ts";
import { stepOf, totpCode } from "../../accounts/factors/totp.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { readAccount } from "../../accounts/people.ts";
import { fromBase32 } from "../../testing/authenticator.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { newAdministrator, newPerson, PASSWORD, startPortal } from "../../testing/portal.ts";
import { testClock } from "../../testing/store.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const noFaults = async (page: Page) => expect(await faultsOf(page)).toEqual([]);

async function signIn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await press(page, "Sign in");
}

/** Chromium's own authenticator, which unlocks itself. */
async function virtualAuthenticator(
  page: Page,
): Promise<{ setVerified(isUserVerified: boolean): Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async setVerified(isUserVerified) {
      await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
    },
  };
}

test("without scripts: an administrator whose role needs one adds an app, and is asked for its code and for a proof", async () => {
  const clock = testClock();
  const portal = await startPortal({ secondFactor: "administrator" }, clock);
  const { store, url } = portal;
  await newAdministrator(store);
  const target = await newPerson(store, "Tara Target");
  const { page, context } = await openTab(browser, { javaScriptEnabled: false });
  try {
    await signIn(page, url, "ada@example.org");
    await heading(page, "Second factor").waitFor();
    await page.getByText("Your role, Administrator, needs a second factor.").waitFor();
    await page.goto(`${url}/admin/people`);
    await heading(page, "Second factor").waitFor();
    // An address of numbers is no name for passkeys, and the page says so.
    await page.getByText("Passkeys cannot be made at this address").waitFor();

    const before = (await context.cookies()).find(({ name }) => name.includes("session"))?.value;
    await press(page, "Add an authenticator app");
    const secret = fromBase32((await page.locator("#app-secret").textContent()) ?? "");
    const code = () => totpCode(secret, stepOf(clock.now()));
    await page.getByLabel("Name").fill("Phone");
    await page.getByLabel("Code", { exact: true }).fill(code() === "000000" ? "000001" : "000000");
    await press(page, "Add the app");
    await page.getByRole("alert").getByText("not the code that the app shows").waitFor();
    expect(await page.getByLabel("Name").inputValue()).toBe("Phone");
    expect(fromBase32((await page.locator("#app-secret").textContent()) ?? "")).toEqual(secret);
    await page.getByLabel("Code", { exact: true }).fill(code());
    await press(page, "Add the app");
    await heading(page, "Recovery codes").waitFor();
    const codes = await page.locator("#recovery-codes li").allTextContents();
    expect(codes).toHaveLength(10);
    const download = page.waitForEvent("download");
    await press(page, "Download");
    const file = await (await download).path();
    expect(await Bun.file(file).text()).toContain(codes.join("\n"));
    await page.goto(`${url}/admin/people`);
    await heading(page, "People").waitFor();
    // More rights than before: another secret.
    expect((await context.cookies()).find(({ name }) => name.includes("session"))?.value).not.toBe(before);

    // The form waits while the proof is asked for, and is done with it.
    await page.goto(`${url}/admin/people/${target.accountId}`);
    clock.advance(16 * 60_000);
    await page.getByLabel("Role in the store").selectOption("support");
    await press(page, "Save");
    await heading(page, "Show that it is you").waitFor();
    expect(readAccount(store, target.email).storeRole).toBeNull();
    await page.getByLabel("Password").fill("not my password");
    await press(page, "Go on");
    await page.getByRole("alert").getByText("Nothing was done yet").waitFor();
    await page.getByLabel("Or a code of your authenticator app").fill(code());
    await press(page, "Go on");
    await page.getByText("Done.").waitFor();
    expect(readAccount(store, target.email).storeRole).toBe("support");

    await page.context().clearCookies();
    await signIn(page, url, "ada@example.org");
    await heading(page, "Second factor").waitFor();
    await page.getByLabel("Code", { exact: true }).fill(code());
    await press(page, "Sign in");
    await page.getByRole("alert").getByText("was used already").waitFor();
    await page.goto(`${url}/dashboard`);
    expect(page.url()).toContain("/sign-in");
    await page.goto(`${url}/sign-in/second-step`);
    await page.getByLabel("Code", { exact: true }).fill(codes[0] ?? "");
    await press(page, "Sign in");
    await heading(page, /Welcome|Dashboard/).waitFor();
    await page.goto(`${url}/account/second-factor`);
    await page.getByText("9 are left.").waitFor();
    // What would be refused is not offered.
    await page.getByText("add another before this one can be removed").waitFor();
    expect(await page.locator("summary", { hasText: "Remove" }).count()).toBe(0);
    const kinds = listMessages(store, OPERATOR, { limit: 10 }).items.map(({ kind }) => kind);
    expect(kinds).toEqual(["factor.code_used", "factor.added"]);
  } finally {
    await context.close();
    await portal.close();
  }
});

test("with scripts: a passkey is added, signs in with the password and without, proves, and is removed", async () => {
  const clock = testClock();
  const portal = await startPortal({}, clock);
  const { store } = portal;
  const url = portal.url.replace("127.0.0.1", "localhost");
  const person = await newPerson(store, "Mara Owner");
  const { page, context, complaints } = await openTab(browser);
  try {
    const authenticator = await virtualAuthenticator(page);
    await useSession(context, url, person.cookie);
    await page.goto(`${url}/account`);
    await page.getByRole("link", { name: "Change second factors" }).click();
    await heading(page, "Second factor").waitFor();
    await press(page, "Add a passkey");
    await heading(page, "Add a passkey").waitFor();
    await noFaults(page);
    await authenticator.setVerified(false);
    await page.getByLabel("Name").fill("Laptop");
    await press(page, "Go on in the browser");
    await page.getByText("The browser gave no passkey").waitFor();
    await authenticator.setVerified(true);
    // By the keyboard: the form is not complete before the browser has been asked.
    await page.getByLabel("Name").press("Enter");
    await heading(page, "Recovery codes").waitFor();
    await noFaults(page);
    await page.getByRole("link", { name: "I have kept them" }).click();
    await page.getByRole("row", { name: /Laptop/ }).waitFor();

    clock.advance(1000);
    await press(page, "Add an authenticator app");
    await heading(page, "Add an authenticator app").waitFor();
    await noFaults(page);

    await context.clearCookies();
    await signIn(page, url, person.email);
    await heading(page, "Second factor").waitFor();
    await noFaults(page);
    await press(page, "Use a passkey");
    await heading(page, /Welcome|Dashboard/).waitFor();

    clock.advance(1000);
    await context.clearCookies();
    await page.goto(`${url}/sign-in?next=/account/second-factor`);
    await press(page, "Sign in with a passkey");
    await heading(page, "Second factor").waitFor();

    clock.advance(16 * 60_000);
    await page.reload();
    await page
      .getByRole("row", { name: /Laptop/ })
      .locator("summary")
      .click();
    await page
      .getByRole("row", { name: /Laptop/ })
      .getByRole("button", { name: "Remove" })
      .click();
    await heading(page, "Show that it is you").waitFor();
    await noFaults(page);
    await press(page, "Use a passkey");
    await page.getByText("Removed.").waitFor();
    expect(await page.getByRole("row", { name: /Laptop/ }).count()).toBe(0);
    // The page that asks is sent with 403, which the browser's console calls an error.
    expect(complaints.filter((line) => !/status of 403/.test(line))).toEqual([]);
  } finally {
    await context.close();
    await portal.close();
  }
});
