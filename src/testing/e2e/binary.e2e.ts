/** The executable by itself: what it carries, and what it must not take from the folder it is started in. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../../package.json" with { type: "json" };
import { assetBytes, listAssets } from "../../assets.ts";
import { COMMANDS } from "../../cli/commands.ts";
import { type Group, isGroup } from "../../cli/tree.ts";
import { runBinary, startBinary, workspace } from "../binary.ts";

const { folder, binary, remove } = workspace();
afterAll(remove);

let count = 0;
function freshFolder(): string {
  count += 1;
  const path = join(folder, `case-${count}`);
  mkdirSync(path);
  return path;
}

/** The words that call each command: `admin user add`. */
function callsOf(group: Group, before: readonly string[] = []): string[][] {
  return group.entries.flatMap((entry) =>
    isGroup(entry) ? callsOf(entry, [...before, entry.name]) : [[...before, entry.name]],
  );
}

describe("from an empty folder, without node_modules", () => {
  test("says version, commit and build date", async () => {
    const ended = await runBinary(binary, ["--version"], { cwd: freshFolder() });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const [, said, , date] =
      /^mosis (\S+) \(commit ([0-9a-f]{40}(?:-modified)?), built (\S+)\)\n$/.exec(ended.stdout) ?? [];
    expect(said).toBe(version);
    expect(new Date(date ?? "").getTime()).toBeGreaterThan(Date.parse("2020-01-01"));
  });

  test("loads every command, each of which stands in a file of its own", async () => {
    const cwd = freshFolder();
    const calls = callsOf(COMMANDS);
    expect(calls.length).toBeGreaterThan(25);
    for (const words of calls) {
      const ended = await runBinary(binary, [...words, "--help"], { cwd });
      expect({ words, ...ended }).toMatchObject({ words, code: 0, stderr: "" });
      expect(ended.stdout).toStartWith(`Usage: mosis ${words.join(" ")}`);
    }
  }, 60_000);

  test("makes, packs and verifies an app from the scaffold that it carries", async () => {
    const cwd = freshFolder();
    const made = await runBinary(binary, ["new", "hello", "--author", "Test"], { cwd });
    expect(made).toMatchObject({ code: 0 });
    const template = listAssets("template/").find((name) => name.endsWith(".png"));
    if (template === undefined) throw new Error("the template has no icon");
    const icon = readFileSync(join(cwd, "hello", template.slice("template/".length)));
    expect(icon.equals(assetBytes(template))).toBe(true);
    expect(await runBinary(binary, ["pack", "hello", "-o", "hello.mosis"], { cwd })).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(cwd, "hello.mosis"))).toBe(true);
  });

  test("serves pages with their styles, and stops when it is told", async () => {
    const cwd = freshFolder();
    const served = await startBinary(binary, ["serve", "--data", "data", "--port", "0"], { cwd });
    const health = await fetch(`${served.url}/healthz`);
    const ready = await fetch(`${served.url}/readyz`);
    const landing = await fetch(`${served.url}/`);
    const page = await landing.text();
    const linked = [...page.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map((match) => match[1] ?? "");
    const assets = await Promise.all(
      linked.map(async (path) => (await fetch(`${served.url}${path}`)).status),
    );
    const root = await fetch(`${served.url}/store/v1/metadata/1.root.json`);
    const digest = new Bun.CryptoHasher("sha256").update(await root.arrayBuffer()).digest("hex");
    const ended = await served.stop();
    expect([health.status, ready.status, landing.status]).toEqual([200, 200, 200]);
    expect(landing.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(linked.some((path) => path.endsWith(".css"))).toBe(true);
    expect(assets).toEqual(linked.map(() => 200));
    expect(digest).toBe(String(served.report.rootSha256));
    expect(ended.code).toBe(0);
  });
});

describe("in a booby-trapped folder", () => {
  /** A folder that gives itself away when anything in it is obeyed. */
  function trap(): { cwd: string; sprung: () => string[] } {
    const cwd = freshFolder();
    writeFileSync(join(cwd, ".env"), `MOSIS_DATA=${join(cwd, "from-env")}\nMOSIS_PORT=1\nNODE_ENV=trap\n`);
    writeFileSync(join(cwd, ".env.production"), `MOSIS_DATA=${join(cwd, "from-env-production")}\n`);
    writeFileSync(join(cwd, ".env.local"), `MOSIS_DATA=${join(cwd, "from-env-local")}\n`);
    writeFileSync(
      join(cwd, "bunfig.toml"),
      'preload = ["./preload.ts"]\n[run]\npreload = ["./preload.ts"]\n',
    );
    writeFileSync(
      join(cwd, "preload.ts"),
      'import { writeFileSync } from "node:fs";\nwriteFileSync(import.meta.dir + "/preloaded", process.env.MOSIS_DATA ?? "");\n',
    );
    writeFileSync(join(cwd, "tsconfig.json"), "{ not json");
    writeFileSync(join(cwd, "package.json"), "{ not json");
    const set = new Set(readdirSync(cwd));
    return { cwd, sprung: () => readdirSync(cwd).filter((name) => !set.has(name)) };
  }

  test("the trap itself works: plain bun walks into it", async () => {
    const { cwd, sprung } = trap();
    writeFileSync(join(cwd, "package.json"), "{}");
    writeFileSync(join(cwd, "tsconfig.json"), "{}");
    const child = Bun.spawn([process.execPath, "-e", "0"], {
      cwd,
      env: { PATH: "/usr/bin:/bin", HOME: cwd },
      stdout: "ignore",
      stderr: "ignore",
    });
    await child.exited;
    expect(sprung()).toEqual(["preloaded"]);
    expect(readFileSync(join(cwd, "preloaded"), "utf8")).toStartWith(join(cwd, "from-env"));
  });

  test("no file of it is obeyed", async () => {
    const { cwd, sprung } = trap();
    const said = await runBinary(binary, ["--version"], { cwd });
    expect(said).toMatchObject({ code: 0, stderr: "" });
    // Had it read .env, it would know a data folder and start.
    const serve = await runBinary(binary, ["serve"], { cwd, timeoutMs: 10_000 });
    expect(serve.code).toBe(2);
    expect(serve.stderr).toContain("--data");
    expect(sprung()).toEqual([]);
  });

  test("its own environment is read, so the test above can tell", async () => {
    const { cwd } = trap();
    const env = { MOSIS_DATA: join(cwd, "own"), MOSIS_PORT: "0" };
    const served = await startBinary(binary, ["serve"], { cwd, env });
    expect((await served.stop()).code).toBe(0);
    expect(existsSync(join(cwd, "own/mosis.db"))).toBe(true);
    expect(existsSync(join(cwd, "preloaded"))).toBe(false);
  });
});
