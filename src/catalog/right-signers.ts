/** Before a revocation of a key or a certificate is shown or done: what it names is looked for by the rows of versions. */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { unwatched } from "../db/watch.ts";
import type { KeyId, Sha256 } from "../ids.ts";
import { selectLeavesAbout } from "./log/records.ts";
import { mendOwners } from "./mend-developer-keys.ts";
import { mendVersion } from "./mend-manifests.ts";
import { isKnownToBeRight } from "./mend-signers.ts";
import * as records from "./records.ts";
import type { RevocationChange } from "./revocation/change.ts";
import { findDeveloperCertificateFact, selectReleaseCertificates } from "./revocation/records.ts";
import { sha256 } from "./tuf/metadata.ts";

type SignerStore = Pick<Store, "db" | "blobs" | "vault" | "clock" | "log">;

const STEP = 500;

/**
 * Holds the key of every release to the log, and opens the packages of those that the act may concern: of a developer's
 * certificate those of its key, of the store's own key all whose rows were not found to be right since the process began.
 */
export async function mendSigners(store: SignerStore, change: RevocationChange): Promise<void> {
  if (change.act === "lowest-version") return;
  const { subject, id } = change;
  if (subject !== "key" && subject !== "certificate" && subject !== "developer") return;
  // The keys of a developer are looked for by their rows.
  await mendOwners(store);
  const { orm } = store.db;
  const isOwn = isOfRelease(orm, id);
  const ofCertificate = subject === "certificate" ? findDeveloperCertificateFact(orm, id)?.keyid : undefined;
  for (let after = ""; ; ) {
    const rows = records.selectReleasedRows(orm, after, STEP);
    const keys = loggedKeys(orm, rows);
    for (const row of rows) {
      const key = keys.get(row.contentDigest ?? ("" as Sha256));
      const isOther = key !== undefined && key !== row.developerKeyid;
      const isConcerned = isOwn || (key !== undefined && key === ofCertificate);
      if (!isOther && !(isConcerned && !isKnownToBeRight(store, row))) continue;
      // Whoever looks at what an act concerns has not changed it.
      await unwatched(() => mendVersion(store, row.id));
      // Requests come first.
      await Bun.sleep(0);
    }
    after = rows.at(-1)?.id ?? "";
    if (rows.length < STEP) return;
    await Bun.sleep(0);
  }
}

function isOfRelease(tx: Tx, id: string): boolean {
  return selectReleaseCertificates(tx).some(({ keyid, der }) => keyid === id || sha256(der) === id);
}

/** By the content digest. */
function loggedKeys(tx: Tx, rows: readonly records.SignedRow[]): ReadonlyMap<Sha256, KeyId> {
  const digests = rows.flatMap(({ contentDigest }) => contentDigest ?? []);
  const found = new Map<Sha256, KeyId>();
  for (const { entry } of selectLeavesAbout(tx, digests, "approval"))
    if (entry.type === "approval") found.set(entry.contentDigest, entry.developerKeyId);
  return found;
}
