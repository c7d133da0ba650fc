/** Which certificates signed the versions of a store of before revocations, so that what a revocation names is found. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { DEVELOPER_NAME } from "../../format/names.ts";
import { fingerprint, openEnvelope } from "../../format/verify-signatures.ts";
import { readEntryBytes } from "../../format/zip/entry.ts";
import { openContainer } from "../../format/zip/reader.ts";
import type { Sha256, VersionId } from "../../ids.ts";
import { sha256 } from "../tuf/metadata.ts";
import { uploadKey } from "../upload.ts";
import * as records from "./records.ts";

export type Signers = ReadonlyMap<VersionId, Sha256>;

/** Reads the files of versions whose key was certified more than once; a file that is gone or damaged tells nothing. */
export async function readSigners(store: Pick<Store, "db" | "blobs" | "log">): Promise<Signers> {
  const signers = new Map<VersionId, Sha256>();
  for (const version of records.selectAmbiguous(store.db.orm)) {
    try {
      const found = await readSigner(store, uploadKey(version.uploadSha256));
      if (found !== null) signers.set(version.id, found);
    } catch (error) {
      if (!isProblem(error)) throw error;
      store.log.warn("upgrade.signer_unknown", { version: version.id, detail: error.message });
    }
  }
  return signers;
}

async function readSigner(store: Pick<Store, "blobs">, key: string): Promise<Sha256 | null> {
  if ((await store.blobs.head(key)) === null) return null;
  const source = await store.blobs.open(key);
  try {
    const container = await openContainer(source);
    const entry = container.byName.get(DEVELOPER_NAME);
    if (!entry) return null;
    const { leaf } = openEnvelope(await readEntryBytes(container, entry), "developer");
    return fingerprint(leaf) as string as Sha256;
  } finally {
    await source.close();
  }
}

export function writeSigners(tx: Tx, signers: Signers): void {
  for (const { serial, der } of records.selectUnnamedCertificates(tx))
    records.nameCertificate(tx, serial, sha256(der));
  for (const [id, certificate] of signers) records.nameSigner(tx, id, certificate);
  records.nameOnlySigners(tx);
  const release = records.findReleaseCertificate(tx);
  if (release) records.nameReleaseSigner(tx, { keyid: release.keyid, certificate: sha256(release.der) });
}
