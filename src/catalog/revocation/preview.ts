/**
 * The blast radius of an act, before it: what it names, which apps and versions that are, and what will become of them.
 * The scope's digest stands for all of it, so that what is confirmed is what was shown.
 */

import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { VersionState } from "../../db/version-states.ts";
import { Problem } from "../../errors.ts";
import { fingerprint } from "../../format/verify-signatures.ts";
import type { AppId, OrganisationId, VersionCode, VersionId } from "../../ids.ts";
import { say } from "../../say.ts";
import { canonicalize } from "../../signing/json.ts";
import { mendSigners } from "../right-signers.ts";
import { selectStatements } from "../sign-again/fallen.ts";
import type { MendStore } from "../tuf/mend-files.ts";
import { sha256 } from "../tuf/metadata.ts";
import { parseChange, type RevocationChange, type RevocationInput } from "./change.ts";
import { concernedLists } from "./homes.ts";
import { type RevocationView, revocationView } from "./in-force.ts";
import { type Installed, installedOf } from "./installed.ts";
import { restoreLost } from "./lost.ts";
import { noteAdded } from "./noted.ts";
import * as records from "./records.ts";
import { findSubject, type KnownSubject, namingOf, refuseUntil } from "./subjects.ts";

export type AffectedVersion = {
  readonly versionId: VersionId;
  readonly appId: AppId;
  readonly appName: string;
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly state: VersionState;
  readonly publishedAt: Date | null;
};

export type Preview = {
  readonly change: RevocationChange;
  /** What it is called, and whose it is. */
  readonly known: KnownSubject;
  /** What is in force for this very name now; null for nothing. Owners are not told which administrator did it. */
  readonly before: (Omit<RevocationView, "revokedBy"> & { readonly revokedBy: string | null }) | null;
  /** The lowest version code of the app now; null for an act about something else. */
  readonly lowestBefore: number | null;
  /** Whether what it concerns comes back to devices, by a lift or a lower lowest version. */
  readonly returns: boolean;
  /** Of what comes back, what is offered to devices again. */
  readonly affected: Omit<records.Affected, "newest">;
  /** Versions that are offered again beside: approved before the time that an act names, and out by what is in force now. */
  readonly offeredAgain: number;
  /** What a lift or a lower lowest version does not bring back of what it names, and why: what names it, or its app's lowest version. */
  readonly staysOut: readonly { readonly because: records.Hindrance; readonly versions: number }[];
  /** Apps of which new devices install nothing until the store has said again which keys may sign them; of its own key only. */
  readonly lineages: number;
  readonly installed: Installed;
  /** How often devices fetched the apps that it concerns, whichever version it was: of how many devices that is, nobody tells. */
  readonly fetches: number;
  readonly versions: Page<AffectedVersion>;
  /** To be given with the act. */
  readonly scope: string;
};

/**
 * @throws Problem those of `parseChange`; `revocation.subject_unknown`, `revocation.until_refused`, `revocation.until_future`,
 *   `rights.forbidden`
 */
export function previewRevocation(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  input: RevocationInput,
  page: PageRequest,
): Preview {
  authorise(actor, "revocation.manage");
  return previewChange(store, parseChange(input), page);
}

/** The same, of what is in force as the act will find it: rows that were lost come back first. @throws as it, and Problem `catalog.damaged` */
export async function lookAtRevocation(
  store: MendStore & Pick<Store, "vault">,
  actor: Actor,
  input: RevocationInput,
  page: PageRequest,
): Promise<Preview> {
  authorise(actor, "revocation.manage");
  const change = parseChange(input);
  const lists = concernedLists(store.db.orm, change);
  await restoreLost(store, lists);
  await mendSigners(store, change);
  noteAdded(store, lists);
  return previewRevocation(store, actor, input, page);
}

/**
 * For whoever the caller has authorised.
 * @throws Problem `revocation.subject_unknown`, `revocation.until_refused`, `revocation.until_future`
 */
export function previewChange(
  store: Pick<Store, "db" | "clock">,
  change: RevocationChange,
  page: PageRequest,
): Preview {
  const tx = store.db.orm;
  const scope = scopeOf(tx, change);
  refuseUntil(change, scope.known, store.clock.now());
  const { newest: _, ...affected } = scope.affected;
  const rows = records.selectAffected(tx, scope.naming, {
    ...(scope.codes === undefined ? {} : { codes: scope.codes }),
    lifted: scope.lifted,
    ...oneMore(page),
  });
  return {
    change,
    known: scope.known,
    before: scope.before,
    lowestBefore: scope.lowestBefore,
    returns: returnsBy(change, scope.lowestBefore),
    affected,
    offeredAgain: scope.offeredAgain,
    staysOut: scope.lifted === null ? [] : records.countStaying(tx, scope.naming, scope.lifted, scope.codes),
    lineages: scope.lineages,
    installed: installedOf(store, scope.naming),
    fetches: records.sumFetches(tx, scope.naming, scope.codes, scope.lifted),
    versions: pageOf(rows, page.limit, (row) => row.id, affectedVersion),
    scope: scope.digest,
  };
}

function returnsBy(change: RevocationChange, lowestBefore: number | null): boolean {
  if (change.act === "lowest-version") return change.versionCode < (lowestBefore ?? 1);
  return change.act === "lift";
}

function liftedBy(change: RevocationChange): records.Lifted | null {
  if (change.act === "lift") return { subject: change.subject, target: change.id };
  return change.act === "lowest-version" ? { appId: change.appId, lowest: change.versionCode } : null;
}

function affectedVersion(row: records.AffectedRow): AffectedVersion {
  const { id, appId, appName, organisationId, organisationName } = row;
  const { versionCode, version, state, publishedAt } = row;
  const organisation = { organisationId, organisationName };
  return { versionId: id, appId, appName, ...organisation, versionCode, version, state, publishedAt };
}

type Scope = {
  readonly known: KnownSubject;
  readonly naming: records.Naming;
  readonly codes: records.CodeRange | undefined;
  readonly lifted: records.Lifted | null;
  readonly before: RevocationView | null;
  readonly lowestBefore: number | null;
  readonly affected: records.Affected;
  readonly offeredAgain: number;
  readonly lineages: number;
  readonly digest: string;
};

function scopeOf(tx: Tx, change: RevocationChange): Scope {
  const target = change.act === "lowest-version" ? { subject: "app" as const, id: change.appId } : change;
  const known = findSubject(tx, target);
  const row = records.findRevocation(tx, target.subject, target.id);
  const until = change.act === "revoke" ? change.approvalsUntil : (row?.approvalsUntil ?? null);
  const naming = namingOf(known, until);
  const lowestBefore =
    change.act === "lowest-version" ? (records.findLowest(tx, change.appId)?.versionCode ?? 1) : null;
  // Between the two lowest codes lies all that goes, or comes back.
  const codes =
    change.act === "lowest-version" && lowestBefore !== null
      ? {
          from: Math.min(lowestBefore, change.versionCode),
          below: Math.max(lowestBefore, change.versionCode),
        }
      : undefined;
  const lifted = returnsBy(change, lowestBefore) ? liftedBy(change) : null;
  const affected = records.countAffected(tx, naming, codes, lifted);
  const offeredAgain =
    change.act === "revoke" && change.approvalsUntil !== null && row !== undefined
      ? records.countReapproved(tx, naming, row, change.approvalsUntil)
      : 0;
  const lineages = countLineages(tx, naming);
  const before = row === undefined || change.act === "lowest-version" ? null : revocationView(row);
  const facts = {
    act: change.act,
    action: change.act === "revoke" ? change.action : null,
    affected,
    approvalsUntil: change.act === "revoke" ? (change.approvalsUntil?.toISOString() ?? null) : null,
    before: before && { action: before.action, revokedAt: before.revokedAt.toISOString() },
    id: target.id,
    // What was confirmed once is not done again later, when it was undone in between.
    last: records.lastEvent(tx, target.subject, target.id),
    lineages,
    ...(offeredAgain === 0 ? {} : { offeredAgain }),
    lowest: change.act === "lowest-version" ? { from: lowestBefore, to: change.versionCode } : null,
    reason: change.reason,
    subject: target.subject,
  };
  return {
    known,
    naming,
    codes,
    lifted,
    before,
    lowestBefore,
    affected,
    offeredAgain,
    lineages,
    digest: sha256(canonicalize(facts)),
  };
}

/** Apps whose lineage has a statement that this key or certificate of the store signed, after the time if there is one. */
function countLineages(tx: Tx, naming: records.Naming): number {
  if (naming.by !== "release-key" && naming.by !== "release-certificate") return 0;
  const { by, id, until } = naming;
  const named = selectStatements(tx).filter(
    ({ leaf, at }) =>
      id === (by === "release-key" ? leaf.key.keyid : String(fingerprint(leaf))) &&
      (until === null || at > until),
  );
  return new Set(named.map(({ row }) => row.appId)).size;
}

/** Nothing is revoked that nobody has looked at. @throws Problem `revocation.scope_required` (precondition_required) */
export function requireScope(scope: string | undefined): string {
  if (scope !== undefined) return scope;
  throw new Problem(
    "precondition_required",
    "revocation.scope_required",
    say`Look first at what this concerns: the preview gives a scope, and the act takes that scope.`,
  );
}

/** @throws Problem `revocation.scope_changed` (conflict) when it is not about what was shown */
export function refuseOtherScope(tx: Tx, change: RevocationChange, scope: string): void {
  if (scopeOf(tx, change).digest === scope) return;
  throw new Problem(
    "conflict",
    "revocation.scope_changed",
    say`This is not what was shown: something was published, submitted or revoked in between, or the act is another one. Look at what it concerns again.`,
  );
}
