/** `/apps/:appId`: an app with its versions, and its deletion while nothing of it was published. */
import { Type } from "@sinclair/typebox";
import type { LineageRow } from "../../../views/components/lineage.tsx";
import type { PageContext } from "../../../views/page.ts";
import { type AppProps, appPage } from "../../../views/pages/app.tsx";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { allows, authorise } from "../../accounts/rights.ts";
import { shownAppStates, shownVersionState } from "../../catalog/app-state.ts";
import { deleteApp, readApp } from "../../catalog/apps.ts";
import { type AppCategory, readAppCategory } from "../../catalog/categories/choose.ts";
import { resolvedCategories } from "../../catalog/categories/resolve.ts";
import { findDeletionFor } from "../../catalog/deletion/view.ts";
import { type LineageKeyView, readLineage } from "../../catalog/lineage.ts";
import { readListing } from "../../catalog/listing/change.ts";
import { textIn } from "../../catalog/local-texts.ts";
import { beforeVersions, currentRelease } from "../../catalog/overview.ts";
import { readTrustedPublishing } from "../../catalog/publishers.ts";
import { ratingSummaryOf } from "../../catalog/ratings/answer.ts";
import { appStanding } from "../../catalog/revocation/standing.ts";
import { openOfferOf } from "../../catalog/transfer/view.ts";
import { listVersions } from "../../catalog/versions.ts";
import { readVisibility } from "../../catalog/visibility/change.ts";
import { isVisible } from "../../catalog/visibility/visible.ts";
import type { OrganisationId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { authorName } from "./authors.ts";
import { revisionField } from "./form.ts";
import { goOn, pagerOf, pictureUrl, show } from "./page.ts";
import { openOfferLink } from "./transfers.ts";
import { actionsFor } from "./version-actions.ts";

const PATH = "/apps/:appId";
const PARAMS = Type.Object({ appId: APP_ID });
const PER_PAGE = 25;

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

export const appRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "appPage",
    summary: "An app and its versions",
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, params, query, info } = call;
      const app = readApp(store, actor, params.appId);
      const wanted = pageRequest("versions", { ...query, limit: PER_PAGE });
      const page = listVersions(store, actor, app.id, wanted);
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
          versions: page.items.map((version) => ({
            id: version.id,
            version: version.version,
            code: version.versionCode,
            state: shownVersionState(version),
            sizeBytes: version.uploadSizeBytes,
            by: authorName(ctx, store, version.uploadedBy),
            at: version.createdAt,
            revision: version.revision,
            actions: deletion === null ? actionsFor(actor, organisationId, version) : [],
          })),
          pager: pagerOf("versions", `/apps/${app.id}`, { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeVersions(store, app.id, after, PER_PAGE),
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
