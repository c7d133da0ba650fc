/** Uploads in parts: by a client of the protocol that others wrote, over connections that break, and by who may not. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { Upload } from "tus-js-client";
import { OPERATOR } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { sweepPartialUploads } from "../../catalog/partial-uploads/sweep.ts";
import { KEYS_TOO, MOST_OPEN } from "../../catalog/partial-uploads/uploads.ts";
import type { AccountId, AppId } from "../../ids.ts";
import { read, routeOf, undocumented } from "../../testing/http/conformance.ts";
import { makeTemplate, openWorld, type Template, type World } from "../../testing/http/world.ts";
import { startServer } from "../server.ts";

let template: Template;
let world: World;
let bytes: Uint8Array;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
  bytes = await world.pack(8);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

const UPLOADS = "/api/v1/uploads";
const TUS = { "Tus-Resumable": "1.0.0" };
const PART = { ...TUS, "Content-Type": "application/offset+octet-stream" };

type Told = { id: string; receivedBytes: number; sizeBytes: number; code: string };

async function ask(token: string, method: string, path: string, init: RequestInit = {}) {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  const answer = await read(await fetch(`${world.url}${path}`, { ...init, method, headers }));
  expect(undocumented(routeOf(method, path), answer)).toEqual([]);
  return { ...answer, json: answer.json as Told };
}

async function begin(token: string, sizeBytes = bytes.byteLength): Promise<string> {
  const answer = await ask(token, "POST", UPLOADS, {
    headers: { ...TUS, "Upload-Length": String(sizeBytes), "Upload-Metadata": "filename bm90ZXMubW9zaXM=" },
  });
  expect(answer.status).toBe(201);
  return answer.json.id;
}

const send = (token: string, id: string, offset: number, part: Uint8Array) =>
  ask(token, "PATCH", `${UPLOADS}/${id}`, {
    headers: { ...PART, "Upload-Offset": String(offset) },
    body: part as Uint8Array<ArrayBuffer>,
  });

const discard = (token: string, id: string) => ask(token, "DELETE", `${UPLOADS}/${id}`);

/** Says that all of the rest comes, sends some of it and ends the connection. */
async function sendSome(token: string, id: string, offset: number, part: Uint8Array): Promise<void> {
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  socket.on("error", () => {});
  const head = [
    `PATCH ${UPLOADS}/${id} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${token}`,
    ...Object.entries(PART).map(([name, value]) => `${name}: ${value}`),
    `Upload-Offset: ${offset}`,
    `Content-Length: ${bytes.byteLength - offset}`,
  ];
  await new Promise<void>((sent) => socket.write(`${head.join("\r\n")}\r\n\r\n`, () => sent()));
  await new Promise<void>((sent) => socket.write(part, () => sent()));
  // Until the store has them: a file that grows is what it tells of.
  for (let waited = 0; waited < 200; waited += 1) {
    if (((await world.store.blobs.partial.size(id)) ?? 0) >= offset + part.byteLength) break;
    await Bun.sleep(10);
  }
  socket.destroy();
}

test("a client of the protocol goes on where a cut connection left it, and the package is a version", async () => {
  const token = world.tokens.organisation;
  const id = await begin(token);
  const half = Math.floor(bytes.byteLength / 2);
  await sendSome(token, id, 0, bytes.subarray(0, half));

  const sentFrom: number[] = [];
  await new Promise<void>((done, failed) => {
    new Upload(Buffer.from(bytes), {
      uploadUrl: `${world.url}${UPLOADS}/${id}`,
      headers: { Authorization: `Bearer ${token}` },
      chunkSize: 1000,
      retryDelays: null,
      onProgress: (sent) => sentFrom.push(sent),
      onSuccess: () => done(),
      onError: failed,
    }).start();
  });
  expect(Math.min(...sentFrom)).toBe(half);

  const key = { "Idempotency-Key": "finish-1", "Content-Type": "application/json" };
  const finish = () =>
    ask(token, "POST", `${UPLOADS}/${id}/version`, {
      headers: key,
      body: JSON.stringify({ appId: world.app, notes: "In parts.", submit: false }),
    });
  const made = await finish();
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({ versionCode: 8, state: "checking", notes: "In parts." });
  expect((await world.store.blobs.partial.size(id)) ?? "gone").toBe("gone");
  // The answer may be lost: the same call gives it again, though there is no upload any more.
  const again = await finish();
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
  await world.drain();
  const version = await ask(token, "GET", `/api/v1/apps/${world.app}/versions/8`);
  expect(version.json).toMatchObject({ state: "draft", uploadSizeBytes: bytes.byteLength });
  expect((await ask(token, "GET", `${UPLOADS}/${id}`)).json.code).toBe("upload.not_found");
});

test("what was sent before the store is started anew needs no second sending", async () => {
  const token = world.tokens.developer;
  const id = await begin(token);
  await sendSome(token, id, 0, bytes.subarray(0, 700));
  await world.server.stop(0);
  const next = startServer(world.store, { host: "127.0.0.1", port: Number(new URL(world.url).port) });
  try {
    const told = await ask(token, "GET", `${UPLOADS}/${id}`, { headers: TUS });
    expect([told.json.receivedBytes, told.headers.get("upload-offset")]).toEqual([700, "700"]);
    expect(told.headers.get("cache-control")).toBe("no-store");
    const head = await fetch(`${world.url}${UPLOADS}/${id}`, {
      method: "HEAD",
      headers: { ...TUS, Authorization: `Bearer ${token}` },
    });
    expect([head.headers.get("upload-offset"), head.headers.get("upload-length")]).toEqual([
      "700",
      String(bytes.byteLength),
    ]);
    expect((await send(token, id, 700, bytes.subarray(700))).headers.get("upload-offset")).toBe(
      String(bytes.byteLength),
    );
    expect((await discard(token, id)).status).toBe(204);
  } finally {
    await next.stop(0);
    Object.assign(world, {
      server: startServer(world.store, { host: "127.0.0.1", port: Number(new URL(world.url).port) }),
    });
  }
});

test("whoever asks takes over from a connection over which nothing comes", async () => {
  const token = world.tokens.developer;
  const id = await begin(token);
  const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    `PATCH ${UPLOADS}/${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`,
  );
  socket.write(bytes.subarray(0, 300));
  while ((await world.store.blobs.partial.size(id)) !== 300) await Bun.sleep(5);
  const from = performance.now();
  expect((await ask(token, "GET", `${UPLOADS}/${id}`)).json.receivedBytes).toBe(300);
  expect(performance.now() - from).toBeLessThan(5000);
  expect((await send(token, id, 300, bytes.subarray(300))).status).toBe(204);
  socket.destroy();
  await discard(token, id);
});

test("bytes from another place, beyond the end, in another protocol or without a number are refused", async () => {
  const token = world.tokens.developer;
  const id = await begin(token, 10);
  expect((await send(token, id, 3, new Uint8Array(2))).json.code).toBe("upload.offset_differs");
  expect((await send(token, id, 0, new Uint8Array(11))).json.code).toBe("upload.too_large");
  const unsaid = await ask(token, "PATCH", `${UPLOADS}/${id}`, {
    headers: { "Content-Type": PART["Content-Type"], "Upload-Offset": "0" },
    body: new Uint8Array(2),
  });
  expect([unsaid.status, unsaid.json.code, unsaid.headers.get("tus-version")]).toEqual([
    412,
    "upload.protocol",
    "1.0.0",
  ]);
  const sizes = [
    ["", "request.invalid"],
    ["-1", "request.invalid"],
    ["0", "upload.empty"],
    [String(world.store.config.maxUploadBytes + 1), "upload.too_large"],
  ] as const;
  for (const [size, code] of sizes) {
    const headers = { ...TUS, "Upload-Length": size };
    expect((await ask(token, "POST", UPLOADS, { headers })).json.code).toBe(code);
  }
  const json = { headers: { "Content-Type": "application/json" }, body: "{}" };
  expect((await ask(token, "POST", `${UPLOADS}/${id}/version`, json)).json.code).toBe("upload.unfinished");
  expect((await ask(token, "GET", `${UPLOADS}/${id}`)).json.receivedBytes).toBe(0);
  await discard(token, id);

  const options = await fetch(`${world.url}${UPLOADS}`, { method: "OPTIONS" });
  expect([options.status, options.headers.get("tus-version"), options.headers.get("tus-extension")]).toEqual([
    204,
    "1.0.0",
    "creation,expiration,termination",
  ]);
  expect(options.headers.get("tus-max-size")).toBe(String(world.store.config.maxUploadBytes));
});

test("a package that is refused stays, and goes where it belongs", async () => {
  const token = world.tokens.organisation;
  const nine = await world.pack(9);
  const id = await begin(token, nine.byteLength);
  await send(token, id, 0, nine);
  const to = (appId: string) =>
    ask(token, "POST", `${UPLOADS}/${id}/version`, {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ appId }),
    });
  expect((await to(world.emptyApp)).json.code).toBe("version.wrong_app");
  expect((await to(world.app)).status).toBe(201);
});

test("the same call once more, while the first is at work, gets the answer of the first", async () => {
  const token = world.tokens.organisation;
  const ten = await world.pack(10);
  const id = await begin(token, ten.byteLength);
  await send(token, id, 0, ten);
  const finish = () =>
    ask(token, "POST", `${UPLOADS}/${id}/version`, {
      headers: { "Idempotency-Key": "finish-10", "Content-Type": "application/json" },
      body: JSON.stringify({ appId: world.app }),
    });
  const answers = await Promise.all([finish(), finish()]);
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
});

test("it is there for nobody but who began it, and for them no longer than they may upload", async () => {
  const { key, token } = createApiKey(world.store, OPERATOR, {
    owner: { organisationId: world.organisationId },
    name: "in parts",
  });
  const id = await begin(token, 10);
  for (const other of [world.tokens.organisation, world.tokens.owner, world.tokens.stranger]) {
    const asked = [
      await ask(other, "GET", `${UPLOADS}/${id}`),
      await send(other, id, 0, new Uint8Array(2)),
      await discard(other, id),
    ];
    expect(asked.map(({ json }) => json.code)).toEqual(Array(3).fill("upload.not_found"));
  }
  expect((await ask(world.tokens.owner, "GET", UPLOADS)).text).not.toContain(id);
  expect((await ask(token, "GET", UPLOADS)).text).toContain(id);
  expect((await send(token, id, 0, new Uint8Array(2))).status).toBe(204);
  revokeApiKey(world.store, OPERATOR, key.id);
  expect((await send(token, id, 2, new Uint8Array(2))).json.code).toBe("auth.token_revoked");
  expect(await world.store.blobs.partial.size(id)).toBe(2);
});

test("a key for some apps has those that it began alone, and its person has all of them", async () => {
  const { owner, ownerForEmptyApp: narrowed } = world.tokens;
  const [theirs, own] = [await begin(owner, 10), await begin(narrowed, 10)];
  expect([
    (await send(narrowed, theirs, 0, new Uint8Array(2))).json.code,
    (await discard(narrowed, theirs)).json.code,
    (await ask(narrowed, "GET", `${UPLOADS}/${theirs}`)).json.code,
  ]).toEqual(Array(3).fill("upload.not_found"));
  const listed = async (token: string) => {
    const { text } = await ask(token, "GET", UPLOADS);
    return [text.includes(theirs), text.includes(own)];
  };
  expect([await listed(narrowed), await listed(owner)]).toEqual([
    [false, true],
    [true, true],
  ]);
  // Also when the key is gone with which it was begun.
  expect([(await discard(owner, own)).status, (await discard(owner, theirs)).status]).toEqual([204, 204]);
});

test("two keys of one person with one Idempotency-Key begin two uploads, each found again by its own", async () => {
  const { owner, ownerForEmptyApp: narrowed } = world.tokens;
  const headers = { ...TUS, "Upload-Length": "12", "Idempotency-Key": "the-same" };
  const begun = async (token: string) => (await ask(token, "POST", UPLOADS, { headers })).json;
  const [first, second] = [await begun(narrowed), await begun(owner)];
  expect(first.id).not.toBe(second.id);
  expect([(await begun(narrowed)).id, (await begun(owner)).id]).toEqual([first.id, second.id]);
  for (const { id } of [first, second]) await discard(owner, id);
});

test("a person's keys for some apps have places of their own, but no more together than is said", async () => {
  const { account_id: accountId } = world.store.db.raw
    .query<{ account_id: AccountId }, [string]>("SELECT account_id FROM api_keys WHERE id = ?")
    .get(`key-${world.tokens.owner.split("_")[2]}`) ?? { account_id: "" as AccountId };
  const keys = [0, 1, 2].map((n) =>
    createApiKey(world.store, OPERATOR, {
      owner: { accountId },
      name: `key ${n}`,
      apps: [world.emptyApp as AppId],
    }),
  );
  const begun: string[] = [];
  for (const { token } of keys.slice(0, KEYS_TOO))
    for (let at = 0; at < MOST_OPEN; at += 1) begun.push(await begin(token, 10));
  const headers = { ...TUS, "Upload-Length": "10" };
  const last = await ask(keys[KEYS_TOO]?.token ?? "", "POST", UPLOADS, { headers });
  expect(last.json.code).toBe("upload.too_many");
  for (const id of begun) expect((await discard(world.tokens.owner, id)).status).toBe(204);
});

test("a part ends when the key does by which it comes", async () => {
  const { key, token } = createApiKey(world.store, OPERATOR, {
    owner: { organisationId: world.organisationId },
    name: "ends",
  });
  const id = await begin(token, 1000);
  const slow = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new Uint8Array(10));
      await Bun.sleep(100);
      revokeApiKey(world.store, OPERATOR, key.id);
      for (let piece = 0; piece < 9; piece += 1) {
        await Bun.sleep(100);
        controller.enqueue(new Uint8Array(10));
      }
      controller.close();
    },
  });
  const answer = await ask(token, "PATCH", `${UPLOADS}/${id}`, {
    headers: { ...PART, "Upload-Offset": "0" },
    body: slow,
  });
  expect(answer.json.code).toBe("auth.token_revoked");
  expect(await world.store.blobs.partial.size(id as never)).toBeLessThan(60);
});

test("nobody has more of them open than is said, and what is left alone is swept away", async () => {
  const token = world.tokens.owner;
  const begun: string[] = [];
  for (let at = 0; at < MOST_OPEN; at += 1) begun.push(await begin(token, 10));
  const headers = { ...TUS, "Upload-Length": "10" };
  expect((await ask(token, "POST", UPLOADS, { headers })).json.code).toBe("upload.too_many");
  await discard(token, begun[0] ?? "");
  const last = await begin(token, 10);

  world.store.clock.advance(3 * 86_400_000);
  expect((await ask(token, "GET", `${UPLOADS}/${last}`)).json.code).toBe("upload.not_found");
  expect(await sweepPartialUploads(world.store)).toBeGreaterThanOrEqual(MOST_OPEN);
  expect(await world.store.blobs.partial.size(last)).toBeNull();
  expect(world.store.db.raw.query("SELECT count(*) AS n FROM partial_uploads").get()).toEqual({ n: 0 });
});

test("more than four packages of the largest size together are too much", async () => {
  const token = world.tokens.owner;
  const most = world.store.config.maxUploadBytes;
  const headers = { ...TUS, "Upload-Length": String(most) };
  const codes: string[] = [];
  const begun: string[] = [];
  for (let at = 0; at < 5; at += 1) {
    const { json } = await ask(token, "POST", UPLOADS, { headers });
    codes.push(json.code);
    if (json.id !== undefined) begun.push(json.id);
  }
  for (const id of begun) await discard(token, id);
  expect(codes).toEqual([undefined, undefined, undefined, undefined, "upload.too_many"] as never);
});
