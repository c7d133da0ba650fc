/** Reading the audit log of a store that is older than a page looks back, and while others are answered. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { recordChange, SYSTEM_AUTHOR } from "../audit/record.ts";
import type { AuditPlace } from "../audit/records.ts";
import { write } from "../db/database.ts";
import type { OrganisationId } from "../ids.ts";
import { newOrganisation, newPerson, type Person } from "../testing/portal.ts";
import { codeOf } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { OPERATOR } from "./actor.ts";
import { listAudit, readAudit } from "./audit-log.ts";
import { removeMember } from "./members.ts";
import { addMember } from "./organisations.ts";
import { createAccount, disableAccount, setStoreRole } from "./people.ts";

const MANY = 30_000;
let store: TestStore;
let own: OrganisationId;
beforeAll(async () => {
  store = await openTestStore();
  own = newOrganisation(store, "Much Done");
  const { id } = await createAccount(store, OPERATOR, { email: "other@example.org", name: "Other Owner" });
  addMember(store, OPERATOR, own, id, "owner");
  write(store.db, (tx) => {
    for (let n = 0; n < 600; n += 1) {
      const subject = { type: "organisation", id: own };
      recordChange(
        tx,
        SYSTEM_AUTHOR,
        { action: "organisation.renamed", subject, organisationId: own },
        store.clock.now(),
      );
    }
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

test.each<[what: string, lose: (of: Person) => void, code: string]>([
  ["the role", ({ accountId }) => setStoreRole(store, OPERATOR, accountId, null), "auth.required"],
  ["the account", ({ accountId }) => disableAccount(store, OPERATOR, accountId), "auth.account_disabled"],
  [
    "the ownership",
    ({ accountId }) => removeMember(store, OPERATOR, { organisationId: own, accountId }),
    "organisation.not_found",
  ],
])("who loses %s while they take the whole get no more of it", async (what, lose, code) => {
  const isOwner = what === "the ownership";
  const reader = isOwner
    ? await newPerson(store, "Owner Reader", { organisations: [[own, "owner"]] })
    : await newPerson(store, `Reader of ${what}`, { storeRole: "auditor" });
  const steps = readAudit(store, reader.actor, isOwner ? { organisationId: own } : {});
  expect((await steps.next()).value?.length).toBe(500);
  lose(reader);
  expect(await codeOf(() => steps.next())).toBe(code);
  expect((await steps.next()).done).toBe(true);
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
