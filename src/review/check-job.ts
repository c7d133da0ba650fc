/** The job `version.check`: runs the checks on a stored upload and moves the version on by their outcome. */
import { SYSTEM_LABEL } from "../accounts/actor.ts";
import * as blobRecords from "../catalog/blobs.records.ts";
import { beginChecks } from "../catalog/check-progress.ts";
import { sealChecks } from "../catalog/check-seal.ts";
import { type KeptPicture, keepPictures, shownSources } from "../catalog/keep-pictures.ts";
import * as catalog from "../catalog/records.ts";
import { type RevocationView, revocationOf } from "../catalog/revocation/in-force.ts";
import { keepSources } from "../catalog/shown-pictures/job.ts";
import { stateAfter } from "../catalog/states.ts";
import { followChecked, textsOf } from "../catalog/texts.ts";
import { uploadKey } from "../catalog/upload.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import type { KeyId, Sha256, VersionId } from "../ids.ts";
import { canonicalize } from "../signing/json.ts";
import { type Checked, runChecks } from "./checks.ts";
import * as records from "./records.ts";

/** Idempotent: a version that is not `checking` any more is left as it is. */
export async function checkVersion(store: Store, versionId: VersionId): Promise<void> {
  const row = catalog.findVersion(store.db.orm, versionId);
  if (row?.state !== "checking") return;
  const app = catalog.findApp(store.db.orm, row.appId);
  if (!app) return;
  const source = await store.blobs.open(uploadKey(row.uploadSha256));
  const run = beginChecks(store, row.id);
  try {
    const checked = await runChecks(store, app, row, source, run);
    const { manifest } = checked.verdict;
    const pictures = checked.passed && manifest ? await keepPictures(store, source, manifest) : [];
    settle(store, row, checked, pictures);
  } finally {
    run.end();
    await source.close();
  }
}

function settle(
  store: Store,
  seen: catalog.VersionRow,
  checked: Checked,
  pictures: readonly KeptPicture[],
): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const row = catalog.findVersion(tx, seen.id);
    if (row?.state !== "checking") return;
    if (row.uploadSha256 !== seen.uploadSha256) throw new Error(`${row.id} was changed while it was checked`);
    for (const { key, sha256, sizeBytes } of pictures) {
      blobRecords.insertBlob(tx, { key, sha256, sizeBytes, createdAt: now });
    }
    keepSources(tx, shownSources(pictures), now);
    records.replaceOutcome(tx, row.id, {
      results: checked.outcomes.map((outcome) => ({
        versionId: row.id,
        name: outcome.name,
        checkVersion: outcome.version,
        verdict: outcome.verdict,
        at: outcome.finishedAt,
        startedAt: outcome.startedAt,
      })),
      findings: checked.outcomes
        .flatMap((outcome) => outcome.findings.map((finding) => ({ ...finding, checkName: outcome.name })))
        .map(({ offset, ...finding }, position) => ({
          ...finding,
          versionId: row.id,
          position,
          byteOffset: offset ?? null,
        })),
      pictures: pictures.map(({ kind, position, widthPx, heightPx, key }) => ({
        versionId: row.id,
        kind,
        position,
        widthPx,
        heightPx,
        blobKey: key,
      })),
    });
    const { manifest, contentDigest, developer } = checked.verdict;
    const event = { actor: SYSTEM_LABEL, now };
    const found = {
      manifest: manifest ? new TextDecoder().decode(canonicalize(manifest)) : null,
      contentDigest: (contentDigest as Sha256 | undefined) ?? null,
      developerKeyid: (developer?.keyid as KeyId | undefined) ?? null,
      developerCertificate: (developer?.certificate.sha256 as Sha256 | undefined) ?? null,
    };
    const facts = { ...found, sealedCheck: sealChecks(tx, store.vault, { ...row, ...found }) };
    // It may have been revoked while the checks ran.
    const revocation = checked.passed ? revocationNow(tx, { ...row, ...facts }) : null;
    if (revocation !== null) {
      const note = `Revoked: ${revocation.reason}`;
      catalog.updateVersion(
        tx,
        row,
        { ...facts, state: stateAfter(row.state, "revoked") },
        { ...event, note },
      );
      return;
    }
    if (!checked.passed) {
      catalog.updateVersion(tx, row, { ...facts, state: stateAfter(row.state, "checks_failed") }, event);
      return;
    }
    const passed = stateAfter(row.state, "checks_passed");
    // Sent for review with its upload, it never was a draft that waits for somebody.
    const isSent = row.submittedAt !== null;
    catalog.updateVersion(
      tx,
      row,
      { ...facts, state: isSent ? stateAfter(passed, "submit") : passed },
      isSent ? { ...event, actor: row.uploadedBy } : event,
    );
    if (manifest) followChecked(tx, row, textsOf(manifest), now);
  });
}

function revocationNow(tx: Tx, row: catalog.VersionRow): RevocationView | null {
  const app = catalog.findApp(tx, row.appId);
  return app ? revocationOf(tx, { ...row, organisationId: app.organisationId }) : null;
}
