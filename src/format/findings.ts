import { Problem } from "../errors.ts";

export type Section = "container" | "digests" | "manifest" | "developer-signature" | "store-signature";

export type Finding = {
  readonly code: string;
  readonly severity: "error";
  readonly section: Section;
  readonly message: string;
  readonly entry?: string;
  readonly offset?: number;
  /** JSON pointer (RFC 6901). */
  readonly pointer?: string;
  readonly found?: string;
  readonly expected?: string;
};

/** A refusal of the package, as an error: `code` is the first finding's, `details` are all of them. */
export class FormatError extends Problem {
  constructor(readonly findings: readonly [Finding, ...Finding[]]) {
    super("unprocessable", findings[0].code, findings[0].message, findings);
  }
}
export declare const FINDING_CODES: Readonly<
  Record<string, { readonly title: string; readonly explanation: string }>
>;
