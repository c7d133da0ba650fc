/** Verifying a package of 300 MB (container, every digest, pictures, signature) beside `unzip -tq` of the same file. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { newDeveloper, packSigned, serveStore } from "../../src/testing/served-store.ts";
import type { Measure, Sides } from "../harness.ts";
import { writeLargeApp } from "../large-app.ts";
import { timed } from "../process.ts";

export const verify300: Measure = {
  name: "verify-300mb",
  about: "`mosis verify` of a signed package with 300 MB of files, a third of them text, beside `unzip -tq`",
  unit: "s",
  rounds: 5,
  async open({ folder, binary }): Promise<Sides> {
    const source = join(folder, "app");
    writeLargeApp(source, { storedMiB: 191, textMiB: 96 });
    const store = await serveStore({ folder, binary });
    const developer = await newDeveloper(store, "Bench");
    const file = await packSigned(store, developer, source, join(folder, "large.mosis"));
    await store.stop();
    rmSync(source, { recursive: true });
    const seconds = async (command: readonly string[]): Promise<number> =>
      (await timed(command, { cwd: folder })).ms / 1000;
    return {
      ours: () => seconds([binary, "verify", file, "--ca", developer.caFile]),
      peer: () => seconds(["unzip", "-tq", file]),
      async close() {},
    };
  },
};
