import type { Config } from "../config.ts";
import { isProblem } from "../errors.ts";
import { type Context, defineCommand, option, type Result } from "./command.ts";
import { openPlace, type Place } from "./demo/place.ts";
import { createRunner, type Runner } from "./demo/runner.ts";
import { type Demo, installedApps, seedDemo } from "./demo/seed.ts";
import { demoResult } from "./demo/show.ts";
import { type RunningStore, startStore } from "./serve.ts";
import { commandConfig } from "./store-options.ts";
import { shellWord } from "./style.ts";

const options = {
  data: option(
    "--data",
    "DIR",
    "keep the store in this folder; without it a temporary one, removed at the end",
  ),
  port: option("--port", "N", "the port to listen on; without it 8470, or a free one when that is taken"),
};

export const demoCommand = defineCommand({
  name: "demo",
  summary: "Start a store with sample people, apps and a device, to look around in.",
  description: [
    "Three sample apps go the whole way, by the real commands: packed, signed, submitted, checked, approved, countersigned, published, and installed on a reference device; one of them is then updated. The store front has listings with pictures in English, German and Arabic, featured apps, a collection and ratings.",
    "It stays up until Ctrl-C, which ends it with exit code 0, and before it is ready with 130. A folder given with --data is kept, and a second demo on it starts where the first one ended.",
  ],
  endsItself: true,
  arguments: {},
  options,
  examples: [
    { line: "mosis demo", does: "prints an address and three logins" },
    {
      line: "mosis demo --data ./demo --port 9000 --json",
      does: "keeps the folder, and prints one line of JSON when ready",
    },
  ],
  run: runDemo,
});

async function runDemo(context: Context<Record<string, never>, typeof options>): Promise<Result | null> {
  const { io, note } = context;
  const kept = context.options.data === undefined ? null : context.path(context.options.data);
  const place = await openPlace(kept);
  try {
    // The server's stop is ours to time: what is being seeded ends first.
    const stop = new AbortController();
    const running = await startOnFreePort(context, place, stop.signal);
    try {
      const { run } = await import("./program.ts");
      const runner = createRunner(io, run);
      const demo = place.earlier
        ? await resume(runner, place.earlier, running.url, note)
        : await seedDemo({ ...running, run: runner, note, dataDir: place.dataDir, folder: place.folder });
      await place.remember(demo);
      context.report(demoResult(demo, { isKept: kept !== null, alias: aliasLine() }));
      await aborted(io.signal);
    } finally {
      stop.abort();
      await running.ended;
    }
  } finally {
    await place.leave();
  }
  note(kept === null ? "Stopped, and everything removed." : `Stopped. All is kept in ${place.dataDir}.`);
  return null;
}

/** What an earlier demo made, at the address that it has now. */
async function resume(run: Runner, earlier: Demo, url: string, note: (line: string) => void): Promise<Demo> {
  note("A demo is there already: starting it again …");
  const { rootSha256, deviceHome } = earlier;
  if (url !== earlier.url)
    await run(["device", "init", url, "--root-sha256", rootSha256, "--home", deviceHome]);
  return { ...earlier, url, apps: await installedApps(run, deviceHome) };
}

/** On the port that was asked for; else on that of the earlier demo, the usual one, or a free one. */
async function startOnFreePort(
  context: Pick<Context, "io"> & { options: { port?: string | undefined } },
  { dataDir, earlier }: Place,
  signal: AbortSignal,
): Promise<RunningStore> {
  const wanted = context.options.port;
  const config = (port: string | undefined): Config =>
    commandConfig({
      io: { ...context.io, environment: {} },
      options: { data: dataDir, port, logLevel: "error" },
    });
  const io = { ...context.io, signal };
  const before = earlier === null ? "" : new URL(earlier.url).port;
  try {
    return await startStore({ io }, config(wanted ?? (before === "" ? undefined : before)));
  } catch (error) {
    if (wanted !== undefined || !isAddressInUse(error)) throw error;
    return startStore({ io }, config("0"));
  }
}

function isAddressInUse(error: unknown): boolean {
  return isProblem(error) && error.code === "server.address_taken";
}

/** How a shell finds this program under the name that the examples use; null when it does already. */
function aliasLine(): string | null {
  if (process.platform === "win32" || Bun.which("mosis") === process.execPath) return null;
  const isExecutable = Bun.main.startsWith("/$bunfs/");
  const words = isExecutable ? [process.execPath] : [process.execPath, Bun.main];
  return `alias mosis=${shellWord(words.map(shellWord).join(" "))}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
}
