/**
 * Who holds a key of the store, by what the master key sealed with it: the private half of one that is here, the name of the
 * command of another. The columns of its row only repeat that, so whoever changes them has no other command run.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { isProblem } from "../errors.ts";
import { type KeyPair, spkiOf } from "../signing/keys.ts";
import type { SigningKeyRow } from "./records.ts";
import type { Vault } from "./vault.ts";

type SealedRow = Pick<SigningKeyRow, "name" | "algorithm" | "publicKey" | "sealedPrivateKey">;

export type SealedHolder =
  | { readonly holder: "here"; readonly keys: KeyPair }
  | { readonly holder: "command"; readonly command: string }
  /** Nothing is: another machine has the key, or a command whose row an older program wrote. */
  | { readonly holder: null }
  /** By another master key, or its bytes were changed. */
  | { readonly holder: "unreadable"; readonly why: Error };

/** No PKCS #8 begins so. */
const MARK = "mosis key held by the command ";

/** Bound to the key's name, as its private half would be. */
export function sealCommand(vault: Vault, name: string, command: string): Buffer {
  return Buffer.from(vault.seal(name, Buffer.from(`${MARK}${command}`)));
}

export function openHolder(vault: Vault, row: SealedRow): SealedHolder {
  if (row.sealedPrivateKey === null) return { holder: null };
  try {
    const plain = Buffer.from(vault.unseal(row.name, row.sealedPrivateKey));
    try {
      const text = plain.toString("latin1");
      if (text.startsWith(MARK)) return { holder: "command", command: text.slice(MARK.length) };
      return { holder: "here", keys: pairOf(plain, row) };
    } finally {
      plain.fill(0);
    }
  } catch (error) {
    if (!isProblem(error) && !(error instanceof Error)) throw error;
    return { holder: "unreadable", why: error };
  }
}

function pairOf(plain: Buffer, { name, algorithm, publicKey }: SealedRow): KeyPair {
  const privateKey = createPrivateKey({ key: plain, format: "der", type: "pkcs8" });
  const own = createPublicKey(privateKey);
  if (!publicKey.equals(spkiOf(own))) throw new Error(`the public half of ${name} is another key's`);
  return { algorithm, privateKey, publicKey: own };
}

export type HolderColumns = Pick<SigningKeyRow, "holder" | "command">;

/** What the columns of the row must say; null when they do, or nothing tells it. */
export function rightHolder(vault: Vault, row: SigningKeyRow): HolderColumns | null {
  const sealed = openHolder(vault, row);
  const right = columnsOf(sealed, row);
  return right === null || (right.holder === row.holder && right.command === row.command) ? null : right;
}

function columnsOf(sealed: SealedHolder, row: SigningKeyRow): HolderColumns | null {
  if (sealed.holder === "here") return { holder: "here", command: null };
  if (sealed.holder === "command") return { holder: "command", command: sealed.command };
  return row.holder === "command" ? null : { holder: row.holder, command: null };
}
