/** Which colours pages are shown in: the store's own, and those that somebody who may change it looks at before it is. */
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import { keepNewest } from "../../newest.ts";
import { looksOf } from "./appearance.ts";

/** So many looks may be tried at once; the stylesheet of one is asked for right after its page. */
const MOST_PREVIEWED = 16;

const previewed = perDb(() => new Map<string, true>());

/** That the next page is shown in it, without its being the store's. @param color `#rrggbb` */
export function previewColour(store: Pick<Store, "db">, color: string): void {
  keepNewest(previewed(store), color, true, MOST_PREVIEWED);
}

/** @param color `#rrggbb` */
export function isShownColour(store: Store, color: string): boolean {
  return looksOf(store).accent === color || previewed(store).has(color);
}
