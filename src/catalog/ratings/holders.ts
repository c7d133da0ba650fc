/**
 * Who has an app, as far as the store sees it: a person who downloaded its package while they were signed in or with a key of theirs, and a
 * device that fetched it with its access token. Files that everybody may read are read by nobody in particular: of those nothing is
 * kept. One row for each app and whoever has it; none while there are no ratings, which it is for.
 */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { unwatched } from "../../db/watch.ts";
import { describeError } from "../../errors.ts";
import { releaseFileOf } from "../release-keys.ts";
import * as records from "./records.ts";

/** Whom a rating is of, when it is theirs; null: of nobody who could have one. */
export function raterOf(actor: Actor): records.Rater | null {
  if (actor.kind === "account") return { accountId: actor.accountId };
  return actor.kind === "device" ? { deviceId: actor.deviceId } : null;
}

/** Somebody is sent the file under this key, or the end of it with half of it at least. Costs two reads, and a write the first time of each version. */
export function noteHolder(
  store: Pick<Store, "db" | "clock" | "config" | "log">,
  actor: Actor,
  key: string,
): void {
  const rater = raterOf(actor);
  const file = releaseFileOf(key);
  if (!store.config.ratings || rater === null || file === null) return;
  const { orm } = store.db;
  const release =
    file.folder === "deltas"
      ? records.versionOfContainer(orm, file.sha256)
      : records.versionOfPackage(orm, file.sha256);
  if (release === undefined) return;
  if (records.findHolder(orm, rater, release.appId)?.versionCode === release.versionCode) return;
  try {
    unwatched(() => write(store.db, (tx) => records.saveHolder(tx, rater, release, store.clock.now())));
  } catch (error) {
    // A note, not the request's purpose: a full disk must keep nobody from an app.
    store.log.warn("app.holder_not_noted", { error: describeError(error) });
  }
}
