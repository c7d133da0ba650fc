/** /api/v1/categories: how an administrator arranges the store's categories; and which of them an app is in. */
import { Type } from "@sinclair/typebox";
import {
  changeCategory,
  createCategory,
  listCategories,
  MOST_CATEGORIES,
  mergeCategory,
  moveCategory,
  readCategory,
  removeCategory,
} from "../../catalog/categories/categories.ts";
import { chooseCategory, readAppCategory } from "../../catalog/categories/choose.ts";
import { jsonBody } from "../body.ts";
import { json, noContent, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, orNull, PLACE, record } from "../schemas.ts";
import {
  APP_CATEGORY,
  appCategoryJson,
  CATEGORY,
  CATEGORY_ID,
  CATEGORY_MEMBERS,
  categoryJson,
} from "../schemas-front.ts";

const PATH = "/api/v1/categories";
const ONE = `${PATH}/:categoryId`;
const TAG = "Store front";
const PARAMS = Type.Object({ categoryId: CATEGORY_ID });
const APP_PATH = "/api/v1/apps/:appId/category";

export const categoryRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "storefront.read",
    name: "listCategories",
    summary: "List the store's categories",
    description: `All of them, ${MOST_CATEGORIES} at most, in the order in which they are shown. What visitors see of them stands at /api/v1/catalog/categories.`,
    tag: TAG,
    replies: [{ status: 200, description: "All of them.", schema: record({ items: Type.Array(CATEGORY) }) }],
    handle: ({ store, actor }) => json({ items: listCategories(store, actor).map(categoryJson) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "storefront.manage",
    name: "createCategory",
    summary: "Make a category",
    description:
      "It comes last. With the id of one that was merged into another it is taken out of that again, with the apps whose packages say that id.",
    tag: TAG,
    creates: true,
    body: jsonBody(
      record({
        id: Type.String({
          maxLength: 200,
          description: "As manifests say it: small letters, digits, hyphens.",
        }),
        ...CATEGORY_MEMBERS,
      }),
    ),
    replies: [{ status: 201, description: "The category.", schema: CATEGORY, location: true }],
    errors: ["category.invalid", "category.exists", "category.too_many", "idempotency.resource_gone"],
    handle: ({ store, actor, body, idempotency }) => {
      const made = createCategory(store, actor, body, idempotency);
      return resource(categoryJson(made), { status: 201, headers: { Location: `${PATH}/${made.id}` } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "storefront.read",
    name: "readCategory",
    summary: "Read a category",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The category.", schema: CATEGORY }],
    errors: ["category.not_found"],
    handle: ({ store, actor, params }) =>
      resource(categoryJson(readCategory(store, actor, params.categoryId))),
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: ONE,
    access: "storefront.manage",
    name: "changeCategory",
    summary: "Change a category's names, descriptions or icon",
    description: "What is left out stays as it is; names and descriptions are replaced as a whole.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ ...CATEGORY_MEMBERS, names: Type.Optional(CATEGORY_MEMBERS.names) })),
    replies: [{ status: 200, description: "The category as it is now.", schema: CATEGORY }],
    errors: ["category.not_found", "category.invalid"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(categoryJson(changeCategory(store, actor, params.categoryId, body, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/move`,
    access: "storefront.manage",
    name: "moveCategory",
    summary: "Put a category at another place",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ place: PLACE })),
    replies: [{ status: 200, description: "The category as it is now.", schema: CATEGORY }],
    errors: ["category.not_found"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(categoryJson(moveCategory(store, actor, params.categoryId, body.place, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/merge`,
    access: "storefront.manage",
    name: "mergeCategory",
    summary: "Merge a category into another one",
    description:
      "Its apps are in the other one from then on, also those whose packages go on saying its id. To take that back, make a category of its id again.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({ into: Type.String({ maxLength: 200, description: "The id of the other one." }) }),
    ),
    replies: [{ status: 200, description: "The other one as it is now.", schema: CATEGORY }],
    errors: ["category.not_found", "category.into_itself", "category.too_many"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(categoryJson(mergeCategory(store, actor, params.categoryId, body.into, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: ONE,
    access: "storefront.manage",
    name: "removeCategory",
    summary: "Remove a category",
    description:
      "Its apps are in no category, until a category of that id is made again, their packages say another one, or one is chosen for them.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [{ status: 204, description: "It is gone." }],
    errors: ["category.not_found"],
    handle: ({ store, actor, params, ifMatch }) => {
      removeCategory(store, actor, params.categoryId, ifMatch);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: APP_PATH,
    access: "app.read",
    name: "readAppCategory",
    summary: "Read which category an app is in",
    tag: TAG,
    params: Type.Object({ appId: APP_ID }),
    replies: [{ status: 200, description: "The category, and who says so.", schema: APP_CATEGORY }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => json(appCategoryJson(readAppCategory(store, actor, params.appId))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: APP_PATH,
    access: "app.category",
    name: "chooseCategory",
    summary: "Choose the category that an app is in",
    description: "In the place of what its package says; with null that holds again. Again is no error.",
    tag: TAG,
    params: Type.Object({ appId: APP_ID }),
    body: jsonBody(
      record({ category: orNull(Type.String({ maxLength: 200, description: "The id of a category." })) }),
    ),
    replies: [{ status: 200, description: "As it is now.", schema: APP_CATEGORY }],
    errors: ["app.not_found", "category.not_found"],
    handle: ({ store, actor, params, body }) =>
      json(appCategoryJson(chooseCategory(store, actor, params.appId, body.category))),
  }),
];
