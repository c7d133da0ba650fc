/** One parser, fed for a time. */
import { readCorpus } from "./corpus.ts";
import { watchMemory } from "./memory.ts";
import { createOutcomes, createPool, type Outcomes } from "./pool.ts";
import { randomAt } from "./random.ts";
import type { Made, Opened, Outcome, Target } from "./target.ts";

export const SLOW_MS = 2000;
/** By one input, over what it has itself. */
const GROWTH_BYTES = 96 * 2 ** 20;
const GROWTH_TIMES_INPUT = 16;
/** Memory is looked at after as many, and again for each of them when it is too much. */
const BATCH = 16;
const PROGRESS_MS = 250;
/** What the runtime leaves uncollected of millions of small things would make everything late: above this it is made to collect. */
const LARGE_BYTES = 512 * 2 ** 20;
const COLLECT_MS = 2000;

export type Fault = {
  readonly kind: "crash" | "slow" | "growth" | "hang" | "exit";
  readonly place: number;
  readonly words: string;
  readonly bytes: Uint8Array;
};

export type Run = {
  executions: number;
  readonly layers: Record<string, number>;
  readonly repaired: Record<string, number>;
  /** Outcomes (code and class of place) that no seed and nothing kept had shown. */
  novel: number;
  slowestMs: number;
  grownBytes: number;
  peakBytes: number;
  /** What the changes were made from that was found new, when it was most. */
  poolBytes: number;
  readonly smallest: Outcomes["smallest"];
};

export type Hooks = {
  /** Before each: what is left of the process when it dies. */
  readonly before: (place: number, bytes: Uint8Array) => void;
  readonly progress: (run: Run) => void;
  readonly fault: (fault: Fault) => void;
};

export const signatureOf = ({ code, layer, place }: Outcome): string =>
  `${code ?? "accepted"} ${layer} ${place}`;

/** Runs from place `from` on until the time is over. The same seed and the same corpus give the same inputs. */
export async function fuzz(
  target: Target,
  opened: Opened,
  options: { readonly seed: number; readonly from: number; readonly seconds: number },
  hooks: Hooks,
): Promise<Run> {
  const outcomes = createOutcomes();
  const run: Run = {
    executions: 0,
    layers: Object.fromEntries([...target.layers, "accepted"].map((layer) => [layer, 0])),
    repaired: {},
    novel: 0,
    slowestMs: 0,
    grownBytes: 0,
    peakBytes: 0,
    poolBytes: 0,
    smallest: outcomes.smallest,
  };
  const judge = createJudge(opened, run, outcomes, hooks);
  const pool = createPool([...(await opened.seeds()), ...readCorpus(target.name)]);
  let told = 0;
  let collected = 0;
  const progress = () => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    hooks.progress(run);
  };
  for (const bytes of pool.items) {
    await judge(-1, bytes);
    progress();
  }
  const memory = watchMemory();
  const limitOf = (bytes: Uint8Array) =>
    (target.growthBytes ?? GROWTH_BYTES) + GROWTH_TIMES_INPUT * bytes.length;
  const end = performance.now() + options.seconds * 1000;
  for (let place = options.from; performance.now() < end; ) {
    const batch: { place: number; made: Made }[] = [];
    for (; batch.length < BATCH; place++)
      batch.push({ place, made: await makeAt(target, opened, options.seed, place, pool.items) });
    memory.start();
    for (const { place: at, made } of batch) {
      const outcome = await judge(at, made.bytes);
      run.executions += 1;
      run.repaired[made.repaired] = (run.repaired[made.repaired] ?? 0) + 1;
      if (outcome === null) continue;
      run.layers[outcome.layer] = (run.layers[outcome.layer] ?? 0) + 1;
      if (outcome.isNew) {
        run.novel += 1;
        pool.add(made.bytes, randomAt(options.seed, at, `${target.name} pool`));
        run.poolBytes = Math.max(run.poolBytes, pool.foundBytes());
      }
      progress();
      if (performance.now() > end) break;
    }
    const grown = memory.grownBytes();
    const rss = process.memoryUsage.rss();
    run.peakBytes = Math.max(run.peakBytes, rss);
    if (rss > LARGE_BYTES && performance.now() - collected > COLLECT_MS) {
      Bun.gc(true);
      collected = performance.now();
    }
    if (batch.some(({ made }) => grown > limitOf(made.bytes))) await findGrowth(batch);
    else run.grownBytes = Math.max(run.grownBytes, grown);
  }
  return run;

  /** Garbage of many may look like much of one: each alone, three times, is what counts. */
  async function findGrowth(batch: readonly { place: number; made: Made }[]): Promise<void> {
    for (const { place, made } of batch) {
      let least = Number.POSITIVE_INFINITY;
      for (let time = 0; time < 3 && least > limitOf(made.bytes); time++) {
        Bun.gc(true);
        memory.start();
        await judge(place, made.bytes);
        least = Math.min(least, memory.grownBytes());
      }
      run.grownBytes = Math.max(run.grownBytes, least);
      if (least > limitOf(made.bytes))
        hooks.fault({
          kind: "growth",
          place,
          bytes: made.bytes,
          words: `${Math.round(least / 2 ** 20)} MiB more for ${made.bytes.length} bytes`,
        });
    }
  }
}

function createJudge(opened: Opened, run: Run, outcomes: Outcomes, hooks: Hooks) {
  return async (place: number, bytes: Uint8Array): Promise<(Outcome & { isNew: boolean }) | null> => {
    hooks.before(place, bytes);
    const before = process.cpuUsage();
    let outcome: Outcome;
    try {
      outcome = await opened.judge(bytes);
    } catch (error) {
      hooks.fault({ kind: "crash", place, bytes, words: wordsOf(error) });
      return null;
    }
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    run.slowestMs = Math.max(run.slowestMs, tookMs);
    if (tookMs > SLOW_MS)
      hooks.fault({
        kind: "slow",
        place,
        bytes,
        words: `${Math.round(tookMs)} ms of the processor, then ${outcome.code ?? "accepted"}`,
      });
    return { ...outcome, isNew: outcomes.see(signatureOf(outcome), bytes) };
  };
}

const DRAWS = 50;

/** A change that cannot be written (a number that canonical JSON does not have) is drawn again. */
async function makeAt(
  target: Target,
  opened: Opened,
  seed: number,
  place: number,
  corpus: readonly Uint8Array[],
): Promise<Made> {
  const random = randomAt(seed, place, target.name);
  let last: unknown;
  for (let draw = 0; draw < DRAWS; draw++) {
    try {
      return await opened.make(random, corpus);
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`${target.name}: ${DRAWS} changes one after the other could not be made`, { cause: last });
}

export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, at = "", next = ""] = (error.stack ?? "").split("\n    at ");
  const cause = error.cause === undefined ? "" : `, because of ${wordsOf(error.cause)}`;
  return `${error.name}: ${error.message.slice(0, 400)} (${at.trim()}; ${next.trim()})${cause}`;
}
