/** The two signatures of a package whose files lie unpacked on a disk. */
import { certificatesFromPem } from "../signing/certificates.ts";
import { contentDigest } from "./digests.ts";
import { type Finding, FormatError, findingsOf, type Section } from "./findings.ts";
import { parseManifest } from "./manifest.ts";
import type { DeveloperVerdict, StoreVerdict } from "./verify.ts";
import { announcedApproval, judgeDeveloper, judgeStore } from "./verify-signatures.ts";

/** The bytes of the files of these names; that all others are what digests.json says is the caller's to check. */
export type InstalledParts = {
  readonly manifest: Uint8Array;
  readonly digests: Uint8Array;
  readonly developer: Uint8Array;
  readonly store: Uint8Array;
};

export type InstalledVerdict = {
  readonly findings: readonly Finding[];
  readonly developer?: DeveloperVerdict;
  readonly store?: StoreVerdict;
};

/**
 * Judges manifest, developer.dsse and store.dsse as `verifyPackage` does, but for the digest of the uploaded file, which
 * cannot be made again from unpacked files. Stops at the first part that fails. Pure.
 */
export async function verifyInstalled(
  parts: InstalledParts,
  policy: {
    readonly now: Date;
    readonly roots: readonly string[];
    readonly developerCas: readonly string[];
  },
): Promise<InstalledVerdict> {
  let section: Section = "manifest";
  let developer: DeveloperVerdict | undefined;
  try {
    const parsed = parseManifest(parts.manifest);
    if (!parsed.ok) throw new FormatError(parsed.findings);
    const anchors = {
      roots: policy.roots.flatMap((pem) => certificatesFromPem(pem)),
      developerCas: policy.developerCas.flatMap((pem) => certificatesFromPem(pem)),
    };
    const subject = {
      manifest: parsed.manifest,
      contentDigest: contentDigest(parts.digests),
      policy: { now: policy.now },
      anchors,
    };
    section = "developer-signature";
    const at = announcedApproval(parts.store) ?? policy.now;
    developer = await judgeDeveloper(parts.developer, subject, at);
    section = "store-signature";
    const store = await judgeStore(parts.store, subject, {
      container: null,
      developer,
      developerEnvelope: parts.developer,
    });
    return { findings: [], developer, store };
  } catch (error) {
    return { findings: findingsOf(error, section), ...(developer === undefined ? {} : { developer }) };
  }
}
