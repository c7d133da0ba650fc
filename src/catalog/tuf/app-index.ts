/**
 * What devices read of an app, documented in assets/docs/reference/catalogue.md: building. Pure: rows in, canonical
 * JSON out; the same input gives the same bytes, so that nothing is signed anew without a change.
 */
import { createHash } from "node:crypto";
import { type LineageEntry, lineageJson } from "../../format/lineage.ts";
import type { Manifest } from "../../format/manifest.ts";
import type { AppId, Sha256 } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { formatTime } from "../../signing/times.ts";
import type { LogReference } from "../log/record.ts";
import type { ReleaseLog } from "../log/references.ts";

/** A delta or compact full container below `deltas/`. */
export type ContainerFile = { readonly sha256: string; readonly sizeBytes: number };

export type AppRelease = {
  readonly manifest: Manifest;
  readonly contentDigest: string;
  readonly packageSha256: string;
  readonly packageSizeBytes: number;
  readonly publishedAt: Date;
  readonly notes: string;
  readonly log: ReleaseLog;
  /** By the content digest of the release that each is applied to. */
  readonly deltas?: ReadonlyMap<string, ContainerFile>;
  readonly compact?: ContainerFile | null;
};

export type AppIndexInput = {
  readonly appId: string;
  readonly developerId: string;
  /** Whose it was before, the first one first. */
  readonly formerDevelopers?: readonly string[];
  /** Which keys may sign the app's updates and why, the first one first. */
  readonly lineage: readonly LineageEntry[];
  readonly releases: readonly AppRelease[];
  /** Offered to nobody, and kept by who has them. */
  readonly yanked?: readonly AppRelease[];
  readonly lowestVersionCode?: number;
};

export type ShardApp = {
  readonly appId: string;
  /** The organisation's name. */
  readonly publisher: string;
  readonly manifest: Manifest;
  readonly publishedAt: Date;
  readonly iconSha256: Sha256 | null;
};

export type CatalogueFile = { readonly path: string; readonly body: Uint8Array };

/** How many published versions an index lists: enough for devices whose platform API is older. */
export const LISTED_RELEASES = 10;

/** No device is on it: what is there is found by who has it, to mend a copy or to get another signature of the store. */
export const YANKED_CHANNEL = "yanked";

/** A fixed number, so that a publication rewrites one shard whatever the store has. */
export const SHARD_COUNT = 64;

/** Which shard lists an app: the six leftmost bits of the SHA-256 of its id, 0 to 63. */
export function shardOf(appId: string): number {
  const first = createHash("sha256").update(appId).digest()[0] ?? 0;
  return first >>> 2;
}

/** `catalog/00.json` to `catalog/3f.json`. */
export function shardPath(shard: number): string {
  return `catalog/${shard.toString(16).padStart(2, "0")}.json`;
}

export function indexPath(appId: string): string {
  return `apps/${appId}/index.json`;
}

/** Whose index a path names; null: nobody's. */
export function appOfIndex(path: string): AppId | null {
  return (/^apps\/(.+)\/index\.json$/.exec(path)?.[1] as AppId | undefined) ?? null;
}

/** Which shard a path names; null: none. */
export function shardAt(path: string): number | null {
  const shard = Array.from({ length: SHARD_COUNT }, (_, at) => at).find((at) => shardPath(at) === path);
  return shard ?? null;
}

/** `apps/<appId>/index.json`: highest version code first. */
export function buildAppIndex(input: AppIndexInput): CatalogueFile {
  const yanked = channelJson(input.yanked ?? []);
  const body = canonicalize({
    appId: input.appId,
    channels: {
      stable: channelJson(input.releases),
      ...(yanked.length === 0 ? {} : { [YANKED_CHANNEL]: yanked }),
    },
    developerId: input.developerId,
    ...((input.formerDevelopers ?? []).length === 0 ? {} : { formerDevelopers: input.formerDevelopers }),
    lineage: input.lineage.map(lineageJson),
    lowestVersionCode: input.lowestVersionCode ?? 1,
    v: 1,
  });
  return { path: indexPath(input.appId), body };
}

function channelJson(releases: readonly AppRelease[]) {
  return [...releases].sort((a, b) => b.manifest.versionCode - a.manifest.versionCode).map(releaseJson);
}

function releaseJson(release: AppRelease) {
  const { manifest } = release;
  const deltas = [...(release.deltas ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    compact: release.compact ? containerJson(release.compact) : null,
    contentDigest: release.contentDigest,
    dataVersion: manifest.dataVersion ?? 0,
    deltas: deltas.map(([base, file]) => ({ base, ...containerJson(file) })),
    log: { approval: logJson(release.log.approval), publication: logJson(release.log.publication) },
    notes: release.notes,
    package: {
      sha256: release.packageSha256,
      sizeBytes: release.packageSizeBytes,
      url: `packages/${release.packageSha256}.mosis`,
    },
    permissions: manifest.permissions.map((permission) => permission.name).sort(),
    publishedAt: formatTime(release.publishedAt),
    replaces: [],
    rolloutPercent: 100,
    runtimeApi: manifest.runtime.api,
    version: manifest.version,
    versionCode: manifest.versionCode,
  };
}

function logJson({ position, salt }: LogReference) {
  return { position, salt: salt === null ? null : Buffer.from(salt).toString("hex") };
}

function containerJson({ sha256, sizeBytes }: ContainerFile) {
  return { sha256, sizeBytes, url: `deltas/${sha256}.mosisd` };
}

/** `catalog/<nn>.json`: what the store's client browses and searches, sorted by app id. */
export function buildShard(shard: number, apps: readonly ShardLine[]): CatalogueFile {
  const sorted = [...apps].sort((a, b) => (a.appId < b.appId ? -1 : 1));
  const body = canonicalize({ apps: sorted, shard, shards: SHARD_COUNT, v: 1 });
  return { path: shardPath(shard), body };
}

/** An app's line in a shard. */
export type ShardLine = ReturnType<typeof shardLine>;

export function shardLine(app: ShardApp) {
  const { manifest } = app;
  return {
    appId: app.appId,
    category: manifest.category ?? null,
    defaultLocale: manifest.defaultLocale,
    icon: app.iconSha256 === null ? null : { sha256: app.iconSha256, url: `pictures/${app.iconSha256}.png` },
    publishedAt: formatTime(app.publishedAt),
    publisher: app.publisher,
    runtimeApi: manifest.runtime.api,
    texts: Object.fromEntries(
      Object.keys(manifest.name).map((locale) => [
        locale,
        { name: manifest.name[locale] ?? "", summary: summaryIn(manifest, locale) },
      ]),
    ),
    version: manifest.version,
    versionCode: manifest.versionCode,
  };
}

/** A locale that has a name and no summary of its own shows the one that the app always has, if any. */
function summaryIn(manifest: Manifest, locale: string): string {
  return manifest.summary?.[locale] ?? manifest.summary?.[manifest.defaultLocale] ?? "";
}
