/**
 * The automatic checks, run from the stored bytes. Each judges one thing and has a name and a version, which stand in
 * the store's signature later. A check that cannot run throws and is tried again: only a finding speaks against a package.
 */

import { categoryResolver, resolvedCategories } from "../catalog/categories/resolve.ts";
import { distrustOf } from "../catalog/certificate-trust.ts";
import type { CheckName } from "../catalog/check-names.ts";
import type { CheckRun } from "../catalog/check-progress.ts";
import * as keyRecords from "../catalog/keys.records.ts";
import { selectLineage } from "../catalog/lineage.records.ts";
import { mustHaveLineage } from "../catalog/mend-lineage.ts";
import * as catalog from "../catalog/records.ts";
import { revocationOf, UNREAD } from "../catalog/revocation/in-force.ts";
import { mustHaveCertificates } from "../catalog/store-keys/mend-certificates.ts";
import type { FindingView } from "../catalog/views.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import type { FindingPlace, Section } from "../format/findings.ts";
import type { Manifest } from "../format/manifest.ts";
import { DEVELOPER_NAME, ENVELOPE_MAX_BYTES, FORMAT_LIMITS } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { type Verdict, verifyPackage } from "../format/verify.ts";
import { openEnvelope } from "../format/verify-signatures.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";
import type { KeyId, Sha256 } from "../ids.ts";
import { developerCaPems, rootCaPems } from "../keys/trust-anchors.ts";
import { formatTime } from "../signing/times.ts";
import type { CheckCode } from "./codes.ts";

export type CheckFinding = FindingPlace & {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
};

export type CheckOutcome = {
  readonly name: CheckName;
  readonly version: string;
  readonly verdict: "passed" | "failed" | "not checked";
  readonly findings: readonly CheckFinding[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

export type Checked = {
  readonly passed: boolean;
  readonly outcomes: readonly CheckOutcome[];
  readonly verdict: Verdict;
};

type Subject = {
  readonly tx: Tx;
  readonly app: catalog.AppRow;
  readonly row: catalog.VersionRow;
  readonly verdict: Verdict;
  /** Since when the authority of the package's certificate is not trusted, when that is what is wrong with it. */
  readonly distrustedAt: Date | null;
};

/** "not checked" when what it needs did not pass. */
type Check = {
  readonly name: CheckName;
  readonly version: string;
  /** The section of the package whose verdict it is: it begins and ends with that one. The others come after all of them. */
  readonly section?: Section;
  run(subject: Subject): readonly CheckFinding[] | "not checked";
};

const STORE_SIGNATURE_ROOM_BYTES = 64 * 1024;

const isPictureCode = (code: string): boolean => code.startsWith("MPK-P");

/** A section of the package's verdict as a check; pictures are judged with the manifest and shown apart. */
function section(
  name: CheckName,
  of: Verdict["sections"][number]["section"],
  mine: (code: string) => boolean = () => true,
  version = "1",
): Check {
  return {
    name,
    version,
    section: of,
    run({ verdict }) {
      const judged = verdict.sections.find((candidate) => candidate.section === of);
      if (!judged || judged.verdict === "not checked") return "not checked";
      return judged.findings.filter((finding) => mine(finding.code));
    },
  };
}

/** What to do comes before what a reader without the store would say. */
function developerSignature(): Check {
  const plain = section("developer-signature", "developer-signature");
  return {
    ...plain,
    run(subject) {
      const findings = plain.run(subject);
      const { distrustedAt } = subject;
      if (findings === "not checked" || distrustedAt === null) return findings;
      return [
        finding("CHK-R002", "The authority of the package's certificate is not trusted any more.", {
          entry: DEVELOPER_NAME,
          found: `not trusted since ${formatTime(distrustedAt)}`,
          expected: "a new certificate: “mosis keys enroll” with the same key, then sign and submit again",
        }),
        ...findings,
      ];
    },
  };
}

export const CHECKS: readonly Check[] = [
  section("container", "container"),
  section("digests", "digests"),
  // 2: permissions and runtime.api are judged by the API manifest.
  section("manifest", "manifest", (code) => !isPictureCode(code), "2"),
  section("pictures", "manifest", isPictureCode),
  developerSignature(),
  {
    name: "limits",
    version: "1",
    run({ row }) {
      const most = FORMAT_LIMITS.fileBytes - STORE_SIGNATURE_ROOM_BYTES;
      if (row.uploadSizeBytes <= most) return [];
      return [
        finding("CHK-L001", "The package leaves no room for the store's signature.", {
          found: `${row.uploadSizeBytes} bytes`,
          expected: `at most ${most} bytes`,
        }),
      ];
    },
  },
  {
    name: "owner",
    version: "1",
    run({ tx, app, verdict }) {
      const developer = verdict.developer;
      if (!developer) return "not checked";
      if (developer.developerId !== app.organisationId) {
        return [
          finding("CHK-O001", `The package is signed for an organisation that does not own ${app.id}.`, {
            entry: "META-MOSIS/developer.dsse",
            found: developer.developerId,
            expected: app.organisationId,
          }),
        ];
      }
      const key = keyRecords.findDeveloperKey(tx, developer.keyid as string as KeyId);
      if (key?.organisationId === app.organisationId) return [];
      return [
        finding("CHK-O002", "The signing key is not enrolled with this store.", {
          entry: "META-MOSIS/developer.dsse",
          found: developer.keyid,
          expected: `a key that ${app.organisationName} has enrolled`,
        }),
      ];
    },
  },
  {
    name: "lineage",
    version: "2",
    run({ tx, app, verdict }) {
      if (!verdict.developer) return "not checked";
      const { keyid } = verdict.developer;
      const lineage = selectLineage(tx, app.id);
      const place = lineage.find((key) => key.keyid === keyid);
      if (lineage.length === 0 || (place !== undefined && place.lostAt === null)) return [];
      const at = {
        entry: "META-MOSIS/developer.dsse",
        found: keyid,
        expected: lineage.flatMap((key) => (key.lostAt === null ? [key.keyid] : [])).join(" or "),
      };
      return [
        place === undefined
          ? finding("CHK-N001", `Devices do not take updates of ${app.id} that this key signed.`, at)
          : finding("CHK-N002", `This key of ${app.id} was given up as lost in a recovery.`, at),
      ];
    },
  },
  {
    name: "revocation",
    version: "1",
    run({ tx, app, verdict }) {
      const { contentDigest, developer } = verdict;
      if (contentDigest === undefined || !developer) return "not checked";
      const revocation = revocationOf(tx, {
        ...UNREAD,
        appId: app.id,
        organisationId: app.organisationId,
        contentDigest: contentDigest as string as Sha256,
        developerKeyid: developer.keyid as string as KeyId,
        developerCertificate: developer.certificate.sha256 as string as Sha256,
      });
      if (revocation === null) return [];
      return [
        finding("CHK-R001", `The ${revocation.subject} is revoked in this store: ${revocation.reason}`, {
          found: revocation.id,
          expected:
            revocation.subject === "certificate"
              ? "a certificate that is not revoked: enrol the key again, then sign again"
              : `a ${revocation.subject} that is not revoked`,
        }),
      ];
    },
  },
  {
    name: "version-code",
    version: "1",
    run({ tx, app, verdict }) {
      if (!verdict.manifest) return "not checked";
      const published = catalog.selectPublished(tx, app.id, 1)[0];
      if (!published) return [];
      return [
        ...codeFindings(verdict.manifest, published.versionCode),
        ...dataVersionFindings(verdict.manifest, published.manifest),
      ];
    },
  },
  {
    name: "category",
    version: "1",
    run({ tx, verdict }) {
      if (!verdict.manifest) return "not checked";
      const { category } = verdict.manifest;
      if (category === undefined || categoryResolver(tx)(category) !== null) return [];
      const known = resolvedCategories(tx).map(({ row }) => row.id);
      // Whoever set the store up has the last word on where an app stands: this speaks against no package.
      return [
        {
          ...finding(
            "CHK-C001",
            "The category is none of this store's: the app is shown under no category.",
            {
              entry: "manifest.json",
              pointer: "/category",
              found: category,
              expected: known.length === 0 ? "no category: the store has none" : known.join(", "),
            },
          ),
          severity: "warning",
        },
      ];
    },
  },
];

/** Runs every check on the bytes of one upload. @param run Is told of each as it begins and ends. */
export async function runChecks(
  store: Store,
  app: catalog.AppRow,
  row: catalog.VersionRow,
  source: Source,
  run: CheckRun,
): Promise<Checked> {
  // What is wrong with the store's own rows is no verdict about a package: then this is tried again.
  await mustHaveCertificates(store);
  await mustHaveLineage(store, app.id);
  const base = { tx: store.db.orm, app, row };
  const judge = (check: Check, subject: Subject) => {
    run.started(check.name);
    const outcome = outcomeOf(check, subject);
    run.finished(check.name, outcome.verdict, outcome.findings.map(viewOf(check.name)));
    return outcome;
  };
  const verdict = await verifyPackage(source, {
    now: store.clock.now(),
    roots: rootCaPems(store),
    developerCas: developerCaPems(store),
    expect: "signed",
    api: store.api(),
    onSection(next, soFar) {
      for (const check of CHECKS) {
        if (check.section === next) run.started(check.name);
        else if (isJudged(soFar, check.section))
          judge(check, { ...base, verdict: soFar, distrustedAt: null });
      }
    },
  });
  const distrustedAt = await distrustedSigner(store, source, verdict);
  const outcomes = CHECKS.map((check): CheckOutcome => {
    const outcome = judge(check, { ...base, verdict, distrustedAt });
    return { name: check.name, version: check.version, ...outcome, ...run.timesOf(check.name) };
  });
  return {
    passed: verdict.ok && outcomes.every((outcome) => outcome.verdict === "passed"),
    outcomes,
    verdict,
  };
}

function outcomeOf(check: Check, subject: Subject): Pick<CheckOutcome, "verdict" | "findings"> {
  const result = check.run(subject);
  if (result === "not checked") return { verdict: "not checked", findings: [] };
  const failed = result.some((entry) => entry.severity === "error");
  return { verdict: failed ? "failed" : "passed", findings: result };
}

function isJudged({ sections }: Verdict, section: Section | undefined): boolean {
  return sections.some((each) => each.section === section && each.verdict !== "not checked");
}

const viewOf =
  (check: CheckName) =>
  ({ code, severity, message, entry, offset, pointer, found, expected }: CheckFinding): FindingView => ({
    check,
    code,
    severity,
    message,
    entry: entry ?? null,
    offset: offset ?? null,
    pointer: pointer ?? null,
    found: found ?? null,
    expected: expected ?? null,
  });

/** Whether the package is signed as it should be, but for an authority above its certificate that was distrusted. */
async function distrustedSigner(store: Store, source: Source, verdict: Verdict): Promise<Date | null> {
  const failed = verdict.sections.find(({ section: of }) => of === "developer-signature")?.findings ?? [];
  if (!failed.some(({ code }) => CHAIN_CODES.has(code))) return null;
  const container = await openContainer(source);
  const entry = container.byName.get(DEVELOPER_NAME);
  if (entry === undefined || entry.sizeBytes > ENVELOPE_MAX_BYTES) return null;
  const { certificate } = openEnvelope(await readEntryBytes(container, entry), "developer").leaf;
  const { notBefore, notAfter, rawData } = certificate;
  return distrustOf(store.db.orm, store.clock.now())({ der: new Uint8Array(rawData), notBefore, notAfter });
}

/** What an envelope is refused for when it holds, and no authority that is trusted has issued its certificate. */
const CHAIN_CODES: ReadonlySet<string> = new Set(["MPK-X006", "MPK-X009"]);

function codeFindings(manifest: Manifest, published: number): CheckFinding[] {
  if (manifest.versionCode > published) return [];
  return [
    finding("CHK-V001", "The version code does not rise.", {
      entry: "manifest.json",
      pointer: "/versionCode",
      found: String(manifest.versionCode),
      expected: `more than ${published}, which is published`,
    }),
  ];
}

function dataVersionFindings(manifest: Manifest, publishedManifest: string | null): CheckFinding[] {
  const before =
    publishedManifest === null ? 0 : ((JSON.parse(publishedManifest) as Manifest).dataVersion ?? 0);
  const after = manifest.dataVersion ?? 0;
  if (after >= before) return [];
  return [
    finding("CHK-V002", "The data version falls.", {
      entry: "manifest.json",
      pointer: "/dataVersion",
      found: String(after),
      expected: `at least ${before}, which is published`,
    }),
  ];
}

function finding(
  code: CheckCode,
  message: string,
  place: Pick<CheckFinding, "entry" | "pointer" | "found" | "expected">,
): CheckFinding {
  return { code, severity: "error", message, ...place };
}
