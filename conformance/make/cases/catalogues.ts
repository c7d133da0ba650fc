/** Copies of a catalogue, and what a device says of each (package format §6 and §9, TUF 1.0 §5). */
import { shardOf } from "../../../src/catalog/tuf/app-index.ts";
import { utf8 } from "../../../src/format/testing.ts";
import { canonicalize } from "../../../src/signing/json.ts";
import { authorities } from "../authorities.ts";
import { binOf, keyIdOf, tufKey } from "../catalogue.ts";
import { bad, type CatalogueCase, ca, edit, ok, spoil, target, version, without } from "../catalogue-case.ts";
import { formerDevelopers, INDEX, LOG_HEAD, PATHS, REVOCATIONS, SHARD } from "../content.ts";
import type { Loose } from "../packages.ts";
import { AUDIENCE_CASES } from "./audiences.ts";
import { LIMIT_CASES } from "./catalogue-limits.ts";
import { DELEGATION_CASES } from "./delegations.ts";
import { VALUE_CASES } from "./document-values.ts";
import { DOCUMENT_CASES } from "./documents.ts";
import { LINEAGE_CASES } from "./lineage.ts";
import { LOG_CASES } from "./logs.ts";
import { METADATA_CASES } from "./metadata-forms.ts";
import { NOTICE_CASES } from "./notices.ts";
import { TWO_FAULTS } from "./two-faults.ts";

const expired = bad("expired");
const rolledBack = bad("rolled_back");
const mixed = bad("mixed");
const unsigned = bad("not_signed");
const rootRefused = bad("root_refused");
const missing = bad("missing");
const metadata = bad("metadata_malformed");
const changed = bad("target_changed");
const malformed = bad("malformed");
const foreign = bad("foreign");

const BIN = binOf(PATHS.index, 2);
const ROLES = ["targets", "revocations", "apps", BIN, "snapshot", "timestamp"] as const;
const label = (role: string) => (role.startsWith("bins-") ? "bin" : role);
const inWords = (role: string) => (role.startsWith("bins-") ? "a bin" : role);
const stranger = tufKey("stranger");
const [one, two, three] = [tufKey("root-1"), tufKey("root-2"), tufKey("root-3")];
const [four, five] = [tufKey("root-4"), tufKey("root-5")];

const VALID: readonly CatalogueCase[] = [
  ok("valid", "One app in four bins, with authorities, revocations and the log's head."),
  ok("256-bins", "The default number of bins.", { binBits: 8 }),
  ok("one-bin-bit", "Two bins.", { binBits: 1 }),
  ok("eight-bins", "Eight bins, of which some list nothing.", { binBits: 3 }),
  ok("two-of-three-roots", "Three root keys, of which two must sign, and two did.", {
    keys: { root: [one, two, three] },
    thresholds: { root: 2 },
    roles: { "1.root": { signers: [one, three] } },
  }),
  ok(
    "root-chain",
    "Three roots: all root keys were replaced one by one, each root signed by the keys before it too.",
    {
      roots: 3,
      keys: { "1.root": [one, two], "2.root": [two, three], "3.root": [three, four] },
    },
  ),
  ok("root-threshold-raised", "The second root asks for two signatures where the first asked for one.", {
    roots: 2,
    keys: { "1.root": [one], "2.root": [one, two, three] },
    thresholds: { "2.root": 2 },
    roles: { "2.root": { signers: [one, two] } },
  }),
  ok(
    "root-in-between-expired",
    "The first root has expired long ago, and the second has not: only the last one's end counts.",
    {
      roots: 2,
      roles: { "1.root": { signed: (s) => void (s.expires = "2025-01-01T00:00:00Z") } },
    },
  ),
  ok(
    "more-signatures",
    "A signature of a key that the role does not have does no harm where enough others are there.",
    { roles: { timestamp: { signers: [tufKey("timestamp"), stranger] } } },
  ),
  ok("two-of-two-timestamp", "The timestamp has two keys, and both must sign.", {
    keys: { timestamp: [tufKey("timestamp"), stranger] },
    thresholds: { timestamp: 2 },
  }),
  ok(
    "unknown-keys",
    "Metadata with a key that the specification does not know: clients ignore it.",
    edit("timestamp", (s) => void (s["x-mosis"] = 1)),
  ),
  ok("known-before", "The client had accepted an older catalogue.", {
    known: { roles: { timestamp: { signed: (s) => void (s.version = 19) } } },
  }),
  ok("known-same", "The client had accepted this very catalogue.", { known: {} }),
  ok("known-expired", "What the client had accepted before has expired, and what is there has not.", {
    known: {
      roles: { timestamp: { signed: (s) => ({ ...s, version: 19, expires: "2026-02-01T00:00:00Z" }) } },
    },
  }),
  ok(
    "known-keys-replaced",
    "The client had accepted timestamp 99; a new root names other keys for timestamp and snapshot, so that what it knew counts no more (recovery from a fast-forward attack).",
    {
      roots: 2,
      roles: {
        "1.root": {
          signed: (s) => {
            const signers = withOldKeys(s);
            return signers;
          },
        },
      },
      keys: { timestamp: [tufKey("timestamp-new")], snapshot: [tufKey("snapshot-new")] },
      known: { roles: { timestamp: { signed: (s) => void (s.version = 99) } } },
    },
  ),
  ok(
    "stray-target",
    "A bin lists an app whose path belongs to another bin, and its file is not there: no client looks for it in that bin.",
    {
      roles: {
        [otherBin()]: {
          signed: (s) =>
            void (s.targets["apps/org.example.stray/index.json"] = {
              length: 1,
              hashes: { sha256: "0".repeat(64) },
            }),
        },
      },
    },
  ),
  ok(
    "revocations-claims-an-app",
    "The role revocations lists the index of an app, which is not delegated to it: the bin's counts.",
    {
      roles: {
        revocations: {
          signed: (s) => void (s.targets[PATHS.index] = { length: 1, hashes: { sha256: "0".repeat(64) } }),
        },
      },
    },
  ),
  ok(
    "bin-claims-revocations",
    "A bin lists trust/revocations.json, which is delegated to revocations before and terminating: that role's counts.",
    {
      roles: {
        [binOf(PATHS.revocations, 2)]: {
          signed: (s) =>
            void (s.targets[PATHS.revocations] = { length: 1, hashes: { sha256: "0".repeat(64) } }),
        },
      },
    },
  ),
  ok("nothing-published", "A store that has not published anything.", {
    targets: { [PATHS.index]: null, [PATHS.shard]: null },
  }),
  ok(
    "last-second",
    "Judged in the last second before the timestamp ends.",
    {},
    { at: "2026-03-01T23:59:59Z" },
  ),
  ok(
    "ca-other-lines",
    "trust/ca.pem begins with a line that is no UTF-8: what stands outside of blocks is not looked at.",
    ca(Buffer.concat([Buffer.from("CA of \xe9t\xe9\n", "latin1"), utf8(authorities().get("ca") ?? "")])),
  ),
  ok(
    "other-target",
    "A target that a device does not know, with its right digest.",
    target("apps/readme.txt", utf8("hello")),
  ),
  ok(
    "target-named-constructor",
    "A target whose path is the name of something that many a language's objects all have.",
    target("constructor", utf8("hello")),
  ),
];

function otherBin(): string {
  return (
    ["bins-0", "bins-1", "bins-2", "bins-3"].find(
      (name) => name !== binOf("apps/org.example.stray/index.json", 2),
    ) ?? ""
  );
}

/** Puts the first keys of timestamp and snapshot into a root whose plan has the new ones. */
function withOldKeys(signed: Loose): Loose {
  for (const role of ["timestamp", "snapshot"]) {
    const old = tufKey(role);
    const id = keyIdOf(old);
    signed.keys[id] = {
      keytype: "ed25519",
      keyval: { public: Buffer.from(old.spki.subarray(12)).toString("hex") },
      scheme: "ed25519",
    };
    signed.roles[role].keyids = [id];
  }
  return signed;
}

const TIMES: readonly CatalogueCase[] = [
  ...ROLES.map((role) =>
    expired(
      `expired-${label(role)}`,
      `The metadata of ${inWords(role)} has ended.`,
      edit(role, (s) => void (s.expires = "2026-03-01T11:59:59Z")),
    ),
  ),
  expired(
    "expired-root",
    "The last root has ended.",
    edit("1.root", (s) => void (s.expires = "2026-03-01T11:59:59Z")),
  ),
  expired(
    "expired-second-root",
    "The second root has ended, though the first has not.",
    { roots: 2, roles: { "2.root": { signed: (s) => void (s.expires = "2026-03-01T11:59:59Z") } } },
    { neighbour: "root-in-between-expired" },
  ),
  expired(
    "expired-this-second",
    "The timestamp ends in this very second.",
    {},
    { at: "2026-03-02T00:00:00Z", neighbour: "last-second" },
  ),
  expired(
    "frozen",
    "The client had accepted this very catalogue, and it has not been renewed since: somebody may be holding newer ones back.",
    { known: {} },
    { at: "2026-03-03T00:00:00Z", neighbour: "known-same" },
  ),
];

const BACK: readonly CatalogueCase[] = [
  rolledBack(
    "back-timestamp",
    "The client had accepted timestamp 21.",
    { known: version("timestamp", 21) },
    { neighbour: "known-before" },
  ),
  rolledBack(
    "back-snapshot",
    "The client had accepted a timestamp that names snapshot 11.",
    {
      known: {
        roles: {
          timestamp: {
            signed: (s) => {
              s.version = 19;
              s.meta["snapshot.json"].version = 11;
            },
          },
        },
      },
    },
    { neighbour: "known-before" },
  ),
  ...["targets", "revocations", "apps", BIN].map((role) =>
    rolledBack(
      `back-${label(role)}`,
      `The client had accepted a snapshot that lists a newer version of ${inWords(role)}.`,
      {
        known: {
          roles: {
            timestamp: { signed: (s) => void (s.version = 19) },
            snapshot: { signed: (s) => void (s.meta[`${role}.json`].version += 1) },
          },
        },
      },
      { neighbour: "known-before" },
    ),
  ),
  rolledBack(
    "back-role-gone",
    "The client had accepted a snapshot that lists a role which is not there any more.",
    {
      known: {
        roles: {
          timestamp: { signed: (s) => void (s.version = 19) },
          snapshot: { signed: (s) => void (s.meta["more.json"] = { version: 1 }) },
        },
      },
    },
    { neighbour: "known-before" },
  ),
];

const MIXED: readonly CatalogueCase[] = [
  mixed("mixed-snapshot-version", "The snapshot's own version is another than the timestamp says.", {
    roles: { snapshot: { signed: (s) => void (s.version = 9) } },
  }),
  mixed(
    "mixed-snapshot-digest",
    "The snapshot has another digest than the timestamp says.",
    edit("timestamp", (s) => void (s.meta["snapshot.json"].hashes.sha256 = "0".repeat(64))),
  ),
  mixed(
    "mixed-snapshot-length",
    "The snapshot is longer than the timestamp says.",
    edit("timestamp", (s) => void (s.meta["snapshot.json"].length -= 1)),
  ),
  ...["targets", "revocations", "apps", BIN].map((role) =>
    mixed(
      `mixed-${label(role)}`,
      `The file of ${inWords(role)} has the right name and another version inside.`,
      version(role, 1),
    ),
  ),
  ...["targets", "revocations", "apps", BIN].map((role) =>
    mixed(
      `unlisted-${label(role)}`,
      `The snapshot does not list ${inWords(role)}.`,
      edit("snapshot", (s) => void delete s.meta[`${role}.json`]),
    ),
  ),
  mixed(
    "mixed-digest-of-bin",
    "The snapshot gives a digest for a bin, and it is another.",
    edit("snapshot", (s) => void (s.meta[`${BIN}.json`].hashes = { sha256: "0".repeat(64) })),
  ),
];

const SIGNATURES: readonly CatalogueCase[] = [
  ...ROLES.map((role) =>
    unsigned(`stranger-${label(role)}`, `A key that nobody named signed ${inWords(role)}.`, {
      roles: { [role]: { signers: [stranger] } },
    }),
  ),
  ...ROLES.map((role) =>
    unsigned(`unsigned-${label(role)}`, `Nobody signed ${inWords(role)}.`, {
      roles: { [role]: { signers: [] } },
    }),
  ),
  unsigned("timestamp-by-snapshot", "The snapshot's key signed the timestamp.", {
    roles: { timestamp: { signers: [tufKey("snapshot")] } },
  }),
  unsigned("revocations-by-apps", "The key of apps signed the revocations.", {
    roles: { revocations: { signers: [tufKey("apps")] } },
  }),
  unsigned("bin-by-targets", "The key of targets signed a bin.", {
    roles: { [BIN]: { signers: [tufKey("targets")] } },
  }),
  unsigned("stranger-with-right-key-id", "A stranger's signature under the right key's id.", {
    roles: {
      timestamp: {
        signers: [stranger],
        file: (m) => void (m.signatures[0].keyid = keyIdOf(tufKey("timestamp"))),
      },
    },
  }),
  unsigned("signed-part-changed", "The timestamp was changed after it was signed.", {
    roles: { timestamp: { file: (m) => void (m.signed.expires = "2027-01-01T00:00:00Z") } },
  }),
  unsigned(
    "one-of-two",
    "One signature where two are asked for.",
    {
      keys: { timestamp: [tufKey("timestamp"), stranger] },
      thresholds: { timestamp: 2 },
      roles: { timestamp: { signers: [stranger] } },
    },
    { neighbour: "two-of-two-timestamp" },
  ),
  unsigned(
    "same-key-twice",
    "Two keys are asked for, and one key signed under the ids of both.",
    {
      keys: { timestamp: [tufKey("timestamp"), stranger] },
      thresholds: { timestamp: 2 },
      roles: {
        timestamp: {
          signers: [stranger, stranger],
          file: (m) => void (m.signatures[0].keyid = keyIdOf(tufKey("timestamp"))),
        },
      },
    },
    { neighbour: "two-of-two-timestamp" },
  ),
];

const ROOTS: readonly CatalogueCase[] = [
  rootRefused("first-root-unsigned", "The trusted root is not signed by its own keys.", {
    roles: { "1.root": { signers: [stranger] } },
  }),
  rootRefused(
    "first-root-threshold",
    "The trusted root asks for two signatures and has one.",
    { keys: { root: [one, two, three] }, thresholds: { root: 2 }, roles: { "1.root": { signers: [one] } } },
    { neighbour: "two-of-three-roots" },
  ),
  rootRefused(
    "root-not-by-old-keys",
    "The second root is signed by its own keys only.",
    {
      roots: 2,
      keys: { "1.root": [one, two], "2.root": [four, five] },
      roles: { "2.root": { signers: [four, five] } },
    },
    { neighbour: "root-chain" },
  ),
  rootRefused(
    "root-not-by-new-keys",
    "The second root is signed by the keys of the first only.",
    {
      roots: 2,
      keys: { "1.root": [one, two], "2.root": [four, five] },
      roles: { "2.root": { signers: [one, two] } },
    },
    { neighbour: "root-chain" },
  ),
  rootRefused(
    "root-old-threshold",
    "The first root asks for two of its keys; one of them signed the second.",
    {
      roots: 2,
      keys: { "1.root": [one, two, three], "2.root": [one, two, three] },
      thresholds: { "1.root": 2 },
      roles: { "1.root": { signers: [one, two] }, "2.root": { signers: [one] } },
    },
    { neighbour: "root-threshold-raised" },
  ),
  rootRefused(
    "root-new-threshold",
    "The second root asks for two of its keys; one of them signed it.",
    {
      roots: 2,
      keys: { "1.root": [one], "2.root": [one, two, three] },
      thresholds: { "2.root": 2 },
      roles: { "2.root": { signers: [one] } },
    },
    { neighbour: "root-threshold-raised" },
  ),
  rootRefused(
    "root-skips-a-version",
    "2.root.json says that it is version 3.",
    { roots: 2, roles: { "2.root": { signed: (s) => void (s.version = 3) } } },
    { neighbour: "root-chain" },
  ),
  rootRefused(
    "root-same-version",
    "2.root.json says that it is version 1.",
    { roots: 2, roles: { "2.root": { signed: (s) => void (s.version = 1) } } },
    { neighbour: "root-chain" },
  ),
  rootRefused(
    "root-not-json",
    "The second root is cut off.",
    { roots: 2, roles: { "2.root": { bytes: (b) => b.subarray(0, 100) } } },
    { neighbour: "root-chain" },
  ),
  rootRefused(
    "root-other-type",
    "The second root is a timestamp.",
    { roots: 2, roles: { "2.root": { signed: (s) => void (s._type = "timestamp") } } },
    { neighbour: "root-chain" },
  ),
  unsigned(
    "root-gap",
    "The second of three roots is not there, so that a client stays at the first, whose timestamp key signed nothing here.",
    {
      roots: 3,
      roles: { "1.root": { signed: withOldKeys }, "2.root": { signed: withOldKeys } },
      keys: { timestamp: [tufKey("timestamp-new")], snapshot: [tufKey("snapshot-new")] },
      ...without(/2\.root\.json$/),
    },
    { neighbour: "root-chain" },
  ),
];

const FILES: readonly CatalogueCase[] = [
  missing("no-timestamp", "timestamp.json is not there.", without(/timestamp\.json$/)),
  missing("no-snapshot", "The snapshot is not there.", without(/snapshot\.json$/)),
  ...["targets", "revocations", "apps", BIN].map((role) =>
    missing(
      `no-${label(role)}`,
      `The file of ${inWords(role)} is not there.`,
      without(new RegExp(`\\d\\.${role}\\.json$`)),
    ),
  ),
  missing(
    "no-empty-bin",
    "A bin that lists nothing is not there.",
    {
      binBits: 3,
      ...without(new RegExp(`\\d\\.${emptyBin()}\\.json$`)),
    },
    { neighbour: "eight-bins" },
  ),
  missing("no-index", "An app's index is not there.", without(/index\.json$/)),
  missing(
    "no-revocations-file",
    "trust/revocations.json is not there.",
    without(/targets\/trust\/.*revocations\.json$/),
  ),
  missing("no-ca-file", "trust/ca.pem is not there.", without(/ca\.pem$/)),
  missing("timestamp-too-large", "timestamp.json is larger than a client reads.", {
    roles: { timestamp: { bytes: (b) => Buffer.concat([b, Buffer.alloc(16_384, " ")]) } },
  }),
  metadata("timestamp-not-json", "timestamp.json is cut off.", {
    roles: { timestamp: { bytes: (b) => b.subarray(0, 50) } },
  }),
  metadata("timestamp-no-signatures", "timestamp.json has no list of signatures.", {
    roles: { timestamp: { file: (m) => void delete m.signatures } },
  }),
  metadata(
    "timestamp-other-type",
    "timestamp.json is a snapshot.",
    edit("timestamp", (s) => void (s._type = "snapshot")),
  ),
  metadata(
    "timestamp-no-version",
    "timestamp.json has no version.",
    edit("timestamp", (s) => void delete s.version),
  ),
  metadata(
    "timestamp-no-snapshot",
    "timestamp.json names no snapshot.",
    edit("timestamp", (s) => void (s.meta = {})),
  ),
  metadata(
    "specification-2",
    "Metadata of TUF 2.",
    edit("timestamp", (s) => void (s.spec_version = "2.0.0")),
  ),
  metadata(
    "targets-other-type",
    "The file of targets is a root.",
    edit("targets", (s) => void (s._type = "root")),
  ),
  metadata(
    "bin-targets-text",
    "A bin whose targets are a text.",
    edit(BIN, (s) => void (s.targets = "none")),
  ),
  metadata(
    "apps-two-kinds",
    "apps delegates to roles and to succinct bins at once: readers that take one of the two see other bytes than were signed.",
    edit("apps", (s) => void (s.delegations.roles = [])),
  ),
  metadata(
    "expires-malformed",
    "An end that is no time.",
    edit("timestamp", (s) => void (s.expires = "soon")),
  ),
];

/** Of eight bins, one that lists nothing. */
function emptyBin(): string {
  const used = new Set([PATHS.index, PATHS.shard, PATHS.log, PATHS.developer].map((path) => binOf(path, 3)));
  const empty = Array.from({ length: 8 }, (_, bin) => `bins-${bin}`).find((name) => !used.has(name));
  if (empty === undefined) throw new Error("every bin lists something: change the case");
  return empty;
}

const TARGETS: readonly CatalogueCase[] = [
  changed("index-changed", "An app's index is not what was signed.", {
    files: (files) => spoil(files, /index\.json$/),
  }),
  changed("revocations-changed", "The revocations are not what was signed.", {
    files: (files) => spoil(files, /targets\/.*revocations\.json$/),
  }),
  changed(
    "index-length",
    "An app's index is longer than was signed.",
    target(PATHS.index, INDEX, (e) => void (e.length -= 1)),
  ),
  changed(
    "no-sha256",
    "A target with a SHA-512 only.",
    target(PATHS.index, INDEX, (e) => void (e.hashes = { sha512: "0".repeat(128) })),
  ),
  changed(
    "sha256-upper-case",
    "A digest in upper case.",
    target(PATHS.index, INDEX, (e) => void (e.hashes.sha256 = e.hashes.sha256.toUpperCase())),
  ),
  changed(
    "index-too-large",
    "An app's index of more than 4 MiB is announced.",
    target(PATHS.index, INDEX, (e) => void (e.length = 4 * 2 ** 20 + 1)),
  ),
  changed(
    "log-too-large",
    "A log's head of more than 512 bytes is announced.",
    target(PATHS.log, LOG_HEAD, (e) => void (e.length = 513)),
  ),
];

const release = INDEX.channels.stable[0];
const withRelease = (more: object): unknown => ({
  ...INDEX,
  channels: { stable: [{ ...release, ...more }] },
});
const withReleases = (...releases: readonly Loose[]): unknown => ({
  ...INDEX,
  channels: { stable: releases },
});
const withEntry = (more: object): unknown => ({
  ...REVOCATIONS,
  entries: [{ ...REVOCATIONS.entries[0], ...more }],
});
const withEntries = (...entries: readonly object[]): unknown => ({
  ...REVOCATIONS,
  entries: entries.map((entry) => ({ ...REVOCATIONS.entries[0], ...entry })),
});
const ENTRY_A = { id: "org.example.with-drawn" };
const ENTRY_B = { id: "org.example.with.drawn" };
const ENTRY_KEY = { subject: "key", id: "2".repeat(64) };
const withApp = (more: object): unknown => ({ ...SHARD, apps: [{ ...SHARD.apps[0], ...more }] });
const DIGEST = "2".repeat(64);
/** Another app of the same shard. */
const SECOND_APP = idOfShard((number) => `org.example.other${number}`);

function idOfShard(name: (number: number) => string): string {
  for (let number = 0; ; number++) if (shardOf(name(number)) === SHARD.shard) return name(number);
}

const WELL_FORMED: readonly CatalogueCase[] = [
  ok("releases-falling", "Two releases, the higher version code first.", {
    ...target(PATHS.index, withReleases({ ...release, versionCode: 8, version: "1.3.0" }, release)),
    leaves: null,
  }),
  ok(
    "release-two-permissions",
    "Two permissions.",
    target(PATHS.index, withRelease({ permissions: ["network", "storage"] })),
  ),
  ok("shard-number-above", "What looks like a shard beyond the 64: no device reads it.", {
    targets: { "catalog/40.json": { bytes: canonicalize({ ...SHARD, apps: [], shard: 64 }) } },
  }),
  ok("shard-empty", "A second shard, without apps.", {
    targets: { "catalog/3f.json": { bytes: canonicalize({ ...SHARD, apps: [], shard: 63 }) } },
  }),
  ok(
    "shard-two-apps",
    "Two apps, sorted by id.",
    target(PATHS.shard, {
      ...SHARD,
      apps: [{ ...SHARD.apps[0], appId: SECOND_APP }, SHARD.apps[0]].sort((a, b) =>
        a.appId < b.appId ? -1 : 1,
      ),
    }),
  ),
];

const delta = INDEX.channels.stable[0].deltas[0];
const SHAPES: readonly CatalogueCase[] = [
  malformed("index-null", "An index that is null.", target(PATHS.index, utf8("null"))),
  malformed("index-list", "An index that is a list.", target(PATHS.index, utf8("[]"))),
  malformed("index-text", "An index that is a text.", target(PATHS.index, utf8('"index"'))),
  malformed(
    "index-key-other",
    "An index with an unknown key in the place of another.",
    target(PATHS.index, { ...INDEX, lowestVersionCode: undefined, x: 1 }),
  ),
  malformed(
    "release-rollout-half",
    "Half a percent of devices.",
    target(PATHS.index, withRelease({ rolloutPercent: 0.5 })),
  ),
  malformed(
    "release-digest-number",
    "A content digest that is a number.",
    target(PATHS.index, withRelease({ contentDigest: 1 })),
  ),
  malformed(
    "release-delta-base",
    "A delta whose base is no digest.",
    target(PATHS.index, withRelease({ deltas: [{ ...delta, base: "base" }] })),
  ),
  malformed(
    "release-deltas-order",
    "Deltas that are not sorted by base.",
    target(PATHS.index, withRelease({ deltas: [delta, { ...delta, base: DIGEST }] })),
    { neighbour: "release-two-deltas" },
  ),
  malformed(
    "release-deltas-twice",
    "Two deltas of one base.",
    target(PATHS.index, withRelease({ deltas: [delta, delta] })),
    { neighbour: "release-two-deltas" },
  ),
  ok(
    "release-two-deltas",
    "Two deltas, sorted by base.",
    target(PATHS.index, withRelease({ deltas: [{ ...delta, base: DIGEST }, delta] })),
  ),
  malformed(
    "revocation-no-day",
    "A revocation on a day that there is not.",
    target(PATHS.revocations, withEntry({ revokedAt: "2026-02-30T10:00:00Z" })),
  ),
  ok(
    "revocations-in-order",
    "Three revocations in rising order of subject and id; a dash sorts before a dot.",
    target(PATHS.revocations, withEntries(ENTRY_A, ENTRY_B, ENTRY_KEY)),
  ),
  malformed(
    "revocations-order-id",
    "Two revocations of apps whose ids fall.",
    target(PATHS.revocations, withEntries(ENTRY_B, ENTRY_A)),
    { neighbour: "revocations-in-order" },
  ),
  malformed(
    "revocations-order-subject",
    "A revocation of a key before one of an app.",
    target(PATHS.revocations, withEntries(ENTRY_KEY, ENTRY_A)),
    { neighbour: "revocations-in-order" },
  ),
  malformed(
    "revocations-twice",
    "One app is revoked twice, with two actions.",
    target(PATHS.revocations, withEntries(ENTRY_A, { ...ENTRY_A, action: "remove" })),
    { neighbour: "revocations-in-order" },
  ),
  ok(
    "revocation-longest-reason",
    "A reason of 200 code points, each of four bytes.",
    target(PATHS.revocations, withEntry({ reason: "\u{1f98a}".repeat(200) })),
  ),
  malformed(
    "revocation-long-reason",
    "A reason of 201 code points.",
    target(PATHS.revocations, withEntry({ reason: "x".repeat(201) })),
    { neighbour: "revocation-longest-reason" },
  ),
  malformed(
    "revocation-empty-reason",
    "An empty reason.",
    target(PATHS.revocations, withEntry({ reason: "" })),
    {
      neighbour: "revocation-longest-reason",
    },
  ),
  malformed(
    "revocation-two-lines",
    "A reason of two lines.",
    target(PATHS.revocations, withEntry({ reason: "It was withdrawn.\nBy nobody." })),
    { neighbour: "revocation-longest-reason" },
  ),
  ...(
    [
      ["arabic-letter-mark", "\u061c"],
      ["left-to-right-mark", "\u200e"],
      ["line-separator", "\u2028"],
      ["isolate-end", "\u2069"],
    ] as const
  ).map(([name, character]) =>
    malformed(
      `revocation-reason-${name}`,
      `A reason with U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}.`,
      target(PATHS.revocations, withEntry({ reason: `It was ${character} withdrawn.` })),
      { neighbour: "revocation-longest-reason" },
    ),
  ),
  malformed(
    "revocation-turned-reason",
    "A reason with U+202E, which turns what follows around.",
    target(PATHS.revocations, withEntry({ reason: "It was \u202enwardhtiw." })),
    { neighbour: "revocation-longest-reason" },
  ),
  ok(
    "revocation-key-until",
    "A revoked key with approvals that still count.",
    target(PATHS.revocations, withEntry({ ...ENTRY_KEY, approvalsUntil: "2026-02-01T10:00:00Z" })),
  ),
  ok(
    "revocation-certificate-until",
    "A revoked certificate with approvals that still count.",
    target(
      PATHS.revocations,
      withEntry({ ...ENTRY_KEY, subject: "certificate", approvalsUntil: "2026-02-01T10:00:00Z" }),
    ),
  ),
  malformed(
    "revocation-app-until",
    "A revoked app with approvals that still count.",
    target(PATHS.revocations, withEntry({ approvalsUntil: "2026-02-01T10:00:00Z" })),
    { neighbour: "revocation-key-until" },
  ),
  malformed(
    "shard-app-id-in-shard",
    "What would be in this shard, were it an app id.",
    target(PATHS.shard, withApp({ appId: idOfShard((number) => `other${number}`) })),
  ),
];

const DOCUMENTS: readonly CatalogueCase[] = [
  missing("target-climbs", "A target whose path climbs out of the folder.", {
    ...target("apps/../../x.txt", utf8("x")),
    ...without(/\.\./),
  }),
  malformed(
    "index-of-another-app",
    "The index of one app is about another.",
    target(PATHS.index, { ...INDEX, appId: "org.example.other" }),
  ),
  malformed("index-not-json", "An index that is no JSON.", target(PATHS.index, utf8("no index"))),
  malformed(
    "index-not-canonical",
    "An index that is not canonical JSON.",
    target(PATHS.index, Buffer.concat([canonicalize(INDEX), Buffer.from("\n")])),
  ),
  malformed("index-version", "An index of another version.", target(PATHS.index, { ...INDEX, v: 2 })),
  malformed("index-key-more", "An index with an unknown key.", target(PATHS.index, { ...INDEX, x: 1 })),
  malformed(
    "index-key-missing",
    "An index without a lineage.",
    target(PATHS.index, { ...INDEX, lineage: undefined }),
  ),
  malformed(
    "index-developer",
    "A developer id with a capital letter.",
    target(PATHS.index, { ...INDEX, developerId: "Dev" }),
  ),
  ...(
    [
      ["none", "None at all, where the key is left out instead.", []],
      ["text", "A text instead of a list.", "dev-0"],
      ["form", "A former developer with a capital letter.", ["Dev"]],
      ["twice", "A former developer that is named twice.", ["dev-0", "dev-0"]],
      ["now", "The developer that it is of now.", [INDEX.developerId]],
      ["64", "More former developers than there may be.", formerDevelopers(64)],
    ] as const
  ).map(([name, why, former]) =>
    malformed(
      `index-former-${name}`,
      `formerDevelopers: ${why}`,
      target(PATHS.index, { ...INDEX, formerDevelopers: former }),
    ),
  ),
  malformed(
    "index-lowest",
    "A lowest version code of 0.",
    target(PATHS.index, { ...INDEX, lowestVersionCode: 0 }),
  ),
  malformed(
    "index-channel",
    "A channel with a capital letter.",
    target(PATHS.index, { ...INDEX, channels: { Stable: [] } }),
  ),
  malformed("index-channels-list", "channels is a list.", target(PATHS.index, { ...INDEX, channels: [] })),
  malformed("release-key-more", "A release with an unknown key.", target(PATHS.index, withRelease({ x: 1 }))),
  malformed(
    "release-content-digest",
    "A content digest in upper case.",
    target(PATHS.index, withRelease({ contentDigest: "A".repeat(64) })),
  ),
  malformed(
    "release-package-elsewhere",
    "A package's URL that leads elsewhere.",
    target(
      PATHS.index,
      withRelease({ package: { ...release?.package, url: `https://example.org/${DIGEST}.mosis` } }),
    ),
  ),
  malformed(
    "release-package-other-digest",
    "A package's URL of another digest.",
    target(
      PATHS.index,
      withRelease({ package: { ...release?.package, url: `packages/${"9".repeat(64)}.mosis` } }),
    ),
  ),
  malformed(
    "release-package-size",
    "A package of 0 bytes.",
    target(PATHS.index, withRelease({ package: { ...release?.package, sizeBytes: 0 } })),
  ),
  malformed(
    "release-package-too-large",
    "A package of more than 512 MiB.",
    target(PATHS.index, withRelease({ package: { ...release?.package, sizeBytes: 512 * 2 ** 20 + 1 } })),
  ),
  malformed(
    "release-package-key-more",
    "A package with an unknown key.",
    target(PATHS.index, withRelease({ package: { ...release?.package, x: 1 } })),
  ),
  malformed(
    "release-delta-elsewhere",
    "A delta's URL that leads elsewhere.",
    target(
      PATHS.index,
      withRelease({ deltas: [{ base: DIGEST, sha256: DIGEST, sizeBytes: 1, url: "../x" }] }),
    ),
  ),
  malformed(
    "release-rollout-101",
    "101 percent of devices.",
    target(PATHS.index, withRelease({ rolloutPercent: 101 })),
  ),
  malformed(
    "release-rollout-text",
    "A share that is a text.",
    target(PATHS.index, withRelease({ rolloutPercent: "100" })),
  ),
  malformed(
    "release-replaces",
    "A release that replaces version code 0.",
    target(PATHS.index, withRelease({ replaces: [0] })),
  ),
  malformed(
    "release-permissions",
    "A permission that is a number.",
    target(PATHS.index, withRelease({ permissions: [1] })),
  ),
  malformed(
    "release-runtime-api",
    "A platform API that is a text of another form.",
    target(PATHS.index, withRelease({ runtimeApi: "1" })),
  ),
  malformed(
    "release-data-version",
    "A data version below zero.",
    target(PATHS.index, withRelease({ dataVersion: -1 })),
  ),
  malformed(
    "release-published-at",
    "A time of another form.",
    target(PATHS.index, withRelease({ publishedAt: "2026-02-28" })),
  ),
  malformed(
    "release-version-code",
    "A version code beyond 2³¹ − 1.",
    target(PATHS.index, withRelease({ versionCode: 2 ** 31 })),
  ),
  malformed(
    "release-compact-elsewhere",
    "A compact full download whose URL leads elsewhere.",
    target(PATHS.index, withRelease({ compact: { sha256: DIGEST, sizeBytes: 1, url: "../x" } })),
  ),
  malformed(
    "release-compact-missing",
    "A release that does not say whether there is a compact full download.",
    target(PATHS.index, withRelease({ compact: undefined })),
  ),
  malformed(
    "release-log-missing",
    "A release that does not say where it stands in the log.",
    target(PATHS.index, withRelease({ log: undefined })),
  ),
  malformed(
    "release-log-key-more",
    "A place in the log with an unknown key.",
    target(PATHS.index, withRelease({ log: { ...release?.log, x: 1 } })),
  ),
  malformed(
    "release-log-position",
    "A position below zero.",
    target(PATHS.index, withRelease({ log: { ...release?.log, approval: { position: -1, salt: null } } })),
  ),
  malformed(
    "release-log-salt",
    "A salt of one byte.",
    target(PATHS.index, withRelease({ log: { ...release?.log, approval: { position: 1, salt: "00" } } })),
  ),
  malformed(
    "releases-rising",
    "Two releases, the lower version code first.",
    target(PATHS.index, withReleases(release, { ...release, versionCode: 8, version: "1.3.0" })),
    { neighbour: "releases-falling" },
  ),
  malformed(
    "releases-same",
    "Two releases of one version code.",
    target(PATHS.index, withReleases(release, release)),
    { neighbour: "releases-falling" },
  ),
  malformed(
    "release-permissions-order",
    "Permissions that are not sorted.",
    target(PATHS.index, withRelease({ permissions: ["storage", "network"] })),
    { neighbour: "release-two-permissions" },
  ),
  malformed(
    "release-permissions-twice",
    "A permission twice.",
    target(PATHS.index, withRelease({ permissions: ["storage", "storage"] })),
    { neighbour: "release-two-permissions" },
  ),
  malformed(
    "shard-number-other",
    "The file of one shard says that it is another.",
    target(PATHS.shard, { ...SHARD, shard: 33 }),
  ),
  malformed("shard-wrong", "A shard lists an app that belongs to another shard by the SHA-256 of its id.", {
    targets: {
      [PATHS.shard]: null,
      "catalog/21.json": { bytes: canonicalize({ ...SHARD, shard: 33 }) },
    },
  }),
  malformed("shards-256", "A shard of 256.", target(PATHS.shard, { ...SHARD, shards: 256 })),
  malformed(
    "shard-apps-order",
    "Apps that are not sorted by id.",
    target(PATHS.shard, {
      ...SHARD,
      apps: [{ ...SHARD.apps[0], appId: SECOND_APP }, SHARD.apps[0]].sort((a, b) =>
        a.appId < b.appId ? 1 : -1,
      ),
    }),
    { neighbour: "shard-two-apps" },
  ),
  malformed(
    "shard-app-twice",
    "An app twice.",
    target(PATHS.shard, { ...SHARD, apps: [SHARD.apps[0], SHARD.apps[0]] }),
    { neighbour: "shard-two-apps" },
  ),
  malformed("shard-not-json", "A shard that is no JSON.", target(PATHS.shard, utf8("{"))),
  malformed("shard-version", "A shard of another version.", target(PATHS.shard, { ...SHARD, v: 2 })),
  malformed("shard-key-more", "A shard with an unknown key.", target(PATHS.shard, { ...SHARD, x: 1 })),
  malformed("shard-apps-object", "apps is an object.", target(PATHS.shard, { ...SHARD, apps: {} })),
  malformed(
    "shard-app-key-more",
    "An app in a shard with an unknown key.",
    target(PATHS.shard, withApp({ x: 1 })),
  ),
  malformed("shard-app-id", "An app id of one label.", target(PATHS.shard, withApp({ appId: "sample" }))),
  malformed(
    "shard-icon-elsewhere",
    "An icon that leads elsewhere.",
    target(PATHS.shard, withApp({ icon: { sha256: DIGEST, url: "https://example.org/" } })),
  ),
  malformed(
    "shard-texts",
    "Texts with an unknown key.",
    target(PATHS.shard, withApp({ texts: { en: { name: "a", summary: "b", x: "c" } } })),
  ),
  malformed(
    "shard-locale",
    "A locale of one letter.",
    target(PATHS.shard, withApp({ texts: { e: { name: "a", summary: "b" } } })),
  ),
  malformed(
    "revocations-version",
    "Revocations of another version.",
    target(PATHS.revocations, { ...REVOCATIONS, v: 2 }),
  ),
  malformed(
    "revocations-key-more",
    "Revocations with an unknown key.",
    target(PATHS.revocations, { ...REVOCATIONS, x: 1 }),
  ),
  malformed(
    "revocation-action",
    "A revocation that does something unknown.",
    target(PATHS.revocations, withEntry({ action: "hide" })),
  ),
  malformed(
    "revocation-subject",
    "A revocation of something unknown.",
    target(PATHS.revocations, withEntry({ subject: "person" })),
  ),
  malformed(
    "revocation-id",
    "A revoked app whose id is none.",
    target(PATHS.revocations, withEntry({ id: "x" })),
  ),
  malformed(
    "revocation-key-id",
    "A revoked key whose id is none.",
    target(PATHS.revocations, withEntry({ subject: "key" })),
  ),
  malformed(
    "revocation-developer",
    "A revoked developer whose id is none.",
    target(PATHS.revocations, withEntry({ subject: "developer", id: "No One" })),
  ),
  malformed(
    "revocation-time",
    "A revocation at no time.",
    target(PATHS.revocations, withEntry({ revokedAt: "now" })),
  ),
  malformed(
    "revocation-until",
    "approvalsUntil of a key is no time.",
    target(PATHS.revocations, withEntry({ ...ENTRY_KEY, approvalsUntil: "now" })),
    { neighbour: "revocation-key-until" },
  ),
  malformed(
    "revocation-key-missing",
    "A revocation without a reason.",
    target(PATHS.revocations, withEntry({ reason: undefined })),
  ),
  malformed(
    "revocations-lowest",
    "A lowest version code of 0.",
    target(PATHS.revocations, { ...REVOCATIONS, lowestVersionCodes: { "org.example.sample": 0 } }),
  ),
  ok(
    "revocations-lowest-highest",
    "A lowest version code of 2³¹ − 1.",
    target(PATHS.revocations, { ...REVOCATIONS, lowestVersionCodes: { "org.example.other": 2 ** 31 - 1 } }),
  ),
  malformed(
    "revocations-lowest-too-high",
    "A lowest version code beyond 2³¹ − 1.",
    target(PATHS.revocations, { ...REVOCATIONS, lowestVersionCodes: { "org.example.other": 2 ** 31 } }),
    { neighbour: "revocations-lowest-highest" },
  ),
  malformed(
    "revocations-lowest-app",
    "A lowest version code of an app whose id is none.",
    target(PATHS.revocations, { ...REVOCATIONS, lowestVersionCodes: { "9": 1 } }),
  ),
  bad("MPK-X001")("ca-no-certificate", "trust/ca.pem holds no certificate.", ca(utf8("no certificate"))),
  bad("MPK-X001")(
    "ca-malformed",
    "trust/ca.pem holds a block that is no certificate.",
    ca(utf8("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")),
  ),
  bad("MPK-X001")(
    "ca-byte-order-mark",
    "trust/ca.pem begins with a byte order mark: that line begins no block, and the end of the block stands alone.",
    ca(utf8(`\ufeff${authorities().get("ca") ?? ""}`)),
    { neighbour: "ca-other-lines" },
  ),
  bad("MPK-X001")(
    "ca-return-at-end",
    "The last line of trust/ca.pem has a carriage return and no line feed behind it.",
    ca(utf8((authorities().get("ca") ?? "").replace(/\n$/, "\r"))),
    { neighbour: "ca-returns" },
  ),
  ok(
    "ca-returns",
    "Every line of trust/ca.pem but the last ends in CR LF, and the last one at the end of the file.",
    ca(utf8((authorities().get("ca") ?? "").replaceAll("\n", "\r\n").replace(/\r\n$/, ""))),
  ),
  bad("MPK-X006")(
    "ca-root-alone",
    "trust/ca.pem holds a root and no Developer CA, which is no fault of its form: what a lineage says rests on none.",
    ca(
      utf8(
        (authorities().get("ca") ?? "")
          .split("-----END CERTIFICATE-----\n")[0]
          ?.concat("-----END CERTIFICATE-----\n") ?? "",
      ),
    ),
  ),
  malformed(
    "ca-no-root",
    "trust/ca.pem holds a Developer CA and no root.",
    ca(
      utf8(
        (authorities().get("ca") ?? "")
          .split("-----END CERTIFICATE-----\n")[1]
          ?.concat("-----END CERTIFICATE-----\n") ?? "",
      ),
    ),
  ),
  foreign(
    "no-store-id",
    "trust/ca.pem does not say whose it is.",
    ca(utf8(authorities().get("ca") ?? ""), (e) => e),
  ),
  foreign(
    "store-id-number",
    "The store's id is a number.",
    ca(utf8(authorities().get("ca") ?? ""), (e) => void (e.custom = { storeId: 1 })),
  ),
  foreign("no-ca", "No authorities.", { targets: { [PATHS.ca]: null } }),
  foreign("no-revocations-target", "No revocations.", { targets: { [PATHS.revocations]: null } }),
  foreign(
    "revocations-in-a-bin",
    "The revocations are listed by the bin of their path alone: the delegation to revocations is terminating, so that nobody finds them there.",
    {
      targets: { [PATHS.revocations]: { bytes: canonicalize(REVOCATIONS) } },
    },
    { neighbour: "bin-claims-revocations" },
  ),
];

export const CATALOGUE_CASES: readonly CatalogueCase[] = [
  ...VALID,
  ...TIMES,
  ...BACK,
  ...MIXED,
  ...SIGNATURES,
  ...ROOTS,
  ...FILES,
  ...TARGETS,
  ...WELL_FORMED,
  ...SHAPES,
  ...DOCUMENTS,
  ...DOCUMENT_CASES,
  ...NOTICE_CASES,
  ...VALUE_CASES,
  ...METADATA_CASES,
  ...LIMIT_CASES,
  ...AUDIENCE_CASES,
  ...DELEGATION_CASES,
  ...LINEAGE_CASES,
  ...LOG_CASES,
  ...TWO_FAULTS,
];
