/** A package that is sent over connections that break: in a real browser, through a real line that is cut. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openTab, startBrowser, useSession } from "../../testing/browser.ts";
import { type Line, newLine } from "../../testing/cut-line.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { newSigner, signedApp } from "../../testing/publishing.ts";

let browser: Browser;
let portal: Portal;
let person: Person;
let folder: string;
let line: Line;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-upload-"));
  [browser, portal] = await Promise.all([startBrowser(), startPortal()]);
  const organisation = newOrganisation(portal.store);
  person = await newPerson(portal.store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  const signer = await newSigner(portal.store, person.actor);
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Map([...Array(40).keys()].map((at) => [`files/${at}.png`, noise] as const));
  file = join(folder, "inspect.mosis");
  const manifest = { id: "com.northwind.inspect", name: { en: "Inspect" } };
  writeFileSync(file, await signedApp(portal.store, signer, manifest, large));
  line = await newLine(Number(new URL(portal.url).port));
});
afterAll(async () => {
  await browser.close();
  line.server.close();
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openUpload(page: Page): Promise<void> {
  await page.goto(`${line.url}/upload`);
  await page.locator("input[type=file]").setInputFiles(file);
}

const press = (page: Page) => page.getByRole("button", { name: "Upload", exact: true }).click();

test("notes are looked at, a cut line is said, and after another visit it goes on where it was", async () => {
  const { page, context } = await openTab(browser);
  await useSession(context, line.url, person.cookie);
  await openUpload(page);
  await page.getByLabel("Notes").fill("# New\n\n* Faster <b>search</b>");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator(".preview li", { hasText: "Faster <b>search</b>" }).waitFor();
  // From then on it follows what is typed, and the fields stay as they are.
  await page.getByText("In other languages").click();
  const german = page.getByRole("group", { name: "Deutsch" }).getByRole("textbox");
  await german.pressSequentially("* Schnellere *Suche*");
  await page.locator('.preview [lang="de"] em', { hasText: "Suche" }).waitFor();
  expect(await german.inputValue()).toBe("* Schnellere *Suche*");
  expect(await german.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(
    await page.locator("input[type=file]").evaluate((field: HTMLInputElement) => field.files?.length),
  ).toBe(1);

  line.cutAfterBytes = 1_000_000;
  await press(page);
  await page.getByText("It goes on by itself when it is back.").waitFor();
  // The browser is closed in the middle, so to speak: the page is left, and opened again when the line is mended.
  page.on("dialog", (dialog) => void dialog.accept());
  line.isDown = false;
  await page.goto("about:blank");
  line.offsets.length = 0;
  await openUpload(page);
  await page.getByText("Unfinished uploads").waitFor();
  await page.getByLabel("Notes").fill("* Faster *search*");
  await press(page);
  await page.getByRole("heading", { level: 1, name: /^Inspect/ }).waitFor();
  expect(line.offsets[0]).toBeGreaterThan(0);
  await page.locator(".prose li em", { hasText: "search" }).waitFor();
  expect(portal.store.db.raw.query("SELECT count(*) AS n FROM partial_uploads").get()).toEqual({ n: 0 });
  await context.close();
}, 60_000);

test("a line that comes back is gone on with by itself, also while a proxy waits for the store", async () => {
  const { page, context } = await openTab(browser);
  await useSession(context, line.url, person.cookie);
  await openUpload(page);
  line.offsets.length = 0;
  line.cutAfterBytes = 1_000_000;
  await press(page);
  await page.getByText("It goes on by itself when it is back.").waitFor();
  line.badGateways = 1;
  line.isDown = false;
  await page.getByRole("heading", { level: 1, name: /^Inspect/ }).waitFor();
  expect(line.badGateways).toBe(0);
  // It began once, and went on from then.
  expect(line.offsets.map((offset) => offset > 0)).toEqual([false, true]);
  await context.close();
}, 60_000);

test("without script nothing is lost by a look at the notes: the file stays, and is not sent again", async () => {
  const { page, context, complaints } = await openTab(browser, { javaScriptEnabled: false });
  await useSession(context, portal.url, person.cookie);
  await page.goto(`${portal.url}/upload`);
  await page.getByLabel("Notes").fill("Line one\nLine *two*");
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator(".preview em", { hasText: "two" }).waitFor();
  await page.getByText("inspect.mosis").waitFor();
  // Another language by its tag, which is not lost either.
  await page.getByText("In other languages").click();
  const other = page.getByRole("group", { name: "Another language" });
  await other.getByLabel("Language tag").fill("pt-BR");
  await other.getByLabel("What is new").fill("Linha *dois*");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator('.preview [lang="pt-BR"] em', { hasText: "dois" }).waitFor();
  expect(await page.getByLabel("Notes").inputValue()).toBe("Line one\nLine *two*");

  // Another file may be chosen, and the one before is gone.
  await page.getByRole("button", { name: "Choose another file" }).click();
  expect(await page.getByLabel("Notes").inputValue()).toBe("Line one\nLine *two*");
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("inspect.mosis").waitFor();
  await press(page);
  await page.getByRole("heading", { level: 1, name: /^Inspect/ }).waitFor();
  await page.locator('.prose[lang="pt-BR"] em', { hasText: "dois" }).waitFor();
  expect(portal.store.db.raw.query("SELECT count(*) AS n FROM partial_uploads").get()).toEqual({ n: 0 });
  expect(complaints).toEqual([]);
  await context.close();
}, 60_000);
