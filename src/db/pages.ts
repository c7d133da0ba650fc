/** Lists that are read a page at a time, by the last id of the page before. */

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** What a list call takes: the last id of the page before, and how many items at most. */
export type PageRequest = { readonly after?: string; readonly limit: number };

/** What to ask for, so that `pageOf` can tell whether there is another page: one row more than this one has. */
export function oneMore<Id extends string>({
  after,
  limit,
}: PageRequest): {
  readonly after?: Id;
  readonly limit: number;
} {
  return { ...(after === undefined ? {} : { after: after as Id }), limit: limit + 1 };
}

/** Cuts a page out of rows that were asked for with one more than the limit. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): Page<Row>;
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  view: (row: Row) => Item,
): Page<Item>;
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  view: (row: Row) => unknown = (row) => row,
): Page<unknown> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
