/** What a role that is narrowed to apps may, in every right and list, and what ends it. */

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { beforeListedApps, listApps } from "../catalog/app-list/list.ts";
import { createApp, deleteApp, readApp } from "../catalog/apps.ts";
import { countApps, listNeeds } from "../catalog/overview.ts";
import { isProblem } from "../errors.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import { codeOfSync } from "../testing/problems.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { actorOfAccount } from "./account-actor.ts";
import { type AccountActor, type Actor, OPERATOR } from "./actor.ts";
import { findByToken } from "./api-keys/find.ts";
import { createApiKey } from "./api-keys/make.ts";
import { isConcerned } from "./concerned.ts";
import { changeRole, leaveOrganisation, listMembers } from "./members.ts";
import { MOST_ROLE_APPS } from "./narrowed-roles.ts";
import { addMember, createOrganisation } from "./organisations.ts";
import { createAccount, setStoreRole } from "./people.ts";
import { accountById } from "./records.ts";
import { ACTIONS, type Action, allows, grantOf, reachOf } from "./rights.ts";
import { createSession, findSession } from "./sessions.ts";

const NOTES = "org.example.notes" as AppId;
const CLOCK = "org.example.clock" as AppId;
const FOREIGN = "net.stranger.app" as AppId;

let store: TestStore;
let ours: OrganisationId;
let theirs: OrganisationId;
let people = 0;
const opened: TestStore[] = [];
beforeEach(async () => {
  store = await openTestStore();
  opened.push(store);
  ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  theirs = createOrganisation(store, OPERATOR, { name: "Theirs" }).id;
  for (const id of [NOTES, CLOCK]) createApp(store, OPERATOR, { id, name: id, organisationId: ours });
  createApp(store, OPERATOR, { id: FOREIGN, name: "Foreign", organisationId: theirs });
});
afterAll(() => {
  for (const each of opened) each.close();
});

async function newcomer() {
  people += 1;
  return createAccount(store, OPERATOR, { email: `p${people}@example.org`, name: `P${people}` });
}

/** As the next request would find them. */
function actorOf(id: AccountActor["accountId"]): AccountActor {
  const row = accountById(store.db.orm, id);
  if (!row) throw new Error("nobody");
  return actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
}

async function narrowed(role: OrganisationRole, apps: readonly string[] | null): Promise<AccountActor> {
  const { id } = await newcomer();
  addMember(store, OPERATOR, ours, id, role, apps);
  return actorOf(id);
}

const idsOf = (actor: Actor) => listApps(store, actor, { limit: 10 }).items.map(({ id }) => id);

describe.each(["maintainer", "developer", "viewer"] as const)("a %s of one app", (role) => {
  test("does to it what the role may to an app, and nothing else to anything", async () => {
    const [whole, narrow] = [await narrowed(role, null), await narrowed(role, [NOTES])];
    const nobody = actorOf((await newcomer()).id);
    for (const action of ACTIONS) {
      const { ofApp, everyone } = grantOf(action);
      const ofOurs = (actor: Actor, more: object) => allows(actor, action, { organisationId: ours, ...more });
      const may = ofOurs(whole, { appId: NOTES });
      const stays = everyone === true || (may && ofApp === true);
      expect([action, ofOurs(narrow, { appId: NOTES })]).toEqual([action, stays]);
      expect([action, ofOurs(narrow, { toSomeApp: true })]).toEqual([action, stays]);
      expect([action, allows(narrow, action)]).toEqual([action, stays]);
      for (const other of [{ appId: CLOCK }, {}, { appId: FOREIGN }])
        expect([action, other, ofOurs(narrow, other)]).toEqual([action, other, everyone === true]);
      const stranger = { organisationId: theirs, appId: FOREIGN };
      expect([action, allows(narrow, action, stranger)]).toEqual([action, allows(nobody, action, stranger)]);
    }
  });
});

describe("a narrowed role", () => {
  test("shows of every list its apps alone", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    expect(idsOf(narrow)).toEqual([NOTES]);
    expect(idsOf(await narrowed("developer", null))).toEqual([CLOCK, NOTES]);
    expect(countApps(store, narrow).apps).toBe(1);
    expect(listNeeds(store, narrow)).toEqual([]);
    expect(beforeListedApps(store, narrow, {}, NOTES, 1)).toBeNull();
    expect(reachOf(narrow, "key.read").organisationIds).toEqual([]);
    expect(codeOfSync(() => listApps(store, narrow, { limit: 9, organisationIds: [theirs] }))).toBe(
      "organisation.not_found",
    );
    expect(listApps(store, narrow, { limit: 9, organisationIds: [ours] }).items).toHaveLength(1);
    expect(codeOfSync(() => listMembers(store, narrow, ours))).toBe("organisation.not_found");
  });

  test("stands beside one of another organisation as a whole", async () => {
    const { id } = await newcomer();
    addMember(store, OPERATOR, ours, id, "viewer", [CLOCK]);
    addMember(store, OPERATOR, theirs, id, "developer");
    const both = actorOf(id);
    expect(idsOf(both)).toEqual([FOREIGN, CLOCK]);
    expect(countApps(store, both).apps).toBe(2);
    expect(allows(both, "app.create")).toBe(true);
    expect(allows(both, "app.create", { organisationId: ours })).toBe(false);
    expect(allows(both, "version.upload", { organisationId: ours, appId: CLOCK })).toBe(false);
  });

  test("answers of another app of the organisation as of one that is not there", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    expect(readApp(store, narrow, NOTES).id).toBe(NOTES);
    const said = (id: string) => {
      try {
        readApp(store, narrow, id as AppId);
      } catch (error) {
        return isProblem(error) ? error.message.replace(id, "?") : error;
      }
      return "found";
    };
    expect(said(CLOCK)).toBe(said("org.example.absent"));
  });

  test("makes no app, and is told why", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    const make = () => createApp(store, narrow, { id: "org.example.new", name: "New", organisationId: ours });
    expect(codeOfSync(make)).toBe("rights.forbidden");
    expect(make).toThrow("your role there is only for certain apps");
  });

  test("for no app is one for nothing, and never for everything", async () => {
    const none = await narrowed("maintainer", []);
    for (const action of ACTIONS.filter((each) => grantOf(each).everyone !== true)) {
      expect([action, allows(none, action)]).toEqual([action, false]);
      expect([action, allows(none, action, { organisationId: ours, appId: NOTES })]).toEqual([action, false]);
      expect([action, allows(none, action, { organisationId: ours, toSomeApp: true })]).toEqual([
        action,
        false,
      ]);
    }
    expect(countApps(store, none).apps).toBe(0);
  });

  test("holds for the keys that its person makes", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    const owner = { accountId: narrow.accountId };
    const all = findByToken(store, createApiKey(store, narrow, { owner, name: "all" }).token);
    expect(idsOf(all)).toEqual([NOTES]);
    expect(allows(all, "version.upload", { organisationId: ours, appId: CLOCK })).toBe(false);
    const named = (apps: string[]) => createApiKey(store, narrow, { owner, name: "one", apps });
    expect(codeOfSync(() => named([CLOCK]))).toBe("apikey.invalid");
    const one = findByToken(store, named([NOTES]).token);
    expect(allows(one, "version.upload", { organisationId: ours, appId: NOTES })).toBe(true);
    const organisations = () => createApiKey(store, narrow, { owner: { organisationId: ours }, name: "x" });
    expect(codeOfSync(organisations)).toBe("rights.forbidden");
    changeRole(
      store,
      OPERATOR,
      { organisationId: ours, accountId: narrow.accountId },
      {
        role: "developer",
        apps: [CLOCK],
      },
    );
    const again = actorOf(narrow.accountId);
    expect(allows(again, "version.upload", { organisationId: ours, appId: NOTES })).toBe(false);
  });

  test("ends for a live session and a token with the change, and not with the next sign-in", async () => {
    const narrow = await narrowed("developer", [NOTES, CLOCK]);
    const { accountId } = narrow;
    const { secret } = await createSession(store, accountId, { address: "192.0.2.1", userAgent: "t" });
    const { token } = createApiKey(store, narrow, { owner: { accountId }, name: "k" });
    const sees = async () => {
      const session = await findSession(store, secret);
      return [session === null ? null : idsOf(session.actor), idsOf(findByToken(store, token))];
    };
    expect(await sees()).toEqual([
      [CLOCK, NOTES],
      [CLOCK, NOTES],
    ]);
    const of = { organisationId: ours, accountId };
    changeRole(store, OPERATOR, of, { role: "developer", apps: [NOTES] });
    expect(await sees()).toEqual([[NOTES], [NOTES]]);
    changeRole(store, OPERATOR, of, { role: "viewer" });
    expect(await sees()).toEqual([[NOTES], [NOTES]]);
    expect(allows(actorOf(accountId), "version.upload", { organisationId: ours, appId: NOTES })).toBe(false);
    changeRole(store, OPERATOR, of, { role: "viewer", apps: null });
    expect(await sees()).toEqual([
      [CLOCK, NOTES],
      [CLOCK, NOTES],
    ]);
  });

  test("is left as any other", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    leaveOrganisation(store, narrow, ours);
    expect(actorOf(narrow.accountId).organisations.size).toBe(0);
  });

  test("counts as work for the whole organisation, where somebody would decide about it", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    setStoreRole(store, OPERATOR, narrow.accountId, "reviewer");
    const about = { organisationId: ours, by: "account:acc-x", since: store.clock.now() };
    expect(isConcerned(store.db.orm, actorOf(narrow.accountId), about)).toBe(true);
    leaveOrganisation(store, actorOf(narrow.accountId), ours);
    expect(isConcerned(store.db.orm, actorOf(narrow.accountId), about)).toBe(true);
    const later = { ...about, since: new Date(store.clock.now().getTime() + 1) };
    expect(isConcerned(store.db.orm, actorOf(narrow.accountId), later)).toBe(false);
  });

  test("loses an app that is deleted, and is one for none when that was the last", async () => {
    const narrow = await narrowed("maintainer", [NOTES]);
    const both = await narrowed("viewer", [CLOCK, NOTES]);
    deleteApp(store, narrow, NOTES);
    createApp(store, OPERATOR, { id: NOTES, name: "Again", organisationId: theirs });
    expect(allows(actorOf(narrow.accountId), "app.read")).toBe(false);
    expect(idsOf(actorOf(both.accountId))).toEqual([CLOCK]);
    createApp(store, OPERATOR, { id: "org.example.more", name: "More", organisationId: ours });
    expect(allows(actorOf(narrow.accountId), "app.read")).toBe(false);
  });
});

describe("a role is narrowed to", () => {
  test("no more than apps of the organisation, and an owner to none", async () => {
    const { id } = await newcomer();
    const add = (role: OrganisationRole, apps: readonly string[]) =>
      codeOfSync(() => addMember(store, OPERATOR, ours, id, role, apps));
    expect(add("owner", [NOTES])).toBe("member.apps");
    expect(add("developer", [FOREIGN])).toBe("member.apps");
    expect(add("developer", ["org.example.absent"])).toBe("member.apps");
    expect(add("developer", ["../x"])).toBe("member.apps");
    const many = Array.from({ length: MOST_ROLE_APPS + 1 }, (_, n) => `org.example.a${n}`);
    expect(add("developer", many)).toBe("member.apps");
    expect(actorOf(id).organisations.size).toBe(0);
    expect(add("developer", [NOTES, NOTES])).toBe("no problem");
    expect(actorOf(id).organisations.appsOf?.(ours)).toEqual(new Set([NOTES]));
  });

  test("the same in the same words of what is another's and of what is not there", async () => {
    const { id } = await newcomer();
    const said = (app: string) => {
      try {
        addMember(store, OPERATOR, ours, id, "viewer", [app]);
      } catch (error) {
        return isProblem(error) ? error.message.replace(app, "?") : error;
      }
      return "taken";
    };
    expect(said(FOREIGN)).toBe(said("org.example.absent"));
  });

  test("all again when its person becomes an owner", async () => {
    const narrow = await narrowed("developer", [NOTES]);
    changeRole(store, OPERATOR, { organisationId: ours, accountId: narrow.accountId }, { role: "owner" });
    expect(actorOf(narrow.accountId).organisations.appsOf?.(ours)).toBeNull();
  });
});

test("the last owner stays one, also by the operator's hand", async () => {
  const { id } = await newcomer();
  addMember(store, OPERATOR, ours, id, "owner");
  expect(codeOfSync(() => addMember(store, OPERATOR, ours, id, "developer"))).toBe("organisation.last_owner");
  const second = await newcomer();
  addMember(store, OPERATOR, ours, second.id, "owner");
  expect(codeOfSync(() => addMember(store, OPERATOR, ours, id, "developer"))).toBe("no problem");
});

test("what a request asks of either kind of role is found by an index, however many there are of the other", async () => {
  const both = [await narrowed("developer", [NOTES]), await narrowed("developer", null)];
  const plans = queryPlans(store.db, () => {
    for (const { accountId } of both) {
      const actor = actorOf(accountId);
      for (const action of ["app.read", "app.create"] satisfies Action[]) {
        allows(actor, action);
        allows(actor, action, { organisationId: ours, appId: NOTES });
      }
    }
  });
  expect(slowPlans(plans)).toEqual([]);
  const used = plans.flatMap(({ steps }) => steps).join(" ");
  expect(used).toContain("memberships_whole");
  expect(used).toContain("memberships_narrowed");
});
