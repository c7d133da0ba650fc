import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { migrations } from "../assets.ts";
import { closeDatabase, openDatabase, write } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import type { OrganisationId, Sha256 } from "../ids.ts";
import { queryPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { AUDIT_ACTIONS, type AuditAction } from "./actions.ts";
import { auditVerdict, checkAudit } from "./check.ts";
import { type AuditAuthor, type AuditFacts, BEGINNING, GROUPS, INSTEAD } from "./entry.ts";
import { recordChange, SYSTEM_AUTHOR } from "./record.ts";
import {
  type AuditFilter,
  type AuditPlace,
  type AuditStep,
  entriesFrom,
  erasePerson,
  findEntry,
  lastEntry,
  searchStep,
} from "./records.ts";
import { type AuditHead, verifyAudit } from "./verify.ts";

let store: TestStore;
let before: AuditHead;
beforeEach(async () => {
  store = await openTestStore();
  ({ head: before } = await verifyAudit(store.db));
});
afterEach(() => store.close());

const ADA: AuditAuthor = {
  actor: "account:acc-ada",
  via: "session-1",
  requestId: "req-1",
  address: "192.0.2.7",
  userAgent: "Lynx/2.9",
};

function record(
  action: AuditAction,
  id: string,
  more: { author?: AuditAuthor; before?: AuditFacts; after?: AuditFacts; name?: string } = {},
): void {
  const { author = ADA, name, ...facts } = more;
  const person = name === undefined ? {} : { person: { after: { name } } };
  write(store.db, (tx) =>
    recordChange(
      tx,
      author,
      { action, subject: { type: "account", id }, ...facts, ...person },
      store.clock.now(),
    ),
  );
}

/** As somebody does who may write to the file. */
function tamper(statement: string): void {
  store.db.raw.run("DROP TRIGGER IF EXISTS audit_entries_fixed");
  store.db.raw.run("DROP TRIGGER IF EXISTS audit_entries_kept");
  store.db.raw.run(statement);
}

const at = (offset: number) => before.size + offset;

describe("the audit log", () => {
  test("keeps who, what, on what, from where, when, before and after, each bound to the one before", async () => {
    record("account.store_role", "acc-ben", {
      before: { role: null },
      after: { role: "reviewer" },
      name: "Ben",
    });
    store.clock.advance(1000);
    record("account.disabled", "acc-ben", { author: SYSTEM_AUTHOR });
    expect(entriesFrom(store.db.orm, before.size, 10)).toMatchObject([
      {
        position: at(0),
        actor: "account:acc-ada",
        via: "session-1",
        action: "account.store_role",
        subjectType: "account",
        subject: "acc-ben",
        before: { role: null },
        after: { role: "reviewer" },
        person: { address: "192.0.2.7", userAgent: "Lynx/2.9", after: { name: "Ben" } },
      },
      { position: at(1), actor: "system", person: null, salt: null, personSha256: null },
    ]);
    const { head, fault } = await verifyAudit(store.db);
    expect([head, fault]).toEqual([{ size: at(2), hash: lastEntry(store.db.orm)?.hash ?? BEGINNING }, null]);
  });

  test("is written with the change or not at all", async () => {
    expect(() =>
      write(store.db, (tx) => {
        recordChange(
          tx,
          ADA,
          { action: "account.disabled", subject: { type: "account", id: "acc-ben" } },
          store.clock.now(),
        );
        throw new Error("the change failed");
      }),
    ).toThrow("the change failed");
    expect((await verifyAudit(store.db)).head).toEqual(before);
  });

  test.each([
    "DELETE FROM audit_entries",
    "UPDATE audit_entries SET actor = 'system'",
    "UPDATE audit_entries SET person = '{}'",
    "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries",
    "REPLACE INTO audit_entries SELECT * FROM audit_entries ORDER BY position DESC LIMIT 1",
  ])("refuses %s", (statement) => {
    record("account.disabled", "acc-ben");
    expect(() => store.db.raw.run(statement)).toThrow("the audit log only grows");
  });

  test("forgets what tells of a person and stays whole, and says when a person was changed", async () => {
    record("account.created", "acc-ben", { name: "Ben" });
    record("account.disabled", "acc-cid", { name: "Cid" });
    record("session.started", "acc-ben", { author: { ...ADA, actor: "account:acc-ben" } });
    record("account.created", "acc-dan", { author: { ...ADA, actor: "operator" }, name: "Dan" });
    record("apikey.created", "key-bens", { author: { ...ADA, actor: "operator" }, name: "Ben's" });
    const erase = (id: string) => write(store.db, (tx) => erasePerson(tx, "account:acc-ben", id));
    expect([erase("acc-ben"), erase("key-bens")]).toEqual([2, 1]);
    // No entry says that anybody was deleted.
    expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(0), fault: "person" });
    const after = { with: ["key-bens"] };
    record("account.erased", "acc-ben", { author: SYSTEM_AUTHOR, after });
    const people = () =>
      entriesFrom(store.db.orm, before.size, 9).map(({ person }) => person?.after?.name ?? null);
    expect(people()).toEqual([null, "Cid", null, "Dan", null, null]);
    expect(findEntry(store.db.orm, at(0))).toMatchObject({ salt: null, personSha256: expect.any(String) });
    expect((await verifyAudit(store.db)).fault).toBeNull();
    tamper(
      `UPDATE audit_entries SET person = json_set(person, '$.after.name', 'Eve') WHERE position = ${at(1)}`,
    );
    expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(1), fault: "person" });
  });

  test("whoever was not deleted is missed where their person was taken out", async () => {
    record("account.disabled", "acc-ben");
    record("account.erased", "acc-cid", { author: SYSTEM_AUTHOR, after: { with: [] } });
    expect((await verifyAudit(store.db)).fault).toBeNull();
    store.db.raw.run(`UPDATE audit_entries SET person = NULL, salt = NULL WHERE position = ${at(0)}`);
    expect((await verifyAudit(store.db)).fault).toMatchObject({
      ...{ position: at(0), fault: "person", found: "nothing" },
    });
  });

  const CHANGES: readonly (readonly [
    what: string,
    statement: (position: number) => string,
    offset: number,
    fault: string,
  ])[] = [
    ["another actor", (n) => `UPDATE audit_entries SET actor = 'system' WHERE position = ${n}`, 1, "hash"],
    [
      "another time",
      (n) => `UPDATE audit_entries SET recorded_at = recorded_at + 1 WHERE position = ${n}`,
      1,
      "hash",
    ],
    [
      "another state after",
      (n) => `UPDATE audit_entries SET after = '{"role":"none"}' WHERE position = ${n}`,
      1,
      "hash",
    ],
    [
      "another hash",
      (n) => `UPDATE audit_entries SET hash = '${BEGINNING}' WHERE position = ${n}`,
      1,
      "hash",
    ],
    ["an entry taken out", (n) => `DELETE FROM audit_entries WHERE position = ${n}`, 1, "missing"],
    [
      "a salt without its person",
      (n) => `UPDATE audit_entries SET person = NULL WHERE position = ${n}`,
      1,
      "person",
    ],
  ];
  test.each(CHANGES)("notices %s", async (_what, statement, offset, fault) => {
    for (const id of ["acc-a", "acc-b", "acc-c"]) record("account.disabled", id);
    tamper(statement(at(offset)));
    expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(offset), fault });
  });

  const set = (column: string, value: string) => (n: number) =>
    `UPDATE audit_entries SET ${column} = ${value} WHERE position = ${n}`;
  const UNREADABLE: readonly (readonly [
    what: string,
    statement: (position: number) => string,
    fault: string,
  ])[] = [
    ["facts without their last brace", set("after", `'{"storeRole":null'`), "hash"],
    ["facts before that are no JSON", set("before", "'x'"), "hash"],
    ["facts that are no object", set("after", "'[1]'"), "hash"],
    ["a number without end", set("after", `'{"a":1e400}'`), "hash"],
    ["half of a character", set("after", `'{"a":"\\ud800"}'`), "hash"],
    ["facts without a bottom", set("after", `'${"[".repeat(200_000)}'`), "hash"],
    ["a person that is no JSON", set("person", `'{"address":'`), "person"],
    ["a person with a number without end", set("person", `'{"after":{"n":1e400}}'`), "person"],
    ["a person of other kinds", set("person", `'{"after":7,"address":{}}'`), "person"],
    ["a time after the last one", set("recorded_at", "9007199254740993"), "hash"],
    ["a time before the first one", set("recorded_at", "-9007199254740993"), "hash"],
  ];
  test.each(UNREADABLE)("names an entry with %s, and shows the others", async (_what, statement, fault) => {
    for (const id of ["acc-a", "acc-b", "acc-c", "acc-d"]) record("account.disabled", id, { name: id });
    const whole = await verifyAudit(store.db);
    expect(whole.fault).toBeNull();
    tamper(statement(at(1)));
    expect((await checkAudit(store)).fault).toMatchObject({ position: at(1), fault });
    expect(auditVerdict(store)?.damage).toMatchObject({ position: at(1) });
    for (const order of ["newest", "oldest"] as const)
      for (const limit of [1, 3, 100]) {
        const found = new Set<number>();
        let beyond: AuditPlace | undefined;
        // As many steps as there are entries, and no more: nobody is led round in circles.
        for (let steps = 0; steps <= at(5); steps += 1) {
          const step = { order, limit, scan: 1000, ...(beyond === undefined ? {} : { beyond }) };
          const { rows, next } = searchStep(store.db.orm, {}, step);
          for (const { position } of rows) found.add(position);
          if (next === null) break;
          beyond = next;
          expect(steps).toBeLessThan(at(5));
        }
        if (limit === 100) expect(found.size).toBe(at(4));
      }
    const text = {
      words: "acc-",
      actors: [],
      subjects: [],
      past: [GROUPS, INSTEAD],
      instead: "org.example.x",
    } as const;
    const looked = searchStep(store.db.orm, { text }, { order: "newest", limit: 100, scan: 1000 });
    expect(looked.rows.length).toBeGreaterThanOrEqual(3);
  });

  test("that lost its end is told by a head that somebody wrote down, and so is one that was written anew", async () => {
    for (const id of ["acc-a", "acc-b", "acc-c"]) record("account.disabled", id);
    const { head } = await verifyAudit(store.db);
    expect((await verifyAudit(store.db, head)).fault).toBeNull();
    record("account.enabled", "acc-c");
    expect((await verifyAudit(store.db, head)).fault).toBeNull();
    tamper(`DELETE FROM audit_entries WHERE position >= ${at(2)}`);
    expect((await verifyAudit(store.db, head)).fault).toMatchObject({ position: at(2), fault: "missing" });
    record("account.enabled", "acc-c");
    expect((await verifyAudit(store.db, head)).fault).toMatchObject({ position: at(2), fault: "head" });
  });

  describe("that lost its end is told by what is remembered of it", () => {
    const lose = (from: number) => {
      for (const id of ["acc-a", "acc-b", "acc-c"]) record("account.disabled", id);
      tamper(`DELETE FROM audit_entries WHERE position >= ${at(from)}`);
    };

    test("at once", async () => {
      lose(2);
      const expected = `${at(3)} entries`;
      expect((await verifyAudit(store.db)).fault).toMatchObject({
        position: at(2),
        fault: "missing",
        expected,
      });
    });

    test("while others are written in their place, and for good", async () => {
      lose(1);
      for (let n = 1; n <= 6; n += 1) {
        record("account.enabled", `acc-${n}`);
        const { fault } = await verifyAudit(store.db);
        // Where the newest entry was stands another one from the second on.
        expect([n, fault?.position, fault?.fault]).toEqual([n, at(2), n < 2 ? "missing" : "head"]);
      }
    });

    test("as one that lost all of it", async () => {
      for (const id of ["acc-a", "acc-b"]) record("account.disabled", id);
      tamper("DELETE FROM audit_entries");
      expect((await verifyAudit(store.db)).fault).toMatchObject({ position: 0, fault: "missing" });
      for (let n = 0; n < at(4); n += 1) record("account.enabled", "acc-a");
      expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(1), fault: "head" });
    });

    test("by the last check alone, when what the database keeps of it was written anew as well", async () => {
      for (const id of ["acc-a", "acc-b", "acc-c"]) record("account.disabled", id);
      await checkAudit(store);
      const kept = findEntry(store.db.orm, at(1));
      tamper(`DELETE FROM audit_entries WHERE position >= ${at(2)}`);
      store.db.raw.run("DROP TRIGGER audit_head_grows");
      store.db.raw.query("UPDATE audit_head SET size = ?, hash = ?").run(at(2), kept?.hash ?? "");
      expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(2), fault: "missing" });
      record("account.enabled", "acc-d");
      expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(2), fault: "head" });
    });

    test("where what is kept beside it was taken away, or followed it no more", async () => {
      record("account.disabled", "acc-a");
      tamper("DROP TRIGGER audit_entries_followed");
      record("account.disabled", "acc-b");
      expect((await verifyAudit(store.db)).fault).toMatchObject({ position: at(1), fault: "head" });
      store.db.raw.run("DROP TRIGGER audit_head_kept");
      store.db.raw.run("DELETE FROM audit_head");
      expect((await verifyAudit(store.db)).fault).toMatchObject({
        position: at(2),
        fault: "head",
        found: "no head beside the log",
      });
    });

    test.each([
      "DELETE FROM audit_head",
      "UPDATE audit_head SET size = 0",
      "UPDATE audit_head SET hash = ''",
      "UPDATE audit_head SET id = 2, size = size + 1",
    ])("which refuses %s", (statement) => {
      expect(() => store.db.raw.run(statement)).toThrow(/the head of the audit log/);
    });
  });

  test("is checked as a job, which keeps what it found until it finds something else", async () => {
    expect(auditVerdict(store)).toBeNull();
    record("account.disabled", "acc-a");
    const { head } = await checkAudit(store);
    const first = store.clock.now();
    expect(auditVerdict(store)).toEqual({ checkedAt: first, sound: head, damage: null });
    record("account.enabled", "acc-a");
    tamper(`UPDATE audit_entries SET actor = 'system' WHERE position = ${at(1)}`);
    store.clock.advance(1000);
    await checkAudit(store);
    expect(auditVerdict(store)).toEqual({
      checkedAt: store.clock.now(),
      sound: head,
      damage: { position: at(1), detail: expect.stringContaining(`entry ${at(1)} is not what was written`) },
    });
    tamper(`UPDATE audit_entries SET actor = 'account:acc-ada' WHERE position = ${at(1)}`);
    await checkAudit(store);
    expect(auditVerdict(store)?.damage).toBeNull();
  });

  test("of an older version goes on from where it was, and is missed from there", async () => {
    const db = openDatabase(":memory:");
    try {
      const all = migrations();
      migrate(
        db,
        all.filter(({ name }) => name < "0013"),
        store.clock.now(),
      );
      const add = () =>
        write(db, (tx) => {
          const change = { action: "account.enabled", subject: { type: "account", id: "acc-a" } } as const;
          recordChange(tx, ADA, change, store.clock.now());
        });
      add();
      add();
      migrate(db, all, store.clock.now());
      expect((await verifyAudit(db)).fault).toBeNull();
      add();
      expect(await verifyAudit(db)).toMatchObject({ head: { size: 3 }, fault: null });
      db.raw.run("DROP TRIGGER audit_entries_kept");
      db.raw.run("DELETE FROM audit_entries WHERE position > 0");
      expect((await verifyAudit(db)).fault).toMatchObject({ position: 1, fault: "missing" });
    } finally {
      closeDatabase(db);
    }
  });

  test("a head that somebody brings is compared, and changes nothing of what is kept", async () => {
    record("account.disabled", "acc-a");
    const foreign = { size: 1, hash: "1".repeat(64) as Sha256 };
    expect((await checkAudit(store, foreign)).fault).toMatchObject({ position: 0, fault: "head" });
    expect(auditVerdict(store)?.damage).toBeNull();
    expect((await verifyAudit(store.db)).fault).toBeNull();
  });

  test("a check that is cut off keeps nothing", async () => {
    write(store.db, (tx) => {
      const change = { action: "account.enabled", subject: { type: "account", id: "acc-a" } } as const;
      for (let n = 0; n < 600; n += 1) recordChange(tx, ADA, change, store.clock.now());
    });
    await expect(checkAudit(store, null, AbortSignal.abort())).rejects.toThrow(/abort/);
    expect(auditVerdict(store)).toBeNull();
  });

  test("is whole after any changes, whatever text is in them", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    const facts = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ id: text, before: facts, after: facts, name: text }), { maxLength: 5 }),
        fc.constantFrom(...(Object.keys(AUDIT_ACTIONS) as AuditAction[])),
        async (changes, action) => {
          for (const { id, ...more } of changes) record(action, id, more);
          expect((await verifyAudit(store.db)).fault).toBeNull();
        },
      ),
      { numRuns: 30 },
    );
  });

  describe("is searched", () => {
    const found = (filter: AuditFilter, step: Partial<AuditStep> = {}) => {
      const { rows, next } = searchStep(store.db.orm, filter, {
        order: "newest",
        limit: 9,
        scan: 100,
        ...step,
      });
      return { found: rows.map(({ position }) => position - before.size), next };
    };
    let start: Date;
    beforeEach(() => {
      start = store.clock.now();
      record("account.created", "acc-a", { name: "50%_Ähre" });
      store.clock.advance(60_000);
      record("account.disabled", "acc-a", { author: SYSTEM_AUTHOR });
      record("account.created", "acc-b", { after: { reason: "Tax" } });
    });

    test("by who, what, on what and when, and by several of them", () => {
      const text = (words: string) => ({ since: start, text: { words, actors: [], subjects: [] } });
      const later = new Date(start.getTime() + 1);
      const CASES: readonly (readonly [AuditFilter, readonly number[]])[] = [
        [{ actor: "system", since: start }, [1]],
        [{ subject: "acc-a" }, [1, 0]],
        [{ action: "account.created", since: start }, [2, 0]],
        [{ requestId: "req-1" }, [2, 0]],
        [{ requestId: "req-2" }, []],
        [{ since: start, until: later }, [0]],
        [{ since: later }, [2, 1]],
        [{ subject: "acc-a", action: "account.created" }, [0]],
        [{ subject: "acc-a", actor: "system", action: "account.disabled", since: later }, [1]],
        [{ subject: "acc-a", actor: "nobody" }, []],
        [text("DISABLED"), [1]],
        [text("50%_Ähre"), [0]],
        [text("%"), [0]],
        [text("tax"), [2]],
        [text("192.0.2"), [2, 0]],
        [text("req-1"), [2, 0]],
        [{ since: start, text: { words: "Ben", actors: ["system"], subjects: ["acc-b"] } }, [2, 1]],
      ];
      for (const [filter, expected] of CASES)
        expect([filter, found(filter)]).toEqual([filter, { found: [...expected], next: null }]);
    });

    test("in steps, from either end, without losing or repeating one", () => {
      for (const order of ["newest", "oldest"] as const) {
        for (const [limit, scan] of [
          [1, 100],
          [2, 1],
          [9, 1],
          [9, 2],
        ] as const) {
          const all: number[] = [];
          let next: AuditPlace | null = null;
          do {
            const step: ReturnType<typeof found> = found(
              { since: start, action: "account.created", subject: "acc-a" },
              { order, limit, scan, ...(next === null ? {} : { beyond: next }) },
            );
            all.push(...step.found);
            next = step.next;
          } while (next !== null);
          expect([order, limit, scan, all]).toEqual([order, limit, scan, [0]]);
          const first = found({ since: start }, { order, limit: 2 });
          const second = found(
            { since: start },
            { order, limit: 2, ...(first.next ? { beyond: first.next } : {}) },
          );
          const both = [...first.found, ...second.found];
          expect(order === "newest" ? both : both.toReversed()).toEqual([2, 1, 0]);
        }
      }
    });

    test("by time also where the clock was set back", () => {
      store.clock.advance(-120_000);
      record("account.created", "acc-c");
      expect(found({ until: start, action: "account.created", subject: "acc-c" }).found).toEqual([3]);
      expect(found({ since: start }).found).toEqual([2, 1, 0]);
    });

    const KEYS = [
      "requestId",
      "actor",
      "action",
      "subject",
      "organisationId",
      "since",
      "until",
      "text",
      "isConfined",
    ] as const;
    const VALUES: Required<AuditFilter> = {
      actor: "account:acc-ada",
      action: "account.created",
      subject: "acc-a",
      organisationId: "org-1" as OrganisationId,
      isConfined: true,
      requestId: "req-1",
      since: new Date(0),
      until: new Date(4e12),
      text: { words: "x", actors: ["system"], subjects: ["acc-a"] },
    };
    test("by any filters through an index, in its order, and never through the whole log", () => {
      for (let bits = 0; bits < 2 ** KEYS.length; bits += 1) {
        const filter: AuditFilter = Object.fromEntries(
          KEYS.filter((_, n) => (bits >> n) % 2 === 1).map((key) => [key, VALUES[key]]),
        );
        // Who is confined is so to one organisation.
        if (filter.isConfined && filter.organisationId === undefined) continue;
        for (const order of ["newest", "oldest"] as const) {
          for (const beyond of [{}, { beyond: { at: start, position: 3 } }]) {
            const plans = queryPlans(store.db, () => {
              searchStep(store.db.orm, filter, { order, limit: 10, scan: 10, ...beyond });
            });
            const steps = plans.flatMap((plan) => plan.steps);
            const isWhole = Object.keys(filter).every((key) => key === "text") && !("beyond" in beyond);
            const narrowest = ["requestId", "subject", "actor", "organisationId", "action"] as const;
            const column = filter.isConfined ? "organisationId" : narrowest.find((key) => key in filter);
            const index = `audit_entries_${column?.replace(/Id$/, "") ?? "recorded"}`;
            for (const step of steps) {
              // Without a filter it begins at an end of the log and is stopped by its limit.
              expect(step).toMatch(isWhole ? /^(SCAN|SEARCH) / : /^SEARCH /);
              expect(step).toMatch(new RegExp(`INDEX ${index}\\b`));
            }
            expect(plans.length).toBeGreaterThan(0);
          }
        }
      }
    });
  });
});
