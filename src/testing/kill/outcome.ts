import type { Actor } from "../../accounts/actor.ts";

/** What kill.test.ts leaves in the data folder for the child. */
export type Prepared = { readonly actor: Actor };

/** What the child found when it was done. */
export type Outcome = {
  /** The kinds of the path's durable writes. */
  readonly steps: readonly string[];
  readonly versions: readonly string[];
  readonly discrepancies: readonly string[];
  readonly unfinishedJobs: readonly string[];
};
