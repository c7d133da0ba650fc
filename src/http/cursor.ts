/** Cursors of lists: opaque outside, the last item's id inside, bound to the list that gave them. */
import { createHash } from "node:crypto";
import { parsePlace } from "../catalog/sorting/orders.ts";
import type { Page, PageRequest } from "../db/pages.ts";
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import type { PageQuery } from "./schemas.ts";

/** base64url of `<list>:<id>`. */
export function encodeCursor(list: string, after: string): string {
  return Buffer.from(`${list}:${after}`, "utf8").toString("base64url");
}

/** A list as it was narrowed: its cursors go on in the same part of it, and in no other. @param by undefined and "" narrow nothing */
export function narrowedList(list: string, by: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(by).filter(([, value]) => value !== undefined && value !== "");
  if (given.length === 0) return list;
  const digest = createHash("sha256").update(JSON.stringify(given.sort())).digest("hex");
  return `${list}-${digest.slice(0, 16)}`;
}

/** @throws Problem `cursor.invalid` */
export function decodeCursor(list: string, cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const after = text.startsWith(`${list}:`) ? text.slice(list.length + 1) : "";
  // Encoded again it must be the same: base64url has several spellings of one text.
  if (!/^[a-z0-9.-]{1,160}$/.test(after) || encodeCursor(list, after) !== cursor) {
    throw invalidCursor();
  }
  return after;
}

export function invalidCursor(): Problem {
  return new Problem(
    "invalid",
    "cursor.invalid",
    say`This cursor is not one that the list gave: start from the beginning.`,
    [{ code: "cursor.invalid", message: say`not a cursor of this list`, pointer: "?cursor" }],
  );
}

/** For lists that are gone through by numbers. @throws Problem `cursor.invalid` */
export function positionOf(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw invalidCursor();
}

/** The same, of the page that is asked for. @throws Problem `cursor.invalid` */
export function numbered(page: PageRequest): PageRequest {
  if (page.after !== undefined) positionOf(page.after);
  return page;
}

/** The same, of a list of the store in an order of its own. @throws Problem `cursor.invalid` */
export function placed(page: PageRequest): PageRequest {
  if (page.after !== undefined && parsePlace(page.after) === undefined) throw invalidCursor();
  return page;
}

/** What list functions take, from the query. @throws Problem `cursor.invalid` */
export function pageRequest(list: string, query: PageQuery): PageRequest {
  return {
    limit: query.limit,
    ...(query.cursor === undefined ? {} : { after: decodeCursor(list, query.cursor) }),
  };
}

/** The domain's page as the API gives it. */
export function pageAnswer<T, U>(list: string, page: Page<T>, view: (item: T) => U): Page<U> {
  return {
    items: page.items.map(view),
    nextCursor: page.nextCursor === null ? null : encodeCursor(list, page.nextCursor),
  };
}

/** Asks the domain for the page that the query wants, and gives it as the API does. @throws Problem `cursor.invalid` */
export function pageFor<T>(list: string, query: PageQuery, read: (page: PageRequest) => Page<T>): Page<T>;
export function pageFor<T, U>(
  list: string,
  query: PageQuery,
  read: (page: PageRequest) => Page<T>,
  view: (item: T) => U,
): Page<U>;
export function pageFor<T>(
  list: string,
  query: PageQuery,
  read: (page: PageRequest) => Page<T>,
  view: (item: T) => unknown = (item) => item,
): Page<unknown> {
  return pageAnswer(list, read(pageRequest(list, query)), view);
}
