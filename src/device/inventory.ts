/** What is on the device and what the store has. */

import { SHARD_COUNT, shardPath } from "../catalog/tuf/app-index.ts";
import { parseShard, SHARD_MAX_BYTES, type ShardEntry } from "../catalog/tuf/documents.ts";
import type { Revocation } from "../catalog/tuf/revocations.ts";
import type { AppId, Sha256, VersionCode } from "../ids.ts";
import { withCatalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { currentLink } from "./home.ts";
import { knownNoticed, type Noticed } from "./notices.ts";
import { type AppRow, findRelease, listApps } from "./records.ts";
import { type Enforced, enforceRevocations, knownRevocations } from "./revocations.ts";
import { findRevocation } from "./trust.ts";

export type InstalledApp = {
  readonly appId: AppId;
  readonly name: string;
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly previousVersionCode: VersionCode | null;
  readonly contentDigest: Sha256;
  readonly developerId: string;
  readonly installedAt: Date;
  /** `blocked`: revoked by the store, starts still and is not installed again. `disabled`: must not be started. */
  readonly state: "ready" | "blocked" | "disabled";
  /** The store's, of what is not ready. */
  readonly reason: string | null;
  /** What the store told people of the app and this version, as of its last install or update. */
  readonly noticed: Noticed;
  /** The link to the files of the version that runs. */
  readonly folder: string;
};

/** What is installed, by app id. Needs no network. */
export function list(device: Device): InstalledApp[] {
  const revocations = knownRevocations(device);
  return listApps(device.state).flatMap((app) => {
    const release = app.current === null ? null : findRelease(device.state, app.appId, app.current);
    if (!release) return [];
    return [
      {
        appId: app.appId,
        name: release.name,
        version: release.version,
        versionCode: release.versionCode,
        previousVersionCode: app.previous,
        contentDigest: release.contentDigest,
        developerId: release.developerId,
        installedAt: release.installedAt,
        ...standing(app, findRevocation(revocations, release)),
        noticed: knownNoticed(device.state, app.appId),
        folder: currentLink(device.home, app.appId),
      },
    ];
  });
}

/** What is to be carried out was carried out at the refresh: what is revoked and neither gone nor disabled is blocked. */
function standing(app: AppRow, revocation: Revocation | null): Pick<InstalledApp, "state" | "reason"> {
  if (app.disabledReason !== null) return { state: "disabled", reason: app.disabledReason };
  return revocation === null
    ? { state: "ready", reason: null }
    : { state: "blocked", reason: revocation.reason };
}

/** Follows the catalogue and carries the store's revocations out. @throws Problem `device.unreachable`, `device.catalogue_…` */
export async function refresh(device: Device): Promise<{ readonly enforced: readonly Enforced[] }> {
  return withCatalogue(device, async (catalogue) => ({
    enforced: await enforceRevocations(device, catalogue.revocations),
  }));
}

export type SearchHit = {
  readonly appId: AppId;
  readonly name: string;
  readonly summary: string;
  readonly publisher: string;
  readonly category: string | null;
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly installedVersionCode: VersionCode | null;
};

/**
 * Apps whose id, publisher, or name or summary in any language has every word of the query; all apps without words.
 * Texts come in `locale` when the app has it, by name order.
 *
 * @throws Problem `device.unreachable`, `device.catalogue_…`, `catalogue.malformed`
 */
export async function search(device: Device, query: string, locale = "en"): Promise<SearchHit[]> {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const entries = await withCatalogue(device, async (catalogue) => {
    await enforceRevocations(device, catalogue.revocations);
    const all = new Map<AppId, ShardEntry>();
    for (const part of catalogue.parts)
      for (let shard = 0; shard < SHARD_COUNT; shard++) {
        const bytes = await part.read(shardPath(shard), SHARD_MAX_BYTES);
        for (const entry of bytes ? parseShard(bytes, shard) : [])
          if (entry.versionCode > (all.get(entry.appId)?.versionCode ?? 0)) all.set(entry.appId, entry);
      }
    return [...all.values()];
  });
  const installed = new Map(listApps(device.state).map((app) => [app.appId, app.current]));
  return entries
    .filter((entry) => words.every((word) => haystack(entry).includes(word)))
    .map((entry) => {
      const texts = entry.texts.get(locale) ?? entry.texts.get(entry.defaultLocale);
      return {
        appId: entry.appId,
        name: texts?.name ?? entry.appId,
        summary: texts?.summary ?? "",
        publisher: entry.publisher,
        category: entry.category,
        version: entry.version,
        versionCode: entry.versionCode,
        installedVersionCode: installed.get(entry.appId) ?? null,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, locale) || (a.appId < b.appId ? -1 : 1));
}

function haystack(entry: ShardEntry): string {
  const texts = [...entry.texts.values()].flatMap((text) => [text.name, text.summary]);
  return fold([entry.appId, entry.publisher, ...texts].join("\n"));
}

/** "Übersicht" is found by "ubersicht". */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
