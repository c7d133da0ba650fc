/** What a change of keys leaves to be done though it is committed, as on a disk without room. */
import type { Store } from "../../context.ts";
import { isLogLeft } from "../../db/wal.ts";
import { hasUnexported } from "../tuf/records.ts";

/** `old_keys`: what was overwritten may be in the database's log still; `files`: devices cannot read yet what was signed. */
export type Left = "old_keys" | "files";

export function leftOf(store: Pick<Store, "db">): readonly Left[] {
  return [
    ...(isLogLeft(store) ? (["old_keys"] as const) : []),
    ...(hasUnexported(store.db.orm) ? (["files"] as const) : []),
  ];
}
