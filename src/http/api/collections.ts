/** /api/v1/collections: how an administrator arranges collections of apps, and the featured ones. */
import { Type } from "@sinclair/typebox";
import {
  changeCollection,
  createCollection,
  listCollections,
  moveCollection,
  readCollection,
  removeCollection,
} from "../../catalog/collections/collections.ts";
import {
  listCollectionApps,
  putIntoCollection,
  takeOutOfCollection,
} from "../../catalog/collections/contents.ts";
import { FEATURED, MOST_APPS, MOST_COLLECTIONS, MOST_FEATURED } from "../../catalog/collections/limits.ts";
import { jsonBody } from "../body.ts";
import { numbered, pageFor } from "../cursor.ts";
import { json, noContent, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, PLACE, pageSchema, record } from "../schemas.ts";
import {
  COLLECTED_APP,
  COLLECTION,
  COLLECTION_ID,
  COLLECTION_MEMBERS,
  collectedAppJson,
  collectionFields,
  collectionJson,
} from "../schemas-collections.ts";

const PATH = "/api/v1/collections";
const ONE = `${PATH}/:collectionId`;
const APP = `${ONE}/apps/:appId`;
const TAG = "Store front";
const PARAMS = Type.Object({ collectionId: COLLECTION_ID });
const APP_PARAMS = Type.Object({ collectionId: COLLECTION_ID, appId: APP_ID });

export const collectionRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "storefront.read",
    name: "listCollections",
    summary: "List the store's collections of apps",
    description: `All of them, drafts too, ${MOST_COLLECTIONS} at most besides \`${FEATURED}\`, in the order in which they are shown. What visitors see of them stands at /api/v1/catalog/front/collections.`,
    tag: TAG,
    replies: [
      { status: 200, description: "All of them.", schema: record({ items: Type.Array(COLLECTION) }) },
    ],
    handle: ({ store, actor }) => json({ items: listCollections(store, actor).map(collectionJson) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "storefront.manage",
    name: "createCollection",
    summary: "Make a collection of apps",
    description: "It comes last, with nothing in it, and is a draft unless it is said to be published.",
    tag: TAG,
    creates: true,
    body: jsonBody(
      record({
        id: Type.String({
          maxLength: 200,
          description: "Part of the address of its page: small letters, digits, hyphens.",
        }),
        ...COLLECTION_MEMBERS,
      }),
    ),
    replies: [{ status: 201, description: "The collection.", schema: COLLECTION, location: true }],
    errors: ["collection.invalid", "collection.exists", "collection.too_many", "idempotency.resource_gone"],
    handle: ({ store, actor, body, idempotency }) => {
      const made = createCollection(store, actor, collectionFields(body), idempotency);
      return resource(collectionJson(made), { status: 201, headers: { Location: `${PATH}/${made.id}` } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "storefront.read",
    name: "readCollection",
    summary: "Read a collection of apps",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The collection.", schema: COLLECTION }],
    errors: ["collection.not_found"],
    handle: ({ store, actor, params }) =>
      resource(collectionJson(readCollection(store, actor, params.collectionId))),
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: ONE,
    access: "storefront.manage",
    name: "changeCollection",
    summary: "Change what a collection says, and when it is shown",
    description: "What is left out stays as it is; names and descriptions are replaced as a whole.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ ...COLLECTION_MEMBERS, names: Type.Optional(COLLECTION_MEMBERS.names) })),
    replies: [{ status: 200, description: "The collection as it is now.", schema: COLLECTION }],
    errors: ["collection.not_found", "collection.invalid"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(
        collectionJson(changeCollection(store, actor, params.collectionId, collectionFields(body), ifMatch)),
      ),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/move`,
    access: "storefront.manage",
    name: "moveCollection",
    summary: "Put a collection at another place",
    description: `Among the others; \`${FEATURED}\` is before all of them.`,
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ place: PLACE })),
    replies: [{ status: 200, description: "The collection as it is now.", schema: COLLECTION }],
    errors: ["collection.not_found", "collection.built_in"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(collectionJson(moveCollection(store, actor, params.collectionId, body.place, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: ONE,
    access: "storefront.manage",
    name: "removeCollection",
    summary: "Remove a collection",
    description: `Its apps stay in the store. \`${FEATURED}\` cannot be removed.`,
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [{ status: 204, description: "It is gone." }],
    errors: ["collection.not_found", "collection.built_in"],
    handle: ({ store, actor, params, ifMatch }) => {
      removeCollection(store, actor, params.collectionId, ifMatch);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${ONE}/apps`,
    access: "storefront.read",
    name: "listCollectionApps",
    summary: "List the apps that were put into a collection",
    description: "In their order, also those that visitors do not meet, each with why they do not.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(COLLECTED_APP) }],
    errors: ["collection.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "collection-apps",
          query,
          (page) => listCollectionApps(store, actor, params.collectionId, numbered(page)),
          collectedAppJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: APP,
    access: "storefront.manage",
    name: "putCollectionApp",
    summary: "Put an app into a collection, or at another place in it",
    description: `Without a place it comes last, and stays where it is if it is in it. ${MOST_APPS} apps at most, ${MOST_FEATURED} in \`${FEATURED}\`. Whether anybody may see the app yet does not matter: each meets what they may. If-Match is the collection's.`,
    tag: TAG,
    changes: true,
    params: APP_PARAMS,
    body: jsonBody(record({ place: Type.Optional(PLACE) })),
    replies: [{ status: 200, description: "The collection as it is now.", schema: COLLECTION }],
    errors: ["collection.not_found", "collection.too_many_apps", "app.not_found"],
    handle: ({ store, actor, params, body, ifMatch }) => {
      const { collectionId, appId } = params;
      const put = putIntoCollection(store, actor, collectionId, { ...body, appId }, ifMatch);
      return resource(collectionJson(put));
    },
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: APP,
    access: "storefront.manage",
    name: "removeCollectionApp",
    summary: "Take an app out of a collection",
    description: "Of one that is not in it is no error. If-Match is the collection's.",
    tag: TAG,
    changes: true,
    params: APP_PARAMS,
    replies: [{ status: 204, description: "It is not in it." }],
    errors: ["collection.not_found"],
    handle: ({ store, actor, params, ifMatch }) => {
      takeOutOfCollection(store, actor, params.collectionId, params.appId, ifMatch);
      return noContent();
    },
  }),
];
