/** Rows of metadata of any version that are not what was signed, brought back from their files. */
import { write } from "../../db/database.ts";
import { expiryIn } from "./as-signed.ts";
import { type MendStore, readMetadata } from "./mend-files.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import type { MetadataAt } from "./roles.ts";
import { wasSignedAs } from "./signed-ever.ts";

/** True when the file counts and the row did not. The roots are brought back as a chain, and not here. */
export async function rowFromFile(store: MendStore, at: MetadataAt): Promise<boolean> {
  const { audience, role, version } = at;
  if (role === "root") return false;
  const row = records.findMetadata(store.db.orm, role, version, audience);
  if (row === null || (row.sha256 === sha256(row.body) && wasSignedAs(store.db, row.body, at))) return false;
  const file = await readMetadata(store, at);
  if (file === null || !wasSignedAs(store.db, file, at)) return false;
  const right = { ...row, body: Buffer.from(file), sha256: sha256(file), expiresAt: expiryIn(file) };
  write(store.db, (tx) => records.saveMetadata(tx, right));
  return true;
}
