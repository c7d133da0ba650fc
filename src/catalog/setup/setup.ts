/** Setting a store up: what of it is done, and what administrators say of it. */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { hasSentSince } from "../../accounts/messages/records.ts";
import { settingsSince } from "../../accounts/messages/settings-seen.ts";
import { mailTrouble } from "../../accounts/messages/trouble.ts";
import { authorise } from "../../accounts/rights.ts";
import { isNamed } from "../../accounts/store-name.ts";
import { recordChange } from "../../audit/record.ts";
import type { Config } from "../../config.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { presentState } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { diskOf } from "../storage-use/read.ts";
import { type KeptTrial, keepDecision, readKept } from "./kept.ts";
import { mailMark } from "./mail-mark.ts";
import { type RootKeys, readRootKeys } from "./root-key.ts";
import {
  isLow,
  type JudgedStep,
  judgeAddress,
  judgeStep,
  SETUP_STEPS,
  type SetupDecision,
  type SetupNote,
  type SetupStep,
} from "./steps.ts";

export type SetupView = {
  readonly steps: readonly JudgedStep[];
  /** The last trials, of what holds now. */
  readonly mailTrial: KeptTrial | null;
  readonly storageTrial: KeptTrial | null;
  readonly disk: { readonly freeBytes: number; readonly sizeBytes: number } | null;
  readonly rootKeys: RootKeys;
  /** As it is in links. null: they begin with whatever address somebody came by. */
  readonly publicUrl: string | null;
  readonly asked: string | null;
};

/**
 * @param asked Scheme and host by which whoever asks reached the store; null: by no request
 * @throws Problem `rights.forbidden`
 */
export function readSetup(store: Store, actor: Actor, asked: string | null): SetupView {
  authorise(actor, "setup.read");
  return setupOf(store, asked);
}

function setupOf(store: Store, asked: string | null): SetupView {
  const { config } = store;
  const { orm } = store.db;
  const { publicUrl } = config;
  const kept = readKept(orm);
  const rootKeys = readRootKeys(store);
  const disk = diskOf(config.dataDir);
  const ofNow = (trial: KeptTrial | null, of: string) => (trial?.of === of ? trial : null);
  const mailTrial = ofNow(kept.mail, mailMark(config));
  const storageTrial = ofNow(kept.storage, rootKeys.dataDir);
  const found: Readonly<Record<SetupStep, readonly [notes: readonly SetupNote[], mark: string]>> = {
    name: [isNamed(store) ? [] : ["unnamed"], ""],
    address: [judgeAddress({ publicUrl, asked }), addressMark(publicUrl, asked)],
    mail: [mailNotes(store, mailTrial), mailMark(config)],
    storage: [storageNotes(storageTrial, disk), rootKeys.dataDir],
    sign_in: [signInNotes(config), ""],
    root_key: [rootKeys.notes, rootKeys.mark],
  };
  const steps = SETUP_STEPS.map((step) => judgeStep(step, ...found[step], kept.decisions[step] ?? null));
  return { steps, mailTrial, storageTrial, disk, rootKeys, publicUrl, asked };
}

/** Both where they differ: who says that one other way of coming is right says it of no third. */
function addressMark(publicUrl: string | null, asked: string | null): string {
  if (publicUrl === null || asked === null) return publicUrl ?? asked ?? "";
  return new URL(publicUrl).origin === new URL(asked).origin ? publicUrl : `${publicUrl} ${asked}`;
}

function mailNotes(store: Store, trial: KeptTrial | null): readonly SetupNote[] {
  if (store.config.smtp === null) return ["no_mail"];
  const hasSent = (since: Date) => hasSentSince(store.db.orm, since);
  if (mailTrouble(store) !== null) return ["mail_failing"];
  const since = settingsSince(store);
  if (trial === null) return since !== null && hasSent(since) ? [] : ["mail_untried"];
  // A letter that was taken after a trial that failed shows more than the trial.
  const newest = new Date(Math.max(trial.at, since?.getTime() ?? 0));
  return trial.isGood || hasSent(newest) ? [] : ["mail_failing"];
}

function storageNotes(trial: KeptTrial | null, disk: SetupView["disk"]): readonly SetupNote[] {
  const tried = trial === null ? "storage_untried" : trial.isGood ? null : "storage_failed";
  return [...(tried === null ? [] : ([tried] as const)), ...(isLow(disk) ? ["low_space" as const] : [])];
}

function signInNotes({ origins, secondFactor }: Config): readonly SetupNote[] {
  const isSaid = (key: "signUp" | "secondFactor") => (origins.get(key) ?? "default") !== "default";
  return [
    ...(isSaid("signUp") || isSaid("secondFactor") ? [] : ["sign_in_undecided" as const]),
    ...(secondFactor.includes("administrator") ? [] : ["one_factor" as const]),
  ];
}

/** Whether somebody said that the keys of the root, as they are, are backed up. It is asked at each look at a dashboard. */
export function isRootBackedUp(store: Pick<Store, "db" | "config">): boolean {
  const kept = readKept(store.db.orm).decisions.root_key;
  return kept?.decision === "confirmed" && kept.mark === readRootKeys(store).mark;
}

/**
 * Says of a step that it is right as it is, or left for now; null takes back what was said. Again is no error.
 * @param seen The step's mark as its caller has seen it; without it nothing is compared.
 * @throws Problem `setup.not_confirmable`, `precondition.failed`, `rights.forbidden`
 */
export function decideStep(
  store: Store,
  actor: Actor,
  asked: string | null,
  step: SetupStep,
  decision: SetupDecision | null,
  seen?: string,
): JudgedStep {
  authorise(actor, "setup.manage");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const before = stepOf(store, asked, step);
    if (seen !== undefined && seen !== before.mark) throw changedMeanwhile(before.mark);
    const said = before.decided?.decision ?? null;
    if (said === decision) return before;
    if (decision === "confirmed" && !before.isConfirmable) throw notConfirmable(before);
    const by = actorLabel(actor);
    keepDecision(tx, step, decision && { decision, by, at: now.getTime(), mark: before.mark }, now);
    const subject = { type: "store", id: step };
    const isBackup = step === "root_key" && decision === "confirmed";
    // Of which keys it is: they are others later.
    const of = isBackup ? { mark: before.mark, keys: readRootKeys(store).keyids } : {};
    const facts = { before: { said }, after: { said: decision, ...of } };
    const action = isBackup ? "store.backed_up" : "store.setup_step";
    recordChange(tx, auditAuthor(actor), { action, subject, ...facts }, now);
    return stepOf(store, asked, step);
  });
}

function stepOf(store: Store, asked: string | null, step: SetupStep): JudgedStep {
  const found = setupOf(store, asked).steps.find((one) => one.step === step);
  if (found === undefined) throw new Error(`no step ${step}`);
  return found;
}

function changedMeanwhile(mark: string): Problem {
  return new Problem(
    "precondition_failed",
    "precondition.failed",
    say`What this step is about was changed meanwhile. Look at what holds now, then decide.`,
    [presentState(mark)],
  );
}

function notConfirmable({ step }: JudgedStep): Problem {
  return new Problem(
    "conflict",
    "setup.not_confirmable",
    say`Nothing of the step ${step} can be confirmed as it is now: it is done already, or is done by what holds in the store alone.`,
  );
}
