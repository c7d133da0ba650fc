/** What goes on working though whoever made it may make it no more: others are told, since builds rest on it. */
import type { Tx } from "../db/database.ts";
import type { AccountId } from "../ids.ts";
import { type Before, tellOfKeysLeftBy } from "./api-keys/left-behind.ts";
import { tellOfPublishersLeftBy } from "./trusted-publishing/left-behind.ts";

/** In the transaction of the change, once it is written. @param before By which they could make it. */
export function tellOfLeftBy(tx: Tx, accountId: AccountId, before: Before, now: Date): void {
  tellOfKeysLeftBy(tx, accountId, before, now);
  tellOfPublishersLeftBy(tx, accountId, before, now);
}
