/**
 * Every page of the samples (filled, empty, failing, with the longest texts) in every language that the store has, light
 * and dark, narrow and wide: axe, console, policy, no scrolling sideways, nothing too low for a finger. With
 * MOSIS_SHOTS=DIR each is also drawn there.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { SAMPLES } from "../../../views/testing/samples.ts";
import { knownLanguages } from "../../languages.ts";
import { faultsOf, openTab, smallTargetsOf, startBrowser } from "../../testing/browser.ts";
import { type SamplesServer, serveSamples } from "../../testing/samples-server.ts";
import { SCREENS, THEMES, WIDTHS } from "../../testing/screens.ts";

const SHOTS = process.env.MOSIS_SHOTS;
let browser: Browser;
let server: SamplesServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveSamples()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  server.stop();
});

describe.each(knownLanguages())("in %s", (locale) => {
  describe.each(WIDTHS)("%s", (width) => {
    test.each(THEMES)(
      "and %s no page has a fault",
      async (theme) => {
        const { page, context, complaints } = await openTab(browser, SCREENS[width]);
        const faults: string[] = [];
        for (const { name } of SAMPLES) {
          await page.goto(`${server.url}${name}?theme=${theme}&locale=${locale}`);
          await page.evaluate(() => document.fonts.ready.then(() => undefined));
          // The theme changes colours and nothing else that axe looks at.
          const found = await faultsOf(page, theme === "dark" ? ["color-contrast"] : undefined);
          if (width === "narrow") found.push(...(await smallTargetsOf(page)));
          faults.push(...found.map((fault) => `${name}: ${fault}`));
          const path = `${locale}-${name}-${width}-${theme}.png`;
          if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, path), fullPage: true });
        }
        await context.close();
        expect([...faults, ...complaints]).toEqual([]);
      },
      1_800_000,
    );
  });
});
