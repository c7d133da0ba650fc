/**
 * A copy of a store's catalogue, judged as of a time: the client workflow of TUF 1.0 §5 with the very classes that the
 * updater works with, then every file that a device would find, parsed. No network, and the clock is the caller's.
 */
import { join } from "node:path";
import type { Targets } from "@tufjs/models";
import { LengthOrHashMismatchError, UnsignedMetadataError } from "@tufjs/models/dist/error";
import { BadVersionError, EqualVersionError, ExpiredMetadataError } from "tuf-js/dist/error";
import { TrustedMetadataStore } from "tuf-js/dist/store";
import { describeError } from "../errors.ts";
import {
  mustRead,
  type Place,
  placeIn,
  type RefusalCode,
  readBounded,
  refuse,
} from "./verify-catalogue-files.ts";
import { judgeTargets } from "./verify-catalogue-targets.ts";

export type VerifiedCatalogue = {
  readonly storeId: string;
  /** Role → version; `bins` stands for all of them with the number that there are. */
  readonly versions: ReadonlyMap<string, number>;
  readonly apps: readonly string[];
  readonly targets: number;
  /** The soonest end of any role's metadata. */
  readonly expiresAt: Date;
};

/** The largest metadata that a device reads; as the updater's. */
const MAX_BYTES = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 } as const;
const MAX_ROOTS = 256;

/**
 * Judges the copy in `folder` (what lies below /store/v1/: `metadata/`, `targets/`), trusting the root in `root`. In
 * `folder/known/` may lie what a client had accepted before: `root.json`, `timestamp.json`, `snapshot.json`, `log.json`.
 *
 * @throws Problem `catalogue.root_refused`, `catalogue.missing`, `catalogue.metadata_malformed`, `catalogue.not_signed`,
 *   `catalogue.expired`, `catalogue.rolled_back`, `catalogue.mixed`, `catalogue.target_changed`, `catalogue.malformed`,
 *   `catalogue.foreign`
 */
export async function verifyCatalogue(
  folder: string,
  root: Uint8Array,
  at: Date,
): Promise<VerifiedCatalogue> {
  const place = placeIn(folder);
  const store = await followRoots(place, root, at);
  await loadTimestamp(store, place);
  await loadSnapshot(store, place);
  const roles = await loadTargets(store, place);
  const expiries = [store.root, store.timestamp, store.snapshot, ...roles.values()].flatMap((role) =>
    role === undefined ? [] : [new Date("signed" in role ? role.signed.expires : role.expires)],
  );
  const found = await judgeTargets(roles, place, at);
  return {
    ...found,
    versions: new Map([
      ["root", store.root.signed.version],
      ["timestamp", store.timestamp?.signed.version ?? 0],
      ["snapshot", store.snapshot?.signed.version ?? 0],
      ...[...roles].map(([name, role]) => [name, role.version] as const),
    ]),
    expiresAt: new Date(Math.min(...expiries.map(Number))),
  };
}

type Step = "root" | "timestamp" | "snapshot" | "targets";

/** TUF 1.0 §5.3: every newer root, each signed by the one before and by itself. */
async function followRoots(place: Place, first: Uint8Array, at: Date): Promise<TrustedMetadataStore> {
  const known = await readBounded(join(place.known, "root.json"), MAX_BYTES.root);
  const store = judged(
    "root",
    "the trusted root",
    () => new TrustedMetadataStore(Buffer.from(known ?? first)),
  );
  // The class fixes the time itself (§5.1) and offers no other way.
  Reflect.set(store, "referenceTime", at);
  for (let count = 0; count < MAX_ROOTS; count++) {
    const name = `${store.root.signed.version + 1}.root.json`;
    const bytes = await readBounded(join(place.metadata, name), MAX_BYTES.root);
    if (bytes === null) break;
    judged("root", name, () => store.updateRoot(bytes));
  }
  return store;
}

/** §5.4. */
async function loadTimestamp(store: TrustedMetadataStore, place: Place): Promise<void> {
  const known = await readBounded(join(place.known, "timestamp.json"), MAX_BYTES.timestamp);
  if (known !== null) ignoringFaults(() => store.updateTimestamp(known));
  const bytes = await mustRead(join(place.metadata, "timestamp.json"), "timestamp.json", MAX_BYTES.timestamp);
  judged("timestamp", "timestamp.json", () => {
    try {
      store.updateTimestamp(bytes);
    } catch (error) {
      // The same version again is no news; whether what is known has expired is judged all the same.
      if (!(error instanceof EqualVersionError)) throw error;
    }
  });
}

/** §5.5. */
async function loadSnapshot(store: TrustedMetadataStore, place: Place): Promise<void> {
  const known = await readBounded(join(place.known, "snapshot.json"), MAX_BYTES.snapshot);
  if (known !== null) ignoringFaults(() => store.updateSnapshot(known, true));
  const version = store.timestamp?.signed.snapshotMeta.version ?? 0;
  const name = `${version}.snapshot.json`;
  const bytes = await mustRead(join(place.metadata, name), name, MAX_BYTES.snapshot);
  judged("snapshot", name, () => store.updateSnapshot(bytes));
}

/** §5.6, for every role that is delegated to, in the order in which a lookup meets them. */
async function loadTargets(store: TrustedMetadataStore, place: Place): Promise<ReadonlyMap<string, Targets>> {
  const roles = new Map<string, Targets>();
  const waiting: [role: string, delegator: string][] = [["targets", "root"]];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [role, delegator] = next;
    if (roles.has(role)) continue;
    const name = `${role}.json`;
    const version = store.snapshot?.signed.meta[name]?.version;
    if (version === undefined) throw refuse("catalogue.mixed", `The snapshot does not list ${name}.`);
    const file = `${version}.${encodeURIComponent(role)}.json`;
    const bytes = await mustRead(join(place.metadata, file), file, MAX_BYTES.targets);
    judged("targets", file, () => store.updateDelegatedTargets(bytes, role, delegator));
    // What was just taken is nothing else.
    const signed = store.getRole(role)?.signed as Targets;
    roles.set(role, signed);
    for (const child of delegatedRoles(signed)) waiting.push([child, role]);
  }
  return roles;
}

function delegatedRoles({ delegations }: Targets): readonly string[] {
  if (delegations === undefined) return [];
  const named = Object.keys(delegations.roles ?? {});
  return delegations.succinctRoles ? [...named, ...delegations.succinctRoles.getRoles()] : named;
}

/** Known metadata that no longer counts is as good as none (TUF 1.0 §5.3.11): the new is judged without it. */
function ignoringFaults(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** Gives what is wrong with metadata a code. */
function judged<Value>(step: Step, file: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw refuse(codeOf(step, error), `${file} is refused: ${describeError(error)}`, error);
  }
}

function codeOf(step: Step, error: unknown): RefusalCode {
  if (error instanceof ExpiredMetadataError) return "catalogue.expired";
  if (step === "root") return "catalogue.root_refused";
  if (error instanceof UnsignedMetadataError) return "catalogue.not_signed";
  if (error instanceof LengthOrHashMismatchError) return "catalogue.mixed";
  const words = describeError(error);
  if (error instanceof BadVersionError)
    return /less than current version/.test(words) ? "catalogue.rolled_back" : "catalogue.mixed";
  // A role that the snapshot listed before and no longer does.
  if (/Missing file .* in new snapshot/.test(words)) return "catalogue.rolled_back";
  return "catalogue.metadata_malformed";
}
