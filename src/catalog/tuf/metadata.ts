/** The signed documents themselves, built with @tufjs/models so that the reference client's own classes write them. */
import { createHash } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";
import {
  Metadata,
  MetaFile,
  Root,
  Signature,
  type Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from "@tufjs/models";
import { type Audience, EVERYBODY, type Sha256 } from "../../ids.ts";
import { type KeySets, keysOf, type TufRole } from "../../keys/key-sets.ts";
import { type TufKey, type TufSigner, tufKeyOf } from "../../keys/tuf-signers.ts";
import { canonicalize as toFile } from "../../signing/json.ts";
import { formatTime } from "../../signing/times.ts";
import { ListedSnapshot } from "./listed-snapshot.ts";
import type { TargetFact } from "./records.ts";
import { BIN_BITS, BIN_PREFIX, CA_PATH, homeOf, REVOCATIONS_PATH, TOP_ROLES } from "./roles.ts";

export type SignedRole = {
  /** Of what is in every catalogue, the public one. */
  readonly audience: Audience;
  readonly role: string;
  readonly version: number;
  readonly body: Buffer;
  readonly sha256: Sha256;
  readonly expiresAt: Date;
};

type Signed = Root | Targets | Snapshot | Timestamp;
export type Unsigned<T extends Signed = Signed> = {
  readonly audience: Audience;
  readonly role: string;
  readonly signed: T;
  readonly expiresAt: Date;
};

const SPEC_VERSION = "1.0.31";

/**
 * One set of keys signs all catalogues, and a snapshot lists versions alone: without this, what is signed for one audience
 * would pass for the same version of the same role in another catalogue.
 */
function audienceField(audience: Audience) {
  return audience === EVERYBODY ? {} : { unrecognizedFields: { audience } };
}

/** The keys of a role in TUF's form, and the role as root and delegations name it. */
function roleOf(sets: KeySets, role: TufRole) {
  const { keys, threshold } = keysOf(sets, role);
  const tufKeys = keys.map(tufKeyOf);
  return { tufKeys, json: { keyids: tufKeys.map((key) => key.keyId), threshold } };
}

function keyObjects(keys: readonly TufKey[]) {
  return Object.fromEntries(keys.map((key) => [key.keyId, { ...key.json, keyval: { ...key.json.keyval } }]));
}

export function buildRoot(version: number, expiresAt: Date, sets: KeySets): Unsigned<Root> {
  const roles = TOP_ROLES.map((role) => [role, roleOf(sets, role)] as const);
  // The classes of roles are not exported by the library: its own parser makes them.
  const signed = Root.fromJSON({
    _type: "root",
    spec_version: SPEC_VERSION,
    version,
    expires: formatTime(expiresAt),
    consistent_snapshot: true,
    keys: keyObjects(roles.flatMap(([, role]) => role.tufKeys)),
    roles: Object.fromEntries(roles.map(([name, role]) => [name, role.json])),
  });
  return { audience: EVERYBODY, role: "root", signed, expiresAt };
}

/** A role that lists target files: `targets`, `revocations`, `apps` and the bins. */
export function buildTargets(
  role: string,
  version: number,
  expiresAt: Date,
  files: readonly Pick<TargetFact, "path" | "sha256" | "sizeBytes">[],
  context: { readonly sets: KeySets; readonly storeId: string },
  of: Audience = EVERYBODY,
): Unsigned<Targets> {
  const audience = homeOf(of, role);
  const expires = formatTime(expiresAt);
  const delegations = delegationsOf(role, context.sets);
  const targets: Record<string, TargetFile> = {};
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    targets[file.path] = new TargetFile({
      path: file.path,
      length: file.sizeBytes,
      hashes: { sha256: file.sha256 },
      // Nothing else in the catalogue says whose it is, and a device must know which release certificate to expect.
      ...(file.path === CA_PATH ? { unrecognizedFields: { custom: { storeId: context.storeId } } } : {}),
    });
  }
  const base = new Targets({
    specVersion: SPEC_VERSION,
    version,
    expires,
    targets,
    ...audienceField(audience),
  });
  // As for roles: delegations are made by the library's parser.
  const signed = delegations ? Targets.fromJSON({ ...base.toJSON(), delegations }) : base;
  return { audience, role, signed, expiresAt };
}

/**
 * Section 6's graph. `targets` → `revocations` (terminating), then `apps`, which takes every path: all sixteen first
 * digits of a path's hash. `apps` → succinct bins. A role cannot have both kinds, which is why `apps` is there.
 */
function delegationsOf(role: string, sets: KeySets) {
  if (role === "targets") {
    const revocations = roleOf(sets, "revocations");
    const apps = roleOf(sets, "apps");
    return {
      keys: keyObjects([...revocations.tufKeys, ...apps.tufKeys]),
      roles: [
        { name: "revocations", ...revocations.json, terminating: true, paths: [REVOCATIONS_PATH] },
        {
          name: "apps",
          ...apps.json,
          terminating: false,
          path_hash_prefixes: [..."0123456789abcdef"],
        },
      ],
    };
  }
  if (role === "apps") {
    const bins = roleOf(sets, "bins");
    return {
      keys: keyObjects(bins.tufKeys),
      succinct_roles: { ...bins.json, bit_length: BIN_BITS, name_prefix: BIN_PREFIX },
    };
  }
  return undefined;
}

/** Lists versions alone: a version is never written twice, and digests would make each refresh three times as large. */
export function buildSnapshot(
  version: number,
  expiresAt: Date,
  versions: ReadonlyMap<string, number>,
  audience: Audience = EVERYBODY,
): Unsigned<Snapshot> {
  const expires = formatTime(expiresAt);
  const meta: Record<string, MetaFile> = {};
  for (const [role, roleVersion] of versions) meta[`${role}.json`] = new MetaFile({ version: roleVersion });
  return {
    audience,
    role: "snapshot",
    signed: new ListedSnapshot({
      specVersion: SPEC_VERSION,
      version,
      expires,
      meta,
      ...audienceField(audience),
    }),
    expiresAt,
  };
}

export function buildTimestamp(
  version: number,
  expiresAt: Date,
  snapshot: { readonly version: number; readonly body: Uint8Array; readonly sha256: Sha256 },
  audience: Audience = EVERYBODY,
): Unsigned<Timestamp> {
  const expires = formatTime(expiresAt);
  const snapshotMeta = new MetaFile({
    version: snapshot.version,
    length: snapshot.body.byteLength,
    hashes: { sha256: snapshot.sha256 },
  });
  const signed = { specVersion: SPEC_VERSION, version, expires, snapshotMeta, ...audienceField(audience) };
  return {
    audience,
    role: "timestamp",
    signed: new Timestamp(signed),
    expiresAt,
  };
}

/** The bytes that are signed (TUF 1.0 §4.2.1). */
export function payloadOf(unsigned: Unsigned): Uint8Array {
  return Buffer.from(canonicalize(unsigned.signed.toJSON()));
}

/** Signs with each of these and gives the file's bytes. */
export async function signRole(unsigned: Unsigned, signers: readonly TufSigner[]): Promise<SignedRole> {
  const payload = payloadOf(unsigned);
  const signatures = new Map<string, Uint8Array>();
  for (const signer of signers) signatures.set(signer.keyId, await signer.sign(payload));
  return assembleRole(unsigned, signatures);
}

/** The file's bytes with these signatures, by key id. */
export function assembleRole(unsigned: Unsigned, signatures: ReadonlyMap<string, Uint8Array>): SignedRole {
  const { audience, role, signed, expiresAt } = unsigned;
  const byKey: Record<string, Signature> = {};
  for (const [keyID, bytes] of signatures)
    byKey[keyID] = new Signature({ keyID, sig: Buffer.from(bytes).toString("hex") });
  // TUF's canonical JSON, which is what is signed, leaves the line ends of a PEM key as they are: no JSON for a file.
  const body = Buffer.from(toFile(new Metadata(signed, byKey).toJSON()));
  return { audience, role, version: signed.version, body, sha256: sha256(body), expiresAt };
}

export function sha256(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("hex") as Sha256;
}
