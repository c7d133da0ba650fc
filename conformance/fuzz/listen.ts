/** A process that feeds a parser, heard until it ends or is silent for too long. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Line } from "./child.ts";

/** For so many times the patience by the clock: it waits for what never comes. A busy machine alone makes nobody late. */
const IDLE_TIMES = 10;
const OPENING_MS = 300_000;

export type Heard = {
  /** It was silent for too long, and was ended. */
  readonly isHung: boolean;
  readonly code: number;
  /** How it ended, for people. */
  readonly words: string;
};

/** `silentMs` is of the processor's time where that can be known, and counts from its first word on. */
export async function listen(
  args: readonly string[],
  silentMs: number,
  hear: (line: Line) => void,
): Promise<Heard> {
  const child = Bun.spawn([process.execPath, join(import.meta.dirname, "child.ts"), ...args], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let heard = spentBy(child.pid);
  let patience = OPENING_MS;
  let isHung = false;
  const timer = setInterval(() => {
    const spent = spentBy(child.pid);
    const isBusy = spent.processorMs - heard.processorMs >= patience;
    if (!isBusy && spent.clockMs - heard.clockMs < IDLE_TIMES * patience) return;
    isHung = true;
    child.kill("SIGKILL");
  }, 500);
  const errors = new Response(child.stderr).text();
  try {
    for await (const line of linesOf(child.stdout)) {
      heard = spentBy(child.pid);
      patience = silentMs;
      hear(line);
    }
    const code = await child.exited;
    const signal = child.signalCode ? ` (${child.signalCode})` : "";
    const words = isHung
      ? `nothing was heard for ${Math.round(patience / 1000)} s`
      : `the process ended with ${code}${signal}: ${(await errors).trim().slice(0, 600)}`;
    return { isHung, code, words };
  } finally {
    clearInterval(timer);
    child.kill("SIGKILL");
  }
}

type Spent = { readonly processorMs: number; readonly clockMs: number };

/** A tick of /proc, which is 10 ms on every Linux that Bun runs on. */
const TICK_MS = 10;

/** Of the processor only Linux tells; elsewhere the clock stands for it. */
function spentBy(pid: number): Spent {
  const clockMs = performance.now();
  if (process.platform !== "linux") return { clockMs, processorMs: clockMs };
  try {
    // Behind the name, which may hold anything, stand the state and then numbers: user is the 12th, system the 13th.
    const numbers = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return { clockMs, processorMs: TICK_MS * (Number(numbers[11]) + Number(numbers[12])) };
  } catch {
    // It has ended, and spends no more.
    return { clockMs, processorMs: 0 };
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) yield JSON.parse(line) as Line;
  }
}
