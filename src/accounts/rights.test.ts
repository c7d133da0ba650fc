/** The table of rights, written out a second time as sentences of who may, so that a change of it is seen as one. */
import { describe, expect, test } from "bun:test";
import { isProblem } from "../errors.ts";
import type { AccountId, ApiKeyId, OrganisationId } from "../ids.ts";
import { type Actor, ANONYMOUS, OPERATOR, type OrganisationRole, type StoreRole } from "./actor.ts";
import { type Action, allows, authorise, RIGHTS } from "./rights.ts";

const MINE = `org-${"1".repeat(32)}` as OrganisationId;
const OTHERS = `org-${"2".repeat(32)}` as OrganisationId;

function person(storeRole: StoreRole | null, role: OrganisationRole | null): Actor {
  return {
    kind: "account",
    accountId: `acc-${"0".repeat(32)}` as AccountId,
    email: "a@example.org",
    name: "A",
    storeRole,
    organisations: new Map(role === null ? [] : [[MINE, role]]),
    via: { type: "session", sessionId: "s" },
  };
}
const machine: Actor = {
  kind: "organisation-key",
  organisationId: MINE,
  keyId: `key-${"0".repeat(32)}` as ApiKeyId,
};

const ACTORS: Readonly<Record<string, Actor>> = {
  anonymous: ANONYMOUS,
  "no role": person(null, null),
  viewer: person(null, "viewer"),
  developer: person(null, "developer"),
  maintainer: person(null, "maintainer"),
  owner: person(null, "owner"),
  machine,
  reviewer: person("reviewer", null),
  administrator: person("administrator", null),
  operator: OPERATOR,
};

const READ = "viewer developer maintainer owner machine";
const WRITE = "developer maintainer owner machine";
const STORE = "reviewer administrator operator";
const WHO: Readonly<Record<Action, string>> = {
  "self.read": "no role viewer developer maintainer owner machine reviewer administrator operator",
  "self.change": "no role viewer developer maintainer owner reviewer administrator operator",
  "app.create": `${WRITE} operator`,
  "app.read": `${READ} ${STORE}`,
  "app.change": `${WRITE} operator`,
  "app.delete": "maintainer owner operator",
  "version.upload": `${WRITE} operator`,
  "version.read": `${READ} ${STORE}`,
  "version.submit": `${WRITE} operator`,
  "version.withdraw": `${WRITE} operator`,
  "version.publish": `${WRITE} operator`,
  "key.read": `${READ} administrator operator`,
  "key.enroll": `${WRITE} operator`,
  "key.rotate": `${WRITE} operator`,
  "key.recover": "owner operator",
  "key.revoke": "owner operator",
  "recovery.decide": "administrator operator",
  "outbox.read": "administrator operator",
  "review.read": STORE,
  "review.decide": STORE,
  "jobs.read": "administrator operator",
  "jobs.replay": "administrator operator",
  "revocation.read": "administrator operator",
  "revocation.manage": "administrator operator",
  "storekeys.read": "administrator operator",
  "log.read": "administrator operator",
  "user.manage": "administrator operator",
  "organisation.create": "administrator operator",
  "organisation.manage": "owner administrator operator",
  "apikey.manage": "maintainer owner administrator operator",
};

describe("who may do what to a thing of their organisation", () => {
  test.each(Object.keys(RIGHTS) as Action[])("%s", (action) => {
    const may = Object.keys(ACTORS).filter((name) =>
      allows(ACTORS[name] as Actor, action, { organisationId: MINE }),
    );
    const said = Object.keys(ACTORS).filter((name) => ` ${WHO[action]} `.includes(` ${name} `));
    expect(may).toEqual(said);
  });
});

describe("nobody may do to another organisation's thing what they may only do to their own", () => {
  test.each(Object.keys(RIGHTS) as Action[])("%s", (action) => {
    for (const name of ["viewer", "developer", "maintainer", "owner", "machine"]) {
      const may = allows(ACTORS[name] as Actor, action, { organisationId: OTHERS });
      expect({ name, may }).toEqual({
        name,
        may: WHO[action].includes("no role") && ` ${WHO[action]} `.includes(` ${name} `),
      });
    }
  });
});

describe("a refusal", () => {
  const refuse = (actor: Actor, action: Action, organisationId: OrganisationId): string => {
    try {
      authorise(actor, action, { organisationId });
    } catch (error) {
      if (isProblem(error)) return `${error.kind} ${error.code}`;
      throw error;
    }
    return "allowed";
  };

  test("asks the anonymous to sign in, before it says anything", () => {
    expect(refuse(ANONYMOUS, "app.read", MINE)).toBe("unauthenticated auth.required");
  });
  test("does not tell whether another organisation's thing is there", () => {
    for (const action of ["app.read", "app.change", "version.upload", "version.publish"] as const) {
      expect(refuse(person(null, "owner"), action, OTHERS)).toBe("not_found not_found");
    }
  });
  test("says who may, to those who may know of the thing", () => {
    expect(refuse(person(null, "viewer"), "app.delete", MINE)).toBe("forbidden rights.forbidden");
    expect(refuse(person("reviewer", null), "app.change", OTHERS)).toBe("forbidden rights.forbidden");
    expect(refuse(person(null, "owner"), "app.delete", MINE)).toBe("allowed");
  });
});
