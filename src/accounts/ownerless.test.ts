/** Organisations that nobody answers for: found, taken over with a reason, and never while an owner works. */

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { verifyAudit } from "../audit/verify.ts";
import type { AccountId, OrganisationId } from "../ids.ts";
import type { StoreRole } from "../roles.ts";
import { codeOfSync } from "../testing/problems.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type AccountActor, OPERATOR } from "./actor.ts";
import { accept } from "./invitations/accept.ts";
import { invite } from "./invitations/invite.ts";
import { changeRole, leaveOrganisation, listMembers, removeMember } from "./members.ts";
import { confirmMembership, upsertMembership } from "./memberships.records.ts";
import { handOver } from "./messages/hand-over.ts";
import { listMessages } from "./messages/outbox.ts";
import {
  addMember,
  createOrganisation,
  OWNER_PAUSE_DAYS,
  pageAllOrganisations,
  pageOrganisations,
} from "./organisations.ts";
import { listOwnerless, takeOver } from "./ownerless.ts";
import { createAccount, disableAccount, enableAccount } from "./people.ts";
import { accountById } from "./records.ts";

const opened: TestStore[] = [];
let store: TestStore;
let admin: AccountActor;
let organisationId: OrganisationId;
beforeEach(async () => {
  store = await openTestStore();
  opened.push(store);
  admin = await person("ada", "administrator");
  organisationId = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
});
afterAll(() => {
  for (const each of opened) each.close();
});

function actorOf(id: AccountId): AccountActor {
  const row = accountById(store.db.orm, id);
  if (!row) throw new Error("nobody");
  const actor = actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
  // Their second factor is not what these tests are about.
  return actor.withheldRole === undefined ? actor : { ...actor, storeRole: actor.withheldRole };
}

async function person(name: string, storeRole: StoreRole | null = null): Promise<AccountActor> {
  const { id } = await createAccount(store, OPERATOR, { email: `${name}@example.org`, name, storeRole });
  return actorOf(id);
}

const found = () => listOwnerless(store, admin, { limit: 25 }).items.map(({ id }) => id);
const take = (owner = "ada@example.org", reason = "Olga has left.", by: AccountActor = admin) =>
  codeOfSync(() => takeOver(store, by, organisationId, { owner, reason }));
const messages = () =>
  listMessages(store, OPERATOR, { limit: 50 }).items.map(({ address, body }) => ({ address, body }));

describe("an organisation is without an owner", () => {
  test("when it never had one, when the last is disabled, and not any more when they are back", async () => {
    expect(found()).toEqual([organisationId]);
    const olga = await person("olga");
    addMember(store, OPERATOR, organisationId, olga.accountId, "owner");
    expect(found()).toEqual([]);
    disableAccount(store, OPERATOR, olga.accountId);
    expect(found()).toEqual([organisationId]);
    enableAccount(store, OPERATOR, olga.accountId);
    expect(found()).toEqual([]);
  });

  test("when the group of its last is gone, or was not confirmed for a month; a pause is not enough", async () => {
    const olga = await person("olga");
    const confirmedAt = store.clock.now();
    upsertMembership(store.db.orm, {
      organisationId,
      accountId: olga.accountId,
      role: "owner",
      provider: "sso",
      confirmedAt,
      createdAt: confirmedAt,
    });
    const day = 86_400_000;
    store.clock.advance(OWNER_PAUSE_DAYS * day - 1);
    expect(found()).toEqual([]);
    expect(take()).toBe("organisation.owned");
    store.clock.advance(1);
    expect(found()).toEqual([organisationId]);
    confirmMembership(store.db.orm, organisationId, olga.accountId, store.clock.now());
    expect(found()).toEqual([]);
    confirmMembership(store.db.orm, organisationId, olga.accountId, null);
    expect(found()).toEqual([organisationId]);
  });

  test("among many that have one, in steps that cost the same", async () => {
    const olga = await person("olga");
    const owned = Array.from({ length: 1200 }, (_, n) =>
      createOrganisation(store, OPERATOR, { name: `O${n}` }),
    );
    for (const { id } of owned) addMember(store, OPERATOR, id, olga.accountId, "owner");
    const last = createOrganisation(store, OPERATOR, { name: "Last" }).id;
    expect(found()).toEqual([organisationId, last]);
    const first = listOwnerless(store, admin, { limit: 1 });
    expect(first.items.map(({ id }) => id)).toEqual([organisationId]);
    const rest = listOwnerless(store, admin, { limit: 1, after: first.nextCursor ?? "" });
    expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([[last], null]);
    expect(slowPlans(queryPlans(store.db, found))).toEqual([]);
  });
});

describe("taking over", () => {
  test("makes the named one the owner, and tells everybody who is there and the log why", async () => {
    const [olga, bea, cy] = [await person("olga"), await person("bea"), await person("cy")];
    addMember(store, OPERATOR, organisationId, olga.accountId, "owner");
    addMember(store, OPERATOR, organisationId, bea.accountId, "developer");
    disableAccount(store, OPERATOR, olga.accountId);
    expect(take("cy@example.org")).toBe("no problem");
    const owners = listMembers(store, admin, organisationId).filter(({ role }) => role === "owner");
    expect(owners.map(({ accountId }) => accountId).sort()).toEqual([cy.accountId, olga.accountId].sort());
    expect(messages().map(({ address }) => address)).toEqual(["bea@example.org", "cy@example.org"]);
    for (const { body } of messages()) {
      expect(body).toContain("ada <ada@example.org>, an administrator");
      expect(body).toContain("Olga has left.");
    }
    expect(
      store.db.raw
        .query("SELECT actor, after FROM audit_entries WHERE action = 'organisation.taken_over'")
        .all(),
    ).toEqual([
      {
        actor: `account:${admin.accountId}`,
        after: JSON.stringify({ owner: cy.accountId, reason: "Olga has left." }),
      },
    ]);
    expect((await verifyAudit(store.db)).fault).toBeNull();
    expect(found()).toEqual([]);
    expect(take()).toBe("organisation.owned");
  });

  test("is for administrators alone, of what is there, with a reason and an account that works", async () => {
    const [olga, auditor, gone] = [
      await person("olga"),
      await person("auditor", "auditor"),
      await person("gone"),
    ];
    addMember(store, OPERATOR, organisationId, olga.accountId, "maintainer");
    disableAccount(store, OPERATOR, gone.accountId);
    expect(take("olga@example.org", "x", actorOf(olga.accountId))).not.toBe("no problem");
    expect(take("auditor@example.org", "x", auditor)).toBe("rights.forbidden");
    expect(take("gone@example.org")).toBe("organisation.owner_unknown");
    expect(take("nobody@example.org")).toBe("organisation.owner_unknown");
    for (const reason of ["", "  ", "x".repeat(501), "a\u202eb"])
      expect(take(undefined, reason)).toBe("reason.invalid");
    const nowhere = `org-${"0".repeat(32)}` as OrganisationId;
    expect(codeOfSync(() => takeOver(store, admin, nowhere, { owner: "ada@example.org", reason: "x" }))).toBe(
      "organisation.not_found",
    );
    expect(messages()).toEqual([]);
    expect(codeOfSync(() => listOwnerless(store, actorOf(olga.accountId), { limit: 1 }))).toBe(
      "rights.forbidden",
    );
  });

  test("is the only way in which an administrator makes owners of an organisation of others", async () => {
    const [olga, bea] = [await person("olga"), await person("bea")];
    addMember(store, OPERATOR, organisationId, olga.accountId, "owner");
    addMember(store, OPERATOR, organisationId, bea.accountId, "viewer");
    const of = { organisationId, accountId: bea.accountId };
    const promote = (by: AccountActor) => codeOfSync(() => changeRole(store, by, of, { role: "owner" }));
    const ask = (by: AccountActor, email: string) =>
      codeOfSync(() => invite(store, by, { email, member: { organisationId, role: "owner" } }));
    expect(promote(admin)).toBe("organisation.owners_only");
    expect(ask(admin, "ada@example.org")).toBe("organisation.owners_only");
    expect(codeOfSync(() => changeRole(store, admin, of, { role: "maintainer" }))).toBe("no problem");
    expect(promote(actorOf(olga.accountId))).toBe("no problem");
    expect(ask(actorOf(olga.accountId), "cy@example.org")).toBe("no problem");
  });

  test("is not got around by an invitation of somebody who was an owner", async () => {
    const olga = await person("olga");
    addMember(store, OPERATOR, organisationId, olga.accountId, "owner");
    addMember(store, OPERATOR, organisationId, admin.accountId, "owner");
    await person("cy");
    const member = { organisationId, role: "owner" as const };
    invite(store, actorOf(admin.accountId), { email: "cy@example.org", member });
    const [message] = listMessages(store, OPERATOR, { limit: 1 }).items;
    const link = handOver(store, OPERATOR, message?.id ?? ("" as never), "http://x").url;
    const token = new URL(link).searchParams.get("token") ?? "";
    leaveOrganisation(store, actorOf(admin.accountId), organisationId);
    expect(codeOfSync(() => accept(store, OPERATOR, token))).toBe("link.invalid");
  });
});

describe("the last owner", () => {
  test("of two who leave at once one stays", async () => {
    const [olga, bea] = [await person("olga"), await person("bea")];
    for (const { accountId } of [olga, bea]) addMember(store, OPERATOR, organisationId, accountId, "owner");
    const [first, second] = [actorOf(olga.accountId), actorOf(bea.accountId)];
    // Both have looked already: what counts is what is there when it is written.
    for (const actor of [first, second]) expect(actor.organisations.get(organisationId)).toBe("owner");
    expect(codeOfSync(() => leaveOrganisation(store, first, organisationId))).toBe("no problem");
    expect(codeOfSync(() => leaveOrganisation(store, second, organisationId))).toBe(
      "organisation.last_owner",
    );
  });

  test("is one who can sign in: a disabled owner and a group that is gone do not stand in for them", async () => {
    const [olga, bea, cy] = [await person("olga"), await person("bea"), await person("cy")];
    for (const { accountId } of [olga, bea]) addMember(store, OPERATOR, organisationId, accountId, "owner");
    upsertMembership(store.db.orm, {
      organisationId,
      accountId: cy.accountId,
      role: "owner",
      provider: "sso",
      confirmedAt: null,
      createdAt: store.clock.now(),
    });
    disableAccount(store, OPERATOR, bea.accountId);
    const of = { organisationId, accountId: olga.accountId };
    expect(codeOfSync(() => leaveOrganisation(store, actorOf(olga.accountId), organisationId))).toBe(
      "organisation.last_owner",
    );
    expect(codeOfSync(() => removeMember(store, admin, of))).toBe("organisation.last_owner");
    for (const role of ["maintainer", "viewer"] as const)
      expect(codeOfSync(() => changeRole(store, admin, of, { role, apps: [] }))).toBe(
        "organisation.last_owner",
      );
  });
});

describe("all organisations", () => {
  const names = (page: Parameters<typeof pageAllOrganisations>[2]) =>
    pageAllOrganisations(store, admin, page).items.map(({ name }) => name);

  test("are found by the beginning of a name in any case, or of an id, a page at a time and by an index", () => {
    for (const name of ["Harbour Works", "harbour alms", "HARBOUR Light", "Old Harbour"])
      createOrganisation(store, OPERATOR, { name });
    const all = { search: " harbour", limit: 2 };
    const first = pageAllOrganisations(store, admin, all);
    expect(first.items.map(({ name }) => name)).toEqual(["harbour alms", "HARBOUR Light"]);
    expect(names({ ...all, after: first.nextCursor ?? "" })).toEqual(["Harbour Works"]);
    expect(names({ search: organisationId.slice(0, 20), limit: 25 })).toContain("Ours");
    expect(names({ search: "org-zz", limit: 25 })).toEqual([]);
    expect(names({ search: "", limit: 25 })).toHaveLength(5);
    expect(slowPlans(queryPlans(store.db, () => names(all)))).toEqual([]);
  });

  test("are for the store's staff, with how many are in each", async () => {
    const olga = await person("olga");
    addMember(store, OPERATOR, organisationId, olga.accountId, "owner");
    expect(pageAllOrganisations(store, admin, { search: "our", limit: 5 }).items).toMatchObject([
      { id: organisationId, members: 1, apps: 0 },
    ]);
    const owner = actorOf(olga.accountId);
    const refused = codeOfSync(() => pageAllOrganisations(store, owner, { search: "", limit: 5 }));
    expect(refused).toBe("rights.forbidden");
    createOrganisation(store, OPERATOR, { name: "Ours not" });
    const owned = () => pageOrganisations(store, admin, { ownedBy: olga.accountId, limit: 5 }).items;
    expect(owned()).toMatchObject([{ id: organisationId, members: 1, apps: 0 }]);
    expect(slowPlans(queryPlans(store.db, owned))).toEqual([]);
    expect(pageOrganisations(store, owner, { search: "OUR", limit: 5 }).items).toHaveLength(1);
  });
});
