/** A store that serves its pages on a free port, its jobs running, with people who can sign in. */

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountActor, ANONYMOUS, OPERATOR } from "../accounts/actor.ts";
import { addMember, createOrganisation } from "../accounts/organisations.ts";
import { hashPassword } from "../accounts/passwords.ts";
import { addAccount } from "../accounts/people.ts";
import { createSession, SESSION_COOKIE } from "../accounts/sessions.ts";
import { createSetupLink, redeemSetup } from "../accounts/setup.ts";
import { HANDLERS_HERE } from "../boot/handlers.ts";
import { openStore } from "../boot/open-store.ts";
import { type Clock, systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { accounts } from "../db/schema.ts";
import { startServer } from "../http/server.ts";
import type { AccountId, OrganisationId, VersionId } from "../ids.ts";
import type { Scheduler } from "../jobs/scheduler.ts";
import type { LogFields } from "../log.ts";
import type { OrganisationRole, StoreRole } from "../roles.ts";
import { takePlace } from "./begun.ts";
import { emptyDatabase, MANY_REQUESTS, silentLog } from "./store.ts";

export const PASSWORD = "copper otter meadow lantern";
/** Of PASSWORD, with the least work that Argon2id can be told to do: some thousand people sign in in a check. */
const PASSWORD_HASH =
  "$argon2id$v=19$m=8,t=1,p=1$GiMtnraf+PkwDXC1C/tB7r2XSZQwUAkcBnLB90MJ8kI$3GbsJMNYbntTgtBKXOREmGH8n6Bqnp8bqzMHVgsmtRE";

export type Portal = {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly url: string;
  /** Stops serving, as a store that is started anew does; what it gives serves at the same address again. */
  interrupt(): Promise<() => void>;
  /** @throws Error when a request changed something of which the audit log was told nothing */
  close(): Promise<void>;
};

export async function startPortal(
  flags: Parameters<typeof loadConfig>[0] = {},
  clock: Clock = systemClock,
  /** Where something else must know the address beforehand; else a free one. */
  port = 0,
): Promise<Portal> {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-portal-"));
  const place = await takePlace(clock);
  if (place.begun !== null) cpSync(place.begun, dataDir, { recursive: true });
  else writeFileSync(join(dataDir, "mosis.db"), emptyDatabase(), { mode: 0o600 });
  const config = loadConfig({ ...MANY_REQUESTS, ...flags, dataDir }, {});
  const untold: LogFields[] = [];
  const opened = await openStore({
    config,
    clock,
    log: {
      ...silentLog,
      error: (event, fields = {}) => void (event === "audit.missing" && untold.push(fields)),
    },
    mayCreate: true,
    runJobs: true,
    handlers: HANDLERS_HERE,
  });
  // What a start has to look after would take rows that a test writes by hand for damage.
  await opened.scheduler.drain();
  let server = startServer(opened.store, { host: "127.0.0.1", port });
  const { url } = server;
  return {
    store: opened.store,
    scheduler: opened.scheduler,
    url,
    async interrupt() {
      await server.stop(1000);
      return () => {
        server = startServer(opened.store, { host: "127.0.0.1", port: Number(new URL(url).port) });
      };
    },
    async close() {
      await server.stop(1000);
      await opened.close(1000);
      place.leave();
      rmSync(dataDir, { recursive: true, force: true });
      if (untold.length > 0) throw new Error(`not in the audit log: ${JSON.stringify(untold)}`);
    },
  };
}

export type Person = {
  readonly accountId: AccountId;
  readonly email: string;
  readonly actor: AccountActor;
  /** As a Cookie header has it. */
  readonly cookie: string;
};

/** Somebody with a role in the store, or in organisations, and a session. */
export async function newPerson(
  store: Store,
  name: string,
  roles: {
    storeRole?: StoreRole;
    organisations?: readonly (readonly [OrganisationId, OrganisationRole])[];
  } = {},
): Promise<Person> {
  const local = name
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim()
    .replaceAll(" ", ".")
    .slice(0, 60);
  const email = `${local.replace(/\.$/, "")}@example.org`;
  const storeRole = roles.storeRole ?? null;
  const account = { email, name, passwordHash: PASSWORD_HASH, storeRole };
  const { id } = write(store.db, (tx) => addAccount(tx, OPERATOR, account, store.clock.now()));
  return signedIn(store, { id, email, name, storeRole }, roles.organisations ?? []);
}

/** Makes PASSWORD as costly for everybody there is as a password is for people: for tests of who waits for whom. */
export async function makeCostly(store: Store): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  store.db.orm.update(accounts).set({ passwordHash }).run();
}

/** The first administrator, by the set-up link, who also names the store. */
export async function newAdministrator(store: Store, name = "Ada Okafor"): Promise<Person> {
  const email = "ada@example.org";
  const { token } = createSetupLink(store, OPERATOR);
  const { id } = await redeemSetup(store, ANONYMOUS, {
    token,
    name,
    email,
    password: PASSWORD,
    storeName: "Northwind Apps",
  });
  return signedIn(store, { id, email, name, storeRole: "administrator" }, []);
}

/** What an answer makes of the session's cookie, as `name=value`; without a value it takes it away, null: it says nothing of it. */
export function sessionCookieIn({ headers }: Pick<Response, "headers">): string | null {
  const line = headers.getSetCookie().findLast((each) => each.startsWith(`${SESSION_COOKIE}=`));
  return line?.split(";")[0] ?? null;
}

/** The same person with another session, after a change of what they may do: by the one before nothing is done any more. */
export async function signedInAgain(store: Store, person: Person): Promise<Person> {
  const { secret, sessionId } = await createSession(store, person.accountId, FROM);
  const actor: AccountActor = { ...person.actor, via: { type: "session", sessionId } };
  return { ...person, actor, cookie: `${SESSION_COOKIE}=${secret}` };
}

const FROM = { address: "127.0.0.1", userAgent: "test" };

async function signedIn(
  store: Store,
  account: { id: AccountId; email: string; name: string; storeRole: StoreRole | null },
  organisations: readonly (readonly [OrganisationId, OrganisationRole])[],
): Promise<Person> {
  for (const [organisationId, role] of organisations)
    addMember(store, OPERATOR, organisationId, account.id, role);
  const { secret, sessionId } = await createSession(store, account.id, FROM);
  const { id: accountId, email, name, storeRole } = account;
  return {
    accountId,
    email,
    actor: {
      kind: "account",
      accountId,
      email,
      name,
      storeRole,
      organisations: new Map(organisations),
      via: { type: "session", sessionId },
    },
    cookie: `${SESSION_COOKIE}=${secret}`,
  };
}

export function newOrganisation(store: Store, name = "Northwind Field Services"): OrganisationId {
  return createOrganisation(store, OPERATOR, { name }).id;
}

/** Waits until the store's own work has brought the version into the state. @throws Error after ten seconds */
export async function untilState(store: Store, id: VersionId, state: string): Promise<void> {
  const now = () =>
    store.db.raw.query<{ state: string }, [string]>("SELECT state FROM versions WHERE id = ?").get(id)?.state;
  for (let tries = 0; tries < 500; tries += 1) {
    if (now() === state) return;
    await Bun.sleep(20);
  }
  throw new Error(`the version is ${now()}, and not ${state}`);
}
