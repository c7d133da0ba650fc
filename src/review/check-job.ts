/** The job `version.check`: runs the checks on a stored upload and moves the version on by their outcome. */
import { createHash } from "node:crypto";
import { SYSTEM_LABEL } from "../accounts/actor.ts";
import * as blobRecords from "../catalog/blobs.records.ts";
import * as catalog from "../catalog/records.ts";
import { stateAfter } from "../catalog/states.ts";
import { followChecked, textsOf } from "../catalog/texts.ts";
import { uploadKey } from "../catalog/upload.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import type { Manifest } from "../format/manifest.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";
import type { KeyId, Sha256, VersionId } from "../ids.ts";
import { canonicalize } from "../signing/json.ts";
import { type Checked, runChecks } from "./checks.ts";
import * as records from "./records.ts";

type Icon = {
  readonly size: number;
  readonly key: string;
  readonly sha256: Sha256;
  readonly bytes: Uint8Array;
};

/** Idempotent: a version that is not `checking` any more is left as it is. */
export async function checkVersion(store: Store, versionId: VersionId): Promise<void> {
  const row = catalog.findVersion(store.db.orm, versionId);
  if (row?.state !== "checking") return;
  const app = catalog.findApp(store.db.orm, row.appId);
  if (!app) return;
  const source = await store.blobs.open(uploadKey(row.uploadSha256));
  try {
    const checked = await runChecks(store, app, row, source);
    const icons =
      checked.passed && checked.verdict.manifest ? await readIcons(source, checked.verdict.manifest) : [];
    for (const icon of icons) await store.blobs.put(icon.key, icon.bytes);
    settle(store, row, checked, icons);
  } finally {
    await source.close();
  }
}

function settle(store: Store, seen: catalog.VersionRow, checked: Checked, icons: readonly Icon[]): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const row = catalog.findVersion(tx, seen.id);
    if (row?.state !== "checking") return;
    for (const icon of icons) {
      blobRecords.insertBlob(tx, {
        key: icon.key,
        sha256: icon.sha256,
        sizeBytes: icon.bytes.byteLength,
        createdAt: now,
      });
    }
    records.replaceOutcome(tx, row.id, {
      results: checked.outcomes.map((outcome) => ({
        versionId: row.id,
        name: outcome.name,
        checkVersion: outcome.version,
        verdict: outcome.verdict,
        at: now,
      })),
      findings: checked.outcomes
        .flatMap((outcome) => outcome.findings.map((finding) => ({ ...finding, checkName: outcome.name })))
        .map(({ offset, ...finding }, position) => ({
          ...finding,
          versionId: row.id,
          position,
          byteOffset: offset ?? null,
        })),
      pictures: icons.map((icon, position) => ({
        versionId: row.id,
        kind: "icon" as const,
        position,
        widthPx: icon.size,
        heightPx: icon.size,
        blobKey: icon.key,
      })),
    });
    const { manifest, contentDigest, developer } = checked.verdict;
    const event = { actor: SYSTEM_LABEL, now };
    const facts = {
      manifest: manifest ? new TextDecoder().decode(canonicalize(manifest)) : null,
      contentDigest: (contentDigest as Sha256 | undefined) ?? null,
      developerKeyid: (developer?.keyid as KeyId | undefined) ?? null,
    };
    if (!checked.passed) {
      catalog.updateVersion(tx, row, { ...facts, state: stateAfter(row.state, "checks_failed") }, event);
      return;
    }
    const draft = catalog.updateVersion(
      tx,
      row,
      { ...facts, state: stateAfter(row.state, "checks_passed") },
      event,
    );
    if (manifest) followChecked(tx, row, textsOf(manifest), now);
    if (draft.submittedAt !== null) {
      catalog.updateVersion(
        tx,
        draft,
        { state: stateAfter(draft.state, "submit") },
        { ...event, actor: row.uploadedBy },
      );
    }
  });
}

/** The icons of a package that passed every check: each is a plain PNG of its stated size. */
async function readIcons(source: Source, manifest: Manifest): Promise<Icon[]> {
  const container = await openContainer(source);
  const icons: Icon[] = [];
  for (const { size, src } of manifest.icons) {
    const entry = container.byName.get(src);
    if (!entry) throw new Error(`a checked package lacks its icon ${src}`);
    const bytes = await readEntryBytes(container, entry);
    const sha256 = createHash("sha256").update(bytes).digest("hex") as Sha256;
    icons.push({ size, key: `pictures/${sha256}.png`, sha256, bytes });
  }
  return icons;
}
