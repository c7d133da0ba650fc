/** The signed documents themselves, built with @tufjs/models so that the reference client's own classes write them. */
import { createHash } from "node:crypto";
import { canonicalize } from "@tufjs/canonical-json";
import { Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from "@tufjs/models";
import type { Sha256 } from "../../ids.ts";
import type { TufKey, TufKeyName, TufSigner } from "../../keys/tuf-signers.ts";
import type { TargetFact } from "./records.ts";
import { BIN_BITS, BIN_PREFIX, CA_PATH, REVOCATIONS_PATH, ruleOf } from "./roles.ts";

export type PublicKeys = (name: TufKeyName) => TufKey;
export type Signers = (name: TufKeyName) => TufSigner;

export type SignedRole = {
  readonly role: string;
  readonly version: number;
  readonly body: Buffer;
  readonly sha256: Sha256;
  readonly expiresAt: Date;
};

type Signed = Root | Targets | Snapshot | Timestamp;
type Unsigned<T extends Signed> = { readonly role: string; readonly signed: T; readonly expiresAt: Date };

const SPEC_VERSION = "1.0.31";

/** Times of TUF metadata have whole seconds (TUF 1.0 §4.2). */
function term(role: string, now: Date): { expires: string; expiresAt: Date } {
  const expiresAt = new Date(Math.floor(now.getTime() / 1000) * 1000 + ruleOf(role).lifetimeMs);
  return { expires: `${expiresAt.toISOString().slice(0, 19)}Z`, expiresAt };
}

export function buildRoot(version: number, now: Date, keys: PublicKeys): Unsigned<Root> {
  const { expires, expiresAt } = term("root", now);
  const rules = ["root", "targets", "snapshot", "timestamp"].map((role) => [role, ruleOf(role)] as const);
  const all = rules.flatMap(([, rule]) => rule.keys.map(keys));
  // The classes of roles are not exported by the library: its own parser makes them.
  const signed = Root.fromJSON({
    _type: "root",
    spec_version: SPEC_VERSION,
    version,
    expires,
    consistent_snapshot: true,
    keys: Object.fromEntries(all.map((key) => [key.keyId, { ...key.json }])),
    roles: Object.fromEntries(
      rules.map(([role, rule]) => [
        role,
        { keyids: rule.keys.map((name) => keys(name).keyId), threshold: rule.threshold },
      ]),
    ),
  });
  return { role: "root", signed, expiresAt };
}

/** A role that lists target files: `targets`, `revocations`, `apps` and the bins. */
export function buildTargets(
  role: string,
  version: number,
  now: Date,
  files: readonly TargetFact[],
  context: { readonly keys: PublicKeys; readonly storeId: string },
): Unsigned<Targets> {
  const { expires, expiresAt } = term(role, now);
  const delegations = delegationsOf(role, context.keys);
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
  const base = new Targets({ specVersion: SPEC_VERSION, version, expires, targets });
  // As for roles: delegations are made by the library's parser.
  const signed = delegations ? Targets.fromJSON({ ...base.toJSON(), delegations }) : base;
  return { role, signed, expiresAt };
}

/**
 * Section 6's graph. `targets` → `revocations` (terminating), then `apps`, which takes every path: all sixteen first
 * digits of a path's hash. `apps` → succinct bins. A role cannot have both kinds, which is why `apps` is there.
 */
function delegationsOf(role: string, keys: PublicKeys) {
  if (role === "targets") {
    const revocations = keys("revocations");
    const apps = keys("apps");
    return {
      keys: { [revocations.keyId]: { ...revocations.json }, [apps.keyId]: { ...apps.json } },
      roles: [
        {
          name: "revocations",
          keyids: [revocations.keyId],
          threshold: ruleOf("revocations").threshold,
          terminating: true,
          paths: [REVOCATIONS_PATH],
        },
        {
          name: "apps",
          keyids: [apps.keyId],
          threshold: ruleOf("apps").threshold,
          terminating: false,
          path_hash_prefixes: [..."0123456789abcdef"],
        },
      ],
    };
  }
  if (role === "apps") {
    const bins = keys("bins");
    return {
      keys: { [bins.keyId]: { ...bins.json } },
      succinct_roles: {
        keyids: [bins.keyId],
        threshold: ruleOf(BIN_PREFIX).threshold,
        bit_length: BIN_BITS,
        name_prefix: BIN_PREFIX,
      },
    };
  }
  return undefined;
}

/** Lists versions alone: a version is never written twice, and digests would make each refresh three times as large. */
export function buildSnapshot(
  version: number,
  now: Date,
  versions: ReadonlyMap<string, number>,
): Unsigned<Snapshot> {
  const { expires, expiresAt } = term("snapshot", now);
  const meta: Record<string, MetaFile> = {};
  for (const [role, roleVersion] of versions) meta[`${role}.json`] = new MetaFile({ version: roleVersion });
  return {
    role: "snapshot",
    signed: new Snapshot({ specVersion: SPEC_VERSION, version, expires, meta }),
    expiresAt,
  };
}

export function buildTimestamp(
  version: number,
  now: Date,
  snapshot: { readonly version: number; readonly body: Uint8Array; readonly sha256: Sha256 },
): Unsigned<Timestamp> {
  const { expires, expiresAt } = term("timestamp", now);
  const snapshotMeta = new MetaFile({
    version: snapshot.version,
    length: snapshot.body.byteLength,
    hashes: { sha256: snapshot.sha256 },
  });
  return {
    role: "timestamp",
    signed: new Timestamp({ specVersion: SPEC_VERSION, version, expires, snapshotMeta }),
    expiresAt,
  };
}

/** Signs with every key of the role and gives the file's bytes. */
export async function signRole(unsigned: Unsigned<Signed>, signers: Signers): Promise<SignedRole> {
  const { role, signed, expiresAt } = unsigned;
  const payload = Buffer.from(canonicalize(signed.toJSON()));
  const signatures: Record<string, Signature> = {};
  for (const name of ruleOf(role).keys) {
    const signer = signers(name);
    const bytes = await signer.sign(payload);
    signatures[signer.keyId] = new Signature({
      keyID: signer.keyId,
      sig: Buffer.from(bytes).toString("hex"),
    });
  }
  const body = Buffer.from(canonicalize(new Metadata(signed, signatures).toJSON()));
  return { role, version: signed.version, body, sha256: sha256(body), expiresAt };
}

export function sha256(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("hex") as Sha256;
}
