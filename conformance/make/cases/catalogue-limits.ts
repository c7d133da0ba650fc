/** How large a catalogue's files may be, and how a lookup goes through roles (package format §6, TUF 1.0 §5.6.7). */
import { sha256Hex } from "../../../src/format/digests.ts";
import { utf8 } from "../../../src/format/testing.ts";
import { authorities, manyAuthorities } from "../authorities.ts";
import { type CataloguePlan, type Files, keyIdOf, tufKey } from "../catalogue.ts";
import { bad, type CatalogueCase, ca, ok, target } from "../catalogue-case.ts";
import { DEVELOPER_CA, makeCertificate, pemOf, ROOT } from "../certificates.ts";
import { LOG_HEAD, PATHS, SHARD } from "../content.ts";
import type { Loose } from "../packages.ts";

const missing = bad("missing");
const changed = bad("target_changed");
const MIB = 2 ** 20;

/** Makes metadata longer by a key that the specification does not know. */
const padded =
  (sizeBytes: number, change: (signed: Loose) => void = () => {}) =>
  (signed: Loose): void => {
    change(signed);
    signed["x-mosis"] = "x".repeat(sizeBytes);
  };
const large = (role: string, sizeBytes: number): CataloguePlan => ({
  roles: { [role]: { signed: padded(sizeBytes) } },
});
const spaces = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes).fill(0x20);

/** The first root's keys of timestamp and snapshot are others than those that signed. */
const withOtherKeys = (signed: Loose): void => {
  for (const role of ["timestamp", "snapshot"]) {
    const key = tufKey(`${role}-other`);
    const id = keyIdOf(key);
    signed.keys[id] = publicKey(key);
    signed.roles[role].keyids = [id];
  }
};

const METADATA: readonly CatalogueCase[] = [
  ok("root-large", "A second root of nearly 512,000 bytes.", {
    roots: 2,
    roles: { "1.root": { signed: withOtherKeys }, "2.root": { signed: padded(500_000) } },
  }),
  bad("not_signed")(
    "root-too-large",
    "A second root of more than 512,000 bytes is as good as none: a client stays at the first, whose timestamp key signed nothing here.",
    {
      roots: 2,
      roles: { "1.root": { signed: withOtherKeys }, "2.root": { signed: padded(512_000) } },
    },
    { neighbour: "root-large" },
  ),
  ok("root-given-large", "A root of nearly 512,000 bytes to begin with.", large("1.root", 500_000)),
  missing(
    "root-given-too-large",
    "A root of more than 512,000 bytes to begin with is as good as none.",
    large("1.root", 512_000),
    { neighbour: "root-given-large" },
  ),
  ok("snapshot-large", "A snapshot of nearly 2,000,000 bytes.", large("snapshot", 1_990_000)),
  missing("snapshot-too-large", "A snapshot of more than 2,000,000 bytes.", large("snapshot", 2_000_000), {
    neighbour: "snapshot-large",
  }),
  ok("targets-large", "A role of nearly 5,000,000 bytes.", large("targets", 4_990_000)),
  missing("targets-too-large", "A role of more than 5,000,000 bytes.", large("targets", 5_000_000), {
    neighbour: "targets-large",
  }),
  ok(
    "known-timestamp-too-large",
    "What the client knows as timestamp 99 is larger than any: it is as good as none.",
    {
      known: { roles: { timestamp: { signed: padded(16_384, (s) => void (s.version = 99)) } } },
    },
  ),
  ok(
    "known-snapshot-too-large",
    "What the client knows as a snapshot with a newer role is larger than any: it is as good as none.",
    {
      known: {
        roles: {
          timestamp: { signed: (s) => void (s.version = 19) },
          snapshot: { signed: padded(2_000_000, (s) => void (s.meta["apps.json"].version += 1)) },
        },
      },
    },
  ),
  ok(
    "known-root-too-large",
    "What the client knows as the second root is larger than any: it is as good as none.",
    {
      known: { roots: 2, roles: { "2.root": { signed: padded(512_000, withOtherKeys) } } },
      knowsRoot: true,
    },
  ),
];

const TARGETS: readonly CatalogueCase[] = [
  changed("ca-too-large", "trust/ca.pem of more than 1 MiB.", ca(spaces(MIB + 1))),
  changed(
    "revocations-too-large",
    "trust/revocations.json of more than 16 MiB.",
    target(PATHS.revocations, spaces(16 * MIB + 1)),
  ),
  changed("log-head-too-large", "trust/log.json of 513 bytes.", target(PATHS.log, spaces(513))),
  changed("index-larger", "An app's index of more than 4 MiB.", target(PATHS.index, spaces(4 * MIB + 1))),
  changed("shard-too-large", "A shard of more than 16 MiB.", target(PATHS.shard, spaces(16 * MIB + 1))),
  changed(
    "developer-too-large",
    "A developer's file of more than 4 MiB.",
    target(PATHS.developer, spaces(4 * MIB + 1)),
  ),
  ok(
    "other-target-largest",
    "A target of a path that a device does not know, of 4 MiB.",
    target("apps/readme.txt", spaces(4 * MIB)),
  ),
  changed(
    "other-target-too-large",
    "A target of a path that a device does not know, of more than 4 MiB.",
    target("apps/readme.txt", spaces(4 * MIB + 1)),
    { neighbour: "other-target-largest" },
  ),
  ...["root", "timestamp", "snapshot", "log"].map((name) =>
    missing(
      `known-${name}-folder`,
      `Where the client keeps its ${name === "log" ? "log's head" : name} is a folder of that name: whether the copy is older cannot be told.`,
      {
        known: {},
        files: (files) => {
          files.delete(`known/${name}.json`);
          files.set(`known/${name}.json/x`, utf8("x"));
        },
      },
      { neighbour: "known-same" },
    ),
  ),
  missing("known-no-folder", "Where the client keeps what it had accepted is a file.", {
    files: (files) => void files.set("known", utf8("x")),
  }),
  missing(
    "log-known-too-large",
    "What the client keeps as the head that it had seen is larger than any.",
    { knownLog: { ...LOG_HEAD, x: "x".repeat(512) } },
    { section: "7", neighbour: "log-known" },
  ),
];

const PEM = authorities().get("ca") ?? "";
const authority = (name: string, why: string, text: string): CatalogueCase =>
  bad("MPK-X001")(`ca-${name}`, why, ca(utf8(text)));
/** The last line of Base64 in the file, changed. */
const lastLine = (change: (line: string) => string): string => {
  const lines = PEM.split("\n");
  const at = lines.lastIndexOf("-----END CERTIFICATE-----") - 1;
  lines[at] = change(lines[at] ?? "");
  return lines.join("\n");
};

const pems = (...certificates: readonly Uint8Array[]) => ca(utf8(pemOf(...certificates)));
/** A certificate that no reader takes by itself, for its unknown critical extension. */
const unknownCritical = makeCertificate({
  ...DEVELOPER_CA,
  extensions: [
    ...DEVELOPER_CA.extensions,
    { oid: "1.3.6.1.4.1.99999.1", critical: true, value: Buffer.of(0) },
  ],
});
const ofSixtyFour = { section: "3", neighbour: "ca-64" };

const AUTHORITIES: readonly CatalogueCase[] = [
  ok("ca-64", "trust/ca.pem of 64 certificates.", pems(...manyAuthorities(64))),
  bad("MPK-X001")("ca-65", "trust/ca.pem of 65 certificates.", pems(...manyAuthorities(65)), ofSixtyFour),
  bad("MPK-X001")(
    "ca-65-same",
    "trust/ca.pem of 65 certificates, of which one is there 63 times: each block counts.",
    pems(...Array.from({ length: 63 }, () => makeCertificate(ROOT)), ...manyAuthorities(2)),
    ofSixtyFour,
  ),
  bad("MPK-X001")(
    "ca-65-critical",
    "trust/ca.pem of 65 certificates, the first with an unknown critical extension: how many there are is judged before any of them.",
    pems(unknownCritical, ...manyAuthorities(64)),
    ofSixtyFour,
  ),
  bad("MPK-X005")(
    "ca-64-critical",
    "trust/ca.pem of 64 certificates, the first with an unknown critical extension.",
    pems(unknownCritical, ...manyAuthorities(63)),
    ofSixtyFour,
  ),
  ok(
    "ca-with-words",
    "trust/ca.pem with words between its blocks.",
    ca(utf8(`The store's.\n${PEM}\nThe end.\n`)),
  ),
  authority(
    "other-label",
    "A block of another label in trust/ca.pem.",
    PEM.replaceAll("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE"),
  ),
  authority("unfinished", "trust/ca.pem ends inside a block.", `${PEM}-----BEGIN CERTIFICATE-----\n`),
  authority(
    "empty-block",
    "A block without content in trust/ca.pem.",
    `${PEM}-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n`,
  ),
  authority(
    "empty-line",
    "A block of one empty line in trust/ca.pem.",
    `${PEM}-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n`,
  ),
  authority(
    "block-in-block",
    "A block of trust/ca.pem that ends as one begins.",
    PEM.replace("-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----"),
  ),
  authority(
    "short-line",
    "A line of 63 characters that is not the last one of its block.",
    PEM.replace(/\n([A-Za-z0-9+/]{63})([A-Za-z0-9+/])\n/, "\n$1\n$2"),
  ),
  authority(
    "white-space",
    "A space at the end of a block's last line.",
    lastLine((line) => `${line} `),
  ),
  authority(
    "damaged-base64",
    "A character in the place of another that Base64 does not have.",
    lastLine((line) => `*${line.slice(1)}`),
  ),
];

/** A target whose path leads to where its file lies, by another folder. */
function climbing(): CataloguePlan {
  const bytes = utf8("hello");
  const name = `${sha256Hex(bytes)}.x.txt`;
  return {
    ...target("apps/../x.txt", bytes),
    files: (files: Files) => {
      files.delete(`targets/apps/../${name}`);
      files.set(`targets/${name}`, bytes);
    },
  };
}

function publicKey(key: ReturnType<typeof tufKey>): Loose {
  return {
    keytype: "ed25519",
    keyval: { public: Buffer.from(key.spki.subarray(12)).toString("hex") },
    scheme: "ed25519",
  };
}

const LOOKUPS: readonly CatalogueCase[] = [
  ok("target-beside", "A target of the name that the next one leads to.", target("x.txt", utf8("hello"))),
  missing(
    "target-climbs-within",
    "A target whose path leaves a folder and ends at a file of the copy.",
    climbing(),
    {
      neighbour: "target-beside",
    },
  ),
  ok("shard-of-no-app", "A shard that lists nothing.", target(PATHS.shard, { ...SHARD, apps: [] })),
];

const malformed = bad("metadata_malformed");
const numbered = <Value>(count: number, item: (index: number) => [string, Value]): Record<string, Value> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => item(index)));
const idOf = (index: number): string => sha256Hex(utf8(`filler ${index}`));

/** A catalogue with as many members of a kind as `count` says, by members that nothing leads to. */
const counted = {
  signatures: (count: number): CataloguePlan => ({
    roles: {
      snapshot: {
        file: (metadata) => {
          const more = count - metadata.signatures.length;
          const fillers = numbered(more, (index) => [`${index}`, { keyid: idOf(index), sig: "00" }]);
          metadata.signatures.push(...Object.values(fillers));
        },
      },
    },
  }),
  keys: (count: number): CataloguePlan =>
    filled("targets", (signed) => {
      const { keys } = signed.delegations;
      const more = count - Object.keys(keys).length;
      const key = (index: number) => tufKey(`filler ${index}`);
      Object.assign(
        keys,
        numbered(more, (index) => [keyIdOf(key(index)), publicKey(key(index))]),
      );
    }),
  roles: (count: number): CataloguePlan =>
    filled("snapshot", ({ meta }) => {
      const more = count - Object.keys(meta).length;
      Object.assign(
        meta,
        numbered(more, (index) => [`filler-${index}.json`, { version: 1 }]),
      );
    }),
  // No path of these is delegated to this role, so that no file has to be there.
  targets: (count: number): CataloguePlan =>
    filled("revocations", ({ targets }) => {
      const more = count - Object.keys(targets).length;
      Object.assign(
        targets,
        numbered(more, (index) => [`filler/${index}`, { length: 0, hashes: { sha256: idOf(index) } }]),
      );
    }),
};

function filled(role: string, change: (signed: Loose) => void): CataloguePlan {
  return { roles: { [role]: { signed: change } } };
}

const COUNTS: readonly CatalogueCase[] = (
  [
    ["signatures", 256, "A snapshot of 256 signatures, all but one by nobody."],
    ["keys", 256, "A role with 256 keys of delegations."],
    ["roles", 4096, "A snapshot that lists 4,096 roles."],
    ["targets", 1024, "A role that lists 1,024 targets."],
  ] as const
).flatMap(([what, most, why]) => [
  ok(`${what}-most`, why, counted[what](most)),
  malformed(`${what}-more`, `${why} And one more.`, counted[what](most + 1), {
    neighbour: `${what}-most`,
  }),
]);

export const LIMIT_CASES: readonly CatalogueCase[] = [
  ...METADATA,
  ...COUNTS,
  ...TARGETS,
  ...AUTHORITIES,
  ...LOOKUPS,
];
