/** The files of an unpacked version, read at any place: what a delta is applied to. */
import { constants } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileSet } from "../format/delta/read.ts";
import { damagedBase, listOfBase } from "../format/delta/unpacked.ts";
import { contentDigest } from "../format/digests.ts";
import { formatError } from "../format/findings.ts";
import { DIGESTS_MAX_BYTES, DIGESTS_NAME } from "../format/names.ts";
import { noteGarbage } from "../storage/garbage.ts";
import { hasCode } from "./files.ts";

export type InstalledFiles = FileSet & { close(): Promise<void> };

/**
 * Opens the folder of a version, with META-MOSIS in it. Whether its files are those of the list is for `checkBase`, or
 * for whoever has hashed them already.
 * @throws FormatError MPK-C019 without a list, MPK-J001 for one that is too large, and as `listOfBase`
 */
export async function openInstalledFiles(folder: string): Promise<InstalledFiles> {
  const digests = await readList(join(folder, ...DIGESTS_NAME.split("/")));
  const files = listOfBase(digests);
  // Reads come file after file, so that one open file is enough.
  let current: { readonly file: number; readonly handle: FileHandle } | null = null;
  const handleOf = async (file: number): Promise<FileHandle> => {
    if (current?.file === file) return current.handle;
    await current?.handle.close();
    current = null;
    const path = files[file]?.p ?? "";
    // A pipe that nobody writes to would be waited for; a link may lead anywhere.
    const handle = await open(
      join(folder, ...path.split("/")),
      constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    ).catch((error) => {
      throw hasCode(error, "ENOENT", "ENOTDIR", "ELOOP") ? damagedBase(path, "no file", "the file") : error;
    });
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

async function readList(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > DIGESTS_MAX_BYTES) {
      throw formatError("delta", "MPK-J001", "The base's digests.json is too large.", {
        entry: DIGESTS_NAME,
        found: `${size} bytes`,
        expected: `at most ${DIGESTS_MAX_BYTES} bytes`,
      });
    }
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR")) throw error;
    throw formatError("delta", "MPK-C019", "The base has no digests.json.", {
      entry: DIGESTS_NAME,
      found: "no such file",
      expected: "the folder of an unpacked release",
    });
  }
}
