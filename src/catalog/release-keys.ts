/** Under which keys lie the files that a release names: packages, containers and pictures. */
import type { Sha256 } from "../ids.ts";
import { CATALOGUE_PREFIX } from "./tuf/roles.ts";

/** Not public: a held release is nobody's business yet, and that of a private app is its audiences'. */
export function releaseKey(sha256: Sha256): string {
  return `releases/${sha256}.mosis`;
}

/** What everybody may download. */
export function packageKey(sha256: Sha256): string {
  return publicKey(`packages/${sha256}.mosis`);
}

/** Delta and compact full containers; not public. */
export function containerKey(sha256: Sha256): string {
  return `deltas/${sha256}.mosisd`;
}

const RELEASE = /(?:^|\/)(packages|releases|deltas)\/([0-9a-f]{64})\.(?:mosis|mosisd)$/;

/** What lies under a key that devices fetch to have an app: a package or a container; null: something else. */
export function releaseFileOf(
  key: string,
): { readonly folder: "packages" | "deltas"; readonly sha256: Sha256 } | null {
  const [, folder, sha256] = RELEASE.exec(key) ?? [];
  if (sha256 === undefined) return null;
  return { folder: folder === "deltas" ? "deltas" : "packages", sha256: sha256 as Sha256 };
}

/** Where the copy of a container or a picture lies that everybody may download. */
export function publicKey(key: string): string {
  return `${CATALOGUE_PREFIX}${key}`;
}
