import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { claim, finish } from "../../jobs/queue.ts";
import type { OrganisationRole } from "../../roles.ts";
import { toldBy } from "../../testing/audit.ts";
import { codeOf } from "../../testing/problems.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { type AccountActor, type Actor, ANONYMOUS, OPERATOR } from "../actor.ts";
import { revokeApiKey } from "../api-keys/end.ts";
import { createApiKey } from "../api-keys/make.ts";
import { MOST_WAIT_MS } from "../forgotten.ts";
import { changeRole, leaveOrganisation, listMembers, removeMember } from "../members.ts";
import { handOver } from "../messages/hand-over.ts";
import { letterOf } from "../messages/letter.ts";
import { listMessages } from "../messages/outbox.ts";
import { messageById } from "../messages/records.ts";
import { addMember, createOrganisation } from "../organisations.ts";
import { createAccount, disableAccount, listAccounts, readAccount, setStoreRole } from "../people.ts";
import { createSession, findSession } from "../sessions.ts";
import { askForAccount } from "../sign-up.ts";
import { accept, acceptWithNewAccount, readOffer } from "./accept.ts";
import { invite, listInvitations, revokeInvitation } from "./invite.ts";

const PASSWORD = "seven green bicycles";
const FROM = { requestId: "req", address: "192.0.2.1", userAgent: "test" };
const NEW = { name: "Bea", password: PASSWORD };
let store: TestStore;
let organisationId: ReturnType<typeof createOrganisation>["id"];

beforeEach(async () => {
  store = await openTestStore();
  organisationId = createOrganisation(store, OPERATOR, { name: "Lovelace" }).id;
});
afterEach(() => store.close());

/** Somebody with a session, and a role in the organisation if one is given. */
async function person(email: string, role?: OrganisationRole): Promise<AccountActor> {
  const { id } = await createAccount(store, OPERATOR, { email, name: email.split("@")[0] ?? "" });
  if (role !== undefined) addMember(store, OPERATOR, organisationId, id, role);
  const { secret } = await createSession(store, id, FROM);
  const found = await findSession(store, secret);
  if (found === null) throw new Error("no session");
  return found.actor;
}

const messages = () => listMessages(store, OPERATOR, { limit: 100 }).items;

/** The token of the newest message. */
function token(mailed = true): string {
  const row = messageById(store.db.orm, messages()[0]?.id ?? ("" as never));
  const letter =
    row && letterOf(store.db.orm, row, { origin: "https://s.example", mailed }, store.clock.now());
  return new URL(letter?.url ?? "about:").searchParams.get("token") ?? "";
}

const bea = (actor: Actor, role: OrganisationRole = "developer") =>
  invite(store, actor, { email: "bea@example.org", member: { organisationId, role } });

test("a letter begins as a sentence does, and a person's name as they write it", async () => {
  const body = () => messages()[0]?.body;
  bea(OPERATOR);
  expect(body()).toStartWith("The store's operator invites you to Lovelace at ");
  bea(await person("al@example.org", "owner"));
  expect(body()).toStartWith("al <al@example.org> invites you to Lovelace at ");
});

describe("an invitation", () => {
  test("makes an account with a role, once", async () => {
    const owner = await person("ada@example.org", "owner");
    bea(owner);
    const link = token();
    expect(readOffer(store, ANONYMOUS, link)).toMatchObject({
      email: "bea@example.org",
      organisation: { name: "Lovelace" },
      role: "developer",
      step: "make",
    });
    const told = await toldBy(store.db, () =>
      acceptWithNewAccount(store, ANONYMOUS, { token: link, ...NEW }),
    );
    const made = readAccount(store, "bea@example.org");
    expect(made).toMatchObject({ name: "Bea", storeRole: null, emailProvenAt: store.clock.now() });
    expect(told.map(({ action, actor }) => [action, actor])).toEqual([
      ["account.created", "anonymous"],
      ["invitation.accepted", `account:${made.id}`],
      ["member.role", `account:${made.id}`],
    ]);
    expect(listMembers(store, owner, organisationId).map(({ email, role }) => [email, role])).toEqual([
      ["ada@example.org", "owner"],
      ["bea@example.org", "developer"],
    ]);
    expect(await codeOf(() => acceptWithNewAccount(store, ANONYMOUS, { token: link, ...NEW }))).toBe(
      "link.invalid",
    );
    expect(listInvitations(store, owner, organisationId, { limit: 10 }).items).toEqual([]);
  });

  test("is for the account of its address alone, where there is one", async () => {
    const owner = await person("ada@example.org", "owner");
    const invited = await person("bea@example.org");
    const other = await person("eve@example.org");
    bea(owner, "maintainer");
    const link = token();
    expect(readOffer(store, other, link).step).toBe("sign_in");
    expect(readOffer(store, invited, link).step).toBe("agree");
    for (const actor of [ANONYMOUS, other, owner])
      expect(await codeOf(() => accept(store, actor, link))).toBe("invitation.other_account");
    expect(await codeOf(() => acceptWithNewAccount(store, ANONYMOUS, { token: link, ...NEW }))).toBe(
      "invitation.account_exists",
    );
    expect(accept(store, invited, link)).toEqual({ accountId: invited.accountId, organisationId });
    expect(listMembers(store, owner, organisationId).find(({ name }) => name === "bea")?.role).toBe(
      "maintainer",
    );
  });

  test("proves the address only when its link came by mail", async () => {
    bea(await person("ada@example.org", "owner"));
    await acceptWithNewAccount(store, ANONYMOUS, { token: token(false), ...NEW });
    expect(readAccount(store, "bea@example.org").emailProvenAt).toBeNull();
  });

  test("falls when it is taken back, has ended, or another one takes its place", async () => {
    const owner = await person("ada@example.org", "owner");
    const first = bea(owner);
    const firstLink = token();
    bea(owner, "viewer");
    const second = token();
    expect(await codeOf(() => readOffer(store, ANONYMOUS, firstLink))).toBe("link.invalid");
    expect(await codeOf(() => revokeInvitation(store, owner, first.id, organisationId))).toBe("no problem");
    expect(readOffer(store, ANONYMOUS, second).role).toBe("viewer");
    store.clock.advance(14 * 86_400_000);
    expect(await codeOf(() => readOffer(store, ANONYMOUS, second))).toBe("link.invalid");
    const third = bea(owner);
    const thirdLink = token();
    revokeInvitation(store, owner, third.id, organisationId);
    expect(await codeOf(() => readOffer(store, ANONYMOUS, thirdLink))).toBe("link.invalid");
    expect(token()).toBe("");
  });

  test("counts only as long as who sent it may invite", async () => {
    const owner = await person("ada@example.org", "owner");
    const second = await person("cy@example.org", "owner");
    bea(second);
    const link = token();
    changeRole(store, owner, { organisationId, accountId: second.accountId }, { role: "maintainer" });
    expect(await codeOf(() => acceptWithNewAccount(store, ANONYMOUS, { token: link, ...NEW }))).toBe(
      "link.invalid",
    );
    changeRole(store, owner, { organisationId, accountId: second.accountId }, { role: "owner" });
    disableAccount(store, OPERATOR, second.accountId);
    expect(await codeOf(() => readOffer(store, ANONYMOUS, link))).toBe("link.invalid");
    expect(listAccounts(store)).toHaveLength(2);
  });

  describe("ends when who sent it", () => {
    const WAYS: readonly (readonly [string, (owner: AccountActor, second: AccountActor) => unknown])[] = [
      ["was put out", (owner, { accountId }) => removeMember(store, owner, { organisationId, accountId })],
      ["left", (_, second) => leaveOrganisation(store, second, organisationId)],
      [
        "has a lower role",
        (owner, { accountId }) =>
          changeRole(store, owner, { organisationId, accountId }, { role: "maintainer" }),
      ],
      ["is disabled", (_, { accountId }) => disableAccount(store, OPERATOR, accountId)],
    ];
    test.each(WAYS)("%s, with what changed, and no other invitation does", async (_, leave) => {
      const owner = await person("ada@example.org", "owner");
      const second = await person("cy@example.org", "owner");
      const sent = bea(second);
      const message = messages()[0]?.id ?? ("" as never);
      const link = token();
      const kept = invite(store, owner, {
        email: "dan@example.org",
        member: { organisationId, role: "viewer" },
      });
      const told = await toldBy(store.db, () => leave(owner, second));
      expect(told.filter(({ action }) => action === "invitation.revoked")).toMatchObject([
        { subject: `invitation ${sent.id}`, organisationId },
      ]);
      expect(listInvitations(store, owner, organisationId, { limit: 10 }).items.map(({ id }) => id)).toEqual([
        kept.id,
      ]);
      expect(await codeOf(() => handOver(store, OPERATOR, message, "https://s.example"))).toBe(
        "message.over",
      );
      expect(await codeOf(() => readOffer(store, ANONYMOUS, link))).toBe("link.invalid");
      expect(await codeOf(() => readOffer(store, ANONYMOUS, token()))).toBe("no problem");
    });

    test("revoked the key that it was sent with, and no other key", async () => {
      const owner = await person("ada@example.org", "owner");
      const mine = { accountId: owner.accountId };
      const { key: used } = createApiKey(store, OPERATOR, { owner: mine, name: "Used" });
      const { key: other } = createApiKey(store, OPERATOR, { owner: mine, name: "Other" });
      bea({ ...owner, via: { type: "api-key", keyId: used.id } });
      revokeApiKey(store, OPERATOR, other.id);
      expect(listInvitations(store, owner, organisationId, { limit: 10 }).items).toHaveLength(1);
      const link = token();
      revokeApiKey(store, OPERATOR, used.id);
      expect(listInvitations(store, owner, organisationId, { limit: 10 }).items).toEqual([]);
      expect(await codeOf(() => readOffer(store, ANONYMOUS, link))).toBe("link.invalid");
    });

    test("is no administrator any more, into any organisation and into none", async () => {
      const admin = await person("root@example.org");
      await createAccount(store, OPERATOR, {
        email: "o@example.org",
        name: "Other",
        storeRole: "administrator",
      });
      setStoreRole(store, OPERATOR, admin.accountId, "administrator");
      const acting: AccountActor = { ...admin, storeRole: "administrator" };
      bea(acting);
      invite(store, acting, { email: "eve@example.org", storeRole: "reviewer" });
      addMember(store, OPERATOR, organisationId, admin.accountId, "owner");
      const told = await toldBy(store.db, () => setStoreRole(store, OPERATOR, admin.accountId, null));
      // As an owner they may still invite into the organisation.
      expect(told.map(({ action }) => action)).toEqual(["account.store_role", "invitation.revoked"]);
      expect(listInvitations(store, OPERATOR, null, { limit: 10 }).items).toEqual([]);
      expect(listInvitations(store, OPERATOR, organisationId, { limit: 10 }).items).toHaveLength(1);
    });
  });

  test("is sent by owners to their own organisation, and by administrators", async () => {
    const elsewhere = createOrganisation(store, OPERATOR, { name: "Elsewhere" }).id;
    for (const role of ["maintainer", "developer", "viewer"] as const) {
      const actor = await person(`${role}@example.org`, role);
      expect(await codeOf(() => bea(actor))).toBe("rights.forbidden");
    }
    const owner = await person("ada@example.org", "owner");
    const member = { organisationId: elsewhere, role: "viewer" } as const;
    expect(await codeOf(() => invite(store, owner, { email: "x@example.org", member }))).toBe(
      "organisation.not_found",
    );
    const reviewer = { email: "x@example.org", storeRole: "reviewer" } as const;
    expect(await codeOf(() => invite(store, owner, reviewer))).toBe("rights.forbidden");
    expect(
      await codeOf(() => invite(store, owner, { ...reviewer, member: { organisationId, role: "viewer" } })),
    ).toBe("rights.forbidden");
    expect(await codeOf(() => invite(store, OPERATOR, reviewer))).toBe("no problem");
    await acceptWithNewAccount(store, ANONYMOUS, { token: token(), ...NEW });
    expect(readAccount(store, "x@example.org").storeRole).toBe("reviewer");
  });

  test("is not for who is there already, nor for somebody new in a closed store", async () => {
    const owner = await person("ada@example.org", "owner");
    const known = await person("known@example.org");
    expect(
      await codeOf(() =>
        invite(store, owner, { email: "ADA@example.org", member: { organisationId, role: "viewer" } }),
      ),
    ).toBe("invitation.member");
    expect(await codeOf(() => invite(store, OPERATOR, { email: "known@example.org" }))).toBe(
      "invitation.member",
    );
    const closed = { ...store, config: { ...store.config, signUp: "closed" as const } };
    const member = { organisationId, role: "viewer" } as const;
    expect(await codeOf(() => invite(closed, owner, { email: "new@example.org", member }))).toBe(
      "signup.closed",
    );
    expect(await codeOf(() => invite(closed, owner, { email: known.email, member }))).toBe("no problem");
  });

  test("can be handed over by an administrator, and by nobody else", async () => {
    const owner = await person("ada@example.org", "owner");
    bea(owner);
    const id = messages()[0]?.id ?? ("" as never);
    expect(await codeOf(() => handOver(store, owner, id, "https://s.example"))).toBe("rights.forbidden");
    const told = await toldBy(store.db, () => {
      const { url } = handOver(store, OPERATOR, id, "https://s.example");
      expect(url).toMatch(/^https:\/\/s\.example\/invitation\?token=[A-Za-z0-9_-]{43}$/);
    });
    expect(told.map(({ action }) => action)).toEqual(["message.handed_over"]);
    expect(messages()[0]).toMatchObject({ handedOverAt: store.clock.now(), sentAt: null });
    expect(messages()[0]?.body).toContain("{link}");
  });
});

describe("signing up", () => {
  const work = async () => {
    store.clock.advance(MOST_WAIT_MS);
    for (let job = claim(store.db, store.clock.now()); job; job = claim(store.db, store.clock.now())) {
      await HANDLERS_HERE.get(job.kind)?.(store, { job, signal: new AbortController().signal } as never);
      finish(store.db, job.id, store.clock.now());
    }
  };
  const open = (signUp: "open" | "closed" | "invitation" | readonly string[]) => ({
    ...store,
    config: { ...store.config, signUp },
  });

  test("makes an account only by the link, and says the same where there is one", async () => {
    await person("ada@example.org");
    askForAccount(open("open"), { email: "Bea@example.org", from: FROM });
    askForAccount(open("open"), { email: "ada@example.org", from: FROM });
    await work();
    expect(
      messages()
        .map(({ kind, address, link }) => [kind, address, link])
        .sort(),
    ).toEqual([
      ["account.exists", "ada@example.org", null],
      ["account.invitation", "Bea@example.org", "invitation"],
    ]);
    expect(listAccounts(store)).toHaveLength(1);
  });

  test("is refused where it is closed, and for other domains", async () => {
    const ask = (signUp: Parameters<typeof open>[0], email: string) =>
      codeOf(() => askForAccount(open(signUp), { email, from: FROM }));
    expect(await ask("closed", "a@example.org")).toBe("signup.closed");
    expect(await ask("invitation", "a@example.org")).toBe("signup.closed");
    expect(await ask(["example.org"], "a@EXAMPLE.org")).toBe("no problem");
    for (const email of ["a@example.com", "a@sub.example.org", "a@example.org.evil.com", "a@notexample.org"])
      expect(await ask(["example.org"], email)).toBe("signup.domain");
    for (const email of ["a@example.org@evil.com", "example.org", "a@evil.com\n@example.org"])
      expect(await ask(["example.org"], email)).not.toBe("no problem");
  });
});

describe("members", () => {
  test("the last owner who can sign in can neither leave nor lose the role", async () => {
    const owner = await person("ada@example.org", "owner");
    const asleep = await person("bea@example.org", "owner");
    const of = { organisationId, accountId: owner.accountId };
    disableAccount(store, OPERATOR, asleep.accountId);
    expect(await codeOf(() => leaveOrganisation(store, owner, organisationId))).toBe(
      "organisation.last_owner",
    );
    expect(await codeOf(() => changeRole(store, owner, of, { role: "viewer" }))).toBe(
      "organisation.last_owner",
    );
    expect(await codeOf(() => removeMember(store, OPERATOR, of))).toBe("organisation.last_owner");
    expect(
      await codeOf(() => removeMember(store, owner, { organisationId, accountId: asleep.accountId })),
    ).toBe("no problem");
  });

  test("leave by themselves, and are put out by owners and administrators alone", async () => {
    await person("ada@example.org", "owner");
    const maintainer = await person("bea@example.org", "maintainer");
    const viewer = await person("cy@example.org", "viewer");
    const of = { organisationId, accountId: viewer.accountId };
    expect(await codeOf(() => removeMember(store, maintainer, of))).toBe("rights.forbidden");
    expect(await codeOf(() => changeRole(store, viewer, of, { role: "owner" }))).toBe("rights.forbidden");
    const told = await toldBy(store.db, () => leaveOrganisation(store, viewer, organisationId));
    expect(told).toMatchObject([{ action: "member.removed", before: { role: "viewer" }, organisationId }]);
    expect(await codeOf(() => removeMember(store, OPERATOR, of))).toBe("member.not_found");
    const stranger = await person("eve@example.org");
    expect(await codeOf(() => listMembers(store, stranger, organisationId))).toBe("organisation.not_found");
    expect(await codeOf(() => leaveOrganisation(store, stranger, organisationId))).toBe(
      "organisation.not_found",
    );
  });
});
