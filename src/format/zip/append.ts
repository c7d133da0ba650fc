import { formatError } from "../findings.ts";
import { DEVELOPER_NAME, ENVELOPE_MAX_BYTES, type STORE_NAME } from "../names.ts";
import type { Source } from "../source.ts";
import { compressEntry } from "./compress.ts";
import { CENTRAL_BYTES, centralRecord, concatBytes, endRecord, localHeader } from "./layout.ts";
import { type Container, openContainer } from "./reader.ts";

/** A new file is the first `prefixBytes` of the old one, unchanged, and then `tail`. */
export type Spliced = { readonly prefixBytes: number; readonly tail: Uint8Array };

/**
 * Appends an envelope as the last entry: a developer's to an unsigned package, a store's to a signed one. All bytes
 * before the new local header, and all earlier directory records, stay as they are (package format §3). Throws a
 * FormatError: what `openContainer` does, and MPK-C031 when the package is of another kind.
 */
export async function appendEnvelope(
  source: Source,
  name: typeof DEVELOPER_NAME | typeof STORE_NAME,
  envelope: Uint8Array,
): Promise<Spliced> {
  const container = await openContainer(source);
  const wanted = name === DEVELOPER_NAME ? "unsigned" : "signed";
  if (container.kind !== wanted) {
    throw formatError(
      "container",
      "MPK-C031",
      `The package is ${container.kind}; ${name} is added to ${wanted} ones.`,
      {
        found: container.kind,
        expected: wanted,
      },
    );
  }
  if (envelope.length > ENVELOPE_MAX_BYTES) throw new RangeError("an envelope has at most 1 MiB");
  const { fields, data } = compressEntry(name, envelope);
  const header = localHeader(fields);
  const record = centralRecord(fields, container.directoryOffset);
  const directoryBytes = container.directory.length + record.length;
  const directoryOffset = container.directoryOffset + header.length + data.length;
  const end = endRecord(container.entries.length + 1, directoryBytes, directoryOffset);
  return {
    prefixBytes: container.directoryOffset,
    tail: concatBytes([header, data, container.directory, record, end]),
  };
}

/**
 * The package as it was before its last envelope was appended: of a released one the uploaded file, of a signed one
 * the unsigned. Throws MPK-C031 for an unsigned package.
 */
export function withoutEnvelope(container: Container): Spliced {
  const last = container.entries.at(-1);
  if (container.kind === "unsigned" || last === undefined) {
    throw formatError("container", "MPK-C031", "The package has no envelope that could be taken off.", {
      found: "unsigned",
      expected: "signed or released",
    });
  }
  const directory = container.directory.subarray(
    0,
    container.directory.length - CENTRAL_BYTES - last.name.length,
  );
  const end = endRecord(container.entries.length - 1, directory.length, last.localHeaderOffset);
  return { prefixBytes: last.localHeaderOffset, tail: concatBytes([directory, end]) };
}
