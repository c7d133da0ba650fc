/**
 * Blobs: immutable files under keys such as `uploads/<sha256>.mosis`. One interface, several stores behind it.
 *
 * A key is `[a-z0-9._-]+` segments joined by `/`. A blob is there whole or not at all, whatever is killed when.
 */
import { Problem } from "../errors.ts";
import type { Source } from "../format/source.ts";
import type { Sha256 } from "../ids.ts";
import { say } from "../say.ts";
import type { PartialFiles } from "./partial-files.ts";

export type BlobInfo = { readonly key: string; readonly sizeBytes: number; readonly modifiedAt: Date };

/** Received and hashed, and not yet there for anyone: either commit or discard it. */
export type StagedBlob = {
  readonly sha256: Sha256;
  readonly sizeBytes: number;
  /** Reads what was staged; valid until commit or discard. */
  readonly source: Source;
  /** Makes it durable under the key; the same key again is no error, since keys name content. */
  commit(key: string): Promise<void>;
  discard(): Promise<void>;
};

export type ByteRange = { readonly start: number; readonly endExclusive: number };

export type Blobs = {
  /**
   * Streams bytes into staging while hashing them.
   * @throws Problem `upload.too_large` past `maxBytes`; whatever the source throws, with nothing left behind.
   */
  stage(bytes: AsyncIterable<Uint8Array>, options: { maxBytes: number }): Promise<StagedBlob>;
  /** Writes a whole blob at once, replacing what was there in one step. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Makes the blob also be there under another key. @throws Problem `blob.missing` */
  copy(from: string, to: string): Promise<void>;
  /** null when there is none. */
  head(key: string): Promise<BlobInfo | null>;
  /** All of it, for what is small. @throws Problem `blob.missing` */
  bytes(key: string): Promise<Uint8Array>;
  /** For reading at offsets. @throws Problem `blob.missing` */
  open(key: string): Promise<Source & { close(): Promise<void> }>;
  /** As a file, for another process to read, as long as `use` takes. @throws Problem `blob.missing` */
  withFile<Value>(key: string, use: (path: string) => Promise<Value>): Promise<Value>;
  /** An empty folder to work in, as long as `use` takes; it goes with all that is in it. */
  withFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value>;
  /** A web stream, whole or a range. @throws Problem `blob.missing` */
  stream(key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** No error when there is none. */
  remove(key: string): Promise<void>;
  /** In no order that may be relied on. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  /** Files that come in parts, and are no blobs yet. */
  readonly partial: PartialFiles;
  /** Removes what was staged by a process that is no more. */
  clearStaging(): Promise<void>;
};

const KEY_PATTERN = /^[a-z0-9][a-z0-9._-]*(?:\/[a-zA-Z0-9][a-zA-Z0-9._-]*)*$/;

/** Whether something may lie under this key. */
export function isKey(key: string): boolean {
  return KEY_PATTERN.test(key) && key.length <= 400;
}

/** @throws Error for a key that could leave the store: a bug in the caller, never a person's input. */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new Error(`not a blob key: ${JSON.stringify(key)}`);
}

export function missingBlob(key: string): Problem {
  return new Problem("not_found", "blob.missing", say`There is nothing stored under ${key}.`);
}
