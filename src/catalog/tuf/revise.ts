/**
 * The one way in which the signed catalogue changes: read the state, sign what follows from it, then write all of it
 * together with the caller's own rows if nobody was faster.
 */
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { Sha256 } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { storeId } from "../../keys/authority.ts";
import { type KeySets, keysOf, readKeySets, writeKeySets } from "../../keys/key-sets.ts";
import { headFile, type LogPlan, type PlannedLog, planLog, writePlannedLog } from "../log/plan.ts";
import { logSize } from "../log/records.ts";
import { differencesOf } from "./as-signed.ts";
import { exportCatalogue } from "./export.ts";
import { mendSigned, mustBeAsSigned } from "./mend.ts";
import {
  buildRoot,
  buildSnapshot,
  buildTargets,
  buildTimestamp,
  type SignedRole,
  sha256,
  type Unsigned,
} from "./metadata.ts";
import { METADATA_MOST } from "./metadata-form.ts";
import * as records from "./records.ts";
import { expiryOf, LOG_PATH, roleFamily, roleForTarget, TARGETS_ROLES } from "./roles.ts";
import { mustFollow, roleSigner } from "./sign-roles.ts";

/** The job that copies what was signed to where devices read it. */
export const EXPORT_JOB = "catalog.export";

export type TargetPlan = {
  readonly upserts: readonly { readonly path: string; readonly body: Uint8Array }[];
  readonly removes: readonly string[];
};

export type Revision = {
  /**
   * Asked for again on each attempt, in the same breath in which the catalogue's state is read. What it appends to the
   * log is in the head that is signed with it.
   */
  readonly plan: (log: LogPlan) => TargetPlan;
  /** Roles to sign anew though nothing in them changes. */
  readonly renew?: readonly string[];
  /** The caller's own changes, in the same transaction. What it throws undoes all of it. */
  readonly commit?: (tx: Tx) => void;
  /** Keys that take the place of those in force; `renew` names the roles whose metadata tells of it. */
  readonly keys?: KeySets;
  /** What another machine has signed of some roles, by role. */
  readonly given?: ReadonlyMap<string, GivenRole>;
};

/** Version and end of a role's metadata as they stand in what was signed elsewhere. */
export type GivenRole = {
  readonly version: number;
  readonly expiresAt: Date;
  /** By key id; each was verified. */
  readonly signatures: ReadonlyMap<string, Uint8Array>;
};

type Change = {
  readonly path: string;
  readonly role: string;
  readonly body: Uint8Array;
  readonly sha256: Sha256;
};
type Draft = {
  readonly roles: ReadonlyMap<string, records.RoleFact>;
  readonly upserts: readonly Change[];
  readonly removes: readonly string[];
  /** What each touched role lists afterwards. */
  readonly files: ReadonlyMap<string, readonly records.TargetFact[]>;
  readonly renewed: ReadonlySet<string>;
  readonly log: PlannedLog;
  /** Keys in force, and those that sign from now on. */
  readonly before: KeySets;
  readonly sets: KeySets;
  readonly given: ReadonlyMap<string, GivenRole>;
};

export type TrustStore = Pick<Store, "db" | "vault" | "config" | "clock" | "wakeJobs" | "blobs" | "log">;

const MAX_ATTEMPTS = 20;

/**
 * Applies a revision. What is the same already is not signed again, so that a job may run it twice.
 * @throws Problem `catalog.busy` when others kept being faster; `catalog.damaged`; whatever `plan` and `commit` throw
 */
export async function revise(store: TrustStore, revision: Revision): Promise<void> {
  // Keys that a new root replaces signed along with its own revision only: what follows needs that root to be there.
  if (records.hasUnexportedSuccessor(store.db.orm)) await exportCatalogue(store);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const now = store.clock.now();
    const draft = await draftOfSigned(store, revision, now);
    const signed = await signDraft(store, draft, now);
    const written = write(store.db, (tx) => {
      if (!isUnchanged(tx, draft)) return false;
      writeRevision(tx, draft, signed, now);
      revision.commit?.(tx);
      if (revision.keys) writeKeySets(tx, revision.keys);
      if (signed.length > 0 || draft.log.drafts.length > 0)
        enqueue(tx, { kind: EXPORT_JOB, key: "catalogue" }, now);
      return true;
    });
    if (written) {
      store.wakeJobs();
      return;
    }
  }
  throw new Problem(
    "unavailable",
    "catalog.busy",
    `The catalogue changed ${MAX_ATTEMPTS} times while this change was being signed: try again.`,
  );
}

/** What is signed anew is made of rows: those must be what was signed. @throws Problem `catalog.damaged`, and what `plan` throws */
async function draftOfSigned(store: TrustStore, revision: Revision, now: Date): Promise<Draft> {
  const head = { roles: [], bodies: [LOG_PATH] };
  try {
    const draft = draftRevision(store.db, revision, now);
    const touched = { roles: [...draft.files.keys()], bodies: [] };
    if (differencesOf(store.db, touched).length === 0) return draft;
    await mustBeAsSigned(store, touched);
  } catch (error) {
    // The head of the log is one of the target files.
    const isLog = isProblem(error) && error.code === "log.damaged";
    if (!isLog || (await mendSigned(store, head)).mended.length === 0) throw error;
  }
  return draftRevision(store.db, revision, now);
}

/** Synchronous on purpose: the plan and the state that it is about are read at one moment. */
function draftRevision(db: Db, revision: Revision, now: Date): Draft {
  const { planned, result } = planLog(db.orm, revision.plan);
  const plan = withHead(result, planned, now);
  const roles = records.currentRoles(db.orm);
  const before = readKeySets(db.orm);
  const paths = [...plan.upserts.map((upsert) => upsert.path), ...plan.removes];
  if (new Set(paths).size !== paths.length) throw new Error("a plan names each target once");
  const known = new Map(records.findTargets(db.orm, paths).map((fact) => [fact.path, fact]));
  const upserts = plan.upserts
    .map(({ path, body }) => ({ path, body, role: roleForTarget(path), sha256: sha256(body) }))
    .filter((change) => known.get(change.path)?.sha256 !== change.sha256);
  const removes = plan.removes.filter((path) => known.has(path));
  const renewed = new Set(revision.renew ?? []);

  const touched = new Set([...upserts.map((change) => change.role), ...removes.map(roleForTarget)]);
  for (const role of renewed) if (TARGETS_ROLES.includes(role)) touched.add(role);
  const files = new Map<string, Map<string, records.TargetFact>>();
  for (const role of touched) files.set(role, new Map());
  for (const fact of records.targetsOfRoles(db.orm, [...touched])) files.get(fact.role)?.set(fact.path, fact);
  for (const path of removes) files.get(roleForTarget(path))?.delete(path);
  for (const { path, role, body, sha256 } of upserts) {
    files.get(role)?.set(path, { path, role, sha256, sizeBytes: body.byteLength });
  }
  return {
    roles,
    upserts,
    removes,
    files: new Map([...files].map(([role, facts]) => [role, [...facts.values()]])),
    renewed,
    log: planned,
    before,
    sets: revision.keys ?? before,
    given: revision.given ?? new Map(),
  };
}

/** Every revision takes the newest head of the log along. */
function withHead(plan: TargetPlan, { head }: PlannedLog, now: Date): TargetPlan {
  if (head === null) return plan;
  return { ...plan, upserts: [...plan.upserts, { path: LOG_PATH, body: headFile(head, now) }] };
}

async function signDraft(store: TrustStore, draft: Draft, now: Date): Promise<SignedRole[]> {
  const signer = roleSigner(store);
  const { sets, before, renewed } = draft;
  /** Versions rise by one; what another machine signed has its own already, which must still be the next. */
  const next = (role: string) => {
    const version = (draft.roles.get(role)?.version ?? 0) + 1;
    const given = draft.given.get(role);
    if (given && given.version !== version) throw stale(role, given.version, version);
    return version;
  };
  const ends = (role: string) => draft.given.get(role)?.expiresAt ?? expiryOf(role, now);
  const sign = (unsigned: Unsigned) => {
    const family = roleFamily(unsigned.role);
    // Devices that have not seen the new root yet go by the keys before it; it is the last file that is exported.
    const more = renewed.has("root") ? keysOf(before, family).keys : [];
    const given = draft.given.get(unsigned.role)?.signatures;
    return signer.sign(unsigned, keysOf(sets, family), more, given);
  };
  const signed: SignedRole[] = [];

  if (renewed.has("root")) {
    const root = await sign(buildRoot(next("root"), ends("root"), sets));
    const present = records.findMetadata(store.db.orm, "root", root.version - 1);
    if (!present) throw new Error("the catalogue has no root");
    mustFollow(present.body, root);
    signed.push(root);
  }
  const versions = new Map(TARGETS_ROLES.map((role) => [role, draft.roles.get(role)?.version ?? 0]));
  const context = { sets, storeId: storeId(store) };
  for (const [role, files] of draft.files) {
    if (files.length > METADATA_MOST.targets) throw full(role);
    signed.push(await sign(buildTargets(role, next(role), ends(role), files, context)));
    versions.set(role, next(role));
  }

  if (draft.files.size > 0 || renewed.has("snapshot")) {
    const snapshot = await sign(buildSnapshot(next("snapshot"), ends("snapshot"), versions));
    const timestamp = await sign(buildTimestamp(next("timestamp"), ends("timestamp"), snapshot));
    signed.push(snapshot, timestamp);
  } else if (renewed.has("timestamp")) {
    const version = draft.roles.get("snapshot")?.version ?? 0;
    const snapshot = records.findMetadata(store.db.orm, "snapshot", version);
    if (!snapshot) throw new Error("the catalogue has no snapshot");
    signed.push(await sign(buildTimestamp(next("timestamp"), ends("timestamp"), snapshot)));
  }
  return signed;
}

function full(role: string): Problem {
  return new Problem(
    "unavailable",
    "catalog.full",
    `The part ${role} of the catalogue would list more than ${METADATA_MOST.targets} files, and devices read no more of one.`,
  );
}

function stale(role: string, given: number, version: number): Problem {
  return new Problem(
    "conflict",
    "keys.request_stale",
    `Version ${given} of ${role} was signed elsewhere, and the catalogue has moved on: ${version} would be the next. Export the request again.`,
  );
}

/** Every change of any target signs a new snapshot, so equal versions mean that nothing at all was changed. */
function isUnchanged(tx: Tx, draft: Draft): boolean {
  if (logSize(tx) !== draft.log.from) return false;
  const present = records.currentRoles(tx);
  return [...present].every(([role, { version }]) => draft.roles.get(role)?.version === version);
}

function writeRevision(tx: Tx, draft: Draft, signed: readonly SignedRole[], now: Date): void {
  for (const { path, role, body, sha256 } of draft.upserts) {
    records.replaceTarget(tx, {
      path,
      role,
      sha256,
      sizeBytes: body.byteLength,
      body: Buffer.from(body),
      updatedAt: now,
    });
  }
  for (const path of draft.removes) records.removeTarget(tx, path, now);
  for (const role of signed) records.insertMetadata(tx, { ...role, createdAt: now, exportedAt: null });
  writePlannedLog(tx, draft.log, now);
}
