import { excerpt } from "../../signing/refuse.ts";
import { type FindingCode, type FindingPlace, type FormatError, formatError } from "../findings.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, MANIFEST_NAME, type PackageKind, STORE_NAME } from "../names.ts";

const MAX_NAME_BYTES = 200;
export const MAX_SEGMENTS = 16;
const SEGMENTS = new RegExp(`^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+){0,${MAX_SEGMENTS - 1}}$`);
/** A segment that starts or ends with a dot. */
const DOTTED = /(?:^|\/)\.|\.(?:\/|$)/;
const DEVICES = "(?:con|prn|aux|nul|com[0-9]|lpt[0-9])";
const DEVICE = new RegExp(`^${DEVICES}$`, "i");
/** A segment whose part before its first dot is one. */
const HAS_DEVICE = new RegExp(`(?:^|/)${DEVICES}(?:\\.[^/]*)?(?:/|$)`, "i");
const IN_META = /^META-MOSIS(?:\/|$)/i;

/** Where each name belongs: the manifest, the app's files, then the three of META-MOSIS. */
const META_RANKS: ReadonlyMap<string, number> = new Map([
  [DIGESTS_NAME, 2],
  [DEVELOPER_NAME, 3],
  [STORE_NAME, 4],
]);

/** Whether a word is a Windows device name, in any case. */
export function isDeviceName(word: string): boolean {
  return DEVICE.test(word);
}

function refuse(code: FindingCode, message: string, place: FindingPlace): FormatError {
  return formatError("container", code, message, place);
}

/** Throws MPK-C013, C014 or C017 unless the name is one that an entry may have. */
export function checkName(name: string, offset?: number): void {
  if (name.length > MAX_NAME_BYTES || !SEGMENTS.test(name) || DOTTED.test(name)) {
    throw refuseName("MPK-C013", name, offset, {
      message: `“${excerpt(name)}” is no name for an entry.`,
      expected: "1–200 bytes, at most 16 segments of A–Z a–z 0–9 . _ - that neither start nor end with a dot",
    });
  }
  if (HAS_DEVICE.test(name)) {
    const device = name.split("/").find((segment) => isDeviceName(segment.split(".", 1)[0] ?? ""));
    throw refuseName("MPK-C014", name, offset, {
      message: `“${device}” in “${excerpt(name)}” is the name of a Windows device.`,
      expected: "no segment that is CON, PRN, AUX, NUL, COM0–9 or LPT0–9 before its first dot",
    });
  }
  if (IN_META.test(name) && !META_RANKS.has(name)) {
    throw refuseName("MPK-C017", name, offset, {
      message: `“${excerpt(name)}” has no place in a package.`,
      expected: [...META_RANKS.keys()].join(", "),
    });
  }
}

/** Words are made for a name that is refused only: of 20,000 names they would be most of the time. */
function refuseName(
  code: FindingCode,
  name: string,
  offset: number | undefined,
  { message, expected }: { readonly message: string; readonly expected: string },
): FormatError {
  const shown = excerpt(name);
  const found = name === "" ? "an empty name" : shown;
  return refuse(code, message, {
    entry: shown,
    ...(offset === undefined ? {} : { offset }),
    found,
    expected,
  });
}

function rankOf(name: string): number {
  return name === MANIFEST_NAME ? 0 : (META_RANKS.get(name) ?? 1);
}

/**
 * The container's order: manifest.json, the app's files by the unsigned bytes of their names (which are ASCII, so that
 * comparing UTF-16 code units is the same), digests.json, developer.dsse, store.dsse.
 */
export function compareNames(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Throws MPK-C019 or C018 unless the names are whole and, that being so, in order; gives the package's kind. */
export function checkOrder(names: readonly string[]): PackageKind {
  const isReleased = names.includes(STORE_NAME);
  for (const entry of [MANIFEST_NAME, DIGESTS_NAME, ...(isReleased ? [DEVELOPER_NAME] : [])]) {
    if (names.includes(entry)) continue;
    throw refuse("MPK-C019", `The package has no ${entry}.`, {
      entry,
      found: "no such entry",
      expected: entry,
    });
  }
  for (const [index, name] of names.entries()) {
    const before = names[index - 1];
    if (before !== undefined && compareNames(before, name) > 0) {
      throw refuse("MPK-C018", `“${name}” comes after “${before}”, which is the wrong order.`, {
        entry: name,
        found: `${before}, ${name}`,
        expected: `${name}, ${before}`,
      });
    }
  }
  if (isReleased) return "released";
  return names.includes(DEVELOPER_NAME) ? "signed" : "unsigned";
}
