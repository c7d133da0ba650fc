/**
 * The catalogue that devices trust (package format, section 6). Its truth is in the database, written in the
 * transaction of the change that it tells about; `export.ts` copies it to where devices read.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { type Audience, EVERYBODY, type Sha256 } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import {
  isInitialised,
  type PreparedAuthority,
  prepareAuthority,
  recordAuthority,
} from "../../keys/authority.ts";
import { readKeySets } from "../../keys/key-sets.ts";
import { isHeldHere } from "../../keys/signing-keys.ts";
import type { Vault } from "../../keys/vault.ts";
import { headFile, type LogPlan, type PlannedLog, planFirstLog, writePlannedLog } from "../log/plan.ts";
import { findHead, logSize } from "../log/records.ts";
import { damaged } from "./differences.ts";
import {
  buildRoot,
  buildSnapshot,
  buildTargets,
  buildTimestamp,
  type SignedRole,
  sha256,
  signRole,
  type Unsigned,
} from "./metadata.ts";
import * as records from "./records.ts";
import { EXPORT_JOB, revise, type TargetPlan, type TrustStore } from "./revise.ts";
import { buildRevocations, NO_REVOCATIONS } from "./revocations.ts";
import {
  CA_PATH,
  expiryOf,
  isRoleOverlong,
  LOG_PATH,
  REVOCATIONS_PATH,
  roleFamily,
  roleForTarget,
  TARGETS_ROLES,
} from "./roles.ts";
import { ROOT } from "./root-chain.ts";

export type { TargetPlan };

/** Version 1 of every role and of the files that each catalogue has, in memory only. */
export type PreparedRepository = {
  readonly roles: readonly SignedRole[];
  readonly targets: readonly {
    path: string;
    role: string;
    body: Buffer;
    sha256: Sha256;
    sizeBytes: number;
  }[];
  /** The store's first keys and certificates. */
  readonly log: PlannedLog;
};

/** Signs the first version of the catalogue with keys that are not yet in the database. */
async function prepareRepository(authority: PreparedAuthority, now: Date): Promise<PreparedRepository> {
  const { keySets: sets } = authority;
  const sign = (unsigned: Unsigned) => signRole(unsigned, authority.tufSigners(roleFamily(unsigned.role)));
  const ends = (role: string) => expiryOf(role, now);

  const log = planFirstLog(firstEntries(authority), now);
  const targets = [
    firstTarget(CA_PATH, "targets", Buffer.from(authority.caPem)),
    firstTarget(REVOCATIONS_PATH, "revocations", Buffer.from(buildRevocations(NO_REVOCATIONS))),
    ...(log.head === null
      ? []
      : [firstTarget(LOG_PATH, roleForTarget(LOG_PATH), Buffer.from(headFile(log.head, now)))]),
  ];
  const context = { sets, storeId: authority.storeId };
  const roles = [await sign(buildRoot(1, ends("root"), sets))];
  for (const role of TARGETS_ROLES) {
    const files = targets.filter((target) => target.role === role);
    roles.push(await sign(buildTargets(role, 1, ends(role), files, context)));
  }
  const versions = new Map(TARGETS_ROLES.map((role) => [role, 1]));
  const snapshot = await sign(buildSnapshot(1, ends("snapshot"), versions));
  const timestamp = await sign(buildTimestamp(1, ends("timestamp"), snapshot));
  return { roles: [...roles, snapshot, timestamp], targets, log };
}

/** What the log of a new store begins with: everything that its trust rests on. */
function firstEntries(authority: PreparedAuthority): LogEntry[] {
  return [
    ...authority.keys.map(
      ({ name, keyid }): LogEntry => ({ type: "store-key", change: "added", role: name, keyId: keyid }),
    ),
    ...authority.certificates.map(
      ({ kind, der }): LogEntry => ({ type: "certificate", change: "issued", kind, sha256: sha256(der) }),
    ),
  ];
}

function firstTarget(path: string, role: string, body: Buffer) {
  return { path, role, body, sha256: sha256(body), sizeBytes: body.byteLength };
}

/** Writes what was prepared, within the transaction of the first start. */
function recordRepository(tx: Tx, vault: Vault, prepared: PreparedRepository, now: Date): void {
  for (const target of prepared.targets)
    records.replaceTarget(tx, { ...target, audience: EVERYBODY, updatedAt: now });
  for (const role of prepared.roles)
    records.insertMetadata(tx, { ...role, createdAt: now, exportedAt: null });
  writePlannedLog(tx, vault, prepared.log, now);
  enqueue(tx, { kind: EXPORT_JOB, key: "catalogue" }, now);
}

/**
 * The first start: store id, keys, certificates and catalogue, all in one transaction with what `also` adds. Does
 * nothing, and gives false, on a store that has been started before.
 */
export async function initialiseTrust(
  store: Pick<Store, "db" | "vault" | "clock" | "wakeJobs">,
  also: (tx: Tx) => void = () => {},
): Promise<boolean> {
  if (isInitialised(store)) return false;
  const now = store.clock.now();
  const authority = await prepareAuthority(store.vault, now);
  const repository = await prepareRepository(authority, now);
  write(store.db, (tx) => {
    recordAuthority(tx, authority, now);
    recordRepository(tx, store.vault, repository, now);
    also(tx);
  });
  store.wakeJobs();
  return true;
}

/**
 * Changes target files: signs the touched bins, the snapshot and the timestamp, then writes them with the caller's own
 * changes (`commit`) in one transaction, together with the job that exports them. A plan that depends on rows is given
 * as a function: it is asked again whenever another change was faster.
 *
 * @throws Problem `catalog.busy`; whatever `plan` and `commit` throw
 */
export async function publishTargets(
  store: TrustStore,
  plan: TargetPlan | ((log: LogPlan) => TargetPlan),
  commit: (tx: Tx) => void,
): Promise<void> {
  await revise(store, { plan: typeof plan === "function" ? plan : () => plan, commit });
}

const NOTHING: TargetPlan = { upserts: [], removes: [] };

/** Job `catalog.log`: signs a head with the newest leaves, unless another revision has taken them along already. */
export async function signLogHead(store: TrustStore): Promise<void> {
  if (logSize(store.db.orm) === findHead(store.db.orm)?.size) return;
  await revise(store, { plan: () => NOTHING });
}

/**
 * Signs anew each role whose time is half over, or which was signed by a clock that was ahead, of every catalogue; not those
 * that keys of another machine sign. Gives the roles of the public one that it renewed.
 */
export async function renewExpiring(store: TrustStore): Promise<readonly string[]> {
  const renewed = await renewOf(store, EVERYBODY);
  for (const audience of records.audiencesToRenew(store.db.orm, store.clock.now()))
    await renewOf(store, audience);
  return renewed;
}

async function renewOf(store: TrustStore, audience: Audience): Promise<readonly string[]> {
  const now = store.clock.now();
  const sets = readKeySets(store.db.orm);
  const isSignable = (role: string) => {
    const keys = sets.get(roleFamily(role));
    return keys !== undefined && keys.keys.filter(isHeldHere).length >= keys.threshold;
  };
  const due = [...records.currentRoles(store.db.orm, audience).values()]
    .filter(
      ({ role, createdAt, expiresAt }) =>
        now.getTime() >= (createdAt.getTime() + expiresAt.getTime()) / 2 ||
        isRoleOverlong(role, expiresAt, now),
    )
    .map((role) => role.role)
    .filter(isSignable);
  if (due.length > 0) await revise(store, { plan: () => NOTHING, renew: { roles: due, of: audience } });
  return due;
}

/** The digest that a device is set up with: of the first root, from which every later one follows. */
export function rootSha256(store: Pick<Store, "db">): Sha256 {
  const root = records.findMetadata(store.db.orm, "root", 1);
  if (root) return root.sha256;
  if (isInitialised(store)) throw damaged({ ...ROOT, of: "metadata", version: 1 });
  throw new Problem(
    "unavailable",
    "store.not_initialised",
    "This data folder holds no store yet: start `mosis serve` on it once.",
  );
}

export type CatalogueHealth = {
  /** Soonest end per role of the public catalogue; the bins count as one. */
  readonly expiries: readonly { readonly role: string; readonly expiresAt: Date }[];
  /** Of every catalogue. */
  readonly soonestExpiryAt: Date | null;
  readonly expired: boolean;
  /** Signed and not yet copied to where devices read. */
  readonly unexported: number;
  readonly oldestUnexportedAt: Date | null;
};

/** For /readyz: what runs out next, and whether the export keeps up. */
export function catalogueHealth(store: Pick<Store, "db" | "clock">): CatalogueHealth {
  const soonest = new Map<string, Date>();
  for (const { role, expiresAt } of records.currentRoles(store.db.orm).values()) {
    const family = roleFamily(role);
    const known = soonest.get(family);
    if (!known || expiresAt < known) soonest.set(family, expiresAt);
  }
  const expiries = [...soonest]
    .map(([role, expiresAt]) => ({ role, expiresAt }))
    .sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
  const backlog = records.exportBacklog(store.db.orm);
  const ends = [expiries[0]?.expiresAt, records.soonestAudienceExpiry(store.db.orm)];
  const soonestExpiryAt = ends.reduce<Date | null>(
    (first, at) => (at && (first === null || at < first) ? at : first),
    null,
  );
  return {
    expiries,
    soonestExpiryAt,
    expired: soonestExpiryAt !== null && soonestExpiryAt <= store.clock.now(),
    unexported: backlog.count,
    oldestUnexportedAt: backlog.oldestAt,
  };
}
