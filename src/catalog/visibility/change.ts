/**
 * Changing who may see an app: looked at first, then done. In the signed catalogues it is one revision, in one transaction
 * with the rows, so that a kill leaves the app with those who saw it before, or with those who do now.
 */
import { type Actor, actorLabel, auditAuthor } from "../../accounts/actor.ts";
import { notifyMembers } from "../../accounts/notifications/spread.ts";
import { stillActing } from "../../accounts/still.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { type AppId, EVERYBODY, type GroupId } from "../../ids.ts";
import { say } from "../../say.ts";
import { canonicalize } from "../../signing/json.ts";
import { findAppFor } from "../apps.ts";
import * as records from "../records.ts";
import { sha256 } from "../tuf/metadata.ts";
import type { TrustStore } from "../tuf/revise.ts";
import { inTurn } from "../tuf/turn.ts";
import { audiencesFor, type Visibility, type VisibilityInput, visibilityOf } from "./audiences.ts";
import { changeFacts } from "./facts.ts";
import {
  groupsFor,
  groupsOf,
  type NamedGroup,
  type SizedGroup,
  sizedGroups,
  type ToldGroups,
  toldGroups,
  wantedVisibility,
} from "./groups.ts";
import { moveApp, moveRows } from "./move.ts";
import { current } from "./plan.ts";
import { audiencesOf, selectAppAudiences } from "./records.ts";
import { endSealedAudiences, sealAudiences } from "./sealed-audiences.ts";
import { isUntold, mendAudiences } from "./signed-audiences.ts";

/** As it is told to who asks: see `groups.ts`. */
export type VisibilityView = ToldGroups<NamedGroup> & {
  readonly appId: AppId;
  readonly visibility: Visibility["visibility"];
  /** Whether anybody can see anything of it yet. */
  readonly published: boolean;
  /** Since when it has been in the public catalogue; null: it is not. */
  readonly publicSince: Date | null;
  /** Until when it was; null: it is, or never was. What everybody could see then stays in the log. */
  readonly publicUntil: Date | null;
};

export type VisibilityPreview = {
  readonly before: VisibilityView;
  readonly after: ToldGroups<SizedGroup> & { readonly visibility: Visibility["visibility"] };
  /** False when it is so already. */
  readonly changes: boolean;
  /** Groups that will see it and do not now, and the other way round. */
  readonly joining: readonly SizedGroup[];
  readonly leaving: readonly SizedGroup[];
  /** How many more there are that will not see it any more and that are not named to who asks. */
  readonly leavingUnnamed: number;
  /** How many published versions are concerned. */
  readonly versions: number;
  /** To be given with the act. */
  readonly scope: string;
};

/** @throws Problem `app.not_found` */
export function readVisibility(store: Pick<Store, "db">, actor: Actor, id: AppId): VisibilityView {
  const tx = store.db.orm;
  return viewOf(tx, actor, findAppFor(tx, actor, "app.read", id));
}

function viewOf(tx: Tx, actor: Actor, app: records.AppRow): VisibilityView {
  const rows = selectAppAudiences(tx, app.id);
  const visibility = visibilityOf(current(rows));
  const everybody = rows.find(({ audience }) => audience === EVERYBODY);
  return {
    appId: app.id,
    visibility: visibility.visibility,
    ...toldGroups(tx, actor, groupsOf(visibility)),
    published: app.publishedAt !== null,
    publicSince: app.publicAt,
    publicUntil: app.publicAt === null ? (everybody?.leftAt ?? null) : null,
  };
}

/** The groups that they may choose for the app, by name. @throws Problem `app.not_found`, `rights.forbidden` */
export function groupsToChoose(store: Pick<Store, "db">, actor: Actor, id: AppId): readonly NamedGroup[] {
  const tx = store.db.orm;
  findAppFor(tx, actor, "app.visibility", id);
  return groupsFor(tx, actor);
}

/**
 * What a change would be.
 * @throws Problem `app.not_found`, `app.visibility_invalid`, `rights.forbidden`
 */
export function previewVisibility(
  store: Pick<Store, "db">,
  actor: Actor,
  id: AppId,
  input: VisibilityInput,
): VisibilityPreview {
  const tx = store.db.orm;
  const app = findAppFor(tx, actor, "app.visibility", id);
  const before = visibilityOf(audiencesOf(tx, id));
  const wanted = wantedVisibility(tx, actor, input, before);
  const [had, has] = [groupsOf(before), groupsOf(wanted)];
  const sized = (groups: readonly GroupId[]) => sizedGroups(tx, actor, groups);
  const leaving = sized(had.filter((group) => !has.includes(group)));
  return {
    before: viewOf(tx, actor, app),
    after: { visibility: wanted.visibility, ...sized(has) },
    changes: !isSame(before, wanted),
    joining: sized(has.filter((group) => !had.includes(group))).groups,
    leaving: leaving.groups,
    leavingUnnamed: leaving.unnamedGroups,
    versions: records.countPublished(tx, id),
    scope: scopeOf(tx, actor, app, [before, wanted]),
  };
}

const isSame = (one: Visibility, other: Visibility): boolean =>
  audiencesFor(one).join() === audiencesFor(other).join();

/**
 * Stands for what was shown: the app as it was then, and both visibilities as who asks is told of them. The app's revision
 * holds the rest: of a group that is not named to them, the scope tells nothing that they could compare.
 */
function scopeOf(
  tx: Tx,
  actor: Actor,
  app: records.AppRow,
  [before, after]: readonly [Visibility, Visibility],
): string {
  const told = (visibility: Visibility) => {
    const { groups, unnamedGroups } = toldGroups(tx, actor, groupsOf(visibility));
    return [visibility.visibility, String(unnamedGroups), ...groups.map(({ id }) => id).sort()];
  };
  const facts = {
    appId: app.id,
    after: told(after),
    before: told(before),
    isPublished: app.publishedAt !== null,
    revision: app.revision,
  };
  return sha256(canonicalize(facts));
}

/**
 * Devices and people follow with their next refresh or request. What everybody could see before stays in the log.
 *
 * @param scope That of the preview: nothing happens unless the app is still what was shown.
 * @throws Problem `app.not_found`, `app.visibility_invalid`, `app.scope_required`, `app.scope_changed`, `rights.forbidden`,
 *   `catalog.busy`, `catalog.damaged`, `revocation.list_full`
 */
export async function changeVisibility(
  store: TrustStore,
  actor: Actor,
  id: AppId,
  input: VisibilityInput,
  scope: string | undefined,
): Promise<VisibilityView> {
  const { orm } = store.db;
  findAppFor(orm, actor, "app.visibility", id);
  wantedVisibility(orm, actor, input, visibilityOf(audiencesOf(orm, id)));
  if (scope === undefined) throw scopeRequired();
  await inTurn(store.db, () => enact(store, actor, id, { input, scope }), "act");
  return viewOf(orm, actor, findAppFor(orm, actor, "app.visibility", id));
}

type Asked = { readonly input: VisibilityInput; readonly scope: string };

async function enact(store: TrustStore, actor: Actor, id: AppId, { input, scope }: Asked): Promise<void> {
  const { orm } = store.db;
  /** Asked again wherever it is acted upon. */
  const look = (tx: Tx) => {
    const by = stillActing(store, tx, actor);
    const app = findAppFor(tx, by, "app.visibility", id);
    const before = visibilityOf(audiencesOf(tx, id));
    const wanted = wantedVisibility(tx, by, input, before);
    if (scopeOf(tx, by, app, [before, wanted]) !== scope) throw scopeChanged();
    return { app, before, wanted };
  };
  mendAudiences(store, id);
  const { app, before, wanted } = look(orm);
  // Where nothing tells it any more, that it is as the rows have it has to be said too.
  if (isSame(before, wanted) && !isUntold(store, id)) return;
  const after = audiencesFor(wanted);
  if (app.publishedAt === null) {
    write(store.db, (tx) => {
      if (look(tx).app.publishedAt !== null) throw scopeChanged();
      const now = store.clock.now();
      moveRows(tx, app, after, now);
      tell(tx, actor, { app, before, wanted, now });
      endSealedAudiences(tx, store.vault, id, now);
      sealAudiences(tx, store.vault, id);
    });
    return;
  }
  await moveApp(store, {
    id,
    wanted: after,
    look: (tx) => look(tx).app,
    save: (tx, present, now) => tell(tx, actor, { app: present, before, wanted, now }),
    overtaken: scopeChanged,
  });
}

type Change = {
  readonly app: records.AppRow;
  readonly before: Visibility;
  readonly wanted: Visibility;
  readonly now: Date;
};

function tell(tx: Tx, actor: Actor, { app, before, wanted, now }: Change): void {
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: "app.visibility_changed",
      subject: { type: "app", id: app.id },
      organisationId: app.organisationId,
      ...changeFacts(tx, before, wanted),
    },
    now,
  );
  const about = { organisationId: app.organisationId, appId: app.id };
  const event = { kind: "app.visibility", ...about, path: `/apps/${app.id}/visibility` } as const;
  notifyMembers(tx, event, actorLabel(actor), now);
}

function scopeRequired(): Problem {
  return new Problem(
    "precondition_required",
    "app.scope_required",
    say`Look first at what this changes: the preview gives a scope, and the act takes that scope.`,
  );
}

function scopeChanged(): Problem {
  return new Problem(
    "conflict",
    "app.scope_changed",
    say`This is not what was shown: the app was changed or something of it published in between, or the act is another one. Look at what it changes again.`,
  );
}
