/** The whole kit as files, and its index: what each file is, and what a reader says of it. */
import { sha256Hex } from "../../src/format/digests.ts";
import { authorities } from "./authorities.ts";
import type { PackageCase } from "./case.ts";
import { PACKAGE_CASES } from "./package-cases.ts";
import { makePackage } from "./packages.ts";

export type KitFile = { readonly path: string; readonly bytes: Uint8Array };

/** One row of cases.json; cases.schema.json says what each key means. */
export type IndexedPackage = {
  readonly id: string;
  readonly verdict: "accepted" | "refused";
  readonly code: string | null;
  readonly section: string;
  readonly why: string;
  readonly neighbour: string | null;
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly sparseBytes?: number;
  readonly ca: string;
  readonly at: string;
};

export type Index = {
  readonly v: 1;
  readonly packages: readonly IndexedPackage[];
};

export function indexPackage(made: PackageCase, bytes: Uint8Array): IndexedPackage {
  return {
    id: made.id,
    verdict: made.code === null ? "accepted" : "refused",
    code: made.code,
    section: made.section,
    why: made.why,
    neighbour: made.neighbour,
    file: `packages/${made.id}.mosis`,
    sha256: sha256Hex(bytes),
    sizeBytes: bytes.length,
    ...(made.sparseBytes === undefined ? {} : { sparseBytes: made.sparseBytes }),
    ca: `keys/${made.ca}.pem`,
    at: made.at,
  };
}

/** Makes every file; the index last. */
export function* kitFiles(): Generator<KitFile, Index> {
  for (const [name, pem] of authorities()) yield { path: `keys/${name}.pem`, bytes: Buffer.from(pem) };
  const packages: IndexedPackage[] = [];
  for (const made of PACKAGE_CASES) {
    const bytes = makePackage(made.plan);
    const row = indexPackage(made, bytes);
    packages.push(row);
    yield { path: row.file, bytes };
  }
  return { v: 1, packages };
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
