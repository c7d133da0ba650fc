/**
 * Renders every page with sample data, serves them on the loopback under the content security policy, and visits each
 * with Chromium: light and dark, 320 and 1280 px wide. Writes screenshots and reports what axe finds, console errors,
 * policy violations and sideways scrolling. For development: `bun .ci/preview.ts [NAME…] [--out DIR] [--locale TAG] [--serve]`.
 */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { directionOf } from "../src/languages.ts";
import { testContext } from "../views/testing/context.ts";
import { SAMPLES, type Sample } from "../views/testing/samples.ts";

const CSP = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const built = join(import.meta.dirname, "../assets/built");

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: join(tmpdir(), "mosis-preview") },
    locale: { type: "string", default: "en" },
    serve: { type: "boolean", default: false },
    chromium: { type: "string", default: "/usr/bin/chromium" },
  },
});

const { hash } = await Bun.file(join(built, "manifest.json")).json();

function contextOf(sample: Sample, theme: string | null) {
  return testContext({
    path: sample.path,
    viewer: sample.viewer,
    flash: sample.flash ?? null,
    theme: theme === "dark" || theme === "light" ? theme : null,
    locale: options.locale,
    dir: directionOf(options.locale),
    assetUrl: (name) => `/assets/${hash}/${name}`,
  });
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: options.serve ? 4400 : 0,
  async fetch(request) {
    const url = new URL(request.url);
    const asset = /^\/assets\/[0-9a-f]{16}\/([a-z0-9.-]+)$/.exec(url.pathname)?.[1];
    if (asset) return new Response(Bun.file(join(built, asset)));
    const sample = SAMPLES.find(({ name }) => url.pathname === `/${name}`);
    if (!sample) return new Response("no such sample", { status: 404 });
    return new Response(await sample.render(contextOf(sample, url.searchParams.get("theme"))), {
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP },
    });
  },
});

if (options.serve) {
  console.log(SAMPLES.map(({ name }) => `${server.url}${name}`).join("\n"));
} else {
  const problems = await visitAll();
  server.stop(true);
  for (const problem of problems) console.log(problem);
  console.log(`${problems.length} problems; screenshots in ${options.out}`);
  process.exit(problems.length === 0 ? 0 : 1);
}

async function visitAll(): Promise<string[]> {
  await mkdir(options.out, { recursive: true });
  const problems: string[] = [];
  const browser = await chromium.launch({
    executablePath: options.chromium,
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--force-color-profile=srgb",
    ],
  });
  const chosen = SAMPLES.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const width of [320, 1280]) {
    for (const theme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        viewport: { width, height: width === 320 ? 640 : 860 },
        reducedMotion: "reduce",
        hasTouch: width === 320,
        isMobile: width === 320,
      });
      const page = await context.newPage();
      let label = "";
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()))
          problems.push(`${label}: console: ${message.text()}`);
      });
      page.on("pageerror", (error) => problems.push(`${label}: script: ${error.message}`));
      for (const { name } of chosen) {
        label = `${name}-${width}-${theme}`;
        await page.goto(`${server.url}${name}?theme=${theme}`, { waitUntil: "load" });
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) problems.push(`${label}: scrolls sideways by ${overflow} px`);
        await page.screenshot({ path: join(options.out, `${label}.png`), fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, nodes } of violations) {
          problems.push(
            `${label}: axe ${id}: ${nodes
              .map(({ html }) => html.slice(0, 160))
              .slice(0, 3)
              .join(" | ")}`,
          );
        }
      }
      await context.close();
    }
  }
  await browser.close();
  return problems;
}
