/** What the store is called, in one line. */
import type { Store } from "../context.ts";
import { readSetting } from "./settings.records.ts";

/** Under this name it is kept. */
export const STORE_NAME = "store.name";
export const STORE_NAME_MOST_CHARACTERS = 60;
const DEFAULT_STORE_NAME = "Mosis";

/** How the store calls itself. */
export function storeName(store: Pick<Store, "db">): string {
  const value = readSetting(store.db.orm, STORE_NAME);
  return typeof value === "string" ? value : DEFAULT_STORE_NAME;
}
