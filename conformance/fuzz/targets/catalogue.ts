/** A copy of a catalogue: metadata of TUF, and every document that it lists. */
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { verifyCatalogue } from "../../../src/device/verify-catalogue.ts";
import { AT } from "../../make/case.ts";
import { CATALOGUE_CASES } from "../../make/cases/catalogues.ts";
import { binOf, type CataloguePlan, type Files, makeCatalogue, type RolePlan } from "../../make/catalogue.ts";
import { PATHS } from "../../make/content.ts";
import { mutateBytes } from "../mutate/bytes.ts";
import { mutateJson, mutateValue } from "../mutate/json.ts";
import type { Random } from "../random.ts";
import { ACCEPTED, type Made, type Outcome, pickFrom, refusedBy, type Target } from "../target.ts";

const ROOT = "metadata/1.root.json";
const ROLES = ["1.root", "targets", "revocations", "apps", "snapshot", "timestamp", ...binNames()] as const;

function binNames(): string[] {
  return [...new Set(Object.values(PATHS).map((path) => binOf(path, 2)))];
}

/**
 * A catalogue as one input: JSON of the files in which it differs from the valid one, in base64; null for one that is not
 * there.
 */
function encode(files: Files, valid: Files): Uint8Array {
  const differing: Record<string, string | null> = {};
  for (const path of valid.keys()) if (!files.has(path)) differing[path] = null;
  for (const [path, bytes] of files)
    if (!Buffer.from(valid.get(path) ?? []).equals(bytes))
      differing[path] = Buffer.from(bytes).toString("base64");
  return Buffer.from(JSON.stringify(differing));
}

function decode(bytes: Uint8Array, valid: Files): Files {
  const files = new Map(valid);
  for (const [path, text] of Object.entries(JSON.parse(Buffer.from(bytes).toString("utf8")))) {
    if (text === null) files.delete(path);
    else files.set(path, Buffer.from(String(text), "base64"));
  }
  return files;
}

function layerOf(code: string): string {
  if (/root_refused/.test(code)) return "root";
  if (/(?:metadata_malformed|not_signed|expired|rolled_back|mixed)$/.test(code)) return "metadata";
  return /(?:missing|target_changed|foreign)$/.test(code) ? "targets" : "documents";
}

export const CATALOGUE: Target = {
  name: "catalogue",
  layers: ["root", "metadata", "targets", "documents"],
  keepBytes: 90_000,
  open: async () => {
    const valid = makeCatalogue({});
    const folder = mkdtempSync(join(tmpdir(), "mosis-fuzz-"));
    const onDisk = new Map<string, Uint8Array>();
    return {
      seeds: () =>
        CATALOGUE_CASES.map(({ plan }) => encode(makeCatalogue(plan), valid)).filter(
          (seed) => seed.length < 40_000,
        ),
      make: (random, corpus) => change(random, corpus, valid),
      judge: async (bytes) => {
        const files = decode(bytes, valid);
        lay(folder, onDisk, files);
        return judge(folder, files);
      },
      close: () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

function lay(folder: string, onDisk: Map<string, Uint8Array>, files: Files): void {
  for (const path of onDisk.keys()) {
    if (files.has(path)) continue;
    rmSync(join(folder, path), { force: true });
    onDisk.delete(path);
    removeEmpty(folder, dirname(path));
  }
  for (const [path, bytes] of files) {
    if (onDisk.get(path) === bytes) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
    onDisk.set(path, bytes);
  }
}

/** Another catalogue may have a file where this one had a folder. */
function removeEmpty(folder: string, path: string): void {
  for (let at = path; at !== "."; at = dirname(at)) {
    if (readdirSync(join(folder, at)).length > 0) return;
    rmdirSync(join(folder, at));
  }
}

async function judge(folder: string, files: Files): Promise<Outcome> {
  try {
    const { apps, targets } = await verifyCatalogue(
      folder,
      files.get(ROOT) ?? new Uint8Array(0),
      new Date(AT),
    );
    return { ...ACCEPTED, place: `${apps.length} ${targets}` };
  } catch (error) {
    return refusedBy(error, layerOf);
  }
}

function change(random: Random, corpus: readonly Uint8Array[], valid: Files): Made {
  const level = random.int(10);
  if (level < 3) {
    const files = decode(pickFrom(random, corpus), valid);
    const path = random.some([...files.keys()]) ?? ROOT;
    const bytes = files.get(path) ?? new Uint8Array(0);
    const kind = random.int(4);
    if (kind === 0) files.delete(path);
    else if (kind === 1) files.set(path, files.get(random.some([...files.keys()]) ?? path) ?? bytes);
    else
      files.set(path, path.endsWith(".json") ? mutateJson(bytes, random).bytes : mutateBytes(bytes, random));
    return { bytes: encode(files, valid), repaired: "none" };
  }
  const isDocument = level > 6;
  const plan = isDocument ? changedDocument(random, valid) : changedRole(random);
  return { bytes: encode(makeCatalogue(plan), valid), repaired: isDocument ? "all metadata" : "signatures" };
}

function changedRole(random: Random): CataloguePlan {
  const role = random.pick(ROLES as unknown as readonly [string, ...string[]]);
  const plan: RolePlan = random.pick<RolePlan>([
    { signed: (signed) => mutateValue(signed, random) },
    { signed: (signed) => mutateValue(signed, random) },
    { signed: (signed) => mutateValue(signed, random) },
    { file: (metadata) => mutateValue(metadata, random) },
    { bytes: (bytes) => mutateJson(bytes, random).bytes },
  ]);
  return { roles: { [role]: plan } };
}

/** A document changed, and listed and signed as it is. */
function changedDocument(random: Random, valid: Files): CataloguePlan {
  const path = random.pick([PATHS.index, PATHS.shard, PATHS.revocations, PATHS.log, PATHS.ca]);
  const slash = path.lastIndexOf("/") + 1;
  const found = [...valid].find(
    ([name]) => name.startsWith(`targets/${path.slice(0, slash)}`) && name.endsWith(`.${path.slice(slash)}`),
  );
  const before = found?.[1] ?? new Uint8Array(0);
  const bytes = path.endsWith(".json") ? mutateJson(before, random).bytes : mutateBytes(before, random);
  const role = path === PATHS.ca ? "targets" : path === PATHS.revocations ? "revocations" : undefined;
  return {
    targets: {
      [path]: {
        bytes,
        ...(role === undefined ? {} : { role }),
        ...(role === "targets"
          ? { entry: (entry: object) => ({ ...entry, custom: { storeId: "store-1" } }) }
          : {}),
      },
    },
  };
}
