/**
 * How far the checks of a version are while they run. It is kept in memory and tells whoever looks at the version: what was cut off by a
 * kill begins anew, and nothing of it is left to be shown. What they came to in the end stands in the database.
 */
import type { Store } from "../context.ts";
import { tellNow } from "../db/announcements.ts";
import type { Tx } from "../db/database.ts";
import { perDb } from "../db/per-db.ts";
import type { VersionId } from "../ids.ts";
import { CHECK_NAMES, type CheckName, placeOfCheck } from "./check-names.ts";
import * as records from "./records.ts";
import type { CheckView, FindingView } from "./views.ts";

type CheckVerdict = "passed" | "failed" | "not checked";

type Going = {
  readonly startedAt: Date;
  finished: {
    readonly at: Date;
    readonly findings: readonly FindingView[];
    readonly verdict: CheckVerdict;
  } | null;
};
type Run = Map<CheckName, Going>;

const runsOf = perDb(() => new Map<VersionId, Run>());

export type CheckRun = {
  readonly started: (name: CheckName) => void;
  /** Said again of one that has ended, it is as it was said first. */
  readonly finished: (name: CheckName, verdict: CheckVerdict, findings: readonly FindingView[]) => void;
  /** When the check began and ended; both now of one that nobody said it of. */
  readonly timesOf: (name: CheckName) => { readonly startedAt: Date; readonly finishedAt: Date };
  /** However it ended: what it found stands in the database by now, or it will begin anew. */
  readonly end: () => void;
};

type Where = Pick<Store, "db" | "clock">;

/** One that ran before for the same version is forgotten. */
export function beginChecks(store: Where, id: VersionId): CheckRun {
  const runs = runsOf(store);
  const run: Run = new Map();
  const tell = () => tellNow(store.db, `version:${id}`);
  const begun = (name: CheckName): Going => {
    const going = run.get(name) ?? { startedAt: store.clock.now(), finished: null };
    run.set(name, going);
    return going;
  };
  runs.set(id, run);
  return {
    started(name) {
      begun(name);
      tell();
    },
    finished(name, verdict, findings) {
      const going = begun(name);
      if (going.finished !== null) return;
      going.finished = { at: store.clock.now(), findings, verdict };
      tell();
    },
    timesOf(name) {
      const { startedAt, finished } = begun(name);
      return { startedAt, finishedAt: finished?.at ?? store.clock.now() };
    },
    end() {
      if (runs.get(id) !== run) return;
      runs.delete(id);
      tell();
    },
  };
}

export type ChecksView = { readonly checks: readonly CheckView[]; readonly findings: readonly FindingView[] };

/** The checks of a version in their order, and what they found; while they run, as far as they are. */
export function checksNow(
  tx: Tx,
  store: Pick<Store, "db">,
  row: Pick<records.VersionRow, "id" | "state">,
): ChecksView {
  return row.state === "checking" ? checksSoFar(store, row.id) : checksInTheEnd(tx, row.id);
}

function checksSoFar(store: Pick<Store, "db">, id: VersionId): ChecksView {
  const run: Run = runsOf(store).get(id) ?? new Map();
  const going = CHECK_NAMES.map((name) => ({ name, going: run.get(name) }));
  return {
    checks: going.map(({ name, going }) => ({
      name,
      state:
        going === undefined
          ? "waiting"
          : going.finished === null
            ? "running"
            : stateOf(going.finished.verdict),
      startedAt: going?.startedAt ?? null,
      finishedAt: going?.finished?.at ?? null,
      findings: going?.finished?.findings.length ?? 0,
    })),
    findings: going.flatMap(({ going }) => going?.finished?.findings ?? []),
  };
}

function checksInTheEnd(tx: Tx, id: VersionId): ChecksView {
  const findings = records.selectFindings(tx, id);
  const results = records.selectCheckResults(tx, id);
  return {
    checks: results
      .sort((a, b) => placeOfCheck(a.name) - placeOfCheck(b.name))
      .map(({ name, verdict, startedAt, at }) => ({
        name,
        state: stateOf(verdict),
        startedAt,
        finishedAt: at,
        findings: findings.filter(({ check }) => check === name).length,
      })),
    findings,
  };
}

function stateOf(verdict: CheckVerdict): CheckView["state"] {
  return verdict === "not checked" ? "not_checked" : verdict;
}
