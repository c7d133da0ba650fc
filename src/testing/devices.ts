/** Devices that are there without having enrolled, and what a device signs. */
import { createHash, type KeyObject } from "node:crypto";
import type { Enrolment } from "../accounts/devices/enrol.ts";
import { nameKeyOf } from "../accounts/devices/names.ts";
import { type DeviceRow, insertDevice } from "../accounts/devices/records.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import {
  audienceOfRoot,
  DEVICE_TYPE,
  type DeviceClaims,
  ENROLMENT_TYPE,
  type EnrolmentClaims,
  signAssertion,
} from "../format/enrolment/assertion.ts";
import { parseCode } from "../format/enrolment/code.ts";
import { type KeyId, newId } from "../ids.ts";
import type { SignatureAlgorithm } from "../signing/algorithms.ts";
import { generateKeyPair, keyid, spkiOf } from "../signing/keys.ts";

/** A device with a key of its own. */
export function newDevice(store: Store, { name }: { readonly name: string }): DeviceRow {
  const { spki } = newDeviceKey();
  return write(store.db, (tx) =>
    insertDevice(tx, {
      id: newId("dev"),
      name,
      nameKey: nameKeyOf(name),
      algorithm: "ecdsa-p256",
      publicKey: spki,
      keyid: keyid(spki) as KeyId,
      platform: "linux-x64",
      model: "Kiosk",
      runtime: "mosis 1.0.0",
      revision: 1,
      createdAt: store.clock.now(),
    }),
  );
}

export type DeviceKey = {
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: KeyObject;
  readonly spki: Buffer;
};

export function newDeviceKey(algorithm: SignatureAlgorithm = "ecdsa-p256"): DeviceKey {
  const { privateKey, publicKey } = generateKeyPair(algorithm);
  return { algorithm, privateKey, spki: Buffer.from(spkiOf(publicKey)) };
}

/** What a device sends to enrol, at a time in seconds. */
export function enrolmentOf(
  key: DeviceKey,
  code: string,
  rootSha256: string,
  iat: number,
  changes: Partial<EnrolmentClaims> = {},
): Enrolment {
  const claims = {
    aud: audienceOfRoot(rootSha256),
    code_sha256: createHash("sha256")
      .update(parseCode(code) ?? code)
      .digest("hex"),
    iat,
    iss: keyid(key.spki),
    jti: Bun.randomUUIDv7(),
    ...changes,
  };
  return {
    code,
    publicKey: key.spki,
    proof: signAssertion(key, ENROLMENT_TYPE, claims),
    name: "Kiosk",
    platform: "linux-arm64",
    model: "Gate",
    runtime: "mosis 1.0.0",
  };
}

/** What a device signs to get a token, at a time in seconds. */
export function assertionOf(
  key: DeviceKey,
  id: string,
  rootSha256: string,
  iat: number,
  changes: Partial<DeviceClaims> = {},
): string {
  return signAssertion(key, DEVICE_TYPE, {
    aud: audienceOfRoot(rootSha256),
    exp: iat + 60,
    iat,
    iss: id,
    jti: Bun.randomUUIDv7(),
    sub: id,
    ...changes,
  });
}
