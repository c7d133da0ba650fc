/** What a case of the kit is. */
import type { FindingCode } from "../../src/format/findings.ts";
import type { PackagePlan } from "./packages.ts";

export type PackageCase = {
  /** `<group>/<what>`; the file is packages/<group>/<what>.mosis. */
  readonly id: string;
  /** A sentence: what is in the file, and why it is accepted or refused. */
  readonly why: string;
  /** Of the package format's page. */
  readonly section: string;
  readonly code: FindingCode | null;
  /** The accepted case that differs in just the one thing; null for accepted ones. */
  readonly neighbour: string | null;
  /** The folder of certificates to judge by, below keys/, without its ending. */
  readonly ca: string;
  readonly at: string;
  readonly plan: PackagePlan;
  /** The runner makes the file as large as this with zeros at its end: files that no archive should carry. */
  readonly sparseBytes?: number;
};

export const AT = "2026-03-01T12:00:00Z";
export const BASE = "valid/released";

type More = Partial<Pick<PackageCase, "ca" | "at" | "neighbour" | "sparseBytes">>;

/** A file that every reader accepts. */
export function valid(
  id: string,
  section: string,
  why: string,
  plan: PackagePlan = {},
  more: More = {},
): PackageCase {
  return { id, why, section, code: null, neighbour: null, ca: "ca", at: AT, plan, ...more };
}

/** A file that every reader refuses; `valid/released` is what it would be without the one thing, unless told. */
export function hostile(
  id: string,
  code: FindingCode,
  section: string,
  why: string,
  plan: PackagePlan,
  more: More = {},
): PackageCase {
  return { id, why, section, code, neighbour: BASE, ca: "ca", at: AT, plan, ...more };
}
