/**
 * The public halves of keys that another machine holds, as a file: `mosis admin keys init` writes it, `export-request`
 * reads it. Each key proves that it is there by a signature. Canonical JSON. Pure.
 */
import { createPublicKey } from "node:crypto";
import { Problem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import type { KeyAlgorithm } from "../../signing/algorithms.ts";
import { canonicalize } from "../../signing/json.ts";
import { type KeySigner, keySignatureFault } from "../../signing/key-signer.ts";
import { keyid, spkiOf } from "../../signing/keys.ts";
import { document } from "../tuf/reader.ts";
import { asRequestProblem, parseBase64, parseSpki } from "./request.ts";

/** What another machine may hold: the CA's root, and the keys of the catalogue's offline roles. */
export const OFFLINE_PURPOSES = ["ca-root", "root", "targets", "apps"] as const;
export type OfflinePurpose = (typeof OFFLINE_PURPOSES)[number];

export const OFFLINE_ALGORITHMS: Readonly<Record<OfflinePurpose, KeyAlgorithm>> = {
  "ca-root": "ecdsa-p384",
  root: "ed25519",
  targets: "ed25519",
  apps: "ed25519",
};

export type OfflineKey = {
  readonly purpose: OfflinePurpose;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  readonly keyid: KeyId;
};

export const OFFLINE_KEYS_MAX_BYTES = 64 * 1024;

/** What the proof signs; no document that a key signs otherwise begins like this. */
function proofOf(purpose: OfflinePurpose, id: string): Uint8Array {
  return Buffer.from(`mosis offline key v1\n${purpose}\n${id}\n`);
}

export async function buildOfflineKeys(
  keys: readonly { readonly purpose: OfflinePurpose; readonly signer: KeySigner }[],
): Promise<Uint8Array> {
  const items = [];
  for (const { purpose, signer } of keys) {
    const proof = await signer.sign(proofOf(purpose, keyid(signer.publicKey)));
    items.push({
      proof: Buffer.from(proof).toString("base64"),
      purpose,
      spki: Buffer.from(spkiOf(signer.publicKey)).toString("base64"),
    });
  }
  return canonicalize({ keys: items, type: "mosis-offline-keys", v: 1 });
}

/** @throws Problem `keys.request_malformed`, `keys.signature_invalid` for a proof that does not count */
export function parseOfflineKeys(bytes: Uint8Array): readonly OfflineKey[] {
  return asRequestProblem("file of offline keys", () => {
    const root = document(bytes, OFFLINE_KEYS_MAX_BYTES, "file of offline keys");
    root.exactly("keys", "type", "v");
    root.get("type").literal("mosis-offline-keys");
    root.get("v").literal(1);
    const isPurpose = (text: string): text is OfflinePurpose =>
      OFFLINE_PURPOSES.some((purpose) => purpose === text);
    return root.get("keys").list((item) => {
      item.exactly("proof", "purpose", "spki");
      const purpose = item.get("purpose").match(isPurpose, OFFLINE_PURPOSES.join(", "));
      const key = parseSpki(item.get("spki"));
      const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: "der", type: "spki" });
      const fault = keySignatureFault(
        { algorithm: key.algorithm, publicKey },
        proofOf(purpose, key.keyid),
        parseBase64(item.get("proof"), 128),
      );
      if (fault === undefined) return { purpose, ...key };
      throw new Problem(
        "unprocessable",
        "keys.signature_invalid",
        `The proof of the ${purpose} key ${key.keyid} does not count: ${fault}. Bring the file from the other machine again.`,
      );
    }, 1);
  });
}
