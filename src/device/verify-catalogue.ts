/**
 * A copy of a store's catalogue, judged as of a time: the client workflow of TUF 1.0 §5 with the very classes that the
 * updater works with, then every file that a device would find, parsed. No network, and the clock is the caller's.
 */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Targets } from "@tufjs/models";
import { LengthOrHashMismatchError, UnsignedMetadataError } from "@tufjs/models/dist/error";
import { BadVersionError, EqualVersionError, ExpiredMetadataError } from "tuf-js/dist/error";
import { TrustedMetadataStore } from "tuf-js/dist/store";
import { DEVELOPER_LEAVES_MAX_BYTES, parseDeveloperLeaves } from "../catalog/tuf/developer-leaves.ts";
import {
  INDEX_MAX_BYTES,
  parseAppIndex,
  parseShard,
  REVOCATIONS_MAX_BYTES,
  SHARD_MAX_BYTES,
} from "../catalog/tuf/documents.ts";
import { parseRevocations } from "../catalog/tuf/revocations.ts";
import { CA_PATH, LOG_PATH, REVOCATIONS_PATH } from "../catalog/tuf/roles.ts";
import { describeError, isProblem, Problem } from "../errors.ts";
import { LOG_HEAD_MAX_BYTES, type LogHead, parseLogHead } from "../format/log/head.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
import { sortAnchors } from "../signing/chain.ts";

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
const CA_MAX_BYTES = 2 ** 20;
/** More roles than this no lookup visits. */
const MAX_DELEGATIONS = 32;

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
  const place = {
    metadata: join(folder, "metadata"),
    known: join(folder, "known"),
    targets: join(folder, "targets"),
  };
  const store = await followRoots(place, root, at);
  await loadTimestamp(store, place);
  await loadSnapshot(store, place);
  const roles = await loadTargets(store, place);
  const expiries = [store.root, store.timestamp, store.snapshot, ...roles.values()].flatMap((role) =>
    role === undefined ? [] : [new Date("signed" in role ? role.signed.expires : role.expires)],
  );
  const found = await judgeTargets(roles, place);
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

type Place = { readonly metadata: string; readonly known: string; readonly targets: string };
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
    const name = `${role}.json`;
    const version = store.snapshot?.signed.meta[name]?.version;
    if (version === undefined) throw refuse("catalogue.mixed", `The snapshot does not list ${name}.`);
    const file = `${version}.${encodeURIComponent(role)}.json`;
    const bytes = await mustRead(join(place.metadata, file), file, MAX_BYTES.targets);
    judged("targets", file, () => store.updateDelegatedTargets(bytes, role, delegator));
    const signed = store.getRole(role)?.signed;
    if (!(signed instanceof Targets))
      throw refuse("catalogue.metadata_malformed", `${file} lists no targets.`);
    roles.set(role, signed);
    for (const child of delegatedRoles(signed)) {
      const isKnown = roles.has(child) || waiting.some(([waits]) => waits === child);
      if (!isKnown) waiting.push([child, role]);
    }
  }
  return roles;
}

function delegatedRoles({ delegations }: Targets): readonly string[] {
  if (delegations === undefined) return [];
  const named = Object.keys(delegations.roles ?? {});
  return delegations.succinctRoles ? [...named, ...delegations.succinctRoles.getRoles()] : named;
}

/** §5.6.7: which role's entry counts for a path, if any does. */
function find(roles: ReadonlyMap<string, Targets>, path: string) {
  const visited = new Set<string>();
  const stack = ["targets"];
  for (let name = stack.pop(); name !== undefined && visited.size <= MAX_DELEGATIONS; name = stack.pop()) {
    const role = roles.get(name);
    if (role === undefined || visited.has(name)) continue;
    const target = role.targets[path];
    if (target !== undefined) return target;
    visited.add(name);
    const children: string[] = [];
    for (const { role: child, terminating } of role.delegations?.rolesForTarget(path) ?? []) {
      children.push(child);
      if (!terminating) continue;
      stack.length = 0;
      break;
    }
    stack.push(...children.reverse());
  }
  return undefined;
}

type Found = Pick<VerifiedCatalogue, "storeId" | "apps" | "targets">;

/** Reads every target that a device would find, and every document as a device does. */
async function judgeTargets(roles: ReadonlyMap<string, Targets>, place: Place): Promise<Found> {
  const knownLog = await readBounded(join(place.known, "log.json"), LOG_HEAD_MAX_BYTES);
  const paths = new Set([...roles.values()].flatMap((role) => Object.keys(role.targets)));
  const storeId = find(roles, CA_PATH)?.custom.storeId;
  const isWhole = [REVOCATIONS_PATH, LOG_PATH].every((path) => find(roles, path) !== undefined);
  if (!isWhole || typeof storeId !== "string") {
    throw refuse(
      "catalogue.foreign",
      "The catalogue has no authorities, no revocations, no head of a log or no store id: it is not the catalogue of a Mosis store.",
    );
  }
  const apps: string[] = [];
  let targets = 0;
  let logSize = 0;
  // The log's head first, which others are judged by.
  for (const path of [LOG_PATH, ...[...paths].filter((path) => path !== LOG_PATH).sort()]) {
    const target = find(roles, path);
    if (target === undefined) continue;
    if (path.split("/").some((segment) => ["", ".", ".."].includes(segment)))
      throw refuse("catalogue.missing", `${path} names no file of a catalogue.`);
    const document = documentOf(path);
    const digest = target.hashes.sha256;
    if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest) || target.length > document.maxBytes) {
      throw refuse(
        "catalogue.target_changed",
        `The catalogue lists ${path} without a SHA-256, or with ${target.length} bytes where ${document.maxBytes} are allowed.`,
      );
    }
    const slash = path.lastIndexOf("/") + 1;
    const name = `${path.slice(0, slash)}${digest}.${path.slice(slash)}`;
    const bytes = await mustRead(join(place.targets, ...name.split("/")), name, document.maxBytes);
    if (bytes.length !== target.length || createHash("sha256").update(bytes).digest("hex") !== digest)
      throw refuse("catalogue.target_changed", `${path} is not what was signed.`);
    document.parse(bytes, logSize);
    if (path === LOG_PATH) {
      const head = parseLogHead(bytes);
      if (knownLog !== null) mustNotShrink(parseLogHead(knownLog), head);
      logSize = head.size;
    }
    if (document.appId !== undefined) apps.push(document.appId);
    targets += 1;
  }
  return { storeId, apps, targets };
}

type Document = {
  readonly maxBytes: number;
  readonly appId?: string;
  /** `logSize` is that of the catalogue's head. @throws Problem `catalogue.malformed` */
  parse(bytes: Uint8Array, logSize: number): unknown;
};

/** What a device takes a target for, by its path. Of others it would read nothing, so that only their digests are judged. */
function documentOf(path: string): Document {
  if (path === CA_PATH) return { maxBytes: CA_MAX_BYTES, parse: parseAuthorities };
  if (path === REVOCATIONS_PATH) return { maxBytes: REVOCATIONS_MAX_BYTES, parse: parseRevocations };
  if (path === LOG_PATH)
    return {
      maxBytes: LOG_HEAD_MAX_BYTES,
      parse: (bytes) => asMalformed(LOG_PATH, () => parseLogHead(bytes)),
    };
  if (/^catalog\/[0-9a-f]{2}\.json$/.test(path)) return { maxBytes: SHARD_MAX_BYTES, parse: parseShard };
  const developerId = /^developers\/([^/]+)\/log\.json$/.exec(path)?.[1];
  if (developerId !== undefined)
    return {
      maxBytes: DEVELOPER_LEAVES_MAX_BYTES,
      parse: (bytes, logSize) => {
        const found = parseDeveloperLeaves(bytes);
        if ((found.leaves.at(-1)?.position ?? 0) >= logSize)
          throw refuse("catalogue.malformed", `${path} names a place behind the log's ${logSize} entries.`);
        if (found.developerId !== developerId)
          throw refuse("catalogue.malformed", `${path} says that it is of ${found.developerId}.`);
      },
    };
  const appId = /^apps\/([^/]+)\/index\.json$/.exec(path)?.[1];
  if (appId === undefined) return { maxBytes: INDEX_MAX_BYTES, parse: () => {} };
  return {
    maxBytes: INDEX_MAX_BYTES,
    appId,
    parse: (bytes) => {
      const index = parseAppIndex(bytes);
      if (index.appId !== appId)
        throw refuse("catalogue.malformed", `The index of ${appId} says that it is of ${index.appId}.`);
    },
  };
}

/** What two heads alone show; that a longer log continues a shorter one takes the tiles. */
function mustNotShrink(known: LogHead, head: LogHead): void {
  const isOther = head.size === known.size && head.rootHash !== known.rootHash;
  if (head.size >= known.size && !isOther) return;
  throw refuse(
    "catalogue.rolled_back",
    `The log of ${head.size} entries does not continue the one of ${known.size} entries that was accepted before.`,
  );
}

function parseAuthorities(bytes: Uint8Array): void {
  const { roots } = sortAnchors(
    asMalformed(CA_PATH, () => certificatesFromPem(new TextDecoder().decode(bytes))),
  );
  if (roots.length === 0) throw refuse("catalogue.malformed", `${CA_PATH} holds no root.`);
}

function asMalformed<Value>(path: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem("unprocessable", "catalogue.malformed", `${path}: ${error.message}`, error.details, {
      cause: error,
    });
  }
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

type Code =
  | "catalogue.root_refused"
  | "catalogue.missing"
  | "catalogue.metadata_malformed"
  | "catalogue.not_signed"
  | "catalogue.expired"
  | "catalogue.rolled_back"
  | "catalogue.mixed"
  | "catalogue.target_changed"
  | "catalogue.malformed"
  | "catalogue.foreign";

function codeOf(step: Step, error: unknown): Code {
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

function refuse(code: Code, message: string, cause?: unknown): Problem {
  return new Problem("unprocessable", code, message, [{ code, message }], { cause });
}

async function mustRead(path: string, name: string, maxBytes: number): Promise<Buffer> {
  const bytes = await readBounded(path, maxBytes);
  if (bytes === null)
    throw refuse("catalogue.missing", `${name} is not there, or larger than ${maxBytes} bytes.`);
  return bytes;
}

/** null when it is not there or too large. */
async function readBounded(path: string, maxBytes: number): Promise<Buffer | null> {
  const handle = await open(path, "r").catch((error: unknown) => {
    if (
      error instanceof Error &&
      "code" in error &&
      ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL"].includes(String(error.code))
    )
      return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    return size > maxBytes ? null : Buffer.from(await handle.readFile());
  } finally {
    await handle.close();
  }
}
