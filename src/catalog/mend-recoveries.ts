/**
 * Recoveries as they were asked for, by what the master key sealed, and as they ended, by the log and the lineages: before one
 * is decided, at a start and once a day. Rows that somebody changed beside the store come back.
 */
import { SYSTEM_LABEL } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { whileUnchanged } from "../db/unchanged.ts";
import type { RecoveryId } from "../ids.ts";
import { resealRows } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import { findDeveloperKey } from "./keys.records.ts";
import { selectLineage } from "./lineage.records.ts";
import { selectLeavesAbout } from "./log/records.ts";
import { findApp, findOrganisationName } from "./records.ts";
import * as records from "./recovery.records.ts";
import { areSameFacts, openRecovery, type RecoveryFacts, resealedRecovery } from "./recovery-seal.ts";
import { type Difference, damaged, tellMended } from "./tuf/differences.ts";

type RecoveryStore = Pick<Store, "db" | "vault">;

type Right = {
  readonly facts: RecoveryFacts;
  /** Null: the row's own is right. */
  readonly ending: records.RecoveryEnding | null;
};

const differenceOf = (id: RecoveryId): Difference => ({ of: "recovery", id });

/** Whatever comes of it: what is refused or objected to signs nothing. */
export function mendRecovery(store: RecoveryStore & Pick<Store, "log">, id: RecoveryId): void {
  mendOne(store, { id });
}

/** @throws Problem `catalog.damaged` for one that waits and was not asked for as its row says, which nothing tells otherwise */
export function mustHaveRecovery(store: RecoveryStore & Pick<Store, "log">, id: RecoveryId): void {
  if (mendOne(store, { id }) === "left") throw damaged(differenceOf(id));
}

export function recoveryDifferences({ db, vault }: RecoveryStore): readonly Difference[] {
  return whileUnchanged(db, "recoveries", 0, () =>
    records
      .allRecoveries(db.orm)
      .filter((row) => faultOf(db.orm, vault, row) !== null)
      .map(({ id }) => differenceOf(id)),
  );
}

export function mendRecoveries(store: RecoveryStore & Pick<Store, "log">): {
  readonly mended: readonly Difference[];
  readonly left: readonly Difference[];
} {
  const rows = records.allRecoveries(store.db.orm);
  const outcomes = Map.groupBy(rows, (row) => mendOne(store, row));
  const of = (outcome: "mended" | "left") => (outcomes.get(outcome) ?? []).map(({ id }) => differenceOf(id));
  return { mended: of("mended"), left: of("left") };
}

function mendOne(
  store: RecoveryStore & Pick<Store, "log">,
  { id }: Pick<records.RecoveryRow, "id">,
): "same" | "mended" | "left" {
  const look = (tx: Tx) => {
    const row = records.findRecovery(tx, id);
    return row === undefined ? null : faultOf(tx, store.vault, row);
  };
  if (look(store.db.orm) === null) return "same";
  const outcome = write(store.db, (tx) => {
    const fault = look(tx);
    if (fault === null) return "same";
    if (fault === "unknown" || !isThere(tx, fault.facts)) return "left";
    const { apps, ...columns } = fault.facts;
    records.restoreRecovery(tx, id, { ...columns, ...fault.ending }, apps);
    return "mended";
  });
  if (outcome === "mended") tellMended(store, differenceOf(id));
  return outcome;
}

/** What is right where the row is not; `unknown`: nothing tells it, of one that could be approved. Null: it is right. */
function faultOf(tx: Tx, vault: Vault, row: records.RecoveryRow): Right | "unknown" | null {
  const facts = openRecovery(vault, row.id, row.sealed);
  // Of one that has ended nothing more is signed, and before there were seals it had none.
  if (facts === null) return row.state === "waiting" ? "unknown" : null;
  const ending = rightEnding(tx, row, facts);
  const isSame = areSameFacts(facts, { ...row, apps: records.selectRecoveryApps(tx, row.id) });
  return isSame && ending === null ? null : { facts, ending };
}

const WAITS: records.RecoveryEnding = {
  state: "waiting",
  decidedBy: null,
  decidedAt: null,
  decisionReason: null,
};

/** The log has each end but approvals, which stand in the lineages. Null: the row says it. */
function rightEnding(tx: Tx, { id, state }: records.RecoveryRow, facts: RecoveryFacts) {
  const ended = (decided: "fallen" | "approved", decidedAt: Date): records.RecoveryEnding | null => {
    const isSaid = decided === "approved" ? state === decided : state !== "approved" && state !== "waiting";
    if (isSaid) return null;
    return { state: decided, decidedBy: SYSTEM_LABEL, decidedAt, decisionReason: SAID_ELSEWHERE };
  };
  const end = selectLeavesAbout(tx, [facts.keyid], "developer-key").find(
    ({ entry }) =>
      entry.type === "developer-key" && entry.change === "recovery-ended" && entry.authorisedBy === id,
  );
  if (end !== undefined) return ended("fallen", end.recordedAt);
  const place = facts.apps
    .flatMap(({ appId }) => selectLineage(tx, appId))
    .find(({ authorisedBy }) => authorisedBy === id);
  if (place !== undefined) return ended("approved", place.addedAt);
  return state === "waiting" ? null : WAITS;
}

const SAID_ELSEWHERE = "Brought back from the log: how it was decided is in the audit log.";

/** Whether everything that the row names is there. */
function isThere(tx: Tx, { organisationId, keyid, apps }: RecoveryFacts): boolean {
  return (
    findOrganisationName(tx, organisationId) !== undefined &&
    findDeveloperKey(tx, keyid) !== undefined &&
    apps.every(({ appId }) => findApp(tx, appId) !== undefined)
  );
}

/** Under another master key, all of them. Gives how many there are. */
export function resealRecoveries(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.allRecoveries(tx),
    ({ id, sealed }) => resealedRecovery(from, to, id, sealed),
    ({ id }, next) => records.replaceSeal(tx, id, next),
  );
}
