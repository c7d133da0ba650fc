/** /healthz: the process answers. /readyz: it can do its work, and if not, which part cannot. */
import { SEND_MAIL_JOB } from "../accounts/messages/outbox.ts";
import { type MailTrouble, mailTrouble } from "../accounts/messages/trouble.ts";
import { crowdedSignUp } from "../accounts/sign-up-turns.ts";
import { auditDamagedAt } from "../audit/check.ts";
import { openDamage } from "../catalog/check-catalogue.ts";
import { checkLog } from "../catalog/log/hold.ts";
import { findCheck } from "../catalog/log/records.ts";
import { revokedRelease } from "../catalog/release-trust.ts";
import { keyWarnings } from "../catalog/store-keys/overview.ts";
import { catalogueHealth } from "../catalog/tuf/repository.ts";
import type { Store } from "../context.ts";
import { probeDatabase } from "../db/database.ts";
import { describeError, isProblem } from "../errors.ts";
import { queueHealth, STUCK_MS } from "../jobs/queue.ts";
import { storeId } from "../keys/authority.ts";
import { failingCommands } from "../keys/command-trouble.ts";
import { unusableKeys } from "../keys/unusable.ts";
import { probeStorage } from "../storage/probe.ts";
import { json } from "./reply.ts";
import { defineRoute, type Route } from "./route.ts";

type Check = { readonly status: "ok" | "failing"; readonly [fact: string]: string | number | boolean | null };
export type Readiness = {
  readonly status: "ready" | "not ready";
  readonly checkedAt: string;
  readonly checks: Readonly<Record<string, Check>>;
  /** What works and needs somebody before long; it does not make the store unready. */
  readonly warnings: readonly Warning[];
};

type Warning =
  | CatalogueWarning
  | ReleaseWarning
  | CommandWarning
  | KeyWarning
  | AuditWarning
  | MailWarning
  | SignUpWarning;

/** The database has not got the part that is named, if everybody may hear of it, as it was signed: nothing is signed over it. */
type CatalogueWarning = { readonly code: "catalog.damaged"; readonly what: string };

/** Nothing can be approved until the release key that is named is replaced. */
type ReleaseWarning = { readonly code: "keys.release_revoked"; readonly what: string };

/** The command that holds the key that is named did not sign when it was last asked to. */
type CommandWarning = { readonly code: "keys.command_failing"; readonly what: string };

type KeyWarning = {
  readonly code: "keys.expiring" | "keys.expired" | "keys.overlong";
  /** A role of the catalogue, a certificate or a list of revoked ones, as `mosis admin keys` names it. */
  readonly what: string;
  readonly expiresAt: string;
  /** `job`: the store should have renewed it by itself; `request`: keys on another machine sign it. */
  readonly renewedBy: "job" | "request";
};

/** The last check found that the audit log is not what was written; where, the page and the program's log say. */
type AuditWarning = { readonly code: "audit.damaged"; readonly checkedAt: string };

/** No message was taken by the mail server for an hour, though there are some; or it refuses every one for good. */
type MailWarning = {
  readonly code: "mail.failing";
  readonly since: string;
  /** The numbers of the answer with which it refuses them, such as `550 5.7.1`. */
  readonly answer?: string;
};

/** More people ask for an account than the store writes to. */
type SignUpWarning = { readonly code: "signup.crowded"; readonly since: string };

/** Probes write to the disk: however often they are asked for, they run once in so long. */
const KEPT_MS = 1000;

const kept = new WeakMap<Store, { at: number; readiness: Promise<Readiness> }>();

/** The parts of readiness, at most a second old. */
export function readiness(store: Store): Promise<Readiness> {
  const now = store.clock.now().getTime();
  const known = kept.get(store);
  if (known && Math.abs(now - known.at) < KEPT_MS) return known.readiness;
  const fresh = examine(store);
  kept.set(store, { at: now, readiness: fresh });
  return fresh;
}

async function examine(store: Store): Promise<Readiness> {
  const checks = {
    database: await probe(store, "database", async () => database(store)),
    storage: await probe(store, "storage", () => storage(store)),
    signingKeys: await probe(store, "signingKeys", async () => signingKeys(store)),
    jobQueue: await probe(store, "jobQueue", async () => jobQueue(store)),
    log: await probe(store, "log", async () => log(store)),
  };
  const ready = Object.values(checks).every((check) => check.status === "ok");
  return {
    status: ready ? "ready" : "not ready",
    checkedAt: store.clock.now().toISOString(),
    checks,
    warnings: warningsOf(store),
  };
}

function warningsOf(store: Store): Warning[] {
  try {
    const damagedAt = auditDamagedAt(store);
    const ofAudit =
      damagedAt === null ? [] : [{ code: "audit.damaged" as const, checkedAt: damagedAt.toISOString() }];
    const ofKeys = keyWarnings(store).map(({ code, what, expiresAt, renewedBy }) => ({
      code: `keys.${code}` as const,
      what,
      expiresAt: expiresAt.toISOString(),
      renewedBy,
    }));
    const revoked = revokedRelease(store.db.orm);
    const ofRelease =
      revoked === null ? [] : [{ code: "keys.release_revoked" as const, what: revoked.keyName }];
    const trouble = mailTrouble(store);
    const ofMail = trouble === null ? [] : [mailWarning(trouble)];
    const crowded = crowdedSignUp(store);
    const ofSignUp =
      crowded === null ? [] : [{ code: "signup.crowded" as const, since: crowded.since.toISOString() }];
    const ofCatalogue = openDamage(store).map((what) => ({ code: "catalog.damaged" as const, what }));
    const ofCommands = failingCommands(store).map(({ key }) => ({
      code: "keys.command_failing" as const,
      what: key,
    }));
    return [...ofCatalogue, ...ofAudit, ...ofMail, ...ofRelease, ...ofCommands, ...ofKeys, ...ofSignUp];
  } catch (error) {
    // The checks say what cannot be read.
    store.log.error("ready.failing", { check: "warnings", error: describeError(error) });
    return [];
  }
}

function mailWarning({ since, refusal }: MailTrouble): MailWarning {
  const answer = refusal === null ? {} : { answer: refusal };
  return { code: "mail.failing" as const, since: since.toISOString(), ...answer };
}

async function probe(store: Store, name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    // What went wrong may name paths and addresses: that is for the log.
    store.log.error("ready.failing", { check: name, error: describeError(error) });
    return { status: "failing", reason: "it failed; the log says why" };
  }
}

function database(store: Store): Check {
  probeDatabase(store.db);
  return { status: "ok" };
}

async function storage(store: Store): Promise<Check> {
  const outcome = await probeStorage(store.blobs);
  if (outcome === "ok") return { status: "ok" };
  return {
    status: "failing",
    reason: outcome === "late" ? "no answer within 5 seconds" : "what was written does not read back",
  };
}

function signingKeys(store: Store): Check {
  store.vault.checkFile();
  storeId(store);
  const [unusable] = unusableKeys(store);
  if (unusable) {
    store.log.error("ready.failing", { check: "signingKeys", error: unusable.detail });
    return { status: "failing", reason: unusable.code };
  }
  const { soonestExpiryAt, expired, unexported } = catalogueHealth(store);
  // Without the release certificate nothing can be approved; the authorities' ends are told as warnings long before.
  const ended = keyWarnings(store).some(({ code, holdsUp }) => code === "expired" && holdsUp);
  return {
    status: expired || ended || soonestExpiryAt === null ? "failing" : "ok",
    catalogueExpiresAt: soonestExpiryAt?.toISOString() ?? null,
    unexported,
  };
}

function jobQueue(store: Store): Check {
  // A hundred mails to a slow server take their time; when none of them goes, that is a warning of its own.
  const { queued, running, dead, oldestDueAt } = queueHealth(store.db, [SEND_MAIL_JOB]);
  const waitsMs = oldestDueAt === null ? 0 : store.clock.now().getTime() - oldestDueAt.getTime();
  return {
    // Dead jobs wait for a person; they are told, and the store goes on working.
    status: waitsMs > STUCK_MS ? "failing" : "ok",
    queued,
    running,
    dead,
    oldestDueSeconds: Math.max(0, Math.round(waitsMs / 1000)),
  };
}

export const healthRoutes: readonly Route[] = [
  defineRoute({
    area: "file",
    method: "GET",
    path: "/healthz",
    access: "public",
    name: "health",
    summary: "The process is alive",
    handle: () => json({ status: "alive" }, { headers: { "Cache-Control": "no-store" } }),
  }),
  defineRoute({
    area: "file",
    method: "GET",
    path: "/readyz",
    access: "public",
    name: "readiness",
    summary: "The store can do its work",
    async handle({ store }) {
      const state = await readiness(store);
      return json(state, {
        status: state.status === "ready" ? 200 : 503,
        headers: { "Cache-Control": "no-store" },
      });
    },
  }),
];

/** With a damaged log nothing is published any more, whatever else works. */
function log(store: Store): Check {
  try {
    const { size, headSize } = checkLog(store);
    const checkedAt = findCheck(store.db.orm)?.checkedAt ?? null;
    return { status: "ok", size, headSize, wholeCheckedAt: checkedAt?.toISOString() ?? null };
  } catch (error) {
    if (!isProblem(error) || error.code !== "log.damaged") throw error;
    store.log.error("ready.failing", { check: "log", error: error.message });
    return { status: "failing", reason: "log.damaged" };
  }
}
