/** Metadata of the signed catalogue whose signatures count, by the keys that the caller trusts. */
import { Key, Metadata, MetadataKind, type Root, type Targets } from "@tufjs/models";
import { EVERYBODY, type KeyId } from "../../ids.ts";
import type { RoleKeys } from "../../keys/key-sets.ts";
import { type TufKey, tufKeyOf } from "../../keys/tuf-signers.ts";
import { KEY_RULES, type KeyAlgorithm, keyidOf } from "../../signing/algorithms.ts";
import { snapshotMetadata } from "./listed-snapshot.ts";
import type { RoleAt } from "./roles.ts";

/** A key that signs a role, as the metadata names it. */
export type TrustedKey = {
  readonly keyId: string;
  readonly json: TufKey["json"];
  /** As the store's rows and its log name the key. */
  readonly row: { readonly algorithm: KeyAlgorithm; readonly publicKey: Buffer; readonly keyid: KeyId };
};
export type TrustedKeys = { readonly keys: readonly TrustedKey[]; readonly threshold: number };

export type Parsed = ReturnType<typeof parse>;
export type Signed = Parsed["signed"];

/** Null for bytes that are not this version of the role's metadata, of this catalogue. */
export function parseSigned(bytes: Uint8Array, { audience, role }: RoleAt, version: number): Parsed | null {
  try {
    const parsed = parse(bytes, role);
    const of = parsed.signed.unrecognizedFields.audience ?? EVERYBODY;
    return parsed.signed.version === version && of === audience ? parsed : null;
  } catch {
    return null;
  }
}

function parse(bytes: Uint8Array, role: string) {
  const json = JSON.parse(new TextDecoder().decode(bytes));
  if (role === "root") return Metadata.fromJSON(MetadataKind.Root, json);
  if (role === "snapshot") return snapshotMetadata(json);
  if (role === "timestamp") return Metadata.fromJSON(MetadataKind.Timestamp, json);
  return Metadata.fromJSON(MetadataKind.Targets, json);
}

/** Whether as many of the keys have signed as must. */
export function isSignedBy(parsed: Parsed, { keys, threshold }: TrustedKeys): boolean {
  return keys.length > 0 && threshold > 0 && signaturesOf(parsed, keys) >= threshold;
}

/** How many of these keys have signed. */
export function signaturesOf(parsed: Parsed, keys: readonly Pick<TrustedKey, "keyId" | "json">[]): number {
  return keys.filter(({ keyId, json }) => {
    try {
      Key.fromJSON(keyId, { ...json, keyval: { ...json.keyval } }).verifySignature(parsed);
      return true;
    } catch {
      return false;
    }
  }).length;
}

/** The keys of a role in what the metadata holds of them. @throws for keys that no store of ours has */
export function trustedKeys(
  from: Root["keys"],
  role: { readonly keyIDs: readonly string[]; readonly threshold: number },
): TrustedKeys {
  const keys = role.keyIDs.map((id): TrustedKey => {
    const found = from[id];
    if (!found) throw new Error(`there is no key ${id}`);
    const row = rowOf(found);
    const { keyId, json } = tufKeyOf(row);
    if (keyId !== id) throw new Error(`the key ${id} is another one`);
    return { keyId, json, row };
  });
  return { keys, threshold: role.threshold };
}

function rowOf({ keyType, keyVal }: { keyType: string; keyVal: Record<string, string> }): TrustedKey["row"] {
  const text = keyVal.public ?? "";
  const algorithm = keyType === "ed25519" ? "ed25519" : "ecdsa-p256";
  const publicKey =
    algorithm === "ed25519"
      ? Buffer.concat([KEY_RULES.ed25519.spkiPrefix, Buffer.from(text, "hex")])
      : Buffer.from(text.replace(/-----[A-Z ]+-----/g, ""), "base64");
  return { algorithm, publicKey, keyid: keyidOf(publicKey) as KeyId };
}

/** What rows say of a role's keys, as metadata would name them; null with one that can sign no catalogue. */
export function keysOfRows({ keys, threshold }: RoleKeys): TrustedKeys | null {
  try {
    return {
      keys: keys.map((row) => ({ ...tufKeyOf(row), row })),
      threshold,
    };
  } catch {
    return null;
  }
}

/** Whom `targets` or `apps` delegates to. */
export function delegatedKeys({ delegations }: Targets, role: string): TrustedKeys | null {
  const to = delegations?.succinctRoles ?? delegations?.roles?.[role];
  return delegations && to ? trustedKeys(delegations.keys, to) : null;
}
