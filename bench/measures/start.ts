/** How long it takes until the executable does something, beside the runtime that everybody knows. */
import { join } from "node:path";
import { runBinary, startBinary } from "../../src/testing/binary.ts";
import type { Measure, Place, Sides } from "../harness.ts";
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

export const serveReady: Measure = {
  name: "start-serve",
  about:
    "`mosis serve` on a store that is there, from start until it says so and /readyz agrees, beside `node -e 0`",
  unit: "ms",
  rounds: 11,
  async open(place): Promise<Sides> {
    const { binary, folder } = place;
    const words = ["serve", "--data", join(folder, "data"), "--port", "0"];
    const first = await startBinary(binary, words, { cwd: folder });
    await first.stop();
    await runBinary(binary, ["admin", "jobs", "list", "--data", join(folder, "data")], { cwd: folder });
    return {
      async ours() {
        const startedAt = Bun.nanoseconds();
        const served = await startBinary(binary, words, { cwd: folder });
        const ready = await fetch(`${served.url}/readyz`);
        const ms = (Bun.nanoseconds() - startedAt) / 1e6;
        const ended = await served.stop();
        if (ready.status !== 200 || ended.code !== 0)
          throw new Error(`readyz said ${ready.status}, the server ended with ${ended.code}`);
        return ms;
      },
      peer: () => nodeMs(place),
      async close() {},
    };
  },
};
