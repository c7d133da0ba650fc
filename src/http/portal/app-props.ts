/** What an app's page shows to somebody: of its parts, the one that is asked for. */
import type { LineageRow } from "../../../views/components/lineage.tsx";
import type { PageContext } from "../../../views/page.ts";
import {
  APP_PARTS,
  type AppHeadProps,
  type AppPart,
  type AppProps,
  appPartHref,
  type Team,
} from "../../../views/pages/app-props.ts";
import type { TabbedApp } from "../../../views/pages/app-tabs.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { listAppMembers } from "../../accounts/members.ts";
import { allows } from "../../accounts/rights.ts";
import { shownAppStates, shownBehind, shownVersionState } from "../../catalog/app-state.ts";
import { readApp } from "../../catalog/apps.ts";
import { type AppCategory, readAppCategory } from "../../catalog/categories/choose.ts";
import { resolvedCategories } from "../../catalog/categories/resolve.ts";
import { findDeletionFor } from "../../catalog/deletion/view.ts";
import { hasLineage, type LineageKeyView, readLineage } from "../../catalog/lineage.ts";
import { readListing } from "../../catalog/listing/change.ts";
import { textIn } from "../../catalog/local-texts.ts";
import { notesLine } from "../../catalog/notes.ts";
import { beforeVersions, countFindings, currentRelease } from "../../catalog/overview.ts";
import { readTrustedPublishing } from "../../catalog/publishers.ts";
import { appStanding } from "../../catalog/revocation/standing.ts";
import { openOfferOf } from "../../catalog/transfer/view.ts";
import { listVersions } from "../../catalog/versions.ts";
import type { AppView } from "../../catalog/views.ts";
import { isVisible } from "../../catalog/visibility/visible.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { pageRequest } from "../cursor.ts";
import type { CallBase } from "../route.ts";
import { authorName } from "./authors.ts";
import { ownerLink } from "./organisation-link.ts";
import { pagerOf, pictureUrl } from "./page.ts";
import { openOfferLink } from "./transfers.ts";
import { actionsFor } from "./version-actions.ts";

type Reader = Pick<CallBase, "store" | "actor" | "info">;
type WithoutAddress = Pick<CallBase, "store" | "actor">;

const PER_PAGE = 25;
/** Of its versions, on the parts that do not list all of them; of two on that there are several can be said. */
const NEWEST = 5;
const TEAM_MOST = 50;
const NO_FINDINGS = { errors: 0, warnings: 0, infos: 0 };
const NO_PAGER = { previousHref: null, nextHref: null };

function stateOf(key: LineageKeyView): LineageRow["state"] {
  if (key.revokedAt !== null) return "revoked";
  if (key.lostAt !== null) return "lost";
  return key.usable ? "signs" : "certificate";
}

function categoryOf(
  { store, actor }: Reader,
  { appId, chosen, fromPackage, category }: AppCategory,
  organisationId: OrganisationId,
  { locale, t }: PageContext,
): AppProps["category"] {
  const known = resolvedCategories(store.db.orm);
  const nameOf = (word: string | null) => {
    const found = word === null ? undefined : known.find(({ ids }) => ids.includes(word));
    return found === undefined ? null : textIn(found.row.names, locale);
  };
  const isGone = chosen !== null && nameOf(chosen) === null;
  const choice = [
    // Left out, a form that is sent as it stands would choose something else.
    ...(isGone ? [{ id: chosen, name: t("app.category_removed", { id: chosen }) }] : []),
    ...known.map(({ row }) => ({ id: row.id, name: textIn(row.names, locale) })),
  ];
  return {
    chosen,
    fromPackage: nameOf(fromPackage) ?? fromPackage,
    name: nameOf(category),
    choice: allows(actor, "app.category", { organisationId, appId }) ? choice : null,
  };
}

/** Those whose role is of the app; null for who may not see who is in the organisation. */
function teamOf({ store, actor }: Reader, { id: appId, organisationId }: AppView): Team | null {
  if (!allows(actor, "organisation.read", { organisationId })) return null;
  const href = `/organisations/${organisationId}/members`;
  const manages = allows(actor, "organisation.manage", { organisationId });
  const { members, hasMore } = listAppMembers(store, actor, { organisationId, appId }, TEAM_MOST);
  return {
    rows: members.map(({ accountId, name, email, role, apps, disabledAt }) => ({
      name,
      email,
      role,
      isNarrow: apps !== null,
      disabled: disabledAt !== null,
      href: manages ? `${href}/${accountId}` : null,
    })),
    hasMore,
    href,
  };
}

/** What of the app somebody may do that ends or changes it as a whole. */
function settingsOf({ actor }: WithoutAddress, { id: appId, organisationId, publishedAt }: AppView) {
  const wasPublished = publishedAt !== null;
  return {
    mayTransfer: allows(actor, "app.transfer", { organisationId }),
    canDelete: !wasPublished && allows(actor, "app.delete", { organisationId }),
    canRemove: wasPublished && allows(actor, "app.remove", { organisationId, appId }),
    canRevoke: allows(actor, "revocation.manage"),
  };
}

/** Of an app that is being deleted nothing new is taken. */
export const mayUpload = (actor: Actor, { id, organisationId, trustedOnly, deletionAt }: AppView): boolean =>
  deletionAt === null && !trustedOnly && allows(actor, "version.upload", { organisationId, appId: id });

/** The parts that there are for this person: of an app that is being deleted nothing can be changed. */
function partsOf(reader: WithoutAddress, app: AppView) {
  const { store, actor } = reader;
  const { id: appId, organisationId } = app;
  const rests = app.deletionAt !== null;
  const isThere: Readonly<Record<AppPart, boolean>> = {
    overview: true,
    versions: app.newestVersion !== null,
    listing: !rests,
    ratings: !rests && store.config.ratings && app.publishedAt !== null,
    access: !rests,
    team:
      !rests &&
      (allows(actor, "organisation.read", { organisationId }) ||
        allows(actor, "publisher.read", { organisationId, appId })),
    keys: hasLineage(store, app.id),
    settings: !rests && Object.values(settingsOf(reader, app)).includes(true),
  };
  return APP_PARTS.filter((part) => isThere[part]);
}

/** For the tabs of the pages below its parts. */
export function tabbedApp(reader: WithoutAddress, app: AppView): TabbedApp {
  return { id: app.id, name: app.name, parts: partsOf(reader, app) };
}

type Shown = Pick<AppProps, "team" | "publishing" | "lineage" | "category" | "listing">;

const NOTHING: Shown = { team: null, publishing: null, lineage: [], category: null, listing: null };

/** What one part alone shows; versions are shown by several. */
function shownIn(part: AppPart, call: Reader, app: AppView, ctx: PageContext): Shown {
  const { store, actor } = call;
  const { id: appId, organisationId } = app;
  switch (part) {
    case "listing": {
      const { unlistedAt, deprecated } = readListing(store, actor, appId);
      return {
        ...NOTHING,
        category: categoryOf(call, readAppCategory(store, actor, appId), organisationId, ctx),
        listing: {
          listed: unlistedAt === null,
          deprecated: deprecated?.text ?? null,
          manages: allows(actor, "app.listing", { organisationId, appId }),
        },
      };
    }
    case "team":
      return {
        ...NOTHING,
        team: teamOf(call, app),
        publishing: allows(actor, "publisher.read", { organisationId, appId })
          ? {
              count: readTrustedPublishing(store, actor, appId).items.length,
              trustedOnly: app.trustedOnly,
            }
          : null,
      };
    case "keys":
      return {
        ...NOTHING,
        lineage: readLineage(store, actor, appId).keys.map((key) => ({
          keyid: key.keyid,
          fingerprint: key.fingerprint,
          how: key.how,
          addedAt: key.addedAt,
          state: stateOf(key),
        })),
      };
    default:
      return NOTHING;
  }
}

/** Of the versions so many are read for a part. */
const VERSIONS_OF: Partial<Record<AppPart, number>> = {
  overview: NEWEST,
  versions: PER_PAGE,
  settings: NEWEST,
};

function versionsIn(part: AppPart, { store, actor }: Reader, app: AppView, cursor: string | undefined) {
  const limit = VERSIONS_OF[part];
  if (limit === undefined) return { rows: [], pager: NO_PAGER };
  const wanted = pageRequest("versions", {
    limit,
    ...(part === "versions" && cursor !== undefined ? { cursor } : {}),
  });
  const { items, nextCursor } = listVersions(store, actor, app.id, wanted);
  const findings = countFindings(
    store,
    items.map(({ id }) => id),
  );
  const address = appPartHref(app.id, "versions");
  return {
    rows: items.map((version) => ({ version, findings: findings.get(version.id) ?? NO_FINDINGS })),
    pager: pagerOf("versions", address, { ...wanted, nextCursor }, (after) =>
      beforeVersions(store, app.id, after, PER_PAGE),
    ),
  };
}

/** @param asked The part that is shown where it is there for who reads: what is not is not said to be */
export function appHead(
  reader: WithoutAddress,
  ctx: PageContext,
  app: AppView,
  asked: AppPart,
): AppHeadProps {
  const { store, actor } = reader;
  const { organisationId } = app;
  const parts = partsOf(reader, app);
  const deletion = findDeletionFor(store, actor, app.id);
  return {
    app: {
      id: app.id,
      name: app.name,
      summary: app.summary === "" ? null : app.summary,
      iconUrl: pictureUrl(app.iconKey),
      revision: app.revision,
      states: shownAppStates(app),
      behind: shownBehind(app),
    },
    parts,
    part: parts.includes(asked) ? asked : "overview",
    canUpload: mayUpload(actor, app),
    deletion: deletion && {
      reason: deletion.reason,
      by: authorName(ctx, store, deletion.askedBy),
      endsAt: deletion.endsAt,
      mayKeep: allows(actor, "app.keep", { organisationId, appId: app.id }),
    },
    storeHref: isVisible(store, actor, app.id) ? `/catalog/${app.id}` : null,
    standing: appStanding(store, app),
  };
}

export type Shows = { readonly appId: AppId; readonly part?: AppPart; readonly cursor?: string };

/** @throws Problem `app.not_found`, `cursor.invalid` */
export function appProps(reader: Reader, ctx: PageContext, { appId, part: named, cursor }: Shows): AppProps {
  const { store, actor, info } = reader;
  const app = readApp(store, actor, appId);
  const { organisationId } = app;
  const { mayTransfer, ...may } = settingsOf(reader, app);
  // A page of versions was at the app's own address once.
  const head = appHead(reader, ctx, app, named ?? (cursor === undefined ? "overview" : "versions"));
  const { part, deletion } = head;
  const versions = versionsIn(part, reader, app, cursor);
  const published = currentRelease(store, app.id);
  const transfer = part === "settings" && mayTransfer ? openOfferOf(store, actor, app.id) : null;
  return {
    ...head,
    app: {
      ...head.app,
      organisation: ownerLink(actor, app),
      createdAt: app.createdAt,
      installs: app.installs,
      wasPublished: app.publishedAt !== null,
      published: published && {
        id: published.id,
        version: published.version,
        code: published.versionCode,
      },
    },
    ...shownIn(part, reader, app, ctx),
    versions: versions.rows.map(({ version, findings }) => ({
      id: version.id,
      version: version.version,
      code: version.versionCode,
      state: shownVersionState(version),
      sizeBytes: version.uploadSizeBytes,
      by: authorName(ctx, store, version.uploadedBy),
      at: version.createdAt,
      revision: version.revision,
      notes: notesLine(version.notes),
      findings,
      actions: deletion === null ? actionsFor(actor, organisationId, version) : [],
    })),
    pager: versions.pager,
    canOpenKeys: allows(actor, "key.read", { organisationId }),
    transfer: mayTransfer ? { open: openOfferLink(transfer) } : null,
    ...may,
    storeUrl: info.origin,
  };
}
