/** Leaves that somebody wrote into the log's tables beside the store, with hashes that are right: no head is signed over them. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { write } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { buildLeaf } from "../../format/log/leaves.ts";
import { appendLeaf, hashLeaf } from "../../format/log/tree.ts";
import { newId, type VersionId } from "../../ids.ts";
import { openVault } from "../../keys/vault.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { codeOf, codeOfSync } from "../../testing/problems.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { countersign, countersignVersion } from "../countersign.ts";
import { findVersion } from "../records.ts";
import { signLogHead } from "../tuf/repository.ts";
import { checkWholeLog } from "./audit.ts";
import { checkLog } from "./hold.ts";
import * as records from "./records.ts";
import { resealLeaves, sealOldLeaves } from "./seal.ts";
import { subjectOf } from "./subject.ts";

setDefaultTimeout(240_000);

const APP = "org.example.shown";
let publisher: Publisher;
let code = 0;

const world = storeForAll(async () => {
  // They stop a slip, and nobody who can write what they like.
  for (const table of ["log_leaves", "log_nodes"])
    for (const trigger of ["kept", "fixed"]) run(`DROP TRIGGER ${table}_${trigger}`);
  publisher = await newPublisher(world.store);
  expect(await publish()).toBe("published");
});

const orm = () => world.store.db.orm;
const run = (statement: string, ...values: (string | number | Uint8Array | null)[]) =>
  world.store.db.raw.run(statement, values);
const stateOf = (id: VersionId) => findVersion(orm(), id)?.state as string;

async function submit(): Promise<VersionId> {
  code += 1;
  const bytes = await signedApp(world.store, publisher.signer, {
    ...{ id: APP, versionCode: code, version: `1.${code}.0` },
  });
  const { id } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  return id;
}

async function publish(): Promise<string> {
  const id = await submit();
  approve(world.store, reviewer(), id, {});
  await world.scheduler.drain();
  return stateOf(id);
}

/** The leaf and its hashes, as the store would write them; gives what takes all of it out again. */
function forge(entry: LogEntry, seal: Uint8Array | null): () => void {
  const position = records.logSize(orm());
  const at = world.store.clock.now();
  const leaf = buildLeaf(entry, at, null);
  run(
    "INSERT INTO log_leaves (position, type, subject, leaf, entry, salt, recorded_at, seal) VALUES (?, ?, ?, ?, ?, NULL, ?, ?)",
    ...[position, entry.type, subjectOf(entry), leaf, JSON.stringify(entry), at.getTime(), seal],
  );
  const nodes = appendLeaf(position, hashLeaf(leaf), (node) => records.findNode(orm(), node));
  for (const { level, index, hash } of nodes)
    run("INSERT INTO log_nodes (level, position, hash) VALUES (?, ?, ?)", level, index, hash);
  return () => {
    run("DELETE FROM log_leaves WHERE position = ?", position);
    for (const { level, index } of nodes)
      run("DELETE FROM log_nodes WHERE level = ? AND position = ?", level, index);
  };
}

function approvalOf(id: VersionId): LogEntry {
  const row = findVersion(orm(), id);
  if (row?.contentDigest == null || row.developerKeyid === null) throw new Error("it was read");
  const { appId, versionCode, contentDigest, uploadSha256: upload, developerKeyid: developerKeyId } = row;
  return {
    ...{ type: "approval", appId, versionCode, contentDigest, upload },
    developerKeyId,
    reviewId: "rev-1",
  };
}

/** As if a reviewer had decided, before there were seals. */
function sayApproved(id: VersionId): void {
  run("UPDATE versions SET state = 'signing', approved_at = 1 WHERE id = ?", id);
  run(
    "INSERT OR REPLACE INTO reviews (id, version_id, decision, reason, reviewer, at, sealed) VALUES (?, ?, 'approved', '', 'operator', 1, NULL)",
    newId("rev"),
    id,
  );
}

function lastSeal(): Uint8Array | null {
  return records.findLeaf(orm(), records.logSize(orm()) - 1)?.seal ?? null;
}

describe("a leaf that was added", () => {
  test.each([
    ["without a seal", () => null],
    ["with the seal of another", lastSeal],
    ["with a seal that nobody made", () => new Uint8Array(28)],
  ] as readonly (readonly [string, () => Uint8Array | null])[])(
    "is in no head, and nothing is signed for it: %s",
    async (_, seal) => {
      const waiting = await submit();
      const takeOut = forge(approvalOf(waiting), seal());
      expect(codeOfSync(() => checkLog(world.store))).toBe("log.damaged");
      expect(await codeOf(() => signLogHead(world.store))).toBe("log.damaged");
      sayApproved(waiting);
      await countersignVersion(world.store, waiting);
      expect(stateOf(waiting)).toBe("failed");
      const found = await checkWholeLog(world.store);
      expect(found.map(({ detail }) => detail)).toEqual([expect.stringContaining("has not sealed it")]);
      takeOut();
      expect(await checkWholeLog(world.store)).toEqual([]);
      expect(await publish()).toBe("published");
    },
  );
});

describe("a leaf of before that was changed", () => {
  const changed = async (change: (entry: LogEntry, position: number) => void) => {
    const waiting = await submit();
    const [first] = records.selectLeaves(orm(), 0, 1000).filter(({ type }) => type === "approval");
    if (first === undefined) throw new Error("one was published");
    const nodes = world.store.db.raw
      .query<{ hash: Uint8Array }, [number]>("SELECT hash FROM log_nodes WHERE level = 0 AND position = ?")
      .get(first.position);
    change(approvalOf(waiting), first.position);
    sayApproved(waiting);
    await countersignVersion(world.store, waiting);
    expect(stateOf(waiting)).toBe("failed");
    run(
      "UPDATE log_leaves SET subject = ?, entry = ?, leaf = ?, salt = ? WHERE position = ?",
      ...[first.subject, JSON.stringify(first.entry), first.leaf, first.salt, first.position],
    );
    run(
      "UPDATE log_nodes SET hash = ? WHERE level = 0 AND position = ?",
      nodes?.hash ?? null,
      first.position,
    );
    expect(await checkWholeLog(world.store)).toEqual([]);
    expect(await publish()).toBe("published");
  };

  test("in what its row says of it signs nothing", () =>
    changed((entry, position) =>
      run(
        "UPDATE log_leaves SET subject = ?, entry = ?, salt = NULL WHERE position = ?",
        ...[subjectOf(entry), JSON.stringify(entry), position],
      ),
    ));

  test("in its bytes and its own hash, too", () =>
    changed((entry, position) => {
      const at = records.findLeaf(orm(), position)?.recordedAt ?? new Date(0);
      const leaf = buildLeaf(entry, at, null);
      run(
        "UPDATE log_leaves SET subject = ?, entry = ?, salt = NULL, leaf = ? WHERE position = ?",
        ...[subjectOf(entry), JSON.stringify(entry), leaf, position],
      );
      run("UPDATE log_nodes SET hash = ? WHERE level = 0 AND position = ?", hashLeaf(leaf), position);
    }));
});

test("an approval that the signed log has, of before there were seals, is signed again", async () => {
  expect(await publish()).toBe("published");
  run("UPDATE reviews SET sealed = NULL");
  run("UPDATE log_leaves SET seal = NULL");
  const row = world.store.db.raw
    .query<{ id: VersionId }, [number]>("SELECT id FROM versions WHERE version_code = ?")
    .get(code);
  const version = row && findVersion(orm(), row.id);
  if (!version) throw new Error("it was published");
  expect(await countersign(world.store, version)).toMatchObject({ approvedAt: version.approvedAt });
  expect(await publish()).toBe("published");
});

test("leaves of an older program are sealed when the column comes, and with another master key", async () => {
  await newSigner(world.store, publisher.actor);
  expect(checkLog(world.store).size).toBeGreaterThan(records.findHead(orm())?.size ?? 0);
  run("UPDATE log_leaves SET seal = NULL");
  expect(codeOfSync(() => checkLog(world.store))).toBe("log.damaged");
  sealOldLeaves(world.store.db.orm, () => world.store.vault);
  expect(codeOfSync(() => checkLog(world.store))).toBe("no problem");
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-other-key-"));
  const vault = openVault({ file: null, dataDir, mayCreate: true, log: world.store.log });
  const reseal = (from: typeof vault, to: typeof vault) =>
    write(world.store.db, (tx) => resealLeaves(tx, from, to));
  expect(reseal(world.store.vault, vault)).toBe(1);
  expect(codeOfSync(() => checkLog({ ...world.store, vault }))).toBe("no problem");
  expect(codeOfSync(() => checkLog(world.store))).toBe("log.damaged");
  expect(reseal(vault, world.store.vault)).toBe(1);
  rmSync(dataDir, { recursive: true, force: true });
  expect(await publish()).toBe("published");
});
