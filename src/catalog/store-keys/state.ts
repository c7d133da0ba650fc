/** The store's keys as they are: who signs what, and names and requests for what comes next. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import {
  CERTIFICATE_KEY_NAMES,
  CERTIFICATE_LIFETIMES_MS,
  type CertificateKind,
  missingCertificate,
  storeId,
  validity,
} from "../../keys/authority.ts";
import { firstKeyName, readKeySets, type TufRole } from "../../keys/key-sets.ts";
import {
  findKeyRequest,
  findSigningKey,
  listSigningKeys,
  listStoreCertificates,
  type SigningKeyRow,
  type StoreCertificateRow,
} from "../../keys/records.ts";
import { wholeSeconds } from "../../signing/times.ts";
import { newSerialNumber } from "../../signing/to-be-signed.ts";
import { sha256 } from "../tuf/metadata.ts";
import * as tuf from "../tuf/records.ts";
import { expiryOf } from "../tuf/roles.ts";
import { mustFit } from "./authority-places.ts";
import type { KeyPlan, KeyState, PlannedCertificate } from "./changes.ts";
import {
  parseRequest,
  REQUEST_ROLES,
  type RequestCertificate,
  type RequestKey,
  type RequestSet,
  type SigningRequest,
} from "./request.ts";

/** @throws Problem `keys.missing` */
export function readKeyState(db: Tx): KeyState {
  const keyOf = (kind: CertificateKind) => {
    const row = findSigningKey(db, currentCertificate(db, kind).keyName);
    if (!row) throw missingCertificate(kind);
    return row;
  };
  return {
    sets: readKeySets(db),
    certificateKeys: {
      root: keyOf("root"),
      "developer-ca": keyOf("developer-ca"),
      release: keyOf("release"),
    },
  };
}

/** The newest of a kind. @throws Problem `keys.missing` */
export function currentCertificate(db: Tx, kind: CertificateKind): StoreCertificateRow {
  const [row] = listStoreCertificates(db, kind);
  if (!row) throw missingCertificate(kind);
  return row;
}

/** A name that no key of this store ever had. */
export function freeKeyName(db: Tx, place: TufRole | CertificateKind, taken: readonly string[] = []): string {
  const names = takenNames(db, taken);
  const isKind = place in CERTIFICATE_KEY_NAMES && place !== "root";
  const base = isKind ? CERTIFICATE_KEY_NAMES[place as CertificateKind] : firstKeyName(place as TufRole, 0);
  return numbered(place === "root" ? "tuf-root" : base, names);
}

export function freeCertificateKeyName(db: Tx, kind: CertificateKind, taken: readonly string[] = []): string {
  const names = takenNames(db, taken);
  return numbered(CERTIFICATE_KEY_NAMES[kind], names);
}

/** Keys that an open request brings have their names though they are in no row yet. */
function takenNames(db: Tx, more: readonly string[]): ReadonlySet<string> {
  const open = findKeyRequest(db);
  const asked = open === null ? [] : parseRequest(new Uint8Array(open.body)).keys;
  return new Set([...[...listSigningKeys(db), ...asked].map(({ name }) => name), ...more]);
}

function numbered(base: string, names: ReadonlySet<string>): string {
  if (base !== "tuf-root" && !names.has(base)) return base;
  for (let number = base === "tuf-root" ? 1 : 2; ; number += 1) {
    const name = `${base}-${number}`;
    if (!names.has(name)) return name;
  }
}

/** The signing request of a plan, with nothing signed yet. @throws Problem `keys.authorities_full` */
export function requestOf(store: Pick<Store, "db">, plan: KeyPlan, now: Date): SigningRequest {
  const { orm } = store.db;
  mustFit(orm, plan);
  const current = tuf.currentRoles(orm);
  const createdAt = wholeSeconds(now);
  const rows = new Map<string, SigningKeyRow>();
  const note = (row: SigningKeyRow) => void rows.set(row.name, row);
  for (const state of [plan.before, plan.after]) {
    for (const { keys } of state.sets.values()) keys.forEach(note);
    Object.values(state.certificateKeys).forEach(note);
  }
  const setsOf = (state: KeyState): ReadonlyMap<TufRole, RequestSet> =>
    new Map(
      [...state.sets].map(([role, { keys, threshold }]) => [
        role,
        { keys: keys.map((key) => key.name), threshold },
      ]),
    );
  return {
    storeId: storeId(store),
    createdAt,
    keys: [...rows.values()].map(
      ({ name, algorithm, publicKey, keyid, holder }): RequestKey => ({
        name,
        algorithm,
        keyid,
        holder,
        spki: new Uint8Array(publicKey),
      }),
    ),
    before: setsOf(plan.before),
    after: setsOf(plan.after),
    certificates: certificateRequests(orm, plan.certificates, now),
    roots: listStoreCertificates(orm, "root").map((row) => new Uint8Array(row.der)),
    developerCas: listStoreCertificates(orm, "developer-ca").map((row) => new Uint8Array(row.der)),
    distrusted: (["root", "developer-ca"] as const)
      .flatMap((kind) => listStoreCertificates(orm, kind))
      .filter((row) => plan.distrusted.includes(row.keyName))
      .map((row) => sha256(row.der)),
    metadata: REQUEST_ROLES.filter((role) => plan.roles.includes(role)).map((role) => ({
      role,
      version: (current.get(role)?.version ?? 0) + 1,
      expiresAt: expiryOf(role, now),
      signatures: new Map(),
    })),
    lists: [],
  };
}

/**
 * What the store says of its own past, such as that it accepted a key or approved a package, has to be signed again when
 * the key that said it is revoked. So a certificate of the store counts from the first root's beginning on, or from that
 * of the root that issues it where that one is younger; how long it counts is measured from now.
 */
function certificateRequests(
  db: Tx,
  planned: readonly PlannedCertificate[],
  now: Date,
): RequestCertificate[] {
  const roots = listStoreCertificates(db, "root");
  const { notAfter: rootEnd } = validity(now, CERTIFICATE_LIFETIMES_MS.root);
  const isPlannedRoot = (name: string) =>
    planned.some(({ kind, key }) => kind === "root" && key.name === name);
  const hasNewRoot = planned.some(({ kind }) => kind === "root");
  // Nothing outlives its issuer: a reader refuses what it signs afterwards.
  const issuerEnd = hasNewRoot ? rootEnd : currentCertificate(db, "root").notAfter;
  return planned.map(({ kind, key, issuer }) => {
    const { notAfter } = validity(
      now,
      CERTIFICATE_LIFETIMES_MS[kind === "developer-ca" ? "developerCa" : kind],
    );
    return {
      kind,
      key: key.name,
      issuer: issuer.name,
      serial: newSerialNumber(),
      notBefore: earliest(
        isPlannedRoot(issuer.name) ? roots : roots.filter((root) => root.keyName === issuer.name),
      ),
      notAfter: new Date(Math.min(notAfter.getTime(), issuerEnd.getTime())),
      signature: null,
    };
  });
}

function earliest(rows: readonly StoreCertificateRow[]): Date {
  return new Date(Math.min(...rows.map((row) => row.notBefore.getTime())));
}

/**
 * Holds a request to the state that it was made from.
 * @throws Problem `keys.request_stale`
 */
export function mustStillHold(db: Tx, request: SigningRequest): void {
  const state = readKeyState(db);
  const moved = (what: string): never => {
    throw new Problem(
      "conflict",
      "keys.request_stale",
      `${what} since the request was exported. Export it again, have it signed, and import that.`,
    );
  };
  for (const [role, { keys, threshold }] of state.sets) {
    const known = request.before.get(role);
    const names = keys.map((key) => key.name).join();
    if (known?.threshold !== threshold || known.keys.join() !== names) moved(`The keys of ${role} changed`);
  }
  const same = (kind: "root" | "developer-ca", ders: readonly Uint8Array[]) => {
    const rows = listStoreCertificates(db, kind);
    return (
      rows.length === ders.length && rows.every((row, at) => row.der.equals(ders[at] ?? new Uint8Array()))
    );
  };
  if (!same("root", request.roots) || !same("developer-ca", request.developerCas))
    moved("The authorities changed");
  const current = tuf.currentRoles(db);
  for (const { role, version } of request.metadata)
    if (current.get(role)?.version !== version - 1) moved(`The metadata of ${role} was signed anew`);
}
