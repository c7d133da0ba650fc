import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { createSetupLink, needsSetup } from "../accounts/setup.ts";
import { SERVING } from "../boot/lock.ts";
import { openStore } from "../boot/open-store.ts";
import { operatorSocketPath } from "../boot/socket-path.ts";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import type { Config } from "../config.ts";
import { startOperatorServer } from "../http/operator/server.ts";
import { readTls, startServer, tryAddress } from "../http/server.ts";
import { createLog } from "../log.ts";
import { mailSettings, readMailFiles } from "../mail/settings.ts";
import { type Context, defineCommand, type Result } from "./command.ts";
import { addressFile } from "./server-address.ts";
import { commandConfig, serverOptions } from "./store-options.ts";
import { LINE_END } from "./style.ts";

/** Within ten seconds all has ended: what is left of them is for closing. */
const STOP_MS = 8_800;
/** How long an admin command may hold the folder while the server starts. */
const COMMAND_MS = 10_000;

export const serveCommand = defineCommand({
  name: "serve",
  summary: "Run the store: portal, API, signed catalogue and jobs.",
  description: [
    "On an empty folder it first makes the database, the certificate authority, the signed catalogue and the store's id, and prints a one-time link that creates the first administrator.",
    "It runs until SIGTERM or Ctrl-C, then finishes what it is doing, within ten seconds. Log lines are JSON, on stderr.",
  ],
  endsItself: true,
  arguments: {},
  options: serverOptions,
  examples: [
    { line: "mosis serve --data /srv/mosis", does: "serves on http://127.0.0.1:8470, for this machine" },
    {
      line: "mosis serve --data /srv/mosis --host 0.0.0.0 --port 443 --tls-cert chain.pem --tls-key key.pem",
      does: "serves everyone, with TLS",
    },
    {
      line: "mosis serve --data /srv/mosis --public-url https://apps.example.com",
      does: "serves behind a proxy on this machine that has the TLS certificate",
    },
  ],
  async run(context) {
    const running = await startStore(context, commandConfig(context));
    context.report(running.started);
    await running.ended;
    return null;
  },
});

export type RunningStore = {
  readonly url: string;
  readonly rootSha256: string;
  readonly setupUrl: string | null;
  readonly started: Result;
  /** Resolves when the process was told to end and everything is closed. */
  readonly ended: Promise<void>;
};

/** Opens the folder and serves it until the command's signal fires. */
export async function startStore(context: Pick<Context, "io">, config: Config): Promise<RunningStore> {
  const { io } = context;
  let level = () => config.logLevel;
  const log = createLog(io.clock, () => level(), io.stderr);
  const tls =
    config.tlsCert !== null && config.tlsKey !== null
      ? { certFile: config.tlsCert, keyFile: config.tlsKey }
      : null;
  // A wrong name of a file is said before a store is made.
  if (tls !== null) readTls(tls);
  const mail = mailSettings(config);
  if (mail !== null) readMailFiles(mail);
  const address = { host: config.host, port: config.port };
  // Nor is a store made that could not be served.
  if (!existsSync(join(config.dataDir, "mosis.db"))) await tryAddress(address);
  const opened = await openStore({
    config,
    clock: io.clock,
    log,
    mayCreate: true,
    runJobs: true,
    waitMs: COMMAND_MS,
  });
  try {
    const { store, lock } = opened;
    // Signing and writing 262 roles leaves as many megabytes behind as the rest of the program takes.
    if (opened.firstStart) Bun.gc(true);
    level = () => store.config.logLevel;
    const server = startServer(store, {
      ...address,
      ...(tls === null ? {} : { tls }),
    });
    const operator = startOperatorServer(store, operatorSocketPath(config.dataDir));
    const url = config.publicUrl ?? server.url;
    lock.describe(`${SERVING} ${url}`);
    writeFileSync(addressFile(config.dataDir), `${url}\n`, { mode: 0o600 });
    log.info("server.started", { url, address: server.url });
    const stop = async () => {
      log.info("server.stopping");
      const until = io.clock.now().getTime() + STOP_MS;
      await Promise.all([server.stop(STOP_MS), operator.stop(STOP_MS)]);
      rmSync(addressFile(config.dataDir), { force: true });
      await opened.close(Math.max(0, until - io.clock.now().getTime()));
      log.info("server.stopped");
    };
    const setup = needsSetup(store) ? createSetupLink(store, OPERATOR) : null;
    const setupUrl = setup === null ? null : `${url}/setup?token=${setup.token}`;
    return {
      url,
      rootSha256: rootSha256(store),
      setupUrl,
      started: startedResult(url, rootSha256(store), setupUrl),
      ended: aborted(io.signal).then(stop),
    };
  } catch (error) {
    await opened.close(0);
    throw error;
  }
}

function startedResult(url: string, root: string, setupUrl: string | null): Result {
  return {
    data: { url, rootSha256: root, setupUrl },
    text: (style) =>
      [
        `${style.good("Serving")} ${style.bold(url)}`,
        `Devices pin the root ${root}`,
        ...(setupUrl === null
          ? []
          : [`Create the first administrator, once, within a day: ${style.bold(setupUrl)}`]),
      ].join(LINE_END),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
