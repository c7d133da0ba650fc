import { checkSignature } from "../signing/algorithms.ts";
import { judgeChain, judgeLeafTime, type TrustAnchors } from "../signing/chain.ts";
import { type Envelope, PAYLOAD_TYPE, parseEnvelope, preAuthEncoding } from "../signing/dsse.ts";
import { type Leaf, type LeafKind, readLeaf } from "../signing/leaf.ts";
import { refusal } from "../signing/refuse.ts";
import {
  parseDeveloperStatement,
  parseStoreStatement,
  type Statement,
  type StoreApproval,
} from "../signing/statements.ts";
import { formatTime } from "../signing/times.ts";
import { DAY_MS } from "../time.ts";
import { hashSource, sha256Hex } from "./digests.ts";
import type { Manifest } from "./manifest.ts";
import { ENVELOPE_MAX_BYTES, type Sha256 } from "./names.ts";
import { spliceSource } from "./source.ts";
import type { CertificateFacts, DeveloperVerdict, Policy, StoreVerdict } from "./verify.ts";
import { withoutEnvelope } from "./zip/append.ts";
import type { Container } from "./zip/reader.ts";

/** What both signatures are about, and what they are judged by. */
export type Subject = {
  readonly manifest: Manifest;
  readonly contentDigest: Sha256;
  readonly policy: Policy;
  /** Undefined when the policy names no authority: then chains are not judged. */
  readonly anchors: TrustAnchors | undefined;
};

/**
 * The time of approval that a store's envelope announces, before anything of it is judged: both chains are judged at it. Undefined when
 * there is no envelope, or none that can be read; its own section says why.
 */
export function announcedApproval(storeEnvelope: Uint8Array | undefined): Date | undefined {
  try {
    return parseStoreStatement(parseEnvelope(storeEnvelope ?? new Uint8Array(0)).payload).predicate
      .approvedAt;
  } catch {
    return undefined;
  }
}

/** Judges developer.dsse at a time. Throws MPK-J…, S…, A…, X…. */
export async function judgeDeveloper(
  bytes: Uint8Array | undefined,
  subject: Subject,
  at: Date,
): Promise<DeveloperVerdict> {
  const { envelope, leaf } = openEnvelope(bytes, "developer");
  const statement = parseDeveloperStatement(envelope.payload);
  checkSubject(statement, subject);
  const chain = judgeSigner(leaf, subject, at);
  return { developerId: leaf.id, signedAt: statement.predicate.signedAt, chain, ...factsOf(leaf) };
}

/** What store.dsse vouches for beside the contents. */
export type Approved = {
  /** Null where only the files are left, as on a device: then the uploaded file cannot be rebuilt and compared. */
  readonly container: Container | null;
  readonly developer: DeveloperVerdict;
  readonly developerEnvelope: Uint8Array | undefined;
};

/** Judges store.dsse. Throws MPK-J…, S…, A…, X…. */
export async function judgeStore(
  bytes: Uint8Array | undefined,
  subject: Subject,
  approved: Approved,
): Promise<StoreVerdict> {
  const { envelope, leaf } = openEnvelope(bytes, "release");
  const statement = parseStoreStatement(envelope.payload);
  const { predicate } = statement;
  checkSubject(statement, subject);
  checkEqual("MPK-A009", "/predicate/storeId", predicate.storeId, leaf.id, "The store's id");
  checkDeveloper(predicate, approved);
  if (approved.container !== null) await checkUpload(predicate, approved.container);
  checkTimes(predicate.approvedAt, approved.developer.signedAt, subject.policy.now);
  const chain = judgeSigner(leaf, subject, predicate.approvedAt);
  return { storeId: leaf.id, approvedAt: predicate.approvedAt, predicate, chain, ...factsOf(leaf) };
}

/** Parses an envelope and checks its signature with the key of its certificate; whose that is, is judged by its chain. */
export function openEnvelope(
  bytes: Uint8Array | undefined,
  kind: LeafKind,
): { envelope: Envelope; leaf: Leaf } {
  if (bytes === undefined) {
    throw refusal("MPK-J001", "The envelope is too large.", {
      found: `more than ${ENVELOPE_MAX_BYTES} bytes`,
      expected: `at most ${ENVELOPE_MAX_BYTES} bytes`,
    });
  }
  const envelope = parseEnvelope(bytes);
  const leaf = readLeaf(envelope.certificateDer, kind);
  checkEqual("MPK-S005", "/signatures/0/keyid", envelope.keyid, leaf.key.keyid, "The key id");
  checkSignature(leaf.key, preAuthEncoding(PAYLOAD_TYPE, envelope.payload), envelope.signature);
  return { envelope, leaf };
}

type MismatchCode = "MPK-S005" | "MPK-A003" | "MPK-A004" | "MPK-A006" | "MPK-A007" | "MPK-A008" | "MPK-A009";

function checkEqual(
  code: MismatchCode,
  pointer: string,
  found: string | number,
  expected: string | number,
  what: string,
): void {
  if (found === expected) return;
  throw refusal(code, `${what} is ${found}, not ${expected}.`, {
    pointer,
    found: String(found),
    expected: String(expected),
  });
}

type Versioned = { readonly appId: string; readonly version: string; readonly versionCode: number };

function checkSubject(statement: Statement<Versioned>, { manifest, contentDigest }: Subject): void {
  const { contentDigest: found, subjectName, predicate } = statement;
  checkEqual("MPK-A003", "/subject/0/digest/sha256", found, contentDigest, "The content digest");
  checkEqual("MPK-A004", "/subject/0/name", subjectName, manifest.id, "The subject's name");
  checkEqual("MPK-A004", "/predicate/appId", predicate.appId, manifest.id, "The app's id");
  checkEqual("MPK-A004", "/predicate/version", predicate.version, manifest.version, "The version");
  checkEqual(
    "MPK-A004",
    "/predicate/versionCode",
    predicate.versionCode,
    manifest.versionCode,
    "The version code",
  );
}

function checkDeveloper(predicate: StoreApproval, { developer, developerEnvelope }: Approved): void {
  const digest = sha256Hex(developerEnvelope ?? new Uint8Array(0));
  const { developerId, developerKeyId } = predicate;
  const at = "/predicate/developerEnvelope/sha256";
  checkEqual("MPK-A006", at, predicate.developerEnvelope.sha256, digest, "The developer's envelope");
  checkEqual("MPK-A007", "/predicate/developerId", developerId, developer.developerId, "The developer's id");
  checkEqual(
    "MPK-A007",
    "/predicate/developerKeyId",
    developerKeyId,
    developer.keyid,
    "The developer's key id",
  );
}

async function checkUpload(predicate: StoreApproval, container: Container): Promise<void> {
  const { prefixBytes, tail } = withoutEnvelope(container);
  const uploaded = await hashSource(spliceSource(container.source, prefixBytes, tail));
  checkEqual(
    "MPK-A008",
    "/predicate/upload/sha256",
    predicate.upload.sha256,
    uploaded,
    "The uploaded file's digest",
  );
}

function checkTimes(approvedAt: Date, signedAt: Date, now: Date): void {
  if (approvedAt.getTime() - now.getTime() > DAY_MS) {
    throw refusal("MPK-A010", "The package was approved in the future. Check this machine's clock.", {
      pointer: "/predicate/approvedAt",
      found: formatTime(approvedAt),
      expected: `at most 24 h after ${formatTime(now)}`,
    });
  }
  checkSignedBefore(approvedAt, signedAt);
}

/** Throws MPK-A011 when a package was signed more than 24 h after its approval. */
export function checkSignedBefore(approvedAt: Date, signedAt: Date): void {
  if (signedAt.getTime() - approvedAt.getTime() <= DAY_MS) return;
  throw refusal("MPK-A011", "The developer signed the package long after the store approved it.", {
    pointer: "/predicate/approvedAt",
    found: `signed ${formatTime(signedAt)}, approved ${formatTime(approvedAt)}`,
    expected: "signed at most 24 h after the approval",
  });
}

function judgeSigner(leaf: Leaf, { anchors, policy }: Subject, at: Date): "ok" | "not checked" {
  checkRevocation(leaf, policy, at);
  if (anchors === undefined) {
    // Who issued it cannot be told; its own bounds can.
    judgeLeafTime(leaf, at);
    return "not checked";
  }
  judgeChain(leaf, anchors, at);
  return "ok";
}

function checkRevocation(leaf: Leaf, { revocations }: Policy, at: Date): void {
  if (revocations === undefined) return;
  const key = revocations.keys.get(leaf.key.keyid);
  const until = leaf.kind === "release" ? key?.approvalsUntil : undefined;
  const isKeyRevoked = key !== undefined && (until === undefined || at > until);
  if (!isKeyRevoked && !revocations.certificates.has(fingerprint(leaf))) return;
  throw refusal("MPK-X011", `The ${leaf.kind} key or certificate of ${leaf.id} is revoked.`, {
    found: `key ${leaf.key.keyid}`,
    expected:
      until === undefined ? "a key and certificate that are not revoked" : `approved by ${formatTime(until)}`,
  });
}

/** SHA-256 of the certificate's DER: what a revocation of it names. */
export function fingerprint(leaf: Leaf): Sha256 {
  return sha256Hex(new Uint8Array(leaf.certificate.rawData));
}

/** Key and certificate of a signer, for whoever tells of it. */
export function factsOf(leaf: Leaf): { keyid: string; algorithm: string; certificate: CertificateFacts } {
  const { subject, issuer, serialNumber, notBefore, notAfter } = leaf.certificate;
  return {
    keyid: leaf.key.keyid,
    algorithm: leaf.key.algorithm,
    certificate: { subject, issuer, serialNumber, notBefore, notAfter, sha256: fingerprint(leaf) },
  };
}
