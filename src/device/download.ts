/** Fetching a package or container: by Range from where an earlier attempt ended, and checked as a whole at the end. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileReference } from "../catalog/tuf/documents.ts";
import { isProblem, Problem } from "../errors.ts";
import type { AppId } from "../ids.ts";
import { syncFile } from "../storage/durable.ts";
import type { Device } from "./context.ts";
import { HttpStatusError, request, unreachable } from "./http.ts";
import { isNoRoom, naming } from "./no-room.ts";

/** What a try must bring so as not to count as failed: a server that feeds one byte a time would never be given up. */
const WORTHWHILE_BYTES = 65_536;

/** Where the parts of a file lie; the name says what it will be. */
export const partPath = (staging: string, sha256: string): string => join(staging, `${sha256}.part`);

/** One file on its way. */
type Fetch = {
  readonly device: Device;
  readonly appId: AppId;
  readonly url: string;
  readonly part: string;
  readonly file: FileReference;
  readonly onReceived: (bytes: number) => void;
};

/**
 * Gives the path of a file with exactly the signed size and digest, in staging. What an earlier, cut-off attempt left
 * is used again. `onReceived` is told of what comes over the line now.
 *
 * @throws Problem `device.unreachable`, `device.package_changed` when the bytes are not those of the signed index
 */
export async function downloadFile(
  device: Device,
  { appId, base }: { readonly appId: AppId; readonly base: string },
  file: FileReference,
  onReceived: (bytes: number) => void,
): Promise<string> {
  const part = partPath(device.home.staging, file.sha256);
  const url = `${base}${file.url}`;
  const fetching: Fetch = { device, appId, url, part, file, onReceived };
  const resumed = (await sizeOf(part)) > 0;
  await fetchRest(fetching);
  if (await matches(part, file.sha256)) return finished(fetching);
  // What lay there may have been damaged by a cut: one whole download decides whose fault it is.
  await rm(part, { force: true });
  if (resumed) {
    await fetchRest(fetching);
    if (await matches(part, file.sha256)) return finished(fetching);
    await rm(part, { force: true });
  }
  throw changed(url);
}

async function finished({ device, part }: Fetch): Promise<string> {
  await syncFile(part);
  device.home.disk.onDurableWrite("package fetched");
  return part;
}

function changed(url: string): Problem {
  return new Problem(
    "unprocessable",
    "device.package_changed",
    `${url} is not the file that the store's signed index names: it was changed on the way, or the copy that serves it is damaged.`,
  );
}

async function fetchRest(fetching: Fetch): Promise<void> {
  const { device, url, part, file } = fetching;
  let failures = 0;
  for (;;) {
    const before = await sizeOf(part);
    if (before > file.sizeBytes) await rm(part, { force: true });
    else if (before === file.sizeBytes) return;
    try {
      await fetchOnce(fetching);
    } catch (error) {
      const problem = error instanceof HttpStatusError ? unreachable(url, error) : error;
      // As long as enough arrives each time, a bad line is only slow.
      failures = (await sizeOf(part)) >= before + WORTHWHILE_BYTES ? 1 : failures + 1;
      const passing = isProblem(problem) && problem.code === "device.unreachable" && !isFinal(error);
      if (!passing || failures >= device.timeouts.attempts) throw problem;
      await Bun.sleep(200 * failures);
    }
  }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof HttpStatusError && error.status < 500 && error.status !== 429 && error.status !== 416
  );
}

async function fetchOnce({ device, appId, url, part, file, onReceived }: Fetch): Promise<void> {
  const have = await sizeOf(part);
  const accepts = (status: number) => status === 200 || (status === 206 && have > 0);
  const options = {
    accepts,
    idleMs: device.timeouts.idleMs,
    signal: device.signal,
    access: device.access,
    tlsCa: device.tlsCa,
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
  };
  await request(url, options, async (response, body) => {
    const start = response.status === 206 ? have : 0;
    if (start > 0 && !response.headers.get("content-range")?.startsWith(`bytes ${start}-`)) {
      await rm(part, { force: true });
      throw unreachable(url, new Error("another range came than the one that was asked for"));
    }
    const handle = await open(part, start > 0 ? "a" : "w", 0o644);
    try {
      let size = start;
      for await (const chunk of body) {
        size += chunk.byteLength;
        onReceived(chunk.byteLength);
        if (size > file.sizeBytes) throw changed(url);
        await naming(part, () => handle.appendFile(chunk));
        device.onProgress({ phase: "download", appId, doneBytes: size, totalBytes: file.sizeBytes });
      }
      if (size < file.sizeBytes) throw unreachable(url, new Error("the answer ended too early"));
    } finally {
      await handle.close();
      device.home.disk.onDurableWrite("part of a package");
    }
  }).catch(async (error) => {
    // A server that knows nothing of the rest, or a body that is too long, means that the part is of no use; and on a
    // full disk it is in the way.
    const isNoRest = error instanceof HttpStatusError && error.status === 416;
    if (isNoRest || isChanged(error) || isNoRoom(error)) await rm(part, { force: true });
    throw error;
  });
}

function isChanged(error: unknown): boolean {
  return isProblem(error) && error.code === "device.package_changed";
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.size,
    () => 0,
  );
}

async function matches(path: string, sha256: string): Promise<boolean> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex") === sha256;
}
