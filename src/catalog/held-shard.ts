/** The lines of a shard of the browsable catalogue as they are signed. */
import type { Tx } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { AppId, Audience } from "../ids.ts";
import { type ShardLine, shardPath } from "./tuf/app-index.ts";
import { damaged } from "./tuf/differences.ts";
import { parseShard } from "./tuf/documents.ts";
import { sha256 } from "./tuf/metadata.ts";
import { findTarget } from "./tuf/records.ts";

/**
 * By the app; none where an older program has signed another form of them. That the row is what was signed is looked at by
 * whoever signs over it.
 * @throws Problem `catalog.damaged` when the content is not what the row says, unless that is known
 */
export function signedLines(
  tx: Tx,
  audience: Audience,
  shard: number,
  isLost = false,
): ReadonlyMap<AppId, ShardLine> {
  const row = findTarget(tx, { audience, path: shardPath(shard) });
  if (row === undefined) return new Map();
  if (sha256(row.body) !== row.sha256) {
    if (isLost) return new Map();
    throw damaged({ of: "body", audience, path: row.path });
  }
  try {
    parseShard(row.body, shard);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return new Map();
  }
  const { apps } = JSON.parse(new TextDecoder().decode(row.body)) as { readonly apps: readonly ShardLine[] };
  return new Map(apps.map((line) => [line.appId as AppId, line]));
}
