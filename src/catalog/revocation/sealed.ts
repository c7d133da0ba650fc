/**
 * A revocation as it was made, sealed under the master key with the place of its leaf: of what no signed list names, rows alone
 * tell why and since when, and they come into a list once the app is shown to somebody.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../../keys/sealed-facts.ts";
import type { Vault } from "../../keys/vault.ts";
import { say } from "../../say.ts";
import { findNewestLeaf } from "../log/records.ts";
import type { Revocation } from "../tuf/revocations.ts";
import * as records from "./records.ts";
import { nameOf } from "./signed.ts";

type Row = Omit<records.RevocationRow, "sealed">;

const sealName = ({ subject, target }: Pick<Row, "subject" | "target">): string =>
  `revocation of ${nameOf({ subject, id: target })}`;

function factsOf(tx: Tx, { target, action, reason, approvalsUntil, revokedAt }: Row) {
  return {
    ...{ action, reason, revokedAt: revokedAt.getTime() },
    approvalsUntil: approvalsUntil?.getTime() ?? null,
    leaf: findNewestLeaf(tx, target, "revocation")?.position ?? null,
  };
}

/** In the transaction of the act, once the log has it. */
export function sealRevocation(tx: Tx, vault: Vault, row: Row): Buffer {
  return sealFacts(vault, sealName(row), factsOf(tx, row));
}

/** Of one that no list names. */
export function isAsMade(
  { db, vault }: Pick<Store, "db" | "vault">,
  { subject, id }: Pick<Revocation, "subject" | "id">,
): boolean {
  const row = records.findRevocation(db.orm, subject, id);
  return (
    row !== undefined && Bun.deepEquals(openFacts(vault, sealName(row), row.sealed), factsOf(db.orm, row))
  );
}

/** @throws Problem `catalog.damaged` */
export function mustBeAsMade(store: Pick<Store, "db" | "vault">, entry: Revocation): void {
  if (isAsMade(store, entry)) return;
  throw new Problem(
    "unavailable",
    "catalog.damaged",
    say`The database has not got the revocation of ${nameOf(entry)} as it was made: somebody changed it, and no list says it so. Revoke it again, or lift it.`,
  );
}

/** In the transaction of the migration that brings the column. */
export function sealOldRevocations(tx: Tx, vault: () => Vault): void {
  for (const row of records.allRevocations(tx))
    records.saveRevocation(tx, { ...row, sealed: sealRevocation(tx, vault(), row) });
}

/** Under another master key. Gives how many there are. */
export function resealRevocations(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.allRevocations(tx),
    (row) => resealFacts(from, to, sealName(row), row.sealed),
    (row, sealed) => records.saveRevocation(tx, { ...row, sealed }),
  );
}
