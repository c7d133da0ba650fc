import type { Source } from "./source.ts";
import type { Container } from "./zip/reader.ts";

export type ExtractedEntry = {
  readonly name: string;
  readonly sizeBytes: number;
  readonly stream: AsyncIterable<Uint8Array>;
};
export declare function extractEntries(source: Source, container: Container): AsyncIterable<ExtractedEntry>;
