/** The forms of what the API takes and gives. A schema with an `$id` becomes a component of the OpenAPI document. */

import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import type { ShownPicture } from "../catalog/shown-pictures/views.ts";
import { ISSUER_KINDS } from "../config.issuers.ts";
import { VERSION_STATES } from "../db/version-states.ts";
import {
  APP_ID_PATTERN,
  type AppId,
  HIGHEST_VERSION_CODE,
  ID_DIGITS,
  type Ids,
  type OrganisationId,
  type VersionCode,
} from "../ids.ts";
import { ORGANISATION_ROLES, STORE_ROLES } from "../roles.ts";

/** The form of an id that the store makes. @param whose What it is of, such as `a job's`. */
export const idOf = <P extends keyof Ids>(prefix: P, whose: string) =>
  Type.Unsafe<Ids[P]>(
    Type.String({
      pattern: `^${prefix}-${ID_DIGITS}$`,
      description: `${whose} id: ${prefix}- and 32 hexadecimal digits`,
    }),
  );

export const APP_ID = Type.Unsafe<AppId>(
  Type.String({
    pattern: APP_ID_PATTERN.source,
    maxLength: 128,
    description: "an app id: reverse-DNS in lower case, two to eight labels",
    examples: ["com.example.notes"],
  }),
);

export const VERSION_CODE = Type.Unsafe<VersionCode>(
  Type.Integer({
    minimum: 1,
    maximum: HIGHEST_VERSION_CODE,
    description: "a version code: a whole number from 1 to 2147483647",
    examples: [7],
  }),
);

export const VERSION_ID = idOf("ver", "a version's");

export const SETTING_NAME = Type.String({
  pattern: "^[a-z_]{1,64}$",
  description: "a setting's name, as in mosis.toml",
  examples: ["sign_up"],
});

export const JOB_ID = idOf("job", "a job's");

export const ORGANISATION_ID = Type.Unsafe<OrganisationId>(
  Type.String({ pattern: "^[a-z0-9-]{1,64}$", description: "an organisation's id" }),
);

export const SHA256 = Type.String({
  pattern: "^[0-9a-f]{64}$",
  description: "a SHA-256 in lower-case hexadecimal",
});

export const TIME = Type.String({
  format: "date-time",
  description: "a time, RFC 3339, UTC",
  examples: ["2026-11-25T09:30:00.000Z"],
});

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const REVISION = Type.Integer({
  minimum: 1,
  description: "Rises with each change; the first part of the ETag, and what If-Match compares.",
});

/** In a list that administrators put in order. */
export const PLACE = Type.Integer({
  minimum: 1,
  maximum: 1000,
  description: "1 is the first; beyond the last is last.",
});

const closed = <T extends TObject>(schema: T, id?: string): T => ({
  ...schema,
  additionalProperties: false,
  ...(id === undefined ? {} : { $id: id }),
});

/** An object with these members and no others. */
export const record = <T extends Record<string, TSchema>>(members: T, id?: string) =>
  closed(Type.Object(members), id);

/** One of these words. */
export const oneOf = <const T extends string>(...words: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(words.map((word) => Type.Literal(word))));

export const ICON_KEY = orNull(
  Type.String({
    description:
      "Its address below /, of a PNG of 192 pixels a side; 48, 96 and 512 stand beside it. Null while it is being made.",
  }),
);

export const PICTURE = record(
  {
    kind: oneOf("icon", "screenshot"),
    position: Type.Integer({ minimum: 0, description: "The place among pictures of its kind." }),
    state: {
      ...oneOf("ready", "waiting", "unreadable"),
      description: "Whether its sizes are there, are still being made, or cannot be made.",
    },
    sizes: Type.Array(
      record({
        size: Type.String({ description: "48, 96, 192, 512 of icons; small, medium, large of screenshots." }),
        widthPx: Type.Integer({ minimum: 1 }),
        heightPx: Type.Integer({ minimum: 1 }),
        key: Type.String({ description: "Its address below /." }),
      }),
      { description: "From the smallest to the largest; none unless it is ready." },
    ),
  },
  "Picture",
);

export function pictureJson({ sizes, ...picture }: ShownPicture): Static<typeof PICTURE> {
  return { ...picture, sizes: [...sizes] };
}

export const STORE = record(
  {
    name: Type.String({ description: "What the store calls itself." }),
    storeId: Type.String(),
    rootSha256: { ...SHA256, description: "SHA-256 of 1.root.json, which devices pin." },
    version: Type.String({ description: "The program's version." }),
    publicUrl: Type.String({ description: "Where people and devices reach the store; no slash at the end." }),
    maxUploadBytes: Type.Integer({ minimum: 1 }),
    restricted: Type.Boolean({
      description: "Whether the catalogue and the packages are for devices that have enrolled with a code.",
    }),
  },
  "Store",
);

export const ME = record(
  {
    kind: oneOf("account", "organisation-key", "publisher"),
    accountId: Type.Optional(Type.String()),
    keyId: Type.Optional(Type.String()),
    publisherId: Type.Optional(Type.String({ description: "Of the token of a trusted publisher." })),
    actions: orNull(
      Type.Array(Type.String(), {
        description: "What the key is narrowed to; null: all that its owner may.",
      }),
    ),
    apps: orNull(
      Type.Array(APP_ID, { description: "The apps that the key is for; null: all that its owner reaches." }),
    ),
    email: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    storeRole: orNull(oneOf(...STORE_ROLES)),
    organisations: Type.Array(
      record({
        id: ORGANISATION_ID,
        name: Type.String(),
        role: oneOf(...ORGANISATION_ROLES),
        apps: orNull(
          Type.Array(APP_ID, {
            description: "The apps that the role is narrowed to; null: the whole organisation.",
          }),
        ),
        paused: Type.Boolean({
          description:
            "True while the role counts for nothing, since no provider has confirmed the group that it rests on.",
        }),
      }),
    ),
  },
  "Me",
);

/** What a build server said of the run that uploaded a version. */
export const PUBLISHER_RUN = record(
  {
    kind: oneOf(...ISSUER_KINDS),
    issuerName: Type.String(),
    issuer: Type.String({ description: "Who vouched for it: `iss` of the identity token." }),
    subject: Type.String({ description: "`sub` of the identity token." }),
    repository: orNull(Type.String()),
    repositoryUrl: orNull(Type.String()),
    commit: orNull(Type.String()),
    commitUrl: orNull(Type.String()),
    ref: orNull(Type.String()),
    workflow: orNull(Type.String({ description: "The file that describes the job." })),
    environment: orNull(Type.String()),
    run: orNull(Type.String({ description: "The run's number, or the job's at GitLab." })),
    runUrl: orNull(Type.String()),
  },
  "PublisherRun",
);

export const TRANSLATED_NOTES = Type.Record(Type.String(), Type.String(), {
  description: "The same in other languages, by their tags (BCP 47). Devices do not get these.",
});

/** One of many: without release notes in other languages. */
export const LISTED_VERSION = record(
  {
    id: VERSION_ID,
    appId: APP_ID,
    versionCode: VERSION_CODE,
    version: Type.String({ description: "As people see it.", examples: ["1.2.0"] }),
    state: oneOf(...VERSION_STATES),
    stateChangedAt: TIME,
    notes: Type.String({ description: "Release notes in the app's own language: Markdown; may be empty." }),
    hold: Type.Boolean({ description: "With hold, approval does not publish; `publish` does." }),
    uploadedBy: Type.String(),
    publishedFrom: orNull(PUBLISHER_RUN),
    createdAt: TIME,
    submittedAt: orNull(TIME),
    approvedAt: orNull(TIME),
    publishedAt: orNull(TIME),
    yanked: orNull({
      ...record({ reason: Type.String(), at: TIME }),
      description: "When it is offered to nobody any more, and who has it keeps it; null: it is not yanked.",
    }),
    uploadSha256: SHA256,
    uploadSizeBytes: Type.Integer({ minimum: 0 }),
    contentDigest: orNull(SHA256),
    releasedSha256: orNull(SHA256),
    releasedSizeBytes: orNull(Type.Integer({ minimum: 0 })),
    developerKeyid: orNull(SHA256),
    revision: REVISION,
    queuePosition: orNull(Type.Integer({ minimum: 1, description: "1 is next." })),
    review: orNull(
      record({
        id: Type.String(),
        decision: oneOf("approved", "rejected"),
        reason: Type.String(),
        at: TIME,
      }),
    ),
  },
  "ListedVersion",
);

export const VERSION = record({ ...LISTED_VERSION.properties, translatedNotes: TRANSLATED_NOTES }, "Version");

export const CHECK = record(
  {
    name: Type.String({ examples: ["manifest"] }),
    state: {
      ...oneOf("waiting", "running", "passed", "failed", "not_checked"),
      description:
        "Where it is, or how it ended. not_checked: what it needs did not pass. A check that could not run has not failed: it runs again.",
    },
    startedAt: orNull(TIME),
    finishedAt: orNull(TIME),
    findings: Type.Integer({ minimum: 0, description: "How many things it found." }),
  },
  "Check",
);

export const CHECKED_VERSION = record(
  {
    ...VERSION.properties,
    checks: Type.Array(CHECK, {
      description:
        "In the order in which they run; also while they do. Empty of a version from before they were kept.",
    }),
  },
  "CheckedVersion",
);

export const APP = record(
  {
    id: APP_ID,
    organisationId: ORGANISATION_ID,
    organisationName: Type.String(),
    name: Type.String(),
    summary: Type.String(),
    createdAt: TIME,
    updatedAt: TIME,
    publishedAt: orNull({ ...TIME, description: "When its first version was published." }),
    revision: REVISION,
    trustedOnly: Type.Boolean({ description: "Only trusted publishers may upload versions." }),
    listed: Type.Boolean({ description: "Whether it stands in the store's lists and search." }),
    deprecatedAt: orNull({
      ...TIME,
      description:
        "Since when its developers advise against it; null: they do not. In which words, and for which other app, `readListing` says.",
    }),
    deletionAt: orNull({ ...TIME, description: "When it is gone, since somebody deletes it." }),
    installs: Type.Integer({
      minimum: 0,
      description: "How often devices fetched it from the store: each package, and each update.",
    }),
    newestVersion: Type.Union([LISTED_VERSION, Type.Null()], {
      description:
        "The version with the highest code that was not withdrawn; what failed or was rejected counts only where nothing that lives was uploaded after it.",
    }),
    offeredVersion: Type.Union([LISTED_VERSION, Type.Null()], {
      description:
        "What devices get now: the published version with the highest code that is neither yanked nor revoked; null: there is none, or the app is being deleted.",
    }),
    iconKey: ICON_KEY,
  },
  "App",
);

export const FINDING = record(
  {
    check: Type.String({ description: "The check that found it." }),
    code: Type.String({ examples: ["MPK-C012"] }),
    severity: oneOf("error", "warning", "info"),
    message: Type.String(),
    entry: orNull(Type.String({ description: "The file inside of the package." })),
    offset: orNull(Type.Integer({ description: "The byte in that file, or in the package." })),
    pointer: orNull(Type.String({ description: "JSON pointer into the manifest (RFC 6901)." })),
    found: orNull(Type.String()),
    expected: orNull(Type.String()),
  },
  "Finding",
);

export const DEVELOPER_KEY = record(
  {
    keyid: SHA256,
    fingerprint: Type.String({ description: "The key id in groups of four, for people to compare." }),
    algorithm: Type.String(),
    developerId: ORGANISATION_ID,
    certificatePem: Type.String({ description: "Its newest certificate." }),
    certificateSha256: {
      ...SHA256,
      description: "SHA-256 of that certificate's DER, which a revocation names.",
    },
    notBefore: TIME,
    notAfter: TIME,
    expiresSoon: Type.Boolean({ description: "The certificate ends within 60 days, or has ended." }),
    enrolledAt: TIME,
    revoked: orNull(record({ action: Type.String(), reason: Type.String(), revokedAt: TIME })),
    certificateRevoked: orNull({
      ...record({ action: Type.String(), reason: Type.String(), revokedAt: TIME }),
      description: "When the certificate itself is revoked: the key signs again once it is enrolled again.",
    }),
    certificateDistrustedAt: orNull({
      ...TIME,
      description:
        "Since when the authority that issued the certificate is not trusted any more: the key signs again once it is enrolled again.",
    }),
    developerRevoked: orNull({
      ...record({ action: Type.String(), reason: Type.String(), revokedAt: TIME }),
      description: "When the developer whose key it is is revoked: none of their keys signs anything.",
    }),
    apps: Type.Array(record({ appId: APP_ID, usable: Type.Boolean() }), {
      description: "The apps whose lineage it is in, and whether it may sign their updates now.",
    }),
  },
  "DeveloperKey",
);

export const ENROLLED_KEY = record(
  {
    ...DEVELOPER_KEY.properties,
    caPem: Type.String({ description: "The store's CA certificates: the root, then the Developer CAs." }),
  },
  "EnrolledKey",
);

export const JOB_STATE = oneOf("queued", "running", "done", "dead");

export const JOB = record(
  {
    id: JOB_ID,
    kind: Type.String(),
    key: Type.String(),
    state: JOB_STATE,
    attempts: Type.Integer({ minimum: 0 }),
    maxAttempts: Type.Integer({ minimum: 1 }),
    interruptions: Type.Integer({
      minimum: 0,
      description: "How often the process ended while it ran; attempts do not count these.",
    }),
    runAt: TIME,
    createdAt: TIME,
    startedAt: orNull(TIME),
    finishedAt: orNull(TIME),
    lastError: orNull(Type.String()),
    priority: Type.Integer({
      minimum: 0,
      maximum: 2,
      description:
        "Of jobs that are due the higher goes first: 2 for what somebody waits for, 0 for what anybody may ask for. Each also gives way, so that none waits for ever.",
    }),
  },
  "Job",
);

/** What a package itself says, in its default locale. */
const TEXTS = orNull(record({ name: Type.String(), summary: Type.String() }));

export const REVIEW_ITEM = record({ app: APP, version: LISTED_VERSION, texts: TEXTS }, "ReviewItem");

export const REVIEW = record(
  {
    app: APP,
    version: VERSION,
    texts: TEXTS,
    published: orNull(VERSION),
    publishedManifest: orNull(Type.Unknown({ description: "The manifest of what devices have now." })),
    decision: orNull(
      record({
        decision: oneOf("approved", "rejected"),
        reason: Type.String(),
        reviewer: Type.String(),
        at: TIME,
      }),
    ),
    events: Type.Array(
      record({
        fromState: orNull(Type.String()),
        toState: Type.String(),
        actor: Type.String(),
        note: Type.String(),
        at: TIME,
      }),
    ),
    checks: Type.Array(CHECK),
    findings: Type.Array(FINDING),
    manifest: orNull(Type.Unknown({ description: "The package's manifest; null until it could be read." })),
    pictures: Type.Array(PICTURE),
  },
  "Review",
);

/** RFC 9457 with our extension members. */
export const PROBLEM = Type.Object(
  {
    type: Type.String({ format: "uri" }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    code: Type.String({ description: "Stable; the docs page of errors explains each." }),
    instance: Type.String({ description: "urn:mosis:request: and the id that the log has." }),
    errors: Type.Array(
      record({
        code: Type.String(),
        message: Type.String(),
        severity: Type.Optional(oneOf("error")),
        section: Type.Optional(Type.String({ description: "The part of the package that is meant." })),
        pointer: Type.Optional(Type.String()),
        entry: Type.Optional(Type.String()),
        offset: Type.Optional(Type.Integer()),
        found: Type.Optional(Type.String()),
        expected: Type.Optional(Type.String()),
      }),
    ),
  },
  { $id: "Problem" },
);

/** A page of a list. */
export const pageSchema = <T extends TSchema>(item: T) =>
  record({
    items: Type.Array(item),
    nextCursor: orNull(Type.String({ description: "For the next page; null on the last one." })),
  });

/** The query of every list. */
export const PAGE_QUERY = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: "how many items, 1 to 100" }),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: "nextCursor of the page before" })),
};

export type PageQuery = Static<TObject<typeof PAGE_QUERY>>;
