/** Hostile digests.json (package format §2). The signatures are over these very bytes. */
import { utf8 } from "../../../src/format/testing.ts";
import { hostile, type PackageCase } from "../case.ts";
import type { Loose, PackagePlan } from "../packages.ts";
import { padding } from "../packages.ts";

const changed = (change: (digests: Loose) => Loose | undefined): PackagePlan => ({
  digests: (digests) => change(digests) ?? digests,
});
const bytes = (change: (text: string) => string): PackagePlan => ({
  digestsBytes: (canonical) => utf8(change(Buffer.from(canonical).toString("utf8"))),
});

export const DIGESTS: readonly PackageCase[] = [
  hostile(
    "digests/file-missing",
    "MPK-D002",
    "2",
    "The last file is not listed.",
    changed((d) => void d.files.pop()),
  ),
  hostile(
    "digests/file-more",
    "MPK-D002",
    "2",
    "A file is listed that is not there.",
    changed((d) => void d.files.push({ h: "0".repeat(64), n: 1, p: "zzz" })),
  ),
  hostile(
    "digests/order",
    "MPK-D002",
    "2",
    "Two files are listed in another order than the container's.",
    changed((d) => void d.files.splice(1, 2, d.files[2], d.files[1])),
  ),
  hostile(
    "digests/renamed",
    "MPK-D002",
    "2",
    "A file is listed by another name.",
    changed((d) => void (d.files[1].p = "data/other")),
  ),
  hostile(
    "digests/meta-listed",
    "MPK-D002",
    "2",
    "digests.json lists itself.",
    changed((d) => void d.files.push({ h: "0".repeat(64), n: 1, p: "META-MOSIS/digests.json" })),
  ),
  hostile(
    "digests/empty",
    "MPK-D002",
    "2",
    "No file is listed.",
    changed((d) => void (d.files = [])),
  ),
  hostile(
    "digests/size",
    "MPK-D003",
    "2",
    "A file's size is another.",
    changed((d) => void (d.files[1].n = 1)),
  ),
  hostile(
    "digests/digest",
    "MPK-D004",
    "2",
    "A file's digest is another: its contents were changed after packing.",
    changed((d) => void (d.files[1].h = "0".repeat(64))),
  ),
  hostile(
    "digests/upper-case",
    "MPK-D001",
    "2",
    "A digest in upper case.",
    changed((d) => void (d.files[0].h = d.files[0].h.toUpperCase())),
  ),
  hostile(
    "digests/short-digest",
    "MPK-D001",
    "2",
    "A digest of 63 digits.",
    changed((d) => void (d.files[0].h = d.files[0].h.slice(1))),
  ),
  hostile(
    "digests/size-as-text",
    "MPK-D001",
    "2",
    "A size that is a text.",
    changed((d) => void (d.files[0].n = String(d.files[0].n))),
  ),
  hostile(
    "digests/negative-size",
    "MPK-D001",
    "2",
    "A size below zero.",
    changed((d) => void (d.files[1].n = -1)),
  ),
  hostile(
    "digests/fraction",
    "MPK-D001",
    "2",
    "A size that is no integer.",
    changed((d) => void (d.files[1].n = 0.5)),
  ),
  hostile(
    "digests/path-as-number",
    "MPK-D001",
    "2",
    "A path that is a number.",
    changed((d) => void (d.files[1].p = 1)),
  ),
  hostile(
    "digests/version-2",
    "MPK-D001",
    "2",
    "Another version of digests.json.",
    changed((d) => void (d.v = 2)),
  ),
  hostile(
    "digests/version-as-text",
    "MPK-D001",
    "2",
    "The version is a text.",
    changed((d) => void (d.v = "1")),
  ),
  hostile(
    "digests/key-more",
    "MPK-D001",
    "2",
    "A key that is not on the page.",
    changed((d) => void (d.x = 1)),
  ),
  hostile(
    "digests/key-missing",
    "MPK-D001",
    "2",
    "No version.",
    changed((d) => ({ files: d.files })),
  ),
  hostile(
    "digests/file-key-more",
    "MPK-D001",
    "2",
    "A file with a key that is not on the page.",
    changed((d) => void (d.files[0].x = 1)),
  ),
  hostile(
    "digests/files-as-object",
    "MPK-D001",
    "2",
    "files is an object.",
    changed(() => ({ files: {}, v: 1 })),
  ),
  hostile(
    "digests/array",
    "MPK-D001",
    "2",
    "The document is an array.",
    changed((d) => [d]),
  ),
  hostile(
    "digests/not-canonical",
    "MPK-J009",
    "2",
    "A line feed at the end: not canonical JSON.",
    bytes((text) => `${text}\n`),
  ),
  hostile(
    "digests/key-twice",
    "MPK-J006",
    "2",
    "The version is given twice; two readers may see two lists.",
    bytes((text) => text.replace('"v":1}', '"v":1,"v":1}')),
  ),
  hostile(
    "digests/not-json",
    "MPK-J004",
    "2",
    "The document ends early.",
    bytes((text) => text.slice(0, -1)),
  ),
  hostile(
    "digests/more-than-16-mib",
    "MPK-J001",
    "2",
    "digests.json of more than 16 MiB.",
    bytes((text) => text + padding(16 * 2 ** 20)),
    { neighbour: "valid/20000-entries" },
  ),
];
