/** A device's way through a restricted store: a code with its QR code, enrolling with it, its page, its end. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { MOSIS } from "../../testing/mosis.ts";
import { newAdministrator, startPortal } from "../../testing/portal.ts";
import { readQr } from "../../testing/read-qr.ts";
import { waysOf } from "../../testing/ways.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

/** The reference device, as a process of its own. */
async function device(home: string, ...words: readonly string[]) {
  const child = Bun.spawn([...MOSIS, "device", ...words, "--json"], {
    env: { PATH: process.env.PATH ?? "", MOSIS_DEVICE_HOME: home },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const text = out === "" ? err : out;
  return {
    exitCode,
    json: JSON.parse(text) as { enrolledAs?: string; error?: { code: string; message: string } },
  };
}

async function linkOn(page: Page): Promise<string> {
  const svg = page.locator("svg.qr");
  const size = Number(((await svg.getAttribute("viewBox")) ?? "").split(" ").at(-1));
  return readQr({ size, path: (await svg.locator("path").getAttribute("d")) ?? "" });
}

describe.each(waysOf(import.meta.file))("scripts: %p", (javaScriptEnabled) => {
  test("an administrator makes a code, a device enrols with what its QR code says, and is revoked", async () => {
    const portal = await startPortal({ restricted: "true" });
    const { url } = portal;
    const administrator = await newAdministrator(portal.store);
    const { page, context } = await openTab(browser, { javaScriptEnabled });
    const home = mkdtempSync(join(tmpdir(), "mosis-device-"));
    const looksWell = async () => {
      if (javaScriptEnabled) expect(await faultsOf(page)).toEqual([]);
    };
    try {
      await useSession(context, url, administrator.cookie);
      await page.goto(`${url}/groups`);
      await page.getByLabel("Name", { exact: true }).fill("Kiosks");
      await page.getByRole("button", { name: "Make the group" }).click();
      await page.getByRole("heading", { level: 1, name: "Kiosks" }).waitFor();
      await looksWell();

      await page.getByRole("link", { name: "Devices", exact: true }).click();
      await page.getByText("No device has enrolled yet.").waitFor();
      await page.getByText("Restricted").waitFor();
      await looksWell();
      await page.getByRole("link", { name: "Enrolment codes" }).click();
      await page.getByText("There are no codes yet.").waitFor();
      await page.getByLabel("What it is for").fill("Kiosks in Oslo");
      await page.getByLabel("How many devices can use it").fill("0");
      await page.getByLabel("Kiosks", { exact: true }).check();
      await page.getByRole("button", { name: "Make the code" }).click();
      await page.getByRole("alert").getByText("A code is for 1 to").waitFor();
      expect(await page.getByLabel("Kiosks", { exact: true }).isChecked()).toBe(true);
      await looksWell();
      await page.getByLabel("How many devices can use it").fill("2");
      await page.getByRole("button", { name: "Make the code" }).click();
      await page.getByRole("heading", { level: 1, name: "Kiosks in Oslo" }).waitFor();
      await looksWell();
      const link = await linkOn(page);
      const code = ((await page.locator("#code").textContent()) ?? "").trim();
      expect(link).toContain(`code=${code}`);
      expect((await page.locator("#enrol-link").textContent())?.trim()).toBe(link);

      const { exitCode, json } = await device(
        home,
        "init",
        "--enrol-link",
        link,
        "--name",
        "Kiosk at gate 4",
      );
      expect([exitCode, json.error]).toEqual([0, undefined]);
      expect(json.enrolledAs).toMatch(/^dev-/);
      expect((await device(home, "search")).exitCode).toBe(0);

      await page.getByRole("link", { name: "Back to the codes" }).click();
      await page.getByText("1 of 2").waitFor();
      expect(await page.content()).not.toContain(code);
      await looksWell();
      await page.goto(`${url}/devices?search=kiosk`);
      await page.getByRole("link", { name: "Kiosk at gate 4" }).click();
      await page.getByRole("heading", { level: 1, name: "Kiosk at gate 4" }).waitFor();
      await page.getByText("127.0.0.1").waitFor();
      await page.getByText("Kiosks in Oslo").waitFor();
      expect(await page.getByLabel("Kiosks", { exact: true }).isChecked()).toBe(true);
      await looksWell();
      await page.getByLabel("Kiosks", { exact: true }).uncheck();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("The device is changed.").waitFor();
      expect(await page.getByLabel("Kiosks", { exact: true }).isChecked()).toBe(false);
      await page.getByLabel("Name", { exact: true }).fill("Gate 4");
      await page.getByRole("button", { name: "Rename", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "Gate 4" }).waitFor();

      await page.locator("summary", { hasText: "Revoke the device" }).click();
      await page.getByLabel("Why").fill("Stolen from the hall.");
      await page.locator(".confirm-panel").getByRole("button", { name: "Revoke the device" }).click();
      await page.getByText("This device is revoked").waitFor();
      await page.getByText("Stolen from the hall.").waitFor();
      await looksWell();
      const refused = await device(home, "search");
      expect([refused.exitCode === 0, refused.json.error?.code]).toEqual([false, "device.enrolment_revoked"]);
      expect((await device(home, "list")).exitCode).toBe(0);

      await page.goto(`${url}/admin/audit`);
      await page.getByText("The device Gate 4 enrolled with a code.").waitFor();
      await page.getByText("Ada Okafor revoked the device Gate 4.").waitFor();
    } finally {
      await context.close();
      await portal.close();
      rmSync(home, { recursive: true, force: true });
    }
  }, 90_000);
});
