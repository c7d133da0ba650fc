/** The shapes of apps that are offered to other organisations. */
import { type Static, Type } from "@sinclair/typebox";
import { OFFER_REASON_CHARACTERS } from "../catalog/transfer/offer.ts";
import type { TransferDetails, TransferView } from "../catalog/transfer/view.ts";
import { APP_ID, idOf, ORGANISATION_ID, oneOf, orNull, record, TIME } from "./schemas.ts";

export const TRANSFER_ID = idOf("trf", "an offer's");

const SIDE = { id: ORGANISATION_ID, name: Type.String() };

const FIELDS = {
  id: TRANSFER_ID,
  appId: APP_ID,
  appName: orNull(
    Type.String({
      description: "null: the app is gone, or the offer is over and the app another organisation's.",
    }),
  ),
  side: oneOf("from", "to"),
  from: record(SIDE),
  to: {
    ...orNull(record(SIDE)),
    description: "null for the side that gives until it was accepted, whoever it is.",
  },
  named: Type.String({ description: "How the side that gives named the other: an id or a name." }),
  reason: Type.String({ description: "What was said of it; may be empty." }),
  state: oneOf("open", "accepted", "declined", "withdrawn", "fallen", "expired"),
  offeredBy: Type.String(),
  offeredAt: TIME,
  expiresAt: TIME,
  decidedBy: orNull(Type.String()),
  decidedAt: orNull(TIME),
};

export const TRANSFER = record(FIELDS, "Transfer");

export const TRANSFER_DETAILS = record(
  {
    ...FIELDS,
    version: orNull(
      Type.String({
        description: "What devices are offered of the app now; null for nothing, and where appName is null.",
      }),
    ),
    signing: {
      ...orNull(oneOf("ready", "missing", "any")),
      description:
        "Whether a key of the side that gets it is in the app's lineage, so that it can sign updates; any: the app has no lineage yet. null for the side that gives until it was accepted.",
    },
  },
  "TransferDetails",
);

export const NEW_TRANSFER = record({
  to: Type.String({ maxLength: 800, description: "The organisation's id, or its exact name." }),
  reason: Type.Optional(
    Type.String({
      maxLength: 4 * OFFER_REASON_CHARACTERS,
      description: `For its owners to read; at most ${OFFER_REASON_CHARACTERS} characters.`,
    }),
  ),
});

export function transferJson(view: TransferView): Static<typeof TRANSFER> {
  const { offeredAt, expiresAt, decidedAt, ...rest } = view;
  return {
    ...rest,
    offeredAt: offeredAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

export function transferDetailsJson(view: TransferDetails): Static<typeof TRANSFER_DETAILS> {
  const { version, signing } = view;
  return { ...transferJson(view), version, signing };
}
