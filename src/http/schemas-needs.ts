/** The shape of what waits for somebody. */
import { Type } from "@sinclair/typebox";
import { oneOf, orNull, record, TIME } from "./schemas.ts";

export const NEED = record(
  {
    kind: {
      ...oneOf(
        "audit_damaged",
        "catalogue_damaged",
        "mail_failing",
        "release_key_revoked",
        "root_backup",
        "store_key_ending",
        "store_key_expired",
        "store_key_overlong",
        "sign_up_crowded",
        "app_deletion",
        "devices_unseen",
        "signing_key_ending",
        "api_key_ending",
        "review_waiting",
        "reports_waiting",
        "organisation_requests_waiting",
        "transfer_offered",
        "version_failed",
        "version_rejected",
        "version_draft",
        "version_held",
      ),
      description:
        "What it is: root_backup is that nobody said that the keys of the store's root are backed up, transfer_offered an app that waits for an answer, version_failed has findings to fix, version_rejected an answer from review, version_draft can be submitted, and version_held can be published. More may be added.",
    },
    what: orNull(
      Type.String({
        description:
          "What it is about: an app's name and version or its name alone, a key's name or the first digits of its fingerprint, the code with which the mail server refuses.",
      }),
    ),
    count: orNull(Type.Integer({ minimum: 0, description: "How many wait, or are concerned." })),
    at: orNull({ ...TIME, description: "Since when; of what ends, when it does." }),
    path: Type.String({ description: "The page of the store where something can be done about it." }),
  },
  "Need",
);
