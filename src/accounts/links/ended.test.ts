/** What was asked for by somebody else ends with whatever somebody does to be safe from them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { write } from "../../db/database.ts";
import { newId } from "../../ids.ts";
import { codeOf } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import type { AccountActor } from "../actor.ts";
import { ANONYMOUS, OPERATOR } from "../actor.ts";
import { askToChangeAddress, confirmAddress, readAddressLink } from "../address.ts";
import { askToDelete, keepByLink } from "../deletion/ask.ts";
import { resetFactors } from "../factors/change.ts";
import { insertFactor } from "../factors/records.ts";
import { resetPassword, writePasswordLetter } from "../forgotten.ts";
import { letterOf } from "../messages/letter.ts";
import { listMessages, type MessageView } from "../messages/outbox.ts";
import { messageById } from "../messages/records.ts";
import { changePassword, endOtherSessions, endOwnSession } from "../own.ts";
import { createAccount, disableAccount, enableAccount, setPassword } from "../people.ts";
import { accountById } from "../records.ts";
import { createSession, findSession } from "../sessions.ts";

const PASSWORD = "correct horse battery";
const NEW = "seven green bicycles";
const FROM = { address: "192.0.2.1", userAgent: "test" };
let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

let people = 0;
async function person(): Promise<{ own: AccountActor; thief: AccountActor; email: string }> {
  people += 1;
  const email = `vic${people}@example.org`;
  const { id } = await createAccount(store, OPERATOR, { email, name: "Vic", password: PASSWORD });
  return { own: await session(id), thief: await session(id), email };
}

async function session(id: AccountActor["accountId"]): Promise<AccountActor> {
  const found = await findSession(store, (await createSession(store, id, FROM)).secret);
  if (found === null) throw new Error("there is no session");
  return found.actor;
}

const newest = (kind: string): MessageView => {
  const found = listMessages(store, OPERATOR, { limit: 100 }).items.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`there is no message ${kind}`);
  return found;
};

/** As the message goes out by mail; null: it goes no more. */
function tokenOf({ id }: MessageView): string | null {
  const row = messageById(store.db.orm, id);
  if (row === undefined) throw new Error("there is no message");
  const letter = letterOf(
    store.db.orm,
    row,
    { origin: "https://s.example", mailed: true },
    store.clock.now(),
  );
  return letter === null ? null : new URL(letter.url).searchParams.get("token");
}

/** Both links, and the messages that would get another one. */
async function linksOf({ own, thief, email }: Awaited<ReturnType<typeof person>>) {
  const address = FROM.address;
  await askToChangeAddress(store, thief, { email: `eve-${email}`, current: PASSWORD, address });
  write(store.db, (tx) => {
    const account = accountById(tx, own.accountId);
    if (account === undefined) throw new Error("there is no account");
    writePasswordLetter(store, tx, account, ANONYMOUS, store.clock.now());
  });
  const messages = [newest("account.address"), newest("account.password")] as const;
  return { messages, other: tokenOf(messages[0]) ?? "", password: tokenOf(messages[1]) ?? "" };
}

type Way = readonly [name: string, end: (who: Awaited<ReturnType<typeof person>>) => unknown];
const WAYS: readonly Way[] = [
  [
    "changes the password",
    ({ own }) => changePassword(store, own, { current: PASSWORD, password: NEW, address: FROM.address }),
  ],
  [
    "is given another password by the operator",
    ({ own }) => setPassword(store, OPERATOR, own.accountId, NEW),
  ],
  [
    "was disabled, and is enabled again",
    ({ own }) => {
      disableAccount(store, OPERATOR, own.accountId);
      enableAccount(store, OPERATOR, own.accountId);
    },
  ],
  [
    "has their second factors reset",
    ({ own: { accountId } }) => {
      const factor = { id: newId("fac"), accountId, kind: "totp", name: "App", createdAt: store.clock.now() };
      write(store.db, (tx) => insertFactor(tx, factor as never));
      resetFactors(store, OPERATOR, accountId);
    },
  ],
  ["ends all other sessions", ({ own }) => endOtherSessions(store, own)],
  [
    "ends the session that asked",
    ({ own, thief: { via } }) => endOwnSession(store, own, via.type === "session" ? via.sessionId : ""),
  ],
];

describe("a link to another address or password opens nothing once its person", () => {
  for (const [name, end] of WAYS) {
    test(name, async () => {
      const who = await person();
      const { messages, other, password } = await linksOf(who);
      expect(readAddressLink(store, other).email).toBe(`eve-${who.email}`);
      await end(who);
      expect(await codeOf(() => confirmAddress(store, ANONYMOUS, other))).toBe("link.invalid");
      expect(await codeOf(() => resetPassword(store, ANONYMOUS, { token: password, password: NEW }))).toBe(
        "link.invalid",
      );
      // Nor would one that mail was late with.
      expect(messages.map(tokenOf)).toEqual([null, null]);
    });
  }
});

test("a link stays when its person signs out of the session that they have", async () => {
  const who = await person();
  const { other } = await linksOf(who);
  const { via } = who.own;
  endOwnSession(store, who.own, via.type === "session" ? via.sessionId : "");
  expect(confirmAddress(store, ANONYMOUS, other).email).toBe(`eve-${who.email}`);
});

test("links of others stay, and so does the one that takes a deletion back", async () => {
  const [vic, other] = [await person(), await person()];
  const theirs = await linksOf(other);
  askToDelete(store, vic.own, { confirm: vic.email });
  const keep = tokenOf(newest("account.deletion")) ?? "";
  await setPassword(store, OPERATOR, vic.own.accountId, NEW);
  disableAccount(store, OPERATOR, vic.own.accountId);
  expect(keepByLink(store, ANONYMOUS, keep).deletionAt).toBeNull();
  expect(confirmAddress(store, ANONYMOUS, theirs.other).email).toBe(`eve-${other.email}`);
});

test("the present address has word when another one is asked for, and what to do", async () => {
  const who = await person();
  await linksOf(who);
  const word = newest("account.address_asked");
  expect(word).toMatchObject({ address: who.email, link: null, path: "/account" });
  expect(word.body).toContain(`eve-${who.email}`);
  expect(word.body).toContain("change your password now");
});
