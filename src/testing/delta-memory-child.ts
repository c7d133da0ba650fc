/** Reads a container from files, as a device does, and says how far its memory grew. Run by delta-memory.test.ts: `DIR NAME`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FileSet, openDelta } from "../format/delta/read.ts";
import { MANIFEST } from "../format/delta/testing.ts";
import { contentDigest, parseDigests } from "../format/digests.ts";
import { fillFrom } from "../format/source.ts";
import { openFileSource } from "../storage/file-source.ts";

const [folder = "", name = ""] = process.argv.slice(2);

/** The most that this process ever had, and what it has now. */
function memory(): { readonly peakBytes: number; readonly nowBytes: number } {
  const status = readFileSync("/proc/self/status", "utf8");
  const of = (key: string) => 1024 * Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  return { peakBytes: of("VmHWM"), nowBytes: of("VmRSS") };
}

const digests = new Uint8Array(readFileSync(join(folder, "digests")));
const big = await openFileSource(join(folder, "base"));
const base: FileSet = {
  digests,
  contentDigest: contentDigest(digests),
  files: parseDigests(digests).files,
  read: async (file, offset, length) =>
    file === 0 ? MANIFEST.slice(offset, offset + length) : big.read(offset, length),
  readInto: async (file, offset, bytes) =>
    file === 0
      ? void bytes.set(MANIFEST.subarray(offset, offset + bytes.length))
      : fillFrom(big, offset, bytes),
};
const source = await openFileSource(join(folder, name));
Bun.gc(true);
const before = memory();
const opened = await openDelta(source, name === "delta" ? base : null);
let readBytes = 0;
for await (const file of opened.files) for await (const piece of file.bytes) readBytes += piece.length;
console.log(JSON.stringify({ grownBytes: memory().peakBytes - before.nowBytes, readBytes }));
await source.close();
await big.close();
