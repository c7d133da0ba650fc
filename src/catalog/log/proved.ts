/**
 * Whether a row of the log is a leaf of it, before something that was not signed yet rests on it: the whole log is computed only
 * at a start and once a day.
 */
import type { Db } from "../../db/database.ts";
import { parseLogHead } from "../../format/log/head.ts";
import { isIncluded } from "../../format/log/proofs.ts";
import { hashLeaf, inclusionRanges, proofOf } from "../../format/log/tree.ts";
import { EVERYBODY } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { listedTarget, signedTarget } from "../tuf/as-signed.ts";
import { LOG_PATH } from "../tuf/roles.ts";
import { judgeRow } from "./judge.ts";
import * as records from "./records.ts";
import { isSealed } from "./seal.ts";

/**
 * `vault`: also one that no signed head has yet must be the store's own. Within a revision that was asked of all of those.
 * @throws Problem `log.damaged` when hashes of the tree are missing
 */
export function isProved(db: Db, row: records.LeafRow, vault?: Vault): boolean {
  if (judgeRow(row).length > 0) return false;
  const at = { audience: EVERYBODY, path: LOG_PATH } as const;
  const file = signedTarget(db, at);
  // Right after its first leaves a store that is older than its log has no head.
  if (file === null && listedTarget(db, at) !== null) return false;
  const { size, rootHash } = file === null ? { size: 0, rootHash: "" } : parseLogHead(file.body);
  const { position } = row;
  if (position >= size) return vault === undefined || isSealed(vault, row);
  return isIncluded({
    ...{ position, size },
    leaf: hashLeaf(new Uint8Array(row.leaf)),
    root: new Uint8Array(Buffer.from(rootHash, "hex")),
    proof: proofOf(inclusionRanges(position, size), (node) => records.findNode(db.orm, node)),
  });
}
