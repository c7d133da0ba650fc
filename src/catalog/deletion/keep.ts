/** Taking back that a published app is deleted: it stands as it did before. */
import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { groupById } from "../../accounts/groups/records.ts";
import { tellOwnersAndAdministrators } from "../../accounts/messages/outbox.ts";
import { stillActing } from "../../accounts/still.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import { type IfMatch, ifUnchanged } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { type AppId, EVERYBODY, isId } from "../../ids.ts";
import { say } from "../../say.ts";
import { appView, findAppFor } from "../apps.ts";
import * as catalog from "../records.ts";
import type { TrustStore } from "../tuf/revise.ts";
import { inTurn } from "../tuf/turn.ts";
import type { AppView } from "../views.ts";
import { moveApp } from "../visibility/move.ts";
import { mendAudiences } from "../visibility/signed-audiences.ts";
import { whoIn } from "../yank/yank.ts";
import { overtaken } from "./being-deleted.ts";
import { keptNotice } from "./notices.ts";
import * as records from "./records.ts";
import { sealedBefore, turnLeaf } from "./seal.ts";
import { notBeingDeleted } from "./view.ts";

/**
 * @throws Problem `app.not_found`, `app.not_being_deleted`, `app.busy`, `precondition.failed`, `rights.forbidden`, `catalog.busy`,
 *   `catalog.damaged`
 */
export async function keepApp(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  ifMatch?: IfMatch,
): Promise<AppView> {
  const { orm } = store.db;
  findAppFor(orm, actor, "app.keep", id);
  await inTurn(store.db, () => enact(store, actor, id, ifMatch), "act");
  return appView(orm, findAppFor(orm, actor, "app.read", id));
}

async function enact(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  ifMatch: IfMatch | undefined,
): Promise<void> {
  /** Asked again wherever it is acted upon. */
  const look = (tx: Tx) => {
    const app = findAppFor(tx, stillActing(store, tx, actor), "app.keep", id);
    const row = records.findDeletion(tx, id);
    if (row === undefined) throw notBeingDeleted(id);
    ifUnchanged(app.revision, ifMatch);
    return { app, row };
  };
  mendAudiences(store, id);
  const { orm } = store.db;
  const { row } = look(orm);
  const before = sealedBefore(orm, store.vault, row);
  // A group is not deleted as long as an app comes back to it.
  if (before === null || before.some((audience) => isId("grp", audience) && !groupById(orm, audience)))
    throw damaged(id);
  await moveApp(store, {
    id,
    wanted: before,
    look: (tx) => look(tx).app,
    overtaken: () => overtaken(id),
    save: (tx, app, now) => {
      turnLeaf(tx, store.vault, id, now);
      const publicAt = before.includes(EVERYBODY) ? (row.publicAt ?? now) : null;
      catalog.updateApp(tx, id, { deletionAt: null, publicAt }, now);
      records.deleteDeletion(tx, id);
      const change = { action: "app.deletion_taken_back", subject: { type: "app", id } } as const;
      const { organisationId } = app;
      const told = { deletionAt: row.endsAt.toISOString() };
      recordChange(tx, auditAuthor(actor), { ...change, organisationId, before: told }, now);
      tellOwnersAndAdministrators(tx, organisationId, keptNotice({ app, by: whoIn(app, actor) }), now, actor);
    },
  });
}

function damaged(id: AppId): Problem {
  return new Problem(
    "unavailable",
    "catalog.damaged",
    say`The database has not got it as it was sealed who might see ${id} before: somebody changed it. Restore a backup.`,
  );
}
