/**
 * A store behind its real server, with people, keys and versions in every state, for tests of the API. It is made once
 * and copied for each scenario, so that none depends on another.
 */

import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Actor, ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { reportLeaked } from "../../accounts/api-keys/leaked.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import type { KeyOwner } from "../../accounts/api-keys/records.ts";
import { addMember, createOrganisation } from "../../accounts/organisations.ts";
import { createAccount, disableAccount } from "../../accounts/people.ts";
import { CRON, HANDLERS_HERE } from "../../boot/handlers.ts";
import { createApp } from "../../catalog/apps.ts";
import { enrollKey } from "../../catalog/developer-keys.ts";
import { initialiseTrust } from "../../catalog/tuf/repository.ts";
import { withdrawVersion } from "../../catalog/versions.ts";
import type { VersionView } from "../../catalog/views.ts";
import type { Settings } from "../../config.settings.ts";
import { write } from "../../db/database.ts";
import { type ListenOptions, type RunningServer, startServer } from "../../http/server.ts";
import {
  type AccountId,
  type ApiKeyId,
  isVersionCode,
  type OrganisationId,
  type VersionCode,
} from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { startScheduler } from "../../jobs/scheduler.ts";
import { createLog } from "../../log.ts";
import { approve, reject } from "../../review/decide.ts";
import type { StoreRole } from "../../roles.ts";
import {
  createCsr,
  generateKeyPair,
  type KeyPair,
  privateKeyFromPem,
  privateKeyToPem,
} from "../../signing/keys.ts";
import { localSigner, type Signer } from "../../signing/signer.ts";
import { keptStore } from "../kept.ts";
import { newSigner, signedApp, submitBytes } from "../publishing.ts";
import { openTestStore, type TestClock, type TestStore, testClock } from "../store.ts";

/** Whose key a request carries. */
export type Caller =
  | "administrator"
  | "reviewer"
  | "support"
  | "auditor"
  | "owner"
  | "developer"
  | "viewer"
  | "organisation"
  | "stranger"
  | "nowhere"
  | "expired"
  | "revoked"
  | "leaked"
  | "disabled"
  /** The organisation's keys that may one thing only, or are for its app without versions only. */
  | "reader"
  | "forEmptyApp"
  /** The owner's own key that is for that app only. */
  | "ownerForEmptyApp"
  /** A key of a maintainer whose role is for that app only. */
  | "narrowed";

/** What stands in the sample of every world: the app of the organisation, its versions by state, and whose it is. */
export type Facts = {
  readonly organisationId: OrganisationId;
  readonly strangerId: OrganisationId;
  readonly tokens: Readonly<Record<Caller, string>>;
  /** Of the organisation, without versions. */
  readonly emptyApp: string;
  /** Of the organisation, with a version in each state. */
  readonly app: string;
  /** Of the other organisation. */
  readonly strangerApp: string;
  readonly versions: Readonly<
    Record<"published" | "in_review" | "draft" | "held" | "failed" | "rejected" | "withdrawn", VersionView>
  >;
  readonly deadJob: string;
  readonly doneJob: string;
  /** A key of the other organisation, and somebody who is in none. */
  readonly strangersKey: ApiKeyId;
  readonly nowhereId: AccountId;
};

export type LogLine = { readonly event: string; readonly [name: string]: unknown };

export type World = Facts & {
  readonly store: TestStore;
  readonly url: string;
  readonly server: RunningServer;
  /** Every line of the log since the world was opened. */
  readonly log: LogLine[];
  readonly signer: Signer;
  /** Runs what is queued. */
  drain(): Promise<void>;
  /** A package of the app that this code and these files make. */
  pack(versionCode: number, manifest?: Record<string, unknown>): Promise<Uint8Array>;
  /** @throws Error when a request changed something of which the audit log was told nothing */
  close(): Promise<void>;
};

export type Template = {
  readonly folder: string;
  readonly facts: Facts;
  readonly keys: KeyPair;
  readonly certificate: string;
  readonly at: Date;
  remove(): void;
};

const APP = "org.example.sample";
const CODES = {
  published: 1,
  rejected: 2,
  failed: 3,
  withdrawn: 4,
  held: 5,
  draft: 6,
  in_review: 7,
} as const;

export function codeOf(value: number): VersionCode {
  if (!isVersionCode(value)) throw new Error(`${value} is no version code`);
  return value;
}

/** The sample; see `keptStore`. */
export async function makeTemplate(): Promise<Template> {
  const { folder, facts, remove } = await keptStore("world", makeSample);
  const { privateKey, ...template } = facts;
  return { ...template, keys: privateKeyFromPem(privateKey), folder, remove };
}

type Sample = Pick<Template, "facts" | "certificate" | "at"> & { readonly privateKey: string };

async function makeSample(folder: string): Promise<Sample> {
  mkdirSync(folder, { mode: 0o700 });
  const clock = testClock();
  const store = await openTestStore({ dataDir: folder, clock });
  await initialiseTrust(store);
  const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: CRON, ticking: false });
  await scheduler.drain();

  const people = await makePeople(store, clock);
  // The days that went by make the sweep due: beside an upload it would take its files for leftovers, as old as the clock says.
  await scheduler.drain();
  const actor: Actor = {
    kind: "organisation-key",
    organisationId: people.organisationId,
    keyId: people.organisationKey,
  };
  const stranger: Actor = {
    kind: "organisation-key",
    organisationId: people.strangerId,
    keyId: people.strangerKey,
  };
  const keys = generateKeyPair();
  const certificate = (await enrollKey(store, actor, { csr: await createCsr(keys) })).certificatePem;
  const signer = localSigner(keys.privateKey, certificate);

  const strangersSigner = await newSigner(store, stranger);

  const submitted = new Map<keyof typeof CODES, VersionView>();
  for (const [state, code] of Object.entries(CODES) as [keyof typeof CODES, number][]) {
    const manifest = { versionCode: code, version: `${code}.0.0` };
    const by = state === "failed" ? strangersSigner : signer;
    const options = { hold: state === "held", submit: state !== "draft", notes: `Notes of ${code}.` };
    submitted.set(state, await submitBytes(store, actor, await signedApp(store, by, manifest), options));
    clock.advance(1000);
    await scheduler.drain();
    const id = submitted.get(state)?.id;
    if (id === undefined) throw new Error("a submitted version has an id");
    if (state === "published" || state === "held") approve(store, OPERATOR, id, {});
    if (state === "rejected") reject(store, OPERATOR, id, { reason: "It does nothing." });
    if (state === "withdrawn")
      withdrawVersion(store, actor, submitted.get(state)?.appId ?? fail(), codeOf(code));
    await scheduler.drain();
  }
  createApp(store, actor, { id: "org.example.empty", name: "Empty", summary: "Nothing yet." });
  addMember(store, OPERATOR, people.organisationId, people.narrowed, "maintainer", ["org.example.empty"]);
  createApp(store, stranger, { id: "net.stranger.app", name: "Stranger's secret" });
  const [deadJob, doneJob] = await makeJobs(store);
  const versions = Object.fromEntries(submitted) as Facts["versions"];
  const { organisationId, strangerId } = people;
  const apps = ["org.example.empty"];
  const narrowed = (owner: KeyOwner) =>
    createApiKey(store, OPERATOR, { owner, name: "narrowed", apps }).token;
  const tokens: Record<Caller, string> = {
    ...people.tokens,
    forEmptyApp: narrowed({ organisationId }),
    ownerForEmptyApp: narrowed({ accountId: people.owner }),
  };
  const facts = {
    organisationId,
    strangerId,
    tokens,
    app: APP,
    emptyApp: "org.example.empty",
    strangerApp: "net.stranger.app",
    versions,
    deadJob,
    doneJob,
    strangersKey: people.strangerKey,
    nowhereId: people.nowhere,
  };
  await scheduler.stop(1000);
  store.close();
  return { facts, privateKey: privateKeyToPem(keys.privateKey), certificate, at: clock.now() };
}

function fail(): never {
  throw new Error("the sample is not as it should be");
}

async function makePeople(store: TestStore, clock: TestClock) {
  const organisationId = createOrganisation(store, OPERATOR, { name: "Example" }).id;
  const strangerId = createOrganisation(store, OPERATOR, { name: "Stranger" }).id;
  const person = async (name: string, storeRole: StoreRole | null = null): Promise<AccountId> =>
    (await createAccount(store, OPERATOR, { email: `${name}@example.com`, name, storeRole })).id;
  const key = (owner: { accountId: AccountId } | { organisationId: OrganisationId }, days = 90) =>
    createApiKey(store, OPERATOR, { owner, name: "test", days });
  const administrator = await person("administrator", "administrator");
  const reviewer = await person("reviewer", "reviewer");
  const support = await person("support", "support");
  const auditor = await person("auditor", "auditor");
  const owner = await person("owner");
  const developer = await person("developer");
  const viewer = await person("viewer");
  const nowhere = await person("nowhere");
  const narrowed = await person("narrowed");
  const disabled = await person("disabled");
  addMember(store, OPERATOR, organisationId, owner, "owner");
  addMember(store, OPERATOR, organisationId, developer, "developer");
  addMember(store, OPERATOR, organisationId, viewer, "viewer");
  addMember(store, OPERATOR, organisationId, disabled, "owner");
  const organisationKey = key({ organisationId });
  const strangerKey = key({ organisationId: strangerId });
  const expired = key({ organisationId }, 1);
  const revoked = key({ organisationId });
  revokeApiKey(store, OPERATOR, revoked.key.id);
  const leaked = key({ organisationId });
  reportLeaked(store, ANONYMOUS, [{ token: leaked.token }]);
  const reader = createApiKey(store, OPERATOR, {
    owner: { organisationId },
    name: "reader",
    actions: ["app.read"],
  });
  const tokens = {
    administrator: key({ accountId: administrator }).token,
    reviewer: key({ accountId: reviewer }).token,
    support: key({ accountId: support }).token,
    auditor: key({ accountId: auditor }).token,
    owner: key({ accountId: owner }).token,
    developer: key({ accountId: developer }).token,
    viewer: key({ accountId: viewer }).token,
    nowhere: key({ accountId: nowhere }).token,
    narrowed: key({ accountId: narrowed }).token,
    disabled: key({ accountId: disabled }).token,
    organisation: organisationKey.token,
    stranger: strangerKey.token,
    expired: expired.token,
    revoked: revoked.token,
    leaked: leaked.token,
    reader: reader.token,
  };
  disableAccount(store, OPERATOR, disabled);
  clock.advance(2 * 86_400_000);
  return {
    organisationId,
    strangerId,
    tokens,
    owner,
    nowhere,
    narrowed,
    organisationKey: organisationKey.key.id as ApiKeyId,
    strangerKey: strangerKey.key.id as ApiKeyId,
  };
}

/** One job that is done, and one that died. */
async function makeJobs(store: TestStore): Promise<[dead: string, done: string]> {
  const handlers = new Map([
    ["test.dies", async () => Promise.reject(new Error("it cannot"))],
    ["test.works", async () => {}],
  ]);
  const add = (kind: string) =>
    write(store.db, (tx) => enqueue(tx, { kind, key: "test", maxAttempts: 1 }, store.clock.now()));
  const ids: [string, string] = [add("test.dies"), add("test.works")];
  const scheduler = startScheduler(store, {
    handlers: new Map([...HANDLERS_HERE, ...handlers]),
    cron: CRON,
    ticking: false,
  });
  await scheduler.drain();
  await scheduler.stop(1000);
  return ids;
}

/** A copy of the sample behind a server on a free port of this machine. */
export async function openWorld(
  template: Template,
  options: Partial<ListenOptions> = {},
  settings: Partial<Settings> = {},
): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-world-"));
  cpSync(template.folder, dataDir, { recursive: true });
  const clock = testClock(template.at);
  const log: LogLine[] = [];
  const opened = await openTestStore({
    dataDir,
    clock,
    log: createLog(clock, "debug", (line) => void log.push(JSON.parse(line))),
  });
  const store =
    Object.keys(settings).length === 0 ? opened : { ...opened, config: { ...opened.config, ...settings } };
  const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: CRON, ticking: false });
  const server = startServer(store, { host: "127.0.0.1", port: 0, ...options });
  const signer = localSigner(template.keys.privateKey, template.certificate);
  return {
    ...template.facts,
    store,
    server,
    url: server.url,
    log,
    signer,
    drain: () => scheduler.drain(),
    pack: (versionCode, manifest = {}) =>
      signedApp(store, signer, { versionCode, version: `${versionCode}.0.0`, ...manifest }),
    async close() {
      await server.stop(1000);
      await scheduler.stop(1000);
      store.close();
      rmSync(dataDir, { recursive: true, force: true });
      const untold = log.filter(({ event }) => event === "audit.missing");
      if (untold.length > 0) throw new Error(`not in the audit log: ${JSON.stringify(untold)}`);
    },
  };
}
