/**
 * The three statements that change an app's key lineage (package format, section 5). The subject of each is the key
 * that is added: its key id as digest, the app's id as name.
 */
import type { JsonValue } from "./json.ts";
import {
  buildStatement,
  ID,
  ID_TEXT,
  parseDigest,
  parseStatement,
  parseTime,
  SHA256,
  SHA256_TEXT,
  type Statement,
  shape,
} from "./statements.ts";
import { formatTime } from "./times.ts";

export const KEY_ADDITION_TYPE = "https://mosis.dev/attestation/key-addition/v1";
export const KEY_ACCEPTANCE_TYPE = "https://mosis.dev/attestation/key-acceptance/v1";
export const KEY_RECOVERY_TYPE = "https://mosis.dev/attestation/key-recovery/v1";

/** Where a key stands: which app's lineage, whose, which place. */
type Placed = {
  readonly appId: string;
  readonly developerId: string;
  readonly keyId: string;
  /** The entry's place in the lineage; the first key, which needs no statement, has 0. */
  readonly position: number;
};

/** What a developer says with a key of the lineage: this key may sign as well. */
export type KeyAddition = Placed & { readonly addedAt: Date };

/** What the store says to that: the addition was good when it came. */
export type KeyAcceptance = Placed & {
  readonly acceptedAt: Date;
  /** Of the addition's envelope, in its canonical bytes. */
  readonly addition: { readonly sha256: string };
  readonly signerKeyId: string;
  readonly storeId: string;
};

/** What the store says when the keys before are lost: this key takes their place, after everybody had time to object. */
export type KeyRecovery = Placed & {
  readonly requestedAt: Date;
  readonly waitingUntil: Date;
  readonly approvedAt: Date;
  /** How many administrators approved. */
  readonly approvers: number;
  /** How many owners were told at the request. */
  readonly ownersTold: number;
  /** In the lineage's order. From `approvedAt` on they sign nothing. */
  readonly lostKeyIds: readonly string[];
  readonly recoveryId: string;
  readonly storeId: string;
};

/** The canonical bytes of a statement: an envelope's payload. */
export function buildKeyAddition(addition: KeyAddition): Uint8Array {
  return build(KEY_ADDITION_TYPE, addition, { ...addition, addedAt: formatTime(addition.addedAt) });
}

export function buildKeyAcceptance(acceptance: KeyAcceptance): Uint8Array {
  return build(KEY_ACCEPTANCE_TYPE, acceptance, {
    ...acceptance,
    acceptedAt: formatTime(acceptance.acceptedAt),
  });
}

export function buildKeyRecovery(recovery: KeyRecovery): Uint8Array {
  return build(KEY_RECOVERY_TYPE, recovery, {
    ...recovery,
    requestedAt: formatTime(recovery.requestedAt),
    waitingUntil: formatTime(recovery.waitingUntil),
    approvedAt: formatTime(recovery.approvedAt),
  });
}

function build(type: string, placed: Placed, predicate: object): Uint8Array {
  return buildStatement(placed.keyId, placed.appId, type, predicate);
}

/** Parses a developer's statement strictly. Throws MPK-J…, MPK-A001, A002, A005. */
export function parseKeyAddition(payload: Uint8Array): Statement<KeyAddition> {
  return parseStatement(payload, KEY_ADDITION_TYPE, (value, at) => {
    const keys = ["addedAt", "appId", "developerId", "keyId", "position"] as const;
    const predicate = shape.object(value, at, keys);
    return { ...parsePlaced(predicate, at), addedAt: parseTime(predicate.addedAt, `${at}/addedAt`) };
  });
}

/** Parses a store's statement strictly. Throws MPK-J…, MPK-A001, A002, A005. */
export function parseKeyAcceptance(payload: Uint8Array): Statement<KeyAcceptance> {
  return parseStatement(payload, KEY_ACCEPTANCE_TYPE, (value, at) => {
    const predicate = shape.object(value, at, [
      "acceptedAt",
      "addition",
      "appId",
      "developerId",
      "keyId",
      "position",
      "signerKeyId",
      "storeId",
    ]);
    return {
      ...parsePlaced(predicate, at),
      addition: parseDigest(predicate.addition, `${at}/addition`),
      signerKeyId: keyIdOf(predicate.signerKeyId, `${at}/signerKeyId`),
      storeId: shape.matching(predicate.storeId, `${at}/storeId`, ID, ID_TEXT),
      acceptedAt: parseTime(predicate.acceptedAt, `${at}/acceptedAt`),
    };
  });
}

/** Parses a store's statement strictly. Throws MPK-J…, MPK-A001, A002, A005. */
export function parseKeyRecovery(payload: Uint8Array): Statement<KeyRecovery> {
  return parseStatement(payload, KEY_RECOVERY_TYPE, (value, at) => {
    const predicate = shape.object(value, at, [
      "appId",
      "approvedAt",
      "approvers",
      "developerId",
      "keyId",
      "lostKeyIds",
      "ownersTold",
      "position",
      "recoveryId",
      "requestedAt",
      "storeId",
      "waitingUntil",
    ]);
    return {
      ...parsePlaced(predicate, at),
      approvers: shape.integer(predicate.approvers, `${at}/approvers`, 0),
      ownersTold: shape.integer(predicate.ownersTold, `${at}/ownersTold`, 0),
      lostKeyIds: shape
        .array(predicate.lostKeyIds, `${at}/lostKeyIds`)
        .map((item, index) => keyIdOf(item, `${at}/lostKeyIds/${index}`)),
      recoveryId: shape.matching(predicate.recoveryId, `${at}/recoveryId`, ID, ID_TEXT),
      storeId: shape.matching(predicate.storeId, `${at}/storeId`, ID, ID_TEXT),
      requestedAt: parseTime(predicate.requestedAt, `${at}/requestedAt`),
      waitingUntil: parseTime(predicate.waitingUntil, `${at}/waitingUntil`),
      approvedAt: parseTime(predicate.approvedAt, `${at}/approvedAt`),
    };
  });
}

function parsePlaced(
  predicate: { appId: JsonValue; developerId: JsonValue; keyId: JsonValue; position: JsonValue },
  at: string,
): Placed {
  return {
    appId: shape.string(predicate.appId, `${at}/appId`),
    developerId: shape.matching(predicate.developerId, `${at}/developerId`, ID, ID_TEXT),
    keyId: keyIdOf(predicate.keyId, `${at}/keyId`),
    position: shape.integer(predicate.position, `${at}/position`, 1),
  };
}

function keyIdOf(value: JsonValue, at: string): string {
  return shape.matching(value, at, SHA256, SHA256_TEXT);
}
