/** What became of an installed version: its files by what was signed, its signatures by the authorities of the last catalogue. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { ProblemDetail } from "../errors.ts";
import { standing } from "../format/lineage.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, MANIFEST_NAME, STORE_NAME } from "../format/names.ts";
import type { StoreVerdict } from "../format/verify.ts";
import { type InstalledParts, verifyInstalled } from "../format/verify-installed.ts";
import { fingerprint, openEnvelope } from "../format/verify-signatures.ts";
import { AUTHORITIES_FACT, anchorsOf } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { versionFolder } from "./home.ts";
import { type AppRow, getFact, type ReleaseRow } from "./records.ts";
import { checkVersion, type FileProblem } from "./version-files.ts";

/**
 * What is wrong with a copy. `files`: not what was signed; `envelopes`: the signatures' own files are not; `developer`, `store`:
 * an authority above that signature's certificate is not trusted any more, and nothing else is wrong with it; `refused`: what
 * the same package would be refused for, were it fetched again.
 */
export type Fault = "files" | "envelopes" | "developer" | "store" | "refused";

export type JudgedCopy = {
  readonly fault: Fault | null;
  /** Also when files are changed besides: the same package, fetched again, would be refused for it. */
  readonly isDeveloperDistrusted: boolean;
  readonly problems: readonly FileProblem[];
  /** `not checked`: files that they are about are changed or missing. */
  readonly signatures: "ok" | "failed" | "not checked";
  readonly findings: readonly ProblemDetail[];
  /** When the signatures hold. */
  readonly store: StoreVerdict | null;
};

/** Needs no network. */
export async function judgeCopy(
  device: Device,
  app: Pick<AppRow, "lineage">,
  release: ReleaseRow,
): Promise<JudgedCopy> {
  const { appId, versionCode } = release;
  const problems = await checkVersion(device, appId, versionCode, release.contentDigest);
  const about = new Set([MANIFEST_NAME, DIGESTS_NAME, DEVELOPER_NAME, STORE_NAME]);
  if (problems.some(({ path }) => about.has(path)))
    return {
      fault: "files",
      isDeveloperDistrusted: false,
      problems,
      signatures: "not checked",
      findings: [],
      store: null,
    };
  const { fault, findings, store } = await judgeSignatures(device, app, release);
  return {
    fault: problems.length > 0 ? "files" : fault,
    isDeveloperDistrusted: fault === "developer",
    problems,
    signatures: findings.length === 0 ? "ok" : "failed",
    findings,
    store: findings.length === 0 ? store : null,
  };
}

async function judgeSignatures(
  device: Device,
  app: Pick<AppRow, "lineage">,
  release: ReleaseRow,
): Promise<Pick<JudgedCopy, "fault" | "findings" | "store">> {
  const parts = await readParts(device, release);
  const { findings, developer, store } = await verifyInstalled(parts, {
    now: device.clock.now(),
    ...anchorsOf(getFact(device.state, AUTHORITIES_FACT) ?? ""),
  });
  const [first] = findings;
  if (first !== undefined || !developer || !store) {
    const signed = developer === undefined ? "developer" : "store";
    return { fault: faultOf(first?.code ?? "", signed, parts, release), findings, store: null };
  }
  const own: ProblemDetail[] = [];
  if (store.storeId !== device.storeId)
    own.push({
      code: "device.other_store",
      message: "Another store released it.",
      found: store.storeId,
      expected: device.storeId,
    });
  if (standing(app.lineage, developer.keyid, store.approvedAt) !== "good")
    own.push({
      code: "device.key_not_in_lineage",
      message: "It is signed with a key that was not one of the app's when it was approved.",
      found: developer.keyid,
      expected: app.lineage.map(({ keyId }) => keyId).join(" or "),
    });
  return { fault: own.length === 0 ? null : "refused", findings: own, store };
}

/** No authority issued the certificate; as one had when it was installed, that one is trusted no more. */
const NO_AUTHORITY: ReadonlySet<string> = new Set(["MPK-X006", "MPK-X008", "MPK-X009"]);
/** These are about times: another file of the same release would say the same. */
const OF_TIME: ReadonlySet<string> = new Set(["MPK-X007", "MPK-A010", "MPK-A011"]);

function faultOf(
  code: string,
  signed: "developer" | "store",
  parts: InstalledParts,
  release: ReleaseRow,
): Fault {
  if (OF_TIME.has(code)) return "refused";
  if (!NO_AUTHORITY.has(code)) return "envelopes";
  const { leaf } = openEnvelope(parts[signed], signed === "store" ? "release" : "developer");
  const installed = signed === "store" ? release.releaseCertificate : release.developerCertificate;
  // Somebody put another certificate there, with an envelope that it signed.
  return fingerprint(leaf) === (installed as string) ? signed : "envelopes";
}

async function readParts(device: Device, release: ReleaseRow): Promise<InstalledParts> {
  const folder = versionFolder(device.home, release.appId, release.versionCode);
  const read = (name: string) => readBounded(join(folder, ...name.split("/")));
  const [manifest, digests, developer, store] = await Promise.all(
    [MANIFEST_NAME, DIGESTS_NAME, DEVELOPER_NAME, STORE_NAME].map(read),
  );
  if (!manifest || !digests || !developer || !store) throw new Error("four files were read");
  return { manifest, digests, developer, store };
}

/** No file that a signature is about is larger than 16 MiB; what someone put there may be. */
const MAX_BYTES = 16 * 2 ** 20;

async function readBounded(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const bytes = new Uint8Array(Math.min((await handle.stat()).size, MAX_BYTES + 1));
    const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
