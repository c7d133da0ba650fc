/** What goes to this machine over http goes to no proxy of the environment: it would read tokens and codes. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOSIS } from "../testing/mosis.ts";

setDefaultTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), "mosis-proxy-"));
const TOKEN = `mosis_org_${"0".repeat(32)}_${"a".repeat(48)}`;

const toProxy: string[] = [];
const toStore: string[] = [];
const proxy = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    toProxy.push(request.url);
    return new Response("a proxy", { status: 502 });
  },
});
const store = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname } = new URL(request.url);
    toStore.push(`${pathname} ${request.headers.get("authorization") ?? ""} ${await request.text()}`);
    return Response.json({}, { status: 401 });
  },
});
afterAll(async () => {
  await Promise.all([proxy.stop(true), store.stop(true)]);
  rmSync(folder, { recursive: true });
});

async function run(
  variables: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<number> {
  const child = Bun.spawn([...MOSIS, ...words, "--json"], {
    cwd: folder,
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: process.env.PATH ?? "", HOME: folder, ...variables },
  });
  return child.exited;
}

test.each(["http_proxy", "HTTP_PROXY"])(
  "with %s a token and an enrolment code go straight to the store",
  async (name) => {
    const variables = {
      [name]: `http://127.0.0.1:${proxy.port}`,
      NO_PROXY: "example.com",
      MOSIS_TOKEN: TOKEN,
    };
    for (const host of ["127.0.0.1", "localhost", "127.0.0.2"]) {
      [toStore.length, toProxy.length] = [0, 0];
      await run(variables, "whoami", "--store", `http://${host}:${store.port}`);
      expect(toProxy).toEqual([]);
      if (host !== "127.0.0.2") expect(toStore.join("\n")).toContain(TOKEN);
    }
    [toStore.length, toProxy.length] = [0, 0];
    const home = join(folder, `device-${name}`);
    const words = [
      "device",
      "init",
      `http://127.0.0.1:${store.port}`,
      "--home",
      home,
      "--enrol",
      "0K4FV-809MW-JCVTH",
    ];
    await run(variables, ...words, "--root-sha256", "0".repeat(64));
    expect(toProxy).toEqual([]);
    expect(toStore.length).toBeGreaterThan(0);
  },
);

test("what goes to another machine goes by the proxy, as the environment says", async () => {
  [toStore.length, toProxy.length] = [0, 0];
  const variables = { http_proxy: `http://127.0.0.1:${proxy.port}` };
  const home = join(folder, "device-elsewhere");
  await run(
    variables,
    "device",
    "init",
    "http://store.example",
    "--home",
    home,
    "--root-sha256",
    "0".repeat(64),
  );
  expect(toProxy.length).toBeGreaterThan(0);
});
