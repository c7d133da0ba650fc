/**
 * What the kit's catalogues are about: one app with a lineage, a shard, revocations and a log, written by the product's own
 * builders, so that the kit cannot say something else than stores do. A case changes what comes of them.
 */
import { buildAppIndex, buildShard, shardLine, shardOf } from "../../src/catalog/tuf/app-index.ts";
import { buildDeveloperLeaves } from "../../src/catalog/tuf/developer-leaves.ts";
import { buildRevocations } from "../../src/catalog/tuf/revocations.ts";
import { sha256Hex } from "../../src/format/digests.ts";
import { type LineageEntry, parseLineage } from "../../src/format/lineage.ts";
import type { DeveloperKeyEntry, LogEntry } from "../../src/format/log/entries.ts";
import { buildLogHead, hashToHex } from "../../src/format/log/head.ts";
import { buildLeaf } from "../../src/format/log/leaves.ts";
import { buildEntryTile, buildHashTile, newTiles, TILE_WIDTH, tilePath } from "../../src/format/log/tiles.ts";
import { type Hash, hashChildren, hashLeaf, rootHash } from "../../src/format/log/tree.ts";
import type { Manifest } from "../../src/format/manifest.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode } from "../../src/ids.ts";
import { canonicalize } from "../../src/signing/json.ts";
import {
  KEY_ACCEPTANCE_TYPE,
  KEY_ADDITION_TYPE,
  KEY_RECOVERY_TYPE,
} from "../../src/signing/key-statements.ts";
import { STATEMENT_TYPE } from "../../src/signing/statements.ts";
import { type CertificatePlan, DEVELOPER, RELEASE } from "./certificates.ts";
import { testKey } from "./keys.ts";
import { APPROVED_AT, type EnvelopePlan, type Loose, MANIFEST, seal } from "./packages.ts";

export const APP = "org.example.sample" as AppId;
const OWNER = "dev-1" as OrganisationId;
const hex = (digit: string) => digit.repeat(64) as Sha256 & KeyId;

/** Developer certificates of one developer, each with a key of its own. */
const developerOf = (name: string): CertificatePlan => ({ ...DEVELOPER, key: testKey(name) });
/** In the lineage's order: the first, one that it added, and one that a recovery put in the place of both. */
export const DEVELOPERS: readonly CertificatePlan[] = [
  DEVELOPER,
  developerOf("developer-second"),
  developerOf("developer-third"),
];

export type StatementPlan = EnvelopePlan & {
  /** Keys replaced in the predicate; undefined takes a key away. */
  readonly predicate?: Readonly<Record<string, unknown>>;
  /** Replaced in the subject. */
  readonly subject?: Readonly<Record<string, unknown>>;
};

const keyIdAt = (position: number) => DEVELOPERS[position]?.key.keyid ?? "";

function statement(type: string, position: number, predicate: object, plan: StatementPlan): Uint8Array {
  const document = {
    _type: STATEMENT_TYPE,
    predicate: {
      appId: APP,
      developerId: OWNER,
      keyId: keyIdAt(position),
      position,
      ...predicate,
      ...plan.predicate,
    },
    predicateType: type,
    subject: [{ digest: { sha256: keyIdAt(position) }, name: APP, ...plan.subject }],
  };
  return seal(plan, plan.certificate ?? RELEASE, document);
}

/** The entry by which the first key adds the second. */
export function addition(plan: { addition?: StatementPlan; acceptance?: StatementPlan } = {}): Loose {
  const certificate = plan.addition?.certificate ?? DEVELOPER;
  const added = statement(
    KEY_ADDITION_TYPE,
    1,
    { addedAt: "2026-01-20T10:00:00Z" },
    { ...plan.addition, certificate },
  );
  const accepted = statement(
    KEY_ACCEPTANCE_TYPE,
    1,
    {
      acceptedAt: "2026-01-20T11:00:00Z",
      addition: { sha256: sha256Hex(added) },
      signerKeyId: certificate.key.keyid,
      storeId: "store-1",
    },
    plan.acceptance ?? {},
  );
  return { acceptance: loose(accepted), addition: loose(added), keyId: keyIdAt(1) };
}

/** The entry by which the store lets the third key take the place of both before. */
export function recovery(plan: StatementPlan = {}): Loose {
  const recovered = statement(
    KEY_RECOVERY_TYPE,
    2,
    {
      approvedAt: "2026-02-10T12:00:00Z",
      approvers: 1,
      lostKeyIds: [keyIdAt(0), keyIdAt(1)],
      ownersTold: 2,
      recoveryId: "recovery-1",
      requestedAt: "2026-02-01T12:00:00Z",
      storeId: "store-1",
      waitingUntil: "2026-02-08T12:00:00Z",
    },
    plan,
  );
  return { keyId: keyIdAt(2), recovery: loose(recovered) };
}

const loose = (bytes: Uint8Array): Loose => JSON.parse(Buffer.from(bytes).toString("utf8"));

export const LINEAGE: readonly Loose[] = [{ keyId: keyIdAt(0) }, addition(), recovery()];

const SALT = new Uint8Array(32).fill(0x66);
const PUBLISHED_AT = new Date(APPROVED_AT);
const manifest = {
  ...MANIFEST,
  category: "tools",
  permissions: [{ name: "storage" }],
} as unknown as Manifest;
const about = { appId: APP, versionCode: 7 as VersionCode, contentDigest: hex("1") };

type DatedLeaf = { readonly entry: LogEntry; readonly salt: Uint8Array | null };

export const APPROVAL: LogEntry = {
  ...about,
  type: "approval",
  upload: hex("7"),
  developerKeyId: keyIdAt(2) as KeyId,
  reviewId: "review-1",
};
export const PUBLICATION: LogEntry = { ...about, type: "publication", package: hex("2") };

const ENROLLED: DeveloperKeyEntry = {
  type: "developer-key",
  change: "enrolled",
  keyId: keyIdAt(0) as KeyId,
  developerId: OWNER,
  appId: null,
  authorisedBy: null,
};
const ENROLLED_AT = 5;

const LEAVES: readonly DatedLeaf[] = [
  ...["tuf-root-1", "tuf-root-2", "tuf-targets", "tuf-timestamp"].map((role): DatedLeaf => {
    const keyId = testKey(`tuf ${role}`, "ed25519").keyid as KeyId;
    return { entry: { type: "store-key", change: "added", role, keyId }, salt: null };
  }),
  { entry: { type: "certificate", change: "issued", kind: "root", sha256: hex("a") }, salt: null },
  { entry: ENROLLED, salt: new Uint8Array(32) },
  ...(["added", "recovered"] as const).map(
    (change, position): DatedLeaf => ({
      entry: {
        type: "developer-key",
        change,
        keyId: keyIdAt(position + 1) as KeyId,
        developerId: OWNER,
        appId: APP,
        authorisedBy: null,
      },
      salt: new Uint8Array(32).fill(position + 1),
    }),
  ),
  { entry: { type: "certificate", change: "issued", kind: "release", sha256: hex("b") }, salt: null },
  {
    entry: {
      type: "revocation",
      action: "block",
      subject: "app",
      id: "org.example.withdrawn",
      approvalsUntil: null,
    },
    salt: null,
  },
  { entry: APPROVAL, salt: SALT },
  { entry: PUBLICATION, salt: null },
];
export const APPROVAL_AT = 10;
export const PUBLICATION_AT = 11;

export const BASE_LEAVES: readonly Uint8Array[] = LEAVES.map(({ entry, salt }) =>
  buildLeaf(entry, PUBLISHED_AT, salt),
);

/** As many leaves as this, of which the last ones say nothing of the app. */
export function moreLeaves(count: number): readonly Uint8Array[] {
  const more = Array.from({ length: count - BASE_LEAVES.length }, (_, number) =>
    buildLeaf(
      {
        type: "certificate",
        change: "issued",
        kind: "developer-ca",
        sha256: sha256Hex(Buffer.from(String(number))) as string as Sha256,
      },
      PUBLISHED_AT,
      null,
    ),
  );
  return [...BASE_LEAVES, ...more];
}

/** The hash of a complete subtree, level by level. */
function levelsOf(leaves: readonly Uint8Array[]): readonly (readonly Hash[])[] {
  const levels: Hash[][] = [leaves.map(hashLeaf)];
  for (let row = levels[0] ?? []; row.length > 1; ) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left, right] = row.slice(at, at + 2);
      if (left && right) above.push(hashChildren(left, right));
    }
    levels.push(above);
    row = above;
  }
  return levels;
}

const hashAt = (levels: readonly (readonly Hash[])[], level: number, index: number): Hash => {
  const hash = levels[level]?.[index];
  if (hash === undefined) throw new Error(`the log has no hash ${index} at level ${level}`);
  return hash;
};

/** The head of a log of these leaves, as a document. */
export function headOf(leaves: readonly Uint8Array[]): Loose {
  const levels = levelsOf(leaves);
  const root = rootHash(leaves.length, ({ level, index }) => hashAt(levels, level, index));
  return loose(
    buildLogHead({ size: leaves.length, rootHash: hashToHex(root), time: "2026-03-01T00:00:00Z" }),
  );
}

/** The log's static files, by their path below log/. */
export function tilesOf(leaves: readonly Uint8Array[]): Map<string, Uint8Array> {
  const levels = levelsOf(leaves);
  return new Map(
    newTiles(0, leaves.length).map((tile): [string, Uint8Array] => {
      const first = tile.index * TILE_WIDTH;
      const own = { from: first, to: first + tile.width };
      if (tile.level === "entries") return [tilePath(tile), buildEntryTile(leaves.slice(own.from, own.to))];
      const row = levels[tile.level * Math.log2(TILE_WIDTH)] ?? [];
      return [tilePath(tile), buildHashTile(row.slice(own.from, own.to))];
    }),
  );
}

/** Ids of developers, each another one. */
export const formerDevelopers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `dev-before-${number}`);

export const INDEX: Loose = {
  ...loose(
    buildAppIndex({
      appId: APP,
      developerId: OWNER,
      lineage: parseLineage(loose(canonicalize(LINEAGE))) as readonly LineageEntry[],
      releases: [
        {
          manifest,
          contentDigest: hex("1"),
          packageSha256: hex("2"),
          packageSizeBytes: 4711,
          publishedAt: PUBLISHED_AT,
          notes: "What is new.",
          log: {
            approval: { position: APPROVAL_AT, salt: SALT },
            publication: { position: PUBLICATION_AT, salt: null },
          },
          deltas: new Map([[hex("9"), { sha256: hex("c"), sizeBytes: 1822 }]]),
          compact: { sha256: hex("8"), sizeBytes: 4000 },
        },
      ],
    }).body,
  ),
};

const SHARD_FILE = buildShard(shardOf(APP), [
  shardLine({
    appId: APP,
    publisher: "Example & Sons",
    manifest,
    publishedAt: PUBLISHED_AT,
    iconSha256: hex("4"),
  }),
]);
export const SHARD: Loose = loose(SHARD_FILE.body);

export const REVOCATIONS: Loose = loose(
  buildRevocations({
    entries: [
      {
        action: "block",
        approvalsUntil: null,
        id: "org.example.withdrawn",
        reason: "It was withdrawn.",
        revokedAt: "2026-02-28T10:00:00Z",
        subject: "app",
      },
    ],
    lowestVersionCodes: new Map([[APP, 3 as VersionCode]]),
  }),
);

export const LOG_HEAD: Loose = headOf(BASE_LEAVES);

export const PATHS = {
  ca: "trust/ca.pem",
  revocations: "trust/revocations.json",
  log: "trust/log.json",
  index: `apps/${APP}/index.json`,
  shard: SHARD_FILE.path,
  developer: `developers/${OWNER}/log.json`,
} as const;

/** `developers/<developerId>/log.json`: what the leaf of the developer's first key hid. */
export const DEVELOPER_LEAVES: Loose = loose(
  buildDeveloperLeaves({
    developerId: OWNER,
    leaves: [{ position: ENROLLED_AT, at: PUBLISHED_AT, salt: new Uint8Array(32), entry: ENROLLED }],
  }).body,
);
