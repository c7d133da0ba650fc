/** The device's own key pair, and who the store says it is with it. */
import { readFile } from "node:fs/promises";
import { isProblem, Problem } from "../errors.ts";
import { isSignatureAlgorithm, type SignatureAlgorithm } from "../signing/algorithms.ts";
import { generateKeyPair, type KeyPair, privateKeyFromPem, privateKeyToPem } from "../signing/keys.ts";
import { isMissing, removeTree, replacePrivateFile } from "./files.ts";
import type { Home } from "./home.ts";
import { changeState, deleteFact, getFact, type StateDb, setFact } from "./records.ts";

export type OwnKey = KeyPair & { readonly algorithm: SignatureAlgorithm };

/** The fact that says with which store, by its first root, the device has enrolled, and as whom. */
const ENROLMENT_FACT = "enrolment";
/** The fact that says by how much the store's clock is ahead of this one. */
const OFFSET_FACT = "storeClockAheadMs";

export type Enrolment = { readonly deviceId: string; readonly rootSha256: string };

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
export async function readOwnKey({ key: path }: Home): Promise<OwnKey | null> {
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
export async function makeOwnKey(home: Home): Promise<OwnKey> {
  const pair = generateKeyPair("ecdsa-p256");
  await replacePrivateFile(home.disk, home.key, Buffer.from(privateKeyToPem(pair.privateKey)));
  return { ...pair, algorithm: "ecdsa-p256" };
}

/** Who it was is forgotten first: the next enrolment is that of another device. */
export async function forgetOwnKey(home: Home, state: StateDb): Promise<void> {
  changeState(state, () => deleteFact(state, ENROLMENT_FACT));
  await removeTree(home.disk, home.token);
  await removeTree(home.disk, home.key);
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
