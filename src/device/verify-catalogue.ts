/**
 * A copy of a store's catalogue, judged as of a time: the client workflow of TUF 1.0 §5 with the very classes that the
 * updater works with, then every file that a device would find, parsed. No network, and the clock is the caller's.
 */
import { join } from "node:path";
import type { MetaFile, Targets } from "@tufjs/models";
import { EqualVersionError } from "tuf-js/dist/error";
import { TrustedMetadataStore } from "tuf-js/dist/store";
import { MOST_DELEGATED_PATHS } from "../catalog/tuf/delegated-paths.ts";
import { METADATA_MAX_BYTES } from "../catalog/tuf/metadata-form.ts";
import type { Problem } from "../errors.ts";
import { type Audience, EVERYBODY } from "../ids.ts";
import {
  missing,
  mustBeFolderOrNone,
  mustRead,
  type Place,
  placeIn,
  readBounded,
  readKnown,
  refuse,
} from "./verify-catalogue-files.ts";
import type { Roles } from "./verify-catalogue-lookup.ts";
import { expired, judged, judgedForm, mustBeNamed, mustBeOf } from "./verify-catalogue-metadata.ts";
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

const MAX_ROOTS = 256;

/**
 * Judges the copy in `folder` (what lies below /store/v1/, or below the address of an audience: `metadata/`, `targets/`), trusting the root in `root`, or null for one
 * that is larger than any. In `folder/known/` may lie what a client had accepted before: `root.json`, `timestamp.json`, `snapshot.json`, `log.json`.
 *
 * @throws Problem `catalogue.root_refused`, `catalogue.missing`, `catalogue.metadata_malformed`, `catalogue.not_signed`,
 *   `catalogue.expired`, `catalogue.rolled_back`, `catalogue.mixed`, `catalogue.other_audience`, `catalogue.target_changed`, `catalogue.malformed`,
 *   `catalogue.foreign`
 */
export async function verifyCatalogue(
  folder: string,
  root: Uint8Array | null,
  at: Date,
  audience: Audience = EVERYBODY,
): Promise<VerifiedCatalogue> {
  const place = placeIn(folder, audience);
  mustBeFolderOrNone(place);
  const store = await followRoots(place, root, at);
  await loadTimestamp(store, place, at);
  await loadSnapshot(store, place, at);
  const roles = await loadTargets(store, place, at);
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

/** TUF 1.0 §5.3: every newer root, each signed by the one before and by itself. */
async function followRoots(place: Place, given: Uint8Array | null, at: Date): Promise<TrustedMetadataStore> {
  const known = await readKnown(place, "root.json", METADATA_MAX_BYTES.root);
  const bytes = known ?? givenRoot(given);
  let file = judgedForm("root", known === null ? "--root" : "known/root.json", bytes, at);
  const store = judged(file, () => new TrustedMetadataStore(bytes));
  mustBeOf(place.audience, file);
  // The class fixes the time itself (§5.1) and offers no other way.
  Reflect.set(store, "referenceTime", at);
  for (let count = 0; count < MAX_ROOTS; count++) {
    const name = `${store.root.signed.version + 1}.root.json`;
    const next = await readBounded(join(place.metadata, name), METADATA_MAX_BYTES.root);
    if (next === null) break;
    file = judgedForm("root", `metadata/${name}`, next, at);
    judged({ ...file, expected: store.root.signed.version + 1 }, () => store.updateRoot(next));
    mustBeOf(place.audience, file);
  }
  // Only the last one's end counts (§5.3.10).
  if (store.root.signed.isExpired(at)) throw expired(file.entry, store.root.signed.expires, at);
  return store;
}

/** As of any other metadata, what is too large is as good as none. */
function givenRoot(given: Uint8Array | null): Buffer {
  if (given !== null) return Buffer.from(given);
  const maxBytes = METADATA_MAX_BYTES.root;
  throw missing("--root", `more than ${maxBytes} bytes`, maxBytes);
}

/** §5.4. */
async function loadTimestamp(store: TrustedMetadataStore, place: Place, at: Date): Promise<void> {
  const known = await readKnown(place, "timestamp.json", METADATA_MAX_BYTES.timestamp);
  if (known !== null)
    ignoringFaults(() => {
      mustBeOf(place.audience, judgedForm("timestamp", "known/timestamp.json", known, at));
      store.updateTimestamp(known);
    });
  const bytes = await mustRead(place, "metadata/timestamp.json", METADATA_MAX_BYTES.timestamp);
  const file = judgedForm("timestamp", "metadata/timestamp.json", bytes, at);
  judged(file, () => {
    try {
      store.updateTimestamp(bytes);
    } catch (error) {
      // The same version again is no news; whether what is known has expired is judged all the same.
      if (!(error instanceof EqualVersionError)) throw error;
    }
  });
  mustBeOf(place.audience, file);
  const kept = store.timestamp?.signed;
  if (kept?.isExpired(at)) throw expired(file.entry, kept.expires, at);
}

/** §5.5. */
async function loadSnapshot(store: TrustedMetadataStore, place: Place, at: Date): Promise<void> {
  const known = await readKnown(place, "snapshot.json", METADATA_MAX_BYTES.snapshot);
  if (known !== null)
    ignoringFaults(() => {
      mustBeOf(place.audience, judgedForm("snapshot", "known/snapshot.json", known, at));
      store.updateSnapshot(known, true);
    });
  const named = store.timestamp?.signed.snapshotMeta;
  const entry = `metadata/${named?.version}.snapshot.json`;
  const bytes = await mustRead(place, entry, METADATA_MAX_BYTES.snapshot);
  mustBeNamed(named, entry, bytes);
  const file = judgedForm("snapshot", entry, bytes, at);
  judged({ ...file, expected: named?.version }, () => store.updateSnapshot(bytes));
  mustBeOf(place.audience, file);
}

/**
 * §5.6, for every role that is delegated to: depth first, each before those that it delegates to itself, in the order of the
 * lists. Were two to delegate to one name, keys of either would decide, by which of them a lookup meets first.
 */
async function loadTargets(store: TrustedMetadataStore, place: Place, at: Date): Promise<Roles> {
  const roles = new Map<string, Targets>();
  let paths = 0;
  const load = async (role: string, delegator: string): Promise<void> => {
    const meta = listedIn(store, role);
    const entry = `metadata/${meta.version}.${role}.json`;
    const bytes = await mustRead(place, entry, METADATA_MAX_BYTES.targets);
    mustBeNamed(meta, entry, bytes);
    const file = judgedForm("targets", entry, bytes, at);
    judged({ ...file, expected: meta.version }, () => store.updateDelegatedTargets(bytes, role, delegator));
    mustBeOf(place.audience, file);
    // What was just taken is nothing else.
    const signed = store.getRole(role)?.signed as Targets;
    roles.set(role, signed);
    paths += countOfPaths(signed);
    if (paths > MOST_DELEGATED_PATHS.catalogue) throw tooManyPaths(entry, paths);
    // One by one: there may be four thousand millions of bins, of which the first is not listed.
    for (const child of delegatedRoles(signed)) {
      if (roles.has(child.name)) throw delegatedTwice(entry, child);
      await load(child.name, role);
    }
  };
  await load("targets", "root");
  return roles;
}

function listedIn(store: TrustedMetadataStore, role: string): MetaFile {
  // No object has a member of such a name by itself.
  const name = `${role}.json`;
  const file = store.snapshot?.signed.meta[name];
  if (file !== undefined) return file;
  throw refuse("catalogue.mixed", `The snapshot does not list ${name}, which is delegated to.`, {
    entry: `metadata/${store.snapshot?.signed.version}.snapshot.json`,
    pointer: "/signed/meta",
    found: "nothing",
    expected: name,
  });
}

type Delegated = { readonly name: string; readonly pointer: string };

function* delegatedRoles({ delegations }: Targets): Generator<Delegated> {
  for (const [index, name] of Object.keys(delegations?.roles ?? {}).entries())
    yield { name, pointer: `/signed/delegations/roles/${index}/name` };
  for (const name of delegations?.succinctRoles?.getRoles() ?? [])
    yield { name, pointer: "/signed/delegations/succinct_roles/name_prefix" };
}

function countOfPaths({ delegations }: Targets): number {
  return Object.values(delegations?.roles ?? {})
    .map(({ paths = [], pathHashPrefixes = [] }) => paths.length + pathHashPrefixes.length)
    .reduce((sum, count) => sum + count, 0);
}

function tooManyPaths(entry: string, count: number): Problem {
  const most = MOST_DELEGATED_PATHS.catalogue;
  const message = `The catalogue delegates by ${count} patterns and prefixes, where ${most} are allowed.`;
  return refuse("catalogue.metadata_malformed", message, {
    entry,
    pointer: "/signed/delegations",
    found: `${count} patterns and prefixes, with those of the files before`,
    expected: `at most ${most}`,
  });
}

function delegatedTwice(entry: string, { name, pointer }: Delegated): Problem {
  return refuse("catalogue.metadata_malformed", `${name} is delegated to more than once.`, {
    entry,
    pointer,
    found: name,
    expected: "a role that is not delegated to before",
  });
}

/** Known metadata that no longer counts is as good as none (TUF 1.0 §5.3.11): the new is judged without it. */
function ignoringFaults(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
