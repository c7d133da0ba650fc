/** Each field of the catalogue's documents with a value that it may not have, and with the nearest that it may (package format §6). */
import { shardOf } from "../../../src/catalog/tuf/app-index.ts";
import { canonicalize } from "../../../src/signing/json.ts";
import type { CataloguePlan } from "../catalogue.ts";
import { bad, type CatalogueCase, ok, target } from "../catalogue-case.ts";
import { DEVELOPER_LEAVES, INDEX, LINEAGE, PATHS, REVOCATIONS, SHARD } from "../content.ts";
import type { Loose } from "../packages.ts";

const malformed = bad("malformed");
type Fields = Readonly<Record<string, unknown>>;

const listed = INDEX.channels.stable[0];
const index = (more: Fields): CataloguePlan => target(PATHS.index, { ...INDEX, ...more });
const release = (more: Fields): CataloguePlan => index({ channels: { stable: [{ ...listed, ...more }] } });
const file = (more: Fields): CataloguePlan => release({ package: { ...listed.package, ...more } });
const delta = (more: Fields): CataloguePlan => release({ deltas: [{ ...listed.deltas[0], ...more }] });
const shard = (more: Fields): CataloguePlan => target(PATHS.shard, { ...SHARD, ...more });
const app = (more: Fields): CataloguePlan => shard({ apps: [{ ...SHARD.apps[0], ...more }] });
const icon = (more: Fields): CataloguePlan => app({ icon: { ...SHARD.apps[0].icon, ...more } });
const revocation = (more: Fields): CataloguePlan =>
  target(PATHS.revocations, { ...REVOCATIONS, entries: [{ ...REVOCATIONS.entries[0], ...more }] });
const upper = "A".repeat(64);

/** The index of another app, without releases. */
const another = (appId: string): CataloguePlan => ({
  targets: {
    [`apps/${appId}/index.json`]: {
      bytes: canonicalize({ ...INDEX, appId, channels: {}, lineage: [LINEAGE[0]] }),
    },
  },
});

/** The file of another developer. */
const developer = (developerId: string, leaves: readonly Loose[]): CataloguePlan => ({
  targets: {
    [`developers/${developerId}/log.json`]: {
      bytes: canonicalize({ ...DEVELOPER_LEAVES, developerId, leaves }),
    },
  },
  leaves: null,
});

/** An id that is sorted into the shard of the same number as the app's. */
const appIdInShard = (name: (number: number) => string): string => {
  for (let number = 0; ; number++) if (shardOf(name(number)) === SHARD.shard) return name(number);
};

const INDEXES: readonly CatalogueCase[] = [
  ok("index-of-a-second-app", "A second app, which has no release yet.", another("org.example.second")),
  malformed(
    "index-app-id",
    "The index of what is no app id, under that very name.",
    another("Org.Example.Second"),
    { neighbour: "index-of-a-second-app" },
  ),
  malformed("index-channels-null", "channels is null.", index({ channels: null })),
  malformed("index-channels-number", "channels is a number.", index({ channels: 5 })),
  malformed(
    "index-releases-object",
    "A channel's releases are an object.",
    index({ channels: { stable: {} } }),
  ),
  malformed(
    "index-lowest-half",
    "A lowest version code of one and a half.",
    index({ lowestVersionCode: 1.5 }),
  ),
  malformed("index-lowest-text", "A lowest version code that is a text.", index({ lowestVersionCode: "3" })),
  malformed(
    "index-lowest-too-high",
    "A lowest version code beyond 2³¹ − 1.",
    index({ lowestVersionCode: 2 ** 31 }),
    { neighbour: "index-lowest-highest" },
  ),
  ok(
    "index-lowest-highest",
    "The highest lowest version code that there can be.",
    index({ lowestVersionCode: 2 ** 31 - 1 }),
  ),
  malformed("release-version-zero", "A release of version code 0.", release({ versionCode: 0 })),
  malformed("release-version-number", "A version that is a number.", release({ version: 1 })),
  malformed("release-notes-number", "Notes that are a number.", release({ notes: 1 })),
  malformed(
    "release-digest-list",
    "A content digest in a list.",
    release({ contentDigest: ["1".repeat(64)] }),
  ),
  malformed("release-runtime-list", "A platform API in a list.", release({ runtimeApi: ["1.0"] })),
  malformed("release-rollout-negative", "Less than no device.", release({ rolloutPercent: -1 }), {
    neighbour: "release-rollout-none",
  }),
  ok("release-rollout-none", "A release that is offered to no device.", release({ rolloutPercent: 0 })),
  malformed("release-data-version-text", "A data version that is a text.", release({ dataVersion: "0" })),
  malformed(
    "release-data-version-too-high",
    "A data version beyond 2³¹ − 1.",
    release({ dataVersion: 2 ** 31 }),
    {
      neighbour: "release-data-version-highest",
    },
  ),
  ok(
    "release-data-version-highest",
    "The highest data version that there can be.",
    release({ dataVersion: 2 ** 31 - 1 }),
  ),
  malformed("release-replaces-object", "replaces is an object.", release({ replaces: {} })),
  malformed(
    "release-package-digest",
    "A package's digest in upper case, and its URL as well.",
    file({ sha256: upper, url: `packages/${upper}.mosis` }),
  ),
  malformed("release-package-size-text", "A package's size that is a text.", file({ sizeBytes: "4711" })),
  ok("release-package-largest", "A package of 512 MiB.", file({ sizeBytes: 512 * 2 ** 20 })),
  malformed(
    "release-compact-key-more",
    "A compact full download with an unknown key.",
    release({ compact: { ...listed.compact, x: 1 } }),
  ),
  malformed("release-delta-key-more", "A delta with an unknown key.", delta({ x: 1 })),
  malformed("release-deltas-object", "deltas is an object.", release({ deltas: {} })),
  malformed(
    "release-delta-digest",
    "A delta's digest in upper case, and its URL as well.",
    delta({ sha256: upper, url: `deltas/${upper}.mosisd` }),
  ),
  malformed(
    "release-log-more",
    "A release's places in the log with a third one.",
    release({ log: { ...listed.log, revocation: null } }),
  ),
  malformed(
    "release-log-place-more",
    "A place in the log with an unknown key.",
    release({ log: { ...listed.log, approval: { ...listed.log.approval, x: 1 } } }),
  ),
  malformed(
    "release-log-position-text",
    "A position that is a text.",
    release({ log: { ...listed.log, publication: { position: "11", salt: null } } }),
  ),
];

const SHARDS: readonly CatalogueCase[] = [
  malformed("shard-number-text", "A shard's number that is a text.", shard({ shard: String(SHARD.shard) })),
  malformed("shard-publisher", "A publisher that is a number.", app({ publisher: 1 })),
  malformed("shard-category", "A category that is a number.", app({ category: 1 })),
  ok("shard-no-category", "An app without a category.", app({ category: null })),
  malformed("shard-default-locale", "A default locale that is a number.", app({ defaultLocale: 1 })),
  malformed("shard-name", "A name that is a number.", app({ texts: { en: { name: 1, summary: "b" } } })),
  malformed(
    "shard-summary",
    "A summary that is a number.",
    app({ texts: { en: { name: "a", summary: 1 } } }),
  ),
  malformed("shard-texts-null", "Texts that are null.", app({ texts: null })),
  malformed("shard-app-version", "A version that is a number.", app({ version: 1 })),
  malformed("shard-version-code", "A version code of 0.", app({ versionCode: 0 })),
  malformed("shard-runtime-api", "A platform API of one number.", app({ runtimeApi: "1" })),
  malformed("shard-runtime-list", "A platform API in a list.", app({ runtimeApi: ["1.0"] })),
  malformed("shard-published-at", "A time of another form.", app({ publishedAt: "2026-02-28" })),
  malformed("shard-published-list", "A time in a list.", app({ publishedAt: ["2026-02-28T10:00:00Z"] })),
  malformed("shard-icon-key-more", "An icon with an unknown key.", icon({ x: 1 })),
  ok("shard-no-icon", "An app without an icon.", app({ icon: null })),
  malformed(
    "shard-icon-digest",
    "An icon's digest in upper case, and its URL as well.",
    icon({ sha256: upper, url: `pictures/${upper}.png` }),
  ),
  malformed(
    "shard-app-id-long",
    "An app id of 129 bytes, sorted into the right shard.",
    app({ appId: appIdInShard((number) => `org.example.${String(number).padStart(117, "x")}`) }),
    { neighbour: "shard-app-id-longest" },
  ),
  ok(
    "shard-app-id-longest",
    "An app id of 128 bytes.",
    app({ appId: appIdInShard((number) => `org.example.${String(number).padStart(116, "x")}`) }),
  ),
];

const OTHERS: readonly CatalogueCase[] = [
  malformed("revocation-reason", "A reason that is a number.", revocation({ reason: 1 })),
  ok("revocation-of-a-developer", "A revoked developer.", revocation({ subject: "developer", id: "dev-9" })),
  malformed(
    "revocation-of-something",
    "A revocation of something unknown, whose id is a digest.",
    revocation({ subject: "person", id: "1".repeat(64) }),
  ),
  ok(
    "revocation-of-a-certificate-until",
    "A revoked release certificate, up to a time.",
    revocation({ subject: "certificate", id: "1".repeat(64), approvalsUntil: "2026-02-01T00:00:00Z" }),
  ),
  malformed(
    "revocation-of-a-key-until-no-time",
    "A revoked key, up to no time.",
    revocation({ subject: "key", id: "1".repeat(64), approvalsUntil: "now" }),
    { neighbour: "revocation-of-a-certificate-until" },
  ),
  malformed("revocation-key-more", "A revocation with an unknown key.", revocation({ x: 1 })),
  malformed(
    "revocation-time-list",
    "A revocation at a time in a list.",
    revocation({ revokedAt: ["2026-02-28T10:00:00Z"] }),
  ),
  malformed(
    "revocations-entries-object",
    "Entries that are an object.",
    target(PATHS.revocations, { ...REVOCATIONS, entries: {} }),
  ),
  malformed(
    "developer-file-of-none",
    "The file of what is no developer's id, under that very name.",
    developer("DEV", DEVELOPER_LEAVES.leaves),
    { neighbour: "developer-second" },
  ),
  ok(
    "developer-second",
    "Two developers of whom the log hid something, in a copy without the log's tiles.",
    developer("dev-2", DEVELOPER_LEAVES.leaves),
  ),
  malformed(
    "developer-position-text",
    "An opened leaf whose position is a text.",
    target(PATHS.developer, {
      ...DEVELOPER_LEAVES,
      leaves: [{ ...DEVELOPER_LEAVES.leaves[0], position: "5" }],
    }),
  ),
];

export const DOCUMENT_CASES: readonly CatalogueCase[] = [...INDEXES, ...SHARDS, ...OTHERS];
