/** The forms of lineages, recoveries and messages. */
import { Type } from "@sinclair/typebox";
import { LINK_PURPOSES } from "../accounts/links/links.ts";
import type { KeyId } from "../ids.ts";
import { APP_ID, idOf, ORGANISATION_ID, oneOf, orNull, record, SHA256, TIME } from "./schemas.ts";

export const KEY_ID = Type.Unsafe<KeyId>({ ...SHA256, description: "a key id" });

export const RECOVERY_ID = idOf("rcv", "a recovery's");

export const MESSAGE_ID = idOf("msg", "a message's");

export const FINGERPRINT = Type.String({
  description: "The key id in groups of four, for people to compare.",
});

export const LINEAGE = record(
  {
    appId: APP_ID,
    developerId: ORGANISATION_ID,
    keys: Type.Array(
      record({
        keyid: KEY_ID,
        fingerprint: FINGERPRINT,
        position: Type.Integer({ minimum: 0 }),
        how: oneOf("first", "addition", "recovery"),
        addedAt: TIME,
        authorisedBy: orNull(
          Type.String({ description: "The key id that added it, or the id of the recovery." }),
        ),
        lostAt: orNull(TIME),
        revokedAt: orNull(TIME),
        certificateRevokedAt: orNull({
          ...TIME,
          description:
            "Since when its newest certificate is revoked: it signs again once it is enrolled again.",
        }),
        certificateDistrustedAt: orNull({
          ...TIME,
          description:
            "Since when the authority that issued that certificate is not trusted any more: it signs again once it is enrolled again.",
        }),
        developerRevokedAt: orNull({
          ...TIME,
          description:
            "Since when the developer whose app it is is revoked: none of their keys signs anything.",
        }),
        usable: Type.Boolean({ description: "Whether it may sign updates and add keys now." }),
      }),
    ),
  },
  "Lineage",
);

export const RECOVERY_STATE = oneOf("waiting", "approved", "refused", "objected", "fallen");

export const RECOVERY = record(
  {
    id: RECOVERY_ID,
    organisationId: ORGANISATION_ID,
    organisationName: Type.String(),
    keyid: KEY_ID,
    fingerprint: FINGERPRINT,
    reason: Type.String(),
    state: RECOVERY_STATE,
    apps: Type.Array(record({ appId: APP_ID, lostKeyIds: Type.Array(KEY_ID) })),
    requestedBy: Type.String(),
    requestedAt: TIME,
    waitingUntil: TIME,
    waited: Type.Boolean({ description: "Whether the waiting time is over, and the store ran through it." }),
    daysMissing: Type.Integer({
      minimum: 0,
      description:
        "On so many days more the store has to run before it can be approved, though the time is over by its clock.",
    }),
    ownersTold: Type.Integer({ minimum: 1 }),
    decidedBy: orNull(Type.String()),
    decidedAt: orNull(TIME),
    decisionReason: orNull(Type.String()),
    revision: Type.Integer({ minimum: 1 }),
  },
  "Recovery",
);

const LANGUAGE_OF_MESSAGE = Type.String({
  description: "Tag of the language that it is written in (BCP 47): its reader's.",
});

export const MESSAGE = record(
  {
    id: MESSAGE_ID,
    kind: Type.String({ description: "What happened, such as recovery.requested." }),
    accountId: orNull(
      Type.String({ description: "Absent where it goes to somebody who has no account yet." }),
    ),
    address: Type.String(),
    subject: Type.String(),
    body: Type.String({ description: "Plain text; {link} stands where a link that works once will be." }),
    language: LANGUAGE_OF_MESSAGE,
    path: Type.String({ description: "The page that it is about." }),
    link: orNull(oneOf(...LINK_PURPOSES)),
    createdAt: TIME,
    seenAt: orNull(TIME),
    handedOverAt: orNull(TIME),
    sentAt: orNull(TIME),
    failure: orNull(Type.String({ description: "What the mail server said when it last did not take it." })),
    ended: orNull(oneOf("refused", "needless", "late", "unanswered", "unwanted")),
  },
  "Message",
);

export const OWN_MESSAGE = record(
  {
    id: MESSAGE_ID,
    kind: Type.String({ description: "What happened, such as recovery.requested." }),
    subject: Type.String(),
    body: Type.String({
      description: "Plain text; {link} stands where the sent message has a link that works once.",
    }),
    language: LANGUAGE_OF_MESSAGE,
    path: Type.String({ description: "The page that it is about." }),
    createdAt: TIME,
    seenAt: orNull({ ...TIME, description: "When it was put away." }),
  },
  "OwnMessage",
);

export const HANDED_OVER = record(
  {
    to: Type.String({ description: "Whom to hand it over to, and nobody else." }),
    subject: Type.String(),
    url: Type.String({ description: "Works once. Whoever opens it is taken for that person." }),
    expiresAt: TIME,
  },
  "HandedOverLink",
);

export const REASON = Type.String({ minLength: 1, maxLength: 4000, description: "why, for the owners" });
