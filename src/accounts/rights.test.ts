/** The table of rights, written out a second time as sentences of who may, so that a change of it is seen as one. */

import { describe, expect, test } from "bun:test";
import { isProblem } from "../errors.ts";
import type { AccountId, ApiKeyId, OrganisationId } from "../ids.ts";
import type { OrganisationRole, StoreRole } from "../roles.ts";
import { type Actor, ANONYMOUS, OPERATOR } from "./actor.ts";
import {
  ACTIONS,
  type Action,
  actionWords,
  allows,
  allowsEverywhere,
  authorise,
  forbidden,
  grantOf,
  RIGHTS,
  reasonFor,
} from "./rights.ts";

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
  support: person("support", null),
  auditor: person("auditor", null),
  administrator: person("administrator", null),
  operator: OPERATOR,
};

const READ = "viewer developer maintainer owner machine";
const WRITE = "developer maintainer owner machine";
const STORE = "reviewer support auditor administrator operator";
const AUDIT = "auditor administrator operator";
const WHO: Readonly<Record<Action, string>> = {
  "self.read":
    "no role viewer developer maintainer owner machine reviewer support auditor administrator operator",
  "self.change": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "session.read": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "message.read": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "self.keys": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "self.secure": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "self.delete": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "self.export": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "catalog.read":
    "anonymous no role viewer developer maintainer owner machine reviewer support auditor administrator operator",
  "rating.write": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "rating.answer": `${WRITE} operator`,
  "report.make": "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "report.read": STORE,
  "report.decide": "reviewer administrator operator",
  "app.create": `${WRITE} operator`,
  "app.read": `${READ} ${STORE}`,
  "app.change": `${WRITE} operator`,
  "app.delete": "maintainer owner operator",
  "app.remove": "owner operator",
  "app.keep": "owner administrator operator",
  "app.listing": "owner maintainer administrator operator",
  "app.visibility": "maintainer owner administrator operator",
  "app.category": "developer maintainer owner machine administrator operator",
  "app.transfer": "owner operator",
  "transfer.read": `owner ${AUDIT}`,
  "transfer.decide": "owner operator",
  "version.upload": `${WRITE} operator`,
  "version.read": `${READ} ${STORE}`,
  "version.submit": `${WRITE} operator`,
  "version.withdraw": `${WRITE} operator`,
  "version.publish": `${WRITE} operator`,
  "version.yank": `${WRITE} administrator operator`,
  "publisher.read": `${READ} reviewer ${AUDIT}`,
  "publisher.manage": "owner operator",
  "key.read": `${READ} ${AUDIT}`,
  "key.enroll": `${WRITE} operator`,
  "key.rotate": `${WRITE} operator`,
  "key.recover": "owner operator",
  "key.revoke": "owner operator",
  "recovery.read": AUDIT,
  "recovery.decide": "administrator operator",
  "outbox.read": "administrator operator",
  "outbox.hand_over": "administrator operator",
  "review.read": `reviewer ${AUDIT}`,
  "review.decide": "reviewer administrator operator",
  "settings.read": AUDIT,
  "settings.manage": "administrator operator",
  "storefront.read": AUDIT,
  "storefront.manage": "administrator operator",
  "setup.read": AUDIT,
  "setup.manage": "administrator operator",
  "storage.read": AUDIT,
  "storage.count": "administrator operator",
  "jobs.read": AUDIT,
  "jobs.replay": "administrator operator",
  "revocation.read": AUDIT,
  "revocation.manage": "administrator operator",
  "storekeys.read": AUDIT,
  "tokenkeys.rotate": "administrator operator",
  "log.read": AUDIT,
  "audit.read": `owner ${AUDIT}`,
  "user.read": `support ${AUDIT}`,
  "user.invited": AUDIT,
  "user.manage": "administrator operator",
  "group.read": `support ${AUDIT}`,
  "group.manage": "administrator operator",
  "device.read": `support ${AUDIT}`,
  "device.manage": "administrator operator",
  "storefiles.read": STORE,
  "organisation.create":
    "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "organisation.request":
    "no role viewer developer maintainer owner reviewer support auditor administrator operator",
  "organisation.requested": AUDIT,
  "organisation.grant": "administrator operator",
  "organisation.read": `${READ} support ${AUDIT}`,
  "organisation.invited": `owner ${AUDIT}`,
  "organisation.manage": "owner administrator operator",
  "organisation.take_over": "administrator operator",
  "apikey.read": `maintainer owner ${AUDIT}`,
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

describe("auditors and support", () => {
  const reads = (action: string) => /\.(?:read|invited|requested)$/.test(action);
  const may = (role: StoreRole) =>
    (Object.keys(RIGHTS) as Action[]).filter((action) => allows(person(role, null), action));

  test("change nothing but what is their own", () => {
    for (const role of ["auditor", "support"] as const)
      expect(may(role).filter((action) => !reads(action))).toEqual([
        "self.change",
        "self.keys",
        "self.secure",
        "self.delete",
        "self.export",
        "rating.write",
        "report.make",
        "organisation.create",
        "organisation.request",
      ]);
  });
  test("auditors read all that an administrator may read, but for messages, which may let them in as others", () => {
    const closed = ["outbox.read"];
    expect([...may("auditor").filter(reads), ...closed].sort()).toEqual(
      may("administrator").filter(reads).sort(),
    );
  });
  test("support sees people and what they work on, and nothing of keys, jobs, logs and reviews", () => {
    expect(may("support").filter(reads).sort()).toEqual([
      "app.read",
      "catalog.read",
      "device.read",
      "group.read",
      "message.read",
      "organisation.read",
      "report.read",
      "self.read",
      "session.read",
      "storefiles.read",
      "user.read",
      "version.read",
    ]);
  });
});

test("who may do something everywhere is told from who may do it to their own", () => {
  const everywhere = Object.keys(ACTORS).filter((name) =>
    allowsEverywhere(ACTORS[name] as Actor, "audit.read"),
  );
  expect(everywhere).toEqual(["auditor", "administrator", "operator"]);
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

describe("what a refusal says", () => {
  test.each(ACTIONS)("of %s, as one sentence to the reader with one colon", (action) => {
    const words = String(actionWords(action));
    expect(words).toMatch(/^[a-z][^:;]*[^.:;, ]$/);
    // A list of what is denied: none of it may be done, not only all of it together.
    expect(words).not.toMatch(/\bone(self|'s)?\b(?! of)/);
    expect(String(forbidden(action, "no.").message)).toBe(`You may not ${words}: no.`);
  });

  test.each(ACTIONS)(
    "of %s and an organisation's key does not send it to somebody who is not there",
    (action) => {
      if (allows(machine, action)) return;
      const reason = String(reasonFor(machine, action));
      expect(reason).not.toContain("nobody");
      if (grantOf(action).peopleOnly)
        expect(reason).toBe("it is for people, not for the key of an organisation");
      else expect(reason).toStartWith("it is for ");
    },
  );
});
