/** Applies a container in this process, as `mosis apply-delta BASE DELTA OUT` does in its own. */
import { openDelta } from "../../src/format/delta/read.ts";
import { unpackedFiles, unpackedRelease } from "../../src/format/delta/unpacked.ts";
import { checkDigests, measureEntries, sha256Hex } from "../../src/format/digests.ts";
import { FormatError } from "../../src/format/findings.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, STORE_NAME } from "../../src/format/names.ts";
import { bytesSource } from "../../src/format/source.ts";
import { openContainer } from "../../src/format/zip/reader.ts";
import { sparseSource } from "./judge.ts";

export type Applied = { readonly code: string | null; readonly files: Readonly<Record<string, string>> };

/** The code of the first finding, or what came out. */
export async function applyInProcess(
  base: Uint8Array | null,
  delta: Uint8Array,
  sparseBytes?: number,
): Promise<Applied> {
  const files: Record<string, string> = {};
  try {
    const from = base === null ? null : await openBase(base);
    const opened = await openDelta(sparseSource(delta, sparseBytes), from);
    for await (const file of opened.files) {
      const pieces: Uint8Array[] = [];
      for await (const piece of file.bytes) pieces.push(Uint8Array.from(piece));
      files[file.path] = sha256Hex(Buffer.concat(pieces));
    }
    files[DIGESTS_NAME] = sha256Hex(opened.digests);
    files[DEVELOPER_NAME] = sha256Hex(opened.developerEnvelope);
    files[STORE_NAME] = sha256Hex(opened.storeEnvelope);
    return { code: null, files };
  } catch (error) {
    if (error instanceof FormatError) return { code: error.code, files: {} };
    throw error;
  }
}

async function openBase(bytes: Uint8Array) {
  const container = await openContainer(bytesSource(bytes));
  checkDigests(await measureEntries(container), container);
  const parts: Uint8Array[] = [];
  for await (const piece of unpackedFiles(container)) parts.push(Uint8Array.from(piece));
  return unpackedRelease(container, bytesSource(Buffer.concat(parts)));
}
