/** The keys that access tokens are signed with: made, rotated by the clock, and ended by hand when one may have leaked. */
import { createHash, type KeyObject } from "node:crypto";
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { Vault } from "../../keys/vault.ts";
import { say } from "../../say.ts";
import { canonicalize } from "../../signing/json.ts";
import { generateKeyPair } from "../../signing/keys.ts";
import { type Actor, auditAuthor } from "../actor.ts";
import { authorise } from "../rights.ts";
import { isTrusted, planTokenKeys, signingKeyAt } from "./plan.ts";
import {
  deleteTokenKeys,
  insertTokenKey,
  listTokenKeyRows,
  type TokenKeyRow,
  updateTokenKey,
} from "./records.ts";

export const TOKEN_KEYS_JOB = "tokens.keys";

/** Under which name a private half is sealed. */
export const sealName = (kid: string): string => `access token key ${kid}`;

/** A public key as others read it (RFC 7517, RFC 8037). */
export type PublicJwk = {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
};

/** The keys of every token that can be good, and the one that will sign next: what others verify with. */
export function publishedKeys(store: Pick<Store, "db" | "clock">): readonly PublicJwk[] {
  const now = store.clock.now();
  return listTokenKeyRows(store.db.orm)
    .filter((key) => isTrusted(key, now))
    .map(({ kid, publicKey }) => ({
      kty: "OKP",
      crv: "Ed25519",
      x: publicKey,
      kid,
      alg: "EdDSA",
      use: "sig",
    }));
}

/** The key that signs now; the first use of a store makes it. */
export function signingKey(store: Pick<Store, "db" | "clock" | "vault">): TokenKeyRow {
  const now = store.clock.now();
  const found = signingKeyAt(listTokenKeyRows(store.db.orm), now);
  if (found !== undefined) return found;
  return write(store.db, (tx) => {
    const made = signingKeyAt(listTokenKeyRows(tx), now);
    return made ?? makeKey(tx, store.vault, SYSTEM_AUTHOR, now, now);
  });
}

/** What the clock asks for: the next key before the present one's time is over, and no private half that signs nothing. */
export function keepTokenKeys(store: Pick<Store, "db" | "clock" | "vault">): void {
  const now = store.clock.now();
  const { make, retire, forget } = planTokenKeys(listTokenKeyRows(store.db.orm), now);
  if (make === null && retire.length === 0 && forget.length === 0) return;
  write(store.db, (tx) => {
    const plan = planTokenKeys(listTokenKeyRows(tx), now);
    if (plan.make !== null) makeKey(tx, store.vault, SYSTEM_AUTHOR, plan.make, now);
    for (const { kid, at } of plan.retire) {
      updateTokenKey(tx, kid, { sealedPrivateKey: null, signedUntil: at });
      recordChange(tx, SYSTEM_AUTHOR, { action: "tokenkey.retired", subject: subjectOf(kid) }, now);
    }
    if (plan.forget.length > 0) deleteTokenKeys(tx, plan.forget);
  });
}

export type TokenKeyState = "signs" | "next" | "retired" | "ended";
export type TokenKey = {
  readonly kid: string;
  /** `retired`: its last tokens may still be good; `ended`: none is. */
  readonly state: TokenKeyState;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly signedUntil: Date | null;
  readonly endedAt: Date | null;
};

/** @throws Problem `rights.forbidden` */
export function listTokenKeys(store: Pick<Store, "db" | "clock">, actor: Actor): readonly TokenKey[] {
  authorise(actor, "storekeys.read");
  const now = store.clock.now();
  const rows = listTokenKeyRows(store.db.orm);
  const signing = signingKeyAt(rows, now);
  return rows.map(({ kid, createdAt, signsFrom, signedUntil, endedAt, ...row }) => ({
    kid,
    state: !isTrusted({ kid, signsFrom, signedUntil, endedAt, ...row }, now)
      ? "ended"
      : kid === signing?.kid
        ? "signs"
        : signsFrom > now
          ? "next"
          : "retired",
    createdAt,
    signsFrom,
    signedUntil,
    endedAt,
  }));
}

/**
 * After a leak: no token that was ever signed is taken from now on, nor one that whoever has a key signs themselves, and
 * another key signs at once.
 * @throws Problem `rights.forbidden`
 */
export function rotateTokenKeys(
  store: Pick<Store, "db" | "clock" | "vault">,
  actor: Actor,
): readonly TokenKey[] {
  authorise(actor, "tokenkeys.rotate");
  const now = store.clock.now();
  write(store.db, (tx) => {
    for (const key of listTokenKeyRows(tx)) {
      if (key.endedAt !== null || !isTrusted(key, now)) continue;
      updateTokenKey(tx, key.kid, {
        sealedPrivateKey: null,
        signedUntil: key.signedUntil ?? now,
        endedAt: now,
      });
      recordChange(tx, auditAuthor(actor), { action: "tokenkey.ended", subject: subjectOf(key.kid) }, now);
    }
    makeKey(tx, store.vault, auditAuthor(actor), now, now);
  });
  return listTokenKeys(store, actor);
}

/** The secrets of these keys under another master key. Gives how many there are. @throws Problem `keys.unsealable` */
export function resealTokenKeys(tx: Tx, from: Vault, to: Vault): number {
  let count = 0;
  for (const { kid, sealedPrivateKey } of listTokenKeyRows(tx)) {
    if (sealedPrivateKey === null) continue;
    const plain = from.unseal(sealName(kid), sealedPrivateKey);
    updateTokenKey(tx, kid, { sealedPrivateKey: Buffer.from(to.seal(sealName(kid), plain)) });
    plain.fill(0);
    count += 1;
  }
  return count;
}

/** RFC 7638 §3: the SHA-256 of the members that the key cannot do without, in canonical form. */
export function thumbprint(x: string): string {
  return createHash("sha256")
    .update(canonicalize({ crv: "Ed25519", kty: "OKP", x }))
    .digest("base64url");
}

function makeKey(tx: Tx, vault: Vault, author: AuditAuthor, signsFrom: Date, now: Date): TokenKeyRow {
  const { publicKey, privateKey } = generateKeyPair("ed25519");
  const x = xOf(publicKey);
  const kid = thumbprint(x);
  const plain = privateKey.export({ format: "der", type: "pkcs8" });
  const sealedPrivateKey = Buffer.from(vault.seal(sealName(kid), plain));
  plain.fill(0);
  const row: TokenKeyRow = {
    kid,
    publicKey: x,
    sealedPrivateKey,
    createdAt: now,
    signsFrom,
    signedUntil: null,
    endedAt: null,
  };
  insertTokenKey(tx, row);
  const after = { signsFrom: signsFrom.toISOString() };
  recordChange(tx, author, { action: "tokenkey.made", subject: subjectOf(kid), after }, now);
  return row;
}

function xOf(key: KeyObject): string {
  const { x } = key.export({ format: "jwk" });
  if (typeof x === "string") return x;
  throw new Problem("internal", "internal", say`A key was made that is not of its kind.`);
}

const subjectOf = (kid: string) => ({ type: "token-key", id: kid });
