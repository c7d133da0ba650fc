/** Requests without a host, or with what is none: refused as the client's mistake, and probes of old load balancers are answered. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

const SECURITY = [
  "content-security-policy",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "permissions-policy",
  "x-request-id",
];

type Told = { readonly status: number; readonly headers: Headers; readonly body: string };

/** The bytes as they are, and what came until the server closed. */
function send(head: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("utf8");
    });
    socket.on("error", reject);
    socket.on("close", () => {
      const [top = "", body = ""] = text.split(/\r\n\r\n([\s\S]*)/);
      const [first = "", ...lines] = top.split("\r\n");
      const pairs = lines.map((line): [string, string] => {
        const at = line.indexOf(":");
        return [line.slice(0, at), line.slice(at + 1).trim()];
      });
      resolve({ status: Number(first.split(" ")[1]), headers: new Headers(pairs), body });
    });
    socket.write(`${head}\r\nConnection: close\r\n\r\n`);
  });
}

const missing = ({ headers }: Told) => SECURITY.filter((name) => !headers.has(name));
const faults = () => world.log.filter(({ event }) => event === "http.failed");

const HOSTS: readonly [what: string, lines: string][] = [
  ["none", "HTTP/1.0"],
  ["an empty one", "HTTP/1.1\r\nHost:"],
  ["two words", "HTTP/1.1\r\nHost: a b"],
  ["half a bracket", "HTTP/1.1\r\nHost: [::"],
  ["no port", "HTTP/1.1\r\nHost: a:99999"],
  ["a port alone", "HTTP/1.1\r\nHost: :80"],
  ["a path", "HTTP/1.1\r\nHost: a/healthz?"],
  ["a user", "HTTP/1.1\r\nHost: u:p@a"],
  ["no address", "HTTP/1.1\r\nHost: 1.2.3.999"],
  ["two", "HTTP/1.1\r\nHost: localhost\r\nHost: other.example"],
];

for (const [what, lines] of HOSTS)
  test(`a request whose host is ${what} is refused in each area, with all headers and no fault of ours`, async () => {
    const api = await send(`GET /api/v1/me ${lines}`);
    expect([api.status, missing(api)]).toEqual([400, []]);
    expect(api.headers.get("content-type")).toBe("application/problem+json");
    expect(JSON.parse(api.body)).toMatchObject({
      code: "request.host",
      status: 400,
      type: expect.stringMatching(/^http:\/\/[^/]+\/docs\/errors#request\.host$/),
    });
    const page = await send(`GET /sign-in?next=/ ${lines}`);
    expect([page.status, missing(page)]).toEqual([400, []]);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.body).toContain("header Host");
    const file = await send(`GET /store/v1/metadata/timestamp.json ${lines}`);
    expect([file.status, missing(file), JSON.parse(file.body).code]).toEqual([400, [], "request.host"]);
    const posted = await send(`POST /api/v1/oauth/token ${lines}\r\nContent-Length: 2`);
    expect([posted.status, missing(posted)]).toEqual([400, []]);
    const head = await send(`HEAD /sign-in ${lines}`);
    expect([head.status, head.body, missing(head)]).toEqual([400, "", []]);
    expect(faults()).toEqual([]);
    expect(world.log.findLast(({ event }) => event === "http.request")).toMatchObject({
      method: "HEAD",
      route: null,
      status: 400,
    });
  });

test("the probes answer without a host, and with a wrong one do not", async () => {
  for (const path of ["/healthz", "/readyz"]) {
    for (const lines of ["HTTP/1.0", "HTTP/1.0\r\nHost:", "HTTP/1.1\r\nHost: 127.0.0.1"]) {
      const told = await send(`GET ${path} ${lines}`);
      expect([path, lines, told.status, missing(told)]).toEqual([path, lines, 200, []]);
      expect(JSON.parse(told.body).status).toBe(path === "/healthz" ? "alive" : "ready");
      const head = await send(`HEAD ${path} ${lines}`);
      expect([head.status, head.body]).toEqual([200, ""]);
    }
    expect((await send(`GET ${path} HTTP/1.1\r\nHost: a b`)).status).toBe(400);
    expect((await send(`POST ${path} HTTP/1.0\r\nContent-Length: 0`)).status).toBe(400);
  }
  expect(faults()).toEqual([]);
});

test("every form of a host that there is is taken", async () => {
  const hosts = [
    "localhost",
    "a_b",
    "[::1]",
    "[::1]:8470",
    "127.0.0.1:1",
    "Apps.Example.COM",
    "apps.example.com.",
  ];
  for (const host of hosts) {
    const told = await send(`GET /sign-in HTTP/1.1\r\nHost: ${host}`);
    expect([host, told.status, missing(told)]).toEqual([host, 200, []]);
  }
});
