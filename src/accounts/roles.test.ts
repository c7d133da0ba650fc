/** Roles that are read as far as they are asked for say what all of them together say. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import type { OrganisationId } from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type Actor, OPERATOR } from "./actor.ts";
import { findByToken } from "./api-keys/find.ts";
import { createApiKey } from "./api-keys/make.ts";
import { addMember, createOrganisation } from "./organisations.ts";
import { createAccount } from "./people.ts";
import { type AccountRow, accountById } from "./records.ts";
import { ACTIONS, allows } from "./rights.ts";
import { rolesOf } from "./roles.ts";

let store: TestStore;
let people: readonly (readonly [AccountRow, ReadonlyMap<OrganisationId, OrganisationRole>])[];
let strange: OrganisationId;
beforeAll(async () => {
  store = await openTestStore();
  const add = (name: string) => createOrganisation(store, OPERATOR, { name }).id;
  const [one, two] = [add("One"), add("Two")];
  strange = add("Strange");
  const person = async (name: string, roles: readonly (readonly [OrganisationId, OrganisationRole])[]) => {
    const { id } = await createAccount(store, OPERATOR, { email: `${name}@example.org`, name });
    for (const [organisation, role] of roles) addMember(store, OPERATOR, organisation, id, role);
    const row = accountById(store.db.orm, id);
    if (!row) throw new Error("an account that was just made is not there");
    return [row, new Map(roles)] as const;
  };
  people = [
    await person("nobody", []),
    await person("viewer", [[one, "viewer"]]),
    await person("both", [
      [one, "developer"],
      [two, "owner"],
    ]),
  ];
});
afterAll(() => store.close());

test("each right is decided as from all roles", () => {
  for (const [row, roles] of people) {
    const lazy = actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
    const whole = { ...lazy, organisations: roles };
    for (const action of ACTIONS) {
      for (const resource of [
        {},
        ...[...roles.keys(), strange].map((organisationId) => ({ organisationId })),
      ])
        expect([row.name, action, allows(lazy, action, resource)]).toEqual([
          row.name,
          action,
          allows(whole, action, resource),
        ]);
    }
  }
});

test("a key of theirs brings the same roles", () => {
  for (const [row, roles] of people) {
    const { token } = createApiKey(store, OPERATOR, { owner: { accountId: row.id }, name: "k" });
    const actor = findByToken(store, token);
    const whole = { ...actor, organisations: roles } as Actor;
    for (const action of ACTIONS)
      expect([row.name, action, allows(actor, action)]).toEqual([row.name, action, allows(whole, action)]);
  }
});

test("it is the map that it stands for", () => {
  for (const [row, roles] of people) {
    const fresh = () => rolesOf(store.db.orm, row.id, new Date(0));
    const sorted = (pairs: Iterable<readonly [string, string]>) => [...pairs].sort();
    expect(sorted(fresh())).toEqual(sorted(roles));
    expect(sorted(fresh().entries())).toEqual(sorted(roles));
    expect([...fresh().keys()].sort()).toEqual([...roles.keys()].sort());
    expect([...fresh().values()].sort()).toEqual([...roles.values()].sort());
    expect(fresh().size).toBe(roles.size);
    const pairs: [string, string][] = [];
    fresh().forEach((role, id) => void pairs.push([id, role]));
    expect(sorted(pairs)).toEqual(sorted(roles));
    for (const id of [...roles.keys(), strange]) {
      expect([fresh().get(id), fresh().has(id)]).toEqual([roles.get(id), roles.has(id)]);
      const read = fresh();
      expect([read.size, read.get(id)]).toEqual([roles.size, roles.get(id)]);
    }
  }
});

test("what a request asks is found by an index", () => {
  const [row] = people[2] ?? [];
  if (!row) throw new Error("there is nobody");
  const plans = queryPlans(store.db, () => {
    const actor = actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
    allows(actor, "app.read");
    allows(actor, "app.read", { organisationId: strange });
  });
  expect(slowPlans(plans)).toEqual([]);
});
