/** A real disk that runs full: a tmpfs of a few megabytes, which only root may mount, and a file that takes its room. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode } from "../device/files.ts";

export type SmallDisk = {
  readonly folder: string;
  /** Takes room away until so much is free, in whole blocks of 4 KiB. */
  leave(freeBytes: number): void;
  /** Gives all the room back. */
  free(): void;
  /** Lets nothing be written, changed or removed any more. */
  makeReadOnly(): void;
  close(): void;
};

/** Why there can be none here; null when there can. */
export const noSmallDisk: string | null =
  process.platform === "linux" && process.getuid?.() === 0 ? null : "only root on Linux may mount a tmpfs";

/** @throws Error with the words of mount */
export function openSmallDisk(sizeBytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "mosis-small-disk-"));
  command("mount", "-t", "tmpfs", "-o", `size=${sizeBytes},mode=0700`, "tmpfs", folder);
  const ballast = join(folder, "ballast");
  const free = () => {
    closeSync(openSync(ballast, "a"));
    truncateSync(ballast, 0);
  };
  return {
    folder,
    free,
    leave(freeBytes) {
      free();
      const { bavail, bsize } = statfsSync(folder);
      const block = Buffer.alloc(bsize, 1);
      const file = openSync(ballast, "a");
      try {
        for (let left = bavail * bsize; left > freeBytes; left -= bsize) writeSync(file, block);
      } catch (error) {
        if (!hasCode(error, "ENOSPC")) throw error;
      } finally {
        closeSync(file);
      }
    },
    makeReadOnly: () => command("mount", "-o", "remount,ro", folder),
    close() {
      command("umount", folder);
      rmSync(folder, { recursive: true });
    },
  };
}

function command(name: string, ...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(name, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${error?.message ?? stderr}`);
}
