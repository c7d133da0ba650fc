/** Which mosis this is. The build puts the commit and the date in with `--define`. */
import { version } from "../../package.json" with { type: "json" };

declare const MOSIS_BUILD_COMMIT: string;
declare const MOSIS_BUILD_DATE: string;

export type BuildFacts = {
  readonly version: string;
  /** The commit that it was built from; "unknown" when it runs from its source. */
  readonly commit: string;
  /** When it was built, RFC 3339; "unknown" when it runs from its source. */
  readonly buildDate: string;
};

export const BUILD: BuildFacts = {
  version,
  commit: typeof MOSIS_BUILD_COMMIT === "string" ? MOSIS_BUILD_COMMIT : "unknown",
  buildDate: typeof MOSIS_BUILD_DATE === "string" ? MOSIS_BUILD_DATE : "unknown",
};

/** `mosis 0.1.0 (commit 3f2a91c, built 2026-11-20T09:00:00Z)` */
export function versionLine(build: BuildFacts = BUILD): string {
  if (build.commit === "unknown" && build.buildDate === "unknown")
    return `mosis ${build.version} (commit unknown, built unknown: from its source)`;
  return `mosis ${build.version} (commit ${build.commit}, built ${build.buildDate})`;
}
