/** What of the store's keys runs out, and what the jobs renew of it. */
import type { Store } from "../../context.ts";
import { isProblem } from "../../errors.ts";
import { CERTIFICATE_LIFETIMES_MS } from "../../keys/authority.ts";
import { isHeldHere, requireSigningKey } from "../../keys/signing-keys.ts";
import { DAY_MS } from "../../time.ts";
import { CRL_LIFETIMES_MS } from "../revocation/crls.ts";
import { findCrl } from "../revocation/records.ts";
import * as tuf from "../tuf/records.ts";
import { isOverlong, isRoleOverlong, ROLE_LIFETIMES_MS, roleFamily } from "../tuf/roles.ts";
import { applyPlan, isSignableHere } from "./apply.ts";
import { keysAsSigned } from "./as-signed.ts";
import { authoritiesFit, countStaying, isAuthorityKind } from "./authority-places.ts";
import { type KeyChange, planChanges, RENEWABLE_CERTIFICATES, type Renewable } from "./changes.ts";
import { REQUEST_ROLES, type RequestRole } from "./request.ts";
import { ROOT_LIST_LIFETIME_MS } from "./requested-lists.ts";
import { currentCertificate, readKeyState } from "./state.ts";
import { findRow } from "./waiting.ts";

/**
 * How long before its end a thing is warned of: time enough to fetch the keys from the safe. What is signed here is
 * renewed at half of its time, so a warning of it means that the renewal does not work.
 */
const WARN_BEFORE_MS = {
  root: 60 * DAY_MS,
  targets: 45 * DAY_MS,
  apps: 45 * DAY_MS,
  revocations: 2 * DAY_MS,
  bins: 7 * DAY_MS,
  snapshot: 2 * DAY_MS,
  timestamp: DAY_MS / 4,
  "ca-root": 730 * DAY_MS,
  /** Developers' certificates, of 825 days, cannot outlive it. */
  "ca-developer": 1095 * DAY_MS,
  release: 180 * DAY_MS,
} as const;

/** Lists of revoked certificates, by who signs them: a job each week, another machine for more than a year. */
const WARN_OF_LIST_MS = { job: 2 * DAY_MS, request: 45 * DAY_MS } as const;
/** The lists of the authorities that issue now. X.509 programs go by them; devices and the store itself do not. */
const LISTS = { "crl-root": "root", "crl-developer": "developer-ca" } as const;

export type Expiring = keyof typeof WARN_BEFORE_MS | keyof typeof LISTS;

export function isList(what: string): what is keyof typeof LISTS {
  return what in LISTS;
}

const CERTIFICATES = ["ca-root", "ca-developer", "release"] as const;

/** Certificates and offline roles whose time is half over; from then on a request takes them along. */
export function dueRenewals(store: Pick<Store, "db" | "clock">): readonly Renewable[] {
  const now = store.clock.now().getTime();
  const { orm } = store.db;
  const current = tuf.currentRoles(orm);
  const isDue = (start: Date, end: Date) => now >= (start.getTime() + end.getTime()) / 2;
  let authorities = countStaying(orm, []);
  const certificates = CERTIFICATES.filter((what) => {
    const kind = RENEWABLE_CERTIFICATES[what];
    const { createdAt, notAfter } = currentCertificate(orm, kind);
    const issuer = currentCertificate(orm, "root").notAfter;
    // What ends with its issuer cannot last longer before that one is renewed.
    if (!isDue(createdAt, notAfter) || (what !== "ca-root" && notAfter >= issuer)) return false;
    if (!isAuthorityKind(kind)) return true;
    // What would not fit holds nothing else up: as its end comes near, it is warned of, and who asks for it is told why.
    if (!authoritiesFit(authorities, 1)) return false;
    authorities += 1;
    return true;
  });
  const state = readKeyState(orm);
  const isRoleDue = (role: RequestRole, { createdAt, expiresAt }: { createdAt: Date; expiresAt: Date }) =>
    isDue(createdAt, expiresAt) || isRoleOverlong(role, expiresAt, store.clock.now());
  const roles = REQUEST_ROLES.filter((role) => {
    const metadata = current.get(role);
    const set = state.sets.get(roleFamily(role));
    const isOffline = set !== undefined && set.keys.filter(isHeldHere).length < set.threshold;
    return metadata !== undefined && isOffline && isRoleDue(role, metadata);
  });
  return [...certificates, ...roles];
}

/** Renews the certificates whose issuer is here. Gives what it renewed. */
export async function renewCertificates(store: Store): Promise<readonly Renewable[]> {
  const done: Renewable[] = [];
  for (const what of dueRenewals(store)) {
    const kind = what in RENEWABLE_CERTIFICATES;
    if (!kind) continue;
    if (!(await areKeysAsSigned(store))) break;
    const { orm } = store.db;
    const changes: KeyChange[] = [{ type: "renew", what }];
    const plan = planChanges(readKeyState(orm), changes, (name) => findRow(orm, [], name));
    if (!isSignableHere(plan)) continue;
    await applyPlan(store, plan);
    done.push(what);
  }
  return done;
}

/** What is not is told where it is looked for; other renewals go on. */
async function areKeysAsSigned(store: Store): Promise<boolean> {
  try {
    await keysAsSigned(store);
    return true;
  } catch (error) {
    if (!isProblem(error) || error.code !== "catalog.damaged") throw error;
    store.log.error(error.code, { detail: error.message });
    return false;
  }
}

export type Lapse = {
  readonly what: Expiring;
  readonly expiresAt: Date;
  /** `overlong`: it was signed by a clock that was ahead, and counts for longer than anything that is signed now. */
  readonly state: "ok" | "warning" | "expired" | "overlong";
  /** Who renews it. */
  readonly renewedBy: "job" | "request";
};

const CERTIFICATE_TIMES = { "ca-root": "root", "ca-developer": "developerCa", release: "release" } as const;

function lifetimeOf(what: Expiring, renewedBy: Lapse["renewedBy"]): number {
  if (isList(what)) return renewedBy === "job" ? CRL_LIFETIMES_MS.here : ROOT_LIST_LIFETIME_MS;
  if (what in CERTIFICATE_TIMES)
    return CERTIFICATE_LIFETIMES_MS[CERTIFICATE_TIMES[what as keyof typeof CERTIFICATE_TIMES]];
  return ROLE_LIFETIMES_MS[what as keyof typeof ROLE_LIFETIMES_MS];
}

/** Everything that ends, soonest first. */
export function lapses(store: Pick<Store, "db" | "clock">): readonly Lapse[] {
  const now = store.clock.now().getTime();
  const { orm } = store.db;
  const state = readKeyState(orm);
  const judge = (what: Expiring, expiresAt: Date, renewedBy: Lapse["renewedBy"]): Lapse => {
    const leftMs = expiresAt.getTime() - now;
    const warnMs = isList(what) ? WARN_OF_LIST_MS[renewedBy] : WARN_BEFORE_MS[what];
    const stateNow = (): Lapse["state"] => {
      if (leftMs <= 0) return "expired";
      if (leftMs < warnMs) return "warning";
      return isOverlong(expiresAt, lifetimeOf(what, renewedBy), store.clock.now()) ? "overlong" : "ok";
    };
    return { what, expiresAt, state: stateNow(), renewedBy };
  };
  const soonest = new Map<keyof typeof ROLE_LIFETIMES_MS, Date>();
  const latest = new Map<keyof typeof ROLE_LIFETIMES_MS, Date>();
  for (const { role, expiresAt } of tuf.currentRoles(orm).values()) {
    const family = roleFamily(role);
    const [first, last] = [soonest.get(family), latest.get(family)];
    if (!first || expiresAt < first) soonest.set(family, expiresAt);
    if (!last || expiresAt > last) latest.set(family, expiresAt);
  }
  const roles = [...soonest].map(([role, expiresAt]) => {
    const set = state.sets.get(role);
    const here = set !== undefined && set.keys.filter(isHeldHere).length >= set.threshold;
    const renewedBy = here ? "job" : "request";
    const first = judge(role, expiresAt, renewedBy);
    // Of many bins one may end too late while another ends soon.
    return first.state === "ok" ? judge(role, latest.get(role) ?? expiresAt, renewedBy) : first;
  });
  const certificates = CERTIFICATES.map((what) => {
    const { notAfter } = currentCertificate(orm, RENEWABLE_CERTIFICATES[what]);
    const root = requireSigningKey(store, currentCertificate(orm, "root").keyName);
    return judge(what, notAfter, isHeldHere(root) ? "job" : "request");
  });
  const lists = (Object.keys(LISTS) as (keyof typeof LISTS)[]).flatMap((what) => {
    const issuer = state.certificateKeys[LISTS[what]];
    const list = findCrl(orm, issuer.keyid);
    return list ? [judge(what, list.nextUpdate, isHeldHere(issuer) ? "job" : "request")] : [];
  });
  return [...roles, ...certificates, ...lists].sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime());
}
