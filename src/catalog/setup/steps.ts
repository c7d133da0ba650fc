/**
 * The steps of setting a store up, and how each stands: judged from what holds in the store, with what an administrator said of
 * it laid over that. Pure.
 */
import { isThisMachine } from "../../loopback.ts";

export const SETUP_STEPS = ["name", "address", "mail", "storage", "sign_in", "root_key"] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

export const SETUP_STATES = ["done", "open", "skipped"] as const;
export type SetupState = (typeof SETUP_STATES)[number];

export const SETUP_DECISIONS = ["confirmed", "skipped"] as const;
export type SetupDecision = (typeof SETUP_DECISIONS)[number];

/** What somebody said of a step, so long as the step is about the same as then. */
export type KeptDecision = {
  readonly decision: SetupDecision;
  /** As the audit log has it: `account:acc-…`, `operator`. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The step's mark at that time. */
  readonly mark: string;
};

/** What there is to be said of a step. */
export const SETUP_NOTES = [
  /** The store is called as every new one is. */
  "unnamed",
  /** Passwords would go in plain text: only this machine's own browsers sign in. */
  "plain_http",
  /** The address is one that means the machine of whoever opens it. */
  "only_here",
  /** Whoever asks came by another address than the one that is set. */
  "asked_elsewhere",
  "no_mail",
  "mail_untried",
  "mail_failing",
  "storage_untried",
  "storage_failed",
  "low_space",
  /** Nobody decided who may make an account and who needs a second factor. */
  "sign_in_undecided",
  "one_factor",
  /** Nobody said that the keys are backed up. */
  "unconfirmed",
  /** Somebody did, and other keys hold the root by now, or lie elsewhere. */
  "keys_changed",
  /** The keys of the root are on the store's machine. */
  "root_here",
  /** The master key lies in the folder of the data that it protects. */
  "master_beside",
] as const;
export type SetupNote = (typeof SETUP_NOTES)[number];

/** Notes that tell of something and keep no step open. */
const TELLS_ONLY: ReadonlySet<SetupNote> = new Set(["one_factor", "root_here", "master_beside"]);

/** What can be said to be right as it is; the others are done by what holds alone. */
const CONFIRMABLE: Readonly<Record<SetupStep, readonly SetupNote[]>> = {
  name: [],
  address: ["plain_http", "only_here", "asked_elsewhere"],
  mail: ["no_mail"],
  storage: [],
  sign_in: ["sign_in_undecided"],
  root_key: ["unconfirmed", "keys_changed"],
};

export type JudgedStep = {
  readonly step: SetupStep;
  readonly state: SetupState;
  readonly notes: readonly SetupNote[];
  /** null: nothing was said, or of something that is otherwise by now. */
  readonly decided: KeptDecision | null;
  /** What a decision is about: with another one it counts no more. */
  readonly mark: string;
  readonly isConfirmable: boolean;
};

/** @param kept What was said last, also of something that is otherwise by now. */
export function judgeStep(
  step: SetupStep,
  found: readonly SetupNote[],
  mark: string,
  kept: KeptDecision | null,
): JudgedStep {
  const decided = kept !== null && kept.mark === mark ? kept : null;
  const isConfirmed = decided?.decision === "confirmed";
  const asked =
    step === "root_key" ? [isStale(kept, decided) ? "keys_changed" : "unconfirmed", ...found] : found;
  const notes = (asked as readonly SetupNote[]).filter(
    (note) => !(isConfirmed && (note === "unconfirmed" || note === "keys_changed")),
  );
  const open = notes.filter((note) => !TELLS_ONLY.has(note));
  const left = isConfirmed ? open.filter((note) => !CONFIRMABLE[step].includes(note)) : open;
  const isConfirmable = open.length > 0 && open.every((note) => CONFIRMABLE[step].includes(note));
  const state = left.length === 0 ? "done" : decided?.decision === "skipped" ? "skipped" : "open";
  return { step, state, notes, decided, mark, isConfirmable };
}

const isStale = (kept: KeptDecision | null, decided: KeptDecision | null): boolean =>
  decided === null && kept?.decision === "confirmed";

/** An address as whoever asks came by it, or as it is set. */
export type AddressFacts = {
  /** null: links begin with whatever address somebody came by. */
  readonly publicUrl: string | null;
  /** Scheme and host that whoever asks came by; null: by no request, as on the store's machine. */
  readonly asked: string | null;
};

export function judgeAddress({ publicUrl, asked }: AddressFacts): readonly SetupNote[] {
  const inForce = publicUrl ?? asked;
  if (inForce === null) return ["only_here"];
  const { protocol, hostname } = new URL(inForce);
  const notes: SetupNote[] = [];
  if (protocol === "http:") notes.push("plain_http");
  if (isThisMachine(hostname)) notes.push("only_here");
  if (publicUrl !== null && asked !== null && new URL(publicUrl).origin !== new URL(asked).origin)
    notes.push("asked_elsewhere");
  return notes;
}

/** Less than a tenth is free. */
export function isLow(disk: { readonly freeBytes: number; readonly sizeBytes: number } | null): boolean {
  return disk !== null && disk.freeBytes * 10 < disk.sizeBytes;
}
