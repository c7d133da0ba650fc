/** What keeps an account from being deleted: somebody else would be left without. */
import type { Tx } from "../../db/database.ts";
import { type Fault, Problem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { say, sayAll } from "../../say.ts";
import { ownersSince } from "../organisations.ts";
import { type AccountRow, activeAdministrators } from "../records.ts";
import { type OwnedOrganisation, ownedBy } from "./records.ts";

export type Hindrance =
  | { readonly kind: "administrator" }
  | {
      readonly kind: "owner";
      readonly organisation: { readonly id: OrganisationId; readonly name: string };
    };

/** Pure: an organisation that nobody else is in and that owns no app goes with its owner. */
function decideHindrances(isLastAdministrator: boolean, owned: readonly OwnedOrganisation[]): Hindrance[] {
  const held = owned.filter(
    ({ otherOwners, hasOthers, hasApps }) => otherOwners === 0 && (hasOthers || hasApps),
  );
  return [
    ...(isLastAdministrator ? [{ kind: "administrator" } as const] : []),
    ...held.map(({ id, name }) => ({ kind: "owner", organisation: { id, name } }) as const),
  ];
}

export function hindrancesOf(tx: Tx, row: AccountRow, now: Date): Hindrance[] {
  const isLast = row.storeRole === "administrator" && activeAdministrators(tx, row.id) === 0;
  return decideHindrances(isLast, ownedBy(tx, row.id, ownersSince(now)));
}

/** What there is to do about it. */
function hindranceDetail(hindrance: Hindrance): Fault {
  if (hindrance.kind === "administrator") {
    const message = say`This is the store's only administrator. Make another one first.`;
    return { code: "account.last_administrator", message };
  }
  const { id, name } = hindrance.organisation;
  const message = say`This is the last owner of ${name} (${id}), which has other members or apps. Make another member an owner, transfer its apps, or remove its members and apps first.`;
  return { code: "organisation.last_owner", message };
}

/** @throws Problem `account.deletion_hindered` with one detail for each */
export function refuseHindrances(hindrances: readonly Hindrance[]): void {
  if (hindrances.length === 0) return;
  const details = hindrances.map(hindranceDetail);
  const message = sayAll(details.map(({ message }) => message));
  throw new Problem("conflict", "account.deletion_hindered", message, details);
}
