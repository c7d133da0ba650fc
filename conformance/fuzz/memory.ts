/** How much memory this process has and had at most; the most can be forgotten, so that it is told of one input. */
import { readFileSync, writeFileSync } from "node:fs";

const STATUS = "/proc/self/status";

function field(name: string): number {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(STATUS, "utf8"))?.[1];
  return Number(kib ?? 0) * 1024;
}

export type Watch = {
  /** From here on the most is counted anew. */
  start(): void;
  /** By how much the process had grown at most since `start`. */
  grownBytes(): number;
};

/** On Linux the kernel counts the most; elsewhere it is what the process has when it is asked. */
export function watchMemory(): Watch {
  let before = 0;
  if (process.platform !== "linux") {
    return {
      start: () => {
        before = process.memoryUsage.rss();
      },
      grownBytes: () => Math.max(0, process.memoryUsage.rss() - before),
    };
  }
  return {
    start() {
      writeFileSync("/proc/self/clear_refs", "5");
      before = field("VmRSS");
    },
    grownBytes: () => Math.max(0, field("VmHWM") - before),
  };
}
