/** Which of the store's own keys it could not sign with now: told at a start and on the page of keys, before one is needed. */
import { isProblem } from "../errors.ts";
import { listSigningKeys } from "./records.ts";
import { isHeldHere, type KeyStore, openKeyRow } from "./signing-keys.ts";

export type UnusableKey = {
  readonly name: string;
  /** The command that the configuration lacks. */
  readonly command: string | null;
  readonly code: "keys.unsealable" | "keys.command_unknown";
  readonly detail: string;
};

/**
 * Keys that are sealed with another master key, or whose command is not in the configuration. Whether a command that
 * is there signs is known when it has to.
 */
export function unusableKeys(store: KeyStore): readonly UnusableKey[] {
  return listSigningKeys(store.db.orm)
    .filter(isHeldHere)
    .flatMap((row) => {
      try {
        openKeyRow(store, row);
        return [];
      } catch (error) {
        if (!isProblem(error)) throw error;
        if (error.code !== "keys.unsealable" && error.code !== "keys.command_unknown") throw error;
        return [{ name: row.name, command: row.command, code: error.code, detail: error.message }];
      }
    });
}
