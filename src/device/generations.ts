/**
 * The folder `tuf/`, and `tuf/audiences/<id>/` for the catalogue of an audience. tuf-js writes its files in place, so a cut could leave half a file: it works on a copy, and what
 * it leaves becomes a new generation, `tuf/<n>/`, by one row in state.db. `tuf/pinned.root.json` is where a device
 * starts again when its files are damaged.
 */
import { copyFile, link, mkdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../errors.ts";
import { type Audience, type AudienceId, EVERYBODY } from "../ids.ts";
import { syncFile, syncFolder } from "../storage/durable.ts";
import { isMissing, moveIntoPlace, namesIn, orTakenAway, removeTree } from "./files.ts";
import type { Home } from "./home.ts";
import { LOG_HEAD_FACT } from "./log.ts";
import { changeState, deleteFact, getFact, listFacts, type StateDb, setFact } from "./records.ts";

const GENERATION = "tufGeneration";
const SEEN = "tufSeen";

/** A fact of one catalogue. */
const factOf = (name: string, audience: Audience): string =>
  audience === EVERYBODY ? name : `${name}:${audience}`;

/** Where the files of a catalogue lie. */
export const tufFolder = (home: Home, audience: Audience): string =>
  audience === EVERYBODY ? home.tuf : join(home.tuf, "audiences", audience);

export const pinnedRoot = (home: Home): string => join(home.tuf, "pinned.root.json");

/** The folder of the present generation; null before the first. */
function currentGeneration(home: Home, state: StateDb, audience: Audience = EVERYBODY): string | null {
  const number = getFact(state, factOf(GENERATION, audience));
  return number === null ? null : join(tufFolder(home, audience), number);
}

/** Copies the present generation into staging and gives the copy's folder. */
export async function copyGeneration(home: Home, state: StateDb, audience: Audience): Promise<string> {
  const work = join(home.staging, `tuf-${crypto.randomUUID()}`);
  const current = currentGeneration(home, state, audience);
  return orTakenAway(home.disk, work, async () => {
    await mkdir(work);
    for (const name of current === null ? [] : await namesIn(current)) {
      await copyFile(join(current ?? "", name), join(work, name));
    }
    return work;
  });
}

/**
 * Makes the copy the present generation. Only what changed is new on the disk; the rest is linked from the old one,
 * which nobody writes to.
 *
 * @throws Problem `device.catalogue_rolled_back` when a version is lower than one that this device has seen
 */
export async function commitGeneration(
  home: Home,
  state: StateDb,
  audience: Audience,
  work: string,
): Promise<void> {
  const [generation, seenFact] = [factOf(GENERATION, audience), factOf(SEEN, audience)];
  const folder = tufFolder(home, audience);
  const seen = mergeSeen(getFact(state, seenFact), await versionsIn(work));
  const old = currentGeneration(home, state, audience);
  let changed = old === null;
  for (const name of await namesIn(work)) {
    if (old !== null && (await sameContent(join(old, name), join(work, name)))) {
      await linkInstead(join(old, name), join(work, name));
    } else {
      await syncFile(join(work, name));
      changed = true;
    }
  }
  if (!changed) {
    await removeTree(home.disk, work);
    return;
  }
  await syncFolder(work);
  const number = String(Number(getFact(state, generation) ?? "0") + 1);
  await removeTree(home.disk, join(folder, number));
  await moveIntoPlace(home.disk, work, join(folder, number));
  changeState(state, () => {
    setFact(state, generation, number);
    setFact(state, seenFact, JSON.stringify(seen));
  });
  if (old !== null) await removeTree(home.disk, old);
}

/** Called before anything is done with what was refreshed. @throws Problem `device.catalogue_rolled_back` */
export async function refuseOlder(state: StateDb, audience: Audience, work: string): Promise<void> {
  mergeSeen(getFact(state, factOf(SEEN, audience)), await versionsIn(work));
}

/**
 * The files of a catalogue that this device may not read any more. Which versions of it were seen stays known: should it come
 * back, it is not older than that.
 */
export async function dropGeneration(home: Home, state: StateDb, audience: AudienceId): Promise<void> {
  changeState(state, () => deleteFact(state, factOf(GENERATION, audience)));
  await removeTree(home.disk, tufFolder(home, audience));
}

/**
 * Forgets what was followed before a set-up came to its end: it may have been another store's.
 */
export async function forgetGenerations(home: Home, state: StateDb): Promise<void> {
  changeState(state, () => {
    deleteFact(state, GENERATION);
    deleteFact(state, SEEN);
    deleteFact(state, LOG_HEAD_FACT);
    for (const prefix of [`${GENERATION}:`, `${SEEN}:`])
      for (const { name } of listFacts(state, prefix)) deleteFact(state, name);
  });
  await sweepGenerations(home, state);
}

/** Takes away generations that are not the present one: what a kill left. */
export async function sweepGenerations(home: Home, state: StateDb): Promise<void> {
  const audiences = (await namesIn(join(home.tuf, "audiences"))) as AudienceId[];
  for (const audience of [EVERYBODY, ...audiences] as const) {
    const folder = tufFolder(home, audience);
    const current = getFact(state, factOf(GENERATION, audience));
    if (audience !== EVERYBODY && current === null) await removeTree(home.disk, folder);
    else
      for (const name of await namesIn(folder))
        if (/^\d+$/.test(name) && name !== current) await removeTree(home.disk, join(folder, name));
  }
}

async function sameContent(a: string, b: string): Promise<boolean> {
  const old = await readFile(a).catch((error) => {
    if (isMissing(error)) return null;
    throw error;
  });
  return old?.equals(await readFile(b)) ?? false;
}

/** A disk without hard links keeps the copy, synced. */
async function linkInstead(old: string, copy: string): Promise<void> {
  const spare = `${copy}.link`;
  try {
    await link(old, spare);
    await rename(spare, copy);
  } catch {
    await unlink(spare).catch(() => {});
    await syncFile(copy);
  }
}

type Seen = {
  readonly root: number;
  readonly timestamp: number;
  readonly snapshot: number;
  readonly keys: string;
};

/** What the verified files of a folder say; null without a readable root and timestamp. */
async function versionsIn(folder: string): Promise<Seen | null> {
  const [root, timestamp, snapshot] = await Promise.all(
    ["root", "timestamp", "snapshot"].map((role) => signedPart(join(folder, `${role}.json`))),
  );
  if (!root || !timestamp) return null;
  const roles = root.roles as Record<string, { keyids: string[] }>;
  return {
    root: Number(root.version),
    timestamp: Number(timestamp.version),
    snapshot: Number(snapshot?.version ?? 0),
    keys: [...(roles.timestamp?.keyids ?? []), ...(roles.snapshot?.keyids ?? [])].sort().join(" "),
  };
}

async function signedPart(path: string): Promise<Record<string, unknown> | null> {
  try {
    return (JSON.parse(await readFile(path, "utf8")) as { signed: Record<string, unknown> }).signed;
  } catch {
    return null;
  }
}

/**
 * tuf-js keeps a device from older metadata by the files it has. Should those be lost or damaged, the versions that were
 * seen are still here. With other keys for timestamp and snapshot, their numbers may begin anew (TUF 1.0 §5.3.11).
 */
function mergeSeen(before: string | null, now: Seen | null): Seen | null {
  const old = before === null ? null : (JSON.parse(before) as Seen | null);
  if (!old || !now) return now ?? old;
  const sameKeys = old.keys === now.keys;
  if (now.root < old.root || (sameKeys && (now.timestamp < old.timestamp || now.snapshot < old.snapshot))) {
    throw new Problem(
      "unprocessable",
      "device.catalogue_rolled_back",
      `The store's catalogue is older (timestamp ${now.timestamp}) than the one this device has seen (${old.timestamp}). Someone may be holding newer versions back: nothing was changed.`,
    );
  }
  return now;
}
