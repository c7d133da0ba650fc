import { parseEnvelope, sealEnvelope } from "../signing/dsse.ts";
import { readLeaf } from "../signing/leaf.ts";
import type { Signer } from "../signing/signer.ts";
import {
  buildDeveloperStatement,
  buildStoreStatement,
  parseDeveloperStatement,
  type StoreApproval,
} from "../signing/statements.ts";
import { checkDigests, hashSource, measureEntries, sha256Hex } from "./digests.ts";
import { FormatError, findingsOf, formatError } from "./findings.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { DEVELOPER_NAME, MANIFEST_NAME, type PackageKind, type Sha256 } from "./names.ts";
import type { Source } from "./source.ts";
import { checkSignedBefore } from "./verify-signatures.ts";
import { openContainer } from "./zip/reader.ts";

/** What the store says of its review; everything else of the predicate is read from the package and the certificates. */
export type ApprovalFacts = Pick<StoreApproval, "approvedAt" | "review">;

/**
 * The developer's envelope for an unsigned package, to be appended with `appendEnvelope`. The package's contents, digests
 * and manifest are checked first: nothing is signed that a reader would refuse for these. Throws a FormatError, or a
 * Problem when the signer's certificate is not a developer's (MPK-X…).
 */
export async function signDeveloper(source: Source, signer: Signer, signedAt: Date): Promise<Uint8Array> {
  readLeaf(signer.certificateDer, "developer");
  const { manifest, contentDigest } = await readSubject(source, "unsigned");
  const { id, version, versionCode } = manifest;
  return sealEnvelope(
    buildDeveloperStatement(contentDigest, { appId: id, version, versionCode, signedAt }),
    signer,
  );
}

/**
 * The store's envelope for a signed package, to be appended with `appendEnvelope`. The caller has judged the developer's
 * signature and chain with `verifyPackage`; here only contents, digests and manifest are checked. Throws as
 * `signDeveloper` does.
 */
export async function signStore(source: Source, signer: Signer, facts: ApprovalFacts): Promise<Uint8Array> {
  const store = readLeaf(signer.certificateDer, "release");
  const { manifest, contentDigest, documents } = await readSubject(source, "signed");
  const envelope = documents.get(DEVELOPER_NAME) ?? new Uint8Array(0);
  const developer = readDeveloper(envelope, facts.approvedAt);
  const statement = buildStoreStatement(contentDigest, {
    appId: manifest.id,
    version: manifest.version,
    versionCode: manifest.versionCode,
    storeId: store.id,
    developerId: developer.id,
    developerKeyId: developer.key.keyid,
    developerEnvelope: { sha256: sha256Hex(envelope) },
    upload: { sha256: await hashSource(source) },
    approvedAt: facts.approvedAt,
    review: facts.review,
  });
  return sealEnvelope(statement, signer);
}

function readDeveloper(bytes: Uint8Array, approvedAt: Date) {
  try {
    const envelope = parseEnvelope(bytes);
    // No reader would take the package: better not to countersign it.
    checkSignedBefore(approvedAt, parseDeveloperStatement(envelope.payload).predicate.signedAt);
    return readLeaf(envelope.certificateDer, "developer");
  } catch (error) {
    throw new FormatError(findingsOf(error, "developer-signature", DEVELOPER_NAME));
  }
}

type Subject = {
  readonly manifest: Manifest;
  readonly contentDigest: Sha256;
  readonly documents: ReadonlyMap<string, Uint8Array>;
};

async function readSubject(source: Source, kind: PackageKind): Promise<Subject> {
  const container = await openContainer(source);
  if (container.kind !== kind) {
    throw formatError(
      "container",
      "MPK-C031",
      container.kind === "unsigned"
        ? "The package is not signed by its developer yet; that comes first."
        : `The package is ${container.kind} already; what is to be signed here is ${kind}.`,
      {
        found: container.kind,
        expected: kind,
      },
    );
  }
  const measured = await measureEntries(container);
  const contentDigest = checkDigests(measured, container);
  const result = parseManifest(measured.documents.get(MANIFEST_NAME) ?? new Uint8Array(0));
  if (!result.ok) throw new FormatError(result.findings);
  return { manifest: result.manifest, contentDigest, documents: measured.documents };
}
