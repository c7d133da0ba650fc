/**
 * What the system sees of an upload and its release: a file is synced before it is renamed into its place, and its
 * folder after that. A killed process cannot tell; a power cut would.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { workspace } from "../binary.ts";
import { type Developer, newDeveloper, packSigned, type ServedStore, serveStore } from "../served-store.ts";
import { writeReleases } from "./sources.ts";

const { folder, binary, remove } = workspace();
let store: ServedStore;
let developer: Developer;
let file: string;
let id: string;

beforeAll(async () => {
  const [release] = await writeReleases(join(folder, "apps"));
  if (release === undefined) throw new Error("there is no sample");
  id = release.id;
  store = await serveStore({ binary, folder });
  developer = await newDeveloper(store, "Example Apps");
  file = await packSigned(store, developer, release.folder, join(folder, "app.mosis"));
}, 60_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

/** Follows the server's calls while `work` runs, which ends by stopping it. */
async function traced(work: () => Promise<void>): Promise<string[]> {
  const output = join(folder, "trace");
  const calls = "trace=open,openat,openat2,fsync,fdatasync,rename,renameat,renameat2";
  const strace = Bun.spawn(["strace", "-f", "-y", "-e", calls, "-o", output, "-p", String(store.pid())], {
    stdout: "ignore",
    stderr: "pipe",
  });
  const reader = strace.stderr.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toContain("attached");
  await work();
  await strace.exited;
  return readFileSync(output, "utf8").split("\n");
}

type Step = { readonly kind: "open" | "sync" | "rename"; readonly path: string; readonly target: string };

/** Calls in the order in which they ended. */
function stepsOf(lines: readonly string[]): Step[] {
  const begun = new Map<string, string>();
  const steps: Step[] = [];
  for (const line of lines) {
    const [, thread = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest.endsWith("<unfinished ...>")) {
      begun.set(thread, rest.slice(0, -"<unfinished ...>".length));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const call = resumed === undefined ? rest : (begun.get(thread) ?? "") + resumed;
    const opened = /^open[^"]*"([^"]+)".* = \d+/.exec(call)?.[1];
    if (opened !== undefined) steps.push({ kind: "open", path: opened, target: "" });
    if (!/= 0$/.test(call)) continue;
    const synced = /^f(?:data)?sync\(\d+<([^>]+)>/.exec(call)?.[1];
    if (synced !== undefined) steps.push({ kind: "sync", path: synced, target: "" });
    const names = /^rename/.test(call) ? [...call.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "") : [];
    const [path, target] = names;
    if (path !== undefined && target !== undefined) steps.push({ kind: "rename", path, target });
  }
  return steps;
}

test("every file of the store is synced before it gets its name, and its folder after that", async () => {
  const timestamp = join(store.dataDir, "blobs/store/v1/metadata/timestamp.json");
  const before = readFileSync(timestamp, "utf8");
  const lines = await traced(async () => {
    await store.must(["submit", file, "--notes", "A test."], developer.env);
    const which = [id, "1", "--data", store.dataDir];
    expect(await store.must(["admin", "review", "approve", ...which])).toMatchObject({ state: "published" });
    // The catalogue's files are written after the transaction that publishes; this one is the last of them.
    while (readFileSync(timestamp, "utf8") === before) await Bun.sleep(20);
    // It is written several times, and a stop ends what is being written: no rename is seen without what follows it.
    await store.stop();
  });
  const steps = stepsOf(lines);
  const blobs = join(store.dataDir, "blobs");
  // A second name of a file that has one is as durable as the first: that one was synced when it was made.
  const isSecondName = (target: string) => /\/store\/v1\/(?:packages|pictures|deltas)\//.test(target);
  // What was being written when this began may have been synced before.
  const isWhole = ({ path, target }: Step) =>
    isSecondName(target) || steps.some((step) => step.kind === "open" && step.path === path);
  const renames = steps.flatMap((step, at) =>
    step.kind === "rename" && step.target.startsWith(blobs) && isWhole(step) ? [{ ...step, at }] : [],
  );
  const unsafe = renames.filter(({ path, target, at }) => {
    const before = steps.slice(0, at).some((step) => step.kind === "sync" && step.path === path);
    const after = steps.slice(at).some((step) => step.kind === "sync" && step.path === dirname(target));
    return !(before || isSecondName(target)) || !after;
  });
  expect(unsafe.map(({ path, target }) => `${path} → ${target}`)).toEqual([]);
  const places = new Set(renames.map(({ target }) => target.slice(blobs.length + 1).replace(/\/[^/]*$/, "")));
  for (const place of ["uploads", "releases", "pictures", "store/v1/packages", "store/v1/metadata"])
    expect([...places]).toContain(place);
  // The folders of the first upload were new: their own names are kept by this.
  expect(steps.some((step) => step.kind === "sync" && step.path === blobs)).toBe(true);
  const database = steps.filter((step) => step.kind === "sync" && step.path.endsWith("/mosis.db-wal"));
  expect(database.length).toBeGreaterThan(3);
}, 60_000);
