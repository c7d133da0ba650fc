export type { JsonValue } from "../signing/json.ts";
export { canonicalize, parseCanonical, parseStrictJson } from "../signing/json.ts";
