/** What of all that is revoked stands in which signed list: of each audience what `homes.ts` says it may know of. */
import type { Tx } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { type AppId, type Audience, EVERYBODY, type VersionCode } from "../../ids.ts";
import { findNewestLeaf } from "../log/records.ts";
import type { Revocation, Revocations } from "../tuf/revocations.ts";
import type { RevocationChange, Target } from "./change.ts";
import { homesOf } from "./homes.ts";
import * as records from "./records.ts";
import { nameOf } from "./signed.ts";

/**
 * An audience's list after an act about `target`: what is signed, and otherwise in what the act is about alone. Rows that somebody changed beside
 * the store, or whose app somebody made private there, change nothing of what devices go by. But a lowest version that was
 * set before its app was public comes into the list with the first act after that.
 *
 * @param inForce What will be in force, by the tables
 */
export function listedAfter(
  tx: Tx,
  audience: Audience,
  { signed, inForce }: { readonly signed: Revocations; readonly inForce: Revocations },
  target: Target,
  act: RevocationChange["act"],
): Revocations {
  if (act === "lowest-version") {
    const others = new Map([...signed.lowestVersionCodes].filter(([appId]) => appId !== target.id));
    const own = [...inForce.lowestVersionCodes].filter(
      ([appId]) =>
        appId === target.id && (signed.lowestVersionCodes.has(appId) || isNamedTo(tx, audience, target)),
    );
    const lowestVersionCodes = new Map([...others, ...lateLowest(tx, audience, { signed, inForce }), ...own]);
    return { entries: signed.entries, lowestVersionCodes };
  }
  const isOwn = (entry: Revocation) => nameOf(entry) === nameOf(target);
  const mayStand = signed.entries.some(isOwn) || isNamedTo(tx, audience, target);
  const own = mayStand ? inForce.entries.filter(isOwn) : [];
  return {
    entries: [...signed.entries.filter((entry) => !isOwn(entry)), ...own],
    lowestVersionCodes: new Map([
      ...signed.lowestVersionCodes,
      ...lateLowest(tx, audience, { signed, inForce }),
    ]),
  };
}

/** Of apps that the audience was told of since; only what the log has, too. */
function lateLowest(
  tx: Tx,
  audience: Audience,
  { signed, inForce }: { readonly signed: Revocations; readonly inForce: Revocations },
): [AppId, VersionCode][] {
  return [...inForce.lowestVersionCodes].filter(([appId, code]) => {
    if (signed.lowestVersionCodes.has(appId)) return false;
    if (!isNamedTo(tx, audience, { subject: "app", id: appId })) return false;
    const entry = findNewestLeaf(tx, appId, "lowest-version")?.entry;
    return entry?.type === "lowest-version" && entry.versionCode === code;
  });
}

/** Of what is in force, when there is no list to go on from. What the log tells everybody is no secret any more. */
export function listedNow(tx: Tx, audience: Audience, inForce: Revocations): Revocations {
  if (audience !== EVERYBODY) return namedTo(tx, audience, inForce);
  const hidden = hiddenNames(tx, "public");
  return {
    entries: inForce.entries.filter((entry) => !hidden.revocations.has(nameOf(entry))),
    lowestVersionCodes: new Map(
      [...inForce.lowestVersionCodes].filter(([appId]) => !hidden.lowest.has(appId)),
    ),
  };
}

function namedTo(tx: Tx, audience: Audience, inForce: Revocations): Revocations {
  return {
    entries: inForce.entries.filter((entry) => isNamedTo(tx, audience, entry)),
    lowestVersionCodes: new Map(
      [...inForce.lowestVersionCodes].filter(([id]) => isNamedTo(tx, audience, { subject: "app", id })),
    ),
  };
}

/** What is revoked, and which apps have a lowest version, without everybody, or anyone, being told. */
export function hiddenNames(
  tx: Tx,
  told: records.Told,
): {
  readonly revocations: ReadonlySet<string>;
  readonly lowest: ReadonlySet<AppId>;
} {
  const isTold = (type: LogEntry["type"], id: string) => findNewestLeaf(tx, id, type)?.salt === null;
  return {
    revocations: new Set(
      records
        .untoldRevocations(tx, told)
        .filter(({ target }) => !isTold("revocation", target))
        .map(({ subject, target }) => nameOf({ subject, id: target })),
    ),
    lowest: new Set(records.untoldLowest(tx, told).filter((appId) => !isTold("lowest-version", appId))),
  };
}

/** Whether an audience's list may name it; everybody's, and the log. */
function isNamedTo(tx: Tx, audience: Audience, target: Target): boolean {
  return homesOf(tx, target).includes(audience);
}
