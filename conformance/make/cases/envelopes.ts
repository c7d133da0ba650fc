/** Hostile envelopes and statements (package format §3). */

import type { FindingCode } from "../../../src/format/findings.ts";
import { utf8 } from "../../../src/format/testing.ts";
import { hostile, type PackageCase } from "../case.ts";
import { DEVELOPER, RELEASE } from "../certificates.ts";
import { element, integer, sequence } from "../der.ts";
import { testKey } from "../keys.ts";
import { type EnvelopePlan, type Loose, padding } from "../packages.ts";
import { otherS } from "./valid.ts";

type Row = readonly [id: string, code: FindingCode, why: string, plan: EnvelopePlan];

const envelope = (change: (e: Loose) => Loose | undefined): EnvelopePlan => ({
  envelope: (e) => change(e) ?? e,
});
const statement = (change: (s: Loose) => Loose | undefined): EnvelopePlan => ({
  statement: (s) => change(s) ?? s,
});
const predicate = (change: (p: Loose) => Loose | undefined): EnvelopePlan => ({
  statement: (s) => {
    s.predicate = change(s.predicate) ?? s.predicate;
    return s;
  },
});
const raw = (change: (text: string) => string): EnvelopePlan => ({
  bytes: (canonical) => utf8(change(Buffer.from(canonical).toString("utf8"))),
});
/** Changes one of the envelope's base64 texts that ends in padding. */
function changePadded(e: Loose, change: (text: string) => string): void {
  const [signature] = e.signatures;
  if (e.payload.endsWith("=")) e.payload = change(e.payload);
  else if (signature.cert.endsWith("=")) signature.cert = change(signature.cert);
  else if (signature.sig.endsWith("=")) signature.sig = change(signature.sig);
  else throw new Error("no text is padded: change the case");
}

/** Base64 with bits set that it does not use. */
const looseBase64 = (text: string) => {
  const body = text.replace(/=+$/, "");
  const missing = text.length - body.length;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = alphabet.indexOf(body.at(-1) ?? "");
  return `${body.slice(0, -1)}${alphabet[last + 1]}${"=".repeat(missing)}`;
};

/** Wrong in the same way in either envelope. */
const SHARED: readonly Row[] = [
  ["not-json", "MPK-J004", "The envelope is no JSON.", { bytes: () => utf8("no envelope") }],
  [
    "not-canonical",
    "MPK-J009",
    "The envelope is not canonical JSON.",
    raw((t) => t.replace('"payloadType":', '"payloadType": ')),
  ],
  ["key-twice", "MPK-J006", "The payload is given twice.", raw((t) => t.replace("{", '{"payload":"e30=",'))],
  ["larger-than-1-mib", "MPK-J001", "An envelope of more than 1 MiB.", raw((t) => t + padding(2 ** 20))],
  [
    "1-mib-and-1",
    "MPK-J001",
    "An envelope of a byte more than 1 MiB.",
    raw((t) => t + padding(2 ** 20 + 1 - Buffer.byteLength(t))),
  ],
  [
    "1-mib",
    "MPK-J004",
    "An envelope of 1 MiB, which is read; it is no JSON.",
    raw((t) => t + padding(2 ** 20 - Buffer.byteLength(t))),
  ],
  ["array", "MPK-S001", "The envelope is a list.", envelope((e) => [e])],
  [
    "key-more",
    "MPK-S001",
    "An envelope with a key that is not on the page.",
    envelope((e) => void (e.x = 1)),
  ],
  [
    "key-missing",
    "MPK-S001",
    "An envelope without a payload type.",
    envelope((e) => void delete e.payloadType),
  ],
  ["payload-number", "MPK-S001", "A payload that is a number.", envelope((e) => void (e.payload = 1))],
  ["signatures-object", "MPK-S001", "signatures is an object.", envelope((e) => void (e.signatures = {}))],
  ["signature-text", "MPK-S001", "A signature that is a text.", envelope((e) => void (e.signatures = ["x"]))],
  [
    "signature-key-more",
    "MPK-S001",
    "A signature with a key that is not on the page.",
    envelope((e) => void (e.signatures[0].x = 1)),
  ],
  [
    "signature-no-certificate",
    "MPK-S001",
    "A signature without a certificate.",
    envelope((e) => void delete e.signatures[0].cert),
  ],
  ["sig-number", "MPK-S001", "A sig that is a number.", envelope((e) => void (e.signatures[0].sig = 1))],
  [
    "cert-number",
    "MPK-S001",
    "A certificate that is a number.",
    envelope((e) => void (e.signatures[0].cert = 1)),
  ],
  [
    "keyid-short",
    "MPK-S001",
    "A key id of 63 digits.",
    envelope((e) => void (e.signatures[0].keyid = e.signatures[0].keyid.slice(1))),
  ],
  [
    "keyid-upper-case",
    "MPK-S001",
    "A key id in upper case.",
    envelope((e) => void (e.signatures[0].keyid = e.signatures[0].keyid.toUpperCase())),
  ],
  [
    "payload-type",
    "MPK-S002",
    "Another payload type.",
    envelope((e) => void (e.payloadType = "application/json")),
  ],
  ["no-signature", "MPK-S003", "No signature.", envelope((e) => void (e.signatures = []))],
  ["two-signatures", "MPK-S003", "Two signatures.", envelope((e) => void e.signatures.push(e.signatures[0]))],
  ["payload-empty", "MPK-S004", "An empty payload.", envelope((e) => void (e.payload = ""))],
  [
    "not-padded",
    "MPK-S004",
    "Base64 without its padding.",
    envelope((e) => changePadded(e, (text) => text.replace(/=+$/, ""))),
  ],
  [
    "url-alphabet",
    "MPK-S004",
    "Base64 of the other alphabet.",
    envelope(
      (e) => void (e.signatures[0].cert = e.signatures[0].cert.replaceAll("+", "-").replaceAll("/", "_")),
    ),
  ],
  [
    "base64-white-space",
    "MPK-S004",
    "Base64 with a line feed.",
    envelope((e) => void (e.payload = `${e.payload}\n`)),
  ],
  [
    "base64-unused-bits",
    "MPK-S004",
    "Base64 that has bits set which it does not use.",
    envelope((e) => changePadded(e, looseBase64)),
  ],
  [
    "keyid-other",
    "MPK-S005",
    "The key id of another key.",
    envelope((e) => void (e.signatures[0].keyid = testKey("other").keyid)),
  ],
  [
    "signature-garbage",
    "MPK-S006",
    "A signature that is no DER.",
    { signature: () => new Uint8Array(70).fill(7) },
  ],
  [
    "signature-trailing-byte",
    "MPK-S006",
    "A byte after the signature's DER.",
    { signature: (s) => Buffer.concat([s, Buffer.of(0)]) },
  ],
  [
    "signature-long-length",
    "MPK-S006",
    "A DER length in two bytes where one is enough.",
    { signature: (s) => Buffer.concat([Buffer.of(0x30, 0x81), s.subarray(1)]) },
  ],
  [
    "signature-indefinite",
    "MPK-S006",
    "An indefinite length.",
    { signature: (s) => Buffer.concat([Buffer.of(0x30, 0x80), s.subarray(2), Buffer.of(0, 0)]) },
  ],
  [
    "signature-zero-first",
    "MPK-S006",
    "An integer with a zero that it does not need.",
    { signature: (s) => padInteger(s) },
  ],
  ["signature-three-numbers", "MPK-S006", "Three numbers.", { signature: (s) => der([...numbersOf(s), 1n]) }],
  ["signature-one-number", "MPK-S006", "One number.", { signature: (s) => der(numbersOf(s).slice(0, 1)) }],
  ["signature-r-zero", "MPK-S006", "r is zero.", { signature: (s) => der([0n, numbersOf(s)[1] ?? 0n]) }],
  ["signature-s-zero", "MPK-S006", "s is zero.", { signature: (s) => der([numbersOf(s)[0] ?? 0n, 0n]) }],
  [
    "signature-s-order",
    "MPK-S006",
    "s is the group's order.",
    { signature: (s) => der([numbersOf(s)[0] ?? 0n, P256_ORDER]) },
  ],
  [
    "signature-r-order",
    "MPK-S006",
    "r is the group's order.",
    { signature: (s) => der([P256_ORDER, numbersOf(s)[1] ?? 0n]) },
  ],
  [
    "signature-s-plus-order",
    "MPK-S006",
    "s plus the group's order, which signs the same where nobody looks.",
    { signature: (s) => der([numbersOf(s)[0] ?? 0n, (numbersOf(s)[1] ?? 0n) + P256_ORDER]) },
  ],
  [
    "signature-negative",
    "MPK-S006",
    "A negative number.",
    { signature: (s) => Buffer.concat([Buffer.of(0x30, 6, 2, 1, 0xff, 2, 1, 1), s.subarray(0, 0)]) },
  ],
  [
    "signature-tag",
    "MPK-S006",
    "A SET in place of the SEQUENCE.",
    { signature: (s) => Buffer.concat([Buffer.of(0x31), s.subarray(1)]) },
  ],
  [
    "signature-integer-tag",
    "MPK-S006",
    "An OCTET STRING in place of an INTEGER.",
    { signature: (s) => Buffer.concat([s.subarray(0, 2), Buffer.of(4), s.subarray(3)]) },
  ],
  [
    "signature-raw",
    "MPK-S006",
    "r and s as 64 bytes, as WebCrypto gives them.",
    {
      signature: (s) =>
        Buffer.from(
          numbersOf(s)
            .map((n) => n.toString(16).padStart(64, "0"))
            .join(""),
          "hex",
        ),
    },
  ],
  [
    "signature-other-bytes",
    "MPK-S007",
    "A right signature over other bytes.",
    { signed: () => utf8("other bytes") },
  ],
  [
    "signature-over-payload",
    "MPK-S007",
    "A signature over the payload alone, without the pre-authentication encoding.",
    { signed: (_encoding, payload) => payload },
  ],
  [
    "signature-other-key",
    "MPK-S007",
    "Another key's signature.",
    { signed: (encoding) => encoding, signature: () => testKey("other").sign(utf8("x")) },
  ],
  [
    "signature-changed",
    "MPK-S007",
    "A signature with one bit changed.",
    { signature: (s) => der([(numbersOf(s)[0] ?? 0n) ^ 1n, numbersOf(s)[1] ?? 0n]) },
  ],
  ["payload-not-json", "MPK-J004", "A payload that is no JSON.", { payload: () => utf8("no statement") }],
  [
    "payload-not-canonical",
    "MPK-J009",
    "A payload that is not canonical JSON.",
    { payload: (p) => Buffer.concat([p, Buffer.from("\n")]) },
  ],
  ["statement-array", "MPK-A001", "The statement is a list.", statement((s) => [s])],
  [
    "statement-key-more",
    "MPK-A001",
    "A statement with a key that is not on the page.",
    statement((s) => void (s.x = 1)),
  ],
  [
    "statement-key-missing",
    "MPK-A001",
    "A statement without a predicate.",
    statement((s) => void delete s.predicate),
  ],
  ["statement-no-subject", "MPK-A001", "A statement about nothing.", statement((s) => void (s.subject = []))],
  [
    "statement-two-subjects",
    "MPK-A001",
    "A statement about two packages.",
    statement((s) => void s.subject.push(s.subject[0])),
  ],
  ["subject-object", "MPK-A001", "subject is an object.", statement((s) => void (s.subject = s.subject[0]))],
  [
    "subject-key-more",
    "MPK-A001",
    "A subject with a key that is not on the page.",
    statement((s) => void (s.subject[0].x = 1)),
  ],
  [
    "subject-name-number",
    "MPK-A001",
    "A subject whose name is a number.",
    statement((s) => void (s.subject[0].name = 1)),
  ],
  [
    "digest-algorithms",
    "MPK-A001",
    "A subject with two digests.",
    statement((s) => void (s.subject[0].digest.sha512 = "0")),
  ],
  [
    "digest-upper-case",
    "MPK-A001",
    "A digest in upper case.",
    statement((s) => void (s.subject[0].digest.sha256 = "A".repeat(64))),
  ],
  [
    "digest-short",
    "MPK-A001",
    "A digest of 63 digits.",
    statement((s) => void (s.subject[0].digest.sha256 = "0".repeat(63))),
  ],
  [
    "predicate-key-more",
    "MPK-A001",
    "A predicate with a key that is not on the page.",
    predicate((p) => void (p.channel = "beta")),
  ],
  [
    "predicate-key-missing",
    "MPK-A001",
    "A predicate without an app id.",
    predicate((p) => void delete p.appId),
  ],
  ["app-id-number", "MPK-A001", "An app id that is a number.", predicate((p) => void (p.appId = 7))],
  ["version-number", "MPK-A001", "A version that is a number.", predicate((p) => void (p.version = 1))],
  [
    "version-code-text",
    "MPK-A001",
    "A version code that is a text, which is another JSON type than the manifest's.",
    predicate((p) => void (p.versionCode = "7")),
  ],
  ["version-code-zero", "MPK-A001", "Version code 0.", predicate((p) => void (p.versionCode = 0))],
  [
    "statement-type",
    "MPK-A002",
    "A statement of another version.",
    statement((s) => void (s._type = "https://in-toto.io/Statement/v0.1")),
  ],
  [
    "predicate-type",
    "MPK-A002",
    "A predicate of another type.",
    statement((s) => void (s.predicateType = "https://slsa.dev/provenance/v1")),
  ],
  [
    "other-content",
    "MPK-A003",
    "A statement about another content digest.",
    statement((s) => void (s.subject[0].digest.sha256 = "0".repeat(64))),
  ],
  [
    "other-subject",
    "MPK-A004",
    "A subject of another name.",
    statement((s) => void (s.subject[0].name = "org.example.other")),
  ],
  [
    "other-app",
    "MPK-A004",
    "Another app id than the manifest's.",
    predicate((p) => void (p.appId = "org.example.other")),
  ],
  [
    "other-version",
    "MPK-A004",
    "Another version than the manifest's.",
    predicate((p) => void (p.version = "1.2.4")),
  ],
  [
    "other-version-code",
    "MPK-A004",
    "Another version code than the manifest's.",
    predicate((p) => void (p.versionCode = 8)),
  ],
  [
    "app-id-empty",
    "MPK-A004",
    "An app id that is an empty text: a text, and another than the manifest's.",
    predicate((p) => void (p.appId = "")),
  ],
  [
    "version-any-text",
    "MPK-A004",
    "A version with a control character, which a text of JSON may have.",
    predicate((p) => void (p.version = "1.2.3\u0007")),
  ],
  [
    "both-content-and-app",
    "MPK-A003",
    "A statement about another content digest and another app.",
    statement((s) => {
      s.subject[0].digest.sha256 = "0".repeat(64);
      s.predicate.appId = "org.example.other";
    }),
  ],
];

const NO_DIGEST = { sha256: "0".repeat(64) };
/** Two things that store.dsse is about are wrong; which of them is told. */
const BOTH_OF_STORE: readonly Row[] = [
  [
    "both-app-and-store",
    "MPK-A004",
    "Another version code and another store.",
    predicate((p) => void Object.assign(p, { storeId: "store-2", versionCode: 8 })),
  ],
  [
    "both-store-and-envelope",
    "MPK-A009",
    "Another store and another developer's envelope.",
    predicate((p) => void Object.assign(p, { storeId: "store-2", developerEnvelope: NO_DIGEST })),
  ],
  [
    "both-envelope-and-developer",
    "MPK-A006",
    "Another developer's envelope and another developer.",
    predicate((p) => void Object.assign(p, { developerEnvelope: NO_DIGEST, developerId: "dev-2" })),
  ],
  [
    "both-developer-and-upload",
    "MPK-A007",
    "Another developer's key and another upload.",
    predicate((p) => void Object.assign(p, { developerKeyId: "0".repeat(64), upload: NO_DIGEST })),
  ],
  [
    "both-upload-and-chain",
    "MPK-A008",
    "Another upload, and a certificate that another key signed.",
    {
      ...predicate((p) => void (p.upload = NO_DIGEST)),
      certificate: { ...RELEASE, signer: testKey("forger") },
    },
  ],
];

/** By now it has ended, and not yet at the approval. */
const ENDED = { ...DEVELOPER, notAfter: new Date("2026-02-28T23:00:00Z") };
/** By now it has begun, and not yet at the approval. */
const BEGUN = { ...DEVELOPER, notBefore: new Date("2026-02-28T23:00:00Z") };
type TimeRow = readonly [id: string, code: FindingCode, why: string, store: EnvelopePlan];
const MORE = envelope((e) => void (e.x = 1));
const UNSIGNED: EnvelopePlan = { signed: () => utf8("other bytes") };
const CERTIFICATE = envelope((e) => void (e.signatures[0].cert = "AAAA"));

/** The developer's chain is judged at the time that store.dsse says, if only it has the form to say one. */
const TIMES: readonly PackageCase[] = [
  ...(
    [
      ["signature", "MPK-S007", "whose signature does not match", UNSIGNED],
      ["certificate", "MPK-X001", "whose certificate is none", CERTIFICATE],
      ["app", "MPK-A004", "about another app", predicate((p) => void (p.appId = "org.example.other"))],
    ] satisfies TimeRow[]
  ).map(([id, code, what, store]) =>
    hostile(
      `store/both-${id}-and-developer-ended`,
      code,
      "3",
      `A store's envelope ${what}, and a developer's certificate that ended after the approval: it was valid at approvedAt.`,
      { developer: { certificate: ENDED }, store },
    ),
  ),
  ...(
    [
      ["key-more", "MPK-X007", "with a key that is not on the page", MORE],
      ["not-json", "MPK-X007", "that is no JSON", { bytes: () => utf8("no envelope") }],
      ["statement", "MPK-X007", "with a statement about nothing", statement((s) => void (s.subject = []))],
      ["time", "MPK-X007", "with an approvedAt that is none", predicate((p) => void (p.approvedAt = "now"))],
      [
        "type",
        "MPK-X007",
        "with a statement of another type",
        statement((s) => void (s.predicateType = "https://example.org/")),
      ],
    ] satisfies TimeRow[]
  ).map(([id, code, what, store]) =>
    hostile(
      `developer/both-ended-and-store-${id}`,
      code,
      "3",
      `A store's envelope ${what}, and a developer's certificate that ended after the approval: it is judged now.`,
      { developer: { certificate: ENDED }, store },
    ),
  ),
  hostile(
    "developer/both-begun-and-store-signature",
    "MPK-X007",
    "3",
    "A store's envelope whose signature does not match, and a developer's certificate that began after the approval: it is judged at approvedAt.",
    { developer: { certificate: BEGUN }, store: UNSIGNED },
  ),
  hostile(
    "store/both-key-more-and-developer-begun",
    "MPK-S001",
    "3",
    "A store's envelope with a key that is not on the page, and a developer's certificate that began after the approval: it is judged now.",
    { developer: { certificate: BEGUN }, store: MORE },
  ),
];

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function numbersOf(signature: Uint8Array): bigint[] {
  const numbers: bigint[] = [];
  for (let at = 2; at < signature.length; ) {
    const length = signature[at + 1] ?? 0;
    numbers.push(BigInt(`0x${Buffer.from(signature.subarray(at + 2, at + 2 + length)).toString("hex")}`));
    at += 2 + length;
  }
  return numbers;
}

function der(numbers: readonly bigint[]): Uint8Array {
  return sequence(...numbers.map(integer));
}

function padInteger(signature: Uint8Array): Uint8Array {
  const [r = 0n, s = 0n] = numbersOf(signature);
  const first = integer(r);
  return sequence(element(0x02, Buffer.of(0), first.subarray(2)), integer(s));
}

const twice = (file: "developer" | "store", rows: readonly Row[]): readonly PackageCase[] =>
  rows.map(([id, code, why, plan]) => hostile(`${file}/${id}`, code, "3", why, { [file]: plan }));

const ed = { ...DEVELOPER, key: testKey("developer-1", "ed25519") };
const ED_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
function plusOrder(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + ED_ORDER;
  return Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse(),
  ]);
}

const time = (id: string, why: string, value: unknown): readonly PackageCase[] => [
  hostile(`developer/signed-at-${id}`, "MPK-A005", "2", why, {
    developer: predicate((p) => void (p.signedAt = value)),
  }),
  hostile(`store/approved-at-${id}`, "MPK-A005", "2", why, {
    store: predicate((p) => void (p.approvedAt = value)),
  }),
];

const review = (change: (r: Loose) => void): EnvelopePlan => predicate((p) => change(p.review));

const STORE: readonly Row[] = [
  [
    "developer-envelope",
    "MPK-A006",
    "The digest of another developer envelope.",
    predicate((p) => void (p.developerEnvelope.sha256 = "0".repeat(64))),
  ],
  [
    "developer-id",
    "MPK-A007",
    "Another developer than the one of the certificate.",
    predicate((p) => void (p.developerId = "dev-2")),
  ],
  [
    "developer-key",
    "MPK-A007",
    "Another developer's key.",
    predicate((p) => void (p.developerKeyId = testKey("other").keyid)),
  ],
  [
    "upload",
    "MPK-A008",
    "The digest of another upload.",
    predicate((p) => void (p.upload.sha256 = "0".repeat(64))),
  ],
  [
    "store-id",
    "MPK-A009",
    "Another store than the one of the certificate.",
    predicate((p) => void (p.storeId = "store-2")),
  ],
  [
    "store-id-form",
    "MPK-A001",
    "A store id with a capital letter.",
    predicate((p) => void (p.storeId = "Store-1")),
  ],
  [
    "store-id-65",
    "MPK-A001",
    "A store id of 65 characters.",
    predicate((p) => void (p.storeId = "s".repeat(65))),
  ],
  [
    "developer-id-form",
    "MPK-A001",
    "A developer id with a space.",
    predicate((p) => void (p.developerId = "dev 1")),
  ],
  [
    "developer-key-form",
    "MPK-A001",
    "A developer's key id in upper case.",
    predicate((p) => void (p.developerKeyId = p.developerKeyId.toUpperCase())),
  ],
  [
    "developer-envelope-form",
    "MPK-A001",
    "developerEnvelope is a text.",
    predicate((p) => void (p.developerEnvelope = p.developerEnvelope.sha256)),
  ],
  ["upload-form", "MPK-A001", "upload has no digest.", predicate((p) => void (p.upload = {}))],
  [
    "upload-short",
    "MPK-A001",
    "upload's digest has 63 digits.",
    predicate((p) => void (p.upload.sha256 = "0".repeat(63))),
  ],
  ["review-text", "MPK-A001", "review is a text.", predicate((p) => void (p.review = "good"))],
  ["review-key-more", "MPK-A001", "review has a key that is not on the page.", review((r) => void (r.x = 1))],
  ["review-key-missing", "MPK-A001", "review has no policy.", review((r) => void delete r.policy)],
  ["review-people-negative", "MPK-A001", "Fewer people than none.", review((r) => void (r.people = -1))],
  ["review-people-fraction", "MPK-A001", "Half a person.", review((r) => void (r.people = 0.5))],
  ["review-people-text", "MPK-A001", "people is a text.", review((r) => void (r.people = "1"))],
  ["review-policy-zero", "MPK-A001", "Policy 0.", review((r) => void (r.policy = 0))],
  [
    "review-id-form",
    "MPK-A001",
    "A review id with a capital letter.",
    review((r) => void (r.reviewId = "Review")),
  ],
  ["review-checks-object", "MPK-A001", "checks is an object.", review((r) => void (r.checks = {}))],
  ["review-check-text", "MPK-A001", "A check that is a text.", review((r) => void (r.checks = ["digests"]))],
  [
    "review-check-key-more",
    "MPK-A001",
    "A check with a key that is not on the page.",
    review((r) => void (r.checks[0].x = 1)),
  ],
  [
    "review-check-name-empty",
    "MPK-A001",
    "A check without a name.",
    review((r) => void (r.checks[0].name = "")),
  ],
  [
    "review-check-name-101",
    "MPK-A001",
    "A check's name of 101 characters.",
    review((r) => void (r.checks[0].name = "a".repeat(101))),
  ],
  [
    "review-check-version-101",
    "MPK-A001",
    "A check's version of 101 characters.",
    review((r) => void (r.checks[0].version = "1".repeat(101))),
  ],
  [
    "review-check-version-number",
    "MPK-A001",
    "A check whose version is a number.",
    review((r) => void (r.checks[0].version = 1)),
  ],
  [
    "review-check-white-space",
    "MPK-A001",
    "A check whose version ends with a space.",
    review((r) => void (r.checks[0].version = "1 ")),
  ],
  [
    "review-checks-unsorted",
    "MPK-A001",
    "Checks that are not sorted by name.",
    review((r) => void r.checks.reverse()),
  ],
];

export const ENVELOPES: readonly PackageCase[] = [
  ...twice("developer", SHARED),
  ...twice("store", [...SHARED, ...STORE, ...BOTH_OF_STORE]),
  ...TIMES,
  ...time("fraction", "A time with fractions of a second.", "2026-02-27T09:00:00.000Z"),
  ...time("offset", "A time with an offset.", "2026-02-27T09:00:00+00:00"),
  ...time("no-day", "The 30th of February.", "2026-02-30T09:00:00Z"),
  ...time("leap-second", "Second 60.", "2026-02-27T09:00:60Z"),
  ...time("hour-24", "Hour 24.", "2026-02-27T24:00:00Z"),
  ...time("year-10000", "A time of 20 bytes in the year 10000.", "+010000-01-01T00:00Z"),
  ...time("number", "A time that is a number.", 1_772_182_800),
  hostile(
    "developer/ed25519-short",
    "MPK-S006",
    "3",
    "An Ed25519 signature of 63 bytes.",
    { developer: { certificate: ed, signature: (s) => s.subarray(1) } },
    { neighbour: "valid/developer-ed25519" },
  ),
  hostile(
    "developer/ed25519-s-plus-order",
    "MPK-S006",
    "3",
    "An Ed25519 signature whose S is not below the group's order.",
    { developer: { certificate: ed, signature: plusOrder } },
    { neighbour: "valid/developer-ed25519" },
  ),
  hostile(
    "developer/ed25519-changed",
    "MPK-S007",
    "3",
    "An Ed25519 signature over other bytes.",
    { developer: { certificate: ed, signed: () => utf8("other") } },
    { neighbour: "valid/developer-ed25519" },
  ),
  hostile(
    "developer/prehash",
    "MPK-S007",
    "3",
    "An ECDSA signature whose s belongs to another r.",
    {
      developer: {
        signature: (s) =>
          der([numbersOf(DEVELOPER.key.sign(utf8("x")))[0] ?? 0n, numbersOf(otherS(s))[1] ?? 0n]),
      },
    },
    { neighbour: "valid/high-s" },
  ),
  hostile(
    "store/approved-in-the-future",
    "MPK-A010",
    "3",
    "Approved 24 h and one second after the reader's clock.",
    {},
    { at: "2026-02-27T09:59:59Z", neighbour: "valid/approved-within-24-h" },
  ),
  hostile(
    "store/signed-long-after",
    "MPK-A011",
    "3",
    "Signed 24 h and one second after the approval.",
    { developer: predicate((p) => void (p.signedAt = "2026-03-01T10:00:01Z")) },
    { neighbour: "valid/signed-24-h-after-approval" },
  ),
  hostile(
    "store/both-upload-and-future",
    "MPK-A008",
    "3",
    "Another upload, approved 24 h and one second after the reader's clock.",
    { store: predicate((p) => void (p.upload = NO_DIGEST)) },
    { at: "2026-02-27T09:59:59Z", neighbour: "valid/approved-within-24-h" },
  ),
  hostile(
    "store/both-future-and-signed-after",
    "MPK-A010",
    "3",
    "Approved 24 h and one second after the reader's clock, and signed 24 h and one second after that.",
    { developer: predicate((p) => void (p.signedAt = "2026-03-01T10:00:01Z")) },
    { at: "2026-02-27T09:59:59Z", neighbour: "valid/approved-within-24-h" },
  ),
  hostile(
    "store/both-signed-after-and-chain",
    "MPK-A011",
    "3",
    "Signed 24 h and one second after the approval, and a release certificate that another key signed.",
    {
      developer: predicate((p) => void (p.signedAt = "2026-03-01T10:00:01Z")),
      store: { certificate: { ...RELEASE, signer: testKey("forger") } },
    },
    { neighbour: "valid/signed-24-h-after-approval" },
  ),
  hostile(
    "store/developers-statement",
    "MPK-A002",
    "3",
    "The store's envelope holds a developer's statement, signed by the store.",
    {
      store: statement((s) => ({
        ...s,
        predicateType: "https://mosis.dev/attestation/developer-release/v1",
        predicate: {
          appId: s.predicate.appId,
          signedAt: s.predicate.approvedAt,
          version: s.predicate.version,
          versionCode: s.predicate.versionCode,
        },
      })),
    },
  ),
  hostile(
    "store/signed-by-developer",
    "MPK-X002",
    "3",
    "The store's envelope is signed with the developer's certificate.",
    { store: { certificate: DEVELOPER } },
  ),
  hostile(
    "developer/signed-by-store",
    "MPK-X002",
    "3",
    "The developer's envelope is signed with the store's certificate.",
    { developer: { certificate: RELEASE } },
  ),
];
