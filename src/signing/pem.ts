/**
 * Files of certificates: the strict form of RFC 7468 §3. Readers that are more generous differ on which blocks a file has, and a
 * file of authorities decides whom one trusts.
 */
const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/**
 * The contents of all blocks CERTIFICATE of a text, in its order; undefined when it has none, or a line that starts with five
 * hyphens and is not where it belongs, or a block whose lines are not Base64 in its one form.
 */
export function pemCertificates(text: string): readonly Uint8Array[] | undefined {
  const blocks: Uint8Array[] = [];
  let block: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith("-----")) {
      block?.push(line);
      continue;
    }
    if (line !== (block === undefined ? BEGIN : END)) return undefined;
    const bytes = block === undefined ? undefined : decodeLines(block);
    if (block !== undefined && bytes === undefined) return undefined;
    if (bytes !== undefined) blocks.push(bytes);
    block = block === undefined ? [] : undefined;
  }
  return block === undefined && blocks.length > 0 ? blocks : undefined;
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
