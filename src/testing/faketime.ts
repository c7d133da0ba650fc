/** Programs that believe in another time, with Debian's libfaketime. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const SHARED = "/dev/shm";

/**
 * What the program faketime sets for the program that it runs, so that an executable believes in another time; the
 * program itself does not pass signals on.
 */
export function faketime(offset: string): Record<string, string> {
  removeLeftovers();
  const { stdout } = Bun.spawnSync(["faketime", "-f", offset, "env"], { env: { PATH: "/usr/bin:/bin" } });
  const lines = stdout.toString().split("\n");
  const preload = lines.find((line) => line.startsWith("LD_PRELOAD="))?.slice("LD_PRELOAD=".length);
  if (preload === undefined) throw new Error("faketime does not say what it preloads");
  return { LD_PRELOAD: preload, FAKETIME: offset };
}

/**
 * The library shares a file that has the process's number in its name. One that was killed leaves it there, and the next
 * process of that number does not start.
 */
function removeLeftovers(): void {
  if (!existsSync(SHARED)) return;
  for (const name of readdirSync(SHARED)) {
    const pid = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(SHARED, name), { force: true });
  }
}
