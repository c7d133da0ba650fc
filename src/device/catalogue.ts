/**
 * The store's signed catalogues, as this device may trust them now: the public one, and those of the audiences that it
 * belongs to. Together they are what the store offers it, and what is revoked.
 */
import { REVOCATIONS_MAX_BYTES } from "../catalog/tuf/documents.ts";
import { buildRevocations, parseRevocations, type Revocations } from "../catalog/tuf/revocations.ts";
import { LOG_PATH } from "../catalog/tuf/roles.ts";
import { isProblem, Problem } from "../errors.ts";
import { LOG_HEAD_MAX_BYTES, parseLogHead } from "../format/log/head.ts";
import type { LogReader } from "../format/log/reader.ts";
import { type Audience, type AudienceId, EVERYBODY } from "../ids.ts";
import { certificatesFromPem, certificateToPem } from "../signing/certificates.ts";
import { sortAnchors } from "../signing/chain.ts";
import { isStoreId } from "../signing/store-id.ts";
import type { Device } from "./context.ts";
import { dropGeneration } from "./generations.ts";
import { remainingOf } from "./left-audiences.ts";
import { LOG_HEAD_FACT, mustExtend, openLog } from "./log.ts";
import { changeState, getFact, listFacts, type StateDb, setFact } from "./records.ts";
import { NotShownError, NotWrittenError, openRepository, type Repository } from "./repository.ts";

export { fetchFirstRoot } from "./repository.ts";

/** One of the catalogues. */
export type CataloguePart = Pick<Repository, "audience" | "base" | "read">;

export type Catalogue = {
  /** PEM. */
  readonly roots: readonly string[];
  readonly developerCas: readonly string[];
  /** What all of them say, and what those said last that this device may not read any more. */
  readonly revocations: Revocations;
  /** The store's log, which continues the one that this device has seen before. */
  readonly log: LogReader;
  /** The public one first, then those of audiences by their ids. */
  readonly parts: readonly CataloguePart[];
};

const CA_MAX_BYTES = 2 ** 20;
/** The fact that holds the last revocations seen, for what is done without a network; with the audience behind a colon, its own. */
const REVOCATIONS_FACT = "revocations";
/** The fact that holds the authorities last seen, PEM. */
export const AUTHORITIES_FACT = "authorities";
const REFRESHED_FACT = "refreshedAt";

type Following = Omit<Device, "storeId"> & { readonly storeId: string | null };

/**
 * Refreshes the metadata, gives the catalogue to `work`, and keeps what was verified on the way, whether or not `work`
 * came to its end.
 *
 * @throws Problem `device.unreachable`, `device.catalogue_expired`, `device.catalogue_rolled_back`,
 *   `device.catalogue_refused`, `device.other_store`, `device.log_…`, `catalogue.malformed`; whatever `work` throws
 */
export async function withCatalogue<T>(
  device: Following,
  work: (catalogue: Catalogue, storeId: string) => Promise<T>,
): Promise<T> {
  device.onProgress({ phase: "catalogue", appId: null, doneBytes: 0, totalBytes: null });
  const open: Repository[] = [];
  try {
    let result: T;
    try {
      const { everybodys, others } = await refreshAll(device, open);
      const { catalogue, storeId } = await readTrust(device, everybodys, others);
      result = await work(catalogue, storeId);
    } catch (error) {
      // Verified metadata is kept even so: an attacker who breaks a refresh half-way must not win back older versions.
      // What our own disk did not take whole is not, nor what comes with another log: it is none of this device's store.
      if (!(error instanceof NotWrittenError) && !isOtherLog(error))
        for (const repository of open) await repository.keep().catch(() => {});
      throw error;
    }
    for (const repository of open) await repository.keep();
    return result;
  } finally {
    for (const repository of open) await repository.close();
  }
}

/**
 * The public one comes last: a store writes it first, so the head of the log that is in it has everything that the others
 * name. `open`: those that are to be kept.
 */
async function refreshAll(
  device: Following,
  open: Repository[],
): Promise<{ readonly everybodys: Repository; readonly others: readonly Repository[] }> {
  const others: Repository[] = [];
  const shown = (await device.access?.catalogues()) ?? [];
  for (const audience of shown) {
    const repository = await openRepository(device, audience);
    try {
      await repository.refresh();
      others.push(repository);
      open.push(repository);
    } catch (error) {
      if (!(error instanceof NotShownError)) {
        open.push(repository);
        throw error;
      }
      await repository.close();
    }
  }
  const everybodys = await openRepository(device, EVERYBODY);
  open.push(everybodys);
  await everybodys.refresh();
  const read = new Set<Audience>(others.map(({ audience }) => audience));
  for (const { audience } of knownLists(device.state))
    if (!read.has(audience)) await dropGeneration(device.home, device.state, audience);
  return { everybodys, others };
}

/** Whether a catalogue was refused for its log. */
function isOtherLog(error: unknown): boolean {
  return isProblem(error) && /^(device\.log_|log\.head_)/.test(error.code);
}

/** @throws Problem `device.log_missing`, `log.head_malformed`, and those of `mustExtend` */
async function followLog(
  device: Following,
  everybodys: Repository,
): Promise<{ log: LogReader; headText: string }> {
  const bytes = await everybodys.read(LOG_PATH, LOG_HEAD_MAX_BYTES);
  if (!bytes) {
    throw new Problem(
      "unprocessable",
      "device.log_missing",
      "The store's catalogue has no head of its log, so nobody can tell what it approved. Nothing was changed.",
    );
  }
  const log = openLog(device.url, parseLogHead(bytes), device);
  const known = getFact(device.state, LOG_HEAD_FACT);
  await mustExtend(known === null ? null : parseLogHead(new TextEncoder().encode(known)), log);
  return { log, headText: new TextDecoder().decode(bytes) };
}

async function readTrust(
  device: Following,
  everybodys: Repository,
  others: readonly Repository[],
): Promise<{ catalogue: Catalogue; storeId: string }> {
  const info = await everybodys.info("trust/ca.pem");
  const pem = info && (await everybodys.read("trust/ca.pem", CA_MAX_BYTES));
  const revocationsBytes = await everybodys.read("trust/revocations.json", REVOCATIONS_MAX_BYTES);
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
  const { log, headText } = await followLog(device, everybodys);
  // A byte order mark belongs to its line. What is no UTF-8 stands outside of blocks, or makes the file unusable as well.
  const authorities = new TextDecoder("utf-8", { ignoreBOM: true }).decode(pem);
  parseRevocations(revocationsBytes);
  const lists = await Promise.all(others.map(readList));
  const left = await remainingLists(device, [everybodys, ...others]);
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  changeState(device.state, () => {
    setFact(device.state, LOG_HEAD_FACT, headText);
    setFact(device.state, AUTHORITIES_FACT, authorities);
    setFact(device.state, REVOCATIONS_FACT, decode(revocationsBytes));
    for (const { audience, bytes } of [...lists, ...left])
      setFact(device.state, `${REVOCATIONS_FACT}:${audience}`, decode(bytes));
    setFact(device.state, REFRESHED_FACT, device.clock.now().toISOString());
  });
  return {
    storeId,
    catalogue: {
      ...anchorsOf(authorities),
      revocations: lastRevocations(device.state),
      log,
      parts: [everybodys, ...others],
    },
  };
}

/** What an audience's catalogue says is revoked. */
async function readList(repository: Repository) {
  const bytes = await repository.read("trust/revocations.json", REVOCATIONS_MAX_BYTES);
  if (bytes !== null) {
    parseRevocations(bytes);
    return { audience: repository.audience, bytes };
  }
  throw new Problem(
    "unprocessable",
    "device.catalogue_refused",
    `The store's catalogue for ${repository.audience} has no list of what is revoked. Nothing was changed.`,
  );
}

/** Of audiences that are not read any more, what still counts of their last lists. */
async function remainingLists(device: Following, parts: readonly Repository[]) {
  const read = new Set<Audience>(parts.map(({ audience }) => audience));
  const remaining: { readonly audience: AudienceId; readonly bytes: Uint8Array }[] = [];
  for (const { audience, text } of knownLists(device.state)) {
    if (read.has(audience)) continue;
    const list = parseRevocations(new TextEncoder().encode(text));
    remaining.push({ audience, bytes: buildRevocations(await remainingOf(device, list, parts)) });
  }
  return remaining;
}

function knownLists(state: StateDb): { readonly audience: AudienceId; readonly text: string }[] {
  const prefix = `${REVOCATIONS_FACT}:`;
  return listFacts(state, prefix).map(({ name, value }) => ({
    audience: name.slice(prefix.length) as AudienceId,
    text: value,
  }));
}

/**
 * What the catalogues said last, all of them together: an audience's list counts on when the device does not belong to it any
 * more, or leaving a group would enable what was disabled.
 */
export function lastRevocations(state: StateDb): Revocations {
  const texts = [getFact(state, REVOCATIONS_FACT), ...knownLists(state).map(({ text }) => text)];
  const lists = texts.flatMap((text) =>
    text === null ? [] : [parseRevocations(new TextEncoder().encode(text))],
  );
  const lowestVersionCodes = new Map(lists[0]?.lowestVersionCodes);
  for (const list of lists.slice(1))
    for (const [appId, code] of list.lowestVersionCodes)
      if (code > (lowestVersionCodes.get(appId) ?? 0)) lowestVersionCodes.set(appId, code);
  return { entries: lists.flatMap(({ entries }) => entries), lowestVersionCodes };
}

/** The authorities in `trust/ca.pem`: those that name themselves as their issuer are roots. */
export function anchorsOf(pem: string): Pick<Catalogue, "roots" | "developerCas"> {
  const { roots, developerCas } = sortAnchors(certificatesFromPem(pem));
  return { roots: roots.map(certificateToPem), developerCas: developerCas.map(certificateToPem) };
}
