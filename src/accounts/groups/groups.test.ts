import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type AccountId, type DeviceId, type GroupId, newId } from "../../ids.ts";
import type { StoreRole } from "../../roles.ts";
import { newDevice } from "../../testing/devices.ts";
import { codeOfSync } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type Actor, ANONYMOUS, OPERATOR } from "../actor.ts";
import { createAccount } from "../people.ts";
import {
  changeGroup,
  chooseGroups,
  createGroup,
  deleteGroup,
  MOST_GROUPS,
  pageGroups,
  readGroup,
} from "./groups.ts";
import {
  addDeviceToGroup,
  addPersonToGroup,
  pageDevicesIn,
  pagePeopleIn,
  readGroupsOfPerson,
  removeDeviceFromGroup,
  removePersonFromGroup,
  setGroupsOfPerson,
} from "./members.ts";
import { groupsOfAccount, groupsOfDevice, insertGroupAccount } from "./records.ts";

let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

const person = async (name: string): Promise<AccountId> =>
  (await createAccount(store, OPERATOR, { email: `${name}@example.org`, name })).id;

const said = (): string[] =>
  store.db.raw
    .query<{ action: string }, []>(
      "SELECT action FROM audit_entries WHERE action LIKE 'group.%' ORDER BY position",
    )
    .all()
    .map(({ action }) => action);

describe("a group", () => {
  test("has a name that no other one has, whatever its case", () => {
    const { id } = createGroup(store, OPERATOR, { name: "  Kiosks ", description: "In the hall." });
    expect(readGroup(store, OPERATOR, id)).toMatchObject({
      name: "Kiosks",
      description: "In the hall.",
      people: 0,
      devices: 0,
      revision: 1,
    });
    expect(codeOfSync(() => createGroup(store, OPERATOR, { name: "KIOSKS" }))).toBe("group.exists");
    const other = createGroup(store, OPERATOR, { name: "Tills" });
    expect(codeOfSync(() => changeGroup(store, OPERATOR, other.id, { name: "kiosks" }))).toBe("group.exists");
    expect(changeGroup(store, OPERATOR, id, { name: "KIOSKS" }).revision).toBe(2);
    expect(said()).toEqual(["group.created", "group.created", "group.changed"]);
  });

  test.each([
    ["", ""],
    ["x".repeat(81), ""],
    ["a\u0000b", ""],
    ["a\u202eb", ""],
    ["a\nb", ""],
    ["Kiosks", "x".repeat(401)],
    ["Kiosks", "two\nlines"],
  ])("is not called %j, with %j", (name, description) => {
    expect(codeOfSync(() => createGroup(store, OPERATOR, { name, description }))).toBe("group.invalid");
    expect(said()).toEqual([]);
  });

  test("is not changed by who has seen an earlier one, and what says nothing new is no change", () => {
    const { id } = createGroup(store, OPERATOR, { name: "Kiosks" });
    changeGroup(store, OPERATOR, id, { description: "new" }, 1);
    expect(codeOfSync(() => changeGroup(store, OPERATOR, id, { name: "x" }, 1))).toBe("precondition.failed");
    expect(codeOfSync(() => deleteGroup(store, OPERATOR, id, 1))).toBe("precondition.failed");
    expect(changeGroup(store, OPERATOR, id, { description: "new" }, 2).revision).toBe(2);
    expect(said()).toEqual(["group.created", "group.changed"]);
  });

  test("that is deleted holds nobody any more, and they stay", async () => {
    const { id } = createGroup(store, OPERATOR, { name: "Kiosks" });
    const other = createGroup(store, OPERATOR, { name: "Tills" }).id;
    const accountId = await person("ada");
    const device = newDevice(store, { name: "Kiosk 1" });
    for (const group of [id, other]) {
      addPersonToGroup(store, OPERATOR, group, { accountId });
      addDeviceToGroup(store, OPERATOR, group, device.id);
    }
    deleteGroup(store, OPERATOR, id);
    expect(groupsOfAccount(store.db.orm, accountId)).toEqual([other]);
    expect(groupsOfDevice(store.db.orm, device.id)).toEqual([other]);
    expect(codeOfSync(() => readGroup(store, OPERATOR, id))).toBe("group.not_found");
    expect(createGroup(store, OPERATOR, { name: "kiosks" }).name).toBe("kiosks");
  });

  test("that is made again by the same call is the same one", () => {
    const once = { actor: "operator", key: "k", request: "POST /api/v1/groups" };
    const first = createGroup(store, OPERATOR, { name: "Kiosks" }, once);
    expect(createGroup(store, OPERATOR, { name: "Kiosks" }, once).id).toBe(first.id);
    expect(codeOfSync(() => createGroup(store, OPERATOR, { name: "Tills" }, once))).toBe(
      "idempotency.key_reused",
    );
  });

  test("is one of so many at most", () => {
    for (let n = 0; n < MOST_GROUPS; n += 1) createGroup(store, OPERATOR, { name: `Group ${n}` });
    expect(codeOfSync(() => createGroup(store, OPERATOR, { name: "One more" }))).toBe("group.too_many");
    expect(chooseGroups(store, OPERATOR)).toHaveLength(MOST_GROUPS);
  });
});

describe("people and devices", () => {
  test("are put in and taken out, again without an error", async () => {
    const { id } = createGroup(store, OPERATOR, { name: "Kiosks" });
    const accountId = await person("ada");
    const device = newDevice(store, { name: "Kiosk 1" });
    for (let n = 0; n < 2; n += 1) {
      addPersonToGroup(store, OPERATOR, id, { email: "ADA@example.org" });
      addDeviceToGroup(store, OPERATOR, id, device.id);
    }
    expect(pagePeopleIn(store, OPERATOR, id, { limit: 10 }).items).toMatchObject([
      { accountId, name: "ada" },
    ]);
    expect(pageDevicesIn(store, OPERATOR, id, { limit: 10 }).items).toMatchObject([{ name: "Kiosk 1" }]);
    expect(pageDevicesIn(store, OPERATOR, id, { limit: 10 }).items[0]).not.toHaveProperty("publicKey");
    expect(readGroup(store, OPERATOR, id)).toMatchObject({ people: 1, devices: 1 });
    for (let n = 0; n < 2; n += 1) {
      removePersonFromGroup(store, OPERATOR, id, accountId);
      removeDeviceFromGroup(store, OPERATOR, id, device.id);
    }
    expect(readGroup(store, OPERATOR, id)).toMatchObject({ people: 0, devices: 0 });
    expect(said()).toEqual([
      "group.created",
      "group.person_added",
      "group.device_added",
      "group.person_removed",
      "group.device_removed",
    ]);
  });

  test("that are not there, and groups that are not there", async () => {
    const { id } = createGroup(store, OPERATOR, { name: "Kiosks" });
    const accountId = await person("ada");
    const none = newId("grp");
    const nobody = newId("acc");
    const nothing = newId("dev") as DeviceId;
    expect(codeOfSync(() => addPersonToGroup(store, OPERATOR, none, { accountId }))).toBe("group.not_found");
    expect(codeOfSync(() => addPersonToGroup(store, OPERATOR, id, { accountId: nobody }))).toBe(
      "account.not_found",
    );
    expect(codeOfSync(() => addPersonToGroup(store, OPERATOR, id, { email: "x" }))).toBe("account.not_found");
    expect(codeOfSync(() => addDeviceToGroup(store, OPERATOR, id, nothing))).toBe("device.not_found");
    expect(codeOfSync(() => removePersonFromGroup(store, OPERATOR, id, nobody))).toBe("account.not_found");
    expect(codeOfSync(() => removeDeviceFromGroup(store, OPERATOR, id, nothing))).toBe("device.not_found");
  });

  test("of a page go on where the page before ended", async () => {
    const { id } = createGroup(store, OPERATOR, { name: "Kiosks" });
    const all = [await person("a"), await person("b"), await person("c")];
    for (const accountId of all) addPersonToGroup(store, OPERATOR, id, { accountId });
    const first = pagePeopleIn(store, OPERATOR, id, { limit: 2 });
    expect(first.items.map((row) => row.accountId)).toEqual(all.slice(0, 2));
    const rest = pagePeopleIn(store, OPERATOR, id, { limit: 2, after: first.nextCursor as string });
    expect(rest.items.map((row) => row.accountId)).toEqual(all.slice(2));
    expect(rest.nextCursor).toBeNull();
  });
});

test("the groups of one person are said at once", async () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => createGroup(store, OPERATOR, { name }).id) as [
    GroupId,
    GroupId,
    GroupId,
  ];
  const accountId = await person("ada");
  setGroupsOfPerson(store, OPERATOR, accountId, [a, b]);
  setGroupsOfPerson(store, OPERATOR, accountId, [b, c, c]);
  expect(readGroupsOfPerson(store, OPERATOR, accountId)).toEqual([b, c]);
  expect(codeOfSync(() => setGroupsOfPerson(store, OPERATOR, accountId, [newId("grp")]))).toBe(
    "group.not_found",
  );
  expect(readGroupsOfPerson(store, OPERATOR, accountId)).toEqual([b, c]);
  expect(codeOfSync(() => setGroupsOfPerson(store, OPERATOR, newId("acc"), []))).toBe("account.not_found");
  expect(codeOfSync(() => setGroupsOfPerson(store, ANONYMOUS, accountId, []))).toBe("auth.required");
  expect(said().filter((action) => action.startsWith("group.person"))).toEqual([
    "group.person_added",
    "group.person_added",
    "group.person_added",
    "group.person_removed",
  ]);
});

test("who may see and who may change", async () => {
  const { id } = createGroup(store, OPERATOR, { name: "Kiosks" });
  const accountId = await person("ada");
  const as = (storeRole: StoreRole | null): Actor => ({
    kind: "account",
    accountId,
    email: "ada@example.org",
    name: "ada",
    storeRole,
    organisations: new Map(),
    via: { type: "session", sessionId: "s" },
  });
  const changes = (actor: Actor) =>
    [
      () => createGroup(store, actor, { name: `Of ${actor.kind}` }),
      () => changeGroup(store, actor, id, { description: "new" }),
      () => addPersonToGroup(store, actor, id, { accountId }),
      () => removePersonFromGroup(store, actor, id, accountId),
      () => addDeviceToGroup(store, actor, id, newDevice(store, { name: "x" }).id),
      () => removeDeviceFromGroup(store, actor, id, newDevice(store, { name: "x" }).id),
      () => deleteGroup(store, actor, createGroup(store, OPERATOR, { name: Bun.randomUUIDv7() }).id),
    ].map(codeOfSync);
  const reads = (actor: Actor) =>
    [
      () => readGroup(store, actor, id),
      () => pageGroups(store, actor, { limit: 1 }),
      () => chooseGroups(store, actor),
      () => pagePeopleIn(store, actor, id, { limit: 1 }),
      () => pageDevicesIn(store, actor, id, { limit: 1 }),
    ].map(codeOfSync);
  const all = (answers: readonly string[]) => [...new Set(answers)];
  expect(all(changes(as("administrator")))).toEqual(["no problem"]);
  for (const role of ["auditor", "support", "reviewer", null] as const)
    expect([role, all(changes(as(role)))]).toEqual([role, ["rights.forbidden"]]);
  for (const role of ["administrator", "auditor", "support"] as const)
    expect([role, all(reads(as(role)))]).toEqual([role, ["no problem"]]);
  for (const role of ["reviewer", null] as const)
    expect([role, all(reads(as(role)))]).toEqual([role, ["rights.forbidden"]]);
  expect(all([...changes(ANONYMOUS), ...reads(ANONYMOUS)])).toEqual(["auth.required"]);
});

test("the groups of one person or device are found without reading those of others", async () => {
  const group = createGroup(store, OPERATOR, { name: "Kiosks" });
  const accountId = await person("ada");
  const device = newDevice(store, { name: "Kiosk 1" });
  const plans = queryPlans(store.db, () => {
    const tx = store.db.orm;
    groupsOfAccount(tx, accountId);
    groupsOfDevice(tx, device.id);
    pagePeopleIn(store, OPERATOR, group.id, { limit: 25, after: accountId });
    pageDevicesIn(store, OPERATOR, group.id, { limit: 25, after: device.id });
    readGroup(store, OPERATOR, group.id);
    insertGroupAccount(tx, { groupId: group.id as GroupId, accountId, createdAt: store.clock.now() });
  });
  expect(slowPlans(plans)).toEqual([]);
});
