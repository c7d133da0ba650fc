/** A log whose tables were changed, on a real store: what is found before each signature, and what by computing all of it. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { write } from "../../db/database.ts";
import type { Sha256 } from "../../ids.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { exportCatalogue } from "../tuf/export.ts";
import { signLogHead } from "../tuf/repository.ts";
import { auditLog, checkWholeLog, enqueueLogCheck } from "./audit.ts";
import { checkLog } from "./hold.ts";
import { recordInLog } from "./record.ts";
import * as records from "./records.ts";

setDefaultTimeout(60_000);

const here = storeForEach(async () => {
  await here.scheduler.drain();
});

const tx = () => here.store.db.orm;

/** To so many leaves, which are signed and exported. */
async function growTo(size: number): Promise<void> {
  grow(size - records.logSize(tx()));
  await signLogHead(here.store);
  await exportCatalogue(here.store);
}

function grow(count: number): void {
  const entry = {
    type: "certificate",
    change: "issued",
    kind: "release",
    sha256: "a".repeat(64) as Sha256,
  } as const;
  write(here.store.db, (open) => {
    for (let at = 0; at < count; at++) recordInLog(open, here.store.vault, entry, here.store.clock.now());
  });
}

/** As somebody with the file would do it. */
function tamper(statement: string): void {
  const { raw } = here.store.db;
  for (const trigger of ["log_leaves_kept", "log_leaves_fixed", "log_nodes_kept", "log_nodes_fixed"])
    raw.run(`DROP TRIGGER IF EXISTS ${trigger}`);
  raw.run(statement);
}

/** What a start and /readyz ask, and a signature. */
async function answers(): Promise<readonly string[]> {
  grow(1);
  return [await codeOf(() => checkLog(here.store)), await codeOf(() => signLogHead(here.store))];
}

/** The damage done to rows of a table, while `work` goes on; then they are as they were. */
async function whileDamaged({ table, where, set }: Damage, work: () => Promise<void>): Promise<void> {
  tamper(`CREATE TEMP TABLE saved AS SELECT * FROM ${table} WHERE ${where}`);
  tamper(set === null ? `DELETE FROM ${table} WHERE ${where}` : `UPDATE ${table} SET ${set} WHERE ${where}`);
  try {
    await work();
  } finally {
    tamper(`DELETE FROM ${table} WHERE ${where}`);
    tamper(`INSERT INTO ${table} SELECT * FROM saved`);
    tamper("DROP TABLE saved");
  }
}

/** `set` null: the rows are gone. */
type Damage = { readonly table: string; readonly where: string; readonly set: string | null };

const ZERO = "hash = zeroblob(32)";
const MORE = "leaf = CAST(leaf || '!' AS BLOB)";
const leaf = (position: number, set: string | null): Damage => ({
  table: "log_leaves",
  where: `position = ${position}`,
  set,
});
const node = (level: number, position: number, set: string | null): Damage => ({
  table: "log_nodes",
  where: `level = ${level} AND position = ${position}`,
  set,
});
const heads: Damage = {
  table: "log_heads",
  where: "size > 500",
  set: "root_hash = replace(root_hash, substr(root_hash, 1, 2), 'zz')",
};

describe("before a signature", () => {
  test("leaves that went together with their head are missed by the catalogue that names them", async () => {
    await growTo(300);
    await growTo(310);
    expect(await answers()).toEqual(["no problem", "no problem"]);
    for (const trigger of ["log_heads_kept", "log_heads_fixed"])
      here.store.db.raw.run(`DROP TRIGGER IF EXISTS ${trigger}`);
    tamper("DELETE FROM log_heads WHERE size > 300");
    tamper("DELETE FROM log_leaves WHERE position >= 300");
    tamper("DELETE FROM log_nodes WHERE ((position + 1) << level) > 300");
    expect(await answers()).toEqual(["log.damaged", "log.damaged"]);
  });

  test("whatever a new head and its tiles are made from is compared", async () => {
    await growTo(530);
    const damages: Readonly<Record<string, Damage>> = {
      "a leaf of the tile that is not full": leaf(513, MORE),
      "its hash": node(0, 513, ZERO),
      "a subtree in it": node(1, 257, ZERO),
      "a leaf in it that is missing": leaf(514, null),
      "a hash in it that is missing": node(0, 514, null),
      "the root hash of a full tile": node(8, 0, ZERO),
      "a subtree over two full tiles": node(9, 0, ZERO),
      "the head": heads,
    };
    for (const [what, damage] of Object.entries(damages)) {
      expect([what, ...(await answers())]).toEqual([what, "no problem", "no problem"]);
      await whileDamaged(damage, async () => {
        expect([what, ...(await answers())]).toEqual([what, "log.damaged", "log.damaged"]);
      });
    }
    expect(await answers()).toEqual(["no problem", "no problem"]);
  });

  test("at a full tile, with nothing after it, the head is compared as well", async () => {
    await growTo(512);
    expect(checkLog(here.store)).toEqual({ size: 512, headSize: 512 });
    await whileDamaged(heads, async () =>
      expect(await codeOf(() => checkLog(here.store))).toBe("log.damaged"),
    );
  });

  test("what is signed and not exported is compared again before its tiles are written", async () => {
    await growTo(250);
    grow(300);
    await signLogHead(here.store);
    // By now the tile is full, and no longer at the edge of the newest head.
    tamper(`UPDATE log_nodes SET ${ZERO} WHERE level = 0 AND position = 3`);
    expect(await codeOf(() => exportCatalogue(here.store))).toBe("log.damaged");
    expect(await here.store.blobs.head("store/v1/log/tile/0/000")).toBeNull();
  });
});

describe("the whole log", () => {
  test("is computed by the job, and after a difference nothing is signed until all is right", async () => {
    await growTo(530);
    const damages: readonly (readonly [string, Damage])[] = [
      ["leaf 65 has another hash", leaf(65, MORE)],
      ["leaf 64 has another hash", node(0, 64, ZERO)],
      ["subtree 3 of level 2 has another hash", node(2, 3, ZERO)],
      ["leaf 66 is not made of the entry", leaf(66, "entry = replace(entry, 'issued', 'retired')")],
      ["leaf 67 is not made of the entry", leaf(67, "entry = substr(entry, 1, length(entry) - 1)")],
      ["leaf 68 is not made of the entry", leaf(68, "entry = 'null'")],
      ["leaf 69 has an entry that is none", leaf(69, "recorded_at = 9007199254740993")],
    ];
    for (const [words, damage] of damages) {
      await whileDamaged(damage, async () => {
        expect(await answers()).toEqual(["no problem", "no problem"]);
        enqueueLogCheck(here.store);
        await here.scheduler.drain();
        expect(records.findCheck(tx())?.damage).toStartWith(words);
        expect(await answers()).toEqual(["log.damaged", "log.damaged"]);
      });
      // Damaged it stays, until all of it has been computed again without a difference.
      expect(await answers()).toEqual(["log.damaged", "log.damaged"]);
      expect(await checkWholeLog(here.store)).toEqual([]);
      expect(await answers()).toEqual(["no problem", "no problem"]);
    }
  });

  test("is computed in steps, between which others have their turn, and may be cut off", async () => {
    await growTo(2000);
    let turns = 0;
    let going = true;
    const others = (async () => {
      for (; going; turns++) await new Promise((resolve) => setImmediate(resolve));
    })();
    tamper(`UPDATE log_nodes SET ${ZERO} WHERE level = 0 AND position = 3`);
    const abort = new AbortController();
    const cut = checkWholeLog(here.store, abort.signal);
    abort.abort();
    await cut;
    expect(records.findCheck(tx())).toBeNull();
    turns = 0;
    expect((await checkWholeLog(here.store)).length).toBe(1);
    going = false;
    await others;
    expect(turns).toBeGreaterThanOrEqual(Math.floor(2000 / 256));
    expect(records.findCheck(tx())?.size).toBe(records.logSize(tx()));
  });

  test("any byte of any leaf, hash or head that is another one is found", async () => {
    await growTo(300);
    tamper("SELECT 1");
    const { raw } = here.store.db;
    const counts = { log_leaves: "leaf", log_nodes: "hash" } as const;
    expect(auditLog(here.store)).toEqual([]);
    fc.assert(
      fc.property(
        fc.constantFrom("log_leaves" as const, "log_nodes" as const),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (table, pick, place, change) => {
          const column = counts[table];
          const count = raw.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 1;
          const row = raw
            .query<{ id: number; bytes: Uint8Array }, [number]>(
              `SELECT rowid AS id, ${column} AS bytes FROM ${table} LIMIT 1 OFFSET ?`,
            )
            .get(pick % count);
          if (!row) throw new Error("there is no such row");
          const changed = new Uint8Array(row.bytes);
          const at = place % changed.length;
          changed[at] = (changed[at] ?? 0) ^ change;
          raw.query(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(changed, row.id);
          const found = auditLog(here.store);
          raw.query(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(row.bytes, row.id);
          return found.length > 0;
        },
      ),
      { numRuns: 60 },
    );
    expect(auditLog(here.store)).toEqual([]);
  });
});
