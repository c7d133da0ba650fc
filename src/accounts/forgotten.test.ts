import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { HANDLERS_HERE } from "../boot/handlers.ts";
import { claim, finish } from "../jobs/queue.ts";
import { codeOf } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { ANONYMOUS, OPERATOR } from "./actor.ts";
import { confirmAddress } from "./address.ts";
import { askForPassword, MOST_WAIT_MS, resetPassword } from "./forgotten.ts";
import { type Letter, letterOf } from "./messages/letter.ts";
import { listMessages, MOST_LETTERS_AN_HOUR } from "./messages/outbox.ts";
import { messageById } from "./messages/records.ts";
import { createAccount, disableAccount, readAccount, verifyPassword } from "./people.ts";
import { createSession, findSession } from "./sessions.ts";

const PASSWORD = "correct horse battery";
const NEW = "seven green bicycles";
const FROM = { requestId: "req", address: "192.0.2.1", userAgent: "test" };
let store: TestStore;

beforeEach(async () => {
  store = await openTestStore();
  await createAccount(store, OPERATOR, { email: "ada@example.org", name: "Ada", password: PASSWORD });
});
afterEach(() => store.close());

/** Does the jobs that are due, as the scheduler would. */
async function work(): Promise<void> {
  store.clock.advance(MOST_WAIT_MS);
  for (let job = claim(store.db, store.clock.now()); job; job = claim(store.db, store.clock.now())) {
    const { signal } = new AbortController();
    await HANDLERS_HERE.get(job.kind)?.(store, { job, signal, attempt: 1 } as never);
    finish(store.db, job.id, store.clock.now());
  }
}

const messages = () => listMessages(store, OPERATOR, { limit: 100 }).items;

/** The newest message as it goes out. */
function letter(mailed: boolean): Letter | null {
  const row = messageById(store.db.orm, messages()[0]?.id ?? ("" as never));
  if (row === undefined) throw new Error("there is no message");
  return letterOf(store.db.orm, row, { origin: "https://s.example", mailed }, store.clock.now());
}

const tokenOf = (sent: Letter | null) => new URL(sent?.url ?? "about:").searchParams.get("token") ?? "";

async function asked(mailed = true): Promise<string> {
  askForPassword(store, { email: " ADA@example.org ", from: FROM });
  await work();
  return tokenOf(letter(mailed));
}

describe("a forgotten password", () => {
  test("leads to a link that sets a new one, once, and ends what was open", async () => {
    const { id } = readAccount(store, "ada@example.org");
    const { secret } = await createSession(store, id, FROM);
    const token = await asked();
    expect(await resetPassword(store, ANONYMOUS, { token, password: NEW })).toBe(id);
    expect(await findSession(store, secret)).toBeNull();
    expect(await verifyPassword(store, "ada@example.org", PASSWORD)).toBeNull();
    expect(await verifyPassword(store, "ada@example.org", NEW)).toMatchObject({ account: { id } });
    expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token, password: PASSWORD }))).toBe(
      "link.invalid",
    );
    expect(messages()[0]).toMatchObject({ kind: "account.password_changed", link: null });
  });

  test("proves the address only by a link that came by mail", async () => {
    await resetPassword(store, ANONYMOUS, { token: await asked(false), password: NEW });
    expect(readAccount(store, "ada@example.org").emailProvenAt).toBeNull();
    await resetPassword(store, ANONYMOUS, { token: await asked(true), password: PASSWORD });
    expect(readAccount(store, "ada@example.org").emailProvenAt).toEqual(store.clock.now());
  });

  test("ends every other link of the account once it is set", async () => {
    const first = await asked();
    const second = await asked();
    await resetPassword(store, ANONYMOUS, { token: second, password: NEW });
    expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token: first, password: NEW }))).toBe(
      "link.invalid",
    );
  });

  test("keeps no secret where it is put down", async () => {
    const token = await asked();
    const everything = JSON.stringify(
      ["outbox", "jobs", "one_time_tokens", "audit_entries"].map((name) =>
        store.db.raw.query(`SELECT * FROM ${name}`).all(),
      ),
    );
    expect(everything).not.toContain(token);
    expect(everything).toContain("{link}");
  });

  test("writes nothing for an address that no account has, and does the same work for it", async () => {
    askForPassword(store, { email: "eve@example.org", from: FROM });
    const rows = store.db.raw.query("SELECT kind FROM jobs WHERE state = 'queued'").all();
    expect(rows).toEqual([{ kind: "account.password_asked" }]);
    await work();
    expect(messages()).toEqual([]);
  });

  test("writes a few letters an hour and no more", async () => {
    for (let i = 0; i < MOST_LETTERS_AN_HOUR + 2; i += 1) {
      askForPassword(store, { email: "ada@example.org", from: { ...FROM, requestId: `req${i}` } });
      await work();
    }
    expect(messages()).toHaveLength(MOST_LETTERS_AN_HOUR);
    store.clock.advance(3_600_000);
    await asked();
    expect(messages()).toHaveLength(MOST_LETTERS_AN_HOUR + 1);
  });

  test("is over for a disabled account, before and after the link was made", async () => {
    const token = await asked();
    disableAccount(store, OPERATOR, readAccount(store, "ada@example.org").id);
    expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token, password: NEW }))).toBe(
      "link.invalid",
    );
    expect(letter(true)).toBeNull();
    askForPassword(store, { email: "ada@example.org", from: FROM });
    await work();
    expect(messages()).toHaveLength(1);
  });

  test("ends after two hours by mail, after a day handed over", async () => {
    const mailed = await asked(true);
    const given = tokenOf(letter(false));
    store.clock.advance(2 * 3_600_000);
    expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token: mailed, password: NEW }))).toBe(
      "link.invalid",
    );
    store.clock.advance(22 * 3_600_000 - 1);
    expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token: given, password: NEW }))).toBe(
      "no problem",
    );
  });

  test("opens nothing else with its link", async () => {
    const token = await asked();
    expect(await codeOf(() => confirmAddress(store, ANONYMOUS, token))).toBe("link.invalid");
  });

  const refused: readonly (readonly [string, string])[] = [
    ["short", "eleven char"],
    ["common", "password1234"],
    ["one word over and over", "passwordpassword"],
    ["a row of keys", "qwertyuiop12"],
    ["made of the address", "ada@example.org1"],
    ["the store's name", "mosismosis12"],
  ];
  for (const [what, password] of refused) {
    test(`takes no password that is ${what}, and leaves the link as it was`, async () => {
      const token = await asked();
      expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token, password }))).toBe(
        "account.invalid",
      );
      expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token, password: NEW }))).toBe(
        "no problem",
      );
    });
  }

  test("refuses what is no address", async () => {
    for (const email of ["", "ada", "a@b\nBcc: x@y", "a b@c", "<a@b>", `${"a".repeat(65)}@b`])
      expect(await codeOf(() => askForPassword(store, { email, from: FROM }))).toBe("account.invalid");
  });
});
