/**
 * The configuration of a running store: what its start said, with what was set on the page laid over it. One process has the
 * database at a time (`boot/lock.ts`), so what it has read holds until it changes it itself.
 */

import type { Clock } from "../../clock.ts";
import { overlaid } from "../../config.page.ts";
import type { Config } from "../../config.ts";
import type { Store } from "../../context.ts";
import { type Db, write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import type { Log } from "../../log.ts";
import { keepZone, keptZone, readSettingsUnder } from "../settings.records.ts";

/** Before the names of the settings that are kept because somebody set them on the page. */
export const ON_PAGE = "page.";

type Live = { readonly start: Config; readonly clock: Clock; now: Config };
const LIVE = new WeakMap<Db, Live>();

/**
 * Gives what counts, each time it is asked. What the page said and this version cannot use is told in the log and on the page
 * of settings; the store starts without it.
 */
export function liveConfig(db: Db, start: Config, clock: Clock, log: Log): () => Config {
  const live: Live = { start, clock, now: read(db, start) };
  LIVE.set(db, live);
  for (const [key, { fault }] of live.now.onPage)
    if (fault !== null) log.warn("settings.unusable", { setting: key, detail: String(fault) });
  followZone(db, live);
  return () => live.now;
}

/** After a change on the page was committed. */
export function takeUp({ db }: Pick<Store, "db">): void {
  const live = LIVE.get(db);
  if (live === undefined) return;
  live.now = read(db, live.start);
  followZone(db, live);
}

/** Kept where letters are written. What was changed about the setting is told by who changed it. */
function followZone(db: Db, { now, clock }: Live): void {
  const { timeZone } = now;
  if (keptZone(db.orm) === timeZone) return;
  write(db, (tx) => {
    keepZone(tx, timeZone, clock.now());
    asideRow();
  });
}

const read = (db: Db, start: Config): Config => overlaid(start, readSettingsUnder(db.orm, ON_PAGE));
