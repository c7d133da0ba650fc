/** The parts of a signed token before anybody has looked at its signature. Pure; nothing of it is believed yet. */
import { isProblem } from "../errors.ts";
import { type JsonObject, parseStrictJson } from "./json.ts";

export type Compact = { readonly header: JsonObject; readonly claims: JsonObject };

const MOST_DEPTH = 8;

/** How a token looks, among other things that a request may carry. */
export function looksCompact(text: string): boolean {
  return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(text);
}

/**
 * Header and claims of a compact JWS (RFC 7515 §7.1), each one JSON object in which no name stands twice (RFC 7515 §4,
 * RFC 8725 §2.4: readers must not differ in what they see). null: it is none, is longer than `mostBytes`, or
 * nested more deeply. The signature may be empty.
 */
export function readCompact(text: string, mostBytes: number, mostDepth = MOST_DEPTH): Compact | null {
  if (text.length > mostBytes || !looksCompact(text)) return null;
  const [head = "", body = "", signature = ""] = text.split(".");
  if (decodeBase64url(signature) === null) return null;
  const header = objectOf(head, mostBytes, mostDepth);
  const claims = objectOf(body, mostBytes, mostDepth);
  return header === null || claims === null ? null : { header, claims };
}

function objectOf(part: string, maxBytes: number, maxDepth: number): JsonObject | null {
  const bytes = decodeBase64url(part);
  if (bytes === null) return null;
  try {
    const value = parseStrictJson(bytes, { maxBytes, maxDepth });
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** Only the one text that the bytes have (RFC 4648 §3.5): else many tokens would be one. null for any other. */
export function decodeBase64url(part: string): Buffer | null {
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : null;
}
