/**
 * `apps/<appId>/notices.json`, documented in assets/docs/reference/catalogue.md: what people on devices are told of an app
 * that they have. It decides nothing: what is offered, and to whom, is said by the index. A reader that does not know it
 * misses words alone.
 */
import { appIdFault } from "../../format/app-id.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { formatTime, isTime } from "../../signing/times.ts";
import type { CatalogueFile } from "./app-index.ts";
import { lineRule } from "./lines.ts";
import { document } from "./reader.ts";

export const NOTICES_MAX_BYTES = 2 ** 17;
/** Of the newest yanked versions: as many as certainly fit. */
export const NOTICED_VERSIONS = 64;
/** Of a text in it, in code points. */
export const YANK_REASON_MOST = 200;
export const DEPRECATION_TEXT_MOST = 500;

export type YankedNotice = {
  readonly versionCode: VersionCode;
  readonly reason: string;
  readonly yankedAt: Date;
};

export type AppNotices = {
  readonly appId: AppId;
  /** Null: the app is not deprecated. `instead`: an app that who reads this may see; null: none. */
  readonly deprecated: { readonly text: string; readonly instead: AppId | null } | null;
  /** The highest version code first, each once. */
  readonly yanked: readonly YankedNotice[];
};

export function noticesPath(appId: string): string {
  return `apps/${appId}/notices.json`;
}

/** Whose notices a path names; null: nobody's. */
export function appOfNotices(path: string): AppId | null {
  return (/^apps\/(.+)\/notices\.json$/.exec(path)?.[1] as AppId | undefined) ?? null;
}

/** Null where there is nothing to tell: then there is no such file. */
export function buildNotices({ appId, deprecated, yanked }: AppNotices): CatalogueFile | null {
  if (deprecated === null && yanked.length === 0) return null;
  const body = canonicalize({
    appId,
    deprecated: deprecated && { instead: deprecated.instead, text: deprecated.text },
    v: 1,
    yanked: yanked.map(({ versionCode, reason, yankedAt }) => ({
      reason,
      versionCode,
      yankedAt: formatTime(yankedAt),
    })),
  });
  return { path: noticesPath(appId), body };
}

/** @throws Problem `catalogue.malformed` */
export function parseNotices(bytes: Uint8Array): AppNotices {
  const root = document(bytes, NOTICES_MAX_BYTES, "notices.json");
  root.exactly("appId", "deprecated", "v", "yanked");
  root.get("v").literal(1);
  const appId = root.get("appId").lawful(appIdFault) as AppId;
  const deprecated = root.get("deprecated");
  if (!deprecated.isNull()) deprecated.exactly("instead", "text");
  let above = Number.MAX_SAFE_INTEGER;
  return {
    appId,
    deprecated: deprecated.isNull()
      ? null
      : {
          text: deprecated.get("text").lawful(lineRule(DEPRECATION_TEXT_MOST)),
          instead: deprecated.get("instead").isNull()
            ? null
            : (deprecated.get("instead").lawful(appIdFault) as AppId),
        },
    yanked: root.get("yanked").list(
      (item) => {
        item.exactly("reason", "versionCode", "yankedAt");
        const versionCode = item.get("versionCode").versionCode();
        if (versionCode >= above) item.get("versionCode").refuse("a version code below the one before it");
        above = versionCode;
        return {
          versionCode,
          reason: item.get("reason").lawful(lineRule(YANK_REASON_MOST)),
          yankedAt: new Date(item.get("yankedAt").match(isTime, "YYYY-MM-DDTHH:MM:SSZ")),
        };
      },
      0,
      NOTICED_VERSIONS,
    ),
  };
}
