/** The shapes of trusted publishing. */
import { type Static, Type } from "@sinclair/typebox";
import { CLAIM_CHARACTERS, MOST_CLAIMS } from "../accounts/trusted-publishing/fields.ts";
import type { PublisherView, TrustedPublishing } from "../catalog/publishers.ts";
import { ISSUER_KINDS } from "../config.issuers.ts";
import { idOf, oneOf, orNull, PUBLISHER_RUN, record, TIME } from "./schemas.ts";

export const PUBLISHER_ID = idOf("pub", "a trusted publisher's");

const CLAIMS = Type.Record(Type.String(), Type.String());

export const PUBLISHER = record(
  {
    id: PUBLISHER_ID,
    issuer: Type.String({ description: "The CI server's id in the store's configuration." }),
    issuerName: orNull(
      Type.String({
        description: "null: the configuration does not have it any more, so this trusts nobody.",
      }),
    ),
    name: Type.String({ description: "In few words, for people." }),
    claims: { ...CLAIMS, description: "What the job's identity token must say." },
    pinned: orNull({
      ...CLAIMS,
      description: "The numbers behind the names, since its first use: a job with others is refused.",
    }),
    createdBy: Type.String(),
    createdAt: TIME,
    lastUsedAt: orNull(TIME),
    leftBehind: Type.Boolean({
      description:
        "Whether who chose it may choose none of the app any more, such as who has left: look whether the job is still one of yours, and remove it otherwise.",
    }),
  },
  "TrustedPublisher",
);

export const TRUSTED_PUBLISHING = record(
  {
    trustedOnly: Type.Boolean({ description: "Nobody else may upload versions of the app." }),
    audience: orNull(
      Type.String({
        description:
          "What identity tokens must name as their audience; null: the configuration does not say the store's address.",
      }),
    ),
    issuers: Type.Array(record({ id: Type.String(), name: Type.String(), kind: oneOf(...ISSUER_KINDS) }), {
      description: "The CI servers that the store trusts, for publishers to be chosen from.",
    }),
    items: Type.Array(PUBLISHER, { description: "The oldest first." }),
  },
  "TrustedPublishing",
);

export const PUBLISHER_FIELDS = record({
  issuer: Type.String({ maxLength: 32, description: "The CI server's id in the store's configuration." }),
  claims: Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 4 * CLAIM_CHARACTERS }), {
    maxProperties: 2 * MOST_CLAIMS,
    description: `What the job's identity token must say, 1 to ${MOST_CLAIMS} claims; workflow_file is the name of the file that describes the job.`,
  }),
});

export const EXCHANGED = record(
  {
    token: Type.String({ description: "For Authorization: Bearer." }),
    tokenType: oneOf("Bearer"),
    expiresIn: Type.Integer({ description: "Seconds." }),
    expiresAt: TIME,
    publisherId: PUBLISHER_ID,
    run: PUBLISHER_RUN,
  },
  "ExchangedToken",
);

export function publisherJson(view: PublisherView): Static<typeof PUBLISHER> {
  const { createdAt, lastUsedAt, claims, pinned, ...rest } = view;
  return {
    ...rest,
    claims: { ...claims },
    pinned: pinned === null ? null : { ...pinned },
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}

export function trustedPublishingJson({
  items,
  issuers,
  ...rest
}: TrustedPublishing): Static<typeof TRUSTED_PUBLISHING> {
  return { ...rest, issuers: [...issuers], items: items.map(publisherJson) };
}
