/** The kit as one archive: tar (POSIX pax, for names that are no ASCII) in gzip, the same bytes each time. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzip } from "pako";
import { pack } from "tar-stream";
import { indexText, type KitFile, kitFiles } from "./kit.ts";

const here = join(import.meta.dirname, "..");
/** What stands in the kit as it is in the tree. */
export const COPIED = ["README.md", "cases.schema.json", "enrolment.json", "run.ts"] as const;

/**
 * The archive's bytes. `before` is what was made the last time: its gzip header names what it was made from, and it is given back
 * when that is still the same.
 */
export async function kitArchive(before: Uint8Array | null): Promise<Uint8Array> {
  const stamp = await stampOf();
  if (before !== null && Buffer.from(before.subarray(10, 10 + stamp.length)).toString("latin1") === stamp)
    return before;
  const tar = pack();
  const packed = collect(tar as AsyncIterable<unknown>);
  const put = ({ path, bytes }: KitFile) =>
    tar.entry({ name: `mosis-conformance/${path}`, ...SAME_EACH_TIME }, Buffer.from(bytes));
  const files = kitFiles();
  for (;;) {
    const next = await files.next();
    if (next.done) {
      put({ path: "cases.json", bytes: Buffer.from(indexText(next.value)) });
      break;
    }
    put(next.value);
  }
  for (const name of COPIED) put({ path: name, bytes: await readFile(join(here, name)) });
  tar.finalize();
  return gzip(await packed, { level: 6, header: { name: stamp, time: 0, os: 255 } } as never);
}

const SAME_EACH_TIME = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

/** cases.json has the digest of every file that is made; the others are taken as they are. */
async function stampOf(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["cases.json", ...COPIED, "make/archive.ts"])
    hash.update(await readFile(join(here, name)));
  return `mosis-conformance-${hash.digest("hex").slice(0, 16)}.tar`;
}
