/** Packages in which two things are wrong, and which of them is told (package format §2 and §3). */
import type { FindingCode } from "../../../src/format/findings.ts";
import { utf8 } from "../../../src/format/testing.ts";
import { hostile, type PackageCase } from "../case.ts";
import {
  basicConstraints,
  type CertificatePlan,
  DEVELOPER,
  OIDS,
  RELEASE,
  uriNames,
} from "../certificates.ts";
import type { EnvelopePlan, Loose } from "../packages.ts";

/** In the manifest, in the place of its version code. */
const number = (text: string) => (canonical: Uint8Array) =>
  utf8(Buffer.from(canonical).toString("utf8").replace('"versionCode":7', text));
const whole = (bytes: Uint8Array) => () => bytes;
type JsonRow = readonly [
  id: string,
  code: FindingCode,
  why: string,
  manifestBytes: (canonical: Uint8Array) => Uint8Array,
];

const DEEP = `${"[".repeat(17)}${"]".repeat(17)}`;
const JSON_ROWS: readonly JsonRow[] = [
  [
    "mark-and-not-utf8",
    "MPK-J002",
    "A byte order mark, and at the end a byte that is no UTF-8.",
    whole(Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), utf8("{}"), Buffer.of(0xff)])),
  ],
  [
    "mark-and-not-json",
    "MPK-J003",
    "A byte order mark, and behind it no JSON.",
    whole(Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), utf8("manifest")])),
  ],
  [
    "twice-then-deep",
    "MPK-J006",
    "A key twice, whose second value is nested too deep: the key comes first.",
    number(`"versionCode":7,"versionCode":${DEEP}`),
  ],
  [
    "deep-then-twice",
    "MPK-J005",
    "A value that is nested too deep, and behind it a key twice.",
    number(`"versionCode":${DEEP},"versionCode":7`),
  ],
  [
    "deep-then-cut",
    "MPK-J005",
    "Where a value would have to begin that is too deep, the document ends.",
    whole(utf8("[".repeat(16))),
  ],
  [
    "twice-then-number",
    "MPK-J006",
    "A key twice, whose second value is minus zero.",
    number('"versionCode":7,"versionCode":-0'),
  ],
  [
    "number-then-twice",
    "MPK-J008",
    "A key twice, whose first value is minus zero.",
    number('"versionCode":-0,"versionCode":7'),
  ],
  [
    "surrogate-then-number",
    "MPK-J007",
    "Half a pair in a key, whose value is minus zero.",
    number('"versionCode\\ud800":-0'),
  ],
  [
    "number-then-surrogate",
    "MPK-J008",
    "Minus zero, and in the key behind it half a pair.",
    number('"versionCode":-0,"x\\ud800":7'),
  ],
  [
    "surrogate-then-cut",
    "MPK-J004",
    "Half a pair in a text that does not end.",
    whole(utf8('{"versionCode":"\\ud800')),
  ],
  [
    "twice-then-cut",
    "MPK-J006",
    "A key twice, behind which the document ends.",
    whole(utf8('{"versionCode":7,"versionCode"')),
  ],
  [
    "cut-then-nothing",
    "MPK-J004",
    "A key that stands twice with a colon missing before.",
    whole(utf8('{"versionCode"7,"versionCode":7}')),
  ],
  ["number-then-digit", "MPK-J008", "Minus zero, and behind it a digit.", number('"versionCode":-01')],
  ["space-then-number", "MPK-J008", "A space, and behind it minus zero.", number('"versionCode": -0')],
];

type Row = readonly [id: string, code: FindingCode, why: string, plan: EnvelopePlan];
const envelope = (change: (e: Loose) => void): EnvelopePlan => ({
  envelope: (e) => {
    change(e);
    return e;
  },
});
const statement = (change: (s: Loose) => void): EnvelopePlan => ({
  statement: (s) => {
    change(s);
    return s;
  },
});

/** In either envelope. */
const BOTH: readonly Row[] = [
  ["null", "MPK-S001", "The envelope is null: it has not the keys of one.", { envelope: () => null }],
  [
    "type-and-payload-number",
    "MPK-S002",
    "Another payload type, and a payload that is a number.",
    envelope((e) => void Object.assign(e, { payloadType: "application/json", payload: 1 })),
  ],
  [
    "type-and-signatures-object",
    "MPK-S002",
    "Another payload type, and signatures that are an object.",
    envelope((e) => void Object.assign(e, { payloadType: "application/json", signatures: {} })),
  ],
  [
    "key-more-and-type",
    "MPK-S001",
    "A key that is not on the page, and another payload type.",
    envelope((e) => void Object.assign(e, { payloadType: "application/json", x: 1 })),
  ],
  [
    "two-signatures-and-payload-number",
    "MPK-S003",
    "Two signatures, and a payload that is a number.",
    envelope((e) => void Object.assign(e, { payload: 1, signatures: [e.signatures[0], e.signatures[0]] })),
  ],
  [
    "two-signatures-and-text",
    "MPK-S003",
    "Two signatures, of which the first is a text.",
    envelope((e) => void e.signatures.unshift("x")),
  ],
  [
    "signature-key-more-and-payload-loose",
    "MPK-S001",
    "A signature with a key that is not on the page, and a payload that is no Base64.",
    envelope((e) => {
      e.payload = "?";
      e.signatures[0].x = 1;
    }),
  ],
  [
    "payload-loose-and-keyid-short",
    "MPK-S004",
    "A payload that is no Base64, and a short key id.",
    envelope((e) => {
      e.payload = "?";
      e.signatures[0].keyid = "00";
    }),
  ],
  [
    "keyid-short-and-sig-loose",
    "MPK-S001",
    "A short key id, and a sig that is no Base64.",
    envelope((e) => void Object.assign(e.signatures[0], { keyid: "00", sig: "?" })),
  ],
  [
    "sig-loose-and-cert-number",
    "MPK-S004",
    "A sig that is no Base64, and a certificate that is a number.",
    envelope((e) => void Object.assign(e.signatures[0], { sig: "?", cert: 1 })),
  ],
  [
    "type-and-subject",
    "MPK-A002",
    "A statement of another predicate type, about nothing.",
    statement((s) => void Object.assign(s, { predicateType: "https://example.org/", subject: [] })),
  ],
  [
    "key-more-and-predicate-type",
    "MPK-A001",
    "A statement with a key that is not on the page, and of another predicate type.",
    statement((s) => void Object.assign(s, { predicateType: "https://example.org/", x: 1 })),
  ],
  [
    "number-with-exponent",
    "MPK-A001",
    "A version code of 10²¹, as canonical JSON writes it: it is no integer of JSON's rules, which are written without exponent.",
    statement((s) => void (s.predicate.versionCode = 1e21)),
  ],
];

const DEVELOPERS: readonly Row[] = [
  [
    "time-and-version",
    "MPK-A001",
    "A time that is none, and a version that is a number: times are judged last of a statement's form.",
    statement((s) => void Object.assign(s.predicate, { signedAt: "now", version: 1 })),
  ],
  [
    "time-and-app",
    "MPK-A005",
    "A time that is none, and another app's id: what a statement is about is judged after its form.",
    statement((s) => void Object.assign(s.predicate, { signedAt: "now", appId: "org.example.other" })),
  ],
];
const STORES: readonly Row[] = [
  [
    "time-and-upload",
    "MPK-A001",
    "A time that is none, and an upload without a digest.",
    statement((s) => void Object.assign(s.predicate, { approvedAt: "now", upload: {} })),
  ],
  [
    "time-and-review",
    "MPK-A001",
    "A time that is none, and a review that is a text.",
    statement((s) => void Object.assign(s.predicate, { approvedAt: "now", review: "good" })),
  ],
];

/** A leaf that has the other kind's name, and says that it is a CA. */
const swapped = (plan: CertificatePlan, uri: string): CertificatePlan => ({
  ...plan,
  extensions: [
    ...plan.extensions.filter(({ oid }) => oid !== OIDS.subjectAltName && oid !== OIDS.basicConstraints),
    uriNames(uri),
    basicConstraints(true),
  ],
});
const OTHER_KIND =
  "A certificate that has the other kind's name, and says that it is a CA: the name comes first.";

const of = (file: "developer" | "store", rows: readonly Row[]): readonly PackageCase[] =>
  rows.map(([id, code, why, plan]) => hostile(`${file}/both-${id}`, code, "3", why, { [file]: plan }));

export const TWO_FAULTS_OF_PACKAGES: readonly PackageCase[] = [
  ...JSON_ROWS.map(([id, code, why, manifestBytes]) =>
    hostile(`json/both-${id}`, code, "2", why, { manifestBytes }),
  ),
  ...of("developer", [...BOTH, ...DEVELOPERS]),
  ...of("store", [...BOTH, ...STORES]),
  hostile(
    "manifest/both-number-with-exponent",
    "MPK-M004",
    "4",
    "A version code of 10²¹, as canonical JSON writes it: JSON as it has to be, and beyond what a version code may be.",
    { manifestBytes: number('"versionCode":1e+21') },
  ),
  hostile("developer/both-other-kind-and-ca", "MPK-X002", "3", OTHER_KIND, {
    developer: { certificate: swapped(DEVELOPER, "mosis:store:store-1") },
  }),
  hostile("store/both-other-kind-and-ca", "MPK-X002", "3", OTHER_KIND, {
    store: { certificate: swapped(RELEASE, "mosis:dev:dev-1") },
  }),
];
