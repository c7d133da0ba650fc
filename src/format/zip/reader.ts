import type { Limits, PackageKind } from "../names.ts";
import type { Source } from "../source.ts";

export type ZipEntry = {
  readonly name: string;
  /** 0 stored, 8 deflate. */
  readonly method: 0 | 8;
  readonly sizeBytes: number;
  readonly compressedSizeBytes: number;
  readonly crc32: number;
  readonly localHeaderOffset: number;
  readonly dataOffset: number;
};

export type Container = {
  readonly source: Source;
  readonly kind: PackageKind;
  readonly entries: readonly ZipEntry[];
  readonly byName: ReadonlyMap<string, ZipEntry>;
  readonly directoryOffset: number;
  readonly directory: Uint8Array;
};

export declare function openContainer(source: Source, limits?: Partial<Limits>): Promise<Container>;
