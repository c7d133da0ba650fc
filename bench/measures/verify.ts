/**
 * Verifying a package of 300 MB (container, every digest, pictures, signature) beside `unzip -tq` of the same file: how long
 * it takes, and the most memory that it has.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { newDeveloper, packSigned, serveStore } from "../../src/testing/served-store.ts";
import type { Measure, Place, Sides } from "../harness.ts";
import { writeLargeApp } from "../large-app.ts";
import { peakOf, timed } from "../process.ts";

/** 120 MB. */
const LIMIT_MIB = 120e6 / 2 ** 20;

export const verify300: Measure = {
  name: "verify-300mb",
  about: "`mosis verify` of a signed package with 300 MB of files, a third of them text, beside `unzip -tq`",
  unit: "s",
  rounds: 5,
  ratioLimit: 0.7,
  open: (place) => sides(place, async (command) => (await timed(command, { cwd: place.folder })).ms / 1000),
};

export const verify300Rss: Measure = {
  name: "verify-300mb-rss",
  about: "peak resident memory of `mosis verify` of that package, beside `unzip -tq`",
  unit: "MiB",
  rounds: 5,
  limit: LIMIT_MIB,
  open: (place) => sides(place, (command) => peakOf(command, { cwd: place.folder })),
};

async function sides(
  { folder, binary }: Place,
  take: (command: readonly string[]) => Promise<number>,
): Promise<Sides> {
  const source = join(folder, "app");
  writeLargeApp(source, { storedMiB: 191, textMiB: 96 });
  const store = await serveStore({ folder, binary, timeoutMs: 600_000 });
  const developer = await newDeveloper(store, "Bench");
  const file = await packSigned(store, developer, source, join(folder, "large.mosis"));
  await store.stop();
  rmSync(source, { recursive: true });
  return {
    ours: () => take([binary, "verify", file, "--ca", developer.caFile]),
    peer: () => take(["unzip", "-tq", file]),
    async close() {},
  };
}
