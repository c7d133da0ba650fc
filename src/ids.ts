/**
 * Branded identifiers. Each is parsed once, at the edge, and not checked again after that.
 */

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Reverse-DNS id of an app (package format, section 4). */
export type AppId = Brand<string, "AppId">;
/** Integer 1…2³¹−1; the only thing that devices compare. */
export type VersionCode = Brand<number, "VersionCode">;
/** 64 lower-case hexadecimal digits. */
export type Sha256 = Brand<string, "Sha256">;
/** SHA-256 of a key's SubjectPublicKeyInfo, 64 lower-case hexadecimal digits. */
export type KeyId = Brand<string, "KeyId">;

export type AccountId = Brand<string, "AccountId">;
/** Also the developerId in certificates: `[a-z0-9-]{1,64}`. */
export type OrganisationId = Brand<string, "OrganisationId">;
export type VersionId = Brand<string, "VersionId">;
export type ReviewId = Brand<string, "ReviewId">;
export type ApiKeyId = Brand<string, "ApiKeyId">;
export type JobId = Brand<string, "JobId">;
export type RecoveryId = Brand<string, "RecoveryId">;
export type MessageId = Brand<string, "MessageId">;
/** Of something that a person is told of in the portal. */
export type NotificationId = Brand<string, "NotificationId">;
export type InvitationId = Brand<string, "InvitationId">;
/** Of a second factor: an authenticator app or a passkey. */
export type FactorId = Brand<string, "FactorId">;
/** Of a browser in which somebody was signed in to an account. */
export type BrowserId = Brand<string, "BrowserId">;
export type IdentityId = Brand<string, "IdentityId">;
export type PublisherId = Brand<string, "PublisherId">;
/** Of an app that is offered to another organisation. */
export type TransferId = Brand<string, "TransferId">;
/** Of a named group of people and devices. */
export type GroupId = Brand<string, "GroupId">;
/** Of what somebody says of an app: its stars, and what they wrote. */
export type RatingId = Brand<string, "RatingId">;
/** Of an organisation that somebody asks for. */
export type OrganisationRequestId = Brand<string, "OrganisationRequestId">;
/** Of what somebody reports. */
export type ReportId = Brand<string, "ReportId">;
export type DeviceId = Brand<string, "DeviceId">;
/** Of a code with which devices enrol; not the code itself. */
export type EnrolmentCodeId = Brand<string, "EnrolmentCodeId">;
/** Of a picture in an app's listing. */
export type ListingPictureId = Brand<string, "ListingPictureId">;

/** Of a file that comes in parts, before it is a version. */
export type UploadId = Brand<string, "UploadId">;

/** Those who have a catalogue of their own beside the public one: a group, or `signed-in`. */
export type AudienceId = Brand<string, "AudienceId">;
/** Whose catalogue something is of. */
export type Audience = AudienceId | typeof EVERYBODY;
/** The audience of the public catalogue. */
export const EVERYBODY = "";

/** What the ids begin with that the store makes, and what they are of. */
export type Ids = {
  acc: AccountId;
  org: OrganisationId;
  ver: VersionId;
  rev: ReviewId;
  key: ApiKeyId;
  job: JobId;
  rcv: RecoveryId;
  msg: MessageId;
  ntf: NotificationId;
  inv: InvitationId;
  fac: FactorId;
  idn: IdentityId;
  brw: BrowserId;
  pub: PublisherId;
  trf: TransferId;
  grp: GroupId;
  dev: DeviceId;
  enr: EnrolmentCodeId;
  upl: UploadId;
  pic: ListingPictureId;
  rat: RatingId;
  rpt: ReportId;
  orq: OrganisationRequestId;
  evt: string;
};

/** A new id such as `ver-0190f3…`: a prefix, then a UUIDv7 in hex, so that ids sort by the time they were made. */
export function newId<P extends keyof Ids>(prefix: P): Ids[P] {
  return `${prefix}-${Bun.randomUUIDv7("hex").replaceAll("-", "")}` as Ids[P];
}

/** What follows the prefix and a hyphen, as a pattern. */
export const ID_DIGITS = "[0-9a-f]{32}";
const ID_PATTERN = new RegExp(`^[a-z]{3}-${ID_DIGITS}$`);

/** True when the text has the shape of an id with this prefix. */
export function isId<P extends keyof Ids>(prefix: P, text: string): text is Ids[P] & string {
  return ID_PATTERN.test(text) && text.startsWith(`${prefix}-`);
}

const SHA256_PATTERN = /^[0-9a-f]{64}$/;

export function isSha256(text: string): text is Sha256 {
  return SHA256_PATTERN.test(text);
}

export const APP_ID_PATTERN = /^[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]*[a-z0-9])?){1,7}$/;

/** The form of an app id only; the names that are reserved are the manifest's matter. */
export function isAppId(text: string): text is AppId {
  return text.length <= 128 && APP_ID_PATTERN.test(text);
}

/** Code points in the name of an organisation, which devices show as who publishes an app. */
export const ORGANISATION_NAME_CHARACTERS = 80;

/** The largest integer that every runtime of a device has (package format, section 4). */
export const HIGHEST_VERSION_CODE = 2_147_483_647;

export function isVersionCode(value: unknown): value is VersionCode {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= HIGHEST_VERSION_CODE;
}
