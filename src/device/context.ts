/** What the device's functions are given first. */
import type { Clock } from "../clock.ts";
import type { Problem } from "../errors.ts";
import type { AppId, AudienceId } from "../ids.ts";
import type { Home } from "./home.ts";
import type { StateDb } from "./records.ts";
import type { Enforced } from "./revocations.ts";

export type DeviceProgress = {
  readonly phase: "catalogue" | "download" | "check" | "write";
  readonly appId: AppId | null;
  readonly doneBytes: number;
  /** null: not known beforehand. */
  readonly totalBytes: number | null;
};

export type Device = {
  readonly home: Home;
  readonly state: StateDb;
  readonly clock: Clock;
  /** Where the store is, without a slash at the end. */
  readonly url: string;
  /** Pinned at the set-up. */
  readonly rootSha256: string;
  readonly storeId: string;
  /** Random, made at the set-up; decides about shares of a rollout and is told to nobody. */
  readonly deviceId: string;
  readonly channel: string;
  /** The platform API that this device offers, `<major>.<minor>`. */
  readonly runtimeApi: string;
  readonly timeouts: Timeouts;
  /** PEM of the CA that the store's TLS certificate comes from; null: those that the system trusts. */
  readonly tlsCa: string | null;
  /** How it shows the store who it is; null: it has not enrolled. */
  readonly access: Access | null;
  readonly onProgress: (progress: DeviceProgress) => void;
  /** Told of each app that the store's revocations disabled, removed or enabled again. */
  readonly onEnforced: (change: Enforced) => void;
  /** Fires when the person wants it to end: what comes from the network stops, what is being written ends first. */
  readonly signal: AbortSignal;
};

/**
 * With what the files of a restricted store are asked for: the access token of a device that has enrolled, fetched when it is
 * needed and anew before it ends, or an API key.
 */
export type Access = {
  /** The addresses that it is sent to begin so, and nothing else gets it. */
  readonly files: string;
  /** @throws Problem `device.enrolment_revoked` and what stands in the way of asking for one */
  token(): Promise<string>;
  /** Another one, since the store did not take this one. */
  renewed(refused: string): Promise<string>;
  /** The audiences whose catalogues the device may read beside the public one, as the store said with the token; by id. */
  catalogues(): Promise<readonly AudienceId[]>;
  /** Those of them that somebody asked for by name, so that none of them may be missing. */
  readonly named?: readonly AudienceId[];
  /** What it means that the store knows whose token it is and gives them nothing; null: no more than any other failure. */
  readonly forbidden: Problem | null;
};

export type Timeouts = {
  /** For the answer's head, and for each silence within its body. */
  readonly idleMs: number;
  /** How often something that failed on the way is tried in all. */
  readonly attempts: number;
};

export const DEFAULT_TIMEOUTS: Timeouts = { idleMs: 30_000, attempts: 3 };
