/** How long it takes until the executable does something, beside the runtime that everybody knows. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runBinary, startBinary } from "../../src/testing/binary.ts";
import type { Measure, Place, Sides } from "../harness.ts";
import { fillStore } from "../large-store.ts";
import { timed } from "../process.ts";

async function nodeMs({ folder }: Place): Promise<number> {
  return (await timed(["node", "-e", "0"], { cwd: folder })).ms;
}

export const version: Measure = {
  name: "start-version",
  about: "`mosis --version` from start to end, beside `node -e 0`",
  unit: "ms",
  rounds: 21,
  limit: 150,
  async open(place): Promise<Sides> {
    return {
      ours: async () => (await timed([place.binary, "--version"], { cwd: place.folder })).ms,
      peer: () => nodeMs(place),
      async close() {},
    };
  },
};

/** From the start until it says so and /readyz agrees. */
async function serveMs({ binary, folder }: Place, dataDir: string): Promise<number> {
  const startedAt = Bun.nanoseconds();
  const served = await startBinary(binary, ["serve", "--data", dataDir, "--port", "0"], { cwd: folder });
  const ready = await fetch(`${served.url}/readyz`);
  const ms = (Bun.nanoseconds() - startedAt) / 1e6;
  const ended = await served.stop();
  if (ready.status !== 200 || ended.code !== 0)
    throw new Error(`readyz said ${ready.status}, the server ended with ${ended.code}`);
  return ms;
}

async function emptyStore({ binary, folder }: Place): Promise<string> {
  const dataDir = join(folder, "data");
  const first = await startBinary(binary, ["serve", "--data", dataDir, "--port", "0"], { cwd: folder });
  await first.stop();
  await runBinary(binary, ["admin", "jobs", "list", "--data", dataDir], { cwd: folder });
  return dataDir;
}

export const serveReady: Measure = {
  name: "start-serve",
  about:
    "`mosis serve` on a store that is there, from start until it says so and /readyz agrees, beside `node -e 0`",
  unit: "ms",
  rounds: 11,
  async open(place): Promise<Sides> {
    const dataDir = await emptyStore(place);
    return {
      ours: () => serveMs(place, dataDir),
      peer: () => nodeMs(place),
      async close() {},
    };
  },
};

const APPS = 5000;

export const serveLarge: Measure = {
  name: "start-serve-5000",
  about: `the same on a store with ${APPS} published apps, beside one without any`,
  unit: "ms",
  rounds: 5,
  limit: 2000,
  async open(place): Promise<Sides> {
    const large = join(place.folder, "large");
    mkdirSync(large);
    await fillStore(large, APPS);
    const empty = await emptyStore(place);
    return {
      ours: () => serveMs(place, large),
      peer: () => serveMs(place, empty),
      async close() {},
    };
  },
};
