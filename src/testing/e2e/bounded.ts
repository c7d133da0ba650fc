/** What a command of the executable used, and that it was within the bounds of a hostile file: 2 s of all threads' processor time, 200 MB. */
import { expect } from "bun:test";
import { join } from "node:path";

const MOST_MS = 2000;
export const MOST_BYTES = 200e6;

export type Ran = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpuMs: number;
  readonly maxBytes: number;
};

/** Runs a command in a folder. What counts is the processor's time, since the machine may have other things to do. */
export async function measured(command: readonly string[], folder: string): Promise<Ran> {
  const child = Bun.spawn([process.execPath, join(import.meta.dirname, "measured.ts"), ...command], {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", HOME: folder },
    stdout: "pipe",
  });
  const text = await new Response(child.stdout).text();
  await child.exited;
  return JSON.parse(text) as Ran;
}

/** `files`: how many files of the kind the command was given, each of which may take its time: 2 s, or `mostMs` where that is more. */
export function expectBounded(
  what: string,
  { cpuMs, maxBytes }: Ran,
  {
    files = 1,
    mostMs = 0,
    mostBytes = MOST_BYTES,
  }: { files?: number; mostMs?: number; mostBytes?: number } = {},
): void {
  console.log(`${what}: ${Math.round(cpuMs)} ms, ${Math.round(maxBytes / 1e6)} MB`);
  expect(cpuMs).toBeLessThan(files * Math.max(MOST_MS, mostMs));
  expect(maxBytes).toBeLessThan(mostBytes);
}
