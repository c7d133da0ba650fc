/** JSON: the canonical parser itself, manifests, envelopes, statements, API manifests, what devices read of a catalogue. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shardOf } from "../../../src/catalog/tuf/app-index.ts";
import { buildNotices, NOTICED_VERSIONS, parseNotices } from "../../../src/catalog/tuf/app-notices.ts";
import { parseAppIndex, parseShard } from "../../../src/catalog/tuf/documents.ts";
import { buildRevocations, parseRevocations } from "../../../src/catalog/tuf/revocations.ts";
import { isProblem } from "../../../src/errors.ts";
import { parsePlatformApi } from "../../../src/format/api/parse.ts";
import { buildDigests, parseDigests } from "../../../src/format/digests.ts";
import { FormatError } from "../../../src/format/findings.ts";
import { parseManifest } from "../../../src/format/manifest.ts";
import { openEnvelope } from "../../../src/format/verify-signatures.ts";
import { canonicalize, parseCanonical, parseStrictJson } from "../../../src/signing/json.ts";
import {
  DEVELOPER_RELEASE_TYPE,
  parseDeveloperStatement,
  parseStoreStatement,
  STATEMENT_TYPE,
  STORE_APPROVAL_TYPE,
} from "../../../src/signing/statements.ts";
import { DEVELOPER, RELEASE } from "../../make/certificates.ts";
import { INDEX, REVOCATIONS, SHARD } from "../../make/content.ts";
import { PACKAGE_CASES } from "../../make/package-cases.ts";
import { type EnvelopePlan, MANIFEST, seal } from "../../make/packages.ts";
import { mutateJson } from "../mutate/json.ts";
import { accepted, documentTarget, jsonOrShape, pickFrom, refusedBy, type Target } from "../target.ts";
import { changedEnvelope } from "./package.ts";

const LIMIT = 4 * 2 ** 20;
const API_FOLDER = join(import.meta.dirname, "../../../assets/api");

const apiFiles = () =>
  readdirSync(API_FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(API_FOLDER, name))) }));

const NOTICES = {
  appId: INDEX.appId,
  deprecated: { instead: "org.example.journal", text: "Use the other one: “Journal”." },
  v: 1,
  yanked: [{ reason: "Loses notes.", versionCode: 2, yankedAt: "2026-01-02T03:04:05Z" }],
};
const manyYanked = () =>
  Array.from({ length: NOTICED_VERSIONS }, (_, at) => ({
    ...{ reason: `Reason ${at}`, versionCode: NOTICED_VERSIONS - at, yankedAt: "2026-01-02T03:04:05Z" },
  }));

const manifests = () =>
  PACKAGE_CASES.flatMap(({ plan }) =>
    plan.manifest === undefined ? [] : [canonicalize({ ...MANIFEST, ...plan.manifest })],
  ).concat(canonicalize(MANIFEST));

/** Beside the parser stands the language's own: whatever ours takes, that takes too, with the same value. */
const JSON_TARGET: Target = {
  name: "json",
  layers: ["J001", "J002", "J003", "J004", "J005", "J006", "J007", "J008", "J009"],
  open: async () => ({
    seeds: () => [
      canonicalize(INDEX),
      canonicalize(MANIFEST),
      canonicalize([0, 1.5, "é\u0001", null, { a: [true] }]),
    ],
    make: (random, corpus) => mutateJson(pickFrom(random, corpus), random, pickFrom(random, corpus)),
    judge: (bytes) => {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      try {
        const value = parseCanonical(bytes, { maxBytes: LIMIT });
        if (JSON.stringify(value) !== JSON.stringify(JSON.parse(text)))
          throw new Error("JSON.parse reads another value");
        return accepted(bytes);
      } catch (error) {
        const outcome = refusedBy(error, (code) => code.slice(4));
        if (outcome.code === "MPK-J009") {
          const value = parseStrictJson(bytes, { maxBytes: LIMIT });
          const own: unknown = JSON.parse(text);
          if (!Buffer.from(canonicalize(value)).equals(canonicalize(own)))
            throw new Error("JSON.parse reads another value of what is not canonical");
        }
        return outcome;
      }
    },
  }),
};

function manifestTarget(name: string, written: "canonical" | "by-hand"): Target {
  return {
    name,
    layers: ["json", "schema", "rules"],
    open: async () => {
      const api = parsePlatformApi(apiFiles());
      return {
        seeds: manifests,
        make: (random, corpus) => mutateJson(pickFrom(random, corpus), random, pickFrom(random, corpus)),
        judge: (bytes) => {
          const result = parseManifest(bytes, { written, api });
          if (result.ok) return accepted(bytes);
          const outcome = refusedBy(new FormatError(result.findings), jsonOrShape);
          if (outcome.layer === "json") return outcome;
          return { ...outcome, layer: Number(outcome.code?.slice(5)) < 10 ? "schema" : "rules" };
        },
      };
    },
  };
}

function envelopeLayer(code: string): string {
  if (code.startsWith("MPK-J")) return "json";
  if (code.startsWith("MPK-X")) return "certificate";
  return /^MPK-S00[1-4]$/.test(code) ? "envelope" : code.startsWith("MPK-S") ? "signature" : "statement";
}

const DIGEST = "1".repeat(64);
const statementOf = (predicateType: string, predicate: object) => ({
  _type: STATEMENT_TYPE,
  predicate,
  predicateType,
  subject: [{ digest: { sha256: DIGEST }, name: "org.example.sample" }],
});
const RELEASE_STATEMENT = statementOf(DEVELOPER_RELEASE_TYPE, {
  appId: "org.example.sample",
  signedAt: "2026-02-27T09:00:00Z",
  version: "1.2.3",
  versionCode: 7,
});
const APPROVAL_STATEMENT = statementOf(STORE_APPROVAL_TYPE, {
  appId: "org.example.sample",
  approvedAt: "2026-02-28T10:00:00Z",
  developerEnvelope: { sha256: DIGEST },
  developerId: "dev-1",
  developerKeyId: DIGEST,
  review: { checks: [{ name: "digests", version: "1" }], people: 1, policy: 1, reviewId: "review-1" },
  storeId: "store-1",
  upload: { sha256: DIGEST },
  version: "1.2.3",
  versionCode: 7,
});

function envelopeOf(isStore: boolean, plan: EnvelopePlan = {}): Uint8Array {
  const certificate = plan.certificate ?? (isStore ? RELEASE : DEVELOPER);
  return seal(plan, certificate, structuredClone(isStore ? APPROVAL_STATEMENT : RELEASE_STATEMENT));
}

const ENVELOPE: Target = {
  name: "envelope",
  layers: ["json", "envelope", "certificate", "signature", "statement"],
  open: async () => ({
    seeds: () => [envelopeOf(false), envelopeOf(true)],
    make: (random, corpus) => {
      if (random.oneIn(3)) return mutateJson(pickFrom(random, corpus), random, pickFrom(random, corpus));
      const isStore = random.oneIn(2);
      return { bytes: envelopeOf(isStore, changedEnvelope(isStore, random)), repaired: "signature" };
    },
    judge: (bytes) => {
      try {
        parseSigned(bytes);
        return accepted(bytes);
      } catch (error) {
        return refusedBy(error, envelopeLayer);
      }
    },
  }),
};

/** By whichever of the two kinds of certificates it has. */
function parseSigned(bytes: Uint8Array): void {
  try {
    parseDeveloperStatement(openEnvelope(bytes, "developer").envelope.payload);
  } catch (error) {
    if (!isProblem(error) || error.code !== "MPK-X002") throw error;
    parseStoreStatement(openEnvelope(bytes, "release").envelope.payload);
  }
}

const statementTarget = (name: string, statement: object, parse: (bytes: Uint8Array) => unknown): Target =>
  documentTarget({ name, seeds: () => [canonicalize(statement)], parse: (bytes) => void parse(bytes) });

/** Each kind of subject once, and what counts up to a time. */
function manyRevocations(): Uint8Array {
  const entries = (
    [
      ["package", "block", DIGEST],
      ["key", "disable", DIGEST],
      ["certificate", "block", DIGEST],
      ["app", "remove", "org.example.withdrawn"],
      ["developer", "block", "dev-1"],
    ] as const
  ).map(([subject, action, id]) => ({
    action,
    approvalsUntil: subject === "certificate" ? "2026-02-28T09:00:00Z" : null,
    id,
    reason: "It was withdrawn.",
    revokedAt: "2026-02-28T10:00:00Z",
    subject,
  }));
  return buildRevocations({ entries, lowestVersionCodes: new Map() });
}

export const DOCUMENTS: readonly Target[] = [
  JSON_TARGET,
  manifestTarget("manifest", "canonical"),
  manifestTarget("manifest-by-hand", "by-hand"),
  documentTarget({
    name: "digests",
    seeds: () => [
      buildDigests([
        { path: "manifest.json", sizeBytes: 400, sha256: DIGEST },
        { path: "main.lua", sizeBytes: 0, sha256: DIGEST },
      ]),
    ],
    parse: (bytes) => canonicalize(parseDigests(bytes)),
  }),
  ENVELOPE,
  statementTarget("developer-statement", RELEASE_STATEMENT, parseDeveloperStatement),
  statementTarget("store-statement", APPROVAL_STATEMENT, parseStoreStatement),
  {
    name: "api-manifest",
    layers: ["json", "schema"],
    open: async () => {
      const base = parsePlatformApi(apiFiles());
      return {
        seeds: () =>
          apiFiles()
            .map(({ bytes }) => bytes)
            .filter((bytes) => bytes.length < 16_000),
        make: (random, corpus) => mutateJson(pickFrom(random, corpus), random, pickFrom(random, corpus)),
        judge: (bytes) => {
          try {
            parsePlatformApi([{ name: "own.json", bytes }], base);
            return accepted(bytes);
          } catch (error) {
            const outcome = refusedBy(error, () => "schema");
            const isText = isProblem(error) && error.details[0]?.offset !== undefined;
            return { ...outcome, layer: isText ? "json" : "schema" };
          }
        },
      };
    },
  },
  documentTarget({
    name: "app-index",
    seeds: () => [canonicalize(INDEX), canonicalize({ ...INDEX, formerDevelopers: ["dev-0", "dev-00"] })],
    parse: (bytes) => {
      parseAppIndex(bytes);
      return canonicalize(parseCanonical(bytes, { maxBytes: LIMIT }));
    },
  }),
  documentTarget({
    name: "catalogue-shard",
    seeds: () => [canonicalize(SHARD)],
    parse: (bytes) => void parseShard(bytes, shardOf(String(INDEX.appId))),
  }),
  documentTarget({
    name: "notices",
    seeds: () => [
      canonicalize(NOTICES),
      canonicalize({ ...NOTICES, deprecated: null, yanked: manyYanked() }),
    ],
    parse: (bytes) => {
      // What tells nothing is read, and not written.
      const again = buildNotices(parseNotices(bytes))?.body ?? bytes;
      if (Buffer.compare(again, bytes) !== 0) throw new Error("the notices are written as something else");
      return undefined;
    },
  }),
  documentTarget({
    name: "revocations",
    seeds: () => [canonicalize(REVOCATIONS), manyRevocations()],
    parse: (bytes) => {
      const again = buildRevocations(parseRevocations(bytes));
      if (Buffer.compare(again, bytes) !== 0)
        throw new Error("the revocations are written as something else");
      return undefined;
    },
  }),
];
