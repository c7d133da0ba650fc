/** Deleting an account: who may, what hinders, taking it back, what is gone and what stays, and what an old backup brings back. */

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordChange } from "../../audit/record.ts";
import { verifyAudit } from "../../audit/verify.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { openStore } from "../../boot/open-store.ts";
import { createApp, deleteApp } from "../../catalog/apps.ts";
import { initialiseTrust } from "../../catalog/tuf/repository.ts";
import { uploadVersion } from "../../catalog/upload.ts";
import { loadConfig } from "../../config.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { emptyLog } from "../../db/wal.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { approve } from "../../review/decide.ts";
import type { StoreRole } from "../../roles.ts";
import { codeOf } from "../../testing/problems.ts";
import { newSigner, signedApp, submitBytes } from "../../testing/publishing.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { MANY_REQUESTS, openTestStore, silentLog, type TestStore } from "../../testing/store.ts";
import { type AccountActor, ANONYMOUS, auditAuthor, OPERATOR } from "../actor.ts";
import { findByToken } from "../api-keys/find.ts";
import { createApiKey } from "../api-keys/make.ts";
import { askForPassword } from "../forgotten.ts";
import { createGroup } from "../groups/groups.ts";
import { addPersonToGroup } from "../groups/members.ts";
import { invite } from "../invitations/invite.ts";
import { authorOf } from "../labels.ts";
import { handOver } from "../messages/hand-over.ts";
import { listMessages } from "../messages/outbox.ts";
import { selectUnseen } from "../messages/records.ts";
import { organisationById } from "../organisations.records.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { createAccount, disableAccount, enableAccount, setStoreRole, verifyPassword } from "../people.ts";
import { accountByEmail, accountById } from "../records.ts";
import { createSession, findSession } from "../sessions.ts";
import { askToDelete, askToDeletePerson, keepByLink, keepPerson, ownHindrances } from "./ask.ts";
import { applyErased, eraseDue } from "./erase.ts";
import { addErased, ERASED_LIST, readErased } from "./list.ts";

const DAY_MS = 86_400_000;
const PASSWORD = "seven green bicycles";
const EMAIL = "zebedee.quillfeather@whimbrel.example";
const NAME = "Zebedee Quillfeather";
const ADDRESS = "203.0.113.177";
const AGENT = "WhimbrelBrowser/7.7";
const opened: TestStore[] = [];
let store: TestStore;
let zeb: AccountActor;
let ours: OrganisationId;

beforeEach(async () => {
  store = await openTestStore();
  opened.push(store);
  ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  const { id } = await createAccount(store, OPERATOR, { email: EMAIL, name: NAME, password: PASSWORD });
  zeb = await actorOf(id);
});
afterAll(() => {
  for (const each of opened) each.close();
});

async function actorOf(id: AccountId): Promise<AccountActor> {
  const actor = await signedInNow(store, id);
  const from = { requestId: "r", address: ADDRESS, userAgent: AGENT };
  return actor.email === EMAIL ? { ...actor, from } : actor;
}

async function person(name: string, storeRole: StoreRole | null = null): Promise<AccountActor> {
  const email = `${name}@example.org`;
  const { id } = await createAccount(store, OPERATOR, { email, name, password: PASSWORD, storeRole });
  return actorOf(id);
}

const ask = (actor: AccountActor = zeb, confirm = EMAIL) => askToDelete(store, actor, { confirm });
const isThere = () => accountById(store.db.orm, zeb.accountId) !== undefined;
async function pass(days = 7): Promise<void> {
  store.clock.advance(days * DAY_MS);
  await eraseDue(store);
}

function keepToken(): string {
  const message = listMessages(store, OPERATOR, { limit: 50 }).items.find(({ link }) => link === "keep");
  if (!message) throw new Error("no message has such a link");
  return new URL(handOver(store, OPERATOR, message.id, "http://x").url).searchParams.get("token") ?? "";
}

describe("asking", () => {
  test("needs the address typed, ends every way in at once, and comes true when its days are over", async () => {
    const { secret } = await createSession(store, zeb.accountId, { address: ADDRESS, userAgent: AGENT });
    const { token } = createApiKey(store, zeb, { owner: { accountId: zeb.accountId }, name: "k" });
    for (const confirm of ["", "zebedee", `${EMAIL}.x`])
      expect(await codeOf(() => ask(zeb, confirm))).toBe("account.deletion_unconfirmed");
    expect(await verifyPassword(store, EMAIL, PASSWORD)).not.toBeNull();
    const { deletionAt } = ask(zeb, EMAIL.toUpperCase());
    expect(deletionAt).toEqual(new Date(store.clock.now().getTime() + 7 * DAY_MS));
    expect(await verifyPassword(store, EMAIL, PASSWORD)).toBeNull();
    expect(await findSession(store, secret)).toBeNull();
    expect(await codeOf(() => findByToken(store, token))).toBe("auth.account_disabled");
    // Again is no later.
    store.clock.advance(DAY_MS);
    expect(ask().deletionAt).toEqual(deletionAt);
    await pass(6 - 1 / DAY_MS);
    expect(isThere()).toBe(true);
    await pass(1 / DAY_MS);
    expect(isThere()).toBe(false);
    expect(await codeOf(() => findByToken(store, token))).toBe("auth.token_invalid");
  });

  test("is taken back by the link of the message, once, and not after the time", async () => {
    ask();
    const token = keepToken();
    expect(await codeOf(() => keepByLink(store, ANONYMOUS, `${token}x`))).toBe("link.invalid");
    const isSaid = () =>
      selectUnseen(store.db.orm, zeb.accountId, 10).some(({ kind }) => kind === "account.deletion");
    expect(isSaid()).toBe(true);
    expect(keepByLink(store, ANONYMOUS, token).disabledAt).toBeNull();
    expect(isSaid()).toBe(false);
    expect(await verifyPassword(store, EMAIL, PASSWORD)).not.toBeNull();
    expect(await codeOf(() => keepByLink(store, ANONYMOUS, token))).toBe("link.invalid");
    await pass(8);
    expect(isThere()).toBe(true);
    ask();
    const late = keepToken();
    store.clock.advance(7 * DAY_MS);
    expect(await codeOf(() => keepByLink(store, ANONYMOUS, late))).toBe("link.invalid");
    await eraseDue(store);
    expect(isThere()).toBe(false);
  });

  test("a link of the first time does not take back the second", async () => {
    ask();
    const token = keepToken();
    enableAccount(store, OPERATOR, zeb.accountId);
    ask();
    expect(await codeOf(() => keepByLink(store, ANONYMOUS, token))).toBe("link.invalid");
  });

  test("is taken back by an administrator who enables or keeps the account", async () => {
    ask();
    keepPerson(store, OPERATOR, zeb.accountId);
    const kept = accountById(store.db.orm, zeb.accountId);
    expect([kept?.deletionAt, kept?.disabledAt === null]).toEqual([null, false]);
    enableAccount(store, OPERATOR, zeb.accountId);
    ask();
    expect(enableAccount(store, OPERATOR, zeb.accountId)).toMatchObject({
      deletionAt: null,
      disabledAt: null,
    });
    await pass(30);
    expect(isThere()).toBe(true);
  });
});

describe("of somebody else", () => {
  test("is for administrators, of a disabled account, and gives no link to come back by", async () => {
    const admin = await person("root", "administrator");
    const support = await person("sue", "support");
    const of = (by: AccountActor, confirm = EMAIL) =>
      codeOf(() => askToDeletePerson(store, by, zeb.accountId, { confirm }));
    expect(await of(support)).toBe("rights.forbidden");
    expect(await of(zeb)).toBe("rights.forbidden");
    expect(await of(admin)).toBe("account.not_disabled");
    disableAccount(store, admin, zeb.accountId);
    expect(await of(admin, "x@example.org")).toBe("account.deletion_unconfirmed");
    expect(await of(admin)).toBe("no problem");
    expect(listMessages(store, OPERATOR, { limit: 9 }).items.map(({ kind, link }) => [kind, link])).toEqual([
      ["account.deletion", null],
    ]);
    await pass();
    expect(isThere()).toBe(false);
    const nobody = `acc-${"0".repeat(32)}` as AccountId;
    expect(await codeOf(() => askToDeletePerson(store, admin, nobody, { confirm: EMAIL }))).toBe(
      "account.not_found",
    );
  });
});

describe("it is refused", () => {
  test("for the last administrator", async () => {
    const admin = await person("root", "administrator");
    const own = { confirm: "root@example.org" };
    expect(await codeOf(() => askToDelete(store, admin, own))).toBe("account.deletion_hindered");
    setStoreRole(store, OPERATOR, zeb.accountId, "administrator");
    expect(await codeOf(() => askToDelete(store, admin, own))).toBe("no problem");
    expect(await codeOf(() => ask())).toBe("account.deletion_hindered");
  });

  test("for the last owner of an organisation with others or with apps, and says which", async () => {
    addMember(store, OPERATOR, ours, zeb.accountId, "owner");
    const alone = createOrganisation(store, OPERATOR, { name: "Alone" }).id;
    addMember(store, OPERATOR, alone, zeb.accountId, "owner");
    createApp(store, OPERATOR, { id: "org.example.notes", name: "Notes", organisationId: ours });
    const names = () =>
      ownHindrances(store, zeb).map((each) => (each.kind === "owner" ? each.organisation.name : each.kind));
    expect(names()).toEqual(["Ours"]);
    deleteApp(store, OPERATOR, "org.example.notes" as AppId);
    expect(names()).toEqual([]);
    const bea = await person("bea");
    addMember(store, OPERATOR, ours, bea.accountId, "maintainer");
    expect(names()).toEqual(["Ours"]);
    expect(await codeOf(() => ask())).toBe("account.deletion_hindered");
    addMember(store, OPERATOR, ours, bea.accountId, "owner");
    disableAccount(store, OPERATOR, bea.accountId);
    expect(names()).toEqual(["Ours"]);
    enableAccount(store, OPERATOR, bea.accountId);
    expect(await codeOf(() => ask())).toBe("no problem");
    // Who waits is an owner no more: the other one is the last.
    expect(
      await codeOf(async () =>
        askToDelete(store, await actorOf(bea.accountId), { confirm: "bea@example.org" }),
      ),
    ).toBe("account.deletion_hindered");
    await pass();
    expect(organisationById(store.db.orm, alone)).toBeUndefined();
    expect(organisationById(store.db.orm, ours)).toBeDefined();
  });
});

/** Where the bytes stand in any of the database's files. */
function foundIn(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("mosis.db"))
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      return words.filter((word) => bytes.includes(Buffer.from(word))).map((word) => `${word} in ${name}`);
    });
}

const TRACES = [EMAIL, EMAIL.toLowerCase(), "Quillfeather", "quillfeather", "whimbrel", ADDRESS, AGENT];

describe("when it comes true", () => {
  test("nothing of the person is left in the database's files, and the log is whole", async () => {
    await initialiseTrust(store);
    const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false });
    const bea = await person("bea");
    addMember(store, OPERATOR, ours, bea.accountId, "owner");
    addMember(store, zeb, ours, zeb.accountId, "owner");
    zeb = await actorOf(zeb.accountId);
    for (let n = 0; n < 200; n += 1) {
      await createSession(store, zeb.accountId, { address: ADDRESS, userAgent: AGENT, requestId: `r${n}` }, {
        by: "password",
        provedAt: store.clock.now(),
      } as never);
    }
    // Beside what others do, so that pages of the log are split and filled in every way.
    for (let n = 0; n < 1500; n += 1) {
      write(store.db, (tx) => {
        for (const actor of n % 3 === 0 ? [zeb] : n % 3 === 1 ? [bea] : [zeb, bea]) {
          const subject = { type: "session", id: `s${n}` };
          recordChange(tx, auditAuthor(actor), { action: "session.ended", subject }, store.clock.now());
        }
      });
    }
    createApiKey(store, OPERATOR, { owner: { accountId: zeb.accountId }, name: `Made for ${NAME}` });
    const key = createApiKey(store, zeb, { owner: { accountId: zeb.accountId }, name: `Key of ${NAME}` });
    const made = createApiKey(store, findByToken(store, key.token, ADDRESS), {
      owner: { organisationId: ours },
      name: "CI",
    });
    invite(store, zeb, { email: "cy@example.net", member: { organisationId: ours, role: "viewer" } });
    const there = createOrganisation(store, OPERATOR, { name: "There" }).id;
    invite(store, OPERATOR, { email: EMAIL, member: { organisationId: there, role: "viewer" } });
    const group = createGroup(store, OPERATOR, { name: "Testers" });
    addPersonToGroup(store, OPERATOR, group.id, zeb);
    askForPassword(store, { email: EMAIL, from: { requestId: "q", address: ADDRESS, userAgent: AGENT } });
    const signer = await newSigner(store, zeb);
    const bytes = await signedApp(store, signer);
    const sent = await submitBytes(store, zeb, bytes, { organisationId: ours });
    await scheduler.drain();
    setStoreRole(store, OPERATOR, bea.accountId, "administrator");
    const judge = await person("judge", "reviewer");
    approve(store, { ...judge, storeRole: "reviewer" }, sent.id, {});
    await scheduler.drain();
    expect(foundIn(store.dataDir, TRACES).length).toBeGreaterThan(3);

    ask();
    store.clock.advance(7 * DAY_MS);
    await scheduler.drain();
    await scheduler.stop(1000);
    expect(isThere()).toBe(false);
    emptyLog(store.db);
    expect(foundIn(store.dataDir, TRACES)).toEqual([]);

    expect((await verifyAudit(store.db)).fault).toBeNull();
    const uploader = store.db.raw
      .query<{ by: string }, []>("SELECT uploaded_by AS by FROM versions")
      .get()?.by;
    expect(uploader).toBe(`account:${zeb.accountId}`);
    expect(authorOf(store, uploader ?? "")).toEqual({ kind: "unknown" });
    const actions = store.db.raw
      .query<{ action: string }, [string]>(
        "SELECT action FROM audit_entries WHERE actor = ? ORDER BY position",
      )
      .all(`account:${zeb.accountId}`)
      .map(({ action }) => action);
    expect(actions).toContain("version.uploaded");
    expect(actions.slice(-1)).toEqual(["account.erased"]);
    // What the person's own key had made ends with it, and the invitation that nobody answers for.
    expect(await codeOf(() => findByToken(store, made.token))).toBe("auth.token_revoked");
    expect(
      store.db.raw
        .query("SELECT count(*) AS n FROM invitations WHERE revoked_at IS NULL AND accepted_at IS NULL")
        .get(),
    ).toEqual({ n: 0 });
    // The address is free for somebody else.
    expect((await createAccount(store, OPERATOR, { email: EMAIL, name: "Another" })).id).not.toBe(
      zeb.accountId,
    );
  });

  test("every column that refers to an account lets it go", () => {
    const tables = store.db.raw
      .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all();
    const held = tables.flatMap(({ name }) =>
      store.db.raw
        .query<{ table: string; from: string; on_delete: string }, []>(`PRAGMA foreign_key_list(${name})`)
        .all()
        .filter((key) => key.table === "accounts" && !["CASCADE", "SET NULL"].includes(key.on_delete))
        .map(({ from }) => `${name}.${from}`),
    );
    expect(held).toEqual([]);
  });

  test("messages to others lose the name with the address, and nothing else", async () => {
    addMember(store, OPERATOR, ours, zeb.accountId, "owner");
    invite(store, await actorOf(zeb.accountId), {
      email: "cy@example.net",
      member: { organisationId: ours, role: "viewer" },
    });
    const bea = await person("bea");
    addMember(store, OPERATOR, ours, bea.accountId, "owner");
    invite(store, bea, { email: "dee@example.net", member: { organisationId: ours, role: "viewer" } });
    const bodies = () =>
      new Map(listMessages(store, OPERATOR, { limit: 50 }).items.map(({ address, body }) => [address, body]));
    const before = bodies().get("dee@example.net");
    expect(bodies().get("cy@example.net")).toContain(`${NAME} <${EMAIL}> invites you`);
    ask();
    await pass();
    expect(bodies().get("cy@example.net")).toContain(`a deleted account (${zeb.accountId}) invites you`);
    expect(bodies().get("dee@example.net")).toBe(before);
  });

  test("an upload that was under way is not taken, and one of a member who was put out neither", async () => {
    await initialiseTrust(store);
    addMember(store, OPERATOR, ours, zeb.accountId, "developer");
    let by = await actorOf(zeb.accountId);
    const signer = await newSigner(store, by);
    const bytes = await signedApp(store, signer);
    const during = (act: () => void) =>
      codeOf(() =>
        uploadVersion(store, by, {
          createApp: true,
          bytes: (async function* () {
            yield bytes;
            act();
          })(),
        }),
      );
    expect(await during(() => void ask())).toBe("auth.account_disabled");
    expect(store.db.raw.query("SELECT count(*) AS n FROM versions").get()).toEqual({ n: 0 });
    enableAccount(store, OPERATOR, zeb.accountId);
    by = await actorOf(zeb.accountId);
    expect(await during(() => {})).toBe("no problem");
  });
});

describe("an older database", () => {
  const openAgain = (dataDir: string): Promise<{ store: Store; close(timeoutMs: number): Promise<void> }> =>
    openStore({
      config: loadConfig({ ...MANY_REQUESTS, dataDir }, {}),
      clock: store.clock,
      log: silentLog,
      mayCreate: false,
      runJobs: false,
    });

  test("that comes back out of a backup loses the account again, before anybody can sign in", async () => {
    await initialiseTrust(store);
    emptyLog(store.db);
    const top = mkdtempSync(join(tmpdir(), "mosis-restore-"));
    try {
      cpSync(store.dataDir, top, { recursive: true });
      ask();
      await pass();
      expect([...readErased(store.dataDir)]).toEqual([zeb.accountId]);
      cpSync(join(store.dataDir, ERASED_LIST), join(top, ERASED_LIST));
      const restored = await openAgain(top);
      expect(accountById(restored.store.db.orm, zeb.accountId)).toBeUndefined();
      expect(accountByEmail(restored.store.db.orm, EMAIL)).toBeUndefined();
      expect((await verifyAudit(restored.store.db)).fault).toBeNull();
      emptyLog(restored.store.db);
      expect(foundIn(top, TRACES)).toEqual([]);
      await restored.close(1000);
      const again = await openAgain(top);
      const erased = again.store.db.raw.query(
        "SELECT count(*) AS n FROM audit_entries WHERE action = 'account.erased'",
      );
      expect(erased.get()).toEqual({ n: 1 });
      await again.close(1000);
    } finally {
      rmSync(top, { recursive: true, force: true });
    }
  });

  test("the list is made whole again from the audit log, and a cut off line of it is none", async () => {
    ask();
    await pass();
    const path = join(store.dataDir, ERASED_LIST);
    writeFileSync(path, zeb.accountId.slice(0, 20));
    expect(readErased(store.dataDir).size).toBe(0);
    await applyErased(store);
    expect([...readErased(store.dataDir)]).toEqual([zeb.accountId]);
    addErased(store.dataDir, [zeb.accountId]);
    expect(readFileSync(path, "utf8").match(/acc-/g)).toHaveLength(2);
    const text = readFileSync(path, "utf8");
    for (const trace of TRACES) expect(text).not.toContain(trace);
  });
});
