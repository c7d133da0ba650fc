/** Listing and trying providers: with a real one, one that lies, and one that is not there. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { openStore } from "../../boot/open-store.ts";
import { systemClock } from "../../clock.ts";
import { loadConfig } from "../../config.ts";
import { type Liar, startLiar } from "../../testing/liar.ts";
import { OIDC_CLIENT, type OidcServer, startOidcServer } from "../../testing/oidc-server.ts";
import { type Scratch, scratch } from "../../testing/scratch.ts";
import { silentLog } from "../../testing/store.ts";

const ORIGIN = "https://apps.example.com";
let here: Scratch;
let sso: OidcServer;
let liar: Liar;
let environment: Record<string, string>;

beforeAll(async () => {
  here = scratch();
  sso = await startOidcServer([`${ORIGIN}/sign-in/with/sso/back`]);
  liar = startLiar("mosis");
  writeFileSync(here.path("secret"), `${OIDC_CLIENT.secret}\n`);
  writeFileSync(here.path("wrong"), "wrong\n");
  const common = { kind: "oidc", client_id: OIDC_CLIENT.id, client_secret_file: here.path("secret") };
  const providers = {
    sso: { ...common, issuer: sso.issuer, name: "Example SSO", scopes: "openid email groups" },
    stranger: { ...common, issuer: sso.issuer, client_secret_file: here.path("wrong") },
    liar: { ...common, issuer: liar.issuer },
    nowhere: { ...common, issuer: "http://127.0.0.1:1" },
    slip: { ...common, issuer: `${sso.issuer}/elsewhere` },
  };
  environment = { MOSIS_PROVIDERS: JSON.stringify(providers), MOSIS_PUBLIC_URL: ORIGIN };
  const config = loadConfig({ dataDir: here.path("store") }, {});
  const opened = await openStore({
    config,
    clock: systemClock,
    log: silentLog,
    mayCreate: true,
    runJobs: false,
  });
  await opened.close(1000);
});
afterAll(async () => {
  await sso.stop();
  await liar.stop();
  here.remove();
});

const admin = (argv: readonly string[], json = true) =>
  here.run(["admin", "sign-in", ...argv, "--data", here.path("store"), ...(json ? ["--json"] : [])], {
    environment,
  });

test("each is listed with the address that must be registered there, and no secret", async () => {
  const { exitCode, stdout, json } = await admin(["list"]);
  expect([exitCode, json]).toMatchObject([
    0,
    {
      items: [
        { id: "sso", name: "Example SSO", redirectUri: `${ORIGIN}/sign-in/with/sso/back` },
        {},
        {},
        {},
        {},
      ],
    },
  ]);
  expect(stdout).not.toContain(OIDC_CLIENT.secret);
  expect((await admin(["list"], false)).stdout).toContain(
    `redirect address  ${ORIGIN}/sign-in/with/sso/back`,
  );
});

test("one that works is ready, and what it does not list is said", async () => {
  const { exitCode, json } = await admin(["test", "sso"]);
  expect([exitCode, json]).toMatchObject([0, { id: "sso", keys: 1, unknownScopes: ["groups"] }]);
  expect(Math.abs((json as { clockSeconds: number }).clockSeconds)).toBeLessThan(3);
  expect((await admin(["test", "sso"], false)).stdout).toContain(
    "Ready: Example SSO takes this store's client",
  );
});

test.each([
  ["stranger", 3, "provider.client"],
  ["nowhere", 3, "provider.unreachable"],
  ["slip", 3, "provider.answer"],
  ["nobody", 1, "provider.unknown"],
] as const)("%s: exit code %i, %s", async (id, exitCode, code) => {
  const ran = await admin(["test", id]);
  expect([ran.exitCode, ran.json]).toMatchObject([exitCode, { error: { code } }]);
});

test("a clock that is wrong and keys that are none are told", async () => {
  const late = () =>
    Response.json({ keys: [{}] }, { headers: { Date: new Date(Date.now() - 3_600_000).toUTCString() } });
  liar.lies = { answers: { "/jwks": late } };
  expect((await admin(["test", "liar"], false)).stdout).toMatch(
    /clock is 36\d\d seconds behind this one: set the one/,
  );
  liar.lies = { answers: { "/jwks": () => Response.json({ keys: [] }) } };
  expect((await admin(["test", "liar"])).json).toMatchObject({ error: { code: "provider.answer" } });
});
