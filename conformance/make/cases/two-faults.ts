/** Catalogues in which two things are wrong, and which of them is told (catalogue, “Which of two faults is told”). */
import { authorities } from "../authorities.ts";
import { type CataloguePlan, type Files, VERSIONS } from "../catalogue.ts";
import { bad, type CatalogueCase, ca, edit, ok, target } from "../catalogue-case.ts";
import {
  addition,
  headOf,
  INDEX,
  LINEAGE,
  LOG_HEAD,
  moreLeaves,
  PATHS,
  recovery,
  SHARD,
} from "../content.ts";
import type { Loose } from "../packages.ts";

const malformed = bad("malformed");
const missing = bad("missing");
const mixed = bad("mixed");
const rolledBack = bad("rolled_back");
const otherAudience = bad("other_audience");
const lineageForm = bad("MPK-L001");
const tileMalformed = bad("log.tile_malformed");

const ENDED = "2026-03-01T11:59:59Z";
const GROUP = "grp-00000000000000000000000000000001";
const KNOWN = { neighbour: "known-before" };

/** The client had accepted a snapshot that lists a newer version of `apps`. */
const knowing: CataloguePlan = {
  roles: {
    timestamp: { signed: (s) => void (s.version = 19) },
    snapshot: { signed: (s) => void (s.meta["apps.json"].version += 1) },
  },
};

const ROLES: readonly CatalogueCase[] = [
  otherAudience(
    "both-root-ended-and-named",
    "The last root has ended, and says that it is one group's: whose a root is, is asked in its turn, and the end of the last one after all.",
    edit("1.root", (s) => void Object.assign(s, { expires: ENDED, audience: GROUP })),
  ),
  bad("expired")(
    "both-timestamp-ended-and-named",
    "The timestamp has ended, and says that it is one group's.",
    edit("timestamp", (s) => void Object.assign(s, { expires: ENDED, audience: GROUP })),
  ),
  otherAudience(
    "both-known-ended-and-other-named",
    "The timestamp has the version of the known one, which has ended, and says that it is one group's.",
    {
      known: { roles: { timestamp: { signed: (s) => void (s.expires = ENDED) } } },
      ...edit("timestamp", (s) => void (s.audience = GROUP)),
    },
    { neighbour: "known-same" },
  ),
  mixed(
    "both-snapshot-version-and-older",
    "The snapshot has another version than the timestamp says, and lists an older role than the client knows.",
    { known: knowing, ...edit("snapshot", (s) => void (s.version = 9)) },
    KNOWN,
  ),
  mixed(
    "both-snapshot-version-and-ended",
    "The snapshot has another version than the timestamp says, and has ended.",
    edit("snapshot", (s) => void Object.assign(s, { version: 9, expires: ENDED })),
  ),
  rolledBack(
    "both-snapshot-older-and-ended",
    "The snapshot lists an older role than the client knows, and has ended.",
    { known: knowing, ...edit("snapshot", (s) => void (s.expires = ENDED)) },
    KNOWN,
  ),
  mixed(
    "both-targets-version-and-ended",
    "The role targets has another version than the snapshot says, and has ended.",
    edit("targets", (s) => void Object.assign(s, { version: (VERSIONS.targets ?? 0) + 1, expires: ENDED })),
  ),
  bad("not_signed")(
    "both-met-twice-and-not-signed",
    "The first of two roles delegates to the second too, by no key: that is told when the second is met there, before it is met again.",
    {
      more: [{ name: "first" }, { name: "second" }],
      ...edit("first", (s) => {
        const role = { name: "second", keyids: [], threshold: 1, terminating: false, paths: ["more/*"] };
        s.delegations = { keys: {}, roles: [role] };
        return undefined;
      }),
    },
    { neighbour: "both-met-once" },
  ),
  ok("both-met-once", "Two roles more, each of which is delegated to once.", {
    more: [{ name: "first" }, { name: "second" }],
  }),
];

const spaces = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes).fill(0x20);
const inPlaceOf = (pattern: RegExp, bytes: Uint8Array): CataloguePlan => ({
  files: (files: Files) => {
    for (const name of [...files.keys()]) if (pattern.test(name)) files.set(name, bytes);
  },
});
const twice: Loose = [...LINEAGE, LINEAGE[0]];

const TARGETS: readonly CatalogueCase[] = [
  missing(
    "both-log-head-larger-than-may-be",
    "trust/log.json is listed as it may be, and its file is larger than any: it is as good as none.",
    inPlaceOf(/^targets\/trust\/.*\.log\.json$/, spaces(513)),
  ),
  bad("foreign")(
    "both-no-store-id-and-no-file",
    "trust/ca.pem does not say whose it is, and its file is not there: what is listed of it is asked first.",
    {
      ...ca(Buffer.from(authorities().get("ca") ?? ""), (e) => e),
      files: (files) => {
        for (const name of [...files.keys()]) if (name.endsWith(".ca.pem")) files.delete(name);
      },
    },
  ),
  malformed(
    "both-lineage-form-and-lowest",
    "A key stands in the lineage twice, and the lowest version code is 0: the lineage's form is judged last of the index's.",
    target(PATHS.index, { ...INDEX, lineage: twice, lowestVersionCode: 0 }),
  ),
  malformed(
    "both-lineage-form-and-channel",
    "A key stands in the lineage twice, and the channels are a list.",
    target(PATHS.index, { ...INDEX, lineage: twice, channels: [] }),
  ),
  lineageForm(
    "both-lineage-form-and-other-app",
    "A key stands in the lineage twice, and the index is another app's than its path says.",
    target(PATHS.index, { ...INDEX, lineage: twice, appId: "org.example.other" }),
  ),
  lineageForm(
    "both-lineage-form-and-shard",
    "A key stands in the lineage twice, and a later file is malformed: the lineage's form is a part of the index's.",
    {
      targets: {
        ...target(PATHS.index, { ...INDEX, lineage: twice }).targets,
        ...target(PATHS.shard, { ...SHARD, v: 2 }).targets,
      },
    },
  ),
  malformed(
    "both-lineage-envelope-and-shard",
    "An envelope in the lineage is null, and a later file is malformed: what envelopes are, is judged when all files are.",
    {
      targets: {
        ...target(PATHS.index, { ...INDEX, lineage: [LINEAGE[0], { ...LINEAGE[1], addition: null }] })
          .targets,
        ...target(PATHS.shard, { ...SHARD, v: 2 }).targets,
      },
    },
  ),
];

const of = (...entries: readonly unknown[]): CataloguePlan =>
  target(PATHS.index, { ...INDEX, lineage: entries });
const statement = bad("MPK-A001");
const LINEAGES: readonly CatalogueCase[] = [
  statement(
    "both-acceptance-time-and-store",
    "An acceptance whose time is none, and whose storeId is none: times are judged last of a statement's form.",
    of(LINEAGE[0], addition({ acceptance: { predicate: { acceptedAt: "now", storeId: "Store 1" } } })),
    { section: "5" },
  ),
  statement(
    "both-recovery-time-and-id",
    "A recovery one of whose times is none, and whose recoveryId is none.",
    of(LINEAGE[0], LINEAGE[1], recovery({ predicate: { requestedAt: "now", recoveryId: "Recovery 1" } })),
    { section: "5" },
  ),
  bad("MPK-S001")(
    "both-envelope-null",
    "An envelope that is null: it has not the keys of one.",
    of(LINEAGE[0], { ...LINEAGE[1], acceptance: null }),
    { section: "5" },
  ),
  lineageForm(
    "both-lineage-number",
    "An entry that is 10²¹, as canonical JSON writes it: that is no integer beyond 2⁵³ − 1, which are written without exponent, so that the JSON is right.",
    of(LINEAGE[0], 1e21),
    { section: "5" },
  ),
];

const HASHES = /^log\/tile\/0\//;
const LARGE = moreLeaves(300);
/** A log of 300 entries: the proof of an early one takes hashes of the tile it is in, and then of the last one. */
const large = (change: (files: Files) => void): CataloguePlan => ({
  leaves: LARGE,
  ...target(PATHS.log, headOf(LARGE)),
  files: change,
});
const withoutEnd = (files: Files, pattern: RegExp) => {
  for (const [name, bytes] of [...files]) if (pattern.test(name)) files.set(name, bytes.subarray(0, -1));
};
const LOGS: readonly CatalogueCase[] = [
  tileMalformed(
    "both-tile-cut-and-no-entries",
    "The tile of hashes is cut off, and the bundle of entries is not there: the publication, which needs no bundle, is proved first.",
    {
      files: (files) => {
        withoutEnd(files, HASHES);
        files.delete("log/tile/entries/000.p/12");
      },
    },
    { section: "7" },
  ),
  missing(
    "both-no-tile-and-entries-cut",
    "The tile of hashes is not there, and the bundle of entries is cut off.",
    {
      files: (files) => {
        withoutEnd(files, /^log\/tile\/entries\//);
        files.delete("log/tile/0/000.p/12");
      },
    },
    { section: "7" },
  ),
  tileMalformed(
    "both-first-tile-cut-and-no-second",
    "Of two tiles that a proof needs the one of its first hashes is cut off, and the other is not there.",
    large((files) => {
      withoutEnd(files, /^log\/tile\/0\/000$/);
      files.delete("log/tile/0/001.p/44");
    }),
    { section: "7", neighbour: "log-300" },
  ),
  missing(
    "both-no-first-tile-and-second-cut",
    "Of two tiles that a proof needs the one of its first hashes is not there, and the other is cut off.",
    large((files) => {
      files.delete("log/tile/0/000");
      withoutEnd(files, /^log\/tile\/0\/001\.p/);
    }),
    { section: "7", neighbour: "log-300" },
  ),
  missing(
    "both-no-known-tiles-and-head",
    "What the client keeps as the log's head is larger than any, and the copy's head has another root hash than its tiles give.",
    {
      files: (files) => void files.set("known/log.json", spaces(513)),
      ...target(PATHS.log, { ...LOG_HEAD, rootHash: "7".repeat(64) }),
    },
    { section: "7", neighbour: "log-known" },
  ),
];

export const TWO_FAULTS: readonly CatalogueCase[] = [...ROLES, ...TARGETS, ...LINEAGES, ...LOGS];
