/** Commands that make a folder, on a disk with next to no room: it is there whole, or nothing is, not even the folder. */
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { noSmallDisk, openSmallDisk, type SmallDisk } from "../testing/small-disk.ts";

setDefaultTimeout(120_000);
if (noSmallDisk !== null) console.warn(`The tests of a full disk are skipped: ${noSmallDisk}.`);

const here: Scratch = scratch({ XDG_CONFIG_HOME: "" });
afterAll(() => here.remove());

type Made = {
  readonly what: string;
  readonly argv: (disk: string) => readonly string[];
  readonly environment?: (disk: string) => Record<string, string>;
  /** Below the disk. */
  readonly top: string;
  readonly file: string;
};

const MADE: readonly Made[] = [
  {
    what: "keys new",
    argv: () => ["keys", "new"],
    environment: (disk) => ({ XDG_CONFIG_HOME: join(disk, "config") }),
    top: "config",
    file: "mosis/keys/developer.pem",
  },
  {
    what: "admin keys init",
    argv: (disk) => ["admin", "keys", "init", "--offline", join(disk, "far/keys")],
    top: "far",
    file: "keys/public-keys.json",
  },
  {
    what: "new",
    argv: (disk) => ["new", join(disk, "far/app"), "--id", "org.example.sample"],
    top: "far",
    file: "app/manifest.json",
  },
];

describe.skipIf(noSmallDisk !== null)("on a full disk", () => {
  const onDisk = async (work: (disk: SmallDisk) => Promise<void>) => {
    const disk = openSmallDisk(2 ** 20);
    try {
      await work(disk);
    } finally {
      disk.close();
    }
  };

  for (const { what, argv, environment, top, file } of MADE)
    test(`${what} leaves nothing, not even a folder, and works once there is room`, () =>
      onDisk(async (disk) => {
        const run = () =>
          here.run([...argv(disk.folder), "--json"], { environment: environment?.(disk.folder) ?? {} });
        let refusals = 0;
        for (let freeBytes = 0; ; freeBytes += 4096) {
          disk.leave(freeBytes);
          const { exitCode, json } = await run();
          if (exitCode === 0) break;
          refusals += 1;
          const { code, message } = (json as { error: { code: string; message: string } }).error;
          expect({ freeBytes, exitCode, code }).toEqual({ freeBytes, exitCode: 3, code: "file.enospc" });
          expect(message).toMatch(
            /^Could not \S+.* \S+: the disk is full\. Make room there, then run the command again\.$/,
          );
          expect(message).toContain(join(disk.folder, top));
          expect({ freeBytes, left: readdirSync(disk.folder) }).toEqual({ freeBytes, left: ["ballast"] });
        }
        expect(refusals).toBeGreaterThan(0);
        expect(existsSync(join(disk.folder, top, file))).toBe(true);
        rmSync(join(disk.folder, top), { recursive: true });
      }));

  test("a folder that was there and empty is empty again, and keeps its mode", () =>
    onDisk(async (disk) => {
      const folder = join(disk.folder, "keys");
      mkdirSync(folder);
      chmodSync(folder, 0o750);
      disk.leave(4096);
      const run = () => here.run(["admin", "keys", "init", "--offline", folder, "--json"]);
      expect((await run()).exitCode).toBe(3);
      expect(readdirSync(folder)).toEqual([]);
      disk.free();
      expect((await run()).exitCode).toBe(0);
      expect(statSync(folder).mode & 0o777).toBe(0o750);
      expect(readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())).toEqual([]);
      expect(statSync(join(folder, "ca-root.pem")).mode & 0o777).toBe(0o600);
      expect(await run()).toMatchObject({ exitCode: 1, json: { error: { code: "keys.offline_not_empty" } } });
    }));
});
