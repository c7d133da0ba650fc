import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "../ids.ts";
import type { Blobs } from "./blobs.ts";
import { openDiskBlobs } from "./disk.ts";

let folder: string;
let blobs: Blobs;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-partial-"));
  blobs = await openDiskBlobs(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIECE = new Uint8Array(64 * 1024).map((_, at) => at % 251);
async function* pieces(number: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < number; at += 1) yield PIECE;
}

test("what was received before the process is killed is there, and the rest goes on after it", async () => {
  const id = newId("upl");
  await blobs.partial.create(id);
  const child = Bun.spawn(
    [
      process.execPath,
      "-e",
      `import { openDiskBlobs } from ${JSON.stringify(join(import.meta.dir, "disk.ts"))};
       const blobs = await openDiskBlobs(${JSON.stringify(folder)});
       async function* forever() { for (;;) { yield new Uint8Array(65536).map((_, at) => at % 251); console.log("."); } }
       await blobs.partial.append(${JSON.stringify(id)}, 0, forever());`,
    ],
    { stdout: "pipe", stderr: "inherit" },
  );
  await child.stdout.getReader().read();
  child.kill("SIGKILL");
  await child.exited;
  const received = (await blobs.partial.size(id)) ?? 0;
  expect(received).toBeGreaterThanOrEqual(PIECE.byteLength);

  // The next start opens the same folder; what was only staged goes, this stays.
  const next = await openDiskBlobs(folder);
  await next.clearStaging();
  const wholePieces = Math.floor(received / PIECE.byteLength);
  const rest = PIECE.subarray(received % PIECE.byteLength);
  const end = await next.partial.append(
    id,
    received,
    (async function* () {
      yield rest;
      yield* pieces(2);
    })(),
  );
  const hash = createHash("sha256");
  for (let at = 0; at < wholePieces + 3; at += 1) hash.update(PIECE);
  const staged = await next.partial.stage(id);
  expect({ end, sizeBytes: staged.sizeBytes, sha256: staged.sha256 }).toEqual({
    end: (wholePieces + 3) * PIECE.byteLength,
    sizeBytes: (wholePieces + 3) * PIECE.byteLength,
    sha256: hash.digest("hex") as typeof staged.sha256,
  });
  await staged.discard();
  expect(await next.partial.size(id)).toBe(end);
});

test("a source that fails leaves what it gave", async () => {
  const id = newId("upl");
  await blobs.partial.create(id);
  const failing = (async function* () {
    yield* pieces(2);
    throw new Error("cut off");
  })();
  expect(blobs.partial.append(id, 0, failing)).rejects.toThrow("cut off");
  expect(await blobs.partial.append(id, 2 * PIECE.byteLength, pieces(1))).toBe(3 * PIECE.byteLength);
});

test("what is committed stays until it is removed, whatever becomes of the blob, and can be committed again", async () => {
  const id = newId("upl");
  await blobs.partial.create(id);
  await blobs.partial.append(id, 0, pieces(1));
  const commit = async (): Promise<string> => {
    const staged = await blobs.partial.stage(id);
    const key = `uploads/${staged.sha256}.mosis`;
    await staged.commit(key);
    await staged.discard();
    return key;
  };
  // Killed, and done again: the blob is the same file already.
  const key = await commit();
  await commit();
  expect(readdirSync(join(folder, "staging"))).toEqual([]);
  // The rows were refused: the blob goes.
  await blobs.remove(key);
  expect(await blobs.partial.size(id)).toBe(PIECE.byteLength);
  await commit();
  await blobs.partial.remove(id);
  expect(await blobs.partial.size(id)).toBeNull();
  expect((await blobs.head(key))?.sizeBytes).toBe(PIECE.byteLength);
});

test("what is no id reaches no file", async () => {
  for (const id of ["../blobs/x", "upl-x", "", `upl-${"0".repeat(31)}/`]) {
    expect(blobs.partial.create(id)).rejects.toThrow("not the id");
  }
  await blobs.partial.remove(newId("upl"));
  expect(await blobs.partial.size(newId("upl"))).toBeNull();
});
