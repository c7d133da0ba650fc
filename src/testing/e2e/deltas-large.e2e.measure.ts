/**
 * Two releases of 500 MB: their containers are made by a process beside the server, in bounded memory, at the lowest
 * priority, and the server takes no more memory for it than for anything else. Prints the figures.
 */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { noise, writeLargeApp } from "../../../bench/large-app.ts";
import { workspace } from "../binary.ts";
import { type Developer, newDeveloper, packSigned, type ServedStore, serveStore } from "../served-store.ts";

const { folder, binary, remove } = workspace();
const APP = "org.example.large";
const MIB = 2 ** 20;
/** The server's, over what it had before. */
const MOST_SERVER_BYTES = 48 * MIB;
const MOST_CHILD_BYTES = 300 * MIB;
let store: ServedStore;
let developer: Developer;
const source = join(folder, "app");

beforeAll(async () => {
  store = await serveStore({ binary, folder, timeoutMs: 600_000 });
  developer = await newDeveloper(store, "Example Apps");
  writeLargeApp(source, { storedMiB: 460, textMiB: 40 });
}, 120_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

/** As a version differs from the one before: files that are new, files with something put in at their start, texts with other lines. */
function change(): void {
  const large = join(source, "large");
  for (const [index, name] of readdirSync(large).sort().entries()) {
    const path = join(large, name);
    if (index % 10 === 0) writeFileSync(path, noise(`new ${name}`, statSync(path).size));
    else if (index % 10 === 1) writeFileSync(path, Buffer.concat([noise(name, 1000), readFileSync(path)]));
    else if (name.endsWith(".txt"))
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("state_7", "state_8"));
    else if (index % 10 === 2) truncateSync(path, statSync(path).size - 5000);
  }
}

async function publish(versionCode: number): Promise<void> {
  const path = join(source, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...manifest, id: APP, version: `${versionCode}.0.0`, versionCode }));
  const file = await packSigned(store, developer, source, join(folder, `${versionCode}.mosis`));
  console.log(`version ${versionCode}: a package of ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  await store.must(["submit", file, "--notes", `Release ${versionCode}.`], developer.env);
  await store.must(["admin", "review", "approve", APP, String(versionCode), "--data", store.dataDir]);
}

type Seen = {
  serverBytes: number;
  childBytes: number;
  readonly nice: Set<number>;
  readonly children: Set<number>;
  ms: number;
};

const status = (pid: number, key: string): number =>
  1024 *
  Number(
    new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0,
  );

/** Looks at server and child until the job is done. */
async function watch(database: Database): Promise<Seen> {
  const seen: Seen = { serverBytes: 0, childBytes: 0, nice: new Set(), children: new Set(), ms: 0 };
  const startedAt = performance.now();
  const open = database.query(
    "SELECT 1 FROM jobs WHERE kind IN ('version.publish', 'version.deltas') AND state IN ('queued', 'running')",
  );
  while (open.get() !== null) {
    seen.serverBytes = Math.max(seen.serverBytes, status(store.pid(), "VmRSS"));
    for (const task of readdirSync(`/proc/${store.pid()}/task`)) {
      for (const child of readFileSync(`/proc/${store.pid()}/task/${task}/children`, "utf8")
        .split(" ")
        .filter(Boolean)) {
        try {
          seen.childBytes = Math.max(seen.childBytes, status(Number(child), "VmHWM"));
          const fields = readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
          seen.nice.add(Number(fields[16]));
          seen.children.add(Number(child));
        } catch {
          // It has ended meanwhile.
        }
      }
    }
    await Bun.sleep(50);
  }
  seen.ms = performance.now() - startedAt;
  return seen;
}

test("containers of 500 MB", async () => {
  const database = new Database(join(store.dataDir, "mosis.db"));
  try {
    database.run("PRAGMA busy_timeout = 5000");
    for (const versionCode of [1, 2]) {
      if (versionCode > 1) change();
      await publish(versionCode);
      const before = status(store.pid(), "VmRSS");
      const { serverBytes, childBytes, nice, children, ms } = await watch(database);
      const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
      console.log(
        `version ${versionCode}: ${(ms / 1000).toFixed(0)} s, the server ${mib(before)} before and at most ${mib(serverBytes)}, the child at most ${mib(childBytes)}`,
      );
      expect(children.size).toBe(1);
      expect(nice.has(19)).toBe(true);
      expect(childBytes).toBeLessThan(MOST_CHILD_BYTES);
      expect(serverBytes - before).toBeLessThan(MOST_SERVER_BYTES);
    }
    const rows = database.query("SELECT base, size_bytes AS sizeBytes FROM deltas").all();
    console.log(rows);
    expect(rows.length).toBe(3);
    const failed = database
      .query("SELECT kind, last_error FROM jobs WHERE state = 'dead' OR attempts > 1")
      .all();
    expect(failed).toEqual([]);
  } finally {
    database.close();
  }
}, 3_600_000);
