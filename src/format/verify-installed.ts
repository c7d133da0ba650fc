/** The two signatures of a package whose files lie unpacked on a disk. */
import { certificatesFromPem } from "../signing/certificates.ts";
import { contentDigest } from "./digests.ts";
import { type Finding, FormatError, findingsOf, SECTIONS, type Section } from "./findings.ts";
import { parseManifest } from "./manifest.ts";
import { checkManifestFiles, type NamedFiles } from "./manifest-files.ts";
import type { DeveloperVerdict, SectionVerdict, StoreVerdict, Verdict } from "./verify.ts";
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

type Policy = {
  readonly now: Date;
  readonly roots: readonly string[];
  readonly developerCas: readonly string[];
};

/**
 * Judges manifest, developer.dsse and store.dsse as `verifyPackage` does, but for the digest of the uploaded file, which
 * cannot be made again from unpacked files. Stops at the first part that fails. Pure.
 */
export async function verifyInstalled(parts: InstalledParts, policy: Policy): Promise<InstalledVerdict> {
  const { sections, developer, store } = await judge(parts, null, policy);
  return {
    findings: sections.flatMap(({ findings }) => findings),
    ...(developer === undefined ? {} : { developer }),
    ...(store === undefined ? {} : { store }),
  };
}

/**
 * The same for a release that a delta or compact full container gave, with the files that its manifest names, as a
 * verdict on a released package. Names, sizes and digests were judged when it was rebuilt.
 */
export async function verifyRebuilt(
  parts: InstalledParts,
  files: NamedFiles,
  policy: Policy,
): Promise<Verdict> {
  return judge(parts, files, policy);
}

async function judge(parts: InstalledParts, files: NamedFiles | null, policy: Policy): Promise<Verdict> {
  let section: Section = "manifest";
  let facts: Omit<Verdict, "ok" | "sections"> = {
    kind: "released",
    contentDigest: contentDigest(parts.digests),
  };
  try {
    const parsed = parseManifest(parts.manifest);
    if (!parsed.ok) throw new FormatError(parsed.findings);
    const { manifest } = parsed;
    const [first, ...rest] = files === null ? [] : await checkManifestFiles(manifest, files);
    if (first !== undefined) throw new FormatError([first, ...rest]);
    facts = { ...facts, manifest };
    const anchors = {
      roots: policy.roots.flatMap((pem) => certificatesFromPem(pem)),
      developerCas: policy.developerCas.flatMap((pem) => certificatesFromPem(pem)),
    };
    const subject = {
      manifest,
      contentDigest: contentDigest(parts.digests),
      policy: { now: policy.now },
      anchors,
    };
    section = "developer-signature";
    const at = announcedApproval(parts.store) ?? policy.now;
    const developer = await judgeDeveloper(parts.developer, subject, at);
    facts = { ...facts, developer };
    section = "store-signature";
    const store = await judgeStore(parts.store, subject, {
      container: null,
      developer,
      developerEnvelope: parts.developer,
    });
    return { ok: true, sections: sectionsUntil(null, []), ...facts, store };
  } catch (error) {
    return { ok: false, sections: sectionsUntil(section, findingsOf(error, section)), ...facts };
  }
}

/** Those before the failed one are ok, those after it not checked. */
function sectionsUntil(failed: Section | null, findings: readonly Finding[]): SectionVerdict[] {
  const at = failed === null ? SECTIONS.length : SECTIONS.indexOf(failed);
  return SECTIONS.map((section, index) => ({
    section,
    verdict: index < at ? "ok" : index === at ? "failed" : "not checked",
    findings: index === at ? findings : [],
  }));
}
