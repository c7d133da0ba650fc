/**
 * The tables, as drizzle sees them. `migrations/*.sql` makes them; `schema.test.ts` holds both to each other.
 * Times are milliseconds since 1970 (UTC), sizes are bytes, digests are lower-case hex.
 */
import { sql } from "drizzle-orm";
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type {
  AccountId,
  ApiKeyId,
  AppId,
  JobId,
  KeyId,
  OrganisationId,
  ReviewId,
  Sha256,
  VersionCode,
  VersionId,
} from "../ids.ts";

const time = (name: string) => integer(name, { mode: "timestamp_ms" });

/** Store-wide facts: store id, name, public URL. Values are JSON. */
export const settings = sqliteTable("settings", {
  name: text("name").primaryKey(),
  value: text("value", { mode: "json" }).notNull().$type<unknown>(),
  updatedAt: time("updated_at").notNull(),
});

/** People. An account never owns an app; organisations do. */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text("id").primaryKey().$type<AccountId>(),
    email: text("email").notNull(),
    /** The address in lower case: what must be unique. */
    emailKey: text("email_key").notNull(),
    name: text("name").notNull(),
    passwordHash: text("password_hash"),
    storeRole: text("store_role").$type<"administrator" | "reviewer">(),
    createdAt: time("created_at").notNull(),
    disabledAt: time("disabled_at"),
  },
  (t) => [uniqueIndex("accounts_email_key").on(t.emailKey)],
);

/** Browser sessions; `id` is the SHA-256 of the secret in the cookie. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    expiresAt: time("expires_at").notNull(),
    endsAt: time("ends_at").notNull(),
    createdAt: time("created_at").notNull(),
    address: text("address").notNull(),
    userAgent: text("user_agent").notNull(),
  },
  (t) => [index("sessions_account").on(t.accountId), index("sessions_expiry").on(t.expiresAt)],
);

/** Links that work once: only the SHA-256 of the secret is kept. */
export const oneTimeTokens = sqliteTable("one_time_tokens", {
  hash: text("hash").primaryKey().$type<Sha256>(),
  purpose: text("purpose").notNull().$type<"setup" | "password">(),
  accountId: text("account_id")
    .$type<AccountId>()
    .references(() => accounts.id, { onDelete: "cascade" }),
  createdAt: time("created_at").notNull(),
  expiresAt: time("expires_at").notNull(),
  usedAt: time("used_at"),
});

/** Who owns apps: a company, a team. */
export const organisations = sqliteTable("organisations", {
  id: text("id").primaryKey().$type<OrganisationId>(),
  name: text("name").notNull(),
  createdAt: time("created_at").notNull(),
});

/** Who belongs to which organisation, and as what. */
export const memberships = sqliteTable(
  "memberships",
  {
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "cascade" }),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    role: text("role").notNull().$type<"owner" | "maintainer" | "developer" | "viewer">(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.accountId] }),
    index("memberships_account").on(t.accountId),
  ],
);

/** Tokens for machines. One belongs to an organisation or to a person, never to both. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey().$type<ApiKeyId>(),
    name: text("name").notNull(),
    secretHash: text("secret_hash").notNull().$type<Sha256>(),
    organisationId: text("organisation_id")
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "cascade" }),
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    lastUsedAt: time("last_used_at"),
    revokedAt: time("revoked_at"),
  },
  (t) => [index("api_keys_organisation").on(t.organisationId), index("api_keys_account").on(t.accountId)],
);

/** Public keys that developers enrolled; the private halves never leave their machines. */
export const developerKeys = sqliteTable(
  "developer_keys",
  {
    keyid: text("keyid").primaryKey().$type<KeyId>(),
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    algorithm: text("algorithm").notNull(),
    enrolledBy: text("enrolled_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [index("developer_keys_organisation").on(t.organisationId)],
);

/** Certificates that the Developer CA issued; a key gets a new one when the old one nears its end. */
export const developerCertificates = sqliteTable(
  "developer_certificates",
  {
    serial: text("serial").primaryKey(),
    keyid: text("keyid")
      .notNull()
      .$type<KeyId>()
      .references(() => developerKeys.keyid),
    der: blob("der", { mode: "buffer" }).notNull(),
    notBefore: time("not_before").notNull(),
    notAfter: time("not_after").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [index("developer_certificates_key").on(t.keyid)],
);

/** An app is an id that an organisation has taken; versions carry everything else. */
export const apps = sqliteTable(
  "apps",
  {
    id: text("id").primaryKey().$type<AppId>(),
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    name: text("name").notNull(),
    summary: text("summary").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    /** When the first version was published; from then on the app cannot be deleted. */
    publishedAt: time("published_at"),
    /** The catalogue shard that lists it, a hash of the id. */
    catalogueShard: integer("catalogue_shard").notNull(),
    /** Rises with each change: the ETag. */
    revision: integer("revision").notNull(),
  },
  (t) => [
    index("apps_shard").on(t.catalogueShard),
    index("apps_organisation").on(t.organisationId, t.id),
    index("apps_published").on(t.publishedAt),
  ],
);

/** Which keys may sign an app's updates (package format, section 5). */
export const keyLineage = sqliteTable(
  "key_lineage",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    keyid: text("keyid")
      .notNull()
      .$type<KeyId>()
      .references(() => developerKeys.keyid),
    position: integer("position").notNull(),
    addedAt: time("added_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.keyid] })],
);

export type VersionState =
  | "checking"
  | "failed"
  | "draft"
  | "in_review"
  | "rejected"
  | "withdrawn"
  | "signing"
  | "held"
  | "publishing"
  | "published";

/** Every accepted upload is one row, for good. */
export const versions = sqliteTable(
  "versions",
  {
    id: text("id").primaryKey().$type<VersionId>(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    versionCode: integer("version_code").notNull().$type<VersionCode>(),
    version: text("version").notNull(),
    state: text("state").notNull().$type<VersionState>(),
    stateChangedAt: time("state_changed_at").notNull(),
    /** The manifest's canonical JSON; null until it was read without an error. */
    manifest: text("manifest"),
    contentDigest: text("content_digest").$type<Sha256>(),
    uploadSha256: text("upload_sha256").notNull().$type<Sha256>(),
    uploadSizeBytes: integer("upload_size_bytes").notNull(),
    developerKeyid: text("developer_keyid").$type<KeyId>(),
    notes: text("notes").notNull(),
    /** With hold, approval does not publish; `publish` does. */
    hold: integer("hold", { mode: "boolean" }).notNull(),
    uploadedBy: text("uploaded_by").notNull(),
    createdAt: time("created_at").notNull(),
    submittedAt: time("submitted_at"),
    approvedAt: time("approved_at"),
    /** When it came into the signed catalogue; its state says so a moment later, when devices can read that. */
    publishedAt: time("published_at"),
    releasedSha256: text("released_sha256").$type<Sha256>(),
    releasedSizeBytes: integer("released_size_bytes"),
    revision: integer("revision").notNull(),
  },
  (t) => [
    index("versions_app").on(t.appId, t.id),
    index("versions_state").on(t.state, t.submittedAt),
    index("versions_upload").on(t.uploadSha256),
    index("versions_released").on(t.releasedSha256),
    index("versions_published").on(t.appId, t.versionCode).where(sql`published_at IS NOT NULL`),
    uniqueIndex("versions_live_code")
      .on(t.appId, t.versionCode)
      .where(sql`state NOT IN ('failed', 'rejected', 'withdrawn')`),
  ],
);

/** The way of a version through its states: what its timeline shows. */
export const versionEvents = sqliteTable(
  "version_events",
  {
    id: text("id").primaryKey(),
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    fromState: text("from_state").$type<VersionState>(),
    toState: text("to_state").notNull().$type<VersionState>(),
    actor: text("actor").notNull(),
    note: text("note").notNull(),
    at: time("at").notNull(),
  },
  (t) => [index("version_events_version").on(t.versionId, t.id)],
);

/** Which checks ran on a version, in which version of the check, and how each ended. */
export const checkResults = sqliteTable(
  "check_results",
  {
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    checkVersion: text("check_version").notNull(),
    verdict: text("verdict").notNull().$type<"passed" | "failed" | "not checked">(),
    at: time("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.name] })],
);

/** What a check found, in the order in which it was found. */
export const findings = sqliteTable(
  "findings",
  {
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    checkName: text("check_name").notNull(),
    code: text("code").notNull(),
    severity: text("severity").notNull().$type<"error" | "warning" | "info">(),
    message: text("message").notNull(),
    entry: text("entry"),
    byteOffset: integer("byte_offset"),
    pointer: text("pointer"),
    found: text("found"),
    expected: text("expected"),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.position] })],
);

/** Decisions of people; `id` is the reviewId inside store.dsse. */
export const reviews = sqliteTable(
  "reviews",
  {
    id: text("id").primaryKey().$type<ReviewId>(),
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    decision: text("decision").notNull().$type<"approved" | "rejected">(),
    reason: text("reason").notNull(),
    reviewer: text("reviewer").notNull(),
    at: time("at").notNull(),
  },
  (t) => [uniqueIndex("reviews_version").on(t.versionId)],
);

/** Every blob that a row stands for; a blob without a row is rubbish and is swept. */
export const blobs = sqliteTable("blobs", {
  key: text("key").primaryKey(),
  sha256: text("sha256").notNull().$type<Sha256>(),
  sizeBytes: integer("size_bytes").notNull(),
  createdAt: time("created_at").notNull(),
});

/** Pictures cut out of checked packages for the pages. */
export const versionPictures = sqliteTable(
  "version_pictures",
  {
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    kind: text("kind").notNull().$type<"icon" | "screenshot">(),
    position: integer("position").notNull(),
    widthPx: integer("width_px").notNull(),
    heightPx: integer("height_px").notNull(),
    blobKey: text("blob_key")
      .notNull()
      .references(() => blobs.key),
  },
  (t) => [
    primaryKey({ columns: [t.versionId, t.kind, t.position] }),
    index("version_pictures_blob").on(t.blobKey),
  ],
);

/** The store's own private keys, each encrypted by the master key. */
export const signingKeys = sqliteTable("signing_keys", {
  name: text("name").primaryKey(),
  keyid: text("keyid").notNull().$type<KeyId>(),
  algorithm: text("algorithm").notNull(),
  publicKey: blob("public_key", { mode: "buffer" }).notNull(),
  sealedPrivateKey: blob("sealed_private_key", { mode: "buffer" }).notNull(),
  createdAt: time("created_at").notNull(),
});

/** Root CA, Developer CAs and release certificates. */
export const storeCertificates = sqliteTable("store_certificates", {
  serial: text("serial").primaryKey(),
  kind: text("kind").notNull().$type<"root" | "developer-ca" | "release">(),
  keyName: text("key_name")
    .notNull()
    .references(() => signingKeys.name),
  der: blob("der", { mode: "buffer" }).notNull(),
  notBefore: time("not_before").notNull(),
  notAfter: time("not_after").notNull(),
  createdAt: time("created_at").notNull(),
});

/** Signed TUF metadata. What devices read is a copy of these rows in the blob store. */
export const tufMetadata = sqliteTable(
  "tuf_metadata",
  {
    role: text("role").notNull(),
    version: integer("version").notNull(),
    body: blob("body", { mode: "buffer" }).notNull(),
    sha256: text("sha256").notNull().$type<Sha256>(),
    expiresAt: time("expires_at").notNull(),
    createdAt: time("created_at").notNull(),
    /** When the copy that devices read was written; null: still to be done. */
    exportedAt: time("exported_at"),
  },
  (t) => [primaryKey({ columns: [t.role, t.version] }), index("tuf_metadata_exported").on(t.exportedAt)],
);

/** The present content of each TUF target file. */
export const tufTargets = sqliteTable(
  "tuf_targets",
  {
    path: text("path").primaryKey(),
    role: text("role").notNull(),
    sha256: text("sha256").notNull().$type<Sha256>(),
    sizeBytes: integer("size_bytes").notNull(),
    body: blob("body", { mode: "buffer" }).notNull(),
    updatedAt: time("updated_at").notNull(),
    exportedAt: time("exported_at"),
  },
  (t) => [index("tuf_targets_role").on(t.role), index("tuf_targets_exported").on(t.exportedAt)],
);

/** Target files that were replaced or removed: kept for a while for devices in the middle of a refresh. */
export const tufSupersededTargets = sqliteTable(
  "tuf_superseded_targets",
  {
    path: text("path").notNull(),
    sha256: text("sha256").notNull().$type<Sha256>(),
    supersededAt: time("superseded_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.path, t.sha256] }), index("tuf_superseded_targets_at").on(t.supersededAt)],
);

/** The durable queue. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: text("id").primaryKey().$type<JobId>(),
    kind: text("kind").notNull(),
    /** One job of a kind per key runs at a time. */
    key: text("key").notNull(),
    payload: text("payload", { mode: "json" }).notNull().$type<Readonly<Record<string, unknown>>>(),
    state: text("state").notNull().$type<"queued" | "running" | "done" | "dead">(),
    attempts: integer("attempts").notNull(),
    /** How often in a row the process ended while it ran. */
    interruptions: integer("interruptions").notNull(),
    maxAttempts: integer("max_attempts").notNull(),
    runAt: time("run_at").notNull(),
    createdAt: time("created_at").notNull(),
    startedAt: time("started_at"),
    finishedAt: time("finished_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("jobs_ready").on(t.state, t.runAt),
    index("jobs_key").on(t.kind, t.key, t.state),
    uniqueIndex("jobs_running_key").on(t.kind, t.key).where(sql`state = 'running'`),
  ],
);

/** What runs by the clock, and when it is next due. */
export const cronEntries = sqliteTable("cron_entries", {
  kind: text("kind").primaryKey(),
  schedule: text("schedule").notNull(),
  nextRunAt: time("next_run_at").notNull(),
  lastRunAt: time("last_run_at"),
});

/** What a creating call with an Idempotency-Key made, written in the transaction that made it. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    actor: text("actor").notNull(),
    key: text("key").notNull(),
    /** SHA-256 over method, path and body: the same key with another request is an error. */
    fingerprint: text("fingerprint").notNull().$type<Sha256>(),
    resourceId: text("resource_id").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index("idempotency_keys_created").on(t.createdAt)],
);
