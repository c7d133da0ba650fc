/** The log of a catalogue: its head, its tiles, and what they say of the releases that are listed (package format §7). */
import { buildLeaf } from "../../../src/format/log/leaves.ts";
import { utf8 } from "../../../src/format/testing.ts";
import { canonicalize } from "../../../src/signing/json.ts";
import type { CataloguePlan, Files } from "../catalogue.ts";
import { bad, type CatalogueCase, type More, ok, target, without } from "../catalogue-case.ts";
import {
  APPROVAL,
  APPROVAL_AT,
  BASE_LEAVES,
  DEVELOPER_LEAVES,
  headOf,
  INDEX,
  LOG_HEAD,
  moreLeaves,
  PATHS,
  PUBLICATION,
  PUBLICATION_AT,
} from "../content.ts";
import type { Loose } from "../packages.ts";

const SECTION = { section: "7" };
const good = (name: string, why: string, plan: CataloguePlan, more: More = {}): CatalogueCase =>
  ok(`log-${name}`, why, plan, { ...SECTION, ...more });
const hostile =
  (code: string) =>
  (name: string, why: string, plan: CataloguePlan, more: More = {}): CatalogueCase =>
    bad(code)(`log-${name}`, why, plan, { ...SECTION, ...more });
const rolledBack = hostile("rolled_back");
const notInLog = hostile("not_in_log");
const missing = hostile("missing");
const headMalformed = hostile("log.head_malformed");
const leafMalformed = hostile("log.leaf_malformed");
const tileMalformed = hostile("log.tile_malformed");

/** A catalogue whose log has these leaves. */
const logOf = (leaves: readonly Uint8Array[], more: CataloguePlan = {}): CataloguePlan => ({
  leaves,
  ...more,
  targets: { ...target(PATHS.log, headOf(leaves)).targets, ...more.targets },
});
const withLeaf = (position: number, leaf: Uint8Array): readonly Uint8Array[] =>
  BASE_LEAVES.map((own, at) => (at === position ? leaf : own));
const knowing = (count: number, leaves = BASE_LEAVES): CataloguePlan => ({
  knownLog: headOf(leaves.slice(0, count)),
});
const tile = (pattern: RegExp, change: (bytes: Buffer) => Uint8Array): CataloguePlan => ({
  files: (files: Files) => {
    for (const [name, bytes] of files) if (pattern.test(name)) files.set(name, change(Buffer.from(bytes)));
  },
});
const flipped = (bytes: Buffer): Uint8Array => {
  bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 1;
  return bytes;
};
const HASHES = /^log\/tile\/0\//;
const ENTRIES = /^log\/tile\/entries\//;

const release = INDEX.channels.stable[0];
const logged = (log: Readonly<Record<string, unknown>>): CataloguePlan =>
  target(PATHS.index, { ...INDEX, channels: { stable: [{ ...release, log: { ...release.log, ...log } }] } });
const listed = (more: Readonly<Record<string, unknown>>): CataloguePlan =>
  target(PATHS.index, { ...INDEX, channels: { stable: [{ ...release, ...more }] } });
const SALT = new Uint8Array(32).fill(0x66);
const SALT_TEXT = "66".repeat(32);
const AT = new Date("2026-02-28T10:00:00Z");
/** The approval's leaf as a document, changed and written again. */
const approval = (change: (leaf: Loose) => Loose, salt: Uint8Array | null = SALT): readonly Uint8Array[] => {
  const leaf: Loose = JSON.parse(Buffer.from(buildLeaf(APPROVAL, AT, salt)).toString("utf8"));
  return withLeaf(APPROVAL_AT, canonicalize(change(leaf)));
};
const open = { log: { ...release.log, approval: { position: APPROVAL_AT, salt: null } } };
/** A log whose approval hides nothing, changed. */
const openApproval = (change: (leaf: Loose) => Loose): CataloguePlan => {
  const leaves = approval(change, null);
  return logOf(leaves, listed(open));
};
const LARGE = moreLeaves(300);
const FULL = moreLeaves(256);

const VALID: readonly CatalogueCase[] = [
  good("known", "The client had seen this very log.", { knownLog: LOG_HEAD }),
  ...[0, 1, 7, 8, 11].map((size) =>
    good(`known-${size}`, `The client had seen the log with ${size} of its entries.`, knowing(size)),
  ),
  good(
    "300",
    "A log of 300 entries: a full tile, one of 44 hashes, and one of the level above.",
    logOf(LARGE),
  ),
  good("300-known-200", "The client had seen 200 of 300 entries.", logOf(LARGE, knowing(200, LARGE))),
  good("300-known-290", "The client had seen 290 of 300 entries.", logOf(LARGE, knowing(290, LARGE))),
  good(
    "300-known-256",
    "The client had seen 256 of 300 entries, a full tile.",
    logOf(LARGE, knowing(256, LARGE)),
  ),
  good("256", "A log of 256 entries, one full tile on two levels.", logOf(FULL)),
  good("no-tiles", "A copy without the log's tiles, for a client that has seen no log.", { leaves: null }),
  good("no-tiles-known", "A copy without the log's tiles, for a client that has seen this very log.", {
    leaves: null,
    knownLog: LOG_HEAD,
  }),
  good(
    "open-approval",
    "The approval of an app that was public already hides nothing.",
    openApproval((leaf) => leaf),
  ),
  good("salted-publication", "The first publication hides what it is of, as the index's salt says.", {
    ...logOf(withLeaf(PUBLICATION_AT, buildLeaf(PUBLICATION, AT, SALT)), {
      ...logged({ publication: { position: PUBLICATION_AT, salt: SALT_TEXT } }),
    }),
  }),
];

const BACK: readonly CatalogueCase[] = [
  rolledBack(
    "shortened",
    "The client had seen a log with one entry more: something was taken out of it.",
    { knownLog: headOf(moreLeaves(13)) },
    { neighbour: "log-known" },
  ),
  rolledBack(
    "rewritten",
    "The client had seen a log of the same size with another root hash: its past was changed.",
    { knownLog: { ...LOG_HEAD, rootHash: "7".repeat(64) } },
    { neighbour: "log-known" },
  ),
  headMalformed(
    "known-0-other-root",
    "What the client keeps as a head of no entries has another root hash than that of nothing.",
    { knownLog: { ...LOG_HEAD, size: 0 } },
    { neighbour: "log-known-0" },
  ),
  ...[1, 7, 8].map((size) =>
    rolledBack(
      `forked-${size}`,
      `The client had seen a log of ${size} entries with another root hash.`,
      { knownLog: { ...LOG_HEAD, size, rootHash: "7".repeat(64) } },
      { neighbour: `log-known-${size}` },
    ),
  ),
  rolledBack(
    "forked-for-real",
    "The client had seen 11 entries, of which the fourth is another one now.",
    { knownLog: headOf(withLeaf(3, BASE_LEAVES[4] ?? utf8("")).slice(0, 11)) },
    { neighbour: "log-known-11" },
  ),
  rolledBack(
    "300-forked",
    "The client had seen 200 entries, of which the fourth is another one now.",
    logOf(LARGE, { knownLog: headOf(LARGE.slice(0, 200).map((leaf, at) => (at === 3 ? utf8("x") : leaf))) }),
    { neighbour: "log-300-known-200" },
  ),
  rolledBack(
    "new-root-other",
    "The head has another root hash than its tiles give, though they continue what the client had seen.",
    { ...knowing(7), ...target(PATHS.log, { ...LOG_HEAD, rootHash: "7".repeat(64) }) },
    { neighbour: "log-known-7" },
  ),
  missing(
    "no-tiles-known-less",
    "The client had seen 7 entries, and there are no tiles to prove that the log continues.",
    { leaves: null, ...knowing(7) },
    { neighbour: "log-no-tiles-known" },
  ),
  headMalformed(
    "known-malformed",
    "What the client keeps as the head that it had seen is none.",
    { knownLog: { v: 1 } },
    {
      neighbour: "log-known",
    },
  ),
  bad("foreign")("no-log", "No head of the log, so that nobody can tell what was approved.", {
    targets: { [PATHS.log]: null },
  }),
];

const TILES: readonly CatalogueCase[] = [
  notInLog("tile-changed", "One hash in a tile is another.", tile(HASHES, flipped)),
  missing("tile-missing", "The tile of hashes is not there.", without(HASHES)),
  tileMalformed(
    "tile-too-long",
    "The tile has one hash too many.",
    tile(HASHES, (b) => Buffer.concat([b, Buffer.alloc(32)])),
  ),
  tileMalformed(
    "tile-too-short",
    "The tile has one hash too few.",
    tile(HASHES, (b) => b.subarray(32)),
  ),
  tileMalformed(
    "tile-cut",
    "The tile has half a hash.",
    tile(HASHES, (b) => b.subarray(16)),
  ),
  missing("tile-name", "The tile has the name of a longer one.", {
    files: (files: Files) => {
      for (const [name, bytes] of [...files]) {
        if (!HASHES.test(name)) continue;
        files.delete(name);
        files.set("log/tile/0/000.p/13", bytes);
      }
    },
  }),
  rolledBack(
    "300-tile-of-above-changed",
    "The client had seen 290 entries, and the tile of the level above is another.",
    { ...logOf(LARGE, knowing(290, LARGE)), ...tile(/^log\/tile\/1\//, (b) => Buffer.alloc(b.length, 1)) },
    { neighbour: "log-300-known-290" },
  ),
  missing("entries-missing", "The bundle of entries is not there.", without(ENTRIES)),
  tileMalformed(
    "entries-fewer",
    "The bundle has one entry too few.",
    tile(ENTRIES, (b) => b.subarray(2 + b.readUInt16BE(0))),
  ),
  tileMalformed(
    "entries-more",
    "The bundle has one entry too many.",
    tile(ENTRIES, (b) => Buffer.concat([b, Buffer.alloc(2)])),
  ),
  tileMalformed(
    "entries-cut",
    "The last entry is cut off.",
    tile(ENTRIES, (b) => b.subarray(0, -1)),
  ),
  tileMalformed(
    "entries-half-length",
    "The bundle ends after half a length.",
    tile(ENTRIES, (b) => Buffer.concat([b, Buffer.alloc(1)])),
  ),
  notInLog(
    "entries-changed-beside",
    "The approval in the bundle has another time than in the tree.",
    tile(ENTRIES, (b) => {
      // That of the last entry but one.
      const at = b.lastIndexOf("2026-02-28T10:00:00Z", b.lastIndexOf("2026-02-28T10:00:00Z") - 1);
      b.write("2026-02-28T10:00:01Z", at);
      return b;
    }),
  ),
  notInLog(
    "entries-changed",
    "The approval in the bundle is another than in the tree.",
    tile(ENTRIES, (b) =>
      Buffer.from(b.toString("latin1").replace('"versionCode":7', '"versionCode":8'), "latin1"),
    ),
  ),
];

const RELEASES: readonly CatalogueCase[] = [
  notInLog(
    "approval-beyond",
    "The approval would stand after the last entry.",
    logged({ approval: { position: 12, salt: SALT_TEXT } }),
  ),
  notInLog(
    "approval-far-beyond",
    "The approval would stand in a tile that the log does not have.",
    logged({ approval: { position: 300, salt: SALT_TEXT } }),
  ),
  notInLog(
    "publication-beyond",
    "The publication would stand after the last entry.",
    logged({ publication: { position: 12, salt: null } }),
  ),
  notInLog(
    "publication-beyond-tiles",
    "The publication would stand after the last entry, and the tile of hashes is not there: the place is judged first.",
    { ...logged({ publication: { position: 12, salt: null } }), ...without(HASHES) },
  ),
  notInLog(
    "approval-elsewhere",
    "Something else stands where the approval would.",
    logged({ approval: { position: 4, salt: null } }),
  ),
  notInLog(
    "approval-is-publication",
    "The publication stands where the approval would.",
    logged({ approval: { position: PUBLICATION_AT, salt: null } }),
  ),
  notInLog(
    "publication-elsewhere",
    "Something else stands where the publication would.",
    logged({ publication: { position: 4, salt: null } }),
  ),
  notInLog(
    "approval-salt-other",
    "The approval's salt is another.",
    logged({ approval: { position: APPROVAL_AT, salt: "77".repeat(32) } }),
  ),
  notInLog(
    "approval-salt-missing",
    "The approval hides what it is of, and the index has no salt.",
    logged({ approval: { position: APPROVAL_AT, salt: null } }),
  ),
  notInLog(
    "approval-salt-too-many",
    "The approval hides nothing, and the index has a salt.",
    logOf(approval((leaf) => leaf, null)),
    { neighbour: "log-open-approval" },
  ),
  notInLog(
    "publication-salt-too-many",
    "The publication hides nothing, and the index has a salt.",
    logged({ publication: { position: PUBLICATION_AT, salt: SALT_TEXT } }),
    { neighbour: "log-salted-publication" },
  ),
  ...[
    { name: "app", why: "another app", more: { appId: "org.example.other" } },
    { name: "digest", why: "another content", more: { contentDigest: "2".repeat(64) } },
    {
      name: "developer-key",
      why: "a key that is not in the lineage",
      more: { developerKeyId: "2".repeat(64) },
    },
    { name: "version", why: "another version code", more: { versionCode: 8 } },
  ].flatMap(({ name, why, more }) => [
    notInLog(
      `approval-other-${name}`,
      `The approval, which hides nothing, is of ${why}.`,
      openApproval((leaf) => ({ ...leaf, ...more })),
      { neighbour: "log-open-approval" },
    ),
    notInLog(
      `approval-hidden-other-${name}`,
      `The approval, which hides what it is of, is of ${why}.`,
      logOf(
        withLeaf(APPROVAL_AT, buildLeaf({ ...APPROVAL, ...(more as object) } as typeof APPROVAL, AT, SALT)),
      ),
    ),
  ]),
  notInLog(
    "publication-other-package",
    "The index names another package than was published.",
    listed({
      package: { ...release.package, sha256: "3".repeat(64), url: `packages/${"3".repeat(64)}.mosis` },
    }),
  ),
  notInLog(
    "publication-other-time",
    "The index names another time of publication.",
    listed({ publishedAt: "2026-02-28T10:00:01Z" }),
  ),
  notInLog(
    "publication-other-version",
    "The index names another version code than was published.",
    listed({ versionCode: 8 }),
  ),
];

const approvalLeaf = (change: (leaf: Loose) => Loose): CataloguePlan => logOf(approval(change));
const LEAVES: readonly CatalogueCase[] = [
  leafMalformed(
    "leaf-not-json",
    "The approval's leaf is no JSON.",
    logOf(withLeaf(APPROVAL_AT, utf8("approval"))),
  ),
  leafMalformed("leaf-list", "The approval's leaf is a list.", logOf(withLeaf(APPROVAL_AT, utf8("[]")))),
  leafMalformed("leaf-null", "The approval's leaf is null.", logOf(withLeaf(APPROVAL_AT, utf8("null")))),
  leafMalformed("leaf-text", "The approval's leaf is a text.", logOf(withLeaf(APPROVAL_AT, utf8('"a"')))),
  leafMalformed(
    "leaf-version",
    "The approval's leaf is of another version.",
    approvalLeaf((leaf) => ({ ...leaf, v: 2 })),
  ),
  leafMalformed(
    "leaf-at",
    "The approval's leaf has no time.",
    approvalLeaf((leaf) => ({ ...leaf, at: "now" })),
  ),
  leafMalformed(
    "leaf-at-number",
    "The approval's leaf has a number as time.",
    approvalLeaf((leaf) => ({ ...leaf, at: 1 })),
  ),
  leafMalformed(
    "leaf-at-object",
    "The approval's leaf has an object as time, which has a toString that is a text.",
    approvalLeaf((leaf) => ({ ...leaf, at: { toString: leaf.at } })),
  ),
  leafMalformed(
    "leaf-at-list",
    "The approval's leaf has its time in a list.",
    approvalLeaf((leaf) => ({ ...leaf, at: [leaf.at] })),
  ),
  leafMalformed(
    "leaf-at-no-day",
    "The approval's leaf has a day that there is not.",
    approvalLeaf((leaf) => ({ ...leaf, at: "2026-02-30T10:00:00Z" })),
  ),
  leafMalformed(
    "leaf-type",
    "The leaf is of an unknown type.",
    approvalLeaf((leaf) => ({ ...leaf, type: "blessing" })),
  ),
  leafMalformed(
    "leaf-type-number",
    "The leaf's type is a number.",
    approvalLeaf((leaf) => ({ ...leaf, type: 1 })),
  ),
  leafMalformed(
    "leaf-key-more",
    "The leaf has an unknown key.",
    approvalLeaf((leaf) => ({ ...leaf, x: 1 })),
  ),
  leafMalformed(
    "leaf-key-missing",
    "The leaf lacks a key.",
    approvalLeaf((leaf) => ({ ...leaf, upload: undefined })),
  ),
  leafMalformed(
    "leaf-hides-some",
    "The leaf hides some of its names and not all.",
    approvalLeaf((leaf) => ({ ...leaf, reviewId: "review-1" })),
  ),
  leafMalformed(
    "leaf-hides-version",
    "The leaf hides its version code, which is no name.",
    approvalLeaf((leaf) => ({ ...leaf, versionCode: leaf.appId })),
  ),
  leafMalformed(
    "leaf-salted-number",
    "A salted digest that is a number.",
    approvalLeaf((leaf) => ({ ...leaf, upload: { salted: 1 } })),
  ),
  leafMalformed(
    "leaf-salted-list",
    "A salted digest in a list.",
    approvalLeaf((leaf) => ({ ...leaf, upload: { salted: [leaf.upload.salted] } })),
  ),
  leafMalformed(
    "leaf-type-list",
    "The leaf's type in a list.",
    approvalLeaf((leaf) => ({ ...leaf, type: [leaf.type] })),
  ),
  leafMalformed(
    "leaf-salted-short",
    "A salted digest that is too short.",
    approvalLeaf((leaf) => ({ ...leaf, upload: { salted: "00" } })),
  ),
  leafMalformed(
    "leaf-salted-more",
    "A salted digest with an unknown key.",
    approvalLeaf((leaf) => ({ ...leaf, upload: { ...leaf.upload, x: 1 } })),
  ),
  ...[
    { name: "appId", value: "sample" },
    { name: "appId", value: null },
    { name: "contentDigest", value: "A".repeat(64) },
    { name: "developerKeyId", value: "3" },
    { name: "reviewId", value: "Review 1" },
    { name: "reviewId", value: "r".repeat(65) },
    { name: "reviewId", value: "review-1\n" },
    { name: "reviewId", value: ["review-2"] },
    { name: "upload", value: 1 },
    { name: "versionCode", value: 0 },
    { name: "versionCode", value: "7" },
    { name: "versionCode", value: 2 ** 31 },
    { name: "versionCode", value: 2 ** 53 - 1 },
  ].map(({ name, value }) =>
    leafMalformed(
      `leaf-${name.toLowerCase()}-${wordOf(value)}`,
      `The leaf's ${name} is none.`,
      openApproval((leaf) => ({ ...leaf, [name]: value })),
      { neighbour: "log-open-approval" },
    ),
  ),
];

/** Leaves of other types at the approval's place: good ones are another entry, the rest no leaf at all. */
const REVOKED = {
  type: "revocation",
  action: "block",
  subject: "app",
  id: "org.example.sample",
  approvalsUntil: null,
};
const THRESHOLD = { type: "store-threshold", role: "root", threshold: 16 };
const LOWEST = { type: "lowest-version", appId: "org.example.sample", versionCode: 1 };
const ENROLLED = {
  type: "developer-key",
  change: "enrolled",
  keyId: "1".repeat(64),
  developerId: "dev-1",
  appId: null,
  authorisedBy: null,
};
const STORE_KEY = { type: "store-key", change: "added", role: "release", keyId: "1".repeat(64) };
const CERTIFICATE = { type: "certificate", change: "issued", kind: "release", sha256: "1".repeat(64) };
const otherLeaf = (entry: Loose): CataloguePlan => {
  const { at, v }: Loose = JSON.parse(Buffer.from(buildLeaf(APPROVAL, AT, null)).toString("utf8"));
  return logOf(withLeaf(APPROVAL_AT, canonicalize({ at, v, ...entry })), listed(open));
};
const OTHER_LEAVES: readonly CatalogueCase[] = [REVOKED, THRESHOLD, LOWEST, ENROLLED, STORE_KEY, CERTIFICATE]
  .map((entry) =>
    notInLog(
      `leaf-of-${entry.type}`,
      `Where the approval should stand is a leaf of the type ${entry.type}, which is well-formed.`,
      otherLeaf(entry),
      { neighbour: "log-open-approval" },
    ),
  )
  .concat(
    notInLog(
      "leaf-of-reserved-app",
      "Where the approval should stand is a leaf of an app whose id is reserved: in a leaf it has the form of an id and no more.",
      otherLeaf({ ...LOWEST, appId: "mosis.con" }),
      { neighbour: "log-open-approval" },
    ),
    (
      [
        [REVOKED, "action", "forgive"],
        [REVOKED, "subject", "person"],
        [REVOKED, "id", "X Y"],
        [REVOKED, "approvalsUntil", "soon"],
        [THRESHOLD, "role", "Root!"],
        [THRESHOLD, "threshold", 17],
        [THRESHOLD, "threshold", 0],
        [THRESHOLD, "threshold", "16"],
        [LOWEST, "appId", "sample"],
        [LOWEST, "versionCode", 0],
        [LOWEST, "versionCode", 2 ** 31],
        [ENROLLED, "change", "lost"],
        [ENROLLED, "keyId", "1"],
        [ENROLLED, "developerId", "Dev 1"],
        [ENROLLED, "appId", "sample"],
        [ENROLLED, "authorisedBy", "Somebody"],
        [STORE_KEY, "change", "moved"],
        [STORE_KEY, "role", "Release!"],
        [STORE_KEY, "keyId", "1"],
        [CERTIFICATE, "change", "moved"],
        [CERTIFICATE, "kind", "Release!"],
        [CERTIFICATE, "sha256", "1"],
      ] as const
    ).map(([entry, name, value]) =>
      leafMalformed(
        `leaf-${entry.type}-${name.toLowerCase()}-${wordOf(value)}`,
        `Where the approval should stand is a leaf of the type ${entry.type}, whose ${name} is none.`,
        otherLeaf({ ...entry, [name]: value }),
        { neighbour: "log-open-approval" },
      ),
    ),
  );

function wordOf(value: unknown): string {
  const text = String(value);
  const word = text
    .slice(0, 8)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
  return text.length > 64 ? `${word}-${text.length}` : text.endsWith("\n") ? `${word}-line` : word;
}

const opened = (more: Readonly<Record<string, unknown>>): CataloguePlan =>
  target(PATHS.developer, { ...DEVELOPER_LEAVES, leaves: [{ ...DEVELOPER_LEAVES.leaves[0], ...more }] });
const malformed = hostile("malformed");

/** The developer's key was enrolled by somebody, and the leaf hides that too. */
function authorised(): CataloguePlan {
  const [leaf] = DEVELOPER_LEAVES.leaves;
  const entry = {
    type: "developer-key",
    change: leaf.change,
    keyId: leaf.keyId,
    developerId: DEVELOPER_LEAVES.developerId,
    appId: null,
    authorisedBy: "acc-1",
  } as const;
  const own = buildLeaf(entry, new Date(leaf.at), new Uint8Array(Buffer.from(leaf.salt, "hex")));
  return logOf(withLeaf(leaf.position, own), opened({ authorisedBy: entry.authorisedBy }));
}

const DEVELOPER: readonly CatalogueCase[] = [
  good("developer-authorised-by", "What the log hid of a developer tells who authorised it.", authorised()),
  good("no-developer", "A developer of whom the log hid nothing.", { targets: { [PATHS.developer]: null } }),
  notInLog(
    "developer-other-key",
    "What the log hid of a developer is another key.",
    opened({ keyId: "2".repeat(64) }),
  ),
  notInLog(
    "developer-other-salt",
    "What the log hid of a developer has another salt.",
    opened({ salt: "2".repeat(64) }),
  ),
  notInLog(
    "developer-other-time",
    "What the log hid of a developer has another time.",
    opened({ at: "2026-02-28T10:00:01Z" }),
  ),
  notInLog(
    "developer-other-place",
    "What the log hid of a developer stands elsewhere.",
    opened({ position: 6 }),
  ),
  malformed(
    "developer-beyond",
    "What the log hid of a developer would stand after the last entry.",
    opened({ position: 12 }),
  ),
  malformed(
    "developer-other",
    "The file of one developer is of another.",
    target(PATHS.developer, { ...DEVELOPER_LEAVES, developerId: "dev-2" }),
  ),
  malformed(
    "developer-version",
    "A developer's file of another version.",
    target(PATHS.developer, { ...DEVELOPER_LEAVES, v: 2 }),
  ),
  malformed(
    "developer-id",
    "A developer's id in capital letters.",
    target(PATHS.developer, { ...DEVELOPER_LEAVES, developerId: "DEV" }),
  ),
  malformed(
    "developer-key-more",
    "A developer's file with an unknown key.",
    target(PATHS.developer, { ...DEVELOPER_LEAVES, x: 1 }),
  ),
  malformed(
    "developer-empty",
    "A developer's file that opens no leaf.",
    target(PATHS.developer, { ...DEVELOPER_LEAVES, leaves: [] }),
  ),
  malformed(
    "developer-twice",
    "A developer's file that opens a leaf twice.",
    target(PATHS.developer, {
      ...DEVELOPER_LEAVES,
      leaves: [DEVELOPER_LEAVES.leaves[0], DEVELOPER_LEAVES.leaves[0]],
    }),
  ),
  malformed("developer-leaf-key-more", "An opened leaf with an unknown key.", opened({ x: 1 })),
  malformed("developer-position", "An opened leaf before the first.", opened({ position: -1 })),
  malformed("developer-at", "An opened leaf at no time.", opened({ at: "now" })),
  malformed("developer-salt", "An opened leaf with a salt of one byte.", opened({ salt: "00" })),
  malformed("developer-change", "An opened leaf about an unknown change.", opened({ change: "lent" })),
  malformed("developer-key", "An opened leaf about no key id.", opened({ keyId: "3" })),
  malformed(
    "developer-authorised",
    "An opened leaf that nobody can have authorised.",
    opened({ authorisedBy: "NO ONE" }),
  ),
];

const HEADS: readonly CatalogueCase[] = [
  headMalformed("not-json", "A log's head that is no JSON.", target(PATHS.log, utf8("{"))),
  headMalformed("list", "A log's head that is a list.", target(PATHS.log, utf8("[]"))),
  headMalformed("key-more", "A log's head with an unknown key.", target(PATHS.log, { ...LOG_HEAD, x: 1 })),
  headMalformed(
    "key-missing",
    "A log's head without a time.",
    target(PATHS.log, { ...LOG_HEAD, time: undefined }),
  ),
  headMalformed("version", "A log's head of another version.", target(PATHS.log, { ...LOG_HEAD, v: 2 })),
  headMalformed(
    "root-hash",
    "A root hash in upper case.",
    target(PATHS.log, { ...LOG_HEAD, rootHash: "A".repeat(64) }),
  ),
  headMalformed(
    "root-hash-list",
    "A root hash in a list.",
    target(PATHS.log, { ...LOG_HEAD, rootHash: [LOG_HEAD.rootHash] }),
  ),
  headMalformed(
    "root-hash-number",
    "A root hash that is a number.",
    target(PATHS.log, { ...LOG_HEAD, rootHash: 1 }),
  ),
  headMalformed("size", "A size below zero.", target(PATHS.log, { ...LOG_HEAD, size: -1 })),
  headMalformed("size-half", "A size of one and a half.", target(PATHS.log, { ...LOG_HEAD, size: 1.5 })),
  headMalformed("size-text", "A size that is a text.", target(PATHS.log, { ...LOG_HEAD, size: "12" })),
  headMalformed("time", "A time of another form.", target(PATHS.log, { ...LOG_HEAD, time: "now" })),
  headMalformed("time-number", "A time that is a number.", target(PATHS.log, { ...LOG_HEAD, time: 1 })),
  headMalformed(
    "time-no-day",
    "A day that there is not.",
    target(PATHS.log, { ...LOG_HEAD, time: "2026-02-30T00:00:00Z" }),
  ),
];

export const LOG_CASES: readonly CatalogueCase[] = [
  ...VALID,
  ...BACK,
  ...TILES,
  ...RELEASES,
  ...LEAVES,
  ...OTHER_LEAVES,
  ...DEVELOPER,
  ...HEADS,
];
