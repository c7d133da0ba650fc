/** Reading the audit log of a store that is older than a page looks back, and while others are answered. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { recordChange, SYSTEM_AUTHOR } from "../audit/record.ts";
import type { AuditPlace } from "../audit/records.ts";
import { write } from "../db/database.ts";
import { newOrganisation, newPerson } from "../testing/portal.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { OPERATOR } from "./actor.ts";
import { listAudit, readAudit } from "./audit-log.ts";

const MANY = 30_000;
let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  write(store.db, (tx) => {
    for (let n = 0; n < MANY; n += 1) {
      const subject = { type: "account", id: n === 0 ? "acc-rare" : "acc-common" };
      recordChange(tx, SYSTEM_AUTHOR, { action: "account.enabled", subject }, store.clock.now());
    }
  });
});
afterAll(() => store.close());

test("who reads one organisation's entries is told by no step how many there are of others", async () => {
  const organisationId = newOrganisation(store, "Own");
  const owner = await newPerson(store, "Olga Owner", { organisations: [[organisationId, "owner"]] });
  const subject = "acc-common";
  const all = await listAudit(store, OPERATOR, { subject, text: "nowhere" }, { limit: 10 });
  expect([all.items, all.next === null]).toEqual([[], false]);
  for (const query of [{ subject }, { actor: "system" }, { subject, text: "nowhere" }]) {
    const own = await listAudit(store, owner.actor, { organisationId, ...query }, { limit: 10 });
    expect([own.items, own.next]).toEqual([[], null]);
  }
});

test("a search for what is rare ends after so many entries and says where to go on", async () => {
  const found: string[] = [];
  let beyond: AuditPlace | null = null;
  let pages = 0;
  do {
    const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(
      store,
      OPERATOR,
      { text: "rare" },
      { limit: 10, ...(beyond === null ? {} : { beyond }) },
    );
    found.push(...page.items.map(({ subject }) => subject));
    beyond = page.next;
    pages += 1;
  } while (beyond !== null);
  expect([found, pages]).toEqual([["acc-rare"], 2]);
  const byIndex = await listAudit(store, OPERATOR, { subject: "acc-rare" }, { limit: 10 });
  expect([byIndex.items.length, byIndex.next]).toEqual([1, null]);
});

test("the whole is read in steps, between which others have their turn", async () => {
  let turns = 0;
  let isReading = true;
  const others = (async () => {
    while (isReading) {
      turns += 1;
      await Bun.sleep(0);
    }
  })();
  let steps = 0;
  let entries = 0;
  for await (const step of readAudit(store, OPERATOR, { actor: "system", action: "account.enabled" })) {
    expect(step.length).toBeLessThanOrEqual(500);
    steps += 1;
    entries += step.length;
  }
  isReading = false;
  await others;
  expect(entries).toBe(MANY);
  expect(turns).toBeGreaterThan(steps / 2);
});
