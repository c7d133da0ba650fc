/** The device's own key pair, and who the store says it is with it. */
import { readFile } from "node:fs/promises";
import { isProblem, Problem } from "../errors.ts";
import { isSignatureAlgorithm, type SignatureAlgorithm } from "../signing/algorithms.ts";
import {
  generateKeyPair,
  type KeyPair,
  keyid,
  privateKeyFromPem,
  privateKeyToPem,
  spkiOf,
} from "../signing/keys.ts";
import { isMissing, moveIntoPlace, removeTree, replacePrivateFile } from "./files.ts";
import type { Home } from "./home.ts";
import { changeState, deleteFact, getFact, type StateDb, setFact } from "./records.ts";

export type OwnKey = KeyPair & { readonly algorithm: SignatureAlgorithm };

/** The fact that says with which store, by its first root, the device has enrolled, and as whom. */
const ENROLMENT_FACT = "enrolment";
/** The fact that says by how much the store's clock is ahead of this one. */
const OFFSET_FACT = "storeClockAheadMs";

export type Enrolment = {
  readonly deviceId: string;
  readonly rootSha256: string;
  /** Of the key that it has enrolled with; devices that enrolled before it was kept have none. */
  readonly keyid?: string;
};

export function enrolmentOf(state: StateDb, rootSha256: string): Enrolment | null {
  const text = getFact(state, ENROLMENT_FACT);
  const found = text === null ? null : (JSON.parse(text) as Enrolment);
  return found?.rootSha256 === rootSha256 ? found : null;
}

/** Two stores never see one key, and so cannot tell each other that it is the same device. */
export function hasEnrolledElsewhere(state: StateDb, rootSha256: string): boolean {
  return getFact(state, ENROLMENT_FACT) !== null && enrolmentOf(state, rootSha256) === null;
}

export function rememberEnrolment(state: StateDb, enrolment: Enrolment): void {
  changeState(state, () => setFact(state, ENROLMENT_FACT, JSON.stringify(enrolment)));
}

/** null: there is none yet. @throws Problem `device.key_unreadable` */
export function readOwnKey({ key }: Home): Promise<OwnKey | null> {
  return readKey(key);
}

async function readKey(path: string): Promise<OwnKey | null> {
  try {
    const pair = privateKeyFromPem(await readFile(path, "utf8"));
    const { algorithm } = pair;
    if (!isSignatureAlgorithm(algorithm)) throw unreadable(path, "it is of another kind");
    return { ...pair, algorithm };
  } catch (error) {
    if (isMissing(error)) return null;
    throw isProblem(error) && error.code === "device.key_unreadable"
      ? error
      : unreadable(path, messageOf(error));
  }
}

/** Made in staging and put in place whole: a kill leaves none, or one that works. */
export function makeOwnKey(home: Home): Promise<OwnKey> {
  return makeKey(home, home.key);
}

async function makeKey(home: Home, path: string): Promise<OwnKey> {
  const pair = generateKeyPair("ecdsa-p256");
  await replacePrivateFile(home.disk, path, Buffer.from(privateKeyToPem(pair.privateKey)));
  return { ...pair, algorithm: "ecdsa-p256" };
}

/**
 * The key that is to take the place of the one that it has, which stays until the store has said yes. `isKept`: an earlier try
 * left it, and the store may have taken it without the device hearing of that.
 */
export async function nextOwnKey(home: Home): Promise<{ readonly key: OwnKey; readonly isKept: boolean }> {
  const kept = await readKey(home.nextKey).catch(() => null);
  return { key: kept ?? (await makeKey(home, home.nextKey)), isKept: kept !== null };
}

export async function forgetNextKey(home: Home): Promise<void> {
  await removeTree(home.disk, home.nextKey);
}

/** Ends what a kill cut off: the store has taken the next key, and the device has kept as whom. */
export async function takeNextKey(home: Home, { keyid: taken }: Enrolment): Promise<void> {
  if (taken === undefined) return;
  const next = await readKey(home.nextKey).catch(() => null);
  if (next !== null && keyid(spkiOf(next.publicKey)) === taken)
    await moveIntoPlace(home.disk, home.nextKey, home.key);
}

/** Who it was is forgotten first: the next enrolment is that of another device. */
export async function forgetOwnKey(home: Home, state: StateDb): Promise<void> {
  changeState(state, () => deleteFact(state, ENROLMENT_FACT));
  await removeTree(home.disk, home.token);
  await removeTree(home.disk, home.key);
  await forgetNextKey(home);
}

/** How far the store's clock was ahead when it last said so. */
export function clockAheadMs(state: StateDb): number {
  const found = Number(getFact(state, OFFSET_FACT) ?? 0);
  return Number.isFinite(found) ? found : 0;
}

export function rememberClock(state: StateDb, aheadMs: number): void {
  changeState(state, () => setFact(state, OFFSET_FACT, String(Math.round(aheadMs))));
}

function unreadable(path: string, why: string): Problem {
  return new Problem(
    "unreachable",
    "device.key_unreadable",
    `The device's own key ${path} cannot be read: ${why}. Put it back from a backup, or enrol with a new one: “mosis device enrol CODE --new-key”.`,
  );
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
