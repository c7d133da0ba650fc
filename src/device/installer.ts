/** Installing, updating, going back and removing (package format, section 9, steps 1 to 5 and 7). */
import { YANKED_CHANNEL } from "../catalog/tuf/app-index.ts";
import type { AppNotices } from "../catalog/tuf/app-notices.ts";
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import { isProblem, Problem, type ProblemDetail } from "../errors.ts";
import type { LineageKey } from "../format/lineage.ts";
import { type AppId, isAppId, type VersionCode } from "../ids.ts";
import { activate, deactivate, purgeApp } from "./activate.ts";
import { type Catalogue, withCatalogue } from "./catalogue.ts";
import { dataWouldFall, decideChange } from "./choose.ts";
import type { Device } from "./context.ts";
import { keptRelease } from "./copies.ts";
import { fetchAndPlace, type Offer } from "./fetch-release.ts";
import { followLineage } from "./lineage.ts";
import { type KeptOutcome, mendCopy, mendKept } from "./mend-copy.ts";
import { keepNoticed, knownNoticed, type Noticed, noticedOf, readNotices, yankedRelease } from "./notices.ts";
import { type Download, forgetParts } from "./obtain.ts";
import { chooseOffer, readIndexes } from "./offers.ts";
import { type AppRow, findApp, findRelease, listApps, type ReleaseRow } from "./records.ts";
import { type Enforced, enforceRevocations, knownRevocations, revocationOf } from "./revocations.ts";
import { judgeCopy } from "./signatures.ts";
import { findRevocation, revoked } from "./trust.ts";

export type InstallOutcome = {
  readonly appId: AppId;
  /**
   * `repaired`: the version that it has, written again because its files were not what was signed; `signed-again`: fetched once
   * more though its files are, because the store's signature of it counts no more and there is another; `current`: nothing to do;
   * `kept`: a person went back from what the store offers, so this version stays, and is as it should be; `yanked`: it is offered
   * to nobody any more and nothing above it is offered, so this version stays, and is as it should be.
   */
  readonly action:
    | "installed"
    | "updated"
    | "rolled-back"
    | "repaired"
    | "signed-again"
    | "current"
    | "kept"
    | "yanked";
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly previousVersionCode: VersionCode | null;
  /** What was fetched for it, and how; null when nothing had to be. */
  readonly download: Download | null;
  /** What the store tells people of the app and of the version that is installed now. */
  readonly noticed: Noticed;
  /** What became of the version that is kept to go back to; null when nothing was to be mended, or nothing could be. */
  readonly kept: KeptOutcome | null;
};

export type UpdateOutcome = {
  readonly apps: readonly InstallOutcome[];
  readonly failures: readonly { readonly appId: AppId; readonly problem: Problem }[];
  readonly enforced: readonly Enforced[];
};

/**
 * Installs the newest release that this device may have, or updates to it; with a version code just that one.
 *
 * @throws Problem `device.app_id_invalid` (usage), `device.app_not_found`, `device.no_release` (not_found),
 *   `device.version_not_above`, `device.data_version`, `device.package_changed`, `device.package_refused`,
 *   `device.index_mismatch`, `device.other_store`, `device.lineage_refused`, `device.key_not_in_lineage`,
 *   `device.revoked` (unprocessable),
 *   `device.unreachable`, `device.catalogue_…`, `catalogue.malformed`
 */
export async function install(
  device: Device,
  appId: string,
  versionCode: VersionCode | null = null,
): Promise<InstallOutcome> {
  const id = parseAppId(appId);
  return withCatalogue(device, async (catalogue) => {
    await enforceRevocations(device, catalogue.revocations);
    return bring(device, catalogue, id, { wanted: versionCode, skipped: null });
  });
}

/**
 * Updates one installed app, or all of them: with null, an app whose update is refused does not keep the others from
 * theirs, and a version that a person went back from is not brought again.
 *
 * @throws Problem `device.not_installed`, and as `install` when one app is named; `device.unreachable`, `device.catalogue_…`
 */
export async function update(device: Device, appId: string | null): Promise<UpdateOutcome> {
  const id = appId === null ? null : parseAppId(appId);
  if (id !== null) mustBeInstalled(device, id);
  return withCatalogue(device, async (catalogue) => {
    const enforced = await enforceRevocations(device, catalogue.revocations);
    if (id !== null) {
      mustBeInstalled(device, id);
      return { apps: [await bring(device, catalogue, id, ANY)], failures: [], enforced };
    }
    const apps: InstallOutcome[] = [];
    const failures: UpdateOutcome["failures"][number][] = [];
    for (const app of listApps(device.state)) {
      if (app.current === null) continue;
      try {
        apps.push(await bring(device, catalogue, app.appId, { wanted: null, skipped: app.skipped }));
      } catch (error) {
        if (!isProblem(error) || error.code === "interrupted") throw error;
        failures.push({ appId: app.appId, problem: error });
      }
    }
    return { apps, failures, enforced };
  });
}

type Wish = { readonly wanted: VersionCode | null; readonly skipped: VersionCode | null };
const ANY: Wish = { wanted: null, skipped: null };
/** With what the store tells people of the app, for what a refusal says. */
type Informed = Wish & { readonly notices: readonly AppNotices[] };

async function bring(
  device: Device,
  catalogue: Catalogue,
  appId: AppId,
  wish: Wish,
): Promise<InstallOutcome> {
  const found = await readIndexes(catalogue, appId);
  const chosen = chooseOffer(found, {
    channel: device.channel,
    runtimeApi: device.runtimeApi,
    deviceId: device.deviceId,
    lowestVersionCode: catalogue.revocations.lowestVersionCodes.get(appId) ?? null,
    wanted: wish.wanted,
  });
  if (chosen === null) throw notOffered(device, appId);
  const { index, part, release } = chosen;
  const lineage = await followLineage(device, catalogue, index);
  const offer = { catalogue, index, part, lineage };
  const notices = await readNotices(catalogue, appId);
  const outcome = await bringRelease(device, offer, release, { ...wish, notices });
  const noticed = noticedOf(notices, outcome.versionCode);
  keepNoticed(device.state, appId, noticed);
  return { ...outcome, noticed, kept: await mendKept(device, offer) };
}

type MainOutcome = Omit<InstallOutcome, "kept" | "noticed">;

async function bringRelease(
  device: Device,
  offer: Offer,
  offered: IndexedRelease | null,
  wish: Informed,
): Promise<MainOutcome> {
  const { index, lineage } = offer;
  const app = findApp(device.state, index.appId);
  const installed = app?.current == null ? null : findRelease(device.state, index.appId, app.current);
  const { release, change } = await decide(device, offer, { app, installed, offered, wish }).catch(
    async (error) => {
      // What it has may be signed again even so.
      if (isProblem(error) && NOTHING_BETTER.has(error.code)) {
        if (app && installed) await mendCopy(device, offer, installed);
        await mendKept(device, offer);
      }
      throw error;
    },
  );
  if (change === "stay" || change === "yanked") {
    if (!app || !installed) throw new Error("only what is installed stays");
    const mended = await mendCopy(device, offer, installed);
    if (mended) return outcome(mended.release, mended.action, app.previous, mended.download);
    // What a cut left after the files were in place.
    await forgetParts(device, release);
    const isCurrent = release.versionCode === installed.versionCode;
    const action = change === "yanked" ? "yanked" : isCurrent ? "current" : "kept";
    return outcome(installed, action, app.previous);
  }
  const kept = await keptRelease(device, offer.catalogue, release, app);
  const { release: fresh, download } = kept
    ? { release: kept, download: null }
    : await fetchAndPlace(device, offer, release);
  await activate(device, { app: app ?? newApp(device, index, lineage), release: fresh, skipped: null });
  const action = { install: "installed", update: "updated", rollback: "rolled-back" } as const;
  return outcome(fresh, action[change], findApp(device.state, index.appId)?.previous ?? null, download);
}

/** The store has nothing that this device may go to. */
const NOTHING_BETTER: ReadonlySet<string> = new Set([
  "device.no_release",
  "device.version_not_above",
  "device.data_version",
]);

type Decision = {
  readonly release: IndexedRelease;
  /** `stay`: the release is what is installed, or what a person went back from; `yanked`: what is installed, though nobody gets it. */
  readonly change: "install" | "update" | "rollback" | "stay" | "yanked";
};

async function decide(
  device: Device,
  { catalogue, index }: Offer,
  present: {
    readonly app: AppRow | null;
    readonly installed: ReleaseRow | null;
    readonly offered: IndexedRelease | null;
    readonly wish: Informed;
  },
): Promise<Decision> {
  const { app, installed, offered: release, wish } = present;
  refuseWithheld(catalogue, index, installed, release);
  const yanked = installed && stayingYanked(index, installed, release, wish.wanted);
  if (yanked) return { release: yanked, change: "yanked" };
  if (!release) throw noRelease(device, index, wish);
  const change = decideChange(release, {
    versionCode: installed?.versionCode ?? null,
    dataVersion: app?.dataVersion ?? 0,
  });
  const passedOver = wish.skipped !== null && change === "update" && release.versionCode <= wish.skipped;
  return { release, change: change === "none" || passedOver ? "stay" : change };
}

function notOffered(device: Device, appId: AppId): Problem {
  const isInstalled = findApp(device.state, appId)?.current != null;
  return new Problem(
    "not_found",
    "device.app_not_found",
    isInstalled
      ? `The store offers no app ${appId} to this device any more. It is not for everyone, and this device is not, or no longer, in a group that it is for: what is installed stays, and gets no updates.`
      : `The store offers no app ${appId} to this device.`,
  );
}

/**
 * The store leaves out what it has revoked. The person is told why there is nothing, or only what is below the version
 * that is installed.
 */
function refuseWithheld(
  catalogue: Catalogue,
  index: AppIndex,
  installed: ReleaseRow | null,
  release: IndexedRelease | null,
): void {
  const { revocations } = catalogue;
  const whole = revocations.entries.find(
    ({ subject, id }) =>
      (subject === "app" && id === index.appId) || (subject === "developer" && id === index.developerId),
  );
  if (whole) throw revoked(index.appId, whole);
  const isBelow = installed !== null && (release === null || release.versionCode < installed.versionCode);
  if (!isBelow || release?.replaces.includes(installed.versionCode)) return;
  const own = findRevocation(revocations, installed);
  if (own) throw revoked(index.appId, own);
}

/** What is installed and yanked stays, unless something above it is offered, or what takes its place; null: it does not. */
function stayingYanked(
  index: AppIndex,
  installed: ReleaseRow,
  release: IndexedRelease | null,
  wanted: VersionCode | null,
): IndexedRelease | null {
  const { versionCode } = installed;
  if (wanted !== null && wanted !== versionCode) return null;
  if (release !== null && (release.versionCode > versionCode || release.replaces.includes(versionCode)))
    return null;
  return yankedRelease(index, installed);
}

function noRelease(device: Device, index: AppIndex, { wanted, notices }: Informed): Problem {
  const { appId, channels } = index;
  const yanked =
    wanted === null ? channels.get(YANKED_CHANNEL)?.[0] : yankedRelease(index, { versionCode: wanted });
  const reason = yanked ? noticedOf(notices, yanked.versionCode).yanked : null;
  const why = yanked
    ? ` Its developers yanked version code ${yanked.versionCode}: who has it keeps it, and nobody else gets it.${reason === null ? "" : ` The reason given: ${reason}`}`
    : "";
  return new Problem(
    "not_found",
    "device.no_release",
    `The store offers no version ${wanted === null ? "" : `code ${wanted} `}of ${appId} to this device (channel ${device.channel}, platform API ${device.runtimeApi}).${why}`,
  );
}

function newApp(device: Device, index: AppIndex, lineage: readonly LineageKey[]): AppRow {
  const now = device.clock.now();
  return {
    appId: index.appId,
    developerId: index.developerId,
    lineage,
    pinnedAt: now,
    current: null,
    previous: null,
    pending: null,
    skipped: null,
    disabledReason: null,
    dataVersion: 0,
    changedAt: now,
  };
}

/**
 * Goes back to the version that is kept, without a network. The app's data stays as it is.
 *
 * @throws Problem `device.not_installed`, `device.no_previous` (not_found), `device.data_version`, `device.revoked`,
 *   `device.files_changed`, `device.authority_distrusted` (unprocessable)
 */
export async function rollback(device: Device, appId: string): Promise<InstallOutcome> {
  const app = mustBeInstalled(device, parseAppId(appId));
  const current = app.current === null ? null : findRelease(device.state, app.appId, app.current);
  const previous = app.previous === null ? null : findRelease(device.state, app.appId, app.previous);
  if (!previous || !current) {
    throw new Problem(
      "not_found",
      "device.no_previous",
      `No earlier version of ${app.appId} is kept on this device: one is kept by each update.`,
    );
  }
  if (previous.dataVersion < app.dataVersion) throw dataWouldFall(previous.dataVersion, app.dataVersion);
  const revocation = revocationOf(device, previous);
  if (revocation) throw revoked(app.appId, revocation);
  const lowest = knownRevocations(device).lowestVersionCodes.get(app.appId) ?? 1;
  if (previous.versionCode < lowest) {
    throw new Problem(
      "unprocessable",
      "device.revoked",
      `Version code ${previous.versionCode} of ${app.appId} is below ${lowest}, the lowest that the store still allows.`,
    );
  }
  const { fault, problems } = await judgeCopy(device, app, previous);
  if (problems.length > 0) throw changedFiles(app.appId, previous.versionCode, problems);
  if (fault === "developer" || fault === "store") {
    throw new Problem(
      "unprocessable",
      "device.authority_distrusted",
      `Version code ${previous.versionCode} of ${app.appId} is not started again: the authority of ${fault === "store" ? "the store's" : "its developer's"} signature is not trusted any more.`,
    );
  }
  const back = previous.versionCode < current.versionCode;
  await activate(device, { app, release: previous, skipped: back ? current.versionCode : null });
  // What is known of yanks is of the version that ran.
  const noticed = { ...knownNoticed(device.state, app.appId), yanked: null };
  keepNoticed(device.state, app.appId, noticed);
  return { ...outcome(previous, "rolled-back", current.versionCode), noticed, kept: null };
}

function changedFiles(
  appId: AppId,
  versionCode: VersionCode,
  problems: readonly { path: string; problem: string }[],
): Problem {
  const details: ProblemDetail[] = problems.map(({ path, problem }) => ({
    code: "device.files_changed",
    message: `${path} is ${problem}.`,
    entry: path,
    found: problem,
  }));
  return new Problem(
    "unprocessable",
    "device.files_changed",
    `Version code ${versionCode} of ${appId} is no longer what was installed (${details[0]?.message ?? ""}): it was not started again.`,
    details,
  );
}

/**
 * Takes the app's versions away. Its data folder stays, and so do the keys that were pinned for it; a purge, also one
 * after the removal, takes both away.
 * @throws Problem `device.not_installed`
 */
export async function remove(
  device: Device,
  appId: string,
  { purge }: { readonly purge: boolean } = { purge: false },
): Promise<{ readonly appId: AppId; readonly dataDeleted: boolean }> {
  const id = parseAppId(appId);
  const app = findApp(device.state, id);
  if (!purge || app === null) mustBeInstalled(device, id);
  if (app?.current != null) await deactivate(device, id);
  if (purge) await purgeApp(device, id);
  return { appId: id, dataDeleted: purge };
}

function outcome(
  release: ReleaseRow,
  action: InstallOutcome["action"],
  previousVersionCode: VersionCode | null,
  download: Download | null = null,
): MainOutcome {
  const { appId, versionCode, version } = release;
  return { appId, action, versionCode, version, previousVersionCode, download };
}

/** @throws Problem `device.app_id_invalid` */
export function parseAppId(text: string): AppId {
  if (isAppId(text)) return text;
  throw new Problem(
    "usage",
    "device.app_id_invalid",
    `An app is named by its id, such as com.example.notes; found ${JSON.stringify(text)}.`,
  );
}

/** @throws Problem `device.not_installed` */
export function mustBeInstalled(device: Device, appId: AppId): AppRow {
  const app = findApp(device.state, appId);
  if (app && app.current !== null) return app;
  throw new Problem("not_found", "device.not_installed", `${appId} is not installed on this device.`);
}
