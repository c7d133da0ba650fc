/** What the rows of a version say of its package, beside the very package: its manifest, its pictures, and who signed it. */
import type { Store } from "../context.ts";
import { isProblem } from "../errors.ts";
import { contentDigest, type Digests, parseDigests, sha256Hex } from "../format/digests.ts";
import type { Manifest } from "../format/manifest.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, MANIFEST_NAME, STORE_NAME } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { openEnvelope } from "../format/verify-signatures.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { type Container, openContainer } from "../format/zip/reader.ts";
import type { KeyId, Sha256 } from "../ids.ts";
import { parseStoreStatement } from "../signing/statements.ts";
import { type KeptPicture, keepPictures, pictureKey } from "./keep-pictures.ts";
import type { selectPictures, VersionRow } from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import { sha256 } from "./tuf/metadata.ts";
import { uploadKey } from "./upload.ts";

type PictureRow = ReturnType<typeof selectPictures>[number];

export type RightRows = {
  /** Its canonical text. */
  readonly manifest: string;
  readonly version: string;
  /** Null where the rows are those of the package. */
  readonly pictures: readonly KeptPicture[] | null;
  /** Null where the store's signature is not in the file, or is of no key of the store. */
  readonly signers: Signers | null;
};

/** Who signed a released package, and when it was approved. */
export type Signers = {
  readonly developerKeyid: KeyId;
  readonly developerCertificate: Sha256;
  readonly releaseKeyid: KeyId;
  readonly releaseCertificate: Sha256;
  readonly approvedAt: Date;
};

/**
 * By the content digest of the row, for which the caller vouches. Reads little of the file; where pictures are to be brought
 * back, they are kept again. Null when no file of the version has that content any more.
 */
export async function readRightRows(
  store: Pick<Store, "blobs">,
  row: VersionRow,
  pictures: readonly PictureRow[],
  isOurs: (certificate: Sha256) => boolean,
): Promise<RightRows | null> {
  const keys = [
    ...(row.releasedSha256 === null ? [] : [releaseKey(row.releasedSha256)]),
    uploadKey(row.uploadSha256),
  ];
  for (const key of keys) {
    if ((await store.blobs.head(key)) === null) continue;
    const source = await store.blobs.open(key);
    try {
      const right = await readFrom(store, source, row, { pictures, isOurs });
      if (right !== null) return right;
    } catch (error) {
      // Not the file that it was.
      if (!isProblem(error)) throw error;
    } finally {
      await source.close();
    }
  }
  return null;
}

async function readFrom(
  store: Pick<Store, "blobs">,
  source: Source,
  row: VersionRow,
  {
    pictures: rows,
    isOurs,
  }: { readonly pictures: readonly PictureRow[]; readonly isOurs: (certificate: Sha256) => boolean },
): Promise<RightRows | null> {
  const container = await openContainer(source);
  const digests = await bytesOf(container, DIGESTS_NAME);
  if (digests === null || String(contentDigest(digests)) !== row.contentDigest) return null;
  const listed = digestsByPath(parseDigests(digests));
  const bytes = await bytesOf(container, MANIFEST_NAME);
  if (bytes === null || sha256Hex(bytes) !== listed.get(MANIFEST_NAME)) return null;
  const text = new TextDecoder().decode(bytes);
  const manifest = JSON.parse(text) as Manifest;
  const signers = await signersOf(container, row.contentDigest, isOurs);
  const right = { manifest: text, version: manifest.version, signers };
  const expected = expectedPictures(manifest, listed);
  if (areSame(rows, expected)) return { ...right, pictures: null };
  const kept = await keepPictures(store, source, manifest);
  const isKept = kept.every(({ key }, at) => key === expected[at]?.key);
  return isKept ? { ...right, pictures: kept } : null;
}

/** The store's signature is over the digest of the content, and names the developer's envelope by its own. */
async function signersOf(
  container: Container,
  digest: Sha256,
  isOurs: (certificate: Sha256) => boolean,
): Promise<Signers | null> {
  const by = await bytesOf(container, STORE_NAME);
  const from = await bytesOf(container, DEVELOPER_NAME);
  if (by === null || from === null) return null;
  const store = openEnvelope(by, "release");
  const { contentDigest: about, predicate } = parseStoreStatement(store.envelope.payload);
  const releaseCertificate = sha256(new Uint8Array(store.leaf.certificate.rawData));
  if (about !== digest || predicate.developerEnvelope.sha256 !== sha256(from) || !isOurs(releaseCertificate))
    return null;
  const developer = openEnvelope(from, "developer").leaf;
  return {
    developerKeyid: developer.key.keyid as KeyId,
    developerCertificate: sha256(new Uint8Array(developer.certificate.rawData)),
    releaseKeyid: store.leaf.key.keyid as KeyId,
    releaseCertificate,
    approvedAt: predicate.approvedAt,
  };
}

async function bytesOf(container: Container, name: string): Promise<Uint8Array | null> {
  const entry = container.byName.get(name);
  return entry === undefined ? null : readEntryBytes(container, entry);
}

const digestsByPath = ({ files }: Digests): ReadonlyMap<string, string> =>
  new Map(files.map(({ p, h }) => [p, h]));

/** In the order in which they are kept; how large a screenshot is stands in the picture alone. */
function expectedPictures({ icons, screenshots = [] }: Manifest, listed: ReadonlyMap<string, string>) {
  const keyOf = (src: string) => pictureKey((listed.get(src) ?? "") as Sha256, src);
  return [
    ...icons.map(({ src, size }, position) => ({
      kind: "icon" as const,
      position,
      key: keyOf(src),
      sizePx: size as number | null,
    })),
    ...screenshots.map(({ src }, position) => ({
      kind: "screenshot" as const,
      position,
      key: keyOf(src),
      sizePx: null,
    })),
  ];
}

function areSame(rows: readonly PictureRow[], expected: ReturnType<typeof expectedPictures>): boolean {
  return (
    rows.length === expected.length &&
    expected.every(({ kind, position, key, sizePx }) =>
      rows.some(
        (row) =>
          row.kind === kind &&
          row.position === position &&
          row.blobKey === key &&
          (sizePx === null || (row.widthPx === sizePx && row.heightPx === sizePx)),
      ),
    )
  );
}
