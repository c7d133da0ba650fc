/** The shapes of devices, of the codes with which they enrol, and of what devices ask. */
import { type Static, Type } from "@sinclair/typebox";
import { type EnrolmentCode, MOST_CODE_HOURS, MOST_CODE_USES } from "../accounts/devices/codes.ts";
import type { DeviceView } from "../accounts/devices/devices.ts";
import type { Device } from "../accounts/devices/find.ts";
import { MOST_UNSEEN_DAYS } from "../config.values.ts";
import { idOf, oneOf, orNull, REVISION, record, SHA256, TIME } from "./schemas.ts";
import { DEVICE_ID, GROUP_ID } from "./schemas-groups.ts";

export const ENROLMENT_CODE_ID = idOf("enr", "an enrolment code's");

const DEVICE_MEMBERS = {
  id: DEVICE_ID,
  name: Type.String({ description: "What it calls itself, until somebody renames it." }),
  algorithm: oneOf("ecdsa-p256", "ed25519"),
  keyid: { ...SHA256, description: "SHA-256 of its public key (SubjectPublicKeyInfo)." },
  platform: Type.String({ description: "System and processor, as it said; empty: it did not." }),
  model: Type.String({ description: "What it is, as it said." }),
  runtime: Type.String({ description: "The program that installs apps on it, as it said." }),
  revision: REVISION,
  createdAt: { ...TIME, description: "When it enrolled." },
  codeId: orNull({ ...ENROLMENT_CODE_ID, description: "The code that it enrolled with last." }),
  lastSeenAt: orNull({ ...TIME, description: "Not to the minute; null: never since it enrolled." }),
  lastSeenAddress: orNull(Type.String()),
  lastTokenAt: orNull({ ...TIME, description: "When it was last given an access token." }),
  revokedAt: orNull(TIME),
  revokedBy: orNull(Type.String({ description: "The label of who revoked it." })),
  revocationReason: orNull(Type.String()),
};

const GROUPS = Type.Array(record({ id: GROUP_ID, name: Type.String() }), { description: "By name." });

/** As a group lists it. */
export const DEVICE = record(DEVICE_MEMBERS, "Device");
/** As it is by itself. */
export const DEVICE_IN_GROUPS = record({ ...DEVICE_MEMBERS, groups: GROUPS }, "DeviceInGroups");

export function deviceJson(device: Device): Static<typeof DEVICE> {
  const { createdAt, lastSeenAt, lastTokenAt, revokedAt, ...rest } = device;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    lastTokenAt: lastTokenAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

export function deviceInGroupsJson({ groups, ...device }: DeviceView): Static<typeof DEVICE_IN_GROUPS> {
  return { ...deviceJson(device), groups: [...groups] };
}

export const UNSEEN_DAYS = Type.Integer({
  minimum: 1,
  maximum: MOST_UNSEEN_DAYS,
  description: "only those in use that have not come for so many days",
});

export const UNSEEN_COUNT = record(
  {
    days: Type.Integer({ description: "So long they have not come; 0: the store counts none." }),
    count: Type.Integer({ description: "Up to 1000." }),
    more: Type.Boolean({ description: "Whether there are more." }),
  },
  "UnseenDevices",
);

/** Its cursors go on in another order where those that have not come are asked for. */
export function deviceList(unseenDays: number | undefined): string {
  return unseenDays === undefined ? "devices" : "devices-unseen";
}

const CODE_MEMBERS = {
  id: ENROLMENT_CODE_ID,
  label: Type.String(),
  state: oneOf("live", "used", "expired", "revoked"),
  mostUses: Type.Integer({ minimum: 1, description: "How many devices can enrol with it." }),
  uses: Type.Integer({ minimum: 0, description: "How many have." }),
  expiresAt: TIME,
  groups: { ...GROUPS, description: "Where a device is put that enrols with it, by name." },
  createdBy: Type.String({ description: "The label of who made it." }),
  createdAt: TIME,
  revokedAt: orNull(TIME),
  revokedBy: orNull(Type.String()),
};

export const ENROLMENT_CODE = record(CODE_MEMBERS, "EnrolmentCode");
export const NEW_ENROLMENT_CODE = record(
  {
    ...CODE_MEMBERS,
    code: orNull(
      Type.String({
        description: "Shown this once. null in the answer to a repeated call, since it is not kept.",
        examples: ["K7QF3-M2X9W-DP4TB"],
      }),
    ),
    link: orNull(
      Type.String({
        description: "What its QR code holds: the store's address, its root's digest, the code.",
      }),
    ),
  },
  "NewEnrolmentCode",
);

export const ENROLMENT_CODE_FIELDS = record({
  label: Type.String({ maxLength: 400 }),
  uses: Type.Optional(
    Type.Integer({
      description: `How many devices can enrol with it, 1 to ${MOST_CODE_USES}; 1 without it.`,
    }),
  ),
  hours: Type.Optional(
    Type.Integer({ description: `Whole hours until it ends, 1 to ${MOST_CODE_HOURS}; 72 without it.` }),
  ),
  groups: Type.Optional(
    Type.Array(GROUP_ID, { description: "Where a device is put that enrols with it.", maxItems: 100 }),
  ),
});

export function enrolmentCodeJson(code: EnrolmentCode): Static<typeof ENROLMENT_CODE> {
  const { expiresAt, createdAt, revokedAt, groups, ...rest } = code;
  return {
    ...rest,
    groups: [...groups],
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

/** What a device sends to enrol, and what it is told. */
export const ENROLMENT = record({
  code: Type.String({ maxLength: 100, description: "As it was typed or scanned." }),
  publicKey: Type.String({
    maxLength: 400,
    pattern: "^[A-Za-z0-9_-]+$",
    description:
      "The DER of its public key's SubjectPublicKeyInfo, base64url without padding: P-256 with an uncompressed point, or Ed25519.",
  }),
  proof: Type.String({ maxLength: 2048, description: "A compact JWS by that key (RFC 7515)." }),
  name: Type.String({ maxLength: 400, description: "What people will call it." }),
  platform: Type.Optional(Type.String({ maxLength: 400, examples: ["linux-arm64"] })),
  model: Type.Optional(Type.String({ maxLength: 400 })),
  runtime: Type.Optional(Type.String({ maxLength: 400, examples: ["mosis 1.0.0"] })),
});

const GROUP_IDS = Type.Array(GROUP_ID, { description: "The groups that it is in, at this moment." });

export const ENROLLED_DEVICE = record(
  {
    deviceId: DEVICE_ID,
    name: Type.String(),
    groups: GROUP_IDS,
    namedGroups: {
      ...GROUPS,
      description: "Those of them that an administrator offers, by name; the others keep their names.",
    },
    storeTime: TIME,
  },
  "EnrolledDevice",
);

export const DEVICE_TOKEN = record(
  {
    accessToken: Type.String({ description: "Sent with each request as “Authorization: Bearer …”." }),
    tokenType: oneOf("Bearer"),
    expiresInSeconds: Type.Integer({ minimum: 1 }),
    expiresAt: TIME,
    deviceId: DEVICE_ID,
    groups: GROUP_IDS,
    catalogues: Type.Array(Type.String(), {
      description:
        "The audiences whose catalogues it may read beside the public one, below /store/v1/audiences/, by id: groups, and signed-in.",
    }),
    storeTime: { ...TIME, description: "The time in the store." },
  },
  "DeviceToken",
);
