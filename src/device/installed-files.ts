/** The files of an unpacked version, read at any place: what a delta is applied to. */
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { FileSet } from "../format/delta/read.ts";
import { damagedBase, listOfBase } from "../format/delta/unpacked.ts";
import { contentDigest } from "../format/digests.ts";
import { formatError } from "../format/findings.ts";
import { DIGESTS_MAX_BYTES, DIGESTS_NAME } from "../format/names.ts";
import { noteGarbage } from "../storage/garbage.ts";
import { openIfFile, readIfFile } from "../storage/outside-file.ts";

export type InstalledFiles = FileSet & { close(): Promise<void> };

/**
 * Opens the folder of a version, with META-MOSIS in it. Whether its files are those of the list is for `checkBase`, or
 * for whoever has hashed them already.
 * @throws FormatError MPK-C019 without a list, MPK-J001 for one that is too large, and as `listOfBase`
 */
export async function openInstalledFiles(folder: string): Promise<InstalledFiles> {
  const digests = await readList(folder);
  const files = listOfBase(digests);
  // Reads come file after file, so that one open file is enough.
  let current: { readonly file: number; readonly handle: FileHandle } | null = null;
  const handleOf = async (file: number): Promise<FileHandle> => {
    if (current?.file === file) return current.handle;
    await current?.handle.close();
    current = null;
    const { p: path = "", n: sizeBytes = 0 } = files[file] ?? {};
    const opened = await openIfFile(join(folder, ...path.split("/")), OWN);
    if (opened.handle === null) throw damagedBase(path, opened.found, "the file");
    const { handle } = opened;
    if (opened.sizeBytes !== sizeBytes) {
      await handle.close();
      throw damagedBase(path, `${opened.sizeBytes} bytes`, `${sizeBytes} bytes`);
    }
    current = { file, handle };
    return handle;
  };
  const readInto = async (file: number, offset: number, bytes: Uint8Array): Promise<void> => {
    const handle = await handleOf(file);
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0)
        throw damagedBase(files[file]?.p ?? "", `${offset + filled} bytes`, `${files[file]?.n} bytes`);
      filled += bytesRead;
    }
  };
  return {
    contentDigest: contentDigest(digests),
    digests,
    files,
    async read(file, offset, length) {
      noteGarbage(length);
      const bytes = new Uint8Array(length);
      await readInto(file, offset, bytes);
      return bytes;
    },
    readInto,
    async close() {
      await current?.handle.close();
      current = null;
    },
  };
}

/** A link in the place of a file may lead anywhere. */
const OWN = { ownName: true };

async function readList(folder: string): Promise<Uint8Array> {
  const { bytes, found, isTooLarge } = await readIfFile(
    join(folder, ...DIGESTS_NAME.split("/")),
    DIGESTS_MAX_BYTES,
    OWN,
  );
  if (bytes !== null) return bytes;
  if (isTooLarge)
    throw formatError("delta", "MPK-J001", "The base's digests.json is too large.", {
      entry: DIGESTS_NAME,
      found,
      expected: `at most ${DIGESTS_MAX_BYTES} bytes`,
    });
  throw formatError("delta", "MPK-C019", "The base has no digests.json.", {
    entry: DIGESTS_NAME,
    found,
    expected: "the folder of an unpacked release",
  });
}
