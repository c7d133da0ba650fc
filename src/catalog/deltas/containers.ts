/**
 * Makes the containers of one release, out of files and into files: by a process of its own beside a server, so that the
 * server has neither the memory nor the work of it.
 */
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type FileSet, openDelta } from "../../format/delta/read.ts";
import { unpackedFiles, unpackedRelease } from "../../format/delta/unpacked.ts";
import { type DeltaTarget, writeDelta } from "../../format/delta/write.ts";
import { FORMAT_LIMITS } from "../../format/names.ts";
import { openContainer } from "../../format/zip/reader.ts";
import { openFileSource, writeAll } from "../../storage/file-source.ts";

export type ContainerOrder = {
  /** The released package that they bring. */
  readonly target: string;
  /** The released packages that they are made from; null for the compact full container. */
  readonly bases: readonly (string | null)[];
  /** Where to work: all that is made is in it, and whoever ordered it removes it. */
  readonly folder: string;
};

export type MadeContainer = {
  /** Of the order's bases, which. */
  readonly base: number;
  /** For whoever ordered it to take; null when no container may be as large as it would be. */
  readonly file: string | null;
};

/** Makes what was ordered, one after the other. Each was read again, and rebuilds the release. `report` hears of every bit of work. */
export async function* makeContainers(
  { target, bases, folder }: ContainerOrder,
  report: () => void,
): AsyncGenerator<MadeContainer, void, undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = await unpack(target, join(folder, "target"), report);
  try {
    for (const [index, path] of bases.entries()) {
      const base = path === null ? null : await unpack(path, join(folder, "base"), report);
      try {
        const file = join(folder, `${index}.mosisd`);
        const isWhole = await writeNew(file, writeDelta(release, base), FORMAT_LIMITS.fileBytes, report);
        if (isWhole) await mustRebuild(file, base, report);
        else await rm(file);
        yield { base: index, file: isWhole ? file : null };
      } finally {
        await base?.close();
      }
    }
  } finally {
    await release.close();
  }
}

type Unpacked = FileSet & DeltaTarget & { close(): Promise<void> };

/** A published package with its files where they can be read at any place. */
async function unpack(path: string, to: string, report: () => void): Promise<Unpacked> {
  const source = await openFileSource(path);
  try {
    const container = await openContainer(source);
    await writeNew(to, unpackedFiles(container), FORMAT_LIMITS.totalBytes, report);
    const unpacked = await openFileSource(to);
    return { ...(await unpackedRelease(container, unpacked)), close: () => unpacked.close() };
  } finally {
    await source.close();
  }
}

/** A container that devices would refuse must never leave the store. @throws FormatError */
async function mustRebuild(file: string, base: FileSet | null, report: () => void): Promise<void> {
  const source = await openFileSource(file);
  try {
    const opened = await openDelta(source, base);
    for await (const rebuilt of opened.files) for await (const _ of rebuilt.bytes) report();
  } finally {
    await source.close();
  }
}

/** Writes a file anew. False, and nothing more is written, when there are more bytes than it may have. */
async function writeNew(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
  report: () => void,
): Promise<boolean> {
  const handle = await open(path, "w", 0o600);
  let sizeBytes = 0;
  try {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) return false;
      await writeAll(handle, piece);
      report();
    }
    return true;
  } finally {
    await handle.close();
  }
}
