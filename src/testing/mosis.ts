/** Mosis as processes of their own. */
import { join } from "node:path";

const MAIN = join(import.meta.dir, "../main.ts");

/**
 * The words that start it: what a check has built, if that is said; else its source, which each process compiles anew and takes most of
 * its time for.
 */
export const MOSIS: readonly string[] =
  process.env.MOSIS_BINARY === undefined ? [process.execPath, MAIN] : [process.env.MOSIS_BINARY];
