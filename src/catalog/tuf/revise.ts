/**
 * The one way in which the signed catalogue changes: read the state, sign what follows from it, then write all of it
 * together with the caller's own rows if nobody was faster.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { isProblem, Problem } from "../../errors.ts";
import { type Audience, EVERYBODY, type Sha256 } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { storeId } from "../../keys/authority.ts";
import { type KeySets, keysOf, readKeySets, writeKeySets } from "../../keys/key-sets.ts";
import type { Vault } from "../../keys/vault.ts";
import { headFile, type LogPlan, type PlannedLog, planLog, writePlannedLog } from "../log/plan.ts";
import { logSize } from "../log/records.ts";
import { differencesOf } from "./as-signed.ts";
import { damaged, differenceBehind } from "./differences.ts";
import { noteEnds } from "./ends.ts";
import { exportCatalogue } from "./export.ts";
import { mendNewerRoot, mendSigned, mustBeAsSigned } from "./mend.ts";
import { mendStoreId } from "./mend-store-id.ts";
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
import { buildRevocations, NO_REVOCATIONS } from "./revocations.ts";
import {
  expiryOf,
  isShared,
  LOG_PATH,
  type PathAt,
  REVOCATIONS_PATH,
  roleFamily,
  roleForTarget,
  rolesOf,
  TARGETS_ROLES,
} from "./roles.ts";
import { mustFollow, roleSigner } from "./sign-roles.ts";

/** The job that copies what was signed to where devices read it. */
export const EXPORT_JOB = "catalog.export";

/** A target of the public catalogue, unless it says of which. */
export type PlannedPath = { readonly audience?: Audience; readonly path: string };

export type TargetPlan = {
  readonly upserts: readonly (PlannedPath & { readonly body: Uint8Array })[];
  readonly removes: readonly PlannedPath[];
};

export type Revision = {
  /**
   * Asked for again on each attempt, in the same breath in which the catalogue's state is read. What it appends to the
   * log is in the head that is signed with it.
   */
  readonly plan: (log: LogPlan) => TargetPlan;
  /** Roles to sign anew though nothing in them changes, of one catalogue or of each. */
  readonly renew?: { readonly roles: readonly string[]; readonly of: Audience | "each" };
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
/** What a revision does to one catalogue. */
type Part = {
  readonly audience: Audience;
  /** What there is of its own roles; nothing when the catalogue begins with this. */
  readonly roles: ReadonlyMap<string, records.RoleFact>;
  readonly upserts: readonly Change[];
  readonly removes: readonly string[];
  /** What each touched role lists afterwards. */
  readonly files: ReadonlyMap<string, readonly records.TargetFact[]>;
  readonly renewed: ReadonlySet<string>;
};
type Draft = {
  /** The public catalogue, of which every other one has parts. */
  readonly everybodys: Part;
  readonly others: readonly Part[];
  /** Every audience there is, when all of them are touched. */
  readonly all: readonly Audience[] | null;
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
      writeRevision(tx, store.vault, draft, signed, now);
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
  if (revision.renew?.roles.includes("root")) await mendNewerRoot(store);
  mendStoreId(store);
  for (;;) {
    try {
      const draft = draftRevision(store, revision, now);
      const roles = [draft.everybodys, ...draft.others].flatMap(({ audience, roles, files }) =>
        // A catalogue that begins with this has nothing yet that could be otherwise.
        roles.size === 0 ? [] : [...files.keys()].map((role) => ({ audience, role })),
      );
      const touched = { roles, bodies: [] };
      if (differencesOf(store.db, touched).length === 0) return draft;
      await mustBeAsSigned(store, touched);
    } catch (error) {
      const body = bodyBehind(error);
      if (body === null || (await mendSigned(store, { roles: [], bodies: [body] })).mended.length === 0)
        throw error;
    }
  }
}

/** The file that a plan goes on from, and whose content is not what it was; null when something else is wrong. */
function bodyBehind(error: unknown): PathAt | null {
  if (isProblem(error) && error.code === "log.damaged") return { audience: EVERYBODY, path: LOG_PATH };
  const difference = differenceBehind(error);
  return difference?.of === "body" ? { audience: difference.audience, path: difference.path } : null;
}

/** Synchronous on purpose: the plan and the state that it is about are read at one moment. */
function draftRevision({ db, vault }: Pick<Store, "db" | "vault">, revision: Revision, now: Date): Draft {
  const { planned, result } = planLog(db.orm, vault, revision.plan);
  const plan = withHead(result, planned, now);
  const { roles, of } = revision.renew ?? { roles: [], of: EVERYBODY };
  const renewOf = (audience: Audience) => (of === "each" || of === audience ? roles : []);
  const everybodys = draftPart(db.orm, EVERYBODY, plan, renewOf(EVERYBODY));
  // Every snapshot lists the version of what is in every catalogue.
  const isSharedSigned = [...everybodys.files.keys()].some(isShared);
  const isOfAll = of === "each" || isSharedSigned;
  const all = isOfAll ? records.listAudiences(db.orm) : null;
  const named = [...plan.upserts, ...plan.removes].map(({ audience = EVERYBODY }) => audience);
  const others = new Set([...(all ?? []), ...named, ...(of === "each" ? [] : [of])]);
  others.delete(EVERYBODY);
  const more = isSharedSigned ? ["snapshot"] : [];
  const before = readKeySets(db.orm);
  return {
    everybodys,
    others: [...others].map((audience) => draftPart(db.orm, audience, plan, [...renewOf(audience), ...more])),
    all,
    log: planned,
    before,
    sets: revision.keys ?? before,
    given: revision.given ?? new Map(),
  };
}

/** What the plan says of one catalogue, with the roles that are signed anew in it. */
function draftPart(tx: Tx, audience: Audience, plan: TargetPlan, renew: readonly string[]): Part {
  const isOwn = (at: PlannedPath) => (at.audience ?? EVERYBODY) === audience;
  const roles = records.currentRoles(tx, audience);
  const isNew = roles.size === 0;
  // What was signed once is never begun again.
  if (isNew && records.hasCatalogue(tx, audience))
    throw damaged({ of: "metadata", audience, role: "timestamp", version: 0 });
  const planned = plan.upserts.filter(isOwn);
  const given = isNew && !planned.some(({ path }) => path === REVOCATIONS_PATH) ? [FIRST_LIST] : [];
  const gone = plan.removes.filter(isOwn).map(({ path }) => path);
  const paths = [...planned, ...given].map(({ path }) => path).concat(gone);
  if (new Set(paths).size !== paths.length) throw new Error("a plan names each target once");
  const own = rolesOf(audience);
  if (!paths.every((path) => own.includes(roleForTarget(path))))
    throw new Error("an audience's catalogue has no file of its own that a common role signs for");
  const known = new Map(records.findTargets(tx, paths, audience).map((fact) => [fact.path, fact]));
  const upserts = [...planned, ...given]
    .map(({ path, body }) => ({ path, body, role: roleForTarget(path), sha256: sha256(body) }))
    .filter((change) => known.get(change.path)?.sha256 !== change.sha256);
  const removes = gone.filter((path) => known.has(path));
  const renewed = new Set(audience === EVERYBODY ? renew : renew.filter((role) => !isShared(role)));

  const touched = new Set([...upserts.map((change) => change.role), ...removes.map(roleForTarget)]);
  for (const role of own) if (isNew || renewed.has(role)) touched.add(role);
  const files = new Map<string, Map<string, records.TargetFact>>();
  for (const role of touched) files.set(role, new Map());
  for (const fact of records.targetsOfRoles(tx, [...touched], audience))
    files.get(fact.role)?.set(fact.path, fact);
  for (const path of removes) files.get(roleForTarget(path))?.delete(path);
  for (const { path, role, body, sha256 } of upserts) {
    files.get(role)?.set(path, { audience, path, role, sha256, sizeBytes: body.byteLength });
  }
  return {
    audience,
    roles,
    upserts,
    removes,
    files: new Map([...files].map(([role, facts]) => [role, [...facts.values()]])),
    renewed,
  };
}

/** What every catalogue has. */
const FIRST_LIST = { path: REVOCATIONS_PATH, body: buildRevocations(NO_REVOCATIONS) };

/** Every revision takes the newest head of the log along. */
function withHead(plan: TargetPlan, { head }: PlannedLog, now: Date): TargetPlan {
  if (head === null) return plan;
  return { ...plan, upserts: [...plan.upserts, { path: LOG_PATH, body: headFile(head, now) }] };
}

async function signDraft(store: TrustStore, draft: Draft, now: Date): Promise<SignedRole[]> {
  const signer = roleSigner(store);
  const { sets, before, everybodys } = draft;
  const sign: Sign = (unsigned) => {
    const family = roleFamily(unsigned.role);
    // Devices that have not seen the new root yet go by the keys before it; it is the last file that is exported.
    const more = everybodys.renewed.has("root") ? keysOf(before, family).keys : [];
    const given = draft.given.get(unsigned.role)?.signatures;
    return signer.sign(unsigned, keysOf(sets, family), more, given);
  };
  const signed: SignedRole[] = [];

  if (everybodys.renewed.has("root")) {
    const root = await sign(
      buildRoot(nextVersion(draft, everybodys, "root"), endOf(draft, "root", now), sets),
    );
    const present = records.findMetadata(store.db.orm, "root", root.version - 1);
    if (!present) throw new Error("the catalogue has no root");
    mustFollow(present.body, root);
    signed.push(root);
  }
  const context = { sets, storeId: storeId(store) };
  const shared = new Map<string, number>();
  for (const part of [everybodys, ...draft.others]) {
    const versions = new Map([
      ...shared,
      ...rolesOf(part.audience).map((role) => [role, part.roles.get(role)?.version ?? 0] as const),
    ]);
    for (const [role, files] of part.files) {
      if (files.length > METADATA_MOST.targets) throw full(role);
      const version = nextVersion(draft, part, role);
      const ends = endOf(draft, role, now);
      signed.push(await sign(buildTargets(role, version, ends, files, context, part.audience)));
      versions.set(role, version);
    }
    if (part.audience === EVERYBODY)
      for (const [role, version] of versions) if (isShared(role)) shared.set(role, version);
    signed.push(...(await signHead(store, draft, part, { versions, sign, now })));
  }
  return signed;
}

type Sign = (unsigned: Unsigned) => Promise<SignedRole>;

/** The snapshot and the timestamp of a catalogue, as far as they have to be signed. */
async function signHead(
  store: TrustStore,
  draft: Draft,
  part: Part,
  {
    versions,
    sign,
    now,
  }: { readonly versions: ReadonlyMap<string, number>; readonly sign: Sign; readonly now: Date },
): Promise<SignedRole[]> {
  const { audience, renewed } = part;
  const next = (role: string) => nextVersion(draft, part, role);
  const ends = (role: string) => endOf(draft, role, now);
  if (part.files.size > 0 || renewed.has("snapshot")) {
    const inOrder = new Map(TARGETS_ROLES.map((role) => [role, versions.get(role) ?? 0]));
    const snapshot = await sign(buildSnapshot(next("snapshot"), ends("snapshot"), inOrder, audience));
    const timestamp = await sign(buildTimestamp(next("timestamp"), ends("timestamp"), snapshot, audience));
    return [snapshot, timestamp];
  }
  if (!renewed.has("timestamp")) return [];
  const version = part.roles.get("snapshot")?.version ?? 0;
  const snapshot = records.findMetadata(store.db.orm, "snapshot", version, audience);
  if (!snapshot) throw new Error("the catalogue has no snapshot");
  return [await sign(buildTimestamp(next("timestamp"), ends("timestamp"), snapshot, audience))];
}

/** Versions rise by one; what another machine signed has its own already, which must still be the next. */
function nextVersion(draft: Draft, part: Part, role: string): number {
  const version = (part.roles.get(role)?.version ?? 0) + 1;
  const given = draft.given.get(role);
  if (given && given.version !== version) throw stale(role, given.version, version);
  return version;
}

function endOf(draft: Draft, role: string, now: Date): Date {
  return draft.given.get(role)?.expiresAt ?? expiryOf(role, now);
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
  if (draft.all !== null && draft.all.join() !== records.listAudiences(tx).join()) return false;
  return [draft.everybodys, ...draft.others].every((part) => {
    const present = [...records.currentRoles(tx, part.audience)];
    return (
      present.length === part.roles.size &&
      present.every(([role, { version }]) => part.roles.get(role)?.version === version)
    );
  });
}

function writeRevision(tx: Tx, vault: Vault, draft: Draft, signed: readonly SignedRole[], now: Date): void {
  for (const { audience, upserts, removes } of [draft.everybodys, ...draft.others]) {
    for (const { path, role, body, sha256 } of upserts) {
      records.replaceTarget(tx, {
        audience,
        path,
        role,
        sha256,
        sizeBytes: body.byteLength,
        body: Buffer.from(body),
        updatedAt: now,
      });
    }
    for (const path of removes) records.removeTarget(tx, { audience, path }, now);
  }
  for (const role of signed) records.insertMetadata(tx, { ...role, createdAt: now, exportedAt: null });
  for (const { audience } of draft.others) noteEnds(tx, audience, now);
  writePlannedLog(tx, vault, draft.log, now);
}
