/** What a package holds and says of itself, as far as it can safely be read. */
import { isProblem } from "../errors.ts";
import { type Envelope, parseEnvelope } from "../signing/dsse.ts";
import { type JsonValue, parseStrictJson } from "../signing/json.ts";
import { type LeafKind, readLeaf } from "../signing/leaf.ts";
import { parseDeveloperStatement, parseStoreStatement } from "../signing/statements.ts";
import { hashSource } from "./digests.ts";
import { FormatError } from "./findings.ts";
import {
  DEVELOPER_NAME,
  ENVELOPE_MAX_BYTES,
  MANIFEST_MAX_BYTES,
  MANIFEST_NAME,
  type PackageKind,
  type Sha256,
  STORE_NAME,
} from "./names.ts";
import type { Source } from "./source.ts";
import {
  type CertificateFacts,
  examinePackage,
  type Policy,
  type SectionVerdict,
  type Verdict,
} from "./verify.ts";
import { factsOf } from "./verify-signatures.ts";
import { readEntryBytes } from "./zip/entry.ts";
import type { Container } from "./zip/reader.ts";

export type EntryFacts = {
  readonly name: string;
  readonly method: "stored" | "deflate";
  readonly sizeBytes: number;
  readonly compressedSizeBytes: number;
  /** As digests.json lists it; null for the files of META-MOSIS, and where digests.json was not found right. */
  readonly sha256: Sha256 | null;
};

/** Who a signature says that it is from; whether it is good, `verdict` says. */
export type SignerClaim = {
  readonly verdict: SectionVerdict["verdict"];
  /** developerId or storeId, as the certificate names it. */
  readonly id: string;
  readonly keyid: string;
  readonly algorithm: string;
  readonly certificate: CertificateFacts;
  /** `signedAt` or `approvedAt`; null when the statement cannot be read. */
  readonly at: Date | null;
};

export type Inspection = {
  readonly sizeBytes: number;
  /** Of the whole file. */
  readonly sha256: Sha256;
  readonly verdict: Verdict;
  /** Null when the container's structure is not sound: then nothing in it can be told. */
  readonly kind: PackageKind | null;
  /** In the container's order; null as above. */
  readonly entries: readonly EntryFacts[] | null;
  /** The manifest as it stands, whatever its section's verdict; null when it is no JSON object. */
  readonly manifest: Readonly<Record<string, JsonValue>> | null;
  readonly developer: SignerClaim | null;
  readonly store: SignerClaim | null;
};

/**
 * Reads a package for whoever wants to know what is in it: verdict first, then what can be told whatever it is. Nothing
 * is read that the container's structure does not vouch for. Throws only what the source throws.
 */
export async function inspectPackage(source: Source, policy: Policy): Promise<Inspection> {
  const sha256 = await hashSource(source);
  const { verdict, container, files } = await examinePackage(source, policy);
  const base = { sizeBytes: source.sizeBytes, sha256, verdict };
  if (container === null) {
    return { ...base, kind: null, entries: null, manifest: null, developer: null, store: null };
  }
  const [manifest, developer, store] = await Promise.all([
    readSmall(container, MANIFEST_NAME, MANIFEST_MAX_BYTES),
    readSmall(container, DEVELOPER_NAME, ENVELOPE_MAX_BYTES),
    readSmall(container, STORE_NAME, ENVELOPE_MAX_BYTES),
  ]);
  const of = (section: SectionVerdict["section"]) =>
    verdict.sections.find((each) => each.section === section)?.verdict ?? "not checked";
  return {
    ...base,
    kind: container.kind,
    entries: container.entries.map(({ name, method, sizeBytes, compressedSizeBytes }, index) => ({
      name,
      method: method === 0 ? "stored" : "deflate",
      sizeBytes,
      compressedSizeBytes,
      // Those of META-MOSIS are the last.
      sha256: (files?.[index]?.sha256 as Sha256 | undefined) ?? null,
    })),
    manifest: manifest === null ? null : objectOrNull(manifest),
    developer: claimOf(developer, "developer", of("developer-signature")),
    store: claimOf(store, "release", of("store-signature")),
  };
}

/** Null for what a refusal of the package is about; anything else is no finding and is thrown. */
async function orNull<Value>(act: () => Value | Promise<Value>): Promise<Value | null> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof FormatError || isProblem(error)) return null;
    throw error;
  }
}

async function readSmall(container: Container, name: string, maxBytes: number): Promise<Uint8Array | null> {
  const entry = container.byName.get(name);
  if (entry === undefined || entry.sizeBytes > maxBytes) return null;
  return orNull(() => readEntryBytes(container, entry));
}

function objectOrNull(bytes: Uint8Array): Inspection["manifest"] {
  const value = attempt(() => parseStrictJson(bytes, { maxBytes: MANIFEST_MAX_BYTES }));
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, JsonValue>>)
    : null;
}

function claimOf(
  bytes: Uint8Array | null,
  kind: LeafKind,
  verdict: SectionVerdict["verdict"],
): SignerClaim | null {
  const envelope = bytes === null ? null : attempt(() => parseEnvelope(bytes));
  const leaf = envelope === null ? null : attempt(() => readLeaf(envelope.certificateDer, kind));
  if (envelope === null || leaf === null) return null;
  return { verdict, id: leaf.id, ...factsOf(leaf), at: attempt(() => timeOf(envelope, kind)) };
}

function timeOf({ payload }: Envelope, kind: LeafKind): Date {
  return kind === "developer"
    ? parseDeveloperStatement(payload).predicate.signedAt
    : parseStoreStatement(payload).predicate.approvedAt;
}

function attempt<Value>(act: () => Value): Value | null {
  try {
    return act();
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}
