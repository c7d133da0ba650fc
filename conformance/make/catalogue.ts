/** A catalogue of the kit (package format §6, TUF 1.0): every file of it, each of which can be made wrong. */
import { createHash } from "node:crypto";
import { canonicalize as olpc } from "@tufjs/canonical-json";
import { sha256Hex } from "../../src/format/digests.ts";
import { utf8 } from "../../src/format/testing.ts";
import { canonicalize } from "../../src/signing/json.ts";
import { authorities } from "./authorities.ts";
import {
  BASE_LEAVES,
  DEVELOPER_LEAVES,
  INDEX,
  LOG_HEAD,
  PATHS,
  REVOCATIONS,
  SHARD,
  tilesOf,
} from "./content.ts";
import { type TestKey, testKey } from "./keys.ts";
import type { Loose } from "./packages.ts";

export type Files = Map<string, Uint8Array>;

export type Target = {
  readonly bytes: Uint8Array;
  readonly role?: string;
  readonly entry?: (entry: Loose) => Loose | undefined;
};

export type RolePlan = {
  /** Changes what is signed, or gives another. */
  readonly signed?: (signed: Loose) => Loose | undefined;
  /** Who signs, in place of the role's keys. */
  readonly signers?: readonly TestKey[];
  /** Changes the file after it was signed. */
  readonly file?: (metadata: Loose) => Loose | undefined;
  readonly bytes?: (bytes: Uint8Array) => Uint8Array;
};

export type MoreRole = {
  readonly name: string;
  /** `targets`, unless told; another must have no succinct bins. */
  readonly by?: string;
  /** In place of every path that any role has. */
  readonly delegation?: Loose;
};

export type CataloguePlan = {
  /** Whose catalogue it is; it has no head of the log then, and no tiles. Without it, the public one. */
  readonly audience?: string;
  /** By role; roots are `1.root`, `2.root` and so on. */
  readonly roles?: Readonly<Record<string, RolePlan>>;
  /** The last root's version; those before it are as they are by themselves. */
  readonly roots?: number;
  /** Keys of a role, in place of one by its name. For roots by version: `2.root`. */
  readonly keys?: Readonly<Record<string, readonly TestKey[]>>;
  readonly thresholds?: Readonly<Record<string, number>>;
  readonly binBits?: number;
  /** Roles more, each first among those that its delegator delegates to, in this order. A target may name one as its role. */
  readonly more?: readonly MoreRole[];
  /** Targets replaced or added; null takes one away. */
  readonly targets?: Readonly<Record<string, Target | null>>;
  /** Leaves of the log, whose tiles the copy has; null: it has none. The head is a target like others. */
  readonly leaves?: readonly Uint8Array[] | null;
  /** Changes the files at the end; paths begin with metadata/, targets/ or log/. */
  readonly files?: (files: Files) => void;
  /** What the client had accepted before, as `known/` holds it: file → bytes of a catalogue made by another plan. */
  readonly known?: CataloguePlan;
  /** The head of the log that the client had seen. */
  readonly knownLog?: unknown;
  /** Of the known catalogue's root. By default the client knows none but the one that it was set up with. */
  readonly knowsRoot?: boolean;
};

const key = (name: string): TestKey => testKey(`tuf ${name}`, "ed25519");
export const tufKey = key;

/** The object of a key in metadata. */
export const json = (signer: TestKey): Loose =>
  signer.algorithm === "ed25519"
    ? {
        keytype: "ed25519",
        keyval: { public: Buffer.from(signer.spki.subarray(12)).toString("hex") },
        scheme: "ed25519",
      }
    : { keytype: "ecdsa", keyval: { public: pemOf(signer.spki) }, scheme: "ecdsa-sha2-nistp256" };
const pemOf = (spki: Uint8Array): string => {
  const lines =
    Buffer.from(spki)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
};
/** The id of whatever stands in the place of a key's object. */
export const idOfObject = (object: Loose): string => createHash("sha256").update(olpc(object)).digest("hex");
export const keyIdOf = (signer: TestKey): string => idOfObject(json(signer));

export const VERSIONS: Readonly<Record<string, number>> = {
  targets: 3,
  revocations: 5,
  apps: 2,
  bins: 4,
  snapshot: 10,
  timestamp: 20,
};
const EXPIRES: Readonly<Record<string, string>> = {
  root: "2027-01-01T00:00:00Z",
  targets: "2026-08-01T00:00:00Z",
  revocations: "2026-03-07T00:00:00Z",
  apps: "2026-08-01T00:00:00Z",
  bins: "2026-03-30T00:00:00Z",
  snapshot: "2026-03-07T00:00:00Z",
  timestamp: "2026-03-02T00:00:00Z",
};
/** Of these all catalogues of a store have the same metadata. */
const SHARED: readonly string[] = ["root", "targets", "apps"];
const familyOf = (role: string) => (role.startsWith("bins-") ? "bins" : role);

const text = (value: unknown) => canonicalize(value);

function baseTargets(): Record<string, Target> {
  return {
    [PATHS.ca]: {
      role: "targets",
      bytes: utf8(authorities().get("ca") ?? ""),
      entry: (entry) => ({ ...entry, custom: { storeId: "store-1" } }),
    },
    [PATHS.revocations]: { role: "revocations", bytes: text(REVOCATIONS) },
    [PATHS.log]: { bytes: text(LOG_HEAD) },
    [PATHS.index]: { bytes: text(INDEX) },
    [PATHS.shard]: { bytes: text(SHARD) },
    [PATHS.developer]: { bytes: text(DEVELOPER_LEAVES) },
  };
}

/** The bin that signs for a path (TAP 15). */
export function binOf(path: string, bits: number): string {
  const first = createHash("sha256").update(path).digest().readUInt32BE(0);
  return binName(bits === 0 ? 0 : first >>> (32 - bits), bits);
}

function binName(bin: number, bits: number): string {
  return `bins-${bin.toString(16).padStart((2 ** bits - 1).toString(16).length, "0")}`;
}

export function makeCatalogue(plan: CataloguePlan): Files {
  const files: Files = new Map();
  const bits = plan.binBits ?? 2;
  const bins = Array.from({ length: 2 ** bits }, (_, bin) => binName(bin, bits));
  const keysOf = (role: string) => plan.keys?.[role] ?? [key(role)];
  const rootKeys = (version: number) =>
    plan.keys?.[`${version}.root`] ?? plan.keys?.root ?? [key("root-1"), key("root-2")];
  const threshold = (role: string) => plan.thresholds?.[role] ?? 1;
  const delegation = (role: string) => ({ keyids: keysOf(role).map(keyIdOf), threshold: threshold(role) });
  const listed = (...roles: readonly string[]) =>
    Object.fromEntries(roles.flatMap(keysOf).map((signer) => [keyIdOf(signer), json(signer)]));

  const moreOf = (delegator: string) => {
    const roles = (plan.more ?? []).filter(({ by = "targets" }) => by === delegator);
    return {
      keys: listed(...roles.map(({ name }) => name)),
      roles: roles.map(({ name, delegation: change }) => ({
        name,
        ...delegation(name),
        terminating: false,
        ...(change ?? { paths: ["*", "*/*", "*/*/*"] }),
      })),
    };
  };

  const sign = (name: string, signed: Loose, signers: readonly TestKey[]): Uint8Array => {
    const role = plan.roles?.[name] ?? {};
    const changed = role.signed ? (role.signed(signed) ?? signed) : signed;
    const payload = Buffer.from(olpc(changed));
    const metadata = {
      signatures: (role.signers ?? signers).map((signer) => ({
        keyid: keyIdOf(signer),
        sig: Buffer.from(signer.sign(payload)).toString("hex"),
      })),
      signed: changed,
    };
    // What is signed leaves line feeds as they are, which no JSON does.
    const bytes = canonicalize(role.file ? (role.file(metadata) ?? metadata) : metadata);
    return role.bytes?.(bytes) ?? bytes;
  };
  const header = (type: string, role: string, version: number) => ({
    _type: type,
    ...(plan.audience === undefined || SHARED.includes(role) ? {} : { audience: plan.audience }),
    spec_version: "1.0.31",
    version,
    expires: EXPIRES[familyOf(role)] ?? EXPIRES.apps,
  });

  for (let version = 1; version <= (plan.roots ?? 1); version++) {
    const own = rootKeys(version);
    const before = version > 1 ? rootKeys(version - 1) : [];
    const signers = [...new Set([...before, ...own])];
    const signed = {
      ...header("root", "root", version),
      consistent_snapshot: true,
      keys: {
        ...Object.fromEntries(own.map((signer) => [keyIdOf(signer), json(signer)])),
        ...listed("targets", "snapshot", "timestamp"),
      },
      roles: {
        root: {
          keyids: own.map(keyIdOf),
          threshold: threshold(`${version}.root`) === 1 ? threshold("root") : threshold(`${version}.root`),
        },
        targets: delegation("targets"),
        snapshot: delegation("snapshot"),
        timestamp: delegation("timestamp"),
      },
    };
    files.set(`metadata/${version}.root.json`, sign(`${version}.root`, signed, signers));
  }

  const targets: Record<string, Target> = {};
  const base = plan.audience === undefined ? baseTargets() : { ...baseTargets(), [PATHS.log]: null };
  for (const [path, target] of Object.entries({ ...base, ...plan.targets }))
    if (target) targets[path] = target;
  const versions: Record<string, number> = {};
  for (const role of [
    ...bins,
    ...(plan.more ?? []).map(({ name }) => name),
    "apps",
    "revocations",
    "targets",
  ]) {
    const version = VERSIONS[familyOf(role)] ?? 1;
    const entries: Record<string, Loose> = {};
    for (const [path, target] of Object.entries(targets)) {
      if ((target.role ?? binOf(path, bits)) !== role) continue;
      const sha256 = sha256Hex(target.bytes);
      const entry = { length: target.bytes.length, hashes: { sha256 } };
      entries[path] = target.entry?.(entry) ?? entry;
      const slash = path.lastIndexOf("/") + 1;
      files.set(`targets/${path.slice(0, slash)}${sha256}.${path.slice(slash)}`, target.bytes);
    }
    const more = moreOf(role);
    const signed = {
      ...header("targets", role, version),
      targets: entries,
      ...(more.roles.length > 0 ? { delegations: more } : {}),
      ...(role === "targets"
        ? {
            delegations: {
              keys: { ...more.keys, ...listed("revocations", "apps") },
              roles: [
                ...more.roles,
                {
                  name: "revocations",
                  ...delegation("revocations"),
                  terminating: true,
                  paths: [PATHS.revocations],
                },
                {
                  name: "apps",
                  ...delegation("apps"),
                  terminating: false,
                  path_hash_prefixes: [..."0123456789abcdef"],
                },
              ],
            },
          }
        : {}),
      ...(role === "apps"
        ? {
            delegations: {
              keys: listed("bins"),
              succinct_roles: { ...delegation("bins"), bit_length: bits, name_prefix: "bins" },
            },
          }
        : {}),
    };
    versions[`${role}.json`] = version;
    files.set(`metadata/${version}.${role}.json`, sign(role, signed, keysOf(familyOf(role))));
  }
  const meta = Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, { version }]));
  const snapshotVersion = VERSIONS.snapshot ?? 1;
  const snapshot = sign(
    "snapshot",
    { ...header("snapshot", "snapshot", snapshotVersion), meta },
    keysOf("snapshot"),
  );
  files.set(`metadata/${snapshotVersion}.snapshot.json`, snapshot);
  const timestamp = {
    ...header("timestamp", "timestamp", VERSIONS.timestamp ?? 1),
    meta: {
      "snapshot.json": {
        version: snapshotVersion,
        length: snapshot.length,
        hashes: { sha256: sha256Hex(snapshot) },
      },
    },
  };
  files.set("metadata/timestamp.json", sign("timestamp", timestamp, keysOf("timestamp")));

  const leaves = plan.leaves !== undefined ? plan.leaves : plan.audience === undefined ? BASE_LEAVES : null;
  if (leaves !== null) for (const [path, bytes] of tilesOf(leaves)) files.set(`log/${path}`, bytes);

  if (plan.known) {
    const known = makeCatalogue(plan.known);
    const take = (name: string, from: string) => {
      const bytes = known.get(from);
      if (bytes) files.set(`known/${name}`, bytes);
    };
    take("timestamp.json", "metadata/timestamp.json");
    take("snapshot.json", `metadata/${VERSIONS.snapshot}.snapshot.json`);
    if (plan.knowsRoot) take("root.json", `metadata/${plan.known.roots ?? 1}.root.json`);
  }
  if (plan.knownLog !== undefined) files.set("known/log.json", text(plan.knownLog));
  plan.files?.(files);
  return files;
}
