/** What an app is said to be in, for each list and page that says it. Pure. */
import type { VersionState } from "../db/version-states.ts";
import type { AppView, VersionView } from "./views.ts";

/** What was published and is offered to nobody any more is called so, whatever its version's row says. */
export type ShownVersionState = VersionState | "yanked";
export type ShownAppState = ShownVersionState | "deleting" | "deprecated";

export function shownVersionState({
  state,
  yanked,
}: Pick<VersionView, "state" | "yanked">): ShownVersionState {
  return yanked === null ? state : "yanked";
}

/**
 * The gravest first: that it is being deleted alone, since all else ends with it; or where its newest version is and that its
 * developers advise against it. Empty while nothing was uploaded.
 */
export function shownAppStates({
  newestVersion,
  deprecatedAt,
  deletionAt,
}: Pick<AppView, "newestVersion" | "deprecatedAt" | "deletionAt">): readonly ShownAppState[] {
  if (deletionAt !== null) return ["deleting"];
  return [
    ...(newestVersion === null ? [] : [shownVersionState(newestVersion)]),
    ...(deprecatedAt === null ? [] : ["deprecated" as const]),
  ];
}

/** The versions of which both have to be told, since devices get another than the newest one; null: one tells it all. Pure. */
export function shownBehind({
  newestVersion,
  offeredVersion,
  deletionAt,
}: Pick<AppView, "newestVersion" | "offeredVersion" | "deletionAt">): {
  readonly offered: string;
  readonly newest: string;
} | null {
  if (deletionAt !== null || newestVersion === null || offeredVersion === null) return null;
  if (newestVersion.id === offeredVersion.id) return null;
  return { offered: offeredVersion.version, newest: newestVersion.version };
}
