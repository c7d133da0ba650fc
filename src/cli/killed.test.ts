/** The writers among the commands, as processes of their own, ended by signals at many instants. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, readdirSync, rmSync, statSync, watch } from "node:fs";
import { bytesSource } from "../format/source.ts";
import { createTestAuthorities, releasedPackage, sampleFiles, signedPackage } from "../format/testing.ts";
import { openContainer } from "../format/zip/reader.ts";
import { MOSIS } from "../testing/mosis.ts";
import { newPublisher, openPublishing, type Publishing } from "../testing/publishing.ts";
import { ON_DISK, type Scratch, scratch } from "../testing/scratch.ts";
import { certify } from "../testing/scratch-keys.ts";

const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

let here: Scratch;
let publishing: Publishing;

beforeAll(async () => {
  // In memory a file is written too quickly for anything to be killed meanwhile.
  here = scratch({}, ON_DISK);
  publishing = await openPublishing();
  const { actor } = await newPublisher(publishing.store);
  for (const [name, bytes] of sampleFiles()) here.write(`app/${name}`, bytes);
  // Large enough to be met while it is written, and not to be compressed.
  const noise = () => crypto.getRandomValues(new Uint8Array(65_536));
  here.write("app/data/noise.png", Buffer.concat(Array.from({ length: 200 }, noise)));
  const files = new Map(sampleFiles());
  for (let index = 0; index < 60; index++) files.set(`data/${index}.bin`, noise().slice(0, 20_000));
  const authorities = await createTestAuthorities();
  here.write("released.mosis", await releasedPackage(authorities, await signedPackage(authorities, files)));
  expect(await here.run(["make-delta", "-", "released.mosis", "full.mosisd"])).toMatchObject({ exitCode: 0 });
  await here.run(["keys", "new", "-o", "key.pem"]);
  await certify(publishing.store, actor, here.path("key.pem"));
  expect((await here.run(["pack", "app", "-o", "whole.mosis"])).exitCode).toBe(0);
});

afterAll(async () => {
  await publishing.close();
  here.remove();
});

const start = (argv: readonly string[]) =>
  Bun.spawn([...MOSIS, ...argv], {
    cwd: here.folder,
    stdout: "ignore",
    stderr: "pipe",
    env: { ...process.env, HOME: here.folder },
  });

type Writer = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly output: string;
  /** What stands there before the command runs. */
  readonly prepare: () => void;
  /** Asserts that what is there is one of the two whole things. */
  readonly judge: () => Promise<void>;
};

const WRITERS: readonly Writer[] = [
  {
    name: "keys new",
    argv: ["keys", "new", "-o", "out/new.pem"],
    output: "new.pem",
    prepare: () => {},
    async judge() {
      if (!readdirSync(here.path("out")).includes("new.pem")) return;
      expect(statSync(here.path("out/new.pem")).mode & 0o777).toBe(0o600);
      expect((await here.run(["keys", "show", "--key", "out/new.pem"])).exitCode).toBe(0);
    },
  },
  {
    name: "admin keys init",
    argv: ["admin", "keys", "init", "--offline", "out/keys"],
    output: "keys",
    prepare: () => {},
    async judge() {
      if (!readdirSync(here.path("out")).includes("keys")) return;
      expect(statSync(here.path("out/keys")).mode & 0o777).toBe(0o700);
      const names = readdirSync(here.path("out/keys"));
      expect(names).toContain("public-keys.json");
      expect(names.filter((name) => name.endsWith(".pem")).length).toBe(6);
    },
  },
  {
    name: "pack",
    argv: ["pack", "app", "-o", "out/new.mosis"],
    output: "new.mosis",
    prepare: () => void here.write("out/new.mosis", "old"),
    async judge() {
      const bytes = here.bytes("out/new.mosis");
      if (Buffer.from(bytes).toString("latin1") !== "old") expect(bytes).toEqual(here.bytes("whole.mosis"));
    },
  },
  {
    name: "sign",
    argv: ["sign", "out/new.mosis", "--key", "key.pem"],
    output: "new.mosis",
    prepare: () => cpSync(here.path("whole.mosis"), here.path("out/new.mosis")),
    async judge() {
      const { exitCode, json } = await here.run(["verify", "out/new.mosis", "--unsigned", "--json"]);
      expect(exitCode).toBe(0);
      expect(["signed", "unsigned"]).toContain((json as { kind: string }).kind);
    },
  },
  {
    name: "new",
    argv: ["new", "out/app", "--id", "org.example.sample"],
    output: "app",
    prepare: () => {},
    async judge() {
      if (readdirSync(here.path("out")).includes("app"))
        expect((await here.run(["pack", "out/app", "-o", "judge.mosis"])).exitCode).toBe(0);
    },
  },
  {
    name: "apply-delta",
    argv: ["apply-delta", "-", "full.mosisd", "out/release"],
    output: "release",
    prepare: () => {},
    async judge() {
      if (!readdirSync(here.path("out")).includes("release")) return;
      const container = await openContainer(bytesSource(here.bytes("released.mosis")));
      for (const entry of container.entries)
        expect(statSync(here.path(`out/release/${entry.name}`)).size).toBe(entry.sizeBytes);
    },
  },
];

/** Kills right when the writer's own file turns up, which is where halves could come from, or a little later. */
async function killWhileWriting(writer: Writer, signal: NodeJS.Signals, delayMs: number): Promise<boolean> {
  rmSync(here.path("out"), { recursive: true, force: true });
  mkdirSync(here.path("out"));
  writer.prepare();
  // The file lives for a few milliseconds only, and who looks for it again and again keeps the writer from writing.
  const { promise: turnedUp, resolve } = Promise.withResolvers<void>();
  const watcher = watch(here.path("out"), (_, name) => {
    if (TEMPORARY.test(name ?? "")) resolve();
  });
  const child = start(writer.argv);
  await Promise.race([turnedUp, child.exited]);
  watcher.close();
  if (delayMs > 0) await Bun.sleep(delayMs);
  const running = child.exitCode === null;
  child.kill(signal);
  await child.exited;
  return running;
}

for (const writer of WRITERS) {
  test(`SIGKILL while ${writer.name} writes leaves the old or the new, whole; and the command works after it`, async () => {
    let met = 0;
    for (let round = 0; round < 4; round++) {
      if (await killWhileWriting(writer, "SIGKILL", round % 3)) met += 1;
      await writer.judge();
      for (const name of readdirSync(here.path("out"))) {
        if (name !== writer.output) expect(name).toMatch(TEMPORARY);
      }
    }
    expect(met).toBeGreaterThan(0);
    const child = start(writer.argv);
    await child.exited;
    await writer.judge();
    expect(readdirSync(here.path("out"))).toContain(writer.output);
  }, 60_000);

  test(`SIGINT while ${writer.name} writes leaves nothing beside it, and is the shell's 130`, async () => {
    for (let round = 0; round < 2; round++) {
      rmSync(here.path("out"), { recursive: true, force: true });
      mkdirSync(here.path("out"));
      writer.prepare();
      const child = start(writer.argv);
      await Bun.sleep(60 + round * 40);
      child.kill("SIGINT");
      const exitCode = await child.exited;
      // Before its handlers stand, the system ends the process, which is 130 too.
      expect([0, 130]).toContain(exitCode);
      const stderr = await new Response(child.stderr).text();
      if (exitCode === 130 && stderr !== "")
        expect(stderr).toBe("error: Interrupted before it was done. [interrupted]\n");
      await writer.judge();
      expect(readdirSync(here.path("out")).filter((name) => name !== writer.output)).toEqual([]);
    }
  }, 60_000);
}
