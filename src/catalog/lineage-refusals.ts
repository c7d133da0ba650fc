/** Why a key is not added to an app's lineage, as far as its rows alone say so. */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { LINEAGE_MAX_KEYS } from "../format/lineage.ts";
import type { AppId, KeyId } from "../ids.ts";
import { say } from "../say.ts";
import { fingerprintText } from "../signing/keys.ts";
import type { LineageRow } from "./lineage.records.ts";
import { refuseRevokedNames } from "./revocation/in-force.ts";

/**
 * Whoever hears that a key is in the lineage may rely on it, and give up the one before.
 * @throws Problem `revocation.in_force`, `lineage.key_lost` (conflict)
 */
export function refuseUseless(tx: Tx, appId: AppId, keyid: KeyId, there: LineageRow | undefined): void {
  refuseRevokedNames(tx, [{ subject: "key", id: keyid }]);
  if (there === undefined || there.lostAt === null) return;
  throw new Problem(
    "conflict",
    "lineage.key_lost",
    say`The key ${fingerprintText(keyid)} was in the lineage of ${appId}, and a recovery has taken its place: it signs nothing more. Add another one.`,
  );
}

export function refuseImpossible(
  appId: AppId,
  rows: readonly LineageRow[],
  there: LineageRow | undefined,
): void {
  if (rows.length === 0) {
    throw new Problem(
      "conflict",
      "lineage.not_set",
      say`Nothing of ${appId} is published yet: the key of the first published version begins its lineage, so sign that with any enrolled key.`,
    );
  }
  if (there !== undefined) {
    throw new Problem(
      "conflict",
      "lineage.has_key",
      say`The key ${fingerprintText(there.keyid)} is in the lineage of ${appId} already.`,
    );
  }
  if (rows.length < LINEAGE_MAX_KEYS) return;
  throw new Problem(
    "conflict",
    "lineage.full",
    say`The lineage of ${appId} has ${LINEAGE_MAX_KEYS} keys, which is as many as there can be.`,
  );
}

export function notEnrolled(keyid: KeyId): Problem {
  return new Problem(
    "unprocessable",
    "lineage.key_not_enrolled",
    say`The key ${keyid} is not enrolled for the organisation that owns the app: enrol it first, with “mosis keys enroll”.`,
  );
}

export function tooOld(signedAt: Date, now: Date): Problem {
  return new Problem(
    "unprocessable",
    "lineage.statement_old",
    say`The addition says that it was signed at ${signedAt.toISOString()}, and it is ${now.toISOString()}: that is more than 7 days. Sign it again, with “mosis keys rotate”; if it was signed just now, the clock of the machine that signed it is behind, so set that first.`,
  );
}
