import { createHash } from "node:crypto";

/** Bytes that no compression makes smaller, the same ones in each run. */
export function noise(seed: string, sizeBytes: number): Uint8Array {
  const key = createHash("sha256").update(seed).digest();
  // SHAKE256 gives as many bytes as one asks for.
  return new Uint8Array(createHash("shake256", { outputLength: sizeBytes }).update(key).digest());
}
