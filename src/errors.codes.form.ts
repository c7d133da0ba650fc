/** The form of a table of error codes. */
import type { ProblemKind } from "./errors.ts";

export type ErrorCode = {
  /** Usually one; the status and the exit code follow from it. */
  readonly kinds: readonly [ProblemKind, ...ProblemKind[]];
  readonly meaning: string;
  readonly remedy: string;
};

/** Declares a code for a table of them. */
export const code = (
  kind: ProblemKind | readonly [ProblemKind, ...ProblemKind[]],
  meaning: string,
  remedy: string,
): ErrorCode => ({
  kinds: typeof kind === "string" ? [kind] : kind,
  meaning,
  remedy,
});
