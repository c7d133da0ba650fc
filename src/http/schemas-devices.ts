/** The shapes of devices. */
import { type Static, Type } from "@sinclair/typebox";
import type { Device } from "../accounts/devices/find.ts";
import { oneOf, orNull, REVISION, record, SHA256, TIME } from "./schemas.ts";
import { DEVICE_ID } from "./schemas-groups.ts";

export const DEVICE = record(
  {
    id: DEVICE_ID,
    name: Type.String({ description: "What it calls itself, until somebody renames it." }),
    algorithm: oneOf("ecdsa-p256", "ed25519"),
    keyid: { ...SHA256, description: "SHA-256 of its public key (SubjectPublicKeyInfo)." },
    platform: Type.String({ description: "System and processor, as it said; empty: it did not." }),
    model: Type.String({ description: "What it is, as it said." }),
    runtime: Type.String({ description: "The program that installs apps on it, as it said." }),
    revision: REVISION,
    createdAt: { ...TIME, description: "When it enrolled." },
    lastSeenAt: orNull({ ...TIME, description: "Not to the minute; null: never since it enrolled." }),
    lastSeenAddress: orNull(Type.String()),
    revokedAt: orNull(TIME),
    revokedBy: orNull(Type.String({ description: "The label of who revoked it." })),
    revocationReason: orNull(Type.String()),
  },
  "Device",
);

export function deviceJson(device: Device): Static<typeof DEVICE> {
  const { createdAt, lastSeenAt, revokedAt, ...rest } = device;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
