/** The form of metadata, which libraries of TUF take in more ways than one (package format §6, the catalogue's page). */
import { createHash } from "node:crypto";
import { utf8 } from "../../../src/format/testing.ts";
import { authorities } from "../authorities.ts";
import { binOf, type CataloguePlan, idOfObject, json, keyIdOf, makeCatalogue, tufKey } from "../catalogue.ts";
import { bad, type CatalogueCase, ca, edit, ok, target, version } from "../catalogue-case.ts";
import { PATHS } from "../content.ts";
import { type TestKey, testKey } from "../keys.ts";
import type { Loose } from "../packages.ts";

const malformed = bad("metadata_malformed");
const rootRefused = bad("root_refused");
const foreign = bad("foreign");
const missing = bad("missing");
const BIN = binOf(PATHS.index, 2);

/** Changes the text of a file after it was signed, in a way that readers who do not look closely read as what was signed. */
const rewritten = (role: string, from: string, to: string): CataloguePlan => ({
  roles: {
    [role]: {
      bytes: (bytes) => {
        const text = Buffer.from(bytes).toString("utf8");
        if (!text.includes(from)) throw new Error(`the metadata of ${role} has no ${from}`);
        return Buffer.from(text.replace(from, to));
      },
    },
  },
});
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

const JSON_FORMS: readonly CatalogueCase[] = [
  ok(
    "metadata-white-space",
    "Metadata with white space and keys in another order: what is signed is made from its values.",
    {
      roles: {
        timestamp: {
          bytes: (bytes) => {
            const { signatures, signed } = JSON.parse(Buffer.from(bytes).toString("utf8"));
            return Buffer.from(JSON.stringify({ signed, signatures }, null, 2));
          },
        },
      },
    },
  ),
  malformed(
    "metadata-key-twice",
    "A version twice: many readers take the last one, some the first.",
    rewritten("timestamp", '"version":20', '"version":9999,"version":20'),
  ),
  malformed(
    "metadata-key-twice-outside",
    "The list of signatures twice.",
    rewritten("timestamp", '{"signatures":', '{"signatures":[],"signatures":'),
  ),
  malformed(
    "metadata-key-twice-escaped",
    "A version twice, once with an escape in its key.",
    rewritten(BIN, '"version":4', '"v\\u0065rsion":9999,"version":4'),
  ),
  malformed(
    "metadata-fraction",
    "A version with a fraction of zero.",
    rewritten("timestamp", '"version":20', '"version":20.0'),
  ),
  malformed(
    "metadata-exponent",
    "A version with an exponent.",
    rewritten("timestamp", '"version":20', '"version":2e1'),
  ),
  malformed(
    "metadata-fraction-unknown",
    "A fraction of zero under a key that nobody knows.",
    {
      roles: {
        timestamp: {
          signed: (s) => void (s["x-mosis"] = 1),
          bytes: (bytes) =>
            Buffer.from(Buffer.from(bytes).toString("utf8").replace('"x-mosis":1', '"x-mosis":1.0')),
        },
      },
    },
    { neighbour: "unknown-keys" },
  ),
  malformed(
    "metadata-minus-zero",
    "Zero with a minus under a key that nobody knows: what is signed has none.",
    {
      roles: {
        timestamp: {
          signed: (s) => void (s["x-mosis"] = 0),
          bytes: (bytes) =>
            Buffer.from(Buffer.from(bytes).toString("utf8").replace('"x-mosis":0', '"x-mosis":-0')),
        },
      },
    },
    { neighbour: "unknown-keys" },
  ),
  ok(
    "metadata-keys-in-order",
    "Keys that nobody knows, up to U+D7FF, in the order in which they are signed: of code units, of code points and of bytes.",
    edit("timestamp", (s) => void (s["x-mosis"] = { Z: 1, a: 1, "\u00e9": 1, "\u20ac": 1, "\ud7ff": 1 })),
  ),
  ...[
    ["private", "U+E000, which some sort before U+10000 and others behind it", "\ue000"],
    ["pair", "U+10000, which some sort before U+E000 and others behind it", "\u{10000}"],
    ["full-width", "U+FF21 behind others", "A\uff21"],
  ].map(([name, why, key]) =>
    malformed(
      `metadata-key-${name}`,
      `A key that nobody knows with ${why}.`,
      edit("timestamp", (s) => void (s["x-mosis"] = [{ [String(key)]: 1 }])),
      { neighbour: "metadata-keys-in-order" },
    ),
  ),
  malformed(
    "target-path-beyond",
    "A target whose path has a character above U+D7FF.",
    target("apps/\u{1f98a}.txt", utf8("hello")),
    { neighbour: "other-target" },
  ),
  ok(
    "metadata-value-beyond",
    "A value of characters above U+D7FF.",
    edit("timestamp", (s) => void (s["x-mosis"] = "\ue000\u{10000}")),
  ),
  malformed("metadata-byte-order-mark", "A byte order mark before the metadata.", {
    roles: { timestamp: { bytes: (bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes]) } },
  }),
  malformed(
    "metadata-not-utf-8",
    "A byte under an unknown key that is no UTF-8.",
    {
      roles: {
        timestamp: {
          signed: (s) => void (s["x-mosis"] = "\ufffd"),
          bytes: (bytes) =>
            Buffer.from(
              Buffer.from(bytes).toString("latin1").replace("\u00ef\u00bf\u00bd", "\u00ff"),
              "latin1",
            ),
        },
      },
    },
    { neighbour: "unknown-keys" },
  ),
  ok(
    "metadata-deepest",
    "Metadata of 16 values inside each other.",
    edit("timestamp", (s) => void (s["x-mosis"] = nested(13))),
  ),
  malformed(
    "metadata-too-deep",
    "Metadata of 17 values inside each other.",
    edit("timestamp", (s) => void (s["x-mosis"] = nested(14))),
    {
      neighbour: "metadata-deepest",
    },
  ),
  malformed(
    "metadata-specification-one",
    "A version of the specification of one number.",
    edit("timestamp", (s) => void (s.spec_version = "1")),
  ),
  ok(
    "metadata-specification-two",
    "A version of the specification of two numbers.",
    edit("timestamp", (s) => void (s.spec_version = "1.0")),
  ),
  malformed(
    "metadata-specification-words",
    "A version of the specification with a space.",
    edit("timestamp", (s) => void (s.spec_version = "1.0 .31")),
  ),
];

const VERSIONS: readonly CatalogueCase[] = [
  ok("version-highest", "The highest version that there can be.", version("timestamp", 2 ** 53 - 1)),
  ...[
    ["zero", "Version 0.", 0],
    ["negative", "Version −1.", -1],
    ["beyond", "Version 2⁵³, which readers round.", 2 ** 53],
  ].map(([name, why, number]) =>
    malformed(`version-${name}`, String(why), version("timestamp", Number(number)), {
      neighbour: "version-highest",
    }),
  ),
  malformed(
    "version-listed-zero",
    "The snapshot lists a role that nobody looks for in version 0.",
    edit("snapshot", (s) => void (s.meta["more.json"] = { version: 0 })),
  ),
  malformed(
    "version-listed-text",
    "The snapshot lists a role that nobody looks for with a text as its version.",
    edit("snapshot", (s) => void (s.meta["more.json"] = { version: "1" })),
  ),
  malformed(
    "length-listed-negative",
    "The snapshot gives a negative length for a role that nobody looks for.",
    edit("snapshot", (s) => void (s.meta["more.json"] = { version: 1, length: -1 })),
  ),
];

/** Each is after the time of the case for readers that take it. */
const ENDS: readonly (readonly [name: string, why: string, end: string])[] = [
  ["no-zone", "without a zone: each machine takes it for another time", "2026-03-02T00:00:00"],
  ["offset", "with an offset in the place of Z", "2026-03-02T00:00:00+00:00"],
  ["fraction", "with a fraction of a second", "2026-03-02T00:00:00.000Z"],
  ["day", "of a day alone", "2026-03-02"],
  ["minutes", "without seconds", "2026-03-02T00:00Z"],
  ["mail", "in the form of a mail", "Mon, 2 Mar 2026 00:00:00 GMT"],
  ["words", "in words", "Mar 2 2026"],
  ["space", "with a space in the place of T", "2026-03-02 00:00:00Z"],
  ["lower-case", "in lower case", "2026-03-02t00:00:00z"],
  ["no-day", "on a day that there is not", "2027-02-30T00:00:00Z"],
  ["hour-24", "at hour 24", "2026-03-01T24:00:00Z"],
  ["second-60", "at second 60", "2026-12-31T23:59:60Z"],
  ["long-year", "in a year of six digits", "+002026-03-02T00:00:00Z"],
];

const TIMES: readonly CatalogueCase[] = [
  ...ENDS.map(([name, why, end]) =>
    malformed(
      `expires-${name}`,
      `An end ${why}.`,
      edit("timestamp", (s) => void (s.expires = end)),
    ),
  ),
  ...["targets", "revocations", "apps", BIN, "snapshot"].map((role) =>
    malformed(
      `expires-of-${role.startsWith("bins-") ? "bin" : role}`,
      "An end without a zone, a year ahead.",
      edit(role, (s) => void (s.expires = "2027-03-02T00:00:00")),
    ),
  ),
  rootRefused(
    "expires-of-root",
    "A root whose end has no zone.",
    edit("1.root", (s) => void (s.expires = "2027-03-02T00:00:00")),
  ),
  rootRefused(
    "expires-of-second-root",
    "A second root whose end has no zone.",
    { roots: 2, roles: { "2.root": { signed: (s) => void (s.expires = "2027-03-02T00:00:00") } } },
    { neighbour: "root-in-between-expired" },
  ),
  ok(
    "known-expires-malformed",
    "What the client knows as timestamp 99 ends in words: it is as good as none.",
    {
      known: { roles: { timestamp: { signed: (s) => ({ ...s, version: 99, expires: "Mar 2 2026" }) } } },
    },
  ),
  ok(
    "known-snapshot-malformed",
    "What the client knows as a snapshot with a newer role has no zone in its end: it is as good as none.",
    {
      known: {
        roles: {
          timestamp: { signed: (s) => void (s.version = 19) },
          snapshot: {
            signed: (s) => {
              s.expires = "2026-03-07T00:00:00";
              s.meta["apps.json"].version += 1;
            },
          },
        },
      },
    },
  ),
];

/** A key under a second id, with a threshold of two that this one key would meet. */
function twice(
  role: "timestamp" | "apps",
  second: (key: TestKey) => readonly [id: string, object: Loose],
): CataloguePlan {
  const key = tufKey(role);
  const [id, object] = second(key);
  const name = (s: Loose, roleObject: Loose) => {
    const keys = role === "timestamp" ? s.keys : s.delegations.keys;
    keys[id] = object;
    roleObject.keyids = [keyIdOf(key), id];
    roleObject.threshold = 2;
  };
  return {
    roles: {
      [role === "timestamp" ? "1.root" : "targets"]: {
        signed: (s) => name(s, role === "timestamp" ? s.roles.timestamp : s.delegations.roles[1]),
      },
      [role]: { file: (m) => void m.signatures.push({ ...m.signatures[0], keyid: id }) },
    },
  };
}
/** A key more in the root that nobody signs with. */
const rootKey = (object: Loose, id = idOfObject(object)): CataloguePlan =>
  edit("1.root", (s) => void (s.keys[id] = object));
const spare = json(tufKey("spare"));
const P256 = testKey("tuf timestamp");
const pem = json(P256);
const timestampKey = (object: Loose): CataloguePlan => ({
  roles: {
    "1.root": {
      signed: (s) => {
        const id = idOfObject(object);
        s.keys[id] = object;
        s.roles.timestamp.keyids = [id];
      },
    },
    timestamp: { signers: [P256], file: (m) => void (m.signatures[0].keyid = idOfObject(object)) },
  },
});
const withPublic = (object: Loose, text: string): Loose => ({ ...object, keyval: { public: text } });

const KEYS: readonly CatalogueCase[] = [
  ok("key-spare", "A key in the root that no role names.", rootKey(spare)),
  ok("key-p256", "The timestamp is signed with a P-256 key.", timestampKey(pem)),
  rootRefused(
    "key-under-two-ids",
    "Two signatures are asked for, and one key stands in the root under its own id and under another.",
    twice("timestamp", (key) => ["1".repeat(64), json(key)]),
    { neighbour: "two-of-two-timestamp" },
  ),
  rootRefused(
    "key-under-two-objects",
    "Two signatures are asked for, and one key stands in the root in two objects, each under its own digest.",
    twice("timestamp", (key) => {
      const object = { ...json(key), note: "second" };
      return [idOfObject(object), object];
    }),
    { neighbour: "two-of-two-timestamp" },
  ),
  rootRefused(
    "key-under-two-cases",
    "Two signatures are asked for, and one key stands in the root in lower and in upper case.",
    twice("timestamp", (key) => {
      const object = withPublic(json(key), json(key).keyval.public.toUpperCase());
      return [idOfObject(object), object];
    }),
    { neighbour: "two-of-two-timestamp" },
  ),
  malformed(
    "key-of-delegation-under-two-ids",
    "Two signatures are asked for of a delegated role, and one key stands in the delegation under two ids.",
    twice("apps", (key) => ["1".repeat(64), json(key)]),
    { neighbour: "two-of-two-timestamp" },
  ),
  rootRefused("key-other-id", "A key in the root under the id of another.", rootKey(spare, "1".repeat(64)), {
    neighbour: "key-spare",
  }),
  rootRefused(
    "key-id-upper-case",
    "A key in the root under its id in upper case.",
    rootKey(spare, idOfObject(spare).toUpperCase()),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-of-another-kind",
    "An RSA key, which signs no catalogue.",
    rootKey({ ...spare, keytype: "rsa", scheme: "rsassa-pss-sha256" }),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-of-another-scheme",
    "An Ed25519 key with the scheme of P-256.",
    rootKey({ ...spare, scheme: "ecdsa-sha2-nistp256" }),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-short",
    "An Ed25519 key of 31 bytes.",
    rootKey(withPublic(spare, spare.keyval.public.slice(2))),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-no-point",
    "An Ed25519 key that is no point of the curve: its y is not below p.",
    rootKey(withPublic(spare, `ee${"ff".repeat(30)}7f`)),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-member-more",
    "A key with a member more, under the id of the key without it.",
    rootKey({ ...spare, note: "spare" }, idOfObject(spare)),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-value-member-more",
    "A key with more than its public part, under the id of the key without it.",
    rootKey({ ...spare, keyval: { ...spare.keyval, private: "" } }, idOfObject(spare)),
    { neighbour: "key-spare" },
  ),
  rootRefused(
    "key-value-more",
    "A key with more than its public part.",
    rootKey({ ...spare, keyval: { ...spare.keyval, private: "" } }),
    { neighbour: "key-spare" },
  ),
  ...[
    ["no-end", "without a line feed at its end", pem.keyval.public.trimEnd()],
    ["crlf", "with lines that end in CR LF", pem.keyval.public.replaceAll("\n", "\r\n")],
    ["one-line", "in one line", pem.keyval.public.replace(/(.{64})\n/, "$1")],
    ["note", "with a line before it", `key\n${pem.keyval.public}`],
    ["label", "under the label EC PUBLIC KEY", pem.keyval.public.replaceAll("PUBLIC KEY", "EC PUBLIC KEY")],
    ["p384", "of P-384", json({ ...testKey("tuf p384", "ecdsa-p384") }).keyval.public],
    ["ed25519", "of Ed25519", json({ ...tufKey("spare"), algorithm: "ecdsa-p256" }).keyval.public],
  ].map(([name, why, text]) =>
    rootRefused(`key-pem-${name}`, `A P-256 key as PEM ${why}.`, rootKey(withPublic(pem, String(text))), {
      neighbour: "key-p256",
    }),
  ),
];

const signatures = (change: (list: Loose[]) => void): CataloguePlan => ({
  roles: { timestamp: { file: (m) => change(m.signatures) } },
});
const stranger = keyIdOf(tufKey("stranger"));
const SIGNATURES: readonly CatalogueCase[] = [
  ok(
    "signature-empty",
    "An empty signature of a key that the role does not have.",
    signatures((list) => void list.push({ keyid: stranger, sig: "" })),
  ),
  malformed(
    "signature-upper-case",
    "A signature in upper case.",
    signatures(([own]) => void (own && (own.sig = own.sig.toUpperCase()))),
  ),
  malformed(
    "signature-no-hex",
    "A signature of a key that the role does not have, which is no hex.",
    signatures((list) => void list.push({ keyid: stranger, sig: "zz" })),
    { neighbour: "signature-empty" },
  ),
  malformed(
    "signature-half-a-byte",
    "A signature with half a byte after it.",
    signatures(([own]) => void (own && (own.sig += "0"))),
    { neighbour: "signature-empty" },
  ),
  malformed(
    "signature-twice",
    "The same signature twice.",
    signatures((list) => void list.push({ ...list[0] })),
    { neighbour: "more-signatures" },
  ),
  malformed(
    "signature-id-upper-case",
    "A signature more, under an id in upper case.",
    signatures((list) => void list.push({ keyid: "A".repeat(64), sig: "" })),
    { neighbour: "signature-empty" },
  ),
  bad("not_signed")(
    "signature-longer",
    "A signature with a byte after it.",
    signatures(([own]) => void (own && (own.sig += "00"))),
  ),
];

const base = makeCatalogue({}).get("metadata/10.snapshot.json") ?? new Uint8Array();
const appsDigest = createHash("sha256")
  .update(makeCatalogue({}).get("metadata/2.apps.json") ?? new Uint8Array())
  .digest("hex");
const digest = (algorithm: string) => createHash(algorithm).update(base).digest("hex");
const hashes = (value: unknown): CataloguePlan =>
  edit("timestamp", (s) => void (s.meta["snapshot.json"].hashes = value));
const delegated = (change: (delegations: Loose) => void): CataloguePlan =>
  edit("targets", (s) => change(s.delegations));
const bins = (change: (succinct: Loose) => void): CataloguePlan =>
  edit("apps", (s) => change(s.delegations.succinct_roles));
const more = (role: Loose): CataloguePlan =>
  delegated((d) => void d.roles.push({ ...d.roles[0], paths: ["more/*"], terminating: false, ...role }));

const ROLES: readonly CatalogueCase[] = [
  rootRefused(
    "root-snapshot-inconsistent",
    "A root without consistent snapshots.",
    edit("1.root", (s) => void (s.consistent_snapshot = false)),
  ),
  rootRefused(
    "root-snapshot-unsaid",
    "A root that does not say whether snapshots are consistent.",
    edit("1.root", (s) => void delete s.consistent_snapshot),
  ),
  rootRefused(
    "root-role-more",
    "A root with a fifth role.",
    edit("1.root", (s) => void (s.roles.mirrors = s.roles.timestamp)),
  ),
  rootRefused(
    "root-role-missing",
    "A root without the role snapshot.",
    edit("1.root", (s) => void delete s.roles.snapshot),
  ),
  rootRefused(
    "role-threshold-zero",
    "No signature is asked for.",
    edit("1.root", (s) => void (s.roles.timestamp.threshold = 0)),
  ),
  rootRefused(
    "role-threshold-text",
    "A threshold that is a text.",
    edit("1.root", (s) => void (s.roles.timestamp.threshold = "1")),
  ),
  rootRefused(
    "role-key-twice",
    "A role that names one key twice.",
    edit("1.root", (s) => void s.roles.timestamp.keyids.push(s.roles.timestamp.keyids[0])),
  ),
  rootRefused(
    "role-key-upper-case",
    "A role that names one key more, in upper case.",
    edit("1.root", (s) => void s.roles.timestamp.keyids.push("A".repeat(64))),
    { neighbour: "role-key-unknown" },
  ),
  ok(
    "role-key-unknown",
    "A role that names one key more, which is not there.",
    edit("1.root", (s) => void s.roles.timestamp.keyids.push("a".repeat(64))),
  ),
  malformed(
    "timestamp-meta-more",
    "A timestamp that lists a second file.",
    edit("timestamp", (s) => void (s.meta["targets.json"] = { version: 3 })),
  ),
  ok(
    "timestamp-two-digests",
    "A timestamp with SHA-256 and SHA-512 of the snapshot.",
    hashes({ sha256: digest("sha256"), sha512: digest("sha512") }),
  ),
  ok(
    "timestamp-no-digests",
    "A timestamp with the length of the snapshot and without digests.",
    edit("timestamp", (s) => void delete s.meta["snapshot.json"].hashes),
  ),
  malformed(
    "timestamp-digest-md5",
    "A timestamp with SHA-256 and MD5 of the snapshot.",
    hashes({ sha256: digest("sha256"), md5: digest("md5") }),
    { neighbour: "timestamp-two-digests" },
  ),
  malformed(
    "timestamp-digest-upper-case",
    "A digest of the snapshot in upper case.",
    hashes({ sha256: digest("sha256").toUpperCase() }),
    { neighbour: "timestamp-two-digests" },
  ),
  bad("mixed")(
    "timestamp-second-digest",
    "The right SHA-256 of the snapshot, and another SHA-512.",
    hashes({ sha256: digest("sha256"), sha512: "0".repeat(128) }),
    { neighbour: "timestamp-two-digests" },
  ),
  ok(
    "snapshot-digest",
    "A snapshot with the digest of a role.",
    edit("snapshot", (s) => void (s.meta["apps.json"].hashes = { sha256: appsDigest })),
  ),
  malformed(
    "snapshot-digest-upper-case",
    "A snapshot with the digest of a role in upper case.",
    edit("snapshot", (s) => void (s.meta["apps.json"].hashes = { sha256: appsDigest.toUpperCase() })),
    { neighbour: "snapshot-digest" },
  ),
  malformed(
    "snapshot-digests-none",
    "A snapshot whose digests of a role are an empty object.",
    edit("snapshot", (s) => void (s.meta["apps.json"].hashes = {})),
    { neighbour: "snapshot-digest" },
  ),
  malformed(
    "snapshot-digest-62-digits",
    "A snapshot with 62 digits of the digest of a role.",
    edit("snapshot", (s) => void (s.meta["apps.json"].hashes = { sha256: appsDigest.slice(2) })),
    { neighbour: "snapshot-digest" },
  ),
  malformed(
    "snapshot-digest-66-digits",
    "A snapshot with two digits behind the digest of a role.",
    edit("snapshot", (s) => void (s.meta["apps.json"].hashes = { sha256: `${appsDigest}00` })),
    { neighbour: "snapshot-digest" },
  ),
  malformed(
    "timestamp-digest-64-of-128-digits",
    "The first 64 digits of the SHA-512 of the snapshot.",
    hashes({ sha512: digest("sha512").slice(0, 64) }),
    { neighbour: "timestamp-two-digests" },
  ),
  malformed(
    "target-length-negative",
    "A target of a negative length.",
    target("apps/readme.txt", utf8("hello"), (e) => void (e.length = -1)),
    { neighbour: "other-target" },
  ),
  malformed(
    "target-hashes-list",
    "A target whose digests are a list.",
    target("apps/readme.txt", utf8("hello"), (e) => void (e.hashes = [])),
    { neighbour: "other-target" },
  ),
  malformed(
    "delegations-null",
    "Delegations that are null, in a bin.",
    edit(BIN, (s) => void (s.delegations = null)),
  ),
  malformed(
    "delegations-of-no-kind",
    "Delegations of neither kind, in a bin.",
    edit(BIN, (s) => void (s.delegations = { keys: {} })),
    { neighbour: "delegations-none" },
  ),
  ok(
    "delegations-none",
    "Delegations to no role, in a bin.",
    edit(BIN, (s) => void (s.delegations = { keys: {}, roles: [] })),
  ),
  malformed("delegation-of-root", "A delegation to a role named root.", more({ name: "root" })),
  malformed("delegation-twice", "Two delegations to one role.", more({ name: "revocations" })),
  malformed(
    "delegation-both-ways",
    "A delegation by paths and by digests of paths at once.",
    delegated((d) => void (d.roles[0].path_hash_prefixes = ["0"])),
  ),
  malformed(
    "delegation-no-way",
    "A delegation of no paths.",
    delegated((d) => void delete d.roles[0].paths),
  ),
  malformed(
    "delegation-terminating",
    "A delegation that is terminating in words.",
    delegated((d) => void (d.roles[0].terminating = "true")),
  ),
  malformed(
    "delegation-prefix-upper-case",
    "A delegation by digests of paths in upper case.",
    delegated((d) => void d.roles[1].path_hash_prefixes.push("A")),
  ),
  ok(
    "bins-key-unknown",
    "Bins that name one key more, which is not there.",
    bins((b) => void b.keyids.push("a".repeat(64))),
  ),
  malformed(
    "bins-key-upper-case",
    "Bins that name one key more, in upper case.",
    bins((b) => void b.keyids.push("A".repeat(64))),
    { neighbour: "bins-key-unknown" },
  ),
  ok(
    "delegation-key-unknown",
    "A delegation that names one key more, which is not there.",
    delegated((d) => void d.roles[0].keyids.push("a".repeat(64))),
  ),
  malformed(
    "delegation-key-upper-case",
    "A delegation that names one key more, in upper case.",
    delegated((d) => void d.roles[0].keyids.push("A".repeat(64))),
    { neighbour: "delegation-key-unknown" },
  ),
  malformed(
    "bins-none",
    "Bins of no bits.",
    bins((b) => void (b.bit_length = 0)),
  ),
  malformed(
    "bins-33",
    "Bins of 33 bits.",
    bins((b) => void (b.bit_length = 33)),
  ),
  bad("mixed")(
    "bins-32",
    "Bins of 32 bits: the first of four thousand millions is not listed.",
    bins((b) => void (b.bit_length = 32)),
  ),
];

const of = (storeId: string, rest: CataloguePlan = {}): CataloguePlan => ({
  targets: {
    ...rest.targets,
    ...ca(utf8(authorities().get("ca") ?? ""), (e) => ({ ...e, custom: { storeId } })).targets,
  },
});
const EMPTY: CataloguePlan = {
  targets: { [PATHS.index]: null, [PATHS.shard]: null, [PATHS.developer]: null },
};
const path = (name: string, why: string, at: string): CatalogueCase =>
  missing(
    `target-path-${name}`,
    `A target whose path ${why}.`,
    {
      ...target(at, utf8("hello")),
      files: (files) => {
        for (const file of [...files.keys()]) if (file.endsWith(".x.txt")) files.delete(file);
      },
    },
    { neighbour: "target-beside" },
  );

const OTHERS: readonly CatalogueCase[] = [
  ok("store-id-longest", "A store id of 64 characters.", of("x".repeat(64), EMPTY)),
  ...[
    ["long", "of 65 characters", "x".repeat(65)],
    ["empty", "without a character", ""],
    ["upper-case", "with a capital letter", "Store"],
    ["dot", "with a dot", "store.1"],
  ].map(([name, why, id]) =>
    foreign(`store-id-${name}`, `A store id ${why}.`, of(String(id), EMPTY), {
      neighbour: "store-id-longest",
    }),
  ),
  path("dot", "has a folder .", "apps/./x.txt"),
  path("empty", "has a folder without a name", "apps//x.txt"),
  path("absolute", "begins with a slash", "/x.txt"),
];

export const METADATA_CASES: readonly CatalogueCase[] = [
  ...JSON_FORMS,
  ...VERSIONS,
  ...TIMES,
  ...KEYS,
  ...SIGNATURES,
  ...ROLES,
  ...OTHERS,
];
