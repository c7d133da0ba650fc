/**
 * The ways to a release's files, the least download first: a delta to a version that is here, the compact full
 * container, the package. Whatever the way, what it gives is judged alike, and a way that fails leads to the next one.
 */
import { rm } from "node:fs/promises";
import type { FileReference, IndexedRelease } from "../catalog/tuf/documents.ts";
import { isProblem, Problem } from "../errors.ts";
import type { FileSet } from "../format/delta/read.ts";
import { FormatError } from "../format/findings.ts";
import { type Verdict, verifyPackage } from "../format/verify.ts";
import type { AppId, Sha256 } from "../ids.ts";
import { openFileSource } from "../storage/file-source.ts";
import type { Device } from "./context.ts";
import { downloadFile, partPath } from "./download.ts";
import { versionFolder } from "./home.ts";
import { openInstalledFiles } from "./installed-files.ts";
import { writeRebuilt } from "./rebuilt-files.ts";
import { findApp, findRelease, type ReleaseRow } from "./records.ts";
import type { JudgedPackage } from "./trust.ts";
import { checkVersion, writeVersion } from "./version-files.ts";

export type WayKind = "delta" | "compact" | "package";

export type Download = {
  /** The way that brought it. */
  readonly way: WayKind;
  /** All that came over the line for it, also by ways that failed. */
  readonly receivedBytes: number;
  /** What the package alone would have been. */
  readonly packageBytes: number;
  /** Ways that were tried before, and why they did not do. */
  readonly refused: readonly RefusedWay[];
};

export type RefusedWay = { readonly way: WayKind; readonly code: string; readonly message: string };

export type Wanted = {
  readonly appId: AppId;
  readonly release: IndexedRelease;
  /** The address that its files are below. */
  readonly base: string;
  readonly authorities: { readonly roots: readonly string[]; readonly developerCas: readonly string[] };
  /** @throws Problem when the release may not be installed */
  readonly judge: (verdict: Verdict) => Promise<JudgedPackage>;
};

type Way = { readonly kind: WayKind; readonly file: FileReference; readonly base: ReleaseRow | null };

/**
 * Downloads, judges and writes the release to its place among the versions; what runs is not touched.
 * @throws Problem of the last way: `device.package_changed`, `device.package_refused`, `device.unreachable`, and as `judge`
 */
export async function obtainRelease(
  device: Device,
  wanted: Wanted,
): Promise<{ readonly judged: JudgedPackage; readonly download: Download }> {
  const { release } = wanted;
  const refused: RefusedWay[] = [];
  let receivedBytes = 0;
  for (const way of waysTo(device, wanted)) {
    try {
      if (way.base !== null) await mustBeWhole(device, way.base);
      const path = await downloadFile(device, wanted, way.file, (bytes) => {
        receivedBytes += bytes;
      });
      const judged = await usePart(path, () => place(device, wanted, way, path));
      await forgetParts(device, release);
      const download = { way: way.kind, receivedBytes, packageBytes: release.package.sizeBytes, refused };
      return { judged, download };
    } catch (error) {
      if (way.kind === "package" || !isWaysFault(error)) throw error;
      refused.push({ way: way.kind, code: error.code, message: error.message });
    }
  }
  throw new Error("the package is the last way");
}

/** Refused or written: either way these bytes are of no more use. */
async function usePart<Value>(path: string, use: () => Promise<Value>): Promise<Value> {
  try {
    return await use();
  } finally {
    await rm(path, { force: true });
  }
}

/** Takes away what was fetched of a release by ways that were not gone to their end. */
export async function forgetParts(device: Device, release: IndexedRelease): Promise<void> {
  const files = [release.package, release.compact, ...release.deltas];
  for (const file of files)
    if (file !== null) await rm(partPath(device.home.staging, file.sha256), { force: true });
}

function waysTo(device: Device, { appId, release }: Wanted): Way[] {
  const present = basesOf(device, appId);
  const deltas = release.deltas.flatMap((file): Way[] => {
    const base = present.get(file.base);
    return base === undefined ? [] : [{ kind: "delta", file, base }];
  });
  return [
    ...deltas.sort((a, b) => a.file.sizeBytes - b.file.sizeBytes),
    ...(release.compact === null ? [] : [{ kind: "compact" as const, file: release.compact, base: null }]),
    { kind: "package", file: release.package, base: null },
  ];
}

/** The version that runs and the one that is kept. */
function basesOf(device: Device, appId: AppId): ReadonlyMap<Sha256, ReleaseRow> {
  const app = findApp(device.state, appId);
  const bases = new Map<Sha256, ReleaseRow>();
  for (const code of [app?.current ?? null, app?.previous ?? null]) {
    const row = code === null ? null : findRelease(device.state, appId, code);
    if (row) bases.set(row.contentDigest, row);
  }
  return bases;
}

/** Another base would decode to garbage. @throws Problem `device.files_changed` */
async function mustBeWhole(device: Device, base: ReleaseRow): Promise<void> {
  const [problem] = await checkVersion(device, base.appId, base.versionCode, base.contentDigest);
  if (problem === undefined) return;
  throw new Problem(
    "unprocessable",
    "device.files_changed",
    `Version code ${base.versionCode} of ${base.appId} cannot be built on: ${problem.path} is ${problem.problem}.`,
  );
}

async function place(device: Device, wanted: Wanted, way: Way, path: string): Promise<JudgedPackage> {
  const { appId, release, authorities, judge } = wanted;
  const { roots, developerCas } = authorities;
  const policy = { now: device.clock.now(), roots, developerCas };
  const source = await openFileSource(path);
  try {
    if (way.kind === "package") {
      device.onProgress({ phase: "check", appId, doneBytes: 0, totalBytes: source.sizeBytes });
      const judged = await judge(await verifyPackage(source, { ...policy, expect: "released" }));
      await writeVersion(device, { ...release, appId }, source);
      return judged;
    }
    return await withBase(device, way.base, (base) =>
      writeRebuilt(device, { ...release, appId }, { source, base, policy, judge }),
    );
  } finally {
    await source.close();
  }
}

async function withBase<Value>(
  device: Device,
  row: ReleaseRow | null,
  use: (base: FileSet | null) => Promise<Value>,
): Promise<Value> {
  if (row === null) return use(null);
  const base = await openInstalledFiles(versionFolder(device.home, row.appId, row.versionCode));
  try {
    return await use(base);
  } finally {
    await base.close();
  }
}

/** What another way may not have: the device's own disk and state, and a person's wish to end, are the same on all. */
const WAYS_FAULTS: ReadonlySet<string> = new Set([
  "device.files_changed",
  "device.index_mismatch",
  "device.key_not_in_lineage",
  "device.not_in_log",
  "device.other_store",
  "device.package_changed",
  "device.package_refused",
  "device.redirected",
  "device.revoked",
  "device.unreachable",
]);

function isWaysFault(error: unknown): error is Problem {
  return error instanceof FormatError || (isProblem(error) && WAYS_FAULTS.has(error.code));
}
