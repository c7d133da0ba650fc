/** A device enrols: it shows a code, and that it has the key that it names. */

import { createHash } from "node:crypto";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { perDb } from "../../db/per-db.ts";
import { type Fault, Problem } from "../../errors.ts";
import {
  audienceOfRoot,
  ENROLMENT_TYPE,
  isSignedBy,
  isTimely,
  readAssertion,
  readDeviceKey,
} from "../../format/enrolment/assertion.ts";
import { parseCode } from "../../format/enrolment/code.ts";
import { type GroupId, type KeyId, newId, type Sha256 } from "../../ids.ts";
import { say } from "../../say.ts";
import type { SigningPublicKey } from "../../signing/algorithms.ts";
import { type Actor, auditAuthor, type OnShown, type Origin } from "../actor.ts";
import { putDeviceIn } from "../groups/members.ts";
import { groupById } from "../groups/records.ts";
import { newPace, paced } from "../pace.ts";
import { secretHash } from "../secrets.ts";
import { type CodeRow, codeByHash, codeIdsShownBy, groupsOfCode, takeUse } from "./codes.records.ts";
import { codeState } from "./codes.ts";
import { codeMayStand } from "./codes-of.ts";
import { type Device, deviceOf } from "./find.ts";
import { nameKeyOf, refuseDeviceFaults, textFault } from "./names.ts";
import { type DeviceRow, deviceByKey, groupNamesOf, insertDevice, updateDevice } from "./records.ts";
import { staleAssertion } from "./stale.ts";

export type Enrolment = {
  /** As it was typed. */
  readonly code: string;
  /** DER of a SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** Compact JWS by that key. */
  readonly proof: string;
  readonly name: string;
  readonly platform?: string;
  readonly model?: string;
  readonly runtime?: string;
};

export type Enrolled = {
  readonly device: Device;
  readonly groups: readonly GroupId[];
  /** Those that administrators offer, by name: no other is named to who may not see the store's groups. */
  readonly namedGroups: readonly { readonly id: GroupId; readonly name: string }[];
};

/** Unknown codes from one place, before it is told to wait with the next. */
export const FREE_GUESSES = 10;
const paceOf = perDb(() => newPace(FREE_GUESSES));

/**
 * Enrols the device with that key. One that has enrolled with the code already is the same device again, and takes no
 * second use: so it comes back that was cut off before it had read the answer.
 * @param root Digest of the store's first root, which devices pin.
 * @throws Problem `device.enrolment_…`, `device.assertion_stale`, `device.invalid`, `auth.too_many_attempts`
 */
export async function enrolDevice(
  store: Store,
  from: Origin,
  root: Sha256,
  enrolment: Enrolment,
  onShown: OnShown = () => {},
): Promise<Enrolled> {
  const code = parseCode(enrolment.code);
  if (code === null) {
    // It holds nothing that could be guessed at, so it counts as no attempt.
    throw new Problem(
      "unprocessable",
      "device.enrolment_code_malformed",
      say`This is no enrolment code: it has three groups of five characters, and one of them is wrong. Look at it again.`,
    );
  }
  const key = provenKey(store, root, code, enrolment);
  // One that is known keeps what it was called, which was judged by what names might be then.
  const facts = deviceByKey(store.db.orm, key.keyid as KeyId) ?? checkFacts(enrolment);
  const codeHash = secretHash(code);
  // A code has 70 random bits, so that a right one was not guessed: whoever else guesses here keeps nobody out who has one.
  const done = enrolWith(store, from, codeHash, { key, facts, onShown });
  if (done !== null) return done;
  await paced(
    paceOf(store),
    { accountKey: "enrolment", address: from.address },
    () => store.clock.now(),
    async () => null,
  );
  throw new Problem(
    "forbidden",
    "device.enrolment_code_unknown",
    say`The store knows no such enrolment code. Ask for another one.`,
  );
}

type Facts = Pick<DeviceRow, "name" | "nameKey" | "platform" | "model" | "runtime">;

/** null: there is no such code. */
function enrolWith(
  store: Store,
  from: Origin,
  codeHash: Sha256,
  { key, facts, onShown }: { key: SigningPublicKey; facts: Facts; onShown: OnShown },
): Enrolled | null {
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const code = codeByHash(tx, codeHash);
    if (!code) return null;
    const known = deviceByKey(tx, key.keyid as KeyId);
    if (known !== undefined && known.revokedAt !== null) throw revokedDevice();
    // Also when it has enrolled with another one since: two runs of a set-up may have overtaken each other.
    const isAgain =
      known !== undefined && (known.codeId === code.id || codeIdsShownBy(tx, known.id).includes(code.id));
    if (!isAgain) {
      refuseOver(code, now);
      // Whoever made it may have gone in a way that ended no code, such as before codes ended with that.
      if (!codeMayStand(tx, code)) throw revokedCode();
      if (!takeUse(tx, code.id)) throw usedUp();
    }
    const row = isAgain
      ? known
      : known === undefined
        ? addDevice(tx, from, code, key, facts, now)
        : addGroups(tx, from, code, known, now);
    onShown({ kind: "device", deviceId: row.id });
    return enrolled(tx, row);
  });
}

function enrolled(tx: Tx, row: DeviceRow): Enrolled {
  const groups = groupNamesOf(tx, row.id);
  return {
    device: deviceOf(row),
    groups: groups.map(({ id }) => id),
    namedGroups: groups.filter(({ id }) => groupById(tx, id)?.offered === true),
  };
}

function addDevice(
  tx: Tx,
  from: Origin,
  code: CodeRow,
  key: SigningPublicKey,
  facts: Facts,
  now: Date,
): DeviceRow {
  const row = insertDevice(tx, {
    ...facts,
    id: newId("dev"),
    algorithm: key.algorithm,
    publicKey: Buffer.from(key.spki),
    keyid: key.keyid as KeyId,
    revision: 1,
    createdAt: now,
    lastSeenAt: now,
    lastSeenAddress: from.address,
    codeId: code.id,
  });
  const { id, name, platform, keyid } = row;
  tell(tx, from, row, "device.enrolled", { code: code.id, name, platform, keyid }, now);
  for (const group of groupsOfCode(tx, code.id)) putDeviceIn(tx, actorOf(row, from), group.id, id, now);
  return row;
}

/** A device that has enrolled already: the other code's groups come to its own. */
function addGroups(tx: Tx, from: Origin, code: CodeRow, known: DeviceRow, now: Date): DeviceRow {
  const row = updateDevice(tx, known.id, {
    codeId: code.id,
    lastSeenAt: now,
    lastSeenAddress: from.address,
    revision: known.revision + 1,
  });
  if (!row) throw new Error(`the device ${known.id} is gone while it enrols`);
  tell(tx, from, row, "device.enrolled_again", { code: code.id }, now);
  for (const group of groupsOfCode(tx, code.id)) putDeviceIn(tx, actorOf(row, from), group.id, row.id, now);
  return row;
}

const actorOf = ({ id }: DeviceRow, from: Origin): Actor => ({ kind: "device", deviceId: id, from });

function tell(
  tx: Tx,
  from: Origin,
  row: DeviceRow,
  action: "device.enrolled" | "device.enrolled_again",
  after: Readonly<Record<string, string>>,
  now: Date,
): void {
  const change = { action, subject: { type: "device", id: row.id }, after };
  recordChange(tx, auditAuthor(actorOf(row, from)), change, now);
}

function refuseOver(code: CodeRow, now: Date): void {
  switch (codeState(code, now)) {
    case "live":
      return;
    case "revoked":
      throw revokedCode();
    case "used":
      throw usedUp();
    case "expired":
      throw new Problem(
        "forbidden",
        "device.enrolment_code_expired",
        say`This enrolment code is over. Ask for another one.`,
      );
  }
}

function revokedCode(): Problem {
  const message = say`This enrolment code was revoked. Ask for another one.`;
  return new Problem("forbidden", "device.enrolment_code_revoked", message);
}

function usedUp(): Problem {
  const message = say`As many devices have enrolled with this code as it was made for. Ask for another one.`;
  return new Problem("forbidden", "device.enrolment_code_used", message);
}

export function revokedDevice(): Problem {
  const message = say`This device was revoked in the store. It gets nothing new any more; a device that is to come back enrols with a new key.`;
  return new Problem("forbidden", "device.enrolment_revoked", message);
}

/** @throws Problem `device.enrolment_key`, `device.enrolment_proof`, `device.assertion_stale` */
function provenKey(
  store: Store,
  root: Sha256,
  code: string,
  { publicKey, proof }: Enrolment,
): SigningPublicKey {
  const key = readDeviceKey(publicKey);
  if (key === null) {
    const message = say`The public key is none that a device enrols with: the DER of a SubjectPublicKeyInfo with a P-256 point, uncompressed, or an Ed25519 key.`;
    throw new Problem("unprocessable", "device.enrolment_key", message);
  }
  const read = readAssertion(proof, ENROLMENT_TYPE);
  const fits =
    read !== null &&
    isSignedBy(key, read) &&
    read.claims.iss === key.keyid &&
    read.claims.aud === audienceOfRoot(root) &&
    read.claims.code_sha256 === createHash("sha256").update(code).digest("hex");
  if (!fits) {
    const message = say`The proof is not one of that key for this store and this code: see “Enrolment of devices” in the reference.`;
    throw new Problem("unprocessable", "device.enrolment_proof", message);
  }
  if (!isTimely(read.claims, Math.floor(store.clock.now().getTime() / 1000)))
    throw staleAssertion(store.clock.now());
  return key;
}

/** @throws Problem `device.invalid` */
function checkFacts({ name: given, platform = "", model = "", runtime = "" }: Enrolment): Facts {
  const faults: Fault[] = [];
  const name = textFault("name", given, faults);
  const facts = {
    platform: textFault("platform", platform, faults),
    model: textFault("model", model, faults),
    runtime: textFault("runtime", runtime, faults),
  };
  refuseDeviceFaults(faults);
  return { name, nameKey: nameKeyOf(name), ...facts };
}
