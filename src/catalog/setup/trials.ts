/** The trials of what a store rests on: a letter that is sent, and a file that goes to the storage and back. */
import { type Actor, auditAuthor, readsOf } from "../../accounts/actor.ts";
import { newAllowance, spend, waitOf } from "../../accounts/allowance.ts";
import { plainEmail } from "../../accounts/emails.ts";
import { tryMail } from "../../accounts/messages/try-mail.ts";
import { authorise } from "../../accounts/rights.ts";
import { retryAfter, saidSeconds, waitWords } from "../../accounts/wait.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { perDb } from "../../db/per-db.ts";
import { isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { HOUR_MS } from "../../time.ts";
import { type KeptTrial, keepTrial, readKept } from "./kept.ts";
import { mailMark } from "./mail-mark.ts";
import { readRootKeys } from "./root-key.ts";
import { tryBlobs } from "./try-storage.ts";

/** Whoever mends settings needs a few; whoever writes to strangers gets no further. */
export const MOST_TRIALS_AN_HOUR = 5;
/** Of the whole store. A restart forgives it: that takes the store's machine. */
const trialsOf = perDb(() => newAllowance("mail-trials", MOST_TRIALS_AN_HOUR, HOUR_MS / MOST_TRIALS_AN_HOUR));
const ALL = "";

/**
 * Sends a letter now, and keeps what that shows of the settings: a letter that the server would not carry to this reader, now or
 * ever, shows nothing of them. Trials in which no reader was named to a server count for no limit.
 * @throws Problem `mail.…` as `tryMail`, `setup.mail_tried_often`, `rights.forbidden`
 */
export async function tryMailOf(
  store: Store,
  actor: Actor,
  address: string,
  signal: AbortSignal,
): Promise<{ readonly answer: string; readonly server: string }> {
  authorise(actor, "setup.manage");
  const of = mailMark(store.config);
  const allowance = trialsOf(store);
  const at = store.clock.now().getTime();
  const waitMs = waitOf(allowance, ALL, at);
  if (waitMs > 0) throw triedOften(waitMs);
  // Before it is sent, since others may be sent meanwhile.
  const spent = spend(allowance, ALL, at);
  let isDown = false;
  const onDown = () => {
    isDown = true;
  };
  let taken: Awaited<ReturnType<typeof tryMail>>;
  try {
    taken = await tryMail(store, address, { signal, onDown, asked: readsOf(actor) });
  } catch (error) {
    const code = isProblem(error) ? error.code : BROKEN_OFF;
    if (isDown || UNSENT.has(code)) spent.withdraw();
    else spent.keep();
    if (!UNSENT.has(code))
      record(store, actor, "mail", { isGood: false, code, of }, { to: address, isKept: isDown });
    throw error;
  }
  spent.keep();
  record(store, actor, "mail", { isGood: true, code: null, of }, { to: address });
  return taken;
}

/** Before anything was tried. */
const UNSENT: ReadonlySet<string> = new Set(["mail.not_configured", "mail.recipient"]);
/** Whoever asked for it did not wait for its end: it may have gone. */
const BROKEN_OFF = "broken_off";

function triedOften(waitMs: number): Problem {
  const seconds = saidSeconds(waitMs);
  return new Problem(
    "too_many_requests",
    "setup.mail_tried_often",
    say`Within an hour at most ${MOST_TRIALS_AN_HOUR} test letters are sent, whoever asks for them. Try again in ${waitWords(seconds)}.`,
    [retryAfter(seconds)],
  );
}

/**
 * Writes a file to the storage, reads it and removes it, and keeps what came of it.
 * @throws Problem `setup.storage_differs`, `storage.full`, `storage.failing`, `rights.forbidden`
 */
export async function tryStorageOf(store: Store, actor: Actor): Promise<{ readonly sizeBytes: number }> {
  authorise(actor, "setup.manage");
  const of = readRootKeys(store).dataDir;
  let sizeBytes: number;
  try {
    sizeBytes = await tryBlobs(store.blobs, store.clock.now());
  } catch (error) {
    if (isProblem(error)) recordFailed(store, actor, error, of);
    throw error;
  }
  record(store, actor, "storage", { isGood: true, code: null, of });
  return { sizeBytes };
}

/** The database may lie on the disk that fails: whoever tried that hears of the first fault, and not that this one was not kept. */
function recordFailed(store: Store, actor: Actor, { code }: Problem, of: string): void {
  try {
    record(store, actor, "storage", { isGood: false, code, of });
  } catch (error) {
    store.log.error("setup.trial_not_kept", { code, error: error instanceof Error ? error.message : "" });
  }
}

function record(
  store: Store,
  actor: Actor,
  what: "mail" | "storage",
  trial: Pick<KeptTrial, "isGood" | "code" | "of">,
  { to, isKept = true }: { readonly to?: string; readonly isKept?: boolean } = {},
): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const former = readKept(tx)[what];
    if (isKept) keepTrial(tx, what, trial, now);
    const subject = { type: "store", id: what };
    const before = former?.of === trial.of ? { outcome: outcomeOf(former) } : null;
    const facts = {
      before,
      after: { outcome: outcomeOf(trial) },
      ...(to === undefined ? {} : { person: { after: { email: plainEmail(to) } } }),
    };
    recordChange(tx, auditAuthor(actor), { action: "store.tried", subject, ...facts }, now);
  });
}

const outcomeOf = ({ code }: Pick<KeptTrial, "code">): string => code ?? "good";
