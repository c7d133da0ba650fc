/** Where a CI server may keep its keys: no address of the store's own machine, which it could not reach itself. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { TrustedIssuer } from "../../config.issuers.ts";
import { isProblem } from "../../errors.ts";
import { type OtherMachine, otherMachine } from "../../testing/http/other-machine.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { makeTlsAuthority, type TlsAuthority } from "../../testing/tls-authority.ts";
import { keySetOf } from "./key-sets.ts";

const KEYS = { keys: [{ kty: "OKP", crv: "Ed25519", x: "A".repeat(43), kid: "one" }] };
const DISCOVERY = "/.well-known/openid-configuration";

let store: TestStore;
let authority: TlsAuthority;
let machine: OtherMachine;
/** On an address that is not loopback, each a server of its own; and what listens on this machine alone, with TLS and without. */
let ci: Listening;
let elsewhere: Listening;
let plain: Listening;
let secure: Listening;
/** What the discovery of each names. */
let jwksUri = "";

type Listening = { readonly origin: string; readonly asked: string[]; stop(): Promise<void> };

function listen(host: string, isTls: boolean): Listening {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: host,
    port: 0,
    ...(isTls ? { tls: authority.certify([host]) } : {}),
    fetch(request): Response {
      const { pathname, search } = new URL(request.url);
      asked.push(pathname + search);
      if (pathname === "/moved") return Response.redirect(`${elsewhere.origin}/jwks`, 302);
      return Response.json(pathname === DISCOVERY ? { issuer: origin, jwks_uri: jwksUri } : KEYS);
    },
  });
  const origin: string = `${isTls ? "https" : "http"}://${host}:${server.port}`;
  return { origin, asked, stop: () => server.stop(true) };
}

beforeAll(async () => {
  machine = await otherMachine();
  authority = makeTlsAuthority();
  store = await openTestStore();
  ci = listen(machine.address, true);
  elsewhere = listen(machine.address, true);
  plain = listen("127.0.0.1", false);
  secure = listen("127.0.0.1", true);
});
afterAll(async () => {
  await Promise.all([ci, elsewhere, plain, secure].map((each) => each.stop()));
  authority.remove();
  await store.close();
  await machine.close();
});

/** Of a table of its own each time, so that nothing is kept of it. */
async function outcome(issuer: string, address: string): Promise<string> {
  jwksUri = address;
  const asked: TrustedIssuer = {
    id: crypto.randomUUID(),
    kind: "oidc",
    name: "Forge",
    issuer,
    require: {},
    caFile: issuer.startsWith("https:") ? authority.caFile : null,
  };
  try {
    return String((await keySetOf(store, asked)).keys[0]?.kid);
  } catch (error) {
    if (isProblem(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const portOf = ({ origin }: Listening) => new URL(origin).port;
const REFUSED = /^trusted\.issuer_unreachable: .*not https, or is of the store's own machine/;

test("a server of another machine keeps its keys with itself, or at another address over https", async () => {
  for (const address of [`${ci.origin}/jwks`, `${elsewhere.origin}/jwks`, `${elsewhere.origin}/jwks?app=1`])
    expect([address, await outcome(ci.origin, address)]).toEqual([address, "one"]);
});

test("it reaches nothing on the store's own machine, and nothing without TLS", async () => {
  const before = [plain.asked.length, secure.asked.length, elsewhere.asked.length];
  for (const address of [
    `${plain.origin}/admin/delete?x=1`,
    `${secure.origin}/jwks`,
    `http://localhost:${portOf(plain)}/jwks`,
    `https://localhost:${portOf(secure)}/jwks`,
    `https://localhost.:${portOf(secure)}/jwks`,
    `https://ci.localhost:${portOf(secure)}/jwks`,
    `https://127.1:${portOf(secure)}/jwks`,
    `https://0.0.0.0:${portOf(secure)}/jwks`,
    `https://[::1]:${portOf(secure)}/jwks`,
    `https://[::]:${portOf(secure)}/jwks`,
    `https://[::ffff:127.0.0.1]:${portOf(secure)}/jwks`,
    elsewhere.origin.replace("https:", "http:"),
    "file:///etc/passwd",
    "nowhere",
  ]) {
    const found = await outcome(ci.origin, address);
    expect([address, REFUSED.test(found), found]).toEqual([address, true, found]);
  }
  // Nor by sending the store on.
  expect(await outcome(ci.origin, `${ci.origin}/moved`)).toContain("sends its caller to another address");
  expect([plain.asked.length, secure.asked.length, elsewhere.asked.length]).toEqual(before);
});

test("a server that is on the store's own machine has its keys there", async () => {
  for (const [issuer, address] of [
    [plain.origin, `${plain.origin}/jwks`],
    [plain.origin, `http://localhost:${portOf(plain)}/jwks`],
    [secure.origin, `${secure.origin}/jwks`],
    [secure.origin, `${plain.origin}/jwks`],
  ] as const)
    expect([address, await outcome(issuer, address)]).toEqual([address, "one"]);
});
