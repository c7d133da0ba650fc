/**
 * The head of the store's log, `trust/log.json` in the signed catalogue: how many leaves, the root hash of their tree, and
 * when it was signed. Pure.
 */
import { Problem } from "../../errors.ts";
import { isSha256, type Sha256 } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { isTime } from "../../signing/times.ts";
import { hasKeys } from "../digests.ts";
import { canonicalOf } from "./json.ts";
import { EMPTY_ROOT, type Hash } from "./tree.ts";

export type LogHead = {
  readonly size: number;
  /** Lower-case hex. */
  readonly rootHash: Sha256;
  /** `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly time: string;
};

export const LOG_HEAD_MAX_BYTES = 512;

const EMPTY_ROOT_HEX = hashToHex(EMPTY_ROOT);

export function buildLogHead({ size, rootHash, time }: LogHead): Uint8Array {
  return canonicalize({ rootHash, size, time, v: 1 });
}

/** @throws Problem `log.head_malformed` */
export function parseLogHead(bytes: Uint8Array): LogHead {
  const value = canonicalOf(bytes, LOG_HEAD_MAX_BYTES, "log.head_malformed", "The log's head");
  if (!hasKeys(value, ["rootHash", "size", "time", "v"]))
    throw malformed("", value, "exactly rootHash, size, time and v");
  const { rootHash, size, time, v } = value;
  if (v !== 1) throw malformed("/v", v, "1");
  if (typeof rootHash !== "string" || !isSha256(rootHash))
    throw malformed("/rootHash", rootHash, "64 lower-case hexadecimal digits");
  if (!Number.isSafeInteger(size) || Number(size) < 0)
    throw malformed("/size", size, "an integer from 0 to 2⁵³−1");
  // There is no proof from such a head on: what continues it is whatever follows, so that its one hash is a part of its form.
  if (size === 0 && rootHash !== EMPTY_ROOT_HEX)
    throw malformed("/rootHash", rootHash, `${EMPTY_ROOT_HEX}, the root hash of no leaves`);
  if (!isTime(time)) throw malformed("/time", time, "YYYY-MM-DDTHH:MM:SSZ");
  return { size: Number(size), rootHash, time };
}

function malformed(pointer: string, value: unknown, expected: string): Problem {
  const found = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
  const message = `The log's head has ${found} at ${pointer || "/"}, where ${expected} is expected.`;
  return new Problem("unprocessable", "log.head_malformed", message, [
    { code: "log.head_malformed", message, pointer, found, expected },
  ]);
}

export function hashToHex(hash: Hash): Sha256 {
  return Buffer.from(hash).toString("hex") as Sha256;
}

export function hashFromHex(hex: Sha256): Hash {
  return new Uint8Array(Buffer.from(hex, "hex"));
}
