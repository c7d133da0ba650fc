/** A large package over a line that is cut, and what the next run of the command finds of it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Line, newLine } from "../testing/cut-line.ts";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";
import { signedApp } from "../testing/publishing.ts";
import { number, object, text } from "./answers.ts";
import { createClient } from "./client.ts";
import { type InParts, uploadInParts } from "./upload-in-parts.ts";

let template: Template;
let world: World;
let line: Line;
let bytes: Uint8Array;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
  line = await newLine(Number(new URL(world.url).port));
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const files = new Map([...Array(40).keys()].map((at) => [`files/${at}.png`, noise] as const));
  bytes = await signedApp(world.store, world.signer, { versionCode: 8, version: "8.0.0" }, files);
});
afterAll(async () => {
  line.server.close();
  await world.close();
  template.remove();
});

const signal = new AbortController().signal;
const clientOver = (origin: string) =>
  createClient({ origin, token: world.tokens.organisation, tlsCa: null }, { signal, retryDelayMs: 10 });

const upload = (): InParts => ({
  source: {
    sizeBytes: bytes.byteLength,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    readInto: async (offset, into) => void into.set(bytes.subarray(offset, offset + into.byteLength)),
  },
  fileName: "sample.mosis",
  key: "k".repeat(64),
  terms: { notes: "In parts.", submit: false, hold: undefined },
  progress: { update: () => {}, end: () => {} },
  signal,
  firstWaitMs: 10,
});

/** Until the store has a part of what comes. */
async function someReceived(): Promise<void> {
  const { partial } = world.store.blobs;
  for (let tries = 0; tries < 500; tries += 1) {
    for (const { id } of await partial.list()) if (((await partial.size(id)) ?? 0) > 0) return;
    await Bun.sleep(10);
  }
}

test("what a run that was cut off has sent, the next one does not send again", async () => {
  line.cutAfterBytes = 1_000_000;
  line.arrived = someReceived;
  await expect(uploadInParts(clientOver(line.url), upload())).rejects.toThrow();
  line.isDown = false;
  line.offsets.length = 0;
  const { status, json } = await uploadInParts(clientOver(line.url), upload());
  expect([200, 201]).toContain(status);
  expect(line.offsets[0]).toBeGreaterThan(0);
  const version = object(json, "a version");
  expect([number(version, "versionCode"), text(version, "notes")]).toEqual([8, "In parts."]);
});

test("of a package that is refused nothing stays open", async () => {
  const client = clientOver(world.url);
  const open = async () => object(await client.get("/api/v1/uploads"), "a page").items;
  const wrong = { ...upload(), key: "w".repeat(64), terms: { appId: world.emptyApp } };
  await expect(uploadInParts(client, wrong)).rejects.toMatchObject({ code: "version.wrong_app" });
  expect(await open()).toEqual([]);
});

test("what became of the same command before and was deleted since stands in nobody's way", async () => {
  const client = clientOver(world.url);
  const id = "org.example.gone-again";
  const own = await signedApp(world.store, world.signer, { id, versionCode: 1, version: "1.0.0" });
  const source = {
    sizeBytes: own.byteLength,
    read: async (offset: number, length: number) => own.slice(offset, offset + length),
    readInto: async (offset: number, into: Uint8Array) =>
      void into.set(own.subarray(offset, offset + into.byteLength)),
  };
  const made = () =>
    uploadInParts(client, {
      ...upload(),
      source,
      key: "g".repeat(64),
      terms: { createApp: true, submit: false },
    });
  expect((await made()).status).toBe(201);
  const headers = { "if-match": "*" };
  await client
    .call({ method: "POST", path: `/api/v1/apps/${id}/versions/1/withdraw`, headers })
    .catch(() => {});
  const owner = createClient({ origin: world.url, token: world.tokens.owner, tlsCa: null }, { signal });
  await owner.call({ method: "DELETE", path: `/api/v1/apps/${id}`, headers });
  expect((await made()).status).toBe(201);
});

test("the same once more, in small parts, is the same version", async () => {
  const again = { ...upload(), partBytes: 1_000_000 };
  line.offsets.length = 0;
  // What was begun under its key is a version by now: another upload takes its place.
  const { json } = await uploadInParts(clientOver(line.url), { ...again, key: "j".repeat(64) });
  expect(line.offsets).toEqual([0, 1_000_000, 2_000_000]);
  expect(number(object(json, "a version"), "versionCode")).toBe(8);
});
