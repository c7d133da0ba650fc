/** Packing an app of 100 MB beside `zip -9` of the same folder. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Measure, Sides } from "../harness.ts";
import { writeLargeApp } from "../large-app.ts";
import { timed } from "../process.ts";

export const pack100: Measure = {
  name: "pack-100mb",
  about: "`mosis pack` of a folder with 100 MB, a third of it text, beside `zip -9` of the same",
  unit: "s",
  rounds: 3,
  async open({ folder, binary }): Promise<Sides> {
    const source = join(folder, "app");
    writeLargeApp(source, { storedMiB: 64, textMiB: 32 });
    const seconds = async (command: readonly string[], cwd: string, output: string): Promise<number> => {
      rmSync(join(folder, output), { force: true });
      return (await timed([...command], { cwd })).ms / 1000;
    };
    return {
      ours: () => seconds([binary, "pack", source, "-o", join(folder, "app.mosis")], folder, "app.mosis"),
      peer: () => seconds(["zip", "-q", "-9", "-r", join(folder, "app.zip"), "."], source, "app.zip"),
      async close() {},
    };
  },
};
