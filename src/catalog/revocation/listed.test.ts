/** What everybody may read of a revocation: names that are public stand in the signed list and the log, others in neither. */
import { afterEach, expect, test } from "bun:test";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import { parseLeaf } from "../../format/log/leaves.ts";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { createApp } from "../apps.ts";
import { currentRelease } from "../overview.ts";
import * as catalog from "../records.ts";
import { indexPath } from "../tuf/app-index.ts";
import { parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { parseRevocations } from "../tuf/revocations.ts";
import { newestApps } from "../visibility/visible.ts";
import { revoke } from "./act.ts";
import type { RevocationInput } from "./change.ts";
import { compareRevocations } from "./compare.ts";
import { listRevocations } from "./listing.ts";
import { previewRevocation } from "./preview.ts";

const world = storeForAll();
afterEach(async () => {
  expect(await compareRevocations(world.store)).toEqual([]);
});

async function act(input: RevocationInput): Promise<void> {
  const { scope } = previewRevocation(world.store, OPERATOR, input, { limit: 1 });
  expect(await revoke(world.store, OPERATOR, input, scope)).toEqual({ changed: true });
  await world.scheduler.drain();
}

async function submit(by: Publisher, id: AppId, versionCode = 1) {
  const bytes = await signedApp(world.store, by.signer, { id, versionCode, version: `${versionCode}.0.0` });
  const version = await submitBytes(world.store, by.actor, bytes);
  await world.scheduler.drain();
  return version;
}

async function publish(by: Publisher, id: AppId, versionCode = 1): Promise<string> {
  const { id: versionId } = await submit(by, id, versionCode);
  approve(world.store, reviewer(), versionId, {});
  await world.scheduler.drain();
  const row = catalog.findVersion(world.store.db.orm, versionId);
  expect(row?.state).toBe("published");
  return row?.contentDigest ?? "";
}

function target(path: string): Uint8Array {
  const body = findTargetBody(world.store.db.orm, path);
  if (!body) throw new Error(`there is no ${path}`);
  return new Uint8Array(body);
}

const signedList = () => parseRevocations(target("trust/revocations.json"));
const namedInList = (id: string) => new TextDecoder().decode(target("trust/revocations.json")).includes(id);

/** The newest leaf as everybody reads it. */
function newestLeaf(): string {
  const row = world.store.db.raw
    .query<{ leaf: Uint8Array }, []>("SELECT leaf FROM log_leaves ORDER BY position DESC LIMIT 1")
    .get();
  return new TextDecoder().decode(row?.leaf);
}

/** Whether the newest leaf is of a revocation, and hides whose. */
function hidesName(): boolean {
  const { type, isSalted } = parseLeaf(new TextEncoder().encode(newestLeaf()));
  expect(["revocation", "lowest-version"]).toContain(type);
  return isSalted;
}

const reason = "It is not what was agreed.";
const block = (subject: string, id: string): RevocationInput => ({
  act: "revoke",
  subject,
  id,
  action: "block",
  reason,
});
const inForce = () => listRevocations(world.store, OPERATOR, { limit: 100 }).items.map(({ id }) => id);

test("an app that was never published is revoked, and no reader of the list or the log learns its name", async () => {
  const by = await newPublisher(world.store, "Secret");
  const id = "org.example.merger" as AppId;
  createApp(world.store, by.actor, { id, name: "Merger" });
  await act(block("app", id));
  expect(namedInList(id)).toBe(false);
  expect(hidesName()).toBe(true);
  expect(newestLeaf()).not.toContain(id);
  // It is in force all the same: those who run the store see it, and nothing of it comes in.
  expect(inForce()).toContain(id);
  const refused = await submit(by, id).catch((error: unknown) => error);
  expect(isProblem(refused) && refused.code).toBe("revocation.in_force");
  // Other acts take nothing of it along into the list.
  await act(block("key", by.signer.keyid));
  expect(namedInList(by.signer.keyid)).toBe(true);
  expect(namedInList(id)).toBe(false);
  await act({ act: "lift", subject: "app", id, reason });
  expect(newestLeaf()).not.toContain(id);
});

test("a developer of whom nothing is public, and a package that waits, are not named either", async () => {
  const by = await newPublisher(world.store, "Quiet");
  const id = "org.example.quiet" as AppId;
  const waiting = await submit(by, id);
  const digest = catalog.findVersion(world.store.db.orm, waiting.id)?.contentDigest ?? "";
  for (const [subject, name] of [
    ["package", digest],
    ["developer", by.organisationId],
  ] as const) {
    await act(block(subject, name));
    expect(namedInList(name)).toBe(false);
    expect(newestLeaf()).not.toContain(name);
    await act({ act: "lift", subject, id: name, reason });
  }
});

test("what is public is named: an app, its developer, a published package", async () => {
  const by = await newPublisher(world.store, "Open");
  const id = "org.example.open" as AppId;
  const digest = await publish(by, id);
  for (const [subject, name] of [
    ["package", digest],
    ["app", id],
    ["developer", by.organisationId],
  ] as const) {
    await act(block(subject, name));
    expect(signedList().entries).toContainEqual(
      expect.objectContaining({ subject, id: name, action: "block", reason }),
    );
    expect(hidesName()).toBe(false);
    expect(newestLeaf()).toContain(name);
    await act({ act: "lift", subject, id: name, reason });
    expect(namedInList(name)).toBe(false);
  }
});

test("the lowest version of an app is public with the app", async () => {
  const by = await newPublisher(world.store, "Lowest");
  const id = "org.example.lowest" as AppId;
  createApp(world.store, by.actor, { id, name: "Lowest" });
  await act({ act: "lowest-version", appId: id, versionCode: 3, reason });
  expect(namedInList(id)).toBe(false);
  expect(newestLeaf()).not.toContain(id);
  await publish(by, id, 3);
  expect(Number(parseAppIndex(target(indexPath(id))).lowestVersionCode)).toBe(3);
  await act({ act: "lowest-version", appId: id, versionCode: 4, reason });
  expect(Number(signedList().lowestVersionCodes.get(id))).toBe(4);
});

test("the store front and the page of an app tell of what devices may have, and of nothing that is revoked", async () => {
  const by = await newPublisher(world.store, "Front");
  const id = "org.example.front" as AppId;
  await publish(by, id, 1);
  const second = await publish(by, id, 2);
  const shown = () => newestApps(world.store, ANONYMOUS, 100).find((app) => app.id === id)?.version;
  const current = () => currentRelease(world.store, id)?.version;
  expect([shown(), current()]).toEqual(["2.0.0", "2.0.0"]);
  await act(block("package", second));
  expect([shown(), current()]).toEqual(["1.0.0", "1.0.0"]);
  for (const [subject, name] of [
    ["app", id],
    ["developer", by.organisationId],
    ["key", by.signer.keyid],
  ] as const) {
    await act(block(subject, name));
    expect([shown(), current()]).toEqual([undefined, undefined]);
    await act({ act: "lift", subject, id: name, reason });
    expect([shown(), current()]).toEqual(["1.0.0", "1.0.0"]);
  }
  await act({ act: "lowest-version", appId: id, versionCode: 2, reason });
  expect([shown(), current()]).toEqual([undefined, undefined]);
  await act({ act: "lift", subject: "package", id: second, reason });
  expect([shown(), current()]).toEqual(["2.0.0", "2.0.0"]);
});
