/** Who makes the containers that a job orders: a child process beside a server, or this process itself. */
import { writeSync } from "node:fs";
import { childLines } from "../../jobs/child.ts";
import { type ContainerOrder, type MadeContainer, makeContainers } from "./containers.ts";

export type Maker = (order: ContainerOrder, signal: AbortSignal) => AsyncIterable<MadeContainer>;

/** A few seconds pass between two words of it where it has a processor to itself; it may have next to none of one. */
const SILENCE_MS = 15 * 60_000;
const REPORT_MS = 1000;

/** By a child process: the server goes on as if nothing was made. @throws Problem `job.child_failed`, `job.child_silent` */
export const madeByChild: Maker = async function* madeByChild(order, signal) {
  const work = { name: "deltas", order, signal, silenceMs: SILENCE_MS } as const;
  for await (const line of childLines(work)) {
    const made = parseMade(line);
    if (made !== null) yield made;
  }
};

/** By this process, where nobody waits for anything else of it. */
export const madeHere: Maker = async function* madeHere(order, signal) {
  yield* makeContainers(order, () => signal.throwIfAborted());
};

/** Null for a line that says only that it goes on. */
function parseMade(line: unknown): MadeContainer | null {
  if (typeof line !== "object" || line === null || !("base" in line) || !("file" in line)) return null;
  const { base, file } = line;
  if (typeof base !== "number" || (typeof file !== "string" && file !== null)) return null;
  return { base, file };
}

/** What the child does: makes what was ordered, and says on stdout what there is. */
export async function runDeltasChild(order: unknown): Promise<void> {
  const say = (line: unknown) => void writeSync(1, `${JSON.stringify(line)}\n`);
  let saidAtMs = performance.now();
  const report = () => {
    if (performance.now() - saidAtMs < REPORT_MS) return;
    saidAtMs = performance.now();
    say({});
  };
  for await (const made of makeContainers(parseOrder(order), report)) say(made);
}

/** @throws Error for what the parent never says */
function parseOrder(value: unknown): ContainerOrder {
  if (
    typeof value === "object" &&
    value !== null &&
    "target" in value &&
    "bases" in value &&
    "folder" in value
  ) {
    const { target, bases, folder } = value;
    const isPath = (base: unknown): base is string | null => base === null || typeof base === "string";
    if (
      typeof target === "string" &&
      typeof folder === "string" &&
      Array.isArray(bases) &&
      bases.every(isPath)
    )
      return { target, bases, folder };
  }
  throw new Error("that is no order of containers");
}
