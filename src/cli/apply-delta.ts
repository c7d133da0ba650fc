/** `mosis apply-delta`: the contract that other implementations are compared by (package format, section 8). */
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type OpenedDelta, openDelta } from "../format/delta/read.ts";
import { contentDigest } from "../format/digests.ts";
import { type Finding, FormatError } from "../format/findings.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, STORE_NAME } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { argument, type Context, defineCommand, type Result } from "./command.ts";
import { NO_BASE, withBase } from "./delta-files.ts";
import { exists, withSource } from "./files.ts";
import { detailLine } from "./report.ts";
import { fields, formatSize, LINE_END } from "./style.ts";
import { alreadyThere, syncFolder, withTemporary, writeFlushed, writing } from "./write-files.ts";

const args = {
  base: argument("BASE", "the release that it is applied to: a package or its unpacked folder; - for none"),
  delta: argument("DELTA", "the container"),
  output: argument("OUT", "the folder to make; it must not be there yet"),
};

export const applyDeltaCommand = defineCommand({
  name: "apply-delta",
  summary: "Rebuild a release from a delta or compact full container.",
  description: [
    "OUT is then the unpacked release, META-MOSIS among its files, each of them what the release's digests.json says. When anything is refused, OUT is not there and the exit code is 1.",
    "Everything is written beside OUT first. What ends the program before it can clean up (a kill, a power cut) leaves it there as .OUT.<12 hex digits>.tmp, and of a BASE that is a package one more such file: remove them, nothing reads them again.",
    "Who made and approved the release is not judged here: a device does so before it takes what came out.",
  ],
  arguments: args,
  options: {},
  examples: [
    { line: "mosis apply-delta notes-1.mosis notes.mosisd notes-2", does: "makes the folder notes-2" },
    {
      line: "mosis apply-delta - notes-full.mosisd notes-2 --json",
      does: "unpacks a compact full container",
    },
  ],
  run,
});

type Applied = {
  readonly base: string | null;
  readonly contentDigest: string;
  readonly files: number;
  readonly sizeBytes: number;
};

async function run(context: Context<typeof args, Record<string, never>>): Promise<Result> {
  const { base: baseName, delta, output } = context.arguments;
  const out = context.path(output);
  // Not exit code 1, which says that base or container were refused.
  if (await exists(out)) throw alreadyThere(out);
  const basePath = baseName === NO_BASE ? null : context.path(baseName);
  try {
    const applied = await withSource(context.path(delta), (source) =>
      withBase(basePath, out, async (base) => {
        const opened = await openDelta(source, base);
        if (!unfoldsMuch(opened, source)) return writeRelease(opened, out);
        await readToEnd(opened);
        return writeRelease(await openDelta(source, base), out);
      }),
    );
    return appliedResult(applied, output);
  } catch (error) {
    if (error instanceof FormatError) return refusedResult(error.findings);
    throw error;
  }
}

const UNFOLDED_BYTES = 128 * 2 ** 20;
const UNFOLDED_TIMES = 16;

/** Writing takes as long as all of the judging: of what may have been made to fill a disk, the judging comes first. */
function unfoldsMuch({ decodedBytes }: OpenedDelta, { sizeBytes }: Source): boolean {
  return decodedBytes > UNFOLDED_BYTES && decodedBytes > UNFOLDED_TIMES * sizeBytes;
}

/** @throws FormatError MPK-B… */
async function readToEnd({ files }: OpenedDelta): Promise<void> {
  for await (const { bytes } of files) for await (const _ of bytes);
}

async function writeRelease(opened: OpenedDelta, out: string): Promise<Applied> {
  let files = 0;
  let sizeBytes = 0;
  await writing(out, () =>
    withTemporary(out, async (temporary) => {
      await mkdir(temporary, { mode: 0o755 });
      const write = async (name: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
        const path = join(temporary, ...name.split("/"));
        await mkdir(dirname(path), { recursive: true, mode: 0o755 });
        await writeFlushed(path, bytes, 0o644);
      };
      for await (const file of opened.files) {
        await write(file.path, file.bytes);
        files += 1;
        sizeBytes += file.sizeBytes;
      }
      await write(DIGESTS_NAME, [opened.digests]);
      await write(DEVELOPER_NAME, [opened.developerEnvelope]);
      await write(STORE_NAME, [opened.storeEnvelope]);
      await rename(temporary, out);
      await syncFolder(dirname(out));
    }),
  );
  return { base: opened.header.base, contentDigest: contentDigest(opened.digests), files, sizeBytes };
}

function appliedResult(applied: Applied, output: string): Result {
  return {
    data: { ok: true, ...applied, findings: [] },
    text: (style) =>
      [
        `${style.good("Rebuilt")} ${style.bold(output)}`,
        fields(style, [
          ["from", applied.base ?? "no base"],
          ["content digest", applied.contentDigest],
          ["size", `${formatSize(applied.sizeBytes)} in ${applied.files} files`],
        ]),
      ].join(LINE_END),
  };
}

function refusedResult(findings: readonly Finding[]): Result {
  return {
    data: { ok: false, base: null, contentDigest: null, files: 0, sizeBytes: 0, findings },
    text: (style) =>
      [...findings.map((finding) => detailLine(finding, style)), "", style.bad("Refused.")].join(LINE_END),
    exitCode: 1,
  };
}
