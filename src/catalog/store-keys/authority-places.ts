/** How many authorities `trust/ca.pem` may hold: readers refuse a longer file whole, so that a store never writes one. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import { MAX_CERTIFICATES } from "../../signing/pem.ts";
import { trustedAuthorities } from "../sign-again/trust.ts";
import type { KeyPlan } from "./changes.ts";

/** Whether so many new authorities fit beside those that stay. What brings none fits always, so that a longer file can be shortened. */
export function authoritiesFit(staying: number, fresh: number): boolean {
  return fresh === 0 || staying + fresh <= MAX_CERTIFICATES;
}

export function isAuthorityKind(kind: CertificateKind): boolean {
  return kind !== "release";
}

/** How many `trust/ca.pem` holds that stay in it when the certificates of these keys leave. */
export function countStaying(tx: Tx, distrusted: readonly string[]): number {
  return trustedAuthorities(tx).filter((row) => !distrusted.includes(row.keyName)).length;
}

/** @throws Problem `keys.authorities_full` */
export function mustFit(
  tx: Tx,
  { certificates, distrusted }: Pick<KeyPlan, "certificates" | "distrusted">,
): void {
  const fresh = certificates.filter(({ kind }) => isAuthorityKind(kind)).length;
  const staying = countStaying(tx, distrusted);
  if (authoritiesFit(staying, fresh)) return;
  throw new Problem(
    "conflict",
    "keys.authorities_full",
    `trust/ca.pem holds ${staying} roots and Developer CAs, and devices take no file of more than ${MAX_CERTIFICATES}: ${fresh} more would not fit. Nothing was changed. Take the certificates of an old key out that nothing rests on any more: “mosis admin keys distrust KEY” shows what would be refused before it does anything.`,
  );
}
