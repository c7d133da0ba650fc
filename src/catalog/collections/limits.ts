/** How much there may be of collections. */

/** Beside `FEATURED`. */
export const MOST_COLLECTIONS = 50;
/** In one collection. */
export const MOST_APPS = 200;
/** In the one that stands first: a larger card each. */
export const MOST_FEATURED = 6;
export const COLLECTION_NAME_CHARACTERS = 50;
export const COLLECTION_DESCRIPTION_CHARACTERS = 200;
/** Rows of apps that the first page has. */
export const ROWS_ON_FRONT = 8;
/** Of each row; its page has the others. */
export const APPS_IN_ROW = 8;

/** The id of the collection of the featured apps, which every store has: it stands first, and cannot be removed. */
export const FEATURED = "featured";
/** It is part of an address. */
export const COLLECTION_ID_CHARACTERS = 50;
export const COLLECTION_ID_PATTERN = new RegExp(`^[a-z0-9-]{1,${COLLECTION_ID_CHARACTERS}}$`);

export function mostAppsOf(id: string): number {
  return id === FEATURED ? MOST_FEATURED : MOST_APPS;
}
