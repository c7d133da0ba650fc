/**
 * Renders every page with sample data, serves them on the loopback under the content security policy, and visits each
 * with Chromium: light and dark, 320 and 1280 px wide. Writes screenshots and reports what axe finds, console errors,
 * policy violations and sideways scrolling. For development: `bun .ci/preview.ts [NAME…] [--out DIR] [--locale TAG]`.
 */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { faultsOf, openTab, startBrowser } from "../src/testing/browser.ts";
import { serveSamples } from "../src/testing/samples-server.ts";
import { SCREENS, THEMES, WIDTHS } from "../src/testing/screens.ts";
import { SAMPLES } from "../views/testing/samples.ts";

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: join(tmpdir(), "mosis-preview") },
    locale: { type: "string", default: "en" },
  },
});

const server = await serveSamples();
const problems = await visitAll();
server.stop();
for (const problem of problems) console.log(problem);
console.log(`${problems.length} problems; screenshots in ${options.out}`);
process.exit(problems.length === 0 ? 0 : 1);

async function visitAll(): Promise<string[]> {
  await mkdir(options.out, { recursive: true });
  const problems: string[] = [];
  const browser = await startBrowser();
  const chosen = SAMPLES.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const width of WIDTHS) {
    const screen = SCREENS[width];
    for (const theme of THEMES) {
      const { page, context, complaints } = await openTab(browser, screen);
      for (const { name } of chosen) {
        const label = `${name}-${screen.viewport.width}-${theme}`;
        await page.goto(`${server.url}${name}?theme=${theme}&locale=${options.locale}`);
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await page.screenshot({ path: join(options.out, `${label}.png`), fullPage: true });
        problems.push(...(await faultsOf(page)).map((fault) => `${label}: ${fault}`));
      }
      problems.push(...complaints);
      await context.close();
    }
  }
  await browser.close();
  return problems;
}
