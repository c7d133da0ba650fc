/** Starts the process that a test of kills is about, and reads what it found. */
import { join } from "node:path";

/**
 * Runs a script of this folder to its end. Gives what its last line says, as JSON; null when it killed itself.
 * @throws Error with its words when it ended in another way
 */
export async function runChild<Outcome>(
  script: string,
  ...words: readonly (string | number)[]
): Promise<Outcome | null> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, script), ...words.map(String)], {
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
