/** Programs that measure and are measured: run to the end, timed, and how much memory they had. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const MEASURED = join(import.meta.dirname, "../src/testing/e2e/measured.ts");

export type Timed = { readonly ms: number; readonly stdout: string };

/** @throws Error with what it wrote when it does not end with 0 */
export async function timed(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Timed> {
  const startedAt = Bun.nanoseconds();
  const child = Bun.spawn([...command], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: process.env.PATH ?? "", HOME: options.cwd ?? "/", LANG: "C.UTF-8", ...options.env },
  });
  const exited = child.exited.then(() => (Bun.nanoseconds() - startedAt) / 1e6);
  const [stdout, stderr, ms] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    exited,
  ]);
  if (child.exitCode !== 0)
    throw new Error(`${command.join(" ")} ended with ${child.exitCode}:\n${stdout.slice(-2000)}${stderr}`);
  return { ms, stdout };
}

/**
 * The most memory (resident set) that a program had, in MiB, to its end. It is run by another process: Linux counts the memory of
 * whoever starts a program as the program's (getrusage(2), ru_maxrss), and a benchmark has much.
 * @throws Error with what it wrote when it does not end with 0
 */
export async function peakOf(command: readonly string[], options: { readonly cwd: string }): Promise<number> {
  const { stdout } = await timed([process.execPath, MEASURED, ...command], options);
  const ran = JSON.parse(stdout) as {
    exitCode: number | null;
    stdout: string;
    stderr: string;
    maxBytes: number;
  };
  if (ran.exitCode !== 0)
    throw new Error(
      `${command.join(" ")} ended with ${ran.exitCode}:\n${ran.stdout.slice(-2000)}${ran.stderr}`,
    );
  return ran.maxBytes / 2 ** 20;
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, "utf8");
}

/** Linux counts in these, whatever the machine does. */
const TICK_MS = 10;

/** Processor time of this process, all its threads, and the children that have ended. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  // After the program's name, which may hold anything: fields 3 and on of proc(5), of which 16 and 17 are meant.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (user + system) / 1000 + (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return new RegExp(`^PPid:\\t${pid}$`, "m").test(statusOf(candidate));
      } catch {
        return false; // It ended meanwhile.
      }
    });
}

/** The most memory (resident set) that a process and those it started ever had, in MiB, summed. */
export function peakMiB(pid: number): number {
  const peaks = [pid, ...childrenOf(pid)].map((each) => {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(statusOf(each))?.[1];
    if (kib === undefined) throw new Error(`process ${each} has no VmHWM`);
    return Number(kib) / 1024;
  });
  return peaks.reduce((sum, peak) => sum + peak, 0);
}
