/** Versions of a real store against each other: what is told of their files, also of those that are hostile or gone. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { crc32 } from "node:zlib";
import type { Problem } from "../../errors.ts";
import {
  newPublisher,
  openPublishing,
  type Publisher,
  type Publishing,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { uploadKey } from "../upload.ts";
import type { VersionView } from "../views.ts";
import { compareFile, compareVersions, compareVersionsAndTexts, pairFor } from "./compare.ts";
import { listVersionFiles, readVersionFile } from "./files.ts";

let world: Publishing;
let ours: Publisher;
let theirs: Publisher;
let first: VersionView;
let second: VersionView;
let foreign: VersionView;

const bytes = (text: string) => Buffer.from(text, "utf8");
const MAIN = 'local mosis = require("mosis")\nmosis.app.ready()\n';

async function send(publisher: Publisher, manifest: object, files: Readonly<Record<string, Uint8Array>>) {
  const { store, scheduler } = world;
  const named = { id: "com.example.compared", ...manifest };
  const packed = await signedApp(store, publisher.signer, named, new Map(Object.entries(files)));
  const sent = await submitBytes(store, publisher.actor, packed, { submit: false });
  await scheduler.drain();
  return sent;
}

beforeAll(async () => {
  world = await openPublishing();
  ours = await newPublisher(world.store, "Ours");
  theirs = await newPublisher(world.store, "Theirs");
  first = await send(
    ours,
    { versionCode: 1, version: "1.0.0" },
    {
      "scripts/lib.lua": bytes(MAIN),
      "data/crlf.txt": bytes("one\ntwo\n"),
      "data/latin.txt": Buffer.from([0x67, 0x72, 0xfc, 0xdf, 0x65]),
      "data/long.txt": bytes("x".repeat(600 * 1024)),
      "data/lines.txt": bytes("\n".repeat(30_000)),
      "data/moves.bin": bytes("\u0000the same bytes"),
      "data/goes.txt": bytes("gone\n"),
      "data/one-line.json": bytes('{"a":[1,2],"b":"x"}'),
      "data/twice.json": bytes('{"a":1,"a":2}'),
    },
  );
  second = await send(
    ours,
    {
      ...{ versionCode: 2, version: "1.1.0" },
      permissions: [{ name: "network.http", reason: { en: "Sends it." } }],
      network: { hosts: ["api.example.org"] },
    },
    {
      "scripts/lib.lua": bytes(`${MAIN}-- \u202eneddih\n`),
      "data/crlf.txt": bytes("one\r\ntwo\r\n"),
      "data/latin.txt": Buffer.from([0x67, 0x72, 0xfc, 0x73, 0x65]),
      "data/long.txt": bytes("y".repeat(600 * 1024)),
      "data/lines.txt": bytes("\n".repeat(30_001)),
      "moved/here.bin": bytes("\u0000the same bytes"),
      "data/new.txt": bytes("new"),
      "data/one-line.json": bytes('{"a":[1,3],"b":"x"}'),
      "data/twice.json": bytes('{"a":1,"a":3}'),
    },
  );
  foreign = await send(theirs, { id: "net.example.theirs", versionCode: 1, version: "1.0.0" }, {});
});
afterAll(() => world.close());

const pair = () => ({ from: first.id, to: second.id });
const compare = () => compareVersions(world.store, ours.actor, first.appId, pair());
const file = async (path: string) =>
  (await compareFile(world.store, ours.actor, first.appId, pair(), path)).file;
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "none",
    ({ code }: Problem) => code,
  );

test("says in words what the manifest has otherwise, and which files", async () => {
  const { changes, permissions, files, from, to } = await compare();
  expect([from.contents, to.contents]).toEqual(["there", "there"]);
  expect(changes.map(({ what, after }) => [what, ...after])).toEqual([
    ["permissions_added", "network.http"],
    ["hosts_added", "api.example.org"],
  ]);
  expect(permissions.map(({ name, change }) => [name, change])).toEqual([["network.http", "added"]]);
  expect(files?.changes.map(({ path, change, movedFrom }) => [path, change, movedFrom])).toEqual([
    ["data/crlf.txt", "changed", null],
    ["data/goes.txt", "removed", null],
    ["data/latin.txt", "changed", null],
    ["data/lines.txt", "changed", null],
    ["data/long.txt", "changed", null],
    ["data/new.txt", "added", null],
    ["data/one-line.json", "changed", null],
    ["data/twice.json", "changed", null],
    ["manifest.json", "changed", null],
    ["moved/here.bin", "moved", "data/moves.bin"],
    ["scripts/lib.lua", "changed", null],
  ]);
  expect(files?.totals).toMatchObject({ added: 1, removed: 1, changed: 8, moved: 1 });
});

test("shows what changed in a file, and says of what is no text or too large that it is", async () => {
  const script = await file("scripts/lib.lua");
  expect(script?.lines?.hunks[0]?.rows.at(-1)).toEqual({
    ...{ kind: "added", before: null, after: 3 },
    text: "-- \u202eneddih\n",
  });
  expect((await file("data/crlf.txt"))?.lines).toMatchObject({ added: 2, removed: 2 });
  for (const [path, kind] of [
    ["data/latin.txt", "binary"],
    ["data/long.txt", "large"],
    ["data/lines.txt", "large"],
  ] as const) {
    expect(await file(path)).toMatchObject({ after: { kind }, lines: null });
  }
  expect((await file("data/new.txt"))?.before).toBeNull();
});

test("lays JSON out that stands on one line, unless that would hide a key that is there twice", async () => {
  const laidOut = await file("data/one-line.json");
  expect([laidOut?.isLaidOut, laidOut?.lines?.added, laidOut?.lines?.removed]).toEqual([true, 1, 1]);
  expect(await file("data/twice.json")).toMatchObject({
    isLaidOut: false,
    lines: { hunks: [{ rows: [{ text: '{"a":1,"a":2}' }, { text: '{"a":1,"a":3}' }] }] },
  });
  expect((await file("manifest.json"))?.isLaidOut).toBe(true);
});

test("the first texts are at hand, and no more than a page has room for", async () => {
  const asked = [world.store, ours.actor, first.appId, pair()] as const;
  const { texts } = await compareVersionsAndTexts(...asked, 3);
  expect([...texts.keys()]).toEqual(["data/crlf.txt", "data/goes.txt", "data/new.txt"]);
});

test("without names it is the newest upload against the one before, and the other way where one is named", () => {
  const named = (asked: object) => pairFor(world.store, ours.actor, first.appId, asked);
  expect(named({})).toEqual({ from: first.id, to: second.id });
  expect(named({ to: first.id })).toEqual({ from: second.id, to: first.id });
  expect(named({ from: second.versionCode })).toEqual({ from: second.versionCode, to: second.id });
});

test("neither another app's version nor another organisation's is compared or looked into", async () => {
  const { store } = world;
  const mixed = { from: first.id, to: foreign.id };
  expect(await codeOf(compareVersions(store, ours.actor, first.appId, mixed))).toBe("version.not_found");
  expect(await codeOf(compareVersions(store, theirs.actor, first.appId, pair()))).toBe("app.not_found");
  expect(await codeOf(listVersionFiles(store, theirs.actor, first.appId, first.id))).toBe("app.not_found");
  const read = (path: string) => readVersionFile(store, ours.actor, first.appId, first.id, path);
  expect(await codeOf(read("../../etc/passwd"))).toBe("version.file_not_found");
  expect((await read("scripts/lib.lua")).file?.text).toBe(MAIN);
});

test("where a package is gone, that is said, and the manifests are compared all the same", async () => {
  const id = "com.example.gone";
  const host = {
    network: { hosts: ["api.example.org"] },
    permissions: [{ name: "network.http", reason: { en: "Sends it." } }],
  };
  const kept = await send(ours, { id, versionCode: 1, version: "1.0.0", ...host }, {});
  const gone = await send(ours, { id, versionCode: 2, version: "1.2.0" }, {});
  await world.store.blobs.remove(uploadKey(gone.uploadSha256));
  const asked = { from: kept.id, to: gone.id };
  const { to, files, changes } = await compareVersions(world.store, ours.actor, gone.appId, asked);
  expect([to.contents, files]).toEqual(["gone", null]);
  // Whichever of the two it is.
  const turned = await compareVersions(world.store, ours.actor, gone.appId, { from: gone.id, to: kept.id });
  expect([turned.from.contents, turned.to.contents]).toEqual(["gone", "there"]);
  expect(changes.map(({ what }) => what)).toEqual(["permissions_removed", "hosts_removed"]);
  const listed = await listVersionFiles(world.store, ours.actor, gone.appId, gone.id);
  expect(listed).toEqual({ contents: "gone", files: [] });
});

/** The same package with other bytes in a file that is stored as it is, which its checksums are made to fit. */
function withOtherBytes(packed: Uint8Array, was: string, is: string): Uint8Array {
  const changed = Buffer.from(packed);
  const replace = (old: Uint8Array, fresh: Uint8Array) => {
    let count = 0;
    for (let at = changed.indexOf(old); at !== -1; at = changed.indexOf(old, at + old.length)) {
      changed.set(fresh, at);
      count += 1;
    }
    return count;
  };
  const checksum = (text: string) => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(crc32(text));
    return four;
  };
  expect(replace(bytes(was), bytes(is))).toBe(1);
  expect(replace(checksum(was), checksum(is))).toBe(2);
  return changed;
}

test("of a package in which somebody wrote nothing is shown, and that is said and logged as an error", async () => {
  const { blobs } = world.store;
  const id = "com.example.damaged";
  const [was, is] = ["\u0001kept as it is\u0002", "\u0001kept as it iz\u0002"];
  const files = { "data/kept.bin": bytes(was) };
  const whole = await send(ours, { id, versionCode: 1, version: "1.0.0" }, files);
  const damaged = await send(
    ours,
    { id, versionCode: 2, version: "1.1.0" },
    { ...files, "new.txt": bytes("new") },
  );
  const key = uploadKey(damaged.uploadSha256);
  await blobs.put(key, withOtherBytes(await blobs.bytes(key), was, is));
  const logged: string[] = [];
  const log = { ...world.store.log, error: (event: string) => void logged.push(event) };
  const store = { ...world.store, log };
  const asked = [store, ours.actor, damaged.appId] as const;
  // The list of files is as it was, and so are the other files.
  expect((await listVersionFiles(...asked, damaged.id)).contents).toBe("there");
  expect((await readVersionFile(...asked, damaged.id, "new.txt")).file?.text).toBe("new");
  expect(logged).toEqual([]);
  expect(await readVersionFile(...asked, damaged.id, "data/kept.bin")).toEqual({
    contents: "damaged",
    file: null,
  });
  const [pair, turned] = [
    { from: whole.id, to: damaged.id },
    { from: damaged.id, to: whole.id },
  ];
  const there = await compareFile(...asked, pair, "data/kept.bin");
  expect([there.from.contents, there.to.contents, there.file]).toEqual(["there", "damaged", null]);
  const back = await compareFile(...asked, turned, "data/kept.bin");
  expect([back.from.contents, back.to.contents, back.file]).toEqual(["damaged", "there", null]);
  expect(new Set(logged)).toEqual(new Set(["package.damaged"]));
  // Another package altogether under the same name.
  await blobs.put(key, await blobs.bytes(uploadKey(whole.uploadSha256)));
  expect(await listVersionFiles(...asked, damaged.id)).toEqual({ contents: "damaged", files: [] });
});

test("a comparison with texts opens each package once", async () => {
  let opened = 0;
  const { blobs } = world.store;
  const open = (key: string) => {
    opened += 1;
    return blobs.open(key);
  };
  const counting = { ...world.store, blobs: { ...blobs, open } };
  const { texts } = await compareVersionsAndTexts(counting, ours.actor, first.appId, pair(), 3);
  expect([texts.size, opened]).toEqual([3, 2]);
});
