/** The shape of a published app that is being deleted. */
import { type Static, Type } from "@sinclair/typebox";
import type { DeletionView } from "../catalog/deletion/view.ts";
import { APP_ID, ORGANISATION_ID, REVISION, record, TIME } from "./schemas.ts";

export const DELETION = record(
  {
    appId: APP_ID,
    appName: Type.String(),
    organisationId: ORGANISATION_ID,
    organisationName: Type.String(),
    reason: Type.String({ description: "Why, in one line." }),
    askedBy: Type.String({ description: "Who asked for it." }),
    askedAt: TIME,
    endsAt: { ...TIME, description: "Until then it can be taken back; then the app is gone for good." },
    revision: REVISION,
  },
  "AppDeletion",
);

export function deletionJson({ askedAt, endsAt, ...rest }: DeletionView): Static<typeof DELETION> {
  return { ...rest, askedAt: askedAt.toISOString(), endsAt: endsAt.toISOString() };
}
