import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { selectMessages } from "../../accounts/messages/records.ts";
import { createAccount, setStoreRole } from "../../accounts/people.ts";
import { write } from "../../db/database.ts";
import { claim, enqueue, fail, finish, STUCK_MS } from "../../jobs/queue.ts";
import { openTrusted } from "../../testing/begun.ts";
import type { TestStore } from "../../testing/store.ts";
import { DAY_MS, HOUR_MS } from "../../time.ts";
import { decideTroubles, type KnownTrouble } from "./decide.ts";
import type { Trouble, TroubleCode } from "./find.ts";
import { selectTroubles } from "./records.ts";
import { lookAtQueue } from "./standing-queue.ts";
import { tellOfTroubles } from "./tell.ts";

describe("of each trouble somebody is told once while it lasts", () => {
  const start = Date.UTC(2027, 0, 1);
  const is = (code: TroubleCode, what = "", atMs: number | null = null): Trouble => ({
    ...{ code, what },
    ...{ at: atMs === null ? null : new Date(start + atMs), isRenewed: false },
  });
  const renewed = (code: TroubleCode, what: string): Trouble => ({ ...is(code, what), isRenewed: true });
  /** What is told at each look, of what is found then. */
  const toldOf = (looks: readonly (readonly [atMs: number, ...found: Trouble[]])[]) => {
    let known: readonly KnownTrouble[] = [];
    return looks.map(([atMs, ...found]) => {
      const { tell, kept } = decideTroubles(found, known, new Date(start + atMs));
      known = kept;
      return tell.map(({ code, what }) => `${code} ${what}`.trim());
    });
  };

  test.each<[string, Parameters<typeof toldOf>[0], string[][]]>([
    [
      "once",
      [
        [0, is("mail.failing")],
        [HOUR_MS, is("mail.failing")],
      ],
      [["mail.failing"], []],
    ],
    [
      "each of several",
      [
        [0, is("keys.expiring", "root")],
        [HOUR_MS, is("keys.expiring", "root"), is("keys.expiring", "release")],
      ],
      [["keys.expiring root"], ["keys.expiring release"]],
    ],
    [
      "what has ended after it was about to",
      [
        [0, is("keys.expiring", "root")],
        [DAY_MS, is("keys.expired", "root")],
      ],
      [["keys.expiring root"], ["keys.expired root"]],
    ],
    [
      "not again of what comes back within a day",
      [[0, is("audit.damaged")], [HOUR_MS], [2 * HOUR_MS, is("audit.damaged")], [3 * HOUR_MS]],
      [["audit.damaged"], [], [], []],
    ],
    [
      "again of what was over for a day",
      [[0, is("audit.damaged")], [HOUR_MS], [DAY_MS + HOUR_MS], [DAY_MS + 2 * HOUR_MS, is("audit.damaged")]],
      [["audit.damaged"], [], [], ["audit.damaged"]],
    ],
    [
      "again of it also where nobody looked in between",
      [[0, is("audit.damaged")], [HOUR_MS], [9 * DAY_MS, is("audit.damaged")]],
      [["audit.damaged"], [], ["audit.damaged"]],
    ],
    [
      "not of what the store renews after it was away",
      [[0, renewed("keys.expired", "timestamp"), is("keys.expired", "root")], [HOUR_MS]],
      [["keys.expired root"], []],
    ],
    [
      "of what the store should renew and does not",
      [
        [0, renewed("keys.expired", "timestamp")],
        [HOUR_MS, renewed("keys.expired", "timestamp")],
        [2 * HOUR_MS, renewed("keys.expired", "timestamp")],
      ],
      [[], ["keys.expired timestamp"], []],
    ],
    ["not of what was there at one look alone", [[0, is("storage.failing")], [HOUR_MS]], [[], []]],
    [
      "of what fails now and then once it lasts",
      [
        [0, is("storage.failing")],
        [HOUR_MS],
        [2 * HOUR_MS, is("storage.failing")],
        [3 * HOUR_MS, is("storage.failing")],
      ],
      [[], [], [], ["storage.failing"]],
    ],
    [
      "of more jobs that were given up, once a day",
      [
        [0, is("jobs.dead", "mail.send", 0)],
        [HOUR_MS, is("jobs.dead", "mail.send", HOUR_MS)],
        [DAY_MS, is("jobs.dead", "mail.send", HOUR_MS)],
        [2 * DAY_MS, is("jobs.dead", "mail.send", HOUR_MS)],
      ],
      [["jobs.dead mail.send"], [], ["jobs.dead mail.send"], []],
    ],
  ])("%s", (_, looks, told) => expect(toldOf(looks)).toEqual(told));
});

describe("administrators", () => {
  let store: TestStore;
  let ada: Awaited<ReturnType<typeof createAccount>>;
  beforeAll(async () => {
    store = await openTrusted();
    ada = await createAccount(store, OPERATOR, { email: "ada@example.com", name: "Ada" });
    setStoreRole(store, OPERATOR, ada.id, "administrator");
    const other = await createAccount(store, OPERATOR, { email: "rita@example.com", name: "Rita" });
    setStoreRole(store, OPERATOR, other.id, "reviewer");
  });
  afterAll(() => store.close());

  const told = async () => {
    const before = new Set(selectMessages(store.db.orm, { limit: 999 }).map(({ id }) => id));
    await tellOfTroubles(store);
    return selectMessages(store.db.orm, { limit: 999 })
      .filter(({ id }) => !before.has(id))
      .map(({ kind, accountId, path, body }) => ({ kind, accountId, path, body }));
  };
  const giveUp = (kind: string, key: string) => {
    const now = store.clock.now();
    write(store.db, (tx) => enqueue(tx, { kind, key }, now));
    for (let job = claim(store.db, now); job !== null; job = claim(store.db, now)) {
      if (job.kind === kind) fail(store.db, job, "it cannot be done", { now, random: 0, final: true });
      else finish(store.db, job.id, now);
    }
  };

  test("hear of jobs that were given up, and nobody else does", async () => {
    expect(await told()).toEqual([]);
    giveUp("catalog.export", "one");
    giveUp("storage.sweep", "daily");
    const [jobs, ...others] = await told();
    expect(others).toEqual([]);
    expect(jobs).toMatchObject({ kind: "store.jobs", accountId: ada.id, path: "/admin/jobs" });
    expect(jobs?.body).toContain("Given up: catalog.export\nGiven up: storage.sweep");
    expect(await told()).toEqual([]);
  });

  test("hear of what has ended while nothing renewed it", async () => {
    store.clock.advance(3 * DAY_MS);
    // The job that renews it may be about to run.
    expect(await told()).toEqual([]);
    store.clock.advance(HOUR_MS);
    const [keys] = (await told()).filter(({ kind }) => kind === "store.keys_ending");
    expect(keys).toMatchObject({ accountId: ada.id, path: "/admin/keys" });
    expect(keys?.body).toMatch(/^timestamp ended on .+\.$/m);
    store.clock.advance(HOUR_MS);
    expect(await told()).toEqual([]);
  });

  test("hear of a queue that stands, though no job of it runs", async () => {
    const now = store.clock.now();
    write(store.db, (tx) => enqueue(tx, { kind: "catalog.export", key: "stands" }, now));
    let stood = false;
    const toldAfter = async (ms: number) => {
      store.clock.advance(ms);
      const before = selectMessages(store.db.orm, { limit: 999 }).length;
      stood = await lookAtQueue(store, stood);
      const all = selectMessages(store.db.orm, { limit: 999 });
      return all.slice(0, all.length - before).map(({ kind, path }) => [stood, kind, path]);
    };
    expect(await toldAfter(STUCK_MS)).toEqual([]);
    expect(await toldAfter(1)).toEqual([]);
    expect(await toldAfter(HOUR_MS / 2)).toEqual([[true, "store.jobs", "/admin/jobs"]]);
    expect(await toldAfter(STUCK_MS)).toEqual([]);
    for (let job = claim(store.db, now); job !== null; job = claim(store.db, now))
      finish(store.db, job.id, now);
    expect([await toldAfter(STUCK_MS), stood]).toEqual([[], false]);
    // That it was over is known.
    const overAt = selectTroubles(store.db.orm).find(({ code }) => code === "jobs.stuck")?.overAt;
    expect(overAt).toEqual(store.clock.now());
  });

  test("hear of a storage that is not there once that lasts", async () => {
    const kinds = async () => {
      const before = selectMessages(store.db.orm, { limit: 999 }).length;
      await tellOfTroubles(store);
      return selectMessages(store.db.orm, { limit: 999 })
        .slice(0, -before || undefined)
        .map(({ kind, body }) => [kind, body.split("\n")[0]]);
    };
    await tellOfTroubles(store);
    const folder = join(store.config.dataDir, "blobs");
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, "");
    try {
      expect(await kinds()).toEqual([]);
      store.clock.advance(HOUR_MS);
      expect(await kinds()).toEqual([["store.storage", "What is written to it cannot be read again."]]);
    } finally {
      rmSync(folder);
      renameSync(`${folder}-away`, folder);
    }
  });
});

test("where nobody administers the store yet, the first who does is told", async () => {
  const store = await openTrusted();
  try {
    store.clock.advance(3 * DAY_MS);
    await tellOfTroubles(store);
    store.clock.advance(HOUR_MS);
    await tellOfTroubles(store);
    const { id } = await createAccount(store, OPERATOR, { email: "first@example.com", name: "First" });
    setStoreRole(store, OPERATOR, id, "administrator");
    for (const count of [1, 1]) {
      await tellOfTroubles(store);
      const kinds = selectMessages(store.db.orm, { limit: 9 }).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind.startsWith("store."))).toHaveLength(count);
    }
  } finally {
    store.close();
  }
});
