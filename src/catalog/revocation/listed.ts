/**
 * What of all that is revoked everybody may read. The signed list names what is public: an app, developer or package of
 * which nothing was ever published is revoked by the store itself, which publishes nothing of it until that is lifted, so
 * no device can have it and none is told its name.
 */
import type { Tx } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import { findNewestLeaf } from "../log/records.ts";
import type { Revocation, Revocations } from "../tuf/revocations.ts";
import type { RevocationChange, Target } from "./change.ts";
import * as records from "./records.ts";
import { nameOf } from "./signed.ts";

/**
 * After an act about `target`: what is signed, and otherwise in what the act is about alone. Rows that somebody changed beside
 * the store, or whose app somebody made private there, change nothing of what devices go by. But a lowest version that was
 * set before its app was public comes into the list with the first act after that.
 *
 * @param inForce What will be in force, by the tables
 */
export function listedAfter(
  tx: Tx,
  { signed, inForce }: { readonly signed: Revocations; readonly inForce: Revocations },
  target: Target,
  act: RevocationChange["act"],
): Revocations {
  if (act === "lowest-version") {
    const others = new Map([...signed.lowestVersionCodes].filter(([appId]) => appId !== target.id));
    const own = [...inForce.lowestVersionCodes].filter(
      ([appId]) => appId === target.id && (signed.lowestVersionCodes.has(appId) || isNamed(tx, target)),
    );
    const lowestVersionCodes = new Map([...others, ...lateLowest(tx, signed, inForce), ...own]);
    return { entries: signed.entries, lowestVersionCodes };
  }
  const isOwn = (entry: Revocation) => nameOf(entry) === nameOf(target);
  const own = signed.entries.some(isOwn) || isNamed(tx, target) ? inForce.entries.filter(isOwn) : [];
  return {
    entries: [...signed.entries.filter((entry) => !isOwn(entry)), ...own],
    lowestVersionCodes: new Map([...signed.lowestVersionCodes, ...lateLowest(tx, signed, inForce)]),
  };
}

/** Of apps that have become public since; only what the log has, too. */
function lateLowest(tx: Tx, signed: Revocations, inForce: Revocations): [AppId, VersionCode][] {
  return [...inForce.lowestVersionCodes].filter(([appId, code]) => {
    if (signed.lowestVersionCodes.has(appId) || !isNamed(tx, { subject: "app", id: appId })) return false;
    const entry = findNewestLeaf(tx, appId, "lowest-version")?.entry;
    return entry?.type === "lowest-version" && entry.versionCode === code;
  });
}

/** Of what is in force, when there is no list to go on from. What the log tells everybody is no secret any more. */
export function listedNow(tx: Tx, inForce: Revocations): Revocations {
  const hidden = hiddenNames(tx);
  return {
    entries: inForce.entries.filter((entry) => !hidden.revocations.has(nameOf(entry))),
    lowestVersionCodes: new Map(
      [...inForce.lowestVersionCodes].filter(([appId]) => !hidden.lowest.has(appId)),
    ),
  };
}

/** What is revoked, and which apps have a lowest version, without anybody being told. */
export function hiddenNames(tx: Tx): {
  readonly revocations: ReadonlySet<string>;
  readonly lowest: ReadonlySet<AppId>;
} {
  const isTold = (type: LogEntry["type"], id: string) => findNewestLeaf(tx, id, type)?.salt === null;
  return {
    revocations: new Set(
      records
        .privateRevocations(tx)
        .filter(({ target }) => !isTold("revocation", target))
        .map(({ subject, target }) => nameOf({ subject, id: target })),
    ),
    lowest: new Set(records.privateLowest(tx).filter((appId) => !isTold("lowest-version", appId))),
  };
}

/** Whether the list and the log may name it. */
export function isNamed(tx: Tx, { subject, id }: Target): boolean {
  return records.isPublic(tx, subject, id);
}
