/** What a store answers about signing keys, lineages and recoveries, as far as commands rely on it. */

import { fingerprintText } from "../signing/keys.ts";
import { object, type PageAnswer, readPage, text, unexpected } from "./answers.ts";
import { fields, formatTime, type Style } from "./style.ts";

export type KeyAnswer = {
  readonly keyid: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly developerId: string;
  readonly notAfter: string;
  readonly expiresSoon: boolean;
  readonly revokedAt: string | null;
  /** SHA-256 of the newest certificate. */
  readonly certificateSha256: string;
  /** Since when that certificate is revoked by itself. */
  readonly certificateRevokedAt: string | null;
  /** Since when the authority that issued it is trusted no more. */
  readonly certificateDistrustedAt: string | null;
  /** Since when the developer whose key it is is revoked. */
  readonly developerRevokedAt: string | null;
  readonly apps: readonly { readonly appId: string; readonly usable: boolean }[];
  /** All that the store said. */
  readonly raw: unknown;
};

export function readKeyAnswer(json: unknown): KeyAnswer {
  const key = object(json, "the key");
  const since = (revoked: unknown): string | null =>
    typeof revoked === "object" && revoked !== null ? text(object(revoked, "it"), "revokedAt") : null;
  return {
    keyid: text(key, "keyid"),
    fingerprint: text(key, "fingerprint"),
    algorithm: text(key, "algorithm"),
    developerId: text(key, "developerId"),
    notAfter: text(key, "notAfter"),
    expiresSoon: key.expiresSoon === true,
    revokedAt: since(key.revoked),
    certificateSha256: text(key, "certificateSha256"),
    certificateRevokedAt: since(key.certificateRevoked),
    // A store of before does not say.
    certificateDistrustedAt:
      typeof key.certificateDistrustedAt === "string" ? key.certificateDistrustedAt : null,
    developerRevokedAt: since(key.developerRevoked),
    apps: readPage({ items: key.apps }, (app) => {
      const place = object(app, "the app");
      return { appId: text(place, "appId"), usable: place.usable === true };
    }).items,
    raw: json,
  };
}

/** What the store says that the key is good for. */
export function keyState(style: Style, key: KeyAnswer): string {
  const { revokedAt, certificateRevokedAt, certificateDistrustedAt, developerRevokedAt, apps } = key;
  if (revokedAt !== null) return style.bad(`revoked ${formatTime(revokedAt)}`);
  if (developerRevokedAt !== null)
    return style.bad(`its organisation is revoked since ${formatTime(developerRevokedAt)}: it signs nothing`);
  if (certificateRevokedAt !== null) {
    return style.bad(
      `certificate revoked ${formatTime(certificateRevokedAt)}; enrol the key again: mosis keys enroll`,
    );
  }
  if (certificateDistrustedAt !== null) {
    return style.bad(
      `its certificate's authority is not trusted since ${formatTime(certificateDistrustedAt)}; enrol the key again: mosis keys enroll`,
    );
  }
  return apps.length > 0 && apps.every(({ usable }) => !usable)
    ? style.warn("said to be lost, and taken the place of")
    : "enrolled";
}

export type LineageAnswer = {
  readonly developerId: string;
  readonly keys: readonly { readonly keyid: string; readonly usable: boolean }[];
};

export function readLineageAnswer(json: unknown): LineageAnswer {
  const lineage = object(json, "the lineage");
  return {
    developerId: text(lineage, "developerId"),
    keys: readPage({ items: lineage.keys }, (item) => {
      const key = object(item, "the key");
      return { keyid: text(key, "keyid"), usable: key.usable === true };
    }).items,
  };
}

export type RecoveryAnswer = {
  readonly id: string;
  readonly organisationName: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly state: string;
  readonly apps: readonly string[];
  /** In the groups of four that people compare. */
  readonly lostKeys: readonly string[];
  readonly requestedAt: string;
  readonly waitingUntil: string;
  readonly waited: boolean;
  /** On so many days more the store has to run. */
  readonly daysMissing: number;
  readonly ownersTold: number;
  readonly decisionReason: string | null;
  readonly revision: number;
  readonly raw: unknown;
};

export function readRecoveryAnswer(json: unknown): RecoveryAnswer {
  const recovery = object(json, "the recovery");
  const { ownersTold, revision, decisionReason } = recovery;
  return {
    id: text(recovery, "id"),
    organisationName: text(recovery, "organisationName"),
    fingerprint: text(recovery, "fingerprint"),
    reason: text(recovery, "reason"),
    state: text(recovery, "state"),
    apps: readPage({ items: recovery.apps }, (app) => text(object(app, "the app"), "appId")).items,
    lostKeys: [...new Set(readPage({ items: recovery.apps }, lostKeysOf).items.flat())],
    requestedAt: text(recovery, "requestedAt"),
    waitingUntil: text(recovery, "waitingUntil"),
    waited: recovery.waited === true,
    daysMissing: typeof recovery.daysMissing === "number" ? recovery.daysMissing : 0,
    ownersTold: Number(ownersTold),
    decisionReason: typeof decisionReason === "string" ? decisionReason : null,
    revision: Number(revision),
    raw: json,
  };
}

function lostKeysOf(app: unknown): readonly string[] {
  return readPage({ items: object(app, "the app").lostKeyIds }, (id) => {
    if (typeof id === "string") return fingerprintText(id);
    throw unexpected("lostKeyIds");
  }).items;
}

export type Recoveries = PageAnswer<RecoveryAnswer>;

/** Everything about one recovery, for people. */
export function recoveryText(style: Style, recovery: RecoveryAnswer): string {
  const state =
    recovery.state === "waiting" && recovery.waited
      ? "waited, can be approved"
      : recovery.state === "fallen"
        ? "fallen: nothing of it was done"
        : recovery.daysMissing > 0
          ? `waiting: the store did not run through the time (days missing: ${recovery.daysMissing})`
          : recovery.state;
  return fields(style, [
    ["recovery", recovery.id],
    ["state", state],
    ["organisation", recovery.organisationName],
    ["new key", recovery.fingerprint],
    ...recovery.lostKeys.map((key, at) => [at === 0 ? "in the place of" : "", key] as const),
    ["for", recovery.apps.join(", ")],
    ["requested", formatTime(recovery.requestedAt)],
    ["waits until", formatTime(recovery.waitingUntil)],
    ["owners told", String(recovery.ownersTold)],
    ["reason", recovery.reason],
    ...(recovery.decisionReason ? ([["decision", recovery.decisionReason]] as const) : []),
  ]);
}
