/** Whether anything that a store keeps was changed, to be compared before and after what must change nothing. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "../../context.ts";

export type Contents = {
  /** Rows that were ever added, changed or removed on the store's one connection, also by what was taken back. */
  readonly changes: number;
  /** By name and size. */
  readonly blobs: readonly string[];
};

export function contentsOf({ db, config }: Pick<Store, "db" | "config">): Contents {
  const changes = db.raw.query<{ n: number }, []>("SELECT total_changes() AS n").get()?.n ?? -1;
  const blobs = readdirSync(join(config.dataDir, "blobs"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${statSync(path).size}`;
    });
  return { changes, blobs: blobs.sort() };
}
