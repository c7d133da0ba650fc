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
import { Problem } from "../../errors.ts";
import { isAppId } from "../../ids.ts";
import { type Operation, operation } from "./operation.ts";

const TEXTS = t.Record(t.String(), t.String());
const ID = { id: t.String() };

export const FRONT_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["category.list", operation(t.Object({}), (store) => ({ items: listCategories(store, OPERATOR) }))],
  [
    "category.add",
    operation(
      t.Object({ ...ID, names: TEXTS, descriptions: t.Optional(TEXTS), icon: t.Optional(t.String()) }),
      (store, input) => createCategory(store, OPERATOR, input),
    ),
  ],
  [
    "category.change",
    operation(
      t.Object({
        ...ID,
        names: t.Optional(TEXTS),
        descriptions: t.Optional(TEXTS),
        icon: t.Optional(t.String()),
      }),
      (store, { id, names = {}, descriptions = {}, icon }) => {
        // Languages that are not said stay; one with an empty text goes.
        const before = readCategory(store, OPERATOR, id);
        return changeCategory(store, OPERATOR, id, {
          names: { ...before.names, ...names },
          descriptions: { ...before.descriptions, ...descriptions },
          ...(icon === undefined ? {} : { icon }),
        });
      },
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
    operation(t.Object({ app: t.String(), category: t.Optional(t.String()) }), (store, { app, category }) => {
      if (!isAppId(app)) throw new Problem("not_found", "app.not_found", `There is no app ${app}.`);
      return chooseCategory(store, OPERATOR, app, category ?? null);
    }),
  ],
];
