/** The documentation in a real browser, narrow and wide, with script and without: what stands where, and what it does. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { faultsOf, openTab, startBrowser } from "../../testing/browser.ts";
import { axeRules, isSeen } from "../../testing/looks.ts";
import { SCREENS, THEMES, WIDTHS } from "../../testing/screens.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { startServer } from "../server.ts";

let browser: Browser;
let store: TestStore;
let server: ReturnType<typeof startServer>;
beforeAll(async () => {
  [browser, store] = await Promise.all([startBrowser(), openTestStore()]);
  server = startServer(store, { host: "127.0.0.1", port: 0 });
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop(1000);
  store.close();
});

const { narrow: NARROW, wide: WIDE } = SCREENS;

const menu = (page: Page) => page.getByRole("navigation", { name: "Pages of the documentation" });

describe.each(WIDTHS)("%s", (width) => {
  test.each(["/docs/quick-start", "/docs/errors", "/docs/reference/api/accounts"])(
    "%s has no fault",
    async (path) => {
      const { page, complaints, context } = await openTab(browser, SCREENS[width]);
      try {
        const faults: string[] = [];
        for (const theme of THEMES.filter((each) => isSeen(path, width, each))) {
          await context.addCookies([{ name: "mosis_theme", value: theme, url: server.url }]);
          await page.goto(server.url + path);
          for (const summary of await page.locator("details > summary:visible").all()) await summary.click();
          for (const fault of await faultsOf(page, axeRules(theme))) faults.push(`${theme}: ${fault}`);
        }
        expect([...faults, ...complaints]).toEqual([]);
      } finally {
        await context.close();
      }
    },
    120_000,
  );
});

describe.each([
  ["with script", true],
  ["without script", false],
] as const)("%s", (_, javaScriptEnabled) => {
  test("a narrow page begins with its text, and its menu opens", async () => {
    const { page, context } = await openTab(browser, { ...NARROW, javaScriptEnabled });
    try {
      await page.goto(`${server.url}/docs/quick-start`);
      const heading = await page.getByRole("heading", { level: 1 }).boundingBox();
      expect(heading?.y).toBeLessThan(320);
      expect(await menu(page).isVisible()).toBe(false);
      await page.getByText("All pages", { exact: true }).click();
      await menu(page).getByText("Reference", { exact: true }).click();
      await menu(page).getByRole("link", { name: "Errors" }).click();
      await page.getByRole("heading", { level: 1, name: "Errors" }).waitFor();
      await menu(page).waitFor({ state: "hidden" });
    } finally {
      await context.close();
    }
  });

  test("a wide page has its menu open beside it", async () => {
    const { page, context } = await openTab(browser, { ...WIDE, javaScriptEnabled });
    try {
      await page.goto(`${server.url}/docs/errors`);
      expect(await menu(page).isVisible()).toBe(true);
      expect(await page.getByText("All pages", { exact: true }).isVisible()).toBe(false);
      await page.getByText("On this page", { exact: true }).click();
      const link = page.locator(".docs-sections a").last();
      const title = (await link.textContent()) ?? "";
      await link.click();
      const heading = page.getByRole("heading", { level: 2, name: title, exact: true });
      expect(await heading.evaluate((found) => found.getBoundingClientRect().top)).toBeLessThan(860);
    } finally {
      await context.close();
    }
  });
});

test("code and tables take the width that there is, and text does not", async () => {
  const { page, context } = await openTab(browser, WIDE);
  try {
    await page.goto(`${server.url}/docs/reference/api/accounts`);
    const width = async (selector: string) =>
      (await page.locator(selector).first().boundingBox())?.width ?? 0;
    const [text, table, block] = [
      await width(".prose > p"),
      await width(".prose > table"),
      await width(".prose > .code-block"),
    ];
    expect(text).toBeLessThan(760);
    expect(table).toBeGreaterThan(900);
    expect(block).toBeGreaterThan(900);
    // No name in a cell is broken over two lines.
    const broken = await page
      .locator(".prose td code")
      .evaluateAll((codes) => codes.filter((code) => code.getClientRects().length > 1).length);
    expect(broken).toBe(0);
  } finally {
    await context.close();
  }
});

test("each code block is copied by its button, which is there with script only", async () => {
  const { page, context } = await openTab(browser, WIDE);
  try {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
    await page.goto(`${server.url}/docs`);
    // By a link, so that the page comes without a reload.
    await menu(page).getByRole("link", { name: "Quick start" }).click();
    await page.getByRole("heading", { level: 1, name: "Quick start" }).waitFor();
    const blocks = page.locator(".prose pre");
    const buttons = page.locator(".prose [data-copy-block]");
    await buttons.first().waitFor();
    expect(await buttons.count()).toBe(await blocks.count());
    await buttons.nth(1).click();
    await buttons.nth(1).getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(((await blocks.nth(1).textContent()) ?? "").trimEnd());
    expect(copied).not.toBe("");
  } finally {
    await context.close();
  }
  const plain = await openTab(browser, { ...WIDE, javaScriptEnabled: false });
  try {
    await plain.page.goto(`${server.url}/docs/quick-start`);
    expect(await plain.page.locator(".prose pre").count()).toBeGreaterThan(1);
    expect(await plain.page.getByRole("button", { name: "Copy" }).count()).toBe(0);
  } finally {
    await plain.context.close();
  }
});
