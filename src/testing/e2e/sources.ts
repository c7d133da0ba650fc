/** The apps of the end-to-end tests as folders, and what a device must have of them, told without asking the packer. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { SAMPLES, writeSample } from "../../cli/demo/samples.ts";

export type Release = {
  readonly name: string;
  readonly id: string;
  readonly versionCode: number;
  readonly notes: string;
  /** The folder as a developer has it. */
  readonly folder: string;
};

const root = join(import.meta.dirname, "../../..");

/** Real Lua that we did not write: Debian's minetest-mod-mesecons, with its textures, sounds and models. */
const MESECONS = "/usr/share/games/minetest/mods/mesecons";
const MESECONS_MANIFEST = {
  schema: 1,
  id: "net.mesecons.mesecons",
  name: { en: "Mesecons" },
  summary: { en: "Digital circuitry: wires, gates, pistons and a microcontroller." },
  defaultLocale: "en",
  version: "1.2.1",
  versionCode: 1,
  author: { name: "Mesecons developers", url: "https://mesecons.net" },
  entry: "mesecons/init.lua",
  icons: [64, 128, 512].map((size) => ({ size, src: `icons/${size}.png` })),
  permissions: [],
  runtime: { api: "1.0", lua: "5.4" },
};

/** Writes all of them below `folder`: the three samples, the update of the first, and mesecons. */
export async function writeReleases(folder: string): Promise<Release[]> {
  const releases: Release[] = [];
  for (const sample of SAMPLES) {
    const target = join(folder, sample.name);
    await writeSample(sample, target);
    const { name, id, versionCode, notes } = sample;
    releases.push({ name, id, versionCode, notes, folder: target });
  }
  const mesecons = join(folder, "mesecons");
  cpSync(MESECONS, mesecons, { recursive: true });
  cpSync(join(root, "assets/samples/calculator/icons"), join(mesecons, "icons"), { recursive: true });
  writeFileSync(join(mesecons, "manifest.json"), JSON.stringify(MESECONS_MANIFEST, null, 2));
  const { id, versionCode } = MESECONS_MANIFEST;
  releases.push({ name: "mesecons", id, versionCode, notes: "As Debian has it.", folder: mesecons });
  return releases;
}

/** Path with `/` → bytes, of every file below a folder. */
export function readTree(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) throw new Error(`${path} is no plain file`);
    files.set(relative(folder, path).split(sep).join("/"), readFileSync(path));
  }
  return files;
}

/** What our samples' .mosisignore files leave out, in words of our own, so that the packer is not asked what it did. */
const LEFT_OUT = /^(?:tests|art)\/|^\.mosisignore$/;
const ENVELOPES = ["META-MOSIS/developer.dsse", "META-MOSIS/digests.json", "META-MOSIS/store.dsse"];

/**
 * How an installed version differs from the folder that it was packed from; empty when it does not. Every file is
 * compared byte for byte, but for manifest.json: packing writes that in its canonical form, so its value is compared.
 */
export function differences(source: string, installed: string): string[] {
  const wanted = new Map([...readTree(source)].filter(([path]) => !LEFT_OUT.test(path)));
  const found = readTree(installed);
  const wrong: string[] = [];
  for (const [path, bytes] of wanted) {
    const there = found.get(path);
    if (there === undefined) wrong.push(`${path} is missing`);
    else if (path === "manifest.json" ? !sameJson(bytes, there) : !bytes.equals(there))
      wrong.push(`${path} has other bytes`);
  }
  for (const path of found.keys()) {
    if (!wanted.has(path) && !ENVELOPES.includes(path)) wrong.push(`${path} was not in the folder`);
  }
  for (const path of ENVELOPES) if (!found.has(path)) wrong.push(`${path} is missing`);
  return wrong;
}

function sameJson(a: Buffer, b: Buffer): boolean {
  return Bun.deepEquals(JSON.parse(a.toString()), JSON.parse(b.toString()), true);
}
