/** The automatic checks by name, in the order in which they run and are shown. */
export const CHECK_NAMES = [
  "container",
  "digests",
  "manifest",
  "pictures",
  "developer-signature",
  "limits",
  "owner",
  "lineage",
  "revocation",
  "version-code",
  "category",
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** A name of an older version of the program comes last. */
export function placeOfCheck(name: string): number {
  const place = CHECK_NAMES.findIndex((each) => each === name);
  return place === -1 ? CHECK_NAMES.length : place;
}
