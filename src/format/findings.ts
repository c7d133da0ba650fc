import { isProblem, Problem } from "../errors.ts";
import type { CodeText } from "../signing/codes.ts";
import { SIGNING_CODES } from "../signing/codes.ts";
import { CONTAINER_CODES } from "./codes-container.ts";
import { DELTA_CODES } from "./codes-delta.ts";
import { MANIFEST_CODES } from "./codes-manifest.ts";

/** The parts of a package, in the order in which a reader judges and reports them. */
export type Section = "container" | "digests" | "manifest" | "developer-signature" | "store-signature";

/** What a finding is about: a section of a package, or a delta container, from which there is no package yet. */
export type FindingSection = Section | "delta";

export const SECTIONS: readonly Section[] = [
  "container",
  "digests",
  "manifest",
  "developer-signature",
  "store-signature",
];

/** Every code that reading a package can answer with: title and explanation. The published list is made from this. */
export const FINDING_CODES = {
  ...CONTAINER_CODES,
  ...DELTA_CODES,
  ...MANIFEST_CODES,
  ...SIGNING_CODES,
} as const satisfies Readonly<Record<string, CodeText>>;

export type FindingCode = keyof typeof FINDING_CODES;

/** One broken rule: which, where, what was found and what is allowed. */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: "error";
  readonly section: FindingSection;
  readonly message: string;
  /** Name of the entry inside the package. */
  readonly entry?: string;
  /** Byte offset: within the entry when there is one, else within the file. */
  readonly offset?: number;
  /** JSON pointer (RFC 6901) into the document of the section. */
  readonly pointer?: string;
  readonly found?: string;
  readonly expected?: string;
};

/** More findings of one manifest than this help nobody, and each of many thousands takes memory. */
export const MOST_FINDINGS = 50;

/** A refusal of a package, as an error: `code` and `message` are the first finding's, `details` are all of them. */
export class FormatError extends Problem {
  constructor(readonly findings: readonly [Finding, ...Finding[]]) {
    super("unprocessable", findings[0].code, findings[0].message, findings);
  }
}

export type FindingPlace = Pick<Finding, "entry" | "offset" | "pointer" | "found" | "expected">;

/** Makes the error for one finding. */
export function formatError(
  section: FindingSection,
  code: FindingCode,
  message: string,
  place: FindingPlace,
): FormatError {
  return new FormatError([{ code, severity: "error", section, message, ...place }]);
}

/**
 * The findings in a thrown error: of a FormatError its own, of a refusal by `signing/` its details under the given
 * section. Anything else is no finding and is thrown again.
 */
export function findingsOf(
  error: unknown,
  section: FindingSection,
  entry?: string,
): readonly [Finding, ...Finding[]] {
  if (error instanceof FormatError) return error.findings;
  if (isProblem(error)) {
    const [first, ...rest] = error.details.flatMap((detail): Finding[] => {
      if (!isFindingCode(detail.code)) return [];
      return [
        {
          ...(entry === undefined ? {} : { entry }),
          ...detail,
          code: detail.code,
          severity: "error",
          section,
        },
      ];
    });
    if (first !== undefined) return [first, ...rest];
  }
  throw error;
}

function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(FINDING_CODES, code);
}
