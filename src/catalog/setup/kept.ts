/** What is kept of setting the store up: what administrators said of steps, and what came of their trials. */
import { readSettingsUnder, writeSetting } from "../../accounts/settings.records.ts";
import type { Tx } from "../../db/database.ts";
import type { KeptDecision, SetupStep } from "./steps.ts";

const UNDER = "setup.";

/** What came of the last trial of what a step rests on. */
export type KeptTrial = {
  readonly isGood: boolean;
  /** The code of what went wrong; null: nothing did. */
  readonly code: string | null;
  /** What was tried: the folder, or the settings of mail. */
  readonly of: string;
  /** Milliseconds since 1970. */
  readonly at: number;
};

export type KeptSetup = {
  readonly decisions: Readonly<Partial<Record<SetupStep, KeptDecision>>>;
  readonly mail: KeptTrial | null;
  readonly storage: KeptTrial | null;
};

export function readKept(tx: Tx): KeptSetup {
  const found = readSettingsUnder(tx, UNDER);
  return {
    decisions: (found.get("decisions") ?? {}) as KeptSetup["decisions"],
    mail: (found.get("mail") ?? null) as KeptTrial | null,
    storage: (found.get("storage") ?? null) as KeptTrial | null,
  };
}

/** @param decision null: what was said is taken back. */
export function keepDecision(tx: Tx, step: SetupStep, decision: KeptDecision | null, now: Date): void {
  const { [step]: _, ...others } = readKept(tx).decisions;
  writeSetting(tx, `${UNDER}decisions`, decision === null ? others : { ...others, [step]: decision }, now);
}

export function keepTrial(tx: Tx, what: "mail" | "storage", trial: Omit<KeptTrial, "at">, now: Date): void {
  writeSetting(tx, UNDER + what, { ...trial, at: now.getTime() }, now);
}
