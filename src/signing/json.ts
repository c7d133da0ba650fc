export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonLimits = { readonly maxBytes: number; readonly maxDepth?: number };
/** RFC 8785. */
export declare function canonicalize(value: unknown): Uint8Array;
export declare function parseCanonical(bytes: Uint8Array, limits: JsonLimits): JsonValue;
export declare function parseStrictJson(bytes: Uint8Array, limits: JsonLimits): JsonValue;
