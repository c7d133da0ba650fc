/** Whether what is installed still is what was signed: every file, both signatures, and the catalogue. */
import { isProblem, type Problem, type ProblemDetail } from "../errors.ts";
import type { StoreVerdict } from "../format/verify.ts";
import type { AppId, VersionCode } from "../ids.ts";
import { type Catalogue, withCatalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { mustBeInstalled, parseAppId } from "./installer.ts";
import { missingInLog } from "./log.ts";
import { findListed } from "./offers.ts";
import { type AppRow, findRelease, listApps, type ReleaseRow } from "./records.ts";
import { enforceRevocations } from "./revocations.ts";
import { judgeCopy } from "./signatures.ts";
import type { FileProblem } from "./version-files.ts";

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
  /**
   * Whose signature it is that counts no more for an authority that is not trusted any more: the developer's, which only a new
   * version of the app mends, whatever else is wrong, or, when nothing else is, the store's, which is mended once the store has
   * signed again.
   */
  readonly distrusted: "developer" | "store" | null;
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
  const { fault, isDeveloperDistrusted, problems, signatures, findings, store } = await judgeCopy(
    device,
    app,
    release,
  );
  const logged = catalogue && store ? await judgeLog(catalogue, release, store) : NOT_CHECKED;
  return {
    appId,
    versionCode,
    role,
    ok: problems.length === 0 && signatures === "ok" && logged.log !== "failed",
    problems,
    signatures,
    log: logged.log,
    distrusted: isDeveloperDistrusted ? "developer" : fault === "store" ? fault : null,
    findings: [...findings, ...logged.findings],
  };
}

type LogJudgement = Pick<Verification, "log" | "findings">;
const NOT_CHECKED: LogJudgement = { log: "not checked", findings: [] };

/** The package is not there any more: the index names its digest, and the leaf has to have the same. */
async function judgeLog(
  catalogue: Catalogue,
  { appId, contentDigest }: ReleaseRow,
  store: StoreVerdict,
): Promise<LogJudgement> {
  const listed = await findListed(catalogue, appId, contentDigest);
  if (listed === null) return { log: "not listed", findings: [] };
  const facts = { store, contentDigest, packageSha256: listed.package.sha256 };
  const findings = await missingInLog(catalogue.log, facts, listed);
  return { log: findings.length === 0 ? "ok" : "failed", findings };
}
