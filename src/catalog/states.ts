/** The way of a version from upload to devices: which event leads from which state to which. Pure. */
import type { VersionState } from "../db/version-states.ts";
import { Problem } from "../errors.ts";
import { type Said, say, sayList } from "../say.ts";

export type VersionEvent =
  | "checks_passed"
  | "checks_failed"
  | "submit"
  | "withdraw"
  | "approve"
  | "reject"
  | "countersigned"
  | "damaged"
  | "countersigned_on_hold"
  | "publish"
  | "published"
  | "overtaken"
  | "key_outside"
  | "revoked"
  | "signature_revoked";

const TRANSITIONS: Readonly<Record<VersionEvent, Readonly<Partial<Record<VersionState, VersionState>>>>> = {
  checks_passed: { checking: "draft" },
  checks_failed: { checking: "failed" },
  submit: { draft: "in_review" },
  withdraw: {
    checking: "withdrawn",
    failed: "withdrawn",
    draft: "withdrawn",
    in_review: "withdrawn",
    signing: "withdrawn",
    held: "withdrawn",
  },
  approve: { in_review: "signing" },
  reject: { in_review: "rejected" },
  countersigned: { signing: "publishing" },
  damaged: { signing: "failed", publishing: "failed" },
  countersigned_on_hold: { signing: "held" },
  publish: { held: "publishing" },
  published: { publishing: "published" },
  overtaken: {
    checking: "withdrawn",
    draft: "withdrawn",
    in_review: "withdrawn",
    held: "withdrawn",
    signing: "withdrawn",
    publishing: "withdrawn",
  },
  key_outside: { publishing: "withdrawn" },
  // What is in the signed catalogue already stays published: there a revocation is an entry of its own.
  revoked: {
    checking: "withdrawn",
    draft: "withdrawn",
    in_review: "withdrawn",
    held: "withdrawn",
    signing: "withdrawn",
    publishing: "withdrawn",
  },
  signature_revoked: { held: "signing", publishing: "signing" },
};

/** States whose version code may be used again by another upload. */
export const DEAD_STATES: readonly VersionState[] = ["failed", "rejected", "withdrawn"];

export function canHappen(state: VersionState, event: VersionEvent): boolean {
  return TRANSITIONS[event][state] !== undefined;
}

/**
 * The state after an event.
 * @throws Problem `version.wrong_state` that names the states in which it can happen.
 */
export function stateAfter(state: VersionState, event: VersionEvent): VersionState {
  const next = TRANSITIONS[event][state];
  if (next === undefined) {
    const allowed = Object.keys(TRANSITIONS[event]) as VersionState[];
    throw new Problem(
      "conflict",
      "version.wrong_state",
      say`This cannot be done with a version that is ${STATE_WORDS[state]}; it can while it is ${sayList(allowed.map((each) => STATE_WORDS[each]))}.`,
    );
  }
  return next;
}

/** States in which nobody has decided on it: what its people say of it may change. */
export const UNDECIDED_STATES: readonly VersionState[] = ["checking", "draft", "in_review"];

/** As a version is said to be. */
export const STATE_WORDS: Readonly<Record<VersionState, Said>> = {
  checking: say`checking`,
  draft: say`draft`,
  failed: say`failed`,
  in_review: say`in review`,
  rejected: say`rejected`,
  withdrawn: say`withdrawn`,
  signing: say`signing`,
  held: say`held`,
  publishing: say`publishing`,
  published: say`published`,
};
