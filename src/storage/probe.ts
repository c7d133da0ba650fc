/** Whether what is written to the storage can be read again. */
import type { Blobs } from "./blobs.ts";

const PATIENCE_MS = 5000;

/** `late`: no answer within five seconds; `differs`: something else was read than was written. @throws what the storage does */
export async function probeStorage(blobs: Blobs): Promise<"ok" | "late" | "differs"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), PATIENCE_MS);
  });
  try {
    return await Promise.race([roundTrip(blobs), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function roundTrip(blobs: Blobs): Promise<"ok" | "differs"> {
  const key = `probe/${crypto.randomUUID()}`;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  await blobs.put(key, bytes);
  try {
    const source = await blobs.open(key);
    try {
      return Buffer.from(await source.read(0, bytes.byteLength)).equals(bytes) ? "ok" : "differs";
    } finally {
      await source.close();
    }
  } finally {
    await blobs.remove(key);
  }
}
