/** What becomes of the private halves of authorities' keys that are replaced, now or before. */
import type { Store } from "../../context.ts";
import type { StoreCertificateRow } from "../../keys/records.ts";
import { openListSigner, requireSigningKey } from "../../keys/signing-keys.ts";
import { keptHalves, lastCrl } from "../revocation/crls.ts";
import type { CrlRow } from "../revocation/records.ts";
import type { KeyPlan } from "./changes.ts";

/** By the names of the keys. */
export type Halves = { readonly kept: readonly string[]; readonly destroyed: readonly string[] };

/**
 * Certificates that a replaced key issued count on, and only it can sign the lists of those that are revoked. So its half
 * is kept, for that alone, as long as the key that has its place is on this machine, too: who takes the machine over has
 * no less without it. Where that key is elsewhere, or the old one is distrusted, the half is destroyed.
 */
export function planHalves(store: Store, plan: KeyPlan, distrusted: readonly StoreCertificateRow[]): Halves {
  const old = [
    ...keptHalves(store.db.orm),
    ...(["root", "developer-ca"] as const).flatMap((kind) => {
      const { name, holder } = plan.before.certificateKeys[kind];
      return holder === "here" && plan.removed.some((key) => key.name === name) ? [{ name, kind }] : [];
    }),
  ];
  const isKept = ({ name, kind }: (typeof old)[number]) =>
    plan.after.certificateKeys[kind].holder === "here" &&
    !distrusted.some((row) => row.keyName === name) &&
    !isLost(store, name);
  return {
    kept: old.filter(isKept).map(({ name }) => name),
    destroyed: old.filter((half) => !isKept(half)).map(({ name }) => name),
  };
}

/** A half that cannot be opened any more signs nothing, and there is nothing to keep. */
function isLost(store: Store, name: string): boolean {
  const row = requireSigningKey(store, name);
  return openListSigner(store, { ...row, retiredAt: row.retiredAt ?? store.clock.now() }) === null;
}

/** The last lists of keys whose halves go, but for those that are distrusted: nobody goes by their lists. */
export async function lastListsOf(
  store: Store,
  { destroyed }: Halves,
  distrusted: readonly StoreCertificateRow[],
): Promise<CrlRow[]> {
  const lists: CrlRow[] = [];
  for (const name of destroyed) {
    const list = distrusted.some((row) => row.keyName === name) ? null : await lastCrl(store, name);
    if (list !== null) lists.push(list);
  }
  return lists;
}
