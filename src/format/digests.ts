import type { Sha256 } from "./names.ts";

export type FileDigest = { readonly h: Sha256; readonly n: number; readonly p: string };
export type Digests = { readonly files: readonly FileDigest[]; readonly v: 1 };
export declare function buildDigests(
  files: readonly { path: string; sizeBytes: number; sha256: string }[],
): Uint8Array;
export declare function parseDigests(bytes: Uint8Array): Digests;
export declare function contentDigest(digestsBytes: Uint8Array): Sha256;
