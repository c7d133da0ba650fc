/**
 * The store is killed while it asks a provider whether people are still in their groups: everybody's roles are those of before
 * or those of now, told of once, and what it asks with is lost only where the provider's answer was.
 */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config.ts";
import { emptyLog } from "../../db/wal.ts";
import { freePort } from "../free-port.ts";
import { newVisitor } from "../http/visitor.ts";
import { OIDC_CLIENT, type OidcServer, startOidcServer } from "../oidc-server.ts";
import { newAdministrator, newOrganisation, startPortal } from "../portal.ts";
import { KILLS_TIMEOUT_MS } from "./chosen-steps.ts";
import type { PreparedGroups } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const HOUR_MS = 3_600_000;
/** Each person's new token is kept, then the roles that follow from the groups. */
const STEPS = ["confirm", "confirm", "confirm", "confirm"];
/** Of each run two people, since a token that was used in one copy is good for nothing in another. */
const RUNS = ["whole", "step 1", "step 2", "step 3", "step 4", "answer 1", "answer 2"];

const top = mkdtempSync(join(tmpdir(), "mosis-kill-groups-"));
const prepared = join(top, "prepared");
let sso: OidcServer;
afterAll(async () => {
  await sso.stop();
  rmSync(top, { recursive: true, force: true });
});

const peopleOf = (run: string): readonly [string, string] => {
  const id = run.replace(" ", "-");
  return [`ada-${id}`, `bo-${id}`];
};

beforeAll(async () => {
  const port = freePort();
  sso = await startOidcServer([`http://127.0.0.1:${port}/sign-in/with/sso/back`], { rotates: true });
  writeFileSync(join(top, "secret"), OIDC_CLIENT.secret);
  const provider = {
    kind: "oidc",
    name: "Example SSO",
    issuer: sso.issuer,
    client_id: OIDC_CLIENT.id,
    client_secret_file: join(top, "secret"),
    scopes: "openid email profile offline_access",
    prompt: "consent",
  };
  const publicUrl = `http://127.0.0.1:${port}`;
  const settings = (groups: object[]) => JSON.stringify({ sso: { ...provider, groups } });
  const first = await startPortal({ signUp: "open", publicUrl, providers: settings([]) }, undefined, port);
  await newAdministrator(first.store);
  const organisations = ["Field", "Tools"].map((name) => newOrganisation(first.store, name));
  const [field, tools] = organisations;
  const providers = settings([
    { group: "helpers", store_role: "support" },
    { group: "field", organisation: field, role: "developer" },
    { group: "tools", organisation: tools, role: "viewer" },
  ]);
  Object.assign(first.store.config, {
    providers: loadConfig({ dataDir: first.store.config.dataDir, providers }, {}).providers,
  });
  for (const sub of RUNS.flatMap(peopleOf)) {
    const person = { sub, email: `${sub}@example.org`, email_verified: true, name: sub };
    sso.signedIn = { ...person, groups: ["helpers", "field"] };
    const seen = await newVisitor().go(`${publicUrl}/sign-in/with/sso`);
    expect(seen.url).toBe(`${publicUrl}/dashboard`);
    // They have left both, and come into another.
    sso.people.set(sub, { ...person, groups: ["tools"] });
  }
  emptyLog(first.store.db);
  cpSync(first.store.config.dataDir, prepared, {
    recursive: true,
    filter: (path) => !/\.sock$|\.lock$|address\.txt$/.test(path),
  });
  const flags: PreparedGroups = { providers, publicUrl };
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(flags));
  await first.close();
}, 60_000);

function inDatabase<T>(folder: string, work: (db: Database) => T): T {
  const db = new Database(join(folder, "mosis.db"));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** A quarter of the time goes by after which what rests on a group pauses, and more. */
function letTimePass(folder: string): void {
  inDatabase(folder, (db) => {
    db.run("UPDATE identities SET confirmed_at = confirmed_at - ?1, asked_at = asked_at - ?1", [7 * HOUR_MS]);
  });
}

function copyFor(run: string): string {
  const folder = join(top, run);
  cpSync(prepared, folder, { recursive: true });
  const [ada, bo] = peopleOf(run);
  inDatabase(folder, (db) => {
    db.run("UPDATE identities SET sealed_token = NULL WHERE subject NOT IN (?, ?)", [ada, bo]);
  });
  letTimePass(folder);
  return folder;
}

type Found = {
  readonly roles: string;
  /** Changes of roles that the audit log tells of since the sign-in. */
  readonly told: string;
  readonly hasToken: boolean;
  readonly isConfirmed: boolean;
};

function foundIn(folder: string, run: string): readonly Found[] {
  return inDatabase(folder, (db) =>
    peopleOf(run).map((sub): Found => {
      const identity = db
        .query<{ account_id: string; has_token: number; confirmed_at: number }, [string]>(
          "SELECT account_id, sealed_token IS NOT NULL AS has_token, confirmed_at FROM identities WHERE subject = ?",
        )
        .get(sub);
      const { account_id: id = "", has_token = 0, confirmed_at = 0 } = identity ?? {};
      const all = (sql: string) => db.query<{ text: string }, [string]>(sql).all(id);
      const roles = all(
        "SELECT o.name || ' ' || m.role AS text FROM memberships AS m JOIN organisations AS o ON o.id = m.organisation_id WHERE m.account_id = ?1 UNION ALL SELECT 'store ' || store_role FROM accounts WHERE id = ?1 AND store_role IS NOT NULL",
      );
      const told = all(
        "SELECT action AS text FROM audit_entries WHERE subject = ? AND actor = 'system' AND action IN ('account.store_role', 'member.role', 'member.removed') ORDER BY position",
      );
      const names = (rows: readonly { text: string }[]) => rows.map(({ text }) => text).sort();
      return {
        roles: names(roles).join(", "),
        // The sign-in told of the two roles that it gave.
        told: names(told).join(", "),
        hasToken: has_token === 1,
        isConfirmed: confirmed_at > Date.now() - HOUR_MS,
      };
    }),
  );
}

const BEFORE: Found = {
  roles: "Field developer, store support",
  told: "account.store_role, member.role",
  hasToken: true,
  isConfirmed: false,
};
const AFTER: Found = {
  roles: "Tools viewer",
  told: "account.store_role, account.store_role, member.removed, member.role, member.role",
  hasToken: true,
  isConfirmed: true,
};

const ask = (folder: string, what: "step" | "answer", killAt: number) =>
  runChild<string[]>("groups-child.ts", folder, what, killAt);

/** What is kept asks again, also after a kill: the chain of tokens is whole. */
async function goesOn(folder: string, run: string, found: readonly Found[]): Promise<void> {
  letTimePass(folder);
  expect(foundIn(folder, run)).toEqual(found.map((each) => ({ ...each, isConfirmed: false })));
  await ask(folder, "step", 0);
  expect(foundIn(folder, run)).toEqual(found);
}

describe("a kill while groups are confirmed", () => {
  test("has so many moments", async () => {
    const folder = copyFor("whole");
    expect(foundIn(folder, "whole")).toEqual([BEFORE, BEFORE]);
    expect(await ask(folder, "step", 0)).toEqual(STEPS);
    expect(foundIn(folder, "whole")).toEqual([AFTER, AFTER]);
    await goesOn(folder, "whole", [AFTER, AFTER]);
  }, 60_000);

  test.each([
    [1, BEFORE, BEFORE],
    [2, AFTER, BEFORE],
    [3, AFTER, BEFORE],
    [4, AFTER, AFTER],
  ])(
    "after step %p leaves each person with all of what was or is, and the next run goes on",
    async (killAt, ada, bo) => {
      const run = `step ${killAt}`;
      const folder = copyFor(run);
      expect(await ask(folder, "step", killAt)).toBeNull();
      expect(foundIn(folder, run)).toEqual([ada, bo]);
      await ask(folder, "step", 0);
      expect(foundIn(folder, run)).toEqual([AFTER, AFTER]);
      await goesOn(folder, run, [AFTER, AFTER]);
    },
    KILLS_TIMEOUT_MS,
  );

  // The provider took the old token for used, and what it gave is nowhere: only the person can begin anew. Until then their
  // roles are not confirmed, and pause.
  const LOST: Found = { ...BEFORE, hasToken: false };

  test.each([
    [1, BEFORE, LOST, AFTER],
    [2, AFTER, AFTER, LOST],
  ])(
    "that loses answer %p costs that person's token alone, and gives nobody a role of before for longer",
    async (killAt, adaKilled, ada, bo) => {
      const run = `answer ${killAt}`;
      const folder = copyFor(run);
      expect(await ask(folder, "answer", killAt)).toBeNull();
      expect(foundIn(folder, run)).toEqual([adaKilled, BEFORE]);
      await ask(folder, "step", 0);
      expect(foundIn(folder, run)).toEqual([ada, bo]);
      letTimePass(folder);
      await ask(folder, "step", 0);
      expect(foundIn(folder, run)).toEqual([ada, bo]);
    },
    KILLS_TIMEOUT_MS,
  );
});
