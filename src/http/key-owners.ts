/** Whose API keys there are, each with what the routes of the API and of the pages say of them. */
import { type TObject, Type } from "@sinclair/typebox";
import type { KeyOwner } from "../accounts/api-keys/records.ts";
import { personOf } from "../accounts/rights.ts";
import type { OrganisationId } from "../ids.ts";
import type { CallBase } from "./route.ts";
import { ORGANISATION_ID } from "./schemas.ts";

export type KeySide = {
  readonly params: TObject;
  readonly whose: string;
  readonly read: "apikey.read" | "self.keys";
  readonly manage: "apikey.manage" | "self.keys";
  readonly owner: (call: CallBase & { readonly params: object }) => KeyOwner;
};

export const KEYS_OF_ORGANISATION: KeySide = {
  params: Type.Object({ organisationId: ORGANISATION_ID }),
  whose: "an organisation’s",
  read: "apikey.read",
  manage: "apikey.manage",
  owner: ({ params }) => ({
    organisationId: ("organisationId" in params ? params.organisationId : "") as OrganisationId,
  }),
};

export const KEYS_OF_PERSON: KeySide = {
  params: Type.Object({}),
  whose: "one’s own",
  read: "self.keys",
  manage: "self.keys",
  owner: ({ actor }) => ({ accountId: personOf(actor).accountId }),
};
