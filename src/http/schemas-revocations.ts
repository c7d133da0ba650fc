/** The forms of what is revoked, of what an act would concern, and of the act itself. */
import { type TSchema, Type } from "@sinclair/typebox";
import { HIGHEST_VERSION_CODE } from "../ids.ts";
import {
  APP_ID,
  ORGANISATION_ID,
  oneOf,
  orNull,
  pageSchema,
  record,
  SHA256,
  TIME,
  VERSION,
  VERSION_CODE,
} from "./schemas.ts";

const SUBJECT = oneOf("package", "key", "certificate", "app", "developer");
const ACTION = oneOf("block", "disable", "remove");
const LABEL = Type.String({
  description: "What people know it by: an app's name, a package's version, whose a key is.",
});
const OWNER = orNull(
  Type.String({ description: "Whose it is; null of the store's own keys, and of what it has forgotten." }),
);
const UNTIL = orNull({
  ...TIME,
  description: "Of the store's release key or a certificate of it: what it approved up to then still counts.",
});
const CODE = Type.Integer({
  minimum: 1,
  maximum: HIGHEST_VERSION_CODE,
  description: "the lowest that is allowed",
});
const ACTOR = Type.String({ description: "Who did it, by kind and id." });

const IN_FORCE = {
  subject: SUBJECT,
  id: Type.String(),
  action: ACTION,
  reason: Type.String(),
  approvalsUntil: UNTIL,
  revokedAt: TIME,
  revokedBy: ACTOR,
};

export const REVOCATION = record({ ...IN_FORCE, label: orNull(LABEL), organisationId: OWNER }, "Revocation");

export const LOWEST_VERSION = record(
  {
    appId: APP_ID,
    versionCode: CODE,
    reason: Type.String(),
    setAt: TIME,
    setBy: ACTOR,
    label: orNull(LABEL),
    organisationId: OWNER,
  },
  "LowestVersion",
);

export const REVOCATION_EVENT = record(
  {
    id: Type.String(),
    act: oneOf("block", "disable", "remove", "lift", "lowest-version"),
    subject: SUBJECT,
    target: Type.String({ description: "The id of what it was about." }),
    versionCode: orNull(VERSION_CODE),
    approvalsUntil: UNTIL,
    reason: Type.String(),
    actor: ACTOR,
    at: TIME,
    label: orNull(LABEL),
    organisationId: OWNER,
  },
  "RevocationEvent",
);

/** The rules for texts are the domain's, which says what is wrong with them; here is only what may be sent at all. */
const text = (description: string, examples: readonly string[]) =>
  Type.String({ maxLength: 4000, description, examples: [...examples] });
const SUBJECT_TEXT = text("package, key, certificate, app or developer", ["app"]);
const ID_TEXT = text("its content digest, key id, SHA-256 of the certificate, app id or organisation id", [
  "com.example.notes",
]);
const ACTION_TEXT = text("block, disable or remove", ["disable"]);
const REASON_TEXT = text("why, in one line of at most 200 characters: people read it on their devices", [
  "It sends notes to strangers.",
]);
const OWNERS_REASON_TEXT = text("why, in one line of at most 200 characters: the owners read it", [
  "Older ones lose notes.",
]);
const UNTIL_TEXT = text("as in Revocation, with date, seconds and zone", ["2026-11-25T09:30:00Z"]);
const APP_TEXT = text("an app id", ["com.example.notes"]);
const CODE_NUMBER = Type.Integer({ description: "from 1, which allows every version again", examples: [7] });

const TARGET = { subject: SUBJECT_TEXT, id: ID_TEXT };

/** What is looked at: any of the three acts. */
export const LOOSE_ACT = record({
  act: oneOf("revoke", "lift", "lowest-version"),
  reason: REASON_TEXT,
  subject: Type.Optional(SUBJECT_TEXT),
  id: Type.Optional(ID_TEXT),
  action: Type.Optional(ACTION_TEXT),
  approvalsUntil: Type.Optional(UNTIL_TEXT),
  appId: Type.Optional(APP_TEXT),
  versionCode: Type.Optional(CODE_NUMBER),
});

/** That it is missing is the domain's to say, which says what to do about it as well. */
const SCOPE = Type.Optional({
  ...SHA256,
  description: "scope of the preview that was looked at; without it nothing is done",
});

/** What is done: the act with the scope that was shown for it. */
const confirmed = <T extends Record<string, TSchema>>(members: T, reason: typeof REASON_TEXT) =>
  record({ ...members, reason, scope: SCOPE });
export const REVOKE = confirmed(
  {
    ...TARGET,
    action: ACTION_TEXT,
    approvalsUntil: Type.Optional(UNTIL_TEXT),
  },
  REASON_TEXT,
);
export const REVOKE_KEY_PREVIEW = record({ action: Type.Optional(ACTION_TEXT), reason: REASON_TEXT });
export const REVOKE_KEY = record({ ...REVOKE_KEY_PREVIEW.properties, scope: SCOPE });
export const LIFT = confirmed(TARGET, OWNERS_REASON_TEXT);
export const SET_LOWEST = confirmed({ appId: APP_TEXT, versionCode: CODE_NUMBER }, OWNERS_REASON_TEXT);

export const REVOCATION_PREVIEW = record(
  {
    subject: SUBJECT,
    id: Type.String(),
    label: LABEL,
    organisationId: OWNER,
    before: orNull(
      record({
        ...IN_FORCE,
        revokedBy: orNull({ ...ACTOR, description: "As in Revocation; null where an owner asks." }),
      }),
    ),
    lowestBefore: orNull(CODE),
    returns: Type.Boolean({
      description:
        "Whether what it concerns may be had again afterwards, with a lift or a lower lowest version; otherwise it may not be had any more.",
    }),
    affected: record({
      apps: Type.Integer({ minimum: 0 }),
      versions: Type.Integer({ minimum: 0 }),
      published: Type.Integer({ minimum: 0 }),
      waiting: Type.Integer({
        minimum: 0,
        description:
          "On their way: withdrawn with the act, or signed again when only the signature is revoked.",
      }),
    }),
    offeredAgain: Type.Integer({
      minimum: 0,
      description:
        "Versions that come back beside: of the store's own key, when the act names a later time up to which its approvals count than is in force, or any where none counts now.",
    }),
    staysOut: Type.Array(
      record({
        because: Type.String({
          enum: ["app", "package", "developer", "key", "certificate", "lowest", "yanked"],
          description:
            "What else of it is revoked; lowest: it is below the app's lowest version; yanked: its developers yanked it.",
        }),
        versions: Type.Integer({ minimum: 1 }),
      }),
      {
        description:
          "With a lift or a lower lowest version: published versions that it does not bring back, by the first thing that keeps each. affected and versions are those alone that are offered again.",
      },
    ),
    lineages: Type.Integer({
      minimum: 0,
      description:
        "Apps of which new devices would install nothing, since the store's own key that is to be revoked vouches for a key that may sign them: until the store has another release key, with which it signs all of that again.",
    }),
    installed: record({
      known: Type.Boolean({ description: "False where devices report nothing to the store." }),
      devices: orNull(Type.Integer({ minimum: 0 })),
      reportedSince: orNull(TIME),
    }),
    fetches: Type.Integer({
      minimum: 0,
      description:
        "How often devices fetched the apps that it concerns from this store, whichever version it was: installations and updates.",
    }),
    versions: pageSchema(
      record({
        versionId: VERSION.properties.id,
        appId: APP_ID,
        appName: Type.String(),
        organisationId: ORGANISATION_ID,
        organisationName: Type.String(),
        versionCode: VERSION_CODE,
        version: Type.String(),
        state: VERSION.properties.state,
        publishedAt: orNull(TIME),
      }),
    ),
    scope: {
      ...SHA256,
      description:
        "Stands for all of this. The act takes it, and is refused once it would concern something else.",
    },
  },
  "RevocationPreview",
);

export const ENACTED = record(
  {
    changed: Type.Boolean({ description: "False when it was so already: nothing was signed." }),
  },
  "Enacted",
);
