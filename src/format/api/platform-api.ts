import type { ApiError, ApiLua, ApiPermission, ApiVersion, ModuleDocument } from "./documents.ts";

/** The API manifest: what apps can call on a device, in every version that there is. */
export type PlatformApi = {
  /** Rising. */
  readonly versions: readonly ApiVersion[];
  /** Sorted by name, of every version. */
  readonly permissions: readonly ApiPermission[];
  readonly errors: readonly ApiError[];
  readonly lua: ApiLua;
  /** Sorted by name, of every version. */
  readonly modules: readonly ModuleDocument[];
};

/** Below 0 when `a` is the older one. Both are `<major>.<minor>`. */
export function compareApiVersions(a: ApiVersion, b: ApiVersion): number {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Whether something is there in a version: not newer than it. What is deprecated is there still. */
export function isThere(since: ApiVersion, version: ApiVersion): boolean {
  return compareApiVersions(since, version) <= 0;
}

/** The permissions of one version, by name. */
export function permissionsIn(api: PlatformApi, version: ApiVersion): ReadonlyMap<string, ApiPermission> {
  return new Map(
    api.permissions
      .filter(({ since }) => isThere(since, version))
      .map((permission) => [permission.name, permission]),
  );
}

/** A permission of whatever version, for those who tell of it; undefined for a name that is none. */
export function findPermission(api: PlatformApi, name: string): ApiPermission | undefined {
  return api.permissions.find((permission) => permission.name === name);
}

/** Modules and functions of one version. */
export function modulesIn(api: PlatformApi, version: ApiVersion): readonly ModuleDocument[] {
  return api.modules
    .filter(({ since }) => isThere(since, version))
    .map((module) => ({
      ...module,
      functions: module.functions.filter(({ since }) => isThere(since, version)),
    }));
}
