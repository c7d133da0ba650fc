/** Every case of the kit as something that a copy of the sources judges. */
import { join } from "node:path";
import vectors from "../enrolment.json" with { type: "json" };
import { authorities } from "../make/authorities.ts";
import { CATALOGUE_CASES } from "../make/cases/catalogues.ts";
import { basePackage, DELTA_CASES, expectedFiles, makeDelta } from "../make/cases/deltas.ts";
import { makeCatalogue } from "../make/catalogue.ts";
import type { EnrolmentVectors } from "../make/enrolment.ts";
import { PACKAGE_CASES } from "../make/package-cases.ts";
import { makePackage } from "../make/packages.ts";
import type * as JudgeModule from "../testing/judge.ts";
import type * as JudgeCatalogueModule from "../testing/judge-catalogue.ts";
import type * as JudgeDeltaModule from "../testing/judge-delta.ts";
import type * as JudgeEnrolmentModule from "../testing/judge-enrolment.ts";

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
  const enrolment = await enrolmentCases(copy);
  return [...packages, ...deltas, ...catalogues, ...enrolment].filter(({ id }) => wanted(id));
}

/** The examples of enrolment, which are no files of the kit: what is said of each, in a word or in what is read of it. */
async function enrolmentCases(copy: string): Promise<readonly KitCase[]> {
  const { judgeAssertion, judgeText }: typeof JudgeEnrolmentModule = await import(
    join(copy, "conformance/testing/judge-enrolment.ts")
  );
  const { assertions, codes, keys, links, otherKeys } = vectors as EnrolmentVectors;
  const caseOf = (id: string, code: string, judge: () => string): KitCase => ({
    id: `enrolment/${id.replaceAll(/[^a-z0-9/]+/gi, "-")}`,
    code,
    open: async () => () => told(async () => judge()),
  });
  const ofText = (kind: "code" | "link" | "key", at: number, text: string, read: unknown) =>
    caseOf(`${kind}/${at}`, read === null ? "refused" : JSON.stringify(read), () => judgeText(kind, text));
  return [
    ...assertions.map((made) =>
      caseOf(`${made.kind}/${keys[made.key]?.algorithm}/${made.why}`, made.verdict, () =>
        judgeAssertion(made, keys[made.key]),
      ),
    ),
    ...codes.typed.map(({ text, code }, at) => ofText("code", at, text, code)),
    ...links.map(({ text, link }, at) => ofText("link", at, text, link)),
    ...otherKeys.map(({ publicKey }, at) => ofText("key", at, publicKey, null)),
  ];
}
