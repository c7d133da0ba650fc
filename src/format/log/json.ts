/** Canonical JSON of the log's documents, refused with their own codes. Pure. */
import { isProblem, Problem } from "../../errors.ts";
import { type JsonValue, parseCanonical } from "../../signing/json.ts";

/** @param what The document in words, as a sentence begins with it. @throws Problem with this code */
export function canonicalOf(
  bytes: Uint8Array,
  maxBytes: number,
  code: "log.head_malformed" | "log.leaf_malformed",
  what: string,
): JsonValue {
  try {
    return parseCanonical(bytes, { maxBytes });
  } catch (error) {
    if (!isProblem(error)) throw error;
    const message = `${what} is not canonical JSON: ${error.message}`;
    // A document that is refused as a whole is wrong from its first byte on.
    const details = error.details.map((detail) => ({ offset: 0, ...detail, code, message }));
    throw new Problem("unprocessable", code, message, details, { cause: error });
  }
}
