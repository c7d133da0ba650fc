/** `/admin/collections/:collectionId`: a collection of apps, and what is in it. */
import { Type } from "@sinclair/typebox";
import { rowId } from "../../../views/components/move-buttons.tsx";
import { type CollectionProps, collectionFields, collectionPage } from "../../../views/pages/collection.tsx";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { allows } from "../../accounts/rights.ts";
import { changeCollection, readCollection, removeCollection } from "../../catalog/collections/collections.ts";
import {
  findAppsToPut,
  listCollectionApps,
  putIntoCollection,
  takeOutOfCollection,
} from "../../catalog/collections/contents.ts";
import { mostAppsOf } from "../../catalog/collections/limits.ts";
import { textIn } from "../../catalog/local-texts.ts";
import { isProblem } from "../../errors.ts";
import { isAppId } from "../../ids.ts";
import { localText, momentIn } from "../../zones.ts";
import { formBody, formPairs, longForm } from "../body.ts";
import { encodeCursor, numbered, pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { COLLECTION_ID } from "../schemas-collections.ts";
import { COLLECTIONS, LIMITS, placeIn, refused, rowOf, TEXTS, textsOf } from "./collection-forms.ts";
import { attempt, revisionField, revisionIn } from "./form.ts";
import { formZone, shownZone } from "./form-zone.ts";
import {
  type FormPairs,
  languagesOf,
  localValues,
  type RefusedForm,
  refusedLocalForm,
} from "./local-form.ts";
import { goOn, numberedPager, pictureUrl, show, zoneOfReader } from "./page.ts";

const ONE = `${COLLECTIONS}/:collectionId`;
const APP = `${ONE}/apps/:appId`;
const PARAMS = Type.Object({ collectionId: COLLECTION_ID });
const APP_PARAMS = Type.Object({ collectionId: COLLECTION_ID, appId: APP_ID });
const APPS_A_PAGE = 50;

/** A day and a time as browsers send them, which are of the form's zone; an empty field is no time. */
function timeIn(form: FormPairs, name: string, zone: string, before: Date | null): Date | null {
  const text = new Map(form).get(name)?.trim() ?? "";
  if (text === "") return null;
  // Where clocks are put back, the text alone would say another moment; and seconds do not stand in it.
  return before !== null && text === localText(zone, before) ? before : momentIn(zone, text);
}

const timeText = (zone: string, time: Date | null): string => (time === null ? "" : localText(zone, time));

type Asked = { readonly cursor?: string | undefined; readonly q?: string | undefined };

function showCollection(
  call: CallBase,
  id: string,
  asked: Asked,
  again: RefusedForm | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const collection = readCollection(store, actor, id);
  const ofReader = zoneOfReader(store, actor);
  // Of a form that comes back, what was typed is of its own.
  const zone = shownZone(Object.entries(again?.form?.values ?? {}), ofReader);
  const { names, descriptions, published, shownFrom, shownUntil } = collection;
  const wanted = numbered(
    pageRequest("collection-apps", {
      limit: APPS_A_PAGE,
      ...(asked.cursor === undefined ? {} : { cursor: asked.cursor }),
    }),
  );
  const page = listCollectionApps(store, actor, id, wanted);
  const path = `${COLLECTIONS}/${id}`;
  return show(
    call,
    (ctx) =>
      collectionPage(ctx, {
        collection: rowOf(collection, ctx.locale),
        limits: LIMITS,
        most: mostAppsOf(id),
        manages: allows(actor, "storefront.manage"),
        apps: page.items.map(({ iconKey, ...app }) => ({ ...app, iconUrl: pictureUrl(iconKey) })),
        pager: numberedPager("collection-apps", path, wanted, page.nextCursor),
        search: searched(call, id, asked.q ?? "", ctx.locale),
        form: again?.form ?? {
          languages: languagesOf(names, descriptions),
          values: {
            ...localValues({ names, descriptions }),
            published: String(published),
            shownFrom: timeText(zone, shownFrom),
            shownUntil: timeText(zone, shownUntil),
          },
        },
        zone,
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status, here: path },
  );
}

function searched(
  { store, actor }: CallBase,
  id: string,
  asked: string,
  locale: string,
): CollectionProps["search"] {
  const query = asked.trim();
  if (query === "" || !allows(actor, "storefront.manage")) return null;
  const found = findAppsToPut(store, actor, id, query, locale);
  return { query, found: found.map(({ iconKey, ...app }) => ({ ...app, iconUrl: pictureUrl(iconKey) })) };
}

export const collectionRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "storefront.read",
    name: "collectionPage",
    summary: "A collection of apps of the store",
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor, q: Type.Optional(Type.String()) }),
    handle: (call) => showCollection(call, call.params.collectionId, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ONE,
    access: "storefront.manage",
    name: "changeCollectionForm",
    summary: "Change what a collection says, and when it is shown",
    params: PARAMS,
    body: longForm(formPairs()),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { collectionId } = params;
      const revision = revisionIn(body);
      const before = readCollection(store, actor, collectionId);
      const change = () => {
        const zone = formZone(body, zoneOfReader(store, actor));
        return {
          ...textsOf(body),
          published: new Map(body).get("published") === "true",
          shownFrom: timeIn(body, "shownFrom", zone, before.shownFrom),
          shownUntil: timeIn(body, "shownUntil", zone, before.shownUntil),
        };
      };
      const outcome = await attempt(() => changeCollection(store, actor, collectionId, change(), revision));
      if (!isProblem(outcome)) return goOn(call, `${COLLECTIONS}/${collectionId}`, "collection_changed");
      const again = refusedLocalForm(body, outcome, TEXTS, collectionFields);
      return showCollection(call, collectionId, {}, again);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/apps`,
    access: "storefront.manage",
    name: "addCollectionAppForm",
    summary: "Put an app into a collection",
    params: PARAMS,
    body: formBody(["revision", "app", "q"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { collectionId } = params;
      const revision = revisionField(body.revision);
      const { app } = body;
      if (!isAppId(app)) throw nothingHere();
      const outcome = await attempt(() =>
        putIntoCollection(store, actor, collectionId, { appId: app }, revision),
      );
      if (isProblem(outcome)) return showCollection(call, collectionId, { q: body.q }, refused(outcome));
      const query = body.q === "" ? "" : `?q=${encodeURIComponent(body.q)}`;
      return goOn(call, `${COLLECTIONS}/${collectionId}${query}#add`, "collection_app_added");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${APP}/move`,
    access: "storefront.manage",
    name: "moveCollectionAppForm",
    summary: "Put an app at another place in a collection",
    params: APP_PARAMS,
    body: formBody(["revision", "place"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { collectionId, appId } = params;
      const revision = revisionField(body.revision);
      const place = placeIn(body.place);
      const outcome = await attempt(() =>
        putIntoCollection(store, actor, collectionId, { appId, place }, revision),
      );
      if (isProblem(outcome)) return showCollection(call, collectionId, {}, refused(outcome));
      return goOn(call, `${pageWith(collectionId, place)}#${rowId(appId)}`);
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${APP}/remove`,
    access: "storefront.manage",
    name: "removeCollectionAppForm",
    summary: "Take an app out of a collection",
    params: APP_PARAMS,
    body: formBody(["revision"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const { collectionId, appId } = params;
      const revision = revisionField(body.revision);
      const outcome = await attempt(() => takeOutOfCollection(store, actor, collectionId, appId, revision));
      if (isProblem(outcome)) return showCollection(call, collectionId, {}, refused(outcome));
      return goOn(call, `${COLLECTIONS}/${collectionId}`, "collection_app_removed");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${ONE}/remove`,
    access: "storefront.manage",
    name: "removeCollectionPage",
    summary: "The question before a collection is removed",
    params: PARAMS,
    handle: (call) => {
      const { id, names, revision } = readCollection(call.store, call.actor, call.params.collectionId);
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("collections.remove_confirm", { name: textIn(names, ctx.locale) }),
          consequences: [ctx.t("collections.remove_consequence")],
          action: `${COLLECTIONS}/${id}/remove`,
          revision,
          confirmLabel: ctx.t("collections.remove"),
          destructive: true,
          cancelHref: `${COLLECTIONS}/${id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/remove`,
    access: "storefront.manage",
    name: "removeCollectionForm",
    summary: "Remove a collection",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionField(body.revision);
      const outcome = await attempt(() => removeCollection(store, actor, params.collectionId, revision));
      if (!isProblem(outcome)) return goOn(call, COLLECTIONS, "collection_removed");
      return showCollection(call, params.collectionId, {}, refused(outcome));
    },
  }),
];

/** The address of the page on which the app at a place is. */
function pageWith(collectionId: string, place: number): string {
  const from = Math.floor((place - 1) / APPS_A_PAGE) * APPS_A_PAGE;
  const path = `${COLLECTIONS}/${collectionId}`;
  return from <= 0 ? path : `${path}?cursor=${encodeCursor("collection-apps", String(from))}`;
}
