/**
 * Which steps of a path a process is killed after. In a check a sample: every kind of step once unless that is too many,
 * and more until there are enough, drawn anew each time. The seed is printed; MOSIS_KILL_SEED draws the same again, and MOSIS_KILL=all (as
 * `bun run measure steps` does) takes them all.
 */
import { createHash } from "node:crypto";

const killsAll = process.env.MOSIS_KILL === "all";
const seed = process.env.MOSIS_KILL_SEED ?? crypto.randomUUID().slice(0, 8);

/** For one test: a whole matrix takes its time. */
export const KILLS_TIMEOUT_MS = killsAll ? 3_600_000 : 300_000;

/**
 * The steps of each path, numbers from 1 in rising order. `paths` has the kind of each step of each path; a kind that
 * several paths have is drawn in one of them, and each path has at least `least` steps, or all when it has fewer,
 * and at most `most`.
 */
export function chosenSteps(
  paths: Readonly<Record<string, readonly string[]>>,
  least: number,
  most = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, readonly number[]> {
  const every = Object.entries(paths).flatMap(([path, kinds]) =>
    kinds.map((kind, index) => ({ path, kind, step: index + 1 })),
  );
  const drawn = every.sort((a, b) => place(a.path, a.step) - place(b.path, b.step));
  const seen = new Set<string>();
  const ofKinds = drawn.filter(({ kind }) => !seen.has(kind) && seen.add(kind));
  const chosen = Object.keys(paths).map((path): [string, readonly number[]] => {
    const own = drawn.filter((each) => each.path === path);
    const first = ofKinds.filter((each) => each.path === path);
    const rest = own.filter((each) => !first.includes(each));
    const some = killsAll
      ? own
      : [...first.slice(0, most), ...rest.slice(0, Math.max(0, least - first.length))];
    console.log(`${path}: killed after ${some.length} of ${own.length} steps; MOSIS_KILL_SEED=${seed}`);
    return [path, some.map(({ step }) => step).sort((a, b) => a - b)];
  });
  return new Map(chosen);
}

function place(path: string, step: number): number {
  return createHash("sha256").update(`${seed} ${path} ${step}`).digest().readUInt32BE(0);
}

/** Does `work` for each step, two at a time: one more and they would only wait for each other. */
export async function twoAtATime(
  steps: readonly number[],
  work: (step: number) => Promise<void>,
): Promise<void> {
  const waiting = [...steps];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await work(step);
  };
  await Promise.all([worker(), worker()]);
}
