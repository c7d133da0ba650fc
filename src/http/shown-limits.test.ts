/** Who asks for a token of their own, and what they count as: a fleet and its strangers behind one address. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { createEnrolmentCode } from "../accounts/devices/codes.ts";
import { readDevice, revokeDevice } from "../accounts/devices/devices.ts";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import type { DeviceId } from "../ids.ts";
import { type CiServer, startCiServer } from "../testing/ci-server.ts";
import { assertionOf, type DeviceKey, enrolmentOf, newDeviceKey } from "../testing/devices.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

const APP = "org.example.sample";
const AUDIENCE = "http://127.0.0.1:8470";
/** Of a minute; enrolments and exchanges take five of it. */
const ADDRESS = 10;
const KEY = 20;

let template: Template;
let world: World;
let ci: CiServer;
beforeAll(async () => {
  template = await makeTemplate();
  ci = await startCiServer(() => world.store.clock.now(), AUDIENCE);
});
afterAll(async () => {
  await ci.stop();
  template.remove();
});
beforeEach(async () => {
  const issuer = {
    id: "ci",
    kind: "github",
    name: "Forge",
    issuer: ci.issuer,
    require: {},
    caFile: null,
  } as const;
  const limits = { addressRequests: ADDRESS, keyRequests: KEY };
  world = await openWorld(template, {}, { trustedIssuers: [issuer], ...limits });
});
afterEach(() => world.close());

async function post(path: string, json: unknown, token?: string) {
  const answer = await fetch(`${world.url}/api/v1${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(json),
  });
  const body = (await answer.json()) as { code?: string; deviceId?: DeviceId };
  return { status: answer.status, code: body.code, body, limit: answer.headers.get("ratelimit") };
}

const seconds = () => Math.floor(world.store.clock.now().getTime() / 1000);
const root = () => rootSha256(world.store);
const code = (uses: number) =>
  createEnrolmentCode(world.store, OPERATOR, { label: "Kiosks", uses }).text ?? "";
const enrolment = (key: DeviceKey, text: string) => {
  const { publicKey, ...rest } = enrolmentOf(key, text, root(), seconds());
  return { ...rest, publicKey: Buffer.from(publicKey).toString("base64url") };
};
const enrol = (key: DeviceKey, text: string) => post("/devices/enrol", enrolment(key, text));
const tokenFor = (key: DeviceKey, id: string) =>
  post("/devices/token", { assertion: assertionOf(key, id, root(), seconds()) });
const strangers = async () => (await fetch(`${world.url}/api/v1/openapi.json`)).status;
/** Whatever the place has left goes. */
async function useUpAddress(): Promise<void> {
  for (let n = 0; n < ADDRESS; n += 1) await strangers();
  expect(await strangers()).toBe(429);
}

describe("devices behind one address", () => {
  test("enrol and get tokens, more of them than strangers have requests, and while a stranger uses those up", async () => {
    const text = code(100);
    await useUpAddress();
    for (let n = 0; n < 2 * ADDRESS; n += 1) {
      const key = newDeviceKey();
      const enrolled = await enrol(key, text);
      expect([enrolled.status, enrolled.limit]).toEqual([200, `"key";r=${KEY - 5};t=3`]);
      expect((await tokenFor(key, enrolled.body.deviceId ?? "")).status).toBe(200);
    }
    expect(await strangers()).toBe(429);
  });

  test("have each a limit of their own, and what is over it is not kept", async () => {
    const key = newDeviceKey();
    const { body } = await enrol(key, code(1));
    const id = body.deviceId ?? "";
    for (let n = 0; n < KEY - 5; n += 1) expect((await tokenFor(key, id)).status).toBe(200);
    const late = assertionOf(key, id, root(), seconds());
    const over = await post("/devices/token", { assertion: late });
    expect([over.status, over.code, over.limit]).toEqual([429, "rate.limited", '"key";r=0;t=3']);
    world.store.clock.advance(3000);
    // It was not taken, so it may come again.
    expect((await post("/devices/token", { assertion: late })).status).toBe(200);
    // Nobody else was held up.
    expect(await strangers()).toBe(200);
    expect((await enrol(newDeviceKey(), code(1))).status).toBe(200);
  });

  test("count against their address with what shows no device", async () => {
    const key = newDeviceKey();
    const { body } = await enrol(key, code(1));
    const id = body.deviceId ?? "";
    const wrong = () => tokenFor(newDeviceKey(), id);
    for (let n = 0; n < ADDRESS - 2; n += 1) expect((await wrong()).code).toBe("device.assertion_invalid");
    expect((await post("/devices/token", {})).status).toBe(400);
    // What was given before shows that it was overheard, and takes nothing of the device's.
    const signed = { assertion: assertionOf(key, id, root(), seconds()) };
    expect((await post("/devices/token", signed)).status).toBe(200);
    expect((await post("/devices/token", signed)).code).toBe("device.assertion_replayed");
    expect([(await wrong()).code, await strangers()]).toEqual(["rate.limited", 429]);
    expect((await tokenFor(key, id)).limit).toBe(`"key";r=${KEY - 7};t=3`);
  });

  test("guess no codes beyond it, five requests each", async () => {
    const known = () => enrol(newDeviceKey(), code(1));
    const unknown = async () => enrol(newDeviceKey(), "00000-00000-00000");
    expect((await known()).status).toBe(200);
    expect([(await unknown()).status, (await unknown()).status]).not.toContain(429);
    expect((await unknown()).code).toBe("rate.limited");
    expect((await known()).status).toBe(200);
  });

  test("are known also when they are revoked, and take nothing of their neighbours", async () => {
    const key = newDeviceKey();
    const { body } = await enrol(key, code(1));
    const id = body.deviceId ?? ("" as DeviceId);
    revokeDevice(world.store, OPERATOR, id, "Lost.");
    for (let n = 0; n < KEY - 5; n += 1)
      expect((await tokenFor(key, id)).code).toBe("device.enrolment_revoked");
    expect((await tokenFor(key, id)).code).toBe("rate.limited");
    expect(readDevice(world.store, OPERATOR, id).lastTokenAt).toBeNull();
    expect(await strangers()).toBe(200);
  });
});

describe("build jobs behind one address", () => {
  const exchange = async (claims: Readonly<Record<string, unknown>> = {}) =>
    post("/trusted-publishing/token", { appId: APP, identityToken: await ci.sign(claims) });

  beforeEach(async () => {
    const claims = { repository: "example/notes", workflow_file: "release.yml" };
    const made = await post(`/apps/${APP}/publishers`, { issuer: "ci", claims }, world.tokens.owner);
    expect(made.status).toBe(201);
  });

  test("that an app trusts count as its publisher, and with its organisation", async () => {
    await useUpAddress();
    const first = await exchange();
    expect([first.status, first.limit]).toMatchObject([200, expect.stringContaining(`"key";r=${KEY - 5};`)]);
    for (let n = 0; n < 3; n += 1) expect((await exchange()).status).toBe(200);
    // The identity of the one that came too often was not taken.
    const late = await ci.sign();
    const again = () => post("/trusted-publishing/token", { appId: APP, identityToken: late });
    expect((await again()).code).toBe("rate.limited");
    world.store.clock.advance(15_000);
    expect((await again()).status).toBe(200);
  });

  test("that no app trusts count against their address, and so do their replays", async () => {
    expect((await exchange({ repository: "eve/notes" })).code).toBe("trusted.no_publisher");
    const once = { appId: APP, identityToken: await ci.sign() };
    expect((await post("/trusted-publishing/token", once)).status).toBe(200);
    expect((await post("/trusted-publishing/token", once)).code).toBe("trusted.replayed");
    expect((await exchange({ repository: "eve/notes" })).code).toBe("rate.limited");
    expect((await exchange()).status).toBe(200);
  });
});
