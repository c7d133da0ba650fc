/** The apps that are for a group: what its people and devices see, and what keeps it from being deleted. */
import type { Actor } from "../../accounts/actor.ts";
import { mustFindGroup } from "../../accounts/groups/groups.ts";
import { authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { GroupId } from "../../ids.ts";
import { audienceOf } from "./audiences.ts";
import { type AppFor, selectAppsFor } from "./records.ts";

/** By their ids, also those that are not published yet. @throws Problem `group.not_found`, `rights.forbidden` */
export function pageAppsOfGroup(
  store: Store,
  actor: Actor,
  groupId: GroupId,
  page: PageRequest,
): Page<AppFor> {
  authorise(actor, "group.read");
  authorise(actor, "app.read");
  const tx = store.db.orm;
  mustFindGroup(tx, groupId);
  const rows = selectAppsFor(tx, audienceOf(groupId), { after: page.after ?? "", limit: page.limit + 1 });
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => row,
  );
}
