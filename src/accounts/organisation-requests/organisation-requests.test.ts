/** Who makes organisations, and how others come to one: by the setting, or by asking an administrator. */

import { afterAll, beforeEach, expect, test } from "bun:test";
import { countFounded } from "../../audit/records.ts";
import { write } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import type { StoreRole } from "../../roles.ts";
import { codeOfSync } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { MINUTE_MS } from "../../time.ts";
import { actorOfAccount } from "../account-actor.ts";
import { type AccountActor, accountLabel, OPERATOR } from "../actor.ts";
import { listMembers } from "../members.ts";
import { listMessages } from "../messages/outbox.ts";
import { NAME_TRIES, NAME_TRY_MINUTES, refuseTaken } from "../name-tries.ts";
import { listNotifications } from "../notifications/list.ts";
import { foundingOf } from "../organisation-makers.ts";
import { renameOrganisation } from "../organisation-name.ts";
import { keyOrganisationNames } from "../organisations.records.ts";
import { addMember, foundOrganisation, organisationsOf, registerOrganisation } from "../organisations.ts";
import { createAccount, disableAccount, enableAccount } from "../people.ts";
import { accountById, updateAccount } from "../records.ts";
import { changeSetting } from "../store-settings/settings.ts";
import {
  askForOrganisation,
  findOwnRequest,
  MOST_REQUESTS_A_DAY,
  MOST_TOLD,
  withdrawRequest,
} from "./ask.ts";
import { acceptRequest, listRequests, readRequest, refuseRequest, waitingRequests } from "./decide.ts";

const opened: TestStore[] = [];
let store: TestStore;
let admin: AccountActor;
beforeEach(async () => {
  store = await openTestStore();
  opened.push(store);
  admin = await person("ada", "administrator");
});
afterAll(() => {
  for (const each of opened) each.close();
});

/** Whose second factor is not what these tests are about. */
function again({ accountId }: Pick<AccountActor, "accountId">): AccountActor {
  const row = accountById(store.db.orm, accountId);
  if (!row) throw new Error("nobody");
  const actor = actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
  return actor.withheldRole === undefined ? actor : { ...actor, storeRole: actor.withheldRole };
}

async function person(name: string, storeRole: StoreRole | null = null): Promise<AccountActor> {
  const { id } = await createAccount(store, OPERATOR, { email: `${name}@example.org`, name, storeRole });
  return again({ accountId: id });
}

const ask = (who: AccountActor, name: string, reason = "We make apps.") =>
  askForOrganisation(store, who, { name, reason });
const kindsOf = (who: AccountActor) =>
  listNotifications(store, who, { limit: 50, unread: false }).items.map(({ kind }) => kind);
const told = (subject: string) =>
  store.db.raw
    .query<{ action: string; before: string | null; after: string | null; person: string | null }, [string]>(
      "SELECT action, before, after, person FROM audit_entries WHERE subject = ? ORDER BY position",
    )
    .all(subject)
    .map(({ action, before, after, person: words }) => [action, before, after, words] as const);

test("who asks is made the owner in one act, and all who have to know of it are told", async () => {
  const noor = await person("noor");
  const request = ask(noor, " Harbour  Logistics ");
  expect(request).toMatchObject({ name: "Harbour Logistics", state: "open", revision: 1 });
  // The same again is no change, another one takes its place.
  expect(ask(noor, "Harbour Logistics").revision).toBe(1);
  const { revision } = ask(noor, "Harbour Planning");
  expect([revision, kindsOf(admin).filter((kind) => kind === "organisation.requested").length]).toEqual([
    2, 1,
  ]);
  const { id } = request;
  expect(codeOfSync(() => acceptRequest(store, admin, id, { ifMatch: 1 }))).toBe("precondition.failed");
  const accepted = acceptRequest(store, admin, id, { name: "Harbour Crew", ifMatch: 2 });
  expect(accepted).toMatchObject({ state: "accepted", closed: { by: `account:${admin.accountId}` } });
  expect(organisationsOf(store, noor.accountId)).toMatchObject([
    { id: accepted.organisationId, name: "Harbour Crew", role: "owner" },
  ]);
  expect(findOwnRequest(store, noor)).toMatchObject({
    state: "accepted",
    organisationId: accepted.organisationId,
  });
  // Told once, of what they asked for.
  expect(kindsOf(again(noor))).toEqual(["organisation.granted"]);
  const entries = told(id);
  expect(entries.map(([action]) => action)).toEqual([
    "organisation.requested",
    "organisation.request_changed",
    "organisation.request_accepted",
  ]);
  // What somebody typed goes with them: it stands in the part that is theirs alone.
  expect(entries[1]?.slice(1, 3).join()).not.toContain("Harbour");
  expect(JSON.parse(entries[1]?.[3] ?? "")).toMatchObject({
    before: { name: "Harbour Logistics" },
    after: { name: "Harbour Planning" },
  });
  for (const act of [
    () => acceptRequest(store, admin, id, {}),
    () => refuseRequest(store, admin, id, { reason: "No." }),
  ])
    expect(codeOfSync(act)).toBe("organisation_request.closed");
});

test("a refusal is read by who asked, who may ask again, and take that back", async () => {
  const ben = await person("ben");
  const { id } = ask(ben, "Ben's Barn");
  expect(codeOfSync(() => refuseRequest(store, admin, id, { reason: " " }))).toBe("reason.invalid");
  refuseRequest(store, admin, id, { reason: "There is one of that name." });
  expect(findOwnRequest(store, ben)).toMatchObject({
    state: "refused",
    answer: "There is one of that name.",
  });
  const [letter] = listMessages(store, OPERATOR, { limit: 1 }).items;
  expect([letter?.address, letter?.body.includes("There is one of that name.")]).toEqual([
    "ben@example.org",
    true,
  ]);
  expect(kindsOf(ben)).toEqual(["organisation.refused"]);
  const second = ask(ben, "Ben's Barn");
  expect(second.id).not.toBe(id);
  expect(codeOfSync(() => withdrawRequest(store, ben, 7))).toBe("precondition.failed");
  withdrawRequest(store, ben, 1);
  expect(findOwnRequest(store, ben)?.state).toBe("withdrawn");
  expect(codeOfSync(() => withdrawRequest(store, ben))).toBe("organisation_request.not_found");
  expect(codeOfSync(() => acceptRequest(store, admin, second.id, {}))).toBe("organisation_request.closed");
  expect(organisationsOf(store, ben.accountId)).toEqual([]);
});

test("what cannot be made is not asked for, and is not made where that changed meanwhile", async () => {
  const cleo = await person("cleo");
  registerOrganisation(store, OPERATOR, { name: "Taken Here" });
  expect(codeOfSync(() => ask(cleo, "taken here"))).toBe("organisation.name_taken");
  expect(codeOfSync(() => ask(cleo, ""))).toBe("organisation.invalid");
  expect(codeOfSync(() => ask(cleo, "Cleo's", ""))).toBe("reason.invalid");
  expect(findOwnRequest(store, cleo)).toBeNull();
  const { id } = ask(cleo, "Cleo's");
  registerOrganisation(store, OPERATOR, { name: "Cleo's" });
  expect(codeOfSync(() => acceptRequest(store, admin, id, {}))).toBe("organisation.name_taken");
  disableAccount(store, OPERATOR, cleo.accountId);
  expect(codeOfSync(() => acceptRequest(store, admin, id, { name: "Cleo's Crew" }))).toBe(
    "organisation.owner_unknown",
  );
  expect(readRequest(store, admin, id).state).toBe("open");
  enableAccount(store, OPERATOR, cleo.accountId);
  acceptRequest(store, OPERATOR, id, { name: "Cleo's Crew" });
  const [organisation] = organisationsOf(store, cleo.accountId);
  expect(listMembers(store, admin, organisation?.id ?? ("" as never)).map(({ role }) => role)).toEqual([
    "owner",
  ]);
});

test("so many a day, and of a crowd administrators are not told one by one", async () => {
  const dora = await person("dora");
  for (let n = 0; n < MOST_REQUESTS_A_DAY; n += 1) {
    ask(dora, `Dora ${"abcde"[n]}`);
    withdrawRequest(store, dora);
  }
  expect(codeOfSync(() => ask(dora, "Dora z"))).toBe("organisation_request.too_many");
  const before = kindsOf(admin).length;
  for (let n = 0; n < 15; n += 1) ask(await person(`crowd${n}`), `Crowd of ${"abcdefghijklmno"[n]}`);
  const told = kindsOf(admin).length - before;
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThanOrEqual(MOST_TOLD);
  expect(waitingRequests(store).waiting).toBeGreaterThanOrEqual(15);
  const first = listRequests(store, admin, { state: "open", limit: 10 });
  const next = listRequests(store, admin, { state: "open", limit: 50, after: first.nextCursor ?? "" });
  const ids = [...first.items, ...next.items].map(({ id }) => id);
  expect(ids).toEqual([...ids].sort());
  expect(ids.length).toBe(waitingRequests(store).waiting);
});

test("by whom organisations are made is the setting's word, with few for each person", async () => {
  const eve = await person("eve");
  const found = (who: AccountActor, name: string) =>
    codeOfSync(() => foundOrganisation(store, again(who), { name }));
  expect([foundingOf(store, eve), foundingOf(store, admin)]).toEqual(["ask", "may"]);
  expect(found(eve, "Eve one")).toBe("organisation.makers");
  changeSetting(store, OPERATOR, "organisation_makers", "everyone");
  try {
    expect(found(eve, "Eve one")).toBe("organisation.unproven");
    store.db.orm.transaction((tx) => updateAccount(tx, eve.accountId, { emailProvenAt: store.clock.now() }));
    for (const name of ["Eve one", "Eve two", "Eve three"]) foundOrganisation(store, again(eve), { name });
    expect(found(eve, "Eve four")).toBe("organisation.too_many");
    expect(foundingOf(store, again(eve))).toBe("enough");
    // What was made counts, and not what is owned: given away, it makes no room.
    const { raw } = store.db;
    raw.query("UPDATE memberships SET role = 'viewer' WHERE account_id = ?").run(eve.accountId);
    expect(foundingOf(store, again(eve))).toBe("enough");
    raw.query("UPDATE memberships SET role = 'owner' WHERE account_id = ?").run(eve.accountId);
    // Beyond that an administrator decides, who makes as many as there are to make.
    acceptRequest(store, admin, ask(again(eve), "Eve four").id, {});
    expect(organisationsOf(store, eve.accountId)).toHaveLength(4);
    // Nor has who makes one for others used up their own.
    expect(
      [eve, admin].map(({ accountId }) =>
        countFounded(store.db.orm, { accountId, label: accountLabel(accountId) }, 9),
      ),
    ).toEqual([3, 0]);
  } finally {
    changeSetting(store, OPERATOR, "organisation_makers", null);
  }
});

test("who tries names that are taken is told of a few, whichever way, and then of none for a while", async () => {
  const clock = store.clock;
  const [dan, eve] = [await person("dan"), await person("eve")];
  registerOrganisation(store, OPERATOR, { name: "Taken Here" });
  const { id } = registerOrganisation(store, OPERATOR, { name: "Dan's" });
  addMember(store, OPERATOR, id, dan.accountId, "owner");
  const owner = again(dan);
  changeSetting(store, OPERATOR, "organisation_makers", "everyone");
  try {
    store.db.orm.transaction((tx) => updateAccount(tx, dan.accountId, { emailProvenAt: clock.now() }));
    const ways = [
      (name: string) => ask(owner, name),
      (name: string) => foundOrganisation(store, owner, { name }),
      (name: string) => renameOrganisation(store, owner, id, name),
    ];
    const codes = Array.from({ length: NAME_TRIES }, (_, n) =>
      codeOfSync(() => ways[n % ways.length]?.("taken here")),
    );
    expect(codes).toEqual(codes.map(() => "organisation.name_taken"));
    // Nor that one is free: that would tell of the others.
    for (const way of ways)
      for (const name of ["taken here", "Nobody's"])
        expect(codeOfSync(() => way(name))).toBe("organisation.names_tried");
    expect(codeOfSync(() => ask(eve, "taken here"))).toBe("organisation.name_taken");
    expect(codeOfSync(() => renameOrganisation(store, admin, id, "taken here"))).toBe(
      "organisation.name_taken",
    );
    clock.advance(NAME_TRY_MINUTES * MINUTE_MS);
    expect(codeOfSync(() => ask(owner, "taken here"))).toBe("organisation.name_taken");
    expect(codeOfSync(() => ask(owner, "Nobody's"))).toBe("organisation.names_tried");
    clock.advance(NAME_TRY_MINUTES * MINUTE_MS);
    expect(ask(owner, "Nobody's").state).toBe("open");
  } finally {
    changeSetting(store, OPERATOR, "organisation_makers", null);
  }
});

test("whether a name looks like another is asked of an index, also of what was named before that was kept", () => {
  const { orm } = store.db;
  const { id } = registerOrganisation(store, admin, { name: "Kept Before" });
  const taken = (name: string, own?: typeof id) => codeOfSync(() => refuseTaken(orm, name, own));
  store.db.raw.query("DELETE FROM organisation_names WHERE organisation_id = ?").run(id);
  const free = taken("kept before");
  write(store.db, keyOrganisationNames);
  expect([free, taken("kept before"), taken("Kept Bef\u043ere"), taken("Kept Behind")]).toEqual([
    "no problem",
    "organisation.name_taken",
    "organisation.name_taken",
    "no problem",
  ]);
  expect(taken("KEPT BEFORE", id)).toBe("no problem");
  renameOrganisation(store, admin, id, "Kept Since");
  expect([taken("kept before"), taken("kept since")]).toEqual(["no problem", "organisation.name_taken"]);
  const plans = queryPlans(store.db, () => {
    refuseTaken(orm, "Nobody is called so");
    countFounded(orm, { accountId: "acc-somebody" as AccountId, label: "account:acc-somebody" }, 3);
  });
  expect(slowPlans(plans)).toEqual([]);
  expect(plans.flatMap(({ steps }) => steps).join()).toContain("audit_entries_founded");
});

test("who decides by a role that does not count yet is told of the second factor", async () => {
  const { id } = await createAccount(store, OPERATOR, {
    ...{ email: "late@example.org", name: "Late", storeRole: "administrator" },
  });
  const late = again({ accountId: id });
  const { storeRole, ...rest } = late;
  const withheld: AccountActor = { ...rest, storeRole: null, withheldRole: "administrator" };
  expect(storeRole).toBe("administrator");
  expect(codeOfSync(() => foundOrganisation(store, withheld, { name: "Late" }))).toBe("factor.required");
});

test("what is asked about requests goes by indexes", async () => {
  const noor = await person("nadir");
  const statements = () => {
    ask(noor, "Nadir");
    findOwnRequest(store, noor);
    listRequests(store, admin, { state: "open", limit: 5 });
    listRequests(store, admin, { state: "closed", limit: 5 });
    waitingRequests(store);
  };
  // A step along an index of those alone that wait, or were decided, is bounded by the page.
  const steps = slowPlans(queryPlans(store.db, statements)).filter(
    (step) =>
      step.includes("organisation_requests") && !/USING INDEX organisation_requests_(open|closed)/.test(step),
  );
  expect(steps).toEqual([]);
});
