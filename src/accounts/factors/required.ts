/** Roles of the store that need a second factor. Who has such a role and no factor has the role in name only. */

import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { StoreRole } from "../../roles.ts";
import type { AccountRow } from "../records.ts";
import { hasFactor } from "./records.ts";

export type Roles = {
  readonly storeRole: StoreRole | null;
  /** The role that counts for nothing until the person has a second factor. */
  readonly withheldRole?: StoreRole;
};

/** The store role of an account as it counts at this moment: in sessions, and with the person's API keys alike. */
export function rolesInForce(
  config: Pick<Store["config"], "secondFactor">,
  tx: Tx,
  { id, storeRole }: Pick<AccountRow, "id" | "storeRole">,
): Roles {
  if (storeRole === null || !config.secondFactor.includes(storeRole) || hasFactor(tx, id))
    return { storeRole };
  return { storeRole: null, withheldRole: storeRole };
}
