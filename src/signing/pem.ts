/**
 * Files of certificates: the strict form of RFC 7468 §3. Readers that are more generous differ on which blocks a file has, and a
 * file of authorities decides whom one trusts.
 */
/**
 * A file has at most this many blocks, and so have several that count together: a chain may lead by any of them, so that what
 * judging one costs is the product of roots and Developer CAs.
 */
export const MAX_CERTIFICATES = 64;

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** What makes a file unusable, and where: the byte at which the line or the block begins. */
export type PemFault = { readonly offset: number; readonly found: string; readonly expected: string };

export type PemBlock = { readonly bytes: Uint8Array; readonly offset: number };

/**
 * The contents of all blocks CERTIFICATE of a file, in its order; or why it has none, which is also a line that starts with five
 * hyphens and is not where it belongs, a block whose lines are not Base64 in its one form, and one block more than a file may have.
 *
 * A file is its bytes: what stands outside of blocks need be no text in any encoding. A text is its bytes in UTF-8.
 */
export function pemCertificates(file: Uint8Array | string): readonly PemBlock[] | PemFault {
  // One character is one byte, so that a byte order mark is three of them and no byte is replaced.
  const text = Buffer.from(file).toString("latin1");
  const blocks: PemBlock[] = [];
  let block: string[] | undefined;
  let blockAt = 0;
  let offset = 0;
  const lines = text.split("\n");
  for (const [index, whole] of lines.entries()) {
    // CR is of the end of a line only before LF.
    const line = whole.endsWith("\r") && index < lines.length - 1 ? whole.slice(0, -1) : whole;
    const fault = (found: string, expected: string, at = offset) => ({ offset: at, found, expected });
    if (!line.startsWith("-----")) block?.push(line);
    else if (block === undefined) {
      if (line !== BEGIN) return fault(foundIn(line), BEGIN);
      if (blocks.length >= MAX_CERTIFICATES)
        return fault(`certificate ${blocks.length + 1}`, `at most ${MAX_CERTIFICATES} certificates`);
      block = [];
      blockAt = offset;
    } else {
      if (line !== END) return fault(foundIn(line), END);
      const bytes = decodeLines(block);
      if (bytes === undefined) return fault("a block of other lines", BLOCK, blockAt);
      blocks.push({ bytes, offset: blockAt });
      block = undefined;
    }
    offset += whole.length + 1;
  }
  if (block !== undefined) return { offset: blockAt, found: "a block that does not end", expected: END };
  return blocks.length > 0 ? blocks : { offset: 0, found: "no block CERTIFICATE", expected: BEGIN };
}

const BLOCK = "Base64 with padding, 64 characters a line, in the last one 1 to 64";

/** A line as it may be shown: its printable ASCII, cut. */
function foundIn(line: string): string {
  const clean = line.replaceAll(/[^\x20-\x7e]/g, "?");
  return clean.length > 60 ? `${clean.slice(0, 60)}…` : clean;
}

/** 64 characters a line, in the last one 1 to 64; padded, and with unused bits of zero. */
function decodeLines(lines: readonly string[]): Uint8Array | undefined {
  const isFilled = lines.every((line, index) =>
    index < lines.length - 1 ? line.length === 64 : line.length > 0 && line.length <= 64,
  );
  const text = lines.join("");
  const bytes = Buffer.from(text, "base64");
  // What decodes more generously is encoded otherwise.
  return isFilled && text !== "" && bytes.toString("base64") === text ? new Uint8Array(bytes) : undefined;
}
