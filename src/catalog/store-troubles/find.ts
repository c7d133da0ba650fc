/** What of the store needs an administrator, as /readyz, the dashboard and the page of jobs have it. */
import { SEND_MAIL_JOB } from "../../accounts/messages/outbox.ts";
import { mailTrouble } from "../../accounts/messages/trouble.ts";
import { crowdedSignUp } from "../../accounts/sign-up-turns.ts";
import { auditDamagedAt } from "../../audit/check.ts";
import type { Store } from "../../context.ts";
import { describeError, isProblem } from "../../errors.ts";
import { deadKinds, queueHealth, STUCK_MS } from "../../jobs/queue.ts";
import { failingCommands } from "../../keys/command-trouble.ts";
import { unusableKeys } from "../../keys/unusable.ts";
import { probeStorage } from "../../storage/probe.ts";
import { catalogueDamage } from "../check-catalogue.ts";
import { checkLog } from "../log/hold.ts";
import { revokedRelease } from "../release-trust.ts";
import { isLow } from "../setup/steps.ts";
import { diskOf } from "../storage-use/read.ts";
import { keyWarnings } from "../store-keys/overview.ts";

export const TROUBLE_CODES = [
  "keys.expiring",
  "keys.expired",
  "keys.overlong",
  "keys.release_revoked",
  "keys.command_failing",
  "keys.unusable",
  "catalog.damaged",
  "log.damaged",
  "audit.damaged",
  "storage.failing",
  "storage.low_space",
  "jobs.dead",
  "jobs.stuck",
  "mail.failing",
  "signup.crowded",
] as const;
export type TroubleCode = (typeof TROUBLE_CODES)[number];

export type Trouble = {
  readonly code: TroubleCode;
  /** The key, certificate or list, or the kind of the jobs; "" where there is one such thing. */
  readonly what: string;
  /** When it ends, since when it is so, or when another one came to it; null: that is not known. */
  readonly at: Date | null;
  /** A job of the store is to mend it before the next look. */
  readonly isRenewed: boolean;
};

/** Bounded by the store's own keys and the kinds of jobs. @throws nothing that one of them does: that it cannot be looked at is in the log */
export async function findTroubles(store: Store): Promise<readonly Trouble[]> {
  const found: Trouble[] = [];
  for (const [name, look] of LOOKS) {
    try {
      found.push(...(await look(store)));
    } catch (error) {
      store.log.error("troubles.failing", { check: name, error: describeError(error) });
    }
  }
  return found;
}

type Look = (store: Store) => readonly Trouble[] | Promise<readonly Trouble[]>;

const one = (code: TroubleCode, at: Date | null = null, what = "", isRenewed = false): Trouble => ({
  ...{ code, what, at, isRenewed },
});

const LOOKS: readonly (readonly [string, Look])[] = [
  [
    "keys",
    (store) =>
      keyWarnings(store).map(({ code, what, expiresAt, renewedBy }) =>
        one(`keys.${code}`, expiresAt, what, renewedBy === "job"),
      ),
  ],
  [
    "release",
    (store) => {
      const revoked = revokedRelease(store.db.orm);
      return revoked === null
        ? []
        : [one("keys.release_revoked", revoked.revocation.revokedAt, revoked.keyName)];
    },
  ],
  ["commands", (store) => failingCommands(store).map(({ key }) => one("keys.command_failing", null, key))],
  ["unusable", (store) => unusableKeys(store).map(({ name }) => one("keys.unusable", null, name))],
  ["catalogue", (store) => (catalogueDamage(store).length > 0 ? [one("catalog.damaged")] : [])],
  ["log", logTrouble],
  [
    "audit",
    (store) => {
      const damagedAt = auditDamagedAt(store);
      return damagedAt === null ? [] : [one("audit.damaged", damagedAt)];
    },
  ],
  ["storage", storageTrouble],
  ["disk", ({ config }) => (isLow(diskOf(config.dataDir)) ? [one("storage.low_space")] : [])],
  ["jobs", jobTrouble],
  [
    "mail",
    (store) => {
      const trouble = mailTrouble(store);
      return trouble === null ? [] : [one("mail.failing", trouble.since)];
    },
  ],
  [
    "sign-up",
    (store) => {
      const crowded = crowdedSignUp(store);
      return crowded === null ? [] : [one("signup.crowded", crowded.since)];
    },
  ],
];

function logTrouble(store: Store): readonly Trouble[] {
  try {
    checkLog(store);
    return [];
  } catch (error) {
    if (!isProblem(error) || error.code !== "log.damaged") throw error;
    return [one("log.damaged")];
  }
}

async function storageTrouble({ blobs }: Store): Promise<readonly Trouble[]> {
  const outcome = await probeStorage(blobs).catch(() => "failed" as const);
  return outcome === "ok" ? [] : [one("storage.failing")];
}

function jobTrouble(store: Store): readonly Trouble[] {
  const since = queueStandsSince(store);
  return [
    ...deadKinds(store.db).map(({ kind, at }) => one("jobs.dead", at, kind)),
    ...(since === null ? [] : [one("jobs.stuck", since)]),
  ];
}

/** Since when the oldest job is due that should have begun long ago; null: there is none. */
export function queueStandsSince({ db, clock }: Pick<Store, "db" | "clock">): Date | null {
  const { oldestDueAt } = queueHealth(db, [SEND_MAIL_JOB]);
  return oldestDueAt !== null && clock.now().getTime() - oldestDueAt.getTime() > STUCK_MS
    ? oldestDueAt
    : null;
}
