/** Whether the storage does what the store needs of it: a file is written, read, compared and removed. */
import { randomBytes } from "node:crypto";
import { isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import type { Blobs } from "../../storage/blobs.ts";
import { HOUR_MS } from "../../time.ts";

const FOLDER = "setup-trial/";
const SIZE_BYTES = 64 * 1024;

/**
 * Gives how many bytes went there and back.
 * @throws Problem `setup.storage_differs`, `storage.full`, `storage.failing`
 */
export async function tryBlobs(blobs: Blobs, now: Date): Promise<number> {
  await removeLeft(blobs, now);
  const key = `${FOLDER}${crypto.randomUUID()}`;
  const written = randomBytes(SIZE_BYTES);
  try {
    await blobs.put(key, written);
    const read = await blobs.bytes(key);
    if (!written.equals(read)) throw differs();
    await blobs.remove(key);
    if ((await blobs.head(key)) !== null) throw differs();
    return SIZE_BYTES;
  } catch (error) {
    await blobs.remove(key).catch(() => {});
    throw failing(error);
  }
}

/** Whoever tries it wants to hear what is wrong, also where no disk fails: of a folder that is gone, or somebody else's. */
function failing(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (isProblem(error) || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new Problem(
    "unavailable",
    "storage.failing",
    say`The data folder cannot be written or read as the store needs it (${code}): look at its disk, and at whose it is.`,
    [],
    { cause: error },
  );
}

/** What a trial left that was killed in the middle. One that runs at the same time keeps its own. */
async function removeLeft(blobs: Blobs, now: Date): Promise<void> {
  for await (const { key, modifiedAt } of blobs.list(FOLDER))
    if (now.getTime() - modifiedAt.getTime() > HOUR_MS) await blobs.remove(key);
}

function differs(): Problem {
  return new Problem(
    "unavailable",
    "setup.storage_differs",
    say`The storage gave back something else than what was written to it, or kept what was removed. Do not go on with it: look at the disk and its file system.`,
  );
}
