/** One signed catalogue of the store as this device may trust it now: refreshed by tuf-js, then read file by file. */
import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TargetFile, Updater } from "tuf-js";
import {
  audienceNamedIn,
  checkMetadata,
  METADATA_MAX_BYTES,
  metadataTypeOf,
} from "../catalog/tuf/metadata-form.ts";
import { describeError, isProblem, Problem } from "../errors.ts";
import { type Audience, EVERYBODY } from "../ids.ts";
import type { Device } from "./context.ts";
import { type Disk, makeFolder, removeTree, replaceFile } from "./files.ts";
import { commitGeneration, copyGeneration, pinnedRoot, refuseOlder, tufFolder } from "./generations.ts";
import { fetchBytes, HttpStatusError, type Patience, TooLongError, unreachable } from "./http.ts";
import { type StoreFetcher, storeFetcher } from "./tuf-fetcher.ts";

type Reading = Pick<Device, "home" | "state" | "url" | "timeouts" | "signal" | "rootSha256"> &
  Partial<Pick<Device, "access" | "tlsCa">>;

export type Repository = {
  readonly audience: Audience;
  /** The address that its files are below, with a slash at the end. */
  readonly base: string;
  /** @throws Problem `device.unreachable`, `device.catalogue_…`, NotShownError */
  refresh(): Promise<void>;
  /** @throws Problem `device.unreachable`, `device.catalogue_…` */
  info(path: string): Promise<TargetFile | null>;
  /** A target file, checked against the signed metadata; null when the catalogue has none. @throws as `info` */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Keeps what was verified. */
  keep(): Promise<void>;
  /** Takes away what was not kept. */
  close(): Promise<void>;
};

/** There is no such catalogue for this device: it does not belong to the audience, or not any more. */
export class NotShownError extends Error {}

/** Below which address the files of a catalogue are. */
function filesBase(url: string, audience: Audience): string {
  return `${url}/store/v1/${audience === EVERYBODY ? "" : `audiences/${audience}/`}`;
}

export async function openRepository(device: Reading, audience: Audience): Promise<Repository> {
  const folder = await copyGeneration(device.home, device.state, audience);
  const session = await openSession(device, audience, folder).catch(async (error) => {
    await removeTree(device.home.disk, folder);
    throw error;
  });
  return {
    audience,
    base: session.base,
    async refresh() {
      await session.updater.refresh().catch((error) => {
        throw refusal(session, error);
      });
      device.home.disk.onDurableWrite("tuf refreshed");
      await refuseOlder(device.state, audience, folder);
    },
    info: (path) => targetInfo(session, path),
    read: (path, maxBytes) => readPath(session, path, maxBytes),
    keep: () => commitGeneration(device.home, device.state, audience, folder),
    close: () => removeTree(device.home.disk, folder),
  };
}

type Session = {
  readonly audience: Audience;
  readonly updater: Updater;
  /** Where tuf-js writes. */
  readonly folder: string;
  readonly fetcher: StoreFetcher;
  readonly base: string;
  readonly cache: string;
  readonly disk: Disk;
  readonly patience: Patience;
};

async function openSession(device: Reading, audience: Audience, folder: string): Promise<Session> {
  const cache = join(tufFolder(device.home, audience), "targets");
  await makeFolder(device.home.disk, cache);
  const base = filesBase(device.url, audience);
  const fetcher = storeFetcher(device.home.staging, device, (url, bytes) => {
    if (url.startsWith(`${base}metadata/`))
      mustHaveForm(bytes, url.slice(`${base}metadata/`.length), audience);
  });
  const open = () =>
    new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${base}metadata/`,
      fetcher,
      config: { fetchRetry: false },
    });
  let updater: Updater;
  try {
    updater = open();
  } catch {
    // A damaged root.json: begin again at the pinned one, from which every later root follows.
    await copyFile(await pinnedRootAgain(device), join(folder, "root.json"));
    updater = open();
  }
  return { audience, updater, folder, fetcher, base, cache, disk: device.home.disk, patience: device };
}

/** The pinned root's file, fetched anew should it be damaged too: its digest is in state.db. */
async function pinnedRootAgain(device: Reading): Promise<string> {
  const path = pinnedRoot(device.home);
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  if (sha256(bytes) !== device.rootSha256) {
    await replaceFile(device.home.disk, path, await fetchFirstRoot(device));
  }
  return path;
}

/**
 * tuf-js takes more than the catalogue's page does, so each file is judged before; and that it is of the catalogue that was
 * asked for, which tuf-js knows nothing of.
 * @throws Problem `device.catalogue_refused` (details: what is wrong)
 */
function mustHaveForm(bytes: Uint8Array, file: string, audience: Audience): void {
  try {
    const found = checkMetadata(bytes, metadataTypeOf(file), file).audience;
    const expected = audienceNamedIn(file, audience);
    if (found === expected) return;
    const words = (of: string | null) => (of === null ? "of no audience" : `of ${of}`);
    const message = `The catalogue's ${file} is ${words(found)}, where one ${words(expected)} was asked for.`;
    throw new Problem("unprocessable", "catalogue.other_audience", message, [
      {
        code: "catalogue.other_audience",
        message,
        pointer: "/signed/audience",
        found: found ?? "nothing",
        expected: expected ?? "nothing",
      },
    ]);
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(
      "unprocessable",
      "device.catalogue_refused",
      `The store's catalogue is not as it must be: ${error.message} Nothing was changed.`,
      error.details.map((detail) => ({ ...detail, entry: `metadata/${file}` })),
      { cause: error },
    );
  }
}

/** @throws Problem `device.unreachable`, `device.root_mismatch` */
export async function fetchFirstRoot(
  device: Pick<Device, "url" | "timeouts" | "signal" | "rootSha256"> &
    Partial<Pick<Device, "access" | "tlsCa">>,
): Promise<Uint8Array> {
  const url = `${device.url}/store/v1/metadata/1.root.json`;
  const bytes = await fetchBytes(url, METADATA_MAX_BYTES.root, device).catch((error) => {
    throw isProblem(error) ? error : unreachable(url, error);
  });
  if (sha256(bytes) !== device.rootSha256) {
    throw new Problem(
      "unprocessable",
      "device.root_mismatch",
      `${url} has the SHA-256 ${sha256(bytes)}, and ${device.rootSha256} was expected. Take the digest from the store's own page, and be sure that this is the right address: someone may be between you and the store.`,
    );
  }
  mustHaveForm(bytes, "1.root.json", EVERYBODY);
  return bytes;
}

async function targetInfo(session: Session, path: string): Promise<TargetFile | null> {
  const info = await session.updater.getTargetInfo(path).catch((error) => {
    throw refusal(session, error);
  });
  return info ?? null;
}

async function readPath(session: Session, path: string, maxBytes: number): Promise<Uint8Array | null> {
  const info = await targetInfo(session, path);
  return info && readTarget(session, path, info, maxBytes);
}

/** From the cache when it still is what is signed, and otherwise from the store, by digest (TUF 1.0 §5.7). */
async function readTarget(
  session: Session,
  path: string,
  info: TargetFile,
  maxBytes: number,
): Promise<Uint8Array> {
  const digest = info.hashes.sha256;
  if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest) || info.length > maxBytes) {
    throw new Problem(
      "unprocessable",
      "device.catalogue_refused",
      `The catalogue lists ${path} without a SHA-256, or with ${info.length} bytes where ${maxBytes} are allowed.`,
    );
  }
  const cached = join(session.cache, encodeURIComponent(path));
  const known = await readFile(cached).catch(() => null);
  if (known && sha256(known) === digest) return known;

  const slash = path.lastIndexOf("/") + 1;
  const url = `${session.base}targets/${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
  const bytes = await fetchBytes(url, info.length, session.patience).catch((error) => {
    if (error instanceof HttpStatusError) throw unreachable(url, error);
    if (error instanceof TooLongError) throw changedTarget(path);
    throw error;
  });
  if (bytes.byteLength !== info.length || sha256(bytes) !== digest) throw changedTarget(path);
  await replaceFile(session.disk, cached, bytes);
  return bytes;
}

function changedTarget(path: string): Problem {
  return new Problem(
    "unprocessable",
    "device.catalogue_refused",
    `${path} is not what the store signed: it was changed on the way, or the copy that serves it is damaged.`,
  );
}

/** The disk did not take a file of tuf-js's; `code` is the system's, as on its own errors. */
export class NotWrittenError extends Error {
  constructor(
    readonly path: string,
    readonly code: string,
    cause: unknown,
  ) {
    super(`${code}: ${path} could not be written`, { cause });
  }
}

const NOT_WRITTEN = /\bFailed to persist metadata (\S+) error: Error: (E[A-Z0-9]+): /;

/** tuf-js says what was wrong in words; the codes are ours. */
function refusal(session: Session, error: unknown): Error {
  const failure = session.fetcher.failure();
  if (failure) return isNotShown(session, failure) ? new NotShownError() : failure;
  if (isProblem(error)) return error;
  const said = describeError(error);
  // The store is not to blame for this device's disk.
  const [, name, code] = NOT_WRITTEN.exec(said) ?? [];
  if (name !== undefined && code !== undefined)
    return new NotWrittenError(join(session.folder, `${name}.json`), code, error);
  const words = withoutWrapping(said);
  if (/expired/i.test(words)) {
    return new Problem(
      "unprocessable",
      "device.catalogue_expired",
      `The store's catalogue is out of date (${words}). The store may be down, this device's clock wrong, or someone holds newer versions back: nothing was changed.`,
      [],
      { cause: error },
    );
  }
  if (/less than current version/i.test(words)) {
    return new Problem(
      "unprocessable",
      "device.catalogue_rolled_back",
      `The store's catalogue is older than the one this device has seen (${words}). Nothing was changed.`,
      [],
      { cause: error },
    );
  }
  return new Problem(
    "unprocessable",
    "device.catalogue_refused",
    `The store's catalogue is not signed as it must be (${words}). Nothing was changed.`,
    [],
    { cause: error },
  );
}

/** Every catalogue has a timestamp: without one, there is none for this device. */
function isNotShown({ audience, base }: Session, failure: Problem): boolean {
  const { cause } = failure;
  return (
    audience !== EVERYBODY &&
    cause instanceof HttpStatusError &&
    [403, 404].includes(cause.status) &&
    cause.url === `${base}metadata/timestamp.json`
  );
}

/** What the updater says for people, without the names of the errors that it passes on in words. */
function withoutWrapping(said: string): string {
  return said
    .replaceAll(/Unable to load (\w+)(?: metadata)? error /g, "$1: ")
    .replaceAll(/\b[A-Z]?\w*Error: /g, "");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
