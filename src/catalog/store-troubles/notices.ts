/** What administrators are told of the store: one notice for what belongs together. */
import type { Notice } from "../../accounts/messages/outbox.ts";
import { NO_NAMES, saidOf } from "../../accounts/notifications/kinds.ts";
import { type Said, say } from "../../say.ts";
import type { Trouble, TroubleCode } from "./find.ts";

type StoreKind = Extract<Notice["kind"], `store.${string}`>;

type Family = {
  readonly kind: StoreKind;
  readonly path: string;
  /** What to do. */
  readonly advice: Said;
};

const KEYS = "/admin/keys";

const ENDING: Family = {
  kind: "store.keys_ending",
  path: KEYS,
  advice: say`The page of the store's keys says what the store renews by itself and what needs somebody.`,
};
const FAILING: Family = {
  kind: "store.keys_failing",
  path: KEYS,
  advice: say`Until that is mended, what waits for a signature stays where it is. The page of the store's keys says what to do.`,
};
const DAMAGED: Family = {
  kind: "store.damaged",
  path: "/docs/guides/administrator#backup",
  advice: say`Somebody may have changed them beside the store, or a disk has failed. Compare them with a backup before you go on.`,
};
const STORAGE: Family = {
  kind: "store.storage",
  path: "/admin/storage",
  advice: say`Without storage nothing can be uploaded or published.`,
};
const JOBS: Family = {
  kind: "store.jobs",
  path: "/admin/jobs",
  advice: say`The page of jobs says why, and lets each be tried again.`,
};
const MAIL: Family = {
  kind: "store.mail",
  path: "/admin/outbox",
  advice: say`Links and invitations do not reach people. The page of messages says what the mail server answers.`,
};
const SIGN_UP: Family = {
  kind: "store.sign_up",
  path: "/docs/guides/administrator#when-many-sign-up",
  advice: say`Some wait for their letter, and some may get none.`,
};

const FAMILIES: Readonly<Record<TroubleCode, Family>> = {
  "keys.expiring": ENDING,
  "keys.expired": ENDING,
  "keys.overlong": ENDING,
  "keys.release_revoked": FAILING,
  "keys.command_failing": FAILING,
  "keys.unusable": FAILING,
  "catalog.damaged": DAMAGED,
  "log.damaged": DAMAGED,
  "audit.damaged": DAMAGED,
  "storage.failing": STORAGE,
  "storage.low_space": STORAGE,
  "jobs.dead": JOBS,
  "jobs.stuck": JOBS,
  "mail.failing": MAIL,
  "signup.crowded": SIGN_UP,
};

/** A line of its own, or null where the subject says all. */
function lineOf({ code, what, at }: Trouble): Said | null {
  switch (code) {
    case "keys.expiring":
      return at && say`${what} ends on ${at}.`;
    case "keys.expired":
      return at && say`${what} ended on ${at}.`;
    case "keys.overlong":
      return at && say`${what} ends too late, on ${at}: a clock was ahead when it was signed.`;
    case "keys.release_revoked":
      return say`${what} is revoked. Nothing can be approved until it is replaced.`;
    case "keys.command_failing":
      return say`The command that holds ${what} does not sign.`;
    case "keys.unusable":
      return say`${what} cannot be opened here: it is sealed with another master key, or its command is not configured.`;
    case "catalog.damaged":
      return say`The signed catalogue: the database has not got all of it as it was signed.`;
    case "log.damaged":
      return say`The transparency log: it is not as it was signed. Nothing is published.`;
    case "audit.damaged":
      return say`The audit log: it is not what was written.`;
    case "storage.failing":
      return say`What is written to it cannot be read again.`;
    case "storage.low_space":
      return say`Less than a tenth of the disk with the data folder is free.`;
    case "jobs.dead":
      return say`Given up: ${what}`;
    case "jobs.stuck":
      return at && say`A job has been due since ${at} and has not begun.`;
    case "mail.failing":
    case "signup.crowded":
      return at && say`It is so since ${at}.`;
  }
}

/** One for each of what belongs together, called as the notification of it is. */
export function noticesOf(troubles: readonly Trouble[]): readonly Notice[] {
  return [...Map.groupBy(troubles, ({ code }) => FAMILIES[code])].map(([{ kind, path, advice }, of]) => {
    const lines = of.flatMap((trouble) => lineOf(trouble) ?? []);
    const body = [...(lines.length === 0 ? [] : [lines]), advice];
    return { kind, path, subject: saidOf(kind, NO_NAMES), body };
  });
}
