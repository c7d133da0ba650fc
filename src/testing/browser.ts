/** Chromium as the tests drive it: what a page complains of is collected, and nothing is asked of the network. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

/** The source of axe, the short one of its two forms: each page reads it anew. */
const AXE = readFileSync(
  Bun.resolveSync("axe-core/axe.min.js", dirname(Bun.resolveSync("@axe-core/playwright", import.meta.dir))),
  "utf8",
);
/** Debian's, without a window where it is there: it starts in a third of the time, and draws the same. */
const CHROMIUM = Bun.which("chromium-headless-shell") ?? Bun.which("chromium") ?? "/usr/bin/chromium";

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      // The tests run as root in containers, where Chromium has no sandbox of its own.
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
    ],
  });
}

export type Tab = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console (where violations of the policy are told), and of scripts. */
  readonly complaints: string[];
};

/** A browser of its own, so to speak: its cookies are nobody else's. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  return { context, page, complaints };
}

/** Puts a session, as `newPerson` gives it, into the browser. */
export async function useSession(context: BrowserContext, url: string, cookie: string): Promise<void> {
  const [name = "", value = ""] = cookie.split("=");
  const { hostname } = new URL(url);
  await context.addCookies([{ name, value, domain: hostname, path: "/", secure: true, httpOnly: true }]);
}

/**
 * What is wrong with how the page looks: scrolling sideways, and axe's violations; of all its rules, or of these alone,
 * which may be none.
 * Pages have no frames, so axe's own page for gathering their results is done without.
 */
export async function faultsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  return [...(await sidewaysOf(page)), ...(await violationsOf(page, rules)).map(toldOf)];
}

/** That the page scrolls sideways, and how far. */
export async function sidewaysOf(page: Page): Promise<string[]> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  return overflow > 0 ? [`scrolls sideways by ${overflow} px`] : [];
}

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

const toldOf = ({ id, nodes }: Violation): string =>
  `axe ${id}: ${nodes
    .map(({ html }) => html.slice(0, 160))
    .slice(0, 3)
    .join(" | ")}`;

async function violationsOf(page: Page, rules?: readonly string[]) {
  if (rules?.length === 0) return [];
  // Of what is right only the rule is told: to describe each element of a long page takes longer than to judge it.
  const axe = new AxeBuilder({ page, axeSource: AXE })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] });
  return (await (rules ? axe.withRules([...rules]) : axe).analyze()).violations;
}

/**
 * What axe finds in the page as it stands; of all rules, or of some. For a page that is judged several times: the source is read
 * into it once.
 */
export async function violationsIn(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const found = await page.evaluate(
    async (only) => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document, {
        resultTypes: ["violations"],
        ...(only ? { runOnly: only } : {}),
      });
      return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
    },
    rules ? [...rules] : undefined,
  );
  return found.map(toldOf);
}

/** Controls that a finger could miss: lower than the 44 px of the design. Links within text are not meant. */
export function smallTargetsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, .button, .nav-item, .account, .tabs a, .input, .choice, summary")]
      .filter((control) => control.checkVisibility() && control.getBoundingClientRect().height < 43.9)
      .map((control) => `low for a finger: ${control.outerHTML.slice(0, 120)}`),
  );
}
