/**
 * Pairs of versions that are real: Debian packages of game data and of Lua in two versions, and our own sample in both
 * of its. Of each there are two released packages, and what other tools compare: an uncompressed tar of the very same
 * files, the three of META-MOSIS among them, in the same order. Compressed files would only hide from them what is
 * equal, and a tar adds to each file what a ZIP does too.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bytesSource } from "../src/format/source.ts";
import { createTestAuthorities, releasedPackage, sampleFiles, signedPackage } from "../src/format/testing.ts";
import { readEntryBytes } from "../src/format/zip/entry.ts";
import { openContainer } from "../src/format/zip/reader.ts";
import { type Archive, openArchive, type Suite } from "./debian-packages.ts";
import { timed } from "./process.ts";

export type Side = { readonly package: string; readonly tar: string };
export type Pair = {
  readonly base: Side;
  readonly target: Side;
  /** What is compared, for whoever reads the figures. */
  readonly about: string;
};

/** A package of a suite, and the folder in it that would be an app's own. */
type Version = { readonly name: string; readonly suite: Suite; readonly root?: string };
type Versions = readonly [base: Version, target: Version];

const both = (name: string, base: Suite, target: Suite): Versions => [
  { name, suite: base },
  { name, suite: target },
];

const DEBIAN: ReadonlyMap<string, Versions> = new Map([
  ["enigma-data", both("enigma-data", "bookworm", "trixie")],
  ["worldedit", both("minetest-mod-worldedit", "bookworm", "trixie")],
  ["nether", both("minetest-mod-nether", "bookworm", "trixie")],
  ["penlight", both("lua-penlight", "bookworm", "trixie")],
  ["penlight-1.15", both("lua-penlight", "trixie", "sid")],
  ["prosody", both("prosody", "bookworm", "trixie")],
  ["prosody-13.0", both("prosody", "trixie", "sid")],
  ["awesome", both("awesome", "bookworm", "sid")],
  // One program under two names: whoever compares paths finds none.
  [
    "minetest-luanti",
    [
      { name: "minetest-data", suite: "bookworm", root: "usr/share/games/minetest" },
      { name: "luanti-data", suite: "trixie", root: "usr/share/luanti" },
    ],
  ],
  ["luanti-data", both("luanti-data", "trixie", "sid")],
]);
const SAMPLE = "calculator";
export const PAIRS: readonly string[] = [...DEBIAN.keys(), SAMPLE];

let folder: string | undefined;
const prepared = new Map<string, Promise<Pair>>();

/** Made once in a run, and gone when it ends. `MOSIS_BENCH_CACHE` names a folder that keeps the downloads. */
export function preparePair(name: string): Promise<Pair> {
  const known = prepared.get(name);
  if (known) return known;
  const pair = prepare(name);
  prepared.set(name, pair);
  return pair;
}

function workFolder(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "mosis-bench-pairs-"));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

let archive: Promise<Archive> | undefined;

async function prepare(name: string): Promise<Pair> {
  const below = join(workFolder(), name);
  const versions = DEBIAN.get(name);
  if (!versions) {
    const root = join(import.meta.dirname, "../assets/samples");
    const before = filesBelow(join(root, "calculator"));
    return pairOf(
      below,
      "1.0.0 to 1.1.0",
      before,
      new Map([...before, ...filesBelow(join(root, "calculator-update"))]),
    );
  }
  archive ??= openArchive(process.env.MOSIS_BENCH_CACHE ?? join(workFolder(), "archive"), [
    "bookworm",
    "trixie",
    "sid",
  ]);
  const opened = await archive;
  const fetched = await Promise.all(
    versions.map(async (version, place) => {
      const found = await opened.fetch(version.name, version.suite);
      if (!found) throw new Error(`${version.suite} has no ${version.name}`);
      const unpacked = join(below, `unpacked-${place}`);
      mkdirSync(unpacked, { recursive: true });
      await timed(["dpkg-deb", "--extract", found.file, unpacked]);
      const files = filesBelow(join(unpacked, version.root ?? ""));
      rmSync(unpacked, { recursive: true });
      return { ...found, files };
    }),
  );
  const [base, target] = fetched;
  if (!base || !target) throw new Error("a pair is two");
  return pairOf(below, `${base.version} to ${target.version}`, base.files, target.files);
}

/** Without the documents, which Debian compresses one by one, and what a package cannot hold or would not. */
function filesBelow(root: string): Map<string, Uint8Array> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ""))
    .filter((name) => !/^usr\/share\/(doc|man)\/|^(tests|art)\/|(^|\/)\./.test(name));
  return new Map(names.sort().map((name) => [name, new Uint8Array(readFileSync(join(root, name)))]));
}

async function pairOf(
  below: string,
  versions: string,
  before: ReadonlyMap<string, Uint8Array>,
  after: ReadonlyMap<string, Uint8Array>,
): Promise<Pair> {
  const authorities = await createTestAuthorities();
  const side = async (name: string, versionCode: number, files: ReadonlyMap<string, Uint8Array>) => {
    // What is no app yet gets a manifest and icons; an app keeps its own.
    const app = files.has("manifest.json") ? files : new Map([...sampleFiles({ versionCode }), ...files]);
    const released = await releasedPackage(authorities, await signedPackage(authorities, new Map(app)));
    const made = { package: join(below, `${name}.mosis`), tar: join(below, `${name}.tar`) };
    mkdirSync(below, { recursive: true });
    writeFileSync(made.package, released);
    await writeTar(released, join(below, name), made.tar);
    return { made, text: `${app.size} files` };
  };
  const base = await side("base", 1, before);
  const target = await side("target", 2, after);
  return { base: base.made, target: target.made, about: `${versions}, ${base.text} to ${target.text}` };
}

/** The package's entries in its order. */
async function writeTar(released: Uint8Array, unpacked: string, tar: string): Promise<void> {
  const container = await openContainer(bytesSource(released));
  for (const entry of container.entries) {
    const path = join(unpacked, entry.name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await readEntryBytes(container, entry));
  }
  const list = `${unpacked}.list`;
  writeFileSync(list, container.entries.map(({ name }) => `${name}\n`).join(""));
  const same = ["--format=ustar", "--mtime=@0", "--owner=0", "--group=0", "--mode=0644", "--no-recursion"];
  await timed(["tar", "--create", ...same, "--file", tar, "--directory", unpacked, "--files-from", list]);
  rmSync(unpacked, { recursive: true });
  rmSync(list);
  if (!existsSync(tar)) throw new Error(`${tar} was not made`);
}
