/**
 * The server is killed by SIGKILL at random instants of the whole path, and started again: each accepted upload is
 * published exactly once, devices get the very bytes, and every row, file and signed target agrees with the others.
 *
 * The seed is printed; MOSIS_KILL_SEED repeats its instants, MOSIS_KILL_RUNS says how many (3; `bun run measure` 200).
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import { type Prepared, prepare, runOnce } from "../kill/served-run.ts";

const { folder, binary, remove } = workspace();
const runs = Number(process.env.MOSIS_KILL_RUNS ?? 3);
const seed = process.env.MOSIS_KILL_SEED ?? crypto.randomUUID().slice(0, 8);
/** Two at a time: one more and they would only wait for each other. */
const WORKERS = 2;
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare(binary, join(folder, "prepared"));
}, 60_000);
afterAll(remove);

/** From 0 to 1, for each run of a seed. */
function fraction(run: number): number {
  return createHash("sha256").update(`${seed} ${run}`).digest().readUInt32BE(0) / 2 ** 32;
}

test(
  `${runs} kills at random instants lose and double nothing`,
  async () => {
    console.log(`MOSIS_KILL_SEED=${seed}`);
    const undisturbed = await runOnce(prepared, join(folder, "whole"), null);
    expect(undisturbed).toMatchObject({ wrong: [], swept: 0 });
    const waiting = Array.from({ length: runs }, (_, index) => index + 1);
    const failures: string[] = [];
    let swept = 0;
    // What a run takes beside another one: the last that was seen.
    let lastMs = undisturbed.clientMs;
    const worker = async () => {
      for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
        const killAfterMs = Math.round(fraction(run) * lastMs);
        try {
          const outcome = await runOnce(prepared, join(folder, `run-${run}`), killAfterMs);
          failures.push(
            ...outcome.wrong.map((line) => `run ${run}, killed after ${killAfterMs} ms: ${line}`),
          );
          swept += outcome.swept;
          lastMs = Math.max(undisturbed.clientMs, outcome.clientMs - 500);
        } catch (error) {
          failures.push(`run ${run}, killed after ${killAfterMs} ms: ${error}`);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    console.log(
      `${runs} runs of ${undisturbed.clientMs} ms or more; ${swept} files without a row were swept`,
    );
    expect(failures).toEqual([]);
  },
  180_000 + runs * 60_000,
);
