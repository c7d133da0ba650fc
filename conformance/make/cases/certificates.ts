/** Hostile certificates and chains (package format §3, “Certificates”). */
import type { FindingCode } from "../../../src/format/findings.ts";
import { hostile, type PackageCase, valid } from "../case.ts";
import {
  basicConstraints,
  type CertificatePlan,
  codeSigning,
  DEVELOPER,
  type Extension,
  encodeExtension,
  extendedKeyUsage,
  keyUsage,
  OIDS,
  RELEASE,
  uriNames,
} from "../certificates.ts";
import { bits, boolean, element, explicit, integer, octets, oid, sequence, time } from "../der.ts";
import { testKey } from "../keys.ts";

export type Change = Partial<CertificatePlan>;
/** Wrong in the same way in a developer's certificate and in a release certificate. */
export type Row = readonly [
  id: string,
  code: FindingCode,
  why: string,
  change: (base: CertificatePlan) => Change,
];

export const without = (base: CertificatePlan, id: string): readonly Extension[] =>
  base.extensions.filter((e) => e.oid !== id);
export const replaced = (base: CertificatePlan, extension: Extension): Change => ({
  extensions: base.extensions.map((e) => (e.oid === extension.oid ? extension : e)),
});
export const also = (base: CertificatePlan, ...more: readonly Extension[]): Change => ({
  extensions: [...base.extensions, ...more],
});
export const extensionsOf = (base: CertificatePlan, ...more: readonly Uint8Array[]): Change => ({
  parts: { extensions: explicit(3, sequence(...base.extensions.map(encodeExtension), ...more)) },
});
export const idOf = (base: CertificatePlan) =>
  base.issuer === "Conformance Root" ? "mosis:store:" : "mosis:dev:";
const UNKNOWN = { oid: "1.3.6.1.4.1.99999.1", value: Buffer.from("0500", "hex") };

/** Wrong in the same way in a developer's certificate and in a release certificate. */
const SHARED: readonly Row[] = [
  [
    "not-der",
    "MPK-X001",
    "Bytes that are no certificate.",
    () => ({ bytes: () => Buffer.from("no certificate") }),
  ],
  [
    "trailing-byte",
    "MPK-X001",
    "A byte after the certificate.",
    () => ({ bytes: (b) => Buffer.concat([b, Buffer.of(0)]) }),
  ],
  [
    "ber-length",
    "MPK-X001",
    "A length in more bytes than it needs.",
    () => ({ bytes: (b) => Buffer.concat([Buffer.of(0x30, 0x83, 0), b.subarray(2)]) }),
  ],
  [
    "version-1",
    "MPK-X001",
    "A certificate that does not say its version.",
    () => ({ parts: { version: new Uint8Array(0) } }),
  ],
  ["version-2", "MPK-X001", "Version 2.", () => ({ parts: { version: explicit(0, integer(1n)) } })],
  ["serial-zero", "MPK-X001", "Serial number 0.", () => ({ parts: { serial: integer(0n) } })],
  [
    "serial-negative",
    "MPK-X001",
    "A negative serial number.",
    () => ({ parts: { serial: element(2, Buffer.of(0x80)) } }),
  ],
  [
    "serial-21-bytes",
    "MPK-X001",
    "A serial number of 21 bytes.",
    () => ({ parts: { serial: element(2, Buffer.alloc(21, 1)) } }),
  ],
  [
    "serial-not-minimal",
    "MPK-X001",
    "A serial number with a zero that it does not need.",
    () => ({ parts: { serial: element(2, Buffer.of(0, 1)) } }),
  ],
  [
    "serial-no-integer",
    "MPK-X001",
    "A serial number that is an OCTET STRING.",
    () => ({ parts: { serial: octets(Buffer.of(1)) } }),
  ],
  [
    "two-algorithms",
    "MPK-X001",
    "The two signature algorithms differ.",
    () => ({ parts: { innerAlgorithm: Buffer.from("300a06082a8648ce3d040303", "hex") } }),
  ],
  [
    "time-without-seconds",
    "MPK-X001",
    "A UTCTime without seconds.",
    (b) => ({ parts: { validity: sequence(element(0x17, Buffer.from("2601010000Z")), time(b.notAfter)) } }),
  ],
  [
    "time-with-offset",
    "MPK-X001",
    "A UTCTime with an offset.",
    (b) => ({
      parts: { validity: sequence(element(0x17, Buffer.from("260101000000+0000")), time(b.notAfter)) },
    }),
  ],
  [
    "generalized-time-before-2050",
    "MPK-X001",
    "A GeneralizedTime before 2050.",
    (b) => ({
      parts: { validity: sequence(element(0x18, Buffer.from("20260101000000Z")), time(b.notAfter)) },
    }),
  ],
  [
    "three-times",
    "MPK-X001",
    "A validity of three times.",
    (b) => ({ parts: { validity: sequence(time(b.notBefore), time(b.notAfter), time(b.notAfter)) } }),
  ],
  [
    "no-names",
    "MPK-X001",
    "An INTEGER in place of the issuer's name.",
    () => ({ parts: { issuer: integer(1n) } }),
  ],
  [
    "subject-no-name",
    "MPK-X001",
    "An INTEGER in place of the subject's name.",
    () => ({ parts: { subject: integer(1n) } }),
  ],
  [
    "unknown-field",
    "MPK-X001",
    "A field [0] after the key.",
    () => ({ extra: [element(0x80, Buffer.of(0, 1))] }),
  ],
  [
    "unique-ids-out-of-order",
    "MPK-X001",
    "The two unique ids in the wrong order.",
    () => ({ extra: [element(0x82, Buffer.of(0, 1)), element(0x81, Buffer.of(0, 1))] }),
  ],
  [
    "signature-unused-bits",
    "MPK-X001",
    "A signature that does not end with a byte.",
    (b) => ({
      parts: {
        signatureBits: bits(Buffer.concat([b.signer.sign(Buffer.of(1)).subarray(0, -1), Buffer.of(0)]), 4),
      },
    }),
  ],
  [
    "critical-false",
    "MPK-X001",
    "An extension that says critical FALSE, which DER leaves out.",
    (b) => extensionsOf(b, sequence(oid(UNKNOWN.oid), boolean(false), octets(UNKNOWN.value))),
  ],
  [
    "extension-without-value",
    "MPK-X001",
    "An extension without a value.",
    (b) => extensionsOf(b, sequence(oid(UNKNOWN.oid))),
  ],
  [
    "extension-four-parts",
    "MPK-X001",
    "An extension of four parts.",
    (b) =>
      extensionsOf(
        b,
        sequence(oid(UNKNOWN.oid), boolean(true), octets(UNKNOWN.value), octets(UNKNOWN.value)),
      ),
  ],
  [
    "extension-value-no-octets",
    "MPK-X001",
    "An extension whose value is no OCTET STRING.",
    (b) => extensionsOf(b, sequence(oid(UNKNOWN.oid), bits(UNKNOWN.value))),
  ],
  [
    "extension-oid-no-oid",
    "MPK-X001",
    "An extension whose name is no OBJECT IDENTIFIER.",
    (b) => extensionsOf(b, sequence(integer(1n), octets(UNKNOWN.value))),
  ],
  [
    "extension-critical-no-boolean",
    "MPK-X001",
    "An extension whose criticality is an INTEGER.",
    (b) => extensionsOf(b, sequence(oid(UNKNOWN.oid), integer(1n), octets(UNKNOWN.value))),
  ],
  [
    "extensions-no-sequence",
    "MPK-X001",
    "Extensions that are a SET.",
    (b) => ({ parts: { extensions: explicit(3, element(0x31, ...b.extensions.map(encodeExtension))) } }),
  ],
  [
    "extensions-twice",
    "MPK-X001",
    "Two lists of extensions.",
    (b) => ({
      parts: { extensions: explicit(3, sequence(...b.extensions.map(encodeExtension)), sequence()) },
    }),
  ],
  ["extension-twice", "MPK-X001", "An extension is there twice.", (b) => also(b, codeSigning())],
  [
    "ca-false-in-words",
    "MPK-X001",
    "Basic constraints that say cA FALSE, which DER leaves out.",
    (b) => replaced(b, { oid: OIDS.basicConstraints, critical: true, value: sequence(boolean(false)) }),
  ],
  [
    "no-name",
    "MPK-X003",
    "No subject alternative name.",
    (b) => ({ extensions: without(b, OIDS.subjectAltName) }),
  ],
  [
    "two-names",
    "MPK-X003",
    "Two names of its kind.",
    (b) => replaced(b, uriNames(`${idOf(b)}dev-1`, `${idOf(b)}dev-2`)),
  ],
  [
    "name-more",
    "MPK-X003",
    "A second name of another kind.",
    (b) =>
      replaced(b, {
        oid: OIDS.subjectAltName,
        value: sequence(
          element(0x86, Buffer.from(`${idOf(b)}dev-1`)),
          element(0x82, Buffer.from("example.org")),
        ),
      }),
  ],
  [
    "dns-name",
    "MPK-X003",
    "The name is a DNS name.",
    (b) =>
      replaced(b, {
        oid: OIDS.subjectAltName,
        value: sequence(element(0x82, Buffer.from(`${idOf(b)}dev-1`))),
      }),
  ],
  [
    "other-uri",
    "MPK-X003",
    "A URI that is none of ours.",
    (b) => replaced(b, uriNames("https://example.org/")),
  ],
  ["id-capital", "MPK-X003", "An id with a capital letter.", (b) => replaced(b, uriNames(`${idOf(b)}Dev-1`))],
  [
    "id-65",
    "MPK-X003",
    "An id of 65 characters.",
    (b) => replaced(b, uriNames(`${idOf(b)}${"d".repeat(65)}`)),
  ],
  ["id-empty", "MPK-X003", "An empty id.", (b) => replaced(b, uriNames(idOf(b)))],
  ["ca-true", "MPK-X004", "A leaf that says it is a CA.", (b) => replaced(b, basicConstraints(true))],
  ["path-length", "MPK-X004", "A leaf with a path length.", (b) => replaced(b, basicConstraints(false, 0))],
  ["no-key-usage", "MPK-X004", "No key usage.", (b) => ({ extensions: without(b, OIDS.keyUsage) })],
  [
    "no-digital-signature",
    "MPK-X004",
    "A key usage without digitalSignature.",
    (b) => replaced(b, keyUsage("keyAgreement")),
  ],
  [
    "key-cert-sign",
    "MPK-X004",
    "A leaf that may sign certificates.",
    (b) => replaced(b, keyUsage("digitalSignature", "keyCertSign")),
  ],
  [
    "no-extended-key-usage",
    "MPK-X004",
    "No extended key usage.",
    (b) => ({ extensions: without(b, OIDS.extendedKeyUsage) }),
  ],
  [
    "any-extended-key-usage",
    "MPK-X004",
    "anyExtendedKeyUsage, which does not count.",
    (b) => replaced(b, extendedKeyUsage("2.5.29.37.0")),
  ],
  [
    "server-auth",
    "MPK-X004",
    "A certificate for web servers.",
    (b) => replaced(b, extendedKeyUsage("1.3.6.1.5.5.7.3.1")),
  ],
  [
    "unknown-critical",
    "MPK-X005",
    "A critical extension that no reader knows.",
    (b) => also(b, { ...UNKNOWN, critical: true }),
  ],
  [
    "name-constraints-critical",
    "MPK-X005",
    "Name constraints, critical, which this format does not use.",
    (b) => also(b, { oid: "2.5.29.30", critical: true, value: sequence() }),
  ],
  ["rsa", "MPK-S008", "An RSA key.", () => ({ spki: RSA })],
  [
    "p384-leaf",
    "MPK-S008",
    "A P-384 key, which only authorities may be.",
    () => ({ spki: testKey("p384", "ecdsa-p384").spki }),
  ],
  ["compressed-point", "MPK-S008", "A compressed point.", (b) => ({ spki: compressed(b.key.spki) })],
  [
    "point-off-curve",
    "MPK-S008",
    "A point that is not on the curve.",
    (b) => ({ spki: offCurve(b.key.spki) }),
  ],
  [
    "issuer-other",
    "MPK-X006",
    "Issued by an authority of another name.",
    () => ({ issuer: "Somebody Else" }),
  ],
  [
    "expired",
    "MPK-X007",
    "The certificate ended a second before the approval.",
    () => ({ notAfter: new Date("2026-02-28T09:59:59Z") }),
  ],
  [
    "not-yet",
    "MPK-X007",
    "The certificate began a second after the approval.",
    () => ({ notBefore: new Date("2026-02-28T10:00:01Z") }),
  ],
  [
    "forged",
    "MPK-X009",
    "Another key signed in the authority's name.",
    () => ({ signer: testKey("forger") }),
  ],
  [
    "signature-changed",
    "MPK-X009",
    "The authority's signature with another s.",
    () => ({ signature: (s) => Buffer.concat([s.subarray(0, -1), Buffer.of((s.at(-1) ?? 0) ^ 1)]) }),
  ],
  [
    "signature-ber",
    "MPK-X009",
    "The authority's signature in BER, with a length that is longer than it needs.",
    () => ({ signature: (s) => Buffer.concat([Buffer.of(0x30, 0x81), s.subarray(1)]) }),
  ],
  [
    "sha1",
    "MPK-X009",
    "A signature algorithm with SHA-1.",
    () => ({ algorithm: Buffer.from("300906072a8648ce3d0401", "hex") }),
  ],
  [
    "algorithm-parameters",
    "MPK-X009",
    "A signature algorithm with parameters (NULL).",
    () => ({ algorithm: Buffer.from("300c06082a8648ce3d0403020500", "hex") }),
  ],
];

/** An RSA key of 2048 bits, of which only the form counts. */
const RSA = sequence(
  sequence(oid("1.2.840.113549.1.1.1"), Buffer.from("0500", "hex")),
  bits(sequence(integer(BigInt(`0x${"c1".repeat(256)}`)), integer(65537n))),
);

function compressed(spki: Uint8Array): Uint8Array {
  const x = spki.subarray(27, 59);
  const odd = ((spki.at(-1) ?? 0) & 1) === 1;
  return sequence(
    Buffer.from("301306072a8648ce3d020106082a8648ce3d030107", "hex"),
    bits(Buffer.concat([Buffer.of(odd ? 3 : 2), x])),
  );
}

function offCurve(spki: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(spki);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

export const rows = (
  file: "developer" | "store",
  base: CertificatePlan,
  table: readonly Row[] = SHARED,
): readonly PackageCase[] =>
  table.map(([id, code, why, change]) =>
    hostile(`certificates/${file}-${id}`, code, "3, Certificates", why, {
      [file]: { certificate: { ...base, ...change(base) } },
    }),
  );

const developer = (change: Change) => ({ developer: { certificate: { ...DEVELOPER, ...change } } });
const store = (change: Change) => ({ store: { certificate: { ...RELEASE, ...change } } });

/** Chains that are wrong above the leaf: the package is `valid/released` itself, judged by other authorities. */
const CHAINS: readonly (readonly [id: string, code: FindingCode, why: string, ca: string])[] = [
  ["other-store", "MPK-X006", "The authorities of another store.", "other-store"],
  ["same-names-other-keys", "MPK-X009", "The authorities of another store, of the same names.", "same-names"],
  ["no-developer-ca", "MPK-X006", "Only the root: the developer's certificate has no issuer.", "root-only"],
  ["developer-ca-not-ca", "MPK-X008", "A Developer CA that does not say it is one.", "developer-ca-not-ca"],
  [
    "developer-ca-no-cert-sign",
    "MPK-X008",
    "A Developer CA without keyCertSign.",
    "developer-ca-no-cert-sign",
  ],
  [
    "developer-ca-no-key-usage",
    "MPK-X008",
    "A Developer CA without a key usage.",
    "developer-ca-no-key-usage",
  ],
  [
    "developer-ca-path-length-1",
    "MPK-X008",
    "A Developer CA of path length 1.",
    "developer-ca-path-length-1",
  ],
  [
    "developer-ca-no-path-length",
    "MPK-X008",
    "A Developer CA without a path length.",
    "developer-ca-no-path-length",
  ],
  [
    "developer-ca-expired",
    "MPK-X007",
    "The Developer CA ended before the approval: chains are judged at approvedAt, CAs included.",
    "developer-ca-expired",
  ],
  ["developer-ca-not-yet", "MPK-X007", "The Developer CA began after the approval.", "developer-ca-not-yet"],
  [
    "developer-ca-other-root",
    "MPK-X006",
    "The Developer CA was issued by another root.",
    "developer-ca-other-root",
  ],
  [
    "developer-ca-other-key",
    "MPK-X009",
    "A Developer CA with a key of a kind that nobody signs with.",
    "developer-ca-other-key",
  ],
  [
    "developer-ca-off-curve",
    "MPK-X009",
    "A Developer CA whose key is no point of its curve.",
    "developer-ca-off-curve",
  ],
  [
    "developer-ca-forged",
    "MPK-X009",
    "Another key signed the Developer CA in the root's name.",
    "developer-ca-forged",
  ],
  ["root-expired", "MPK-X007", "The root ended before the approval.", "root-expired"],
  ["root-not-yet", "MPK-X007", "The root began after the approval.", "root-not-yet"],
  ["root-not-ca", "MPK-X008", "A root that does not say it is a CA.", "root-not-ca"],
  ["root-no-cert-sign", "MPK-X008", "A root whose key usage lacks keyCertSign.", "root-no-cert-sign"],
  ["root-path-length-0", "MPK-X008", "A root of path length 0, with a CA below it.", "root-path-length-0"],
  ["root-not-self-signed", "MPK-X009", "A root that another key signed.", "root-not-self-signed"],
];

/** A release certificate that another root issued than the Developer CA. */
const bySecondRoot = store({ issuer: "Second Root", signer: testKey("second-root") });

export const CERTIFICATES: readonly PackageCase[] = [
  valid(
    "valid/root-no-path-length",
    "3, Certificates",
    "A root that does not limit how many CAs stand below it.",
    {},
    { ca: "root-no-path-length" },
  ),
  valid(
    "valid/two-roots",
    "3, Certificates",
    "Two roots, of which the one issued the Developer CA and the other the release certificate.",
    bySecondRoot,
    { ca: "two-roots" },
  ),
  valid(
    "valid/sixty-four-authorities",
    "3, Files of certificates",
    "A file of 64 certificates, all of the store's names; the last root and the last Developer CA are the ones that issued.",
    {},
    { ca: "sixty-four" },
  ),
  hostile(
    "chains/second-root-expired",
    "MPK-X007",
    "3, Certificates",
    "The root that issued the release certificate ended before the approval; the Developer CA's is another.",
    bySecondRoot,
    { ca: "two-roots-one-expired", neighbour: "valid/two-roots" },
  ),
  ...rows("developer", DEVELOPER),
  ...rows("store", RELEASE),
  ...CHAINS.map(([id, code, why, ca]) => hostile(`chains/${id}`, code, "3, Certificates", why, {}, { ca })),
  hostile(
    "chains/developer-from-root",
    "MPK-X006",
    "3, Certificates",
    "A developer's certificate that the root itself issued: exactly one Developer CA stands between.",
    developer({ issuer: "Conformance Root", signer: testKey("root") }),
  ),
  hostile(
    "chains/release-from-developer-ca",
    "MPK-X006",
    "3, Certificates",
    "A release certificate that the Developer CA issued.",
    store({ issuer: "Conformance Developer CA", signer: testKey("developer-ca") }),
  ),
  hostile(
    "chains/self-signed-developer",
    "MPK-X006",
    "3, Certificates",
    "A developer's certificate that is signed with its own key.",
    developer({ issuer: "Developer One", signer: DEVELOPER.key }),
  ),
  hostile(
    "chains/signed-expired-now",
    "MPK-X007",
    "3, Certificates",
    "A signed package is judged now, a second after its certificate ended.",
    { store: null },
    { at: "2027-06-01T00:00:01Z", neighbour: "valid/signed-in-last-second" },
  ),
  hostile(
    "chains/signed-developer-ca-expired-now",
    "MPK-X007",
    "3, Certificates",
    "A signed package is judged now, when the Developer CA has ended.",
    { store: null },
    { ca: "developer-ca-expired", neighbour: "valid/signed" },
  ),
  hostile(
    "chains/name-other-encoding",
    "MPK-X006",
    "3, Certificates",
    "The issuer's name is the authority's in another encoding (PrintableString): names are compared byte by byte.",
    developer({
      parts: {
        issuer: sequence(
          element(0x31, sequence(oid("2.5.4.3"), element(0x13, Buffer.from("Conformance Developer CA")))),
        ),
      },
    }),
  ),
];
