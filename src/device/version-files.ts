/** The files of one installed version: written whole or not at all, and compared with their digests. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Problem } from "../errors.ts";
import { contentDigest, type FileDigest, parseDigests } from "../format/digests.ts";
import { extractEntries } from "../format/extract.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, STORE_NAME } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { type Container, openContainer } from "../format/zip/reader.ts";
import type { AppId, Sha256, VersionCode } from "../ids.ts";
import { syncFolder } from "../storage/durable.ts";
import type { Device } from "./context.ts";
import {
  isMissing,
  makeFolder,
  moveIntoPlace,
  orTakenAway,
  readLink,
  removeTree,
  syncTree,
  writeNewFile,
} from "./files.ts";
import { codeOfTarget, currentLink, type Home, versionFolder, versionsFolder } from "./home.ts";
import { mendRunning } from "./mending.ts";

/**
 * Writes a judged package to `apps/<appId>/versions/<versionCode>/`: beside it first, each file new and synced and
 * hashed once more, then in place by one rename. The envelopes in META-MOSIS are kept with the files.
 */
export async function writeVersion(
  device: Device,
  version: { readonly appId: AppId; readonly versionCode: VersionCode; readonly contentDigest: Sha256 },
  source: Source,
): Promise<void> {
  const container = await openContainer(source);
  const digests = await judgedDigests(container, version.contentDigest);
  await placeFilled(device, version, (fresh) =>
    extractInto(device, fresh, version.appId, { source, container, digests }),
  );
}

/** Puts what `fill` writes into a new folder in the version's place; when it throws, nothing of it stays. */
export async function placeFilled<Value>(
  { home }: Pick<Device, "home">,
  { appId, versionCode }: { readonly appId: AppId; readonly versionCode: VersionCode },
  fill: (fresh: string) => Promise<Value>,
): Promise<Value> {
  const fresh = join(home.disk.staging, crypto.randomUUID());
  return orTakenAway(home.disk, fresh, async () => {
    await mkdir(fresh, { mode: 0o755 });
    const value = await fill(fresh);
    await syncTree(fresh);
    await placeVersion(home, appId, versionCode, fresh);
    return value;
  });
}

async function placeVersion(
  home: Home,
  appId: AppId,
  versionCode: VersionCode,
  fresh: string,
): Promise<void> {
  const { disk } = home;
  const versions = versionsFolder(home, appId);
  await makeFolder(disk, versions);
  await syncFolder(dirname(versions));
  await syncFolder(home.apps);
  if (codeOfTarget(await readLink(currentLink(home, appId))) === versionCode) {
    await mendRunning(home, appId, versionCode, fresh);
    return;
  }
  // Only a version that nobody runs can lie there.
  await removeTree(disk, versionFolder(home, appId, versionCode));
  await moveIntoPlace(disk, fresh, versionFolder(home, appId, versionCode));
}

type Judged = {
  readonly source: Source;
  readonly container: Container;
  readonly digests: ReadonlyMap<string, FileDigest>;
};

async function extractInto(
  device: Device,
  folder: string,
  appId: AppId,
  { source, container, digests }: Judged,
): Promise<void> {
  const totalBytes = container.entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  let doneBytes = 0;
  for await (const entry of extractEntries(source, container)) {
    const path = join(folder, ...entry.name.split("/"));
    await makeFolder(device.home.disk, dirname(path));
    const hash = createHash("sha256");
    await writeNewFile(device.home.disk, path, async (handle) => {
      for await (const chunk of entry.stream) {
        hash.update(chunk);
        await handle.appendFile(chunk);
        doneBytes += chunk.byteLength;
        device.onProgress({ phase: "write", appId, doneBytes, totalBytes });
      }
    });
    const expected = digests.get(entry.name);
    if (expected && expected.h !== hash.digest("hex")) throw changedWhileWriting(appId, entry.name);
  }
}

async function judgedDigests(
  container: Container,
  expected: Sha256,
): Promise<ReadonlyMap<string, FileDigest>> {
  const entry = container.byName.get(DIGESTS_NAME);
  const bytes = entry && (await readEntryBytes(container, entry));
  if (!bytes || contentDigest(bytes) !== (expected as string)) {
    throw new Error("the package's digests are not those that were judged");
  }
  return new Map(parseDigests(bytes).files.map((file) => [file.p, file]));
}

function changedWhileWriting(appId: AppId, name: string): Problem {
  return new Problem(
    "unprocessable",
    "device.package_changed",
    `${name} of ${appId} changed between the check and the write: another program writes to this device's staging folder.`,
  );
}

export type FileProblem = {
  /** Within the version's folder. */
  readonly path: string;
  readonly problem: "changed" | "missing" | "unexpected";
};

/** Compares every file with the digests that were signed; none means that all is as it was installed. */
export async function checkVersion(
  device: Pick<Device, "home">,
  appId: AppId,
  versionCode: VersionCode,
  expected: Sha256,
): Promise<FileProblem[]> {
  const folder = versionFolder(device.home, appId, versionCode);
  const bytes = await readFile(join(folder, ...DIGESTS_NAME.split("/"))).catch((error) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (bytes === null) return [{ path: DIGESTS_NAME, problem: "missing" }];
  // The digest in state.db is what the store's signature was about; the file is only its long form.
  if (contentDigest(bytes) !== (expected as string)) return [{ path: DIGESTS_NAME, problem: "changed" }];

  const problems: FileProblem[] = [];
  const present = await filesBelow(folder);
  const known = new Set<string>([DIGESTS_NAME, DEVELOPER_NAME, STORE_NAME]);
  for (const name of known) if (!present.has(name)) problems.push({ path: name, problem: "missing" });
  for (const file of parseDigests(bytes).files) {
    known.add(file.p);
    if (!present.has(file.p)) problems.push({ path: file.p, problem: "missing" });
    else if ((await hashFile(join(folder, ...file.p.split("/")))) !== file.h)
      problems.push({ path: file.p, problem: "changed" });
  }
  for (const path of present) {
    if (!known.has(path)) problems.push({ path, problem: "unexpected" });
  }
  return problems.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names with `/`; anything that is no plain file counts as one that nobody expects. */
async function filesBelow(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    names.add(entry.isFile() ? path : `${path} (not a file)`);
  }
  return names;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
