/** SIGTERM: the server finishes what it is doing, or cuts it off, within ten seconds, and nothing is lost or left. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { noise, writeLargeApp } from "../../../bench/large-app.ts";
import { workspace } from "../binary.ts";
import { type Developer, newDeveloper, packSigned, type ServedStore, serveStore } from "../served-store.ts";

const WITHIN_MS = 10_000;
const APP = "com.example.calculator";
let place: ReturnType<typeof workspace>;
let store: ServedStore;
let developer: Developer;

beforeEach(async () => {
  place = workspace();
  store = await serveStore(place);
  developer = await newDeveloper(store, "Example Apps");
}, 60_000);
afterEach(async () => {
  await store.stop("SIGKILL").catch(() => {});
  place.remove();
});

/** Milliseconds from SIGTERM to the end of the process. */
async function terminate(): Promise<number> {
  const startedAt = performance.now();
  const { code, stderr } = await store.stop("SIGTERM");
  expect({ code, stopped: stderr.includes('"event":"server.stopped"') }).toEqual({ code: 0, stopped: true });
  return performance.now() - startedAt;
}

/** A connection that sends a part of an upload and then, for as long as it is let, a byte now and then. */
async function dripping(): Promise<{ end(): void }> {
  const { hostname, port } = new URL(store.url);
  const socket = await Bun.connect({ hostname, port: Number(port), socket: { data() {} } });
  const head = [
    "POST /api/v1/versions?createApp=true HTTP/1.1",
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${developer.token}`,
    "Content-Type: application/vnd.mosis.package",
    `Content-Length: ${64 * 2 ** 20}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  socket.write(noise("drip", 60_000));
  const timer = setInterval(() => socket.write(new Uint8Array(1000)), 100);
  return {
    end() {
      clearInterval(timer);
      socket.end();
    },
  };
}

const staged = (): string[] => readdirSync(join(store.dataDir, "staging"));

describe("SIGTERM", () => {
  test("with nothing to do ends at once", async () => {
    expect(await terminate()).toBeLessThan(WITHIN_MS / 2);
    expect(existsSync(join(store.dataDir, "admin.sock"))).toBe(false);
  }, 60_000);

  test("during an upload that does not end cuts it off in time, and leaves nothing of it", async () => {
    const upload = await dripping();
    while (staged().length === 0) await Bun.sleep(20);
    const ms = await terminate();
    upload.end();
    expect(ms).toBeLessThan(WITHIN_MS);
    await store.start();
    expect(staged()).toEqual([]);
    expect(await store.must(["admin", "reconcile", "--data", store.dataDir])).toEqual({ discrepancies: [] });
    expect((await store.mosis(["status", APP], developer.env)).code).toBe(1);
  }, 60_000);

  test("during the checks of a large package ends in time, and the checks are done after the next start", async () => {
    const source = join(mkdtempSync(join(place.folder, "large-")), "app");
    writeLargeApp(source, { storedMiB: 60, textMiB: 20 });
    const file = await packSigned(store, developer, source, join(place.folder, "large.mosis"));
    const submitted = await store.must(["submit", file, "--notes", "Large.", "--no-wait"], developer.env);
    expect(submitted).toMatchObject({ uploaded: true });
    expect(await terminate()).toBeLessThan(WITHIN_MS);
    await store.start();
    const status = async () =>
      (await store.must<{ versions: { state: string }[] }>(["status", APP], developer.env)).versions[0]
        ?.state;
    while ((await status()) === "checking") await Bun.sleep(50);
    expect(await status()).toBe("in_review");
  }, 60_000);
});
