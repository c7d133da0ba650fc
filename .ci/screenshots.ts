/**
 * `bun run screenshots [NAME…]`: takes the pictures that README.md and the documentation show, into assets/docs/pictures. It
 * starts a real store with the demo's people and apps, with a clock that stands still, and drives it with Chromium. What is
 * drawn at random (digests, ids, ports) is written over by what is always the same, so that a picture changes only
 * when its page does.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createRunner, type Runner } from "../src/cli/demo/runner.ts";
import { SAMPLES, writeSample } from "../src/cli/demo/samples.ts";
import { type Demo, seedDemo } from "../src/cli/demo/seed.ts";
import { type Io, NO_TERMINAL } from "../src/cli/io.ts";
import { run } from "../src/cli/program.ts";
import { startStore } from "../src/cli/serve.ts";
import { loadConfig } from "../src/config.ts";
import { DOC_PICTURE_PX } from "../src/docs/render.ts";
import { isProblem } from "../src/errors.ts";
import { openTab, startBrowser } from "../src/testing/browser.ts";
import { testClock } from "../src/testing/store.ts";
import { DAY_MS } from "../src/time.ts";

const OUT = join(import.meta.dirname, "../assets/docs/pictures");
/** Between what the demo does and the pictures. Pages say how long ago something was, so it does not matter when they are taken. */
const SHOWN_AFTER_MS = 9 * DAY_MS;
/** Sharp on the displays that most people have. */
const PIXELS_PER_PX = 1.5;
const FARTHER = 1.25;
const WEBP_QUALITY = 82;
const READY_MS = 60_000;

type Role = Demo["accounts"][number]["role"];

type Shot = {
  /** Of the file, without its ending. */
  readonly name: string;
  /** null: a visitor. */
  readonly as: Role | null;
  readonly path: string;
  readonly dark?: boolean;
  /** More of a long page, and smaller. */
  readonly far?: boolean;
  /** What a person does there first. */
  readonly prepare?: (page: Page) => Promise<void>;
};

const SHOTS: readonly Shot[] = [
  { name: "store-front", as: null, path: "/", far: true },
  { name: "store-front-dark", as: null, path: "/", far: true, dark: true },
  { name: "app-page", as: null, path: "/catalog/com.example.notes" },
  { name: "dashboard", as: "developer", path: "/dashboard" },
  { name: "new-app", as: "developer", path: "/apps/new", prepare: chooseId },
  { name: "store-listing", as: "developer", path: "/apps/com.example.notes/store-listing" },
  {
    name: "findings",
    as: "developer",
    path: "/apps/com.example.notes",
    prepare: (page) => follow(page, "1.1.9"),
  },
  { name: "review-queue", as: "reviewer", path: "/review" },
  { name: "review", as: "reviewer", path: "/review", prepare: (page) => follow(page, "Notes 1.3.0") },
  { name: "set-up", as: "administrator", path: "/admin/setup" },
  { name: "settings", as: "administrator", path: "/admin/settings" },
];

async function chooseId(page: Page): Promise<void> {
  await page.getByLabel("App id").fill("com.example.timer");
  await page.getByText("com.example.timer is free.").waitFor();
}

async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name, exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** What the demo's developer sent after it: two updates that wait for review, and one that fails the checks. */
const SENT = [
  {
    sample: "notes",
    changes: { version: "1.1.9", versionCode: 2, category: "stationery" },
    notes: "Smaller.",
  },
  { sample: "calculator-2", changes: { version: "1.2.0", versionCode: 3 }, notes: "Sine and cosine." },
  {
    sample: "notes",
    changes: {
      version: "1.3.0",
      versionCode: 4,
      summary: {
        en: "Keeps thoughts, lists and tasks in folders, and finds them again by word or tag.",
        de: "Hält Gedanken, Listen und Aufgaben in Ordnern fest und findet sie nach Wort oder Stichwort wieder.",
      },
    },
    notes:
      "Folders.\n\n- Drag a note onto another one to make a folder of them\n- Tags go on working as they did",
  },
] as const;

async function sendMore(runner: Runner, demo: Demo, folder: string): Promise<void> {
  const environment = { MOSIS_STORE: demo.url, MOSIS_TOKEN: demo.apiKey };
  for (const { sample: name, changes, notes } of SENT) {
    const sample = SAMPLES.find((each) => each.name === name);
    if (sample === undefined) throw new Error(`there is no sample ${name}`);
    const source = join(folder, changes.version);
    await writeSample(sample, source);
    const manifest = join(source, "manifest.json");
    const before = JSON.parse(await readFile(manifest, "utf8")) as object;
    await writeFile(manifest, JSON.stringify({ ...before, ...changes }));
    const file = `${source}.mosis`;
    await runner(["pack", source, "-o", file]);
    await runner(["sign", file, "--key", demo.key.file, "--cert", demo.key.certFile]);
    await runner(["submit", file, "--notes", notes], environment).catch((error: unknown) => {
      // Its checks fail, which is what there is to see.
      if (!isProblem(error) || name !== "notes" || changes.versionCode !== 2) throw error;
    });
  }
}

/** Until no picture waits for its sizes. */
async function picturesMade({ url, apiKey, apps }: Demo): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}` };
  const until = Date.now() + READY_MS;
  for (const { id } of apps) {
    const address = `${url}/api/v1/apps/${id}/store-listing/pictures`;
    for (;;) {
      const { screenshots } = (await (await fetch(address, { headers })).json()) as {
        screenshots: readonly { state: string }[];
      };
      if (screenshots.every(({ state }) => state === "ready")) break;
      if (Date.now() > until) throw new Error(`the pictures of ${id} are not made`);
      await Bun.sleep(100);
    }
  }
}

/** Runs in the page: digests, ids, times of the clock, the port and the folder become what they always are. */
function steady({ url, dataDir, digits }: { url: string; dataDir: string; digits: string }): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    node.textContent = (node.textContent ?? "")
      .replaceAll(url, "https://apps.example.com")
      .replaceAll(dataDir, "/srv/mosis")
      .replaceAll(/[0-9a-f]{16,}/g, (found) => digits.slice(0, found.length))
      .replaceAll(/(?:[0-9a-f]{4}\s+){3,}[0-9a-f]{4}/g, (found) =>
        [...digits.slice(0, found.replaceAll(/\s/g, "").length)].join("").replaceAll(/.{4}(?=.)/g, "$& "),
      )
      .replaceAll(/\b\d{1,2} [A-Z][a-z]{2,3} \d{4}, \d\d:\d\d/g, "2 Mar 2026, 09:30");
  }
}

async function take(browser: Browser, demo: Demo, shots: readonly Shot[]): Promise<void> {
  const digits = createHash("sha256").update("mosis").digest("hex");
  for (const shot of shots) {
    const farther = shot.far === true ? FARTHER : 1;
    const { page, context, complaints } = await openTab(browser, {
      viewport: { width: DOC_PICTURE_PX.width * farther, height: DOC_PICTURE_PX.height * farther },
      deviceScaleFactor: PIXELS_PER_PX / farther,
      colorScheme: shot.dark === true ? "dark" : "light",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    const account = demo.accounts.find(({ role }) => role === shot.as);
    if (account !== undefined) {
      await page.goto(`${demo.url}/sign-in`);
      await page.getByLabel("Email address").fill(account.email);
      await page.getByLabel("Password").fill(account.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL((url) => url.pathname !== "/sign-in");
    }
    await page.goto(`${demo.url}${shot.path}`);
    await shot.prepare?.(page);
    await page.evaluate(steady, { url: demo.url, dataDir: demo.dataDir, digits });
    await page.evaluate(async () => {
      (document.activeElement as HTMLElement | null)?.blur();
      await document.fonts.ready;
      await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    });
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: WEBP_QUALITY });
    const bytes = Buffer.from(data, "base64");
    await writeFile(join(OUT, `${shot.name}.webp`), bytes);
    console.log(`${shot.name}.webp  ${(bytes.length / 1000).toFixed(0)} kB`);
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
    await context.close();
  }
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !SHOTS.some((shot) => shot.name === name));
  if (unknown !== undefined)
    throw new Error(`there is no ${unknown}; there are ${SHOTS.map(({ name }) => name).join(", ")}`);
  const folder = await mkdtemp(join(tmpdir(), "mosis-screenshots-"));
  const clock = testClock();
  const stop = new AbortController();
  const stderr = (text: string) => void process.stderr.write(text);
  const io: Io = { ...NO_TERMINAL, stdout: () => {}, stderr, cwd: folder, signal: stop.signal, clock };
  const dataDir = join(folder, "store");
  const running = await startStore({ io }, loadConfig({ dataDir, port: "0", logLevel: "error" }, {}));
  let browser: Awaited<ReturnType<typeof startBrowser>> | undefined;
  try {
    browser = await startBrowser();
    await mkdir(OUT, { recursive: true });
    const runner = createRunner({ ...io, signal: new AbortController().signal }, run);
    const note = (line: string) => console.log(line);
    const demo = await seedDemo({ ...running, run: runner, note, dataDir, folder: join(folder, "demo") });
    await picturesMade(demo);
    clock.advance(SHOWN_AFTER_MS);
    await sendMore(runner, demo, folder);
    await take(
      browser,
      demo,
      SHOTS.filter(({ name }) => names.length === 0 || names.includes(name)),
    );
  } finally {
    await browser?.close();
    stop.abort();
    await running.ended;
    await rm(folder, { recursive: true, force: true });
  }
}

await main(process.argv.slice(2));
