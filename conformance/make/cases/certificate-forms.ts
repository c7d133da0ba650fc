/** Certificates that are nearly of the one form (package format §3, “Certificates”), and their accepted neighbours. */

import { sha256Hex } from "../../../src/format/digests.ts";
import { readChildren, readDer } from "../../../src/signing/der.ts";
import { type PackageCase, valid } from "../case.ts";
import {
  basicConstraints,
  type CertificatePlan,
  DEVELOPER,
  encodeExtension,
  OIDS,
  RELEASE,
  uriNames,
} from "../certificates.ts";
import {
  bits,
  boolean,
  element,
  explicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8String,
} from "../der.ts";
import { also, type Change, extensionsOf, idOf, type Row, replaced, rows } from "./certificates.ts";

const SECTION = "3, Certificates";

/** The same content under a context-specific identifier: what a reader of tag numbers alone takes for the universal one. */
function contextual(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of((bytes[0] ?? 0) | 0x80), bytes.subarray(1)]);
}

const utc = (text: string) => element(0x17, Buffer.from(text));
const general = (text: string) => element(0x18, Buffer.from(text));
const until = (base: CertificatePlan, end: Uint8Array): Change => ({
  parts: { validity: sequence(time(base.notBefore), end) },
});
const named = (...sets: readonly Uint8Array[]): Change => ({ parts: { subject: sequence(...sets) } });
const pair = (value: Uint8Array) => sequence(oid("2.5.4.3"), value);
const usageBits = (hex: string, unused: number) => ({
  oid: OIDS.keyUsage,
  critical: true,
  value: bits(Buffer.from(hex, "hex"), unused),
});
const purposes = (...parts: readonly Uint8Array[]) => ({
  oid: OIDS.extendedKeyUsage,
  critical: true,
  value: sequence(...parts),
});
const CODE_SIGNING = oid("1.3.6.1.5.5.7.3.3");
const OTHER = "1.3.6.1.4.1.99999.";
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ oid: `${OTHER}${index + 1}`, value: Buffer.of(index) }));

/** Dates that do not exist: many libraries take them for later ones. */
const NO_DATES: readonly (readonly [id: string, what: string, end: Uint8Array])[] = [
  ["february-29", "29 February 2027", utc("270229000000Z")],
  ["february-30", "30 February", utc("280230000000Z")],
  ["april-31", "31 April", utc("270431000000Z")],
  ["month-0", "month 0", utc("270001000000Z")],
  ["month-13", "month 13", utc("271301000000Z")],
  ["day-0", "day 0", utc("270600000000Z")],
  ["day-32", "day 32", utc("270532000000Z")],
  ["hour-24", "hour 24", utc("270601240000Z")],
  ["minute-60", "minute 60", utc("270601006000Z")],
  ["second-60", "second 60", utc("270601000060Z")],
  ["february-29-of-2100", "29 February 2100, which is no leap year", general("21000229000000Z")],
  ["generalized-second-60", "second 60 in a GeneralizedTime", general("20500101000060Z")],
];

/** The certificate's parts, made into another one. */
const rebuilt =
  (change: (parts: readonly Uint8Array[]) => Uint8Array) =>
  (right: Uint8Array): Uint8Array => {
    const root = readDer(right, 0, right.length);
    const parts = (root && readChildren(right, root)) ?? [];
    return change(parts.map(({ start, end }) => right.subarray(start, end)));
  };
const ECDSA_SHA256 = oid("1.2.840.10045.4.3.2");
const NULL = Buffer.from("0500", "hex");
const P256 = sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"));
const constraints = (value: Uint8Array) => ({ oid: OIDS.basicConstraints, critical: true, value });
const usage = (value: Uint8Array) => ({ oid: OIDS.keyUsage, critical: true, value });
/** A text whose header says that it has a byte more than it has. */
const longer = (text: string) => Buffer.concat([Buffer.of(0x0c, text.length + 1), Buffer.from(text)]);

const PARTS: readonly Row[] = [
  [
    "four-parts",
    "MPK-X001",
    "A certificate of four parts.",
    () => ({ bytes: rebuilt((p) => sequence(...p, NULL)) }),
  ],
  [
    "one-part",
    "MPK-X001",
    "A certificate of one part.",
    () => ({ bytes: rebuilt(([tbs]) => sequence(tbs ?? NULL)) }),
  ],
  [
    "tbs-empty",
    "MPK-X001",
    "A certificate whose TBSCertificate is empty.",
    () => ({ bytes: rebuilt(([, ...p]) => sequence(sequence(), ...p)) }),
  ],
  [
    "signature-contextual",
    "MPK-X001",
    "A signature with the identifier 83 in place of 03.",
    () => ({
      bytes: rebuilt(([tbs, alg, sig]) => sequence(tbs ?? NULL, alg ?? NULL, contextual(sig ?? NULL))),
    }),
  ],
  [
    "algorithm-contextual",
    "MPK-X001",
    "A signature algorithm with the identifier b0 in place of 30, inside and outside.",
    () => ({ algorithm: contextual(sequence(ECDSA_SHA256)) }),
  ],
  [
    "algorithm-no-identifier",
    "MPK-X001",
    "A signature algorithm that starts with an INTEGER.",
    () => ({ algorithm: sequence(integer(1n)) }),
  ],
  [
    "algorithm-integer",
    "MPK-X001",
    "A signature algorithm with an INTEGER as its parameter.",
    () => ({ algorithm: sequence(ECDSA_SHA256, integer(1n)) }),
  ],
  [
    "algorithm-null-with-content",
    "MPK-X001",
    "A signature algorithm with a NULL that holds a byte.",
    () => ({ algorithm: sequence(ECDSA_SHA256, Buffer.from("050100", "hex")) }),
  ],
  [
    "algorithm-three-parts",
    "MPK-X001",
    "A signature algorithm with two parameters.",
    () => ({ algorithm: sequence(ECDSA_SHA256, NULL, NULL) }),
  ],
  [
    "subject-contextual",
    "MPK-X001",
    "A subject with the identifier b0 in place of 30.",
    () => ({ parts: { subject: contextual(sequence(set(pair(utf8String("Subject"))))) } }),
  ],
  [
    "name-type-no-identifier",
    "MPK-X001",
    "A pair of the subject that starts with an INTEGER.",
    () => named(set(sequence(integer(1n), utf8String("a")))),
  ],
  [
    "name-pair-of-one",
    "MPK-X001",
    "A pair of the subject without a second part.",
    () => named(set(sequence(oid("2.5.4.3")))),
  ],
  [
    "name-universal-of-three",
    "MPK-X001",
    "A UniversalString of three bytes.",
    () => named(set(pair(element(0x1c, Buffer.of(0, 0, 65))))),
  ],
  [
    "name-string-longer",
    "MPK-X001",
    "A text in the subject that would be longer than what it stands in.",
    () => named(set(pair(longer("a")))),
  ],
  [
    "oid-empty",
    "MPK-X001",
    "An object identifier of no byte.",
    () => named(set(sequence(element(6), utf8String("a")))),
  ],
  [
    "oid-unfinished",
    "MPK-X001",
    "An object identifier whose last byte says that more follows.",
    () => named(set(sequence(element(6, Buffer.of(0x55, 0x84)), utf8String("a")))),
  ],
  [
    "oid-padded-first",
    "MPK-X001",
    "An object identifier that starts with a group of zero.",
    () => named(set(sequence(element(6, Buffer.of(0x80, 0x55, 4, 3)), utf8String("a")))),
  ],
  [
    "oid-padded",
    "MPK-X001",
    "An object identifier whose second group starts with zeros.",
    () => named(set(sequence(element(6, Buffer.of(0x55, 0x80, 4, 3)), utf8String("a")))),
  ],
  [
    "time-of-another-kind",
    "MPK-X001",
    "An end that is an IA5String.",
    (b) => until(b, element(0x16, Buffer.from("20500101000000Z"))),
  ],
  [
    "validity-of-one",
    "MPK-X001",
    "A validity of one time.",
    (b) => ({ parts: { validity: sequence(time(b.notBefore)) } }),
  ],
  [
    "key-contextual",
    "MPK-X001",
    "A SubjectPublicKeyInfo with the identifier b0 in place of 30.",
    (b) => ({ spki: contextual(b.key.spki) }),
  ],
  [
    "key-algorithm-no-identifier",
    "MPK-X001",
    "A key whose algorithm starts with an INTEGER.",
    () => ({ spki: sequence(sequence(integer(1n)), bits(Buffer.alloc(65, 4))) }),
  ],
  [
    "key-no-bits",
    "MPK-X001",
    "A key that is an OCTET STRING.",
    () => ({ spki: sequence(P256, octets(Buffer.alloc(66))) }),
  ],
  [
    "key-unused-bits",
    "MPK-X001",
    "A key with an unused bit.",
    () => ({ spki: sequence(P256, bits(Buffer.alloc(65, 4), 1)) }),
  ],
  ["key-three-parts", "MPK-X001", "A key of three parts.", (b) => ({ spki: threeParts(b.key.spki) })],
  [
    "extensions-contextual-0",
    "MPK-X001",
    "Extensions with the identifier a0 in place of a3.",
    (b) => ({ parts: { extensions: explicit(0, sequence(...b.extensions.map(encodeExtension))) } }),
  ],
  [
    "field-after-extensions",
    "MPK-X001",
    "A subject's unique id after the extensions.",
    (b) => ({
      parts: {
        extensions: Buffer.concat([
          explicit(3, sequence(...b.extensions.map(encodeExtension))),
          element(0x82, Buffer.of(0, 1)),
        ]),
      },
    }),
  ],
  [
    "extension-critical-of-two-bytes",
    "MPK-X001",
    "An extension whose criticality has two bytes.",
    (b) =>
      extensionsOf(b, sequence(oid(`${OTHER}1`), element(1, Buffer.of(0xff, 0xff)), octets(Buffer.of(0)))),
  ],
  [
    "extension-value-and-more",
    "MPK-X001",
    "Basic constraints with a byte after them.",
    (b) => replaced(b, constraints(Buffer.concat([sequence(), Buffer.of(0)]))),
  ],
  [
    "basic-constraints-contextual",
    "MPK-X001",
    "Basic constraints with the identifier b0 in place of 30.",
    (b) => replaced(b, constraints(contextual(sequence()))),
  ],
  [
    "basic-constraints-cut-off",
    "MPK-X001",
    "Basic constraints whose path length is cut off.",
    (b) => replaced(b, constraints(sequence(Buffer.of(2, 5)))),
  ],
  [
    "basic-constraints-of-three",
    "MPK-X001",
    "Basic constraints with a third part.",
    (b) => replaced(b, constraints(sequence(boolean(true), integer(0n), NULL))),
  ],
  [
    "path-length-no-integer",
    "MPK-X001",
    "A path length that is an OCTET STRING.",
    (b) => replaced(b, constraints(sequence(octets(Buffer.of(0))))),
  ],
  [
    "key-usage-octets",
    "MPK-X001",
    "A key usage that is an OCTET STRING.",
    (b) => replaced(b, usage(octets(Buffer.of(7, 0x80)))),
  ],
  [
    "key-usage-empty",
    "MPK-X001",
    "A key usage without the byte that counts unused bits.",
    (b) => replaced(b, usage(element(3))),
  ],
  [
    "key-usage-39-unused",
    "MPK-X001",
    "A key usage that says that 39 bits are unused.",
    (b) => replaced(b, usageBits("80", 39)),
  ],
  [
    "key-usage-unused-bits",
    "MPK-X001",
    "A key usage one of whose unused bits is set.",
    (b) => replaced(b, usageBits("81", 7)),
  ],
  [
    "key-usage-none-of-three",
    "MPK-X001",
    "A key usage without a bit, of which three are unused.",
    (b) => replaced(b, usageBits("", 3)),
  ],
  [
    "subject-alt-name-other-kind",
    "MPK-X001",
    "A subject alternative name of a kind that there is not.",
    (b) => replaced(b, { oid: OIDS.subjectAltName, value: sequence(element(0x89, Buffer.from("a"))) }),
  ],
  [
    "subject-alt-name-primitive",
    "MPK-X001",
    "A subject alternative name of a kind that has parts, without the bit that says so.",
    (b) => replaced(b, { oid: OIDS.subjectAltName, value: sequence(element(0x80, Buffer.from("a"))) }),
  ],
  [
    "x25519",
    "MPK-S008",
    "An X25519 key, which has the size of an Ed25519 key.",
    () => ({ spki: sequence(sequence(oid("1.3.101.110")), bits(Buffer.alloc(32, 9))) }),
  ],
];

function threeParts(spki: Uint8Array): Uint8Array {
  return rebuilt((parts) => sequence(...parts, NULL))(spki);
}

const FORMS: readonly Row[] = [
  [
    "tbs-contextual",
    "MPK-X001",
    "TBSCertificate with the identifier b0 in place of 30.",
    (b) => ({
      signer: { ...b.signer, sign: (tbs) => b.signer.sign(contextual(tbs)) },
      // The outer header has four bytes.
      bytes: (right) => Buffer.concat([right.subarray(0, 4), contextual(right.subarray(4))]),
    }),
  ],
  [
    "validity-contextual",
    "MPK-X001",
    "A validity with the identifier b0 in place of 30.",
    (b) => ({ parts: { validity: contextual(sequence(time(b.notBefore), time(b.notAfter))) } }),
  ],
  [
    "name-set-contextual",
    "MPK-X001",
    "A set of the subject with the identifier b1 in place of 31.",
    () => named(contextual(set(pair(utf8String("Subject"))))),
  ],
  [
    "name-pair-contextual",
    "MPK-X001",
    "A pair of the subject with the identifier b0 in place of 30.",
    () => named(set(contextual(pair(utf8String("Subject"))))),
  ],
  [
    "extension-contextual",
    "MPK-X001",
    "An extension with the identifier b0 in place of 30.",
    (b) => extensionsOf(b, contextual(encodeExtension({ oid: `${OTHER}1`, value: Buffer.of(0) }))),
  ],
  [
    "extended-key-usage-contextual",
    "MPK-X001",
    "An extended key usage with the identifier b0 in place of 30.",
    (b) => replaced(b, { ...purposes(), value: contextual(sequence(CODE_SIGNING)) }),
  ],
  [
    "subject-alt-name-contextual",
    "MPK-X001",
    "A subject alternative name with the identifier b0 in place of 30.",
    (b) => {
      const { value } = uriNames(`${idOf(b)}${b.issuer === "Conformance Root" ? "store-1" : "dev-1"}`);
      return replaced(b, { oid: OIDS.subjectAltName, value: contextual(value) });
    },
  ],
  ...NO_DATES.map(
    ([id, what, end]): Row => [
      `no-date-${id}`,
      "MPK-X001",
      `A date that does not exist: ${what}.`,
      (b) => until(b, end),
    ],
  ),
  [
    "generalized-time-fraction",
    "MPK-X001",
    "A GeneralizedTime with a fraction of a second.",
    (b) => until(b, general("20500101000000.5Z")),
  ],
  [
    "generalized-time-2049",
    "MPK-X001",
    "The last second of 2049 as GeneralizedTime, which is for 2050 and later.",
    (b) => until(b, general("20491231235959Z")),
  ],
  ["name-set-empty", "MPK-X001", "A set of the subject that holds nothing.", () => named(set())],
  [
    "name-set-unsorted",
    "MPK-X001",
    "A set of two pairs that are not in the order of their encodings.",
    () => named(set(pair(utf8String("b")), pair(utf8String("a")))),
  ],
  [
    "name-pair-of-three",
    "MPK-X001",
    "A pair with a third part.",
    () => named(set(sequence(oid("2.5.4.3"), utf8String("a"), utf8String("b")))),
  ],
  [
    "name-utf8-malformed",
    "MPK-X001",
    "A UTF8String that is not UTF-8.",
    () => named(set(pair(element(0x0c, Buffer.from("c080", "hex"))))),
  ],
  [
    "name-utf8-surrogate",
    "MPK-X001",
    "A UTF8String with a surrogate.",
    () => named(set(pair(element(0x0c, Buffer.from("eda080", "hex"))))),
  ],
  [
    "name-printable-at",
    "MPK-X001",
    "A PrintableString with @, which is not one of its characters.",
    () => named(set(pair(element(0x13, Buffer.from("a@b"))))),
  ],
  [
    "name-ia5-high",
    "MPK-X001",
    "An IA5String with a byte above 7f.",
    () => named(set(pair(element(0x16, Buffer.of(0x80))))),
  ],
  [
    "name-numeric-letter",
    "MPK-X001",
    "A NumericString with a letter.",
    () => named(set(pair(element(0x12, Buffer.from("1a"))))),
  ],
  [
    "name-bmp-odd",
    "MPK-X001",
    "A BMPString of three bytes.",
    () => named(set(pair(element(0x1e, Buffer.of(0, 65, 0))))),
  ],
  ["name-integer", "MPK-X001", "An INTEGER as part of a name.", () => named(set(pair(integer(1n))))],
  [
    "name-nested",
    "MPK-X001",
    "A SEQUENCE as part of a name.",
    () => named(set(pair(sequence(utf8String("a"))))),
  ],
  [
    "issuer-unique-id",
    "MPK-X001",
    "An issuer's unique id.",
    () => ({ extra: [element(0x81, Buffer.of(0, 1))] }),
  ],
  [
    "subject-unique-id",
    "MPK-X001",
    "A subject's unique id.",
    () => ({ extra: [element(0x82, Buffer.of(0, 1))] }),
  ],
  ["unique-id-empty", "MPK-X001", "A unique id of no byte.", () => ({ extra: [element(0x81)] })],
  [
    "key-usage-zero-bits",
    "MPK-X001",
    "A key usage that goes on with bits of zero.",
    (b) => replaced(b, usageBits("80", 0)),
  ],
  [
    "key-usage-zero-byte",
    "MPK-X001",
    "A key usage with a byte of zeros at its end.",
    (b) => replaced(b, usageBits("8000", 7)),
  ],
  [
    "key-usage-none-but-unused",
    "MPK-X001",
    "A key usage of no bit, in a byte of zeros.",
    (b) => replaced(b, usageBits("00", 7)),
  ],
  [
    "extended-key-usage-null",
    "MPK-X001",
    "An extended key usage with a NULL after codeSigning.",
    (b) => replaced(b, purposes(CODE_SIGNING, Buffer.from("0500", "hex"))),
  ],
  [
    "extended-key-usage-empty",
    "MPK-X001",
    "An extended key usage of nothing.",
    (b) => replaced(b, purposes()),
  ],
  [
    "subject-alt-name-empty",
    "MPK-X001",
    "A subject alternative name of nothing.",
    (b) => replaced(b, { oid: OIDS.subjectAltName, value: sequence() }),
  ],
  [
    "path-length-not-minimal",
    "MPK-X001",
    "A path length with a zero that it does not need.",
    (b) =>
      replaced(b, {
        oid: OIDS.basicConstraints,
        critical: true,
        value: sequence(boolean(true), element(2, Buffer.of(0, 0))),
      }),
  ],
  [
    "path-length-negative",
    "MPK-X001",
    "A negative path length.",
    (b) =>
      replaced(b, {
        oid: OIDS.basicConstraints,
        critical: true,
        value: sequence(boolean(true), element(2, Buffer.of(0xff))),
      }),
  ],
  [
    "no-extension-in-list",
    "MPK-X001",
    "A list of extensions that is empty.",
    () => ({ parts: { extensions: explicit(3, sequence()) } }),
  ],
  ["extensions-65", "MPK-X001", "65 extensions.", (b) => also(b, ...many(61))],
  [
    "too-large",
    "MPK-X001",
    "A certificate of more than 16,384 bytes.",
    (b) => also(b, { oid: `${OTHER}1`, value: Buffer.alloc(16_384) }),
  ],
  [
    "ed25519-y-not-below-p",
    "MPK-S008",
    "An Ed25519 key whose y is p + 1: a second encoding of the point of y = 1.",
    () => ({ spki: ed25519Key(`ee${"ff".repeat(30)}7f`) }),
  ],
  [
    "ed25519-x-zero-with-sign",
    "MPK-S008",
    "An Ed25519 key of x = 0 with the sign bit.",
    () => ({ spki: ed25519Key(`01${"00".repeat(30)}80`) }),
  ],
  [
    "ed25519-no-point",
    "MPK-S008",
    "An Ed25519 key of y = 2, for which there is no x.",
    () => ({ spki: ed25519Key(`02${"00".repeat(31)}`) }),
  ],
];

function ed25519Key(hex: string): Uint8Array {
  return sequence(sequence(oid("1.3.101.112")), bits(Buffer.from(hex, "hex")));
}

/** What other readers may stumble over, and has to be taken. */
const TAKEN: readonly (readonly [id: string, why: string, change: (base: CertificatePlan) => Change])[] = [
  [
    "extensions-not-looked-into",
    "Extensions that are not known and not critical: nothing, garbage, wrong types, high tag numbers, BER. They are not looked into.",
    (b) =>
      also(
        b,
        { oid: "1.3.6.1.5.5.7.1.1", value: Buffer.from("garbage") },
        { oid: "2.5.29.14", value: Buffer.from("048100", "hex") },
        { oid: "2.5.29.35", value: integer(1n) },
        { oid: "2.5.29.31", value: boolean(true) },
        { oid: "2.5.29.32", value: utf8String("policy") },
        { oid: "2.5.29.18", value: Buffer.from("1f8100", "hex") },
        { oid: "2.5.29", value: Buffer.alloc(0) },
        { oid: `${OTHER}1`, value: Buffer.from("30".repeat(100), "hex") },
      ),
  ],
  [
    "extension-nested",
    "An extension that is not known, with 200 sequences in one another: it is not looked into.",
    (b) => also(b, { oid: `${OTHER}1`, value: nested(200) }),
  ],
  ["extensions-64", "64 extensions.", (b) => also(b, ...many(60))],
  ["until-february-29", "29 February 2028, which exists.", (b) => until(b, utc("280229235959Z"))],
  ["until-9999", "The last second of 9999.", (b) => until(b, general("99991231235959Z"))],
  ["until-2049", "The last second of 2049, as UTCTime.", (b) => until(b, utc("491231235959Z"))],
  [
    "from-1950",
    "From 1950 on, as UTCTime.",
    (b) => ({
      parts: { validity: sequence(utc("500101000000Z"), time(b.notAfter)) },
    }),
  ],
  [
    "name-of-sets",
    "A subject of two sets, one of them of two pairs in their order and of two equal ones, in all kinds of strings.",
    () =>
      named(
        set(pair(utf8String("a")), pair(utf8String("a")), pair(element(0x1e, Buffer.of(0, 65)))),
        set(pair(element(0x13, Buffer.from("A-Z 0-9 '()+,./:=?")))),
        set(pair(element(0x16, Buffer.from("a@b")))),
        set(pair(element(0x12, Buffer.from("12 34")))),
        set(pair(element(0x14, Buffer.of(0xff)))),
        set(pair(element(0x1c, Buffer.of(0, 0, 0, 65)))),
        set(pair(utf8String(""))),
      ),
  ],
  ["name-empty", "A subject of nothing.", () => ({ parts: { subject: sequence() } })],
  [
    "key-usage-many-bits",
    "A key usage with digitalSignature and bits that nobody has given a meaning.",
    (b) => replaced(b, usageBits("800008", 3)),
  ],
  [
    "extended-key-usages",
    "codeSigning as the last of three purposes, one of them with large numbers.",
    (b) =>
      replaced(
        b,
        purposes(oid("2.5.29.37.0"), element(6, Buffer.from(`2b${"ff".repeat(40)}7f`, "hex")), CODE_SIGNING),
      ),
  ],
  [
    "object-identifier-with-zeros",
    "An object identifier with seven bits of zero inside of a number.",
    (b) => replaced(b, purposes(element(6, Buffer.of(0x2b, 0x81, 0x80, 0x01)), CODE_SIGNING)),
  ],
  [
    "known-not-critical",
    "The known extensions, none of them critical.",
    (b) => ({ extensions: b.extensions.map((one) => ({ ...one, critical: false })) }),
  ],
  [
    "no-basic-constraints",
    "No basic constraints: no CA.",
    (b) => ({ extensions: b.extensions.filter(({ oid: id }) => id !== basicConstraints(false).oid) }),
  ],
];

function nested(levels: number): Uint8Array {
  let inner: Uint8Array = Buffer.alloc(0);
  for (let level = 0; level < levels; level++) inner = sequence(inner);
  return inner;
}

/** `changed`, for each of the two certificates of a released package. */
const both = (id: string, why: string, change: (base: CertificatePlan) => Change): readonly PackageCase[] => [
  valid(`valid/certificate-developer-${id}`, SECTION, why, {
    developer: { certificate: { ...DEVELOPER, ...change(DEVELOPER) } },
  }),
  valid(`valid/certificate-store-${id}`, SECTION, why, {
    store: { certificate: { ...RELEASE, ...change(RELEASE) } },
  }),
];

/** The neutral point, which is of order 1: with S = 0 and itself as R it has signed everything. */
const ORDER_1 = ed25519Key(`01${"00".repeat(31)}`);

export const CERTIFICATE_FORMS: readonly PackageCase[] = [
  valid(
    "valid/ed25519-order-1",
    SECTION,
    "An Ed25519 key of order 1, whose x is 0 and whose sign bit is not set: a reader takes it like any other.",
    {
      developer: {
        certificate: { ...DEVELOPER, spki: ORDER_1 },
        envelope: (e) => ({
          ...e,
          signatures: [
            {
              ...e.signatures[0],
              keyid: sha256Hex(ORDER_1),
              sig: Buffer.from(`01${"00".repeat(63)}`, "hex").toString("base64"),
            },
          ],
        }),
      },
    },
  ),
  ...TAKEN.flatMap(([id, why, change]) => both(id, why, change)),
  ...rows("developer", DEVELOPER, [...FORMS, ...PARTS]),
  ...rows("store", RELEASE, [...FORMS, ...PARTS]),
];
