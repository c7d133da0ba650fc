/**
 * One page as it stands in a browser, in each of its looks: axe is read into it once, and the page is turned to the other
 * theme and width where it is, since to load it anew for each takes longer than to judge it.
 */
import type { CDPSession, Page } from "playwright-core";
import { sidewaysOf, smallTargetsOf, violationsIn } from "./browser.ts";
import { SCREENS, THEMES, type Theme, WIDTHS, type Width } from "./screens.ts";

/** In which theme axe judges which width: each of them once in a language, and the other two in the other one. */
const JUDGED: Readonly<Record<string, Readonly<Record<Width, Theme>>>> = {
  en: { wide: "light", narrow: "dark" },
  ar: { wide: "dark", narrow: "light" },
};
/** What a narrow page or a dark one can break that is whole in a wide and light one. */
const OF_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"];

/** Nothing fades from one look into the next: what axe would see is in between. */
function stopFading(page: Page): Promise<void> {
  return page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important; }");
    document.adoptedStyleSheets.push(sheet);
  });
}

const turnTo = (page: Page, theme: Theme) =>
  page.evaluate((value) => document.documentElement.setAttribute("data-theme", value), theme);

/**
 * What is wrong with the page in both widths and themes. It scrolls sideways in none and has no target too low for a finger where
 * it is narrow; axe judges two of the four, others in each language.
 * @param devtools Of the page.
 * @param all Judges all four.
 */
export async function faultsInEveryLook(
  page: Page,
  devtools: CDPSession,
  { locale, all }: { readonly locale: string; readonly all: boolean },
): Promise<string[]> {
  const faults: string[] = [];
  let rules: readonly string[] | undefined;
  await stopFading(page);
  for (const width of WIDTHS) {
    await page.setViewportSize(SCREENS[width].viewport);
    // Controls are higher for fingers, and those have the narrow screens.
    await devtools.send("Emulation.setTouchEmulationEnabled", { enabled: width === "narrow" });
    for (const theme of THEMES) {
      await turnTo(page, theme);
      const found = await sidewaysOf(page);
      if (all || JUDGED[locale]?.[width] === theme) {
        found.push(...(await violationsIn(page, rules)));
        rules = OF_LOOKS;
      }
      if (width === "narrow") found.push(...(await smallTargetsOf(page)));
      faults.push(...found.map((fault) => `${width}, ${theme}: ${fault}`));
    }
  }
  return faults;
}
