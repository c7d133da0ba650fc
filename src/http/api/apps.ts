/** /api/v1/apps */
import { Type } from "@sinclair/typebox";
import { createDescribedApp } from "../../catalog/app-drafts/create.ts";
import { checkNewAppId, type IdCheck } from "../../catalog/app-ids/check.ts";
import { listApps, MOST_FOUND } from "../../catalog/app-list/list.ts";
import { changeApp, deleteApp, readApp } from "../../catalog/apps.ts";
import { Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { APP_LIST_QUERY } from "../app-list-query.ts";
import { jsonBody } from "../body.ts";
import { narrowedList, pageFor } from "../cursor.ts";
import { json, noContent, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP, APP_ID, ORGANISATION_ID, oneOf, orNull, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { CATEGORY_ID, localTextsOf } from "../schemas-front.ts";
import { VISIBILITY_MEMBERS } from "../schemas-visibility.ts";

const PATH = "/api/v1/apps";
const TAG = "Apps";
const PARAMS = Type.Object({ appId: APP_ID });
/** The rules for texts are the domain's, which says what is wrong with them; here is only what may be sent at all. */
const NAME = Type.String({ maxLength: 4000, description: "a name for people", examples: ["Notes"] });
const SUMMARY = Type.String({
  maxLength: 4000,
  description: "one line that says what it is for",
  examples: ["Keeps what you would forget."],
});

const APP_ID_CHECK = record(
  {
    id: Type.String(),
    state: {
      ...oneOf("free", "alike", "taken", "invalid"),
      description: "`alike`: it is free, and creating the app needs `confirmAlike`.",
    },
    code: orNull(Type.String({ description: "Of what is wrong; null: nothing." })),
    detail: orNull(Type.String({ description: "The same in words." })),
    alike: Type.Array(record({ id: APP_ID, name: Type.String() }), {
      description: "Apps of others that people may take it for.",
    }),
    ownAlike: Type.Array(record({ id: APP_ID, name: Type.String() }), {
      description: "The same of one's own organisations, which nobody has to confirm.",
    }),
  },
  "AppIdCheck",
);

function nameOrNames(): Problem {
  const message = say`Say what the app is called, by name or by names: one of the two.`;
  return new Problem("invalid", "app.name_invalid", message, [
    { code: "app.name_invalid", message, pointer: "/name" },
  ]);
}

function idCheckJson({ id, state, problem, alike, ownAlike }: IdCheck) {
  return { id, state, code: problem?.code ?? null, detail: problem?.message ?? null, alike, ownAlike };
}

export const appRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "app.create",
    name: "createApp",
    summary: "Create an app",
    description:
      "Takes the id for an organisation. Whoever belongs to one organisation only may leave it out. Without `visibility` everyone may see the app once something of it is published. What it is called is said by `name`, or by `names` in several languages; the others than its own go into its store listing. It is all done, or nothing of it; names in several languages need the right `app.change` as well, and a `category` needs `app.category`.",
    tag: TAG,
    creates: true,
    body: jsonBody(
      record({
        id: Type.String({ maxLength: 400, examples: ["com.example.notes"] }),
        name: Type.Optional(NAME),
        names: Type.Optional(
          localTextsOf(
            "In place of `name`: what it is called, a text for each language, by its tag (BCP 47). Its own is the English one, without one the first by the tags.",
          ),
        ),
        summary: Type.Optional(SUMMARY),
        category: Type.Optional(orNull(CATEGORY_ID)),
        organisationId: Type.Optional(ORGANISATION_ID),
        visibility: Type.Optional(VISIBILITY_MEMBERS.visibility),
        groups: VISIBILITY_MEMBERS.groups,
        confirmAlike: Type.Optional(
          Type.Boolean({
            description: "true: it is meant, although people may take its id for that of another's app",
          }),
        ),
      }),
    ),
    replies: [{ status: 201, description: "The new app.", schema: APP, location: true }],
    errors: [
      "app.id_invalid",
      "app.id_taken",
      "app.id_alike",
      "app.name_invalid",
      "app.summary_invalid",
      "app.visibility_invalid",
      "category.not_found",
      "idempotency.resource_gone",
      "organisation.required",
      "organisation.not_found",
    ],
    handle: ({ store, actor, body, idempotency }) => {
      const {
        id,
        name,
        names,
        category = null,
        summary,
        organisationId,
        visibility = "everyone",
        groups = [],
        confirmAlike = false,
      } = body;
      if ((name === undefined) === (names === undefined)) throw nameOrNames();
      const described = {
        id,
        called: name ?? names ?? "",
        category,
        ...(summary === undefined ? {} : { summary }),
        ...(organisationId === undefined ? {} : { organisationId }),
        visibility: { visibility, groups },
        confirmAlike,
      };
      const app = createDescribedApp(store, actor, described, { idempotency });
      return resource(app, { status: 201, headers: { Location: `${PATH}/${app.id}` } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/app-ids",
    access: "app.create",
    name: "checkAppId",
    summary: "Ask whether an app id can be had",
    description:
      "Well-formed, free, and not easily taken for that of another organisation's app: what creating the app would say of it. Only apps that one may see are named.",
    tag: TAG,
    query: Type.Object({
      id: Type.String({ maxLength: 400, description: "the id", examples: ["com.example.notes"] }),
    }),
    replies: [{ status: 200, description: "What is to be said of it.", schema: APP_ID_CHECK }],
    handle: ({ store, actor, query }) => json(idCheckJson(checkNewAppId(store, actor, query.id))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "listApps",
    summary: "List apps",
    description: `Those of one's organisations; the store's staff sees all. What is given narrows it together. A search finds ${MOST_FOUND} at most: of more those that were created last with the order newest, and those that were created first in the others. A cursor goes on in what was asked when it was given, and in nothing else. It names the last app of its page and none of its words: of one that is renamed meanwhile, the list goes on where its new name stands.`,
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, organisationId: Type.Optional(ORGANISATION_ID), ...APP_LIST_QUERY }),
    replies: [{ status: 200, description: "A page of apps.", schema: pageSchema(APP) }],
    errors: ["cursor.invalid", "organisation.not_found"],
    handle: ({ store, actor, query: { organisationId, search, state, sort, ...query } }) => {
      const filters = {
        ...(organisationId === undefined ? {} : { organisationIds: [organisationId] }),
        ...(search === undefined ? {} : { search }),
        ...(state === undefined ? {} : { state }),
        ...(sort === undefined ? {} : { sort }),
      };
      const list = narrowedList("apps", { organisationId, search, state, sort: sort === "id" ? "" : sort });
      return json(pageFor(list, query, (page) => listApps(store, actor, { ...page, ...filters })));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:appId`,
    access: "app.read",
    name: "readApp",
    summary: "Read an app",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The app.", schema: APP }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => resource(readApp(store, actor, params.appId)),
  }),
  defineRoute({
    area: "api",
    method: "PATCH",
    path: `${PATH}/:appId`,
    access: "app.change",
    name: "changeApp",
    summary: "Change an app's name or summary",
    description:
      "What is left out stays as it is. Once a package has passed its checks, the name and summary are those of the packages, and this is refused.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ name: Type.Optional(NAME), summary: Type.Optional(SUMMARY) })),
    replies: [{ status: 200, description: "The changed app.", schema: APP }],
    errors: ["app.not_found", "app.text_from_package", "app.name_invalid", "app.summary_invalid"],
    handle: ({ store, actor, params, body, ifMatch }) => {
      const { name, summary } = body;
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(summary === undefined ? {} : { summary }),
      };
      return resource(changeApp(store, actor, params.appId, change, ifMatch));
    },
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: `${PATH}/:appId`,
    access: "app.delete",
    name: "deleteApp",
    summary: "Delete an app that was never published",
    description: "Its versions go with it. Once a version is published, the app and its id stay for good.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [{ status: 204, description: "It is gone." }],
    errors: ["app.not_found", "app.published", "app.busy"],
    handle: ({ store, actor, params, ifMatch }) => {
      deleteApp(store, actor, params.appId, ifMatch);
      return noContent();
    },
  }),
];
