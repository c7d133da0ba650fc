/** What a case of the kit's catalogues is, and short ways to change one thing of a catalogue. */
import { canonicalize } from "../../src/signing/json.ts";
import { AT } from "./case.ts";
import type { CataloguePlan, Files, Target } from "./catalogue.ts";
import { PATHS } from "./content.ts";
import type { Loose } from "./packages.ts";

export type CatalogueCase = {
  readonly id: string;
  readonly why: string;
  readonly section: string;
  readonly code: string | null;
  readonly neighbour: string | null;
  readonly at: string;
  /** Whose catalogue it is judged as; null: the public one. */
  readonly audience: string | null;
  readonly plan: CataloguePlan;
};

export type More = {
  readonly audience?: string;
  readonly at?: string;
  readonly neighbour?: string;
  readonly section?: string;
};

export const ok = (name: string, why: string, plan: CataloguePlan = {}, more: More = {}): CatalogueCase => ({
  id: `catalogue/${name}`,
  why,
  section: more.section ?? "6",
  code: null,
  neighbour: null,
  at: more.at ?? AT,
  audience: more.audience ?? null,
  plan,
});
/** `code` without what all have before it, or a whole one. */
export const bad =
  (code: string) =>
  (name: string, why: string, plan: CataloguePlan, more: More = {}): CatalogueCase => ({
    id: `catalogue/${name}`,
    why,
    section: more.section ?? "6",
    code: /[.A-Z]/.test(code) ? code : `catalogue.${code}`,
    neighbour: `catalogue/${more.neighbour ?? "valid"}`,
    at: more.at ?? AT,
    audience: more.audience ?? null,
    plan,
  });

export const edit = (role: string, change: (signed: Loose) => Loose | undefined): CataloguePlan => ({
  roles: { [role]: { signed: change } },
});
export const target = (path: string, value: unknown, entry?: Target["entry"]): CataloguePlan => ({
  targets: {
    [path]: {
      bytes: value instanceof Uint8Array ? value : canonicalize(value),
      ...(path === PATHS.revocations ? { role: "revocations" } : {}),
      ...(entry ? { entry } : {}),
    },
  },
});
export const ca = (
  bytes: Uint8Array,
  entry: Target["entry"] = (e) => ({ ...e, custom: { storeId: "store-1" } }),
): CataloguePlan => ({
  targets: { [PATHS.ca]: { role: "targets", bytes, entry } },
});
export const without = (pattern: RegExp): CataloguePlan => ({
  files: (files: Files) => {
    for (const name of [...files.keys()]) if (pattern.test(name)) files.delete(name);
  },
});
export const version = (role: string, number: number): CataloguePlan =>
  edit(role, (s) => ({ ...s, version: number }));

/** Changes a bit of every file that is named so, after it was signed or listed. */
export function spoil(files: Files, pattern: RegExp): void {
  for (const [name, bytes] of files) {
    if (!pattern.test(name)) continue;
    const copy = Uint8Array.from(bytes);
    copy[copy.length - 2] = (copy.at(-2) ?? 0) ^ 1;
    files.set(name, copy);
  }
}
