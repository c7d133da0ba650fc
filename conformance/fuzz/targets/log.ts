/** The log: its head, leaves and tiles; an app's key lineage with its statements. */

import { sha256Hex } from "../../../src/format/digests.ts";
import { judgeLineage, lineageJson, parseLineage } from "../../../src/format/lineage.ts";
import { buildLogHead, parseLogHead } from "../../../src/format/log/head.ts";
import { buildLeaf, parseLeaf } from "../../../src/format/log/leaves.ts";
import {
  buildEntryTile,
  buildHashTile,
  parseEntryTile,
  parseHashTile,
  TILE_WIDTH,
  type Tile,
} from "../../../src/format/log/tiles.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode } from "../../../src/ids.ts";
import { certificatesFromPem } from "../../../src/signing/certificates.ts";
import { sortAnchors } from "../../../src/signing/chain.ts";
import { canonicalize, parseCanonical } from "../../../src/signing/json.ts";
import {
  KEY_ACCEPTANCE_TYPE,
  KEY_ADDITION_TYPE,
  KEY_RECOVERY_TYPE,
  parseKeyAcceptance,
  parseKeyAddition,
  parseKeyRecovery,
} from "../../../src/signing/key-statements.ts";
import { STATEMENT_TYPE } from "../../../src/signing/statements.ts";
import { authorities } from "../../make/authorities.ts";
import { AT } from "../../make/case.ts";
import { type CertificatePlan, DEVELOPER, RELEASE } from "../../make/certificates.ts";
import { LOG_HEAD } from "../../make/content.ts";
import { testKey } from "../../make/keys.ts";
import { type EnvelopePlan, type Loose, seal } from "../../make/packages.ts";
import { mutateBytes } from "../mutate/bytes.ts";
import { mutateJson } from "../mutate/json.ts";
import type { Random } from "../random.ts";
import {
  accepted,
  documentTarget,
  jsonOrShape,
  mustEqual,
  pickFrom,
  refusedBy,
  type Target,
} from "../target.ts";
import { changedEnvelope } from "./package.ts";

const DIGEST = "1".repeat(64) as Sha256;
const APP = "org.example.sample" as AppId;
const LIMIT = 4 * 2 ** 20;

function leaves(): Uint8Array[] {
  const at = new Date("2026-02-28T10:00:00Z");
  const code = 7 as VersionCode;
  const salt = new Uint8Array(32).fill(7);
  return [
    buildLeaf(
      {
        type: "approval",
        appId: APP,
        versionCode: code,
        contentDigest: DIGEST,
        upload: DIGEST,
        developerKeyId: DIGEST as string as KeyId,
        reviewId: "review-1",
      },
      at,
      null,
    ),
    buildLeaf(
      { type: "publication", appId: APP, versionCode: code, contentDigest: DIGEST, package: DIGEST },
      at,
      salt,
    ),
    buildLeaf(
      {
        type: "revocation",
        action: "block",
        subject: "key",
        id: DIGEST,
        approvalsUntil: "2026-02-28T10:00:00Z",
      },
      at,
      null,
    ),
    buildLeaf({ type: "lowest-version", appId: APP, versionCode: code }, at, null),
    buildLeaf(
      {
        type: "developer-key",
        change: "added",
        keyId: DIGEST as string as KeyId,
        developerId: "dev-1" as OrganisationId,
        appId: null,
        authorisedBy: null,
      },
      at,
      salt,
    ),
    buildLeaf(
      { type: "store-key", change: "added", role: "release", keyId: DIGEST as string as KeyId },
      at,
      null,
    ),
    buildLeaf({ type: "store-threshold", role: "root", threshold: 2 }, at, null),
    buildLeaf({ type: "certificate", change: "issued", kind: "root", sha256: DIGEST }, at, null),
    buildLeaf({ type: "ended", what: "version", appId: APP, id: DIGEST }, at, salt),
  ];
}

/** The first byte says which kind of tile, the second how many it should hold. */
const TILES: Target = {
  name: "log-tile",
  layers: ["shape", "leaf"],
  open: async () => {
    const hashes = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    return {
      seeds: () => [
        Buffer.concat([Buffer.of(0, 7), buildEntryTile(leaves())]),
        Buffer.concat([Buffer.of(1, 3), buildHashTile(hashes)]),
      ],
      make: (random, corpus) => changeTile(random, corpus),
      judge: (bytes) => {
        const [kind = 0, width = 1] = bytes;
        const tile: Tile = {
          level: kind % 2 === 0 ? "entries" : 0,
          index: 0,
          width: width === 0 ? TILE_WIDTH : width,
        };
        const body = bytes.subarray(2);
        try {
          if (tile.level === 0) mustEqual(body, buildHashTile(parseHashTile(body, tile)));
          else {
            const found = parseEntryTile(body, tile);
            mustEqual(body, buildEntryTile(found));
            for (const leaf of found) parseLeaf(leaf);
          }
          return { ...accepted(body), place: String(width) };
        } catch (error) {
          return refusedBy(error, (code) => (code === "log.tile_malformed" ? "shape" : "leaf"));
        }
      },
    };
  },
};

let leavesOnce: readonly Uint8Array[] | undefined;

function changeTile(random: Random, corpus: readonly Uint8Array[]) {
  const bytes = pickFrom(random, corpus);
  if (random.oneIn(2))
    return { bytes: mutateBytes(bytes, random, pickFrom(random, corpus)), repaired: "none" };
  leavesOnce ??= leaves();
  const known = leavesOnce;
  const found = Array.from({ length: random.oneIn(8) ? 256 : 1 + random.int(8) }, () => {
    const leaf = random.some(known) ?? new Uint8Array(0);
    return random.oneIn(2) ? mutateJson(leaf, random).bytes.subarray(0, 65_535) : leaf;
  });
  return {
    bytes: Buffer.concat([Buffer.of(0, found.length % 256), buildEntryTile(found)]),
    repaired: "lengths",
  };
}

const FIRST = DEVELOPER.key.keyid;
const SECOND = testKey("developer-2").keyid;
const THIRD = testKey("developer-3").keyid;

const statementOf = (predicateType: string, keyId: string, predicate: object) => ({
  _type: STATEMENT_TYPE,
  predicate: { appId: APP, developerId: "dev-1", keyId, ...predicate },
  predicateType,
  subject: [{ digest: { sha256: keyId }, name: APP }],
});
const addition = () =>
  statementOf(KEY_ADDITION_TYPE, SECOND, { addedAt: "2026-02-01T00:00:00Z", position: 1 });
const acceptance = (sha256: string) =>
  statementOf(KEY_ACCEPTANCE_TYPE, SECOND, {
    acceptedAt: "2026-02-01T00:00:00Z",
    addition: { sha256 },
    position: 1,
    signerKeyId: FIRST,
    storeId: "store-1",
  });
const recovery = () =>
  statementOf(KEY_RECOVERY_TYPE, THIRD, {
    approvedAt: "2026-02-20T00:00:00Z",
    approvers: 1,
    lostKeyIds: [FIRST, SECOND],
    ownersTold: 2,
    position: 2,
    recoveryId: "recovery-1",
    requestedAt: "2026-02-10T00:00:00Z",
    storeId: "store-1",
    waitingUntil: "2026-02-17T00:00:00Z",
  });

type Plans = { addition?: EnvelopePlan; acceptance?: EnvelopePlan; recovery?: EnvelopePlan };

const sealedBefore = new Map<string, Uint8Array>();

/** Signing takes longer than judging. */
function sealedOnce(certificate: CertificatePlan, statement: Loose): Uint8Array {
  const id = JSON.stringify(statement);
  const envelope = sealedBefore.get(id) ?? seal({}, certificate, statement);
  if (sealedBefore.size < 1000) sealedBefore.set(id, envelope);
  return envelope;
}

function lineageOf(plans: Plans): Uint8Array {
  const read = (bytes: Uint8Array): unknown => {
    try {
      return JSON.parse(Buffer.from(bytes).toString("utf8"));
    } catch {
      return null;
    }
  };
  const sealed = (plan: EnvelopePlan | undefined, certificate = DEVELOPER, statement: Loose = {}) =>
    plan === undefined
      ? sealedOnce(certificate, statement)
      : seal(plan, plan.certificate ?? certificate, statement);
  const added = sealed(plans.addition, DEVELOPER, addition());
  return canonicalize([
    { keyId: FIRST },
    {
      acceptance: read(sealed(plans.acceptance, RELEASE, acceptance(sha256Hex(added)))),
      addition: read(added),
      keyId: SECOND,
    },
    { keyId: THIRD, recovery: read(sealed(plans.recovery, RELEASE, recovery())) },
  ]);
}

function lineageLayer(code: string): string {
  if (code.startsWith("MPK-J")) return "json";
  if (code === "MPK-L001") return "shape";
  if (/^MPK-[XS]/.test(code)) return "envelope";
  return code.startsWith("MPK-A00") ? "statement" : "rules";
}

const LINEAGE: Target = {
  name: "key-lineage",
  layers: ["json", "shape", "envelope", "statement", "rules"],
  open: async () => {
    const anchors = sortAnchors(certificatesFromPem(authorities().get("ca") ?? ""));
    const now = new Date(AT);
    return {
      seeds: () => [lineageOf({})],
      make: (random, corpus) => {
        if (random.oneIn(3)) return mutateJson(pickFrom(random, corpus), random, pickFrom(random, corpus));
        const part = random.pick(["addition", "acceptance", "recovery"] as const);
        return {
          bytes: lineageOf({ [part]: changedEnvelope(part !== "addition", random) }),
          repaired: "signature",
        };
      },
      judge: async (bytes) => {
        try {
          const entries = parseLineage(parseCanonical(bytes, { maxBytes: LIMIT }));
          mustEqual(bytes, canonicalize(entries.map(lineageJson)));
          await judgeLineage(entries, {
            appId: APP,
            developerId: "dev-1",
            formerDevelopers: [],
            storeId: "store-1",
            now,
            anchors,
            revocations: [],
            pinned: [],
          });
          return accepted(bytes);
        } catch (error) {
          return refusedBy(error, lineageLayer);
        }
      },
    };
  },
};

const statementTarget = (
  name: string,
  statement: () => object,
  parse: (bytes: Uint8Array) => unknown,
): Target =>
  documentTarget({ name, seeds: () => [canonicalize(statement())], parse: (bytes) => void parse(bytes) });

export const LOG: readonly Target[] = [
  documentTarget({
    name: "log-head",
    seeds: () => [canonicalize(LOG_HEAD)],
    parse: (bytes) => buildLogHead(parseLogHead(bytes)),
  }),
  documentTarget({
    name: "log-leaf",
    seeds: leaves,
    parse: (bytes) => void parseLeaf(bytes),
    layerOf: jsonOrShape,
  }),
  TILES,
  LINEAGE,
  statementTarget("key-addition", addition, parseKeyAddition),
  statementTarget("key-acceptance", () => acceptance(DIGEST), parseKeyAcceptance),
  statementTarget("key-recovery", recovery, parseKeyRecovery),
];
