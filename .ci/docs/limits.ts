/** reference/limits.md: every limit with its value as it stands in the source, and where it is set. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DAY_MS, HOUR_MS } from "../../src/time.ts";
import { code, page, table } from "./markdown.ts";

const root = join(import.meta.dirname, "../..");

type Unit =
  | "bytes"
  | "ms"
  | "days"
  | "hours"
  | "minutes"
  | "seconds"
  | "count"
  | "characters"
  | "pixels"
  | "bits";
type Limit = {
  readonly what: string;
  /** Where the value stands: a file and the name of a constant, or of a key of a table, in it. */
  readonly file: string;
  readonly name: string;
  readonly unit: Unit;
  /** How to change it; fixed unless said. */
  readonly set?: string;
};

const FORMAT = "the package format";
const LIMITS: readonly (readonly [title: string, limits: readonly Limit[]])[] = [
  [
    "Packages",
    [
      {
        what: "A package",
        file: "src/format/names.ts",
        name: "fileBytes",
        unit: "bytes",
        set: `${FORMAT}; a store may take less with \`--max-upload\``,
      },
      {
        what: "Kept free for the store's signature in an upload",
        file: "src/review/checks.ts",
        name: "STORE_SIGNATURE_ROOM_BYTES",
        unit: "bytes",
      },
      {
        what: "One file in it, inflated",
        file: "src/format/names.ts",
        name: "entryBytes",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "All files in it, inflated",
        file: "src/format/names.ts",
        name: "totalBytes",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "Files, the three of META-MOSIS counted",
        file: "src/format/names.ts",
        name: "entries",
        unit: "count",
        set: FORMAT,
      },
      {
        what: "How many times its compressed size a file may inflate to",
        file: "src/format/names.ts",
        name: "ratio",
        unit: "count",
        set: FORMAT,
      },
      {
        what: "From which inflated size on that counts",
        file: "src/format/names.ts",
        name: "ratioFromBytes",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "A file's name",
        file: "src/format/zip/names.ts",
        name: "MAX_NAME_BYTES",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "Segments of a name",
        file: "src/format/zip/names.ts",
        name: "MAX_SEGMENTS",
        unit: "count",
        set: FORMAT,
      },
      {
        what: "`manifest.json`",
        file: "src/format/names.ts",
        name: "MANIFEST_MAX_BYTES",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "`META-MOSIS/digests.json`",
        file: "src/format/names.ts",
        name: "DIGESTS_MAX_BYTES",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "A signature's envelope",
        file: "src/format/names.ts",
        name: "ENVELOPE_MAX_BYTES",
        unit: "bytes",
        set: FORMAT,
      },
      {
        what: "Nesting of a JSON document",
        file: "src/signing/json.ts",
        name: "MAX_DEPTH",
        unit: "count",
        set: FORMAT,
      },
      {
        what: "Least width and height of a screenshot",
        file: "src/format/manifest-files.ts",
        name: "SCREENSHOT_LEAST",
        unit: "pixels",
        set: FORMAT,
      },
      {
        what: "Most width and height of a screenshot",
        file: "src/format/manifest-files.ts",
        name: "SCREENSHOT_MOST",
        unit: "pixels",
        set: FORMAT,
      },
      {
        what: "Findings reported of one manifest",
        file: "src/format/findings.ts",
        name: "MOST_FINDINGS",
        unit: "count",
      },
    ],
  ],
  [
    "Store: apps, versions and reviews",
    [
      {
        what: "An app's name",
        file: "src/catalog/app-fields.ts",
        name: "NAME_LENGTH",
        unit: "characters",
        set: FORMAT,
      },
      {
        what: "An app's summary",
        file: "src/catalog/app-fields.ts",
        name: "SUMMARY_LENGTH",
        unit: "characters",
        set: FORMAT,
      },
      {
        what: "Release notes",
        file: "src/catalog/notes.ts",
        name: "NOTES_MAX_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Other languages of release notes",
        file: "src/catalog/release-notes/translations.ts",
        name: "TRANSLATED_LANGUAGES",
        unit: "count",
      },
      {
        what: "Release notes in all other languages together",
        file: "src/catalog/release-notes/translations.ts",
        name: "TRANSLATED_CHARACTERS",
        unit: "characters",
      },
      {
        what: "A reviewer's reason",
        file: "src/review/decide.ts",
        name: "REASON_LENGTH",
        unit: "characters",
      },
      {
        what: "Published versions in an app's index",
        file: "src/catalog/tuf/app-index.ts",
        name: "LISTED_RELEASES",
        unit: "count",
      },
      {
        what: "Replaced files of the catalogue stay for",
        file: "src/catalog/tuf/export.ts",
        name: "SUPERSEDED_KEPT_MS",
        unit: "ms",
      },
    ],
  ],
  [
    "Store front",
    [
      {
        what: "A line that the store says of itself, in each language",
        file: "src/catalog/appearance/appearance.ts",
        name: "TAGLINE_CHARACTERS",
        unit: "characters",
      },
      {
        what: "What it says of itself besides, in each language",
        file: "src/catalog/appearance/appearance.ts",
        name: "ABOUT_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Categories",
        file: "src/catalog/categories/categories.ts",
        name: "MOST_CATEGORIES",
        unit: "count",
      },
      {
        what: "Categories that are merged into one",
        file: "src/catalog/categories/categories.ts",
        name: "MOST_ALIASES",
        unit: "count",
      },
      {
        what: "A category's name, in each language",
        file: "src/catalog/categories/categories.ts",
        name: "CATEGORY_NAME_CHARACTERS",
        unit: "characters",
      },
      {
        what: "A category's description, in each language",
        file: "src/catalog/categories/categories.ts",
        name: "CATEGORY_DESCRIPTION_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Collections of apps, besides the featured ones",
        file: "src/catalog/collections/limits.ts",
        name: "MOST_COLLECTIONS",
        unit: "count",
      },
      {
        what: "Apps of a collection",
        file: "src/catalog/collections/limits.ts",
        name: "MOST_APPS",
        unit: "count",
      },
      {
        what: "Featured apps",
        file: "src/catalog/collections/limits.ts",
        name: "MOST_FEATURED",
        unit: "count",
      },
      {
        what: "A collection's name, in each language",
        file: "src/catalog/collections/limits.ts",
        name: "COLLECTION_NAME_CHARACTERS",
        unit: "characters",
      },
      {
        what: "A collection's description, in each language",
        file: "src/catalog/collections/limits.ts",
        name: "COLLECTION_DESCRIPTION_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Collections on the front page",
        file: "src/catalog/collections/limits.ts",
        name: "ROWS_ON_FRONT",
        unit: "count",
      },
      {
        what: "Apps of each collection on the front page",
        file: "src/catalog/collections/limits.ts",
        name: "APPS_IN_ROW",
        unit: "count",
      },
      {
        what: "Languages of a text that administrators write",
        file: "src/catalog/local-texts.ts",
        name: "MOST_LANGUAGES",
        unit: "count",
      },
      {
        what: "Downloads are written down every",
        file: "src/catalog/installs/count.ts",
        name: "FLUSH_MS",
        unit: "ms",
      },
      {
        what: "Numbers of downloads of a day are kept for",
        file: "src/catalog/installs/count.ts",
        name: "KEPT_DAYS",
        unit: "days",
      },
      {
        what: "Files whose downloads are counted within a minute",
        file: "src/catalog/installs/count.ts",
        name: "MOST_FILES",
        unit: "count",
      },
      {
        what: "Apps of a category that are counted for who looks",
        file: "src/catalog/categories/browse.ts",
        name: "MOST_COUNTED",
        unit: "count",
      },
    ],
  ],
  [
    "Store: groups and devices",
    [
      {
        what: "Groups",
        file: "src/accounts/groups/groups.ts",
        name: "MOST_GROUPS",
        unit: "count",
      },
      {
        what: "A group's name",
        file: "src/accounts/groups/groups.ts",
        name: "GROUP_NAME_CHARACTERS",
        unit: "characters",
      },
      {
        what: "A group's description",
        file: "src/accounts/groups/groups.ts",
        name: "GROUP_DESCRIPTION_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Enrolment codes that are neither revoked nor expired",
        file: "src/accounts/devices/codes.ts",
        name: "MOST_LIVE_CODES",
        unit: "count",
      },
      {
        what: "An enrolment code works for, when nobody says otherwise",
        file: "src/accounts/devices/codes.ts",
        name: "DEFAULT_CODE_HOURS",
        unit: "hours",
      },
      {
        what: "Devices that enrol with one code, at most",
        file: "src/accounts/devices/codes.ts",
        name: "MOST_CODE_USES",
        unit: "count",
      },
      {
        what: "Groups that one code puts devices into",
        file: "src/accounts/devices/codes.ts",
        name: "MOST_GROUPS_OF_CODE",
        unit: "count",
      },
      {
        what: "Unknown codes from one place, after which the next one waits",
        file: "src/accounts/devices/enrol.ts",
        name: "FREE_GUESSES",
        unit: "count",
      },
      {
        what: "What a device is called or says of itself",
        file: "src/accounts/devices/names.ts",
        name: "DEVICE_TEXT_CHARACTERS",
        unit: "characters",
      },
      {
        what: "What a device signs for a token lives for, at most",
        file: "src/format/enrolment/assertion.ts",
        name: "LONGEST_SECONDS",
        unit: "seconds",
      },
      {
        what: "So long before its time what a device signs is taken",
        file: "src/format/enrolment/assertion.ts",
        name: "EARLY_SECONDS",
        unit: "seconds",
      },
      {
        what: "When a device was last seen is written at most once in",
        file: "src/accounts/devices/token.ts",
        name: "SEEN_EVERY_MS",
        unit: "ms",
      },
    ],
  ],
  [
    "Store: people and keys",
    [
      {
        what: "A person's name",
        file: "src/accounts/people.ts",
        name: "NAME_MOST_CHARACTERS",
        unit: "characters",
      },
      {
        what: "An organisation's name",
        file: "src/ids.ts",
        name: "ORGANISATION_NAME_CHARACTERS",
        unit: "characters",
      },
      {
        what: "The store's name",
        file: "src/accounts/store-name.ts",
        name: "STORE_NAME_MOST_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Shortest password",
        file: "src/accounts/passwords.ts",
        name: "PASSWORD_LEAST_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Longest password",
        file: "src/accounts/passwords.ts",
        name: "PASSWORD_MOST_BYTES",
        unit: "bytes",
      },
      {
        what: "Passwords that are checked at a time",
        file: "src/accounts/passwords.ts",
        name: "SIDE_BY_SIDE",
        unit: "count",
      },
      {
        what: "Passwords that wait to be checked; more are answered with 429",
        file: "src/accounts/passwords.ts",
        name: "MOST_WAITING",
        unit: "count",
      },
      {
        what: "Wrong passwords or codes for one account from one place, before the next one waits",
        file: "src/accounts/pace.ts",
        name: "FREE_FAILURES",
        unit: "count",
      },
      {
        what: "Wrong passwords for one account, from everywhere, before the next ones wait",
        file: "src/accounts/guess-limits.ts",
        name: "ACCOUNT_FAILURES",
        unit: "count",
      },
      {
        what: "Then one more each",
        file: "src/accounts/guess-limits.ts",
        name: "ACCOUNT_FAILURE_MINUTES",
        unit: "minutes",
      },
      {
        what: "First tries in an hour of places at one account, before the next ones wait",
        file: "src/accounts/guess-limits.ts",
        name: "FIRST_TRIES",
        unit: "count",
      },
      {
        what: "Then one more each",
        file: "src/accounts/guess-limits.ts",
        name: "FIRST_TRY_MINUTES",
        unit: "minutes",
      },
      {
        what: "Wrong passwords from one place, for all accounts, before the next ones wait",
        file: "src/accounts/guess-limits.ts",
        name: "PLACE_FAILURES",
        unit: "count",
      },
      {
        what: "Then one more each",
        file: "src/accounts/guess-limits.ts",
        name: "PLACE_FAILURE_SECONDS",
        unit: "seconds",
      },
      {
        what: "The same from one /48 of IPv6",
        file: "src/accounts/guess-limits.ts",
        name: "NETWORK_FAILURES",
        unit: "count",
      },
      {
        what: "Then one more each",
        file: "src/accounts/guess-limits.ts",
        name: "NETWORK_FAILURE_SECONDS",
        unit: "seconds",
      },
      {
        what: "Forms for an account, from one place, before the next ones wait",
        file: "src/accounts/guess-limits.ts",
        name: "PLACE_ASKS",
        unit: "count",
      },
      {
        what: "Then one more each",
        file: "src/accounts/guess-limits.ts",
        name: "PLACE_ASK_SECONDS",
        unit: "seconds",
      },
      {
        what: "The same from one /48 of IPv6",
        file: "src/accounts/guess-limits.ts",
        name: "NETWORK_ASKS",
        unit: "count",
      },
      {
        what: "Then one more each",
        file: "src/accounts/guess-limits.ts",
        name: "NETWORK_ASK_SECONDS",
        unit: "seconds",
      },
      {
        what: "A browser is known from the last sign-in there for",
        file: "src/accounts/browsers/browsers.ts",
        name: "BROWSER_DAYS",
        unit: "days",
      },
      {
        what: "Browsers that one account knows",
        file: "src/accounts/browsers/browsers.ts",
        name: "MOST_BROWSERS",
        unit: "count",
      },
      { what: "The set-up link works for", file: "src/accounts/setup.ts", name: "LINK_HOURS", unit: "hours" },
      {
        what: "A session ends when it was not used for",
        file: "src/accounts/sessions.ts",
        name: "SLIDING_DAYS",
        unit: "days",
      },
      {
        what: "A session ends in any case after",
        file: "src/accounts/sessions.ts",
        name: "ABSOLUTE_MS",
        unit: "ms",
      },
      {
        what: "A proof before a dangerous act lasts for",
        file: "src/accounts/proof.ts",
        name: "PROOF_MINUTES",
        unit: "minutes",
      },
      {
        what: "The second step of signing in waits for",
        file: "src/accounts/factors/pending.ts",
        name: "MINUTES",
        unit: "minutes",
      },
      {
        what: "Adding a second factor, or using a passkey, waits for",
        file: "src/accounts/factors/sealed.ts",
        name: "MINUTES",
        unit: "minutes",
      },
      {
        what: "Second factors of a person",
        file: "src/accounts/factors/change.ts",
        name: "MOST_FACTORS",
        unit: "count",
      },
      {
        what: "Recovery codes that are made together",
        file: "src/accounts/factors/recovery-codes.ts",
        name: "RECOVERY_CODES",
        unit: "count",
      },
      {
        what: "An API key lives for, unless told",
        file: "src/accounts/api-keys/make.ts",
        name: "DEFAULT_KEY_DAYS",
        unit: "days",
        set: "`mosis admin apikey add --days`",
      },
      {
        what: "An API key lives for at most",
        file: "src/accounts/api-keys/make.ts",
        name: "MOST_KEY_DAYS",
        unit: "days",
      },
      {
        what: "An API key’s people are told of its end before it, by",
        file: "src/accounts/api-keys/ending.ts",
        name: "NOTICE_DAYS",
        unit: "days",
      },
      {
        what: "A notification is kept for",
        file: "src/accounts/notifications/sweep.ts",
        name: "NOTIFICATION_DAYS",
        unit: "days",
      },
      {
        what: "Notifications of a person are kept after each day’s end, at most",
        file: "src/accounts/notifications/sweep.ts",
        name: "MOST_NOTIFICATIONS",
        unit: "count",
      },
      {
        what: "Members of an organisation are told of its versions at once, and not by a job, where they are at most",
        file: "src/accounts/notifications/spread.ts",
        name: "MOST_AT_HAND",
        unit: "count",
      },
      {
        what: "Unread notifications are counted up to",
        file: "src/accounts/notifications/list.ts",
        name: "MOST_COUNTED",
        unit: "count",
      },
      {
        what: "An access token lives for, unless its maker says otherwise",
        file: "src/accounts/access-tokens/issue.ts",
        name: "TOKEN_SECONDS",
        unit: "seconds",
      },
      {
        what: "An access token lives for at most",
        file: "src/accounts/access-tokens/plan.ts",
        name: "LONGEST_TOKEN_SECONDS",
        unit: "seconds",
      },
      {
        what: "A key signs access tokens for",
        file: "src/accounts/access-tokens/plan.ts",
        name: "KEY_DAYS",
        unit: "days",
      },
      {
        what: "An offer of an app ends after",
        file: "src/catalog/transfer/offer.ts",
        name: "OFFER_DAYS",
        unit: "days",
      },
      {
        what: "Offers of an organisation a day",
        file: "src/catalog/transfer/offer.ts",
        name: "MOST_OFFERS_A_DAY",
        unit: "count",
      },
      {
        what: "What is said of an offer",
        file: "src/catalog/transfer/offer.ts",
        name: "OFFER_REASON_CHARACTERS",
        unit: "characters",
      },
      {
        what: "Former owners of an app",
        file: "src/catalog/tuf/documents.ts",
        name: "FORMER_DEVELOPERS_MAX",
        unit: "count",
        set: FORMAT,
      },
      {
        what: "Trusted publishers of an app",
        file: "src/catalog/publishers.ts",
        name: "MOST_PUBLISHERS",
        unit: "count",
      },
      {
        what: "Claims of a trusted publisher",
        file: "src/accounts/trusted-publishing/fields.ts",
        name: "MOST_CLAIMS",
        unit: "count",
      },
      {
        what: "CI servers that a store trusts",
        file: "src/config.issuers.ts",
        name: "MOST_ISSUERS",
        unit: "count",
      },
      {
        what: "A build job's identity token",
        file: "src/accounts/trusted-publishing/identity-token.ts",
        name: "TOKEN_BYTES",
        unit: "bytes",
      },
      {
        what: "A build job's identity token is taken until after it was made",
        file: "src/accounts/trusted-publishing/identity-token.ts",
        name: "OLDEST_SECONDS",
        unit: "seconds",
      },
      {
        what: "A CI server's keys are kept for",
        file: "src/accounts/trusted-publishing/key-sets.ts",
        name: "KEPT_MS",
        unit: "ms",
      },
      {
        what: "A developer's certificate lives for at most",
        file: "src/signing/certificates.ts",
        name: "DEVELOPER_CERTIFICATE_MAX_DAYS",
        unit: "days",
        set: FORMAT,
      },
    ],
  ],
  [
    "API",
    [
      {
        what: "Event streams of one person or key that are open; the oldest gives way",
        file: "src/http/live/open-streams.ts",
        name: "MOST_OF_ONE",
        unit: "count",
      },
      {
        what: "Event streams that are open, of all together",
        file: "src/http/live/open-streams.ts",
        name: "MOST_IN_ALL",
        unit: "count",
      },
      {
        what: "An event stream ends, and is opened anew, after",
        file: "src/http/body-bytes.ts",
        name: "streamMs",
        unit: "ms",
      },
      { what: "A JSON body", file: "src/http/body.ts", name: "JSON_BYTES", unit: "bytes" },
      { what: "A form's body", file: "src/http/body.ts", name: "FORM_BYTES", unit: "bytes" },
      {
        what: "That of a form with long texts: a listing, notes, categories, collections, the store's appearance",
        file: "src/http/body.ts",
        name: "LONG_FORM_BYTES",
        unit: "bytes",
      },
      {
        what: "Such a body must arrive within",
        file: "src/http/body-bytes.ts",
        name: "smallBodyMs",
        unit: "ms",
      },
      {
        what: "An upload's form may add to the file",
        file: "src/http/body.ts",
        name: "MULTIPART_OVERHEAD_BYTES",
        unit: "bytes",
      },
      {
        what: "A connection on which nothing moves is closed after",
        file: "src/http/body-bytes.ts",
        name: "idleSeconds",
        unit: "seconds",
      },
      {
        what: "Faults that one answer lists",
        file: "src/http/validate.ts",
        name: "MOST_DETAILS",
        unit: "count",
      },
      {
        what: "An Idempotency-Key is remembered for at least",
        file: "src/boot/handlers.ts",
        name: "IDEMPOTENCY_DAYS",
        unit: "days",
      },
      { what: "`/readyz` looks again after", file: "src/http/health.ts", name: "KEPT_MS", unit: "ms" },
      {
        what: "`/readyz` says that the queue is stuck when a due job waits for",
        file: "src/jobs/queue.ts",
        name: "STUCK_MS",
        unit: "ms",
      },
    ],
  ],
  [
    "Jobs",
    [
      {
        what: "Attempts before a job is a dead letter",
        file: "src/jobs/queue.ts",
        name: "DEFAULT_MAX_ATTEMPTS",
        unit: "count",
      },
      {
        what: "Finished jobs stay in the list for",
        file: "src/boot/handlers.ts",
        name: "FINISHED_JOB_DAYS",
        unit: "days",
      },
      {
        what: "At the end, requests and jobs may finish within",
        file: "src/cli/serve.ts",
        name: "STOP_MS",
        unit: "ms",
      },
    ],
  ],
  [
    "Catalogue",
    [
      {
        what: "Shards of the browsable catalogue",
        file: "src/catalog/tuf/app-index.ts",
        name: "SHARD_COUNT",
        unit: "count",
      },
      {
        what: "Bits of the hash that choose a bin: 2ⁿ bins",
        file: "src/catalog/tuf/roles.ts",
        name: "BIN_BITS",
        unit: "bits",
      },
      {
        what: "An app's index",
        file: "src/catalog/tuf/documents.ts",
        name: "INDEX_MAX_BYTES",
        unit: "bytes",
      },
      { what: "A shard", file: "src/catalog/tuf/documents.ts", name: "SHARD_MAX_BYTES", unit: "bytes" },
      {
        what: "`trust/revocations.json`",
        file: "src/catalog/tuf/documents.ts",
        name: "REVOCATIONS_MAX_BYTES",
        unit: "bytes",
      },
    ],
  ],
  [
    "Command line and reference device",
    [
      {
        what: "An answer of the API that a command takes",
        file: "src/cli/client.ts",
        name: "MAX_ANSWER_BYTES",
        unit: "bytes",
      },
      { what: "A call is given up after", file: "src/cli/client.ts", name: "TIMEOUT_MS", unit: "ms" },
      {
        what: "Attempts of a call that may be repeated",
        file: "src/cli/client.ts",
        name: "ATTEMPTS",
        unit: "count",
      },
      {
        what: "`submit` waits for the checks",
        file: "src/cli/submit.ts",
        name: "DEFAULT_TIMEOUT_MS",
        unit: "ms",
        set: "`--timeout`",
      },
      {
        what: "`publish` waits for the catalogue",
        file: "src/cli/publish.ts",
        name: "DEFAULT_TIMEOUT_MS",
        unit: "ms",
        set: "`--timeout`",
      },
      {
        what: "`trust/ca.pem` on a device",
        file: "src/device/catalogue.ts",
        name: "CA_MAX_BYTES",
        unit: "bytes",
      },
      {
        what: "The first root on a device",
        file: "src/catalog/tuf/metadata-form.ts",
        name: "root",
        unit: "bytes",
      },
      {
        what: "A download that was cut off can be resumed for",
        file: "src/device/device.ts",
        name: "PART_KEPT_MS",
        unit: "ms",
      },
    ],
  ],
];

/** What a limit may be a multiple of without saying it in its own file. */
const LENGTHS: Readonly<Record<string, number>> = { DAY_MS, HOUR_MS };

/** Reads `NAME = 2 * 2 ** 20` or `name: 512 * MIB` out of a source. @throws Error when it does not stand there */
function limitIn(file: string, name: string, depth = 0): number {
  const source = readFileSync(join(root, file), "utf8");
  const pattern = new RegExp(`(?:const ${name}(?:: \\w+)? = |^\\s+${name}: )([^;,\\n]+)[;,]`, "m");
  const expression = pattern.exec(source)?.[1];
  if (expression === undefined) throw new Error(`${file} has no ${name}: correct the table of limits`);
  const numbers = expression
    .replaceAll(/\b[A-Z][A-Z_]+\b/g, (word) => {
      if (word in LENGTHS) return String(LENGTHS[word]);
      if (depth > 3) throw new Error(`${file}: ${name} leads too far`);
      return String(limitIn(file, word, depth + 1));
    })
    .replaceAll("_", "");
  if (!/^[\d\s*+()-]+$/.test(numbers))
    throw new Error(`${file}: ${name} is ${expression}, which is no number`);
  const value: unknown = new Function(`return ${numbers};`)();
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Error(`${file}: ${name} is no number`);
  return value;
}

function shown(value: number, unit: Unit): string {
  const grouped = (number: number) => number.toLocaleString("en");
  const counted = (number: number, word: string) => `${grouped(number)} ${word}${number === 1 ? "" : "s"}`;
  switch (unit) {
    case "bytes":
      if (value % 2 ** 20 === 0) return `${grouped(value / 2 ** 20)} MiB`;
      return value % 1024 === 0 ? `${grouped(value / 1024)} KiB` : counted(value, "byte");
    case "ms":
      if (value % DAY_MS === 0) return counted(value / DAY_MS, "day");
      if (value % 60_000 === 0) return counted(value / 60_000, "minute");
      return value % 1000 === 0 ? counted(value / 1000, "second") : `${grouped(value)} ms`;
    case "days":
    case "hours":
    case "minutes":
    case "seconds":
    case "characters":
    case "pixels":
    case "bits":
      return counted(value, unit.slice(0, -1));
    case "count":
      return grouped(value);
  }
}

export function limitsPage(): string {
  return page(
    "# Limits",
    "Every limit of the product, its value, and where it is set.",
    "All are inclusive. MiB is 2²⁰ bytes. What says *fixed* is a constant of the program, in the file that is named; the values on this page are read from those files.",
    ...LIMITS.flatMap(([title, limits]) => [
      `## ${title}`,
      table(
        ["Limit", "Value", "Set by", "In the source"],
        limits.map(({ what, file, name, unit, set }) => [
          what,
          shown(limitIn(file, name), unit),
          set ?? "fixed",
          code(`${file}: ${name}`),
        ]),
        "lrll",
      ),
    ]),
    "## What has no limit",
    "Apps, versions, accounts and devices are not counted. Nothing in a request's path does work that grows with their number; a device refreshes two small files and what changed.",
  );
}
