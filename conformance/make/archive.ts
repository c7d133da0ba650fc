/** The kit as one archive: tar (POSIX ustar) in gzip, the same bytes each time. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzip } from "pako";
import { indexText, type KitFile, kitFiles } from "./kit.ts";

const here = join(import.meta.dirname, "..");
/** What stands in the kit as it is in the tree. */
export const COPIED = ["README.md", "cases.schema.json", "run.ts"] as const;

const BLOCK = 512;

/**
 * The archive's bytes. `before` is what was made the last time: its gzip header names what it was made from, and it is given back
 * when that is still the same.
 */
export async function kitArchive(before: Uint8Array | null): Promise<Uint8Array> {
  const stamp = await stampOf();
  if (before !== null && Buffer.from(before.subarray(10, 10 + stamp.length)).toString("latin1") === stamp)
    return before;
  const parts: Uint8Array[] = [];
  const files = kitFiles();
  for (;;) {
    const next = await files.next();
    if (next.done) {
      parts.push(...entry({ path: "cases.json", bytes: Buffer.from(indexText(next.value)) }));
      break;
    }
    parts.push(...entry(next.value));
  }
  for (const name of COPIED) parts.push(...entry({ path: name, bytes: await readFile(join(here, name)) }));
  parts.push(new Uint8Array(2 * BLOCK));
  return gzip(Buffer.concat(parts), { level: 6, header: { name: stamp, time: 0, os: 255 } } as never);
}

/** cases.json has the digest of every file that is made; the others are taken as they are. */
async function stampOf(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["cases.json", ...COPIED, "make/archive.ts"])
    hash.update(await readFile(join(here, name)));
  return `mosis-conformance-${hash.digest("hex").slice(0, 16)}.tar`;
}

function entry({ path, bytes }: KitFile): Uint8Array[] {
  const header = Buffer.alloc(BLOCK);
  const whole = `mosis-conformance/${path}`;
  const cut = whole.length > 100 ? whole.indexOf("/", whole.length - 101) : -1;
  header.write(whole.slice(cut + 1), 0, 100, "latin1");
  if (cut > 0) header.write(whole.slice(0, cut), 345, 155, "latin1");
  const octal = (value: number, at: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes.length, 124, 12);
  octal(0, 136, 12);
  header.write("        0", 148, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return [header, bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
}
