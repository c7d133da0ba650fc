/** `/admin/collections`: the store's collections of apps, and one more. */
import { Type } from "@sinclair/typebox";
import { rowId } from "../../../views/components/move-buttons.tsx";
import { collectionsPage, newCollectionFields } from "../../../views/pages/collections.tsx";
import { allows } from "../../accounts/rights.ts";
import { createCollection, listCollections, moveCollection } from "../../catalog/collections/collections.ts";
import { isProblem } from "../../errors.ts";
import { formBody, formPairs, longForm } from "../body.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { COLLECTION_ID } from "../schemas-collections.ts";
import { COLLECTIONS, LIMITS, placeIn, refused, rowOf, TEXTS, textsOf } from "./collection-forms.ts";
import { attempt, revisionField } from "./form.ts";
import { languagesOf, type RefusedForm, refusedLocalForm } from "./local-form.ts";
import { goOn, show } from "./page.ts";

const PARAMS = Type.Object({ collectionId: COLLECTION_ID });

function showCollections(call: CallBase, again: RefusedForm | null = null): Promise<Response> {
  const { store, actor } = call;
  const collections = listCollections(store, actor);
  return show(
    call,
    (ctx) =>
      collectionsPage(ctx, {
        collections: collections.map((one) => rowOf(one, ctx.locale)),
        limits: LIMITS,
        manages: allows(actor, "storefront.manage"),
        form: again?.form ?? { languages: languagesOf(), values: {} },
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status, here: COLLECTIONS },
  );
}

export const collectionsRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: COLLECTIONS,
    access: "storefront.read",
    name: "collectionsPage",
    summary: "The collections of apps of the store",
    handle: (call) => showCollections(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: COLLECTIONS,
    access: "storefront.manage",
    name: "createCollectionForm",
    summary: "Make a collection of apps",
    body: longForm(formPairs()),
    handle: async (call) => {
      const { store, actor, body } = call;
      const id = new Map(body).get("id")?.trim() ?? "";
      const outcome = await attempt(() => createCollection(store, actor, { id, ...textsOf(body) }));
      if (!isProblem(outcome)) return goOn(call, `${COLLECTIONS}/${outcome.id}`, "collection_created");
      return showCollections(call, refusedLocalForm(body, outcome, TEXTS, newCollectionFields));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${COLLECTIONS}/:collectionId/move`,
    access: "storefront.manage",
    name: "moveCollectionForm",
    summary: "Put a collection at another place",
    params: PARAMS,
    body: formBody(["revision", "place"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionField(body.revision);
      const outcome = await attempt(() =>
        moveCollection(store, actor, params.collectionId, placeIn(body.place), revision),
      );
      return isProblem(outcome)
        ? showCollections(call, refused(outcome))
        : goOn(call, `${COLLECTIONS}#${rowId(params.collectionId)}`);
    },
  }),
];
