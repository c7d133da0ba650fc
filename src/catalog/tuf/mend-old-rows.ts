/** Rows of metadata of any version that are not what was signed, brought back from their files. */
import { write } from "../../db/database.ts";
import { expiryIn } from "./as-signed.ts";
import { type MendStore, readBlob } from "./mend-files.ts";
import { sha256 } from "./metadata.ts";
import { METADATA_MAX_BYTES, metadataTypeOf } from "./metadata-form.ts";
import * as records from "./records.ts";
import { metadataKey, type RoleAt } from "./roles.ts";
import { isRowSigned, wasSignedAs } from "./signed-ever.ts";

export type MetadataAt = RoleAt & { readonly version: number };

/** True when the file counts and the row did not. The roots are brought back as a chain, and not here. */
export async function rowFromFile(
  store: MendStore,
  { audience, role, version }: MetadataAt,
): Promise<boolean> {
  if (role === "root") return false;
  const at = { audience, role, version };
  const row = records.findMetadata(store.db.orm, role, version, audience);
  if (row === null || isRowSigned(store.db, row)) return false;
  const file = await readBlob(
    store,
    metadataKey(at, version),
    METADATA_MAX_BYTES[metadataTypeOf(`${role}.json`)],
  );
  if (file === null || !wasSignedAs(store.db, file, at)) return false;
  const right = { ...row, body: Buffer.from(file), sha256: sha256(file), expiresAt: expiryIn(file) };
  write(store.db, (tx) => records.saveMetadata(tx, right));
  return true;
}
