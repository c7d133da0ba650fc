/** What `mosis admin collection` does, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
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
import { appIdIn, CHANGED_TEXTS, LOCAL_TEXTS, withTexts } from "./front-inputs.ts";
import { type Operation, operation, PAGE } from "./operation.ts";

const ID = { id: t.String() };
const APP = { ...ID, app: t.String() };
const PLACE = t.Integer({ minimum: 1 });
const NUMBERED = { ...PAGE, after: t.Optional(t.String({ pattern: "^\\d{1,9}$" })) };

/** An empty text takes a time away. */
const timeIn = (text: string) => (text === "" ? null : new Date(text));

export const COLLECTION_OPERATIONS: readonly (readonly [string, Operation])[] = [
  ["collection.list", operation(t.Object({}), (store) => ({ items: listCollections(store, OPERATOR) }))],
  [
    "collection.apps",
    operation(t.Object({ ...ID, ...NUMBERED }), (store, { id, ...page }) =>
      listCollectionApps(store, OPERATOR, id, page),
    ),
  ],
  [
    "collection.add",
    operation(t.Object({ ...ID, ...LOCAL_TEXTS }), (store, input) =>
      createCollection(store, OPERATOR, input),
    ),
  ],
  [
    "collection.change",
    operation(
      t.Object({
        ...ID,
        ...CHANGED_TEXTS,
        published: t.Optional(t.Boolean()),
        shownFrom: t.Optional(t.String()),
        shownUntil: t.Optional(t.String()),
      }),
      (store, { id, published, shownFrom, shownUntil, ...texts }) =>
        changeCollection(store, OPERATOR, id, {
          ...withTexts(readCollection(store, OPERATOR, id), texts),
          ...(published === undefined ? {} : { published }),
          ...(shownFrom === undefined ? {} : { shownFrom: timeIn(shownFrom) }),
          ...(shownUntil === undefined ? {} : { shownUntil: timeIn(shownUntil) }),
        }),
    ),
  ],
  [
    "collection.move",
    operation(t.Object({ ...ID, place: PLACE }), (store, { id, place }) =>
      moveCollection(store, OPERATOR, id, place),
    ),
  ],
  [
    "collection.remove",
    operation(t.Object(ID), (store, { id }) => {
      removeCollection(store, OPERATOR, id);
      return { id };
    }),
  ],
  [
    "collection.put",
    operation(t.Object({ ...APP, place: t.Optional(PLACE) }), (store, { id, app, place }) =>
      putIntoCollection(store, OPERATOR, id, {
        appId: appIdIn(app),
        ...(place === undefined ? {} : { place }),
      }),
    ),
  ],
  [
    "collection.take",
    operation(t.Object(APP), (store, { id, app }) => takeOutOfCollection(store, OPERATOR, id, appIdIn(app))),
  ],
];
