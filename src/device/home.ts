/** Where things lie on a device (package format, section 9). */
import { join } from "node:path";
import type { AppId, VersionCode } from "../ids.ts";
import type { Disk } from "./files.ts";

export type Home = {
  readonly root: string;
  readonly staging: string;
  readonly apps: string;
  readonly data: string;
  readonly tuf: string;
  readonly state: string;
  /** The device's own private key, once it has one. */
  readonly key: string;
  /** The one that is to take its place, until the store has taken it. */
  readonly nextKey: string;
  /** The access token that it has at the moment. */
  readonly token: string;
  /** How files of it are written. */
  readonly disk: Disk;
};

export function homeAt(root: string, onDurableWrite: Disk["onDurableWrite"] = () => {}): Home {
  const staging = join(root, "staging");
  return {
    root,
    staging,
    apps: join(root, "apps"),
    data: join(root, "data"),
    tuf: join(root, "tuf"),
    state: join(root, "state.db"),
    key: join(root, "device-key.pem"),
    nextKey: join(root, "device-key-next.pem"),
    token: join(root, "device-token.json"),
    disk: { staging, onDurableWrite },
  };
}

export const appFolder = (home: Home, appId: AppId): string => join(home.apps, appId);
export const versionsFolder = (home: Home, appId: AppId): string => join(home.apps, appId, "versions");
export const versionFolder = (home: Home, appId: AppId, code: VersionCode): string =>
  join(home.apps, appId, "versions", String(code));
/** The link that says which version runs. */
export const currentLink = (home: Home, appId: AppId): string => join(home.apps, appId, "current");
/** Relative to the link, so that the home may be moved. */
export const currentTarget = (code: VersionCode): string => `versions/${code}`;
/** Never touched by an update, a rollback or a removal. */
export const dataFolder = (home: Home, appId: AppId): string => join(home.data, appId);

/** Where a damaged version that runs is written anew, and runs from until it is back in its own folder. */
export const mendedFolder = (home: Home, appId: AppId, code: VersionCode): string =>
  join(home.apps, appId, mendedTarget(code));
export const mendedTarget = (code: VersionCode): string => `versions/${code}.mended`;

/** The version that a link's target names; null for anything that this program does not write. */
export function codeOfTarget(target: string | null): VersionCode | null {
  const match = TARGET.exec(target ?? "");
  return match ? (Number(match[1]) as VersionCode) : null;
}

/** Whether a link leads to a version that was mended and is not in its own folder yet. */
export const isMendedTarget = (target: string | null): boolean =>
  TARGET.exec(target ?? "")?.[2] !== undefined;

const TARGET = /^versions[/\\]([1-9]\d{0,9})(\.mended)?$/;
