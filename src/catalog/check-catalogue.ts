/**
 * Whether the signed catalogue still is what was signed, in the database and where devices read: the little that everything
 * rests on at a start, and all of it right after each start, once a day, and for `mosis admin reconcile`.
 */
import type { Store } from "../context.ts";
import { whileUnchanged } from "../db/unchanged.ts";
import { isProblem } from "../errors.ts";
import { approvalDifferences } from "./approval-seal.ts";
import { checkDifferences } from "./check-seal.ts";
import { checkWholeLog } from "./log/audit.ts";
import { mendApps } from "./mend-apps.ts";
import { mendDeveloperCertificates, mendOwners } from "./mend-developer-keys.ts";
import { mendManifests } from "./mend-manifests.ts";
import { mendRecoveries, recoveryDifferences } from "./mend-recoveries.ts";
import { mendShards } from "./mend-shards.ts";
import { rebuildFrom } from "./rebuilt.ts";
import { compareRevocations } from "./revocation/compare.ts";
import { restoreLost } from "./revocation/lost.ts";
import { bringBackLowest, lowestDifferences } from "./revocation/lowest.ts";
import { mendCrls } from "./revocation/mend-crls.ts";
import { noteDiffering, notedRevocations } from "./revocation/noted.ts";
import { certificateDifferences, mendCertificates, mendReleases } from "./store-keys/mend-certificates.ts";
import { holderDifferences, mendHolders, sealCommands } from "./store-keys/mend-holders.ts";
import { differencesOf, TRUST_PATHS } from "./tuf/as-signed.ts";
import { mendFiles } from "./tuf/compare.ts";
import { type Difference, isOpen, nameOf } from "./tuf/differences.ts";
import { type Mended, mendNewerRoot, mendSigned } from "./tuf/mend.ts";
import { mendStoreId, storeIdDifferences } from "./tuf/mend-store-id.ts";
import { mendStrays } from "./tuf/mend-strays.ts";
import { listCatalogues, targetsOfRoles } from "./tuf/records.ts";
import { rolesOf } from "./tuf/roles.ts";

/** What the last look at all of it found and could not mend. */
const left = new WeakMap<Store["db"], readonly Difference[]>();

/** Between so many roles requests are answered. */
const STEP = 8;
const PAUSE_MS = 1;

/** At a start: the roots, the store's id, which keys sign, authorities, revocations and the log's head. */
export async function mendTrust(store: Store): Promise<void> {
  mendStrays(store);
  mendHolders(store);
  await mendNewerRoot(store);
  // The file of the authorities may have to be made again from them, and they from the file.
  mendCertificates(store);
  const { left } = await mendSigned(store, { roles: [], bodies: TRUST_PATHS }, rebuildFrom(store));
  mendStoreId(store);
  tell(store, [...left, ...storeIdDifferences(store.db), ...mendCertificates(store).left]);
}

/**
 * Every row of every catalogue, and the content of each; of very many published versions, those whose turn it is are held to
 * their packages, or every one.
 */
export async function mendRows(
  store: Store,
  { every = false, signal }: { readonly every?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<Mended> {
  const mended: Difference[] = [
    ...mendStrays(store),
    ...mendHolders(store),
    ...(await mendNewerRoot(store)),
    ...mendCertificates(store).mended,
  ];
  const found = new Map<string, Difference>();
  const rebuild = rebuildFrom(store);
  const steps = listCatalogues(store.db.orm).flatMap((audience) =>
    stepsOf(rolesOf(audience)).map((roles) => ({ audience, roles })),
  );
  for (const { audience, roles } of steps) {
    if (signal?.aborted) break;
    const bodies = targetsOfRoles(store.db.orm, roles, audience).map(({ path }) => ({ audience, path }));
    const scope = { roles: roles.map((role) => ({ audience, role })), bodies };
    const outcome = await mendSigned(store, scope, rebuild);
    mended.push(...outcome.mended);
    for (const difference of outcome.left) found.set(nameOf(difference), difference);
    await Bun.sleep(PAUSE_MS);
  }
  // What tells it has come back with the roles.
  mended.push(...mendStoreId(store));
  for (const one of storeIdDifferences(store.db)) found.set(nameOf(one), one);
  const certificates = mendCertificates(store);
  const releases = await mendReleases(store);
  const owners = await mendOwners(store);
  const developers = await mendDeveloperCertificates(store, signal);
  const manifests = await mendManifests(store, { every, signal });
  const apps = await mendApps(store, signal);
  // An approved one is told by the lineages, which have come back.
  const recoveries = mendRecoveries(store);
  const outcomes = [certificates, releases, owners, developers, apps, manifests, recoveries];
  for (const one of outcomes) mended.push(...one.mended);
  mended.push(...(await mendShards(store)), ...(await mendCrls(store)));
  const waiting = [...checkDifferences(store), ...approvalDifferences(store)];
  for (const one of [...waiting, ...outcomes.flatMap((outcome) => outcome.left)]) found.set(nameOf(one), one);
  const still = [...found.values()];
  if (!signal?.aborted) left.set(store.db, still);
  tell(store, still);
  return { mended, left: still };
}

function stepsOf(roles: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(roles.length / STEP);
  return Array.from({ length: count }, (_, at) => roles.slice(at * STEP, (at + 1) * STEP));
}

/**
 * Job `catalog.check-log`: the rows, the log computed as a whole, and then what was lost of what is revoked, and what devices
 * read of log and catalogue. With a damaged log nothing more is written.
 */
export async function checkCatalogue(store: Store, signal?: AbortSignal): Promise<void> {
  await mendRows(store, { signal });
  await sealCommands(store);
  const found = await checkWholeLog(store, signal);
  if (found.length > 0 || signal?.aborted) return;
  try {
    await restoreLost(store);
    await noteRevocations(store);
  } catch (error) {
    // The list as it was signed is nowhere, which was told.
    if (!isProblem(error)) throw error;
  }
  await mendFiles(store, signal);
}

/** What the tables say is revoked, and no list and log: no act signs it, and somebody wrote it beside the store. */
async function noteRevocations(store: Store): Promise<void> {
  noteDiffering(store, bringBackLowest(store, await compareRevocations(store)));
}

/** What is not as it was signed now, of what is small, and when all of it was looked at last. */
export function catalogueDamage(store: Store): readonly string[] {
  return [...new Set([...differencesNow(store).map(nameOf), ...notedRevocations(store.db)])];
}

/** The same for /readyz, which answers whoever asks: what tells of an app, a person or a group is not named. */
export function openDamage(store: Store): readonly string[] {
  const names = differencesNow(store).map((one) => (isOpen(one) ? nameOf(one) : UNNAMED));
  return [...new Set([...names, ...notedRevocations(store.db).map(() => UNNAMED)])];
}

const UNNAMED = "something that mosis admin reconcile names";

function differencesNow(store: Store): readonly Difference[] {
  // Each look at the dashboard asks, and it is much work for what hardly ever changes.
  const now = whileUnchanged(store.db, "catalogue damage", 0, () => [
    ...differencesOf(store.db, { roles: [], bodies: TRUST_PATHS }),
    ...certificateDifferences(store.db),
    ...holderDifferences(store),
    ...storeIdDifferences(store.db),
    ...recoveryDifferences(store),
    ...lowestDifferences(store.db),
  ]);
  return [...now, ...(left.get(store.db) ?? [])];
}

function tell(store: Store, differences: readonly Difference[]): void {
  for (const difference of differences) store.log.error("catalog.damaged", { what: nameOf(difference) });
}
