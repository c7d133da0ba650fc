/** Enrolling with a store: with a code, and a key of the device's own. */
import { createHash } from "node:crypto";
import { isProblem, Problem } from "../errors.ts";
import { audienceOfRoot, ENROLMENT_TYPE, signAssertion } from "../format/enrolment/assertion.ts";
import { parseCode } from "../format/enrolment/code.ts";
import { isId } from "../ids.ts";
import { keyid, spkiOf } from "../signing/keys.ts";
import { inStoreTime } from "./access.ts";
import type { Device } from "./context.ts";
import { removeTree } from "./files.ts";
import {
  enrolmentOf,
  forgetNextKey,
  forgetOwnKey,
  hasEnrolledElsewhere,
  makeOwnKey,
  nextOwnKey,
  type OwnKey,
  readOwnKey,
  rememberEnrolment,
  takeNextKey,
} from "./own-key.ts";
import { askStore, refusedBy, refuseInsecure } from "./store-answers.ts";

/** What a device says of itself. */
export type DeviceFacts = {
  readonly name: string;
  readonly platform: string;
  readonly model: string;
  readonly runtime: string;
};

export type EnrolOptions = {
  /** As it was typed. */
  readonly code: string;
  readonly facts: DeviceFacts;
  /** Takes another key than the one before: for a device that was revoked. */
  readonly newKey?: boolean;
};

export type EnrolOutcome = {
  readonly deviceId: string;
  readonly name: string;
  /** By id. */
  readonly groups: readonly string[];
  /** Those of them whose names the store tells. */
  readonly namedGroups: readonly { readonly id: string; readonly name: string }[];
};

type Enrolling = Pick<
  Device,
  "home" | "state" | "clock" | "url" | "rootSha256" | "timeouts" | "signal" | "tlsCa"
>;

/** @throws Problem `device.enrolment_code_malformed` */
function checkedCode(text: string): string {
  const code = parseCode(text);
  if (code !== null) return code;
  throw new Problem(
    "usage",
    "device.enrolment_code_malformed",
    "This is no enrolment code: it has three groups of five characters, such as K7QF3-M2X9W-DP4TB, and one of them is wrong or missing.",
  );
}

/**
 * The key comes first, then the store's answer, then who the device is: cut off in between, it enrols again with the same key
 * and is the same device. A new key takes the place of the one before once the store has said yes: a code that is no good, or
 * a store that is away, leaves the device as whom it was.
 * @throws Problem `device.enrolment_…`, `device.root_mismatch`, `device.unreachable`, `device.key_unreadable`
 */
export async function enrol(
  device: Enrolling,
  { code: typed, facts, newKey = false }: EnrolOptions,
): Promise<EnrolOutcome> {
  const code = checkedCode(typed);
  const { home, state, rootSha256 } = device;
  refuseInsecure(device.url);
  await refuseOtherStore(device);
  if (hasEnrolledElsewhere(state, rootSha256)) await forgetOwnKey(home, state);
  const before = enrolmentOf(state, rootSha256);
  if (before !== null) await takeNextKey(home, before);
  if (!newKey) return enrolWith(device, code, facts, (await readOwnKey(home)) ?? (await makeOwnKey(home)));
  const next = await nextOwnKey(home);
  try {
    return await enrolWith(device, code, facts, next.key);
  } catch (error) {
    if (!next.isKept || !isProblem(error) || error.code !== "device.enrolment_revoked") throw error;
    // An earlier try got through, and was revoked since.
    await forgetNextKey(home);
    return enrolWith(device, code, facts, (await nextOwnKey(home)).key);
  }
}

async function enrolWith(
  device: Enrolling,
  code: string,
  facts: DeviceFacts,
  key: OwnKey,
): Promise<EnrolOutcome> {
  const spki = spkiOf(key.publicKey);
  const url = `${device.url}/api/v1/devices/enrol`;
  const answer = await inStoreTime(device, (nowMs) => {
    const proof = signAssertion(key, ENROLMENT_TYPE, {
      aud: audienceOfRoot(device.rootSha256),
      code_sha256: createHash("sha256").update(code).digest("hex"),
      iat: Math.floor(nowMs / 1000),
      iss: keyid(spki),
      jti: crypto.randomUUID(),
    });
    return askStore(
      url,
      { code, publicKey: Buffer.from(spki).toString("base64url"), proof, ...facts },
      device,
    );
  });
  const { deviceId, name, groups, namedGroups } = answer.json ?? {};
  if (answer.status !== 200 || typeof deviceId !== "string" || !isId("dev", deviceId))
    throw refusedBy(url, answer);
  // Of whoever it was before: another token is another device's.
  await removeTree(device.home.disk, device.home.token);
  const enrolment = { deviceId, rootSha256: device.rootSha256, keyid: keyid(spki) };
  rememberEnrolment(device.state, enrolment);
  await takeNextKey(device.home, enrolment);
  return {
    deviceId,
    name: typeof name === "string" ? name : facts.name,
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [],
    namedGroups: Array.isArray(namedGroups)
      ? namedGroups.filter(isNamedGroup).map(({ id, name }) => ({ id, name }))
      : [],
  };
}

function isNamedGroup(given: unknown): given is EnrolOutcome["namedGroups"][number] {
  const { id, name } = (given ?? {}) as Readonly<Record<string, unknown>>;
  return typeof id === "string" && typeof name === "string";
}

/**
 * The code is a secret: it goes to no store whose first root is said to be another one. This finds mistakes, not liars: those
 * are kept out by TLS.
 */
async function refuseOtherStore(device: Enrolling): Promise<void> {
  const url = `${device.url}/api/v1/store`;
  const answer = await inStoreTime(device, () => askStore(url, undefined, device));
  const root = answer.json?.rootSha256;
  if (answer.status === 200 && root === device.rootSha256) return;
  if (answer.status !== 200 || typeof root !== "string") throw refusedBy(url, answer);
  throw new Problem(
    "unprocessable",
    "device.root_mismatch",
    `${device.url} says that its root has the SHA-256 ${root.slice(0, 64)}, and ${device.rootSha256} was expected. The code was not sent. Be sure that this is the right address and the right digest.`,
  );
}

/** Who it is in the store; null: it has not enrolled. */
export function enrolledAs(device: Pick<Device, "state" | "rootSha256">): string | null {
  return enrolmentOf(device.state, device.rootSha256)?.deviceId ?? null;
}
