import { certificatesFromPem } from "../signing/certificates.ts";
import type { TrustAnchors } from "../signing/chain.ts";
import type { StoreApproval } from "../signing/statements.ts";
import type { X509Certificate } from "../signing/x509.ts";
import type { PlatformApi } from "./api/platform-api.ts";
import { checkDigests, type MeasuredFile, measureEntries } from "./digests.ts";
import { type Finding, FormatError, findingsOf, formatError, SECTIONS, type Section } from "./findings.ts";
import { type Manifest, parseManifest } from "./manifest.ts";
import { checkManifestFiles, filesOf } from "./manifest-files.ts";
import {
  DEVELOPER_NAME,
  DIGESTS_NAME,
  type Limits,
  MANIFEST_NAME,
  type PackageKind,
  type Sha256,
  STORE_NAME,
} from "./names.ts";
import type { Source } from "./source.ts";
import { announcedApproval, judgeDeveloper, judgeStore } from "./verify-signatures.ts";
import { type Container, openContainer } from "./zip/reader.ts";

/** Keys and certificates that do not count any more. Revocation is judged now, whatever the signatures say of their time. */
export type Revocations = {
  /** By key id. A release key's approvals up to `approvalsUntil` (inclusive) still count, where it is given. */
  readonly keys: ReadonlyMap<string, { readonly approvalsUntil?: Date }>;
  /** SHA-256 of the certificates' DER, lower-case hex. */
  readonly certificates: ReadonlySet<string>;
};

/** What a reader wants of a package. */
export type Policy = {
  readonly now: Date;
  /** Root certificates, PEM or parsed. With neither roots nor Developer CAs, chains are not judged. */
  readonly roots?: readonly (X509Certificate | string)[];
  readonly developerCas?: readonly (X509Certificate | string)[];
  /** Refuse any other kind, as soon as the container's structure is known (MPK-C031). */
  readonly expect?: PackageKind | readonly PackageKind[];
  /** Lower limits than the format's. */
  readonly limits?: Partial<Limits>;
  /** The API manifest, of a store and of `mosis pack`; without it only the form of permission names is judged. */
  readonly api?: PlatformApi;
  readonly revocations?: Revocations;
  /** Told before each section is judged, with what was found until then: for who shows how far it is. */
  readonly onSection?: (next: Section, soFar: Verdict) => void;
};

export type CertificateFacts = {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Of the certificate's DER. */
  readonly sha256: Sha256;
};

export type ChainVerdict = "ok" | "not checked";

type SignerFacts = {
  readonly keyid: string;
  readonly algorithm: string;
  readonly certificate: CertificateFacts;
  readonly chain: ChainVerdict;
};

export type DeveloperVerdict = SignerFacts & { readonly developerId: string; readonly signedAt: Date };

export type StoreVerdict = SignerFacts & {
  readonly storeId: string;
  readonly approvedAt: Date;
  readonly predicate: StoreApproval;
};

export type SectionVerdict = {
  readonly section: Section;
  readonly verdict: "ok" | "failed" | "not checked" | "absent";
  readonly findings: readonly Finding[];
};

export type Verdict = {
  readonly ok: boolean;
  /** Absent when the container could not be read. */
  readonly kind?: PackageKind;
  /** All five, in order. After the first that fails the others are "not checked". */
  readonly sections: readonly SectionVerdict[];
  readonly contentDigest?: Sha256;
  readonly manifest?: Manifest;
  readonly developer?: DeveloperVerdict;
  readonly store?: StoreVerdict;
};

/**
 * Judges a whole package under a policy: container, digests, manifest, developer signature, store signature. It stops at the
 * first section that fails. What is wrong with the package is in the verdict; thrown are only failures of the source, and a Problem
 * (MPK-X001) when the policy's own certificates cannot be read. Memory does not depend on the package's size, and the event
 * loop gets its turns.
 */
export async function verifyPackage(source: Source, policy: Policy): Promise<Verdict> {
  return (await examinePackage(source, policy)).verdict;
}

export type Examined = {
  readonly verdict: Verdict;
  /** The container that was judged; null when its structure is not sound. */
  readonly container: Container | null;
  /** What digests.json lists; null when it was not found right. */
  readonly files: readonly MeasuredFile[] | null;
};

/** The same, with what was read on the way. */
export async function examinePackage(source: Source, policy: Policy): Promise<Examined> {
  let opened: Container | null = null;
  let files: Examined["files"] = null;
  const anchors = anchorsOf(policy);
  const protocol = createProtocol(policy.onSection);
  try {
    protocol.enter("container");
    const container = await openContainer(source, policy.limits);
    opened = container;
    protocol.note({ kind: container.kind });
    checkKind(container, policy.expect);
    const measured = await measureEntries(container);

    protocol.enter("digests");
    const contentDigest = checkDigests(measured, container);
    files = measured.files;
    protocol.note({ contentDigest });

    protocol.enter("manifest");
    const manifest = await judgeManifest(measured.documents.get(MANIFEST_NAME), container, policy);
    protocol.note({ manifest });

    const subject = { manifest, contentDigest, policy, anchors };
    const developerEnvelope = measured.documents.get(DEVELOPER_NAME);
    const storeEnvelope = measured.documents.get(STORE_NAME);
    if (container.kind === "unsigned") {
      protocol.skip("developer-signature");
    } else {
      protocol.enter("developer-signature");
      const at = announcedApproval(storeEnvelope) ?? policy.now;
      protocol.note({ developer: await judgeDeveloper(developerEnvelope, subject, at) });
    }
    const { developer } = protocol.facts();
    if (container.kind !== "released" || developer === undefined) {
      protocol.skip("store-signature");
    } else {
      protocol.enter("store-signature");
      protocol.note({
        store: await judgeStore(storeEnvelope, subject, { container, developer, developerEnvelope }),
      });
    }
    protocol.leave();
  } catch (error) {
    const entry = ENTRIES[protocol.section()];
    const findings = findingsOf(error, protocol.section());
    protocol.fail(findings.map((finding) => (entry === undefined ? finding : { entry, ...finding })));
  }
  return { verdict: protocol.verdict(), container: opened, files };
}

function anchorsOf(policy: Policy): TrustAnchors | undefined {
  const parse = (inputs: readonly (X509Certificate | string)[] = []) =>
    inputs.flatMap((input) => (typeof input === "string" ? certificatesFromPem(input) : [input]));
  const anchors = { roots: parse(policy.roots), developerCas: parse(policy.developerCas) };
  return anchors.roots.length + anchors.developerCas.length === 0 ? undefined : anchors;
}

function checkKind({ kind, entries }: Container, expect: Policy["expect"]): void {
  if (expect === undefined || [expect].flat().includes(kind)) return;
  const expected = [expect].flat().join(" or ");
  // Which kind it is, its last entry says.
  const entry = entries.at(-1)?.name ?? DIGESTS_NAME;
  throw formatError("container", "MPK-C031", `The package is ${kind}, not ${expected}.`, {
    entry,
    found: kind,
    expected,
  });
}

async function judgeManifest(
  bytes: Uint8Array | undefined,
  container: Container,
  { api }: Policy,
): Promise<Manifest> {
  const sizeBytes = container.byName.get(MANIFEST_NAME)?.sizeBytes ?? 0;
  // One that is too large was not kept: its size is all that can be said of it.
  const result = parseManifest(bytes ?? new Uint8Array(sizeBytes), api === undefined ? {} : { api });
  if (!result.ok) throw new FormatError(result.findings);
  const [first, ...rest] = await checkManifestFiles(result.manifest, filesOf(container));
  if (first !== undefined) throw new FormatError([first, ...rest]);
  return result.manifest;
}

/** The entry that a section is about; the container's findings name their own. */
const ENTRIES: Readonly<Partial<Record<Section, string>>> = {
  digests: DIGESTS_NAME,
  manifest: MANIFEST_NAME,
  "developer-signature": DEVELOPER_NAME,
  "store-signature": STORE_NAME,
};

type Facts = Omit<Verdict, "ok" | "sections">;

/** Keeps which section is being judged and what was found, and makes the verdict of it. */
function createProtocol(onSection: Policy["onSection"]) {
  const verdicts = new Map<Section, SectionVerdict>();
  let current: Section = "container";
  let facts: Facts = {};
  const set = (section: Section, verdict: SectionVerdict["verdict"], findings: readonly Finding[] = []) => {
    verdicts.set(section, { section, verdict, findings });
  };
  const leave = () => {
    if (verdicts.get(current)?.verdict === "not checked") set(current, "ok");
  };
  const verdict = (): Verdict => {
    const sections = SECTIONS.map(
      (section): SectionVerdict => verdicts.get(section) ?? { section, verdict: "not checked", findings: [] },
    );
    const ok = sections.every(({ verdict }) => verdict === "ok" || verdict === "absent");
    return { ok, sections, ...facts };
  };
  return {
    section: () => current,
    facts: () => facts,
    note(more: Facts) {
      facts = { ...facts, ...more };
    },
    enter(section: Section) {
      leave();
      current = section;
      set(section, "not checked");
      onSection?.(section, verdict());
    },
    skip: (section: Section) => set(section, "absent"),
    leave,
    fail: (findings: readonly Finding[]) => set(current, "failed", findings),
    verdict,
  };
}
