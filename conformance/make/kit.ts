/** The whole kit as files, and its index: what each file is, and what a reader says of it. */
import { sha256Hex } from "../../src/format/digests.ts";
import { authorities } from "./authorities.ts";
import type { PackageCase } from "./case.ts";
import { CATALOGUE_CASES } from "./cases/catalogues.ts";
import { basePackage, DELTA_CASES, type DeltaCase, expectedFiles, makeDelta } from "./cases/deltas.ts";
import { type Files, makeCatalogue } from "./catalogue.ts";
import type { CatalogueCase } from "./catalogue-case.ts";
import { PACKAGE_CASES } from "./package-cases.ts";
import { makePackage } from "./packages.ts";

export type KitFile = { readonly path: string; readonly bytes: Uint8Array };

/** What every row of cases.json has; cases.schema.json says what each key means. */
type Indexed = {
  readonly id: string;
  readonly verdict: "accepted" | "refused";
  readonly code: string | null;
  readonly section: string;
  readonly why: string;
  readonly neighbour: string | null;
};

export type IndexedPackage = Indexed & {
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly sparseBytes?: number;
  readonly ca: string;
  readonly at: string;
};

export type IndexedDelta = Indexed & {
  readonly base: string | null;
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly sparseBytes?: number;
};

export type IndexedCatalogue = Indexed & {
  readonly folder: string;
  readonly root: string;
  readonly at: string;
  readonly audience: string | null;
  readonly sha256: string;
};

export type Index = {
  readonly v: 1;
  /** Files that several cases use, authorities and bases: file → SHA-256. */
  readonly shared: Readonly<Record<string, string>>;
  readonly packages: readonly IndexedPackage[];
  readonly deltas: readonly IndexedDelta[];
  /** What every accepted delta gives: file → SHA-256. */
  readonly deltaResult: Readonly<Record<string, string>>;
  readonly catalogues: readonly IndexedCatalogue[];
};

type Made = {
  readonly id: string;
  readonly code: string | null;
  readonly section: string;
  readonly why: string;
  readonly neighbour: string | null;
};

function indexed(made: Made): Indexed {
  return {
    id: made.id,
    verdict: made.code === null ? "accepted" : "refused",
    code: made.code,
    section: made.section,
    why: made.why,
    neighbour: made.neighbour,
  };
}

const sparse = (sparseBytes: number | undefined) => (sparseBytes === undefined ? {} : { sparseBytes });

export function indexPackage(made: PackageCase, bytes: Uint8Array): IndexedPackage {
  return {
    ...indexed(made),
    file: `packages/${made.id}.mosis`,
    sha256: sha256Hex(bytes),
    sizeBytes: bytes.length,
    ...sparse(made.sparseBytes),
    ca: `keys/${made.ca}.pem`,
    at: made.at,
  };
}

const nameOf = (id: string) => id.slice(id.indexOf("/") + 1);

export function indexDelta(made: DeltaCase, bytes: Uint8Array): IndexedDelta {
  return {
    ...indexed(made),
    base: made.base === null ? null : `deltas/bases/${made.base}.mosis`,
    file: `deltas/${nameOf(made.id)}.mosisd`,
    sha256: sha256Hex(bytes),
    sizeBytes: bytes.length,
    ...sparse(made.sparseBytes),
  };
}

export function indexCatalogue(made: CatalogueCase, files: Files): IndexedCatalogue {
  const folder = `catalogues/${nameOf(made.id)}`;
  const lines = [...files].map(([path, bytes]) => `${sha256Hex(bytes)}  ${path}\n`).sort();
  return {
    ...indexed(made),
    folder,
    root: `${folder}/metadata/1.root.json`,
    at: made.at,
    audience: made.audience,
    sha256: sha256Hex(Buffer.from(lines.join(""))),
  };
}

/** Makes every file, and gives the index at the end. */
export async function* kitFiles(): AsyncGenerator<KitFile, Index> {
  const shared: Record<string, string> = {};
  const share = (file: KitFile): KitFile => {
    shared[file.path] = sha256Hex(file.bytes);
    return file;
  };
  for (const [name, pem] of authorities()) yield share({ path: `keys/${name}.pem`, bytes: Buffer.from(pem) });
  const packages: IndexedPackage[] = [];
  for (const made of PACKAGE_CASES) {
    const bytes = makePackage(made.plan);
    const row = indexPackage(made, bytes);
    packages.push(row);
    yield { path: row.file, bytes };
  }
  const deltas: IndexedDelta[] = [];
  for (const name of ["base", "other", "damaged"] as const)
    yield share({ path: `deltas/bases/${name}.mosis`, bytes: basePackage(name) });
  for (const made of DELTA_CASES) {
    const bytes = await makeDelta(made.plan);
    const row = indexDelta(made, bytes);
    deltas.push(row);
    yield { path: row.file, bytes };
  }
  const catalogues: IndexedCatalogue[] = [];
  for (const made of CATALOGUE_CASES) {
    const files = makeCatalogue(made.plan);
    const row = indexCatalogue(made, files);
    catalogues.push(row);
    for (const [path, bytes] of files) yield { path: `${row.folder}/${path}`, bytes };
  }
  return { v: 1, shared, packages, deltas, deltaResult: await expectedFiles(), catalogues };
}

/** The index as text: one case a line, so that a change of one shows as one. */
export function indexText(index: Index): string {
  const lists = Object.entries(index).map(([name, rows]) =>
    Array.isArray(rows)
      ? `"${name}": [\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]`
      : `"${name}": ${JSON.stringify(rows)}`,
  );
  return `{\n${lists.join(",\n")}\n}\n`;
}
