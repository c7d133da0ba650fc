/**
 * With scripts and without them: what people do on the pages holds in both ways. A check takes one of the two for each file
 * of tests, drawn anew each time: it prints the seed, and MOSIS_WAYS_SEED draws the same again. The way from the set-up link to a published app
 * and what is revoked are gone both ways in every check. A file that is run by
 * itself takes both, and so does `bun run measure ways`.
 */
import { createHash } from "node:crypto";

/** Whether scripts run, in each of the ways that are taken. @param file The name of the file of tests */
export function waysOf(file: string, seed = process.env.MOSIS_WAYS_SEED): readonly boolean[] {
  if (seed === undefined) return [true, false];
  return [createHash("sha256").update(`${seed} ${file}`).digest().readUInt8(0) % 2 === 0];
}
