/** A device shows that it has its key, and gets a short token for the store's files. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { Problem } from "../../errors.ts";
import {
  audienceOfRoot,
  DEVICE_TYPE,
  isSignedBy,
  isTimely,
  readAssertion,
  readDeviceKey,
} from "../../format/enrolment/assertion.ts";
import { type DeviceId, type GroupId, isId, type Sha256 } from "../../ids.ts";
import { say } from "../../say.ts";
import { type IssuedToken, issueAccessToken } from "../access-tokens/issue.ts";
import type { OnShown, Origin } from "../actor.ts";
import { groupsOfDevice } from "../groups/records.ts";
import { revokedDevice } from "./enrol.ts";
import { type DeviceRow, deviceById, forgetAssertions, rememberAssertion, updateDevice } from "./records.ts";
import { staleAssertion } from "./stale.ts";

export type DeviceToken = {
  readonly deviceId: DeviceId;
  readonly token: IssuedToken;
  /** What it is in, at this moment. */
  readonly groups: readonly GroupId[];
};

/**
 * Takes an assertion once (RFC 7523 §3), and gives a token that lives for a quarter of an hour.
 * @param onShown Of a device that has shown that it has its key, also when it was revoked.
 * @param root Digest of the store's first root, which devices pin.
 * @throws Problem `device.assertion_invalid`, `device.assertion_stale`, `device.assertion_replayed`, `device.enrolment_revoked`
 */
export async function tokenForDevice(
  store: Store,
  from: Origin,
  root: Sha256,
  assertion: string,
  onShown: OnShown = () => {},
): Promise<DeviceToken> {
  const read = readAssertion(assertion, DEVICE_TYPE);
  const claims = read?.claims;
  const id = claims?.iss ?? "";
  const row = isId("dev", id) ? deviceById(store.db.orm, id) : undefined;
  const key = row === undefined ? null : readDeviceKey(row.publicKey);
  // A device that is not there and a key that is another's are answered alike.
  if (!read || !claims || !row || !key || !isSignedBy(key, read)) throw invalid();
  if (claims.sub !== id || claims.aud !== audienceOfRoot(root)) throw invalid();
  const now = store.clock.now();
  if (!isTimely(claims, Math.floor(now.getTime() / 1000))) throw staleAssertion(now);
  const once = { jti: claims.jti, expiresAt: new Date(claims.exp * 1000) };
  takeAssertion(store, from, row.id, once, { now, onShown });
  const token = await issueAccessToken(store, { kind: "device", subject: row.id, audience: "files" });
  return { deviceId: row.id, token, groups: groupsOfDevice(store.db.orm, row.id) };
}

function takeAssertion(
  store: Store,
  from: Origin,
  deviceId: DeviceId,
  { jti, expiresAt }: { readonly jti: string; readonly expiresAt: Date },
  { now, onShown }: { readonly now: Date; readonly onShown: OnShown },
): void {
  write(store.db, (tx) => {
    // It may have been revoked since it was looked up.
    const row = deviceById(tx, deviceId);
    if (!row) throw invalid();
    const shown = { kind: "device", deviceId } as const;
    if (row.revokedAt !== null) {
      onShown(shown);
      throw revokedDevice();
    }
    for (let gone = forgetAssertions(tx, deviceId, now); gone > 0; gone -= 1) asideRow();
    if (!rememberAssertion(tx, { deviceId, jti, expiresAt })) throw replayed();
    // What was signed before is no sign that the device asks now.
    onShown(shown);
    asideRow();
    updateDevice(tx, deviceId, { ...seenNow(row, from.address, now), lastTokenAt: now });
    asideRow();
  });
}

/** A busy device would otherwise cost a durable write with each file. */
const SEEN_EVERY_MS = 60_000;

export function seenNow(
  row: Pick<DeviceRow, "lastSeenAt">,
  address: string,
  now: Date,
): Partial<Pick<DeviceRow, "lastSeenAt" | "lastSeenAddress">> {
  if (row.lastSeenAt !== null && now.getTime() - row.lastSeenAt.getTime() < SEEN_EVERY_MS) return {};
  return { lastSeenAt: now, lastSeenAddress: address };
}

function invalid(): Problem {
  return new Problem(
    "unauthenticated",
    "device.assertion_invalid",
    say`This is not what a device of this store signs to get a token: see “Enrolment of devices” in the reference.`,
  );
}

function replayed(): Problem {
  return new Problem(
    "unauthenticated",
    "device.assertion_replayed",
    say`This was signed for a token that was given already. Sign anew for each token, with another jti.`,
  );
}
