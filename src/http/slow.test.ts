/** Clients that drip, stall or just sit there: they are cut off, those that are merely slow are not, and nobody waits for them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

/** Bun's timer counts in steps of four seconds. */
const PATIENCE = {
  idleSeconds: 8,
  pace: { windowMs: 2000, leastBytes: 2048 },
  smallBodyMs: 1500,
  aliveMs: 15_000,
  streamMs: 600_000,
};

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template, { patience: PATIENCE });
});
afterAll(async () => {
  await world.close();
  template.remove();
});

type Dripped = { readonly answer: string; readonly seconds: number; readonly isClosed: boolean };

/** Sends the start, then a piece each `everyMs`, until there is an answer, the end, or `mostSeconds` went by. */
function drip(start: string, piece: string, everyMs: number, mostSeconds: number): Promise<Dripped> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
    let answer = "";
    const end = (isClosed: boolean) => {
      clearInterval(dripping);
      clearTimeout(limit);
      socket.destroy();
      resolve({ answer, seconds: (performance.now() - startedAt) / 1000, isClosed });
    };
    const dripping = setInterval(() => socket.write(piece), everyMs);
    const limit = setTimeout(() => end(false), mostSeconds * 1000);
    socket.on("data", (bytes) => {
      answer += bytes.toString("latin1");
      if (/\r\n\r\n[\s\S]*\}\s*$/.test(answer)) end(true);
    });
    socket.on("error", () => {});
    socket.on("close", () => end(true));
    socket.write(start);
  });
}

const post = (path: string, type: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${world.tokens.organisation}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
const PACKAGE = "application/vnd.mosis.package";
const VERSIONS = "/api/v1/versions";
const staged = () => readdirSync(join(world.store.dataDir, "staging"));

describe.concurrent("slow clients", () => {
  for (const [what, start, piece] of [
    ["says nothing at all", "", ""],
    ["drips the first line", "G", "G"],
    ["drips one header", "GET / HTTP/1.1\r\nHost: a\r\nX-A: ", "a"],
    ["drips headers", "GET / HTTP/1.1\r\nHost: a\r\n", "X-A: b\r\n"],
  ] as const) {
    test(`one that ${what} is closed, however steadily`, async () => {
      const { answer, seconds, isClosed } = await drip(start, piece, 500, 25);
      expect([answer, isClosed]).toEqual(["", true]);
      expect(seconds).toBeLessThan(20);
    }, 30_000);
  }

  test("a small body that drips is answered in time", async () => {
    const start = post("/api/v1/apps", "application/json", 500);
    const { answer, seconds } = await drip(`${start}{`, " ", 200, 20);
    expect(answer).toStartWith("HTTP/1.1 400 ");
    expect(answer).toContain('"request.too_slow"');
    expect(seconds).toBeLessThan(6);
  }, 30_000);

  test("an upload that drips is answered", async () => {
    const { answer, seconds } = await drip(post(VERSIONS, PACKAGE, 100_000), "x".repeat(20), 100, 20);
    expect(answer).toStartWith("HTTP/1.1 400 ");
    expect(answer).toContain('"request.too_slow"');
    expect(seconds).toBeLessThan(8);
  }, 30_000);

  test("so is one in a form, in its fields and in its file", async () => {
    const type = "multipart/form-data; boundary=b";
    const field = '--b\r\nContent-Disposition: form-data; name="notes"\r\n\r\n';
    const file = '--b\r\nContent-Disposition: form-data; name="package"; filename="a"\r\n\r\n';
    for (const head of [field, file]) {
      const { answer, seconds } = await drip(`${post(VERSIONS, type, 60_000)}${head}`, "x", 100, 20);
      expect(answer).toContain('"request.too_slow"');
      expect(seconds).toBeLessThan(8);
    }
  }, 60_000);

  test("an upload that falls silent is closed", async () => {
    const { answer, seconds, isClosed } = await drip(
      `${post(VERSIONS, PACKAGE, 100_000)}xxx`,
      "",
      60_000,
      25,
    );
    expect([answer, isClosed]).toEqual(["", true]);
    expect(seconds).toBeLessThan(20);
  }, 30_000);

  test("an upload that is slow but moves is taken, for longer than a connection may be idle", async () => {
    // 4 KiB a second, for fourteen seconds: a step of the timer more than a connection may be idle.
    const { answer, seconds } = await drip(post(VERSIONS, PACKAGE, 56 * 1024), "x".repeat(1024), 250, 40);
    expect(seconds).toBeGreaterThan(13);
    expect(answer).toStartWith("HTTP/1.1 422 ");
    expect(answer).toContain('"MPK-C002"');
  }, 60_000);
});

test("none of them leaves anything", async () => {
  for (let tries = 0; tries < 100 && staged().length > 0; tries += 1) await Bun.sleep(10);
  expect(staged()).toEqual([]);
});

test("many that are idle or half-way stop nobody else", async () => {
  const sockets: Socket[] = [];
  try {
    for (let made = 0; made < 400; made += 1) {
      const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
      socket.on("error", () => {});
      sockets.push(socket);
      await new Promise((resolve) => socket.once("connect", resolve));
      if (made % 4 === 1) socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-A: ");
      if (made % 4 === 2) socket.write(`${post(VERSIONS, PACKAGE, 100_000)}x`);
      if (made % 4 === 3) socket.write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    const startedAt = performance.now();
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await fetch(`${world.url}/store/v1/metadata/timestamp.json`)).status).toBe(200);
      const own = await fetch(`${world.url}/api/v1/apps`, {
        headers: { Authorization: `Bearer ${world.tokens.organisation}` },
      });
      expect(own.status).toBe(200);
    }
    expect(performance.now() - startedAt).toBeLessThan(4000);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  for (let tries = 0; tries < 300 && staged().length > 0; tries += 1) await Bun.sleep(10);
  expect(staged()).toEqual([]);
}, 30_000);
