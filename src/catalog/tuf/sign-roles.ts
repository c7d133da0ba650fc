/** Signing the catalogue's roles with the keys that are at hand, and only as many as the role asks for. */
import { Metadata, MetadataKind, type Root } from "@tufjs/models";
import { Problem } from "../../errors.ts";
import type { SigningKeyRow } from "../../keys/records.ts";
import { isHeldHere, type KeyStore, openKeyRow } from "../../keys/signing-keys.ts";
import { type TufSigner, tufKeyOf, tufSignerOf } from "../../keys/tuf-signers.ts";
import { assembleRole, payloadOf, type SignedRole, type Unsigned } from "./metadata.ts";

export type RoleSigner = {
  /**
   * Signs with every one of the keys that can; some may be lost, or on another machine, if `threshold` of them sign.
   * `more` sign too where they can.
   * @throws Problem what the first key that failed said; `keys.offline`
   */
  sign(
    unsigned: Unsigned,
    keys: { readonly keys: readonly SigningKeyRow[]; readonly threshold: number },
    more?: readonly SigningKeyRow[],
    given?: ReadonlyMap<string, Uint8Array>,
  ): Promise<SignedRole>;
};

/** Each key is opened once. */
export function roleSigner(store: KeyStore): RoleSigner {
  const open = new Map<string, TufSigner>();
  const signerOf = (row: SigningKeyRow): TufSigner => {
    const signer = open.get(row.name) ?? tufSignerOf(row, () => openKeyRow(store, row));
    open.set(row.name, signer);
    return signer;
  };
  return {
    async sign(unsigned, { keys, threshold }, more = [], given = new Map()) {
      const payload = payloadOf(unsigned);
      const signatures = new Map(given);
      const failures: unknown[] = [];
      let count = keys.filter((row) => signatures.has(tufKeyOf(row).keyId)).length;
      for (const row of keys) {
        if (signatures.has(tufKeyOf(row).keyId)) continue;
        try {
          const signer = signerOf(row);
          signatures.set(signer.keyId, await signer.sign(payload));
          count += 1;
        } catch (error) {
          failures.push(error);
        }
      }
      if (count < threshold) throw failures[0] ?? tooFew(unsigned.role, count, threshold);
      for (const row of more) {
        const { keyId } = tufKeyOf(row);
        if (signatures.has(keyId) || !isHeldHere(row)) continue;
        try {
          signatures.set(keyId, await signerOf(row).sign(payload));
        } catch {
          // One of the keys that are being replaced; it may be what was lost.
        }
      }
      return assembleRole(unsigned, signatures);
    },
  };
}

function tooFew(role: string, count: number, threshold: number): Problem {
  return new Problem(
    "conflict",
    "keys.threshold_unmet",
    `The role ${role} is signed by ${count} of its keys, and ${threshold} must sign.`,
  );
}

/**
 * Holds a new root to what every client asks of it (TUF 1.0 §5.3.4): the thresholds of the root before and its own.
 * @throws Problem `keys.root_unsigned`
 */
export function mustFollow(before: Uint8Array, next: SignedRole): void {
  const parse = (body: Uint8Array) =>
    Metadata.fromJSON(MetadataKind.Root, JSON.parse(new TextDecoder().decode(body))) as Metadata<Root>;
  const successor = parse(next.body);
  for (const [root, which] of [
    [parse(before), "before"],
    [successor, "new"],
  ] as const) {
    try {
      root.verifyDelegate("root", successor);
    } catch (error) {
      throw new Problem(
        "conflict",
        "keys.root_unsigned",
        `Version ${next.version} of the root is not signed by enough keys of the ${which === "new" ? "new root" : "root before it"} (${error instanceof Error ? error.message : ""}): no device would follow it.`,
        [],
        { cause: error },
      );
    }
  }
}
