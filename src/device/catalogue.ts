/** The store's signed catalogue, as this device may trust it now: refreshed by tuf-js, then read file by file. */
import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TargetFile, Updater } from "tuf-js";
import { REVOCATIONS_MAX_BYTES } from "../catalog/tuf/documents.ts";
import { checkMetadata, METADATA_MAX_BYTES, metadataTypeOf } from "../catalog/tuf/metadata-form.ts";
import { parseRevocations, type Revocations } from "../catalog/tuf/revocations.ts";
import { LOG_PATH } from "../catalog/tuf/roles.ts";
import { describeError, isProblem, Problem } from "../errors.ts";
import { LOG_HEAD_MAX_BYTES, parseLogHead } from "../format/log/head.ts";
import type { LogReader } from "../format/log/reader.ts";
import { certificatesFromPem, certificateToPem } from "../signing/certificates.ts";
import { sortAnchors } from "../signing/chain.ts";
import { isStoreId } from "../signing/store-id.ts";
import type { Device } from "./context.ts";
import { type Disk, makeFolder, removeTree, replaceFile } from "./files.ts";
import { commitGeneration, copyGeneration, pinnedRoot, refuseOlder } from "./generations.ts";
import { fetchBytes, HttpStatusError, type Patience, TooLongError, unreachable } from "./http.ts";
import { LOG_HEAD_FACT, mustExtend, openLog } from "./log.ts";
import { changeState, getFact, setFact } from "./records.ts";
import { type StoreFetcher, storeFetcher } from "./tuf-fetcher.ts";

export type Catalogue = {
  /** PEM. */
  readonly roots: readonly string[];
  readonly developerCas: readonly string[];
  readonly revocations: Revocations;
  /** The store's log, which continues the one that this device has seen before. */
  readonly log: LogReader;
  /**
   * A target file, checked against the signed metadata; null when the catalogue has none.
   * @throws Problem `device.unreachable`, `device.catalogue_…`
   */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
};

const CA_MAX_BYTES = 2 ** 20;
/** The fact that holds the last revocations seen, for what is done without a network. */
export const REVOCATIONS_FACT = "revocations";
/** The fact that holds the authorities last seen, PEM. */
export const AUTHORITIES_FACT = "authorities";
export const REFRESHED_FACT = "refreshedAt";

/**
 * Refreshes the metadata, gives the catalogue to `work`, and keeps what was verified on the way, whether or not `work`
 * came to its end.
 *
 * @throws Problem `device.unreachable`, `device.catalogue_expired`, `device.catalogue_rolled_back`,
 *   `device.catalogue_refused`, `device.other_store`, `device.log_…`, `catalogue.malformed`; whatever `work` throws
 */
export async function withCatalogue<T>(
  device: Omit<Device, "storeId"> & { readonly storeId: string | null },
  work: (catalogue: Catalogue, storeId: string) => Promise<T>,
): Promise<T> {
  device.onProgress({ phase: "catalogue", appId: null, doneBytes: 0, totalBytes: null });
  const folder = await copyGeneration(device.home, device.state);
  try {
    const session = await openSession(device, folder);
    let result: T;
    try {
      await refresh(session);
      device.home.disk.onDurableWrite("tuf refreshed");
      await refuseOlder(device.state, folder);
      const { catalogue, storeId } = await readTrust(device, session);
      result = await work(catalogue, storeId);
    } catch (error) {
      // Verified metadata is kept even so: an attacker who breaks a refresh half-way must not win back older versions.
      // What our own disk did not take whole is not, nor what comes with another log: it is none of this device's store.
      if (!(error instanceof NotWrittenError) && !isOtherLog(error))
        await commitGeneration(device.home, device.state, folder).catch(() => {});
      throw error;
    }
    await commitGeneration(device.home, device.state, folder);
    return result;
  } finally {
    await removeTree(device.home.disk, folder);
  }
}

type Session = {
  readonly updater: Updater;
  /** Where tuf-js writes. */
  readonly folder: string;
  readonly fetcher: StoreFetcher;
  readonly targetsUrl: string;
  readonly cache: string;
  readonly disk: Disk;
  readonly patience: Patience;
};

async function openSession(
  device: Pick<Device, "home" | "url" | "timeouts" | "signal" | "rootSha256" | "access">,
  folder: string,
): Promise<Session> {
  const cache = join(device.home.tuf, "targets");
  await makeFolder(device.home.disk, cache);
  const base = `${device.url}/store/v1`;
  const fetcher = storeFetcher(device.home.staging, device, (url, bytes) => {
    if (url.startsWith(`${base}/metadata/`)) mustHaveForm(bytes, url.slice(`${base}/metadata/`.length));
  });
  const open = () =>
    new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${base}/metadata/`,
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
  return {
    updater,
    folder,
    fetcher,
    targetsUrl: `${base}/targets/`,
    cache,
    disk: device.home.disk,
    patience: device,
  };
}

/** The pinned root's file, fetched anew should it be damaged too: its digest is in state.db. */
async function pinnedRootAgain(
  device: Pick<Device, "home" | "url" | "timeouts" | "signal" | "rootSha256" | "access">,
): Promise<string> {
  const path = pinnedRoot(device.home);
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  if (sha256(bytes) !== device.rootSha256) {
    await replaceFile(device.home.disk, path, await fetchFirstRoot(device));
  }
  return path;
}

/**
 * tuf-js takes more than the catalogue's page does, so each file is judged before.
 * @throws Problem `device.catalogue_refused` (details: what is wrong)
 */
function mustHaveForm(bytes: Uint8Array, file: string): void {
  try {
    checkMetadata(bytes, metadataTypeOf(file), file);
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
  device: Pick<Device, "url" | "timeouts" | "signal" | "rootSha256" | "access">,
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
  mustHaveForm(bytes, "1.root.json");
  return bytes;
}

async function refresh(session: Session): Promise<void> {
  await session.updater.refresh().catch((error) => {
    throw refusal(session, error);
  });
}

/** Whether a catalogue was refused for its log. */
function isOtherLog(error: unknown): boolean {
  return isProblem(error) && /^(device\.log_|log\.head_)/.test(error.code);
}

/** @throws Problem `device.log_missing`, `log.head_malformed`, and those of `mustExtend` */
async function followLog(
  device: Pick<Device, "state" | "url">,
  session: Session,
): Promise<{ log: LogReader; headText: string }> {
  const bytes = await readPath(session, LOG_PATH, LOG_HEAD_MAX_BYTES);
  if (!bytes) {
    throw new Problem(
      "unprocessable",
      "device.log_missing",
      "The store's catalogue has no head of its log, so nobody can tell what it approved. Nothing was changed.",
    );
  }
  const log = openLog(device.url, parseLogHead(bytes), session.patience);
  const known = getFact(device.state, LOG_HEAD_FACT);
  await mustExtend(known === null ? null : parseLogHead(new TextEncoder().encode(known)), log);
  return { log, headText: new TextDecoder().decode(bytes) };
}

async function readTrust(
  device: Pick<Device, "state" | "clock" | "url"> & { readonly storeId: string | null },
  session: Session,
): Promise<{ catalogue: Catalogue; storeId: string }> {
  const info = await targetInfo(session, "trust/ca.pem");
  const pem = info && (await readTarget(session, "trust/ca.pem", info, CA_MAX_BYTES));
  const revocationsBytes = await readPath(session, "trust/revocations.json", REVOCATIONS_MAX_BYTES);
  const storeId = info?.custom.storeId;
  if (!pem || !revocationsBytes || !isStoreId(storeId)) {
    throw new Problem(
      "unprocessable",
      "device.catalogue_refused",
      "The store's catalogue has no authorities, no revocations or no store id: it is not the catalogue of a Mosis store.",
    );
  }
  if (device.storeId !== null && storeId !== device.storeId) {
    throw new Problem(
      "unprocessable",
      "device.other_store",
      `This device belongs to ${device.storeId}, and the catalogue is that of ${storeId}.`,
    );
  }
  // Before anything of the new catalogue is used.
  const { log, headText } = await followLog(device, session);
  // A byte order mark belongs to its line. What is no UTF-8 stands outside of blocks, or makes the file unusable as well.
  const authorities = new TextDecoder("utf-8", { ignoreBOM: true }).decode(pem);
  const revocations = parseRevocations(revocationsBytes);
  changeState(device.state, () => {
    setFact(device.state, LOG_HEAD_FACT, headText);
    setFact(device.state, AUTHORITIES_FACT, authorities);
    setFact(device.state, REVOCATIONS_FACT, new TextDecoder().decode(revocationsBytes));
    setFact(device.state, REFRESHED_FACT, device.clock.now().toISOString());
  });
  return {
    storeId,
    catalogue: {
      ...anchorsOf(authorities),
      revocations,
      log,
      read: (path, maxBytes) => readPath(session, path, maxBytes),
    },
  };
}

/** The authorities in `trust/ca.pem`: those that name themselves as their issuer are roots. */
export function anchorsOf(pem: string): Pick<Catalogue, "roots" | "developerCas"> {
  const { roots, developerCas } = sortAnchors(certificatesFromPem(pem));
  return { roots: roots.map(certificateToPem), developerCas: developerCas.map(certificateToPem) };
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
  const url = `${session.targetsUrl}${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
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
class NotWrittenError extends Error {
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
function refusal(session: Session, error: unknown): Problem | NotWrittenError {
  const failure = session.fetcher.failure();
  if (failure) return failure;
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

/** What the updater says for people, without the names of the errors that it passes on in words. */
function withoutWrapping(said: string): string {
  return said
    .replaceAll(/Unable to load (\w+)(?: metadata)? error /g, "$1: ")
    .replaceAll(/\b[A-Z]?\w*Error: /g, "");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
