/** The demo as a process: what it prints, what runs, what stays, and how it ends. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOSIS } from "../testing/mosis.ts";
import { runCommand } from "./test-io.ts";

const PATIENCE_MS = 120_000;

/** The process's home; and what it may use, where nothing may be left. */
let home: string;
let top: string;
const children: Bun.Subprocess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mosis-demo-test-"));
  top = join(home, "tmp");
  mkdirSync(top);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
    await child.exited;
  }
  rmSync(home, { recursive: true, force: true });
});

function start(...words: string[]) {
  const child = Bun.spawn([...MOSIS, "demo", ...words], {
    // Bun finds the settings of the pages' JSX from here.
    cwd: join(import.meta.dir, "../.."),
    env: { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: top },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  children.push(child);
  return child;
}

type Child = Pick<ReturnType<typeof start>, "stdout" | "stderr" | "exited">;
type DemoJson = {
  readonly url: string;
  readonly rootSha256: string;
  readonly dataDir: string;
  readonly deviceHome: string;
  readonly accounts: readonly { role: string; email: string; password: string }[];
  readonly apiKey: string;
  readonly key: { readonly file: string; readonly certFile: string };
  readonly apps: readonly { id: string; versionCode: number }[];
};

/** Everything that it printed once `isReady` likes it; the process goes on. */
async function printed(child: Child, isReady: (text: string) => boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const reader = child.stdout.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (isReady(text)) return text;
  }
  throw new Error(`it ended with ${await child.exited}: ${await new Response(child.stderr).text()}`);
}

async function ready(child: Child): Promise<DemoJson> {
  const text = await printed(child, (soFar) => soFar.includes("\n"));
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  return JSON.parse(text) as DemoJson;
}

/** Featured apps, a collection and ratings, and all of it in a visitor's own language. */
async function showsALivelyFront({ url, apiKey }: DemoJson): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}` };
  const front = (await (await fetch(`${url}/api/v1/catalog/front?locale=ar`, { headers })).json()) as {
    featured: { collection: { id: string }; items: readonly unknown[] } | null;
    collections: readonly unknown[];
    newest: readonly { name: string; rating: { count: number } | null }[];
  };
  expect([front.featured?.collection.id, front.featured?.items.length]).toEqual(["featured", 2]);
  expect(front.collections).toHaveLength(1);
  expect(front.newest.map(({ name }) => name).sort()).toEqual(["الحاسبة", "الطقس", "الملاحظات"]);
  expect(front.newest.every(({ rating }) => (rating?.count ?? 0) >= 2)).toBe(true);
}

const APPS = [
  { id: "com.example.calculator", versionCode: 2 },
  { id: "com.example.notes", versionCode: 3 },
  { id: "com.example.weather", versionCode: 1 },
];

test(
  "a kept folder: one line of JSON, a store that serves, a device that is whole, and the same again",
  async () => {
    const data = join(top, "kept");
    const first = start("--data", data, "--port", "0", "--json");
    const demo = await ready(first);
    const keys = ["url", "rootSha256", "dataDir", "deviceHome", "accounts", "apiKey", "key", "apps"];
    expect(Object.keys(demo)).toEqual(keys);
    expect(demo.accounts.map(({ role }) => role)).toEqual(["administrator", "reviewer", "developer"]);
    expect(demo.apps).toEqual(APPS);
    expect([existsSync(demo.key.file), existsSync(demo.key.certFile)]).toEqual([true, true]);
    const root = await (await fetch(`${demo.url}/store/v1/metadata/1.root.json`)).bytes();
    expect(createHash("sha256").update(root).digest("hex")).toBe(demo.rootSha256);
    await showsALivelyFront(demo);
    const io = { cwd: top };
    const status = await runCommand(["status", "com.example.notes", "--json"], {
      ...io,
      environment: { MOSIS_STORE: demo.url, MOSIS_TOKEN: demo.apiKey },
    });
    expect(status.exitCode).toBe(0);
    const device = (...words: string[]) =>
      runCommand(["device", ...words, "--home", demo.deviceHome, "--json"], io);
    expect((await device("verify")).json).toMatchObject({ ok: true, catalogue: { verdict: "ok" } });
    expect((await device("rollback", "com.example.calculator")).json).toMatchObject({ versionCode: 1 });
    first.kill("SIGINT");
    expect(await first.exited).toBe(0);
    expect((await device("update")).exitCode).toBe(3);

    // On another port, so that the device has to follow.
    const second = start("--data", data, "--port", "0", "--json");
    const again = await ready(second);
    expect(again).toEqual({
      ...demo,
      url: again.url,
      apps: APPS.map((app, index) => (index === 0 ? { ...app, versionCode: 1 } : app)),
    });
    expect((await device("update", "com.example.calculator")).json).toMatchObject({
      apps: [{ action: "updated", versionCode: 2 }],
    });
    second.kill("SIGTERM");
    expect(await second.exited).toBe(0);
    expect(existsSync(join(data, "mosis.db"))).toBe(true);
  },
  PATIENCE_MS,
);

test(
  "a temporary folder goes at the end, and people get an address, logins and what to try",
  async () => {
    const child = start("--port", "0");
    const text = await printed(child, (soFar) => soFar.includes("Ctrl-C"));
    for (const wanted of ["http://127.0.0.1:", "admin@example.com", "mosis device verify --home", "Ctrl-C"])
      expect(text).toContain(wanted);
    expect(text.includes("\u001b")).toBe(false);
    expect(readdirSync(top)).toHaveLength(1);
    child.kill("SIGINT");
    // The same Ctrl-C once more, as a script runner hands it on: no reason to end without cleaning up.
    await Bun.sleep(20);
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
    expect(readdirSync(top)).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  "one Ctrl-C on a terminal, through bun run, ends it whole",
  async () => {
    // The terminal sends the signal to the runner and to the demo, and the runner hands its own on.
    const source = join(import.meta.dir, "../..");
    const demo = `cd '${source}' && bun src/main.ts demo --port 0`;
    writeFileSync(join(home, "package.json"), JSON.stringify({ scripts: { demo } }));
    const terminal = Bun.spawn(["script", "-qec", `exec '${process.execPath}' run demo`, "/dev/null"], {
      cwd: home,
      env: { PATH: process.env.PATH ?? "", HOME: home, TMPDIR: top, TERM: "xterm" },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    children.push(terminal);
    await printed(terminal, (soFar) => soFar.includes("keeps it."));
    const pressedAt = performance.now();
    terminal.stdin.write("\u0003");
    terminal.stdin.flush();
    expect(await terminal.exited).toBe(0);
    expect(readdirSync(top)).toEqual([]);
    expect(performance.now() - pressedAt).toBeLessThan(10_000);
  },
  PATIENCE_MS,
);

test(
  "cut off before it is ready, it leaves nothing, and the folder can be used again",
  async () => {
    const data = join(top, "kept");
    const child = start("--data", data, "--port", "0", "--json");
    while (!existsSync(join(data, "demo", "developer")) && child.exitCode === null) await Bun.sleep(20);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(readdirSync(top)).toEqual([]);
  },
  PATIENCE_MS,
);

test("a port that is in use and a folder that is used are refused, and left as they were", async () => {
  const other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("other") });
  try {
    const child = start("--data", join(top, "kept"), "--port", String(other.port), "--json");
    const said = JSON.parse(await new Response(child.stdout).text());
    expect([await child.exited, said.error.code]).toEqual([3, "server.address_taken"]);
    expect(said.error.message).toContain("--port");
    expect(readdirSync(top)).toEqual([]);
  } finally {
    await other.stop(true);
  }
  writeFileSync(join(top, "mine.txt"), "mine");
  const child = start("--data", top, "--json");
  const said = JSON.parse(await new Response(child.stdout).text());
  expect([await child.exited, said.error.code]).toEqual([1, "demo.folder_used"]);
  expect(readdirSync(top)).toEqual(["mine.txt"]);
}, 60_000);
