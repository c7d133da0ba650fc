/** An account that its person wants deleted, and that an administrator disables or deletes: what the one does outlives the other. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { beginUpload } from "../../catalog/partial-uploads/uploads.ts";
import { codeOf } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { actorOfAccount } from "../account-actor.ts";
import { type AccountActor, ANONYMOUS, OPERATOR } from "../actor.ts";
import { handOver } from "../messages/hand-over.ts";
import { listMessages } from "../messages/outbox.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { createAccount, disableAccount, enableAccount, readAccount, verifyPassword } from "../people.ts";
import { accountById } from "../records.ts";
import { askToDelete, askToDeletePerson, keepByLink, keepPerson, readKeepLink } from "./ask.ts";
import { deletePersonNow, eraseDue } from "./erase.ts";

const DAY_MS = 86_400_000;
const PASSWORD = "seven green bicycles";
const EMAIL = "ada@example.org";
const CONFIRM = { confirm: EMAIL };
const opened: TestStore[] = [];
let store: TestStore;
let ada: AccountActor;

beforeEach(async () => {
  store = await openTestStore();
  opened.push(store);
  const { id } = await createAccount(store, OPERATOR, { email: EMAIL, name: "Ada", password: PASSWORD });
  const row = accountById(store.db.orm, id);
  if (row === undefined) throw new Error("nobody");
  ada = actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
});
afterAll(() => {
  for (const each of opened) each.close();
});

function keepToken(): string {
  const message = listMessages(store, OPERATOR, { limit: 50 }).items.find(({ link }) => link === "keep");
  if (!message) throw new Error("no message has such a link");
  return new URL(handOver(store, OPERATOR, message.id, "http://x").url).searchParams.get("token") ?? "";
}

/** What was done with the account after it was made, and by whom. */
const told = () =>
  store.db.raw
    .query<{ said: string }, [string]>(
      "SELECT actor || ' ' || action AS said FROM audit_entries WHERE subject = ? AND action <> 'account.created' ORDER BY position",
    )
    .all(ada.accountId)
    .map(({ said }) => said.replace(`account:${ada.accountId}`, "ada"));
const state = () => {
  const { disabledAt, deletionAt, staysDisabled } = readAccount(store, ada.accountId);
  return { disabled: disabledAt !== null, deletion: deletionAt !== null, staysDisabled };
};
const isThere = () => accountById(store.db.orm, ada.accountId) !== undefined;

describe("an account that its person wants deleted", () => {
  test("is disabled by an administrator, told of once, and stays disabled when the link keeps it", async () => {
    askToDelete(store, ada, CONFIRM);
    expect(state()).toEqual({ disabled: true, deletion: true, staysDisabled: false });
    const token = keepToken();
    expect(readKeepLink(store, token).staysDisabled).toBe(false);
    const since = readAccount(store, ada.accountId).disabledAt;
    store.clock.advance(DAY_MS);
    expect(disableAccount(store, OPERATOR, ada.accountId)).toMatchObject({
      staysDisabled: true,
      disabledAt: since,
    });
    disableAccount(store, OPERATOR, ada.accountId);
    expect(told()).toEqual(["ada account.deletion_asked", "operator account.disabled"]);
    expect(readKeepLink(store, token).staysDisabled).toBe(true);
    expect(keepByLink(store, ANONYMOUS, token).staysDisabled).toBe(true);
    expect(state()).toEqual({ disabled: true, deletion: false, staysDisabled: true });
    expect(await verifyPassword(store, EMAIL, PASSWORD)).toBeNull();
    store.clock.advance(30 * DAY_MS);
    await eraseDue(store);
    expect(isThere()).toBe(true);
    enableAccount(store, OPERATOR, ada.accountId);
    expect(await verifyPassword(store, EMAIL, PASSWORD)).not.toBeNull();
    // Nothing of the first time is left: the next deletion is taken back as any.
    askToDelete(store, ada, CONFIRM);
    keepByLink(store, ANONYMOUS, keepToken());
    expect(state()).toEqual({ disabled: false, deletion: false, staysDisabled: false });
  });

  test("works again when the link keeps it and nobody disabled it", async () => {
    askToDelete(store, ada, CONFIRM);
    keepByLink(store, ANONYMOUS, keepToken());
    expect(state()).toEqual({ disabled: false, deletion: false, staysDisabled: false });
    expect(await verifyPassword(store, EMAIL, PASSWORD)).not.toBeNull();
  });

  test("is deleted all the same when its time comes, disabled or not", async () => {
    askToDelete(store, ada, CONFIRM);
    disableAccount(store, OPERATOR, ada.accountId);
    store.clock.advance(7 * DAY_MS);
    await eraseDue(store);
    expect(isThere()).toBe(false);
    expect(told().at(-1)).toBe("ada account.erased");
  });

  test("takes along what its person had begun to send", async () => {
    const organisationId = createOrganisation(store, OPERATOR, { name: "Ada's" }).id;
    addMember(store, OPERATOR, organisationId, ada.accountId, "developer");
    const developer = { ...ada, organisations: new Map([[organisationId, "developer" as const]]) };
    const { id } = await beginUpload(store, developer, { sizeBytes: 10, fileName: "ada.mosis" });
    await store.blobs.partial.append(id, 0, new Blob([new Uint8Array(4)]).stream());
    expect((await store.blobs.partial.list()).map((file) => file.id)).toEqual([id]);
    askToDelete(store, ada, CONFIRM);
    store.clock.advance(7 * DAY_MS);
    await eraseDue(store);
    expect([isThere(), await store.blobs.partial.list()]).toEqual([false, []]);
  });

  test("stays disabled when an administrator keeps it", () => {
    askToDelete(store, ada, CONFIRM);
    keepPerson(store, OPERATOR, ada.accountId);
    expect(state()).toEqual({ disabled: true, deletion: false, staysDisabled: true });
  });

  test("is disabled for good where that was before the person's own wish came through", () => {
    disableAccount(store, OPERATOR, ada.accountId);
    // A request that had begun before.
    askToDelete(store, ada, CONFIRM);
    expect(keepByLink(store, ANONYMOUS, keepToken()).staysDisabled).toBe(true);
  });
});

describe("its deletion by an administrator", () => {
  test("is theirs from then on: at the earlier time, told of, and no link takes it back", async () => {
    const { deletionAt } = askToDelete(store, ada, CONFIRM);
    const token = keepToken();
    store.clock.advance(DAY_MS);
    expect(askToDeletePerson(store, OPERATOR, ada.accountId, CONFIRM).deletionAt).toEqual(deletionAt);
    expect(state()).toEqual({ disabled: true, deletion: true, staysDisabled: true });
    expect(told()).toEqual(["ada account.deletion_asked", "operator account.deletion_asked"]);
    expect(await codeOf(() => keepByLink(store, ANONYMOUS, token))).toBe("link.invalid");
    // Again changes nothing, and sooner does.
    askToDeletePerson(store, OPERATOR, ada.accountId, CONFIRM);
    expect(told()).toHaveLength(2);
    const sooner = askToDeletePerson(store, OPERATOR, ada.accountId, { ...CONFIRM, days: 1 });
    expect(sooner.deletionAt).toEqual(new Date(store.clock.now().getTime() + DAY_MS));
    expect(told()).toHaveLength(3);
    store.clock.advance(DAY_MS);
    await eraseDue(store);
    expect(isThere()).toBe(false);
  });

  test.each(["its person", "an administrator"])("at once, after %s asked for it", async (who) => {
    if (who === "its person") askToDelete(store, ada, CONFIRM);
    else {
      disableAccount(store, OPERATOR, ada.accountId);
      askToDeletePerson(store, OPERATOR, ada.accountId, CONFIRM);
    }
    const { deletionAt } = await deletePersonNow(store, OPERATOR, ada.accountId, CONFIRM);
    expect(deletionAt).toEqual(store.clock.now());
    expect(isThere()).toBe(false);
    expect(told().at(-1)).toBe("operator account.erased");
  });

  test("at once is refused of one in use, or that hinders others, and says so when it was taken back", async () => {
    const now = () => codeOf(() => deletePersonNow(store, OPERATOR, ada.accountId, CONFIRM));
    expect(await now()).toBe("account.not_disabled");
    askToDelete(store, ada, CONFIRM);
    const ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
    const { id: bea } = await createAccount(store, OPERATOR, { email: "bea@example.org", name: "Bea" });
    addMember(store, OPERATOR, ours, bea, "developer");
    addMember(store, OPERATOR, ours, ada.accountId, "owner");
    expect(await now()).toBe("account.deletion_hindered");
    addMember(store, OPERATOR, ours, bea, "owner");
    const under = now();
    keepPerson(store, OPERATOR, ada.accountId);
    expect(await under).toBe("account.deletion_taken_back");
    expect(state()).toEqual({ disabled: true, deletion: false, staysDisabled: true });
    expect(await now()).toBe("no problem");
  });
});
