/**
 * A change of the store's keys, whole or not at all: keys, certificates, key sets, metadata and the log's leaves are
 * written in one transaction, once everything is signed.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { forgetOverwritten } from "../../db/wal.ts";
import { describeError, isProblem, Problem } from "../../errors.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import type { Sha256 } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import type { KeySets, TufRole } from "../../keys/key-sets.ts";
import {
  deleteKeyRequest,
  destroyPrivateHalf,
  distrustCertificates,
  findSigningKey,
  insertSigningKey,
  insertStoreCertificate,
  listAllStoreCertificates,
  retireSigningKey,
  type SigningKeyRow,
  type StoreCertificateRow,
} from "../../keys/records.ts";
import { isHeldHere, openKeyRow } from "../../keys/signing-keys.ts";
import { certificatesFromPem } from "../../signing/certificates.ts";
import { sortAnchors } from "../../signing/chain.ts";
import type { LogPlan } from "../log/plan.ts";
import { recordInLog } from "../log/record.ts";
import { CRL_JOB } from "../revocation/crls.ts";
import { saveCrl, saveNewerCrl } from "../revocation/records.ts";
import { countersignWaiting } from "../revocation/settle.ts";
import { enqueueSignAgain } from "../sign-again/jobs.ts";
import { anchorsOf, trustedAuthorities } from "../sign-again/trust.ts";
import { exportCatalogue } from "../tuf/export.ts";
import { sha256 } from "../tuf/metadata.ts";
import { type GivenRole, revise } from "../tuf/revise.ts";
import { BIN_ROLES, CA_PATH } from "../tuf/roles.ts";
import type { KeyPlan, PlannedCertificate } from "./changes.ts";
import { fallingCertificates, tellOfDistrust } from "./distrust-developers.ts";
import {
  assembled,
  buildDocuments,
  judgeSignatures,
  type MissingSignature,
  missingSignatures,
  type RequestDocuments,
  signRequest,
} from "./documents.ts";
import { lastListsOf, planHalves } from "./halves.ts";
import { REQUEST_ROLES, type SigningRequest } from "./request.ts";
import { signedLists } from "./root-lists.ts";
import { currentCertificate, mustStillHold, requestOf } from "./state.ts";

/** Whether all that a plan has to have signed can be signed here, as far as one can tell without trying. */
export function isSignableHere(plan: KeyPlan): boolean {
  const held = (keys: readonly SigningKeyRow[]) => keys.filter(isHeldHere).length;
  const enough = (sets: KeySets, role: TufRole) => {
    const set = sets.get(role);
    return set !== undefined && held(set.keys) >= set.threshold;
  };
  return (
    plan.certificates.every(({ issuer }) => isHeldHere(issuer)) &&
    REQUEST_ROLES.filter((role) => plan.roles.includes(role)).every((role) =>
      enough(plan.after.sets, role),
    ) &&
    (!plan.roles.includes("root") || enough(plan.before.sets, "root"))
  );
}

/**
 * Signs a plan with the keys that are here and applies it.
 * @throws Problem `keys.…` of whatever cannot sign; `catalog.busy`
 */
export async function applyPlan(
  store: Store,
  plan: KeyPlan,
  also: (tx: Tx) => void = () => {},
): Promise<void> {
  const request = requestOf(store, plan, store.clock.now());
  await applyRequest(store, request, plan, { given: false, also });
}

/** The plan that a request asks for, with the rows of this database. */
export function planOfRequest(
  request: SigningRequest,
  documents: RequestDocuments,
  state: KeyPlan["before"],
  rows: (name: string) => SigningKeyRow | undefined,
): KeyPlan {
  const rowOf = (name: string): SigningKeyRow => {
    const [known, asked] = [rows(name), documents.rows.get(name)];
    if (known && asked && known.keyid !== asked.keyid)
      throw new Problem(
        "conflict",
        "keys.request_stale",
        `${name} is another key now than when the request was exported. Export it again, have it signed, and import that.`,
      );
    const row = known ?? asked;
    if (!row) throw new Error(`the request has no key ${name}`);
    return row;
  };
  const after: KeySets = new Map(
    [...request.after].map(([role, { keys, threshold }]) => [role, { keys: keys.map(rowOf), threshold }]),
  );
  const keyOf = (kind: CertificateKind) => {
    const planned = request.certificates.find((certificate) => certificate.kind === kind);
    return planned ? rowOf(planned.key) : state.certificateKeys[kind];
  };
  const certificateKeys = {
    root: keyOf("root"),
    "developer-ca": keyOf("developer-ca"),
    release: keyOf("release"),
  };
  const changed = (role: TufRole) => {
    const [old, next] = [request.before.get(role), request.after.get(role)];
    return old?.threshold !== next?.threshold || old?.keys.join() !== next?.keys.join();
  };
  const online = (["revocations", "bins", "snapshot", "timestamp"] as const).filter(changed);
  const all = (sets: KeySets, keys: Readonly<Record<CertificateKind, SigningKeyRow>>) => [
    ...new Map(
      [...Object.values(keys), ...[...sets.values()].flatMap((set) => set.keys)].map((key) => [
        key.name,
        key,
      ]),
    ).values(),
  ];
  const [old, next] = [all(state.sets, state.certificateKeys), all(after, certificateKeys)];
  return {
    before: state,
    after: { sets: after, certificateKeys },
    certificates: request.certificates.map(
      ({ kind, key, issuer }): PlannedCertificate => ({ kind, key: rowOf(key), issuer: rowOf(issuer) }),
    ),
    roles: [...request.metadata.map(({ role }) => role), ...online],
    added: next.filter((key) => !old.some((other) => other.name === key.name)),
    removed: old.filter((key) => !next.some((other) => other.name === key.name)),
    // The request names the certificates themselves.
    distrusted: [],
  };
}

/**
 * Applies a request with the signatures that it carries and those of keys that are here.
 * @throws Problem `keys.signature_invalid`, `keys.request_stale`, `keys.threshold_unmet`, `keys.root_unsigned` and those
 *   of signing; nothing is changed then
 */
export async function applyRequest(
  store: Store,
  request: SigningRequest,
  plan: KeyPlan,
  options: {
    /** Whether versions and ends are as in the request, since another machine signed them. */
    readonly given: boolean;
    readonly also?: (tx: Tx) => void;
  },
): Promise<void> {
  const signed = await signCertificatesHere(store, request, plan);
  const documents = await buildDocuments(signed);
  judgeSignatures(documents);
  const given = new Map<string, GivenRole>(
    options.given
      ? signed.metadata.map(({ role, version, expiresAt, signatures }) => [
          role,
          { version, expiresAt, signatures },
        ])
      : [],
  );
  const certificates = documents.certificates.map((certificate) => ({
    ...certificate,
    ...assembled(certificate),
  }));
  const touchesAuthorities =
    certificates.some(({ asked }) => asked.kind !== "release") || request.distrusted.length > 0;
  const upserts =
    touchesAuthorities && documents.caPem !== null
      ? [{ path: CA_PATH, body: Buffer.from(documents.caPem) }]
      : [];
  const now = store.clock.now();
  const distrusted = listAllStoreCertificates(store.db.orm).filter((row) =>
    request.distrusted.includes(sha256(row.der)),
  );
  const falling = await fallingWith(store, distrusted, documents.caPem, now);
  const halves = planHalves(store, plan, distrusted);
  const lastLists = await lastListsOf(store, halves, distrusted);
  const rootLists = signedLists(signed, documents);
  const entries = logEntries(plan, certificates, {
    retired: certificates.map(({ asked }) => currentCertificate(store.db.orm, asked.kind)),
    distrusted,
  });
  const issued = new Map<string, Date>(
    certificates.map(({ asked: { kind } }) => [kind, afterLast(store, kind, now)]),
  );
  const issuedAt = (kind: string) => issued.get(kind) ?? now;
  const timeOf = (entry: LogEntry) =>
    entry.type === "certificate" && entry.change === "issued" ? issuedAt(entry.kind) : now;
  const commit = (tx: Tx): void => {
    for (const key of plan.added) if (!findSigningKey(tx, key.name)) insertSigningKey(tx, key);
    for (const { asked, der } of certificates)
      insertStoreCertificate(tx, certificateRow(asked, der, issuedAt(asked.kind)));
    for (const key of plan.removed) retireSigningKey(tx, key.name, now, halves.kept.includes(key.name));
    for (const name of halves.destroyed) destroyPrivateHalf(tx, name);
    for (const list of lastLists) saveCrl(tx, list);
    for (const list of rootLists) saveNewerCrl(tx, list);
    const serials = distrusted.map((row) => row.serial);
    if (serials.length > 0) {
      distrustCertificates(tx, serials, request.createdAt);
      tellOfDistrust(tx, falling, now);
    }
    deleteKeyRequest(tx);
    // What waits for a signature, since the key of before was revoked, gets it from the new one.
    if (certificates.some(({ asked }) => asked.kind === "release")) countersignWaiting(tx, now);
    // And what the store said with keys or under authorities that count no more, it says again.
    enqueueSignAgain(tx, now);
    if (touchesAuthorities || rootLists.length > 0) enqueue(tx, { kind: CRL_JOB, key: "catalogue" }, now);
    options.also?.(tx);
  };
  if (plan.roles.length === 0) {
    // A release certificate stands in no file of the catalogue.
    write(store.db, (tx) => {
      mustStillHold(tx, request);
      commit(tx);
      for (const entry of entries) recordInLog(tx, store.vault, entry, timeOf(entry));
    });
    store.wakeJobs();
    forgetPrivateHalves(store, plan.removed.length + halves.destroyed.length);
    return;
  }
  await revise(store, {
    plan: (log: LogPlan) => {
      // Every other change of keys is a revision, and a revision in between has the plan asked for again.
      mustStillHold(store.db.orm, request);
      for (const entry of entries) log.append(entry, timeOf(entry));
      return { upserts, removes: [] };
    },
    renew: { roles: plan.roles.flatMap((role) => (role === "bins" ? BIN_ROLES : [role])), of: "each" },
    keys: plan.after.sets,
    given,
    commit,
  });
  forgetPrivateHalves(store, plan.removed.length + halves.destroyed.length);
  // Until the new root is out, devices meet the new catalogue with the old keys: that time should be short.
  await exportNow(store);
}

/** What was committed is done: where its files cannot be written now, the job that was enqueued with it does it. */
async function exportNow(store: Store): Promise<void> {
  try {
    await exportCatalogue(store);
  } catch (error) {
    store.log.error("catalog.not_exported", { error: describeError(error) });
  }
}

/** Developers' certificates that fall with these authorities, and have none in their place that comes by the same request. */
async function fallingWith(
  store: Store,
  distrusted: readonly StoreCertificateRow[],
  caPem: string | null,
  now: Date,
): Promise<ReadonlySet<Sha256>> {
  if (distrusted.length === 0 || caPem === null) return new Set();
  const { orm } = store.db;
  const both = {
    before: anchorsOf(trustedAuthorities(orm)),
    after: sortAnchors(certificatesFromPem(caPem)),
  };
  return fallingCertificates(orm, both, now);
}

/** Their rows are overwritten by now; the database's log still has them. */
function forgetPrivateHalves(store: Store, count: number): void {
  if (count > 0) forgetOverwritten(store, "keys.log_not_emptied");
}

/** Signs with the keys that are here what is not signed yet. */
async function signCertificatesHere(
  store: Store,
  request: SigningRequest,
  plan: KeyPlan,
): Promise<SigningRequest> {
  const issuers = plan.certificates.map(({ issuer }) => issuer).filter(isHeldHere);
  const open = new Map(issuers.map((row) => [row.keyid, openKeyRow(store, row)]));
  const { request: signed } = await signRequest({ ...request, metadata: [], lists: [] }, open);
  return { ...signed, metadata: request.metadata, lists: request.lists };
}

/** What a request lacks, if the keys that are here sign what they can. */
export async function missingAfterSigningHere(
  store: Store,
  request: SigningRequest,
  plan: KeyPlan,
): Promise<{ readonly missing: readonly MissingSignature[]; readonly request: SigningRequest }> {
  const rows = [
    ...plan.certificates.map(({ issuer }) => issuer),
    ...REQUEST_ROLES.flatMap((role) => plan.after.sets.get(role)?.keys ?? []),
    ...(plan.before.sets.get("root")?.keys ?? []),
  ].filter(isHeldHere);
  const open = new Map(
    rows.flatMap((row) => {
      try {
        return [[row.keyid, openKeyRow(store, row)] as const];
      } catch (error) {
        if (isProblem(error)) return [];
        throw error;
      }
    }),
  );
  const { request: signed } = await signRequest(request, open);
  return { request: signed, missing: missingSignatures(await buildDocuments(signed), signed) };
}

function certificateRow(
  asked: SigningRequest["certificates"][number],
  der: Buffer,
  now: Date,
): StoreCertificateRow {
  return {
    serial: asked.serial,
    kind: asked.kind,
    keyName: asked.key,
    der,
    notBefore: asked.notBefore,
    notAfter: asked.notAfter,
    createdAt: now,
    distrustedAt: null,
  };
}

/** The newest of a kind is the current one, also after a clock that was ahead. */
function afterLast(store: Pick<Store, "db">, kind: CertificateKind, now: Date): Date {
  const last = currentCertificate(store.db.orm, kind).createdAt.getTime();
  return last > now.getTime() ? new Date(last + 1000) : now;
}

function logEntries(
  plan: KeyPlan,
  certificates: readonly { asked: SigningRequest["certificates"][number]; der: Buffer }[],
  old: { retired: readonly StoreCertificateRow[]; distrusted: readonly StoreCertificateRow[] },
): LogEntry[] {
  const changed =
    (change: "retired" | "distrusted") =>
    ({ kind, der }: StoreCertificateRow): LogEntry => ({
      type: "certificate",
      change,
      kind,
      sha256: sha256(der),
    });
  return [
    ...plan.removed.map(
      ({ name, keyid }): LogEntry => ({ type: "store-key", change: "removed", role: name, keyId: keyid }),
    ),
    ...plan.added.map(
      ({ name, keyid }): LogEntry => ({ type: "store-key", change: "added", role: name, keyId: keyid }),
    ),
    ...certificates.map(
      ({ asked, der }): LogEntry => ({
        type: "certificate",
        change: "issued",
        kind: asked.kind,
        sha256: sha256(der),
      }),
    ),
    ...old.retired.map(changed("retired")),
    ...old.distrusted.map(changed("distrusted")),
    ...[...plan.after.sets].flatMap(([role, { threshold }]): LogEntry[] =>
      plan.before.sets.get(role)?.threshold === threshold
        ? []
        : [{ type: "store-threshold", role, threshold }],
    ),
  ];
}
