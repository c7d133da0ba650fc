/** `/apps/:appId`: an app with its versions, and its deletion while nothing of it was published. */
import { Type } from "@sinclair/typebox";
import type { LineageRow } from "../../../views/components/lineage.tsx";
import type { PageContext } from "../../../views/page.ts";
import { appPage } from "../../../views/pages/app.tsx";
import { APP_PARTS, type AppProps, appPartHref, type Team } from "../../../views/pages/app-props.ts";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { listMembers } from "../../accounts/members.ts";
import { allows, authorise } from "../../accounts/rights.ts";
import { shownAppStates, shownVersionState } from "../../catalog/app-state.ts";
import { deleteApp, readApp } from "../../catalog/apps.ts";
import { type AppCategory, readAppCategory } from "../../catalog/categories/choose.ts";
import { resolvedCategories } from "../../catalog/categories/resolve.ts";
import { findDeletionFor } from "../../catalog/deletion/view.ts";
import { type LineageKeyView, readLineage } from "../../catalog/lineage.ts";
import { readListing } from "../../catalog/listing/change.ts";
import { textIn } from "../../catalog/local-texts.ts";
import { notesLine } from "../../catalog/notes.ts";
import { beforeVersions, countFindings, currentRelease } from "../../catalog/overview.ts";
import { readTrustedPublishing } from "../../catalog/publishers.ts";
import { ratingSummaryOf } from "../../catalog/ratings/answer.ts";
import { appStanding } from "../../catalog/revocation/standing.ts";
import { openOfferOf } from "../../catalog/transfer/view.ts";
import { listVersions } from "../../catalog/versions.ts";
import type { AppView } from "../../catalog/views.ts";
import { readVisibility } from "../../catalog/visibility/change.ts";
import { isVisible } from "../../catalog/visibility/visible.ts";
import type { OrganisationId } from "../../ids.ts";
import { ORGANISATION_ROLES, type OrganisationRole } from "../../roles.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, oneOf, PAGE_QUERY } from "../schemas.ts";
import { authorName } from "./authors.ts";
import { revisionField } from "./form.ts";
import { goOn, pagerOf, pictureUrl, show } from "./page.ts";
import { openOfferLink } from "./transfers.ts";
import { actionsFor } from "./version-actions.ts";

const PATH = "/apps/:appId";
const PARAMS = Type.Object({ appId: APP_ID });
const PER_PAGE = 25;
/** Of its versions, on the parts that do not list all of them; of two on that there are several can be said. */
const NEWEST = 5;
const TEAM_MOST = 50;
const NO_FINDINGS = { errors: 0, warnings: 0, infos: 0 };
/** As pages list roles: who may do most first. */
const ROLES: readonly OrganisationRole[] = ORGANISATION_ROLES;

function stateOf(key: LineageKeyView): LineageRow["state"] {
  if (key.revokedAt !== null) return "revoked";
  if (key.lostAt !== null) return "lost";
  return key.usable ? "signs" : "certificate";
}

function categoryOf(
  { store, actor }: CallBase,
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
function teamOf({ store, actor }: CallBase, app: AppView): Team | null {
  const { organisationId } = app;
  if (!allows(actor, "organisation.read", { organisationId })) return null;
  const href = `/organisations/${organisationId}/members`;
  const manages = allows(actor, "organisation.manage", { organisationId });
  const people = listMembers(store, actor, organisationId)
    .filter(({ apps }) => apps === null || apps.includes(app.id))
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  return {
    rows: people.slice(0, TEAM_MOST).map(({ accountId, name, email, role, apps, disabledAt }) => ({
      name,
      email,
      role,
      isNarrow: apps !== null,
      disabled: disabledAt !== null,
      href: manages ? `${href}/${accountId}` : null,
    })),
    hasMore: people.length > TEAM_MOST,
    href,
  };
}

export const appRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "appPage",
    summary: "An app and its versions",
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor, part: Type.Optional(oneOf(...APP_PARTS)) }),
    handle: (call) => {
      const { store, actor, params, query, info } = call;
      const app = readApp(store, actor, params.appId);
      // A page of versions was at the app's own address once.
      const part = query.part ?? (query.cursor === undefined ? "overview" : "versions");
      const limit = part === "versions" ? PER_PAGE : NEWEST;
      const wanted = pageRequest("versions", part === "versions" ? { ...query, limit } : { limit });
      const page = listVersions(store, actor, app.id, wanted);
      const findings = countFindings(
        store,
        page.items.map(({ id }) => id),
      );
      const published = currentRelease(store, app.id);
      const { organisationId } = app;
      const shown = readVisibility(store, actor, app.id);
      const listing = readListing(store, actor, app.id);
      const deletion = findDeletionFor(store, actor, app.id);
      return show(call, (ctx) =>
        appPage(ctx, {
          app: {
            id: app.id,
            name: app.name,
            summary: app.summary === "" ? null : app.summary,
            iconUrl: pictureUrl(app.iconKey),
            organisation: app.organisationName,
            createdAt: app.createdAt,
            revision: app.revision,
            states: shownAppStates(app),
            installs: app.installs,
            wasPublished: app.publishedAt !== null,
            published: published && {
              id: published.id,
              version: published.version,
              code: published.versionCode,
            },
          },
          part,
          team: teamOf(call, app),
          versions: page.items.map((version) => ({
            id: version.id,
            version: version.version,
            code: version.versionCode,
            state: shownVersionState(version),
            sizeBytes: version.uploadSizeBytes,
            by: authorName(ctx, store, version.uploadedBy),
            at: version.createdAt,
            revision: version.revision,
            notes: notesLine(version.notes),
            findings: findings.get(version.id) ?? NO_FINDINGS,
            actions: deletion === null ? actionsFor(actor, organisationId, version) : [],
          })),
          pager: pagerOf(
            "versions",
            appPartHref(app.id, "versions"),
            { ...wanted, nextCursor: page.nextCursor },
            (after) => beforeVersions(store, app.id, after, PER_PAGE),
          ),
          lineage: readLineage(store, actor, app.id).keys.map((key) => ({
            keyid: key.keyid,
            fingerprint: key.fingerprint,
            how: key.how,
            addedAt: key.addedAt,
            state: stateOf(key),
          })),
          canOpenKeys: allows(actor, "key.read", { organisationId }),
          deletion: deletion && {
            reason: deletion.reason,
            by: authorName(ctx, store, deletion.askedBy),
            endsAt: deletion.endsAt,
            mayKeep: allows(actor, "app.keep", { organisationId, appId: app.id }),
          },
          canUpload: !app.trustedOnly && allows(actor, "version.upload", { organisationId, appId: app.id }),
          publishing: allows(actor, "publisher.read", { organisationId, appId: app.id })
            ? {
                count: readTrustedPublishing(store, actor, app.id).items.length,
                trustedOnly: app.trustedOnly,
              }
            : null,
          visibility: {
            name: shown.visibility,
            groups: shown.groups.map(({ name }) => name),
            unnamedGroups: shown.unnamedGroups,
          },
          ratings: store.config.ratings && app.publishedAt !== null ? ratingSummaryOf(store, app.id) : null,
          category: categoryOf(call, readAppCategory(store, actor, app.id), organisationId, ctx),
          storeHref: isVisible(store, actor, app.id) ? `/catalog/${app.id}` : null,
          listing: {
            listed: listing.unlistedAt === null,
            deprecated: listing.deprecated?.text ?? null,
            manages: allows(actor, "app.listing", { organisationId, appId: app.id }),
          },
          transfer: allows(actor, "app.transfer", { organisationId })
            ? { open: openOfferLink(openOfferOf(store, actor, app.id)) }
            : null,
          canDelete: app.publishedAt === null && allows(actor, "app.delete", { organisationId }),
          canRemove:
            app.publishedAt !== null && allows(actor, "app.remove", { organisationId, appId: app.id }),
          storeUrl: info.origin,
          standing: appStanding(store, app),
          canRevoke: allows(actor, "revocation.manage"),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/delete`,
    access: "app.delete",
    name: "deleteAppPage",
    summary: "The question before an app is deleted",
    params: PARAMS,
    handle: (call) => {
      const { store, actor, params } = call;
      const app = readApp(store, actor, params.appId);
      authorise(actor, "app.delete", { organisationId: app.organisationId });
      const { items } = listVersions(store, actor, app.id, { limit: PER_PAGE });
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("app.delete_confirm", { app: app.name }),
          consequences: [ctx.t("app.delete_consequence", { count: items.length, id: app.id })],
          action: `/apps/${app.id}/delete`,
          revision: app.revision,
          confirmLabel: ctx.t("app.delete"),
          destructive: true,
          cancelHref: `/apps/${app.id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/delete`,
    access: "app.delete",
    name: "deleteAppForm",
    summary: "Delete an app that was never published",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      deleteApp(store, actor, params.appId, revisionField(body.revision));
      return goOn(call, "/dashboard", "app_deleted");
    },
  }),
];
