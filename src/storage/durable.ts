/** What a power cut must not undo is flushed by hand: the system would keep it in memory for a while. */
import { open } from "node:fs/promises";

/** A rename is durable only when its folder is synced; Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform !== "win32") await sync(path, "r");
}

/** A file that another hand wrote. */
export const syncFile = (path: string): Promise<void> => sync(path, "r+");

async function sync(path: string, flags: "r" | "r+"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
