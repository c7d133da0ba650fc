import type { Container, ZipEntry } from "./reader.ts";

export declare function readEntry(container: Container, entry: ZipEntry): AsyncIterable<Uint8Array>;
export declare function readEntryBytes(container: Container, entry: ZipEntry): Promise<Uint8Array>;
