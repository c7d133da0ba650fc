/**
 * Files that come in parts, over several connections: each lies under its id beside the blobs, grows at its end alone, and outlives a
 * restart of the store. How long it is says how much was received, so that nothing else has to be kept in step with it.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { diskProblem, type Problem } from "../errors.ts";
import type { Sha256 } from "../ids.ts";
import { missingBlob, type StagedBlob } from "./blobs.ts";
import { openFileSource, readAll, writeAll } from "./file-source.ts";

/** What has come so far goes to the disk while the rest comes, so that little is left for the end. */
const SYNC_EVERY_BYTES = 32 * 2 ** 20;
const ID_PATTERN = /^[a-z]{3}-[0-9a-f]{32}$/;

export type PartialFiles = {
  /** An empty one. @throws Problem `storage.full`, `storage.failing` */
  create(id: string): Promise<void>;
  /** How many bytes of it are there; null: it is not. */
  size(id: string): Promise<number | null>;
  /**
   * Writes from `offset` on. What came before the source failed stays: the sender goes on after it.
   * @throws Problem `storage.full`, `storage.failing`; whatever the source throws
   */
  append(id: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /**
   * All of it, hashed. Both to commit and to discard it leave the file where it is: until it is written down what became of it, it is
   * all that its sender has here.
   */
  stage(id: string): Promise<StagedBlob>;
  /** No error when it is not there. */
  remove(id: string): Promise<void>;
  list(): Promise<readonly { readonly id: string; readonly modifiedAt: Date }[]>;
};

/** @param alsoInPlace Makes a file a blob under a key, and leaves it where it is. */
export async function openPartialFiles(
  folder: string,
  alsoInPlace: (from: string, key: string, missing: () => Problem) => Promise<void>,
): Promise<PartialFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (id: string): string => {
    if (!ID_PATTERN.test(id)) throw new Error(`not the id of a partial file: ${JSON.stringify(id)}`);
    return join(folder, id);
  };
  return {
    async create(id) {
      try {
        await (await open(pathOf(id), "wx", 0o600)).close();
      } catch (error) {
        throw diskProblem(error);
      }
    },
    async size(id) {
      const info = await stat(pathOf(id)).catch(() => null);
      return info?.isFile() ? info.size : null;
    },
    async append(id, offset, bytes) {
      const handle = await open(pathOf(id), "r+").catch((error) => {
        throw diskProblem(error);
      });
      let at = offset;
      let unsyncedBytes = 0;
      try {
        for await (const chunk of bytes) {
          await writeAll(handle, chunk, at);
          at += chunk.byteLength;
          unsyncedBytes += chunk.byteLength;
          if (unsyncedBytes < SYNC_EVERY_BYTES) continue;
          unsyncedBytes = 0;
          await handle.datasync();
        }
        await handle.sync();
        return at;
      } catch (error) {
        throw diskProblem(error);
      } finally {
        await handle.close();
      }
    },
    async stage(id) {
      const path = pathOf(id);
      const source = await openFileSource(path);
      const hash = createHash("sha256");
      try {
        for await (const chunk of readAll(source)) hash.update(chunk);
      } catch (error) {
        await source.close();
        throw diskProblem(error);
      }
      let isOpen = true;
      const release = async () => {
        if (!isOpen) return;
        isOpen = false;
        await source.close();
      };
      return {
        sha256: hash.digest("hex") as Sha256,
        sizeBytes: source.sizeBytes,
        source,
        async commit(key) {
          await release();
          await alsoInPlace(path, key, () => missingBlob(key));
        },
        discard: release,
      };
    },
    async remove(id) {
      await rm(pathOf(id), { force: true });
    },
    async list() {
      const found: { id: string; modifiedAt: Date }[] = [];
      for (const name of await readdir(folder)) {
        const info = ID_PATTERN.test(name) ? await stat(join(folder, name)).catch(() => null) : null;
        if (info?.isFile()) found.push({ id: name, modifiedAt: info.mtime });
      }
      return found;
    },
  };
}
