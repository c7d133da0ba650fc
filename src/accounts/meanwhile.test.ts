/** What was compared or read before a wait is judged again where it counts: passwords, passkeys and sessions that ended meanwhile. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { write } from "../db/database.ts";
import { newPasskey, register } from "../testing/authenticator.ts";
import { codeOf } from "../testing/problems.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { type AccountActor, OPERATOR } from "./actor.ts";
import { askToChangeAddress } from "./address.ts";
import { beginAuthorization } from "./device-authorization/begin.ts";
import { approveProgram } from "./device-authorization/decide.ts";
import { addPasskey, offerPasskey, removeFactor } from "./factors/change.ts";
import { stillPasskey } from "./factors/passkeys.ts";
import { beginSecondStep } from "./factors/pending.ts";
import { factorsOf } from "./factors/records.ts";
import { changePassword } from "./own.ts";
import { hashPassword } from "./passwords.ts";
import { createAccount, disableAccount, verifyPassword } from "./people.ts";
import { accountById, updateAccount } from "./records.ts";
import { removeSession } from "./sessions.records.ts";
import { createSession, findSession, listSessions } from "./sessions.ts";

const FROM = { address: "192.0.2.1", userAgent: "test" };
const ORIGIN = "https://apps.example";
const OLD = "copper otter meadow lantern";
const NEW = "seven quiet harbour bells";

let store: TestStore;
let other: string;
let person: AccountActor;
let count = 0;
beforeAll(async () => {
  store = await openTestStore();
  other = await hashPassword("nobody waits for this one");
});
afterAll(() => store.close());
beforeEach(async () => {
  count += 1;
  const fields = { email: `p${count}@example.org`, name: "Pat", password: OLD };
  const { id } = await createAccount(store, OPERATOR, fields);
  person = await signedIn(id);
});

async function signedIn(id: AccountActor["accountId"]): Promise<AccountActor> {
  const found = await findSession(store, (await createSession(store, id, FROM)).secret);
  if (found === null) throw new Error("the session is there");
  return found.actor;
}

const hashNow = () => accountById(store.db.orm, person.accountId)?.passwordHash;
/** As another change of the password does it, but at once. */
const replaceHash = () =>
  write(store.db, (tx) => updateAccount(tx, person.accountId, { passwordHash: other }));
function endSession(): void {
  const { via } = person;
  if (via.type === "session") write(store.db, (tx) => removeSession(tx, via.sessionId));
}

test("a password that was changed while it was compared is a wrong one, and so is that of who was disabled", async () => {
  const compared = verifyPassword(store, person.email, OLD);
  replaceHash();
  expect(await compared).toBeNull();
  count += 1;
  const email = `p${count}@example.org`;
  const { id } = await createAccount(store, OPERATOR, { email, name: "Dee", password: OLD });
  const disabled = verifyPassword(store, email, OLD);
  disableAccount(store, OPERATOR, id);
  expect(await disabled).toBeNull();
});

test("a password that was shown opens nothing once it is another one, nor a second step", async () => {
  const shown = await verifyPassword(store, person.email, OLD);
  if (shown === null) throw new Error("the password is right");
  expect(shown.holds(store.db.orm)).toBe(true);
  replaceHash();
  const still = () => {
    if (!shown.holds(store.db.orm)) throw new Error("it holds no more");
  };
  const { accountId } = person;
  const before = listSessions(store, accountId).length;
  expect(createSession(store, accountId, FROM, null, still)).rejects.toThrow("it holds no more");
  expect(() => beginSecondStep(store, { accountId, by: "password", next: null, flash: null }, still)).toThrow(
    "it holds no more",
  );
  expect(listSessions(store, accountId)).toHaveLength(before);
  expect(store.db.raw.query("SELECT * FROM pending_sign_ins WHERE account_id = ?").all(accountId)).toEqual(
    [],
  );
});

test("no session starts for who is disabled, whatever they have shown", async () => {
  disableAccount(store, OPERATOR, person.accountId);
  expect(await codeOf(() => createSession(store, person.accountId, FROM))).toBe("auth.required");
  expect(listSessions(store, person.accountId)).toEqual([]);
});

test("no session starts by a passkey that was removed meanwhile", async () => {
  const addOne = async (name: string) => {
    const offer = await offerPasskey(store, person, ORIGIN);
    const { challenge } = JSON.parse(offer.options) as { challenge: string };
    const response = register(newPasskey(), { challenge, origin: ORIGIN, rpId: "apps.example" });
    await addPasskey(store, person, { offer: offer.offer, response, name, origin: ORIGIN });
    store.clock.advance(1000);
  };
  await addOne("Laptop");
  const [row] = factorsOf(store.db.orm, person.accountId);
  if (row === undefined) throw new Error("the passkey is there");
  const enter = () => createSession(store, person.accountId, FROM, { by: "passkey" }, stillPasskey(row));
  expect(await codeOf(enter)).toBe("no problem");
  removeFactor(store, person, row.id);
  expect(await codeOf(enter)).toBe("auth.required");
});

const CHANGES: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["a new password", () => changePassword(store, person, { current: OLD, password: NEW, address: "1" })],
  [
    "another address",
    () => askToChangeAddress(store, person, { email: "new@example.net", current: OLD, address: "1" }),
  ],
];
test.each(CHANGES)(
  "%s is refused in a session that ended while the password was compared",
  async (_, act) => {
    const hash = hashNow();
    const refused = codeOf(act);
    endSession();
    expect(await refused).toBe("auth.required");
    expect(hashNow()).toBe(hash);
  },
);
test.each(CHANGES)("%s is refused by a password that is not the present one any more", async (_, act) => {
  const refused = codeOf(act);
  replaceHash();
  expect(await refused).toBe("account.invalid");
  expect(hashNow()).toBe(other);
});
test.each(CHANGES)("%s is taken where nothing happened meanwhile", async (_, act) => {
  expect(await codeOf(act)).toBe("no problem");
});

test("of two sessions that change the password at once, one is told that it did, and that one's password counts", async () => {
  const second = await signedIn(person.accountId);
  const change = (actor: AccountActor, password: string) =>
    codeOf(() => changePassword(store, actor, { current: OLD, password, address: "1" }));
  const words = [NEW, "nine amber willow kettles"];
  const told = await Promise.all([change(person, words[0] ?? ""), change(second, words[1] ?? "")]);
  expect(told.toSorted()).toEqual(["auth.required", "no problem"]);
  const opens = await Promise.all(words.map((each) => verifyPassword(store, person.email, each)));
  expect(opens.map((each) => each !== null)).toEqual(told.map((each) => each === "no problem"));
});

test("a passkey is not added, and no program let in, by a session that ended meanwhile", async () => {
  const offer = await offerPasskey(store, person, ORIGIN);
  const { challenge } = JSON.parse(offer.options) as { challenge: string };
  const response = register(newPasskey(), { challenge, origin: ORIGIN, rpId: "apps.example" });
  const added = codeOf(() =>
    addPasskey(store, person, { offer: offer.offer, response, name: "Laptop", origin: ORIGIN }),
  );
  endSession();
  expect(await added).toBe("auth.required");
  expect(factorsOf(store.db.orm, person.accountId)).toEqual([]);

  person = await signedIn(person.accountId);
  const { userCode } = beginAuthorization(store, { clientName: "laptop", address: "192.0.2.9" });
  const letIn = () => approveProgram(store, person, { code: userCode, days: 1, address: "192.0.2.1" });
  endSession();
  expect(await codeOf(letIn)).toBe("auth.required");
  person = await signedIn(person.accountId);
  expect(await codeOf(letIn)).toBe("no problem");
});
