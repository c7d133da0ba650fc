/** Real child processes: what they say, how they end, and what becomes of those that do not. */
import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProblem } from "../errors.ts";
import { type ChildWork, childLines } from "./child.ts";

const folder = mkdtempSync(join(tmpdir(), "mosis-child-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of the shell's, which is given the order on its input. */
const shell = (program: string, more: Partial<ChildWork> = {}): ChildWork => ({
  name: "deltas",
  order: { hello: "there" },
  signal: new AbortController().signal,
  silenceMs: 30_000,
  command: ["/bin/sh", "-c", program],
  ...more,
});

async function said(work: ChildWork): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const line of childLines(work)) all.push(line);
  return all;
}

async function codeOf(work: ChildWork): Promise<readonly [code: string, message: string]> {
  const error: unknown = await said(work).then(
    (lines) => new Error(`it ended well with ${JSON.stringify(lines)}`),
    (thrown) => thrown,
  );
  if (!isProblem(error)) throw error;
  expect(error.kind).toBe("unavailable");
  return [error.code, error.message];
}

const isAlive = (pid: number): boolean => {
  // A process that has ended and that nobody has asked after is a zombie, which is as good.
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, "utf8"));
};

test("it is given the order and nothing of the environment, and its lines come as they are", async () => {
  // One that is set here, and that no shell sets by itself.
  const ours = Object.keys(process.env).find(
    (name) => /^[A-Z_]{3,}$/.test(name) && process.env[name] && !["PATH", "PWD", "SHLVL"].includes(name),
  );
  expect(ours).toBeDefined();
  const lines = await said(shell(`read -r order; echo "$order"; echo "\\"$${ours}\\""; echo "[1, 2]"`));
  expect(lines).toEqual([{ hello: "there" }, "", [1, 2]]);
});

test("it has the lowest priority", async () => {
  // The 19th field of proc(5), counted from the one after the name. It may have started before it was given it.
  const program = `read -r order; cut -d " " -f 19 /proc/self/stat`;
  expect(await said(shell(program))).toEqual([19]);
});

test.each<[what: string, work: ChildWork, code: string, words: string]>([
  [
    "ends with another status",
    shell("echo nothing to see >&2; exit 7"),
    "job.child_failed",
    "status 7 nothing to see",
  ],
  ["is killed", shell("kill -9 $$"), "job.child_failed", "SIGKILL"],
  ["says what is no JSON", shell("echo well; sleep 60"), "job.child_failed", "no JSON"],
  ["cannot be started", shell("", { command: [join(folder, "nothing")] }), "job.child_failed", "ENOENT"],
  ["hangs", shell("echo 1; sleep 60", { silenceMs: 200 }), "job.child_silent", "0.2 s"],
])("one that %s", async (_what, work, code, words) => {
  const startedAt = performance.now();
  const [found, message] = await codeOf(work);
  expect(found).toBe(code);
  expect(message).toContain(words);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});

test("one that goes on saying something is not taken for hung", async () => {
  const program = "for each in 1 2 3 4 5 6 7 8; do echo $each; sleep 0.25; done";
  expect(await said(shell(program, { silenceMs: 1500 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
}, 30_000);

test("it is ended when the job is", async () => {
  const stopping = new AbortController();
  let pid = 0;
  const running = (async () => {
    for await (const line of childLines(shell("echo $$; exec sleep 60", { signal: stopping.signal }))) {
      pid = Number(line);
      stopping.abort(new Error("the store stops"));
    }
  })();
  await expect(running).rejects.toThrow("the store stops");
  expect(pid).toBeGreaterThan(0);
  expect(isAlive(pid)).toBe(false);
  await expect(said(shell("echo 1", { signal: stopping.signal }))).rejects.toThrow("the store stops");
});

test("it is ended when nobody takes what it says any more", async () => {
  let pid = 0;
  for await (const line of childLines(shell("echo $$; exec sleep 60"))) {
    pid = Number(line);
    break;
  }
  expect(isAlive(pid)).toBe(false);
});

test("it ends by itself when whoever started it is killed", async () => {
  const fifo = join(folder, "fifo");
  const made = Bun.spawnSync(["mkfifo", fifo]);
  expect(made.exitCode).toBe(0);
  // This program as the child of a shell that is killed. What it is to read is never there, so that it waits for ever.
  const script = join(folder, "parent.ts");
  const order = { target: fifo, bases: [null], folder: join(folder, "work") };
  writeFileSync(
    script,
    `import { childLines } from ${JSON.stringify(join(import.meta.dir, "child.ts"))};
     const work = { name: "deltas", order: ${JSON.stringify(order)}, signal: new AbortController().signal, silenceMs: 60000 };
     for await (const line of childLines(work)) console.log(line);`,
  );
  const parent = Bun.spawn([process.execPath, script], { stdout: "ignore", stderr: "ignore" });
  const child = await childOf(parent.pid);
  parent.kill("SIGKILL");
  await parent.exited;
  for (let waited = 0; isAlive(child) && waited < 20_000; waited += 50) await Bun.sleep(50);
  expect(isAlive(child)).toBe(false);
}, 60_000);

async function childOf(pid: number): Promise<number> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    if (child) return Number(child);
    await Bun.sleep(50);
  }
  throw new Error("it started none");
}
