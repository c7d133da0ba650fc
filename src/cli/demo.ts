import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../config.ts";
import { Problem } from "../errors.ts";
import { type Context, defineCommand, option, type Result } from "./command.ts";
import { createRunner, type RunCommand } from "./demo/runner.ts";
import { type Demo, seedDemo } from "./demo/seed.ts";
import { exists, writeFileAtomic } from "./files.ts";
import { type RunningStore, startStore } from "./serve.ts";
import { commandConfig } from "./store-options.ts";
import { fields } from "./style.ts";

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
    "Three sample apps go the whole way, by the real commands: packed, signed, submitted, checked, approved, countersigned, published, and installed on a reference device; one of them is then updated.",
    "It stays up until Ctrl-C. A folder given with --data is kept, and a second demo on it starts where the first one ended.",
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
  const kept = context.options.data;
  const dataDir = kept === undefined ? await mkdtemp(join(tmpdir(), "mosis-demo-")) : resolve(io.cwd, kept);
  const folder = join(dataDir, "demo");
  const memory = join(folder, "demo.json");
  try {
    const earlier = await readEarlier(dataDir, memory);
    note(`Starting a store in ${dataDir} …`);
    // The server's stop is ours to time: what is being seeded ends first.
    const stop = new AbortController();
    const running = await startOnFreePort(context, dataDir, stop.signal);
    try {
      const { run } = await import("./program.ts");
      const demo = earlier
        ? { ...earlier, url: running.url }
        : await seed(context, running, { dataDir, folder, run });
      await writeFileAtomic(memory, [new TextEncoder().encode(JSON.stringify(demo))], 0o600);
      context.report(demoResult(demo));
      await aborted(io.signal);
    } finally {
      stop.abort();
      await running.ended;
    }
    return null;
  } finally {
    if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}

async function seed(
  context: Pick<Context, "io" | "note">,
  running: RunningStore,
  place: { dataDir: string; folder: string; run: RunCommand },
): Promise<Demo> {
  const { dataDir, folder } = place;
  const run = createRunner(context.io, place.run);
  return seedDemo({
    run,
    url: running.url,
    rootSha256: running.rootSha256,
    dataDir,
    folder,
    note: context.note,
  });
}

/** @throws Problem `demo.folder_used` for a store that is no demo, or one whose seeding was cut off. */
async function readEarlier(dataDir: string, memory: string): Promise<Demo | null> {
  if (await exists(memory)) return JSON.parse(await readFile(memory, "utf8")) as Demo;
  if (!(await exists(join(dataDir, "mosis.db")))) return null;
  throw new Problem(
    "conflict",
    "demo.folder_used",
    `${dataDir} holds a store that is no finished demo. Use an empty folder, or start it with “mosis serve --data ${dataDir}”.`,
  );
}

async function startOnFreePort(
  context: Pick<Context, "io"> & { options: { port?: string | undefined } },
  dataDir: string,
  signal: AbortSignal,
): Promise<RunningStore> {
  const wanted = context.options.port;
  const config = (port: string | undefined): Config =>
    commandConfig({
      io: { ...context.io, environment: {} },
      options: { data: dataDir, port, logLevel: "warn" },
    });
  const io = { ...context.io, signal };
  try {
    return await startStore({ io }, config(wanted));
  } catch (error) {
    if (wanted !== undefined || !isAddressInUse(error)) throw error;
    return startStore({ io }, config("0"));
  }
}

function isAddressInUse(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "EADDRINUSE" || error.code === "server.address_taken")
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
}

function demoResult(demo: Demo): Result {
  return {
    data: demo,
    text: (style) =>
      [
        "",
        `${style.good("Ready")} ${style.bold(demo.url)}`,
        "",
        fields(style, [
          ...demo.accounts.map((account) => [account.role, `${account.email}  ${account.password}`] as const),
          ["API key", demo.apiKey],
          ["signing key", demo.key.file],
          ["root", demo.rootSha256],
          ["data folder", demo.dataDir],
          ["device", demo.deviceHome],
          ["installed", demo.apps.map((app) => `${app.id} (${app.versionCode})`).join(", ")],
        ]),
        "",
        style.dim("Ctrl-C ends it."),
      ].join("\n"),
  };
}
