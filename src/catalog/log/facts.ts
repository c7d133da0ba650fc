import type { LogEntry } from "../../format/log/entries.ts";
import { digitsText } from "../../signing/keys.ts";

/** What an entry says, name by name, for people; what is null is left out. */
export function factsOf(entry: LogEntry): { readonly name: string; readonly value: string }[] {
  const { type, ...fields } = entry;
  return Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [{ name: shownName(type, name), value: digitsText(String(value)) }],
  );
}

/** Leaves are never changed, and those of the store's keys have the key's name as `role`, which reads as if it signed one. */
function shownName(type: LogEntry["type"], name: string): string {
  return type === "store-key" && name === "role" ? "name" : name;
}
