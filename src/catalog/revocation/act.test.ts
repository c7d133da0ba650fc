import { afterEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import * as catalog from "../records.ts";
import { isPublisherShown } from "../store-publishers/browse.ts";
import { indexPath, shardOf, shardPath } from "../tuf/app-index.ts";
import { parseAppIndex, parseShard } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { catalogueHealth } from "../tuf/repository.ts";
import { parseRevocations } from "../tuf/revocations.ts";
import { type Enacted, enact, revoke } from "./act.ts";
import { parseChange, type RevocationInput } from "./change.ts";
import { compareRevocations } from "./compare.ts";
import { previewRevocation } from "./preview.ts";

let publisher: Publisher;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
});
// Whatever an act did, it did in the tables, the signed list and the log.
afterEach(async () => expect(await compareRevocations(world.store)).toEqual([]));

/** What an administrator does: look, then confirm what was shown. */
async function act(input: RevocationInput): Promise<Enacted> {
  const { scope } = previewRevocation(world.store, OPERATOR, input, { limit: 10 });
  const done = await revoke(world.store, OPERATOR, input, scope);
  // Before any job has run: a device that refreshes now is told.
  expect(catalogueHealth(world.store).unexported).toBe(0);
  await world.scheduler.drain();
  return done;
}

let apps = 0;

/** A new app with these version codes published. */
async function published(codes: readonly number[], by: Publisher = publisher): Promise<AppId> {
  apps += 1;
  const id = `org.example.app${apps}` as AppId;
  for (const versionCode of codes) await publish(id, versionCode, by);
  return id;
}

async function publish(id: AppId, versionCode: number, by: Publisher = publisher): Promise<void> {
  const version = await submit(id, versionCode, by);
  approve(world.store, reviewer(), version.id, {});
  await world.scheduler.drain();
  expect(catalog.findVersion(world.store.db.orm, version.id)?.state).toBe("published");
}

async function submit(id: AppId, versionCode: number, by: Publisher = publisher) {
  const bytes = await signedApp(world.store, by.signer, { id, versionCode, version: `${versionCode}.0.0` });
  const version = await submitBytes(world.store, by.actor, bytes);
  await world.scheduler.drain();
  return version;
}

function row(id: AppId, code: number): catalog.VersionRow {
  const found = catalog.findVersionByCode(world.store.db.orm, id, code as VersionCode);
  if (!found) throw new Error(`there is no ${id} ${code}`);
  return found;
}

function body(path: string): Uint8Array {
  const bytes = findTargetBody(world.store.db.orm, path);
  if (!bytes) throw new Error(`there is no target ${path}`);
  return new Uint8Array(bytes);
}

const list = () => parseRevocations(body("trust/revocations.json"));
const offered = (id: AppId) =>
  parseAppIndex(body(indexPath(id)))
    .channels.get("stable")
    ?.map((release) => Number(release.versionCode));
const listed = (id: AppId) =>
  parseShard(body(shardPath(shardOf(id))), shardOf(id)).find((entry) => entry.appId === id)?.versionCode;

const reason = "It sends what people write to strangers.";
const certificateOf = (by: Publisher) => createHash("sha256").update(by.signer.certificateDer).digest("hex");

describe("what is revoked is in the signed list and is not offered any more, and is again once that is lifted", () => {
  const SUBJECTS = {
    package: (id: AppId) => row(id, 2).contentDigest ?? "",
    app: (id: AppId) => id,
    developer: (_id: AppId, by: Publisher) => by.organisationId,
    key: (_id: AppId, by: Publisher) => by.signer.keyid,
    certificate: (_id: AppId, by: Publisher) => certificateOf(by),
  };
  const ACTIONS = {
    // What it leads to depends on the subject alone; the action is passed on to devices as it is.
    package: ["remove"],
    app: ["block", "disable", "remove"],
    developer: ["disable"],
    key: ["block"],
    certificate: ["remove"],
  } as const satisfies Record<keyof typeof SUBJECTS, readonly string[]>;
  for (const subject of ["package", "app", "developer", "key", "certificate"] as const) {
    for (const action of ACTIONS[subject]) {
      test(`${subject}, ${action}`, async () => {
        const by = await newPublisher(world.store, `${subject} ${action}`);
        const id = await published([1, 2], by);
        const target = SUBJECTS[subject](id, by);
        expect(await act({ act: "revoke", subject, id: target, action, reason })).toEqual({ changed: true });
        expect(list().entries).toContainEqual({
          action,
          subject,
          id: target,
          reason,
          revokedAt: `${world.store.clock.now().toISOString().slice(0, 19)}Z`,
          approvalsUntil: null,
        });
        expect(offered(id)).toEqual(subject === "package" ? [1] : []);
        expect(listed(id)).toBe(subject === "package" ? (1 as VersionCode) : undefined);
        expect(row(id, 2).state).toBe("published");

        expect(await act({ act: "lift", subject, id: target, reason: "A mistake." })).toEqual({
          changed: true,
        });
        expect(list().entries.filter((entry) => entry.id === target)).toEqual([]);
        expect(offered(id)).toEqual([2, 1]);
        expect(listed(id)).toBe(2 as VersionCode);
      });
    }
  }
});

describe("an act", () => {
  test("can be repeated: nothing is signed a second time", async () => {
    const id = await published([1]);
    const input = { act: "revoke", subject: "app", id, action: "block", reason } as const;
    expect(await act(input)).toEqual({ changed: true });
    const before = body("trust/revocations.json");
    world.store.clock.advance(60_000);
    expect(await act(input)).toEqual({ changed: false });
    expect(body("trust/revocations.json")).toEqual(before);
    await act({ act: "lift", subject: "app", id, reason });
    expect(await act({ act: "lift", subject: "app", id, reason })).toEqual({ changed: false });
  });

  test("can be raised, and is one entry then", async () => {
    const id = await published([1]);
    for (const action of ["block", "disable", "remove"]) {
      await act({ act: "revoke", subject: "app", id, action, reason });
      expect(list().entries.filter((entry) => entry.id === id)).toMatchObject([{ action }]);
    }
  });

  test("keeps all of ten that come at once", async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => published([1])));
    const acts = ids.map((id) =>
      enact(
        world.store,
        OPERATOR,
        parseChange({ act: "revoke", subject: "app", id, action: "block", reason }),
      ),
    );
    await Promise.all(acts);
    const entries = list().entries.map((entry) => entry.id);
    expect(ids.filter((id) => !entries.includes(id))).toEqual([]);
    await world.scheduler.drain();
    expect(ids.map(offered)).toEqual(ids.map(() => []));
  });

  test("does nothing when it is about something else than what was shown", async () => {
    const id = await published([1]);
    const input = { act: "revoke", subject: "app", id, action: "block", reason } as const;
    const { scope } = previewRevocation(world.store, OPERATOR, input, { limit: 1 });
    const graver = { ...input, action: "remove" };
    expect(await codeOf(() => revoke(world.store, OPERATOR, graver, scope))).toBe("revocation.scope_changed");
    await submit(id, 2);
    expect(await codeOf(() => revoke(world.store, OPERATOR, input, scope))).toBe("revocation.scope_changed");
    expect(list().entries.filter((entry) => entry.id === id)).toEqual([]);
  });

  test("stands in the log whose head is signed with it", async () => {
    const id = await published([1]);
    await act({ act: "revoke", subject: "app", id, action: "disable", reason });
    await act({ act: "lift", subject: "app", id, reason });
    await act({ act: "lowest-version", appId: id, versionCode: 2, reason });
    const leaves = world.store.db.raw
      .query<{ entry: string }, [string]>("SELECT entry FROM log_leaves WHERE subject = ? ORDER BY position")
      .all(id)
      .map((leaf) => JSON.parse(leaf.entry));
    const about = { type: "revocation", subject: "app", id, approvalsUntil: null };
    expect(leaves).toEqual([
      { ...about, action: "disable" },
      { ...about, action: "lift" },
      { type: "lowest-version", appId: id, versionCode: 2 },
    ]);
  });

  test("is refused for a name that the store does not know, and for a time where none belongs", async () => {
    const unknown = { act: "revoke", subject: "key", id: "0".repeat(64), action: "block", reason } as const;
    expect(await codeOf(() => act(unknown))).toBe("revocation.subject_unknown");
    const timed = { ...unknown, id: publisher.signer.keyid, approvalsUntil: "2026-01-01T00:00:00Z" };
    expect(await codeOf(() => act(timed))).toBe("revocation.until_refused");
  });
});

describe("who is revoked brings nothing new", () => {
  test("what waits is withdrawn and says why; an upload is refused before it is kept", async () => {
    const by = await newPublisher(world.store, "Waiting");
    const id = await published([1], by);
    const waiting = await submit(id, 2, by);
    await act({ act: "revoke", subject: "developer", id: by.organisationId, action: "disable", reason });
    const settled = catalog.findVersion(world.store.db.orm, waiting.id);
    expect(settled?.state).toBe("withdrawn");
    const events = catalog.selectEvents(world.store.db.orm, waiting.id);
    expect(events.at(-1)?.note).toBe(`Revoked: ${reason}`);
    expect(await codeOf(() => submit(id, 3, by))).toBe("revocation.in_force");
    expect(await codeOf(() => newSigner(world.store, by.actor))).toBe("revocation.in_force");
  });

  test("a package that is signed with a revoked key or certificate fails its checks", async () => {
    for (const subject of ["key", "certificate"] as const) {
      const by = await newPublisher(world.store, `Bad ${subject}`);
      const target = subject === "key" ? by.signer.keyid : certificateOf(by);
      const id = await published([1], by);
      await act({ act: "revoke", subject, id: target, action: "block", reason });
      const version = await submit(id, 2, by);
      expect(catalog.findVersion(world.store.db.orm, version.id)?.state).toBe("failed");
      const findings = catalog.selectFindings(world.store.db.orm, version.id);
      expect(findings).toMatchObject([{ code: "CHK-R001", found: target }]);
    }
  });

  test("the very package that was revoked fails its checks, and another one of the app passes", async () => {
    const id = await published([1]);
    const waiting = await submit(id, 2);
    const digest = row(id, 2).contentDigest ?? "";
    await act({ act: "revoke", subject: "package", id: digest, action: "block", reason });
    expect(catalog.findVersion(world.store.db.orm, waiting.id)?.state).toBe("withdrawn");
    const again = await submit(id, 2);
    expect(catalog.selectFindings(world.store.db.orm, again.id)).toMatchObject([{ code: "CHK-R001" }]);
    await publish(id, 3);
    expect(offered(id)).toEqual([3, 1]);
  });
});

describe("the lowest version code", () => {
  test("takes lower ones out of the offer, withdraws what waits below it, and can be lowered again", async () => {
    const id = await published([1, 2, 3]);
    await act({ act: "lowest-version", appId: id, versionCode: 3, reason });
    expect(list().lowestVersionCodes.get(id)).toBe(3 as VersionCode);
    expect(offered(id)).toEqual([3]);
    expect(Number(parseAppIndex(body(indexPath(id))).lowestVersionCode)).toBe(3);

    const waiting = await submit(id, 5);
    await act({ act: "lowest-version", appId: id, versionCode: 9, reason });
    expect(offered(id)).toEqual([]);
    expect(catalog.findVersion(world.store.db.orm, waiting.id)?.state).toBe("withdrawn");
    expect(await codeOf(() => submit(id, 8))).toBe("version.below_lowest");

    await act({ act: "lowest-version", appId: id, versionCode: 1, reason });
    expect(list().lowestVersionCodes.has(id)).toBe(false);
    expect(offered(id)).toEqual([3, 2, 1]);
  });
});

describe("the store's own release key", () => {
  test("with a time: what it approved before is offered still, what it approved later is not", async () => {
    const id = await published([1]);
    const until = world.store.clock.now().toISOString();
    world.store.clock.advance(60_000);
    await publish(id, 2);
    const { releaseKeyid, releaseCertificate } = row(id, 2);
    for (const [subject, target] of [
      ["key", releaseKeyid],
      ["certificate", releaseCertificate],
    ] as const) {
      const revocation = { act: "revoke", subject, id: target ?? "", action: "block", reason } as const;
      const soon = new Date(world.store.clock.now().getTime() + 60_000).toISOString();
      expect(await codeOf(() => act({ ...revocation, approvalsUntil: soon }))).toBe(
        "revocation.until_future",
      );
      await act({ ...revocation, approvalsUntil: until });
      expect(offered(id)).toEqual([1]);
      await act(revocation);
      expect(offered(id)).toEqual([]);
      // A later time, or one at all, lets come back what was approved up to it, and that is shown.
      const again = (approvalsUntil: string) =>
        previewRevocation(world.store, OPERATOR, { ...revocation, approvalsUntil }, { limit: 1 })
          .offeredAgain;
      const now = world.store.clock.now().toISOString();
      const before = again(until);
      expect(before).toBeGreaterThan(0);
      await act({ ...revocation, approvalsUntil: until });
      expect(offered(id)).toEqual([1]);
      expect([again(until), again(now)]).toEqual([0, 1]);
      await act({ ...revocation, approvalsUntil: now });
      expect(offered(id)).toEqual([2, 1]);
      expect(previewRevocation(world.store, OPERATOR, revocation, { limit: 1 }).offeredAgain).toBe(0);
      await act(revocation);
      await act({ act: "lift", subject, id: target ?? "", reason });
      expect(offered(id)).toEqual([2, 1]);
    }
  });

  test("signs nothing more: what was held is to be signed again, and waits until the key is another", async () => {
    const id = await published([1]);
    const bytes = await signedApp(world.store, publisher.signer, { id, versionCode: 2, version: "2.0.0" });
    const version = await submitBytes(world.store, publisher.actor, bytes, { hold: true });
    await world.scheduler.drain();
    approve(world.store, reviewer(), version.id, {});
    await world.scheduler.drain();
    expect(row(id, 2).state).toBe("held");
    const key = row(id, 2).releaseKeyid ?? "";
    await act({ act: "revoke", subject: "key", id: key, action: "block", reason });
    expect(row(id, 2)).toMatchObject({ state: "signing", releasedSha256: null });
    await act({ act: "lift", subject: "key", id: key, reason });
  });
});

test("a lift is shown with the versions that are offered again, and with those that stay out and why", async () => {
  const by = await newPublisher(world.store);
  const id = await published([1, 2, 3, 4], by);
  const { contentDigest } = row(id, 3);
  const offered = () =>
    parseAppIndex(body(indexPath(id)))
      .channels.get("stable")
      ?.map(({ versionCode }) => Number(versionCode));
  await act({ act: "lowest-version", appId: id, versionCode: 2, reason: "A test." });
  await act({
    act: "revoke",
    subject: "package",
    id: contentDigest ?? "",
    action: "remove",
    reason: "A test.",
  });
  await act({ act: "revoke", subject: "app", id, action: "block", reason: "A test." });
  expect(offered()).toEqual([]);

  const look = (input: RevocationInput) => {
    const { affected, staysOut, versions } = previewRevocation(world.store, OPERATOR, input, { limit: 10 });
    return { affected, staysOut, codes: versions.items.map(({ versionCode }) => Number(versionCode)) };
  };
  const lift = { act: "lift", subject: "app", id, reason: "A test." } as const;
  expect(look(lift)).toEqual({
    affected: { apps: 1, versions: 2, published: 2, waiting: 0 },
    staysOut: [
      { because: "lowest", versions: 1 },
      { because: "package", versions: 1 },
    ],
    codes: [4, 2],
  });
  const lower = { act: "lowest-version", appId: id, versionCode: 1, reason: "A test." } as const;
  // The app is revoked still.
  expect(look(lower)).toMatchObject({ codes: [], staysOut: [{ because: "app", versions: 1 }] });
  await act(lift);
  expect(offered()).toEqual([4, 2]);
  expect(look(lower)).toMatchObject({ codes: [1], staysOut: [] });
  await act({
    act: "revoke",
    subject: "developer",
    id: by.organisationId,
    action: "block",
    reason: "A test.",
  });
  const { codes, staysOut } = look({ ...lift, subject: "developer", id: by.organisationId });
  expect(codes).toEqual([4, 2]);
  expect(staysOut).toEqual([
    { because: "lowest", versions: 1 },
    { because: "package", versions: 1 },
  ]);
  await act({ ...lift, subject: "developer", id: by.organisationId });
  expect(offered()).toEqual([4, 2]);
});

test("a lift is shown with no more of an app than its index lists", async () => {
  const id = await published([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const codes = (input: RevocationInput) =>
    previewRevocation(world.store, OPERATOR, input, { limit: 20 }).versions.items.map(({ versionCode }) =>
      Number(versionCode),
    );
  const newest = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3];
  await act({ act: "lowest-version", appId: id, versionCode: 2, reason });
  expect(codes({ act: "lowest-version", appId: id, versionCode: 1, reason })).toEqual([]);
  await act({ act: "revoke", subject: "app", id, action: "block", reason });
  expect(codes({ act: "lift", subject: "app", id, reason })).toEqual(newest);
  await act({ act: "lift", subject: "app", id, reason });
  expect(offered(id)).toEqual(newest);
});

test("an organisation of which every app is revoked is not met in the store, and none of them is read to tell that", async () => {
  const gone = await newPublisher(world.store, "Gone");
  const { organisationId } = gone;
  const ids = [await published([1], gone), await published([1], gone)];
  const isMet = () => isPublisherShown(world.store, ANONYMOUS, organisationId);
  expect(isMet()).toBe(true);
  const input = (id: AppId) =>
    ({ act: "revoke", subject: "app", id, action: "block", reason: "It spies." }) as const;
  for (const id of ids) {
    const { scope } = previewRevocation(world.store, OPERATOR, input(id), { limit: 10 });
    await revoke(world.store, OPERATOR, input(id), scope);
    // At once, before the job has run that takes them out of the lists.
    expect([id, isMet()]).toEqual([id, id === ids[0]]);
  }
  await world.scheduler.drain();
  const plans = queryPlans(world.store.db, () => expect(isMet()).toBe(false));
  expect(slowPlans(plans)).toEqual([]);
  const { raw } = world.store.db;
  const listed = raw.query("SELECT 1 FROM app_audiences WHERE listed_of = ? AND updated_at IS NOT NULL");
  expect(listed.all(organisationId)).toEqual([]);
});
