/** The forms of what the API tells of the store's log; the entries are those of the package format, section 7. */
import { Type } from "@sinclair/typebox";
import { oneOf, orNull, record, SHA256, TIME, VERSION_CODE } from "./schemas.ts";

const POSITION = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const ID = Type.String({ description: "An app id, a developer id, or a SHA-256." });

export const LOG_ENTRY = Type.Union([
  record({
    type: Type.Literal("approval"),
    appId: ID,
    versionCode: VERSION_CODE,
    contentDigest: SHA256,
    upload: SHA256,
    developerKeyId: SHA256,
    reviewId: Type.String(),
  }),
  record({
    type: Type.Literal("publication"),
    appId: ID,
    versionCode: VERSION_CODE,
    contentDigest: SHA256,
    package: SHA256,
  }),
  record({
    type: Type.Literal("revocation"),
    action: oneOf("block", "disable", "remove", "lift"),
    subject: oneOf("package", "key", "certificate", "app", "developer"),
    id: ID,
    approvalsUntil: orNull(TIME),
  }),
  record({ type: Type.Literal("lowest-version"), appId: ID, versionCode: VERSION_CODE }),
  record({
    type: Type.Literal("developer-key"),
    change: oneOf("enrolled", "added", "recovered", "recovery-ended", "revoked", "sealed"),
    keyId: SHA256,
    developerId: ID,
    appId: orNull(ID),
    authorisedBy: orNull(Type.String()),
  }),
  record({
    type: Type.Literal("store-key"),
    change: oneOf("added", "removed"),
    role: Type.String({
      description: "The name that the key has at the store; not a role of the catalogue.",
    }),
    keyId: SHA256,
  }),
  record({
    type: Type.Literal("store-threshold"),
    role: Type.String(),
    threshold: Type.Integer({ minimum: 1, maximum: 16 }),
  }),
  record({
    type: Type.Literal("certificate"),
    change: oneOf("issued", "retired", "distrusted"),
    kind: Type.String(),
    sha256: SHA256,
  }),
  record({
    type: Type.Literal("ended"),
    what: oneOf("visibility", "offer", "version"),
    appId: ID,
    id: Type.String(),
  }),
]);

export const LOG_LISTING = record({
  size: Type.Integer({ minimum: 0, description: "How many entries there are." }),
  head: orNull(record({ size: POSITION, rootHash: SHA256, signedAt: TIME })),
  damage: orNull(
    Type.String({ description: "Why the log is not the one that was signed; null while it is." }),
  ),
  items: Type.Array(
    record({
      position: POSITION,
      at: TIME,
      hidden: Type.Boolean({ description: "Whether the public entry holds digests in place of names." }),
      entry: LOG_ENTRY,
    }),
  ),
  nextCursor: orNull(Type.String({ description: "For the next page; null on the last one." })),
});
