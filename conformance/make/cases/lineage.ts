/** Key lineages in an app's index, and what is wrong with each (package format §5). */

import { sha256Hex } from "../../../src/format/digests.ts";
import { utf8 } from "../../../src/format/testing.ts";
import type { CataloguePlan } from "../catalogue.ts";
import { bad, type CatalogueCase, ca, type More, ok, target, without } from "../catalogue-case.ts";
import {
  type CertificatePlan,
  DEVELOPER,
  makeCertificate,
  OIDS,
  RELEASE,
  uriNames,
} from "../certificates.ts";
import {
  addition,
  DEVELOPERS,
  formerDevelopers,
  INDEX,
  LINEAGE,
  PATHS,
  REVOCATIONS,
  recovery,
  type StatementPlan,
} from "../content.ts";
import { testKey } from "../keys.ts";
import type { Loose } from "../packages.ts";

const SECTION = { section: "5" };
const [FIRST, ADDED, RECOVERED] = LINEAGE as readonly [Loose, Loose, Loose];
const of = (...entries: readonly unknown[]): CataloguePlan =>
  target(PATHS.index, { ...INDEX, lineage: entries });
const good = (name: string, why: string, plan: CataloguePlan, more: More = {}): CatalogueCase =>
  ok(`lineage-${name}`, why, plan, { ...SECTION, ...more });
const hostile = (
  code: string,
  name: string,
  why: string,
  plan: CataloguePlan,
  more: More = {},
): CatalogueCase => bad(code)(`lineage-${name}`, why, plan, { ...SECTION, ...more });

type Part = "addition" | "acceptance" | "recovery";
/** The lineage with one of its three statements changed. */
const changed = (part: Part, plan: StatementPlan): CataloguePlan =>
  part === "recovery" ? of(FIRST, ADDED, recovery(plan)) : of(FIRST, addition({ [part]: plan }), RECOVERED);
const says = (part: Part, predicate: Readonly<Record<string, unknown>>): CataloguePlan =>
  changed(part, { predicate });
const PARTS: readonly Part[] = ["addition", "acceptance", "recovery"];
const OTHER = testKey("developer-other");
const named = (certificate: CertificatePlan, uri: string): CertificatePlan => ({
  ...certificate,
  extensions: certificate.extensions.map((extension) =>
    extension.oid === OIDS.subjectAltName ? uriNames(uri) : extension,
  ),
});
const keyIds = DEVELOPERS.map(({ key }) => key.keyid);

/** One more addition after the recovery, signed by one of the keys. */
function fourth(certificate: CertificatePlan): Loose {
  const placed = { keyId: OTHER.keyid, position: 3 };
  const subject = { digest: { sha256: OTHER.keyid } };
  const when = { addedAt: "2026-02-20T10:00:00Z" };
  const entry = addition({
    addition: { certificate, predicate: { ...placed, ...when }, subject },
    acceptance: { predicate: { ...placed, acceptedAt: "2026-02-20T11:00:00Z" }, subject },
  });
  return { ...entry, keyId: OTHER.keyid };
}

/** One more recovery, which names these keys as lost. */
function recoveredAgain(lostKeyIds: readonly unknown[]): Loose {
  const entry = recovery({
    subject: { digest: { sha256: OTHER.keyid } },
    predicate: {
      keyId: OTHER.keyid,
      position: 3,
      lostKeyIds,
      requestedAt: "2026-02-15T12:00:00Z",
      waitingUntil: "2026-02-22T12:00:00Z",
      approvedAt: "2026-02-23T12:00:00Z",
    },
  });
  return { ...entry, keyId: OTHER.keyid };
}

const revoked = (more: Readonly<Record<string, unknown>>): CataloguePlan => ({
  ...target(PATHS.revocations, {
    ...REVOCATIONS,
    entries: [{ ...REVOCATIONS.entries[0], ...more }],
  }),
});
const fingerprintOf = (certificate: CertificatePlan): string => sha256Hex(makeCertificate(certificate));

/** The index of an app that changed hands. */
const given = (to: string, from: readonly string[], added: Loose = ADDED): CataloguePlan =>
  target(PATHS.index, {
    ...INDEX,
    developerId: to,
    ...(from.length > 0 && { formerDevelopers: from }),
    lineage: [FIRST, added, RECOVERED],
  });
const byDeveloper = (developerId: string): { addition: StatementPlan; acceptance: StatementPlan } => ({
  addition: {
    certificate: named(DEVELOPER, `mosis:dev:${developerId}`),
    predicate: { developerId },
  },
  acceptance: { predicate: { developerId } },
});
const ADDED_BY = { before: byDeveloper("dev-0"), after: byDeveloper("dev-2") };

const VALID: readonly CatalogueCase[] = [
  good("first-only", "A lineage of the first key alone.", { ...of(FIRST), leaves: null }),
  good("64-keys", "A lineage of as many keys as there may be.", {
    ...of(FIRST, ...additions(63)),
    leaves: null,
  }),
  good(
    "added-by-recovered",
    "A key that a recovery put in the place of others adds one.",
    of(FIRST, ADDED, RECOVERED, fourth(DEVELOPERS[2] ?? DEVELOPER)),
  ),
  good(
    "recovered-again",
    "A second recovery, which names the one key that was left as lost.",
    of(FIRST, ADDED, RECOVERED, recoveredAgain([keyIds[2]])),
  ),
  good(
    "given-away",
    "The app was given to another developer; what was said before names the one that it was of.",
    given("dev-2", ["dev-1"]),
  ),
  good(
    "given-away-twice",
    "The app was of three developers; each statement is of one of the first two.",
    given("dev-3", ["dev-0", "dev-1"], addition(ADDED_BY.before)),
  ),
  good(
    "added-after-given-away",
    "The developer that the app was given to adds a key, with a certificate of its own for a key that it was given.",
    given("dev-2", ["dev-1"], addition(ADDED_BY.after)),
  ),
  good(
    "63-former-developers",
    "An app that was given away as often as it may be.",
    target(PATHS.index, { ...INDEX, formerDevelopers: formerDevelopers(63) }),
  ),
  good(
    "added-24h-later",
    "The developer's clock is 24 hours ahead of the store's.",
    says("addition", { addedAt: "2026-01-21T11:00:00Z" }),
  ),
  good(
    "accepted-24h-ahead",
    "The acceptance is 24 hours ahead of the reader's clock.",
    says("acceptance", { acceptedAt: "2026-03-02T12:00:00Z" }),
  ),
  good(
    "recovery-24h-ahead",
    "The recovery is 24 hours ahead of the reader's clock.",
    says("recovery", { approvedAt: "2026-03-02T12:00:00Z" }),
  ),
  good(
    "recovery-waited-24h",
    "A recovery that waited for 24 hours.",
    says("recovery", { waitingUntil: "2026-02-02T12:00:00Z" }),
  ),
  good(
    "recovery-approved-at-once",
    "A recovery that was approved as soon as the wait was over.",
    says("recovery", { approvedAt: "2026-02-08T12:00:00Z" }),
  ),
  good(
    "signer-revoked-later",
    "The key that signed the addition was revoked in the moment of its acceptance.",
    revoked({ subject: "key", id: keyIds[0], revokedAt: "2026-01-20T11:00:00Z" }),
  ),
  good(
    "signers-certificate-revoked-later",
    "The certificate that signed the addition was revoked in the moment of its acceptance.",
    revoked({ subject: "certificate", id: fingerprintOf(DEVELOPER), revokedAt: "2026-01-20T11:00:00Z" }),
  ),
  good(
    "store-key-revoked-later",
    "The store's release key counts up to the moment of the recovery.",
    revoked({ subject: "key", id: RELEASE.key.keyid, approvalsUntil: "2026-02-10T12:00:00Z" }),
  ),
  good(
    "other-subject-certificate",
    "The certificate's digest is revoked as a package's, which it is not.",
    revoked({ subject: "package", id: fingerprintOf(DEVELOPER), revokedAt: "2026-01-01T00:00:00Z" }),
  ),
  good(
    "other-subject-revoked",
    "The key's id is revoked as a package's digest, which it is not.",
    revoked({ subject: "package", id: keyIds[0], revokedAt: "2026-01-01T00:00:00Z" }),
  ),
];

/** Additions of made-up keys, each accepted. */
function additions(count: number): readonly Loose[] {
  return Array.from({ length: count }, (_, index) => {
    const position = index + 1;
    const key = testKey(`developer-many-${position}`);
    const predicate = { keyId: key.keyid, position };
    const subject = { digest: { sha256: key.keyid } };
    return {
      ...addition({ addition: { predicate, subject }, acceptance: { predicate, subject } }),
      keyId: key.keyid,
    };
  });
}

const SHAPE: readonly CatalogueCase[] = [
  hostile("MPK-L001", "empty", "A lineage of no keys.", of()),
  hostile(
    "MPK-L001",
    "65-keys",
    "A lineage of 65 keys.",
    { ...of(FIRST, ...additions(64)), leaves: null },
    { neighbour: "lineage-64-keys" },
  ),
  hostile("MPK-L001", "object", "A lineage that is no list.", target(PATHS.index, { ...INDEX, lineage: {} })),
  hostile("MPK-L001", "entry-text", "An entry that is a text.", of(FIRST, "key")),
  hostile("MPK-L001", "entry-null", "An entry that is null.", of(FIRST, null)),
  hostile("MPK-L001", "key-id", "Something else than a key id.", of({ keyId: "3" })),
  hostile(
    "MPK-L001",
    "addition-entry-key-id",
    "An addition of something else than a key id.",
    of(FIRST, { ...ADDED, keyId: "3" }, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "recovery-entry-key-id",
    "A recovery to something else than a key id.",
    of(FIRST, ADDED, { ...RECOVERED, keyId: "3" }),
  ),
  hostile("MPK-L001", "key-id-upper-case", "A key id in upper case.", of({ keyId: "A".repeat(64) })),
  hostile(
    "MPK-L001",
    "first-with-statements",
    "The first entry carries statements.",
    of({ ...ADDED }, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "first-key-more",
    "The first entry has an unknown key.",
    of({ ...FIRST, x: 1 }, ADDED, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "second-without-statements",
    "A second key without statements.",
    of(FIRST, { keyId: keyIds[1] }, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "no-acceptance",
    "An addition that the store has not accepted.",
    of(FIRST, { ...ADDED, acceptance: undefined }, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "no-addition",
    "An acceptance of nothing.",
    of(FIRST, { ...ADDED, addition: undefined }, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "addition-entry-key-more",
    "An addition with an unknown key.",
    of(FIRST, { ...ADDED, x: 1 }, RECOVERED),
  ),
  hostile(
    "MPK-L001",
    "recovery-and-addition",
    "An entry with a recovery and an addition at once.",
    of(FIRST, ADDED, { ...ADDED, ...RECOVERED }),
  ),
  hostile(
    "MPK-L001",
    "twice",
    "A key that stands in the list twice.",
    of(FIRST, { ...ADDED, keyId: keyIds[0] }, RECOVERED),
  ),
];

const PLACES: readonly CatalogueCase[] = PARTS.flatMap((part) => [
  hostile(
    "MPK-L002",
    `${part}-other-digest`,
    `The ${part} has another key as its subject.`,
    changed(part, { subject: { digest: { sha256: OTHER.keyid } } }),
  ),
  hostile(
    "MPK-L002",
    `${part}-other-name`,
    `The ${part} has another app as its subject.`,
    changed(part, { subject: { name: "org.example.other" } }),
  ),
  hostile(
    "MPK-L002",
    `${part}-other-key`,
    `The ${part} says another key.`,
    says(part, { keyId: OTHER.keyid }),
  ),
  hostile(
    "MPK-L002",
    `${part}-other-app`,
    `The ${part} says another app.`,
    says(part, { appId: "org.example.other" }),
  ),
  hostile(
    "MPK-L002",
    `${part}-other-developer`,
    `The ${part} says another developer.`,
    says(part, { developerId: "dev-2" }),
  ),
  hostile(
    "MPK-L003",
    `${part}-other-place`,
    `The ${part} is for another place in the list.`,
    says(part, { position: 5 }),
  ),
  hostile(
    "MPK-A001",
    `${part}-place-0`,
    `The ${part} is for the first place, which needs none.`,
    says(part, { position: 0 }),
  ),
  hostile(
    "MPK-A001",
    `${part}-place-text`,
    `The ${part} says its place as a text.`,
    says(part, { position: "1" }),
  ),
  hostile(
    "MPK-A001",
    `${part}-key-id-short`,
    `The ${part} says something else than a key id.`,
    says(part, { keyId: "3" }),
  ),
  hostile("MPK-A001", `${part}-app-number`, `The ${part} says a number as app.`, says(part, { appId: 1 })),
  hostile(
    "MPK-A001",
    `${part}-developer-malformed`,
    `The ${part} says a developer in capital letters.`,
    says(part, { developerId: "DEV" }),
  ),
  hostile(
    "MPK-A001",
    `${part}-key-more`,
    `The ${part}'s predicate has an unknown key.`,
    says(part, { x: 1 }),
  ),
  hostile(
    "MPK-A001",
    `${part}-key-missing`,
    `The ${part}'s predicate lacks a key.`,
    says(part, { position: undefined }),
  ),
  hostile(
    "MPK-S007",
    `${part}-signature`,
    `The ${part}'s signature does not hold.`,
    changed(part, { signed: (encoding) => Buffer.concat([encoding, Buffer.from("x")]) }),
  ),
  hostile(
    "MPK-A002",
    `${part}-other-type`,
    `The ${part} is a statement of another type.`,
    changed(part, { statement: (s) => ({ ...s, predicateType: "https://mosis.dev/attestation/other/v1" }) }),
  ),
]);

const ADDITIONS: readonly CatalogueCase[] = [
  hostile(
    "MPK-L004",
    "added-by-stranger",
    "A key that is not in the list adds one.",
    changed("addition", { certificate: { ...DEVELOPER, key: OTHER } }),
  ),
  hostile(
    "MPK-L004",
    "added-by-itself",
    "A key adds itself.",
    changed("addition", { certificate: { ...DEVELOPER, key: DEVELOPERS[1]?.key ?? OTHER } }),
  ),
  hostile(
    "MPK-L004",
    "added-by-lost",
    "A key that a recovery named as lost adds one.",
    of(FIRST, ADDED, RECOVERED, fourth(DEVELOPER)),
    { neighbour: "lineage-added-by-recovered" },
  ),
  hostile(
    "MPK-L002",
    "added-by-another-developer",
    "A certificate of another developer signs the addition.",
    changed("addition", { certificate: named(DEVELOPER, "mosis:dev:dev-2") }),
  ),
  hostile(
    "MPK-L002",
    "given-away-untold",
    "The app is of another developer than its statements say, and names none that it was of before.",
    given("dev-2", []),
    { neighbour: "lineage-given-away" },
  ),
  hostile(
    "MPK-L002",
    "given-away-by-another",
    "The one that it was of before is another than its statements say.",
    given("dev-2", ["dev-0"]),
    { neighbour: "lineage-given-away" },
  ),
  hostile(
    "MPK-L002",
    "addition-of-two-developers",
    "The addition says one developer of the app, and is signed with a certificate of another and accepted for that one.",
    given(
      "dev-2",
      ["dev-1"],
      addition({
        addition: { certificate: named(DEVELOPER, "mosis:dev:dev-2") },
        acceptance: { predicate: { developerId: "dev-2" } },
      }),
    ),
    { neighbour: "lineage-given-away" },
  ),
  hostile(
    "MPK-L002",
    "accepted-for-another-developer",
    "The acceptance says another developer of the app than the addition.",
    given("dev-2", ["dev-1"], addition({ acceptance: { predicate: { developerId: "dev-2" } } })),
    { neighbour: "lineage-given-away" },
  ),
  hostile(
    "MPK-J001",
    "addition-too-large",
    "The envelope of an addition has more than 1 MiB.",
    changed("addition", { envelope: (e) => ({ ...e, payload: "A".repeat(2 ** 20) }) }),
  ),
  hostile(
    "MPK-L005",
    "accepted-another",
    "The store accepted another addition.",
    says("acceptance", { addition: { sha256: "0".repeat(64) } }),
  ),
  hostile(
    "MPK-L005",
    "accepted-another-signer",
    "The acceptance names another key as the one that signed.",
    says("acceptance", { signerKeyId: OTHER.keyid }),
  ),
  hostile(
    "MPK-A001",
    "accepted-signer-malformed",
    "The acceptance names no key id as the one that signed.",
    says("acceptance", { signerKeyId: "3" }),
  ),
  hostile(
    "MPK-A001",
    "accepted-digest-malformed",
    "The acceptance names no digest.",
    says("acceptance", { addition: { sha256: "3" } }),
  ),
  hostile(
    "MPK-A001",
    "accepted-digest-more",
    "The acceptance names a digest and more.",
    says("acceptance", { addition: { sha256: "0".repeat(64), x: 1 } }),
  ),
  hostile(
    "MPK-A001",
    "accepted-store-malformed",
    "The acceptance names a store in capital letters.",
    says("acceptance", { storeId: "STORE" }),
  ),
  hostile("MPK-A005", "added-at-malformed", "addedAt is no time.", says("addition", { addedAt: "now" })),
  hostile(
    "MPK-A005",
    "accepted-at-malformed",
    "acceptedAt is no time.",
    says("acceptance", { acceptedAt: "now" }),
  ),
  hostile(
    "MPK-L006",
    "added-later",
    "The developer signed more than 24 hours after the store accepted.",
    says("addition", { addedAt: "2026-01-21T11:00:01Z" }),
    { neighbour: "lineage-added-24h-later" },
  ),
  hostile(
    "MPK-L006",
    "accepted-ahead",
    "The acceptance is more than 24 hours ahead of the reader's clock.",
    says("acceptance", { acceptedAt: "2026-03-02T12:00:01Z" }),
    { neighbour: "lineage-accepted-24h-ahead" },
  ),
  hostile(
    "MPK-A009",
    "accepted-other-store",
    "The acceptance says another store than its certificate.",
    says("acceptance", { storeId: "store-2" }),
  ),
  hostile(
    "MPK-A009",
    "accepted-by-other-store",
    "Another store accepted it, whose certificate is of the same root.",
    changed("acceptance", {
      certificate: named(RELEASE, "mosis:store:store-2"),
      predicate: { storeId: "store-2" },
    }),
  ),
  hostile(
    "MPK-A009",
    "accepted-in-the-name-of",
    "Another store accepted it, whose certificate is of the same root, and says that it is this one.",
    changed("acceptance", { certificate: named(RELEASE, "mosis:store:store-2") }),
  ),
  hostile(
    "MPK-X002",
    "added-by-release",
    "A release certificate signs the addition.",
    changed("addition", { certificate: RELEASE }),
  ),
  hostile(
    "MPK-X002",
    "accepted-by-developer",
    "A developer certificate signs the acceptance.",
    changed("acceptance", { certificate: DEVELOPER }),
  ),
  hostile(
    "MPK-X007",
    "added-expired",
    "The developer's certificate had ended when the store accepted.",
    changed("addition", { certificate: { ...DEVELOPER, notAfter: new Date("2026-01-20T10:59:59Z") } }),
  ),
  hostile(
    "MPK-X007",
    "accepted-expired",
    "The release certificate had ended when it accepted.",
    changed("acceptance", { certificate: { ...RELEASE, notAfter: new Date("2026-01-20T10:59:59Z") } }),
  ),
  hostile(
    "MPK-X006",
    "added-other-authority",
    "The developer's certificate is of an authority that nobody knows.",
    changed("addition", { certificate: { ...DEVELOPER, issuer: "Other", signer: testKey("other-ca") } }),
  ),
  hostile(
    "MPK-X006",
    "accepted-other-authority",
    "The release certificate is of an authority that nobody knows.",
    changed("acceptance", { certificate: { ...RELEASE, issuer: "Other", signer: testKey("other-root") } }),
  ),
  hostile(
    "MPK-X011",
    "signer-revoked",
    "The key that signed the addition had been revoked before.",
    revoked({ subject: "key", id: keyIds[0], revokedAt: "2026-01-20T10:59:59Z" }),
    { neighbour: "lineage-signer-revoked-later" },
  ),
  hostile(
    "MPK-X011",
    "signers-certificate-revoked",
    "The certificate that signed the addition had been revoked before.",
    revoked({ subject: "certificate", id: fingerprintOf(DEVELOPER), revokedAt: "2026-01-20T10:59:59Z" }),
    { neighbour: "lineage-signers-certificate-revoked-later" },
  ),
  hostile(
    "MPK-X011",
    "store-key-revoked",
    "The store's release key is revoked, whenever it signed.",
    revoked({ subject: "key", id: RELEASE.key.keyid }),
    { neighbour: "lineage-store-key-revoked-later" },
  ),
  hostile(
    "MPK-X011",
    "store-certificate-revoked",
    "The store's release certificate is revoked, whenever it signed.",
    revoked({ subject: "certificate", id: fingerprintOf(RELEASE) }),
    { neighbour: "lineage-store-key-revoked-later" },
  ),
  hostile(
    "MPK-X011",
    "store-key-revoked-before",
    "The store's release key counts up to a second before the recovery.",
    revoked({ subject: "key", id: RELEASE.key.keyid, approvalsUntil: "2026-02-10T11:59:59Z" }),
    { neighbour: "lineage-store-key-revoked-later" },
  ),
];

const RECOVERIES: readonly CatalogueCase[] = [
  hostile(
    "MPK-L007",
    "recovery-waited-less",
    "A recovery that waited a second less than 24 hours.",
    says("recovery", { waitingUntil: "2026-02-02T11:59:59Z" }),
    { neighbour: "lineage-recovery-waited-24h" },
  ),
  hostile(
    "MPK-L007",
    "recovery-too-early",
    "A recovery that was approved before the wait was over.",
    says("recovery", { approvedAt: "2026-02-08T11:59:59Z" }),
    { neighbour: "lineage-recovery-approved-at-once" },
  ),
  hostile(
    "MPK-L007",
    "recovery-no-approver",
    "A recovery that nobody approved.",
    says("recovery", { approvers: 0 }),
  ),
  hostile(
    "MPK-L007",
    "recovery-nobody-told",
    "A recovery of which no owner was told.",
    says("recovery", { ownersTold: 0 }),
  ),
  hostile(
    "MPK-A001",
    "recovery-approvers-text",
    "approvers is a text.",
    says("recovery", { approvers: "1" }),
  ),
  hostile(
    "MPK-A001",
    "recovery-told-half",
    "ownersTold is one and a half.",
    says("recovery", { ownersTold: 1.5 }),
  ),
  hostile(
    "MPK-A001",
    "recovery-id-malformed",
    "recoveryId in capital letters.",
    says("recovery", { recoveryId: "REC" }),
  ),
  hostile(
    "MPK-A001",
    "recovery-store-malformed",
    "The recovery names a store in capital letters.",
    says("recovery", { storeId: "STORE" }),
  ),
  hostile(
    "MPK-A001",
    "recovery-lost-text",
    "lostKeyIds is a text.",
    says("recovery", { lostKeyIds: keyIds[0] }),
  ),
  hostile(
    "MPK-A001",
    "recovery-lost-malformed",
    "lostKeyIds holds no key id.",
    says("recovery", { lostKeyIds: [keyIds[0], "3"] }),
  ),
  hostile(
    "MPK-A005",
    "recovery-requested-malformed",
    "requestedAt is no time.",
    says("recovery", { requestedAt: "now" }),
  ),
  hostile(
    "MPK-A005",
    "recovery-waiting-malformed",
    "waitingUntil is no time.",
    says("recovery", { waitingUntil: "now" }),
  ),
  hostile(
    "MPK-A005",
    "recovery-approved-malformed",
    "approvedAt is no time.",
    says("recovery", { approvedAt: "now" }),
  ),
  hostile(
    "MPK-L008",
    "recovery-lost-one",
    "A recovery that names one of two keys as lost.",
    says("recovery", { lostKeyIds: [keyIds[0]] }),
  ),
  hostile(
    "MPK-L008",
    "recovered-again-lost-before",
    "A second recovery that names keys which the first one named.",
    of(FIRST, ADDED, RECOVERED, recoveredAgain(keyIds)),
    { neighbour: "lineage-recovered-again" },
  ),
  hostile(
    "MPK-A001",
    "recovery-approvers-negative",
    "Less than no approver.",
    says("recovery", { approvers: -1 }),
  ),
  hostile(
    "MPK-A001",
    "recovery-told-negative",
    "Less than no owner was told.",
    says("recovery", { ownersTold: -1 }),
  ),
  hostile(
    "MPK-L008",
    "recovery-lost-order",
    "A recovery that names the lost keys in another order.",
    says("recovery", { lostKeyIds: [keyIds[1], keyIds[0]] }),
  ),
  hostile(
    "MPK-L008",
    "recovery-lost-more",
    "A recovery that names a key which is not in the list.",
    says("recovery", { lostKeyIds: [keyIds[0], keyIds[1], OTHER.keyid] }),
  ),
  hostile(
    "MPK-L006",
    "recovery-ahead",
    "The recovery is more than 24 hours ahead of the reader's clock.",
    says("recovery", { approvedAt: "2026-03-02T12:00:01Z" }),
    { neighbour: "lineage-recovery-24h-ahead" },
  ),
  hostile(
    "MPK-A009",
    "recovery-other-store",
    "The recovery says another store than its certificate.",
    says("recovery", { storeId: "store-2" }),
  ),
  hostile(
    "MPK-A009",
    "recovery-by-other-store",
    "Another store made the recovery, whose certificate is of the same root.",
    changed("recovery", {
      certificate: named(RELEASE, "mosis:store:store-2"),
      predicate: { storeId: "store-2" },
    }),
  ),
  hostile(
    "MPK-X002",
    "recovery-by-developer",
    "A developer certificate signs the recovery.",
    changed("recovery", { certificate: DEVELOPER }),
  ),
  hostile(
    "MPK-X007",
    "recovery-expired",
    "The release certificate had ended when the recovery was approved.",
    changed("recovery", { certificate: { ...RELEASE, notAfter: new Date("2026-02-10T11:59:59Z") } }),
  ),
  hostile(
    "MPK-X006",
    "recovery-other-authority",
    "The recovery's certificate is of an authority that nobody knows.",
    changed("recovery", { certificate: { ...RELEASE, issuer: "Other", signer: testKey("other-root") } }),
  ),
];

/** A lineage whose addition is for another place, which is judged after every target. */
const misplaced = says("addition", { position: 5 });
const ORDER: readonly CatalogueCase[] = [
  bad("malformed")(
    "lineage-and-shard",
    "An addition for another place, and a shard that is no JSON: every target is judged before any lineage.",
    { targets: { ...misplaced.targets, ...target(PATHS.shard, utf8("{")).targets } },
  ),
  bad("missing")("lineage-and-missing", "An addition for another place, and another target is not there.", {
    targets: { ...misplaced.targets, ...target("x.txt", utf8("hello")).targets },
    ...without(/\.x\.txt$/),
  }),
  bad("MPK-X001")(
    "ca-and-revocations",
    "No certificate in trust/ca.pem, and no JSON in trust/revocations.json.",
    {
      targets: { ...ca(utf8("none")).targets, ...target(PATHS.revocations, utf8("{")).targets },
    },
  ),
  bad("malformed")(
    "revocations-and-log",
    "No JSON in trust/revocations.json, and the log's head is not there.",
    {
      ...target(PATHS.revocations, utf8("{")),
      ...without(/log\.json$/),
    },
  ),
  bad("missing")("log-and-index", "The log's head is not there, and an index is no JSON.", {
    ...target(PATHS.index, utf8("{")),
    ...without(/targets\/trust\/[0-9a-f]*\.log\.json$/),
  }),
  bad("foreign")("ca-and-no-log", "No certificate in trust/ca.pem, and no target trust/log.json.", {
    targets: { ...ca(utf8("none")).targets, [PATHS.log]: null },
  }),
  bad("missing")(
    "target-order",
    "A target whose path comes before an index is not there, and the index is no JSON.",
    {
      targets: { ...target(PATHS.index, utf8("{")).targets, ...target("Z.txt", utf8("hello")).targets },
      ...without(/\.Z\.txt$/),
    },
  ),
  bad("malformed")(
    "target-order-behind",
    "A target whose path comes behind an index is not there, and the index is no JSON.",
    {
      targets: { ...target(PATHS.index, utf8("{")).targets, ...target("apps~.txt", utf8("hello")).targets },
      ...without(/\.apps~\.txt$/),
    },
  ),
];

export const LINEAGE_CASES: readonly CatalogueCase[] = [
  ...ORDER,
  ...VALID,
  ...SHAPE,
  ...PLACES,
  ...ADDITIONS,
  ...RECOVERIES,
];
