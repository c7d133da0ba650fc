/** The writers among the commands where nothing may be written: the reason with exit code 3, whatever cleaning up meets. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../errors.ts";
import {
  createTestAuthorities,
  releasedPackage,
  sampleFiles,
  signedPackage,
  utf8,
} from "../format/testing.ts";
import { MOSIS } from "../testing/mosis.ts";
import { newPublisher, openPublishing, type Publishing } from "../testing/publishing.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { certify } from "../testing/scratch-keys.ts";
import { noSmallDisk, openSmallDisk } from "../testing/small-disk.ts";
import { withTemporary } from "./write-files.ts";

let here: Scratch;
let publishing: Publishing;

beforeAll(async () => {
  here = scratch();
  publishing = await openPublishing();
  const { actor } = await newPublisher(publishing.store);
  for (const [name, bytes] of sampleFiles()) here.write(`app/${name}`, bytes);
  await here.run(["keys", "new", "-o", "key.pem"]);
  await certify(publishing.store, actor, here.path("key.pem"));
  await here.run(["pack", "app", "-o", "plain.mosis"]);
  const authorities = await createTestAuthorities();
  const files = new Map([...sampleFiles(), ["data/a.bin", utf8("a".repeat(9000))] as const]);
  here.write("released.mosis", await releasedPackage(authorities, await signedPackage(authorities, files)));
  for (const argv of [
    ["make-delta", "-", "released.mosis", "full.mosisd"],
    ["make-delta", "released.mosis", "released.mosis", "same.mosisd"],
  ])
    expect(await here.run(argv)).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await publishing.close();
  here.remove();
});

type Shut = { readonly folder: string; shut(): void; close(): void };

/** A folder that can be made one in which nothing may be written: as root by a disk, for whom modes do not count. */
function openFolder(): Shut {
  if (noSmallDisk === null) {
    const disk = openSmallDisk(4 * 2 ** 20);
    return { folder: disk.folder, shut: disk.makeReadOnly, close: disk.close };
  }
  const folder = here.path(`shut-${crypto.randomUUID()}`);
  mkdirSync(folder);
  return { folder, shut: () => chmodSync(folder, 0o555), close: () => chmodSync(folder, 0o755) };
}

const WRITERS: readonly (readonly [name: string, output: string, argv: readonly string[]])[] = [
  ["pack", "out", ["pack", "app", "-o", "OUT"]],
  ["sign", "plain.mosis", ["sign", "OUT", "--key", "key.pem"]],
  ["sign -o", "out", ["sign", "plain.mosis", "--key", "key.pem", "-o", "OUT"]],
  ["apply-delta", "out", ["apply-delta", "-", "full.mosisd", "OUT"]],
  ["apply-delta to a package", "out", ["apply-delta", "released.mosis", "same.mosisd", "OUT"]],
  ["make-delta", "out", ["make-delta", "-", "released.mosis", "OUT"]],
  ["keys new", "out", ["keys", "new", "-o", "OUT"]],
  ["new", "out", ["new", "OUT", "--id", "org.example.sample"]],
  ["new in a folder that is there", "empty", ["new", "OUT", "--id", "org.example.sample"]],
];

async function inProcess(argv: readonly string[]) {
  const child = Bun.spawn([...MOSIS, ...argv], {
    cwd: here.folder,
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, HOME: here.folder },
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { exitCode: await child.exited, stdout, stderr };
}

for (const [name, output, argv] of WRITERS) {
  test(`${name}: exit code 3, one line that names what was asked for, and nothing else`, async () => {
    const place = openFolder();
    try {
      copyFileSync(here.path("plain.mosis"), join(place.folder, "plain.mosis"));
      mkdirSync(join(place.folder, "empty"));
      place.shut();
      if (output === "empty" && noSmallDisk !== null) chmodSync(join(place.folder, "empty"), 0o555);
      const before = readdirSync(place.folder);
      const out = join(place.folder, output);
      const words = argv.map((word) => (word === "OUT" ? out : word));
      // What a process still does when it ends is seen in a process.
      const ran = name === "pack" ? await inProcess(words) : await here.run(words);
      expect([ran.exitCode as number, ran.stdout]).toEqual([3, ""]);
      const { stderr } = ran;
      expect(stderr).toMatch(
        /^error: Could not (?:write|make) [^\n]+: [^\n]+\. \[file\.(?:erofs|eacces)\]\n$/,
      );
      expect(stderr).toContain(` ${out}: `);
      expect(readdirSync(place.folder)).toEqual(before);
    } finally {
      place.close();
    }
  }, 30_000);
}

describe("a folder that is shut while something is written there", () => {
  test("the first error is what is told", async () => {
    const place = openFolder();
    try {
      const first = new Problem("conflict", "pack.changed", "The first error.");
      const writing = withTemporary(join(place.folder, "out"), async (temporary) => {
        await Bun.write(temporary, "half");
        place.shut();
        throw first;
      });
      expect(await writing.catch((error: unknown) => error)).toBe(first);
    } finally {
      place.close();
    }
  });

  test("what has its name already is done", async () => {
    const place = openFolder();
    try {
      const value = await withTemporary(join(place.folder, "out"), async () => {
        place.shut();
        return "done";
      });
      expect(value).toBe("done");
    } finally {
      place.close();
    }
  });

  test("what is left over is named when nothing else went wrong", async () => {
    const place = openFolder();
    try {
      const left = withTemporary(join(place.folder, "out"), async (temporary) => {
        await Bun.write(temporary, "whole");
        place.shut();
      });
      expect(await left.catch((error: unknown) => error)).toMatchObject({
        code: expect.stringMatching(/^file\.(?:erofs|eacces)$/),
        message: expect.stringMatching(/^Could not remove .*\.out\.[0-9a-f]{12}\.tmp: /),
      });
    } finally {
      place.close();
    }
  });
});

test("apply-delta and make-delta name the folder that is missing", async () => {
  for (const argv of [
    ["apply-delta", "-", "full.mosisd", "none/out"],
    ["apply-delta", "released.mosis", "same.mosisd", "none/out"],
    ["make-delta", "-", "released.mosis", "none/out"],
  ]) {
    const { exitCode, stderr } = await here.run(argv);
    expect([exitCode, stderr]).toEqual([
      3,
      `error: Could not write ${here.path("none/out")}: there is no folder ${here.path("none")}. Make it first. [file.enoent]\n`,
    ]);
  }
});

test.skipIf(noSmallDisk !== null)("make-delta on a full disk names what it was to write", async () => {
  const disk = openSmallDisk(2 ** 20);
  try {
    disk.leave(4096);
    const out = join(disk.folder, "out");
    const { exitCode, stderr } = await here.run(["make-delta", "-", "released.mosis", out]);
    expect([exitCode, stderr]).toEqual([
      3,
      `error: Could not write ${out}: the disk is full. Make room there, then run the command again. [file.enospc]\n`,
    ]);
    expect(readdirSync(disk.folder)).toEqual(["ballast"]);
  } finally {
    disk.close();
  }
});
