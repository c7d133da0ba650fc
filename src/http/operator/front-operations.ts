/** What `mosis admin category` does, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import {
  changeCategory,
  createCategory,
  listCategories,
  mergeCategory,
  moveCategory,
  readCategory,
  removeCategory,
} from "../../catalog/categories/categories.ts";
import { chooseCategory } from "../../catalog/categories/choose.ts";
import { appIdIn, CHANGED_TEXTS, LOCAL_TEXTS, withTexts } from "./front-inputs.ts";
import { type Operation, operation } from "./operation.ts";

const ID = { id: t.String() };

export const FRONT_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["category.list", operation(t.Object({}), (store) => ({ items: listCategories(store, OPERATOR) }))],
  [
    "category.add",
    operation(t.Object({ ...ID, ...LOCAL_TEXTS, icon: t.Optional(t.String()) }), (store, input) =>
      createCategory(store, OPERATOR, input),
    ),
  ],
  [
    "category.change",
    operation(
      t.Object({ ...ID, ...CHANGED_TEXTS, icon: t.Optional(t.String()) }),
      (store, { id, icon, ...texts }) =>
        changeCategory(store, OPERATOR, id, {
          ...withTexts(readCategory(store, OPERATOR, id), texts),
          ...(icon === undefined ? {} : { icon }),
        }),
    ),
  ],
  [
    "category.move",
    operation(t.Object({ ...ID, place: t.Integer({ minimum: 1 }) }), (store, { id, place }) =>
      moveCategory(store, OPERATOR, id, place),
    ),
  ],
  [
    "category.merge",
    operation(t.Object({ ...ID, into: t.String() }), (store, { id, into }) =>
      mergeCategory(store, OPERATOR, id, into),
    ),
  ],
  [
    "category.remove",
    operation(t.Object(ID), (store, { id }) => {
      removeCategory(store, OPERATOR, id);
      return { id };
    }),
  ],
  [
    "category.choose",
    operation(t.Object({ app: t.String(), category: t.Optional(t.String()) }), (store, { app, category }) =>
      chooseCategory(store, OPERATOR, appIdIn(app), category ?? null),
    ),
  ],
];
