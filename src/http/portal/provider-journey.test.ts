/** In a browser: an account of a real provider is linked to one here, signs in, and is unlinked; and one that makes an account. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { faultsOf, openTab, startBrowser } from "../../testing/browser.ts";
import { freePort } from "../../testing/free-port.ts";
import { OIDC_CLIENT, type OidcServer, startOidcServer } from "../../testing/oidc-server.ts";
import { newPerson, PASSWORD, type Portal, startPortal } from "../../testing/portal.ts";
import { waysOf } from "../../testing/ways.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-oidc-"));
let browser: Browser;
let provider: OidcServer;
let portal: Portal;
beforeAll(async () => {
  const port = freePort();
  writeFileSync(join(folder, "secret"), OIDC_CLIENT.secret);
  provider = await startOidcServer([`http://127.0.0.1:${port}/sign-in/with/sso/back`]);
  const sso = {
    kind: "oidc",
    name: "Example SSO",
    issuer: provider.issuer,
    client_id: OIDC_CLIENT.id,
    client_secret_file: join(folder, "secret"),
  };
  portal = await startPortal({ signUp: "example.org", providers: JSON.stringify({ sso }) }, undefined, port);
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await portal.close();
  await provider.stop();
  rmSync(folder, { recursive: true });
});

test.each(waysOf(import.meta.file))(
  "a provider is linked, signs in, and is unlinked; scripts: %p",
  async (javaScriptEnabled) => {
    const name = javaScriptEnabled ? "Mara Linked" : "Nora Plain";
    const { email } = await newPerson(portal.store, name);
    provider.signedIn = { sub: name, email, email_verified: true, name };
    const { page, context, complaints } = await openTab(browser, { javaScriptEnabled });
    const looks = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    try {
      await page.goto(`${portal.url}/account`);
      await page.getByRole("link", { name: "Sign in with Example SSO" }).click();
      await page.getByRole("heading", { name: "Link Example SSO?" }).waitFor();
      await page.getByText(`There is an account here with the address ${email}.`).waitFor();
      await page.getByRole("link", { name: "Sign in first" }).click();
      await page.getByLabel("Email address").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByText(`will come in here as ${name}`).waitFor();
      await looks();
      await page.getByRole("button", { name: "Link Example SSO" }).click();
      await page.getByText("The account is linked.").waitFor();
      expect(page.url()).toBe(`${portal.url}/account`);

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.goto(`${portal.url}/sign-in`);
      await page.getByRole("link", { name: "Sign in with Example SSO" }).click();
      await page.getByRole("heading", { level: 1, name: /Welcome|Dashboard/ }).waitFor();
      await page.goto(`${portal.url}/account`);
      await page.getByRole("button", { name: "Unlink Example SSO" }).click();
      // The provider asked nothing, and did not say when it last did.
      await page.getByRole("heading", { level: 1, name: "Show that it is you" }).waitFor();
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "Go on" }).click();
      await page.getByText("The account is unlinked.").waitFor();
      await page.getByRole("link", { name: "Link Example SSO" }).click();
      await page.getByRole("heading", { name: "Link Example SSO?" }).waitFor();

      provider.signedIn = null;
      await context.clearCookies();
      await page.goto(`${portal.url}/sign-in`);
      await page.getByRole("link", { name: "Sign in with Example SSO" }).click();
      await page.getByText("Example SSO did not sign you in: it was cancelled or refused there.").waitFor();
      await page.getByRole("link", { name: "What this means" }).click();
      await page.getByRole("heading", { name: "provider.refused" }).waitFor();
      expect(complaints.filter((words) => !words.includes("403 (Forbidden)"))).toEqual([]);
    } finally {
      await context.close();
    }
  },
);
