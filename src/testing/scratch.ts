/** A temporary folder with a person in it: their home, their files, and command lines that run there. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Io } from "../cli/io.ts";
import { type Ran, runCommand } from "../cli/test-io.ts";

export type Scratch = {
  readonly folder: string;
  /** Runs a command line in the folder, as if nobody sat at a terminal. */
  run(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  /** The absolute path of a name in the folder. */
  path(name: string): string;
  write(name: string, content: string | Uint8Array, mode?: number): string;
  bytes(name: string): Uint8Array;
  /** What lies in a folder of it, sorted; hidden files too. */
  list(name?: string): string[];
  remove(): void;
};

/** On a disk, wherever temporary files are, as far as the system has such a place. */
export const ON_DISK = existsSync("/var/tmp") ? "/var/tmp" : tmpdir();

/**
 * @param environment Beside HOME, which is a folder of its own.
 * @param top Where the folder is made.
 */
export function scratch(environment: Readonly<Record<string, string>> = {}, top: string = tmpdir()): Scratch {
  const folder = mkdtempSync(join(top, "mosis-scratch-"));
  const home = mkdtempSync(join(tmpdir(), "mosis-home-"));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    run: (argv, io = {}) =>
      runCommand(argv, {
        cwd: folder,
        ...io,
        environment: { HOME: home, USER: "ada", ...environment, ...io.environment },
      }),
    write(name, content, mode = 0o644) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content, { mode });
      // Opening a store narrows the umask of the whole process, and another test's may be this one's.
      chmodSync(path(name), mode);
      return path(name);
    },
    bytes: (name) => new Uint8Array(readFileSync(path(name))),
    list: (name = ".") => readdirSync(path(name)).sort(),
    remove() {
      for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
    },
  };
}
