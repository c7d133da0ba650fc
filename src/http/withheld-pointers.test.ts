/**
 * An app that others point to, once not everybody may see it any more: no file that is served names it to who may not, from that
 * moment on, whichever app the file is of, and whoever may see it goes on reading of it.
 */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueAccessToken } from "../accounts/access-tokens/issue.ts";
import { type Actor, OPERATOR } from "../accounts/actor.ts";
import { listAudit } from "../accounts/audit-log.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup } from "../accounts/groups/members.ts";
import { exportOwn } from "../accounts/own-data/export.ts";
import { HIDDEN_APP } from "../audit/entry.ts";
import { deprecateApp, undeprecateApp } from "../catalog/listing/change.ts";
import { findVersion } from "../catalog/records.ts";
import { noticesPath, parseNotices } from "../catalog/tuf/app-notices.ts";
import { damaged } from "../catalog/tuf/differences.ts";
import { findTarget } from "../catalog/tuf/records.ts";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import { REVOCATIONS_PATH, targetKey } from "../catalog/tuf/roles.ts";
import { inTurn } from "../catalog/tuf/turn.ts";
import { audienceOf, SIGNED_IN, type VisibilityInput } from "../catalog/visibility/audiences.ts";
import { changeVisibility, previewVisibility, readVisibility } from "../catalog/visibility/change.ts";
import { initDevice, withDevice } from "../device/device.ts";
import { install, update } from "../device/installer.ts";
import {
  type AppId,
  type Audience,
  EVERYBODY,
  type GroupId,
  type OrganisationId,
  type Sha256,
} from "../ids.ts";
import { approve } from "../review/decide.ts";
import { newDevice } from "../testing/devices.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../testing/portal.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { problemOf } from "./errors.ts";
import { readiness } from "./health.ts";

setDefaultTimeout(60_000);
const OLD = "org.harbour.notes" as AppId;
/** Of another organisation. */
const NEW = "org.quietworks.lagoon" as AppId;
const TEXT = "Another one does more.";
const toEveryone: VisibilityInput = { visibility: "everyone" };
const toSignedIn: VisibilityInput = { visibility: "signed-in" };

let portal: Portal;
let group: GroupId;
let toGroup: VisibilityInput;
let token: string;
/** Who owns the app that points, and not the other one. */
let owner: Person;
let organisationId: OrganisationId;
let folder: string;

const until = async (done: () => boolean) => {
  for (let tries = 0; !done(); tries++) {
    if (tries > 1600) throw new Error("it did not come to be");
    await Bun.sleep(25);
  }
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-pointers-"));
  portal = await startPortal();
  const { store } = portal;
  group = createGroup(store, OPERATOR, { name: "Inner circle" }).id;
  toGroup = { visibility: "groups", groups: [group] };
  const inside = newDevice(store, { name: "Inside" }).id;
  addDeviceToGroup(store, OPERATOR, group, inside);
  token = (await issueAccessToken(store, { kind: "device", subject: inside, audience: "files" })).token;
  for (const [id, name] of [
    [OLD, "Harbour"],
    [NEW, "Quiet Works"],
  ] as const) {
    const organisation = newOrganisation(store, name);
    const person = await newPerson(store, name, { organisations: [[organisation, "owner"]] });
    const { actor } = person;
    if (id === OLD) [owner, organisationId] = [person, organisation];
    const manifest = { id, name: { en: name }, versionCode: 1, version: "1.0.0" };
    const bytes = await signedApp(store, await newSigner(store, actor), manifest);
    const sent = await submitBytes(store, actor, bytes);
    await until(() => findVersion(store.db.orm, sent.id)?.state === "in_review");
    approve(store, reviewer(), sent.id, {});
    await until(() => findVersion(store.db.orm, sent.id)?.state === "published");
  }
});
afterAll(async () => {
  await portal.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await show(toEveryone, NEW);
  await show(toEveryone, OLD);
  await deprecateApp(portal.store, OPERATOR, OLD, { text: TEXT, instead: NEW });
  await settled();
});

const settled = () =>
  until(
    () =>
      portal.store.db.raw.query("SELECT 1 FROM tuf_metadata WHERE exported_at IS NULL").all().length +
        portal.store.db.raw.query("SELECT 1 FROM jobs WHERE state IN ('queued', 'running')").all().length ===
      0,
  );

async function show(input: VisibilityInput, id = NEW): Promise<void> {
  const { scope } = previewVisibility(portal.store, OPERATOR, id, input);
  await changeVisibility(portal.store, OPERATOR, id, input, scope);
}

/** Where a catalogue's notices of the app are now; an empty digest where there are none. */
function address(audience: Audience = EVERYBODY): string {
  const at = { audience, path: noticesPath(OLD) };
  const key = targetKey(at, findTarget(portal.store.db.orm, at)?.sha256 ?? ("" as Sha256));
  return key.replace(
    /^(?:store\/v1|audiences\/v1\/[^/]+)\//,
    `/store/v1/${audience && `audiences/${audience}/`}`,
  );
}

async function answer(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const bearer = path.includes("/audiences/") ? { authorization: `Bearer ${token}` } : {};
  return fetch(portal.url + path, { headers: { ...bearer, ...headers } });
}

/** What the file there names; a number: the status of the refusal. */
async function named(path: string): Promise<string | number | null> {
  const got = await answer(path);
  const bytes = await got.bytes();
  return got.ok ? (parseNotices(bytes).deprecated?.instead ?? null) : got.status;
}

/** Of all that lies where everybody may read, what a stranger is given that has the name. */
async function foundByStranger(word: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of portal.store.blobs.list("store/v1/")) {
    const got = await fetch(`${portal.url}/${key}`);
    if (got.ok && (key + (await got.text())).includes(word)) found.push(key);
  }
  return found;
}

test("a stranger is told its name by no file from the moment of the change on, and a device goes on", async () => {
  const options = { home: join(folder, "device"), clock: portal.store.clock };
  const onDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => withDevice(options, work);
  const before = address();
  expect(await named(before)).toBe(NEW);
  expect(await foundByStranger(NEW)).toContain(before.slice(1));
  // As if the disk were slow: what is signed is not where devices read.
  let write = () => {};
  const slow = inTurn(portal.store.db, () => new Promise<void>((resolve) => (write = resolve)));
  const change = show(toGroup);
  try {
    await until(() => readVisibility(portal.store, OPERATOR, NEW).visibility === "groups");
    const tag = `"${/([0-9a-f]{64})/.exec(before)?.[1]}"`;
    expect([address() === before, await named(before)]).toEqual([false, 404]);
    expect((await answer(before, { "if-none-match": tag })).status).toBe(404);
    expect((await answer(before, { range: "bytes=0-9" })).status).toBe(404);
    // By the catalogue that still lists the file: words are missing, and nothing else.
    await initDevice({ ...options, url: portal.url, rootSha256: rootSha256(portal.store) });
    expect(await onDevice((opened) => install(opened, OLD))).toMatchObject({
      action: "installed",
      noticed: { deprecated: null },
    });
  } finally {
    write();
    await Promise.all([slow, change]);
  }
  await settled();
  expect([await named(before), await named(address())]).toEqual([404, null]);
  expect(await onDevice((opened) => update(opened, null))).toMatchObject({
    apps: [{ action: "current", noticed: { deprecated: { text: TEXT, instead: null } } }],
  });
  // It was public once, and the log says so for good.
  const found = await foundByStranger(NEW);
  expect(found.filter((key) => !key.startsWith("store/v1/log/tile/entries/"))).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
  await show(toEveryone);
  await settled();
  expect([address() === before, await named(before)]).toEqual([true, NEW]);
});

test("an audience that may still see it reads of it as before, and one that may not does not", async () => {
  await show(toSignedIn, OLD);
  await settled();
  const theirs = address(SIGNED_IN);
  await show(toSignedIn);
  await settled();
  expect([address(SIGNED_IN) === theirs, await named(theirs)]).toEqual([true, NEW]);
  await show(toGroup);
  expect([await named(theirs), await named(address(SIGNED_IN))]).toEqual([404, null]);
  await show(toGroup, OLD);
  await settled();
  const ofGroup = address(audienceOf(group));
  expect([await named(theirs), await named(ofGroup)]).toEqual([404, NEW]);
  await show(toSignedIn);
  await settled();
  expect([await named(ofGroup), await named(address(audienceOf(group)))]).toEqual([404, null]);
});

test("a copy of when it was pointed to is not served, whatever became of the app that did", async () => {
  const before = address();
  await show(toSignedIn, OLD);
  await undeprecateApp(portal.store, OPERATOR, OLD);
  await show(toGroup);
  expect(await named(before)).toBe(404);
  await show(toEveryone, OLD);
  await settled();
  expect(await named(before)).toBe(404);
  await show(toEveryone);
  expect(await named(before)).toBe(NEW);
});

test("an app whose rows somebody changed keeps nothing that it points to public, and follows", async () => {
  const before = address();
  portal.store.db.raw.query("DELETE FROM app_audiences WHERE app_id = ?").run(OLD);
  await show(toGroup);
  expect(await named(before)).toBe(404);
  await settled();
  expect([address() === before, await named(address())]).toEqual([false, null]);
});

test("owners of the app that points read its name in what was done only while everybody may see it", async () => {
  const { store } = portal;
  await deprecateApp(store, owner.actor, OLD, { text: "In other words.", instead: NEW });
  const instead = async (by: Actor, text?: string) => {
    const query = {
      organisationId,
      action: "app.deprecated",
      ...(text === undefined ? {} : { text }),
    } as const;
    const { items } = await listAudit(store, by, query, { limit: 1 });
    return items.map(({ before, after }) => [before?.instead, after?.instead].join())[0] ?? null;
  };
  const exported = async () => (await Array.fromAsync(exportOwn(store, owner.actor))).join("");
  const both = (one: string) => [one, one].join();
  expect([await instead(owner.actor), await instead(owner.actor, NEW)]).toEqual([both(NEW), both(NEW)]);
  expect(await exported()).toContain(NEW);
  await show(toGroup);
  expect(await instead(owner.actor)).toBe(both(HIDDEN_APP));
  expect(await exported()).not.toContain(NEW);
  // Nor letter by letter.
  for (const text of [NEW, NEW.slice(0, -1)])
    expect([text, await instead(owner.actor, text)]).toEqual([text, null]);
  expect(await instead(owner.actor, "In other words.")).toBe(both(HIDDEN_APP));
  expect([await instead(OPERATOR), await instead(OPERATOR, NEW)]).toEqual([both(NEW), both(NEW)]);
});

test("damage that nobody could mend is told by its name to nobody who may not hear of it", async () => {
  const { store } = portal;
  const name = (detail: string) => [NEW, group].filter((word) => detail.includes(word));
  const info = { id: "r-1", origin: "", confidential: false, https: false, address: "", head: false };
  const told = [
    damaged({ of: "app", appId: NEW, what: "row" }),
    damaged({ of: "target", audience: audienceOf(group), path: noticesPath(OLD) }),
  ].map((problem) => problemOf(problem, store, info));
  expect(told.map(({ code, message }) => [code, ...name(message), message.includes("r-1")])).toEqual([
    ["catalog.damaged", true],
    ["catalog.damaged", true],
  ]);
  const open = damaged({ of: "body", audience: EVERYBODY, path: REVOCATIONS_PATH });
  expect(problemOf(open, store, info)).toBe(open);
  // What neither list nor log has, somebody wrote beside the store: that is told, and not of what.
  store.db.raw
    .query(
      "INSERT INTO lowest_versions (app_id, version_code, reason, set_at, set_by) VALUES (?, 9, 'x', 0, 'operator')",
    )
    .run(NEW);
  const { warnings } = await readiness({ ...store });
  expect(warnings.filter(({ code }) => code === "catalog.damaged")).toEqual([
    { code: "catalog.damaged", what: "something that mosis admin reconcile names" },
  ] as never);
  store.db.raw.run("DELETE FROM lowest_versions");
});

test("what cannot be read is kept back", async () => {
  const [now, key] = [address(), address().slice(1)];
  const other = key.replace(/[0-9a-f]{64}/, "0".repeat(64));
  await portal.store.blobs.put(other, new TextEncoder().encode(`{"instead":"${NEW}"}`));
  expect([(await answer(`/${other}`)).status, await named(now)]).toEqual([404, NEW]);
  await portal.store.blobs.remove(other);
});
