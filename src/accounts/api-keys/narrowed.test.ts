/** What a narrowed key may, which keys a key can make, and what ends with what. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { listApps } from "../../catalog/app-list/list.ts";
import { createApp, readApp } from "../../catalog/apps.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { codeOfSync } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccountActor, type Actor, OPERATOR } from "../actor.ts";
import { removeMember } from "../members.ts";
import { listOwnMessages } from "../messages/outbox.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { type Account, createAccount } from "../people.ts";
import { ACTIONS, type Action, allows, allowsEverywhere, authorise, reachOf } from "../rights.ts";
import { revokeApiKey } from "./end.ts";
import { findByToken } from "./find.ts";
import { readApiKey } from "./list.ts";
import { createApiKey, MOST_LIVE_KEYS, type NewApiKey } from "./make.ts";
import { actionsOfKeys, isOfApp } from "./narrow.ts";
import { rotateApiKey } from "./rotate.ts";

const DAY_MS = 86_400_000;
const NOTES = "org.example.notes" as AppId;
const CLOCK = "org.example.clock" as AppId;
const FOREIGN = "net.stranger.app" as AppId;
let store: TestStore;
let ours: OrganisationId;
let theirs: OrganisationId;
let ada: Account;

beforeAll(async () => {
  store = await openTestStore();
  ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  theirs = createOrganisation(store, OPERATOR, { name: "Theirs" }).id;
  ada = await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada" });
  addMember(store, OPERATOR, ours, ada.id, "owner");
  for (const id of [NOTES, CLOCK]) createApp(store, OPERATOR, { id, name: id, organisationId: ours });
  createApp(store, OPERATOR, { id: FOREIGN, name: "Foreign", organisationId: theirs });
});
afterAll(() => store.close());

const make = (fields: Partial<NewApiKey> = {}, by: Actor = OPERATOR) =>
  createApiKey(store, by, { owner: { organisationId: ours }, name: "CI", ...fields });
const actorWith = (fields: Partial<NewApiKey> = {}): Actor => findByToken(store, make(fields).token);
const adasKey = (fields: Partial<NewApiKey> = {}): AccountActor => {
  const actor = actorWith({ owner: { accountId: ada.id }, ...fields });
  if (actor.kind !== "account") throw new Error("a person's key is no person");
  return actor;
};

describe("a key that is narrowed to actions", () => {
  test("may those of its owner that it was given, and see who it is", () => {
    const given: Action[] = ["app.read", "version.upload"];
    const [whole, narrow] = [actorWith(), actorWith({ actions: given })];
    for (const action of ACTIONS) {
      const may = allows(whole, action, { organisationId: ours, appId: NOTES });
      const stays = action === "self.read" || given.includes(action);
      expect([action, allows(narrow, action, { organisationId: ours, appId: NOTES })]).toEqual([
        action,
        may && stays,
      ]);
      expect([action, allows(narrow, action)]).toEqual([action, allows(whole, action) && stays]);
    }
  });

  test("may no more than its owner, whatever it was given", () => {
    const key = adasKey({ actions: ["review.decide", "user.manage", "app.read"] });
    expect(ACTIONS.filter((action) => allows(key, action))).toEqual(["self.read", "app.read"]);
  });

  test("reads what was written to its person when it was given that, and not otherwise", () => {
    const read = (fields: Partial<NewApiKey>) =>
      codeOfSync(() => listOwnMessages(store, adasKey(fields), { limit: 10 }));
    expect(read({ actions: ["version.upload"] })).toBe("rights.forbidden");
    expect(read({ actions: ["version.upload"], apps: [NOTES] })).toBe("rights.forbidden");
    expect(read({ apps: [NOTES] })).toBe("rights.forbidden");
    expect(listOwnMessages(store, adasKey({ actions: ["message.read"] }), { limit: 10 }).items).toEqual([]);
    expect(listOwnMessages(store, adasKey(), { limit: 10 }).items).toEqual([]);
  });

  test("is refused in words of the key, for what it may know of", () => {
    const key = actorWith({ actions: ["app.read"] });
    const refuse = (resource: { organisationId: OrganisationId; appId?: AppId }) =>
      codeOfSync(() => authorise(key, "version.upload", resource));
    expect(refuse({ organisationId: ours, appId: NOTES })).toBe("rights.forbidden");
    expect(refuse({ organisationId: theirs, appId: FOREIGN })).toBe("not_found");
  });

  test("does nothing everywhere that it was not given", async () => {
    const account = await createAccount(store, OPERATOR, {
      email: "auditor@example.org",
      name: "A",
      storeRole: "auditor",
    });
    const owner = { accountId: account.id };
    const key = actorWith({ owner, actions: ["app.read"] });
    expect(allowsEverywhere(key, "app.read")).toBe(true);
    expect(allowsEverywhere(key, "audit.read")).toBe(false);
    expect(reachOf(key, "organisation.read").organisationIds).toEqual([]);
    const forOne = actorWith({ owner, apps: [FOREIGN] });
    expect(allowsEverywhere(forOne, "app.read")).toBe(false);
    expect(listApps(store, forOne, { limit: 10 }).items.map(({ id }) => id)).toEqual([FOREIGN]);
  });
});

describe("a key that is narrowed to apps", () => {
  test("does to them what concerns an app, and nothing to another or to the organisation", () => {
    const key = actorWith({ apps: [NOTES] });
    for (const action of ACTIONS) {
      const whole = allows(actorWith(), action, { organisationId: ours, appId: NOTES });
      const may = (resource: object) => allows(key, action, { organisationId: ours, ...resource });
      if (action === "self.read") continue;
      expect([action, may({ appId: NOTES })]).toEqual([action, whole && isOfApp(action)]);
      expect([action, may({ appId: CLOCK })]).toEqual([action, false]);
      expect([action, may({})]).toEqual([action, false]);
    }
  });

  test("sees no other app, by itself, in a list, or in how it is refused", () => {
    const keys = [actorWith({ apps: [NOTES] }), adasKey({ apps: [NOTES] })];
    for (const key of keys) {
      expect(listApps(store, key, { limit: 10 }).items.map(({ id }) => id)).toEqual([NOTES]);
      expect(listApps(store, key, { limit: 10, organisationIds: [ours] }).items.map(({ id }) => id)).toEqual([
        NOTES,
      ]);
      expect(codeOfSync(() => listApps(store, key, { limit: 10, organisationIds: [theirs] }))).toBe(
        "organisation.not_found",
      );
      expect(readApp(store, key, NOTES).id).toBe(NOTES);
      const words = (id: AppId) => {
        try {
          readApp(store, key, id);
        } catch (error) {
          return String(error).replace(id, "X");
        }
        return "there";
      };
      expect(words(CLOCK)).toBe(words("org.example.absent" as AppId));
      expect(words(FOREIGN)).toBe(words("org.example.absent" as AppId));
    }
  });
});

test("the rights of a person's key end with the person's, at once", async () => {
  const bea = await createAccount(store, OPERATOR, { email: "bea@example.org", name: "Bea" });
  addMember(store, OPERATOR, ours, bea.id, "developer");
  const { token } = make({ owner: { accountId: bea.id }, apps: [NOTES] });
  expect(readApp(store, findByToken(store, token), NOTES).id).toBe(NOTES);
  removeMember(store, OPERATOR, { organisationId: ours, accountId: bea.id });
  const after = findByToken(store, token);
  expect(codeOfSync(() => readApp(store, after, NOTES))).toBe("app.not_found");
  expect(listAppsOf(after)).toBe("rights.forbidden");
});
const listAppsOf = (actor: Actor) => codeOfSync(() => listApps(store, actor, { limit: 10 }));

describe("what a key can be given", () => {
  test("is what a machine, or a person, may at all", () => {
    const machine = actionsOfKeys({ organisationId: ours });
    expect(machine).toEqual(
      ACTIONS.filter((action) => action !== "self.read" && allows(actorWith(), action)),
    );
    expect(actionsOfKeys({ accountId: ada.id })).toEqual(ACTIONS.filter((action) => action !== "self.read"));
  });

  test.each<[string, Partial<NewApiKey>, string]>([
    ["an action that is not there", { actions: ["app.fly"] }, "apikey.actions"],
    ["an action of people", { actions: ["organisation.manage"] }, "apikey.actions"],
    ["a name that every object has", { actions: ["constructor"] }, "apikey.actions"],
    ["no action", { actions: [] }, "apikey.actions"],
    ["only what every key may", { actions: ["self.read"] }, "apikey.actions"],
    ["no app", { apps: [] }, "apikey.apps"],
    ["an app that is not there", { apps: ["org.example.absent"] }, "apikey.apps"],
    ["another's app", { apps: [FOREIGN] }, "apikey.apps"],
    ["what is no app id", { apps: ["Not An App"] }, "apikey.apps"],
    [
      "more apps than are compared",
      { apps: Array.from({ length: 51 }, (_, n) => `org.a${n}`) },
      "apikey.apps",
    ],
    [
      "apps and what reaches beyond them",
      { apps: [NOTES], actions: ["app.read", "key.enroll"] },
      "apikey.actions",
    ],
  ])("is not %s", (_name, fields, code) => {
    try {
      make(fields);
    } catch (error) {
      const { code: general, details } = error as { code: string; details: { code: string }[] };
      expect(general).toBe("apikey.invalid");
      expect(details.map((detail) => detail.code)).toContain(code);
      return;
    }
    throw new Error("it was made");
  });

  test("says of another's app what it says of one that is not there", () => {
    const said = (id: string) => {
      try {
        make({ apps: [id] });
      } catch (error) {
        return String(error).replace(id, "X");
      }
      return "made";
    };
    expect(said(FOREIGN)).toBe(said("org.example.absent"));
  });
});

describe("a key that makes keys", () => {
  const own = () => ({ accountId: ada.id });

  test("gives no action and no app that it has not", () => {
    const maker = adasKey({ actions: ["self.keys", "app.read", "version.read"] });
    const by = (fields: Partial<NewApiKey>) => codeOfSync(() => make({ owner: own(), ...fields }, maker));
    expect(by({ actions: ["app.read"] })).toBe("no problem");
    expect(by({ actions: ["app.read", "self.keys"] })).toBe("no problem");
    expect(by({ actions: ["app.read", "app.change"] })).toBe("apikey.invalid");
    expect(by({})).toBe("apikey.invalid");
    expect(codeOfSync(() => make({ actions: ["app.read"] }, maker))).toBe("rights.forbidden");
  });

  test("that is for apps makes none: keys belong to no app", () => {
    expect(codeOfSync(() => make({ owner: own(), apps: [NOTES] }, adasKey({ apps: [NOTES] })))).toBe(
      "rights.forbidden",
    );
  });

  test("of an organisation makes none", () => {
    expect(codeOfSync(() => make({}, actorWith()))).toBe("rights.forbidden");
  });

  test("gives no more time than it has", () => {
    const maker = adasKey({ days: 10 });
    expect(codeOfSync(() => make({ owner: own(), days: 11 }, maker))).toBe("apikey.invalid");
    const { key } = make({ owner: own() }, maker);
    expect(key.expiresAt).toEqual(new Date(store.clock.now().getTime() + 10 * DAY_MS));
  });

  test("takes with it what it made, and what that made", () => {
    const root = make({ owner: own() });
    const child = make({ owner: own() }, findByToken(store, root.token));
    const forOrganisation = make({}, findByToken(store, child.token));
    const other = make({ owner: own() });
    revokeApiKey(store, OPERATOR, root.key.id);
    for (const { token } of [root, child, forOrganisation]) {
      expect(codeOfSync(() => findByToken(store, token))).toBe("auth.token_revoked");
    }
    expect(codeOfSync(() => findByToken(store, other.token))).toBe("no problem");
  });

  test("makes none once it is revoked, though its request had begun", () => {
    const { key, token } = make({ owner: own() });
    const begun = findByToken(store, token);
    revokeApiKey(store, OPERATOR, key.id);
    expect(codeOfSync(() => make({ owner: own() }, begun))).toBe("auth.token_revoked");
    expect(codeOfSync(() => rotateApiKey(store, begun, other().key.id, { overlapHours: 0 }))).toBe(
      "auth.token_revoked",
    );
  });
  const other = () => make({ owner: own() });
});

describe("rotating", () => {
  test("gives a new token; the old one works for as long as was asked", () => {
    const { key, token } = make({ actions: ["app.read"], apps: [NOTES] });
    const next = rotateApiKey(store, OPERATOR, key.id, { overlapHours: 2, days: 200 });
    expect(next.key).toMatchObject({ id: key.id, name: key.name, actions: ["app.read"], apps: [NOTES] });
    expect(next.key.expiresAt.getTime()).toBe(store.clock.now().getTime() + 200 * DAY_MS);
    expect(next.token).not.toBe(token);
    expect(findByToken(store, next.token)).toEqual(findByToken(store, token));
    store.clock.advance(2 * 3_600_000);
    expect(codeOfSync(() => findByToken(store, token))).toBe("auth.token_revoked");
    expect(codeOfSync(() => findByToken(store, next.token))).toBe("no problem");
  });

  test("again leaves only the newest token of before", () => {
    const { key, token: first } = make();
    const { token: second } = rotateApiKey(store, OPERATOR, key.id, { overlapHours: 100 });
    rotateApiKey(store, OPERATOR, key.id, { overlapHours: 100 });
    expect(codeOfSync(() => findByToken(store, first))).toBe("auth.token_revoked");
    expect(codeOfSync(() => findByToken(store, second))).toBe("no problem");
  });

  test("lets the old token live no longer than it would have", () => {
    const { key, token } = make({ days: 1 });
    rotateApiKey(store, OPERATOR, key.id, { overlapHours: 100, days: 90 });
    store.clock.advance(DAY_MS);
    expect(codeOfSync(() => findByToken(store, token))).toBe("auth.token_revoked");
  });

  test.each([-1, 169, 0.5, Number.NaN])("is not done with an overlap of %p hours", (overlapHours) => {
    const { key } = make();
    expect(codeOfSync(() => rotateApiKey(store, OPERATOR, key.id, { overlapHours }))).toBe("apikey.invalid");
  });

  test("is not for a key that is over", () => {
    const { key } = make();
    revokeApiKey(store, OPERATOR, key.id);
    expect(codeOfSync(() => rotateApiKey(store, OPERATOR, key.id, { overlapHours: 0 }))).toBe("apikey.ended");
    const short = make({ days: 1 });
    store.clock.advance(DAY_MS);
    expect(codeOfSync(() => rotateApiKey(store, OPERATOR, short.key.id, { overlapHours: 0 }))).toBe(
      "apikey.ended",
    );
  });

  test("with another key gives nothing that this one has not, and ties the key to it", () => {
    const owner = { accountId: ada.id };
    const whole = make({ owner });
    const narrow = make({ owner, actions: ["self.keys", "app.read"] });
    const by = findByToken(store, narrow.token);
    expect(codeOfSync(() => rotateApiKey(store, by, whole.key.id, { overlapHours: 0 }))).toBe(
      "apikey.invalid",
    );
    const same = make({ owner, actions: ["app.read"] });
    const rotated = rotateApiKey(store, by, same.key.id, { overlapHours: 0 });
    expect(rotated.key.madeWith).toBe(narrow.key.id);
    revokeApiKey(store, OPERATOR, narrow.key.id);
    expect(codeOfSync(() => findByToken(store, rotated.token))).toBe("auth.token_revoked");
  });
});

test("a key is looked at and managed under its own owner only", () => {
  const { key } = make();
  const mine = adasKey();
  expect(codeOfSync(() => readApiKey(store, mine, { accountId: ada.id }, key.id))).toBe("apikey.not_found");
  expect(codeOfSync(() => readApiKey(store, mine, { organisationId: theirs }, key.id))).toBe(
    "organisation.not_found",
  );
  expect(codeOfSync(() => revokeApiKey(store, mine, key.id, { accountId: ada.id }))).toBe("apikey.not_found");
  expect(readApiKey(store, mine, { organisationId: ours }, key.id).id).toBe(key.id);
});

test("an owner has so many keys that work, and no more", async () => {
  const organisationId = createOrganisation(store, OPERATOR, { name: "Many" }).id;
  const owner = { organisationId };
  const [first] = Array.from({ length: MOST_LIVE_KEYS }, () => make({ owner }));
  expect(codeOfSync(() => make({ owner }))).toBe("apikey.too_many");
  if (first) revokeApiKey(store, OPERATOR, first.key.id);
  expect(codeOfSync(() => make({ owner }))).toBe("no problem");
});
