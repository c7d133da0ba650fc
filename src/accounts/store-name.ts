/** What the store is called, in one line. */
import type { Store } from "../context.ts";
import { ownLanguageOf } from "../languages.ts";
import { LocalName } from "../say.ts";
import { readSetting } from "./settings.records.ts";

/** Under this name it is kept. */
export const STORE_NAME = "store.name";
/** Under this, what the store looks like, with what it is called in which language. */
export const STORE_APPEARANCE = "store.appearance";
export const STORE_NAME_MOST_CHARACTERS = 60;
const DEFAULT_STORE_NAME = "Mosis";

/** By the tags of languages (BCP 47). */
type Names = Readonly<Record<string, string>>;

/** How the store calls itself where no language is known. */
export function storeName(store: Pick<Store, "db">): string {
  const value = readSetting(store.db.orm, STORE_NAME);
  return typeof value === "string" ? value : DEFAULT_STORE_NAME;
}

/** The same for a sentence: in the language of who reads it, where the store has a name in that. */
export function localStoreName(store: Pick<Store, "db">): LocalName {
  const name = storeName(store);
  const looks = readSetting(store.db.orm, STORE_APPEARANCE) as { readonly names?: Names } | undefined;
  const names = looks?.names ?? {};
  return new LocalName((locale) => nameIn({ name, names }, locale));
}

/** As it is in a reader's language. Pure. */
export function nameIn(
  { name, names }: { readonly name: string; readonly names: Names },
  locale: string,
): string {
  const tag = ownLanguageOf(Object.keys(names), locale);
  return (tag === undefined ? undefined : names[tag]) ?? name;
}

/** Whether anybody ever said what it is called. */
export function isNamed(store: Pick<Store, "db">): boolean {
  return readSetting(store.db.orm, STORE_NAME) !== undefined;
}
