/** An invitation that stayed open gives nothing back that was decided in another way since. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { OrganisationId } from "../../ids.ts";
import { codeOf } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccountActor, ANONYMOUS, OPERATOR } from "../actor.ts";
import { askToChangeAddress, confirmAddress } from "../address.ts";
import { changeRole, listMembers, removeMember } from "../members.ts";
import { handOver } from "../messages/hand-over.ts";
import { listMessages } from "../messages/outbox.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { createAccount, disableAccount, enableAccount, readAccount, setStoreRole } from "../people.ts";
import { createSession, findSession } from "../sessions.ts";
import { accept, acceptWithNewAccount, readOffer } from "./accept.ts";
import { invite, listInvitations } from "./invite.ts";

const PASSWORD = "seven green bicycles";
const FROM = { address: "192.0.2.1", userAgent: "test" };
let store: TestStore;
let organisationId: OrganisationId;
let elsewhere: OrganisationId;
beforeAll(async () => {
  store = await openTestStore();
  organisationId = createOrganisation(store, OPERATOR, { name: "Lovelace" }).id;
  elsewhere = createOrganisation(store, OPERATOR, { name: "Elsewhere" }).id;
});
afterAll(() => store.close());

let people = 0;
const newEmail = () => {
  people += 1;
  return `bea${people}@example.org`;
};

async function account(email: string): Promise<AccountActor> {
  const { id } = await createAccount(store, OPERATOR, { email, name: "Bea", password: PASSWORD });
  return session(id);
}

async function session(id: AccountActor["accountId"]): Promise<AccountActor> {
  const found = await findSession(store, (await createSession(store, id, FROM)).secret);
  if (found === null) throw new Error("there is no session");
  return found.actor;
}

/** The newest message's link, as somebody is given it. */
function newestLink(): string {
  const [message] = listMessages(store, OPERATOR, { limit: 1 }).items;
  if (message === undefined) throw new Error("there is no message");
  const { url } = handOver(store, OPERATOR, message.id, "https://s.example");
  return new URL(url).searchParams.get("token") ?? "";
}

function ownerLink(email: string, into = organisationId): string {
  invite(store, OPERATOR, { email, member: { organisationId: into, role: "owner" } });
  return newestLink();
}

const roleOf = ({ accountId }: AccountActor) =>
  listMembers(store, OPERATOR, organisationId).find((member) => member.accountId === accountId)?.role;
const add = ({ accountId }: AccountActor) => addMember(store, OPERATOR, organisationId, accountId, "viewer");
const remove = ({ accountId }: AccountActor) => removeMember(store, OPERATOR, { organisationId, accountId });

describe("an invitation into an organisation", () => {
  type Way = readonly [name: string, change: (bea: AccountActor) => unknown, role?: string];
  const WAYS: readonly Way[] = [
    ["was put in by hand", add, "viewer"],
    [
      "was put in and put out",
      (bea) => {
        add(bea);
        remove(bea);
      },
    ],
    [
      "has another role",
      (bea) => {
        add(bea);
        changeRole(store, OPERATOR, { organisationId, accountId: bea.accountId }, { role: "developer" });
      },
      "developer",
    ],
    [
      "was disabled, and is enabled again",
      ({ accountId }) => {
        disableAccount(store, OPERATOR, accountId);
        enableAccount(store, OPERATOR, accountId);
      },
    ],
  ];
  for (const [name, change, role] of WAYS) {
    test(`opens nothing once who it is for ${name}`, async () => {
      const bea = await account(newEmail());
      const link = ownerLink(bea.email);
      expect(readOffer(store, ANONYMOUS, link).role).toBe("owner");
      await change(bea);
      expect(await codeOf(async () => accept(store, await session(bea.accountId), link))).toBe(
        "link.invalid",
      );
      expect(roleOf(bea)).toBe(role as never);
    });
  }

  test("stays, with those of others, when it is into another one", async () => {
    const bea = await account(newEmail());
    const link = ownerLink(bea.email, elsewhere);
    const other = await account(newEmail());
    const theirs = ownerLink(other.email);
    add(bea);
    remove(bea);
    expect(accept(store, bea, link).organisationId).toBe(elsewhere);
    expect(accept(store, other, theirs).organisationId).toBe(organisationId);
    expect(roleOf(other)).toBe("owner");
  });

  test("counts when it was sent after they were put out", async () => {
    const bea = await account(newEmail());
    add(bea);
    remove(bea);
    expect(accept(store, bea, ownerLink(bea.email)).organisationId).toBe(organisationId);
    expect(roleOf(bea)).toBe("owner");
  });

  test("stays behind with an address that the account had, and does not come along to one that it gets", async () => {
    const bea = await account(newEmail());
    const next = newEmail();
    const link = ownerLink(bea.email);
    const waiting = ownerLink(next);
    store.clock.advance(1000);
    add(bea);
    remove(bea);
    await askToChangeAddress(store, bea, { email: next, current: PASSWORD, address: FROM.address });
    confirmAddress(store, ANONYMOUS, newestLink());
    const now = await session(bea.accountId);
    expect(now.email).toBe(next);
    expect(await codeOf(() => accept(store, now, waiting))).toBe("link.invalid");
    const made = acceptWithNewAccount(store, ANONYMOUS, { token: link, name: "Bea", password: PASSWORD });
    expect(await codeOf(() => made)).toBe("link.invalid");
  });
});

describe("an invitation to a role in the store", () => {
  function administratorLink(email: string): string {
    invite(store, OPERATOR, { email, storeRole: "administrator" });
    return newestLink();
  }

  test("opens nothing once the account was made by hand, whatever role it gets", async () => {
    const email = newEmail();
    const link = administratorLink(email);
    const { id } = await createAccount(store, OPERATOR, { email, name: "Bea", storeRole: "reviewer" });
    setStoreRole(store, OPERATOR, id, null);
    expect(await codeOf(async () => accept(store, await session(id), link))).toBe("link.invalid");
    expect(readAccount(store, email).storeRole).toBeNull();
    expect(listInvitations(store, OPERATOR, null, { limit: 10 }).items).toEqual([]);
  });

  test("that comes with one into an organisation falls with a change of the role", async () => {
    const bea = await account(newEmail());
    const member = { organisationId, role: "viewer" } as const;
    invite(store, OPERATOR, { email: bea.email, member, storeRole: "reviewer" });
    const link = newestLink();
    setStoreRole(store, OPERATOR, bea.accountId, "auditor");
    expect(await codeOf(async () => accept(store, await session(bea.accountId), link))).toBe("link.invalid");
    expect(readAccount(store, bea.email).storeRole).toBe("auditor");
  });

  test("gives both roles when nothing came between", async () => {
    const bea = await account(newEmail());
    const member = { organisationId, role: "viewer" } as const;
    invite(store, OPERATOR, { email: bea.email, member, storeRole: "reviewer" });
    accept(store, bea, newestLink());
    expect(readAccount(store, bea.email).storeRole).toBe("reviewer");
    expect(roleOf(bea)).toBe("viewer");
  });
});
