/** What a key is told of whose it is: everything, or what it was given alone. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createApp } from "../catalog/apps.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type AccountActor, OPERATOR } from "./actor.ts";
import { findByToken } from "./api-keys/find.ts";
import { createApiKey } from "./api-keys/make.ts";
import { addMember, createOrganisation } from "./organisations.ts";
import { type Account, createAccount } from "./people.ts";
import { accountById } from "./records.ts";
import { whoIs } from "./who.ts";

const [NOTES, MAPS] = ["org.example.notes", "org.example.maps"] as [AppId, AppId];
let store: TestStore;
let ada: Account;
let organisations: Record<"owned" | "viewed" | "narrowed", OrganisationId>;
beforeAll(async () => {
  store = await openTestStore();
  const email = "ada@example.org";
  ada = await createAccount(store, OPERATOR, { email, name: "Ada", storeRole: "administrator" });
  const make = (name: string) => createOrganisation(store, OPERATOR, { name }).id;
  organisations = { owned: make("Owned"), viewed: make("Viewed"), narrowed: make("Narrowed") };
  const { owned, viewed, narrowed } = organisations;
  addMember(store, OPERATOR, owned, ada.id, "owner");
  addMember(store, OPERATOR, narrowed, ada.id, "owner");
  const row = accountById(store.db.orm, ada.id);
  if (!row) throw new Error("nobody");
  const actor = actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
  createApp(store, actor, { id: NOTES, name: "Notes", organisationId: owned });
  createApp(store, actor, { id: MAPS, name: "Maps", organisationId: narrowed });
  const other = await createAccount(store, OPERATOR, { email: "bea@example.org", name: "Bea" });
  addMember(store, OPERATOR, narrowed, other.id, "owner");
  addMember(store, OPERATOR, viewed, ada.id, "viewer");
  addMember(store, OPERATOR, narrowed, ada.id, "maintainer", [MAPS]);
});
afterAll(() => store.close());

const ALL = ["Narrowed", "Owned", "Viewed"];

test.each([
  ["all", {}, true, "administrator", ALL],
  ["uploads", { actions: ["version.upload"] }, false, null, ["Narrowed", "Owned"]],
  ["apps, seen", { actions: ["app.read"] }, false, "administrator", ALL],
  ["messages", { actions: ["message.read"] }, true, null, []],
  ["one's own keys", { actions: ["self.keys"] }, true, null, []],
  ["one app", { apps: [NOTES] }, false, null, ["Owned"]],
  ["uploads of another app", { apps: [MAPS], actions: ["version.upload"] }, false, null, ["Narrowed"]],
  ["reviews", { actions: ["user.read"] }, false, "administrator", []],
] as const)("a key for %s", (_, narrowed, isTold, storeRole, names) => {
  const { token } = createApiKey(store, OPERATOR, { owner: { accountId: ada.id }, name: "k", ...narrowed });
  const who = whoIs(store, findByToken(store, token) as AccountActor);
  expect(who.person).toEqual(isTold ? { accountId: ada.id, email: ada.email, name: "Ada" } : null);
  expect(who.storeRole).toBe(storeRole);
  expect(who.organisations.map(({ name }) => name).sort()).toEqual([...names]);
});

test("of a role for certain apps a key is told of its own among them", () => {
  const key = (apps: AppId[]) =>
    whoIs(
      store,
      findByToken(
        store,
        createApiKey(store, OPERATOR, { owner: { accountId: ada.id }, name: "k", apps }).token,
      ) as AccountActor,
    ).organisations.map(({ name, apps: of }) => [name, of]);
  expect(key([MAPS])).toEqual([["Narrowed", [MAPS]]]);
  expect(key([NOTES])).toEqual([["Owned", null]]);
});
