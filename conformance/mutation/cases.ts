/** Every case of the kit as something that a copy of the sources judges. */
import { join } from "node:path";
import { authorities } from "../make/authorities.ts";
import { CATALOGUE_CASES } from "../make/cases/catalogues.ts";
import { basePackage, DELTA_CASES, expectedFiles, makeDelta } from "../make/cases/deltas.ts";
import { makeCatalogue } from "../make/catalogue.ts";
import { PACKAGE_CASES } from "../make/package-cases.ts";
import { makePackage } from "../make/packages.ts";
import type * as JudgeModule from "../testing/judge.ts";
import type * as JudgeCatalogueModule from "../testing/judge-catalogue.ts";
import type * as JudgeDeltaModule from "../testing/judge-delta.ts";

/** `open` makes its file; what that gives judges it: the code of the first finding, or "accepted". */
export type KitCase = {
  readonly id: string;
  readonly code: string | null;
  readonly open: () => Promise<() => Promise<string>>;
};

/** A switch may leave a loop without its end. */
const LATE_MS = 20_000;
export const LATE = "late";

/** Whether what is told is what the kit says. */
export function isVerdict(told: string, code: string | null): boolean {
  return told === (code ?? "accepted");
}

async function told(judge: () => Promise<string | null>): Promise<string> {
  let timer: Timer | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(LATE), LATE_MS);
  });
  try {
    return (await Promise.race([judge(), late])) ?? "accepted";
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : ""}`;
  } finally {
    clearTimeout(timer);
  }
}

/** The cases of these names, judged by the copy in `copy`. Catalogues are written into `folder`. */
export async function casesOf(
  copy: string,
  folder: string,
  wanted: (id: string) => boolean,
): Promise<readonly KitCase[]> {
  const { judgeInProcess }: typeof JudgeModule = await import(join(copy, "conformance/testing/judge.ts"));
  const { applyInProcess }: typeof JudgeDeltaModule = await import(
    join(copy, "conformance/testing/judge-delta.ts")
  );
  const { judgeCatalogue, writeCatalogue }: typeof JudgeCatalogueModule = await import(
    join(copy, "conformance/testing/judge-catalogue.ts")
  );
  const pems = authorities();
  const result = JSON.stringify(await expectedFiles());
  const packages = PACKAGE_CASES.map((made): KitCase => {
    const open = async () => {
      const bytes = makePackage(made.plan);
      return () => told(async () => (await judgeInProcess(made, bytes, pems.get(made.ca) ?? "")).code);
    };
    return { id: made.id, code: made.code, open };
  });
  const deltas = DELTA_CASES.map((made): KitCase => {
    const open = async () => {
      const bytes = await makeDelta(made.plan);
      const base = made.base === null ? null : basePackage(made.base);
      return () =>
        told(async () => {
          const { code, files } = await applyInProcess(base, bytes, made.sparseBytes);
          return code ?? (JSON.stringify(files) === result ? null : "another result");
        });
    };
    return { id: made.id, code: made.code, open };
  });
  const catalogues = CATALOGUE_CASES.map((made): KitCase => {
    const open = async () => {
      const own = join(folder, made.id);
      writeCatalogue(own, makeCatalogue(made.plan));
      return () => told(() => judgeCatalogue(own, made.at, made.audience));
    };
    return { id: made.id, code: made.code, open };
  });
  return [...packages, ...deltas, ...catalogues].filter(({ id }) => wanted(id));
}
