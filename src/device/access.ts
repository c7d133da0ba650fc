/** The access token of a device that has enrolled: proved for by its key, kept for its quarter of an hour, and fetched anew. */
import { readFile } from "node:fs/promises";
import { Problem } from "../errors.ts";
import { audienceOfRoot, DEVICE_TYPE, signAssertion } from "../format/enrolment/assertion.ts";
import type { AudienceId } from "../ids.ts";
import type { Access, Device } from "./context.ts";
import { isMissing, replacePrivateFile } from "./files.ts";
import {
  clockAheadMs,
  type Enrolment,
  enrolmentOf,
  readOwnKey,
  rememberClock,
  takeNextKey,
} from "./own-key.ts";
import {
  asking,
  askStore,
  refusedBy,
  refuseInsecure,
  type StoreAnswer,
  timeInStore,
} from "./store-answers.ts";

/** How long what the device signs is good for: the answer comes at once, or the network is broken. */
const ASSERTION_SECONDS = 60;
/** A token that ends sooner is not begun with: a file may be on its way for a while. */
const LEAST_LEFT_MS = 60_000;
const TOKEN_CHARACTERS = 4096;

type Asking = Pick<
  Device,
  "home" | "state" | "clock" | "url" | "rootSha256" | "timeouts" | "signal" | "tlsCa"
>;
/** As many audiences as a device follows. */
const MOST_CATALOGUES = 600;
type Kept = {
  readonly deviceId: string;
  readonly token: string;
  readonly endsAtMs: number;
  readonly catalogues: readonly AudienceId[];
};

/** null: the device has not enrolled with this store. */
export function accessOf(device: Asking): Access | null {
  const enrolment = enrolmentOf(device.state, device.rootSha256);
  if (enrolment === null) return null;
  let kept: Promise<Kept> | null = null;
  const isGood = ({ deviceId, endsAtMs }: Kept) =>
    deviceId === enrolment.deviceId && endsAtMs - device.clock.now().getTime() >= LEAST_LEFT_MS;
  // One at a time: whoever comes while it is fetched waits for the same one.
  const fetched = (): Promise<Kept> => {
    const next = fetchToken(device, enrolment);
    kept = next;
    next.catch(() => {
      if (kept === next) kept = null;
    });
    return next;
  };
  const present = async (): Promise<Kept> => {
    refuseInsecure(device.url);
    kept ??= readKept(device).then((found) => found ?? fetchToken(device, enrolment));
    const known = await kept.catch(() => null);
    return known !== null && isGood(known) ? known : fetched();
  };
  return {
    files: `${device.url}/store/v1/`,
    token: async () => (await present()).token,
    catalogues: async () => (await present()).catalogues,
    async renewed(refused) {
      const known = kept === null ? null : await kept.catch(() => null);
      return known !== null && known.token !== refused && isGood(known)
        ? known.token
        : (await fetched()).token;
    },
    // It was revoked, or what it asks for is for others: which, the next token tells.
    forbidden: null,
  };
}

/** What was kept of an earlier command; null for none, and for what nobody here wrote. */
async function readKept({ home }: Asking): Promise<Kept | null> {
  const text = await readFile(home.token, "utf8").catch((error) => {
    if (isMissing(error)) return "null";
    throw error;
  });
  try {
    const { deviceId, token, endsAtMs, catalogues } = JSON.parse(text) as Partial<Kept>;
    if (typeof deviceId !== "string" || typeof token !== "string" || typeof endsAtMs !== "number")
      return null;
    return Array.isArray(catalogues) ? { deviceId, token, endsAtMs, catalogues: idsIn(catalogues) } : null;
  } catch {
    return null;
  }
}

async function fetchToken(device: Asking, enrolment: Enrolment): Promise<Kept> {
  const { deviceId } = enrolment;
  const url = `${device.url}/api/v1/devices/token`;
  await takeNextKey(device.home, enrolment);
  const key = await readOwnKey(device.home);
  if (key === null) {
    throw new Problem(
      "unreachable",
      "device.key_unreadable",
      `The device's own key ${device.home.key} is gone. Enrol it with a new one: “mosis device enrol CODE --new-key”.`,
    );
  }
  const answer = await inStoreTime(device, (nowMs) => {
    const iat = Math.floor(nowMs / 1000);
    const assertion = signAssertion(key, DEVICE_TYPE, {
      aud: audienceOfRoot(device.rootSha256),
      exp: iat + ASSERTION_SECONDS,
      iat,
      iss: deviceId,
      jti: crypto.randomUUID(),
      sub: deviceId,
    });
    return askStore(url, { assertion }, device);
  });
  const { accessToken, expiresInSeconds, catalogues } = answer.json ?? {};
  if (answer.status !== 200) throw refusedBy(url, answer);
  if (!isToken(accessToken) || typeof expiresInSeconds !== "number") throw refusedBy(url, answer);
  const kept = {
    deviceId,
    token: accessToken,
    endsAtMs: device.clock.now().getTime() + expiresInSeconds * 1000,
    catalogues: idsIn(catalogues),
  };
  await replacePrivateFile(device.home.disk, device.home.token, Buffer.from(JSON.stringify(kept)));
  return kept;
}

/** They become parts of addresses and names of folders. */
function idsIn(value: unknown): readonly AudienceId[] {
  const is = (id: unknown): id is AudienceId => typeof id === "string" && /^[a-z0-9-]{1,64}$/.test(id);
  return [...new Set(Array.isArray(value) ? value.filter(is) : [])].sort().slice(0, MOST_CATALOGUES);
}

/** It goes into a header of each request. */
function isToken(value: unknown): value is string {
  return typeof value === "string" && value.length <= TOKEN_CHARACTERS && /^[A-Za-z0-9._~+/=-]+$/.test(value);
}

/**
 * Asks with what is signed at the store's time, as far as it is known. A store whose clock shows another one says which, and
 * is asked once more. The device's own clock stays as it is, and is what everything else is judged by.
 */
export async function inStoreTime(
  device: Asking,
  ask: (nowMs: number) => Promise<StoreAnswer>,
): Promise<StoreAnswer> {
  const nowMs = () => device.clock.now().getTime();
  const first = await asking(device, () => ask(nowMs() + clockAheadMs(device.state)));
  const storeTime = timeInStore(first);
  if (storeTime === null) return first;
  rememberClock(device.state, storeTime.getTime() - nowMs());
  return asking(device, () => ask(nowMs() + clockAheadMs(device.state)));
}
