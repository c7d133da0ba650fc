/**
 * The tables, as drizzle sees them. `migrations/*.sql` makes them; `schema.test.ts` holds both to each other.
 * Times are milliseconds since 1970 (UTC), sizes are bytes, digests are lower-case hex.
 */
import { sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import type { LogEntry } from "../format/log/entries.ts";
import type {
  AccountId,
  ApiKeyId,
  AppId,
  Audience,
  AudienceId,
  BrowserId,
  DeviceId,
  EnrolmentCodeId,
  FactorId,
  GroupId,
  IdentityId,
  InvitationId,
  JobId,
  KeyId,
  ListingPictureId,
  MessageId,
  NotificationId,
  OrganisationId,
  OrganisationRequestId,
  PublisherId,
  RatingId,
  RecoveryId,
  ReportId,
  ReviewId,
  Sha256,
  TransferId,
  UploadId,
  VersionCode,
  VersionId,
} from "../ids.ts";
import type { OrganisationRole, StoreRole } from "../roles.ts";
import type { KeyAlgorithm, SignatureAlgorithm } from "../signing/algorithms.ts";
import type { AuditFacts } from "./audit-facts.ts";
import { auditFacts, auditPerson, auditTime, logEntry } from "./checked-columns.ts";
import type { PublisherRun } from "./publisher-run.ts";
import type { VersionState } from "./version-states.ts";

const time = (name: string) => integer(name, { mode: "timestamp_ms" });

/** Store-wide facts: store id, name, public URL. Values are JSON. */
export const settings = sqliteTable("settings", {
  /** Such as `storeId` or `store.name`. */
  name: text("name").primaryKey(),
  /** The setting, as JSON. */
  value: text("value", { mode: "json" }).notNull().$type<unknown>(),
  updatedAt: time("updated_at").notNull(),
});

/** People. An account never owns an app; organisations do. */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text("id").primaryKey().$type<AccountId>(),
    /** The e-mail address as it was typed. */
    email: text("email").notNull(),
    /** The address in lower case: what must be unique. */
    emailKey: text("email_key").notNull(),
    /** The person's name, as others see it. */
    name: text("name").notNull(),
    /** Argon2id in PHC form, with its salt and its settings; null until a password was chosen. */
    passwordHash: text("password_hash"),
    /** What the person may do in the whole store; null: nothing beyond their organisations. */
    storeRole: text("store_role").$type<StoreRole>(),
    createdAt: time("created_at").notNull(),
    /** Since when nobody can sign in or call with it; null: it is in use. */
    disabledAt: time("disabled_at"),
    /** When the person last showed that they read mail at the address; null: nobody has proven it. */
    emailProvenAt: time("email_proven_at"),
    /** The provider whose groups gave the store role; null: somebody gave it by hand. */
    storeRoleProvider: text("store_role_provider"),
    /** When that provider last confirmed it; null beside a provider: it was withdrawn, and stands for the record alone. */
    storeRoleConfirmedAt: time("store_role_confirmed_at"),
    /** When the account will be deleted, for which it is disabled; null: nobody asked for that. */
    deletionAt: time("deletion_at"),
    /** Label of who asked for it. */
    deletionAskedBy: text("deletion_asked_by"),
    /** Its person asked for the deletion, and nothing else disabled it: it works again when they take that back. */
    disabledForDeletion: integer("disabled_for_deletion", { mode: "boolean" }).notNull().default(false),
    /** Tag of the language of their pages (BCP 47); null: as the browser asks for. */
    language: text("language"),
    /** Name of the zone in which times are told to them (IANA); null: the store's. */
    timeZone: text("time_zone"),
  },
  (t) => [
    uniqueIndex("accounts_email_key").on(t.emailKey),
    index("accounts_deletion").on(t.deletionAt).where(sql`deletion_at IS NOT NULL`),
    index("accounts_staff").on(t.storeRole).where(sql`store_role IS NOT NULL`),
  ],
);

/** A number for each account: its row in the full-text table `account_words`, by which people are searched. Later accounts have higher ones. */
export const accountNumbers = sqliteTable(
  "account_numbers",
  {
    /** Its row in `account_words`. */
    number: integer("number").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
  },
  (t) => [uniqueIndex("account_numbers_account").on(t.accountId)],
);

/** Browser sessions; `id` is the SHA-256 of the secret in the cookie. */
export const sessions = sqliteTable(
  "sessions",
  {
    /** SHA-256 of the secret in the cookie; the secret itself is kept nowhere. */
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Ends by itself after seven days without a request; each request may move it. */
    expiresAt: time("expires_at").notNull(),
    /** Thirty days after the sign-in: no request moves it. */
    endsAt: time("ends_at").notNull(),
    createdAt: time("created_at").notNull(),
    /** The network address from which the person signed in. */
    address: text("address").notNull(),
    /** What the browser said of itself at the sign-in. */
    userAgent: text("user_agent").notNull(),
    /** When it last showed that it is the person: at the sign-in, or since then by a password, a code or a passkey. */
    provedAt: time("proved_at").notNull().default(new Date(0)),
    /** Whether what the person may do has changed since: its next page gets it a new secret. */
    renew: integer("renew", { mode: "boolean" }).notNull().default(false),
    /** SHA-256 of the secret that it had before the present one. */
    before: text("before"),
    /** Random: with the secret before and who asks it gives the present one. Gone once that was used, or where a proof came with it. */
    renewal: text("renewal"),
    /** When it got the present secret, where it had another one before. */
    renewedAt: time("renewed_at"),
    /** The linked account that began it; null: something else did, or that was before it was kept. */
    identityId: text("identity_id").$type<IdentityId>(),
  },
  (t) => [
    index("sessions_account").on(t.accountId),
    index("sessions_expiry").on(t.expiresAt),
    index("sessions_before").on(t.before).where(sql`before IS NOT NULL`),
    index("sessions_identity").on(t.identityId).where(sql`identity_id IS NOT NULL`),
  ],
);

/** Second factors of people: authenticator apps (`totp`) and passkeys. */
export const factors = sqliteTable(
  "factors",
  {
    id: text("id").primaryKey().$type<FactorId>(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** What it is: an authenticator app, or a passkey. */
    kind: text("kind").notNull().$type<"totp" | "passkey">(),
    /** What the person calls it. */
    name: text("name").notNull(),
    createdAt: time("created_at").notNull(),
    /** When it last showed that it is the person; null: not since it was added. */
    lastUsedAt: time("last_used_at"),
    /** Of an authenticator app: its secret, encrypted under the master key. */
    sealedSecret: blob("sealed_secret", { mode: "buffer" }),
    /** Of an authenticator app: the time step of the last code that was taken; none of that step or before is taken again. */
    lastStep: integer("last_step"),
    /** Of a passkey: its credential's id, in base64url. */
    credentialId: text("credential_id"),
    /** Of a passkey: its public key in COSE. */
    publicKey: blob("public_key", { mode: "buffer" }),
    /** Of a passkey: how often it says that it has signed; 0 of one that does not count. */
    signCount: integer("sign_count"),
    /** Of a passkey: how a browser reaches it, with commas between; a hint. */
    transports: text("transports"),
    /** Of a passkey: the host that it was made for, and works at alone. */
    rpId: text("rp_id"),
  },
  (t) => [
    index("factors_account").on(t.accountId, t.id),
    uniqueIndex("factors_credential").on(t.credentialId),
  ],
);

/** Codes on paper, each of which stands in for a second factor once. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    /** SHA-256 of the account's id and the code; the code itself is kept nowhere. */
    hash: text("hash").primaryKey().$type<Sha256>(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    createdAt: time("created_at").notNull(),
    /** When it was used; null: it still works. */
    usedAt: time("used_at"),
  },
  (t) => [index("recovery_codes_account").on(t.accountId)],
);

/** Browsers in which somebody was signed in to an account: their sign-ins wait for nobody else's guesses at it. */
export const knownBrowsers = sqliteTable(
  "known_browsers",
  {
    id: text("id").primaryKey().$type<BrowserId>(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** SHA-256 of the secret in the browser's cookie, which every sign-in there changes; the secret itself is kept nowhere. */
    secretHash: text("secret_hash").notNull().$type<Sha256>(),
    createdAt: time("created_at").notNull(),
    /** When the person last signed in there. */
    seenAt: time("seen_at").notNull(),
    /** From then on it is unknown, unless somebody signs in there before. */
    expiresAt: time("expires_at").notNull(),
    /** The network address from which the person last signed in. */
    address: text("address").notNull(),
    /** What the browser said of itself then. */
    userAgent: text("user_agent").notNull(),
  },
  (t) => [
    uniqueIndex("known_browsers_secret").on(t.secretHash, t.accountId),
    index("known_browsers_account").on(t.accountId, t.seenAt),
    index("known_browsers_expiry").on(t.expiresAt),
  ],
);

/** Sign-ins that wait for a second factor: the password, or what stood in its place, was right. */
export const pendingSignIns = sqliteTable(
  "pending_sign_ins",
  {
    /** SHA-256 of the secret in the cookie; the secret itself is kept nowhere. */
    hash: text("hash").primaryKey().$type<Sha256>(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** What was shown first, such as `password`. */
    firstFactor: text("first_factor").notNull(),
    /** The page to go to afterwards; null: the dashboard. */
    next: text("next"),
    /** The notice to say there; null: none. */
    flash: text("flash"),
    createdAt: time("created_at").notNull(),
    /** From then on one has to begin again. */
    expiresAt: time("expires_at").notNull(),
    /** The linked account that was shown first, where it was one. */
    identityId: text("identity_id").$type<IdentityId>(),
  },
  (t) => [
    index("pending_sign_ins_account").on(t.accountId),
    index("pending_sign_ins_expiry").on(t.expiresAt),
    index("pending_sign_ins_identity").on(t.identityId).where(sql`identity_id IS NOT NULL`),
  ],
);

/** Links that work once: only the SHA-256 of the secret is kept. */
export const oneTimeTokens = sqliteTable(
  "one_time_tokens",
  {
    /** SHA-256 of the secret in the link; the secret itself is kept nowhere. */
    hash: text("hash").primaryKey().$type<Sha256>(),
    /** What the link is for: the first account, a new password, proof of an address, an invitation, or keeping an account. */
    purpose: text("purpose").notNull().$type<"setup" | "password" | "address" | "invitation" | "keep">(),
    /** Whose password or address it is about; null of the other links. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    createdAt: time("created_at").notNull(),
    /** From then on the link opens nothing. */
    expiresAt: time("expires_at").notNull(),
    /** When it was used; null: it still works. */
    usedAt: time("used_at"),
    /** The invitation that it takes up; null of the other links. */
    invitationId: text("invitation_id")
      .$type<InvitationId>()
      .references(() => invitations.id, { onDelete: "cascade" }),
    /** The address that it was made for; null of a set-up link. */
    email: text("email"),
    /** Whether it went to that address by mail alone, so that who has it reads mail there. */
    mailed: integer("mailed", { mode: "boolean" }).notNull().default(false),
  },
  (t) => [
    index("one_time_tokens_account").on(t.accountId, t.purpose),
    index("one_time_tokens_invitation").on(t.invitationId),
  ],
);

/** Who people are at outside providers. What signs somebody in is provider and subject, never an address. */
export const identities = sqliteTable(
  "identities",
  {
    id: text("id").primaryKey().$type<IdentityId>(),
    /** The account here that it signs in to. */
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The id that the configuration gives the provider. */
    provider: text("provider").notNull(),
    /** The provider's own name for the person, which never goes to somebody else. */
    subject: text("subject").notNull(),
    /** The address that the provider last had verified, for people to know it by. */
    email: text("email").notNull(),
    createdAt: time("created_at").notNull(),
    /** When it last signed somebody in. */
    seenAt: time("seen_at").notNull(),
    /** When the provider was asked for the groups that it last told of the person; null: it never told any. */
    confirmedAt: time("confirmed_at"),
    /** When the store last asked for them by itself. */
    askedAt: time("asked_at"),
    /** What the store asks with, encrypted under the master key; null: it cannot ask by itself. */
    sealedToken: blob("sealed_token", { mode: "buffer" }),
    /** The issuer that the provider had when it last signed them in; null: that was before it was kept. */
    issuer: text("issuer"),
  },
  (t) => [
    index("identities_asked").on(t.askedAt).where(sql`sealed_token IS NOT NULL`),
    uniqueIndex("identities_subject").on(t.provider, t.subject),
    uniqueIndex("identities_account").on(t.accountId, t.provider),
  ],
);

/** Somebody may make an account, become a member, or both: how people come to the store. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text("id").primaryKey().$type<InvitationId>(),
    /** The invited address as it was typed. */
    email: text("email").notNull(),
    /** The address in lower case. */
    emailKey: text("email_key").notNull(),
    /** The organisation to become a member of; null: none. */
    organisationId: text("organisation_id")
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "cascade" }),
    /** The role in that organisation; null without one. */
    role: text("role").$type<OrganisationRole>(),
    /** The role in the store that comes with it; null: none. */
    storeRole: text("store_role").$type<StoreRole>(),
    /** Label of who invited, which must still be allowed to when it is taken up; `system` where people sign up themselves. */
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    /** From then on it cannot be taken up. */
    expiresAt: time("expires_at").notNull(),
    /** When it was taken up; null: not yet. */
    acceptedAt: time("accepted_at"),
    /** Who took it up. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "set null" }),
    /** When it was taken back; null: it was not. */
    revokedAt: time("revoked_at"),
    /** The apps that the role is narrowed to; null: the whole organisation, or no role. */
    apps: text("apps", { mode: "json" }).$type<readonly AppId[]>(),
    /** The API key of who invited, with which it ends; null: it was done without one. */
    createdWith: text("created_with").$type<ApiKeyId>(),
  },
  (t) => [
    index("invitations_organisation").on(t.organisationId, t.id),
    index("invitations_address").on(t.emailKey, t.id),
    index("invitations_account").on(t.accountId).where(sql`account_id IS NOT NULL`),
    index("invitations_open_by").on(t.createdBy).where(sql`accepted_at IS NULL AND revoked_at IS NULL`),
  ],
);

/** Who owns apps: a company, a team. */
export const organisations = sqliteTable(
  "organisations",
  {
    id: text("id").primaryKey().$type<OrganisationId>(),
    /** Its name, as people and certificates have it. */
    name: text("name").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    index("organisations_name").on(t.name),
    index("organisations_by_name").on(sql`name COLLATE NOCASE`, t.id),
  ],
);

/** How each organisation's name is compared with others: two that share a key of one kind look alike. */
export const organisationNames = sqliteTable(
  "organisation_names",
  {
    organisationId: text("organisation_id")
      .primaryKey()
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "cascade" }),
    /** Without what is not seen, the case and the width of letters. */
    plainKey: text("plain_key").notNull(),
    /** The same in Latin letters that are drawn alike. */
    drawnKey: text("drawn_key").notNull(),
  },
  (t) => [index("organisation_names_plain").on(t.plainKey), index("organisation_names_drawn").on(t.drawnKey)],
);

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
    /** What the person may do with what the organisation owns. */
    role: text("role").notNull().$type<OrganisationRole>(),
    createdAt: time("created_at").notNull(),
    /** The provider whose groups gave the role; null: somebody gave it by hand. */
    provider: text("provider"),
    /** When that provider last confirmed it; null beside a provider: it was withdrawn, and stands for the record alone. */
    confirmedAt: time("confirmed_at"),
    /** The apps that the role is narrowed to, none of them where the list is empty; null: the whole organisation. */
    apps: text("apps", { mode: "json" }).$type<readonly AppId[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.organisationId, t.accountId] }),
    index("memberships_account").on(t.accountId, t.role),
    index("memberships_whole").on(t.accountId, t.role).where(sql`apps IS NULL`),
    index("memberships_narrowed").on(t.accountId, t.role).where(sql`apps IS NOT NULL`),
    index("memberships_narrowed_in").on(t.organisationId).where(sql`apps IS NOT NULL`),
    index("memberships_groups").on(t.accountId, t.provider).where(sql`provider IS NOT NULL`),
  ],
);

/** Roles in organisations that people had and have no more, or have in another way. */
export const pastMemberships = sqliteTable(
  "past_memberships",
  {
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "cascade" }),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The role that ended. */
    role: text("role").notNull().$type<OrganisationRole>(),
    /** When it did. */
    until: time("until").notNull(),
  },
  (t) => [index("past_memberships_account").on(t.accountId, t.organisationId, t.until)],
);

/** Named groups of people and devices: what may be shown to some only names them. */
export const groups = sqliteTable(
  "groups",
  {
    id: text("id").primaryKey().$type<GroupId>(),
    /** What people call it. */
    name: text("name").notNull(),
    /** The name as it must be unique: without regard to case. */
    nameKey: text("name_key").notNull(),
    /** What it is for, in the words of whoever made it; empty: nothing was said. */
    description: text("description").notNull(),
    /** Rises with each change of the name, the description or who may choose it. */
    revision: integer("revision").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    /** Whether owners and maintainers of apps may choose it, and so read its name. */
    offered: integer("offered", { mode: "boolean" }).notNull().default(false),
  },
  (t) => [uniqueIndex("groups_name").on(t.nameKey)],
);

/** People in groups. */
export const groupAccounts = sqliteTable(
  "group_accounts",
  {
    /** The group. */
    groupId: text("group_id")
      .notNull()
      .$type<GroupId>()
      .references(() => groups.id, { onDelete: "cascade" }),
    /** Who is in it. */
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.accountId] }),
    index("group_accounts_account").on(t.accountId, t.groupId),
  ],
);

/** Devices that have enrolled. One is never deleted, only revoked: its key is known from then on. */
export const devices = sqliteTable(
  "devices",
  {
    id: text("id").primaryKey().$type<DeviceId>(),
    /** What it calls itself, until somebody renames it. */
    name: text("name").notNull(),
    /** The name in lower case, by which devices are found. */
    nameKey: text("name_key").notNull(),
    /** Of its own key. */
    algorithm: text("algorithm").notNull().$type<SignatureAlgorithm>(),
    /** DER of its public key (SubjectPublicKeyInfo). */
    publicKey: blob("public_key", { mode: "buffer" }).notNull(),
    /** SHA-256 of that. */
    keyid: text("keyid").notNull().$type<KeyId>(),
    /** System and processor, as the device said; empty: it did not. */
    platform: text("platform").notNull(),
    /** What it is, as the device said. */
    model: text("model").notNull(),
    /** Name and version of the program that installs apps on it, as the device said. */
    runtime: text("runtime").notNull(),
    /** Rises with each change by a person. */
    revision: integer("revision").notNull(),
    createdAt: time("created_at").notNull(),
    /** When it last proved that it has its key, or asked for a file, not to the minute; null: never since it enrolled. */
    lastSeenAt: time("last_seen_at"),
    /** From where that was. */
    lastSeenAddress: text("last_seen_address"),
    /** When somebody revoked it; null: it is in use. */
    revokedAt: time("revoked_at"),
    /** Label of who did. */
    revokedBy: text("revoked_by"),
    /** What they said why. */
    revocationReason: text("revocation_reason"),
    /** The code that it enrolled with last. */
    codeId: text("code_id")
      .$type<EnrolmentCodeId>()
      .references(() => enrolmentCodes.id, { onDelete: "set null" }),
    /** When it was last given an access token; null: never. */
    lastTokenAt: time("last_token_at"),
  },
  (t) => [
    uniqueIndex("devices_key").on(t.keyid),
    index("devices_name").on(t.nameKey, t.id),
    index("devices_code").on(t.codeId, t.id).where(sql`code_id IS NOT NULL`),
    index("devices_unseen").on(sql`coalesce(last_seen_at, created_at)`, t.id).where(sql`revoked_at IS NULL`),
  ],
);

/** Codes with which devices enrol. */
export const enrolmentCodes = sqliteTable(
  "enrolment_codes",
  {
    id: text("id").primaryKey().$type<EnrolmentCodeId>(),
    /** What its maker called it, to tell codes apart. */
    label: text("label").notNull(),
    /** SHA-256 of the code; the code itself is shown once and kept nowhere. */
    codeHash: text("code_hash").notNull().$type<Sha256>(),
    /** How many devices can enrol with it. */
    mostUses: integer("most_uses").notNull(),
    /** How many have. */
    uses: integer("uses").notNull(),
    /** From then on no other device enrols with it. */
    expiresAt: time("expires_at").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    /** When somebody revoked it; null: nobody did. */
    revokedAt: time("revoked_at"),
    /** Label of who did. */
    revokedBy: text("revoked_by"),
    /** The API key of who made it, with which it ends; null: it was done without one. */
    createdWith: text("created_with").$type<ApiKeyId>(),
  },
  (t) => [
    uniqueIndex("enrolment_codes_hash").on(t.codeHash),
    index("enrolment_codes_live").on(t.expiresAt).where(sql`revoked_at IS NULL`),
  ],
);

/** The groups that a device is put into that enrols with a code. */
export const enrolmentCodeGroups = sqliteTable(
  "enrolment_code_groups",
  {
    /** The code. */
    codeId: text("code_id")
      .notNull()
      .$type<EnrolmentCodeId>()
      .references(() => enrolmentCodes.id, { onDelete: "cascade" }),
    /** The group. */
    groupId: text("group_id")
      .notNull()
      .$type<GroupId>()
      .references(() => groups.id, { onDelete: "cascade" }),
  },
  (t) => [primaryKey({ columns: [t.codeId, t.groupId] }), index("enrolment_code_groups_group").on(t.groupId)],
);

/** What devices have signed to get a token and what is of its time still: nothing is taken twice. */
export const deviceAssertions = sqliteTable(
  "device_assertions",
  {
    /** The device. */
    deviceId: text("device_id")
      .notNull()
      .$type<DeviceId>()
      .references(() => devices.id, { onDelete: "cascade" }),
    /** What the device called it. */
    jti: text("jti").notNull(),
    /** From then on it is not taken any more, and is forgotten when the device comes again. */
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.jti] })],
);

/** Devices in groups. */
export const groupDevices = sqliteTable(
  "group_devices",
  {
    /** The group. */
    groupId: text("group_id")
      .notNull()
      .$type<GroupId>()
      .references(() => groups.id, { onDelete: "cascade" }),
    /** Which device is in it. */
    deviceId: text("device_id")
      .notNull()
      .$type<DeviceId>()
      .references(() => devices.id, { onDelete: "cascade" }),
    createdAt: time("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.groupId, t.deviceId] }),
    index("group_devices_device").on(t.deviceId, t.groupId),
  ],
);

/** Programs that wait for a person to sign them in (RFC 8628). */
export const deviceAuthorizations = sqliteTable(
  "device_authorizations",
  {
    /** SHA-256 of what the program asks with. */
    deviceCodeHash: text("device_code_hash").primaryKey().$type<Sha256>(),
    /** SHA-256 of what the person types, without its hyphen. */
    userCodeHash: text("user_code_hash").notNull().unique().$type<Sha256>(),
    /** What the program calls itself and its machine. */
    clientName: text("client_name").notNull(),
    /** The place that it was begun from: an IPv4 address, or the /64 of an IPv6 one. */
    address: text("address").notNull(),
    createdAt: time("created_at").notNull(),
    /** From then on the program has to begin again. */
    expiresAt: time("expires_at").notNull(),
    /** null: nobody has decided yet. */
    decision: text("decision", { enum: ["approved", "denied"] }),
    /** Who approved it. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** In which session; ended before the program asks again, it counts for nothing. */
    sessionId: text("session_id"),
    /** How long the program stays signed in. */
    days: integer("days"),
  },
  (t) => [
    index("device_authorizations_account").on(t.accountId).where(sql`account_id IS NOT NULL`),
    index("device_authorizations_place").on(t.address, t.expiresAt),
    index("device_authorizations_expiry").on(t.expiresAt),
  ],
);

/** Tokens for machines. One belongs to an organisation or to a person, never to both. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey().$type<ApiKeyId>(),
    /** What its maker called it, to tell keys apart. */
    name: text("name").notNull(),
    /** SHA-256 of the token's secret part; the token itself is shown once and kept nowhere. */
    secretHash: text("secret_hash").notNull().$type<Sha256>(),
    /** The organisation that the key acts for; null of a person's key. */
    organisationId: text("organisation_id")
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "cascade" }),
    /** The person that the key acts as; null of an organisation's key. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    /** From then on the key is refused. */
    expiresAt: time("expires_at").notNull(),
    /** When it was last used, not to the minute; null: never. */
    lastUsedAt: time("last_used_at"),
    /** When somebody revoked it; null: it is in use. */
    revokedAt: time("revoked_at"),
    /** The actions of the table of rights that it may, within what its owner may; null: all of them. */
    actions: text("actions", { mode: "json" }).$type<readonly string[]>(),
    /** The apps that it is for; null: all that its owner reaches. */
    apps: text("apps", { mode: "json" }).$type<readonly AppId[]>(),
    /** The key that made it, with which it ends; null: a person or the operator did. */
    madeWith: text("made_with")
      .$type<ApiKeyId>()
      .references((): AnySQLiteColumn => apiKeys.id, { onDelete: "set null" }),
    /** Until when the secret before the last rotation still works. */
    previousUntil: time("previous_until"),
    /** The network address that it was last used from, not to the minute. */
    lastUsedAddress: text("last_used_address"),
    /** When its token was reported as leaked, with which it was revoked. */
    leakedAt: time("leaked_at"),
    /** When its people were told that it ends soon. */
    endToldAt: time("end_told_at"),
    /** Label of who was given the present token: whoever made the key, or rotated it last. */
    tokenBy: text("token_by").notNull().default(""),
  },
  (t) => [
    index("api_keys_token_by").on(t.tokenBy).where(sql`revoked_at IS NULL AND organisation_id IS NOT NULL`),
    index("api_keys_organisation").on(t.organisationId),
    index("api_keys_account").on(t.accountId),
    index("api_keys_made_with").on(t.madeWith).where(sql`made_with IS NOT NULL`),
    index("api_keys_ending").on(t.expiresAt).where(sql`revoked_at IS NULL AND end_told_at IS NULL`),
  ],
);

/** Secrets that rotations have replaced. */
export const apiKeyPastSecrets = sqliteTable(
  "api_key_past_secrets",
  {
    /** SHA-256 of the token's secret part. */
    hash: text("hash").primaryKey().$type<Sha256>(),
    /** The key whose secret it was. */
    keyId: text("key_id")
      .notNull()
      .$type<ApiKeyId>()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    /** Until when it still works beside the newer one. */
    until: time("until").notNull(),
    /** The key that the rotation was made with: a report of the old token ends the key for as long as it lives. null: a person or the operator did it. */
    replacedWith: text("replaced_with")
      .$type<ApiKeyId>()
      .references(() => apiKeys.id, { onDelete: "set null" }),
  },
  (t) => [
    index("api_key_past_secrets_key").on(t.keyId),
    index("api_key_past_secrets_with").on(t.replacedWith).where(sql`replaced_with IS NOT NULL`),
  ],
);

/** Public keys that developers enrolled; the private halves never leave their machines. */
export const developerKeys = sqliteTable(
  "developer_keys",
  {
    /** SHA-256 of the public key's SubjectPublicKeyInfo. */
    keyid: text("keyid").primaryKey().$type<KeyId>(),
    /** Whose packages it may sign. */
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** Such as `ecdsa-p256`. */
    algorithm: text("algorithm").notNull(),
    /** Who sent the certificate request: a label as in `created_by`. */
    enrolledBy: text("enrolled_by").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [index("developer_keys_organisation").on(t.organisationId)],
);

/** Certificates that the Developer CA issued; a key gets a new one when the old one nears its end. */
export const developerCertificates = sqliteTable(
  "developer_certificates",
  {
    /** The certificate's serial number, in hexadecimal. */
    serial: text("serial").primaryKey(),
    /** The key that it certifies. */
    keyid: text("keyid")
      .notNull()
      .$type<KeyId>()
      .references(() => developerKeys.keyid),
    /** The certificate itself (X.509, DER). */
    der: blob("der", { mode: "buffer" }).notNull(),
    /** From when it is valid. */
    notBefore: time("not_before").notNull(),
    /** Until when it is valid. */
    notAfter: time("not_after").notNull(),
    createdAt: time("created_at").notNull(),
    /** SHA-256 of `der`, by which a revocation names it; null until the next start when an older program wrote the row. */
    sha256: text("sha256").$type<Sha256>(),
    /** When its owners were told that it ends, or that was found to be needless; null: not yet. */
    endToldAt: time("end_told_at"),
  },
  (t) => [
    index("developer_certificates_key").on(t.keyid),
    index("developer_certificates_sha256").on(t.sha256),
    index("developer_certificates_untold").on(t.notAfter).where(sql`end_told_at IS NULL`),
  ],
);

/** An app is an id that an organisation has taken; versions carry everything else. */
export const apps = sqliteTable(
  "apps",
  {
    /** The app id, in reverse-DNS. */
    id: text("id").primaryKey().$type<AppId>(),
    /** Who owns it. */
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** What lists call it. */
    name: text("name").notNull(),
    /** One line that says what it is for; may be empty. */
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
    /** Only trusted publishers may upload versions. */
    trustedOnly: integer("trusted_only", { mode: "boolean" }).notNull().default(false),
    /** Since when it is in the public catalogue; null: it is not. */
    publicAt: time("public_at"),
    /** Who is to see it with its first publication, under the master key; null: it was published before there were such seals. */
    sealedAudiences: blob("sealed_audiences", { mode: "buffer" }),
    /** The category that somebody chose for it; null: what its packages say. */
    chosenCategory: text("chosen_category"),
    /** The category that it is shown under, as that or its offered version says; null: none, or nothing of it is offered. */
    category: text("category"),
    /** How often devices fetched it: each package and each update. */
    installs: integer("installs").notNull().default(0),
    /** Since when it stands in no list of the store; null: it does. Its address works all the same. */
    unlistedAt: time("unlisted_at"),
    /** Since when its developers advise against it; null: they do not. */
    deprecatedAt: time("deprecated_at"),
    /** What they say of that, one line; null: it is not deprecated. */
    deprecatedText: text("deprecated_text"),
    /** The app that they point to in its place; null: none. Shown to who may see that app, and to nobody else. */
    deprecatedInstead: text("deprecated_instead").$type<AppId>(),
    /** When what there is of it is removed, since somebody deletes it; null: nobody does. It stays when that has happened. */
    deletionAt: time("deletion_at"),
    /** When it was deleted for good: of it there is nothing but this row, so that nobody takes its id; null: it is there. */
    removedAt: time("removed_at"),
    /** That of its newest version (`newestVersionId`), kept by the database; null: there is none. */
    newestState: text("newest_state").$type<VersionState>(),
    /** Since when that is so. */
    newestStateAt: time("newest_state_at"),
    /** How many of its versions wait for a review, kept by the database. */
    waiting: integer("waiting").notNull().default(0),
    /** How many keys its lineage has, kept by the database. */
    lineageKeys: integer("lineage_keys").notNull().default(0),
    /**
     * Its newest version, kept by the database: the highest code of what lives, or what failed or was refused above that since; what was
     * withdrawn where there is nothing else. null: nothing was uploaded.
     */
    newestVersionId: text("newest_version_id").$type<VersionId>(),
  },
  (t) => [
    index("apps_deletion")
      .on(t.organisationId, t.id)
      .where(sql`deletion_at IS NOT NULL AND removed_at IS NULL`),
    index("apps_deletions").on(t.id).where(sql`deletion_at IS NOT NULL AND removed_at IS NULL`),
    index("apps_deletion_ending").on(t.deletionAt).where(sql`deletion_at IS NOT NULL AND removed_at IS NULL`),
    index("apps_deletion_ending_of")
      .on(t.organisationId, t.deletionAt)
      .where(sql`deletion_at IS NOT NULL AND removed_at IS NULL`),
    index("apps_category").on(t.category, t.id).where(sql`category IS NOT NULL`),
    index("apps_shard").on(t.catalogueShard),
    index("apps_organisation").on(t.organisationId, t.id),
    index("apps_waiting_for_developers")
      .on(t.organisationId, t.newestStateAt, t.id)
      .where(sql`newest_state IN ('failed', 'rejected', 'draft', 'held') AND deletion_at IS NULL`),
    index("apps_waiting_for_review")
      .on(t.organisationId, t.id, t.waiting)
      .where(sql`waiting > 0 AND deletion_at IS NULL`),
    index("apps_with_lineage").on(t.organisationId, t.id).where(sql`lineage_keys > 0`),
    index("apps_kept_of").on(t.organisationId, t.id).where(sql`removed_at IS NULL`),
    index("apps_published_of")
      .on(t.organisationId, t.id)
      .where(sql`published_at IS NOT NULL AND deletion_at IS NULL AND removed_at IS NULL`),
    index("apps_instead").on(t.deprecatedInstead, t.id).where(sql`deprecated_instead IS NOT NULL`),
    index("apps_by_name").on(sql`${t.name} COLLATE NOCASE`, t.id).where(sql`removed_at IS NULL`),
    index("apps_by_age").on(t.createdAt, t.id).where(sql`removed_at IS NULL`),
    index("apps_of_by_name")
      .on(t.organisationId, sql`${t.name} COLLATE NOCASE`, t.id)
      .where(sql`removed_at IS NULL`),
    index("apps_of_by_age").on(t.organisationId, t.createdAt, t.id).where(sql`removed_at IS NULL`),
    index("apps_in_state").on(t.newestState, t.id).where(sql`removed_at IS NULL`),
    index("apps_in_state_by_name")
      .on(t.newestState, sql`${t.name} COLLATE NOCASE`, t.id)
      .where(sql`removed_at IS NULL`),
    index("apps_in_state_by_age").on(t.newestState, t.createdAt, t.id).where(sql`removed_at IS NULL`),
    index("apps_of_in_state").on(t.organisationId, t.newestState, t.id).where(sql`removed_at IS NULL`),
    index("apps_of_in_state_by_name")
      .on(t.organisationId, t.newestState, sql`${t.name} COLLATE NOCASE`, t.id)
      .where(sql`removed_at IS NULL`),
    index("apps_of_in_state_by_age")
      .on(t.organisationId, t.newestState, t.createdAt, t.id)
      .where(sql`removed_at IS NULL`),
    index("apps_public").on(t.organisationId).where(sql`public_at IS NOT NULL`),
  ],
);

/** A number for each app that was not deleted for good: its row in the full-text table `app_words`, by which the list of all apps is searched. */
export const appNumbers = sqliteTable(
  "app_numbers",
  {
    /** Its row in `app_words`. */
    number: integer("number").primaryKey(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
  },
  (t) => [uniqueIndex("app_numbers_app").on(t.appId)],
);

/** Published apps that are being deleted, until nothing is left of them. Taken back, the row goes. */
export const appDeletions = sqliteTable(
  "app_deletions",
  {
    appId: text("app_id")
      .primaryKey()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Label of who asked for it. */
    askedBy: text("asked_by").notNull(),
    /** When. */
    askedAt: time("asked_at").notNull(),
    /** Why, in one line. */
    reason: text("reason").notNull(),
    /** Until then it can be taken back. */
    endsAt: time("ends_at").notNull(),
    /** Since when it was in the public catalogue before; null: it was not. */
    publicAt: time("public_at"),
    /** Who might see it before, under the master key: `app_deletion_audiences` repeats it. */
    sealed: blob("sealed", { mode: "buffer" }).notNull(),
  },
  (t) => [index("app_deletions_ending").on(t.endsAt, t.appId)],
);

/** Who sees an app again when its deletion is taken back. */
export const appDeletionAudiences = sqliteTable(
  "app_deletion_audiences",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => appDeletions.appId, { onDelete: "cascade" }),
    /** A group, `signed-in`, or empty for everybody. */
    audience: text("audience").notNull().$type<Audience>(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.audience] }),
    index("app_deletion_audiences_audience").on(t.audience),
  ],
);

/** The packages of apps that are deleted for good: what is revoked of them stays so, and devices may still have them. */
export const removedVersions = sqliteTable(
  "removed_versions",
  {
    /** SHA-256 over the content that is signed. */
    contentDigest: text("content_digest").notNull().$type<Sha256>(),
    /** The app whose it was. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Its version code, which is never used again. */
    versionCode: integer("version_code").notNull().$type<VersionCode>(),
    /** The version as people knew it, such as 1.2.0. */
    version: text("version").notNull(),
    /** When it was published. */
    publishedAt: time("published_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.contentDigest, t.appId] })],
);

/** In whose catalogues an app is, was, or will be with its first publication: who may see it. */
export const appAudiences = sqliteTable(
  "app_audiences",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** The release channel; so far there is `stable` alone. */
    channel: text("channel").notNull(),
    /** A group, `signed-in`, or empty for everybody. */
    audience: text("audience").notNull().$type<Audience>(),
    /** The app's catalogue shard. */
    shard: integer("shard").notNull(),
    createdAt: time("created_at").notNull(),
    /** When that catalogue first named it; null: it was not published since. */
    toldAt: time("told_at"),
    /** When it was taken out of it; null: it may be seen by that audience. */
    leftAt: time("left_at"),
    /** That of the app. */
    category: text("category"),
    /** That of the app. */
    installs: integer("installs").notNull().default(0),
    /** The organisation in whose list of the store the app stands, kept by the database; null: it is unlisted. */
    listedOf: text("listed_of").$type<OrganisationId>(),
    /** When the version that is offered first was published; null: none is, or the app stands in no list. */
    updatedAt: time("updated_at"),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.channel, t.audience] }),
    index("app_audiences_shard")
      .on(t.audience, t.channel, t.shard, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL`),
    index("app_audiences_app")
      .on(t.audience, t.channel, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL`),
    index("app_audiences_current").on(t.audience, t.appId).where(sql`left_at IS NULL`),
    index("app_audiences_told")
      .on(t.audience, t.channel, t.toldAt, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL`),
    index("app_audiences_installs")
      .on(t.audience, t.channel, t.installs, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL`),
    index("app_audiences_updated")
      .on(t.audience, t.channel, t.updatedAt, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND updated_at IS NOT NULL`),
    index("app_audiences_category_told")
      .on(t.audience, t.channel, t.category, t.toldAt, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL`),
    index("app_audiences_category_updated")
      .on(t.audience, t.channel, t.category, t.updatedAt, t.appId)
      .where(
        sql`told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL AND updated_at IS NOT NULL`,
      ),
    index("app_audiences_category_installs")
      .on(t.audience, t.channel, t.category, t.installs, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL`),
    index("app_audiences_publisher_told")
      .on(t.audience, t.channel, t.listedOf, t.toldAt, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL`),
    index("app_audiences_publisher_updated")
      .on(t.audience, t.channel, t.listedOf, t.updatedAt, t.appId)
      .where(
        sql`told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL AND updated_at IS NOT NULL`,
      ),
    index("app_audiences_publisher_installs")
      .on(t.audience, t.channel, t.listedOf, t.installs, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL`),
    index("app_audiences_category")
      .on(t.audience, t.channel, t.category, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND category IS NOT NULL`),
    index("app_audiences_publisher")
      .on(t.audience, t.channel, t.listedOf, t.appId)
      .where(sql`told_at IS NOT NULL AND left_at IS NULL AND listed_of IS NOT NULL`),
  ],
);

/** Which keys may sign an app's updates (package format, section 5). */
export const keyLineage = sqliteTable(
  "key_lineage",
  {
    /** The app that the key may sign. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** The key. */
    keyid: text("keyid")
      .notNull()
      .$type<KeyId>()
      .references(() => developerKeys.keyid),
    /** The place in the lineage; 0 is the key of the first approved version. */
    position: integer("position").notNull(),
    /** When the key was added. */
    addedAt: time("added_at").notNull(),
    /** The envelope by which a key of the lineage added this one; null for the first key and a recovered one. */
    addition: blob("addition", { mode: "buffer" }),
    /** The store's envelope: the acceptance of the addition, or the recovery; null for the first key. */
    storeStatement: blob("store_statement", { mode: "buffer" }),
    /** The key id that signed the addition, or the id of the recovery; null for the first key. */
    authorisedBy: text("authorised_by"),
    /** When a recovery took the key's place: what is approved after that may not be signed with it. */
    lostAt: time("lost_at"),
  },
  (t) => [primaryKey({ columns: [t.appId, t.keyid] }), index("key_lineage_key").on(t.keyid)],
);

export type RecoveryState = "waiting" | "approved" | "refused" | "objected" | "fallen";

/** Requests of owners whose keys are lost (package format, section 5). */
export const keyRecoveries = sqliteTable(
  "key_recoveries",
  {
    id: text("id").primaryKey().$type<RecoveryId>(),
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** The key that is to take the place of those that are lost. */
    keyid: text("keyid")
      .notNull()
      .$type<KeyId>()
      .references(() => developerKeys.keyid),
    /** What the owner says happened. */
    reason: text("reason").notNull(),
    /** `waiting`, also when its time is over; `objected` when an owner stopped it, `fallen` when a lost key was used or the new one was revoked. */
    state: text("state").notNull().$type<RecoveryState>(),
    /** Who asked for it: a label as in `created_by`. */
    requestedBy: text("requested_by").notNull(),
    /** When; the waiting time counts from here. */
    requestedAt: time("requested_at").notNull(),
    /** Before this nobody can approve it. */
    waitingUntil: time("waiting_until").notNull(),
    /** How many owners got a message about the request. */
    ownersTold: integer("owners_told").notNull(),
    /** Who approved, refused or objected; `system` when it fell, null while it waits. */
    decidedBy: text("decided_by"),
    /** When that was; null while it waits. */
    decidedAt: time("decided_at"),
    /** What who decided said; null while it waits. */
    decisionReason: text("decision_reason"),
    /** Rises with each change: the ETag. */
    revision: integer("revision").notNull(),
    /** What it was asked for, and for which apps, sealed under the master key: the columns repeat it. Null: of before there was this. */
    sealed: blob("sealed", { mode: "buffer" }),
  },
  (t) => [
    index("key_recoveries_organisation").on(t.organisationId, t.id),
    index("key_recoveries_state").on(t.state, t.id),
  ],
);

/** The apps that a recovery is about. */
export const keyRecoveryApps = sqliteTable(
  "key_recovery_apps",
  {
    /** The recovery. */
    recoveryId: text("recovery_id")
      .notNull()
      .$type<RecoveryId>()
      .references(() => keyRecoveries.id, { onDelete: "cascade" }),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** How many keys the lineage had at the request: one that has grown since has a key that is not lost. */
    lineageKeys: integer("lineage_keys").notNull(),
  },
  (t) => [primaryKey({ columns: [t.recoveryId, t.appId] })],
);

/** Messages to people, kept until they can be sent; each is shown on its reader's dashboard until they have seen it. */
export const outbox = sqliteTable(
  "outbox",
  {
    id: text("id").primaryKey().$type<MessageId>(),
    /** What happened, such as `recovery.requested`. */
    kind: text("kind").notNull(),
    /** Whose dashboard it is on; null: it goes to somebody who has no account yet. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The invitation that it tells of; null: another matter. */
    invitationId: text("invitation_id")
      .$type<InvitationId>()
      .references(() => invitations.id, { onDelete: "cascade" }),
    /** The address when the message was written. */
    address: text("address").notNull(),
    /** One line. */
    subject: text("subject").notNull(),
    /** Plain text. */
    body: text("body").notNull(),
    /** The page that it is about, below the store's address. */
    path: text("path").notNull(),
    /** The link that works once which stands in it where it says `{link}`, made when it is sent; null: it has none. */
    link: text("link").$type<"password" | "address" | "invitation" | "keep">(),
    createdAt: time("created_at").notNull(),
    /** When the reader put it away on their dashboard. */
    seenAt: time("seen_at"),
    /** When an administrator last made its link to hand it over; null: nobody has. */
    handedOverAt: time("handed_over_at"),
    /** When it was handed to a mail server; null: not yet. */
    sentAt: time("sent_at"),
    /** What the mail server said when it last did not take it; null: nothing. */
    failure: text("failure"),
    /**
     * Since when the mail server itself kept it from going, also of one that was given up; null: it did not, or it is over.
     */
    failingSince: time("failing_since"),
    /**
     * Why it will not be sent: `refused` for good by the mail server, `needless` since what it is about is done or taken
     * back, `late` after three days of trying, `unanswered` since a mail server was given it several times and never said
     * whether it took it, `unwanted` since its reader wants no letters of such things; null: it was sent, or will be once
     * there is a mail server.
     */
    ended: text("ended").$type<"refused" | "needless" | "late" | "unanswered" | "unwanted">(),
    /** How often in a row a mail server was given it, and did not say whether it took it. */
    given: integer("given").notNull().default(0),
    /** Tag of the language that it is written in (BCP 47). */
    language: text("language").notNull().default("en"),
  },
  (t) => [
    index("outbox_account").on(t.accountId, t.id),
    index("outbox_invitation").on(t.invitationId),
    index("outbox_unsent").on(t.createdAt, t.id).where(sql`sent_at IS NULL AND ended IS NULL`),
    index("outbox_sent").on(t.sentAt).where(sql`sent_at IS NOT NULL`),
    index("outbox_failing").on(t.failingSince).where(sql`failing_since IS NOT NULL`),
  ],
);

/** Every accepted upload is one row, for good. */
export const versions = sqliteTable(
  "versions",
  {
    id: text("id").primaryKey().$type<VersionId>(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** What devices compare: a higher one replaces a lower one. */
    versionCode: integer("version_code").notNull().$type<VersionCode>(),
    /** The version as people see it, such as 1.2.0. */
    version: text("version").notNull(),
    /** Where it is on its way from upload to devices. */
    state: text("state").notNull().$type<VersionState>(),
    /** Since when it is in that state. */
    stateChangedAt: time("state_changed_at").notNull(),
    /** The manifest's canonical JSON; null until it was read without an error. */
    manifest: text("manifest"),
    /** SHA-256 over the content that is signed; null until the checks have read it. */
    contentDigest: text("content_digest").$type<Sha256>(),
    /** SHA-256 of the file as it was uploaded. */
    uploadSha256: text("upload_sha256").notNull().$type<Sha256>(),
    /** Size of that file. */
    uploadSizeBytes: integer("upload_size_bytes").notNull(),
    /** The developer's key that signed it; null until the checks have read it. */
    developerKeyid: text("developer_keyid").$type<KeyId>(),
    /** Release notes in the app’s own language, as Markdown; they are signed for devices. */
    notes: text("notes").notNull(),
    /** With hold, approval does not publish; `publish` does. */
    hold: integer("hold", { mode: "boolean" }).notNull(),
    /** Who uploaded it: a label as in `created_by`. */
    uploadedBy: text("uploaded_by").notNull(),
    createdAt: time("created_at").notNull(),
    /** When a review was asked for; null: not yet. */
    submittedAt: time("submitted_at"),
    /** When a reviewer approved it; null: not yet, or never. */
    approvedAt: time("approved_at"),
    /** When it came into the signed catalogue; its state says so a moment later, when devices can read that. */
    publishedAt: time("published_at"),
    /** SHA-256 of the file with the store's signature, which devices get; null until it is made. */
    releasedSha256: text("released_sha256").$type<Sha256>(),
    /** Size of that file. */
    releasedSizeBytes: integer("released_size_bytes"),
    /** Rises with each change: the ETag, and what `If-Match` compares. */
    revision: integer("revision").notNull(),
    /** SHA-256 of the developer's certificate in it; null until the checks have read it. */
    developerCertificate: text("developer_certificate").$type<Sha256>(),
    /** The store's key that signed its approval; null until it did. */
    releaseKeyid: text("release_keyid").$type<KeyId>(),
    /** SHA-256 of the certificate of that key. */
    releaseCertificate: text("release_certificate").$type<Sha256>(),
    /** What the checks found of it, under the master key; null until they ran, and of one that was decided on before that was sealed. */
    sealedCheck: blob("sealed_check", { mode: "buffer" }),
    /** Since when it is yanked: offered to nobody, and kept by who has it; null: it is not. */
    yankedAt: time("yanked_at"),
    /** What people on devices read about that; null: it is not yanked. */
    yankedReason: text("yanked_reason"),
    /** What its package calls the app's own language (BCP 47), before the checks have read the manifest; null: nothing that is one. */
    ownLanguage: text("own_language"),
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
    index("versions_refused").on(t.appId, t.id, t.versionCode).where(sql`state IN ('failed', 'rejected')`),
    index("versions_content").on(t.contentDigest),
    index("versions_waiting").on(t.submittedAt, t.id, t.appId).where(sql`state = 'in_review'`),
    index("versions_yanked").on(t.appId, t.versionCode).where(sql`yanked_at IS NOT NULL`),
    index("versions_developer_key").on(t.developerKeyid, t.id),
    index("versions_developer_certificate").on(t.developerCertificate, t.id),
    index("versions_release_key").on(t.releaseKeyid, t.id),
    index("versions_release_certificate").on(t.releaseCertificate, t.id),
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
    /** The state before; null at the upload. */
    fromState: text("from_state").$type<VersionState>(),
    /** The state from then on. */
    toState: text("to_state").notNull().$type<VersionState>(),
    actor: text("actor").notNull(),
    /** What was said about it, such as the reason of a rejection; empty: nothing. */
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
    /** The check, by its name. */
    name: text("name").notNull(),
    /** Rises when the check's rules change. */
    checkVersion: text("check_version").notNull(),
    /** How it ended. */
    verdict: text("verdict").notNull().$type<"passed" | "failed" | "not checked">(),
    at: time("at").notNull(),
    /** Null of those that ran before it was kept. */
    startedAt: time("started_at"),
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
    /** The place in the list, from 0. */
    position: integer("position").notNull(),
    /** The check that found it. */
    checkName: text("check_name").notNull(),
    /** The documented code of the rule. */
    code: text("code").notNull(),
    /** An error fails the checks; the others do not. */
    severity: text("severity").notNull().$type<"error" | "warning" | "info">(),
    /** What is wrong, in words. */
    message: text("message").notNull(),
    /** The file inside the package; null when it is not about one. */
    entry: text("entry"),
    /** Where in the package or entry; null when no place is known. */
    byteOffset: integer("byte_offset"),
    /** Where in a JSON document (RFC 6901); null when it is not about one. */
    pointer: text("pointer"),
    /** What stands there. */
    found: text("found"),
    /** What the rule allows. */
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
    /** How it was decided. */
    decision: text("decision").notNull().$type<"approved" | "rejected">(),
    /** What the reviewer wrote; empty: nothing, which only an approval may be. */
    reason: text("reason").notNull(),
    /** Who decided: a label as in `created_by`. */
    reviewer: text("reviewer").notNull(),
    at: time("at").notNull(),
    /** What was approved, sealed under the master key. Null: it was rejected, or is of before there was this. */
    sealed: blob("sealed", { mode: "buffer" }),
  },
  (t) => [uniqueIndex("reviews_version").on(t.versionId)],
);

/** Every blob that a row stands for; a blob without a row is rubbish and is swept. */
export const blobs = sqliteTable("blobs", {
  /** The path of the file below `blobs/`. */
  key: text("key").primaryKey(),
  /** SHA-256 of the file. */
  sha256: text("sha256").notNull().$type<Sha256>(),
  sizeBytes: integer("size_bytes").notNull(),
  createdAt: time("created_at").notNull(),
});

/** Delta and compact full containers of published releases, also those that were not worth keeping. */
export const deltas = sqliteTable(
  "deltas",
  {
    /** The release that the container gives. */
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    /** Content digest of the release that it is applied to; empty for the compact full one. */
    base: text("base").notNull(),
    /** SHA-256 of the file; null for one that was made and was not worth keeping. */
    sha256: text("sha256").$type<Sha256>(),
    /** How large it is, or was. */
    sizeBytes: integer("size_bytes").notNull(),
    /** When it was made, kept or not. */
    madeAt: time("made_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.base] }), index("deltas_sha256").on(t.sha256)],
);

/** Pictures cut out of checked packages. */
export const versionPictures = sqliteTable(
  "version_pictures",
  {
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    /** What the picture is. */
    kind: text("kind").notNull().$type<"icon" | "screenshot">(),
    /** The place among pictures of its kind, from 0. */
    position: integer("position").notNull(),
    /** Width in pixels. */
    widthPx: integer("width_px").notNull(),
    /** Height in pixels. */
    heightPx: integer("height_px").notNull(),
    /** The file. */
    blobKey: text("blob_key")
      .notNull()
      .references(() => blobs.key),
  },
  (t) => [
    primaryKey({ columns: [t.versionId, t.kind, t.position] }),
    index("version_pictures_blob").on(t.blobKey),
  ],
);

/** What is new in versions, in other languages than `notes` of theirs; nothing signs it, and it may change for as long as there is the version. */
export const versionNotes = sqliteTable(
  "version_notes",
  {
    versionId: text("version_id")
      .notNull()
      .$type<VersionId>()
      .references(() => versions.id, { onDelete: "cascade" }),
    /** The language (BCP 47). */
    locale: text("locale").notNull(),
    /** Markdown. */
    body: text("body").notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.locale] })],
);

/** Pictures as they came, of which sizes are made to be shown; none is ever shown itself. */
export const pictureSources = sqliteTable(
  "picture_sources",
  {
    /** The picture as it came. */
    blobKey: text("blob_key")
      .notNull()
      .references(() => blobs.key, { onDelete: "cascade" }),
    /** What it is shown as. */
    kind: text("kind").notNull().$type<"icon" | "screenshot" | "logo">(),
    /** When its sizes were made, or found not to be possible; null: not yet. */
    madeAt: time("made_at"),
    /** Why it is not shown, such as `undecodable`; null: it is. */
    fault: text("fault"),
  },
  (t) => [
    primaryKey({ columns: [t.blobKey, t.kind] }),
    index("picture_sources_waiting").on(t.blobKey, t.kind).where(sql`made_at IS NULL`),
  ],
);

/** The sizes in which pictures are shown. */
export const pictureSizes = sqliteTable(
  "picture_sizes",
  {
    /** The picture as it came. */
    sourceKey: text("source_key")
      .notNull()
      .references(() => blobs.key, { onDelete: "cascade" }),
    /** What it is shown as. */
    kind: text("kind").notNull().$type<"icon" | "screenshot" | "logo">(),
    /** Such as `192` or `large`. */
    size: text("size").notNull(),
    /** Width in pixels. */
    widthPx: integer("width_px").notNull(),
    /** Height in pixels. */
    heightPx: integer("height_px").notNull(),
    /** The file that is shown. */
    blobKey: text("blob_key")
      .notNull()
      .references(() => blobs.key),
  },
  (t) => [primaryKey({ columns: [t.sourceKey, t.kind, t.size] }), index("picture_sizes_blob").on(t.blobKey)],
);

/** What the store shows of apps, in place of what their packages say. */
export const storeListings = sqliteTable("store_listings", {
  appId: text("app_id")
    .primaryKey()
    .$type<AppId>()
    .references(() => apps.id, { onDelete: "cascade" }),
  /** Texts by language, tags and links, as JSON. */
  document: text("document").notNull(),
  /** Goes up with each change. */
  revision: integer("revision").notNull(),
  updatedAt: time("updated_at").notNull(),
});

/** What listings were, so that they can be brought back; the last of each app. */
export const storeListingRevisions = sqliteTable(
  "store_listing_revisions",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Which of the app’s listings it was. */
    revision: integer("revision").notNull(),
    /** As in `store_listings`. */
    document: text("document").notNull(),
    /** Label of who made it so. */
    changedBy: text("changed_by").notNull(),
    /** When it was changed to this. */
    changedAt: time("changed_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.revision] })],
);

/** What lists call published apps, in each language that there is. Made from listings and manifests, and can be made anew. */
export const shownTexts = sqliteTable(
  "shown_texts",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Tag of the language (BCP 47). */
    locale: text("locale").notNull(),
    /** Whether it is shown to who reads none of the others. */
    isDefault: integer("is_default", { mode: "boolean" }).notNull(),
    /** What the app is called. */
    name: text("name").notNull(),
    /** What it is for, in one line. */
    summary: text("summary").notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.locale] })],
);

/** Pictures of listings, in place of those of packages; as they came, and shown in sizes alone. */
export const listingPictures = sqliteTable(
  "listing_pictures",
  {
    id: text("id").primaryKey().$type<ListingPictureId>(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** What the picture is. */
    kind: text("kind").notNull().$type<"icon" | "screenshot">(),
    /** The place among pictures of its kind, 1 being the first. */
    position: integer("position").notNull(),
    /** The picture as it came. */
    blobKey: text("blob_key")
      .notNull()
      .references(() => blobs.key),
    /** The language of those whom it is for; null: everybody. */
    locale: text("locale"),
    /** What it says to who does not see it, by language, as JSON. */
    alts: text("alts").notNull(),
    /** Width in pixels, as it came. */
    widthPx: integer("width_px").notNull(),
    /** Height in pixels, as it came. */
    heightPx: integer("height_px").notNull(),
    /** How large it came. */
    sizeBytes: integer("size_bytes").notNull(),
    /** Who uploaded it. */
    addedBy: text("added_by").notNull(),
    /** When that was. */
    addedAt: time("added_at").notNull(),
  },
  (t) => [
    index("listing_pictures_app").on(t.appId, t.kind, t.position),
    index("listing_pictures_blob").on(t.blobKey),
  ],
);

/** Which of an app’s sets of listing pictures is there; none of an app whose pictures nobody changed. */
export const listingPictureSets = sqliteTable("listing_picture_sets", {
  appId: text("app_id")
    .primaryKey()
    .$type<AppId>()
    .references(() => apps.id, { onDelete: "cascade" }),
  /** Goes up with each change of a picture. */
  revision: integer("revision").notNull(),
  updatedAt: time("updated_at").notNull(),
});

/** The store's own keys, and who signs with each. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    /** What the key signs, such as `tuf-root-1`. Never used for another key. */
    name: text("name").primaryKey(),
    /** SHA-256 of the public key's SubjectPublicKeyInfo. */
    keyid: text("keyid").notNull().$type<KeyId>(),
    /** Such as `ecdsa-p256`. */
    algorithm: text("algorithm").notNull().$type<KeyAlgorithm>(),
    /** The public half (SubjectPublicKeyInfo, DER). */
    publicKey: blob("public_key", { mode: "buffer" }).notNull(),
    /** Who signs: this store, an external command, or another machine. */
    holder: text("holder").notNull().$type<"here" | "command" | "offline">(),
    /** The external command's name in the configuration; null for other holders. */
    command: text("command"),
    /** The private half, encrypted and bound to its name by the master key, which is not in the database; of a key with a command, that command's name. It counts before `holder` and `command`. Null when the half is on another machine or was destroyed. A retired authority's may be kept, to sign its lists of revoked certificates. */
    sealedPrivateKey: blob("sealed_private_key", { mode: "buffer" }),
    createdAt: time("created_at").notNull(),
    /** When another key took its place; null: it signs, or waits to. */
    retiredAt: time("retired_at"),
  },
  (t) => [uniqueIndex("signing_keys_keyid").on(t.keyid)],
);

/** The roles of the signed catalogue; the bins count as one. */
export const tufRoles = sqliteTable("tuf_roles", {
  /** Such as `root` or `bins`. */
  role: text("role").primaryKey(),
  /** How many of the role's keys must sign. */
  threshold: integer("threshold").notNull(),
});

/** Which keys sign for which role of the catalogue. */
export const tufRoleKeys = sqliteTable(
  "tuf_role_keys",
  {
    /** The role that the key signs for. */
    role: text("role")
      .notNull()
      .references(() => tufRoles.role),
    /** The key that signs. */
    keyName: text("key_name")
      .notNull()
      .references(() => signingKeys.name),
    /** The order in which they are shown. */
    position: integer("position").notNull(),
  },
  (t) => [primaryKey({ columns: [t.role, t.keyName] })],
);

/** Changes of keys that were asked for and wait for a signature of a key that is not on this machine. */
export const keyChanges = sqliteTable("key_changes", {
  /** The order in which they are applied. */
  position: integer("position").primaryKey(),
  /** The change, as JSON. */
  change: text("change", { mode: "json" }).notNull().$type<unknown>(),
  createdAt: time("created_at").notNull(),
});

/** The signing request that was exported and not yet imported; never more than one. */
export const keyRequests = sqliteTable("key_requests", {
  id: text("id").primaryKey(),
  /** The exported document (canonical JSON). */
  body: blob("body", { mode: "buffer" }).notNull(),
  createdAt: time("created_at").notNull(),
  /** The place of the newest change that it takes along, 0 for none: what was asked for later is not in it. */
  lastChange: integer("last_change").notNull(),
});

/** Root CA, Developer CAs and release certificates. */
export const storeCertificates = sqliteTable("store_certificates", {
  /** The certificate's serial number, in hexadecimal. */
  serial: text("serial").primaryKey(),
  /** What it is in the chain. */
  kind: text("kind").notNull().$type<"root" | "developer-ca" | "release">(),
  /** The private key that belongs to it. */
  keyName: text("key_name")
    .notNull()
    .references(() => signingKeys.name),
  /** The certificate itself (X.509, DER). */
  der: blob("der", { mode: "buffer" }).notNull(),
  /** From when it is valid. */
  notBefore: time("not_before").notNull(),
  /** Until when it is valid. */
  notAfter: time("not_after").notNull(),
  createdAt: time("created_at").notNull(),
  /** When it was taken out of `trust/ca.pem`; null: packages are judged by it. */
  distrustedAt: time("distrusted_at"),
});

/** The catalogues beside the public one: one for each audience that has, or had, an app. */
export const catalogueAudiences = sqliteTable(
  "catalogue_audiences",
  {
    /** A group, or `signed-in`. */
    id: text("id").primaryKey().$type<AudienceId>(),
    createdAt: time("created_at").notNull(),
    /** When half of the time of one of its roles is over, at the soonest. */
    renewAt: time("renew_at").notNull(),
    /** When the first of its roles ends. */
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [
    index("catalogue_audiences_renew").on(t.renewAt),
    index("catalogue_audiences_expiry").on(t.expiresAt),
  ],
);

/** Signed TUF metadata. What devices read is a copy of these rows in the blob store. */
export const tufMetadata = sqliteTable(
  "tuf_metadata",
  {
    /** Whose catalogue it is of; empty: everybody's, and what all catalogues have in common. */
    audience: text("audience").notNull().$type<Audience>(),
    /** The TUF role, such as `root`, `snapshot` or one of the bins. */
    role: text("role").notNull(),
    /** The version of that role's metadata; each is signed once. */
    version: integer("version").notNull(),
    /** The signed document, byte for byte as devices get it. */
    body: blob("body", { mode: "buffer" }).notNull(),
    /** SHA-256 of the body. */
    sha256: text("sha256").notNull().$type<Sha256>(),
    /** From then on devices refuse it. */
    expiresAt: time("expires_at").notNull(),
    createdAt: time("created_at").notNull(),
    /** When the copy that devices read was written; null: still to be done. */
    exportedAt: time("exported_at"),
  },
  (t) => [
    primaryKey({ columns: [t.audience, t.role, t.version] }),
    index("tuf_metadata_exported").on(t.exportedAt),
  ],
);

/** The present content of each TUF target file. */
export const tufTargets = sqliteTable(
  "tuf_targets",
  {
    /** Whose catalogue it is of; empty: everybody's. */
    audience: text("audience").notNull().$type<Audience>(),
    /** The target's path, which devices ask for. */
    path: text("path").notNull(),
    /** The role that signs for it. */
    role: text("role").notNull(),
    /** SHA-256 of the body. */
    sha256: text("sha256").notNull().$type<Sha256>(),
    sizeBytes: integer("size_bytes").notNull(),
    /** The file itself. */
    body: blob("body", { mode: "buffer" }).notNull(),
    updatedAt: time("updated_at").notNull(),
    /** When the copy that devices read was written; null: still to be done. */
    exportedAt: time("exported_at"),
  },
  (t) => [
    primaryKey({ columns: [t.audience, t.path] }),
    index("tuf_targets_role").on(t.audience, t.role),
    index("tuf_targets_exported").on(t.exportedAt),
  ],
);

/** Target files that were replaced or removed: kept for a while for devices in the middle of a refresh. */
export const tufSupersededTargets = sqliteTable(
  "tuf_superseded_targets",
  {
    /** Whose catalogue it is of; empty: everybody's. */
    audience: text("audience").notNull().$type<Audience>(),
    /** The target's path. */
    path: text("path").notNull(),
    /** SHA-256 of the content that it had. */
    sha256: text("sha256").notNull().$type<Sha256>(),
    /** When other content took its place. */
    supersededAt: time("superseded_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.audience, t.path, t.sha256] }),
    index("tuf_superseded_targets_at").on(t.supersededAt),
  ],
);

/** Files that are there until they are swept, and not served any more: of apps that their audience may not see now. */
export const withheldFiles = sqliteTable(
  "withheld_files",
  {
    /** The key of the blob. */
    key: text("key").notNull(),
    /** The app that it is of, or that it names. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Who may not see that app any more; empty: everybody. */
    audience: text("audience").notNull().$type<Audience>(),
    /** From which version of the timestamp in that audience's catalogue on, once devices can read it; null: at once. */
    fromTimestamp: integer("from_timestamp"),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.appId] }), index("withheld_files_app").on(t.appId, t.audience)],
);

/** The store's log: one row for each act, in the order in which they happened. Rows are never changed. */
export const logLeaves = sqliteTable(
  "log_leaves",
  {
    /** Counts from 0, without gaps. */
    position: integer("position").primaryKey(),
    /** What kind of act it is, such as `approval`. */
    type: text("type").notNull().$type<LogEntry["type"]>(),
    /** What it is about, to find it by: a content digest, key id, app id, developer id or the digest of a certificate. */
    subject: text("subject").notNull(),
    /** The leaf, byte for byte as it is in the tree and as everybody may read it. */
    leaf: blob("leaf", { mode: "buffer" }).notNull(),
    /** The entry in full, as JSON: what a leaf with a salt hides. */
    entry: logEntry("entry").notNull().$type<LogEntry>(),
    /** The salt of the leaf's digests; null: the leaf hides nothing. */
    salt: blob("salt", { mode: "buffer" }),
    /** When the act happened: the time in the leaf, which has whole seconds. */
    recordedAt: time("recorded_at").notNull(),
    /** Of the leaf and its place, under the master key: asked for until a signed head has it. Null: of before there was this. */
    seal: blob("seal", { mode: "buffer" }),
  },
  (t) => [index("log_leaves_subject").on(t.subject, t.type, t.position)],
);

/** The hashes of the log's complete subtrees: what roots, proofs and tiles are made of. */
export const logNodes = sqliteTable(
  "log_nodes",
  {
    /** The subtree has 2^level leaves. */
    level: integer("level").notNull(),
    /** Counts the complete subtrees of a level from 0. */
    position: integer("position").notNull(),
    /** SHA-256 as RFC 9162 hashes leaves and nodes. */
    hash: blob("hash", { mode: "buffer" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.level, t.position] })],
);

/** Every head of the log that was signed with the catalogue. */
export const logHeads = sqliteTable(
  "log_heads",
  {
    /** How many leaves it covers. */
    size: integer("size").primaryKey(),
    /** The root hash of the tree of that size. */
    rootHash: text("root_hash").notNull().$type<Sha256>(),
    /** When it was signed: the time in the head, which has whole seconds. */
    signedAt: time("signed_at").notNull(),
    /** When its tiles were written to where everybody reads them; null: still to be done. */
    exportedAt: time("exported_at"),
    /** When the tiles that only this size has were taken away again; null: they are there. */
    prunedAt: time("pruned_at"),
  },
  (t) => [index("log_heads_exported").on(t.exportedAt), index("log_heads_pruned").on(t.prunedAt, t.size)],
);

/** What the last whole computation of the log from its leaves found: one row at most. */
export const logCheck = sqliteTable("log_check", {
  id: integer("id").primaryKey(),
  /** When it ended. */
  checkedAt: time("checked_at").notNull(),
  /** How many leaves there were. */
  size: integer("size").notNull(),
  /** What differed; null: nothing. While it says something nothing more is signed. */
  damage: text("damage"),
});

/** The durable queue. */
export const jobs = sqliteTable(
  "jobs",
  {
    id: text("id").primaryKey().$type<JobId>(),
    /** What is to be done, such as `version.check`. */
    kind: text("kind").notNull(),
    /** One job of a kind per key runs at a time. */
    key: text("key").notNull(),
    /** What the job's handler needs to know, as JSON: ids, never secrets. */
    payload: text("payload", { mode: "json" }).notNull().$type<Readonly<Record<string, unknown>>>(),
    /** A dead job failed for good and waits for somebody to look at it. */
    state: text("state").notNull().$type<"queued" | "running" | "done" | "dead">(),
    /** How often it was started since it was queued. */
    attempts: integer("attempts").notNull(),
    /** How often in a row the process ended while it ran. */
    interruptions: integer("interruptions").notNull(),
    /** After so many attempts it is dead. */
    maxAttempts: integer("max_attempts").notNull(),
    /** Not before then. */
    runAt: time("run_at").notNull(),
    createdAt: time("created_at").notNull(),
    /** When the present or last attempt began; null: none did. */
    startedAt: time("started_at"),
    /** When it was done or given up; null: neither yet. */
    finishedAt: time("finished_at"),
    /** What went wrong at the last attempt; null: nothing. */
    lastError: text("last_error"),
    /** Of those that are due, higher ones go first, but not always. */
    priority: integer("priority").notNull().default(1).$type<0 | 1 | 2>(),
  },
  (t) => [
    index("jobs_turn").on(t.priority, t.runAt, t.id).where(sql`state = 'queued'`),
    index("jobs_ready").on(t.state, t.runAt),
    index("jobs_state").on(t.state, t.id),
    index("jobs_key").on(t.kind, t.key, t.state),
    uniqueIndex("jobs_running_key").on(t.kind, t.key).where(sql`state = 'running'`),
  ],
);

/** What runs by the clock, and when it is next due. */
export const cronEntries = sqliteTable("cron_entries", {
  /** The kind of job that is queued. */
  kind: text("kind").primaryKey(),
  /** A cron expression of five fields, in UTC. */
  schedule: text("schedule").notNull(),
  /** When it is next due. */
  nextRunAt: time("next_run_at").notNull(),
  /** When it was last queued; null: never. */
  lastRunAt: time("last_run_at"),
});

/** The days on which the store was seen running: a recovery has waited when there are enough of them, whatever the clock says. */
export const runningDays = sqliteTable("running_days", {
  /** Since 1970, in UTC. */
  day: integer("day").primaryKey(),
  /** That it was, under the master key. */
  sealed: blob("sealed", { mode: "buffer" }),
});

/** What a creating call with an Idempotency-Key made, written in the transaction that made it. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** Who called: a label as in `created_by`. Keys of different callers never meet. */
    actor: text("actor").notNull(),
    /** The Idempotency-Key as it was sent. */
    key: text("key").notNull(),
    /** SHA-256 over method, path and body: the same key with another request is an error. */
    fingerprint: text("fingerprint").notNull().$type<Sha256>(),
    /** What the call made or found: the id of an app or version, or a certificate's serial number. */
    resourceId: text("resource_id").notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.key] }), index("idempotency_keys_created").on(t.createdAt)],
);

/** What is revoked at present: what `trust/revocations.json` lists. */
export const revocations = sqliteTable(
  "revocations",
  {
    /** What the target is the name of. */
    subject: text("subject").notNull().$type<"package" | "key" | "certificate" | "app" | "developer">(),
    /** A content digest, a key's id, the SHA-256 of a certificate, an app's id or an organisation's. */
    target: text("target").notNull(),
    /** What it means for devices. */
    action: text("action").notNull().$type<"block" | "disable" | "remove">(),
    /** Why, as people read it on their devices. */
    reason: text("reason").notNull(),
    /** Of a release key or its certificate: approvals after this time do not count; null: none does. */
    approvalsUntil: time("approvals_until"),
    /** When the present action was set. */
    revokedAt: time("revoked_at").notNull(),
    /** Who did it: a label as in `created_by`. */
    revokedBy: text("revoked_by").notNull(),
    /** All of it as it was made, under the master key; null: it was brought back from a signed list, which tells it. */
    sealed: blob("sealed", { mode: "buffer" }),
  },
  (t) => [
    primaryKey({ columns: [t.subject, t.target] }),
    index("revocations_at").on(t.revokedAt, t.subject, t.target),
  ],
);

/** The lowest version code of an app that devices may have; an app without a row may be had in any. */
export const lowestVersions = sqliteTable("lowest_versions", {
  appId: text("app_id").primaryKey().$type<AppId>(),
  /** The lowest that is allowed. */
  versionCode: integer("version_code").notNull().$type<VersionCode>(),
  /** Why. */
  reason: text("reason").notNull(),
  /** When. */
  setAt: time("set_at").notNull(),
  /** Who did it: a label as in `created_by`. */
  setBy: text("set_by").notNull(),
});

/** Every act of revoking, lifting and setting a lowest version. */
export const revocationEvents = sqliteTable(
  "revocation_events",
  {
    id: text("id").primaryKey(),
    /** What was done. */
    act: text("act").notNull().$type<"block" | "disable" | "remove" | "lift" | "lowest-version">(),
    /** As in `revocations`. */
    subject: text("subject").notNull().$type<"package" | "key" | "certificate" | "app" | "developer">(),
    /** As in `revocations`. */
    target: text("target").notNull(),
    /** The lowest version code from then on; null for the other acts. */
    versionCode: integer("version_code").$type<VersionCode>(),
    /** As in `revocations`. */
    approvalsUntil: time("approvals_until"),
    /** Why. */
    reason: text("reason").notNull(),
    actor: text("actor").notNull(),
    at: time("at").notNull(),
  },
  (t) => [index("revocation_events_target").on(t.subject, t.target, t.id)],
);

/** The newest list of revoked certificates of each authority (X.509 CRL). */
export const crls = sqliteTable("crls", {
  /** The authority's key: SHA-256 of its SubjectPublicKeyInfo. */
  issuerKeyid: text("issuer_keyid").primaryKey().$type<KeyId>(),
  /** The CRL number, which rises. */
  number: integer("number").notNull(),
  /** The list itself, DER. */
  der: blob("der", { mode: "buffer" }).notNull(),
  /** SHA-256 over what it lists: the same content is signed again only when its time is half over. */
  contentSha256: text("content_sha256").notNull().$type<Sha256>(),
  /** From when it counts. */
  thisUpdate: time("this_update").notNull(),
  /** When the next one is due at the latest. */
  nextUpdate: time("next_update").notNull(),
  /** When it was put where everyone may read it; null: not yet. */
  exportedAt: time("exported_at"),
});

/** What tells of a person, and may be erased. */
export type AuditPerson = {
  /** The network address that it was done from. */
  readonly address?: string;
  /** What the program there said of itself. */
  readonly userAgent?: string;
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
};

/**
 * Who changed what, in the order in which it happened; rows are only added, and chained by their hashes. Of a row only
 * what is known of a person may be taken away: its hash covers a salted digest of that.
 */
export const auditEntries = sqliteTable(
  "audit_entries",
  {
    /** Counts from 0, without gaps. */
    position: integer("position").primaryKey(),
    /** When it was done. */
    recordedAt: auditTime("recorded_at").notNull(),
    /** Who did it, as a label: `account:acc-…`, `key:key-…`, `operator`, `system`, `anonymous`. */
    actor: text("actor").notNull(),
    /** By what the actor came: the id of a session or of a key; null: neither. */
    via: text("via"),
    /** What was done, such as `member.role`. */
    action: text("action").notNull(),
    /** What kind of thing it was done to, such as `account`. */
    subjectType: text("subject_type").notNull(),
    /** That thing's id. */
    subject: text("subject").notNull(),
    /** The organisation that the thing belongs to, if it does. */
    organisationId: text("organisation_id").$type<OrganisationId>(),
    /** The request that it came with, as the program's log has it too. */
    requestId: text("request_id"),
    /** What of the thing changed, as it was before; null: it was not there, or nothing can be said. */
    before: auditFacts("before").$type<AuditFacts>(),
    /** The same as it is now; null: it is gone. */
    after: auditFacts("after").$type<AuditFacts>(),
    /** What tells of a person, such as an address or a name: by whom, `before` and `after`. Null: nothing, or erased. */
    person: auditPerson("person").$type<AuditPerson>(),
    /** Makes the digest of `person` say nothing to who guesses; erased with it. */
    salt: blob("salt", { mode: "buffer" }),
    /** SHA-256 of the salt and `person`; null: there never was anything. */
    personSha256: text("person_sha256").$type<Sha256>(),
    /** SHA-256 of the hash before and of all of this but `person` and the salt. */
    hash: text("hash").notNull().$type<Sha256>(),
  },
  (t) => [
    index("audit_entries_actor").on(t.actor, t.recordedAt, t.position),
    index("audit_entries_founded").on(t.actor).where(sql`action = 'organisation.created'`),
    index("audit_entries_action").on(t.action, t.recordedAt, t.position),
    index("audit_entries_subject").on(t.subject, t.recordedAt, t.position),
    index("audit_entries_organisation")
      .on(t.organisationId, t.recordedAt, t.position)
      .where(sql`organisation_id IS NOT NULL`),
    index("audit_entries_recorded").on(t.recordedAt, t.position),
    index("audit_entries_request")
      .on(t.requestId, t.recordedAt, t.position)
      .where(sql`request_id IS NOT NULL`),
  ],
);

/**
 * The newest entry of the audit log, kept beside it by a trigger: one row. An entry that does not go on from it, since
 * entries were lost or written anew, leaves it as it is, and every check finds that.
 */
export const auditHead = sqliteTable("audit_head", {
  id: integer("id").primaryKey(),
  /** How many entries there are. */
  size: integer("size").notNull(),
  /** The last one's hash; 64 zeros before the first. */
  hash: text("hash").notNull().$type<Sha256>(),
});

/** What the last whole computation of the audit log's hashes found: one row at most. */
export const auditCheck = sqliteTable("audit_check", {
  id: integer("id").primaryKey(),
  /** When it ended. */
  checkedAt: auditTime("checked_at").notNull(),
  /** How many entries the newest head had that was found sound, by this check or an earlier one. */
  size: integer("size").notNull(),
  /** That head's hash, which every later check must find in its place. */
  hash: text("hash").notNull().$type<Sha256>(),
  /** The place of the entry that is wrong or missing; null: none is. */
  faultPosition: integer("fault_position"),
  /** What is wrong with it; null: nothing. */
  damage: text("damage"),
});

/** The keys that access tokens are signed with. Rows are forgotten some months after their last token ended. */
export const tokenKeys = sqliteTable("token_keys", {
  /** The thumbprint of the public key (RFC 7638), as tokens name it. */
  kid: text("kid").primaryKey(),
  /** The Ed25519 public key, base64url: `x` of its JWK (RFC 8037). */
  publicKey: text("public_key").notNull(),
  /** PKCS #8, sealed by the master key; null: destroyed when the key stopped signing. */
  sealedPrivateKey: blob("sealed_private_key", { mode: "buffer" }),
  createdAt: time("created_at").notNull(),
  /** From when on it signs; before that it is only published. */
  signsFrom: time("signs_from").notNull(),
  /** When another took its place; null: none did yet. */
  signedUntil: time("signed_until"),
  /** When it was ended by hand, with every token that it had signed; null: it was not. */
  endedAt: time("ended_at"),
});

/** Apps that one organisation offers to another. */
export const appTransfers = sqliteTable(
  "app_transfers",
  {
    id: text("id").primaryKey().$type<TransferId>(),
    /** The app that is offered. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Whose it is, and who offers it. */
    fromOrganisationId: text("from_organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** Whom it is offered to; null: nobody is called so, which the offering side does not learn. */
    toOrganisationId: text("to_organisation_id")
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** How the offering side named them. */
    named: text("named").notNull(),
    /** What the offering side says of it; may be empty. */
    reason: text("reason").notNull(),
    /** An open one is over when its time is, whatever stands here. */
    state: text("state")
      .notNull()
      .$type<"open" | "accepted" | "declined" | "withdrawn" | "fallen" | "expired">(),
    /** Label of who offered it, which must still be allowed to when it is accepted. */
    offeredBy: text("offered_by").notNull(),
    /** When it was. */
    offeredAt: time("offered_at").notNull(),
    /** From then on it can be accepted no more. */
    expiresAt: time("expires_at").notNull(),
    /** Label of who accepted or declined it, or took it back; null: nobody did. */
    decidedBy: text("decided_by"),
    /** When they did. */
    decidedAt: time("decided_at"),
    /** The API key of who offered it, with which it ends; null: it was done without one. */
    offeredWith: text("offered_with").$type<ApiKeyId>(),
    /** What was offered, sealed under the master key: the columns repeat it. Null: of before there was this. */
    sealed: blob("sealed", { mode: "buffer" }),
  },
  (t) => [
    uniqueIndex("app_transfers_open").on(t.appId).where(sql`state = 'open'`),
    index("app_transfers_app").on(t.appId, t.id),
    index("app_transfers_ending").on(t.expiresAt).where(sql`state = 'open'`),
    index("app_transfers_from").on(t.fromOrganisationId, t.id),
    index("app_transfers_open_to")
      .on(t.toOrganisationId, t.expiresAt)
      .where(sql`state = 'open' AND to_organisation_id IS NOT NULL`),
    index("app_transfers_open_by").on(t.offeredBy).where(sql`state = 'open'`),
    index("app_transfers_to").on(t.toOrganisationId, t.id).where(sql`to_organisation_id IS NOT NULL`),
  ],
);

/** The organisations that an app was of before: the keys in its lineage may be theirs. */
export const appFormerOwners = sqliteTable(
  "app_former_owners",
  {
    /** The app that was given away. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Whose it was. */
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** The last one of an app has the highest. */
    position: integer("position").notNull(),
    /** When it last was theirs. */
    until: time("until").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.appId, t.organisationId] }),
    uniqueIndex("app_former_owners_position").on(t.appId, t.position),
    index("app_former_owners_organisation").on(t.organisationId, t.appId),
  ],
);

/** Build jobs that may upload versions of an app: who vouches for them, and what their identity tokens must say. */
export const trustedPublishers = sqliteTable(
  "trusted_publishers",
  {
    id: text("id").primaryKey().$type<PublisherId>(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Whose owners trusted it: when the app is another's, it counts for nothing. */
    organisationId: text("organisation_id")
      .notNull()
      .$type<OrganisationId>()
      .references(() => organisations.id),
    /** The issuer's id in the configuration. */
    issuerId: text("issuer_id").notNull(),
    /** Its address when this was made: another one under the same id is another issuer. */
    issuer: text("issuer").notNull(),
    /** Claims with the text that each must be, in the order of their names. */
    claims: text("claims", { mode: "json" }).notNull().$type<Readonly<Record<string, string>>>(),
    /** The numbers behind the names at its first use, which later ones are held to; null before. */
    pinned: text("pinned", { mode: "json" }).$type<Readonly<Record<string, string>>>(),
    /** Tokens of an earlier epoch have ended. */
    epoch: integer("epoch").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    /** When a job last came as this publisher; null: none did yet. */
    lastUsedAt: time("last_used_at"),
    /** When the owners were last told that something else had its name. */
    strangerToldAt: time("stranger_told_at"),
    /** When an owner ended the trust; null: it lasts. */
    removedAt: time("removed_at"),
  },
  (t) => [
    uniqueIndex("trusted_publishers_live").on(t.appId, t.issuerId, t.claims).where(sql`removed_at IS NULL`),
    index("trusted_publishers_app").on(t.appId, t.id),
    index("trusted_publishers_organisation").on(t.organisationId),
  ],
);

/** Identity tokens of build jobs that were exchanged: none counts twice. */
export const usedIdentityTokens = sqliteTable(
  "used_identity_tokens",
  {
    /** SHA-256 of its issuer and what names it there. */
    digest: text("digest").primaryKey(),
    /** From then on it is refused for its age. */
    until: time("until").notNull(),
  },
  (t) => [index("used_identity_tokens_until").on(t.until)],
);

/** The run of a build job that uploaded a version, as its identity token told of it. */
export const versionRuns = sqliteTable("version_runs", {
  versionId: text("version_id")
    .primaryKey()
    .$type<VersionId>()
    .references(() => versions.id, { onDelete: "cascade" }),
  /** The trusted publisher that it counted as, which may have been removed since. */
  publisherId: text("publisher_id").notNull().$type<PublisherId>(),
  /** Who vouched for it, and what it was: repository, commit, workflow, run. */
  run: text("run", { mode: "json" }).notNull().$type<PublisherRun>(),
});

/**
 * What an audience that may see an app finds it by in one language: words in one spelling, a space between them. The full-text table
 * `search_text` indexes these rows by their ids. All of it can be made anew from manifests. A row goes when the app leaves the
 * audience's catalogue, and all that it alone made to be found goes with it.
 */
export const searchDocuments = sqliteTable(
  "search_documents",
  {
    /** Its row in `search_text`. */
    id: integer("id").primaryKey(),
    /** An app that is offered. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** The language (RFC 5646) of its texts; what a language has not got is in the manifest's own. */
    locale: text("locale").notNull(),
    /** The name without spaces. */
    oneWord: text("one_word").notNull(),
    /** The words of its name. */
    name: text("name").notNull(),
    /** Those of its publisher's name, its category and its id. */
    others: text("others").notNull(),
    /** Those of its summary. */
    summary: text("summary").notNull(),
    /** A group, `signed-in`, or empty for everybody: it has the app in its catalogue. */
    audience: text("audience").notNull().$type<Audience>(),
    /** The word of the category that the app is under; empty without one. */
    category: text("category").notNull().default(""),
  },
  (t) => [
    uniqueIndex("search_documents_app").on(t.appId, t.audience, t.locale),
    index("search_documents_one_word").on(t.audience, t.oneWord),
    index("search_documents_category").on(t.audience, t.category, t.oneWord),
  ],
);

/**
 * What the description of a document says. The full-text table `search_everything` has the document with these words and with those
 * of its row in `search_documents`.
 */
export const searchDescriptions = sqliteTable("search_descriptions", {
  /** The id in `search_documents`. */
  document: integer("document").primaryKey(),
  /** Each word once, in one spelling, a space between them. */
  words: text("words").notNull(),
});

/** Under what a name is found that was mistyped. */
export const searchNameKeys = sqliteTable(
  "search_name_keys",
  {
    /**
     * The name without spaces, or what is left of it with a letter taken out; before it the audience and a space, unless it is
     * everybody.
     */
    key: text("key").notNull(),
    /** The id in `search_documents`. */
    document: integer("document").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.document] }), index("search_name_keys_document").on(t.document)],
);

/** Every word that an audience may find and that is long enough to be mistyped. */
export const searchWords = sqliteTable(
  "search_words",
  {
    /** A number. */
    id: integer("id").primaryKey(),
    /** A group, `signed-in`, or empty for everybody: one of its documents has the word. */
    audience: text("audience").notNull().$type<Audience>(),
    /** In the one spelling. */
    word: text("word").notNull(),
  },
  (t) => [uniqueIndex("search_words_word").on(t.audience, t.word)],
);

/** Under what a word is found that was mistyped. */
export const searchWordKeys = sqliteTable(
  "search_word_keys",
  {
    /**
     * The beginning of the word, or what is left of it with one or two letters taken out; before it the audience and a space,
     * unless it is everybody.
     */
    key: text("key").notNull(),
    /** The id in `search_words`. */
    word: integer("word").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.word] }), index("search_word_keys_word").on(t.word)],
);

/** Which documents have a word. A word that none has any more is forgotten at once. */
export const searchWordUses = sqliteTable(
  "search_word_uses",
  {
    /** The id in `search_words`. */
    word: integer("word").notNull(),
    /** The id in `search_documents`. */
    document: integer("document").notNull(),
  },
  (t) => [primaryKey({ columns: [t.word, t.document] }), index("search_word_uses_document").on(t.document)],
);

/** The store's categories, by which people find apps. */
export const categories = sqliteTable("categories", {
  /** What a manifest says (package format, section 4). */
  id: text("id").primaryKey(),
  /** What it is called: a text for each language, by its tag. */
  names: text("names", { mode: "json" }).notNull().$type<Readonly<Record<string, string>>>(),
  /** What belongs into it, in one line; may be of fewer languages, or none. */
  descriptions: text("descriptions", { mode: "json" }).notNull().$type<Readonly<Record<string, string>>>(),
  /** A name in the sprite of icons. */
  icon: text("icon").notNull(),
  /** They are shown in the order of this number. */
  position: integer("position").notNull(),
  /** Rises with each change: the ETag. */
  revision: integer("revision").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
});

/** Categories that were merged into others: what says the old word means the other. */
export const categoryAliases = sqliteTable(
  "category_aliases",
  {
    /** The id of the category that is no more. */
    alias: text("alias").primaryKey(),
    /** The category that is meant now. */
    categoryId: text("category_id")
      .notNull()
      .references(() => categories.id, { onDelete: "cascade" }),
    /** When the other one was taken away. */
    createdAt: time("created_at").notNull(),
  },
  (t) => [index("category_aliases_category").on(t.categoryId, t.alias)],
);

/** Collections of apps that an administrator makes; `featured` is one that every store has. */
export const collections = sqliteTable("collections", {
  /** Part of the address of its page. */
  id: text("id").primaryKey(),
  /** What it is called: a text for each language, by its tag. */
  names: text("names", { mode: "json" }).notNull().$type<Readonly<Record<string, string>>>(),
  /** What it is about, in one line; may be of fewer languages, or none. */
  descriptions: text("descriptions", { mode: "json" }).notNull().$type<Readonly<Record<string, string>>>(),
  /** They are shown in the order of this number. */
  position: integer("position").notNull(),
  /** Whether visitors meet it; false: it is a draft. */
  published: integer("published", { mode: "boolean" }).notNull(),
  /** Not before this; null: at once. */
  shownFrom: time("shown_from"),
  /** Not from this on; null: without an end. */
  shownUntil: time("shown_until"),
  /** Rises with each change of it or of what is in it: the ETag. */
  revision: integer("revision").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: time("created_at").notNull(),
});

/** Which apps are in a collection, whoever may see them. */
export const collectionApps = sqliteTable(
  "collection_apps",
  {
    /** The collection; nothing of it stays when it is removed. */
    collectionId: text("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    /** An app that is in it. */
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** They are shown in the order of this number. */
    position: integer("position").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.collectionId, t.appId] }),
    index("collection_apps_place").on(t.collectionId, t.position, t.appId),
    index("collection_apps_app").on(t.appId),
  ],
);

/** How often devices fetched an app on a day. */
export const appFetches = sqliteTable(
  "app_fetches",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** Days since 1970-01-01 (UTC). */
    day: integer("day").notNull(),
    /** A package, or a compact full container: to the last byte. */
    whole: integer("whole").notNull(),
    /** A delta, which is applied to a version that the device has. */
    updates: integer("updates").notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.day] }), index("app_fetches_day").on(t.day)],
);

/** Files that come in parts over several connections; their bytes lie beside the blobs, under the same id. */
export const partialUploads = sqliteTable(
  "partial_uploads",
  {
    id: text("id").primaryKey().$type<UploadId>(),
    /** Who alone may go on with it: `account:acc-…`, `key:key-…`, `publisher:pub-…`. */
    owner: text("owner").notNull(),
    /** The person among them: with their account it goes. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** What the file is called on the sender's machine; "" when that was not said. */
    fileName: text("file_name").notNull(),
    /** All of it, as the sender announced. How much of it came, the file's length says. */
    sizeBytes: integer("size_bytes").notNull(),
    createdAt: time("created_at").notNull(),
    /** From then on it is not there, and its file goes with the next sweep. */
    expiresAt: time("expires_at").notNull(),
  },
  (t) => [
    index("partial_uploads_owner").on(t.owner, t.id),
    index("partial_uploads_account").on(t.accountId, t.id),
    index("partial_uploads_ending").on(t.expiresAt, t.id),
  ],
);

/** What somebody has filled in of an app that they have not created yet: one a person. */
export const appDrafts = sqliteTable(
  "app_drafts",
  {
    accountId: text("account_id")
      .primaryKey()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** As the forms have it: pairs of a field's name and what was typed, right or wrong. */
    fields: text("fields", { mode: "json" }).notNull().$type<readonly (readonly [string, string])[]>(),
    /** Where they left. */
    step: text("step").notNull(),
    /** A month after this it is removed. */
    savedAt: time("saved_at").notNull(),
  },
  (t) => [index("app_drafts_saved").on(t.savedAt, t.accountId)],
);

/** By what ids are found that look like another: what is left of one as it looks, with up to one letter taken out. */
export const appIdKeys = sqliteTable(
  "app_id_keys",
  {
    /** Without separators, and with one letter for those that look alike. */
    key: text("key").notNull(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
  },
  (t) => [primaryKey({ columns: [t.key, t.appId] }), index("app_id_keys_app").on(t.appId)],
);

/** When the room was last counted that files take: one row at most. */
export const storageCounts = sqliteTable("storage_counts", {
  id: integer("id").primaryKey(),
  /** When it ended. */
  countedAt: time("counted_at").notNull(),
});

/** The room that the files of each kind took when it was last counted. */
export const storageKinds = sqliteTable("storage_kinds", {
  /** What they are, such as `uploads`. */
  kind: text("kind").primaryKey(),
  /** How many there were. */
  files: integer("files").notNull(),
  /** Of all of them together. */
  sizeBytes: integer("size_bytes").notNull(),
});

/** The room that the files of each app took when it was last counted. */
export const storageApps = sqliteTable(
  "storage_apps",
  {
    appId: text("app_id")
      .primaryKey()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** How many versions it had, published or not. */
    versions: integer("versions").notNull(),
    /** Bytes of its packages as they were uploaded and as they were released. */
    packagesBytes: integer("packages_bytes").notNull(),
    /** Bytes of its deltas and compact full containers. */
    deltasBytes: integer("deltas_bytes").notNull(),
    /** Bytes of its pictures as they came. */
    picturesBytes: integer("pictures_bytes").notNull(),
    /** Bytes of all of these. */
    totalBytes: integer("total_bytes").notNull(),
  },
  (t) => [index("storage_apps_total").on(t.totalBytes, t.appId)],
);

/** Who fetched an app in a way that shows who it was: one row for each, of the version that was fetched last. */
export const appHolders = sqliteTable(
  "app_holders",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** The person; null: it was a device. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The device; null: it was a person. */
    deviceId: text("device_id")
      .$type<DeviceId>()
      .references(() => devices.id, { onDelete: "cascade" }),
    /** The version code of what was fetched last. */
    versionCode: integer("version_code").notNull().$type<VersionCode>(),
    /** The same, as people read it. */
    version: text("version").notNull(),
    /** The last time. */
    fetchedAt: time("fetched_at").notNull(),
  },
  (t) => [
    uniqueIndex("app_holders_account").on(t.accountId, t.appId).where(sql`account_id IS NOT NULL`),
    uniqueIndex("app_holders_device").on(t.deviceId, t.appId).where(sql`device_id IS NOT NULL`),
    index("app_holders_app").on(t.appId),
  ],
);

/** What a person or a device says of an app: one of each app. */
export const appRatings = sqliteTable(
  "app_ratings",
  {
    id: text("id").primaryKey().$type<RatingId>(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** The person; null: it is a device's. With their account it goes. */
    accountId: text("account_id")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The device; null: it is a person's. */
    deviceId: text("device_id")
      .$type<DeviceId>()
      .references(() => devices.id, { onDelete: "cascade" }),
    /** 1 to 5. */
    stars: integer("stars").notNull(),
    /** Plain text; empty: stars alone. */
    body: text("body").notNull(),
    /** The language that its author reads pages in, such as `de`. */
    language: text("language").notNull(),
    /** The version that its author had when they wrote it last. */
    versionCode: integer("version_code").notNull().$type<VersionCode>(),
    /** The same, as people read it. */
    version: text("version").notNull(),
    /** Rises with each change by anybody. */
    revision: integer("revision").notNull(),
    createdAt: time("created_at").notNull(),
    /** When its author wrote it last. */
    updatedAt: time("updated_at").notNull(),
    /** What the app's developers answer, plain text; null: nothing. */
    answer: text("answer"),
    /** Label of who of them wrote that. */
    answeredBy: text("answered_by"),
    /** When that was. */
    answeredAt: time("answered_at"),
    /** Since when it is hidden, and counts no more; null: it is shown. */
    hiddenAt: time("hidden_at"),
    /** Label of who hid it. */
    hiddenBy: text("hidden_by"),
    /** Why, in their words. */
    hiddenReason: text("hidden_reason"),
    /** Since when its author has taken back what is hidden: nobody reads it, and what they say next goes on in it; null: it stands. */
    withdrawnAt: time("withdrawn_at"),
    /** The organisation's name that answered; null: nothing is answered. */
    answeredAs: text("answered_as"),
  },
  (t) => [
    uniqueIndex("app_ratings_account").on(t.accountId, t.appId).where(sql`account_id IS NOT NULL`),
    uniqueIndex("app_ratings_device").on(t.deviceId, t.appId).where(sql`device_id IS NOT NULL`),
    index("app_ratings_app").on(t.appId, t.id),
    index("app_ratings_said").on(t.appId, t.id).where(sql`hidden_at IS NULL AND body <> ''`),
    index("app_ratings_language").on(t.appId, t.language, t.id).where(sql`hidden_at IS NULL AND body <> ''`),
  ],
);

/** How many gave an app how many stars, without what is hidden. Triggers of `app_ratings` keep it. */
export const appRatingSums = sqliteTable(
  "app_rating_sums",
  {
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** 1 to 5. */
    stars: integer("stars").notNull(),
    /** So many. */
    ratings: integer("ratings").notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.stars] })],
);

/** What people are told of in the portal: one row for each person and event, without words or names, which are read with it. */
export const notifications = sqliteTable(
  "notifications",
  {
    id: text("id").primaryKey().$type<NotificationId>(),
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** What happened, such as `version.approved`. */
    kind: text("kind").notNull(),
    /** Whose it was then, and the person was told as one of it; null: it is about no organisation's things. */
    organisationId: text("organisation_id").$type<OrganisationId>(),
    /** The app that it is about; null: none. It may be gone. */
    appId: text("app_id").$type<AppId>(),
    /** The version that it is about; null: none. It may be gone. */
    versionId: text("version_id").$type<VersionId>(),
    /** The page that it is about, below the store's address. */
    path: text("path").notNull(),
    /** The message that tells the same; null: none does. */
    messageId: text("message_id").$type<MessageId>(),
    createdAt: time("created_at").notNull(),
    /** When the person marked it read; null: it is unread. */
    readAt: time("read_at"),
    /** From when on the job that writes letters looks at it; null: that was done, or nobody writes one. */
    letterDueAt: time("letter_due_at"),
  },
  (t) => [
    index("notifications_account").on(t.accountId, t.id),
    index("notifications_unread").on(t.accountId, t.id).where(sql`read_at IS NULL`),
    index("notifications_created").on(t.createdAt),
    index("notifications_due").on(t.letterDueAt, t.id).where(sql`letter_due_at IS NOT NULL`),
    index("notifications_waiting").on(t.versionId).where(sql`kind = 'version.waits' AND read_at IS NULL`),
  ],
);

/** What somebody does not want to be told of by mail; what has no row here goes by mail. */
export const mutedLetters = sqliteTable(
  "muted_letters",
  {
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Such as `versions`. */
    topic: text("topic").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.topic] })],
);

/** What people report of apps, and of what others said of them. */
export const reports = sqliteTable(
  "reports",
  {
    id: text("id").primaryKey().$type<ReportId>(),
    appId: text("app_id")
      .notNull()
      .$type<AppId>()
      .references(() => apps.id, { onDelete: "cascade" }),
    /** What was said of it; null: it is the app itself, or its author took it back. */
    ratingId: text("rating_id")
      .$type<RatingId>()
      .references(() => appRatings.id, { onDelete: "cascade" }),
    /** Who reports it. With their account it goes. */
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** A word for what is wrong with it. */
    reason: text("reason").notNull(),
    /** What they say of that, plain text; may be empty. */
    body: text("body").notNull(),
    /** Rises with each change. */
    revision: integer("revision").notNull(),
    createdAt: time("created_at").notNull(),
    /** When somebody decided about it; null: it waits. */
    closedAt: time("closed_at"),
    /** Label of who did; null: it waits, or who said it took it back. */
    closedBy: text("closed_by"),
    /** What came of it: `hidden`, `dismissed`, `handled`, or `withdrawn` by who said it; null: it waits. */
    outcome: text("outcome").$type<"hidden" | "dismissed" | "handled" | "withdrawn">(),
    /** How many stars what is reported had then; null: it is the app itself. */
    saidStars: integer("said_stars"),
    /** What it said then, plain text; null: it is the app itself. */
    saidText: text("said_text"),
    /** Who said it; null: a device, or it is the app itself. With their account it goes. */
    saidBy: text("said_by")
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
  },
  (t) => [
    uniqueIndex("reports_own")
      .on(t.accountId, t.appId, sql`coalesce(rating_id, '')`)
      .where(sql`closed_at IS NULL`),
    index("reports_account").on(t.accountId, t.id),
    index("reports_open").on(t.id).where(sql`closed_at IS NULL`),
    index("reports_closed").on(t.id).where(sql`closed_at IS NOT NULL`),
    index("reports_rating").on(t.ratingId).where(sql`rating_id IS NOT NULL`),
    index("reports_app").on(t.appId),
    index("reports_said_by").on(t.saidBy).where(sql`said_by IS NOT NULL`),
  ],
);

/** The organisations that people ask administrators for. */
export const organisationRequests = sqliteTable(
  "organisation_requests",
  {
    id: text("id").primaryKey().$type<OrganisationRequestId>(),
    /** Who asks. With their account it goes. */
    accountId: text("account_id")
      .notNull()
      .$type<AccountId>()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** What it is to be called. */
    name: text("name").notNull(),
    /** Why, in their words. */
    reason: text("reason").notNull(),
    /** What became of it; `withdrawn` by who asked. */
    state: text("state").notNull().$type<"open" | "accepted" | "refused" | "withdrawn">(),
    /** Rises with each change. */
    revision: integer("revision").notNull(),
    createdAt: time("created_at").notNull(),
    /** When it was decided or taken back; null: it waits. */
    closedAt: time("closed_at"),
    /** Label of who did; null: it waits. */
    closedBy: text("closed_by"),
    /** Why it was refused; null: it was not. */
    answer: text("answer"),
    /** What was made; null: nothing, or it is gone. */
    organisationId: text("organisation_id")
      .$type<OrganisationId>()
      .references(() => organisations.id, { onDelete: "set null" }),
  },
  (t) => [
    uniqueIndex("organisation_requests_own").on(t.accountId).where(sql`closed_at IS NULL`),
    index("organisation_requests_account").on(t.accountId, t.id),
    index("organisation_requests_open").on(t.id).where(sql`closed_at IS NULL`),
    index("organisation_requests_closed").on(t.id).where(sql`closed_at IS NOT NULL`),
    index("organisation_requests_organisation").on(t.organisationId).where(sql`organisation_id IS NOT NULL`),
  ],
);

/** What of the store needs an administrator, as long as it does: of each they are told once. */
export const storeTroubles = sqliteTable(
  "store_troubles",
  {
    /** Such as `jobs.dead`. */
    code: text("code").notNull(),
    /** Which of several it is, such as the name of a key; "" where there is one such thing. */
    what: text("what").notNull(),
    /** When it was first found, of what lasts since then. */
    foundAt: time("found_at").notNull(),
    /** When administrators were told; null: not yet. */
    toldAt: time("told_at"),
    /** When it was first found to be over; null: it lasts. */
    overAt: time("over_at"),
  },
  (t) => [primaryKey({ columns: [t.code, t.what] })],
);
