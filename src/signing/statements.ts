import { canonicalize, type JsonValue, parseCanonical } from "./json.ts";
import { excerpt, refusal } from "./refuse.ts";
import { shapeWith } from "./shape.ts";
import { textRuleBroken } from "./text-rules.ts";
import { formatTime, isTime } from "./times.ts";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const DEVELOPER_RELEASE_TYPE = "https://mosis.dev/attestation/developer-release/v1";
export const STORE_APPROVAL_TYPE = "https://mosis.dev/attestation/store-approval/v1";

/** What a developer says by signing. */
export type DeveloperRelease = {
  readonly appId: string;
  readonly signedAt: Date;
  readonly version: string;
  readonly versionCode: number;
};

/** What a store says by countersigning. Digests and key ids are 64 lower-case hex digits. */
export type StoreApproval = {
  readonly appId: string;
  readonly approvedAt: Date;
  readonly developerEnvelope: { readonly sha256: string };
  readonly developerId: string;
  readonly developerKeyId: string;
  readonly review: {
    /** Sorted by name. */
    readonly checks: readonly { readonly name: string; readonly version: string }[];
    readonly people: number;
    readonly policy: number;
    readonly reviewId: string;
  };
  readonly storeId: string;
  readonly upload: { readonly sha256: string };
  readonly version: string;
  readonly versionCode: number;
};

/** A statement about one package: the digest and name of its subject, and what is said of it. */
export type Statement<Predicate> = {
  readonly contentDigest: string;
  readonly subjectName: string;
  readonly predicate: Predicate;
};

export const SHA256 = /^[0-9a-f]{64}$/;
export const SHA256_TEXT = "64 lower-case hex digits";
export const ID = /^[a-z0-9-]{1,64}$/;
export const ID_TEXT = "1–64 of a–z 0–9 -";
const MAX_CHECK_TEXT = 100;
const CHECK_TEXT = new RegExp(`^.{1,${MAX_CHECK_TEXT}}$`, "u");

export const shape = shapeWith("MPK-A001", "The statement");

/** Parses the one form of a time, which must exist in the calendar. Throws MPK-A005. */
export function parseTime(value: JsonValue, pointer: string): Date {
  if (!isTime(value)) {
    throw refusal("MPK-A005", `The time at “${pointer}” is malformed.`, {
      pointer,
      found: excerpt(value),
      expected: "YYYY-MM-DDTHH:MM:SSZ",
    });
  }
  return new Date(value);
}

/** The canonical bytes of a developer's statement: an envelope's payload. */
export function buildDeveloperStatement(contentDigest: string, release: DeveloperRelease): Uint8Array {
  const predicate = { ...release, signedAt: formatTime(release.signedAt) };
  return buildStatement(contentDigest, release.appId, DEVELOPER_RELEASE_TYPE, predicate);
}

/** The canonical bytes of a store's statement; its checks are sorted here. */
export function buildStoreStatement(contentDigest: string, approval: StoreApproval): Uint8Array {
  const checks = [...approval.review.checks].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const predicate = {
    ...approval,
    approvedAt: formatTime(approval.approvedAt),
    review: { ...approval.review, checks },
  };
  return buildStatement(contentDigest, approval.appId, STORE_APPROVAL_TYPE, predicate);
}

/** The canonical bytes of a statement about the one subject of that digest and name. */
export function buildStatement(
  contentDigest: string,
  name: string,
  predicateType: string,
  predicate: object,
): Uint8Array {
  return canonicalize({
    _type: STATEMENT_TYPE,
    predicate,
    predicateType,
    subject: [{ digest: { sha256: contentDigest }, name }],
  });
}

/** Parses a developer's statement strictly. Throws MPK-J…, MPK-A001, A002, A005. */
export function parseDeveloperStatement(payload: Uint8Array): Statement<DeveloperRelease> {
  return parseStatement(payload, DEVELOPER_RELEASE_TYPE, (value, at) => {
    const predicate = shape.object(value, at, ["appId", "signedAt", "version", "versionCode"]);
    return { ...parseVersion(predicate, at), signedAt: parseTime(predicate.signedAt, `${at}/signedAt`) };
  });
}

/** Parses a store's statement strictly. Throws MPK-J…, MPK-A001, A002, A005. */
export function parseStoreStatement(payload: Uint8Array): Statement<StoreApproval> {
  return parseStatement(payload, STORE_APPROVAL_TYPE, (value, at) => {
    const predicate = shape.object(value, at, [
      "appId",
      "approvedAt",
      "developerEnvelope",
      "developerId",
      "developerKeyId",
      "review",
      "storeId",
      "upload",
      "version",
      "versionCode",
    ]);
    return {
      ...parseVersion(predicate, at),
      developerEnvelope: parseDigest(predicate.developerEnvelope, `${at}/developerEnvelope`),
      developerId: shape.matching(predicate.developerId, `${at}/developerId`, ID, ID_TEXT),
      developerKeyId: shape.matching(predicate.developerKeyId, `${at}/developerKeyId`, SHA256, SHA256_TEXT),
      review: parseReview(predicate.review, `${at}/review`),
      storeId: shape.matching(predicate.storeId, `${at}/storeId`, ID, ID_TEXT),
      upload: parseDigest(predicate.upload, `${at}/upload`),
      // Of every statement times come last: what has a code of its own is told when all else has its form.
      approvedAt: parseTime(predicate.approvedAt, `${at}/approvedAt`),
    };
  });
}

/** Parses a statement of one predicate type strictly; an envelope holds none that is too large. Throws MPK-J…, MPK-A001, A002. */
export function parseStatement<Predicate>(
  payload: Uint8Array,
  type: string,
  parsePredicate: (value: JsonValue, pointer: string) => Predicate,
): Statement<Predicate> {
  const value = parseCanonical(payload, { maxBytes: payload.length });
  const statement = shape.object(value, "", ["_type", "predicate", "predicateType", "subject"]);
  for (const [key, expected] of [
    ["_type", STATEMENT_TYPE],
    ["predicateType", type],
  ] as const) {
    if (statement[key] !== expected) {
      throw refusal("MPK-A002", `The statement's ${key} is another.`, {
        pointer: `/${key}`,
        found: excerpt(statement[key]),
        expected,
      });
    }
  }
  const subjects = shape.array(statement.subject, "/subject");
  if (subjects.length !== 1)
    throw shape.wrong("/subject", `${subjects.length} subjects`, "exactly one subject");
  const subject = shape.object(subjects[0], "/subject/0", ["digest", "name"]);
  return {
    contentDigest: parseDigest(subject.digest, "/subject/0/digest").sha256,
    subjectName: shape.string(subject.name, "/subject/0/name"),
    predicate: parsePredicate(statement.predicate, "/predicate"),
  };
}

function parseVersion(
  predicate: { appId: JsonValue; version: JsonValue; versionCode: JsonValue },
  at: string,
) {
  return {
    appId: shape.string(predicate.appId, `${at}/appId`),
    version: shape.string(predicate.version, `${at}/version`),
    versionCode: shape.integer(predicate.versionCode, `${at}/versionCode`, 1),
  };
}

/** `{"sha256":"<64 lower-case hex digits>"}`. Throws MPK-A001. */
export function parseDigest(value: JsonValue, at: string): { sha256: string } {
  const { sha256 } = shape.object(value, at, ["sha256"]);
  return { sha256: shape.matching(sha256, `${at}/sha256`, SHA256, SHA256_TEXT) };
}

function parseReview(value: JsonValue, at: string): StoreApproval["review"] {
  const review = shape.object(value, at, ["checks", "people", "policy", "reviewId"]);
  const checks = shape.array(review.checks, `${at}/checks`).map((item, index) => {
    const place = `${at}/checks/${index}`;
    const check = shape.object(item, place, ["name", "version"]);
    return {
      name: checkText(check.name, `${place}/name`),
      version: checkText(check.version, `${place}/version`),
    };
  });
  for (const [index, check] of checks.entries()) {
    const before = checks[index - 1];
    if (before !== undefined && before.name >= check.name) {
      throw shape.wrong(
        `${at}/checks/${index}/name`,
        check.name,
        `a name that sorts after ${excerpt(before.name)}`,
      );
    }
  }
  return {
    checks,
    people: shape.integer(review.people, `${at}/people`, 0),
    policy: shape.integer(review.policy, `${at}/policy`, 1),
    reviewId: shape.matching(review.reviewId, `${at}/reviewId`, ID, ID_TEXT),
  };
}

/** A text of 1–100 code points; what has no line's end is on one line. */
function checkText(value: JsonValue, at: string): string {
  const text = shape.matching(value, at, CHECK_TEXT, `a text of 1–${MAX_CHECK_TEXT}`);
  const broken = textRuleBroken(text);
  if (broken !== undefined) throw shape.wrong(at, text, broken.expected);
  return text;
}
