/** What the other machine signed is remembered before any signature leaves it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialiseTrust } from "../../../catalog/tuf/repository.ts";
import { MOSIS } from "../../../testing/mosis.ts";
import { openTestStore } from "../../../testing/store.ts";
import { runCommand } from "../../test-io.ts";

const cwd = mkdtempSync(join(tmpdir(), "mosis-offline-"));
const data = join(cwd, "store");
const mosis = (line: string) => runCommand(["admin", "keys", ...line.split(" ")], { cwd });
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
beforeAll(async () => {
  mkdirSync(data);
  const store = await openTestStore({ dataDir: data });
  await initialiseTrust(store);
  store.close();
  expect((await mosis("init --offline keys")).exitCode).toBe(0);
  const asked = await mosis(
    `export-request --offline-keys keys/public-keys.json --out request.json --data ${data}`,
  );
  expect([asked.exitCode, asked.stderr]).toEqual([0, ""]);
});

const known = join(cwd, "keys/signed-before.json");

test("what was signed is remembered before the answer is there, and nothing is when there is no place for it", async () => {
  const first = await mosis("sign-request request.json --offline keys");
  expect(first.stdout).toContain("Nothing was signed here for this store before");
  const nowhere = await mosis("sign-request request.json --offline keys --yes --out missing/signed.json");
  expect(nowhere.exitCode).toBe(3);
  expect(existsSync(known)).toBe(false);

  // Whoever sees the answer finds it remembered.
  const seen: boolean[] = [];
  const watcher = watch(cwd, (_, name) => {
    if (name === "signed.json" && existsSync(join(cwd, "signed.json"))) seen.push(existsSync(known));
  });
  const signed = await mosis("sign-request request.json --offline keys --yes --out signed.json");
  await Bun.sleep(100);
  watcher.close();
  expect([signed.exitCode, seen.length > 0, new Set(seen)]).toEqual([0, true, new Set([true])]);
  const again = await mosis("sign-request signed.json --offline keys");
  expect(again.stdout).toContain("Everything in it was signed here before.");
  expect((await mosis(`import signed.json --data ${data}`)).exitCode).toBe(0);
});

test("an answer is written over no key of the folder, nor over what it remembers", async () => {
  cpSync(join(cwd, "keys"), join(cwd, "over"), { recursive: true });
  const [key] = readdirSync(join(cwd, "over")).filter((name) => name.endsWith(".pem"));
  await mosis("sign-request request.json --offline over --yes --out first.json");
  for (const [name, code] of [
    [key, "file.private_key"],
    ["signed-before.json", "file.eexist"],
  ]) {
    const before = readFileSync(join(cwd, "over", name ?? ""), "utf8");
    const ran = await mosis(`sign-request request.json --offline over --yes --out over/${name} --json`);
    expect([ran.exitCode, JSON.parse(ran.stdout || ran.stderr).error.code]).toEqual([3, code]);
    expect(readFileSync(join(cwd, "over", name ?? ""), "utf8")).toBe(before);
  }
});

test("a kill at any moment leaves no answer that is not remembered", async () => {
  const line = [
    "admin",
    "keys",
    "sign-request",
    "request.json",
    "--offline",
    "killed",
    "--yes",
    "--out",
    "out.json",
  ];
  const [killed, out] = [join(cwd, "killed"), join(cwd, "out.json")];
  for (let round = 0; round < 4; round += 1) {
    for (const path of [killed, out]) rmSync(path, { recursive: true, force: true });
    cpSync(join(cwd, "keys"), killed, { recursive: true });
    rmSync(join(killed, "signed-before.json"), { force: true });
    const child = Bun.spawn([...MOSIS, ...line], { cwd, stdout: "ignore", stderr: "ignore" });
    // The first is killed as soon as the answer is there, the others while it is made.
    const until = performance.now() + 20_000;
    while (!existsSync(round === 0 ? out : join(killed, "signed-before.json")) && performance.now() < until)
      await Bun.sleep(0);
    child.kill("SIGKILL");
    await child.exited;
    if (round === 0) expect(existsSync(out)).toBe(true);
    if (!existsSync(out)) continue;
    const again = await mosis("sign-request request.json --offline killed");
    expect(again.stdout).not.toContain("Nothing was signed here for this store before");
  }
}, 120_000);
