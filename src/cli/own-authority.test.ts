/** A store whose TLS certificate comes from the company's own CA, for devices and for whoever reads its log. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createEnrolmentCode } from "../accounts/devices/codes.ts";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import { type Portal, startPortal } from "../testing/portal.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { publishShownApps, SHOWN, type ShownApps } from "../testing/shown-apps.ts";
import { makeTlsAuthority, type TlsAuthority } from "../testing/tls-authority.ts";
import type { Ran } from "./test-io.ts";

setDefaultTimeout(60_000);

let here: Scratch;
let portal: Portal;
let shown: ShownApps;
let company: TlsAuthority;
let another: TlsAuthority;
let root: string;
const fronts: ReturnType<typeof Bun.serve>[] = [];

beforeAll(async () => {
  here = scratch();
  portal = await startPortal();
  shown = await publishShownApps(portal);
  root = rootSha256(portal.store);
  company = makeTlsAuthority();
  another = makeTlsAuthority();
}, 120_000);
afterAll(async () => {
  for (const front of fronts) front.stop(true);
  await portal.close();
  for (const authority of [company, another]) authority.remove();
  here.remove();
});

/** The store behind TLS, as a proxy before it does it. Gives the address. */
function front(authority: TlsAuthority, names: readonly string[] = ["127.0.0.1"]): string {
  const tls = authority.certify(names);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = request.method === "GET" ? null : await request.arrayBuffer();
      const answer = await fetch(`${portal.url}${pathname}${search}`, {
        method: request.method,
        headers: request.headers,
        body,
        redirect: "manual",
      });
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
  });
  fronts.push(server);
  return `https://127.0.0.1:${server.port}`;
}

const said = ({ exitCode, json }: Ran) => [exitCode, (json as { error?: { code: string } }).error?.code];
const init = (address: string, home: string, ...more: readonly string[]) =>
  here.run(["device", "init", address, "--root-sha256", root, "--home", home, "--json", ...more]);
const update = (home: string) => here.run(["device", "update", "--home", home, "--json"]);

test("a device trusts the CA that it was set up with, also when it enrols and afterwards", async () => {
  const address = front(company);
  const { text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Kiosk" });
  const without = await init(address, "device", "--enrol", text ?? "");
  expect(said(without)).toEqual([3, "device.unreachable"]);
  expect(without.stdout).toContain("--store-ca PEM");
  expect(said(await init(address, "device", "--store-ca", another.caFile))).toEqual([
    3,
    "device.unreachable",
  ]);

  const made = await init(address, "device", "--enrol", text ?? "", "--store-ca", company.caFile);
  expect([made.exitCode, made.json]).toMatchObject([0, { enrolledAs: expect.any(String) }]);
  expect((await update("device")).exitCode).toBe(0);
  const app = SHOWN.public.id;
  const installed = await here.run(["device", "install", app, "--home", "device", "--json"]);
  expect(installed.exitCode).toBe(0);
});

test("a device is told of the company's new CA, at the same address, and keeps what it has", async () => {
  const address = front(company);
  expect((await init(address, "moved", "--store-ca", company.caFile)).exitCode).toBe(0);
  expect(said(await init(address, "moved", "--store-ca", company.caFile))).toEqual([1, "device.initialised"]);
  expect(said(await init(address, "moved"))).toEqual([1, "device.initialised"]);
  // A CA that the address does not have is not kept.
  expect(said(await init(address, "moved", "--store-ca", another.caFile))).toEqual([3, "device.unreachable"]);
  expect((await update("moved")).exitCode).toBe(0);
  const next = front(another);
  expect(said(await init(next, "moved"))).toEqual([3, "device.unreachable"]);
  expect((await init(next, "moved", "--store-ca", another.caFile)).exitCode).toBe(0);
  expect((await update("moved")).exitCode).toBe(0);
});

test("a certificate for another name is none, whoever made it", async () => {
  const ran = await init(front(company, ["store.example"]), "named", "--store-ca", company.caFile);
  expect(said(ran)).toEqual([3, "device.unreachable"]);
  expect(ran.stdout).toContain("for another name");
});

test("the log is read with it too, and the catalogue of an audience with the token of who belongs to it", async () => {
  const address = front(company);
  const { member, otherGroup } = shown.askers;
  const sha256 = (id: string) =>
    (
      portal.store.db.raw
        .query("SELECT released_sha256 AS sha256 FROM versions WHERE app_id = ? AND state = 'published'")
        .get(id) as { sha256: string }
    ).sha256;
  const path = `/store/v1/audiences/${shown.group}/packages/${sha256(SHOWN.group.id)}.mosis`;
  const file = await fetch(portal.url + path, { headers: { authorization: `Bearer ${member.token}` } });
  expect(file.status).toBe(200);
  here.write("inside.mosis", new Uint8Array(await file.arrayBuffer()));
  const verify = (environment: Record<string, string>, ...more: readonly string[]) =>
    here.run(
      ["verify", "inside.mosis", "--log", "--store", address, "--root-sha256", root, "--json", ...more],
      { environment },
    );
  const MOSIS_STORE_CA = company.caFile;
  const group = ["--audience", shown.group];
  expect(said(await verify({}))).toEqual([3, "device.unreachable"]);
  expect((await verify({ MOSIS_STORE_CA })).json).toMatchObject({
    ok: false,
    log: { findings: [{ code: "log.not_listed" }] },
  });
  expect(said(await verify({ MOSIS_STORE_CA }, ...group))).toEqual([1, "verify.token_missing"]);
  const inside = await verify({ MOSIS_STORE_CA, MOSIS_TOKEN: member.token ?? "" }, ...group);
  expect([inside.exitCode, inside.json]).toMatchObject([0, { ok: true, log: { verdict: "ok" } }]);
  // Who does not belong to it, and one that is not there, have the same answer.
  const other = { MOSIS_STORE_CA, MOSIS_TOKEN: otherGroup.token ?? "" };
  expect(said(await verify(other, ...group))).toEqual([1, "log.audience_not_shown"]);
  expect(said(await verify(other, "--audience", `grp-${"0".repeat(32)}`))).toEqual([
    1,
    "log.audience_not_shown",
  ]);
  const home = await here.run(["verify", "inside.mosis", "--log", "--home", "device", ...group, "--json"]);
  expect(said(home)).toEqual([2, "verify.log_store"]);
});
