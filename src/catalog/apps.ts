/** Apps: create, list, read, change, and delete while nothing of them was published. */
import { createHash } from "node:crypto";
import { type Actor, actorLabel, auditAuthor } from "../accounts/actor.ts";
import { forgetAppInRoles } from "../accounts/narrowed-roles.ts";
import { organisationNotFound } from "../accounts/organisations.ts";
import { authorise } from "../accounts/rights.ts";
import type { AuditChange } from "../audit/entry.ts";
import { differing } from "../audit/facts.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../db/idempotency.ts";
import { type IfMatch, ifUnchanged } from "../db/preconditions.ts";
import { Problem } from "../errors.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";
import type { Vault } from "../keys/vault.ts";
import { say } from "../say.ts";
import { checkAppId, checkName, checkSummary } from "./app-fields.ts";
import { keepIdKeys, refuseAlike } from "./app-ids/check.ts";
import { refuseWhileDeleting } from "./deletion/being-deleted.ts";
import { idTaken } from "./id-taken.ts";
import { selectIconKeys } from "./listed.records.ts";
import * as records from "./records.ts";
import { hasCheckedAfter } from "./texts.records.ts";
import { shardOf } from "./tuf/app-index.ts";
import { listedVersions } from "./version-views.ts";
import type { AppView } from "./views.ts";
import { audiencesFor, TO_EVERYONE, type VisibilityInput } from "./visibility/audiences.ts";
import { newFacts } from "./visibility/facts.ts";
import { wantedVisibility } from "./visibility/groups.ts";
import { selectOfferedFirst } from "./visibility/offered-first.records.ts";
import { addAppAudiences } from "./visibility/records.ts";
import { endSealedAudiences, sealAudiences } from "./visibility/sealed-audiences.ts";

export type NewApp = {
  readonly id: string;
  readonly name: string;
  readonly summary?: string;
  /** May be left out by whoever belongs to one organisation only. */
  readonly organisationId?: OrganisationId;
  /** Who may see it once something of it is published; everyone when it is left out. */
  readonly visibility?: VisibilityInput;
  /** That it is meant although people may take its id for that of another's app. */
  readonly confirmAlike?: boolean;
};

export type MoreOfNew = {
  /** What it is made of, which a repeated call has to say again, in an order that does not change; undefined: of nothing more. */
  readonly said?: unknown;
  readonly write: (tx: Tx, id: AppId, now: Date) => void;
};

/**
 * Takes an id for an organisation.
 * @param more What else is written of it, in the same write: what it throws leaves no app.
 * @throws Problem `app.id_invalid`, `app.id_taken`, `app.id_alike`, `app.name_invalid`, `app.summary_invalid`,
 *   `app.visibility_invalid`, `organisation.required`, `rights.forbidden`
 */
export function createApp(
  store: Store,
  actor: Actor,
  input: NewApp,
  idempotency?: Idempotency,
  more?: MoreOfNew,
): AppView {
  const organisationId = actingOrganisation(actor, input.organisationId);
  authorise(actor, "app.create", { organisationId }, organisationNotFound);
  const body = createHash("sha256")
    .update(JSON.stringify(more?.said === undefined ? input : [input, more.said]))
    .digest("hex");
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const earlier = findIdempotent(tx, idempotency, body);
    if (earlier !== null) {
      const app = records.findApp(tx, earlier.resourceId as AppId);
      // An id that became free may be another app's by now, and what was handed over is for others to see.
      const isIt =
        app?.createdAt.getTime() === earlier.at.getTime() &&
        app.organisationId === organisationId &&
        app.removedAt === null;
      if (!isIt) throw idempotentResourceGone();
      return appView(tx, app);
    }
    const id = insertNewApp(tx, store.vault, { ...input, organisationId, actor, now });
    more?.write(tx, id, now);
    // Last: what is wrong with it otherwise has to be mended in any case.
    if (input.confirmAlike !== true) refuseAlike(tx, actor, id);
    rememberIdempotent(tx, idempotency, body, id, now);
    return appView(tx, mustFind(tx, id));
  });
}

/** The rules of `createApp` inside of another's transaction: an upload may make its app. */
export function insertNewApp(
  tx: Tx,
  vault: Vault,
  input: NewApp & { organisationId: OrganisationId; actor: Actor; now: Date },
): AppId {
  const id = checkAppId(input.id);
  const other = records.findApp(tx, id);
  if (other) throw idTaken(input.actor, other);
  if (records.findOrganisationName(tx, input.organisationId) === undefined) {
    throw organisationNotFound();
  }
  const { organisationId } = input;
  const name = checkName(input.name);
  const summary = checkSummary(input.summary ?? "");
  records.insertApp(tx, {
    id,
    organisationId,
    name,
    summary,
    createdBy: actorLabel(input.actor),
    createdAt: input.now,
    updatedAt: input.now,
    catalogueShard: shardOf(id),
    revision: 1,
  });
  keepIdKeys(tx, id);
  const visibility = wantedVisibility(tx, input.actor, input.visibility ?? TO_EVERYONE, TO_EVERYONE);
  addAppAudiences(tx, { id, shard: shardOf(id) }, audiencesFor(visibility), input.now);
  sealAudiences(tx, vault, id);
  const after = { name, summary, ...newFacts(tx, visibility) };
  tell(tx, input.actor, { action: "app.created", id, organisationId, after }, input.now);
  return id;
}

/** @throws Problem `app.not_found` */
export function readApp(store: Store, actor: Actor, id: AppId): AppView {
  return appView(store.db.orm, findAppFor(store.db.orm, actor, "app.read", id));
}

/**
 * Until a package whose checks passed says what the app is called.
 * @throws Problem `app.not_found`, `app.text_from_package`, `precondition.failed`, `app.name_invalid`, `app.summary_invalid`
 */
export function changeApp(
  store: Store,
  actor: Actor,
  id: AppId,
  change: { name?: string; summary?: string },
  ifMatch?: IfMatch,
): AppView {
  return write(store.db, (tx) => {
    const row = findAppFor(tx, actor, "app.change", id);
    ifUnchanged(row.revision, ifMatch);
    const { name = row.name, summary = row.summary } = change;
    // What says nothing new is no change: nobody has to look again because of it.
    if (name === row.name && summary === row.summary) return appView(tx, row);
    if (row.publishedAt !== null || hasCheckedAfter(tx, id, "")) {
      throw new Problem(
        "conflict",
        "app.text_from_package",
        say`The packages of ${id} say its name and summary: change them in manifest.json and upload a version.`,
      );
    }
    const texts = {
      name: name === row.name ? name : checkName(name),
      summary: summary === row.summary ? summary : checkSummary(summary),
    };
    const now = store.clock.now();
    records.updateApp(tx, id, texts, now);
    const facts = differing({ name: row.name, summary: row.summary }, texts);
    tell(tx, actor, { action: "app.changed", id, organisationId: row.organisationId, ...facts }, now);
    return appView(tx, mustFind(tx, id));
  });
}

/** @throws Problem `app.not_found`, `app.published`, `app.busy`, `precondition.failed` */
export function deleteApp(store: Store, actor: Actor, id: AppId, ifMatch?: IfMatch): void {
  write(store.db, (tx) => {
    const row = findAppFor(tx, actor, "app.delete", id);
    ifUnchanged(row.revision, ifMatch);
    if (row.publishedAt !== null) {
      throw new Problem(
        "conflict",
        "app.published",
        say`${id} has been published: it is deleted by an owner, who can take that back for some days, and its id is never given to another app.`,
      );
    }
    const newest = records.selectVersions(tx, id, { limit: 100 });
    if (newest.some((version) => version.state === "signing" || version.state === "publishing")) {
      throw new Problem("conflict", "app.busy", say`A version of ${id} is being published right now.`);
    }
    records.removeApp(tx, id);
    const { organisationId, name, summary } = row;
    const now = store.clock.now();
    // One that is called so later is another app.
    endSealedAudiences(tx, store.vault, id, now);
    forgetAppInRoles(tx, auditAuthor(actor), organisationId, id, now);
    const before = { name, summary, versions: newest.length };
    tell(tx, actor, { action: "app.deleted", id, organisationId, before }, now);
  });
}

function tell(
  tx: Tx,
  actor: Actor,
  { id, ...change }: Omit<AuditChange, "subject"> & { readonly id: AppId },
  now: Date,
): void {
  recordChange(tx, auditAuthor(actor), { ...change, subject: { type: "app", id } }, now);
}

/**
 * The app, when the actor may do this to it; what they may not see does not exist for them.
 * @throws Problem `app.not_found`, `rights.forbidden`, `auth.required`
 */
export function findAppFor(
  tx: Tx,
  actor: Actor,
  action: Parameters<typeof authorise>[1],
  id: AppId,
): records.AppRow {
  const missing = () =>
    new Problem("not_found", "app.not_found", say`There is no app ${id}, or none that you may see.`);
  const row = records.findApp(tx, id);
  if (!row) {
    authorise(actor, "self.read");
    throw missing();
  }
  authorise(actor, action, { organisationId: row.organisationId, appId: id }, missing);
  if (row.removedAt !== null) throw missing();
  refuseWhileDeleting(row, action);
  return row;
}

/** The organisation that somebody acts for. @throws Problem `organisation.required`, `auth.required` */
export function actingOrganisation(actor: Actor, wanted?: OrganisationId): OrganisationId {
  if (wanted !== undefined) return wanted;
  authorise(actor, "self.read");
  if (actor.kind === "organisation-key" || actor.kind === "publisher") return actor.organisationId;
  const own = actor.kind === "account" ? [...actor.organisations.keys()] : [];
  const [only] = own;
  if (own.length === 1 && only !== undefined) return only;
  throw new Problem(
    "invalid",
    "organisation.required",
    own.length === 0
      ? say`You belong to no organisation: apps belong to one, so ask an administrator to add you.`
      : say`You belong to several organisations: say which one with organisationId.`,
  );
}

function mustFind(tx: Tx, id: AppId): records.AppRow {
  const row = records.findApp(tx, id);
  if (!row) throw new Problem("not_found", "app.not_found", say`There is no app ${id}.`);
  return row;
}

export function appView(tx: Tx, row: records.AppRow): AppView {
  return appViews(tx, [row])[0] as AppView;
}

/** Of all rows of a page, in their order, with as many statements as for one. */
export function appViews(tx: Tx, rows: readonly records.AppRow[]): AppView[] {
  const ids = rows.map(({ id }) => id);
  const newest = records.selectNewestVersions(tx, ids);
  const offered = selectOfferedFirst(tx, ids);
  // Of most apps devices get the newest one: each is put together once.
  const known = new Set([...newest.values()].map(({ id }) => id));
  const others = [...offered.values()].flatMap(({ id }) => (known.has(id) ? [] : [id]));
  const rowsOfBoth = [...newest.values(), ...records.selectVersionsById(tx, others)];
  const listed = new Map(listedVersions(tx, rowsOfBoth).map((version) => [version.id, version]));
  const viewOf = (id: VersionId | undefined) => id && listed.get(id);
  const icons = selectIconKeys(tx, ids);
  return rows.map((row) => ({
    id: row.id,
    organisationId: row.organisationId,
    organisationName: row.organisationName,
    name: row.name,
    summary: row.summary,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    publishedAt: row.publishedAt,
    revision: row.revision,
    trustedOnly: row.trustedOnly,
    listed: row.unlistedAt === null,
    deprecatedAt: row.deprecatedAt,
    deletionAt: row.deletionAt,
    installs: row.installs,
    newestVersion: viewOf(newest.get(row.id)?.id) ?? null,
    offeredVersion: (row.deletionAt === null && viewOf(offered.get(row.id)?.id)) || null,
    iconKey: icons.get(row.id) ?? null,
  }));
}
