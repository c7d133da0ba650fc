/** Setting a device up and opening it (package format, section 9). One process at a time works on a device. */
import { randomBytes } from "node:crypto";
import { lstat, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { Problem } from "../errors.ts";
import { type AudienceId, isSha256 } from "../ids.ts";
import { DAY_MS } from "../time.ts";
import { accessOf } from "./access.ts";
import { recoverApps } from "./activate.ts";
import { fetchFirstRoot, withCatalogue } from "./catalogue.ts";
import { type Access, DEFAULT_TIMEOUTS, type Device, type DeviceProgress, type Timeouts } from "./context.ts";
import { type EnrolOptions, enrol, enrolledAs } from "./enrol.ts";
import { isRealFolder, makeFolder, namesIn, replaceFile } from "./files.ts";
import { forgetGenerations, pinnedRoot, sweepGenerations } from "./generations.ts";
import { type Home, homeAt } from "./home.ts";
import { keyAccess } from "./key-access.ts";
import { tellingNoRoom } from "./no-room.ts";
import { changeState, closeState, getFact, openState, type StateDb, setFact } from "./records.ts";
import type { Enforced } from "./revocations.ts";

/** The platform API that the reference device offers. */
const RUNTIME_API = "1.0";
const CHANNEL = "stable";
const NEVER = new AbortController().signal;
/** A download that was cut off is worth resuming for this long. */
const PART_KEPT_MS = 7 * DAY_MS;

export type DeviceOptions = {
  readonly home: string;
  readonly clock: Clock;
  readonly onProgress?: (progress: DeviceProgress) => void;
  readonly runtimeApi?: string;
  readonly timeouts?: Timeouts;
  /** Called after each step that survives a kill; tests end the process there. */
  readonly onDurableWrite?: (step: string) => void;
  readonly onEnforced?: (change: Enforced) => void;
  readonly signal?: AbortSignal;
  /** An API key with which a restricted store, or what is for an audience, is read in the place of an enrolment. */
  readonly token?: string;
  /** With `token`: whose catalogues are read beside the public one. */
  readonly audiences?: readonly AudienceId[];
};

/** PEM of the CA of the store's TLS certificate; kept with the device. */
type TlsOptions = { readonly tlsCa?: string | null };

/** With a code, the device enrols before it asks for the catalogue: a restricted store gives it to nobody else. */
export type InitOptions = DeviceOptions &
  TlsOptions & {
    readonly url: string;
    readonly rootSha256: string;
    readonly enrol?: EnrolOptions;
  };

export type DeviceIdentity = {
  readonly home: string;
  readonly url: string;
  readonly storeId: string;
  readonly rootSha256: string;
  /** Who it is in the store; null: it has not enrolled. */
  readonly enrolledAs: string | null;
};

/**
 * Binds an empty folder to a store: pins its first root by digest, follows the catalogue once and pins the store's id.
 * A set-up that was cut off is simply run again; with the same root and another address, the device moves there, and with
 * another CA of its TLS certificate it goes by that one.
 *
 * @throws Problem `device.url_invalid`, `device.root_sha256_invalid` (usage), `device.initialised`,
 *   `device.home_not_empty` (conflict), `device.root_mismatch`, `device.unreachable`, `device.catalogue_…`, `device.busy`,
 *   `device.enrolment_…`, `device.disk_full`
 */
export function initDevice(options: InitOptions): Promise<DeviceIdentity> {
  return tellingNoRoom(options.home, () => bindDevice(options));
}

async function bindDevice(options: InitOptions): Promise<DeviceIdentity> {
  const url = storeUrl(options.url);
  const rootSha256 = options.rootSha256.toLowerCase();
  if (!isSha256(rootSha256)) {
    throw new Problem(
      "usage",
      "device.root_sha256_invalid",
      `The root's digest has 64 hexadecimal digits; found ${JSON.stringify(options.rootSha256)}.`,
    );
  }
  const home = homeAt(options.home, options.onDurableWrite);
  await refuseForeignFolder(home);
  await makeFolders(home);
  const state = openState(home.state, home.disk.onDurableWrite);
  try {
    if (getFact(state, "storeId") !== null)
      return await moveDevice(options, home, state, { url, rootSha256 });
    await clearStaging(home, options.clock);
    await forgetGenerations(home, state);
    const tlsCa = options.tlsCa ?? null;
    const bound = { ...deviceOf(options, home, state), url, rootSha256, tlsCa };
    if (options.enrol !== undefined) await enrol(bound, options.enrol);
    const nascent = { ...bound, access: chosenAccess(options, bound), storeId: null };
    await replaceFile(home.disk, pinnedRoot(home), await fetchFirstRoot(nascent));
    const storeId = await withCatalogue(nascent, async (_, id) => id);
    // Last of all, so that a device is only one when it remembers which catalogue it has seen.
    changeState(state, () => {
      setFact(state, "url", url);
      setFact(state, "rootSha256", rootSha256);
      setFact(state, "deviceId", randomBytes(16).toString("hex"));
      setFact(state, "tlsCa", tlsCa ?? "");
      setFact(state, "storeId", storeId);
    });
    return { home: home.root, url, storeId, rootSha256, enrolledAs: enrolledAs(bound) };
  } finally {
    closeState(state);
  }
}

/** The same store at another address: its catalogue must follow from what this device has seen already. */
async function moveDevice(
  options: InitOptions,
  home: Home,
  state: StateDb,
  { url, rootSha256 }: { readonly url: string; readonly rootSha256: string },
): Promise<DeviceIdentity> {
  const before = getFact(state, "url");
  const trusts = storedCa(state);
  const tlsCa = options.tlsCa ?? trusts;
  if (getFact(state, "rootSha256") !== rootSha256 || (url === before && tlsCa === trusts)) {
    throw new Problem(
      "conflict",
      "device.initialised",
      `${home.root} is a device of ${before} already: use another folder.`,
    );
  }
  await clearStaging(home, options.clock);
  await sweepGenerations(home, state);
  const known = getFact(state, "storeId");
  const bound = { ...deviceOf(options, home, state), url, rootSha256, tlsCa };
  if (options.enrol !== undefined) await enrol(bound, options.enrol);
  const moving = { ...bound, access: chosenAccess(options, bound), storeId: known };
  const storeId = await withCatalogue(moving, async (_, id) => id);
  changeState(state, () => {
    setFact(state, "url", url);
    setFact(state, "tlsCa", tlsCa ?? "");
  });
  return { home: home.root, url, storeId, rootSha256, enrolledAs: enrolledAs(bound) };
}

/**
 * Opens a device and puts right what a kill or power cut left; close it with `closeDevice`.
 * @throws Problem `device.not_initialised`, `device.busy`, `device.state_unreadable`
 */
export async function openDevice(options: DeviceOptions): Promise<Device> {
  const home = homeAt(options.home, options.onDurableWrite);
  if (!(await exists(home.state))) throw notInitialised(home);
  const state = openState(home.state, home.disk.onDurableWrite);
  try {
    const [url, rootSha256, storeId, deviceId] = ["url", "rootSha256", "storeId", "deviceId"].map((name) =>
      getFact(state, name),
    );
    if (!url || !rootSha256 || !storeId || !deviceId) throw notInitialised(home);
    const bound = { ...deviceOf(options, home, state), url, rootSha256, storeId, deviceId };
    const device: Device = { ...bound, access: chosenAccess(options, bound) };
    await makeFolders(home);
    await clearStaging(home, options.clock);
    await sweepGenerations(home, state);
    await recoverApps(device);
    return device;
  } catch (error) {
    closeState(state);
    throw error;
  }
}

export function closeDevice(device: Device): void {
  closeState(device.state);
}

/** Opens the device, runs `work` and closes it whatever happens. @throws Problem `device.disk_full`, and as they */
export function withDevice<T>(options: DeviceOptions, work: (device: Device) => Promise<T>): Promise<T> {
  return tellingNoRoom(options.home, async () => {
    const device = await openDevice(options);
    try {
      return await work(device);
    } finally {
      closeDevice(device);
    }
  });
}

/** Who this device is and which store it trusts. */
export function identity(device: Device): DeviceIdentity {
  const { home, url, storeId, rootSha256 } = device;
  return { home: home.root, url, storeId, rootSha256, enrolledAs: enrolledAs(device) };
}

/** Devices that were set up before there was a choice have no such fact. */
function storedCa(state: StateDb): string | null {
  return getFact(state, "tlsCa") || null;
}

function deviceOf(options: DeviceOptions, home: Home, state: StateDb) {
  return {
    home,
    state,
    clock: options.clock,
    deviceId: "",
    tlsCa: storedCa(state),
    access: null,
    channel: CHANNEL,
    runtimeApi: options.runtimeApi ?? RUNTIME_API,
    timeouts: options.timeouts ?? DEFAULT_TIMEOUTS,
    onProgress: options.onProgress ?? (() => {}),
    onEnforced: options.onEnforced ?? (() => {}),
    signal: options.signal ?? NEVER,
  };
}

function chosenAccess(
  { token, audiences }: DeviceOptions,
  bound: Parameters<typeof accessOf>[0],
): Access | null {
  return token === undefined ? accessOf(bound) : keyAccess(bound.url, token, audiences);
}

function storeUrl(text: string): string {
  const url = URL.parse(text);
  if (
    !url ||
    !["https:", "http:"].includes(url.protocol) ||
    url.search ||
    url.hash ||
    url.username ||
    url.password
  ) {
    throw new Problem(
      "usage",
      "device.url_invalid",
      `A store's address is https:// or http://, a host, and a port or path if need be; found ${JSON.stringify(text)}.`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

function notInitialised(home: Home): Problem {
  return new Problem(
    "unreachable",
    "device.not_initialised",
    `${home.root} is not a device yet: run “mosis device init URL --root-sha256 HEX --home ${home.root}” first.`,
  );
}

const OWN_NAMES: ReadonlySet<string> = new Set([
  "staging",
  "apps",
  "data",
  "tuf",
  "state.db",
  "state.db-wal",
  "state.db-shm",
  "state.db-journal",
  "device-key.pem",
  "device-key-next.pem",
  "device-token.json",
]);

async function refuseForeignFolder(home: Home): Promise<void> {
  const foreign = (await namesIn(home.root)).find((name) => !OWN_NAMES.has(name));
  if (foreign !== undefined) {
    throw new Problem(
      "conflict",
      "device.home_not_empty",
      `${home.root} holds ${JSON.stringify(foreign)}, which is none of a device's: choose an empty folder.`,
    );
  }
}

/** @throws Problem `device.home_unsafe` for a link in a folder's place: what lies behind it is not the device's to change. */
async function makeFolders(home: Home): Promise<void> {
  await makeFolder(home.disk, home.root);
  for (const folder of [home.staging, home.apps, home.data, home.tuf]) {
    await makeFolder(home.disk, folder);
    if (await isRealFolder(folder)) continue;
    throw new Problem(
      "conflict",
      "device.home_unsafe",
      `${folder} is a link, and a device's folders lie in its home themselves: move the whole home instead.`,
    );
  }
}

/** What an earlier process was about to write goes; a download's part may be resumed. */
async function clearStaging(home: Home, clock: Clock): Promise<void> {
  for (const name of await namesIn(home.staging)) {
    const path = join(home.staging, name);
    if (/^[0-9a-f]{64}\.part$/.test(name)) {
      const facts = await lstat(path);
      const ageMs = clock.now().getTime() - facts.mtimeMs;
      if (facts.isFile() && ageMs < PART_KEPT_MS) continue;
    }
    await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
