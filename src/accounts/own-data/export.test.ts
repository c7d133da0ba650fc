/** What somebody gets of themselves: all of it, none of anybody else's, no secret, and in bounded pieces. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { initialiseTrust } from "../../catalog/tuf/repository.ts";
import { write } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { approve } from "../../review/decide.ts";
import { codeOf } from "../../testing/problems.ts";
import { newSigner, signedApp, submitBytes } from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccountActor, OPERATOR } from "../actor.ts";
import { createApiKey } from "../api-keys/make.ts";
import { createGroup } from "../groups/groups.ts";
import { addPersonToGroup } from "../groups/members.ts";
import { invite } from "../invitations/invite.ts";
import { removeMember } from "../members.ts";
import { tellAddress } from "../messages/outbox.ts";
import { renameOrganisation } from "../organisation-name.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { createAccount, disableAccount, enableAccount } from "../people.ts";
import { endSession } from "../sessions.ts";
import { EXPORT_FORMAT, EXPORT_VERSION, exportOwn } from "./export.ts";
import { invitationsFor } from "./records.ts";

let store: TestStore;
let ada: AccountActor;
let token: string;
const AWAY = "198.51.100.77";
beforeAll(async () => {
  store = await openTestStore();
  await initialiseTrust(store);
  const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false });
  ada = await person("ada", "Ada Lovelace", "192.0.2.9");
  const admin = await person("root", "Root Admin");
  const from = { requestId: "r", address: AWAY, userAgent: "AdminBrowser/1" };
  const ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  const past = createOrganisation(store, OPERATOR, { name: "Past" }).id;
  addMember(store, { ...admin, from }, ours, ada.accountId, "developer");
  addMember(store, OPERATOR, past, admin.accountId, "owner");
  addMember(store, OPERATOR, past, ada.accountId, "viewer");
  removeMember(store, OPERATOR, { organisationId: past, accountId: ada.accountId });
  const group = createGroup(store, OPERATOR, { name: "Testers" });
  addPersonToGroup(store, OPERATOR, group.id, ada);
  const offered = createGroup(store, OPERATOR, { name: "Readers", offered: true });
  addPersonToGroup(store, OPERATOR, offered.id, ada);
  invite(store, OPERATOR, { email: "ada@example.org", member: { organisationId: past, role: "viewer" } });
  token = createApiKey(store, ada, { owner: { accountId: ada.accountId }, name: "laptop" }).token;
  const signer = await newSigner(store, ada);
  const sent = await submitBytes(store, ada, await signedApp(store, signer), {
    ...{ notes: "First one.", translatedNotes: { de: "Die erste." } },
  });
  await scheduler.drain();
  approve(store, OPERATOR, sent.id, {});
  await scheduler.drain();
  await scheduler.stop(1000);
});
afterAll(() => store.close());

async function person(name: string, called: string, address = "127.0.0.1"): Promise<AccountActor> {
  const email = `${name}@example.org`;
  const account = { email, name: called, password: "seven green bicycles" };
  const { id } = await createAccount(store, OPERATOR, account);
  return signedInNow(store, id, { address, userAgent: "Firefox" });
}

async function textOf(actor: AccountActor): Promise<string> {
  let text = "";
  for await (const piece of exportOwn(store, actor)) text += piece;
  return text;
}

test("all that is held of somebody is in it", async () => {
  const all = JSON.parse(await textOf(ada));
  expect([all.format, all.version]).toEqual([EXPORT_FORMAT, EXPORT_VERSION]);
  expect(all.account).toMatchObject({ email: "ada@example.org", name: "Ada Lovelace", hasPassword: true });
  expect(all.sessions).toMatchObject([{ address: "192.0.2.9", userAgent: "Firefox" }]);
  expect(all.organisations).toMatchObject([{ name: "Ours", role: "developer" }]);
  expect(all.pastOrganisations).toMatchObject([{ name: "Past", role: "viewer" }]);
  expect(all.groups.map(({ name }: { name: string }) => name).sort()).toEqual(["Readers", "unnamed"]);
  expect(all.groups.every(({ since }: { since: string }) => Date.parse(since) > 0)).toBe(true);
  expect(all.invitations).toMatchObject([{ email: "ada@example.org", role: "viewer" }]);
  expect(all.apiKeys).toMatchObject([{ name: "laptop" }]);
  expect(
    all.notifications.map(({ kind, path }: { kind: string; path: string }) => [kind, path]),
  ).toContainEqual(["account.invitation", "/"]);
  expect(all.withoutLettersOf).toEqual([]);
  expect(all.messages.map(({ kind }: { kind: string }) => kind)).toContain("account.invitation");
  expect(all.uploads).toMatchObject([
    { appId: "org.example.sample", notes: "First one.", translatedNotes: { de: "Die erste." } },
  ]);
  expect(all.done.map(({ action }: { action: string }) => action)).toContain("version.uploaded");
  expect(all.concerning.map(({ action }: { action: string }) => action)).toContain("member.removed");
  expect(all.done.at(-1).action).toBe("account.exported");
});

test("it does not tell whether others wrote entries meanwhile", async () => {
  const { done, concerning } = JSON.parse(await textOf(ada));
  for (const entry of [...done, ...concerning]) {
    expect(entry).toMatchObject({ action: expect.any(String), recordedAt: expect.any(String) });
    for (const name of ["position", "hash"]) expect(Object.keys(entry)).not.toContain(name);
  }
});

test("a group that is not offered is named to who may see groups alone", async () => {
  const { id } = store.db.raw
    .query<{ id: string }, []>("SELECT id FROM groups WHERE name = 'Testers'")
    .get() as { id: string };
  const parts = JSON.parse(await textOf(ada));
  for (const told of ["Testers", id]) expect(JSON.stringify(parts.groups)).not.toContain(told);
  setRole(ada, "support");
  const all = JSON.parse(await textOf(ada));
  setRole(ada, null);
  expect(all.groups).toContainEqual(expect.objectContaining({ id, name: "Testers" }));
});

function setRole({ accountId }: AccountActor, role: string | null): void {
  store.db.raw.run("UPDATE accounts SET store_role = ?1 WHERE id = ?2", [role, accountId]);
}

test("an organisation that one has left is called as it was then, whatever it is called by now", async () => {
  const { id } = store.db.raw
    .query<{ id: OrganisationId }, []>("SELECT id FROM organisations WHERE name = 'Past'")
    .get() as { id: OrganisationId };
  store.clock.advance(1000);
  renameOrganisation(store, OPERATOR, id, "Merger of Spring");
  store.clock.advance(1000);
  renameOrganisation(store, OPERATOR, id, "Merger of Autumn");
  const text = await textOf(ada);
  expect(JSON.parse(text).pastOrganisations).toMatchObject([{ name: "Past" }]);
  expect(text).not.toContain("Merger of");
});

test("whom one has invited or made an account for is named to who may see people by now, and then not", async () => {
  const lead = await person("lead", "Lea Lead", "192.0.2.21");
  setRole(lead, "administrator");
  const asAdministrator = { ...lead, storeRole: "administrator" as const };
  await createAccount(store, asAdministrator, { email: "newcomer@example.net", name: "Nora New" });
  invite(store, asAdministrator, { email: "guest@example.net" });
  const others = ["newcomer@example.net", "Nora New", "guest@example.net"];
  const before = await textOf(lead);
  for (const told of others) expect(before).toContain(told);
  setRole(lead, null);
  const after = await textOf(lead);
  for (const told of others) expect(after).not.toContain(told);
  const done = JSON.parse(after).done.filter(({ subjectType }: { subjectType: string }) =>
    /account|invitation/.test(subjectType),
  );
  expect(done.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(["account.created", "invitation.sent", "account.exported"]),
  );
});

test("who got an address that was somebody else's is not told what they took up at it", async () => {
  const host = createOrganisation(store, OPERATOR, { name: "Host" }).id;
  const before = await person("shared", "Sam Before");
  const member = { organisationId: host, role: "viewer" } as const;
  const { id } = invite(store, OPERATOR, { email: before.email, member });
  store.db.raw.run("UPDATE invitations SET accepted_at = created_at, account_id = ?1 WHERE id = ?2", [
    before.accountId,
    id,
  ]);
  const [email, key] = ["sam@example.net", "sam@example.net"];
  store.db.raw.run("UPDATE accounts SET email = ?1, email_key = ?2 WHERE id = ?3", [
    email,
    key,
    before.accountId,
  ]);
  const after = await person("shared", "Sue After");
  const told = async (who: AccountActor) =>
    JSON.parse(await textOf(who)).invitations.map((each: { id: string }) => each.id);
  expect([await told(before), await told(after)]).toEqual([[id], []]);
  const plans = queryPlans(store.db, () => {
    invitationsFor(store.db.orm, { accountId: after.accountId, emailKey: after.email });
  });
  expect([plans.length, slowPlans(plans)]).toEqual([1, []]);
});

test("who loses the right to it in the middle gets no more of it", async () => {
  const kim = await person("kim", "Kim");
  for (const lose of [
    () => disableAccount(store, OPERATOR, kim.accountId),
    async () => endSession(store, OPERATOR, (kim.via as { sessionId: string }).sessionId),
  ]) {
    enableAccount(store, OPERATOR, kim.accountId);
    const { via } = await signedInNow(store, kim.accountId);
    Object.assign(kim, { via });
    const pieces = exportOwn(store, kim);
    expect((await pieces.next()).value).toContain("kim@example.org");
    await lose();
    const codes = await codeOf(async () => {
      for await (const _ of pieces);
    });
    expect(["auth.account_disabled", "auth.required"]).toContain(codes);
  }
});

test("no secret is in it, and not from where others acted", async () => {
  const text = await textOf(ada);
  const hashes = store.db.raw
    .query<{ h: string }, []>(
      "SELECT password_hash AS h FROM accounts WHERE password_hash IS NOT NULL UNION ALL SELECT secret_hash FROM api_keys UNION ALL SELECT hex(salt) FROM audit_entries WHERE salt IS NOT NULL",
    )
    .all();
  expect(hashes.length).toBeGreaterThan(3);
  for (const { h } of hashes) expect(text.toLowerCase().includes(h.toLowerCase())).toBe(false);
  expect(text).not.toContain(token);
  expect(text).not.toContain(AWAY);
  expect(text).not.toContain("AdminBrowser");
  expect(text).not.toContain("Root Admin");
  expect(text).not.toContain("root@example.org");
});

test("somebody else gets nothing of it", async () => {
  const bea = await person("bea", "Bea");
  const text = await textOf(bea);
  for (const word of ["ada@", "Ada Lovelace", "Ours", "192.0.2.9", "laptop"])
    expect(text).not.toContain(word);
});

test("it is told in the audit log, and refused for who is gone", async () => {
  const told = () =>
    store.db.raw
      .query<{ n: number }, []>("SELECT count(*) AS n FROM audit_entries WHERE action = 'account.exported'")
      .get()?.n ?? 0;
  const before = told();
  await textOf(ada);
  expect(told()).toBe(before + 1);
  const nobody = { ...ada, accountId: `acc-${"0".repeat(32)}` as AccountActor["accountId"] };
  try {
    exportOwn(store, nobody);
    throw new Error("it was made");
  } catch (error) {
    expect(isProblem(error) && error.code).toBe("account.not_found");
  }
});

describe("for who has been here for long", () => {
  test("it comes in pieces of some hundred rows, and ends when nobody takes it", async () => {
    const cy = await person("cy", "Cy");
    const now = store.clock.now();
    write(store.db, (tx) => {
      for (let n = 0; n < 1500; n += 1) {
        const notice = { kind: "account.exists" as const, subject: `S${n}`, body: ["B"], path: "/" };
        tellAddress(tx, { address: cy.email, accountId: cy.accountId }, notice, now);
      }
    });
    for (let n = 0; n < 300; n += 1) {
      disableAccount(store, OPERATOR, cy.accountId);
      enableAccount(store, OPERATOR, cy.accountId);
    }
    const back = await signedInNow(store, cy.accountId);
    const sizes: number[] = [];
    let text = "";
    for await (const piece of exportOwn(store, back)) {
      sizes.push(piece.length);
      text += piece;
    }
    const all = JSON.parse(text);
    expect(all.messages).toHaveLength(1500);
    expect(new Set(all.messages.map(({ subject }: { subject: string }) => subject)).size).toBe(1500);
    expect(all.concerning.length).toBeGreaterThanOrEqual(600);
    expect(Math.max(...sizes)).toBeLessThan(text.length / 2);
    const pieces = exportOwn(store, back);
    await pieces.next();
    await pieces.return();
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
  });
});
