/** Names by the rule, in each place that has one; and what was named before it, which goes on as it is. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ProblemDetail } from "../errors.ts";
import type { AccountId, DeviceId, GroupId, Sha256 } from "../ids.ts";
import { type DeviceKey, enrolmentOf, newDevice, newDeviceKey } from "../testing/devices.ts";
import { codeOf, problemOf, problemOfSync } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type AccountActor, OPERATOR } from "./actor.ts";
import { createApiKey } from "./api-keys/make.ts";
import { rotateApiKey } from "./api-keys/rotate.ts";
import { createEnrolmentCode } from "./devices/codes.ts";
import { readDevice, renameDevice } from "./devices/devices.ts";
import { enrolDevice } from "./devices/enrol.ts";
import { changeGroup, createGroup, type GroupFields, readGroup } from "./groups/groups.ts";
import { renameOrganisation } from "./organisation-name.ts";
import { createOrganisation, readOrganisation, registerOrganisation } from "./organisations.ts";
import { changeOwnName } from "./own.ts";
import { createAccount, readAccount } from "./people.ts";
import { accountById } from "./records.ts";

const ROOT = "3f2a".repeat(16) as Sha256;
const FROM = { requestId: "r", address: "192.0.2.7", userAgent: "test" };
/** What was taken once: private use, an object, a heap of marks, and spaces that are none. */
const ODD = `\ue000Acme\ufffc${"\u0336".repeat(9)}\u00a0 x`;

let store: TestStore;
let accountId: AccountId;
let groupId: GroupId;
beforeAll(async () => {
  store = await openTestStore();
  accountId = (await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada" })).id;
  groupId = createGroup(store, OPERATOR, { name: "Doors" }).id;
});
afterAll(() => store.close());

function person(): AccountActor {
  const row = accountById(store.db.orm, accountId);
  if (row === undefined) throw new Error("nobody");
  return actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
}

const put = (table: string, id: string): void =>
  void store.db.raw.run(`UPDATE ${table} SET name = ?1 WHERE id = ?2`, [ODD, id]);

const enrol = (key: DeviceKey, code: string, name: string) =>
  enrolDevice(store, FROM, ROOT, {
    ...enrolmentOf(key, code, ROOT, Math.floor(store.clock.now().getTime() / 1000)),
    name,
  });
const newCode = () => createEnrolmentCode(store, OPERATOR, { label: "Kiosks" }).text ?? "";

describe("a name with what may not stand in one is refused, by its character and place, as that of", () => {
  const device = () => newDevice(store, { name: "Kiosk" }).id;
  const places: readonly (readonly [string, (name: string) => unknown, string, string])[] = [
    [
      "an organisation",
      (name) => registerOrganisation(store, OPERATOR, { name }),
      "organisation.invalid",
      "organisation.name",
    ],
    ["a group", (name) => createGroup(store, OPERATOR, { name }), "group.invalid", "group.name"],
    [
      "a group that has another one",
      (name) => changeGroup(store, OPERATOR, groupId, { name }),
      "group.invalid",
      "group.name",
    ],
    [
      "an account",
      (name) => createAccount(store, OPERATOR, { email: "bo@example.org", name }),
      "account.invalid",
      "account.name",
    ],
    ["oneself", (name) => changeOwnName(store, person(), name), "account.invalid", "account.name"],
    [
      "an API key",
      (name) => createApiKey(store, OPERATOR, { owner: { accountId }, name }),
      "apikey.invalid",
      "apikey.name",
    ],
    [
      "an enrolment code",
      (label) => createEnrolmentCode(store, OPERATOR, { label }),
      "enrolment.invalid",
      "enrolment.label",
    ],
    ["a device", (name) => renameDevice(store, OPERATOR, device(), name), "device.invalid", "device.text"],
    [
      "a device that enrols",
      (name) => enrol(newDeviceKey(), newCode(), name),
      "device.invalid",
      "device.text",
    ],
  ];
  test.each(places)("%s", async (_, give, code, detail) => {
    for (const [name, found] of [
      ["Acme\ufffc", "U+FFFC as character 5"],
      [`Ac${"\u0336\u0335".repeat(20)}`, "U+0336 as character 7"],
      ["\ue000", "U+E000 as character 1"],
      ["A\ud800", "U+D800 as character 2"],
      ["Acme\u202e", "U+202E as character 5"],
      ["Acme \u0378", "U+0378 as character 6"],
    ] as const) {
      const problem = await problemOf(async () => give(name));
      expect(problem.code).toBe(code);
      const [first] = problem.details as readonly ProblemDetail[];
      expect(first).toMatchObject({ code: detail, found });
      expect(problem.message).toContain(found);
    }
  });
});

describe("of two groups", () => {
  test("none has the name of the other, nor one that looks like it", () => {
    const { id } = createGroup(store, OPERATOR, { name: "Front Office" });
    const other = createGroup(store, OPERATOR, { name: "Back Office" }).id;
    for (const alike of [
      "FRONT OFFICE",
      "Front\u00a0Office",
      "Front \u3000 Office",
      "Ｆｒｏｎｔ Office",
      "Front Ｏffice",
      "Fr0nt Office",
      "Front 0ffice",
    ]) {
      const refused = [
        problemOfSync(() => createGroup(store, OPERATOR, { name: alike })),
        problemOfSync(() => changeGroup(store, OPERATOR, other, { name: alike })),
      ];
      for (const problem of refused) {
        expect([alike, problem.code]).toEqual([alike, "group.exists"]);
        expect(problem.message).toContain("“Front Office”");
      }
    }
    const own = { name: "front\u00a0OFFICE" };
    expect(changeGroup(store, OPERATOR, id, own).name).toBe("front OFFICE");
    expect(readGroup(store, OPERATOR, other)).toMatchObject({ name: "Back Office", revision: 1 });
  });

  test("one in Cyrillic letters passes for none in Latin ones", () => {
    createGroup(store, OPERATOR, { name: "Caca" });
    expect(problemOfSync(() => createGroup(store, OPERATOR, { name: "Саса" })).code).toBe("group.exists");
    const mixed = problemOfSync(() => createGroup(store, OPERATOR, { name: "Сaca" }));
    expect([mixed.code, mixed.details[0]?.code]).toEqual(["group.invalid", "group.name"]);
    expect(mixed.message).toContain("Latin and Cyrillic");
    expect(createGroup(store, OPERATOR, { name: "Касса 1" }).name).toBe("Касса 1");
  });
});

describe("what was named before", () => {
  const change = (id: GroupId, fields: Partial<GroupFields>) => changeGroup(store, OPERATOR, id, fields);

  test("as a group keeps its name when another field changes, and gets a new one by the rule", () => {
    const { id } = createGroup(store, OPERATOR, { name: "Old" });
    put("groups", id);
    store.db.raw.run("UPDATE groups SET description = ?1 WHERE id = ?2", ["a\ue000b", id]);
    expect(readGroup(store, OPERATOR, id).name).toBe(ODD);
    expect(change(id, { offered: true })).toMatchObject({ name: ODD, offered: true, revision: 2 });
    // As the form sends it, with all its fields.
    const form = { name: ODD, description: "a\ue000b", offered: false };
    expect(change(id, form)).toMatchObject({ ...form, revision: 3 });
    expect(change(id, { name: ODD, description: "New." })).toMatchObject({ name: ODD, revision: 4 });
    expect(problemOfSync(() => change(id, { name: `${ODD}!` })).code).toBe("group.invalid");
    expect(problemOfSync(() => change(id, { description: "\ue000" })).code).toBe("group.invalid");
    expect(change(id, { name: "New" })).toMatchObject({ name: "New", description: "New." });
  });

  test("as two groups that look alike stay so, and may be changed", () => {
    const [one, two] = ["Alike A", "Alike B"].map((name) => createGroup(store, OPERATOR, { name }).id);
    if (one === undefined || two === undefined) throw new Error("not made");
    store.db.raw.run("UPDATE groups SET name = ?1, name_key = ?1 WHERE id = ?2", ["alike\u00a0a", two]);
    expect(change(two, { name: "alike\u00a0a", description: "x" }).name).toBe("alike\u00a0a");
    expect(change(one, { description: "y" }).name).toBe("Alike A");
    expect(problemOfSync(() => change(one, { name: "ALIKE A" })).code).toBe("group.exists");
  });

  test("as an organisation, a person and a device are that still when they are called so again", () => {
    const { id } = createOrganisation(store, OPERATOR, { name: "Old Works" });
    put("organisations", id);
    put("accounts", accountId);
    const device = newDevice(store, { name: "Old" }).id as DeviceId;
    put("devices", device);
    const actor = person();
    expect(renameOrganisation(store, OPERATOR, id, ODD).name).toBe(ODD);
    expect(changeOwnName(store, actor, ODD).name).toBe(ODD);
    expect(renameDevice(store, OPERATOR, device, ODD)).toMatchObject({ name: ODD, revision: 1 });
    expect([
      readOrganisation(store, id).name,
      readAccount(store, accountId).name,
      readDevice(store, OPERATOR, device).name,
    ]).toEqual([ODD, ODD, ODD]);
    expect(renameOrganisation(store, OPERATOR, id, "New Works").name).toBe("New Works");
    expect(changeOwnName(store, actor, "Ada").name).toBe("Ada");
    expect(renameDevice(store, OPERATOR, device, "New").name).toBe("New");
  });

  test("as a device enrols again by the same key, whatever it calls itself", async () => {
    const [key, code] = [newDeviceKey(), newCode()];
    const { device } = await enrol(key, code, "Kiosk");
    put("devices", device.id);
    expect((await enrol(key, code, ODD)).device).toMatchObject({ id: device.id, name: ODD });
    expect((await enrol(key, newCode(), ODD)).device).toMatchObject({ id: device.id, name: ODD });
    expect(await codeOf(() => enrol(newDeviceKey(), newCode(), ODD))).toBe("device.invalid");
  });

  test("as an API key is given another token", () => {
    const { key } = createApiKey(store, OPERATOR, { owner: { accountId }, name: "CI" });
    put("api_keys", key.id);
    expect(rotateApiKey(store, OPERATOR, key.id, { overlapHours: 0 }).key.name).toBe(ODD);
  });
});
