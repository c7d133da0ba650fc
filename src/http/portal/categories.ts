/** `/admin/categories`: the store's categories, and `/apps/:appId/category`: which of them an app is in. */
import { Type } from "@sinclair/typebox";
import { rowId } from "../../../views/components/move-buttons.tsx";
import { appPartHref } from "../../../views/pages/app-props.ts";
import {
  type CategoryRow,
  categoriesPage,
  categoryFields,
  categoryPage,
} from "../../../views/pages/categories.tsx";
import { confirmPage } from "../../../views/pages/confirm.tsx";
import { allows } from "../../accounts/rights.ts";
import {
  CATEGORY_DESCRIPTION_CHARACTERS,
  CATEGORY_ID_CHARACTERS,
  CATEGORY_NAME_CHARACTERS,
  type Category,
  changeCategory,
  createCategory,
  listCategories,
  MOST_APPS_COUNTED,
  mergeCategory,
  moveCategory,
  readCategory,
  removeCategory,
} from "../../catalog/categories/categories.ts";
import { chooseCategory } from "../../catalog/categories/choose.ts";
import { CATEGORY_ICONS, iconOf, PLAIN_ICON } from "../../catalog/categories/icons.ts";
import { lacksCommon, textIn } from "../../catalog/local-texts.ts";
import { isProblem, type Problem } from "../../errors.ts";
import { formBody, formPairs, longForm } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID } from "../schemas.ts";
import { CATEGORY_ID } from "../schemas-front.ts";
import { attempt, fieldErrors, revisionField, revisionIn } from "./form.ts";
import {
  type FormPairs,
  languagesOf,
  localTextsIn,
  localValues,
  type RefusedForm,
  refusedLocalForm,
} from "./local-form.ts";
import { goOn, show } from "./page.ts";

const PATH = "/admin/categories";
const ONE = `${PATH}/:categoryId`;
const PARAMS = Type.Object({ categoryId: CATEGORY_ID });
const PREFIXES = ["names", "descriptions"];

const LIMITS = {
  id: CATEGORY_ID_CHARACTERS,
  name: CATEGORY_NAME_CHARACTERS,
  description: CATEGORY_DESCRIPTION_CHARACTERS,
  counted: MOST_APPS_COUNTED,
};

const refusedForm = (form: FormPairs, problem: Problem): RefusedForm =>
  refusedLocalForm(form, problem, PREFIXES, categoryFields);

const refused = (problem: Problem): RefusedForm => ({
  form: null,
  errors: fieldErrors(problem, ["into"]),
  status: statusOf(problem),
});

const fieldsOf = (form: FormPairs) => ({
  names: localTextsIn(form, "names"),
  descriptions: localTextsIn(form, "descriptions"),
  icon: new Map(form).get("icon") ?? PLAIN_ICON,
});

const rowOf = ({ id, names, icon, aliases, apps, revision }: Category, locale: string): CategoryRow => ({
  ...{ id, aliases, apps, revision },
  name: textIn(names, locale),
  lacksCommon: lacksCommon(names),
  icon: iconOf(icon),
});

function showCategories(call: CallBase, again: RefusedForm | null = null): Promise<Response> {
  const { store, actor } = call;
  const categories = listCategories(store, actor);
  return show(
    call,
    (ctx) =>
      categoriesPage(ctx, {
        categories: categories.map((category) => rowOf(category, ctx.locale)),
        icons: CATEGORY_ICONS,
        limits: LIMITS,
        manages: allows(actor, "storefront.manage"),
        form: again?.form ?? { languages: languagesOf(), values: { icon: PLAIN_ICON } },
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status, here: PATH },
  );
}

function showCategory(call: CallBase, id: string, again: RefusedForm | null = null): Promise<Response> {
  const { store, actor } = call;
  const category = readCategory(store, actor, id);
  const { names, descriptions, icon } = category;
  const others = listCategories(store, actor).filter((other) => other.id !== id);
  return show(
    call,
    (ctx) =>
      categoryPage(ctx, {
        category: rowOf(category, ctx.locale),
        icons: CATEGORY_ICONS,
        limits: LIMITS,
        manages: allows(actor, "storefront.manage"),
        form: again?.form ?? {
          languages: languagesOf(names, descriptions),
          values: { ...localValues({ names, descriptions }), icon: iconOf(icon) },
        },
        others: others.map((other) => ({ id: other.id, name: textIn(other.names, ctx.locale) })),
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status, here: `${PATH}/${id}` },
  );
}

export const categoryRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "storefront.read",
    name: "categoriesPage",
    summary: "The categories of the store",
    handle: (call) => showCategories(call),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "storefront.manage",
    name: "createCategoryForm",
    summary: "Make a category",
    body: longForm(formPairs()),
    handle: async (call) => {
      const { store, actor, body } = call;
      const id = new Map(body).get("id")?.trim() ?? "";
      const outcome = await attempt(() => createCategory(store, actor, { id, ...fieldsOf(body) }));
      if (!isProblem(outcome)) return goOn(call, PATH, "category_created");
      return showCategories(call, refusedForm(body, outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "storefront.read",
    name: "categoryPage",
    summary: "A category of the store",
    params: PARAMS,
    handle: (call) => showCategory(call, call.params.categoryId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ONE,
    access: "storefront.manage",
    name: "changeCategoryForm",
    summary: "Change a category's names, descriptions or icon",
    params: PARAMS,
    body: longForm(formPairs()),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionIn(body);
      const outcome = await attempt(() =>
        changeCategory(store, actor, params.categoryId, fieldsOf(body), revision),
      );
      if (!isProblem(outcome)) return goOn(call, `${PATH}/${params.categoryId}`, "category_changed");
      return showCategory(call, params.categoryId, refusedForm(body, outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/move`,
    access: "storefront.manage",
    name: "moveCategoryForm",
    summary: "Put a category at another place",
    params: PARAMS,
    body: formBody(["revision", "place"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionField(body.revision);
      const place = /^\d{1,4}$/.test(body.place) ? Number(body.place) : 1;
      const outcome = await attempt(() => moveCategory(store, actor, params.categoryId, place, revision));
      return isProblem(outcome)
        ? showCategories(call, refused(outcome))
        : goOn(call, `${PATH}#${rowId(params.categoryId)}`);
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${ONE}/merge`,
    access: "storefront.manage",
    name: "mergeCategoryPage",
    summary: "The question before a category is merged into another one",
    params: PARAMS,
    query: Type.Object({ into: Type.Optional(Type.String({ maxLength: 64 })) }),
    handle: async (call) => {
      const { store, actor, params, query } = call;
      const category = readCategory(store, actor, params.categoryId);
      const other = await attempt(() => readCategory(store, actor, query.into ?? ""), ["not_found"]);
      if (isProblem(other)) return showCategory(call, category.id, refusedInto(other));
      return show(call, (ctx) => {
        const names = { name: textIn(category.names, ctx.locale), other: textIn(other.names, ctx.locale) };
        return confirmPage(ctx, {
          title: ctx.t("categories.merge_confirm", names),
          consequences: [
            ctx.t("categories.merge_apps", { ...names, count: category.apps }),
            ctx.t("categories.merge_consequence", { id: category.id, ...names }),
          ],
          action: `${PATH}/${category.id}/merge`,
          revision: category.revision,
          hidden: { into: other.id },
          confirmLabel: ctx.t("categories.merge"),
          destructive: false,
          cancelHref: `${PATH}/${category.id}`,
        });
      });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/merge`,
    access: "storefront.manage",
    name: "mergeCategoryForm",
    summary: "Merge a category into another one",
    params: PARAMS,
    body: formBody(["revision", "into"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionField(body.revision);
      const outcome = await attempt(() =>
        mergeCategory(store, actor, params.categoryId, body.into, revision),
      );
      if (!isProblem(outcome)) return goOn(call, `${PATH}/${outcome.id}`, "category_merged");
      return showCategory(call, params.categoryId, refused(outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${ONE}/remove`,
    access: "storefront.manage",
    name: "removeCategoryPage",
    summary: "The question before a category is removed",
    params: PARAMS,
    handle: (call) => {
      const { id, names, apps, aliases, revision } = readCategory(
        call.store,
        call.actor,
        call.params.categoryId,
      );
      return show(call, (ctx) =>
        confirmPage(ctx, {
          title: ctx.t("categories.remove_confirm", { name: textIn(names, ctx.locale) }),
          consequences: [
            ctx.t("categories.remove_apps", { count: apps }),
            ctx.t("categories.remove_consequence", { id }),
            ...(aliases.length === 0
              ? []
              : [ctx.t("categories.remove_aliases", { ids: aliases.join(", "), count: aliases.length })]),
          ],
          action: `${PATH}/${id}/remove`,
          revision,
          confirmLabel: ctx.t("categories.remove"),
          destructive: true,
          cancelHref: `${PATH}/${id}`,
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/remove`,
    access: "storefront.manage",
    name: "removeCategoryForm",
    summary: "Remove a category",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const revision = revisionField(body.revision);
      const outcome = await attempt(() => removeCategory(store, actor, params.categoryId, revision));
      if (!isProblem(outcome)) return goOn(call, PATH, "category_removed");
      return showCategory(call, params.categoryId, refused(outcome));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/apps/:appId/category",
    access: "app.category",
    name: "chooseCategoryForm",
    summary: "Choose the category that an app is in",
    params: Type.Object({ appId: APP_ID }),
    body: formBody(["category"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      chooseCategory(store, actor, params.appId, body.category === "" ? null : body.category);
      return goOn(call, appPartHref(params.appId, "listing"), "category_chosen");
    },
  }),
];

const refusedInto = (problem: Problem): RefusedForm => ({
  form: null,
  errors: fieldErrors(problem, ["into"], { [problem.code]: "into" }),
  status: statusOf(problem),
});
