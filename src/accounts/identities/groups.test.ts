/** Groups at a provider become roles, go with them, and pause when nobody confirms them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { providers } from "../../config.providers.ts";
import type { OrganisationId } from "../../ids.ts";
import { freePort } from "../../testing/free-port.ts";
import { GITHUB_CLIENT, type GithubServer, startGithubServer } from "../../testing/github-server.ts";
import { newVisitor, type Visitor } from "../../testing/http/visitor.ts";
import { OIDC_CLIENT, type OidcServer, startOidcServer } from "../../testing/oidc-server.ts";
import { newOrganisation, newPerson, type Portal, startPortal } from "../../testing/portal.ts";
import { openTestStore, type TestClock, type TestStore, testClock } from "../../testing/store.ts";
import { actorOfAccount } from "../account-actor.ts";
import { OPERATOR } from "../actor.ts";
import { findByToken } from "../api-keys/find.ts";
import { createApiKey } from "../api-keys/make.ts";
import { selectAdministrators, selectOwners } from "../messages/records.ts";
import { addMember, organisationsOf } from "../organisations.ts";
import { readAccount, setStoreRole } from "../people.ts";
import { accountById } from "../records.ts";
import { allows } from "../rights.ts";
import { confirmGroups } from "./confirm.ts";
import { pausedBy } from "./paused.ts";
import { isInForce, planRoles } from "./plan-roles.ts";
import { resealTokens } from "./tokens.ts";

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "mosis-groups-"));
writeFileSync(join(folder, "sso"), OIDC_CLIENT.secret);
writeFileSync(join(folder, "github"), GITHUB_CLIENT.secret);

let sso: OidcServer;
let github: GithubServer;
let portal: Portal;
let clock: TestClock;
let visitor: Visitor;
let field: OrganisationId;
let tools: OrganisationId;

/** The ids of organisations are known only once they are made, so the configuration is put in afterwards. */
beforeAll(async () => {
  clock = testClock();
  const port = freePort();
  sso = await startOidcServer([`http://127.0.0.1:${port}/sign-in/with/sso/back`]);
  github = startGithubServer();
  portal = await startPortal({ signUp: "open" }, clock, port);
  field = newOrganisation(portal.store, "Field");
  tools = newOrganisation(portal.store, "Tools");
  const config = {
    sso: {
      kind: "oidc",
      name: "Example SSO",
      issuer: sso.issuer,
      client_id: OIDC_CLIENT.id,
      client_secret_file: join(folder, "sso"),
      scopes: "openid email profile offline_access",
      prompt: "consent",
      groups: [
        { group: "admins", store_role: "administrator" },
        { group: "helpers", store_role: "support" },
        { group: "field-owners", organisation: field, role: "owner" },
        { group: "field-devs", organisation: field, role: "developer" },
        { group: "tools", organisation: tools, role: "viewer" },
        { group: "gone", organisation: `org-${"0".repeat(32)}`, role: "owner" },
      ],
    },
    github: {
      kind: "github",
      issuer: github.issuer,
      client_id: GITHUB_CLIENT.id,
      client_secret_file: join(folder, "github"),
      groups: [{ group: "Acme/Field-Devs", organisation: field, role: "developer" }],
    },
  };
  Object.assign(portal.store.config, { providers: providers(JSON.stringify(config)) });
  // Somebody owns them besides, by hand.
  await newPerson(portal.store, "Hanna Hand", {
    storeRole: "administrator",
    organisations: [
      [field, "owner"],
      [tools, "owner"],
    ],
  });
});
beforeEach(() => {
  visitor = newVisitor();
});
afterAll(async () => {
  await portal.close();
  await sso.stop();
  await github.stop();
  rmSync(folder, { recursive: true });
});

const rows = <Row>(query: string, ...values: string[]): Row[] =>
  portal.store.db.raw.query(query).all(...values) as Row[];

/** Signs somebody in, and gives what they may do now. */
async function signIn(sub: string, groups: readonly string[] | undefined, by = newVisitor()) {
  sso.signedIn = {
    sub,
    email: `${sub}@example.org`,
    email_verified: true,
    name: sub,
    ...(groups === undefined ? {} : { groups }),
  };
  const seen = await by.go(`${portal.url}/sign-in/with/sso`);
  expect(seen.url).toBe(`${portal.url}/dashboard`);
  return rolesOf(`${sub}@example.org`);
}

function rolesOf(email: string) {
  const { store } = portal;
  const row = accountById(store.db.orm, readAccount(store, email).id);
  if (row === undefined) throw new Error("it is there");
  const { storeRole, organisations } = actorOfAccount(store, store.db.orm, row, {
    type: "session",
    sessionId: "",
  });
  const at = (id: OrganisationId) => organisations.get(id) ?? null;
  // What they are told of themselves: each role that counts, and none that is paused as one that does.
  const told = organisationsOf(store, row.id).filter(({ paused }) => !paused);
  expect(told.map(({ id, role }) => [id, role]).sort()).toEqual([...organisations].sort());
  return { store: storeRole, field: at(field), tools: at(tools), paused: pausedBy(store, row.id).length };
}

const NONE = { store: null, field: null, tools: null, paused: 0 };
const changesOf = (email: string) =>
  rows<{ action: string; actor: string }>(
    "SELECT action, actor FROM audit_entries WHERE subject = ? AND action != 'account.created' ORDER BY position",
    readAccount(portal.store, email).id,
  ).map(({ action, actor }) => `${actor} ${action}`);

/** Time goes by, as far as groups know of it: the provider's clock is the machine's, and the store's must agree with it. */
function pass(ms: number): void {
  const { raw } = portal.store.db;
  raw.run("UPDATE identities SET confirmed_at = confirmed_at - ?1, asked_at = asked_at - ?1", [ms]);
  raw.run("UPDATE memberships SET confirmed_at = confirmed_at - ?1", [ms]);
  raw.run("UPDATE accounts SET store_role_confirmed_at = store_role_confirmed_at - ?1", [ms]);
}

const confirm = () => confirmGroups(portal.store, new AbortController().signal);

describe("at a sign-in", () => {
  test("roles come with groups, the strongest counts, and they go with them", async () => {
    expect(
      await signIn("ada", ["admins", "helpers", "field-devs", "field-owners", "unknown", "gone"]),
    ).toEqual({
      ...NONE,
      store: "administrator",
      field: "owner",
    });
    expect(await signIn("ada", ["helpers", "field-devs", "tools"])).toEqual({
      ...NONE,
      store: "support",
      field: "developer",
      tools: "viewer",
    });
    // A claim that is not there means no groups.
    expect(await signIn("ada", undefined)).toEqual(NONE);
    expect(changesOf("ada@example.org").filter((line) => !line.endsWith("identity.linked"))).toEqual([
      "system account.store_role",
      "system member.role",
      "system account.store_role",
      "system member.role",
      "system member.role",
      "system account.store_role",
      "system member.removed",
      "system member.removed",
    ]);
    expect(
      rows(
        "SELECT role FROM past_memberships WHERE account_id = ?",
        readAccount(portal.store, "ada@example.org").id,
      ),
    ).toHaveLength(3);
  });

  test("what was given by hand stays, and what is given by hand afterwards is taken over", async () => {
    const { store } = portal;
    await signIn("hal", ["field-devs"]);
    const { id } = readAccount(store, "hal@example.org");
    addMember(store, OPERATOR, tools, id, "maintainer");
    setStoreRole(store, OPERATOR, id, "auditor");
    expect(await signIn("hal", ["admins", "field-devs", "tools"])).toEqual({
      ...NONE,
      store: "auditor",
      field: "developer",
      tools: "maintainer",
    });
    addMember(store, OPERATOR, field, id, "developer");
    expect(await signIn("hal", [])).toEqual({
      ...NONE,
      store: "auditor",
      field: "developer",
      tools: "maintainer",
    });
    pass(48 * HOUR);
    expect(rolesOf("hal@example.org")).toMatchObject({
      store: "auditor",
      field: "developer",
      tools: "maintainer",
    });
  });

  test("the last owner and the last administrator stay on record, and may do nothing as such", async () => {
    const { raw } = portal.store.db;
    const lone = newOrganisation(portal.store, "Lone");
    const [provider] = portal.store.config.providers;
    const grants = provider?.groups as unknown as object[];
    grants.push({ group: "lone", organisation: lone, role: "owner" });
    await signIn("lou", ["lone", "admins"]);
    raw.run("UPDATE accounts SET disabled_at = 1 WHERE email = 'hanna.hand@example.org'");
    try {
      const at = () => rolesOf("lou@example.org");
      const member = () => rows("SELECT role, confirmed_at FROM memberships WHERE organisation_id = ?", lone);
      const told = () => {
        const tx = portal.store.db.orm;
        return [...selectOwners(tx, lone), ...selectAdministrators(tx)].map(({ email }) => email);
      };
      const both = ["lou@example.org", "lou@example.org"];
      expect(told()).toEqual(both);
      expect((await signIn("lou", [])).store).toBeNull();
      expect(member()).toEqual([{ role: "owner", confirmed_at: null }]);
      expect([at().store, at().paused]).toEqual([null, 1]);
      // Who has left the group hears nothing more of what owners and administrators are told.
      expect(told()).toEqual([]);
      const said = () => changesOf("lou@example.org").filter((line) => line.endsWith("role_withdrawn"));
      expect(said()).toEqual(["system account.role_withdrawn", "system member.role_withdrawn"]);
      await signIn("lou", []);
      expect(said()).toHaveLength(2);
      expect((await signIn("lou", ["lone", "admins"])).store).toBe("administrator");
      expect(member()).toEqual([{ role: "owner", confirmed_at: clock.now().getTime() }]);
      expect(told()).toEqual(both);
    } finally {
      raw.run("UPDATE accounts SET disabled_at = NULL WHERE email = 'hanna.hand@example.org'");
      grants.pop();
    }
  });

  test("keys that an organisation's last owner or an administrator made are told of when a group takes the role", async () => {
    const { store } = portal;
    const lone = newOrganisation(store, "Lonely");
    const [provider] = store.config.providers;
    const grants = provider?.groups as unknown as object[];
    grants.push({ group: "lonely", organisation: lone, role: "owner" });
    const actorOf = (email: string) => {
      const row = accountById(store.db.orm, readAccount(store, email).id);
      if (!row) throw new Error("nobody");
      return actorOfAccount(store, store.db.orm, row, { type: "session", sessionId: "s" });
    };
    const told = () =>
      rows(
        "SELECT address, subject FROM outbox WHERE kind = 'apikey.left' AND address LIKE 'hanna%' ORDER BY id",
      );
    const left = (name: string) => ({
      address: "hanna.hand@example.org",
      subject: `API keys of ${name} work on, and who made them has gone`,
    });
    try {
      await signIn("kay", ["lonely"]);
      createApiKey(store, actorOf("kay@example.org"), { owner: { organisationId: lone }, name: "CI" });
      await signIn("kay", ["lonely"]);
      expect(told()).toEqual([]);
      await signIn("kay", []);
      expect(told()).toEqual([left("Lonely")]);
      await signIn("kay", []);
      expect(told()).toHaveLength(1);
      await signIn("amy", ["admins"]);
      createApiKey(store, actorOf("amy@example.org"), { owner: { organisationId: field }, name: "CI" });
      await signIn("amy", []);
      expect(told()).toEqual([left("Lonely"), left("Field")]);
    } finally {
      grants.pop();
      store.db.raw.run("DELETE FROM outbox WHERE kind = 'apikey.left'");
    }
  });

  test("a session of before is over with a store role, and has no rights of a group that was left", async () => {
    await signIn("sid", ["admins", "field-devs"], visitor);
    expect((await visitor.ask(`${portal.url}/admin/jobs`)).status).toBe(200);
    await signIn("sid", [], newVisitor());
    expect((await visitor.ask(`${portal.url}/admin/jobs`)).location).toContain("/sign-in");
  });
});

describe("without a sign-in", () => {
  test("a token that is renewed confirms groups, and takes what was left", async () => {
    await signIn("ron", ["field-devs", "tools"]);
    // Of those of other tests.
    await confirm();
    const before = sso.asked.length;
    await confirm();
    expect(sso.asked.slice(before).filter((path) => path === "/token")).toEqual([]);
    for (let hours = 0; hours < 48; hours += 7) {
      pass(7 * HOUR);
      await confirm();
    }
    expect(rolesOf("ron@example.org")).toEqual({ ...NONE, field: "developer", tools: "viewer" });
    sso.people.set("ron", { sub: "ron", email: "ron@example.org", email_verified: true, groups: ["tools"] });
    pass(7 * HOUR);
    await confirm();
    expect(rolesOf("ron@example.org")).toEqual({ ...NONE, tools: "viewer" });
    expect(changesOf("ron@example.org").at(-1)).toBe("system member.removed");
    const sealed = rows<{ sealed_token: Uint8Array }>(
      "SELECT sealed_token FROM identities WHERE subject = 'ron'",
    );
    expect(sealed[0]?.sealed_token.byteLength).toBeGreaterThan(40);
  });

  test("what nobody confirms for 24 hours pauses, says so on pages, and comes back", async () => {
    await signIn("pia", ["helpers", "field-devs"], visitor);
    const { store } = portal;
    const owner = { accountId: readAccount(store, "pia@example.org").id };
    const { token } = createApiKey(store, OPERATOR, { owner, name: "k" });
    const may = () =>
      (["app.create", "user.read"] as const).map((action) => allows(findByToken(store, token), action));
    expect(may()).toEqual([true, true]);
    await sso.revokeAll();
    pass(7 * HOUR);
    await confirm();
    expect(rows("SELECT sealed_token FROM identities WHERE subject = 'pia'")).toEqual([
      { sealed_token: null },
    ]);
    pass(17 * HOUR - 1);
    expect(rolesOf("pia@example.org")).toEqual({ ...NONE, store: "support", field: "developer" });
    expect((await visitor.ask(`${portal.url}/admin/people`)).status).toBe(200);
    pass(1);
    expect(rolesOf("pia@example.org")).toEqual({ ...NONE, paused: 1 });
    expect(may()).toEqual([false, false]);
    expect((await visitor.ask(`${portal.url}/admin/people`)).status).toBe(403);
    expect((await visitor.ask(`${portal.url}/organisations/${field}/members`)).status).toBe(403);
    const { body } = await visitor.ask(`${portal.url}/account`);
    expect(body).toContain("Some of your roles are paused");
    expect(body).toContain("/sign-in/with/sso?next=%2Faccount");
    expect(await signIn("pia", ["helpers", "field-devs"])).toEqual({
      ...NONE,
      store: "support",
      field: "developer",
    });
  });

  test("a provider that cannot be asked is left alone: that changes nothing, and does not end the token", async () => {
    await confirm();
    await signIn("dan", ["tools"]);
    await signIn("eve", ["tools"]);
    const [provider] = portal.store.config.providers;
    const { clientSecretFile } = provider as { clientSecretFile: string };
    Object.assign(provider as object, { clientSecretFile: join(folder, "none") });
    pass(7 * HOUR);
    await confirm();
    expect(rolesOf("dan@example.org")).toEqual({ ...NONE, tools: "viewer" });
    const asked = rows("SELECT 1 FROM identities WHERE subject IN ('dan', 'eve') AND asked_at IS NOT NULL");
    expect(asked.length).toBeLessThanOrEqual(1);
    Object.assign(provider as object, { clientSecretFile });
    expect(rows("SELECT 1 FROM identities WHERE subject IN ('dan', 'eve') AND sealed_token IS NULL")).toEqual(
      [],
    );
    pass(17 * HOUR);
    expect(rolesOf("dan@example.org")).toEqual({ ...NONE, paused: 1 });
    await confirm();
    expect(rolesOf("dan@example.org")).toEqual({ ...NONE, tools: "viewer" });
  });

  test("teams of GitHub are asked for again with the same token", async () => {
    const person = {
      id: 7,
      login: "gil",
      name: "Gil",
      emails: [{ email: "gil@example.org", primary: true, verified: true }],
      orgs: ["Acme"],
      teams: Array.from({ length: 120 }, (_, at) => `Acme/${at === 119 ? "field-devs" : `team-${at}`}`),
    };
    github.signedIn = person;
    await visitor.go(`${portal.url}/sign-in/with/github`);
    expect(rolesOf("gil@example.org")).toEqual({ ...NONE, field: "developer" });
    github.signedIn = { ...person, teams: ["Acme/other"] };
    // Who is asked about there has another team by now.
    await newVisitor().go(
      `${github.issuer}/login/oauth/authorize?client_id=${GITHUB_CLIENT.id}&redirect_uri=${portal.url}/docs`,
    );
    pass(7 * HOUR);
    await confirm();
    expect(rolesOf("gil@example.org")).toEqual(NONE);
    github.revokeAll();
    pass(7 * HOUR);
    await confirm();
    expect(rows("SELECT sealed_token FROM identities WHERE subject = '7'")).toEqual([{ sealed_token: null }]);
  });
});

test("an account that is unlinked has nothing of its groups any more", async () => {
  await signIn("una", ["helpers", "field-devs"], visitor);
  portal.store.db.raw.run("UPDATE accounts SET password_hash = 'x' WHERE email = 'una@example.org'");
  const [row] = rows<{ id: string }>("SELECT id FROM identities WHERE subject = 'una'");
  const seen = await visitor.send(`${portal.url}/account/identities/unlink`, { identity: row?.id ?? "" });
  // The session has ended with the store role.
  expect(seen.url).toContain("/sign-in");
  expect(rolesOf("una@example.org")).toEqual(NONE);
});

describe("what groups give", () => {
  const order = ["owner", "maintainer", "developer", "viewer"] as const;
  test("of several groups the strongest role counts, in any order", () => {
    const org = `org-${"1".repeat(32)}`;
    const grants = order.map((role) => ({ group: role, organisation: org, role }));
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...order], { minLength: 1 }),
        fc.shuffledSubarray(grants, { minLength: 4 }),
        (groups, all) => {
          const best = order.find((role) => groups.includes(role));
          expect([...planRoles({ groups: all }, groups).organisations.values()]).toEqual(
            best === undefined ? [] : [best],
          );
        },
      ),
    );
    expect(planRoles({ groups: grants }, ["Owner", "own", "owner "]).organisations.size).toBe(0);
  });

  test("a role counts for so many hours after it was confirmed, and one by hand for ever", () => {
    const now = new Date("2026-11-27T09:00:00Z");
    const ago = (ms: number) => new Date(now.getTime() - ms);
    expect(isInForce({ provider: null, confirmedAt: null }, 24, now)).toBe(true);
    expect(isInForce({ provider: "sso", confirmedAt: null }, 24, now)).toBe(false);
    expect(isInForce({ provider: "sso", confirmedAt: ago(24 * HOUR - 1) }, 24, now)).toBe(true);
    expect(isInForce({ provider: "sso", confirmedAt: ago(24 * HOUR) }, 24, now)).toBe(false);
    expect(isInForce({ provider: "sso", confirmedAt: ago(24 * HOUR) }, 25, now)).toBe(true);
  });
});

test("tokens go under another master key with the store's own keys", async () => {
  const one: TestStore = await openTestStore();
  try {
    const { vault, db } = portal.store;
    const before =
      rows<{ n: number }>("SELECT count(*) AS n FROM identities WHERE sealed_token IS NOT NULL")[0]?.n ?? 0;
    await signIn("rex", ["tools"]);
    expect(resealTokens(db.orm, vault, one.vault)).toBe(before + 1);
    expect(resealTokens(db.orm, one.vault, vault)).toBe(before + 1);
    pass(7 * HOUR);
    await confirm();
    expect(rolesOf("rex@example.org")).toEqual({ ...NONE, tools: "viewer" });
  } finally {
    one.close();
  }
});
