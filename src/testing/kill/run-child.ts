/** Starts the process that a test of kills is about, and reads what it found. */
import { join } from "node:path";

/** What starts a script of this folder: what a check has compiled, if that is said (children.ts); else its source. */
export function childCommand(script: string): string[] {
  const compiled = process.env.MOSIS_CHILDREN;
  return compiled === undefined ? [process.execPath, join(import.meta.dir, script)] : [compiled, script];
}

/**
 * Runs a script of this folder to its end. Gives what its last line says, as JSON; null when it killed itself.
 * @throws Error with its words when it ended in another way
 */
export async function runChild<Outcome>(
  script: string,
  ...words: readonly (string | number)[]
): Promise<Outcome | null> {
  const child = Bun.spawn([...childCommand(script), ...words.map(String)], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (child.signalCode === "SIGKILL") return null;
  if (child.exitCode !== 0) throw new Error(`the child ended with ${child.exitCode}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Outcome;
}
