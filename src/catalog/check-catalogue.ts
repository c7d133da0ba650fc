/**
 * Whether the signed catalogue still is what was signed, in the database and where devices read: the little that everything
 * rests on at a start, and all of it right after each start, once a day, and for `mosis admin reconcile`.
 */
import type { Store } from "../context.ts";
import { checkWholeLog } from "./log/audit.ts";
import { rebuildFrom } from "./rebuilt.ts";
import { restoreLost } from "./revocation/lost.ts";
import { type Difference, differencesOf, TRUST_PATHS } from "./tuf/as-signed.ts";
import { mendFiles } from "./tuf/compare.ts";
import { type Mended, mendSigned, nameOf } from "./tuf/mend.ts";
import { targetsOfRoles } from "./tuf/records.ts";
import { TARGETS_ROLES } from "./tuf/roles.ts";

/** What the last look at all of it found and could not mend. */
const left = new WeakMap<Store["db"], readonly Difference[]>();

/** Between so many roles requests are answered. */
const STEP = 8;
const PAUSE_MS = 1;

/** At a start: authorities, revocations and the log's head. */
export async function mendTrust(store: Store): Promise<void> {
  tell(store, (await mendSigned(store, { roles: [], bodies: TRUST_PATHS }, rebuildFrom(store))).left);
}

/** Every row of the catalogue, and the content of each. */
export async function mendRows(store: Store, signal?: AbortSignal): Promise<Mended> {
  const mended: Difference[] = [];
  const found = new Map<string, Difference>();
  const rebuild = rebuildFrom(store);
  for (let at = 0; at < TARGETS_ROLES.length && !signal?.aborted; at += STEP) {
    const roles = TARGETS_ROLES.slice(at, at + STEP);
    const bodies = targetsOfRoles(store.db.orm, roles).map(({ path }) => path);
    const outcome = await mendSigned(store, { roles, bodies }, rebuild);
    mended.push(...outcome.mended);
    for (const difference of outcome.left) found.set(nameOf(difference), difference);
    await Bun.sleep(PAUSE_MS);
  }
  const all = [...found.values()];
  if (!signal?.aborted) left.set(store.db, all);
  tell(store, all);
  return { mended, left: all };
}

/**
 * Job `catalog.check-log`: the rows, the log computed as a whole, and then what was lost of what is revoked, and what devices
 * read of log and catalogue. With a damaged log nothing more is written.
 */
export async function checkCatalogue(store: Store, signal?: AbortSignal): Promise<void> {
  const rows = await mendRows(store, signal);
  const found = await checkWholeLog(store, signal);
  if (found.length > 0 || signal?.aborted) return;
  if (rows.left.length === 0) await restoreLost(store);
  await mendFiles(store, signal);
}

/** For /readyz: what is not as it was signed now, of what is small, and when all of it was looked at last. */
export function catalogueDamage(store: Store): readonly string[] {
  const now = differencesOf(store.db, { roles: [], bodies: TRUST_PATHS });
  return [...new Set([...now, ...(left.get(store.db) ?? [])].map(nameOf))];
}

function tell(store: Store, differences: readonly Difference[]): void {
  for (const difference of differences) store.log.error("catalog.damaged", { what: nameOf(difference) });
}
