/** Whether what is installed still is what was signed: every file, both signatures, and the catalogue. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isProblem, type Problem, type ProblemDetail } from "../errors.ts";
import { standing } from "../format/lineage.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, MANIFEST_NAME, STORE_NAME } from "../format/names.ts";
import type { StoreVerdict } from "../format/verify.ts";
import { verifyInstalled } from "../format/verify-installed.ts";
import type { AppId, VersionCode } from "../ids.ts";
import { AUTHORITIES_FACT, anchorsOf, type Catalogue, withCatalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { versionFolder } from "./home.ts";
import { mustBeInstalled, parseAppId } from "./installer.ts";
import { missingInLog } from "./log.ts";
import { findListed } from "./log-verification.ts";
import { type AppRow, findRelease, getFact, listApps, type ReleaseRow } from "./records.ts";
import { enforceRevocations } from "./revocations.ts";
import { checkVersion, type FileProblem } from "./version-files.ts";

export type Verification = {
  readonly appId: AppId;
  readonly versionCode: VersionCode;
  /** `previous`: the one that is kept for a rollback. */
  readonly role: "current" | "previous";
  readonly ok: boolean;
  readonly problems: readonly FileProblem[];
  /** `not checked`: files that they are about are changed or missing. */
  readonly signatures: "ok" | "failed" | "not checked";
  /**
   * Whether its approval and publication are in the log of the last head. `not listed`: the store's index has it no more, and
   * so does not say where; `not checked`: without a network, or the signatures do not hold.
   */
  readonly log: "ok" | "failed" | "not listed" | "not checked";
  readonly findings: readonly ProblemDetail[];
};

/**
 * Hashes the installed files of one app, or of all, against what was signed, and checks both signatures against the
 * authorities of the last catalogue. Needs no network.
 * @throws Problem `device.not_installed`
 */
export function verify(device: Device, appId: string | null): Promise<Verification[]> {
  return verifyAll(device, appId, null);
}

async function verifyAll(
  device: Device,
  appId: string | null,
  catalogue: Catalogue | null,
): Promise<Verification[]> {
  const apps: readonly AppRow[] =
    appId === null ? listApps(device.state) : [mustBeInstalled(device, parseAppId(appId))];
  const verifications: Verification[] = [];
  for (const app of apps) {
    for (const role of ["current", "previous"] as const) {
      const code = app[role];
      const release = code === null ? null : findRelease(device.state, app.appId, code);
      if (release) verifications.push(await verifyRelease(device, app, release, role, catalogue));
    }
  }
  return verifications;
}

export type DeviceVerification = {
  readonly apps: readonly Verification[];
  /** What became of following the catalogue; null when it was not asked for, or all is well. */
  readonly catalogueProblem: Problem | null;
};

/**
 * As `verify`, after following the catalogue and carrying its revocations out, and with proofs that what is installed is in
 * the store's log. @throws Problem `device.not_installed`
 */
export async function verifyWithCatalogue(device: Device, appId: string | null): Promise<DeviceVerification> {
  if (appId !== null) mustBeInstalled(device, parseAppId(appId));
  try {
    const apps = await withCatalogue(device, async (catalogue) => {
      await enforceRevocations(device, catalogue.revocations);
      return verifyAll(device, appId, catalogue);
    });
    return { apps, catalogueProblem: null };
  } catch (error) {
    if (!isProblem(error) || error.code === "interrupted") throw error;
    return { apps: await verify(device, appId), catalogueProblem: error };
  }
}

async function verifyRelease(
  device: Device,
  app: AppRow,
  release: ReleaseRow,
  role: Verification["role"],
  catalogue: Catalogue | null,
): Promise<Verification> {
  const { appId, versionCode } = release;
  const problems = await checkVersion(device, appId, versionCode, release.contentDigest);
  const about = new Set([MANIFEST_NAME, DIGESTS_NAME, DEVELOPER_NAME, STORE_NAME]);
  const readable = !problems.some(({ path }) => about.has(path));
  const judged = readable ? await judgeSignatures(device, app, release) : null;
  const signatures = judged === null ? "not checked" : judged.findings.length === 0 ? "ok" : "failed";
  const store = signatures === "ok" ? judged?.store : undefined;
  const logged = catalogue && store ? await judgeLog(catalogue, release, store) : NOT_CHECKED;
  return {
    appId,
    versionCode,
    role,
    ok: problems.length === 0 && signatures === "ok" && logged.log !== "failed",
    problems,
    signatures,
    log: logged.log,
    findings: [...(judged?.findings ?? []), ...logged.findings],
  };
}

type LogJudgement = Pick<Verification, "log" | "findings">;
const NOT_CHECKED: LogJudgement = { log: "not checked", findings: [] };

/** The package is not there any more: the index names its digest, and the leaf has to have the same. */
async function judgeLog(
  { log, read }: Catalogue,
  { appId, contentDigest }: ReleaseRow,
  store: StoreVerdict,
): Promise<LogJudgement> {
  const listed = await findListed(read, appId, contentDigest);
  if (listed === null) return { log: "not listed", findings: [] };
  const facts = { store, contentDigest, packageSha256: listed.package.sha256 };
  const findings = await missingInLog(log, facts, listed);
  return { log: findings.length === 0 ? "ok" : "failed", findings };
}

async function judgeSignatures(
  device: Device,
  app: AppRow,
  release: ReleaseRow,
): Promise<{ readonly findings: readonly ProblemDetail[]; readonly store?: StoreVerdict | undefined }> {
  const folder = versionFolder(device.home, release.appId, release.versionCode);
  const read = (name: string) => readBounded(join(folder, ...name.split("/")));
  const [manifest, digests, developerEnvelope, storeEnvelope] = await Promise.all(
    [MANIFEST_NAME, DIGESTS_NAME, DEVELOPER_NAME, STORE_NAME].map(read),
  );
  if (!manifest || !digests || !developerEnvelope || !storeEnvelope) throw new Error("four files were read");
  const { findings, developer, store } = await verifyInstalled(
    { manifest, digests, developer: developerEnvelope, store: storeEnvelope },
    { now: device.clock.now(), ...anchorsOf(getFact(device.state, AUTHORITIES_FACT) ?? "") },
  );
  if (findings.length > 0 || !developer || !store) return { findings };
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
  return { findings: own, store };
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
