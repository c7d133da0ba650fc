/** A version out of a delta or compact full container: written beside, judged as a package is, then in its place. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../errors.ts";
import { type FileSet, type OpenedDelta, openDelta } from "../format/delta/read.ts";
import { type FileDigest, parseDigests } from "../format/digests.ts";
import type { NamedFiles } from "../format/manifest-files.ts";
import {
  DEVELOPER_NAME,
  DIGESTS_NAME,
  MANIFEST_MAX_BYTES,
  MANIFEST_NAME,
  STORE_NAME,
} from "../format/names.ts";
import type { Source } from "../format/source.ts";
import type { Verdict } from "../format/verify.ts";
import { verifyRebuilt } from "../format/verify-installed.ts";
import type { AppId, Sha256, VersionCode } from "../ids.ts";
import type { Device } from "./context.ts";
import { makeFolder, writeNewFile } from "./files.ts";
import type { JudgedPackage } from "./trust.ts";
import { placeFilled } from "./version-files.ts";

export type Rebuilding = {
  /** The container, with the digest that the signed index names. */
  readonly source: Source;
  /** Whole: every file of it was compared with its list. */
  readonly base: FileSet | null;
  readonly policy: Parameters<typeof verifyRebuilt>[2];
  readonly judge: (verdict: Verdict) => Promise<JudgedPackage>;
};

/**
 * Nothing of what the container gives is where a version is looked for before all of it was judged.
 * @throws FormatError MPK-B… and as `openDelta`; Problem `device.index_mismatch`, and as `judge`
 */
export async function writeRebuilt(
  device: Device,
  version: { readonly appId: AppId; readonly versionCode: VersionCode; readonly contentDigest: Sha256 },
  { source, base, policy, judge }: Rebuilding,
): Promise<JudgedPackage> {
  const opened = await openDelta(source, base);
  if (opened.header.content !== (version.contentDigest as string)) {
    throw new Problem(
      "unprocessable",
      "device.index_mismatch",
      `The container is not of the release that the store's signed index names: the content digest is ${opened.header.content}, and ${version.contentDigest} was expected.`,
    );
  }
  return placeFilled(device, version, async (fresh) => {
    const { files } = parseDigests(opened.digests);
    await writeFiles(device, version.appId, fresh, opened, files);
    const parts = {
      manifest: await readManifest(fresh, files),
      digests: opened.digests,
      developer: opened.developerEnvelope,
      store: opened.storeEnvelope,
    };
    return judge(await verifyRebuilt(parts, filesIn(fresh, files), policy));
  });
}

async function writeFiles(
  device: Device,
  appId: AppId,
  fresh: string,
  opened: OpenedDelta,
  files: readonly FileDigest[],
): Promise<void> {
  const totalBytes = files.reduce((sum, file) => sum + file.n, 0);
  let doneBytes = 0;
  const write = async (name: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
    const path = join(fresh, ...name.split("/"));
    await makeFolder(device.home.disk, dirname(path));
    await writeNewFile(device.home.disk, path, async (handle) => {
      for await (const piece of bytes) {
        for (let at = 0; at < piece.length; )
          at += (await handle.write(piece, at, piece.length - at)).bytesWritten;
        doneBytes = Math.min(totalBytes, doneBytes + piece.length);
        device.onProgress({ phase: "write", appId, doneBytes, totalBytes });
      }
    });
  };
  for await (const file of opened.files) await write(file.path, file.bytes);
  await write(DIGESTS_NAME, [opened.digests]);
  await write(DEVELOPER_NAME, [opened.developerEnvelope]);
  await write(STORE_NAME, [opened.storeEnvelope]);
}

/** One that is too large is not read: its size is all that can be said of it. */
async function readManifest(folder: string, files: readonly FileDigest[]): Promise<Uint8Array> {
  const sizeBytes = files.find(({ p }) => p === MANIFEST_NAME)?.n ?? 0;
  if (sizeBytes > MANIFEST_MAX_BYTES) return new Uint8Array(MANIFEST_MAX_BYTES + 1);
  return new Uint8Array(await readFile(join(folder, MANIFEST_NAME)));
}

function filesIn(folder: string, files: readonly FileDigest[]): NamedFiles {
  const byName = new Map(files.map(({ p, n }) => [p, { name: p, sizeBytes: n }]));
  return {
    find: (path) => byName.get(path),
    bytes: ({ name }) => piecesOf(join(folder, ...name.split("/"))),
  };
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path)) yield piece as Uint8Array;
}
