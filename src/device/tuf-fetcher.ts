/** What tuf-js fetches with: its own reads the default timeouts and writes temporary files outside of the device's home. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Fetcher } from "tuf-js";
import { DownloadHTTPError, DownloadLengthMismatchError } from "tuf-js/dist/error";
import { isProblem, type Problem } from "../errors.ts";
import { fetchBytes, HttpStatusError, type Patience, TooLongError, unreachable } from "./http.ts";
import { naming } from "./no-room.ts";

export type StoreFetcher = Fetcher & {
  /** The last failure on the way. tuf-js wraps errors in words; this tells "no network" from "refused". */
  failure(): Problem | null;
};

/** `judge` sees each file before tuf-js does, and throws a Problem when it is not taken. */
export function storeFetcher(
  staging: string,
  patience: Patience,
  judge: (url: string, bytes: Uint8Array) => void = () => {},
): StoreFetcher {
  let failure: Problem | null = null;
  const downloadBytes = async (url: string, maxLength: number): Promise<Buffer> => {
    try {
      const bytes = await fetchBytes(url, maxLength, patience);
      judge(url, bytes);
      return bytes;
    } catch (error) {
      if (error instanceof TooLongError) throw new DownloadLengthMismatchError(error.message);
      if (error instanceof HttpStatusError) {
        // A next root that is not there is how the search for the newest one ends (TUF 1.0 §5.3.3).
        if (![403, 404].includes(error.status) || !url.endsWith(".root.json"))
          failure = unreachable(url, error);
        throw new DownloadHTTPError(error.message, error.status);
      }
      if (isProblem(error)) failure = error;
      throw error;
    }
  };
  return {
    failure: () => failure,
    downloadBytes,
    async downloadFile(url, maxLength, handler) {
      const bytes = await downloadBytes(url, maxLength);
      const folder = await mkdtemp(join(staging, "tuf-file-"));
      try {
        const path = join(folder, "file");
        await naming(path, () => writeFile(path, bytes));
        return await handler(path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
