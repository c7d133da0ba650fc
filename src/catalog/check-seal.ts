/**
 * What the checks found of an upload, sealed under the master key in the transaction that writes it: a reviewer is shown, and
 * approves, what was judged, and not what rows say by then.
 */
import { createHash } from "node:crypto";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { VersionState } from "../db/version-states.ts";
import { Problem } from "../errors.ts";
import type { VersionId } from "../ids.ts";
import { refuseForeign } from "../keys/foreign-vault.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import { say } from "../say.ts";
import * as records from "./records.ts";
import type { Difference } from "./tuf/differences.ts";

/** Judged, and not decided on. */
const UNDECIDED: readonly VersionState[] = ["draft", "in_review"];

const sealName = (id: VersionId): string => `checks of ${id}`;

/** As the rows have it: the package, whose it is, what was said of it, and each finding, picture and verdict, in their order. */
function factsOf(tx: Tx, row: records.CheckedRow) {
  const pictures = records
    .selectPictures(tx, row.id)
    .map(({ kind, position, widthPx, heightPx, blobKey }) => [kind, position, widthPx, heightPx, blobKey]);
  const results = records
    .selectCheckResults(tx, row.id)
    .map(({ name, checkVersion, verdict }) => [name, checkVersion, verdict]);
  const shown = JSON.stringify([row.manifest, records.selectFindings(tx, row.id), pictures, results]);
  return {
    ...{ appId: row.appId, versionCode: row.versionCode, version: row.version },
    ...{ upload: row.uploadSha256, sizeBytes: row.uploadSizeBytes, contentDigest: row.contentDigest },
    ...{ developerKeyId: row.developerKeyid, developerCertificate: row.developerCertificate },
    ...{ owner: records.findOwnerId(tx, row.appId) ?? "", notes: row.notes, hold: row.hold },
    passed: results.length > 0 && results.every(([, , verdict]) => verdict === "passed"),
    shown: createHash("sha256").update(shown).digest("hex"),
  };
}

/** Once what was found is written. */
export function sealChecks(tx: Tx, vault: Vault, row: records.CheckedRow): Buffer {
  return sealFacts(vault, sealName(row.id), factsOf(tx, row));
}

/** Its people say otherwise of it: what was judged stays so, and what was changed beside the store is not sealed with it. */
export function resealSaid(
  tx: Tx,
  vault: Vault,
  before: records.CheckedRow,
  after: records.CheckedRow,
): void {
  if (before.sealedCheck === null || !isChecked(tx, vault, before)) return;
  records.saveSealedCheck(tx, after.id, sealChecks(tx, vault, after));
}

/** Of one that waits for a decision. */
function isChecked(tx: Tx, vault: Vault, row: records.CheckedRow): boolean {
  const facts = factsOf(tx, row);
  return facts.passed && Bun.deepEquals(openFacts(vault, sealName(row.id), row.sealedCheck), facts);
}

/** @throws Problem `keys.unsealable`, `catalog.damaged` when one that waits for a decision is not what the checks judged */
export function mustBeChecked(tx: Tx, vault: Vault, row: records.VersionRow): void {
  if (!UNDECIDED.includes(row.state) || isChecked(tx, vault, row)) return;
  refuseForeign(vault);
  throw new Problem(
    "unavailable",
    "catalog.damaged",
    say`The database has not got version ${row.versionCode} of ${row.appId} as the checks judged it: somebody changed it, and nobody approves it. Have it withdrawn and uploaded again, or restore a backup.`,
  );
}

/** Once a day, of all that wait for a decision. */
export function checkDifferences({ db, vault }: Pick<Store, "db" | "vault">): readonly Difference[] {
  return records
    .selectChecked(db.orm, UNDECIDED)
    .filter((row) => !isChecked(db.orm, vault, row))
    .map(({ appId, versionCode }) => ({ of: "version", appId, versionCode, what: "checks" }));
}

/** In the transaction of the migration that brings the column, and of an upgrade that changes what it tells of. */
export function sealOldChecks(tx: Tx, vault: () => Vault): void {
  for (const row of records.selectChecked(tx, UNDECIDED))
    records.saveSealedCheck(tx, row.id, sealChecks(tx, vault(), row));
}

/** In the transaction of the migration after which seals say whose a version is, too, and what was said of it. */
export function sealOldSaid(tx: Tx, vault: () => Vault): void {
  for (const row of records.selectChecked(tx, UNDECIDED)) {
    const { owner: _, notes: __, hold: ___, ...old } = factsOf(tx, row);
    const sealed = openFacts(vault(), sealName(row.id), row.sealedCheck);
    if (Bun.deepEquals(sealed, old)) records.saveSealedCheck(tx, row.id, sealChecks(tx, vault(), row));
  }
}

/** Under another master key. Gives how many there are. */
export function resealChecks(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.selectChecked(tx, UNDECIDED),
    ({ id, sealedCheck }) => resealFacts(from, to, sealName(id), sealedCheck),
    ({ id }, next) => records.saveSealedCheck(tx, id, next),
  );
}
