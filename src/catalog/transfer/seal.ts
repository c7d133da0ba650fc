/** What was offered, sealed under the master key with the offer's id: an app goes to nobody by what a row says alone. */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../../keys/sealed-facts.ts";
import type { Vault } from "../../keys/vault.ts";
import { say } from "../../say.ts";
import { findNewestLeaf } from "../log/records.ts";
import * as records from "./records.ts";

type Offer = Pick<
  records.TransferRow,
  | "id"
  | "appId"
  | "fromOrganisationId"
  | "toOrganisationId"
  | "offeredBy"
  | "offeredWith"
  | "offeredAt"
  | "expiresAt"
>;

const sealName = ({ id }: Pick<Offer, "id">): string => `offer ${id}`;

function factsOf({ offeredAt, expiresAt, ...offer }: Offer) {
  const { appId, fromOrganisationId: from, toOrganisationId: to, offeredBy, offeredWith } = offer;
  return {
    ...{ appId, from, to, offeredBy, offeredWith },
    offeredAt: offeredAt.getTime(),
    expiresAt: expiresAt.getTime(),
  };
}

export function sealOffer(vault: Vault, offer: Offer): Buffer {
  return sealFacts(vault, sealName(offer), factsOf(offer));
}

/** @throws Problem `catalog.damaged` when the row is not the offer that was made */
export function mustBeOffered(tx: Tx, vault: Vault, row: records.TransferRow): void {
  const isMade = Bun.deepEquals(openFacts(vault, sealName(row), row.sealed), factsOf(row));
  // One that was decided once is not put back by its row and its seal of then.
  if (isMade && findNewestLeaf(tx, row.id, "ended") === null) return;
  throw new Problem(
    "unavailable",
    "catalog.damaged",
    say`The database has not got the offer ${row.id} as it was made, or as it ended: nothing is moved by it. Have it taken back and made again.`,
  );
}

/** Under another master key, those that are open. Gives how many there are. */
export function resealOffers(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.allOpenTransfers(tx),
    (row) => resealFacts(from, to, sealName(row), row.sealed),
    ({ id }, next) => records.replaceSeal(tx, id, next),
  );
}
