/** What the catalogue's documents repeat of a manifest, judged as there, and texts that only they have (package format §4 and §6). */
import { shardOf } from "../../../src/catalog/tuf/app-index.ts";
import { canonicalize } from "../../../src/signing/json.ts";
import type { CataloguePlan } from "../catalogue.ts";
import { bad, type CatalogueCase, ok, target } from "../catalogue-case.ts";
import { INDEX, LINEAGE, PATHS, REVOCATIONS, SHARD } from "../content.ts";

const malformed = bad("malformed");
type Fields = Readonly<Record<string, unknown>>;

const listed = INDEX.channels.stable[0];
const release = (more: Fields): CataloguePlan =>
  target(PATHS.index, { ...INDEX, channels: { stable: [{ ...listed, ...more }] } });
const app = (more: Fields): CataloguePlan =>
  target(PATHS.shard, { ...SHARD, apps: [{ ...SHARD.apps[0], ...more }] });
const texts = (more: Fields): CataloguePlan => app({ texts: { ...SHARD.apps[0].texts, ...more } });
const english = (more: Fields): CataloguePlan =>
  app({ texts: { en: { name: "Sample", summary: "A sample.", ...more } } });
const entry = (more: Fields): CataloguePlan =>
  target(PATHS.revocations, { ...REVOCATIONS, entries: [{ ...REVOCATIONS.entries[0], ...more }] });
const lowest = (appId: string): CataloguePlan =>
  target(PATHS.revocations, { ...REVOCATIONS, lowestVersionCodes: { [appId]: 3 } });
const another = (appId: string): CataloguePlan => ({
  targets: {
    [`apps/${appId}/index.json`]: {
      bytes: canonicalize({ ...INDEX, appId, channels: {}, lineage: [LINEAGE[0]] }),
    },
  },
});
const inShard = (name: (number: number) => string): string => {
  for (let number = 0; ; number++) if (shardOf(name(number)) === SHARD.shard) return name(number);
};

/** [name, why, version or whatever it is, whether it is one]. */
const VALUES: readonly (readonly [
  field: string,
  name: string,
  why: string,
  value: unknown,
  isGood: boolean,
])[] = [
  ["version", "semver", "A version with a pre-release and a build.", "1.4.0-rc.1+build.7", true],
  ["version", "longest", "A version of 64 characters.", `1.4.0-${"x".repeat(58)}`, true],
  ["version", "words", "A version in words.", "not semver at all", false],
  ["version", "long", "A version of 65 characters.", `1.4.0-${"x".repeat(59)}`, false],
  ["version", "zero-first", "A version with a zero before a number.", "1.04.0", false],
  ["runtimeApi", "highest", "The highest platform API.", "99999.99999", true],
  ["runtimeApi", "beyond", "A platform API of six digits.", "999999.0", false],
  ["runtimeApi", "zero-first", "A platform API with a zero before a number.", "01.0", false],
];

const MANIFEST: readonly CatalogueCase[] = (
  [
    ["release", release],
    ["shard", app],
  ] as const
).flatMap(([where, plan]) =>
  VALUES.map(([field, name, why, value, isGood]) => {
    const [group, good] =
      field === "version" ? [`${where}-version`, "longest"] : [`${where}-runtime-api`, "highest"];
    return isGood
      ? ok(`${group}-${name}`, why, plan({ [field]: value }))
      : malformed(`${group}-${name}`, why, plan({ [field]: value }), { neighbour: `${group}-${good}` });
  }),
);

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `p${String(number).padStart(2, "0")}`);

const RELEASES: readonly CatalogueCase[] = [
  ok("release-replaces-above", "A release that replaces two above it.", release({ replaces: [8, 9] })),
  ...[
    ["own", "its own version code", [7]],
    ["below", "one below it and itself", [6, 7]],
    ["falling", "two above it, the higher first", [9, 8]],
    ["twice", "one above it, twice", [8, 8]],
    ["beyond", "one beyond 2³¹ − 1", [2 ** 31]],
  ].map(([name, why, replaces]) =>
    malformed(`release-replaces-${name}`, `A release that replaces ${why}.`, release({ replaces }), {
      neighbour: "release-replaces-above",
    }),
  ),
  ok("release-permissions-most", "64 permissions.", release({ permissions: names(64) })),
  malformed("release-permissions-more", "65 permissions.", release({ permissions: names(65) }), {
    neighbour: "release-permissions-most",
  }),
  ok(
    "release-permission-longest",
    "A permission's name of 64 characters.",
    release({ permissions: ["x".repeat(64)] }),
  ),
  ...[
    ["long", "of 65 characters", "x".repeat(65)],
    ["upper-case", "with a capital letter", "Storage"],
    ["markup", "with markup and what turns text around", "\u202e<script>"],
    ["empty", "without a character", ""],
  ].map(([name, why, permission]) =>
    malformed(
      `release-permission-${name}`,
      `A permission's name ${why}.`,
      release({ permissions: [permission] }),
      {
        neighbour: "release-permission-longest",
      },
    ),
  ),
  ok(
    "release-notes-longest",
    "Notes of 10,000 code points of four bytes, line feeds and tabs among them.",
    release({ notes: `\n\t${"\u{1f98a}".repeat(9_998)}` }),
  ),
  ok("release-notes-none", "Empty notes.", release({ notes: "" })),
  malformed("release-notes-long", "Notes of 10,001 code points.", release({ notes: "x".repeat(10_001) }), {
    neighbour: "release-notes-longest",
  }),
  malformed("release-notes-control", "Notes with a carriage return.", release({ notes: "One.\r\nTwo." }), {
    neighbour: "release-notes-longest",
  }),
  malformed(
    "release-notes-turned",
    "Notes with U+202E, which turns what follows around.",
    release({ notes: "a\u202eb" }),
    { neighbour: "release-notes-longest" },
  ),
];

const RESERVED: readonly (readonly [name: string, why: string, id: (number: number) => string])[] = [
  ["mosis", "below mosis", (number) => `mosis.x${number}`],
  ["dev-mosis", "below dev.mosis", (number) => `dev.mosis.x${number}`],
  ["device-name", "with the name of a Windows device", (number) => `a${number}.con`],
];

const IDS: readonly CatalogueCase[] = [
  ok(
    "revocation-id-near",
    "A revoked app whose id only looks like a reserved one.",
    entry({ id: "dev.mosisx.a" }),
  ),
  ok(
    "lowest-id-near",
    "A lowest version code of an app whose id only looks like a reserved one.",
    lowest("mosisx.a"),
  ),
  ...RESERVED.flatMap(([name, why, id]) => [
    malformed(`index-id-${name}`, `The index of an app ${why}.`, another(id(1)), {
      neighbour: "index-of-a-second-app",
    }),
    malformed(`shard-id-${name}`, `An app in a shard ${why}.`, app({ appId: inShard(id) }), {
      neighbour: "shard-app-id-longest",
    }),
    malformed(`revocation-id-${name}`, `A revoked app ${why}.`, entry({ id: id(1) }), {
      neighbour: "revocation-id-near",
    }),
    malformed(`lowest-id-${name}`, `A lowest version code of an app ${why}.`, lowest(id(1)), {
      neighbour: "lowest-id-near",
    }),
  ]),
  malformed("lowest-id-label", "A lowest version code of what is one label.", lowest("sample"), {
    neighbour: "lowest-id-near",
  }),
];

const TEXTS: readonly CatalogueCase[] = [
  ok("shard-two-locales", "Texts in two locales.", texts({ "de-AT": { name: "Beispiel", summary: "" } })),
  malformed("shard-texts-none", "Texts in no locale.", app({ texts: {} })),
  malformed(
    "shard-texts-not-default",
    "Texts, none of which is in the default locale.",
    app({ defaultLocale: "de" }),
    { neighbour: "shard-two-locales" },
  ),
  ...[
    ["case", "in lower case", "de-at"],
    ["private", "for private use alone", "x-foo"],
    ["grandfathered", "that is grandfathered", "art-lojban"],
    ["long", "of 36 bytes", `de-${"abcdefgh-".repeat(3)}abcdef`],
  ].map(([name, why, locale]) =>
    malformed(
      `shard-locale-${name}`,
      `Texts in a locale ${why}.`,
      texts({ [String(locale)]: { name: "Sample", summary: "" } }),
      {
        neighbour: "shard-two-locales",
      },
    ),
  ),
  malformed(
    "shard-default-locale-irregular",
    "A default locale that is irregular, with texts in it.",
    app({ defaultLocale: "i-klingon", texts: { "i-klingon": { name: "Sample", summary: "" } } }),
    { neighbour: "shard-two-locales" },
  ),
  malformed(
    "shard-default-locale-empty",
    "A default locale without a character.",
    app({ defaultLocale: "" }),
  ),
  ok(
    "shard-name-longest",
    "A name of 50 code points of four bytes.",
    english({ name: "\u{1f98a}".repeat(50) }),
  ),
  ...[
    ["long", "of 51 characters", "x".repeat(51)],
    ["empty", "without a character", ""],
    ["control", "with a control character", "A\n<b>"],
    ["turned", "with U+202E", "A\u202eB"],
    ["white", "with white space at its end", "Sample "],
    ["decomposed", "that is not in normalisation form C", "Cafe\u0301"],
  ].map(([name, why, text]) =>
    malformed(`shard-name-${name}`, `A name ${why}.`, english({ name: text }), {
      neighbour: "shard-name-longest",
    }),
  ),
  ok("shard-summary-longest", "A summary of 120 code points.", english({ summary: "x".repeat(120) })),
  ok("shard-summary-none", "An empty summary.", english({ summary: "" })),
  malformed("shard-summary-long", "A summary of 121 characters.", english({ summary: "x".repeat(121) }), {
    neighbour: "shard-summary-longest",
  }),
  malformed("shard-summary-control", "A summary with a control character.", english({ summary: "A\u0007" }), {
    neighbour: "shard-summary-longest",
  }),
  ok("shard-category-longest", "A category of 32 characters.", app({ category: "x".repeat(32) })),
  ...[
    ["long", "of 33 characters", "x".repeat(33)],
    ["empty", "without a character", ""],
    ["markup", "with markup", "A\n<b>"],
  ].map(([name, why, category]) =>
    malformed(`shard-category-${name}`, `A category ${why}.`, app({ category }), {
      neighbour: "shard-category-longest",
    }),
  ),
  ok(
    "shard-publisher-longest",
    "A publisher's name of 80 code points.",
    app({ publisher: "\u{1f98a}".repeat(80) }),
  ),
  ...[
    ["long", "of 81 characters", "x".repeat(81)],
    ["empty", "without a character", ""],
    ["lines", "of two lines", "A\nB"],
    ["turned", "with U+202E", "A\u202eB"],
    ["arabic-letter-mark", "with U+061C", "A\u061cB"],
    ["left-to-right-mark", "with U+200E", "A\u200eB"],
    ["line-separator", "with U+2028", "A\u2028B"],
    ["isolate-end", "with U+2069", "A\u2069B"],
  ].map(([name, why, publisher]) =>
    malformed(`shard-publisher-${name}`, `A publisher's name ${why}.`, app({ publisher }), {
      neighbour: "shard-publisher-longest",
    }),
  ),
];

export const VALUE_CASES: readonly CatalogueCase[] = [...MANIFEST, ...RELEASES, ...IDS, ...TEXTS];
