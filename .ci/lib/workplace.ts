/**
 * Where the tests of a check write what they throw away: in memory, where the machine has room for it. A store syncs each
 * of its steps, and on a disk the tests wait for that for a third of their time; what they hold does not depend on it.
 * A caller's TMPDIR goes before. End-to-end tests and `bun run measure` stay on the disk.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Workplace = { readonly folder: string; remove(): void };

const MEMORY = "/dev/shm";
/** The type of a file system in memory, as statfs has it. */
const TMPFS = 0x01021994;
/** Several times what two files at once have ever needed. */
const ROOM_BYTES = 4 * 2 ** 30;

/** A folder for one run of tests. */
export function openWorkplace(inMemory: boolean): Workplace {
  const wanted = inMemory && process.env.TMPDIR === undefined && hasRoom();
  // Short, since a socket's path has not many characters.
  const folder = mkdtempSync(join(wanted ? MEMORY : tmpdir(), "mosis-"));
  // As folders of temporary files are: some programs of the tests run as another user.
  chmodSync(folder, 0o1777);
  const remove = () => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    } catch (error) {
      // The tests have said how they ended; what one left mounted does not change it.
      console.error(`${folder} stays: ${error}`);
    }
  };
  if (!wanted || runsPrograms(folder)) return { folder, remove };
  remove();
  return openWorkplace(false);
}

function hasRoom(): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY);
    const kib = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0;
    return type === TMPFS && Math.min(bavail * bsize, Number(kib) * 1024) >= ROOM_BYTES;
  } catch {
    return false;
  }
}

/** Containers often forbid it there, and the executable under test is run from a copy. */
function runsPrograms(folder: string): boolean {
  const copy = join(folder, "true");
  copyFileSync("/bin/true", copy);
  const { status } = spawnSync(copy);
  rmSync(copy);
  return status === 0;
}
