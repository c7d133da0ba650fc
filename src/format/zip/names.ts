import { excerpt } from "../../signing/refuse.ts";
import { type FindingCode, type FindingPlace, type FormatError, formatError } from "../findings.ts";
import {
  DEVELOPER_NAME,
  DIGESTS_NAME,
  MANIFEST_NAME,
  META_FOLDER,
  type PackageKind,
  STORE_NAME,
} from "../names.ts";

const SEGMENTS = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
const MAX_NAME_BYTES = 200;
const MAX_SEGMENTS = 16;

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
  const shown = excerpt(name);
  const found = name === "" ? "an empty name" : shown;
  const place = { entry: shown, ...(offset === undefined ? {} : { offset }), found };
  const segments = name.split("/");
  const dotted = segments.find((segment) => segment.startsWith(".") || segment.endsWith("."));
  if (
    name.length > MAX_NAME_BYTES ||
    segments.length > MAX_SEGMENTS ||
    !SEGMENTS.test(name) ||
    dotted !== undefined
  ) {
    throw refuse("MPK-C013", `“${shown}” is no name for an entry.`, {
      ...place,
      expected: "1–200 bytes, at most 16 segments of A–Z a–z 0–9 . _ - that neither start nor end with a dot",
    });
  }
  const device = segments.find((segment) => isDeviceName(segment.split(".", 1)[0] ?? ""));
  if (device !== undefined) {
    throw refuse("MPK-C014", `“${device}” in “${shown}” is the name of a Windows device.`, {
      ...place,
      expected: "no segment that is CON, PRN, AUX, NUL, COM0–9 or LPT0–9 before its first dot",
    });
  }
  if (segments[0]?.toUpperCase() === META_FOLDER && !META_RANKS.has(name)) {
    throw refuse("MPK-C017", `“${shown}” has no place in a package.`, {
      ...place,
      expected: [...META_RANKS.keys()].join(", "),
    });
  }
}

/** A check to be called with each name in turn: unique, and folders of one spelling, without regard to case (MPK-C015, C016). */
export function createNameSet(): (name: string, offset?: number) => void {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  return (name, offset) => {
    const at = offset === undefined ? {} : { offset };
    const lower = name.toLowerCase();
    const twin = files.get(lower);
    if (twin !== undefined) {
      throw refuse("MPK-C015", `“${name}” and “${twin}” are one name on some disks.`, {
        entry: name,
        ...at,
        found: `${twin} and ${name}`,
        expected: "names that are unique without regard to case",
      });
    }
    files.set(lower, name);
    const clash = (found: string) =>
      refuse("MPK-C016", `The folder of “${name}” clashes with “${found}”.`, {
        entry: name,
        ...at,
        found,
        expected: "one spelling for a folder, and no file of that name",
      });
    const folderAsFile = folders.get(lower);
    if (folderAsFile !== undefined) throw clash(`${folderAsFile}/`);
    for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
      const folder = name.slice(0, slash);
      // A text of its own for each of 300,000 folders is what this costs; most are in lower case.
      const folderLower = lower === name ? folder : lower.slice(0, slash);
      const spelled = folders.get(folderLower);
      if (spelled === undefined) {
        const file = files.get(folderLower);
        if (file !== undefined) throw clash(file);
        folders.set(folderLower, folder);
      } else if (spelled !== folder) {
        throw clash(`${spelled}/`);
      }
    }
  };
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

/** Throws MPK-C018 or C019 unless the names are whole and in order; gives the package's kind. */
export function checkOrder(names: readonly string[]): PackageKind {
  const missing = (entry: string) =>
    refuse("MPK-C019", `The package has no ${entry}.`, { entry, found: "no such entry", expected: entry });
  if (!names.includes(MANIFEST_NAME)) throw missing(MANIFEST_NAME);
  if (!names.includes(DIGESTS_NAME)) throw missing(DIGESTS_NAME);
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
  const signed = names.includes(DEVELOPER_NAME);
  if (!names.includes(STORE_NAME)) return signed ? "signed" : "unsigned";
  if (!signed) throw missing(DEVELOPER_NAME);
  return "released";
}
