/** A restricted store over HTTP: what is closed, what a device asks, and what it gets. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { createEnrolmentCode, readEnrolmentCode, revokeEnrolmentCode } from "../../accounts/devices/codes.ts";
import { readDevice, revokeDevice } from "../../accounts/devices/devices.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { parseLink } from "../../format/enrolment/link.ts";
import type { DeviceId, EnrolmentCodeId } from "../../ids.ts";
import { assertionOf, type DeviceKey, enrolmentOf, newDeviceKey } from "../../testing/devices.ts";
import { read, routeOf, undocumented } from "../../testing/http/conformance.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import { testClock } from "../../testing/store.ts";

const clock = testClock();
let portal: Portal;
let open: Portal;
let sample: SampleStore;
let root: string;
let auditor: Person;
beforeAll(async () => {
  portal = await startPortal({ restricted: "true" }, clock);
  open = await startPortal({}, clock);
  await newAdministrator(open.store);
  root = rootSha256(portal.store);
  sample = await fillStore(portal);
  auditor = sample.people.auditor;
}, 60_000);
afterAll(async () => {
  await portal.close();
  await open.close();
});

const seconds = () => Math.floor(clock.now().getTime() / 1000);
const code = (uses = 1) => createEnrolmentCode(portal.store, OPERATOR, { label: "Kiosks", uses }).text ?? "";

async function post(path: string, body: unknown, url = portal.url, headers: Record<string, string> = {}) {
  const answer = await read(
    await fetch(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    }),
  );
  expect(undocumented(routeOf("POST", path), answer)).toEqual([]);
  return answer;
}

const sent = (key: DeviceKey, text: string) => {
  const { publicKey, ...rest } = enrolmentOf(key, text, root, seconds());
  return { ...rest, publicKey: Buffer.from(publicKey).toString("base64url") };
};

const codeOf = ({ json }: { readonly json: unknown }) => (json as { code?: string }).code;

async function enrolled(key = newDeviceKey()) {
  const answer = await post("/api/v1/devices/enrol", sent(key, code()));
  expect(answer.status).toBe(200);
  const { deviceId } = answer.json as { deviceId: DeviceId };
  return { key, deviceId };
}

async function tokenOf({ key, deviceId }: { readonly key: DeviceKey; readonly deviceId: DeviceId }) {
  const answer = await post("/api/v1/devices/token", {
    assertion: assertionOf(key, deviceId, root, seconds()),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  return (answer.json as { accessToken: string }).accessToken;
}

const file = async (path: string, token: string | null, url = portal.url) =>
  read(
    await fetch(`${url}/store/v1/${path}`, {
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    }),
  );

describe("without a token", () => {
  test.each([
    "metadata/1.root.json",
    "metadata/timestamp.json",
    "targets/nothing.json",
    "packages/nothing.mosis",
    "log/checkpoint",
    "nothing/at/all",
  ])("%s is closed, whether it is there or not", async (path) => {
    const answer = await file(path, null);
    expect([answer.status, codeOf(answer)]).toEqual([401, "auth.device_required"]);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="mosis"');
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const head = await fetch(`${portal.url}/store/v1/${path}`, { method: "HEAD" });
    expect([head.status, head.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="mosis"']);
  });

  test("an open store gives the same to everybody, also to who sends nonsense", async () => {
    for (const token of [null, "nonsense"]) {
      const answer = await file("metadata/timestamp.json", token, open.url);
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "public, no-cache"]);
    }
  });

  test("what the store is, its pages, its icons and its docs stay as they are", async () => {
    const store = await read(await fetch(`${portal.url}/api/v1/store`));
    expect(store.json).toMatchObject({ restricted: true, rootSha256: root });
    for (const path of ["/", "/docs", "/sign-in", "/.well-known/jwks.json", "/healthz"])
      expect([path, (await fetch(portal.url + path)).status]).toEqual([path, 200]);
    const front = await (await fetch(portal.url)).text();
    const icon = /\/pictures\/[0-9a-f]{64}\/\d+\.png/.exec(front)?.[0] ?? "";
    const picture = await fetch(portal.url + icon);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"]);
    const page = await fetch(`${portal.url}/apps/${sample.apps.published}`, {
      headers: { Cookie: sample.people.developer.cookie },
    });
    expect(page.status).toBe(200);
  });
});

describe("a device", () => {
  test("enrols, gets a token, and reads", async () => {
    const device = await enrolled();
    const token = await tokenOf(device);
    const answer = await file("metadata/timestamp.json", token);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
    const kept = await file("metadata/1.root.json", token);
    expect(kept.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    expect((await file("metadata/nothing.json", token)).status).toBe(404);
    const head = await fetch(`${portal.url}/store/v1/metadata/timestamp.json`, {
      method: "HEAD",
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(head.status).toBe(200);
    const part = await fetch(`${portal.url}/store/v1/metadata/1.root.json`, {
      headers: { Authorization: `Bearer ${token}`, Range: "bytes=0-9" },
    });
    expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
    expect(readDevice(portal.store, OPERATOR, device.deviceId)).toMatchObject({
      lastSeenAddress: "127.0.0.1",
      lastTokenAt: clock.now(),
    });
  });

  test("is told nothing of the API, and nothing of the pages", async () => {
    const token = await tokenOf(await enrolled());
    for (const path of ["/api/v1/me", "/api/v1/devices", "/api/v1/apps"]) {
      const answer = await fetch(portal.url + path, { headers: { Authorization: `Bearer ${token}` } });
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });

  test("that is revoked is refused at once, with the token that it has", async () => {
    const device = await enrolled();
    const token = await tokenOf(device);
    expect((await file("metadata/timestamp.json", token)).status).toBe(200);
    revokeDevice(portal.store, OPERATOR, device.deviceId, "Lost.");
    const answer = await file("metadata/timestamp.json", token);
    expect([answer.status, codeOf(answer)]).toEqual([401, "auth.token_revoked"]);
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    const again = await post("/api/v1/devices/token", {
      assertion: assertionOf(device.key, device.deviceId, root, seconds()),
    });
    expect([again.status, codeOf(again)]).toEqual([403, "device.enrolment_revoked"]);
  });

  test("whose token is over, another store's, or no token", async () => {
    const openRoot = rootSha256(open.store);
    const { text } = createEnrolmentCode(open.store, OPERATOR, { label: "Kiosks" });
    const key = newDeviceKey();
    const { publicKey, ...rest } = enrolmentOf(key, text ?? "", openRoot, seconds());
    const theirs = { ...rest, publicKey: Buffer.from(publicKey).toString("base64url") };
    // What was signed for one store enrols with no other, whoever passes it on.
    expect(codeOf(await post("/api/v1/devices/enrol", { ...theirs, code: code() }))).toBe(
      "device.enrolment_proof",
    );
    const there = (await post("/api/v1/devices/enrol", theirs, open.url)).json as { deviceId: string };
    const asked = { assertion: assertionOf(key, there.deviceId, openRoot, seconds()) };
    expect(codeOf(await post("/api/v1/devices/token", asked))).toBe("device.assertion_invalid");
    const { accessToken } = (await post("/api/v1/devices/token", asked, open.url)).json as {
      accessToken: string;
    };
    expect(codeOf(await file("metadata/timestamp.json", accessToken))).toBe("auth.token_invalid");
    const token = await tokenOf(await enrolled());
    const [head, body, signature = ""] = token.split(".");
    const forged = `${head}.${body}.${signature.slice(0, -4)}AAAA`;
    expect(codeOf(await file("metadata/timestamp.json", forged))).toBe("auth.token_invalid");
    expect(codeOf(await file("metadata/timestamp.json", "mosis_usr_x"))).toBe("auth.token_invalid");
    const scheme = await fetch(`${portal.url}/store/v1/metadata/timestamp.json`, {
      headers: { Authorization: "Basic eDp5" },
    });
    expect(((await scheme.json()) as { code: string }).code).toBe("auth.scheme");
    clock.advance(900_000);
    const over = await file("metadata/timestamp.json", token);
    expect([over.status, codeOf(over)]).toEqual([401, "auth.token_expired"]);
  });

  test("that repeats what it signed, or whose clock is wrong, is told which", async () => {
    const { key, deviceId } = await enrolled();
    const assertion = assertionOf(key, deviceId, root, seconds());
    await post("/api/v1/devices/token", { assertion });
    const again = await post("/api/v1/devices/token", { assertion });
    expect([again.status, codeOf(again)]).toEqual([401, "device.assertion_replayed"]);
    const late = await post("/api/v1/devices/token", {
      assertion: assertionOf(key, deviceId, root, seconds() - 86_400),
    });
    expect([late.status, codeOf(late)]).toEqual([401, "device.assertion_stale"]);
    expect((late.json as { errors: unknown }).errors).toMatchObject([
      { code: "store.time", expected: clock.now().toISOString() },
    ]);
  });

  test("with nonsense", async () => {
    const good = sent(newDeviceKey(), code());
    const answers = [
      [{ ...good, publicKey: "AAAA" }, "device.enrolment_key"],
      [{ ...good, proof: good.proof.slice(0, -4) }, "device.enrolment_proof"],
      [{ ...good, code: "nonsense" }, "device.enrolment_code_malformed"],
      [{ ...good, name: "" }, "device.invalid"],
      [{ ...good, more: 1 }, "request.invalid"],
      [{ ...good, publicKey: "not base64!" }, "request.invalid"],
    ] as const;
    for (const [body, expected] of answers)
      expect([expected, codeOf(await post("/api/v1/devices/enrol", body))]).toEqual([expected, expected]);
    expect((await post("/api/v1/devices/enrol", good)).status).toBe(200);
  });
});

describe("at the same moment", () => {
  const enrol = (key: DeviceKey, text: string) => post("/api/v1/devices/enrol", sent(key, text));
  const said = (answers: readonly Awaited<ReturnType<typeof post>>[]) => {
    const counts: Record<string, number> = {};
    for (const answer of answers) {
      const what = `${answer.status} ${codeOf(answer) ?? "ok"}`;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    return counts;
  };
  const many = (count: number) => Array.from({ length: count }, () => newDeviceKey());
  const deviceIds = () =>
    portal.store.db.raw
      .query<{ id: string }, []>("SELECT id FROM devices ORDER BY id")
      .all()
      .map(({ id }) => id);
  const codeRow = (id: string) => readEnrolmentCode(portal.store, OPERATOR, id as EnrolmentCodeId);

  test.each([
    [1, 20],
    [4, 9],
  ])("with a code for %d come %d: as many get in as it is for", async (uses, count) => {
    const { code: made, text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Many", uses });
    const before = deviceIds().length;
    const answers = await Promise.all(many(count).map((key) => enrol(key, text ?? "")));
    expect(said(answers)).toEqual({ "200 ok": uses, "403 device.enrolment_code_used": count - uses });
    expect([deviceIds().length - before, codeRow(made.id).uses]).toEqual([uses, uses]);
  });

  test("with one key and one code come ten: it is one device, and took one use", async () => {
    const { code: made, text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Twice" });
    const key = newDeviceKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => enrol(key, text ?? "")));
    expect(said(answers)).toEqual({ "200 ok": 10 });
    expect(new Set(answers.map(({ json }) => (json as { deviceId: string }).deviceId)).size).toBe(1);
    expect(codeRow(made.id).uses).toBe(1);
  });

  test("the code is revoked: who is in is in, and nobody after it", async () => {
    const { code: made, text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Ends", uses: 50 });
    const asked = many(20).flatMap((key, index) => [
      enrol(key, text ?? ""),
      ...(index === 9
        ? [fetch(portal.url).then(() => void revokeEnrolmentCode(portal.store, OPERATOR, made.id))]
        : []),
    ]);
    const answers = (await Promise.all(asked)).filter((answer) => answer !== undefined);
    const { "200 ok": within = 0, "403 device.enrolment_code_revoked": without = 0, ...rest } = said(answers);
    expect([rest, within + without, codeRow(made.id).uses]).toEqual([{}, 20, within]);
    expect(said([await enrol(newDeviceKey(), text ?? "")])).toEqual({
      "403 device.enrolment_code_revoked": 1,
    });
  });

  test("what a device signed for one token comes twenty times: it gets one", async () => {
    const { key, deviceId } = await enrolled();
    const assertion = assertionOf(key, deviceId, root, seconds());
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post("/api/v1/devices/token", { assertion })),
    );
    expect(said(answers)).toEqual({ "200 ok": 1, "401 device.assertion_replayed": 19 });
  });

  test("the device is revoked while it asks for tokens: none that it got is of any use", async () => {
    const device = await enrolled();
    const { key, deviceId } = device;
    const ask = () =>
      post("/api/v1/devices/token", { assertion: assertionOf(key, deviceId, root, seconds()) });
    const asked = Array.from({ length: 8 }, ask);
    const revoking = fetch(portal.url).then(() => revokeDevice(portal.store, OPERATOR, deviceId, "Lost."));
    const later = Array.from({ length: 8 }, ask);
    const answers = await Promise.all([...asked, ...later]);
    await revoking;
    for (const { status, json } of answers) {
      if (status !== 200) continue;
      const { accessToken } = json as { accessToken: string };
      expect((await file("metadata/timestamp.json", accessToken)).status).toBe(401);
    }
    expect(said([await ask()])).toEqual({ "403 device.enrolment_revoked": 1 });
  });
});

describe("with an API key", () => {
  const key = (person: Person, actions: readonly string[] | null = null) =>
    createApiKey(portal.store, OPERATOR, { owner: { accountId: person.accountId }, name: "mirror", actions })
      .token;

  test("who may read as a device does, and who may not", async () => {
    const newcomer = await newPerson(portal.store, "Otto Other");
    for (const [token, status] of [
      [key(auditor), 200],
      [key(auditor, ["storefiles.read"]), 200],
      [key(auditor, ["app.read"]), 403],
      [key(sample.people.developer), 403],
      [key(newcomer), 403],
    ] as const)
      expect((await file("metadata/timestamp.json", token)).status).toBe(status);
  });
});

describe("people, by the API", () => {
  const as = (person: Person) => ({
    Authorization: `Bearer ${createApiKey(portal.store, OPERATOR, { owner: { accountId: person.accountId }, name: "x" }).token}`,
  });

  test("an administrator makes a code whose link a device can use", async () => {
    const headers = as(sample.people.administrator);
    const made = await post(
      "/api/v1/enrolment-codes",
      { label: "Kiosks", uses: 2, hours: 1 },
      portal.url,
      headers,
    );
    expect(made.status).toBe(201);
    const { id, code: text, link, state } = made.json as Record<string, string>;
    expect(state).toBe("live");
    expect(parseLink(link ?? "")).toEqual({
      storeUrl: portal.url,
      rootSha256: root as never,
      code: text ?? "",
    });
    expect((await post("/api/v1/devices/enrol", sent(newDeviceKey(), text ?? ""))).status).toBe(200);
    const revoked = await post(`/api/v1/enrolment-codes/${id}/revoke`, {}, portal.url, headers);
    expect(revoked.json).toMatchObject({ state: "revoked", uses: 1 });
    const refused = await post("/api/v1/devices/enrol", sent(newDeviceKey(), text ?? ""));
    expect(codeOf(refused)).toBe("device.enrolment_code_revoked");
  });

  test("a device is found, renamed with its ETag, and revoked", async () => {
    const { deviceId } = await enrolled();
    const headers = { ...as(sample.people.administrator), "Content-Type": "application/json" };
    const one = `${portal.url}/api/v1/devices/${deviceId}`;
    const found = await fetch(one, { headers });
    const patch = (etag: string) =>
      fetch(one, {
        method: "PATCH",
        headers: { ...headers, "If-Match": etag },
        body: JSON.stringify({ name: "Gate 4" }),
      });
    const etag = found.headers.get("etag") ?? "";
    expect((await patch(etag)).status).toBe(200);
    expect((await patch(etag)).status).toBe(412);
    const list = await fetch(`${portal.url}/api/v1/devices?search=gate`, { headers });
    expect(await list.json()).toMatchObject({ items: [{ id: deviceId, name: "Gate 4" }] });
    const revoke = await post(`/api/v1/devices/${deviceId}/revoke`, { reason: "Lost." }, portal.url, headers);
    expect(revoke.json).toMatchObject({ revocationReason: "Lost.", revokedAt: clock.now().toISOString() });
  });
});
