/** A letter in a browser, as a mail program shows it: light and dark, narrow and wide, whole in itself. */
import { expect, test } from "bun:test";
import { faultsOf, openTab, startBrowser } from "../testing/browser.ts";
import { htmlOf, type LetterParts, textOf } from "./form.ts";

const URL_OF_LINK = `https://apps.example.com/new-password?token=${"a".repeat(43)}`;
const LETTER: LetterParts = {
  storeName: "Northwind <Apps>",
  language: "en",
  subject: "A new password for Northwind <Apps>",
  text: ["Somebody asked, probably you.", "In two\nlines.", URL_OF_LINK, "שלום, בבקשה."].join("\n\n"),
  url: URL_OF_LINK,
  colophon:
    "Northwind <Apps>, https://apps.example.com, wrote this to ada@example.org. Nobody reads answers to it.",
};

test("as text it is its paragraphs, and who wrote it", () => {
  expect(textOf(LETTER)).toBe(
    `${LETTER.text}\n\n-- \nNorthwind <Apps>, https://apps.example.com, wrote this to ada@example.org. Nobody reads answers to it.\n`,
  );
  const without = { ...LETTER, text: "Only words.", url: "https://apps.example.com/account" };
  expect(textOf(without)).toStartWith("Only words.\n\nhttps://apps.example.com/account\n\n-- \n");
});

test("as HTML it can be read by everybody, and fetches nothing", async () => {
  const browser = await startBrowser();
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const tab = await openTab(browser, { colorScheme, viewport: { width: 320, height: 640 } });
      const asked: string[] = [];
      tab.page.on("request", (request) => asked.push(request.url()));
      await tab.page.setContent(htmlOf(LETTER));
      // A mail has no landmarks: its program frames it.
      const faults = (await faultsOf(tab.page)).filter(
        (fault) => !/^axe (landmark-one-main|region):/.test(fault),
      );
      expect({ colorScheme, faults }).toEqual({ colorScheme, faults: [] });
      const link = tab.page.getByRole("link");
      expect([await link.textContent(), await link.getAttribute("href")]).toEqual([URL_OF_LINK, URL_OF_LINK]);
      expect(await tab.page.getByRole("heading", { level: 1 }).textContent()).toBe(LETTER.subject);
      const directions = await tab.page
        .locator("p")
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
      expect(directions.filter((direction) => direction === "rtl")).toHaveLength(1);
      expect([asked, tab.complaints]).toEqual([[], []]);
      await tab.context.close();
    }
  } finally {
    await browser.close();
  }
}, 60_000);
