/** Whether metadata counts that newer metadata has replaced: keys that signed it may have been replaced as well. */
import type { Db } from "../../db/database.ts";
import { listSigningKeys } from "../../keys/records.ts";
import { isTufAlgorithm } from "../../keys/tuf-signers.ts";
import { newestStoreKeyLeaves } from "../log/records.ts";
import { isSignedAs } from "./as-signed.ts";
import { type MetadataAt, roleFamily } from "./roles.ts";
import { rootChain } from "./root-chain.ts";
import { keysOfRows, parseSigned, signaturesOf } from "./verified.ts";

/**
 * Of a root, whether the rows have this very one in their chain. Of other roles, whether keys in force have signed it, or
 * one that the log names as a key of the role.
 */
export function wasSignedAs(db: Db, bytes: Uint8Array, at: MetadataAt): boolean {
  if (at.role === "root") {
    const { newest, broken } = rootChain(db);
    return newest !== null && at.version <= newest.version && (broken === null || at.version < broken);
  }
  const parsed = parseSigned(bytes, at, at.version);
  if (parsed === null) return false;
  if (isSignedAs(db, bytes, at)) return true;
  const rows = listSigningKeys(db.orm).filter((row) => isTufAlgorithm(row.algorithm));
  const leaves = newestStoreKeyLeaves(
    db.orm,
    rows.map(({ keyid }) => keyid),
  );
  const name = `tuf-${roleFamily(at.role)}`;
  const named = rows.filter(({ keyid }) => {
    const logged = leaves.get(keyid)?.role;
    return logged === name || logged?.startsWith(`${name}-`);
  });
  return signaturesOf(parsed, keysOfRows({ keys: named, threshold: 1 })?.keys ?? []) > 0;
}
