/** The apps that somebody may see in the store: what everybody may, and what is for who they are. */
import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import * as records from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import { selectShown } from "./records.ts";
import { audiencesOfActor, isShownTo } from "./viewers.ts";

export type ShownApp = {
  readonly id: AppId;
  readonly name: string;
  readonly summary: string;
  /** The organisation's name. */
  readonly publisher: string;
  readonly version: string;
  readonly versionCode: VersionCode;
  /** When this version was published. */
  readonly publishedAt: Date;
  /** Blob key of a PNG. */
  readonly iconKey: string | null;
};

/**
 * By id; each catalogue is asked for a page of its own. What is revoked as a whole is left out, so a page may be shorter than
 * it was asked for, and another may follow it.
 * @throws Problem `auth.required`, `rights.forbidden`
 */
export function visibleApps(store: Pick<Store, "db">, actor: Actor, page: PageRequest): Page<ShownApp> {
  authorise(actor, "catalog.read");
  const tx = store.db.orm;
  const wanted = { after: page.after ?? "", limit: page.limit + 1 };
  const ids = new Set(audiencesOfActor(tx, actor).flatMap((audience) => selectShown(tx, audience, wanted)));
  const sorted = [...ids].sort();
  const shown = sorted.slice(0, page.limit);
  return {
    items: records.selectAppsById(tx, shown).flatMap((app) => shownApp(tx, app) ?? []),
    nextCursor: sorted.length > page.limit ? (shown.at(-1) ?? null) : null,
  };
}

/** @throws Problem `app.not_found`, also for one that is not for them; `auth.required`, `rights.forbidden` */
export function visibleApp(store: Pick<Store, "db">, actor: Actor, id: AppId): ShownApp {
  authorise(actor, "catalog.read");
  const tx = store.db.orm;
  const app = isShownTo(tx, actor, id) ? records.findApp(tx, id) : undefined;
  const shown = app && shownApp(tx, app);
  if (shown) return shown;
  throw new Problem("not_found", "app.not_found", `There is no app ${id}, or none that you may see.`);
}

function shownApp(tx: Tx, app: records.AppRow): ShownApp | null {
  const newest = selectOffered(tx, app.id, 1)[0];
  if (newest === undefined || newest.publishedAt === null) return null;
  return {
    id: app.id,
    name: app.name,
    summary: app.summary,
    publisher: app.organisationName,
    version: newest.version,
    versionCode: newest.versionCode,
    publishedAt: newest.publishedAt,
    iconKey: records.findIconKey(tx, app),
  };
}
