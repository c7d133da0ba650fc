/** A real mail server that refuses every message for good, and what the store tells of it. */
import { afterEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { type Flags, loadConfig } from "../../config.ts";
import { write } from "../../db/database.ts";
import { type Watch, watched } from "../../db/watch.ts";
import { type AccountId, newId } from "../../ids.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { mailSettings } from "../../mail/settings.ts";
import { type MailServer, type MailServerOptions, startMailServer } from "../../testing/mail-server.ts";
import { codeOf } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, silentLog, type TestStore } from "../../testing/store.ts";
import { OPERATOR } from "../actor.ts";
import { invite } from "../invitations/invite.ts";
import { createAccount, disableAccount } from "../people.ts";
import { readSetting, writeSetting } from "../settings.records.ts";
import { tellAddress } from "./outbox.ts";
import { decideRefusals, type Refusals } from "./refusals.ts";
import { beginMail } from "./send.ts";
import { mailTrouble } from "./trouble.ts";
import { tryMail } from "./try-mail.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DENIED = [550, "5.7.1 Relaying denied"] as const;

const open: MailServer[] = [];
const stores: TestStore[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.stop();
  for (const store of stores.splice(0)) store.close();
});

async function mailServer(options: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  open.push(server);
  return server;
}

function withServer(store: TestStore, port: number, more: Flags = {}): TestStore {
  const flags = { smtp: `smtp://127.0.0.1:${port}`, mailFrom: "Store <store@example.com>", ...more };
  const config = loadConfig({ dataDir: store.dataDir, publicUrl: "https://apps.example.com", ...flags }, {});
  return { ...store, config };
}

/** A store with the accounts that are named, whose mail goes to that server. */
async function world(port: number, names: readonly string[]) {
  const store = withServer(await openTestStore(), port);
  stores.push(store);
  const ids = new Map<string, AccountId>();
  for (const name of names) {
    const { id } = await createAccount(store, OPERATOR, { email: `${name}@example.org`, name });
    ids.set(name, id);
  }
  beginMail(store);
  const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false });
  return {
    store,
    idOf: (name: string) => ids.get(name) as AccountId,
    drain: () => scheduler.drain(),
    /** A message to the account, at its own address unless another is named. */
    async tell(name: string, address = `${name}@example.org`) {
      const said = {
        kind: "factor.added",
        subject: "Hello",
        body: ["Something."],
        path: "/account",
      } as const;
      const to = { address, accountId: ids.get(name) ?? null };
      write(store.db, (tx) => tellAddress(tx, to, said, store.clock.now()));
      await scheduler.drain();
    },
  };
}

describe("a mail server that refuses every message for good is told of", () => {
  test("once it refused three accounts and took nothing, until it takes one", async () => {
    let isOpen = false;
    const { port } = await mailServer({ onRecipient: () => (isOpen ? null : [...DENIED]) });
    const { store, tell } = await world(port, ["ada", "eve", "bob", "mia", "tom"]);
    const since = store.clock.now();
    for (const name of ["ada", "eve", "ada", "eve"]) {
      await tell(name);
      store.clock.advance(20 * MINUTE_MS);
    }
    expect(mailTrouble(store)).toBeNull();
    await tell("bob");
    expect(mailTrouble(store)).toEqual({ since, count: 0, refusal: "550 5.7.1" });
    expect(slowPlans(queryPlans(store.db, () => void mailTrouble(store)))).toEqual([]);
    // Neither time nor a start mends it.
    store.clock.advance(30 * DAY_MS);
    beginMail(store);
    expect(mailTrouble(store)).toEqual({ since, count: 0, refusal: "550 5.7.1" });
    await tell("mia");
    expect(mailTrouble(store)?.since).toEqual(since);
    isOpen = true;
    await tell("tom");
    expect(mailTrouble(store)).toBeNull();
    // What was refused before does not count any more.
    isOpen = false;
    await tell("ada");
    await tell("eve");
    store.clock.advance(DAY_MS);
    expect(mailTrouble(store)).toBeNull();
  });

  test("with the newest answer, also one to the content, and not within ten minutes", async () => {
    let answer: readonly [number, string] = DENIED;
    const { port } = await mailServer({ onMail: () => answer });
    const { store, tell } = await world(port, ["ada", "eve", "bob", "mia"]);
    for (const name of ["ada", "eve", "bob"]) await tell(name);
    expect(mailTrouble(store)).toBeNull();
    store.clock.advance(10 * MINUTE_MS);
    expect(mailTrouble(store)?.refusal).toBe("550 5.7.1");
    answer = [530, "authenticate first"];
    await tell("mia");
    expect(mailTrouble(store)?.refusal).toBe("530");
  });

  test("where there are fewer accounts, when it refused all of them", async () => {
    const { port } = await mailServer({ onRecipient: () => [...DENIED] });
    const { store, tell, idOf } = await world(port, ["ada", "gone", "eve"]);
    disableAccount(store, OPERATOR, idOf("gone"));
    const since = store.clock.now();
    await tell("ada");
    store.clock.advance(DAY_MS);
    expect(mailTrouble(store)).toBeNull();
    await tell("eve");
    expect(mailTrouble(store)).toEqual({ since, count: 0, refusal: "550 5.7.1" });
    // Further accounts change nothing about it.
    await createAccount(store, OPERATOR, { email: "new@example.org", name: "New" });
    await tell("ada");
    expect(mailTrouble(store)?.since).toEqual(since);
  });

  test("to the only administrator, until a mail to try it is taken", async () => {
    let isOpen = false;
    const { port } = await mailServer({ onRecipient: () => (isOpen ? null : [...DENIED]) });
    const { store, tell } = await world(port, ["ada"]);
    await tell("ada");
    store.clock.advance(10 * MINUTE_MS);
    expect(mailTrouble(store)?.refusal).toBe("550 5.7.1");
    const { signal } = new AbortController();
    expect(await codeOf(() => tryMail(store, "ada@example.org", { signal }))).toBe("mail.refused");
    expect(mailTrouble(store)).not.toBeNull();
    isOpen = true;
    const did: Watch[] = [];
    await watched(
      () => tryMail(store, "ada@example.org", { signal }),
      (watch) => did.push(watch),
    );
    expect(mailTrouble(store)).toBeNull();
    // Nobody changed anything that the audit log would tell.
    expect(did).toMatchObject([{ changed: false }]);
  });

  test("until the store starts with other settings", async () => {
    const { port } = await mailServer({ onRecipient: () => [...DENIED] });
    const other = await mailServer({ onRecipient: () => [...DENIED] });
    const { store, tell } = await world(port, ["ada"]);
    await tell("ada");
    store.clock.advance(DAY_MS);
    const same = withServer(store, port);
    beginMail(same);
    expect(mailTrouble(same)).not.toBeNull();
    const moved = withServer(store, other.port);
    beginMail(moved);
    expect(mailTrouble(moved)).toBeNull();
  });
});

describe("a start with another password in the same file", () => {
  test("is one with other settings; the password stands nowhere, nor anything that it could be guessed by", async () => {
    const { port } = await mailServer({ onRecipient: () => [...DENIED] });
    const { store, tell } = await world(port, ["ada"]);
    const file = join(store.dataDir, "smtp-password");
    const lines: string[] = [];
    const line = (event: string, fields: object = {}) =>
      void lines.push(JSON.stringify({ event, ...fields }));
    const log = { ...silentLog, info: line, warn: line, error: line };
    const restarted = (): TestStore => {
      const again = withServer(store, port, { smtp: `smtp://me@127.0.0.1:${port}`, smtpPasswordFile: file });
      const open = { ...again, log };
      beginMail(open);
      return open;
    };
    const first = "correct horse battery";
    writeFileSync(file, `${first}\n`);
    restarted();
    lines.length = 0;
    await tell("ada");
    store.clock.advance(DAY_MS);
    expect(mailTrouble(restarted())).not.toBeNull();
    // Away for a moment it says nothing of the server either.
    unlinkSync(file);
    expect(mailTrouble(restarted())).not.toBeNull();
    writeFileSync(file, first);
    expect(mailTrouble(restarted())).not.toBeNull();
    expect(lines).toEqual([]);
    writeFileSync(file, "another one\n");
    expect(mailTrouble(restarted())).toBeNull();
    expect(lines).toEqual(['{"event":"mail.settings_changed","settings":false,"files":true}']);
    const kept = String(readSetting(store.db.orm, "mail.settings_seen"));
    const digests = ["another one", '["another one",null]'].flatMap((text) =>
      (["hex", "base64url"] as const).map((form) => createHash("sha256").update(text).digest(form)),
    );
    for (const told of ["another one", ...digests]) expect(kept + lines.join("")).not.toContain(told);
  });

  test("is told from one that was noted before files were looked into", async () => {
    const { port } = await mailServer({ onRecipient: () => [...DENIED] });
    const { store, tell } = await world(port, ["ada"]);
    const again = withServer(store, port);
    beginMail(again);
    const { smtp, from, passwordFile, caFile } = mailSettings(again.config) ?? {};
    const before = createHash("sha256")
      .update(JSON.stringify([smtp, from, passwordFile, caFile]))
      .digest("hex");
    write(store.db, (tx) => writeSetting(tx, "mail.settings_seen", before, store.clock.now()));
    await tell("ada");
    store.clock.advance(DAY_MS);
    beginMail(again);
    expect(mailTrouble(again)).not.toBeNull();
  });
});

describe("of a mail server that works nothing is told", () => {
  test("though it refuses one account's address again and again", async () => {
    const { port } = await mailServer({ onRecipient: (to) => (to.startsWith("dead") ? [...DENIED] : null) });
    const { store, tell } = await world(port, ["dead1", "dead2", "dead3", "ada"]);
    for (let time = 0; time < 5; time += 1) {
      await tell("dead1");
      store.clock.advance(DAY_MS);
    }
    expect(mailTrouble(store)).toBeNull();
    await tell("dead2");
    await tell("ada");
    await tell("dead3");
    store.clock.advance(DAY_MS);
    expect(mailTrouble(store)).toBeNull();
  });

  test("though strangers have it write to addresses that are none", async () => {
    const { port } = await mailServer({ onRecipient: () => [...DENIED] });
    const { store, tell, drain } = await world(port, ["ada", "eve", "bob"]);
    for (let count = 0; count < 5; count += 1) {
      invite(store, OPERATOR, { email: `made-up${count}@example.net` });
      await tell("nobody", `no${count}@example.net`);
    }
    // Nor by asking for another address of one's own.
    for (const name of ["ada", "eve", "bob"]) await tell(name, `${name}@made-up.example.net`);
    await drain();
    store.clock.advance(DAY_MS);
    expect(mailTrouble(store)).toBeNull();
    for (const name of ["ada", "eve", "bob"]) await tell(name, `${name.toUpperCase()}@example.org`);
    store.clock.advance(DAY_MS);
    expect(mailTrouble(store)?.refusal).toBe("550 5.7.1");
  });
});

describe("which refusals are enough", () => {
  const ids = [newId("acc"), newId("acc"), newId("acc"), newId("acc")] as const;
  const many = ids.slice(0, 3);
  const after = (days: readonly (readonly [account: number, day: number])[], active: readonly AccountId[]) =>
    days.reduce<Refusals | null>(
      (before, [account, day]) =>
        decideRefusals(
          before,
          { accountId: ids[account] ?? ids[0], answer: `55${account}`, at: day * DAY_MS },
          active,
        ),
      null,
    );

  test.each<[string, (readonly [number, number])[], boolean]>([
    [
      "three accounts within a week",
      [
        [0, 1],
        [1, 3],
        [2, 7],
      ],
      true,
    ],
    [
      "two",
      [
        [0, 1],
        [1, 1],
        [0, 2],
        [1, 2],
      ],
      false,
    ],
    [
      "three that are further apart",
      [
        [0, 1],
        [1, 4],
        [2, 8],
      ],
      false,
    ],
    [
      "three, of which the first was refused again meanwhile",
      [
        [0, 1],
        [1, 4],
        [0, 5],
        [2, 8],
      ],
      true,
    ],
    [
      "three, and then one long after",
      [
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 90],
      ],
      true,
    ],
  ])("%s: %#", (_, days, isEnough) => {
    expect(after(days, many)?.isEnough).toBe(isEnough);
  });

  test("the only account is enough, one of two is not, and no account is not", () => {
    expect(after([[0, 1]], [ids[0]])?.isEnough).toBe(true);
    expect(after([[0, 1]], [ids[0], ids[1]])?.isEnough).toBe(false);
    expect(after([[0, 1]], [])?.isEnough).toBe(false);
  });

  test("what is known keeps its size, and the newest answer", () => {
    const known = after(
      [
        [0, 1],
        [1, 1],
        [2, 1],
        [3, 2],
        [3, 90],
      ],
      many,
    );
    expect(known).toMatchObject({ answer: "553", accounts: [{ since: DAY_MS }, {}, {}] });
    expect(known?.accounts).toHaveLength(3);
  });
});
