/** Recording on a real store: what stands in which leaf, that a head covers it, and that a changed table is told. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { write } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { parseLogHead } from "../../format/log/head.ts";
import { buildLeaf, parseLeaf } from "../../format/log/leaves.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { reconcileStore } from "../reconcile.ts";
import { developerLeavesPath, parseDeveloperLeaves } from "../tuf/developer-leaves.ts";
import { parseAppIndex } from "../tuf/documents.ts";
import { exportCatalogue, pruneCatalogue } from "../tuf/export.ts";
import { findTargetBody } from "../tuf/records.ts";
import { signLogHead } from "../tuf/repository.ts";
import { LOG_PATH } from "../tuf/roles.ts";
import { auditLog } from "./audit.ts";
import { checkLog } from "./hold.ts";
import { recordInLog } from "./record.ts";
import * as records from "./records.ts";
import { releaseLog } from "./references.ts";

setDefaultTimeout(30_000);

const APP_ID = "org.example.sample";
const DAY_MS = 86_400_000;

let publisher: Publisher;

const here = storeForEach(async () => {
  publisher = await newPublisher(here.store);
  await here.scheduler.drain();
});

const tx = () => here.store.db.orm;
const head = () => parseLogHead(findTargetBody(tx(), LOG_PATH) ?? new Uint8Array());
const leaves = () => records.selectLeaves(tx(), 0, 10_000);
const ofType = (type: string) => leaves().filter((row) => row.type === type);

async function publish(versionCode: number): Promise<void> {
  const bytes = await signedApp(here.store, publisher.signer, { versionCode, version: `${versionCode}.0.0` });
  const version = await submitBytes(here.store, publisher.actor, bytes);
  await here.scheduler.drain();
  approve(here.store, reviewer(), version.id, {});
  await here.scheduler.drain();
}

function growBy(count: number): void {
  write(here.store.db, (open) => {
    for (let at = 0; at < count; at++)
      recordInLog(
        open,
        here.store.vault,
        { type: "certificate", change: "issued", kind: "release", sha256: "a".repeat(64) as Sha256 },
        here.store.clock.now(),
      );
  });
}

describe("what is recorded", () => {
  test("the first start: every key and certificate of the store, under a signed head", () => {
    const names = here.store.db.raw.query<{ keyid: string }, []>("SELECT keyid FROM signing_keys").all();
    expect(
      ofType("store-key")
        .map((row) => row.subject)
        .sort(),
    ).toEqual(names.map((row) => row.keyid).sort());
    expect(ofType("certificate").map((row) => ("kind" in row.entry ? row.entry.kind : ""))).toEqual([
      "root",
      "developer-ca",
      "release",
    ]);
    expect(head().size).toBe(leaves().length);
    expect(auditLog(here.store)).toEqual([]);
  });

  test("an approval before the app is public hides what it names; a publication, and later approvals, do not", async () => {
    await publish(1);
    await publish(2);
    const approvals = ofType("approval").map((row) => parseLeaf(new Uint8Array(row.leaf)));
    expect(approvals.map((leaf) => leaf.isSalted)).toEqual([true, false]);
    expect(ofType("publication").map((row) => parseLeaf(new Uint8Array(row.leaf)).isSalted)).toEqual([
      false,
      false,
    ]);
    expect(new TextDecoder().decode(ofType("approval")[0]?.leaf)).not.toContain(APP_ID);
    expect(head().size).toBe(leaves().length);
  });

  test("the signed index names the places, and with the salts the leaves are made again", async () => {
    await publish(1);
    await publish(2);
    const index = parseAppIndex(findTargetBody(tx(), `apps/${APP_ID}/index.json`) ?? new Uint8Array());
    const releases = index.channels.get("stable") ?? [];
    expect(releases.map((release) => release.log.approval.salt === null)).toEqual([true, false]);
    for (const release of releases) {
      for (const place of [release.log.approval, release.log.publication]) {
        const row = records.findLeaf(tx(), place.position);
        if (row === null) throw new Error("the index names a position without a leaf");
        expect(row.subject).toBe(release.contentDigest);
        expect(place.position).toBeLessThan(head().size);
        expect(Buffer.compare(buildLeaf(row.entry, row.recordedAt, place.salt), row.leaf)).toBe(0);
      }
    }
  });

  test("a publication is in the head that is signed with it", async () => {
    await publish(1);
    const [publication] = ofType("publication");
    const sizes = records.selectHeads(tx(), 0, 100).map((row) => row.size);
    expect(sizes).toContain((publication?.position ?? 0) + 1);
    const states = here.store.db.raw
      .query<{ kind: string; state: string }, []>(
        "SELECT DISTINCT kind, state FROM jobs WHERE kind = 'catalog.log'",
      )
      .all();
    expect(states).toEqual([{ kind: "catalog.log", state: "done" }]);
  });

  test("an act that is undone leaves no leaf, and several acts share one job", () => {
    const before = records.logSize(tx());
    expect(() =>
      write(here.store.db, (open) => {
        recordInLog(
          open,
          here.store.vault,
          { type: "lowest-version", appId: APP_ID as AppId, versionCode: 2 as VersionCode },
          here.store.clock.now(),
        );
        throw new Error("undone");
      }),
    ).toThrow("undone");
    expect(records.logSize(tx())).toBe(before);
    growBy(5);
    const queued = here.store.db.raw
      .query("SELECT id FROM jobs WHERE kind = 'catalog.log' AND state = 'queued'")
      .all();
    expect(queued).toHaveLength(1);
  });

  test("keys of an organisation are hidden until it has something public", async () => {
    const key = () =>
      write(here.store.db, (open) =>
        recordInLog(
          open,
          here.store.vault,
          {
            type: "developer-key",
            change: "enrolled",
            keyId: "b".repeat(64) as KeyId,
            developerId: publisher.organisationId as OrganisationId,
            appId: null,
            authorisedBy: null,
          },
          here.store.clock.now(),
        ),
      );
    expect(key().salt).not.toBeNull();
    await publish(1);
    expect(key().salt).toBeNull();
  });

  test("what leaves hid of a developer's keys is told with the first publication, and proves them", async () => {
    await newSigner(here.store, publisher.actor);
    const told = () => findTargetBody(tx(), developerLeavesPath(publisher.organisationId));
    expect(told()).toBeNull();
    await publish(1);
    const { developerId, leaves: opened } = parseDeveloperLeaves(told() ?? new Uint8Array());
    expect(developerId).toBe(publisher.organisationId);
    const rows = ofType("developer-key");
    expect(opened.map(({ position }) => position)).toEqual(rows.map(({ position }) => position));
    expect(opened).toHaveLength(2);
    for (const [at, { entry, salt, at: time }] of opened.entries())
      expect(Buffer.compare(buildLeaf(entry, time, salt), rows[at]?.leaf ?? Buffer.alloc(0))).toBe(0);
    // From here on leaves about the developer's keys hide nothing.
    const before = told();
    await newSigner(here.store, publisher.actor);
    await publish(2);
    expect(ofType("developer-key").map(({ salt }) => salt === null)).toEqual([false, false, true]);
    expect(told()).toEqual(before);
    expect(await reconcileStore(here.store, OPERATOR)).toEqual([]);
  });
});

describe("a table that was changed", () => {
  /** As somebody with the file would do it. */
  const tamper = (...statements: string[]) => {
    for (const trigger of ["kept", "fixed", "new"].flatMap((name) => [
      `log_leaves_${name}`,
      `log_nodes_${name}`,
    ]))
      here.store.db.raw.run(`DROP TRIGGER IF EXISTS ${trigger}`);
    for (const statement of statements) here.store.db.raw.run(statement);
  };

  test("neither leaves nor hashes can be changed or deleted by a statement", () => {
    for (const table of ["log_leaves", "log_nodes"]) {
      expect(() => here.store.db.raw.run(`DELETE FROM ${table}`)).toThrow("the log only grows");
      expect(() => here.store.db.raw.run(`UPDATE ${table} SET position = position`)).toThrow(
        "the log only grows",
      );
      expect(() => here.store.db.raw.run(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow(
        "the log only grows",
      );
    }
  });

  const cases: readonly { what: string; statements: readonly string[]; told: RegExp }[] = [
    {
      what: "cut",
      statements: ["DELETE FROM log_leaves WHERE position = (SELECT max(position) FROM log_leaves)"],
      told: /is missing/,
    },
    {
      what: "with a hole",
      statements: ["DELETE FROM log_leaves WHERE position = 3"],
      told: /leaf 3 is missing/,
    },
    {
      what: "with another leaf",
      statements: ["UPDATE log_leaves SET leaf = CAST('{}' AS BLOB) WHERE position = 2"],
      told: /leaf 2 .*hash/,
    },
    {
      what: "with another hash",
      statements: ["UPDATE log_nodes SET hash = zeroblob(32) WHERE level = 3 AND position = 0"],
      told: /subtree 0 of level 3/,
    },
    {
      what: "with another head",
      statements: ["UPDATE log_heads SET root_hash = replace(root_hash, substr(root_hash, 1, 2), 'zz')"],
      told: /head \d+ was signed as/,
    },
  ];
  for (const { what, statements, told } of cases) {
    test(`${what} is told, and nothing more is signed`, async () => {
      expect(auditLog(here.store)).toEqual([]);
      const before = head();
      tamper(...statements);
      const words = auditLog(here.store).map(({ subject, detail }) => `${subject} ${detail}`);
      expect(words.join("\n")).toMatch(told);
      const reported = await reconcileStore(here.store, OPERATOR);
      expect(reported.some(({ kind }) => kind === "log")).toBe(true);
      // What reconcile has found stays known; here it is to be found without that.
      here.store.db.raw.run("DELETE FROM log_check");
      expect(() => checkLog(here.store)).toThrow();
      let code = "";
      try {
        growBy(what === "with another hash" ? 0 : 1);
        await signLogHead(here.store);
        await (await import("../tuf/repository.ts")).publishTargets(
          here.store,
          { upserts: [{ path: "catalog/00.json", body: new Uint8Array([1]) }], removes: [] },
          () => {},
        );
      } catch (error) {
        if (!isProblem(error)) throw error;
        code = error.code;
      }
      expect(code).toBe("log.damaged");
      expect(head()).toEqual(before);
    });
  }
});

describe("growing", () => {
  test("full tiles stay for ever, partial ones go seven days after a wider one came", async () => {
    const names = async () => {
      const keys: string[] = [];
      for await (const blob of here.store.blobs.list("store/v1/log/"))
        keys.push(blob.key.slice("store/v1/log/".length));
      return keys.sort();
    };
    const sign = async () => {
      await signLogHead(here.store);
      await exportCatalogue(here.store);
    };
    growBy(300 - records.logSize(tx()));
    await sign();
    here.store.clock.advance(DAY_MS);
    growBy(1);
    await sign();
    expect(await names()).toEqual(
      expect.arrayContaining([
        "tile/0/000",
        "tile/entries/000",
        "tile/0/001.p/44",
        "tile/0/001.p/45",
        "tile/1/000.p/1",
      ]),
    );
    await pruneCatalogue(here.store);
    expect(await names()).toContain("tile/0/001.p/44");
    here.store.clock.advance(8 * DAY_MS);
    await pruneCatalogue(here.store);
    expect(await names()).toEqual([
      "tile/0/000",
      "tile/0/001.p/45",
      "tile/1/000.p/1",
      "tile/entries/000",
      "tile/entries/001.p/45",
    ]);
    // The leaves tell of a certificate that this store never had.
    const reconciled = async () =>
      (await reconcileStore(here.store, OPERATOR)).filter(
        ({ subject }) => !subject.startsWith(`the release certificate ${"a".repeat(32)}`),
      );
    expect((await reconciled()).filter(({ kind }) => kind !== "blob_without_row")).toEqual([]);
    await here.store.blobs.remove("store/v1/log/tile/0/000");
    await here.store.blobs.put("store/v1/log/tile/entries/000", new Uint8Array(3));
    const found = await reconciled();
    const mended = "written anew from the database, nothing more is to be done";
    expect(found.map(({ detail, subject }) => `${subject} ${detail}`).sort()).toEqual([
      `store/v1/log/tile/0/000 missing: ${mended}`,
      `store/v1/log/tile/entries/000 different: ${mended}`,
    ]);
  });

  test("every question of a request is asked by an index", async () => {
    await publish(1);
    const [publication] = ofType("publication");
    const plans = queryPlans(here.store.db, () => {
      growBy(1);
      records.logSize(tx());
      records.findHead(tx());
      records.exportedSize(tx());
      records.unexportedHeads(tx());
      records.findLeaf(tx(), 1);
      records.selectLeaves(tx(), 3, 5);
      records.selectNewestLeaves(tx(), { before: 9, limit: 5 });
      records.selectNewestLeaves(tx(), { limit: 5 });
      records.selectNodes(tx(), 0, 0, 5);
      records.isAppPublic(tx(), APP_ID as AppId);
      records.isOrganisationPublic(tx(), publisher.organisationId);
      releaseLog(tx(), (publication?.subject ?? "") as Sha256);
    });
    expect(plans.length).toBeGreaterThan(12);
    expect(slowPlans(plans)).toEqual([]);
  });
});
