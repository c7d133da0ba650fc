/** Setting a store up: what of it is done is judged from what holds, and what administrators say counts so long as that stays. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { tellAddress } from "../../accounts/messages/outbox.ts";
import { beginMail } from "../../accounts/messages/send.ts";
import { createAccount } from "../../accounts/people.ts";
import { changeSetting } from "../../accounts/store-settings/settings.ts";
import { write } from "../../db/database.ts";
import { type MailServer, startMailServer } from "../../testing/mail-server.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { codeOfSync, problemOf } from "../../testing/problems.ts";
import { openPublishing, type Publishing } from "../../testing/publishing.ts";
import type { TestStore } from "../../testing/store.ts";
import { changeAppearance } from "../appearance/appearance.ts";
import { decideStep, isRootBackedUp, readSetup } from "./setup.ts";
import { judgeAddress, judgeStep, type SetupStep } from "./steps.ts";
import { MOST_TRIALS_AN_HOUR, tryMailOf, tryStorageOf } from "./trials.ts";

const HERE = "http://127.0.0.1:8470";
const filled = storeForAll();
let store: TestStore;
beforeAll(() => {
  store = filled.store;
});
afterEach(() => {
  store.db.raw.run("DELETE FROM settings WHERE name LIKE 'setup.%' OR name LIKE 'page.%'");
  changeSetting(store, OPERATOR, "sign_up", null);
});

const stepOf = (name: SetupStep, asked: string | null = HERE) => {
  const found = readSetup(store, OPERATOR, asked).steps.find(({ step }) => step === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const decide = (name: SetupStep, said: "confirmed" | "skipped" | null, seen?: string, asked = HERE) =>
  decideStep(store, OPERATOR, asked, name, said, seen);
const told = () =>
  store.db.raw
    .query<{ action: string; subject: string; before: string | null; after: string | null }, []>(
      "SELECT action, subject, before, after FROM audit_entries WHERE action LIKE 'store.%' ORDER BY position",
    )
    .all()
    .map(({ action, subject, before, after }) => [
      action,
      subject,
      JSON.parse(before ?? "null"),
      JSON.parse(after ?? "null"),
    ]);

test("an address is judged by what it is, and by the one that somebody came by", () => {
  const cases = [
    [{ publicUrl: null, asked: HERE }, ["plain_http", "only_here"]],
    [{ publicUrl: null, asked: "http://apps.lan:8470" }, ["plain_http"]],
    [{ publicUrl: null, asked: "https://localhost:8470" }, ["only_here"]],
    [{ publicUrl: null, asked: "https://apps.example.com" }, []],
    [{ publicUrl: "https://apps.example.com", asked: "https://apps.example.com:443" }, []],
    [{ publicUrl: "https://apps.example.com", asked: "https://apps.example.com:8443" }, ["asked_elsewhere"]],
    [{ publicUrl: "https://apps.example.com", asked: "http://apps.example.com" }, ["asked_elsewhere"]],
    [{ publicUrl: "https://apps.example.com", asked: HERE }, ["asked_elsewhere"]],
    [{ publicUrl: "http://[::1]:8470", asked: "http://[::1]:8470" }, ["plain_http", "only_here"]],
    [{ publicUrl: "https://apps.example.com", asked: null }, []],
    [{ publicUrl: null, asked: null }, ["only_here"]],
  ] as const;
  for (const [facts, notes] of cases) expect([facts, judgeAddress(facts)]).toEqual([facts, [...notes]]);
});

test("a step is what holds; what was said of it counts for what it was said of alone", () => {
  const said = (decision: "confirmed" | "skipped", mark: string) => ({
    decision,
    mark,
    by: "operator",
    at: 0,
  });
  const state = (...given: Parameters<typeof judgeStep>) => judgeStep(...given).state;
  expect(state("mail", ["no_mail"], "", null)).toBe("open");
  expect(state("mail", ["no_mail"], "", said("confirmed", ""))).toBe("done");
  expect(state("mail", ["mail_untried"], "x", said("confirmed", ""))).toBe("open");
  expect(state("mail", [], "x", null)).toBe("done");
  expect(state("storage", ["storage_untried"], "/a", said("skipped", "/a"))).toBe("skipped");
  expect(state("storage", ["storage_untried"], "/b", said("skipped", "/a"))).toBe("open");
  // What holds goes before what was said.
  expect(state("storage", ["storage_untried"], "/a", said("confirmed", "/a"))).toBe("open");
  expect(judgeStep("root_key", ["root_here"], "a", said("confirmed", "b"))).toMatchObject({
    ...{ state: "open", notes: ["keys_changed", "root_here"], decided: null, isConfirmable: true },
  });
  expect(judgeStep("root_key", ["root_here"], "a", said("confirmed", "a"))).toMatchObject({
    ...{ state: "done", notes: ["root_here"], isConfirmable: false },
  });
  expect(judgeStep("storage", ["low_space"], "a", null).isConfirmable).toBe(false);
});

test("the backup of the root's keys is confirmed once, with who and when, and counts until they are others", () => {
  const position = told().length;
  expect([isRootBackedUp(store), stepOf("root_key").state]).toEqual([false, "open"]);
  const { mark } = stepOf("root_key");
  expect(codeOfSync(() => decide("root_key", "confirmed", "another"))).toBe("precondition.failed");
  expect(decide("root_key", "confirmed", mark).decided).toEqual({
    ...{ decision: "confirmed", by: "operator", at: store.clock.now().getTime(), mark },
  });
  decide("root_key", "confirmed", mark);
  expect([isRootBackedUp(store), stepOf("root_key").notes]).toEqual([true, ["root_here", "master_beside"]]);
  const name = "tuf-root-1";
  const sealed = () =>
    store.db.raw
      .query<{ s: Uint8Array }, [string]>("SELECT sealed_private_key AS s FROM signing_keys WHERE name = ?")
      .get(name)?.s;
  const before = sealed();
  store.db.raw.run("UPDATE signing_keys SET sealed_private_key = ? WHERE name = ?", [
    new Uint8Array(9),
    name,
  ]);
  expect([isRootBackedUp(store), stepOf("root_key").notes[0]]).toEqual([false, "keys_changed"]);
  store.db.raw.run("UPDATE signing_keys SET sealed_private_key = ? WHERE name = ?", [before ?? null, name]);
  expect(isRootBackedUp(store)).toBe(true);
  decide("root_key", null);
  expect(isRootBackedUp(store)).toBe(false);
  expect(told().slice(position)).toEqual([
    ["store.backed_up", "root_key", { said: null }, { said: "confirmed", mark, keys: rootKeyids() }],
    ["store.setup_step", "root_key", { said: "confirmed" }, { said: null }],
  ]);
});

const rootKeyids = () =>
  readSetup(store, OPERATOR, HERE).rootKeys.keys.map(
    ({ name }) =>
      store.db.raw
        .query<{ keyid: string }, [string]>("SELECT keyid FROM signing_keys WHERE name = ?")
        .get(name)?.keyid,
  );

test("a name and what people say of signing in are done as soon as they are there, wherever they were said", () => {
  expect(stepOf("name")).toMatchObject({ state: "open", notes: ["unnamed"], isConfirmable: false });
  expect(codeOfSync(() => decide("name", "confirmed"))).toBe("setup.not_confirmable");
  decide("name", "skipped");
  expect(stepOf("name").state).toBe("skipped");
  changeAppearance(store, OPERATOR, { name: "Mosis Apps" });
  expect(stepOf("name").state).toBe("done");
  store.db.raw.run("DELETE FROM settings WHERE name LIKE 'store.%'");
  expect(stepOf("sign_in")).toMatchObject({ state: "open", notes: ["sign_in_undecided", "one_factor"] });
  changeSetting(store, OPERATOR, "sign_up", "closed");
  expect(stepOf("sign_in")).toMatchObject({ state: "done", notes: ["one_factor"] });
  changeSetting(store, OPERATOR, "sign_up", null);
  expect(decide("sign_in", "confirmed").state).toBe("done");
});

test("an address that is right as it is has to be said again of another one", () => {
  expect(decide("address", "confirmed").state).toBe("done");
  expect(stepOf("address", "http://apps.lan:8470").state).toBe("open");
  expect(stepOf("address", "https://apps.example.com").state).toBe("done");
  // Of one other way of coming it was said, and of no third.
  const publicUrl = "https://apps.example.com";
  const served = { ...store, config: { ...store.config, publicUrl } };
  const stateBy = (asked: string) => readSetup(served, OPERATOR, asked).steps[1]?.state;
  decideStep(served, OPERATOR, "https://old.example.com", "address", "confirmed");
  expect(["https://old.example.com", "http://backend:8470", publicUrl].map(stateBy)).toEqual([
    "done",
    "open",
    "done",
  ]);
});

test("the storage is tried by a file that goes there and back, of which nothing is left", async () => {
  expect(stepOf("storage").notes).toContain("storage_untried");
  expect(await tryStorageOf(store, OPERATOR)).toEqual({ sizeBytes: 65_536 });
  expect(stepOf("storage").notes).not.toContain("storage_untried");
  const trials = join(store.dataDir, "blobs", "setup-trial");
  expect(readdirSync(trials)).toEqual([]);
  // What was killed in the middle goes with the next one, an hour later.
  await store.blobs.put("setup-trial/left", new Uint8Array(3));
  await tryStorageOf(store, OPERATOR);
  expect(readdirSync(trials)).toEqual(["left"]);
  store.clock.set(new Date(Date.now() + 2 * 3_600_000));
  await tryStorageOf(store, OPERATOR);
  expect(readdirSync(trials)).toEqual([]);
});

test("a storage that cannot be written is told, and stays so until it can", async () => {
  const staging = join(store.dataDir, "staging");
  rmSync(staging, { recursive: true });
  const failed = await problemOf(tryStorageOf(store, OPERATOR));
  expect([failed.code, failed.message]).toEqual(["storage.failing", expect.stringContaining("(ENOENT)")]);
  expect(stepOf("storage").notes).toContain("storage_failed");
  // The database is on the same disk: that this one was not kept is no reason to hide the first fault.
  store.db.raw.run("PRAGMA query_only = ON");
  const again = await problemOf(tryStorageOf(store, OPERATOR)).finally(() =>
    store.db.raw.run("PRAGMA query_only = OFF"),
  );
  expect(again.message).toBe(failed.message);
  mkdirSync(staging, { mode: 0o700 });
  await tryStorageOf(store, OPERATOR);
  expect(stepOf("storage").notes).not.toContain("storage_failed");
});

test("without a mail server nothing is tried, and going without is a choice", async () => {
  const refused = await problemOf(
    tryMailOf(store, OPERATOR, "ada@example.com", new AbortController().signal),
  );
  expect(refused.code).toBe("mail.not_configured");
  expect(readSetup(store, OPERATOR, HERE).mailTrial).toBeNull();
  expect(stepOf("mail")).toMatchObject({ state: "open", notes: ["no_mail"] });
  expect(decide("mail", "confirmed").state).toBe("done");
});

describe("with a mail server", () => {
  let server: MailServer;
  let mailed: Publishing;
  let recipient: readonly [number, string] | null;
  let sender: readonly [number, string] | null;
  beforeEach(async () => {
    recipient = null;
    sender = null;
    server = await startMailServer({ onRecipient: () => recipient, onSender: () => sender });
    const flags = { smtp: `smtp://127.0.0.1:${server.port}`, mailFrom: "apps@example.com" };
    mailed = await openPublishing({ flags: { ...flags, publicUrl: "https://apps.example.com" } });
  });
  afterEach(async () => {
    await server.stop();
    mailed.close();
  });
  const notes = (of = mailed.store) =>
    readSetup(of, OPERATOR, null).steps.find(({ step }) => step === "mail")?.notes;
  const letter = (to = "ada@example.com") =>
    tryMailOf(mailed.store, OPERATOR, to, new AbortController().signal);
  const refusal = async () => (await problemOf(letter())).code;
  const others = () => ({
    ...mailed.store,
    config: { ...mailed.store.config, mailFrom: "others@example.com" },
  });
  const sendOne = async () => {
    const { db, clock } = mailed.store;
    const notice = { kind: "account.exists", subject: "Hello", body: ["Hello."], path: "/" } as const;
    write(db, (tx) => tellAddress(tx, { address: "ada@example.com", accountId: null }, notice, clock.now()));
    await mailed.scheduler.drain();
  };

  test("a letter that it took is mail that is set up, until other settings hold", async () => {
    expect(notes()).toEqual(["mail_untried"]);
    expect(await letter()).toMatchObject({ server: `127.0.0.1:${server.port}` });
    expect(notes()).toEqual([]);
    expect(codeOfSync(() => decideStep(mailed.store, OPERATOR, null, "mail", "confirmed"))).toBe(
      "setup.not_confirmable",
    );
    expect(notes(others())).toEqual(["mail_untried"]);
    await server.stop();
    expect(await refusal()).toBe("mail.unreachable");
    expect(notes()).toEqual(["mail_failing"]);
  });

  test("any other letter does as well, but none that went by other settings", async () => {
    beginMail(mailed.store);
    expect(notes()).toEqual(["mail_untried"]);
    await sendOne();
    expect(server.taken.length).toBe(1);
    expect([notes(), notes(others())]).toEqual([[], ["mail_untried"]]);
    mailed.store.clock.set(new Date(mailed.store.clock.now().getTime() + 60_000));
    beginMail(others());
    expect([notes(others()), notes()]).toEqual([["mail_untried"], ["mail_untried"]]);
  });

  test("what it says of one reader is nothing of the settings; what it says of the sender holds until it takes a letter", async () => {
    recipient = [550, "5.1.1 nobody here"];
    expect([await refusal(), notes()]).toEqual(["mail.refused", ["mail_untried"]]);
    recipient = [450, "4.2.0 greylisted"];
    expect([await refusal(), notes()]).toEqual(["mail.deferred", ["mail_untried"]]);
    recipient = null;
    sender = [550, "5.7.1 not from you"];
    expect([await refusal(), notes()]).toEqual(["mail.sender", ["mail_failing"]]);
    sender = null;
    await sendOne();
    expect(notes()).toEqual([]);
  });

  test("a few an hour are sent to whomever, each told with its reader and what came of it", async () => {
    sender = [550, "5.7.1 not from you"];
    for (let time = 0; time <= MOST_TRIALS_AN_HOUR; time += 1) expect(await refusal()).toBe("mail.sender");
    sender = null;
    const readers = Array.from({ length: MOST_TRIALS_AN_HOUR }, (_, at) => `reader${at}@example.com`);
    for (const reader of readers) await letter(reader);
    expect([await refusal(), server.taken.length]).toEqual(["setup.mail_tried_often", MOST_TRIALS_AN_HOUR]);
    mailed.store.clock.set(new Date(mailed.store.clock.now().getTime() + 3_600_000 / MOST_TRIALS_AN_HOUR));
    recipient = [550, "5.1.1 nobody here"];
    expect(await refusal()).toBe("mail.refused");
    expect(await refusal()).toBe("setup.mail_tried_often");
    const entries = mailed.store.db.raw
      .query<{ before: string | null; after: string; person: string }, []>(
        "SELECT before, after, person FROM audit_entries WHERE action = 'store.tried' ORDER BY position DESC LIMIT 7",
      )
      .all()
      .map(({ before, after, person }) => [before, after, person].map((text) => JSON.parse(text ?? "null")));
    const [refused, last] = entries;
    expect(refused).toEqual([
      { outcome: "good" },
      { outcome: "mail.refused" },
      { after: { email: "ada@example.com" } },
    ]);
    expect(last).toEqual([{ outcome: "good" }, { outcome: "good" }, { after: { email: readers.at(-1) } }]);
    expect(entries.at(-1)).toMatchObject([{ outcome: "mail.sender" }, { outcome: "mail.sender" }, {}]);
  });
});

test("only who may reads and says any of it", async () => {
  const account = await createAccount(store, OPERATOR, {
    ...{ email: "rita@example.com", name: "Rita" },
    storeRole: "reviewer",
  });
  const actor: Actor = {
    ...{ kind: "account", accountId: account.id, email: account.email, name: account.name },
    ...{ storeRole: "reviewer", organisations: new Map(), via: { type: "session", sessionId: "s" } },
  };
  expect(codeOfSync(() => readSetup(store, actor, HERE))).toBe("rights.forbidden");
  expect(codeOfSync(() => decideStep(store, actor, HERE, "mail", "confirmed"))).toBe("rights.forbidden");
  expect((await problemOf(tryStorageOf(store, actor))).code).toBe("rights.forbidden");
});
